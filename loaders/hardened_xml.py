"""XML read with its claws cut: no document type, no entities, nothing fetched, and bounds on depth, breadth and length.

Elements are given one at a time as they end, so that a file of any size needs the memory of its largest element only.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from loaders.formats.table import FIELD_LIMIT, FILE_LIMIT, FileRefused

DEPTH_LIMIT = 100
"""Elements that may stand inside each other."""
ATTRIBUTE_LIMIT = 500
ELEMENT_LIMIT = 200_000
"""Elements that one record may have."""
RECORD_LIMIT = 20_000_000
"""Characters that all texts of one record may have."""
_CHUNK = 1 << 16
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Found(NamedTuple):
    """An element, the line on which it begins, and the local names of the elements around it, the outermost first."""

    line: int
    element: Element
    around: tuple[str, ...]


class _Stop(Exception):
    """The reading can't go on; the message says why."""


def local_name(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


def namespace(tag: str) -> str:
    """The namespace of an element; empty where it has none."""
    return tag[1:].rpartition("}")[0]


def text_of(element: Element | None) -> str:
    """The text of an element and of what it contains, with single spaces; empty where there is no element."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def language_of(element: Element) -> str | None:
    """The language that an element declares for itself, in lower case."""
    return (element.get(_XML_LANG) or "").strip().lower() or None


def child(element: Element | None, name: str) -> Element | None:
    """The first child of a local name, whatever its namespace."""
    return next(iter(children(element, name)), None)


def children(element: Element | None, name: str) -> list[Element]:
    """All children of a local name, whatever their namespaces."""
    return [] if element is None else [one for one in element if local_name(one.tag) == name]


def elements(path: Path, names: frozenset[str]) -> Iterator[Found]:
    """The outermost elements of some local names, in the order of the file.

    :raises FileRefused: where the file is no XML, declares a document type, or goes past a bound
    """
    if path.stat().st_size > FILE_LIMIT:
        raise FileRefused(f"{path.name} has more than {FILE_LIMIT} bytes")
    with path.open("rb") as file:
        yield from read_elements(iter(lambda: file.read(_CHUNK), b""), path.name, names)


def read_elements(chunks: Iterable[bytes], name: str, names: frozenset[str]) -> Iterator[Found]:
    """:func:`elements` of bytes from anywhere.

    :param name: what the bytes are called in messages
    """
    reader = _Reader(names)
    try:
        for chunk in chunks:
            yield from reader.feed(chunk, False)
        yield from reader.feed(b"", True)
    except _Stop as stop:
        raise FileRefused(f"{name}, line {reader.line}: {stop}") from None
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise FileRefused(f"{name} is no XML that can be read: {error}") from None


def root_of(path: Path) -> str:
    """The tag of the outermost element, ``{namespace}name``; read no further than that.

    :raises FileRefused: where the file is no XML
    """
    reader = _Reader(frozenset())
    try:
        with path.open("rb") as file:
            while not reader.root and (chunk := file.read(_CHUNK)):
                reader.feed(chunk, False)
    except _Stop as stop:
        raise FileRefused(f"{path.name}, line {reader.line}: {stop}") from None
    except (expat.ExpatError, LookupError, ValueError) as error:
        if not reader.root:
            raise FileRefused(f"{path.name} is no XML that can be read: {error}") from None
    return reader.root


class _Reader:
    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._found: list[Found] = []
        self._open: list[str] = []
        self._builder: TreeBuilder | None = None
        self._begun = (0, 0)
        self._elements = self._text = self._size = 0
        self.root = ""
        parser = self._parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        parser.ExternalEntityRefHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters

    @property
    def line(self) -> int:
        return self._parser.CurrentLineNumber

    def feed(self, chunk: bytes, last: bool) -> list[Found]:
        self._parser.Parse(chunk, last)
        found, self._found = self._found, []
        return found

    def _doctype(self, *_: object) -> int:
        raise _Stop("declares a document type or an entity; no exchange file needs one")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = "{" + name if "}" in name else name
        self.root = self.root or tag
        self._open.append(local_name(tag))
        if len(self._open) > DEPTH_LIMIT:
            raise _Stop(f"has more than {DEPTH_LIMIT} elements inside each other")
        if len(attributes) > ATTRIBUTE_LIMIT:
            raise _Stop(f"has an element of more than {ATTRIBUTE_LIMIT} attributes")
        if any(len(value) > FIELD_LIMIT for value in attributes.values()):
            raise _Stop(f"has an attribute of more than {FIELD_LIMIT} characters")
        if self._builder is None and self._open[-1] in self._names:
            self._builder, self._begun = TreeBuilder(), (len(self._open), self.line)
            self._elements = self._size = 0
        if self._builder is not None:
            self._text, self._elements = 0, self._elements + 1
            if self._elements > ELEMENT_LIMIT:
                raise _Stop(f"has a record of more than {ELEMENT_LIMIT} elements")
            named = {("{" + key if "}" in key else key): value for key, value in attributes.items()}
            self._builder.start(tag, named)

    def _end(self, name: str) -> None:
        self._text = 0
        depth = len(self._open)
        self._open.pop()
        if self._builder is None:
            return
        self._builder.end("{" + name if "}" in name else name)
        if depth == self._begun[0]:
            self._found.append(Found(self._begun[1], self._builder.close(), tuple(self._open)))
            self._builder = None

    def _characters(self, text: str) -> None:
        if self._builder is None:
            return
        self._text += len(text)
        if self._text > FIELD_LIMIT:
            raise _Stop(f"has a text of more than {FIELD_LIMIT} characters")
        self._size += len(text)
        if self._size > RECORD_LIMIT:
            raise _Stop(f"has a record of more than {RECORD_LIMIT} characters")
        self._builder.data(text)
