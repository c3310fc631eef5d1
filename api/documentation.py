"""The API's description for people: Swagger UI from the installed package, our own start script, no foreign host."""

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response
from starlette.staticfiles import StaticFiles
from swagger_ui_bundle import swagger_ui_path

from api.dependencies import PagesDep
from api.examples import EXAMPLES
from api.negotiation import JSON

router = APIRouter(include_in_schema=False)

OPENAPI = "3.0.3"
"""The version that the bundled Swagger UI reads; the schemas, which come as 3.1, are put back to it."""

BEARER = "bearer"
"""Name of the way to say who asks."""

_SHOWN = ("swagger-ui.css", "swagger-ui-bundle.js")


class _SwaggerFiles(StaticFiles):
    """Two files of the package; the rest, with its source maps and its pages with inline script, is not served."""

    def lookup_path(self, path: str) -> tuple[str, Any]:
        return super().lookup_path(path) if path in _SHOWN else ("", None)


def describe(app: FastAPI) -> None:
    """Serve Swagger UI's files and compute the description once."""
    app.mount("/docs/files", _SwaggerFiles(directory=str(swagger_ui_path)), name="swagger")
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


@router.get("/docs")
def docs(request: Request, pages: PagesDep) -> Response:
    """The description as a page."""
    return pages.render(request, "docs.html")
