"""Text out of bytes: which encoding a file has, found by what its text then says.

UTF-8 and UTF-16 are told by their marks or by being well-formed. Bytes that are neither are read as windows-1258, as TCVN3 and as
VNI, and the reading in which the words are Vietnamese syllables counts, if it is clearly ahead; text of Western Europe is left as
windows-1252. Where nobody can tell, and in lines that are not in the file's encoding, each byte becomes a mark (U+FFFD), by which
the row is refused. See docs/decisions/0018-encodings-told-by-syllables.md.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from loaders.formats.evidence import ENOUGH, Reading, weigh, words_of
from loaders.formats.fonts import from_tcvn3, from_vni
from loaders.formats.table import NOT_READ

UTF_8 = "UTF-8"
_SAMPLE = 20_000
"""Words by which an encoding is found."""
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_WESTERN = re.compile(r"^[A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽžŸ]+$")
_PLAIN_UNIT = re.compile(
    r"[\t\n\r\x20-\x7e\u00a0-\u024f\u02c6-\u02dd\u0300-\u036f\u1e00-\u1eff\u2000-\u20cf\u2100-\u2122]"
)


class Text(NamedTuple):
    """A file's text and the name of its encoding, as people call it."""

    text: str
    encoding: str


def _single_byte(codec: str) -> Reading:
    """The reading of a code page; what it leaves undefined becomes a mark."""
    table = {code: bytes([code]).decode(codec, errors="replace") for code in range(0x80, 0x100)}
    return lambda text: normalize("NFC", text.translate(table))


_WINDOWS_1252 = _single_byte("cp1252")
_PUNCTUATION = {code: bytes([code]).decode("cp1252", errors="replace") for code in range(0x80, 0xA0)}

READINGS: Mapping[str, Reading] = {
    "windows-1258": _single_byte("cp1258"),
    "TCVN3": lambda text: from_tcvn3(text).translate(_PUNCTUATION),
    "VNI": lambda text: from_vni(text).translate(_PUNCTUATION),
}
"""Encodings that only their words tell apart, by name. Quotation marks and dashes are where windows-1252 has them."""


def open_text(path: Path) -> Text:
    """A text file's content and encoding."""
    return decode(path.read_bytes())


def read_text(path: Path) -> str:
    """A text file's content. What can't be read in its encoding is kept as marks (U+FFFD)."""
    return open_text(path).text


def decode(raw: bytes) -> Text:
    """What bytes say, and in which encoding."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Text(raw.decode("utf-16", errors="replace"), "UTF-16")
    if (codec := _unmarked_utf_16(raw)) is not None:
        return Text(raw.decode(codec, errors="replace"), "UTF-16")
    try:
        return Text(raw.decode("utf-8-sig"), UTF_8)
    except UnicodeDecodeError:
        return _decode_damaged(raw)


def _unmarked_utf_16(raw: bytes) -> str | None:
    """The codec of UTF-16 without a mark: half of its bytes are NUL or nearly so, and the text is made of plain characters."""
    head = raw[: 1 << 16][: len(raw) // 2 * 2]
    for codec, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if 4 * high.count(0) >= len(high) > 0:
            text = head.decode(codec, errors="replace")
            if len(_PLAIN_UNIT.findall(text)) >= 0.99 * len(text):
                return codec
    return None


def _decode_damaged(raw: bytes) -> Text:
    """What is no UTF-8 as a whole: UTF-8 with damaged lines, or one of the older encodings."""
    lines = raw.split(b"\n")
    beyond = [line for line in lines if not line.isascii()]
    damaged = [line for line in beyond if not _is_utf_8(line)]
    whole = len(beyond) - len(damaged)
    words = [word for line in damaged for word in words_of(line.decode("latin-1"))][:_SAMPLE]
    name = _older_encoding(words) if whole < len(damaged) else None
    if name is None:
        return Text(raw.decode("utf-8-sig", errors="replace"), UTF_8)
    return Text("\n".join(_line(line, name) for line in lines), name)


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _older_encoding(words: list[str]) -> str | None:
    evidence = weigh(words, READINGS)
    if (best := evidence.best()) is not None:
        return best
    # "né" alone is Vietnamese in two readings: only where next to nothing is Vietnamese in any is it Western text
    if words and evidence.any <= 0.4 * len(words):
        western = sum(bool(_WESTERN.match(_WINDOWS_1252(word))) for word in words)
        if western >= 0.9 * len(words):
            return "windows-1252"
    return None


def _line(line: bytes, name: str) -> str:
    """A line in the encoding of its file, or with marks in place of what is written in another."""
    text = line.decode("latin-1")
    if text.isascii():
        return text
    read = READINGS.get(name, _WINDOWS_1252)(text)
    words = words_of(text)
    if _is_utf_8(line) or (words and name in READINGS and _is_other(words, name)):
        return _BEYOND_ASCII.sub(NOT_READ, text)
    return read


def _is_other(words: list[str], name: str) -> bool:
    """Whether a line's words are Vietnamese in another encoding than that of its file."""
    evidence = weigh(words, READINGS)
    return any(
        evidence.share(other) >= ENOUGH and 2 * evidence.explained[name] < evidence.explained[other]
        for other in READINGS
        if other != name
    )
