"""Entities: a pure function of mentions and links. An entity's id is that of its earliest mention ever, gone ones included."""

from collections.abc import Iterable

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ontology.model import Class, ontology
from ontology.statement import CURATOR_PREFIX, DIFFERENT_FROM, SAME_AS


def _components(size: int, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """For each mention, by number, the least number in its component."""
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    count, labels = connected_components(graph, directed=False)
    least = np.full(count, size, dtype=np.int64)
    np.minimum.at(least, labels, np.arange(size))
    result: np.ndarray = least[labels]
    return result


def make_entities(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``entities(subject, entity)`` of all mentions that count.

    Links are taken as loaded: a curator's go before the linker's, and a ``differentFrom`` parts what links would join. Then event
    mentions of one class with equal keys (the ontology's ``eventKey``, over resolved ends) become one.

    :param con: over the statements, see :func:`graph.statements.loads.open_statements`
    """
    con.execute(
        "CREATE OR REPLACE TABLE numbered AS SELECT subject, row_number() OVER (ORDER BY rank, subject) - 1 AS number FROM founded "
        "WHERE NOT starts_with(subject, 'scheme/')"
    )
    size = con.execute("SELECT count(*) FROM numbered").fetchone()
    assert size is not None
    links = con.execute(
        f"""
        SELECT a.number AS a, b.number AS b, s.property = '{DIFFERENT_FROM}' AS parted,
            starts_with(l.source, '{CURATOR_PREFIX}') AS curator, coalesce(s.probability, 1) AS probability
        FROM said s JOIN loads l ON l.load = s.load JOIN numbered a ON a.subject = s.subject JOIN numbered b ON b.subject = s.object
        WHERE s.property IN ('{SAME_AS}', '{DIFFERENT_FROM}')
        """
    ).fetchnumpy()
    joined = ~np.asarray(links["parted"], dtype=bool)
    left, right = np.asarray(links["a"], dtype=np.int64), np.asarray(links["b"], dtype=np.int64)
    least = _components(size[0], left[joined], right[joined])
    if not joined.all():
        least = _part(
            least, left, right, joined, np.asarray(links["curator"], dtype=bool), np.asarray(links["probability"])
        )
    _write(con, least)
    keyed = _event_links(con)
    if len(keyed[0]):
        everything = np.arange(size[0])
        _write(con, _components(size[0], np.concatenate([everything, keyed[0]]), np.concatenate([least, keyed[1]])))


def _part(
    least: np.ndarray,
    left: np.ndarray,
    right: np.ndarray,
    joined: np.ndarray,
    curator: np.ndarray,
    probability: np.ndarray,
) -> np.ndarray:
    """Join again, link by link, the components in which something has to stay apart."""
    least = least.copy()
    apart = [(int(a), int(b)) for a, b in zip(left[~joined], right[~joined], strict=True)]
    touched = {int(least[a]) for a, b in apart if least[a] == least[b]}
    if not touched:
        return least
    members = np.flatnonzero(np.isin(least, list(touched)))
    group = {int(member): {int(member)} for member in members}
    forbidden: dict[int, set[int]] = {}
    for a, b in apart:
        forbidden.setdefault(a, set()).add(b)
        forbidden.setdefault(b, set()).add(a)
    order = sorted(
        (at for at in np.flatnonzero(joined) if int(least[left[at]]) in touched),
        key=lambda at: (not curator[at], -float(probability[at]), int(left[at]), int(right[at])),
    )
    for at in order:
        one, other = group[int(left[at])], group[int(right[at])]
        if one is other or any(not forbidden.get(member, set()).isdisjoint(other) for member in one):
            continue
        one |= other
        for member in other:
            group[member] = one
    for number in members.tolist():
        least[number] = min(group[number])
    return least


def _write(con: duckdb.DuckDBPyConnection, least: np.ndarray) -> None:
    table = pa.table({"number": np.arange(len(least)), "least": least})
    con.register("least_numbers", table)
    con.execute(
        "CREATE OR REPLACE TABLE entities AS SELECT n.subject, e.subject AS entity FROM least_numbers l "
        "JOIN numbered n ON n.number = l.number JOIN numbered e ON e.number = l.least"
    )
    con.unregister("least_numbers")


def _event_links(con: duckdb.DuckDBPyConnection) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of numbers (mention, the earliest mention with the same key) over all classes that have an event key.

    Mentions that are gone are compared as they were last spoken of, so that their like keeps the id.
    """
    lefts, rights = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    keyed = [cls for cls in ontology().classes.values() if cls.event_key]
    _read_keyed(con, keyed)
    for cls in keyed:
        keys = _listed(cls.event_key)
        present = " AND ".join(f"count(*) FILTER (property = '{name}') > 0" for name in cls.event_key[:2])
        parts = " || chr(30) || ".join(
            f"coalesce(string_agg(DISTINCT part, chr(31) ORDER BY part) FILTER (property = '{name}'), '')"
            for name in cls.event_key
        )
        found = con.execute(
            f"""
            WITH ends AS (
                SELECT e.subject, e.property, e.part FROM keyed_ends e JOIN keyed_mentions m ON m.subject = e.subject AND m.load = e.load
                WHERE m.class = '{cls.name}' AND e.property IN ({keys})
            ), keyed AS (
                SELECT subject, {parts} AS key FROM ends GROUP BY subject HAVING {present}
            ), numbers AS (
                SELECT n.number, min(n.number) OVER (PARTITION BY k.key) AS first FROM keyed k JOIN numbered n ON n.subject = k.subject
            )
            SELECT number, first FROM numbers WHERE number <> first
            """
        ).fetchnumpy()
        lefts.append(np.asarray(found["number"], dtype=np.int64))
        rights.append(np.asarray(found["first"], dtype=np.int64))
    return np.concatenate(lefts), np.concatenate(rights)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _read_keyed(con: duckdb.DuckDBPyConnection, keyed: list[Class]) -> None:
    """Make ``keyed_mentions(subject, class, load)``, each as it was last spoken of, and ``keyed_ends``, what was said of it then.

    The statements are read once for all classes.
    """
    names = _listed(sorted({name for cls in keyed for name in cls.event_key}))
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE keyed_mentions AS
        SELECT subject, value AS class, max(load) AS load FROM all_statements
        WHERE property = 'type' AND value IN ({_listed(cls.name for cls in keyed)}) GROUP BY ALL;
        CREATE OR REPLACE TEMP TABLE keyed_ends AS
        SELECT s.subject, s.load, s.property, coalesce(o.entity, s.object, s.value) AS part FROM all_statements s
        JOIN (SELECT DISTINCT subject, load FROM keyed_mentions) m ON m.subject = s.subject AND m.load = s.load
        LEFT JOIN entities o ON o.subject = s.object WHERE s.property IN ({names});
        """
    )


def extend_entities(con: duckdb.DuckDBPyConnection, added: str, loads: set[int]) -> bool:
    """Bring the table ``entities`` of an earlier state to now, where what was added decides few and simple things.

    Makes the table ``moved(subject, before, after)`` of what changed.

    :param con: with ``entities`` as it was, and the views of the statements as they are now
    :param added: a table of the statements of the loads that were added
    :param loads: the numbers of these loads
    :return: whether it could be done; else ``entities`` is as it was and all entities have to be made
    """
    con.execute(
        f"""
        CREATE OR REPLACE TABLE moved AS SELECT DISTINCT subject, NULL::VARCHAR AS before, subject AS after FROM {added}
        WHERE property = 'type' AND NOT starts_with(subject, 'scheme/') AND subject NOT IN (SELECT subject FROM entities);
        CREATE OR REPLACE TEMP VIEW extended AS SELECT subject, entity FROM entities UNION ALL SELECT subject, after FROM moved;
        """
    )
    if _decides_more(con, added, loads):
        return False
    pairs = con.execute(
        f"""
        SELECT DISTINCT a.entity, b.entity FROM {added} l JOIN extended a ON a.subject = l.subject JOIN extended b ON b.subject = l.object
        WHERE l.property = '{SAME_AS}' AND a.entity <> b.entity
        """
    ).fetchall()
    groups = _groups(pairs)
    if groups and _merging_decides_more(con, groups):
        return False
    con.execute("INSERT INTO entities SELECT subject, after FROM moved")
    if groups:
        _merge(con, groups)
    return True


def _decides_more(con: duckdb.DuckDBPyConnection, added: str, loads: set[int]) -> bool:
    """Whether events of a keyed class, partings, links that go or links of before take part."""
    listed = ", ".join(f"'{cls.name}'" for cls in ontology().classes.values() if cls.event_key)
    numbers = ", ".join(map(str, sorted(loads))) or "NULL"
    links = f"property IN ('{SAME_AS}', '{DIFFERENT_FROM}')"
    row = con.execute(
        f"""
        SELECT EXISTS (SELECT 1 FROM {added} WHERE property = '{DIFFERENT_FROM}' OR (property = 'type' AND value IN ({listed})))
            OR EXISTS (
                SELECT subject, property, object FROM all_statements WHERE {links} AND load NOT IN ({numbers})
                    AND record IN (SELECT record FROM all_records WHERE load IN ({numbers}))
                EXCEPT SELECT subject, property, object FROM {added})
            OR EXISTS (
                SELECT 1 FROM all_statements WHERE {links} AND load NOT IN ({numbers})
                    AND (subject IN (SELECT subject FROM moved) OR object IN (SELECT subject FROM moved)))
        """
    ).fetchone()
    assert row is not None
    return bool(row[0])


def _merging_decides_more(con: duckdb.DuckDBPyConnection, groups: dict[str, set[str]]) -> bool:
    """Whether entities that stood apart are merged, of which some have to stay apart, or whose events may become one."""
    con.execute("CREATE OR REPLACE TEMP TABLE merging (entity VARCHAR)")
    con.executemany("INSERT INTO merging VALUES (?)", [(entity,) for entity in groups])
    stood = {
        entity
        for (entity,) in con.execute(
            "SELECT subject FROM entities WHERE subject IN (SELECT entity FROM merging)"
        ).fetchall()
    }
    if not any(len(members & stood) > 1 for members in groups.values()):
        return False
    ends = ", ".join(f"'{name}'" for cls in ontology().classes.values() for name in cls.event_key)
    row = con.execute(
        f"""
        WITH members AS (SELECT e.subject FROM entities e JOIN merging m ON m.entity = e.entity)
        SELECT EXISTS (SELECT 1 FROM all_statements WHERE property = '{DIFFERENT_FROM}' AND (subject IN (FROM members) OR object IN (FROM members)))
            OR EXISTS (SELECT 1 FROM all_statements WHERE property IN ({ends}) AND object IN (FROM members))
        """
    ).fetchone()
    assert row is not None
    return bool(row[0])


def _groups(pairs: list[tuple[str, str]]) -> dict[str, set[str]]:
    """Entity → all that become one with it."""
    group: dict[str, set[str]] = {}
    for a, b in pairs:
        joined = group.get(a, {a}) | group.get(b, {b})
        for entity in joined:
            group[entity] = joined
    return group


def _merge(con: duckdb.DuckDBPyConnection, group: dict[str, set[str]]) -> None:
    """Merge groups of entities; the one that was founded first stands for all."""
    rank = dict(
        con.execute("SELECT subject, rank FROM founded WHERE subject IN (SELECT entity FROM merging)").fetchall()
    )
    con.execute("CREATE OR REPLACE TEMP TABLE merged (entity VARCHAR, survivor VARCHAR)")
    rows = [(entity, min(members, key=lambda item: (rank[item], item))) for entity, members in group.items()]
    con.executemany("INSERT INTO merged VALUES (?, ?)", [row for row in rows if row[0] != row[1]])
    con.execute(
        """
        INSERT INTO moved SELECT e.subject, e.entity, g.survivor FROM entities e JOIN merged g ON g.entity = e.entity
            WHERE e.subject NOT IN (SELECT subject FROM moved);
        UPDATE moved SET after = g.survivor FROM merged g WHERE g.entity = moved.after;
        UPDATE entities SET entity = g.survivor FROM merged g WHERE g.entity = entities.entity;
        """
    )
