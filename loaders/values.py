"""Cell texts as Vietnamese offices write them, read into canonical lexical forms.

Each reader takes the text of one cell and gives the canonical form, or raises ``ValueError`` with a reason for the sender.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from unicodedata import combining, normalize

from ontology.text import fold, nfc

_XSD = "http://www.w3.org/2001/XMLSchema#"
_DATE_FORMS = (
    (re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ].*)?$"), "ymd"),
    (re.compile(r"^(?:ngay )?(\d{1,2})[./-](\d{1,2})[./-](\d{4})$"), "dmy"),
    (re.compile(r"^ngay (\d{1,2}) thang (\d{1,2}) nam (\d{4})$"), "dmy"),
    (re.compile(r"^(?:thang )?(\d{1,2})[./-](\d{4})$"), "my"),
    (re.compile(r"^thang (\d{1,2}) nam (\d{4})$"), "my"),
)
_ISO = re.compile(r"^(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])\Z", re.ASCII)
"""A day that is in the canonical form already, whatever the month."""
_UNITS = {"ty": 10**9, "trieu": 10**6, "nghin": 10**3, "ngan": 10**3, "billion": 10**9, "million": 10**6, "tr": 10**6}
_TRUE = {"co", "x", "true", "yes", "1", "dung", "da", "v"}
_FALSE = {"khong", "false", "no", "0", "sai", "chua"}


def read_date(text: str) -> str:
    """A day: ISO, 31/12/2020, "ngày 5 tháng 3 năm 2019", or the last day of a month given as 6/2025."""
    if _ISO.match(text):
        return text
    raw = " ".join(text.casefold().split())
    bare = "".join(c for c in normalize("NFD", raw) if not combining(c))
    for pattern, order in _DATE_FORMS:
        for candidate in (bare, fold(raw)) if order != "ymd" else (bare,):
            found = pattern.match(candidate)
            if found is None:
                continue
            numbers = [int(part) for part in found.groups()]
            if order == "ymd":
                year, month, day = numbers
            elif order == "dmy":
                day, month, year = numbers
            else:
                month, year = numbers
                day = _last_day(year, month)
            try:
                return date(year, month, day).isoformat()
            except ValueError:
                raise ValueError(f"«{text}» is no day of the calendar") from None
    raise ValueError(f"«{text}» is not understood as a day; write it as 31/12/2020 or 2020-12-31")


def _last_day(year: int, month: int) -> int:
    if not 1 <= month <= 12:
        return 0
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - date.resolution).day


def read_number(text: str) -> Decimal:
    """A number with Vietnamese (633.092,5) or English (633,092.5) separators."""
    raw = text.strip().replace("\u00a0", "").replace(" ", "")
    if re.fullmatch(r"-?\d{1,3}([.,]\d{3})+", raw) and len({c for c in raw if c in ".,"}) == 1:
        raw = re.sub(r"[.,]", "", raw)
    elif "," in raw and "." in raw:
        decimal = max(raw.rfind(","), raw.rfind("."))
        raw = re.sub(r"[.,]", "", raw[:decimal]) + "." + raw[decimal + 1 :]
    else:
        raw = raw.replace(",", ".")
    try:
        number = Decimal(raw)
    except InvalidOperation:
        raise ValueError(f"«{text}» is not understood as a number") from None
    if not number.is_finite() or abs(number) > Decimal(10) ** 18:
        raise ValueError(f"«{text}» is no number that can be kept")
    return number


def read_integer(text: str, factor: int = 1) -> str:
    """A whole number; amounts may say their unit ("633.092 triệu đồng", "2 tỷ"), else ``factor`` is the column's."""
    words = re.match(r"^\s*(-?[\d.,\s\u00a0]*\d)\s*(.*)$", nfc(text))
    if words is None:
        raise ValueError(f"«{text}» is not understood as a number")
    unit = fold(words.group(2)).removesuffix("vnd").removesuffix("dong").strip()
    if unit:
        if unit not in _UNITS:
            raise ValueError(f"«{text}» has the unknown unit «{words.group(2)}»")
        factor = _UNITS[unit]
    elif fold(words.group(2)):
        factor = 1
    number = read_number(words.group(1)) * factor
    if number != number.to_integral_value():
        raise ValueError(f"«{text}» is no whole number")
    return str(int(number))


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
