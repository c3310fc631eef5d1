"""What a load refused, as a file: the rows under their own headers, with a column that says why.

Corrected, the file can be sent again: the column of reasons is one that no shape knows, so it is left aside.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from api.exporting import LONGEST_CELL, NO_XML, neutral
from graph.statements.reports import Refused, headers_of

REASON = "Lý do từ chối / Reason"
"""Header of the column of reasons."""
LINE = "Dòng / Line"
"""Header of the column of lines in the file that was sent."""
_ROW = "Bản ghi / Record"
_BAD = PatternFill("solid", fgColor="FFD9D4")
_WIDTH = 22


def _table(rows: Sequence[Refused]) -> tuple[list[str], Iterator[list[str]]]:
    """Headers and rows; what is no row of a table is shown as text."""
    headers = headers_of(list(rows))
    if not headers:
        return [_ROW], ([row.row] for row in rows)
    return headers, ([cells.get(header, "") for header in headers] for row in rows for cells in [dict(row.cells)])


def refused_csv(rows: Sequence[Refused]) -> str:
    """The rows as CSV; a cell that a spreadsheet would take for a formula gets an apostrophe."""
    headers, cells = _table(rows)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*map(neutral, headers), LINE, REASON])
    for row, values in zip(rows, cells, strict=True):
        writer.writerow([*map(neutral, values), row.line, neutral(row.reasons())])
    return text.getvalue()


def refused_xlsx(rows: Sequence[Refused], target: BinaryIO) -> None:
    """The rows as a sheet; refused cells are coloured, and every cell is text, word for word."""
    headers, cells = _table(rows)
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for at in range(1, len(headers) + 3):
        sheet.column_dimensions[get_column_letter(at)].width = _WIDTH
    sheet.append([_cell(sheet, header, bold=True) for header in (*headers, LINE, REASON)])
    for row, values in zip(rows, cells, strict=True):
        named = {field for field, _ in row.faults}
        bad = named if named & set(headers) else set(headers)
        shown = [_cell(sheet, value, bad=header in bad) for header, value in zip(headers, values, strict=True)]
        sheet.append([*shown, row.line, _cell(sheet, row.reasons())])
    book.save(target)


def _cell(sheet: WriteOnlyWorksheet, text: str, bold: bool = False, bad: bool = False) -> Cell:
    """Text as text: no spreadsheet computes it, and it comes back as it was."""
    cell = WriteOnlyCell(sheet, NO_XML.sub("", text)[:LONGEST_CELL])
    cell.data_type, cell.number_format = "s", "@"
    cell.alignment = Alignment(wrap_text=bad or bold, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    if bad:
        cell.fill = _BAD
    return cell
