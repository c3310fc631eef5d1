"""Everything that the loads hold about a person, statement by statement, with where each is from: what the person is shown.

Told are today's and earlier versions of records, of loads that were withdrawn too, whoever may see them; but for what a member noted
in a case of her own, which names nobody by id.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from graph.resolve.difference import attach_entities
from graph.statements.home import Home
from graph.statements.loads import active, loads, open_statements
from ontology.model import CURATOR, LEVELS, MEMBER, ontology
from ontology.statement import DIFFERENT_FROM, SAME_AS, TYPE

MOST = 2_000
"""Statements that are told."""
_QUIET = (TYPE, SAME_AS, DIFFERENT_FROM, "illustrative", "hasIdentifier", "identifierScheme")


@dataclass(frozen=True, slots=True)
class Held:
    """A statement about a person.

    :param event: the class of the event that it is said of, such as a membership; ``None`` where it is said of the person
    :param property: what is said; for an identifier its scheme
    :param value: the value, or the id of what it points to (``target``); of an edge to the person, the id of what names them
    :param visibility: who may see it: the stricter of the property's level and the record's
    :param current: whether it counts today; else it is of an earlier version, or of a load that was withdrawn
    """

    event: str | None
    property: str
    value: str
    target: bool
    names: bool
    visibility: str
    current: bool
    record: str
    source: str
    file: str
    line: int
    load: str
    date: str


@dataclass(frozen=True, slots=True)
class HeldAll:
    """All of it, today's first; ``total`` counts what ``statements`` leaves out too; ``records`` that speak of the person."""

    statements: tuple[Held, ...]
    total: int
    records: int
    mentions: int


def pointing_at_persons() -> list[str]:
    """Properties whose targets are persons."""
    return [prop.name for prop in ontology().properties.values() if prop.range == "Person"]


def event_classes() -> list[str]:
    """Classes of events, and of contact points: what has no sense without its end."""
    return [*(cls.name for cls in ontology().classes.values() if cls.event), "ContactPoint"]


def make_dependents(con: duckdb.DuckDBPyConnection, mentions: str, dependents: str) -> None:
    """Make a table of what stands and falls with a person: events of theirs, and their identifiers.

    An identifier that somebody else has too is none of them.

    :param con: over the statements, see :func:`graph.statements.loads.open_statements`
    :param mentions: a table of the person's mentions (``subject``)
    """
    ends = ", ".join(f"'{name}'" for name in (*pointing_at_persons(), "contactOf"))
    events = ", ".join(f"'{name}'" for name in event_classes())
    con.execute(
        f"""
        CREATE OR REPLACE TABLE {dependents} AS
        SELECT DISTINCT s.subject FROM all_statements s WHERE s.property IN ({ends}) AND s.object IN (SELECT subject FROM {mentions})
            AND s.subject IN (SELECT subject FROM all_statements WHERE property = '{TYPE}' AND value IN ({events}))
        UNION
        SELECT s.object FROM all_statements s WHERE s.property = 'hasIdentifier' AND s.subject IN (SELECT subject FROM {mentions})
        EXCEPT
        SELECT s.object FROM all_statements s WHERE s.property = 'hasIdentifier' AND s.subject NOT IN (SELECT subject FROM {mentions})
        """
    )


def held_about(home: Home, snapshot: Path, person: str) -> HeldAll:
    """What is held about a person.

    :param snapshot: the directory of a publish, whose entities are meant
    :param person: the id of an entity
    """
    with open_statements(home, loads(home)) as con:
        attach_entities(con, snapshot, "entities")
        con.execute(
            "CREATE TABLE own AS SELECT subject FROM entities WHERE entity = $id UNION SELECT $id", {"id": person}
        )
        make_dependents(con, "own", "dependents")
        _mark_current(con, [load.number for load in active(home)])
        rows = con.execute(_ASKED + f" LIMIT {MOST}").fetchall()
        counted = con.execute(f"SELECT count(*), count(DISTINCT record) FROM ({_ASKED})").fetchone()
        mentions = con.execute(
            "SELECT count(DISTINCT subject) FROM all_statements SEMI JOIN own USING (subject)"
        ).fetchone()
    assert counted is not None
    assert mentions is not None
    return HeldAll(tuple(map(_held, rows)), int(counted[0]), int(counted[1]), int(mentions[0]))


def _mark_current(con: duckdb.DuckDBPyConnection, numbers: list[int]) -> None:
    counted = ", ".join(map(str, numbers)) or "NULL"
    con.execute(
        f"CREATE TABLE counting AS SELECT record, max(load) AS load FROM all_records WHERE load IN ({counted}) "
        "GROUP BY record HAVING arg_max(present, load)"
    )


_NOT_TOLD = ", ".join(f"'{name}'" for name in _QUIET)
_ASKED = f"""
    WITH classes AS (
        SELECT subject, any_value(value) AS class FROM all_statements
        WHERE property = '{TYPE}' AND subject IN (SELECT subject FROM dependents) GROUP BY subject
    ), schemes AS (
        SELECT subject, any_value(value) AS scheme FROM all_statements WHERE property = 'identifierScheme' GROUP BY subject
    ), about AS (
        SELECT s.*, NULL AS class, false AS names FROM all_statements s WHERE s.subject IN (SELECT subject FROM own)
        UNION ALL
        SELECT s.*, c.class, false FROM all_statements s JOIN classes c ON c.subject = s.subject
        WHERE s.object IS NULL OR s.object NOT IN (SELECT subject FROM own)
        UNION ALL
        SELECT s.*, NULL, true FROM all_statements s WHERE s.object IN (SELECT subject FROM own)
            AND s.subject NOT IN (SELECT subject FROM own) AND s.subject NOT IN (SELECT subject FROM dependents)
    )
    SELECT CASE WHEN i.scheme IS NULL THEN a.class END AS class, coalesce(i.scheme, a.property) AS property,
        CASE WHEN a.names THEN a.subject ELSE coalesce(a.value, a.object) END AS said, a.names OR a.object IS NOT NULL AS target, a.names,
        r.visibility, k.load IS NOT NULL AS current, a.record, l.source, l.file, r.line, a.load, left(l.instant, 10) AS day,
        a.property AS own_property
    FROM about a JOIN all_records r ON r.record = a.record AND r.load = a.load JOIN loads l ON l.load = a.load
    LEFT JOIN counting k ON k.record = a.record AND k.load = a.load LEFT JOIN schemes i ON i.subject = a.subject
    WHERE a.property NOT IN ({_NOT_TOLD}) AND r.owner IS NULL
    ORDER BY current DESC, class NULLS FIRST, names, property, said, a.load, a.record
"""


def _held(row: tuple[object, ...]) -> Held:
    event, prop, said, target, names, visibility, current, record, source, file, line, load, day, own = row
    known = ontology().properties.get(str(own))
    levels = (str(visibility), known.visibility if known else LEVELS[0])
    strictest = next((level for level in (CURATOR, MEMBER) if level in levels), LEVELS[0])
    return Held(
        None if event is None else str(event), str(prop), str(said), bool(target), bool(names), strictest, bool(current),
        str(record), str(source), str(file or ""), int(str(line or 0)), f"{int(str(load)):06d}", str(day),
    )  # fmt: skip
