"""Which part of the table a publish has to make anew, and how it differs from what stands."""

from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from graph.links.entities import extend_entities, make_entities
from graph.resolve.snapshots import Snapshot
from graph.resolve.table import COLUMNS, make_facts, make_table
from graph.statements.home import Home
from ontology.model import ontology
from ontology.statement import TYPE

_LITTLE = 20_000
"""Statements that may be added before all entities are made anew."""


def _files(home: Home, loads: set[int], name: str) -> str:
    paths = [str(home.loads / f"{load:06d}" / name).replace("'", "''") for load in sorted(loads)]
    return "[" + ", ".join(f"'{path}'" for path in paths) + "]"


def _rows_in(home: Home, loads: set[int]) -> int:
    paths = [home.loads / f"{load:06d}" / "statements.parquet" for load in loads]
    return sum(int(pq.read_metadata(path).num_rows) for path in paths)


def attach_entities(con: duckdb.DuckDBPyConnection, snapshot: Path, table: str) -> None:
    """Make a table of the entities of a publish: a base, and what later publishes decided otherwise."""
    base, extra = (str(snapshot / name).replace("'", "''") for name in ("entities.parquet", "entities-extra.parquet"))
    con.execute(
        f"CREATE TABLE {table} AS SELECT subject, entity FROM read_parquet('{base}') WHERE subject NOT IN "
        f"(SELECT subject FROM read_parquet('{extra}')) UNION ALL SELECT subject, entity FROM read_parquet('{extra}')"
    )


def bring_entities(
    con: duckdb.DuckDBPyConnection, home: Home, old: Snapshot, snapshot: Path, counted: set[int]
) -> bool:
    """Make ``entities`` as they are now, and ``moved``, what is another entity than in ``old``.

    :param snapshot: the directory of the publish ``old``
    :return: whether only little was added, so that ``moved`` is all that differs from the old base
    """
    added = counted - set(old.loads)
    if counted >= set(old.loads) and _rows_in(home, added) <= _LITTLE:
        attach_entities(con, snapshot, "entities")
        listed = ", ".join(map(str, sorted(added)))
        con.execute(f"CREATE TABLE added_statements AS SELECT * FROM all_statements WHERE load IN ({listed or 'NULL'})")
        if extend_entities(con, "added_statements", added):
            return True
        con.execute("ALTER TABLE entities RENAME TO old_entities")
    else:
        attach_entities(con, snapshot, "old_entities")
    make_entities(con)
    con.execute(
        """
        CREATE OR REPLACE TABLE moved AS
        SELECT coalesce(o.subject, n.subject) AS subject, o.entity AS before, n.entity AS after
        FROM old_entities o FULL JOIN entities n ON o.subject = n.subject WHERE o.entity IS DISTINCT FROM n.entity
        """
    )
    return False


def _affect_rivals(con: duckdb.DuckDBPyConnection) -> None:
    """Add to ``affected`` what competing answers are about and all who answer: one answer's claims depend on the others."""
    for cls in ontology().classes.values():
        if not cls.competes_on:
            continue
        con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE answering AS
            SELECT entity, object FROM standing_all WHERE property = '{cls.competes_on[0]}' AND entity IN
                (SELECT entity FROM standing_all WHERE property = '{TYPE}' AND value = '{cls.name}');
            INSERT INTO affected SELECT DISTINCT object FROM answering WHERE entity IN (SELECT entity FROM affected)
                AND object NOT IN (SELECT entity FROM affected);
            INSERT INTO affected SELECT DISTINCT entity FROM answering WHERE object IN (SELECT entity FROM affected)
                AND entity NOT IN (SELECT entity FROM affected);
            """
        )


def make_difference(con: duckdb.DuckDBPyConnection, home: Home, old: Snapshot, counted: set[int]) -> None:
    """Make ``resolved`` for all units that may have changed, and the tables ``removed`` and ``added`` against what stands.

    Also made: ``units(unit)``, what ``resolved`` replaces; ``touched(record)``, the records whose graphs are made anew; and
    ``touched_facts``, what they say. Afterwards ``said`` holds only what was needed for that.

    :param con: with the views of the statements, ``entities``, ``moved``, and ``standing_all``, the resolved table of ``old``
    :param counted: numbers of the loads that count now
    """
    differing = counted.symmetric_difference(old.loads)
    every = counted | set(old.loads)
    con.execute(
        f"CREATE TABLE changed_records AS SELECT DISTINCT record FROM read_parquet({_files(home, differing, 'records.parquet')})"
    )
    settled = con.execute("SELECT count(*) FROM moved WHERE before IS NOT NULL").fetchall()[0][0] == 0
    if settled:
        # new mentions are spoken of in changed records only, so only their loads are searched
        spoken = con.execute(
            "SELECT DISTINCT load FROM all_records WHERE record IN (SELECT record FROM changed_records)"
        ).fetchall()
        every = {load for (load,) in spoken} | differing
    con.execute(
        f"""
        CREATE TABLE every_statement AS
            SELECT DISTINCT record, subject FROM read_parquet({_files(home, every, "statements.parquet")})
            WHERE record IN (SELECT record FROM changed_records) OR subject IN (SELECT subject FROM moved)
                OR object IN (SELECT subject FROM moved);
        CREATE TABLE touched AS
            SELECT record FROM changed_records UNION SELECT DISTINCT record FROM every_statement;
        CREATE TABLE affected AS
            SELECT DISTINCT entity FROM (
                SELECT before AS entity FROM moved UNION ALL SELECT after FROM moved UNION ALL
                SELECT coalesce(n.entity, e.subject) FROM every_statement e LEFT JOIN entities n ON n.subject = e.subject
            ) WHERE entity IS NOT NULL;
        """
    )
    _affect_rivals(con)
    con.execute(
        """
        CREATE TABLE units AS
            SELECT entity AS unit FROM affected UNION SELECT 'record/' || record FROM touched
            UNION SELECT DISTINCT unit FROM standing_all WHERE starts_with(unit, 'bare/') OR starts_with(unit, 'source/');
        CREATE VIEW standing AS SELECT * FROM standing_all WHERE unit NOT IN (SELECT unit FROM units);
        CREATE TABLE spoken_of AS
            SELECT subject FROM entities WHERE entity IN (SELECT entity FROM affected) UNION SELECT entity FROM affected;
        CREATE TABLE part AS
            SELECT * FROM all_statements WHERE subject IN (SELECT subject FROM spoken_of) OR record IN (SELECT record FROM touched);
        CREATE OR REPLACE VIEW said AS
            SELECT s.* FROM part s JOIN versions v ON s.record = v.record AND s.load = v.load WHERE v.present;
        """
    )
    make_facts(con, "facts", "coalesce(m.entity, s.subject) IN (SELECT entity FROM affected)")
    make_facts(con, "touched_facts", "s.record IN (SELECT record FROM touched)")
    make_table(con, "touched_facts", "standing")
    con.execute("INSERT INTO units SELECT DISTINCT unit FROM resolved WHERE unit NOT IN (SELECT unit FROM units)")
    con.execute(
        f"""
        CREATE TABLE before AS SELECT {COLUMNS} FROM standing_all WHERE unit IN (SELECT unit FROM units);
        CREATE TABLE removed AS SELECT * FROM before EXCEPT SELECT {COLUMNS} FROM resolved;
        CREATE TABLE added AS SELECT {COLUMNS} FROM resolved EXCEPT SELECT * FROM before;
        CREATE TABLE changed_nodes AS
            SELECT DISTINCT entity FROM (SELECT entity, object FROM removed UNION ALL SELECT entity, object FROM added) WHERE object IS NULL;
        CREATE TABLE gone_nodes AS
            SELECT entity FROM changed_nodes WHERE entity NOT IN (SELECT entity FROM resolved WHERE property = 'type');
        """
    )
