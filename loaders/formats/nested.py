"""Nested objects as rows: what lies inside gets a dotted header ("ten.vi"), what repeats becomes a list."""

from collections.abc import Iterable
from typing import Any

_DEEPEST = 20


def flat(item: dict[str, Any]) -> dict[str, Any]:
    """An object whose values are plain or lists of plain values."""
    for value in item.values():
        kind = type(value)
        if kind is dict or (kind is list and any(type(part) in (dict, list) for part in value)):
            break
    else:
        return item
    found: dict[str, Any] = {}
    for name, value in item.items():
        _put(found, name, value, 0)
    return found


def _put(found: dict[str, Any], name: str, value: Any, depth: int) -> None:
    if depth < _DEEPEST and type(value) is dict:
        for inner, part in value.items():
            _put(found, f"{name}.{inner}" if inner else name, part, depth + 1)
    elif depth < _DEEPEST and type(value) is list and any(type(part) in (dict, list) for part in value):
        for part in value:
            _put(found, name, part, depth + 1)
    elif name not in found:
        found[name] = value
    else:
        found[name] = [*_parts(found[name]), *_parts(value)]


def _parts(value: Any) -> Iterable[Any]:
    return value if type(value) is list else [value]
