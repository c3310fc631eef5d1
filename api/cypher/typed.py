"""Parameters that JSON has no value for: a day is ``{"$type": "Date", "_value": "2026-11-24"}``, as Neo4j's Query API writes it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

TYPE, VALUE, DATE = "$type", "_value", "Date"


def written(value: Any) -> Any:
    """A value with its days put so that JSON holds them."""
    if isinstance(value, date):
        return {TYPE: DATE, VALUE: value.isoformat()}
    if isinstance(value, list | tuple):
        return [written(part) for part in value]
    return {name: written(part) for name, part in value.items()} if isinstance(value, Mapping) else value


def read(value: Mapping[str, Any]) -> date:
    """What a map with a type means.

    :raises ValueError: where it means nothing
    """
    if set(value) != {TYPE, VALUE} or value[TYPE] != DATE:
        raise ValueError(f'only {{"{TYPE}": "{DATE}", "{VALUE}": …}} is read')
    if not isinstance(value[VALUE], str):
        raise ValueError("its day is no text")
    return date.fromisoformat(value[VALUE])


def opened(value: Any) -> Any:
    """A value with its days as the engine takes them; :func:`read` knows all of its maps."""
    if isinstance(value, list):
        return [opened(part) for part in value]
    if isinstance(value, dict):
        return read(value) if TYPE in value else {name: opened(part) for name, part in value.items()}
    return value
