"""The difference between two days as a file for spreadsheets: CSV under the names of the columns, XLSX with a sheet that says what it is."""

from collections.abc import Iterator, Sequence
from typing import Literal

from fastapi.responses import Response

from api.catalogue import Words
from api.exporting import Cell, csv_text, xlsx_bytes
from api.links import record_address
from api.negotiation import CSV, XLSX
from graph.answer.difference_model import Change, Difference, Value
from graph.answer.model import SourceRef
from ontology.model import ontology

COLUMNS = (
    "entity", "entity_name", "class", "kind", "property", "label", "before", "before_name", "after", "after_name", "day",
    "merged_into", "before_sources", "after_sources",
)  # fmt: skip
_CODED = ("permit", "registration")
"""Columns of the ledger of rights whose codes have words."""
_SOURCES = 10
"""Records named in a cell; the API's answer and the records' own pages have all."""


def as_file(told: Difference, form: Literal["csv", "xlsx"], words: Words, base: str) -> Response:
    """All lines of a difference as a file.

    :param base: the address of the service, to which the links to records lead
    """
    rows = (row(change, words) for change in told.changes)
    headers = {
        "content-disposition": f'attachment; filename="diff-{told.first}-{told.second}.{form}"',
        "ketnoi-snapshot": told.snapshots[1],
        "ketnoi-truncated": str(told.truncated).lower(),
    }
    if form == "csv":
        return Response(csv_text(COLUMNS, rows), 200, headers, CSV)
    labels = [*(words("diff.file." + name) for name in COLUMNS), words("diff.file.record")]
    leads = (_lead(change, base) for change in told.changes)
    return Response(xlsx_bytes(labels, rows, _about(told, words), words, leads), 200, headers, XLSX)


def row(change: Change, words: Words) -> list[Cell]:
    """A line as cells, in the order of the columns."""
    known = change.entity.type in ontology().classes
    return [
        change.entity.id,
        change.entity.name,
        ontology().label(change.entity.type, words.language) if known else change.entity.type,
        words("diff.kind." + change.kind),
        change.property,
        property_label(change, words),
        *_values(change, change.before, words),
        *_values(change, change.after, words),
        change.day,
        change.merged_into.id if change.merged_into else None,
        _places(change.before_sources),
        _places(change.after_sources),
    ]


def property_label(change: Change, words: Words) -> str | None:
    """What the property of a line is called: a term of the ontology, or a column of the report that is compared."""
    if change.property is None:
        return None
    return change.label or words("rights.column." + change.property)


def _values(change: Change, values: Sequence[Value], words: Words) -> tuple[Cell, Cell]:
    """Values as ids, codes or texts, and the names of those that are nodes or codes."""
    said = "; ".join(one.node.id if one.node else one.text or "" for one in values)
    if change.property in _CODED:
        return said, "; ".join(words(f"rights.{change.property}.{one.text}") for one in values)
    return said, "; ".join(one.node.name for one in values if one.node)


def _places(sources: Sequence[SourceRef]) -> str:
    """Source, file, line and day of records."""
    return "; ".join(
        f"{one.source} {one.file or ''}{'' if one.line is None else f':{one.line}'} {one.date or ''}".strip()
        for one in sources[:_SOURCES]
    )


def _lead(change: Change, base: str) -> str | None:
    """The newest record behind a line: of what is said now, else of what was said."""
    records = change.after_sources or change.before_sources
    return f"{base}{record_address(records[0].record)}" if records else None


def _about(told: Difference, words: Words) -> Iterator[tuple[Cell, Cell]]:
    yield words("diff.title"), None
    yield words("question.definition"), words("diff.lead")
    yield words("diff.from"), told.first
    yield words("diff.to"), told.second
    yield words("diff.by"), words("diff.by." + told.by)
    yield words("diff.view"), words("diff.view." + (told.view or "all"))
    for kind, count in told.kinds.items():
        yield words("diff.kind." + kind), count
    yield words("question.snapshot"), " → ".join(dict.fromkeys(told.snapshots))
    if told.truncated:
        yield words("question.truncated", count=words.number(len(told.changes))), None
