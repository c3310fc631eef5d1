"""Spreadsheets: the first sheet that has a header row somebody knows."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from loaders.formats.archives import check_archive, check_parts
from loaders.formats.table import FileRefused, HeaderTest, Row, Table, by_header, checked
from ontology.statement import Reject

_HEADER_SEARCH = 30


def read_workbook(path: Path, is_header: HeaderTest) -> Table:
    """The table of the first sheet with a known header row.

    :raises FileRefused: where the file is damaged, hostile or no workbook
    """
    try:
        if "xl/workbook.xml" not in check_archive(path):
            raise FileRefused(f"{path.name} is an archive, but no workbook")
        check_parts(path)
        workbook = CalamineWorkbook.from_path(str(path))
        sheets = [
            (name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in workbook.sheet_names
        ]
    except FileRefused:
        raise
    except (zipfile.BadZipFile, CalamineError, OSError, ValueError, NotImplementedError) as error:
        raise FileRefused(f"{path.name} is damaged: {error}") from None
    for _, cells in sheets:
        for at, row in enumerate(cells[:_HEADER_SEARCH]):
            headers = [str(cell).strip() for cell in row]
            if is_header(headers):
                return Table("xlsx", headers, _rows(cells, headers, at + 1), len(cells) - at - 1)
    first = [str(cell).strip() for cell in sheets[0][1][0]] if sheets and sheets[0][1] else []
    return Table("xlsx", first, iter(()), 0)


def _rows(cells: list[list[Any]], headers: list[str], start: int) -> Iterator[Row | Reject]:
    for line, row in enumerate(cells[start:], start + 1):
        if any(cell not in ("", None) for cell in row):
            yield checked(line, by_header(headers, row))
