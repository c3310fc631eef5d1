"""Spreadsheets are zip archives: every part is looked through, chunk by chunk, before anything else opens the file."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from loaders.formats.table import FileRefused

ARCHIVE_LIMIT = 500_000_000
"""Bytes that the parts of a spreadsheet may unpack to."""
GRID_LIMIT = 20_000_000
"""Cells that the rectangle around all cells of a sheet may have: one cell in the far corner would fill the memory with empty ones."""
_END = struct.Struct("<4s4H2LH")
"""The end of an archive: mark, numbers of disks and parts, length and place of the list of parts, length of a comment."""
_CELL_REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"']")


def check_archive(path: Path, content: bytes) -> list[str]:
    """Look through every part of a spreadsheet's archive; the names of its parts.

    :param path: of the file, for messages
    :param content: the archive, which is what is to be read afterwards
    :raises FileRefused: where it unpacks to too much, lies about its sizes, declares entities, or has cells too far apart
    :raises zipfile.BadZipFile: where it is damaged
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        items = archive.infolist()
    names = [item.filename for item in items]
    if not _is_exact(content) or len(set(names)) < len(names):
        raise FileRefused(f"{path.name} is damaged: readers of archives would differ on what is in it; save it anew")
    packed = len(content)
    unpacked = sum(item.file_size for item in items)
    if unpacked > ARCHIVE_LIMIT or (unpacked > 50_000_000 and unpacked / packed > 200):
        raise FileRefused(f"{path.name} would unpack to {unpacked} bytes; it is refused unopened")
    for item in items:
        _check_part(path, item, content)
    return names


def _is_exact(content: bytes) -> bool:
    """Whether the list of parts stands at the very end and where the end says: else another reader may find another list, and what
    was looked through here would not be what is read."""
    if len(content) < _END.size:
        return False
    mark, *_, length, offset, comment = _END.unpack(content[-_END.size :])
    return bool(mark == b"PK\x05\x06" and comment == 0 and offset + length == len(content) - _END.size)


def _check_part(path: Path, item: zipfile.ZipInfo, content: bytes) -> None:
    tail, rows, columns = b"", 0, 0
    for at, chunk in enumerate(unpack(path, item, content)):
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


def unpack(path: Path, item: zipfile.ZipInfo, content: bytes) -> Iterator[bytes]:
    """The unpacked chunks of a part, never more than it says; a size that lies is what a bomb is made of.

    :raises FileRefused: where it lies, or is packed in a way that no spreadsheet is
    """
    with io.BytesIO(content) as file:
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
