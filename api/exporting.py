"""The answer to a named question as a file for spreadsheets: CSV with ids and names, XLSX with labels and a sheet that says what it is."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from api.catalogue import Words
from api.reading import Views
from graph.questions.named import NamedQuestion
from graph.questions.running import Result

NAMED = ("id", "concept", "ids")
"""Types of columns whose ids get a column of names beside them."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, or drops to find one."""
_BETWEEN = "; "
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_LINK = 2_000
LONGEST_CELL = 32_000
"""Characters of a cell; XLSX takes 32,767."""
Cell = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind the rows: where a row leads to (an address, or None), and from which sources the records are."""

    leads: Callable[[dict[str, Any]], str | None]
    sources: Sequence[str]


def neutral(cell: Cell) -> Cell:
    """A cell that no spreadsheet reads as a formula: text that begins like one gets an apostrophe, numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _headers(question: NamedQuestion) -> Iterator[tuple[str, bool]]:
    """Columns in their order, each with whether it is the one of names."""
    for name, column in question.columns.items():
        yield name, False
        if column.type in NAMED:
            yield name, True


def _cells(question: NamedQuestion, row: dict[str, Any], views: Views, language: str) -> Iterator[Cell]:
    for name, names in _headers(question):
        value = row[name]
        if names:
            several = value if isinstance(value, list) else [value] if value is not None else []
            value = [views.ref(one, language).name or one for one in several]
        yield _BETWEEN.join(value) if isinstance(value, list) else value


def as_csv(question: NamedQuestion, result: Result, views: Views, language: str) -> str:
    """The rows as CSV (RFC 4180) under the columns' names; ``a`` is followed by ``a_name`` where it holds ids."""
    names = [f"{name}_name" if named else name for name, named in _headers(question)]
    return csv_text(names, (_cells(question, row, views, language) for row in result.rows))


def csv_text(headers: Iterable[str], rows: Iterable[Iterable[Cell]]) -> str:
    """Rows as CSV (RFC 4180) that no spreadsheet takes for formulas."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headers)
    for row in rows:
        writer.writerow(_in_csv(neutral(cell)) for cell in row)
    return text.getvalue()


def _in_csv(cell: Cell) -> Cell:
    return str(cell).lower() if isinstance(cell, bool) else cell


def as_xlsx(
    question: NamedQuestion,
    result: Result,
    views: Views,
    words: Words,
    known_at: str | None,
    behind: Behind | None = None,
) -> bytes:
    """The rows as a sheet under the columns' labels, and a second sheet with definition, parameters, days and queries.

    With ``behind`` each row has a link to what it was counted from, and the second sheet names the sources.
    """
    labels = ((question.columns[name].label.said(words.language), named) for name, named in _headers(question))
    headers = [words("question.name_of", label=label) if named else label for label, named in labels]
    rows = (_cells(question, row, views, words.language) for row in result.rows)
    about = list(_about(question, result, words, known_at))
    if behind is None:
        return xlsx_bytes(headers, rows, about, words)
    about += [(words("eco.source"), source) for source in behind.sources]
    return xlsx_bytes([*headers, words("eco.behind")], rows, about, words, map(behind.leads, result.rows))


def xlsx_bytes(
    headers: Iterable[str],
    rows: Iterable[Iterable[Cell]],
    about: Iterable[Iterable[Cell]],
    words: Words,
    leads: Iterable[str | None] | None = None,
) -> bytes:
    """Rows as a sheet, and a second one that says what they are.

    :param leads: for each row the address of what it was counted from, as its last cell
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(words("question.sheet_rows"))
    sheet.append([_in_xlsx(label) for label in headers])
    for row, lead in zip(rows, leads, strict=True) if leads is not None else ((row, None) for row in rows):
        cells = [_in_xlsx(cell) for cell in row]
        sheet.append(cells if leads is None else [*cells, _link(sheet, lead)])
    told = book.create_sheet(words("question.sheet_about"))
    for line in about:
        told.append([_in_xlsx(cell) for cell in line])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _in_xlsx(cell: Cell) -> Cell:
    return neutral(NO_XML.sub("", cell)[:LONGEST_CELL]) if isinstance(cell, str) else cell


def _link(sheet: Any, address: str | None) -> Any:
    """A cell that leads to an address; a spreadsheet bounds the length of a link."""
    cell = WriteOnlyCell(sheet, address)
    if address and len(address) <= _LONGEST_LINK:
        cell.hyperlink = address
    return cell


def _about(question: NamedQuestion, result: Result, words: Words, known_at: str | None) -> Iterator[tuple[Cell, Cell]]:
    yield question.title.said(words.language), None
    yield words("question.definition"), question.definition.said(words.language)
    if question.computed:
        yield words("question.computed"), question.computed.said(words.language)
    for name, parameter in question.parameters.items():
        value = result.parameters[name]
        said = _BETWEEN.join(map(str, value)) if isinstance(value, list) else value
        yield parameter.label.said(words.language), said
    yield words("question.as_of"), result.as_of
    if known_at:
        yield words("question.known_at"), known_at
    yield words("question.snapshot"), result.snapshot
    if result.truncated:
        yield words("question.truncated", count=words.number(len(result.rows))), None
    yield "Cypher", result.queries["cypher"]
    yield "SPARQL", result.queries["sparql"]
