"""The API's description, for machines as OpenAPI and for people as a page that is there without script; both are computed from the API."""

import json
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response

from api.dependencies import PagesDep
from api.examples import EXAMPLES
from api.negotiation import JSON

router = APIRouter(include_in_schema=False)

OPENAPI = "3.0.3"
"""The version that most tools read; the schemas, which come as 3.1, are put back to it."""

_EXAMPLE = 6_000
"""Characters of an example on the page; whole it stands in the description."""

BEARER = "bearer"
"""Name of the way to say who asks."""


def describe(app: FastAPI) -> None:
    """Compute the description once."""
    computed: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not computed:
            described = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
                openapi_version=OPENAPI,
            )
            described["components"]["securitySchemes"] = {BEARER: {"type": "http", "scheme": "bearer"}}
            computed.update(_earlier(described))
            _put_examples(computed)
        return computed

    app.openapi = openapi  # type: ignore[method-assign]


def _put_examples(described: dict[str, Any]) -> None:
    """Give every operation its example whole; what computes the description leaves nulls out."""
    for path in described["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                content = answer.get("content", {}).get(JSON)
                if status.startswith("2") and content is not None:
                    content["example"] = EXAMPLES[content["schema"]["$ref"].rsplit("/", 1)[-1]]


def _earlier(schema: Any) -> Any:
    """A schema of OpenAPI 3.1 as 3.0 says it: null as ``nullable``, one example of several, constants as lists."""
    if isinstance(schema, list):
        return [_earlier(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {key: value if key == "example" else _earlier(value) for key, value in schema.items()}
    if isinstance(changed.get("examples"), list):
        changed["example"] = changed.pop("examples")[0]
    if "const" in changed:
        changed["enum"] = [changed.pop("const")]
    options = changed.get("anyOf")
    if isinstance(options, list) and {"type": "null"} in options:
        rest = [option for option in options if option != {"type": "null"}]
        del changed["anyOf"]
        changed["nullable"] = True
        changed |= rest[0] if len(rest) == 1 and "$ref" not in rest[0] else {"anyOf": rest}
    return changed


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation: ``values`` are those that it may have, where these are few; ``start`` is what a form begins with."""

    name: str
    place: str
    required: bool
    type: str
    description: str
    values: tuple[str, ...]
    start: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as the page shows it. ``body`` and ``answer`` are examples as JSON; ``form`` says that it can be tried by a form."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    body: str
    answer: str
    statuses: tuple[tuple[str, str], ...]
    form: bool


def operations(described: dict[str, Any]) -> dict[str, list[Operation]]:
    """The operations of a description by the part of the API that they belong to."""
    found: dict[str, list[Operation]] = {}
    for path, methods in described["paths"].items():
        for method, said in methods.items():
            found.setdefault(said["tags"][0], []).append(_operation(path, method, said, described))
    return found


def _operation(path: str, method: str, said: dict[str, Any], described: dict[str, Any]) -> Operation:
    parameters = tuple(_parameter(one) for one in said.get("parameters", ()))
    good = next(answer for status, answer in said["responses"].items() if status.startswith("2"))
    example = good.get("content", {}).get(JSON, {}).get("example")
    return Operation(
        method=method.upper(),
        path=path,
        summary=said["summary"],
        description=said["description"],
        parameters=parameters,
        body=_body(said, described),
        answer=_cut(json.dumps(example, ensure_ascii=False, indent=1)) if example is not None else "",
        statuses=tuple((status, answer["description"]) for status, answer in said["responses"].items()),
        # what needs a token or a part of the path is asked with a program
        form=method == "get" and "{" not in path and "401" not in said["responses"],
    )


def _parameter(said: dict[str, Any]) -> Parameter:
    schema = said.get("schema", {})
    start = schema.get("default", said.get("example", schema.get("example", "")))
    inner = schema.get("items", schema)
    return Parameter(
        name=said["name"],
        place=said["in"],
        required=said.get("required", False),
        type=inner.get("type", "string") + ("[]" if "items" in schema else ""),
        description=said.get("description", ""),
        values=tuple(map(str, inner.get("enum", ()))),
        start=str(next(iter(start), "") if isinstance(start, list) else "" if start is None else start),
    )


def _body(said: dict[str, Any], described: dict[str, Any]) -> str:
    """The fields of what is sent, each with its type; one that has to be there has a star."""
    for media, content in said.get("requestBody", {}).get("content", {}).items():
        schema = content["schema"]
        if "$ref" in schema:
            schema = described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        needed = schema.get("required", ())
        fields = {
            name + "*" * (name in needed): one.get("type", "") for name, one in schema.get("properties", {}).items()
        }
        return f"{media}\n{json.dumps(fields, ensure_ascii=False, indent=1)}"
    return ""


def _cut(text: str) -> str:
    return text if len(text) <= _EXAMPLE else text[:_EXAMPLE].rsplit("\n", 1)[0] + "\n…"


@router.get("/docs")
def docs(request: Request, pages: PagesDep) -> Response:
    """The description as a page."""
    return pages.render(request, "docs.html", groups=operations(request.app.openapi()), described=request.app.openapi())
