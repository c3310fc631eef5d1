"""Which format a file has, by its first bytes and never by its name."""

import re
import zipfile
from pathlib import Path

from loaders.formats.archive_ends import open_archive
from loaders.formats.encodings import decode
from loaders.formats.table import FileRefused

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins the container in which XLS lies."""
_XML = re.compile(r"^<(?:\?xml\b|!--|!DOCTYPE\b|[^\W\d][\w.-]*(?::[^\W\d][\w.-]*)?(?:\s[^<]*)?/?>)")
_PAGE = re.compile(r"^(?:<\?xml[^>]*>)?\s*<(?:!DOCTYPE html|html)\b", re.IGNORECASE)


def file_format(path: Path) -> str:
    """The format of a file by its first bytes: parquet, xlsx, ods, xls, json, jsonl, xml, sql or csv.

    :raises FileRefused: where it is none of these, or empty
    """
    with path.open("rb") as file:
        head = file.read(65536)
    if not head.strip():
        raise FileRefused(f"{path.name} is empty")
    if head[:4] == b"PAR1":
        return "parquet"
    if head[:2] == b"PK":
        return "ods" if _is_open_document(path) else "xlsx"
    if head[:8] == _OLE:
        return "xls"
    text = decode(head).text.lstrip()
    if text[:1] in "[{":
        first, _, second = text.partition("\n")
        return "jsonl" if first.rstrip().endswith("}") and second.lstrip()[:1] == "{" else "json"
    if text[:11].upper() == "INSERT INTO" or "\nINSERT INTO" in text.upper():
        return "sql"
    if _PAGE.match(text):
        raise FileRefused(f"{path.name} is a web page; open it in a spreadsheet program and save it as XLSX")
    return "xml" if _XML.match(text) else "csv"


def _is_open_document(path: Path) -> bool:
    try:
        with open_archive(path) as archive:
            return "content.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False  # told as damaged by whoever opens it
