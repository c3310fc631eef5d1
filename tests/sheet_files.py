"""Writes spreadsheets for tests: XLS (BIFF8 in an OLE container) and ODS byte by byte, so that tests say what is in them, and XLSX.

Layouts after the published descriptions: [MS-XLS] and [MS-CFB] of Microsoft, OpenDocument 1.2 of OASIS.
"""

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _text(text: str, size: str) -> bytes:
    return struct.pack(f"<{size}B", len(text.encode("utf-16-le")) // 2, 1) + text.encode("utf-16-le")


def _cell(row: int, column: int, value: Any) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        return _record(0x0204, place + _text(value, "H"))  # LABEL
    return _record(0x0203, place + struct.pack("<d", value))  # NUMBER


def biff(rows: Sequence[Sequence[Any]], merged: Sequence[Area] = ()) -> bytes:
    """The stream of a workbook with one sheet."""
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    width = max(map(len, rows), default=0)
    sheet += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for at, row in enumerate(rows):
        sheet += b"".join(_cell(at, column, value) for column, value in enumerate(row) if value not in ("", None))
    if merged:
        areas = b"".join(struct.pack("<HHHH", top, bottom, left, right) for top, left, bottom, right in merged)
        sheet += _record(0x00E5, struct.pack("<H", len(merged)) + areas)
    sheet += _record(0x000A, b"")
    general = _record(0x0809, begin) + _record(0x00E0, bytes(20))  # one format of cells
    name = b"\x06\x00Sheet1"
    offset = len(general) + 4 + 6 + len(name) + 4
    return general + _record(0x0085, struct.pack("<IH", offset, 0) + name) + _record(0x000A, b"") + sheet


def container(stream: bytes) -> bytes:
    """An OLE container with one stream called Workbook."""
    stream = stream.ljust(4096, b"\0")
    stream += bytes(-len(stream) % 512)
    count = len(stream) // 512
    fats = 1
    while fats * 128 < fats + 1 + count:
        fats += 1
    chain = [_FAT] * fats + [_END] + [fats + 2 + at for at in range(count - 1)] + [_END]
    chain += [_FREE] * (fats * 128 - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, fats, fats, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", *range(fats), *[_FREE] * (109 - fats))
    entries = _entry("Root Entry", 5, child=1, start=_END, size=0)
    entries += _entry("Workbook", 2, child=_FREE, start=fats + 1, size=len(stream))
    return header + struct.pack(f"<{fats * 128}I", *chain) + entries.ljust(512, b"\0") + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    entry = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1) + struct.pack("<III", _FREE, _FREE, child)
    return entry + bytes(36) + struct.pack("<IQ", start, size)


def write_xls(path: Path, rows: Sequence[Sequence[Any]], merged: Sequence[Area] = ()) -> Path:
    path.write_bytes(container(biff(rows, merged)))
    return path


_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def ods_content(rows: Sequence[Sequence[Any]], merged: Sequence[Area] = ()) -> str:
    """The content of a spreadsheet with one sheet, with the empty rest that office programs write behind it."""
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in merged}
    lines = []
    for at, row in enumerate(rows):
        cells = "".join(_ods_cell(value, spans.get((at, column), (1, 1))) for column, value in enumerate(row))
        lines.append(
            f'<table:table-row>{cells}<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        )
    lines.append(
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    sheet = f'<table:table table:name="Trang 1">{"".join(lines)}</table:table>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} office:version="1.2"><office:body>'
        f"<office:spreadsheet>{sheet}</office:spreadsheet></office:body></office:document-content>"
    )


def _ods_cell(value: Any, span: tuple[int, int]) -> str:
    spanned = (
        "" if span == (1, 1) else f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"'
    )
    if value in ("", None):
        return f"<table:table-cell{spanned}/>"
    if isinstance(value, str):
        return (
            f'<table:table-cell{spanned} office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
        )
    number = quoteattr(str(value))
    return f'<table:table-cell{spanned} office:value-type="float" office:value={number}><text:p>{value}</text:p></table:table-cell>'


def write_ods(path: Path, content: str) -> Path:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def write_xlsx(path: Path, rows: list[list[Any]], merged: list[Area] | None = None) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([None if cell == "" else cell for cell in row])
    for top, left, bottom, right in merged or []:
        sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    book.save(path)
    return path
