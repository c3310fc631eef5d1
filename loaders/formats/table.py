"""What every format gives: headers, and rows or refusals with their place in the file."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ontology.errors import Explained
from ontology.statement import Reject

FIELD_LIMIT = 1_000_000
"""Characters that one cell may have."""
FILE_LIMIT = 2 * 1024**3
"""Bytes that a text file may have."""
_NOTES = 30
NOT_READ = "\ufffd"
"""Stands for a byte that is no character in the file's encoding."""
_NO_TEXT = re.compile(f"[\x00{NOT_READ}\ud800-\udfff]")


class FileRefused(Explained, ValueError):
    """A whole file can't be read; the message says why and what to do."""


@dataclass(slots=True)
class Row:
    """A row: its line in the file and its cells by header, as the format gives them."""

    line: int
    cells: dict[str, Any]


@dataclass(slots=True)
class Table:
    """A table: what format it has, its headers, and its rows or refusals as an iterator that is read once.

    ``wanted`` may name the columns that are needed, before the first row is read; others may then be missing. ``encoding`` is
    that of a text file; ``notes`` say in a sentence each what else was found, and are complete when the rows are read; ``titles`` are
    the texts above the header.
    """

    format: str
    headers: list[str]
    rows: Iterator[Row | Reject]
    size: int | None = None
    wanted: list[str] | None = None
    encoding: str | None = None
    notes: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)

    @property
    def described(self) -> str:
        """Format and encoding, for people."""
        return f"{self.format} in {self.encoding}" if self.encoding else self.format

    def note(self, sentence: str) -> None:
        """Note what was found while rows are read; of very many notes the first ones are enough."""
        if len(self.notes) < _NOTES:
            self.notes.append(sentence)


HeaderTest = Callable[[list[str]], int]
"""Says whether a row of cells is a header row that somebody knows, and how well: how many of its columns; 0 where nobody does."""


def by_header(headers: list[str], cells: Iterable[Any]) -> dict[str, Any]:
    """Cells by header; of two columns with one header the first counts, as it does where headers are recognised."""
    found: dict[str, Any] = {}
    for header, cell in zip(headers, cells, strict=False):
        found.setdefault(header, cell)
    return found


def checked(line: int, cells: dict[str, Any], encoding: str = "UTF-8") -> Row | Reject:
    """The row, unless a cell holds what no text can.

    :param encoding: that of the file, for the reason
    """
    for header, cell in cells.items():
        for text in cell if type(cell) is list else (cell,):
            if type(text) is str and (len(text) > FIELD_LIMIT or _NO_TEXT.search(text)):
                return Reject(line, header, _problem(text, encoding), shown(text))
    return Row(line, cells)


def _problem(text: str, encoding: str) -> str:
    if len(text) > FIELD_LIMIT:
        return f"has more than {FIELD_LIMIT} characters"
    if "\x00" in text:
        return "has a NUL byte"
    return (
        f"has bytes that are no {encoding}; save the file as UTF-8" if NOT_READ in text else "has half of a character"
    )


def shown(item: Any) -> str:
    """The beginning of what was refused, for the report."""
    try:
        text = str(item)[:200]
    except RecursionError:
        return ""
    return text.encode(errors="replace").decode()
