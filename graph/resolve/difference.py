"""Which part of the table a publish has to make anew, and how it differs from what stands."""

from pathlib import Path

import duckdb

from graph.resolve.snapshots import Snapshot
from graph.resolve.table import COLUMNS, make_facts, make_table
from graph.statements.home import Home


def _files(home: Home, loads: set[int], name: str) -> str:
    paths = [str(home.loads / f"{load:06d}" / name).replace("'", "''") for load in sorted(loads)]
    return "[" + ", ".join(f"'{path}'" for path in paths) + "]"


def make_difference(con: duckdb.DuckDBPyConnection, home: Home, old: Snapshot, old_entities: Path, counted: set[int]) -> None:
    """Make ``resolved`` for all units that may have changed, and the tables ``removed`` and ``added`` against what stands.

    Also made: ``units(unit)``, what ``resolved`` replaces; ``touched(record)``, the records whose graphs are made anew; and
    ``touched_facts``, what they say.

    :param con: with the views of the statements, ``entities``, and ``standing_all``, the resolved table of ``old``
    :param old_entities: the mentions and entities of ``old``
    :param counted: numbers of the loads that count now
    """
    differing = counted.symmetric_difference(old.loads)
    con.execute(
        f"""
        CREATE TABLE changed_records AS SELECT DISTINCT record FROM read_parquet({_files(home, differing, 'records.parquet')});
        CREATE TABLE old_entities AS SELECT * FROM read_parquet('{str(old_entities).replace("'", "''")}');
        CREATE TABLE moved AS
            SELECT coalesce(o.subject, n.subject) AS subject, o.entity AS before, n.entity AS after
            FROM old_entities o FULL JOIN entities n ON o.subject = n.subject WHERE o.entity IS DISTINCT FROM n.entity;
        CREATE TABLE every_statement AS
            SELECT DISTINCT record, subject, object FROM read_parquet({_files(home, counted | set(old.loads), 'statements.parquet')})
            WHERE record IN (SELECT record FROM changed_records) OR subject IN (SELECT subject FROM moved)
                OR object IN (SELECT subject FROM moved);
        CREATE TABLE touched AS
            SELECT record FROM changed_records UNION SELECT DISTINCT record FROM every_statement;
        CREATE TABLE affected AS
            SELECT DISTINCT entity FROM (
                SELECT before AS entity FROM moved UNION ALL SELECT after FROM moved UNION ALL
                SELECT coalesce(n.entity, e.subject) FROM every_statement e LEFT JOIN entities n ON n.subject = e.subject UNION ALL
                SELECT o.entity FROM every_statement e JOIN old_entities o ON o.subject = e.subject
            ) WHERE entity IS NOT NULL;
        CREATE TABLE units AS
            SELECT entity AS unit FROM affected UNION SELECT 'record/' || record FROM touched
            UNION SELECT DISTINCT unit FROM standing_all WHERE starts_with(unit, 'bare/') OR starts_with(unit, 'source/');
        CREATE VIEW standing AS SELECT * FROM standing_all WHERE unit NOT IN (SELECT unit FROM units);
        """
    )
    make_facts(con, "facts", "coalesce(m.entity, s.subject) IN (SELECT entity FROM affected)")
    make_table(con, "touched", "standing")
    con.execute("INSERT INTO units SELECT DISTINCT unit FROM resolved WHERE unit NOT IN (SELECT unit FROM units)")
    make_facts(con, "touched_facts", "s.record IN (SELECT record FROM touched)")
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
