"""A grid of cells as a table: fonts converted, the header found, what stands around the table told."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from loaders.formats import typed_fonts
from loaders.formats.header_rows import Header, Merge, Recognised, cell_label, find_header, is_filled, likely_header
from loaders.formats.table import HeaderTest

Fonts = list[str | None]


class Layout(NamedTuple):
    """A header that was found, with how likely it is, and the font of each column."""

    header: Header
    fonts: Fonts
    score: float
    titles: list[str]


def find_layout(
    rows: Sequence[Sequence[Any]],
    sample: Iterable[Sequence[Any]],
    merges: Sequence[Merge],
    is_header: HeaderTest,
    recognised: Recognised | None,
) -> Layout | None:
    """Where the table is in the first rows of a grid.

    :param rows: the first rows
    :param sample: rows of the whole grid by which fonts are found
    :param recognised: where given, what looks like a header counts though nobody knows it
    """
    fonts = typed_fonts.find_fonts(_columns(sample))
    read = [convert_row(row, fonts) for row in rows]
    header = find_header(read, merges, is_header)
    score = float("inf")
    if header is None and recognised is not None:
        score, header = likely_header(read, merges, recognised)
    if header is None:
        return None
    titles = [" ".join(cell_label(cell) for cell in row if is_filled(cell)) for row in read[: header.first]]
    return Layout(header, fonts, score, [title for title in titles if title])


def _columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """The cells of each column that an old font could have written."""
    columns: list[list[Any]] = []
    for row in rows:
        columns += [[] for _ in range(len(row) - len(columns))]
        for at, cell in enumerate(row):
            if typed_fonts.may_be_typed(cell):
                columns[at].append(cell)
    return columns


def convert_row(row: Sequence[Any], fonts: Fonts) -> Sequence[Any]:
    """A row with what was typed in old fonts converted."""
    if not any(fonts):
        return row
    return [
        typed_fonts.convert(cell, font) if font else cell
        for cell, font in zip(row, [*fonts, *[None] * (len(row) - len(fonts))], strict=False)
    ]


def notes(layout: Layout, first_line: int, last_line: int) -> list[str]:
    """Sentences on what was found above the rows.

    :param first_line: of the header in the file; ``last_line`` likewise
    """
    header = layout.header
    where = f"line {first_line}" if header.last == header.first + 1 else f"lines {first_line} to {last_line}"
    found = [f"header in {where}"]
    if layout.titles:
        found.append(f"title above it: {layout.titles[0][:120]}")
    if header.numbered:
        found.append("a row that numbers the columns is left aside")
    by_header = {label: font for label, font in zip(header.headers, layout.fonts, strict=False) if font and label}
    return [*found, *typed_fonts.told(by_header)]
