"""Opens any file under a KIND: finds the shape by the file's own content, and gives its records and rejects."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from loaders import research_fields, ror
from loaders.compressed import is_gzip, unpacked
from loaders.document_shapes import KINDS_OF_DOCUMENTS, open_document
from loaders.mapping import read_mapping, shipped_mappings
from loaders.table_reading import FileRefused, file_format, json_objects, read_table, read_text
from loaders.tables import TableReader
from ontology.model import BASE
from ontology.schemes import read_turtle
from ontology.statement import Item, Record, Remembered

_TURTLE = re.compile(r"\s*(?:@|#|<|prefix\s|base\s)", re.IGNORECASE)
"""How a file of Turtle begins, and no table of terms."""
KINDS = ("ministry", "city", "university", "enterprise", "ror", "gleif", "patents", "scheme", *KINDS_OF_DOCUMENTS)
"""What ``ketnoi load`` takes as KIND."""


@dataclass(slots=True)
class Reading:
    """An opened file.

    ``whole`` says that the file is everything its source has, because its records have no keys; ``size`` is the number of records
    expected, where the format tells; ``left_aside`` are headers that the shape has no use for. ``notes`` say in sentences how the file was read, beginning with
    its format and ``encoding``; they are complete when the items are. ``remembered`` may be filled, before the first item is asked
    for, with what readings gave before: a loader that knows them states only what it reads otherwise.
    """

    shape: str
    source: str
    items: Iterator[Item]
    whole: bool = False
    one_issuer: bool = False
    size: int | None = None
    licence: str | None = None
    left_aside: tuple[str, ...] = ()
    encoding: str | None = None
    notes: list[str] = field(default_factory=list)
    remembered: dict[str, Remembered] = field(default_factory=dict)


def open_file(kind: str, path: Path, source: str | None = None, mapping_file: Path | None = None) -> Reading:
    """Recognise a file and open it.

    :param kind: one of :data:`KINDS`
    :param source: who sends it; else the sender that the shape names, else KIND/shape
    :param mapping_file: a mapping to read it by, in place of those that are shipped
    :raises FileRefused: where the file is damaged, or no shape of that KIND fits; the message says what to do
    :raises loaders.mapping.MappingError: where the mapping file is not right
    """
    if not path.is_file():
        raise FileRefused(f"there is no file {path}")
    if mapping_file is None:
        special = _open_packed(kind, path, source) if is_gzip(path) else _open_special(kind, path, source)
        if special is not None:
            return special
    mappings = [read_mapping(mapping_file)] if mapping_file else [m for m in shipped_mappings() if kind in m.kinds]
    table = read_table(path, lambda headers: max((len(m.match(headers) or ()) for m in mappings), default=0))
    best = max(
        ((found, m) for m in mappings if (found := m.match(table.headers)) is not None),
        key=lambda pair: len(pair[0]),
        default=None,
    )
    if best is None:
        shown = ", ".join(header for header in table.headers if header)[:300]
        raise FileRefused(
            f"{path.name}: no table of kind {kind} has these headers: {shown}. Run «ketnoi inspect {path.name}» to see what was "
            f"found and to get a mapping proposed; correct it, then load with --mapping FILE"
        )
    found, mapping = best
    name = source or mapping.source or f"{kind}/{mapping.shape}"
    used = set(found.values())
    table.wanted = list(found.values())
    table.notes.insert(0, table.described)
    remembered: dict[str, Remembered] = {}
    return Reading(
        shape=mapping.shape,
        source=name,
        items=TableReader(mapping, found, name).read(table, remembered),
        whole=not mapping.key,
        one_issuer=mapping.source is not None,
        size=table.size,
        licence=mapping.licence,
        left_aside=tuple(header for header in table.headers if header and header not in used),
        encoding=table.encoding,
        notes=table.notes,
        remembered=remembered,
    )


def document_kinds(path: Path) -> dict[str, str]:
    """The KINDs under which a file is a shape that is no table, each with that shape."""
    found = {}
    for kind in KINDS:
        try:
            reading = _open_special(kind, path, None)
            # whether a text is linked data is seen only by reading it
            if reading is not None and (kind != "rdf" or isinstance(next(reading.items, None), Record)):
                found[kind] = reading.shape
        except FileRefused:
            continue  # no Turtle, no JSON: it may be a table
    return found


def _open_packed(kind: str, path: Path, source: str | None) -> Reading:
    """A document in gzip, whose unpacked file stays until its last record is read."""
    stack = ExitStack()
    found = _open_special(kind, stack.enter_context(unpacked(path)), source)
    if found is None:
        raise FileRefused(f"{path.name} holds no document of kind {kind}; unpack it, if it is a table")
    found.items = _closing(stack, found.items)
    return found


def _closing(stack: ExitStack, items: Iterator[Item]) -> Iterator[Item]:
    with stack:
        yield from items


def _open_special(kind: str, path: Path, source: str | None) -> Reading | None:
    """Shapes that are no tables."""
    document = open_document(kind, path, source)
    return Reading(**document._asdict()) if document is not None else _open_special_table(kind, path, source)


def _open_special_table(kind: str, path: Path, source: str | None) -> Reading | None:
    """Schemes and ROR."""
    form = file_format(path)
    if kind in ("ministry", "scheme") and form in ("xlsx", "xls", "ods", "csv"):
        found = _open_fields_table(path, source)
        if found is not None:
            return found
    if kind == "scheme" and form == "csv" and _TURTLE.match(read_text(path)):
        return _open_turtle(path, source)
    if form not in ("json", "jsonl"):
        return None
    if kind in ("ministry", "scheme") and form == "json":
        try:
            document = json.loads(read_text(path))
        except (ValueError, RecursionError):
            document = None
        if research_fields.recognises(document):
            return Reading(
                research_fields.SHAPE,
                source or research_fields.SOURCE,
                research_fields.read(document),
                one_issuer=True,
                licence=research_fields.LICENCE,
            )
    if kind in ("ror", "university", "ministry", "enterprise"):
        try:
            objects = json_objects(path)
        except FileRefused:
            if kind == "ror" or form == "json":
                raise
            return None  # of a table of JSON lines only the damaged ones are refused
        if ror.recognises(objects):
            name = source or ror.SOURCE
            return Reading(
                ror.SHAPE, name, ror.read(objects, name), one_issuer=True, size=len(objects), licence=ror.LICENCE
            )
    return None


def _open_fields_table(path: Path, source: str | None) -> Reading | None:
    try:
        table = read_table(path, research_fields.is_header)
    except FileRefused:
        return None  # said where the shapes of tables are tried
    if not research_fields.is_header(table.headers):
        return None
    return Reading(
        research_fields.SHAPE,
        source or research_fields.SOURCE,
        research_fields.read_table(table),
        one_issuer=True,
        size=table.size,
        licence=research_fields.LICENCE,
    )


def _open_turtle(path: Path, source: str | None) -> Reading:
    """A concept scheme in Turtle: its own IRI names the source."""
    try:
        records = list(read_turtle(path))
    except SyntaxError as error:
        raise FileRefused(f"{path.name} is no Turtle: {error}") from None
    schemes = sorted({"/".join(record.key.split("/")[:3]) for record in records})
    if not schemes:
        raise FileRefused(f"{path.name} describes no concept of {BASE}scheme/; a scheme's IRIs begin so")
    return Reading("scheme", source or schemes[0], iter(records), one_issuer=source is None, size=len(records))
