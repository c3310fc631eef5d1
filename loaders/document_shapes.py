"""Shapes that are no tables, in the order in which they are tried: each knows its own by the file's content."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from loaders.cerif import reading as cerif
from loaders.table_reading import FileRefused
from ontology.statement import Item

KINDS_OF_DOCUMENTS = ("cerif",)
"""KINDs that have documents alone, and no tables."""

_HEAD = 65536


class Document(NamedTuple):
    """An opened document; the fields are those of :class:`loaders.reading.Reading`."""

    shape: str
    source: str
    items: Iterator[Item]
    one_issuer: bool = False
    size: int | None = None
    licence: str | None = None


class _Shape(NamedTuple):
    """A shape: under which KINDs it is read, how its text begins, whether a file has it, and how it is opened."""

    kinds: tuple[str, ...]
    begins: str
    recognises: Callable[[Path], bool]
    open: Callable[[str, Path, str | None], Document]


def _open_cerif(kind: str, path: Path, source: str | None) -> Document:
    sender = None if source else cerif.sender(path)
    name = source or sender or f"{kind}/{cerif.SHAPE}"
    return Document(cerif.SHAPE, name, cerif.read(path, name), one_issuer=sender is not None)


_SHAPES = (_Shape(("cerif", "university", "ministry", "city"), "<", cerif.recognises, _open_cerif),)


def open_document(kind: str, path: Path, source: str | None) -> Document | None:
    """Open a document under a KIND; ``None`` where it has none of its shapes and may be a table.

    :raises FileRefused: where it is damaged, or is under a KIND that has documents alone and has none of its shapes
    """
    tried = [shape for shape in _SHAPES if kind in shape.kinds]
    start = _begins(path) if tried else ""
    for shape in tried:
        if start and start in shape.begins and shape.recognises(path):
            return shape.open(kind, path, source)
    if kind in KINDS_OF_DOCUMENTS:
        raise FileRefused(
            f"{path.name} is not recognised as {kind}; see «Load your own file» in README.md for what that is"
        )
    return None


def _begins(path: Path) -> str:
    """The first sign of the text that is no space."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    coding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return head.decode(coding, errors="replace").lstrip()[:1]
