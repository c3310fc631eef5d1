"""What a load brought and what it refused: one report a load, for the one who sent the file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graph.statements.home import Home
from graph.statements.loads import Load, find_load, rejects_of


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that was refused: its line, its faults as (field, reason), what was shown of it, and its cells where it is a row."""

    line: int
    faults: tuple[tuple[str, str], ...]
    row: str
    cells: tuple[tuple[str, str], ...]

    def reasons(self) -> str:
        """All reasons in one text."""
        return "; ".join(f"{field}: {reason}" if field else reason for field, reason in self.faults)


def refused(home: Home, number: str) -> tuple[Load, Iterator[Refused]]:
    """A load and what it refused, in the order of its file.

    :raises graph.statements.loads.LoadError: where there is no such load
    """
    load = find_load(home, number)
    return load, (_refused(said) for said in rejects_of(load))


def _refused(said: dict[str, Any]) -> Refused:
    faults = [(said["field"], said["reason"]), *((field, reason) for field, reason in said.get("others", ()))]
    cells = tuple((str(header), str(text)) for header, text in said.get("cells", ()))
    return Refused(int(said["line"]), tuple(faults), str(said["row"]), cells)


def headers_of(rows: list[Refused]) -> list[str]:
    """The headers of refused rows in their file's order."""
    return list(dict.fromkeys(header for row in rows for header, _ in row.cells))
