"""XLS, the spreadsheets of before 2007: read by a process that a damaged file may end without harm."""

import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from loaders.formats import xls_process
from loaders.formats.header_rows import Merge
from loaders.formats.table import FileRefused

_FILE_LIMIT = 200 * 1024**2
"""Bytes of a file; the format holds 65,536 rows a sheet."""


def read_sheets(path: Path) -> list[tuple[str, list[list[Any]], list[Merge]]]:
    """Name, cells and merged cells of each sheet.

    :raises FileRefused: where the file is damaged, protected or too large
    """
    if path.stat().st_size > _FILE_LIMIT:
        raise FileRefused(f"{path.name} has more than {_FILE_LIMIT} bytes; save it as XLSX")
    # alone and by its path, so that no directory or variable of whoever runs it puts another module before ours
    command = [sys.executable, "-I", xls_process.__file__, str(path.resolve())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=2 * xls_process.SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise FileRefused(f"{path.name} takes too long to read; save it as XLSX") from None
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().splitlines()
        if any("PasswordError" in line for line in told):
            raise FileRefused(f"{path.name} is protected by a password; save it without one")
        why = f": {told[-1].partition(': ')[2]}" if done.returncode == 1 and told and "Error: " in told[-1] else ""
        raise FileRefused(f"{path.name} is damaged{why}")
    return [
        (name, [[_cell(cell) for cell in row] for row in rows], [(tuple(first), tuple(last)) for first, last in merges])
        for name, rows, merges in json.loads(done.stdout)
    ]


def _cell(cell: Any) -> Any:
    if type(cell) is not dict:
        return cell
    day = str(cell["day"])
    return datetime.fromisoformat(day) if "T" in day else date.fromisoformat(day)
