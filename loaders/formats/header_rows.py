"""Where a table's header stands: below title rows, in one row or in several whose cells are merged ("Kinh phí" over "Tổng số | NSNN")."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from loaders.formats.table import HeaderTest
from ontology.text import fold

HEADER_SEARCH = 40
"""Rows in which a header is looked for."""
_DEEPEST = 3
_LONGEST = 160
"""Characters of what can still be a header."""
JOINED = " – "
"""Stands between the header of a group of columns and that of one of them."""

Merge = tuple[tuple[int, int], tuple[int, int]]
"""First and last (row, column) of merged cells, counted from 0."""
Recognised = Callable[[list[str]], int]
"""How many of a row's cells are headers that somebody knows."""
_NUMBERED = re.compile(r"^\(?(\d{1,2}|[A-Ea-e])\)?(?:\s*=.*)?$")


@dataclass(frozen=True, slots=True)
class Header:
    """A header: its texts, in which rows it stands (the last one excluded, from 0), and where the body begins."""

    headers: list[str]
    first: int
    last: int
    body: int

    @property
    def numbered(self) -> bool:
        """Whether a row of column numbers stands below it."""
        return self.body > self.last


def cell_label(cell: Any) -> str:
    return " ".join(str(cell).split()) if cell is not None else ""


def is_filled(cell: Any) -> bool:
    return cell is not None and cell != "" and not (type(cell) is str and not cell.strip())


def find_header(rows: Sequence[Sequence[Any]], merges: Sequence[Merge], is_header: HeaderTest) -> Header | None:
    """The first header that somebody knows, read as it is known best."""
    for at in range(min(len(rows), HEADER_SEARCH)):
        headers, last = max(_candidates(rows, at, merges), key=lambda candidate: is_header(candidate[0]))
        if is_header(headers):
            return _header(rows, headers, at, last)
    return None


def likely_header(
    rows: Sequence[Sequence[Any]], merges: Sequence[Merge], recognised: Recognised
) -> tuple[float, Header | None]:
    """The row that looks most like a header though nobody knows it, and how much: filled, of texts that differ, above rows that
    are as wide, with words that columns go by."""
    width = max((sum(map(is_filled, row)) for row in rows), default=0)
    best: tuple[float, Header | None] = (0.0, None)
    for at in range(min(len(rows) - 1, HEADER_SEARCH)):
        headers, last = next(_candidates(rows, at, merges))
        texts = [header for header in headers if header]
        if not _can_be_header(texts):
            continue
        header = _header(rows, headers, at, last)
        below = [sum(map(is_filled, row)) for row in rows[header.body : header.body + 5]]
        as_wide = sum(2 * count >= len(texts) for count in below) / max(1, len(below))
        score = 2.0 * recognised(headers) + 3 * len(texts) / width + 2 * as_wide
        if score > best[0]:
            best = (score, header)
    return best


def _can_be_header(texts: Sequence[str]) -> bool:
    if len(texts) < 2 or any(len(text) > _LONGEST or not re.search(r"[^\W\d_]", text) for text in texts):
        return False
    return Counter(map(fold, texts)).most_common(1)[0][1] <= 1 + len(texts) // 10


def _header(rows: Sequence[Sequence[Any]], headers: list[str], at: int, last: int) -> Header:
    return Header(headers, at, last, last + (last < len(rows) and is_number_row(rows[last])))


def is_number_row(cells: Sequence[Any]) -> bool:
    """Whether a row only numbers the columns: (1) (2) (3), or A B 1 2 3=1+2."""
    found = [_NUMBERED.match(text) for cell in cells if (text := _plain_number(cell))]
    if len(found) < 3 or not all(found):
        return False
    signs = [match[1] for match in found if match]
    numbers = [int(sign) for sign in signs if sign.isdigit()]
    letters = [sign.lower() for sign in signs if not sign.isdigit()]
    if not numbers or numbers[0] > 2 or letters != list("abcde"[: len(letters)]):
        return False
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _plain_number(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else cell_label(cell)


def _candidates(rows: Sequence[Sequence[Any]], at: int, merges: Sequence[Merge]) -> Iterator[tuple[list[str], int]]:
    """What the header beginning in a row may read, the likeliest first, and the row below it."""
    row = [cell_label(cell) for cell in rows[at]]
    last = _below(rows, at, merges)
    if last > at + 1:
        stacks = _stacks(rows, at, last, merges)
        yield [JOINED.join(stack) for stack in stacks], last
        lowest = [stack[-1] if stack else "" for stack in stacks]
        counts = Counter(map(fold, lowest))
        yield (
            [
                label if counts[fold(label)] == 1 else JOINED.join(stack)
                for label, stack in zip(lowest, stacks, strict=True)
            ],
            last,
        )
    yield row, at + 1


def _below(rows: Sequence[Sequence[Any]], at: int, merges: Sequence[Merge]) -> int:
    """The row below a header that begins in a row."""
    if sum(map(is_filled, rows[at])) < 2:
        return at + 1
    last = at + 1
    for row in range(at, at + _DEEPEST):
        for (top, left), (bottom, right) in merges:
            if top == row < last:
                last = max(last, bottom + 1 + (right > left and row < at + _DEEPEST - 1))
    if last > at + 1:
        return min(last, at + _DEEPEST, len(rows))
    return at + 2 if at + 1 < len(rows) and _is_divided(rows[at], rows[at + 1]) else at + 1


def _is_divided(row: Sequence[Any], below: Sequence[Any]) -> bool:
    """Whether a row that tells of no merged cells has its groups divided in the row below it: texts stand there only under a group,
    which is a filled cell and the empty ones behind it."""
    size = max(len(row), len(below))
    upper = [is_filled(cell) for cell in [*row, *[""] * (size - len(row))]]
    lower = [is_filled(cell) for cell in [*below, *[""] * (size - len(below))]]
    groups = [at for at in range(size - 1) if upper[at] and not upper[at + 1] and lower[at] and lower[at + 1]]
    covered: set[int] = set()
    for at in groups:
        covered.add(at)
        covered.update(_run(upper, lower, at + 1))
    texts = [cell for cell, filled in zip(below, lower[: len(below)], strict=True) if filled]
    words = all(type(text) is str and re.search(r"[^\W\d_]", text) and len(text) <= _LONGEST for text in texts)
    alone = sum(up and not low for up, low in zip(upper, lower, strict=True))
    return bool(groups) and alone > 0 and words and {at for at in range(size) if lower[at]} <= covered


def _run(upper: Sequence[bool], lower: Sequence[bool], start: int) -> Iterator[int]:
    for at in range(start, len(upper)):
        if upper[at] or not lower[at]:
            return
        yield at


def _stacks(rows: Sequence[Sequence[Any]], first: int, last: int, merges: Sequence[Merge]) -> list[list[str]]:
    """The labels above each column, from the group's down, each once."""
    size = max(len(row) for row in rows[first:last])
    grid = [[cell_label(cell) for cell in row] + [""] * (size - len(row)) for row in rows[first:last]]
    merged = False
    for (top, left), (bottom, right) in merges:
        if first <= top < last:
            merged = True
            for row in range(top, min(bottom + 1, last)):
                for column in range(left, min(right + 1, size)):
                    grid[row - first][column] = grid[top - first][left]
    if not merged:
        for column in range(1, size):
            if not grid[0][column] and grid[-1][column]:
                grid[0][column] = grid[0][column - 1]
    return [list(dict.fromkeys(label for label in stack if label)) for stack in zip(*grid, strict=True)]
