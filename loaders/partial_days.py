"""Days that a record gives in part: a year, or a month of a year, is a period with a first and a last day."""

import re
from calendar import monthrange
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _parts(text: str) -> tuple[int, int | None, int | None] | None:
    raw = text.strip()
    if found := re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ].*)?)?)?", raw):
        year, month, day = found.groups()
        return int(year), int(month) if month else None, int(day) if day else None
    if found := re.fullmatch(r"([A-Za-z]{3})[a-z]* (\d{4})", raw):
        month_name = found.group(1).casefold()
        return (int(found.group(2)), _MONTHS.index(month_name) + 1, None) if month_name in _MONTHS else None
    return None


def _day(text: str | None, last: bool) -> str | None:
    parts = _parts(text or "")
    if parts is None:
        return None
    year, month, day = parts
    try:
        whole_month = month or (12 if last else 1)
        return date(year, whole_month, day or (monthrange(year, whole_month)[1] if last else 1)).isoformat()
    except ValueError:
        return None


def first_day(text: str | None) -> str | None:
    """The first day of ``2016``, ``2016-08``, ``Aug 2016`` or ``2016-08-01``, as an ISO date; ``None`` where it is none of these."""
    return _day(text, False)


def last_day(text: str | None) -> str | None:
    """The last day of the same."""
    return _day(text, True)
