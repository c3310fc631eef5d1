"""Spreadsheets (XLSX, XLS, ODS): the first sheet that has a header row somebody knows."""

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from loaders.formats import layout as layouts
from loaders.formats.archive_ends import archive_bytes
from loaders.formats.archives import GRID_LIMIT, check_archive
from loaders.formats.around_rows import TAIL, footer_start, is_counted, is_heading, is_total, told, usual_width
from loaders.formats.header_rows import HEADER_SEARCH, Merge, Recognised, is_filled
from loaders.formats.layout import Layout, convert_row
from loaders.formats.old_workbooks import read_sheets
from loaders.formats.open_document import merged_cells
from loaders.formats.table import FileRefused, HeaderTest, Row, Table, by_header, checked
from ontology.statement import Reject

Grid = list[list[Any]]
_SAMPLE = 1_000
"""Rows by which fonts are found."""


def read_workbook(path: Path, kind: str, is_header: HeaderTest, recognised: Recognised | None = None) -> Table:
    """The table of the first sheet with a known header row.

    :param kind: xlsx, xls or ods
    :param recognised: where given, what looks like a header counts though nobody knows it
    :raises FileRefused: where the file is damaged, hostile or no workbook
    """
    first: list[str] | None = None
    found: tuple[Layout, str, Grid, list[Merge]] | None = None
    names: list[str] = []
    for name, cells, merges in _sheets(path, kind, names):
        first = first or ([str(cell).strip() for cell in cells[0]] if cells else None)
        sample = cells[:HEADER_SEARCH] + cells[HEADER_SEARCH :: max(1, len(cells) // _SAMPLE)]
        layout = layouts.find_layout(cells[: HEADER_SEARCH + 5], sample, merges, is_header, recognised)
        if layout is not None and (found is None or layout.score > found[0].score):
            found = (layout, name, cells, merges)
        if found is not None and found[0].score == float("inf"):
            break
    if found is None:
        return Table(kind, first or [], iter(()), 0)
    table = _table(kind, *found)
    if others := [name for name in names if name != found[1]]:
        table.notes.insert(1, f"other sheets are left aside: {', '.join(others)[:300]}")
    return table


def _sheets(path: Path, kind: str, names: list[str]) -> Iterator[tuple[str, Grid, list[Merge]]]:
    """Name, cells and merged cells of each sheet.

    :param names: gets the names of all sheets, before the first one comes
    """
    if kind == "xls":
        sheets = read_sheets(path)
        names += [name for name, _, _ in sheets]
        yield from sheets
        return
    try:
        content = archive_bytes(path)
        merges_of = _looked_through(path, content, kind)
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            names += workbook.sheet_names
            for at, name in enumerate(workbook.sheet_names):
                sheet = workbook.get_sheet_by_name(name)
                if sheet.total_height * sheet.total_width > GRID_LIMIT:
                    raise FileRefused(
                        f"{path.name}: the sheet {name} spreads over too many cells; delete what is far out"
                    )
                merges = merges_of(at) if merges_of else [*(sheet.merged_cell_ranges or ())]
                yield name, sheet.to_python(skip_empty_area=False), merges
    except FileRefused:
        raise
    except PasswordError:
        raise FileRefused(f"{path.name} is protected by a password; save it without one") from None
    except (zipfile.BadZipFile, CalamineError, OSError, ValueError, NotImplementedError) as error:
        raise FileRefused(f"{path.name} is damaged: {error}") from None
    except BaseException as error:
        # the reader's own way to say that it is at its end with a damaged file
        if type(error).__name__ != "PanicException":
            raise
        raise FileRefused(f"{path.name} is damaged") from None


def _looked_through(path: Path, content: bytes, kind: str) -> Callable[[int], list[Merge]] | None:
    """Look through the archive; how merged cells are found where the reader does not tell them."""
    names = check_archive(path, content)
    if kind == "ods":
        merges = merged_cells(path, content)
        return lambda at: merges[at] if at < len(merges) else []
    if "xl/workbook.xml" not in names:
        raise FileRefused(f"{path.name} is an archive, but no workbook")
    return None


def _table(kind: str, layout: Layout, sheet: str, cells: Grid, merges: Sequence[Merge]) -> Table:
    header = layout.header
    width = sum(map(bool, header.headers))
    headings = _headings(cells, merges, header.body, width)
    spread = _spread(cells, merges, header.body)
    notes = [f"sheet {sheet}", *layouts.notes(layout, header.first + 1, header.last)]
    if spread:
        notes.append(f"merged cells: {spread} values count for each of their rows")
    if headings:
        notes.append(
            f"headings among the rows are left aside: lines {', '.join(str(at + 1) for at in sorted(headings)[:20])}"
        )
    first = max(header.body, len(cells) - TAIL)
    usual = usual_width([row for at, row in enumerate(cells[header.body :], header.body) if at not in headings])
    stop = first + footer_start([convert_row(row, layout.fonts) for row in cells[first:]], usual)
    # a sheet may end in rows that are empty but formatted
    if any(is_filled(cell) for row in cells[stop:] for cell in row):
        notes.append(f"footer from line {stop + 1} on is left aside: {told(convert_row(cells[stop], layout.fonts))}")
    size = max(0, stop - header.body)
    table = Table(kind, header.headers, iter(()), size, notes=notes, titles=layout.titles)
    table.rows = _rows(cells[:stop], table, layout, headings)
    return table


def _rows(cells: Grid, table: Table, layout: Layout, headings: set[int]) -> Iterator[Row | Reject]:
    start = layout.header.body
    width = usual_width(cells[start:]) if is_counted(cells[start : start + TAIL]) else 0
    for at, row in enumerate(cells[start:], start):
        if at in headings or not any(map(is_filled, row)):
            continue
        read = convert_row(row, layout.fonts)
        if is_total(read, between=True):
            table.note(f"a row of totals is left aside: line {at + 1}, {told(read)}")
        elif is_heading(read, width):
            table.note(f"a heading is left aside: line {at + 1}, {told(read[1:])}")
        else:
            yield checked(at + 1, by_header(table.headers, read))


def _headings(cells: Grid, merges: Sequence[Merge], body: int, width: int) -> set[int]:
    """Rows of the body that hold nothing but a heading, merged over half of the columns or more."""
    return {
        top
        for (top, left), (bottom, right) in merges
        if body <= top < len(cells)
        and 2 * (right - left + 1) >= width > 2
        and bottom == top
        and sum(map(is_filled, cells[top])) == 1
    }


def _spread(cells: Grid, merges: Sequence[Merge], body: int) -> int:
    """Write what a merged cell of the body holds into each of its rows; how many there were."""
    count, left_over = 0, GRID_LIMIT
    for (top, left), (bottom, _) in merges:
        last = min(bottom, len(cells) - 1)
        if top < body or last <= top or left >= len(cells[top]) or not is_filled(cells[top][left]):
            continue
        left_over -= last - top
        if left_over < 0:
            break
        count += 1
        for row in cells[top + 1 : last + 1]:
            if left < len(row) and not is_filled(row[left]):
                row[left] = cells[top][left]
    return count
