"""Days, months, quarters and periods as Vietnamese and English offices write them, as ISO days.

Each reader takes the text of one cell and gives the canonical form, or raises ``ValueError`` with a reason for the sender.
"""

import re
from datetime import date, timedelta
from unicodedata import combining, normalize

from ontology.text import fold

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_ENGLISH = {name: at for at, name in enumerate(_MONTHS.split(), 1)}
_NAMED = "(" + "|".join(_ENGLISH) + ")[a-z]*"
_CLOCK = r"(?:[ ,t]+\d{1,2}[:h]\d{2}(?::\d{2})?.*)?$"
_DATE_FORMS = (
    (re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ].*)?$"), "ymd"),
    (re.compile(rf"^(?:ngay )?(\d{{1,2}})[./-](\d{{1,2}})[./-](\d{{4}}){_CLOCK}"), "dmy"),
    (re.compile(r"^(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})$"), "dmy"),
    (re.compile(rf"^(\d{{1,2}})[ -]{_NAMED}[ .,-]+(\d{{4}})$"), "dmy"),
    (re.compile(rf"^{_NAMED}\.? (\d{{1,2}}),? (\d{{4}})$"), "mdy"),
    (re.compile(r"^(?:thang )?(\d{1,2})[./-](\d{4})$"), "my"),
    (re.compile(r"^thang (\d{1,2}) nam (\d{4})$"), "my"),
    (re.compile(rf"^{_NAMED}\.?[ -](\d{{4}})$"), "my"),
)
_QUARTER = re.compile(r"^q(?:uy)?[ .]?(i{1,3}|iv|[1-4])(?:[ /.-]+| nam )(\d{4})$")
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_ISO = re.compile(r"^(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])\Z", re.ASCII)
"""A day that is in the canonical form already, whatever the month."""
_SERIAL = re.compile(r"^[2-6]\d{4}(?:\.\d+)?\Z", re.ASCII)
"""Days since the last one of 1899, as a spreadsheet counts them where a cell is not formatted as a day: 1954 to 2091."""
_PART = re.compile(r"(?:(\d{1,2})[./-])?(?:(\d{1,2})[./-])?((?:19|20)\d{2})(?!\d)")


def read_date(text: str) -> str:
    """A day: ISO, 31/12/2020, "ngày 5 tháng 3 năm 2019", "5 March 2019", a spreadsheet's number, or the last day of a month or
    quarter given as 6/2025 or Q2/2025."""
    if _ISO.match(text):
        return text
    raw = " ".join(text.casefold().split())
    bare = "".join(c for c in normalize("NFD", raw) if not combining(c))
    if _SERIAL.match(raw):
        return (date(1899, 12, 30) + timedelta(days=int(float(raw)))).isoformat()
    if found := _QUARTER.match(bare):
        quarter = _QUARTERS.get(found[1]) or int(found[1])
        return _day(text, int(found[2]), 3 * quarter, None)
    for pattern, order in _DATE_FORMS:
        for candidate in (bare, fold(raw)) if order != "ymd" else (bare,):
            if found := pattern.match(candidate):
                numbers = dict(zip(order, found.groups(), strict=True))
                month = numbers["m"]
                day = int(numbers["d"]) if "d" in numbers else None
                return _day(text, int(numbers["y"]), _ENGLISH.get(month) or int(month), day)
    raise ValueError(f"«{text}» is not understood as a day; write it as 31/12/2020 or 2020-12-31")


def _day(text: str, year: int, month: int, day: int | None) -> str:
    """A day of the calendar; without a day the last one of the month."""
    try:
        if day is not None:
            return date(year, month, day).isoformat()
        date(year, month, 1)
        return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).isoformat()
    except ValueError:
        raise ValueError(f"«{text}» is no day of the calendar") from None


def read_deadline(text: str) -> str:
    """The last day by which something is due: a day, a month, a quarter ("Quý II/2025") or a year ("2025 - 2026" is the latter)."""
    if found := re.match(r"^(?:nam )?(?:\d{4} )?(\d{4})$", fold(text)):
        return f"{found.group(1)}-12-31"
    return read_date(text)


def read_period_start(text: str) -> str:
    """The first day of a period: "2019 - 2021", "01/2019 đến 12/2020", "từ ngày 1/3/2019 đến ngày 28/2/2021"."""
    return _ends(text)[0]


def read_period_end(text: str) -> str:
    """The last day of a period; see :func:`read_period_start`."""
    return _ends(text)[1]


def _ends(text: str) -> tuple[str, str]:
    """A year or month by itself is a period, too."""
    plain = normalize("NFC", text.casefold())
    plain = re.sub(r"\s*(?:,\s*)?(?:tháng|năm)\s+(?=\d)", "/", plain)
    plain = re.sub(r"(?<=\d)\s*/\s*(?=\d)", "/", plain)
    found = _PART.findall(plain)
    rest = re.sub(r"\b(?:từ|đến|ngày|from|to|until|tới)\b|[-–—→/.,\s]", "", _PART.sub("", plain))
    if rest or len(found) not in (1, 2):
        raise ValueError(f"«{text}» is not understood as a period; write it as 01/2019 - 12/2020")
    (first_day, first_month, first_year), (last_day, last_month, last_year) = found[0], found[-1]
    start = _first(text, first_day, first_month, first_year)
    end = _last(text, last_day, last_month, last_year)
    if end < start:
        raise ValueError(f"«{text}» ends before it begins")
    return start, end


def _first(text: str, day: str, month: str, year: str) -> str:
    # of two numbers before the year the first is the day; one alone is the month
    return _day(text, int(year), int(month or day or 1), int(day) if month else 1)


def _last(text: str, day: str, month: str, year: str) -> str:
    return _day(text, int(year), int(month or day or 12), int(day) if month else None)
