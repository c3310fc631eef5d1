"""Reads one XLS file in a process of its own: run with a file's path, it prints the sheets as JSON.

A damaged XLS can make its reader ask for more memory than there is, which ends the process that it runs in. This one has a limit of
memory and of time, and nothing else to lose. A day is written as an object with the one key ``day``. Nothing of the project is
imported, so that it starts soon.
"""

import datetime
import json
import resource
import sys
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

MEMORY = 4 * 1024**3
"""Bytes of address space."""
SECONDS = 120
"""Of processor time."""


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime.date | datetime.datetime):
        return {"day": cell.isoformat()}
    if isinstance(cell, datetime.time | datetime.timedelta):
        return str(cell)
    return cell


def main(path: str) -> None:
    """Print name, rows and merged cells of each sheet."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sheets = []
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            for name in workbook.sheet_names:
                sheet = workbook.get_sheet_by_name(name)
                rows = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
                sheets.append((name, rows, sheet.merged_cell_ranges or []))
    except (CalamineError, OSError, ValueError) as error:
        sys.exit(f"{type(error).__name__}: {error}")
    json.dump(sheets, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
