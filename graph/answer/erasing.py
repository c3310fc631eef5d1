"""Erasing a person, or one property of anything: what goes, what is left of it as a tombstone, and where it can't be taken from.

Only the plan is made here, and put up; the next publish carries it out (:mod:`graph.statements.scrubbing`, :mod:`graph.views.rewriting`).
"""

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from graph.answer.held import make_dependents
from graph.links.entities import make_entities
from graph.statements.home import Home, HomeError, today
from graph.statements.loads import active, loads, open_statements
from graph.statements.scrubbing import Erasing, begin
from graph.statements.tombstones import (
    REASONS,
    Tombstone,
    add_tombstone,
    new_tombstones,
    read_tombstones,
    tombstone_of,
)
from ontology.errors import Explained
from ontology.model import ontology
from ontology.statement import SAME_AS, TYPE, Statement
from ontology.text import fold

_NAMES = ("name", "alternativeName")
_IDENTIFYING = 8
"""Characters that an identifier has at least which is looked for in texts; a shorter one may mean anything."""


class ErasureError(Explained, ValueError):
    """That can't be erased; the message says why and what can."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an erasure takes.

    :param statements: how many statements go, by the class that they are said of
    :param records: how many records say any of it; ``emptied`` are the ids of those that say nothing else
    :param loads: how many loads are rewritten
    :param staying: records that still speak of a name like it, in texts or of somebody else, which are not touched
    """

    entity: str
    property: str | None
    statements: dict[str, int]
    records: int
    emptied: tuple[str, ...]
    loads: int
    staying: tuple[str, ...]
    erasing: Erasing = field(repr=False)
    said: tuple[Statement, ...] = field(repr=False)
    keys: tuple[tuple[str, str], ...] = field(repr=False)


def plan_erasure(home: Home, identifier: str, prop: str | None = None) -> Plan:
    """Find what stands in the loads of a person, withdrawn loads and earlier versions included; nothing is changed.

    :param identifier: the id of an entity, or of one that was merged into it
    :param prop: where only the values of this property are to go
    :raises ErasureError: where there is no such person or property
    """
    with open_statements(home, active(home)) as con:
        make_entities(con)
        found = con.execute("SELECT entity FROM entities WHERE subject = ?", [identifier]).fetchone()
        if found is None:
            raise ErasureError(_unknown(home, identifier))
        entity = str(found[0])
        mentions = [one for (one,) in con.execute("SELECT subject FROM entities WHERE entity = ?", [entity]).fetchall()]
        counted = [one for (one,) in con.execute("SELECT subject FROM entities").fetchall()]
    with open_statements(home, loads(home)) as con:
        con.execute("CREATE TABLE own AS SELECT unnest($mentions) AS subject", {"mentions": mentions})
        con.execute("CREATE TABLE counted AS SELECT unnest($counted) AS subject", {"counted": counted})
        classes = [one for (one,) in con.execute(_CLASSES).fetchall()]
        if "Person" in classes:
            con.execute(_OF_WITHDRAWN_LOADS)
        elif prop is None:
            raise ErasureError(f"{identifier} is no person; name the property that is to be erased of it")
        return _of_person(con, entity) if prop is None else _of_property(con, entity, prop)


def _unknown(home: Home, identifier: str) -> str:
    stone = tombstone_of(home, identifier)
    return f"{identifier} was erased on {stone.on}" if stone else f"nothing is on record under the id {identifier}"


_CLASSES = f"SELECT DISTINCT value FROM all_statements SEMI JOIN own USING (subject) WHERE property = '{TYPE}'"
_KEYS = """
    SELECT h.subject, i.value AS scheme, v.value AS value FROM all_statements h
    JOIN all_statements i ON i.subject = h.object AND i.property = 'identifierScheme'
    JOIN all_statements v ON v.subject = h.object AND v.property = 'identifierValue' WHERE h.property = 'hasIdentifier'
    UNION SELECT subject, 'email', value FROM all_statements WHERE property = 'email'
"""
"""Who has which identifier or address."""
_OF_WITHDRAWN_LOADS = f"""
    INSERT INTO own SELECT DISTINCT k.subject FROM ({_KEYS}) k
    WHERE k.subject NOT IN (SELECT subject FROM counted)
        AND (k.scheme, lower(k.value)) IN (SELECT (o.scheme, lower(o.value)) FROM ({_KEYS}) o SEMI JOIN own USING (subject))
        AND (k.scheme, lower(k.value)) NOT IN (
            SELECT (o.scheme, lower(o.value)) FROM ({_KEYS}) o SEMI JOIN counted USING (subject) ANTI JOIN own USING (subject))
        AND k.subject IN (SELECT subject FROM all_statements WHERE property = '{TYPE}' AND value = 'Person')
"""
"""Mentions of loads that do not count, so that nothing links them: the same identifier or address is the same person."""
_FALLING = "s.subject IN (SELECT subject FROM going) OR s.object IN (SELECT subject FROM going)"


def _of_person(con: duckdb.DuckDBPyConnection, entity: str) -> Plan:
    make_dependents(con, "own", "dependents")
    con.execute("CREATE TABLE going AS SELECT subject FROM own UNION SELECT subject FROM dependents")
    keys = con.execute(
        f"SELECT DISTINCT scheme, value FROM ({_KEYS}) SEMI JOIN own USING (subject) ORDER BY ALL"
    ).fetchall()
    shared = {
        (scheme, fold(value))
        for scheme, value in con.execute(
            f"SELECT DISTINCT scheme, value FROM ({_KEYS}) ANTI JOIN own USING (subject)"
        ).fetchall()
    }
    # an address that somebody else has too says of nobody who it is
    keys = [(scheme, value) for scheme, value in keys if (scheme, fold(value)) not in shared]
    words = [
        value
        for prop, value in con.execute(
            "SELECT DISTINCT property, value FROM all_statements SEMI JOIN own USING (subject) "
            "WHERE property IN ('name', 'alternativeName', 'telephone') AND value IS NOT NULL ORDER BY ALL"
        ).fetchall()
        # a single syllable is no name by which anybody could be found
        if prop not in _NAMES or len(fold(value).split()) > 1
    ]
    texts = tuple(value for _, value in keys if len(value) >= _IDENTIFYING)
    return _counted(con, entity, None, _FALLING, keys, texts, tuple(words))


def _of_property(con: duckdb.DuckDBPyConnection, entity: str, prop: str) -> Plan:
    if prop in (TYPE, SAME_AS) or prop not in ontology().properties:
        raise ErasureError(f"there is no property {prop} that could be erased")
    con.execute("CREATE TABLE going AS SELECT subject FROM own")
    falling = f"s.property = '{prop}' AND s.subject IN (SELECT subject FROM going)"
    return _counted(con, entity, prop, falling, [], (), ())


def _counted(
    con: duckdb.DuckDBPyConnection,
    entity: str,
    prop: str | None,
    falling: str,
    keys: list[tuple[str, str]],
    texts: tuple[str, ...],
    words: tuple[str, ...],
) -> Plan:
    con.execute(f"CREATE TABLE falling AS SELECT s.* FROM all_statements s WHERE {falling}")
    classes = con.execute(
        f"""
        SELECT coalesce(c.class, 'links'), count(*) FROM falling f LEFT JOIN (
            SELECT subject, any_value(value) AS class FROM all_statements WHERE property = '{TYPE}' GROUP BY subject
        ) c ON c.subject = f.subject GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    records = tuple(one for (one,) in con.execute("SELECT DISTINCT record FROM falling ORDER BY record").fetchall())
    emptied = con.execute(
        "SELECT record FROM (SELECT DISTINCT record FROM falling) ANTI JOIN "
        f"(SELECT DISTINCT record FROM all_statements s WHERE NOT coalesce({falling}, false)) USING (record) ORDER BY record"
    ).fetchall()
    said = con.execute("SELECT DISTINCT subject, property, object, value FROM falling").fetchall() if prop else []
    going = tuple(one for (one,) in con.execute("SELECT subject FROM going ORDER BY subject").fetchall())
    return Plan(
        entity,
        prop,
        dict(classes),
        len(records),
        tuple(one for (one,) in emptied),
        _one(con, "SELECT count(DISTINCT load) FROM falling"),
        _staying(con, falling, words),
        Erasing(going, prop, records, texts, words),
        tuple(Statement(*one) for one in said),
        tuple(keys),
    )


def _one(con: duckdb.DuckDBPyConnection, query: str) -> int:
    row = con.execute(query).fetchone()
    return int(row[0]) if row else 0


def _staying(con: duckdb.DuckDBPyConnection, falling: str, words: Iterable[str]) -> tuple[str, ...]:
    """Records of sources that hold such a name elsewhere: in a text, or as the name of somebody else."""
    found: set[str] = set()
    for word in words:
        # the names of others and what offices wrote: nobody but a reader can tell whom it means
        rows = con.execute(
            f"""
            SELECT DISTINCT s.record FROM all_statements s JOIN loads l ON l.load = s.load
            WHERE contains(lower(s.value), lower($word)) AND NOT coalesce({falling}, false)
                AND s.property NOT IN ('telephone', 'contactValue') AND l.kind NOT IN ('case', 'published-case')
            ORDER BY ALL LIMIT 100
            """,
            {"word": word},
        ).fetchall()
        found |= {record for (record,) in rows}
    return tuple(sorted(found))


def put_up(home: Home, plan: Plan, reason: str, note: str | None = None) -> Tombstone:
    """Put up the tombstone and write down what is to go; whoever calls this publishes next.

    :param reason: a code of :data:`graph.statements.tombstones.REASONS`
    :param note: the reason in words, for curators alone
    :raises ErasureError: where the reason is none, or names who is to be forgotten
    :raises graph.statements.home.HomeError: where the disk is full or can't be written
    """
    if reason not in REASONS:
        raise ErasureError(f"a reason is one of {', '.join(REASONS)}")
    spoken = fold(note or "")
    if any(fold(word) in spoken for word in (*plan.erasing.texts, *plan.erasing.words) if fold(word)):
        raise ErasureError("the reason names what is to be forgotten; say it without")
    try:
        with home.lock("loads"):
            known = read_tombstones(home) or new_tombstones()
            ids = [*(known.of_id(one) for one in plan.erasing.mentions)] if plan.property is None else []
            ids += [known.of_statement(said) for said in plan.said]
            keys = [known.of_key(scheme, value) for scheme, value in plan.keys]
            if plan.property is None:
                ids += [known.of_id(f"record/{one}") for one in plan.emptied]
                keys += [known.of_text(text) for text in (*plan.erasing.texts, *plan.erasing.words)]
                keys += [known.of_text(value) for _, value in plan.keys]
            stone = Tombstone(today(), reason, note or None, plan.property, frozenset(ids), frozenset(keys))
            # in this order: without the second the person is still found, and can be erased again
            add_tombstone(home, known, stone)
            begin(home, plan.erasing)
    except OSError as error:
        raise HomeError(f"nothing was erased: {error}") from None
    return stone


def left_elsewhere(home: Home, plan: Plan) -> list[str]:
    """Files below the home that are not Ketnoi's to rewrite and still hold a name, number or address of it."""
    words = [word.encode() for word in (*plan.erasing.texts, *plan.erasing.words)]
    found = []
    for part in ("sample", "uploads"):
        for path in sorted((home.path / part).rglob("*")):
            if path.is_file() and any(word in content for content in _contents(path) for word in words):
                found.append(str(path.relative_to(home.path)))
    return found


def _contents(path: Path) -> Iterable[bytes]:
    """What a file holds, of a spreadsheet its parts."""
    if not zipfile.is_zipfile(path):
        return [path.read_bytes()]
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name) for name in archive.namelist()]
