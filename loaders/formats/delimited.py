"""Delimited text: CSV and its relatives, read row by row so that a damaged row costs only itself."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from loaders.formats import layout as layouts
from loaders.formats.around_rows import TAIL, footer_start, is_counted, is_heading, is_total, told, usual_width
from loaders.formats.encodings import open_text
from loaders.formats.header_rows import HEADER_SEARCH, Recognised, is_filled
from loaders.formats.layout import Fonts, Layout, convert_row
from loaders.formats.table import FIELD_LIMIT, FILE_LIMIT, HeaderTest, Row, Table, by_header, checked
from ontology.statement import Reject

_DELIMITERS = ",;\t|"
_SAMPLE = 1_000
"""Rows by which fonts are found."""

csv.field_size_limit(FILE_LIMIT)  # a long cell is refused by us, by its column


def read_delimited(path: Path, is_header: HeaderTest, recognised: Recognised | None = None) -> Table:
    """The table below the first header row that somebody knows, whatever the delimiter.

    :param recognised: where given, what looks like a header counts though nobody knows it
    """
    text, encoding = open_text(path)
    lines = io.StringIO(text, newline="").readlines()
    head = "".join(lines[:HEADER_SEARCH])
    delimiters = sorted(_DELIMITERS, key=lambda sign: -head.count(sign))
    best: tuple[Layout, str, list[int]] | None = None
    for delimiter in delimiters:
        starts, rows = _first_rows(lines, delimiter)
        found = layouts.find_layout(rows, _sample(lines, delimiter), (), is_header, recognised)
        if found is not None and (best is None or found.score > best[0].score):
            best = (found, delimiter, starts)
        if best is not None and best[0].score == float("inf"):
            break
    if best is None:
        first = next((at for at, line in enumerate(lines) if line.strip()), 0)
        return Table("csv", _take(lines, first, delimiters[0])[0] or [], iter(()), 0, encoding=encoding)
    return _table(lines, encoding, *best)


def _table(lines: list[str], encoding: str, layout: Layout, delimiter: str, starts: list[int]) -> Table:
    header = layout.header
    start = starts[header.body]
    stop = _footer(lines, start, delimiter, layout.fonts)
    notes = layouts.notes(layout, starts[header.first] + 1, starts[header.last - 1] + 1)
    if stop < len(lines):
        first = convert_row(_cells(lines[stop], delimiter)[0] or [], layout.fonts)
        notes.append(f"footer from line {stop + 1} on is left aside: {told(first)}")
    table = Table("csv", header.headers, iter(()), stop - start, encoding=encoding, notes=notes, titles=layout.titles)
    table.rows = _rows(lines[:stop] if stop < len(lines) else lines, start, table, delimiter, layout.fonts)
    return table


def _first_rows(lines: list[str], delimiter: str) -> tuple[list[int], list[list[str]]]:
    """The first rows, and in which line each begins, from 0; with one line more, which is that below them."""
    starts: list[int] = []
    rows: list[list[str]] = []
    at = 0
    while at < len(lines) and len(rows) < HEADER_SEARCH + 5:
        cells, _, end = _take(lines, at, delimiter)
        starts.append(at)
        rows.append([cell.strip() for cell in cells or []])
        at = end
    return [*starts, at, at], rows


def _sample(lines: list[str], delimiter: str) -> Iterator[list[str]]:
    """Rows from all over the file that old fonts could have written."""
    step = max(1, len(lines) // _SAMPLE)
    for at in [*range(min(len(lines), HEADER_SEARCH)), *range(HEADER_SEARCH, len(lines), step)]:
        if not lines[at].isascii():
            yield _cells(lines[at], delimiter)[0] or []


def _footer(lines: list[str], start: int, delimiter: str, fonts: Fonts) -> int:
    """The line, from 0, in which the footer begins; the number of lines where there is none."""
    body = [_cells(line, delimiter)[0] or [] for line in lines[start : start + 5]]
    width, first = usual_width(body), max(start, len(lines) - TAIL)
    rows: list[Sequence[str]] = []
    for line in lines[first:]:
        cells, _ = _cells(line, delimiter)
        # part of a cell with line breaks is no footer, whatever it says
        rows.append(convert_row(cells, fonts) if cells is not None else ["…"] * (width + 2))
    return first + footer_start(rows, width)


def _cells(text: str, delimiter: str) -> tuple[list[str] | None, bool]:
    """The cells of one row, and whether a quotation mark is still open; without cells the row can't be read."""
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), []), False
    except csv.Error as error:
        return None, "unexpected end" in str(error)


def _take(lines: list[str], at: int, delimiter: str) -> tuple[list[str] | None, bool, int]:
    """The cells of the row that begins in a line, whether it can't be read for an open quotation mark, and the line below it."""
    parts, end = [lines[at]], at + 1
    cells, unclosed = _cells(lines[at], delimiter)
    length = len(lines[at])
    # a cell may hold line breaks: take lines in until the quotes close
    while unclosed and end < len(lines) and end - at < 500 and length <= FIELD_LIMIT:
        parts.append(lines[end])
        length += len(lines[end])
        end += 1
        if lines[end - 1].count('"') % 2:
            cells, unclosed = _cells("".join(parts), delimiter)
    return cells, unclosed, end


def _rows(lines: list[str], start: int, table: Table, delimiter: str, fonts: Fonts) -> Iterator[Row | Reject]:
    """Rows; one that can't be read is refused by itself, and reading goes on in the line below the one where it began."""
    at, headers = start, table.headers
    typed = any(fonts)
    first = [_cells(line, delimiter)[0] or [] for line in lines[start : start + TAIL]]
    width = usual_width(first) if is_counted(first) else 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        line = at + 1
        cells, unclosed, end = _take(lines, at, delimiter)
        if cells is None:
            reason = "is not closed" if unclosed else "stands inside a cell and is not doubled"
            yield Reject(line, "", f"has a quotation mark that {reason}", lines[at][:200])
            at += 1
            continue
        if typed:
            cells = list(convert_row(cells, fonts))
        if len(cells) > len(headers) and not any(map(is_filled, cells[len(headers) :])):
            cells = cells[: len(headers)]  # spreadsheet programs leave delimiters behind the last column
        if is_total(cells, between=True):
            table.note(f"a row of totals is left aside: line {line}, {told(cells)}")
        elif is_heading(cells, width):
            table.note(f"a heading is left aside: line {line}, {told(cells[1:])}")
        elif len(cells) != len(headers):
            reason = f"has {len(cells)} cells where the header has {len(headers)}"
            yield Reject(line, "", reason, "".join(lines[at:end])[:200])
        else:
            yield checked(line, by_header(headers, cells), table.encoding or "UTF-8")
        at = end
