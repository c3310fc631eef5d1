"""Which format a file has, by its first bytes and never by its name."""

from pathlib import Path

from loaders.formats.encodings import decode
from loaders.formats.table import FileRefused


def file_format(path: Path) -> str:
    """The format of a file by its first bytes: parquet, xlsx, json, jsonl, sql or csv.

    :raises FileRefused: where it is none of these, or empty
    """
    with path.open("rb") as file:
        head = file.read(65536)
    if not head.strip():
        raise FileRefused(f"{path.name} is empty")
    if head[:4] == b"PAR1":
        return "parquet"
    if head[:2] == b"PK":
        return "xlsx"
    text = decode(head).lstrip()
    if text[:1] in "[{":
        first, _, second = text.partition("\n")
        return "jsonl" if first.rstrip().endswith("}") and second.lstrip()[:1] == "{" else "json"
    if text[:11].upper() == "INSERT INTO" or "\nINSERT INTO" in text.upper():
        return "sql"
    if text[:1] == "<":
        raise FileRefused(f"{path.name} is XML; this kind has no XML shape")
    return "csv"
