"""Tables as offices send them: CSV, or XLSX under title rows. The same rows give the same bytes."""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook

Cell = str | int | float | date | None

_FIXED = datetime(2026, 11, 2, 8, 0, 0)
_ZIP_DATE = (2026, 11, 2, 8, 0, 0)


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A file of the sample and how it is loaded: its KIND, its source, whether it is all that the source has."""

    kind: str
    path: Path
    source: str
    full: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table before it is written. Where ``title`` is given it is an XLSX file with these lines above its header."""

    kind: str
    name: str
    source: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    title: Sequence[str] = ()


def write(sheet: Sheet, directory: Path) -> SampleFile:
    """Write a table into a directory."""
    data = _xlsx(sheet) if sheet.title else _csv(sheet)
    path = directory / f"{sheet.name}.{'xlsx' if sheet.title else 'csv'}"
    path.write_bytes(data)
    return SampleFile(sheet.kind, path, sheet.source, full=True)


def as_text(cell: Cell) -> str:
    """A cell as a Vietnamese office writes it: 31/12/2020, 1.250,5."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, float):
        return f"{cell:,.1f}".replace(",", " ").replace(".", ",").replace(" ", ".").removesuffix(",0")
    return str(cell)


def _csv(sheet: Sheet) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(sheet.headers)
    writer.writerows([as_text(cell) for cell in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(sheet: Sheet) -> bytes:
    workbook = Workbook()
    page = workbook.active
    assert page is not None
    page.title = "Du lieu"
    for line in sheet.title:
        page.append([line])
    page.append([])
    page.append(list(sheet.headers))
    for row in sheet.rows:
        page.append(list(row))
    workbook.properties.creator = "Ketnoi sample"
    workbook.properties.created = _FIXED
    written = io.BytesIO()
    workbook.save(written)
    return _undated(written.getvalue())


def _undated(data: bytes) -> bytes:
    """The archive with fixed dates: openpyxl writes the hour of saving into its members and its core properties."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _with_fixed_modified(content)
            member = zipfile.ZipInfo(name, _ZIP_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, content)
    return result.getvalue()


def _with_fixed_modified(core: bytes) -> bytes:
    before, opening, rest = core.partition(b"<dcterms:modified")
    attributes, _, tail = rest.partition(b">")
    _, closing, after = tail.partition(b"</dcterms:modified>")
    stamp = _FIXED.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return before + opening + attributes + b">" + stamp + closing + after
