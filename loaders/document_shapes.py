"""Shapes that are no tables, in the order in which they are tried: each knows its own by the file's content."""

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from loaders import gleif_json, openalex, orcid, techport
from loaders.cerif import reading as cerif
from loaders.hardened_xml import root_of
from loaders.json_records import Json, first_object
from loaders.linked_data import reading as linked_data
from loaders.table_reading import FileRefused
from ontology.statement import Item

KINDS_OF_DOCUMENTS = ("cerif", "orcid", "openalex", "techport", "rdf")
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


class _Probe:
    """What a file shows of itself; each thing is looked up once, and only where a shape asks for it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.damage: FileRefused | None = None
        """Why nothing could be seen, if so: a table's reader may still make sense of the file."""

    @cached_property
    def begins(self) -> str:
        """The first sign of the text that is no space."""
        with self.path.open("rb") as file:
            head = file.read(_HEAD)
        coding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        return head.decode(coding, errors="replace").lstrip()[:1]

    @cached_property
    def root(self) -> str:
        """The outermost element of XML; empty of anything else."""
        try:
            return root_of(self.path) if self.begins == "<" else ""
        except FileRefused as error:
            self.damage = error
            return ""

    @cached_property
    def first(self) -> Json:
        """The first object of JSON; an empty one of anything else."""
        try:
            return first_object(self.path) if self.begins in ("{", "[") else {}
        except FileRefused as error:
            self.damage = error
            return {}


class _Shape(NamedTuple):
    """A shape: under which KINDs it is read, whether a file has it, and how it is opened."""

    kinds: tuple[str, ...]
    recognises: Callable[[_Probe], bool]
    open: Callable[[str, Path, str | None], Document]


def _open_cerif(kind: str, path: Path, source: str | None) -> Document:
    sender = None if source else cerif.sender(path)
    name = source or sender or f"{kind}/{cerif.SHAPE}"
    return Document(cerif.SHAPE, name, cerif.read(path, name), one_issuer=sender is not None)


def _open_linked_data(kind: str, path: Path, source: str | None) -> Document:
    name = source or f"{kind}/{linked_data.SHAPE}"
    return Document(linked_data.SHAPE, name, linked_data.read(path, name))


def _of_register(
    shape: str, issuer: str, licence: str, read: Callable[[Path, str], Iterator[Item]]
) -> Callable[[str, Path, str | None], Document]:
    """The opening of a shape that one register issues."""

    def opened(kind: str, path: Path, source: str | None) -> Document:
        name = source or issuer
        return Document(shape, name, read(path, name), one_issuer=True, licence=licence)

    return opened


_SHAPES = (
    _Shape(
        ("cerif", "university", "ministry", "city"),
        lambda probe: bool(probe.root) and cerif.recognises(probe.root, probe.path),
        _open_cerif,
    ),
    _Shape(
        ("orcid", "university"),
        lambda probe: orcid.recognises_xml(probe.root),
        _of_register(orcid.SHAPE, orcid.SOURCE, orcid.LICENCE, orcid.read_xml),
    ),
    _Shape(
        ("orcid", "university"),
        lambda probe: orcid.recognises_json(probe.first),
        _of_register(orcid.SHAPE, orcid.SOURCE, orcid.LICENCE, orcid.read_json),
    ),
    _Shape(
        ("openalex", "university"),
        lambda probe: openalex.recognises(probe.first),
        _of_register(openalex.SHAPE, openalex.SOURCE, openalex.LICENCE, openalex.read),
    ),
    _Shape(
        ("techport",),
        lambda probe: techport.recognises(probe.first),
        _of_register(techport.SHAPE, techport.SOURCE, techport.LICENCE, techport.read),
    ),
    _Shape(("rdf",), lambda probe: True, _open_linked_data),
    _Shape(
        ("gleif", "enterprise"),
        lambda probe: gleif_json.recognises(probe.first),
        _of_register(gleif_json.SHAPE, gleif_json.SOURCE, gleif_json.LICENCE, gleif_json.read),
    ),
)


def open_document(kind: str, path: Path, source: str | None) -> Document | None:
    """Open a document under a KIND; ``None`` where it has none of its shapes and may be a table.

    :raises FileRefused: where it is damaged, or is under a KIND that has documents alone and has none of its shapes
    """
    probe = _Probe(path)
    for shape in _SHAPES:
        if kind in shape.kinds and shape.recognises(probe):
            return shape.open(kind, path, source)
    if kind in KINDS_OF_DOCUMENTS:
        raise probe.damage or FileRefused(
            f"{path.name} is not recognised as {kind}; see «Load your own file» in README.md for what that is"
        )
    return None
