"""Tables out of files of many formats: CSV, TSV, XLSX, JSON arrays, Parquet, and SQL dumps of INSERT statements read as text.

The format is recognised by content, never by the file's name.
"""

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot
from python_calamine import CalamineError, CalamineWorkbook
from sqlglot import exp
from sqlglot.errors import SqlglotError

from loaders.archives import archive_bytes
from ontology.statement import Reject

FIELD_LIMIT = 1_000_000
"""Characters that one cell may have."""
FILE_LIMIT = 2 * 1024**3
"""Bytes that a text file may have."""
WORKBOOK_LIMIT = 500_000_000
"""Bytes that the parts of a spreadsheet may unpack to."""
GRID_LIMIT = 20_000_000
"""Cells that the rectangle around all cells of a sheet may have: one cell in the far corner would fill the memory with empty ones."""
_HEADER_SEARCH = 30
_DELIMITERS = ",;\t|"
_NO_TEXT = re.compile("[\x00\ufffd\ud800-\udfff]")
_CELL_REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"']")

csv.field_size_limit(FILE_LIMIT)  # a long cell is refused by us, by its column


class FileRefused(ValueError):
    """A whole file can't be read; the message says why and what to do."""


@dataclass(slots=True)
class Row:
    """A row: its line in the file and its cells by header, as the format gives them."""

    line: int
    cells: dict[str, Any]


@dataclass(slots=True)
class Table:
    """A table: what format it has, its headers, and its rows or refusals as an iterator that is read once.

    ``wanted`` may name the columns that are needed, before the first row is read; others may then be missing.
    """

    format: str
    headers: list[str]
    rows: Iterator[Row | Reject]
    size: int | None = None
    wanted: list[str] | None = None


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
    text = _decode(head).lstrip()
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
    return _decode(path.read_bytes())


def _decode(raw: bytes) -> str:
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
    except ValueError as error:
        at = str(error)
        if isinstance(error, json.JSONDecodeError):
            at = f"line {error.lineno}, column {error.colno}: {error.msg}"
        try:
            return [json.loads(line) for line in text.split("\n") if line.strip()]
        except (ValueError, RecursionError):
            raise FileRefused(f"{path.name} is no JSON: {at}") from None
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
                yield _checked(line, item)
            else:
                yield Reject(line, "", "is no object", shown(item))

    return Table("json", list(headers), rows(), len(objects))


def _read_parquet(path: Path) -> Table:
    try:
        file = pq.ParquetFile(path)
    except (OSError, ValueError) as error:
        raise FileRefused(f"{path.name} is damaged: {error}") from None

    def rows() -> Iterator[Row | Reject]:
        line = 0
        try:
            for batch in file.iter_batches(batch_size=5000, columns=table.wanted):
                for cells in batch.to_pylist():
                    line += 1
                    yield _checked(line, cells)
        except (OSError, pa.ArrowException) as error:
            raise FileRefused(f"{path.name} is damaged after record {line}: {error}") from None

    table = Table("parquet", file.schema_arrow.names, rows(), file.metadata.num_rows)  # its rows ask what is wanted
    return table


def _read_xlsx(path: Path, is_header: HeaderTest) -> Table:
    try:
        content = archive_bytes(path)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.infolist()
            packed = len(content)
            unpacked = sum(item.file_size for item in names)
            if unpacked > WORKBOOK_LIMIT or (unpacked > 50_000_000 and unpacked / packed > 200):
                raise FileRefused(f"{path.name} would unpack to {unpacked} bytes; it is refused unopened")
            if not any(item.filename == "xl/workbook.xml" for item in names):
                raise FileRefused(f"{path.name} is an archive, but no workbook")
            for item in names:
                _check_part(path, item)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [
            (name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in workbook.sheet_names
        ]
    except FileRefused:
        raise
    except (zipfile.BadZipFile, CalamineError, OSError, ValueError, NotImplementedError) as error:
        raise FileRefused(f"{path.name} is damaged: {error}") from None
    for _, cells in sheets:
        for at, row in enumerate(cells[:_HEADER_SEARCH]):
            headers = [str(cell).strip() for cell in row]
            if is_header(headers):
                body = cells[at + 1 :]

                def rows(
                    body: list[list[Any]] = body, headers: list[str] = headers, at: int = at
                ) -> Iterator[Row | Reject]:
                    for offset, line in enumerate(body, at + 2):
                        if any(cell not in ("", None) for cell in line):
                            yield _checked(offset, _by_header(headers, line))

                return Table("xlsx", headers, rows(), len(body))
    first = [str(cell).strip() for cell in sheets[0][1][0]] if sheets and sheets[0][1] else []
    return Table("xlsx", first, iter(()), 0)


def _check_part(path: Path, item: zipfile.ZipInfo) -> None:
    """Look through a part of a spreadsheet, chunk by chunk, before anything else opens it.

    :raises FileRefused: where it unpacks to more than it says, declares entities, or has cells too far apart
    """
    tail, rows, columns = b"", 0, 0
    for at, chunk in enumerate(_unpack(path, item)):
        if at == 0 and chunk[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise FileRefused(f"{path.name}: {item.filename} is not UTF-8")
        if at == 0 and chunk.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<":
            return
        text = tail + chunk
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise FileRefused(f"{path.name}: {item.filename} declares a document type; no spreadsheet needs one")
        for letters, number in _CELL_REFERENCE.findall(text):
            rows, columns = max(rows, int(number)), max(columns, _column(letters))
        if rows * columns > GRID_LIMIT:
            raise FileRefused(
                f"{path.name}: {item.filename} spreads over {rows} rows and {columns} columns; delete what is far out"
            )
        tail = text[-64:]


def _unpack(path: Path, item: zipfile.ZipInfo) -> Iterator[bytes]:
    """The unpacked chunks of a part, never more than it says; a size that lies is what a bomb is made of."""
    with path.open("rb") as file:
        file.seek(item.header_offset)
        header = file.read(30)
        if (
            header[:4] != b"PK\x03\x04"
            or item.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
            or item.flag_bits & 1
        ):
            raise FileRefused(f"{path.name}: {item.filename} is packed in a way that no spreadsheet is")
        file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), io.SEEK_CUR)
        unpacker = zlib.decompressobj(-15) if item.compress_type == zipfile.ZIP_DEFLATED else None
        packed, unpacked = item.compress_size, 0
        while packed > 0 and (raw := file.read(min(packed, 1 << 16))):
            packed -= len(raw)
            while raw:
                try:
                    chunk = unpacker.decompress(raw, 1 << 20) if unpacker else raw
                except zlib.error as error:
                    raise FileRefused(f"{path.name} is damaged: {item.filename}: {error}") from None
                raw = unpacker.unconsumed_tail if unpacker else b""
                unpacked += len(chunk)
                if unpacked > item.file_size:
                    raise FileRefused(
                        f"{path.name}: {item.filename} unpacks to more than the {item.file_size} bytes that it says"
                    )
                if chunk:
                    yield chunk


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


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
        at, line = 0, 1
        for cells in found:
            # sqlglot keeps no line of a literal: it is found again by its text, in the order of the file
            literal = "'" + str(cells[0]).replace("'", "''") + "'" if cells else ""
            here = max(at, text.find(literal, at))
            line += text.count("\n", at, here)
            at = here
            if len(cells) == len(headers):
                yield _checked(line, _by_header(headers, cells))
            else:
                reason = f"has {len(cells)} values where the table has {len(headers)} columns"
                yield Reject(line, "", reason, shown(cells))
            line += text.count("\n", at, at + len(literal))
            at += len(literal)

    return Table("sql", headers, rows(), len(found))


def _literal(node: exp.Expression) -> Any:
    if isinstance(node, exp.Null):
        return None
    return node.this if isinstance(node, exp.Literal) else node.sql()


def _read_csv(path: Path, is_header: HeaderTest) -> Table:
    lines = io.StringIO(read_text(path), newline="").readlines()
    head = "".join(lines[:_HEADER_SEARCH])
    delimiters = sorted(_DELIMITERS, key=lambda sign: -head.count(sign))
    for delimiter in delimiters:
        for at in range(min(len(lines), _HEADER_SEARCH)):
            cells, _, end = _take(lines, at, delimiter)
            headers = [cell.strip() for cell in cells or []]
            if is_header(headers):
                return Table("csv", headers, _csv_rows(lines, end, headers, delimiter), len(lines) - end)
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


def _csv_rows(lines: list[str], start: int, headers: list[str], delimiter: str) -> Iterator[Row | Reject]:
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
            yield _checked(line, _by_header(headers, cells))
        at = end


def _by_header(headers: list[str], cells: Iterable[Any]) -> dict[str, Any]:
    """Cells by header; of two columns with one header the first counts, as it does where headers are recognised."""
    found: dict[str, Any] = {}
    for header, cell in zip(headers, cells, strict=False):
        found.setdefault(header, cell)
    return found


def _checked(line: int, cells: dict[str, Any]) -> Row | Reject:
    """The row, unless a cell holds what no text can."""
    for header, cell in cells.items():
        for text in cell if type(cell) is list else (cell,):
            if type(text) is str and (len(text) > FIELD_LIMIT or _NO_TEXT.search(text)):
                return Reject(line, header, _problem(text), shown(text))
    return Row(line, cells)


def _problem(text: str) -> str:
    if len(text) > FIELD_LIMIT:
        return f"has more than {FIELD_LIMIT} characters"
    if "\x00" in text:
        return "has a NUL byte"
    return "has bytes that are no UTF-8; save the file as UTF-8" if "\ufffd" in text else "has half of a character"


def shown(item: Any) -> str:
    """The beginning of what was refused, for the report."""
    try:
        text = str(item)[:200]
    except RecursionError:
        return ""
    return text.encode(errors="replace").decode()
