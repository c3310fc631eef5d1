"""Delimited text: CSV and its relatives, read row by row so that a damaged row costs only itself."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from loaders.formats.encodings import read_text
from loaders.formats.table import FIELD_LIMIT, FILE_LIMIT, HeaderTest, Row, Table, by_header, checked
from ontology.statement import Reject

_HEADER_SEARCH = 30
_DELIMITERS = ",;\t|"

csv.field_size_limit(FILE_LIMIT)  # a long cell is refused by us, by its column


def read_delimited(path: Path, is_header: HeaderTest) -> Table:
    """The table below the first header row that somebody knows, whatever the delimiter."""
    lines = io.StringIO(read_text(path), newline="").readlines()
    head = "".join(lines[:_HEADER_SEARCH])
    delimiters = sorted(_DELIMITERS, key=lambda sign: -head.count(sign))
    for delimiter in delimiters:
        for at in range(min(len(lines), _HEADER_SEARCH)):
            cells, _, end = _take(lines, at, delimiter)
            headers = [cell.strip() for cell in cells or []]
            if is_header(headers):
                return Table("csv", headers, _rows(lines, end, headers, delimiter), len(lines) - end)
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    return Table("csv", _take(lines, first, delimiters[0])[0] or [], iter(()), 0)


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


def _rows(lines: list[str], start: int, headers: list[str], delimiter: str) -> Iterator[Row | Reject]:
    """Rows; one that can't be read is refused by itself, and reading goes on in the line below the one where it began."""
    at = start
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
        if len(cells) != len(headers):
            reason = f"has {len(cells)} cells where the header has {len(headers)}"
            yield Reject(line, "", reason, "".join(lines[at:end])[:200])
        else:
            yield checked(line, by_header(headers, cells))
        at = end
