"""Text out of bytes: which encoding a file has."""

from pathlib import Path


def read_text(path: Path) -> str:
    """A text file's content. UTF-8 and UTF-16 are told by their marks; bytes that are no UTF-8 are kept as marks (U+FFFD)."""
    return decode(path.read_bytes())


def decode(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    return raw.decode("utf-8-sig", errors="replace")
