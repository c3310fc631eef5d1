"""JSON objects out of a file, and their parts: an array, an array inside an object, or one object a line, which may be many."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from loaders.formats.encodings import read_text
from loaders.formats.table import FIELD_LIMIT, FILE_LIMIT, FileRefused, shown
from loaders.stating import Unfit
from ontology.statement import Item, Mentions, Reject, unique
from ontology.text import nfc

Json = dict[str, Any]
Numbered = tuple[int, Any]
"""Line (of JSON lines) or ordinal, and the object."""

WHOLE_LIMIT = 512 * 1024**2
"""Bytes of a file that is one JSON document; it is held in memory whole."""
LINE_LIMIT = 20_000_000
"""Bytes of one line of JSON lines."""
_WRAPPERS = ("results", "data", "records", "projects")
_DAMAGE = (LookupError, TypeError, AttributeError, ValueError, RecursionError)


def json_items(path: Path) -> Iterator[Numbered | Reject]:
    """The objects of a file in its order; of JSON lines, lines that are no JSON are refused one by one.

    :raises FileRefused: where it is no JSON, or too large
    """
    if path.stat().st_size > FILE_LIMIT:
        raise FileRefused(f"{path.name} has more than {FILE_LIMIT} bytes")
    yield from _lines(path) if _has_lines(path) else _whole(path)


def first_object(path: Path) -> Json:
    """The first object, by which a shape is recognised; an empty one where there is none."""
    for item in json_items(path):
        if not isinstance(item, Reject):
            return item[1] if isinstance(item[1], dict) else {}
    return {}


def _has_lines(path: Path) -> bool:
    with path.open("rb") as file:
        first = file.readline(LINE_LIMIT).removeprefix(b"\xef\xbb\xbf").strip()
        following = next((line for line in iter(lambda: file.readline(65536), b"") if line.strip()), b"")
    if not first.startswith(b"{") or not following.lstrip().startswith(b"{"):
        return False
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return False
    return True


def _lines(path: Path) -> Iterator[Numbered | Reject]:
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(LINE_LIMIT + 1):
            number += 1
            if len(raw) > LINE_LIMIT:
                yield Reject(number, "", f"has more than {LINE_LIMIT} bytes", shown(raw[:200].decode(errors="replace")))
                while raw and not raw.endswith(b"\n"):
                    raw = file.readline(LINE_LIMIT + 1)
                continue
            if not raw.strip():
                continue
            try:
                yield number, json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
            except (ValueError, RecursionError) as error:
                yield Reject(number, "", f"is no JSON: {error}", shown(raw[:200].decode(errors="replace")))


def _whole(path: Path) -> Iterator[Numbered]:
    if path.stat().st_size > WHOLE_LIMIT:
        raise FileRefused(f"{path.name} has more than {WHOLE_LIMIT} bytes; write one object a line (JSON lines)")
    try:
        document = json.loads(read_text(path))
    except RecursionError:
        raise FileRefused(f"{path.name} is nested too deep") from None
    except ValueError as error:
        raise FileRefused(f"{path.name} is no JSON: {error}") from None
    if isinstance(document, dict):
        arrays = [document[key] for key in _WRAPPERS if isinstance(document.get(key), list)]
        document = arrays[0] if len(arrays) == 1 else [document]
    yield from enumerate(document if isinstance(document, list) else [], 1)


def read_keyed(
    items: Iterable[Numbered | Reject],
    source: str,
    field: str,
    key_of: Callable[[Json], str | None],
    state: Callable[[Mentions, Json], None],
) -> Iterator[Item]:
    """Records of objects that have keys, each once, and rejects.

    :param field: what holds the key, for messages
    :param key_of: the key of an object, empty where it has none that is right
    :param state: states what an object says
    """
    seen: dict[str, int] = {}
    for item in items:
        if isinstance(item, Reject):
            yield item
            continue
        line, value = item
        try:
            if problem := _problem(value):
                yield Reject(line, "", problem, shown(value))
                continue
            key = key_of(value) if isinstance(value, dict) else None
            if not key:
                yield Reject(
                    line, field, "is missing, or has not the form or the check digit of its kind", shown(value)
                )
            elif key in seen:
                yield Reject(line, field, f"has the key of number {seen[key]}", key)
            else:
                mentions = Mentions(source, key, line)
                state(mentions, value)
                seen[key] = line
                mentions.record.statements = list(unique(mentions.record.statements))
                yield mentions.record
        except Unfit as unfit:
            yield Reject(line, unfit.field, unfit.reason, shown(unfit.text))
        except _DAMAGE as error:
            yield Reject(line, "", f"has not the form that its kind has: {error!r}", shown(value))


def _problem(value: Any) -> str:
    """What no text can be, wherever in an object it stands."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting.extend(one)
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, str):
            if len(one) > FIELD_LIMIT:
                return f"has a text of more than {FIELD_LIMIT} characters"
            if "\x00" in one:
                return "has a NUL byte"
            if any("\ud800" <= sign <= "\udfff" for sign in one) if not one.isascii() else False:
                return "has half of a character"
    return ""


def text(value: Any, field: str) -> str:
    """A text, composed, with single spaces; a number as it is written; empty of nothing.

    :raises Unfit: where it is anything else
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return nfc(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise Unfit(field, "is no text", shown(value))


def part(value: Any, field: str) -> Json:
    """An object; an empty one of nothing.

    :raises Unfit: where it is anything else
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unfit(field, "is no object", shown(value))
    return value


def parts(value: Any, field: str) -> list[Json]:
    """Objects of an array.

    :raises Unfit: where it is no array of objects
    """
    return [part(item, field) for item in _array(value, field) if item is not None]


def texts(value: Any, field: str) -> list[str]:
    """Texts of an array, empty ones left out.

    :raises Unfit: where it is no array of texts
    """
    return [found for item in _array(value, field) if (found := text(item, field))]


def _array(value: Any, field: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unfit(field, "is no array", shown(value))
    return value
