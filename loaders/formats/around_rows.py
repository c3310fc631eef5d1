"""What stands below or between the rows of a table and is none of them: headings, totals, notes, signatures."""

import re
from collections.abc import Sequence
from typing import Any

from loaders.formats.header_rows import cell_label, is_filled
from ontology.text import fold

TAIL = 40
"""Rows at the end of a table in which its footer is looked for."""
_WORDS = r"(?: (?:\d+|[ivx]+|cong|so|nhiem vu|de tai|du an|kinh phi|a|b|c))*$"
_TOTAL = re.compile(rf"^(?:tong cong|tong so|tong|cong|grand total|total|sum){_WORDS}")
_TOTAL_BETWEEN = re.compile(rf"^(?:tong cong|tong so|tong|cong|grand total){_WORDS}")
_HEADING = re.compile(r"^(?:[IVXLC]{1,6}|[A-ZĐ])[.)]?$")
_COUNT = re.compile(r"^\d{1,5}(?:\.\d{1,3})*[.)]?$")
_BEGINS = frozenset("tcgsTCGS")
_CLOSING = re.compile(
    r"^(?:ghi chu|nguon|nguoi (?:lap|tong hop|ky|bao cao)|thu truong|giam doc|hieu truong|vien truong|ke toan|truong phong|chu tich"
    r"|ky ten|ky ghi ro|noi nhan|(?:tm|kt|tl)(?= [a-z]{2})|xac nhan|note|notes|source|prepared by|signed|signature|approved by)\b"
    r"|\bngay\b.*\bthang\b.*\bnam\b"
)
_NUMBER = re.compile(r"^[-\d.,\s%()]*\d[-\d.,\s%()]*(?:[^\W\d_]{1,6}\s?){0,3}$")


def is_total(cells: Sequence[Any], between: bool = False) -> bool:
    """Whether a row sums up others: it begins with a word for that, and what follows are numbers.

    :param between: other rows follow, where a firm may be called Total
    """
    first = next((cell for cell in cells if is_filled(cell)), None)
    if type(first) is not str or len(first) > 100 or first.strip()[0] not in _BEGINS:
        return False
    if not (_TOTAL_BETWEEN if between else _TOTAL).match(fold(first)):
        return False
    return all(
        type(cell) is not str or cell is first or not cell.strip() or _NUMBER.match(cell.strip()) for cell in cells
    )


def is_closing(cells: Sequence[Any], width: int) -> bool:
    """Whether a row is a note or a signature: few cells, the first of them beginning as such rows do.

    :param width: cells that a row of the table usually fills
    """
    filled = [cell for cell in cells if is_filled(cell)]
    if not filled or type(filled[0]) is not str or 2 * len(filled) > max(2, width):
        return False
    return filled[0].lstrip().startswith("*") or bool(_CLOSING.search(fold(filled[0])))


def footer_start(rows: Sequence[Sequence[Any]], width: int) -> int:
    """From which of the last rows on all is footer: totals, notes, signatures, and the sparse rows among them; their number
    where there is none.

    :param width: cells that a row of the table usually fills
    """
    at = len(rows)
    start = at
    while at > 0:
        at -= 1
        filled = sum(map(is_filled, rows[at]))
        if is_total(rows[at]) or is_closing(rows[at], width):
            start = at
        elif 2 * filled > max(2, width):
            break
    return start


def is_counted(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether the first column of a table counts its rows 1, 2, 3, with letters or Roman numbers for what is above rows."""
    firsts = [cell_label(row[0]).removesuffix(".0") for row in rows[:TAIL] if row and is_filled(row[0])]
    counts = sum(first.isdecimal() for first in firsts)
    return counts > 0 and all(_COUNT.match(first) or _HEADING.match(first) for first in firsts)


def is_heading(cells: Sequence[Any], width: int) -> bool:
    """Whether a row of a table whose rows are counted is a heading: "II", "Lĩnh vực công nghiệp", and at most sums.

    :param width: cells that a row of the table usually fills
    """
    if width < 4 or not cells or type(cells[0]) is not str or not _HEADING.match(cells[0].strip()):
        return False
    rest = [cell for cell in cells[1:] if is_filled(cell)]
    texts = [cell for cell in rest if type(cell) is str and not _NUMBER.match(cell.strip())]
    return len(texts) == 1 and 1 + len(rest) < width


def usual_width(rows: Sequence[Sequence[Any]]) -> int:
    """How many cells a row usually fills, by the first rows of a table: in one of many empty columns all rows are sparse."""
    return max((sum(map(is_filled, row)) for row in rows[:5]), default=0)


def told(cells: Sequence[Any]) -> str:
    """The beginning of a row that was left aside, for the report."""
    return next((cell_label(cell)[:60] for cell in cells if is_filled(cell)), "")
