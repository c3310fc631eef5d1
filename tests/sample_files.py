"""The sample's own files read plainly, as a person with a spreadsheet would, and which id in the graph stands for which line.

What a test expects of a question is worked out from these rows; nothing here goes through loaders or queries of the program,
but for the ids: a name or a code is looked up once, so that expected rows can be written down.
"""

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox
from openpyxl import load_workbook

from graph.statements.home import Home
from graph.views.engine import Engine
from graph.views.neo4j_connection import PropertyGraph
from graph.views.reading import SnapshotViews

Row = Mapping[str, str]


@dataclass(frozen=True)
class Published:
    """A published sample as named questions read it."""

    views: SnapshotViews
    graph: PropertyGraph
    files: "SampleFiles"

    @property
    def snapshot(self) -> str:
        return self.views.snapshot

    @property
    def store(self) -> ox.Store:
        return self.views.store

    @property
    def names(self) -> SnapshotViews:
        return self.views


@contextmanager
def published(directory: Path) -> Iterator[Published]:
    """Open what a home has published."""
    home = Home(directory)
    engine = Engine(home)
    number = engine.current()
    assert number is not None
    yield Published(SnapshotViews(home, number), engine.graph, SampleFiles(directory, engine.graph))
    engine.close()


def day(text: str) -> str | None:
    """31/12/2020 → 2020-12-31; XLSX cells are days already."""
    if "/" not in text:
        return text or None
    date, month, year = text.split("/")
    return f"{year}-{month}-{date}"


def million(text: str) -> int:
    """1.250,5 million dong → dong; an empty cell is nothing."""
    plain = text.replace(".", "").replace(",", ".") if "," in text or text.count(".") > 1 else text
    return round(float(plain or 0) * 1_000_000)


def several(text: str) -> list[str]:
    """The members of a cell of several."""
    return [part.strip() for part in text.split(";") if part.strip()]


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)


class SampleFiles:
    """Tables by the name of their file, and ids by what the files call things."""

    def __init__(self, home: Path, graph: PropertyGraph) -> None:
        self._directory, self._graph = home / "sample", graph
        self._tables: dict[str, list[Row]] = {}

    def table(self, name: str) -> list[Row]:
        """The rows of a table."""
        if name not in self._tables:
            text = self._directory / f"{name}.csv"
            self._tables[name] = _csv(text) if text.exists() else _xlsx(self._directory / f"{name}.xlsx")
        return self._tables[name]

    def tasks(self) -> list[Row]:
        """Both registers."""
        return [*self.table("nhiem-vu-khcn-2016-2020"), *self.table("nhiem-vu-khcn-2021-2026")]

    def technologies(self) -> list[Row]:
        return [*self.table("cong-nghe-truong-vien"), *self.table("cong-nghe-doanh-nghiep")]

    @cached_property
    def _named(self) -> dict[str, list[set[str]]]:
        """Every spelling to the ids of what bears it as its name, as another name, as an acronym."""
        found: dict[str, list[set[str]]] = {}
        for rank, names in enumerate(("[n.name_vi, n.name_en]", "n.alternativeName_vi", "n.acronym")):
            query = f"MATCH (n:Entity) WHERE NOT n:Concept UNWIND {names} AS name WITH n, name WHERE name IS NOT NULL "
            for name, identifier in self._graph.read(query + "RETURN DISTINCT name, n.id")[1]:
                found.setdefault(name, [set(), set(), set()])[rank].add(identifier)
        return found

    @cached_property
    def _numbered(self) -> dict[tuple[str, str], str]:
        query = "MATCH (n:Entity) WHERE n.number IS NOT NULL UNWIND labels(n) AS class RETURN class, n.number, n.id"
        return {(cls, number): identifier for cls, number, identifier in self._graph.read(query)[1]}

    @cached_property
    def _coded(self) -> dict[tuple[str, str], str]:
        query = "MATCH (n)-[:HAS_IDENTIFIER]->(i) RETURN i.identifierScheme, i.identifierValue, n.id"
        return {(scheme, value): identifier for scheme, value, identifier in self._graph.read(query)[1]}

    def body(self, name: str) -> str | None:
        """The id of the one body that is called so, else of the one that is also called so; none for an empty cell."""
        if not name:
            return None
        (identifier,) = next(found for found in self._named[name] if found)
        return identifier

    def numbered(self, cls: str, number: str) -> str:
        """The id of a node by its number."""
        return self._numbered[cls, number]

    def coded(self, scheme: str, code: str) -> str:
        """The id of what carries a code: expert-code, result-code, technology-code, task-code."""
        return self._coded[scheme, code]


def _csv(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [_without_thousands(row) for row in csv.DictReader(file)]


def _xlsx(path: Path) -> list[Row]:
    """Above the header stand titles and an empty row."""
    book = load_workbook(path)
    sheet = book.active
    assert sheet is not None
    lines = [[_cell(value) for value in line] for line in sheet.iter_rows(values_only=True)]
    book.close()
    top = next(at for at, line in enumerate(lines) if not any(line)) + 1
    return [dict(zip(lines[top], line, strict=True)) for line in lines[top + 1 :]]


def _without_thousands(row: Row) -> Row:
    """Money of the CSV files is written 1.250,5; everything else stays."""
    return {
        header: cell.replace(".", "") if "triệu đồng" in (header or "") and "," not in cell else cell
        for header, cell in row.items()
    }
