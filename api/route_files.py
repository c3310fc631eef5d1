"""The answer to the main question as a file for spreadsheets: a row a route as CSV; as XLSX with evidence, what was excluded, and what it is."""

import csv
import io
from collections.abc import Iterator

from openpyxl import Workbook

from api.catalogue import Words
from api.exporting import LONGEST_CELL, NO_XML, Cell, neutral
from api.presenting import band, relation_label, strongest
from graph.answer.model import Answer, Ref, Route

_ENDS = ("technology", "holder", "intermediary", "firm", "need")
_GATES = ("law", "right", "broker", "conflict", "need")
_REASONS = 3
_BETWEEN = "; "

COLUMNS = (
    "rank",
    *(f"{end}{suffix}" for end in _ENDS for suffix in ("", "_name")),
    "illustrative",
    "evidence",
    "log_odds",
    "transferable_now",
    *(f"gate_{gate}" for gate in _GATES),
    *(f"reason_{number}" for number in range(1, _REASONS + 1)),
    "next_steps",
    "contacts",
    "key",
)
"""The columns of a route, in both files; values of gates and of ``evidence`` are those of the API."""


def _ends(route: Route) -> Iterator[Ref | None]:
    return (getattr(route, end) for end in _ENDS)


def _row(route: Route) -> Iterator[Cell]:
    """A route as cells, in the order of the columns."""
    yield route.rank
    for end in _ends(route):
        yield from (end.id, end.name) if end else (None, None)
    yield any(end.illustrative for end in _ends(route) if end)
    yield band(route)
    yield round(route.log_odds, 6)
    yield route.transferable_now
    states: dict[str, str] = {gate.gate: gate.state for gate in route.gates}
    yield from (states.get(gate) for gate in _GATES)
    reasons = [part.reason for part in strongest(route, _REASONS)]
    yield from (*reasons, *[None] * (_REASONS - len(reasons)))
    yield _BETWEEN.join(route.next_steps)
    yield _BETWEEN.join(f"{one.organization.name}: {one.value}" for one in route.contacts)
    yield route.key


def as_csv(answer: Answer) -> str:
    """The routes as CSV (RFC 4180)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for route in answer.routes:
        writer.writerow(str(cell).lower() if isinstance(cell, bool) else neutral(cell) for cell in _row(route))
    return text.getvalue()


def as_xlsx(answer: Answer, words: Words) -> bytes:
    """The routes as a sheet; further sheets hold each step with its records, what a gate shut out, and what was asked and when."""
    book = Workbook(write_only=True)
    for name, rows in (
        (words("file.routes"), _routes(answer)),
        (words("file.evidence"), _evidence(answer, words)),
        (words("file.excluded"), _excluded(answer, words)),
        (words("file.about"), _about(answer, words)),
    ):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([_in_xlsx(cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _in_xlsx(cell: Cell) -> Cell:
    return neutral(NO_XML.sub("", cell)[:LONGEST_CELL]) if isinstance(cell, str) else cell


def _routes(answer: Answer) -> Iterator[tuple[Cell, ...]]:
    yield COLUMNS
    for route in answer.routes:
        yield tuple(_row(route))


def _evidence(answer: Answer, words: Words) -> Iterator[tuple[Cell, ...]]:
    yield (
        words("file.rank"),
        words("file.from"),
        words("file.relation"),
        words("file.to"),
        words("file.asserted"),
        words("file.valid"),
        words("file.source"),
        words("file.file"),
        words("file.line"),
        words("file.day"),
        words("file.record"),
    )
    for route in answer.routes:
        for hop in route.hops:
            step = (
                route.rank,
                hop.from_.name,
                relation_label(hop.relation, words),
                hop.to.name,
                hop.asserted,
                hop.valid,
            )
            for one in hop.sources:
                yield (*step, one.source, one.file, one.line, one.date, one.record)
            if not hop.sources:
                yield step


def _excluded(answer: Answer, words: Words) -> Iterator[tuple[Cell, ...]]:
    ends = (words(f"part.{end}") for end in ("technology", "intermediary", "firm"))
    yield (*ends, words("answer.excluded_by"), words("answer.reason"))
    for one in answer.excluded:
        shut_out = (one.technology, one.intermediary, one.firm)
        yield (*(end.name if end else None for end in shut_out), words(f"gate.{one.gate}"), one.reason)


def _about(answer: Answer, words: Words) -> Iterator[tuple[Cell, ...]]:
    for name, text in answer.asked.items():
        if text:
            yield words(f"part.{name}") if name != "text" else words("file.text"), text
    for one in answer.filters:
        yield words(f"filter.{one.name}"), one.value.name, one.passed, one.failed, one.unknown
    yield words("question.as_of"), answer.as_of
    if answer.known_at:
        yield words("question.known_at"), answer.known_at
    yield words("question.snapshot"), answer.snapshot
    for basis in dict.fromkeys(route.score_basis for route in answer.routes):
        yield words("file.basis"), basis
    if answer.truncated:
        yield (words("answer.truncated"),)
