"""Values of parameters, as text from an address or a command or as a file says them."""

import math
import re
from datetime import date
from typing import Any

LONGEST = 2_000
"""Characters of a text, a name or an IRI."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}\Z")
_WORDS = {"true": True, "false": False}
_LOWEST, _HIGHEST = -(10**18), 10**18

HINTS = {
    "text": f"a text of at most {LONGEST} characters",
    "day": "a day such as 2026-12-31",
    "integer": "a whole number such as 7",
    "number": "a number such as 0.5",
    "boolean": "true or false",
    "id": "an id, an IRI or an exact name",
    "concept": "a concept's code, name, id or IRI",
}
"""What a value of each type looks like, for messages."""


def parse(kind: str, given: Any) -> Any:
    """A value as its type has it: ``str``, ``int``, ``float``, ``bool`` or ``date``.

    :param kind: a parameter's type
    :param given: a value of the type, or text that says one
    :raises ValueError: where it is none; the message says what is wanted, and never what was given
    """
    value = _read(kind, given.strip()) if isinstance(given, str) else _kept(kind, given)
    if value is None:
        raise ValueError(f"give {HINTS[kind]}")
    return value


def _read(kind: str, text: str) -> Any:
    if not text or len(text) > LONGEST:
        return None
    if kind == "integer":
        return int(text) if _INTEGER.match(text) else None
    if kind == "number":
        return _number(text)
    if kind == "boolean":
        return _WORDS.get(text.lower())
    if kind == "day":
        return _day(text)
    return text


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _day(text: str) -> date | None:
    try:
        # of the forms of ISO 8601 one is a day of ours
        return date.fromisoformat(text) if _DAY.match(text) else None
    except ValueError:
        return None


def _kept(kind: str, value: Any) -> Any:
    """A value that is no text: of the type already, else nothing."""
    if kind == "boolean":
        return value if isinstance(value, bool) else None
    if kind == "integer":
        return value if type(value) is int and _LOWEST < value < _HIGHEST else None
    if kind == "number":
        return float(value) if type(value) in (int, float) and math.isfinite(value) else None
    return value if kind == "day" and type(value) is date else None
