"""A spreadsheet to fill in for a table shape: its headers, lists to choose from, and what each column means. Computed from the mapping."""

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Mapping as Filled
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from loaders.mapping import Column, Mapping
from ontology.model import ontology
from ontology.schemes import schemes

_SHEETS = {"vi": ("Dữ liệu", "Hướng dẫn"), "en": ("Data", "Guide")}
_LISTS = "lists"
_GUIDE = {
    "vi": ("Cột", "Nghĩa", "Bắt buộc", "Chọn từ"),
    "en": ("Column", "Meaning", "Required", "Chosen from"),
}
_YES = {"vi": "có", "en": "yes"}
_ROWS = 5_000
"""Rows that the lists reach."""
_REQUIRED = PatternFill("solid", fgColor="FFE8B8")
_HEADER = PatternFill("solid", fgColor="DDEBEE")


def _asked(mapping: Mapping, filled: Collection[str] = ()) -> dict[str, tuple[str, Column, bool]]:
    """Column → header, what it says first, and whether it is required. Marks of made-up data are asked of nobody, and stand
    there where they are filled in."""
    found = {}
    for name, specs in mapping.columns.items():
        if all(spec.property == "illustrative" for spec in specs) and name not in filled:
            continue
        header = specs[0].headers[0] if specs[0].headers else name
        found[name] = header, specs[0], name in mapping.key or any(spec.required for spec in specs)
    return found


def _choices(spec: Column) -> list[str]:
    """The texts of which a cell holds one; empty where it is free."""
    choices = spec.classes or spec.visibility or spec.values
    if choices:
        return list(choices)
    if not spec.scheme:
        return []
    # where a label stands for several concepts only the code is clear
    concepts = [one for one in schemes().concepts.values() if one.scheme == spec.scheme]
    texts = (
        one.label("vi") if schemes().find(spec.scheme, one.label("vi")) == one.id else one.code for one in concepts
    )
    return list(dict.fromkeys(texts))


def _meaning(spec: Column, language: str) -> str:
    known = ontology()
    if spec.property:
        return f"{known.label(spec.property, language)}. {known.definition(spec.property, language)}"
    return known.label(spec.cls, language) if spec.cls else spec.identifier or spec.contact or ""


def write_template(
    mapping: Mapping,
    language: str,
    target: BinaryIO,
    rows: Sequence[Filled[str, Any]] = (),
    beside: tuple[str, Sequence[Sequence[Any]]] | None = None,
) -> None:
    """Write the spreadsheet of a shape; filled in, it loads as it is.

    :param language: ``vi`` or ``en``, of the guide; the headers are the shape's own
    :param rows: what is filled in already, by column of the mapping
    :param beside: title and rows of a further sheet that says what the rows are about, in their order; nothing of it is loaded
    """
    book = Workbook()
    data = book.active
    assert isinstance(data, Worksheet)
    data.title, guide_title = _SHEETS[language]
    lists = book.create_sheet(_LISTS)
    lists.sheet_state = "hidden"
    asked = _asked(mapping, {name for row in rows for name in row})
    for at, (name, (header, spec, required)) in enumerate(asked.items(), 1):
        for line, row in enumerate(rows, 2):
            cell = data.cell(line, at, row.get(name))
            if isinstance(cell.value, str):
                cell.data_type = "s"  # text that begins like a formula is none
        cell = data.cell(1, at, header)
        cell.font = Font(bold=True)
        cell.fill = _REQUIRED if required else _HEADER
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        data.column_dimensions[get_column_letter(at)].width = max(14, min(40, len(header) + 4))
        _offer(data, lists, at, _choices(spec), bool(spec.split))
    data.freeze_panes = "A2"
    _guide(book.create_sheet(guide_title), asked.values(), language)
    if beside:
        _beside(book.create_sheet(beside[0]), beside[1])
    book.save(target)


def _beside(sheet: Worksheet, rows: Sequence[Sequence[Any]]) -> None:
    for row in rows:
        sheet.append(list(row))
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    for letter, width in zip("ABCDEF", (22, 12, 90, 60, 14, 50), strict=True):
        sheet.column_dimensions[letter].width = width


def _offer(data: Worksheet, lists: Worksheet, at: int, choices: list[str], several: bool) -> None:
    """A drop-down over a column; where a cell may hold several, others than those may be typed."""
    if not choices:
        return
    letter = get_column_letter(at)
    for row, text in enumerate(choices, 1):
        lists.cell(row, at, text)
    offered = DataValidation("list", formula1=f"{_LISTS}!${letter}$1:${letter}${len(choices)}", allow_blank=True)
    offered.showErrorMessage = not several
    data.add_data_validation(offered)
    offered.add(f"{letter}2:{letter}{_ROWS}")


def _guide(sheet: Worksheet, asked: Iterable[tuple[str, Column, bool]], language: str) -> None:
    sheet.append(_GUIDE[language])
    for header, spec, required in asked:
        sheet.append([header, _meaning(spec, language), _YES[language] if required else "", spec.scheme or ""])
    for letter, width in zip("ABCD", (28, 90, 12, 20), strict=True):
        sheet.column_dimensions[letter].width = width
