"""Cell texts as Vietnamese offices write them, read into canonical lexical forms.

Each reader takes the text of one cell and gives the canonical form, or raises ``ValueError`` with a reason for the sender.
"""

import re
from collections.abc import Callable
from datetime import date, datetime

from loaders.amounts import read_integer, read_number
from loaders.days import read_date
from ontology.text import fold, nfc

__all__ = ["READERS", "cell_text", "read_date", "read_integer", "read_number"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_TRUE = {"co", "x", "true", "yes", "1", "dung", "da", "v"}
_FALSE = {"khong", "false", "no", "0", "sai", "chua"}
_TELEPHONE = re.compile(
    r"^\+?[\d\s().\-–/;,+]+(?:(?:ext|máy lẻ|số máy lẻ|nội bộ|số lẻ)\.?:?\s*\d{1,6}\W*)*$", re.IGNORECASE
)
_MAIL = re.compile(r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}$")


def read_double(text: str) -> str:
    """A number; "30 %" is 0.3."""
    raw = text.strip()
    if raw.endswith("%"):
        return repr(float(read_number(raw[:-1]) / 100))
    return repr(float(read_number(raw)))


def read_boolean(text: str) -> str:
    """Yes or no in Vietnamese or English."""
    word = fold(text)
    if word in _TRUE:
        return "true"
    if word in _FALSE:
        return "false"
    raise ValueError(f"«{text}» is neither yes nor no")


def read_year(text: str) -> str:
    """A year of four digits."""
    raw = text.strip().removesuffix(".0")
    if not re.fullmatch(r"[12]\d{3}", raw):
        raise ValueError(f"«{text}» is no year")
    return raw


def read_uri(text: str) -> str:
    """A web address; nothing but http and https may become a link."""
    raw = "".join(text.split())
    if not re.match(r"^[a-z][a-z0-9+.-]*:", raw, re.IGNORECASE):
        raw = f"http://{raw}"
    if not re.match(r"^https?://[^/\s<>\"{}|\\^`]+\.[^\s<>\"{}|\\^`]+$", raw, re.IGNORECASE) or len(raw) > 2000:
        raise ValueError(f"«{text[:80]}» is no web address")
    return raw


def read_telephone(text: str) -> str:
    """One or several telephone numbers, kept as they are given: codes of areas have changed, and nobody can tell which one is meant."""
    plain = nfc(text)
    digits = sum(map(str.isdigit, plain))
    if not _TELEPHONE.match(plain) or digits < 7 or digits > 60:
        raise ValueError(f"«{text[:80]}» is no telephone number")
    return plain


def read_mail(text: str) -> str:
    """An e-mail address."""
    plain = nfc(text).removeprefix("mailto:")
    if not _MAIL.match(plain):
        raise ValueError(f"«{text[:80]}» is no e-mail address")
    return plain


def read_text(text: str) -> str:
    """Text, composed, with single spaces."""
    return nfc(text)


READERS: dict[str, Callable[[str], str]] = {
    f"{_XSD}date": read_date,
    f"{_XSD}integer": read_integer,
    f"{_XSD}double": read_double,
    f"{_XSD}boolean": read_boolean,
    f"{_XSD}gYear": read_year,
    f"{_XSD}anyURI": read_uri,
}
"""Reader of each datatype; whatever is not listed is text."""


def cell_text(value: object) -> str:
    """What a spreadsheet's or a Parquet file's cell says, as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
