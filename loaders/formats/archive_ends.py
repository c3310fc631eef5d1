"""Opens a zip archive without what was left behind it.

Some spreadsheets end with the remains of another save: readers then disagree where the archive ends. An archive says where its
directory lies; what follows the one end that agrees with that is no part of it, and nobody reads it. Where parts of an archive
follow, nothing is left aside: whoever looks through it has to refuse it.
"""

import io
import re
import struct
import zipfile
from pathlib import Path

_END = b"PK\x05\x06"
_END_SIZE = 22
_PARTS = (b"PK\x03\x04", b"PK\x01\x02")


def archive_bytes(path: Path) -> bytes:
    """The archive alone; the whole file where no single end agrees with its directory."""
    content = path.read_bytes()
    ends = [end for found in re.finditer(re.escape(_END), content) if (end := _end(content, found.start()))]
    if len(ends) != 1 or any(mark in content[ends[0] :] for mark in _PARTS):
        return content
    return content[: ends[0]]


def _end(content: bytes, at: int) -> int | None:
    """Where the archive ends whose end record stands at a place; ``None`` where its directory is not right before it."""
    record = content[at : at + _END_SIZE]
    if len(record) < _END_SIZE:
        return None
    size, offset, comment = struct.unpack("<2LH", record[12:])
    return at + _END_SIZE + comment if size and offset + size == at and content[offset : offset + 2] == b"PK" else None


def open_archive(path: Path) -> zipfile.ZipFile:
    """Open an archive.

    :raises zipfile.BadZipFile: where it is damaged
    """
    return zipfile.ZipFile(io.BytesIO(archive_bytes(path)))
