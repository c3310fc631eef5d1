"""Tables out of files of many formats: CSV, TSV, XLSX, JSON arrays, Parquet, and SQL dumps of INSERT statements read as text.

The format is recognised by content, never by the file's name.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import sqlglot
from python_calamine import CalamineError, CalamineWorkbook
from sqlglot import exp
from sqlglot.errors import SqlglotError

from ontology.statement import Reject

FIELD_LIMIT = 1_000_000
"""Characters that one cell may have."""
FILE_LIMIT = 2 * 1024**3
"""Bytes that a text file, or the unpacked parts of a spreadsheet, may have."""
_HEADER_SEARCH = 30


class FileRefused(ValueError):
    """A whole file can't be read; the message says why and what to do."""


@dataclass(slots=True)
class Row:
    """A row: its line in the file and its cells by header, as the format gives them."""

    line: int
    cells: dict[str, Any]


@dataclass(slots=True)
class Table:
    """A table: what format it has, its headers, and its rows or refusals as an iterator that is read once."""

    format: str
    headers: list[str]
    rows: Iterator[Row | Reject]
    size: int | None = None


HeaderTest = Callable[[list[str]], bool]
"""Says whether a row of cells is a header row that somebody knows."""


def file_format(path: Path) -> str:
    """The format of a file by its first bytes: parquet, xlsx, json, jsonl, sql or csv.

    :raises FileRefused: where it is none of these, or empty
    """
    with path.open("rb") as file:
        head = file.read(65536)
    if not head.strip():
        raise FileRefused(f"{path.name} is empty")
    if head[:4] == b"PAR1":
        return "parquet"
    if head[:2] == b"PK":
        return "xlsx"
    text = head.decode("utf-8-sig", errors="replace").lstrip()
    if text[:1] in "[{":
        first, _, second = text.partition("\n")
        return "jsonl" if first.rstrip().endswith("}") and second.lstrip()[:1] == "{" else "json"
    if text[:11].upper() == "INSERT INTO" or "\nINSERT INTO" in text.upper():
        return "sql"
    if text[:1] == "<":
        raise FileRefused(f"{path.name} is XML; this kind has no XML shape")
    return "csv"


def read_table(path: Path, is_header: HeaderTest) -> Table:
    """Open a table.

    :param is_header: recognises the header row, which may stand below title rows
    :raises FileRefused: where the file is no table, is damaged or is too large
    """
    kind = file_format(path)
    if kind == "parquet":
        return _read_parquet(path)
    if kind == "xlsx":
        return _read_xlsx(path, is_header)
    if path.stat().st_size > FILE_LIMIT:
        raise FileRefused(f"{path.name} has more than {FILE_LIMIT} bytes")
    if kind in ("json", "jsonl"):
        return _read_objects(json_objects(path))
    if kind == "sql":
        return _read_inserts(path)
    return _read_csv(path, is_header)


def read_text(path: Path) -> str:
    """A text file's content. UTF-8 and UTF-16 are told by their marks; bytes that are no UTF-8 are kept as marks (U+FFFD)."""
    raw = path.read_bytes()
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    return raw.decode("utf-8-sig", errors="replace")


def json_objects(path: Path) -> list[Any]:
    """The objects of a JSON array, of JSON lines, or of the only array inside a JSON object.

    :raises FileRefused: where the file is no JSON
    """
    text = read_text(path)
    try:
        document = json.loads(text)
    except RecursionError:
        raise FileRefused(f"{path.name} is nested too deep") from None
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            return [json.loads(line) for line in lines]
        except (json.JSONDecodeError, RecursionError):
            raise FileRefused(f"{path.name} is no JSON: line {error.lineno}, column {error.colno}: {error.msg}") from None
    if isinstance(document, list):
        return document
    arrays = [value for value in document.values() if isinstance(value, list)] if isinstance(document, dict) else []
    return arrays[0] if len(arrays) == 1 else [document]


def _read_objects(objects: list[Any]) -> Table:
    headers: dict[str, None] = {}
    for item in objects:
        if isinstance(item, dict):
            headers.update(dict.fromkeys(item))

    def rows() -> Iterator[Row | Reject]:
        for line, item in enumerate(objects, 1):
            if isinstance(item, dict):
                yield Row(line, item)
            else:
                yield Reject(line, "", "is no object", str(item)[:200])

    return Table("json", list(headers), rows(), len(objects))


def _read_parquet(path: Path) -> Table:
    try:
        file = pq.ParquetFile(path)
    except (OSError, ValueError) as error:
        raise FileRefused(f"{path.name} is damaged: {error}") from None

    def rows() -> Iterator[Row | Reject]:
        line = 0
        for batch in file.iter_batches(batch_size=5000):
            for cells in batch.to_pylist():
                line += 1
                yield Row(line, cells)

    return Table("parquet", file.schema_arrow.names, rows(), file.metadata.num_rows)


def _read_xlsx(path: Path, is_header: HeaderTest) -> Table:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.infolist()
            packed = sum(item.compress_size for item in names) or 1
            unpacked = sum(item.file_size for item in names)
            if unpacked > FILE_LIMIT or (unpacked > 50_000_000 and unpacked / packed > 200):
                raise FileRefused(f"{path.name} would unpack to {unpacked} bytes; it is refused unopened")
            if not any(item.filename == "xl/workbook.xml" for item in names):
                raise FileRefused(f"{path.name} is an archive, but no workbook")
        workbook = CalamineWorkbook.from_path(str(path))
        sheets = [(name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in workbook.sheet_names]
    except (zipfile.BadZipFile, CalamineError, OSError) as error:
        raise FileRefused(f"{path.name} is damaged: {error}") from None
    for _, cells in sheets:
        for at, row in enumerate(cells[:_HEADER_SEARCH]):
            headers = [str(cell).strip() for cell in row]
            if is_header(headers):
                body = cells[at + 1 :]

                def rows(body: list[list[Any]] = body, headers: list[str] = headers, at: int = at) -> Iterator[Row | Reject]:
                    for offset, line in enumerate(body, at + 2):
                        if any(cell not in ("", None) for cell in line):
                            yield Row(offset, dict(zip(headers, line, strict=False)))

                return Table("xlsx", headers, rows(), len(body))
    first = [str(cell).strip() for cell in sheets[0][1][0]] if sheets and sheets[0][1] else []
    return Table("xlsx", first, iter(()), 0)


def _read_inserts(path: Path) -> Table:
    """Rows of the INSERT statements of a dump, parsed as text. Nothing is executed; other statements are left aside."""
    text = read_text(path)
    try:
        parsed = sqlglot.parse(text, error_level=sqlglot.ErrorLevel.RAISE)
    except (SqlglotError, RecursionError) as error:
        raise FileRefused(f"{path.name} can't be read as SQL: {str(error).splitlines()[0]}") from None
    headers: list[str] = []
    found: list[list[Any]] = []
    for statement in parsed:
        if not isinstance(statement, exp.Insert) or not isinstance(statement.expression, exp.Values):
            continue
        names = [column.name for column in statement.this.expressions] if isinstance(statement.this, exp.Schema) else []
        headers = headers or names
        if names == headers:
            found += [[_literal(cell) for cell in row.expressions] for row in statement.expression.expressions]

    def rows() -> Iterator[Row | Reject]:
        at = 0
        for cells in found:
            # sqlglot keeps no line of a literal: it is found again by its text, in the order of the file
            here = text.find(str(cells[0]).replace("'", "''"), at) if cells else -1
            at = here if here >= 0 else at
            line = text.count("\n", 0, at) + 1
            if len(cells) == len(headers):
                yield Row(line, dict(zip(headers, cells, strict=True)))
            else:
                yield Reject(line, "", f"has {len(cells)} values where the table has {len(headers)} columns", str(cells)[:200])

    return Table("sql", headers, rows(), len(found))


def _literal(node: exp.Expression) -> Any:
    if isinstance(node, exp.Null):
        return None
    return node.this if isinstance(node, exp.Literal) else node.sql()


def _read_csv(path: Path, is_header: HeaderTest) -> Table:
    lines = io.StringIO(read_text(path), newline="").readlines()
    delimiter = _delimiter(lines)
    header_at = next(
        (at for at, line in enumerate(lines[:_HEADER_SEARCH]) if is_header(_cells(line, delimiter) or [])), None
    )
    if header_at is None:
        first = next((line for line in lines if line.strip()), "")
        return Table("csv", _cells(first, delimiter) or [], iter(()), 0)
    headers = [cell.strip() for cell in _cells(lines[header_at], delimiter) or []]
    return Table("csv", headers, _csv_rows(lines, header_at + 1, headers, delimiter), len(lines) - header_at - 1)


def _delimiter(lines: list[str]) -> str:
    head = "".join(lines[:_HEADER_SEARCH])
    return max(",;\t|", key=lambda sign: head.count(sign))


def _cells(text: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _csv_rows(lines: list[str], start: int, headers: list[str], delimiter: str) -> Iterator[Row | Reject]:
    """Rows; one that can't be read is refused by itself, and reading goes on in the line below the one where it began."""
    at = start
    while at < len(lines):
        text = lines[at]
        if not text.strip():
            at += 1
            continue
        end, cells = at + 1, _cells(text, delimiter)
        # a cell may hold line breaks: take lines in until the quotes close
        while cells is None and end < len(lines) and end - at < 500 and len(text) <= FIELD_LIMIT:
            text += lines[end]
            end += 1
            cells = _cells(text, delimiter) if lines[end - 1].count('"') % 2 else None
        line = at + 1
        if cells is None:
            yield Reject(line, "", "has a quotation mark that is not closed", lines[at][:200])
            at += 1
            continue
        at = end
        problem = _cell_problem(cells, headers)
        if problem is None:
            yield Row(line, dict(zip(headers, cells, strict=False)))
        else:
            yield Reject(line, problem[0], problem[1], text[:200])


def _cell_problem(cells: list[str], headers: list[str]) -> tuple[str, str] | None:
    if len(cells) != len(headers):
        return "", f"has {len(cells)} cells where the header has {len(headers)}"
    for header, cell in zip(headers, cells, strict=True):
        if len(cell) > FIELD_LIMIT:
            return header, f"has more than {FIELD_LIMIT} characters"
        if "\x00" in cell:
            return header, "has a NUL byte"
        if "\ufffd" in cell:
            return header, "has bytes that are no UTF-8; save the file as UTF-8"
    return None
