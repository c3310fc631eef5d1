"""Tables out of files of many formats: delimited text, spreadsheets, JSON, XML, Parquet, and SQL dumps read as text."""

from pathlib import Path

from loaders.formats.delimited import read_delimited
from loaders.formats.encodings import read_text
from loaders.formats.header_rows import Recognised
from loaders.formats.objects import json_objects, read_objects
from loaders.formats.parquet_files import read_parquet
from loaders.formats.recognising import file_format
from loaders.formats.sql_dumps import read_inserts
from loaders.formats.table import FIELD_LIMIT, FILE_LIMIT, FileRefused, HeaderTest, Row, Table, shown
from loaders.formats.workbooks import read_workbook
from loaders.formats.xml_records import read_xml

__all__ = [
    "FIELD_LIMIT",
    "FileRefused",
    "HeaderTest",
    "Row",
    "Table",
    "file_format",
    "json_objects",
    "read_table",
    "read_text",
    "shown",
]


def read_table(path: Path, is_header: HeaderTest, recognised: Recognised | None = None) -> Table:
    """Open a table.

    :param is_header: recognises the header row, which may stand below title rows
    :param recognised: counts the headers of a row that somebody knows; where it is given, what looks like a header counts though
        nobody knows it as a whole
    :raises FileRefused: where the file is no table, is damaged or is too large
    """
    kind = file_format(path)
    if kind == "parquet":
        return read_parquet(path)
    if kind in ("xlsx", "xls", "ods"):
        return read_workbook(path, kind, is_header, recognised)
    if path.stat().st_size > FILE_LIMIT:
        raise FileRefused(f"{path.name} has more than {FILE_LIMIT} bytes")
    if kind in ("json", "jsonl"):
        return read_objects(path)
    if kind == "xml":
        return read_xml(path)
    if kind == "sql":
        return read_inserts(path)
    return read_delimited(path, is_header, recognised)
