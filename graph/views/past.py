"""Snapshots as they were known up to a past day: resolved from the loads of then into views of their own, cached in the home.

The loads up to a past day never change (a load that is withdrawn later counted then), so what was made for a day stays right. Two days
with the same loads share one snapshot. The ontology is today's: what may be said, which value wins, and what is private.
"""

import os
import shutil
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import duckdb

from graph.links.entities import make_entities
from graph.resolve.snapshots import Snapshot, parameters, snapshot_id, triple_sums, write_snapshot
from graph.resolve.table import make_facts, make_table
from graph.statements.home import Home, HomeError, end_of_day
from graph.statements.loads import Load, active, loads, open_statements
from graph.statements.tombstones import read_tombstones
from graph.views import array_building, rdf, search
from graph.views.errors import NothingKnown
from ontology.schemes import SCHEMES_SOURCE
from ontology.statement import TYPE

_MOST = 5
"""Past snapshots that stay on disk; the one that was asked for longest ago goes first."""
Progress = Callable[[str], None]


def loads_known(home: Home, day: str) -> list[Load]:
    """The loads that counted at the end of a day in Vietnam.

    The schemes are the program's own: where none were loaded by then, the first that ever were count too, so that records speak of
    concepts and not of bare codes.

    :param day: an ISO date
    :raises NothingKnown: where there are none
    """
    counted = active(home, end_of_day(day))
    if all(load.source == SCHEMES_SOURCE for load in counted):
        raise NothingKnown(f"nothing was known on {day}: no load that counted is as old as that")
    if not any(load.source == SCHEMES_SOURCE for load in counted):
        counted += [load for load in loads(home) if load.source == SCHEMES_SOURCE][:1]
    return counted


class PastSnapshots:
    """The past snapshots of a home.

    :param most: how many stay on disk
    """

    def __init__(self, home: Home, most: int = _MOST) -> None:
        self._home, self._most = home, most
        self.loads_of = lru_cache(maxsize=1000)(self._loads_of)

    def _loads_of(self, day: str) -> tuple[int, ...]:
        """Numbers of the loads that counted at the end of a past day, in order; see :func:`loads_known`."""
        # who is at acknowledging a load has given it its instant, maybe of that day, and has not renamed it yet
        with self._home.lock("loads"):
            return tuple(sorted(load.number for load in loads_known(self._home, day)))

    def _path(self, day: str) -> Path:
        # what was erased since is not there either, and nobody is to go on reading from where it was
        said = f"{self.loads_of(day)} {sorted(parameters().items())} {len(read_tombstones(self._home) or ())}"
        return self._home.past / sha256(said.encode()).hexdigest()[:32]

    def find(self, day: str) -> Path | None:
        """The directory of the snapshot of a past day, or ``None`` where it has to be made.

        :raises NothingKnown: where nothing was known on that day
        """
        path = self._path(day)
        try:
            os.utime(path)
        except FileNotFoundError:
            return None
        return path

    def make(self, day: str, progress: Progress | None = None) -> Path:
        """Make the snapshot of a past day where there is none; one at a time in a home.

        :param progress: called with a word for each step
        :raises NothingKnown: where nothing was known on that day
        :raises graph.statements.home.HomeError: where the disk is full
        """
        with self._home.lock("past"):
            found = self.find(day)
            if found is None:
                self._sweep()
                found = self._path(day)
                self._make(found, day, progress or (lambda step: None))
                self._trim()
            return found

    def _make(self, path: Path, day: str, say: Progress) -> None:
        prepared, work = self._home.past / f".{path.name}", self._home.past / f".work-{path.name}"
        for directory in (prepared, work):
            directory.mkdir()
        try:
            numbers = set(self.loads_of(day))
            counted = [load for load in loads(self._home) if load.number in numbers]
            with open_statements(self._home, counted, work) as con:
                build_views(con, prepared, work, say)
            prepared.rename(path)
        except (OSError, duckdb.IOException) as error:
            raise HomeError(f"the snapshot of {day} was not made: {error}") from None
        finally:
            shutil.rmtree(work, ignore_errors=True)
            shutil.rmtree(prepared, ignore_errors=True)

    def _sweep(self) -> None:
        """Drop what a crash left half-made."""
        for path in self._home.past.glob(".*"):
            shutil.rmtree(path, ignore_errors=True)

    def _trim(self) -> None:
        found = [path for path in self._home.past.iterdir() if not path.name.startswith(".")]
        for path in sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)[self._most :]:
            self._drop(path)

    def _drop(self, path: Path) -> None:
        # first out of sight, so that nobody opens what is half gone; who has it open reads on
        gone = path.with_name(f".gone-{path.name}")
        path.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def forget(self) -> None:
        """Drop all of them: what they were made of has been rewritten."""
        with self._home.lock("past"):
            self.loads_of.cache_clear()
            self._sweep()
            for path in self._home.past.iterdir():
                self._drop(path)


def build_views(con: duckdb.DuckDBPyConnection, target: Path, work: Path, say: Progress) -> None:
    """Make dataset, search and arrays, as a publish from nothing makes them; there is no property graph of the past.

    :param con: over the loads that count, see :func:`graph.statements.loads.open_statements`
    :param target: where they are made
    :param work: a directory for what is needed meanwhile
    """
    say("entities")
    make_entities(con)
    say("table")
    make_facts(con)
    make_table(con)
    say("dataset")
    rdf.load_files(target / "rdf", rdf.write_files(con, work))
    say("search")
    search.build(con, "resolved", target / "search")
    say("arrays")
    array_building.build(con, "resolved", target / "arrays")
    form = "(FORMAT parquet, COMPRESSION zstd)"
    con.execute(f"COPY entities TO '{_quoted(target)}/entities.parquet' {form}")
    con.execute(f"COPY (SELECT * FROM entities LIMIT 0) TO '{_quoted(target)}/entities-extra.parquet' {form}")
    write_snapshot(target, _described(con))


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _described(con: duckdb.DuckDBPyConnection) -> Snapshot:
    sums = triple_sums(con, "resolved", rdf.triple_text())
    numbers = tuple(number for (number,) in con.execute("SELECT load FROM loads ORDER BY load").fetchall())
    instant = con.execute("SELECT max(instant) FROM loads").fetchall()[0][0]
    nodes, edges = con.execute(
        f"SELECT count(DISTINCT entity) FILTER (property = '{TYPE}'), count(*) FILTER (object IS NOT NULL) FROM resolved"
    ).fetchall()[0]
    return Snapshot(0, snapshot_id(sums), sums, instant, numbers[-1], numbers, (), nodes, edges, parameters())
