"""Publish: the difference between the table that stands and the one that the statements give, applied to each view, then one switch.

Dataset, index and arrays are prepared beside the old ones; the commit of the snapshot node in Neo4j is the switch. A first build, or a
difference too large for one transaction, goes by Neo4j's offline import into a second store that is switched to. One publish at a time
holds the home's lock; writes that arrive meanwhile share the next. An erasure that was begun is carried out first, and then everything is
made from nothing.
"""

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import duckdb
import neo4j

from graph.links.entities import make_entities
from graph.resolve.difference import bring_entities, make_difference
from graph.resolve.publish_log import note_published
from graph.resolve.snapshots import (
    COUNTED,
    Snapshot,
    attach_table,
    directory,
    parameters,
    published,
    read_snapshot,
    segments,
    snapshot_id,
    sweep,
    triple_sums,
    write_segment,
    write_snapshot,
)
from graph.resolve.table import make_facts, make_table
from graph.statements.home import Home, HomeError, now, sync_directory
from graph.statements.load_writing import sweep as sweep_loads
from graph.statements.load_writing import write_load
from graph.statements.loads import Origin, active, loads, open_statements
from graph.statements.scrubbing import begun, finish, scrub
from graph.views import array_building, property_graph, rdf, search
from graph.views.array_files import CountedBeside
from graph.views.engine import Engine
from graph.views.rewriting import forget_erased
from ontology.schemes import SCHEMES_SOURCE, files_hash, read_turtle, scheme_files
from ontology.statement import Item

ONE_TRANSACTION = 200_000
"""Rows of a difference that one transaction of Neo4j takes in reasonable time and memory."""
_MOST_SEGMENTS = 24
_NO_ROOM = (duckdb.IOException, duckdb.TransactionException, duckdb.OutOfMemoryException, duckdb.FatalException)
"""What DuckDB raises where a file can't be written: at once, in a commit, for its temporary files, or after one of these."""
Progress = Callable[[str], None]


def load_schemes(home: Home) -> None:
    """Load the shipped schemes and law where their files changed since they were last loaded."""
    mark = files_hash()
    if any(
        load.source == SCHEMES_SOURCE and load.sha256 == mark and load.withdrawn is None
        for load in reversed(loads(home))
    ):
        return

    def items() -> "list[Item]":
        return [record for path in scheme_files() for record in read_turtle(path)]

    origin = Origin(SCHEMES_SOURCE, "scheme", "scheme", "ontology", mark, "Apache-2.0", whole=True)
    write_load(home, origin, items())


def publish(home: Home, engine: Engine, rebuild: bool = False, progress: Progress | None = None) -> Snapshot:
    """Bring all views to what the statements say now.

    :param rebuild: make everything from nothing, whatever stands
    :param progress: called with a word for each step
    :return: the snapshot that is served afterwards; the old one where nothing changed
    :raises graph.statements.home.HomeError: where the disk is full
    :raises graph.views.neo4j_connection.GraphUnavailable: where Neo4j can't be reached
    """
    say = progress or (lambda step: None)
    try:
        with home.lock("publish"):
            return _publish(home, engine, rebuild, say)
    except (OSError, *_NO_ROOM) as error:
        raise HomeError(f"nothing was published, and what was published before is served: {error}") from None


def _publish(home: Home, engine: Engine, rebuild: bool, say: Progress) -> Snapshot:
    erasing = begun(home)
    for one in erasing:
        say("erasing")
        scrub(home, one)
    done = _brought_up(home, engine, rebuild or bool(erasing), say)
    with suppress(OSError):  # it is published all the same; the next publish notes it
        note_published(home, done)
    if erasing:
        say("older snapshots")
        forget_erased(home, done.number, erasing)
        finish(home, erasing)
    return done


def _brought_up(home: Home, engine: Engine, rebuild: bool, say: Progress) -> Snapshot:
    engine.recover()
    sweep_loads(home)
    load_schemes(home)
    current = engine.current()
    old = read_snapshot(home, current) if current else None
    sweep(home, old.number if old else 0)
    rebuild = rebuild or (old is not None and old.parameters != parameters())
    counted = active(home)
    numbers = {load.number for load in counted}
    if old:
        note_published(home, old)  # a publish that was killed after its switch has not written it
    if old and not rebuild and set(old.loads) == numbers:
        return old
    number = max([*published(home), old.number if old else 0]) + 1
    prepared, work = home.snapshots / f".{number:06d}", home.snapshots / f".work-{number:06d}"
    for path in (prepared, work):
        path.mkdir()
    try:
        snapshot = Snapshot(
            number,
            "",
            (0, 0),
            now().isoformat(),
            max(numbers, default=0),
            tuple(sorted(numbers)),
            (),
            parameters=parameters(),
        )
        if old and not rebuild:
            with open_statements(home, counted, _beside(work, "difference")) as con:
                done = _Publication(home, engine, con, prepared, work, say).change(snapshot, old)
            if done:
                return done
        with open_statements(home, counted, _beside(work, "build")) as con:
            return _Publication(home, engine, con, prepared, work, say).build(snapshot)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        shutil.rmtree(prepared, ignore_errors=True)


def _beside(work: Path, name: str) -> Path:
    path = work / name
    path.mkdir()
    return path


class _Publication:
    """One publish on its way."""

    def __init__(
        self, home: Home, engine: Engine, con: duckdb.DuckDBPyConnection, prepared: Path, work: Path, say: Progress
    ) -> None:
        self.home, self.engine, self.con, self.prepared, self.work, self.say = home, engine, con, prepared, work, say

    def build(self, snapshot: Snapshot) -> Snapshot:
        """Everything from nothing."""
        con, say = self.con, self.say
        say("entities")
        make_entities(con)
        say("facts")
        make_facts(con)
        say("table")
        make_table(con)
        name = f"{snapshot.number:06d}"
        write_segment(con, self.home, name, None)
        sums = triple_sums(con, "resolved", rdf.triple_text())
        snapshot = replace(snapshot, sums=sums, snapshot=snapshot_id(sums), segments=(name,))
        say("dataset")
        quads = rdf.write_files(con, self.work)
        with ThreadPoolExecutor(max_workers=2, thread_name_prefix="views") as beside:
            # dataset and property graph are loaded by another core while the rest is made
            dataset = beside.submit(rdf.load_files, self.prepared / "rdf", quads)
            say("property graph")
            tables = self.work / "import"
            tables.mkdir()
            nodes, edges = property_graph.write_import_files(con, tables)
            snapshot = replace(snapshot, nodes=nodes, edges=edges)
            graph = beside.submit(self.engine.prepare, tables)
            say("search")
            search.build(con, "resolved", self.prepared / "search")
            say("arrays")
            array_building.build(con, "resolved", self.prepared / "arrays", CountedBeside(self.prepared / COUNTED))
            say("import")
            store = graph.result()
            say("dataset's end")
            dataset.result()
        self._finish(snapshot, None)
        say("switch")
        self.engine.switch(store, tables, snapshot.node())
        return snapshot

    def change(self, snapshot: Snapshot, old: Snapshot) -> Snapshot | None:
        """The difference to what stands, or ``None`` where it is too large for that."""
        con, home = self.con, self.home
        standing = directory(home, old.number)
        attach_table(con, home, old, "standing_all")
        self.say("entities")
        little = bring_entities(con, home, old, standing, set(snapshot.loads))
        self.say("difference")
        make_difference(con, home, old, set(snapshot.loads))
        rows = con.execute("SELECT (SELECT count(*) FROM removed) + (SELECT count(*) FROM added)").fetchone()
        if rows is None or rows[0] > ONE_TRANSACTION or len(old.segments) >= _MOST_SEGMENTS:
            return None
        name = f"{snapshot.number:06d}"
        write_segment(con, home, name, "units")
        lost, won = triple_sums(con, "removed", rdf.triple_text()), triple_sums(con, "added", rdf.triple_text())
        # a row whose sources alone changed is in both, so the sums stay those of the triples
        sums = ((old.sums[0] - lost[0] + won[0]) % 2**64, (old.sums[1] - lost[1] + won[1]) % 2**64)
        nodes, edges = self._counts(old)
        snapshot = replace(
            snapshot, sums=sums, snapshot=snapshot_id(sums), segments=(*old.segments, name), nodes=nodes, edges=edges
        )
        self.say("dataset")
        rdf.copy_closed(standing / "rdf", self.prepared / "rdf")
        rdf.change(con, self.prepared / "rdf", self.work, "removed", "added", "touched", "touched_facts")
        self.say("search")
        search.copy_closed(standing / "search", self.prepared / "search")
        search.change(con, self.prepared / "search", "resolved", search.changed_nodes(con))
        self.say("arrays")
        attach_table(con, home, snapshot, "resolved_now")
        counted = CountedBeside(self.prepared / COUNTED, standing / COUNTED)
        array_building.change(con, "resolved_now", standing / "arrays", self.prepared / "arrays", counted)
        gone = [entity for (entity,) in con.execute("SELECT entity FROM gone_nodes").fetchall()]
        changed = list(property_graph.node_rows(con, "resolved", "changed_nodes"))
        lost_edges, won_edges = property_graph.edge_rows(con, "removed"), property_graph.edge_rows(con, "added")
        self._finish(snapshot, standing if little else None)
        self.say("switch")

        def apply(tx: neo4j.Transaction) -> None:
            property_graph.remove_edges(tx, lost_edges)
            property_graph.remove_nodes(tx, gone)
            property_graph.write_nodes(tx, changed)
            property_graph.write_edges(tx, won_edges)
            property_graph.write_snapshot(tx, snapshot.node())

        self.engine.commit(apply, snapshot.number)
        return snapshot

    def _counts(self, old: Snapshot) -> tuple[int, int]:
        row = self.con.execute(
            "SELECT (SELECT count(DISTINCT entity) FROM resolved WHERE property = 'type' AND entity IN (SELECT entity FROM changed_nodes)) "
            "- (SELECT count(DISTINCT entity) FROM before WHERE property = 'type' AND entity IN (SELECT entity FROM changed_nodes)), "
            "(SELECT count(*) FROM added WHERE object IS NOT NULL) - (SELECT count(*) FROM removed WHERE object IS NOT NULL)"
        ).fetchone()
        assert row is not None
        return old.nodes + row[0], old.edges + row[1]

    def _finish(self, snapshot: Snapshot, base: Path | None) -> None:
        """Complete the directory of the publish and rename it into place; it is served once Neo4j names it.

        :param base: the publish whose entities stay, but for those that moved
        """
        target = str(self.prepared).replace("'", "''")
        form = "(FORMAT parquet, COMPRESSION zstd)"
        if base is None:
            self.con.execute(f"COPY entities TO '{target}/entities.parquet' {form}")
            self.con.execute(f"COPY (SELECT * FROM entities LIMIT 0) TO '{target}/entities-extra.parquet' {form}")
        else:
            os.link(base / "entities.parquet", self.prepared / "entities.parquet")
            extra = str(base / "entities-extra.parquet").replace("'", "''")
            self.con.execute(
                f"COPY (SELECT subject, entity FROM read_parquet('{extra}') WHERE subject NOT IN (SELECT subject FROM moved) UNION ALL "
                f"SELECT subject, after FROM moved) TO '{target}/entities-extra.parquet' {form}"
            )
        write_snapshot(self.prepared, snapshot)
        for path in (segments(self.home), self.prepared):
            sync_directory(path)
        final = directory(self.home, snapshot.number)
        self.prepared.rename(final)
        sync_directory(self.home.snapshots)
