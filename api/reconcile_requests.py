"""What a reconciliation client sends: JSON inside a form, checked before anything is asked."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from api.problems import Problem
from graph.answer.reconciling import Asked
from ontology.model import KN, ontology

MOST = 100
"""Queries of a batch, and ids of one to extend."""
_LONGEST = 1_000
_VALUES = 20


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Stated(_Lenient):
    pid: str = Field(max_length=200)
    v: Any = None


class _Query(_Lenient):
    query: str = Field("", max_length=_LONGEST)
    type: str | list[str] | None = None
    limit: int = Field(5, ge=1, le=50)
    properties: list[_Stated] = Field(default_factory=list, max_length=_VALUES)


class _Wanted(_Lenient):
    id: str = Field(max_length=200)


class _Extension(_Lenient):
    ids: list[str] = Field(max_length=MOST)
    properties: list[_Wanted] = Field(max_length=50)


_BATCH = TypeAdapter(dict[str, _Query])


def queries_of(text: str) -> Mapping[str, Asked]:
    """A batch of queries by their names.

    :raises Problem: 400 where it is none, 413 where it is too long
    """
    batch = _read(text, _BATCH)
    if len(batch) > MOST:
        raise Problem(413, f"A batch has at most {MOST} queries.")
    return {name: _asked(query) for name, query in batch.items()}


def rows_asked(text: str) -> tuple[list[str], list[str]]:
    """The ids to extend, and the properties that are wanted.

    :raises Problem: 400 where it is none
    """
    wanted = _read(text, TypeAdapter(_Extension))
    return wanted.ids, [_local(one.id) for one in wanted.properties]


def _read(text: str, form: TypeAdapter[Any]) -> Any:
    try:
        return form.validate_python(json.loads(text))
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(str(part) for part in first["loc"])[:200]
        raise Problem(400, f"The request is not one of the reconciliation API: {at}: {first['msg']}") from None
    except (ValueError, RecursionError):
        raise Problem(400, "The request is no JSON.") from None


def _asked(query: _Query) -> Asked:
    types = [query.type] if isinstance(query.type, str) else query.type or []
    classes = tuple(name for name in map(_local, types) if name in ontology().classes)
    if types and not classes:
        raise Problem(400, f"The ontology has no class {', '.join(types)[:200]}.")
    values: dict[str, list[str]] = {}
    for stated in query.properties:
        values.setdefault(_local(stated.pid), []).extend(_texts(stated.v))
    return Asked(query.query, classes, values, query.limit)


def _local(name: str) -> str:
    return name.removeprefix(str(KN))


def _texts(value: Any) -> list[str]:
    """Values as text: a text, a number, an entity as {"id", "name"}, or several of them."""
    if isinstance(value, list):
        return [text for one in value[:_VALUES] for text in _texts(one)]
    if isinstance(value, dict):
        return [str(value[key])[:_LONGEST] for key in ("id", "name") if value.get(key)]
    return [] if value is None or value == "" else [str(value)[:_LONGEST]]
