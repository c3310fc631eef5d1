"""Every address of the application, from its own routes: so that a new one is walked, or the walk says that it does not know how to."""

import gzip
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.routing import Mount, Route

FORMS = (
    "text/html",
    "application/json",
    "text/turtle",
    "application/ld+json",
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
"""What a client may ask for by Accept."""


@dataclass(frozen=True)
class Address:
    """A route with its methods; ``parameters`` are those of its query, with whether one is needed."""

    path: str
    methods: frozenset[str]
    parameters: Mapping[str, bool]


def addresses(app: FastAPI) -> list[Address]:
    """All routes of an application but its static files."""
    return [
        Address(route.path, _methods(route), _parameters(route))
        for route in _routes(app.routes)
        if not isinstance(route, Mount)
    ]


def _methods(route: Any) -> frozenset[str]:
    # a route without methods answers whatever it is asked
    return frozenset(route.methods or ("GET", "POST")) - {"HEAD"}


def _routes(routes: Iterable[Any]) -> Iterator[Any]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _routes(inner.routes)
        elif isinstance(route, Route | Mount):
            yield route
        else:
            raise AssertionError(f"what is {route}?")


def _parameters(route: Any) -> dict[str, bool]:
    return dict(_asked(route.dependant)) if isinstance(route, APIRoute) else {}


def _asked(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    for field in dependant.query_params:
        kind = field.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for name, inner in kind.model_fields.items():
                yield inner.alias or name, inner.is_required()
        else:
            yield field.alias, field.field_info.is_required()
    for inner_dependant in dependant.dependencies:
        yield from _asked(inner_dependant)


def filled(
    address: Address,
    of_path: Mapping[str, list[str]],
    of_query: Mapping[str, list[str]],
    together: Mapping[str, Mapping[str, str]],
    otherwise: list[str],
) -> Iterator[str]:
    """The targets of an address: each value of its path's parameters, alone and with each parameter of its query.

    :param of_query: values by name; ``otherwise`` for any other name
    :param together: what a parameter of the query is asked together with, where the address takes that too
    :raises KeyError: for a path's parameter that nobody knows a value of
    """
    for path in _paths(address.path, of_path):
        needed = {name: of_query.get(name, otherwise)[0] for name, must in address.parameters.items() if must}
        yield _target(path, needed)
        for name in address.parameters:
            for value in of_query.get(name, otherwise):
                more = {key: said for key, said in together.get(name, {}).items() if key in address.parameters}
                yield _target(path, needed | more | {name: value})


def _paths(path: str, of_path: Mapping[str, list[str]]) -> list[str]:
    start, brace, rest = path.partition("{")
    if not brace:
        return [path]
    name, _, end = rest.partition("}")
    values = of_path[f"{start}{{}}"] if f"{start}{{}}" in of_path else of_path[name.partition(":")[0]]
    return [f"{start}{quote(value, safe='/')}{following}" for value in values for following in _paths(end, of_path)]


def _target(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def words_of(content: bytes) -> str:
    """All that can be read in an answer, also in what is packed."""
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", "replace")
