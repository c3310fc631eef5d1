"""XML: the element that repeats is a record; what lies in it gets dotted headers, attributes as well.

Read by expat as a stream. A document type is refused where it begins, so no entity is ever declared and nothing is fetched.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from loaders.formats.nested import flat
from loaders.formats.objects import table_of
from loaders.formats.table import FIELD_LIMIT, FileRefused, Table

_DEEPEST = 60
_BLOCK = 1 << 20
_PATHS = 10_000
"""Different elements, by their path, that a file may have."""
Steps = tuple[str, ...]
"""Local names from the root down to an element."""


@dataclass(slots=True)
class _Shape:
    """What the elements at one path have, all of them together."""

    count: int = 0
    inside: bool = False
    leaves: bool = False


@dataclass(slots=True)
class _Element:
    """An element of a record, while it is read."""

    line: int
    text: list[str] = field(default_factory=list)
    size: int = 0
    parts: dict[str, Any] = field(default_factory=dict)


def read_xml(path: Path) -> Table:
    """A table whose rows are the elements that repeat.

    :raises FileRefused: where the file is not well-formed, declares a document type, nests too deep or has no records
    """
    shapes, encoding = _shapes(path)
    record = _record_path(shapes)
    if record is None:
        raise FileRefused(f"{path.name} is XML without records: no element in it holds others")
    table = table_of("xml", [*_records(path, record)])
    table.encoding = encoding
    table.notes.insert(0, f"each {'/'.join(record)} is a record")
    return table


def _parse(
    path: Path, start: Callable[[str, dict[str, str], int], None], end: Callable[[], None], text: Callable[[str], None]
) -> str:
    """Read a file as a stream; the encoding that it declares.

    :raises FileRefused: where it is not well-formed or declares a document type
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    encoding = ["UTF-8"]

    def refuse(*_: object) -> None:
        raise FileRefused(f"{path.name} declares a document type; no table needs one")

    def declared(_version: str, name: str | None, _standalone: int) -> None:
        encoding[0] = (name or "UTF-8").upper()

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.XmlDeclHandler = declared
    parser.StartElementHandler = lambda tag, attributes: start(tag, attributes, parser.CurrentLineNumber)
    parser.EndElementHandler = lambda _: end()
    parser.CharacterDataHandler = text
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                if file.tell() <= _BLOCK and block[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    encoding[0] = "UTF-16"
                parser.Parse(block)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        where = f"line {error.lineno}, column {error.offset + 1}"
        raise FileRefused(f"{path.name} is no XML: {where}: {expat.ErrorString(error.code)}") from None
    except (LookupError, ValueError) as error:
        if isinstance(error, FileRefused):
            raise
        raise FileRefused(f"{path.name} has an encoding that is not known: {error}") from None
    return encoding[0]


def _local(tag: str) -> str:
    return tag.rsplit(" ", 1)[-1]


def _attributes(attributes: dict[str, str]) -> Iterator[tuple[str, str]]:
    return ((_local(name), value) for name, value in attributes.items() if "XMLSchema-instance" not in name)


def _shapes(path: Path) -> tuple[dict[Steps, _Shape], str]:
    """Every path of the file, in order."""
    shapes: dict[Steps, _Shape] = {}
    at: list[str] = []

    def start(tag: str, attributes: dict[str, str], line: int) -> None:
        if len(at) >= _DEEPEST:
            raise FileRefused(f"{path.name} is nested too deep: line {line}")
        if at:
            shapes[tuple(at)].inside = True
        at.append(_local(tag))
        shape = shapes.setdefault(tuple(at), _Shape())
        if len(shapes) > _PATHS:
            raise FileRefused(f"{path.name} has more than {_PATHS} kinds of element; that is no table")
        shape.count += 1
        if any(True for _ in _attributes(attributes)):
            shape.inside = shape.leaves = True

    def end() -> None:
        ended = shapes[tuple(at)]
        at.pop()
        if at and not ended.inside:
            shapes[tuple(at)].leaves = True

    encoding = _parse(path, start, end, lambda _: None)
    return shapes, encoding


def _record_path(shapes: dict[Steps, _Shape]) -> Steps | None:
    """Where the records are: the structured element that repeats most, unless it lies in one that has values of its own."""
    best: Steps | None = None
    for steps, shape in shapes.items():
        above = (shapes[steps[:at]] for at in range(2, len(steps)))
        if len(steps) < 2 or not shape.inside or any(outer.leaves for outer in above):
            continue
        if not shape.leaves and shape.count < 2:
            continue
        if best is None or (shape.count, -len(steps)) > (shapes[best].count, -len(best)):
            best = steps
    root = next(iter(shapes))
    return best or (root if shapes[root].leaves else None)


def _records(path: Path, record: Steps) -> Iterator[tuple[int, Any]]:
    """Line and values of each record."""
    found: list[tuple[int, Any]] = []
    at: list[str] = []
    within: list[_Element] = []

    def start(tag: str, attributes: dict[str, str], line: int) -> None:
        at.append(_local(tag))
        if within or tuple(at) == record:
            within.append(_Element(line))
            for name, value in _attributes(attributes):
                _add(within[-1].parts, name, value)

    def end() -> None:
        name = at.pop()
        if not within:
            return
        element = within.pop()
        value = _value(element)
        if within:
            if value not in ("", {}):
                _add(within[-1].parts, name, value)
        else:
            found.append((element.line, flat(value if isinstance(value, dict) else {name: value})))

    def text(part: str) -> None:
        # what is longer than a cell may be is cut one character too late, so that the row is refused
        if within and within[-1].size <= FIELD_LIMIT:
            within[-1].text.append(part[: FIELD_LIMIT + 1])
            within[-1].size += len(part)

    _parse(path, start, end, text)
    yield from found


def _value(element: _Element) -> Any:
    text = "".join(element.text).strip()
    if not element.parts:
        return text
    return {"": text} | element.parts if text else element.parts


def _add(parts: dict[str, Any], name: str, value: Any) -> None:
    if name not in parts:
        parts[name] = value
    elif isinstance(parts[name], list):
        parts[name].append(value)
    else:
        parts[name] = [parts[name], value]
