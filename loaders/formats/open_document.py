"""OpenDocument spreadsheets: which cells are merged, and that few bytes don't stand for too many cells."""

import io
import zipfile
from pathlib import Path
from xml.parsers import expat

from loaders.formats.archives import GRID_LIMIT, unpack
from loaders.formats.header_rows import Merge
from loaders.formats.table import FileRefused

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_CONTENT = "content.xml"


class _Sheets:
    """Follows the rows and cells of each sheet, which may be repeated."""

    def __init__(self, name: str) -> None:
        self.merges: list[list[Merge]] = []
        self._name = name
        self._row = self._rows = self._column = self._height = self._width = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == f"{_TABLE}table":
            self.merges.append([])
            self._row = self._rows = self._height = self._width = 0
        elif tag == f"{_TABLE}table-row":
            self._row += self._rows
            self._rows, self._column = _count(attributes, "number-rows-repeated"), 0
        elif tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell") and self.merges:
            self._cell(attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        repeated = _count(attributes, "number-columns-repeated")
        rows, columns = _count(attributes, "number-rows-spanned"), _count(attributes, "number-columns-spanned")
        if rows > 1 or columns > 1:
            end = (self._row + rows - 1, self._column + columns - 1)
            self.merges[-1].append(((self._row, self._column), end))
        self._column += repeated
        if f"{_OFFICE}value-type" in attributes:
            self._height, self._width = max(self._height, self._row + self._rows), max(self._width, self._column)
        if self._height * self._width > GRID_LIMIT:
            raise FileRefused(
                f"{self._name}: a sheet spreads over {self._height} rows and {self._width} columns; delete what is far out"
            )

    def refuse_document_type(self, *_: object) -> None:
        raise FileRefused(f"{self._name}: {_CONTENT} declares a document type; no spreadsheet needs one")


def _count(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(_TABLE + name, "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 9 else 1


def merged_cells(path: Path, content: bytes) -> list[list[Merge]]:
    """The merged cells of each sheet.

    :param path: of the file, for messages
    :param content: the archive
    :raises FileRefused: where the content is damaged, declares a document type or spreads over too many cells
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.getinfo(_CONTENT)
    sheets = _Sheets(path.name)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = sheets.start
    parser.StartDoctypeDeclHandler = sheets.refuse_document_type
    try:
        for chunk in unpack(path, part, content):
            parser.Parse(chunk)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise FileRefused(f"{path.name} is damaged: {_CONTENT}: {error}") from None
    return sheets.merges
