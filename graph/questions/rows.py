"""Rows as a question's columns have them, and in its order, so that both twins give the same list."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from graph.questions.errors import BrokenQuestion
from graph.questions.named import ColumnType, NamedQuestion
from graph.views.property_graph import SEPARATOR
from graph.views.rdf import identifier_of

DIGITS = 12
"""Digits after the point to which numbers are rounded: the engines add in different orders."""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("is no text")
    return value


def _identifier(value: Any) -> str:
    return identifier_of(_text(value)) or value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != math.floor(value):
        raise ValueError("is no whole number")
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("is no number")
    return round(float(value), DIGITS) + 0.0  # no negative zero


def _money(value: Any) -> int:
    return round(_number(value))


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("is neither true nor false")
    return value


def _day(value: Any) -> str:
    return _text(value)[:10]


def _texts(value: Any) -> list[str]:
    parts = value.split(SEPARATOR) if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise ValueError("is no list")
    return sorted(_text(part) for part in parts if part is not None and part != "")


def _identifiers(value: Any) -> list[str]:
    return sorted(_identifier(part) for part in _texts(value))


_READ: Mapping[ColumnType, Callable[[Any], Any]] = {
    "id": _identifier,
    "concept": _identifier,
    "text": _text,
    "integer": _whole,
    "number": _number,
    "money": _money,
    "share": _number,
    "day": _day,
    "boolean": _boolean,
    "ids": _identifiers,
    "texts": _texts,
}
LISTS: frozenset[ColumnType] = frozenset({"ids", "texts"})
"""Types of columns whose cells are lists; an empty one stands for nothing."""


def tidy(question: NamedQuestion, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows with just the question's columns, each value as its type says; what is missing is ``None``, or an empty list.

    :raises BrokenQuestion: where a column is missing or holds another type
    """
    return [{name: _cell(question, row, name) for name in question.columns} for row in rows]


def _cell(question: NamedQuestion, row: Mapping[str, Any], name: str) -> Any:
    kind = question.columns[name].type
    try:
        value = row[name]
        if value is None:
            return [] if kind in LISTS else None
        return _READ[kind](value)
    except KeyError:
        raise BrokenQuestion(f"{question.name} gives no column {name}") from None
    except ValueError as error:
        raise BrokenQuestion(f"{question.name}: what is in {name} {error}") from None


def ordered(question: NamedQuestion, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in the question's order, ties by all columns; what is missing comes last, whatever the direction."""
    found = sorted(rows, key=lambda row: [_key(row[name]) for name in question.columns])
    for key in reversed(question.order):
        name = key.removeprefix("-")
        if key == name:
            found.sort(key=lambda row, name=name: _key(row[name]))  # type: ignore[misc]
        else:
            found.sort(key=lambda row, name=name: _key(row[name], last=False), reverse=True)  # type: ignore[misc]
    return found


def _key(value: Any, last: bool = True) -> tuple[bool, Any]:
    """A key that puts what is missing last (or first, for an order that is then turned round)."""
    missing = value is None
    return missing == last, 0 if missing else value
