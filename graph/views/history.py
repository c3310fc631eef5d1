"""The history of a node: what records said of it, load by load, what each changed, and which links made its mentions one.

Read from the statements, of the loads that count in the snapshot. Only what is public is told: records that are so today, properties that
are so by the ontology. A link is told where public records speak of both of its mentions.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from graph.statements.home import Home
from graph.statements.loads import connect
from ontology.model import PUBLIC, ontology
from ontology.statement import CURATOR_PREFIX, DIFFERENT_FROM, SAME_AS


@dataclass(frozen=True, slots=True)
class Said:
    """One value or target of a property, as a record says it."""

    property: str
    object: str | None
    value: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Version:
    """What one load changed in what a record says of a node.

    ``state`` is ``new``, ``changed`` or ``gone`` (its source no longer had it); ``added`` and ``removed`` are against the version before.
    """

    load: str
    instant: str
    source: str
    file: str
    line: int
    record: str
    state: str
    added: tuple[Said, ...]
    removed: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """That two mentions are one body, or are not: who said it when, how probable, and why."""

    load: str
    instant: str
    source: str
    later: str
    later_name: str
    earlier: str
    earlier_name: str
    same: bool
    probability: float | None
    reason: str

    @property
    def by_curator(self) -> bool:
        return self.source.startswith(CURATOR_PREFIX)


@dataclass(frozen=True, slots=True)
class History:
    """A page of a node's history, the newest first, and how much there is in all."""

    mentions: int
    versions: tuple[Version, ...]
    versions_total: int
    links: tuple[Link, ...]
    links_total: int


@dataclass(frozen=True, slots=True)
class Beginning:
    """Since when there is a node: its mentions, and the first load that holds what a public record says of any of them."""

    mentions: frozenset[str]
    load: int | None


class HistoryReader:
    """Reads histories of one snapshot.

    :param loads: the numbers of the loads that count in it
    :param directory: where its table of mentions and entities lies
    """

    def __init__(self, home: Home, loads: Sequence[int], directory: Path) -> None:
        self._home, self._loads, self._directory = home, loads, directory

    def read(self, identifier: str, offset: int = 0, limit: int = 50) -> History:
        """The history of a node.

        :param offset: versions and links to leave out, each the newest ones
        """
        with connect() as con:
            self._open(con, identifier)
            return History(
                _count(con, "mentions"),
                tuple(_versions(con, offset, limit)),
                _count(con, "told"),
                tuple(_links(con, offset, limit)),
                _count(con, "links"),
            )

    def beginning(self, identifier: str) -> Beginning:
        """Since when there is a node. What left its source and came back was there before; what was private was not."""
        with connect() as con:
            self._told(con, identifier)
            mentions = frozenset(row[0] for row in con.execute("SELECT subject FROM mentions").fetchall())
            row = con.execute("SELECT min(load) FROM told WHERE present").fetchone()
            return Beginning(mentions, row[0] if row else None)

    def _open(self, con: duckdb.DuckDBPyConnection, identifier: str) -> None:
        """Tables of the node's mentions, of the versions of records that tell of them, and of the links between them."""
        self._told(con, identifier)
        _link_table(con)

    def _told(self, con: duckdb.DuckDBPyConnection, identifier: str) -> None:
        con.execute("CREATE TABLE loads (load INTEGER, source VARCHAR, instant VARCHAR, file VARCHAR)")
        found = [self._home.loads / f"{number:06d}" for number in self._loads]
        rows = [
            (int(path.name), said["source"], said["instant"], said["file"])
            for path in found
            for said in (self._home.read_json(path / "load.json"),)
        ]
        con.executemany("INSERT INTO loads VALUES (?, ?, ?, ?)", rows)
        for name in ("records", "statements"):
            files = ", ".join("'" + str(path / f"{name}.parquet").replace("'", "''") + "'" for path in found)
            con.execute(
                f"CREATE VIEW all_{name} AS SELECT * EXCLUDE (filename), regexp_extract(filename, '(\\d{{6}})[/\\\\][a-z]+\\.parquet$', 1)::INTEGER "
                f"AS load FROM read_parquet([{files}], filename=true)"
            )
        self._mentions(con, identifier)
        public = ", ".join(f"'{prop.name}'" for prop in ontology().properties.values() if prop.visibility == PUBLIC)
        con.execute(
            f"""
            CREATE TABLE said AS SELECT s.* FROM all_statements s SEMI JOIN mentions m ON m.subject = s.subject
            WHERE s.property IN ({public}, 'type');
            CREATE TABLE versions AS SELECT r.* FROM all_records r SEMI JOIN said s ON s.record = r.record;
            -- a record that is no longer public was never told, whatever it was before
            DELETE FROM versions WHERE record IN (SELECT record FROM versions GROUP BY record HAVING arg_max(visibility, load) <> '{PUBLIC}');
            CREATE TABLE told AS SELECT * FROM versions WHERE visibility = '{PUBLIC}'
            """
        )

    def _mentions(self, con: duckdb.DuckDBPyConnection, identifier: str) -> None:
        extra, base = (self._directory / f"{name}.parquet" for name in ("entities-extra", "entities"))
        con.execute(f"CREATE VIEW base AS SELECT subject, entity FROM read_parquet('{_sql(base)}')")
        if extra.exists():
            con.execute(f"CREATE VIEW extra AS SELECT subject, entity FROM read_parquet('{_sql(extra)}')")
        else:
            con.execute("CREATE VIEW extra AS SELECT subject, entity FROM base WHERE false")
        con.execute(
            "CREATE TABLE mentions AS SELECT subject FROM extra WHERE entity = $id UNION SELECT subject FROM base "
            "WHERE entity = $id AND subject NOT IN (SELECT subject FROM extra) UNION SELECT $id",
            {"id": identifier},
        )


def _sql(path: Path) -> str:
    return str(path).replace("'", "''")


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    row = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def _versions(con: duckdb.DuckDBPyConnection, offset: int, limit: int) -> Iterator[Version]:
    """A page of versions, each with what it changed against the one before."""
    con.execute(
        "CREATE TABLE page AS SELECT v.record, v.load, v.before, v.present, v.line, l.instant, l.source, l.file FROM "
        "(SELECT *, lag(load) OVER (PARTITION BY record ORDER BY load) AS before FROM told) v JOIN loads l ON l.load = v.load "
        "ORDER BY v.load DESC, v.line, v.record LIMIT ? OFFSET ?",
        [limit, offset],
    )
    values: defaultdict[tuple[str, int], set[Said]] = defaultdict(set)
    for record, load, *said in con.execute(
        "SELECT DISTINCT s.record, s.load, s.property, s.object, s.value, s.language FROM said s "
        "JOIN page p ON p.record = s.record AND s.load IN (p.load, p.before)"
    ).fetchall():
        values[record, load].add(Said(*said))
    rows = con.execute("SELECT * FROM page ORDER BY load DESC, line, record").fetchall()
    for record, load, before, present, line, instant, source, file in rows:
        new, old = values[record, load], values[record, before]
        state = "gone" if not present else "new" if before is None else "changed"
        yield Version(f"{load:06d}", instant, source, file, line, record, state, _sorted(new - old), _sorted(old - new))


def _sorted(said: set[Said]) -> tuple[Said, ...]:
    order: defaultdict[str, int] = defaultdict(int, {name: at for at, name in enumerate(ontology().properties, 1)})
    return tuple(sorted(said, key=lambda one: (order[one.property], one.value or one.object or "", one.language or "")))


def _link_table(con: duckdb.DuckDBPyConnection) -> None:
    """Links that touch a mention of the node and whose both ends public records speak of; of several on one pair all are told."""
    con.execute(
        f"""
        CREATE TABLE touching AS SELECT s.* FROM all_statements s JOIN all_records r ON r.record = s.record AND r.load = s.load
        WHERE s.property IN ('{SAME_AS}', '{DIFFERENT_FROM}') AND r.visibility = '{PUBLIC}'
            AND (s.subject IN (SELECT subject FROM mentions) OR s.object IN (SELECT subject FROM mentions));
        CREATE TABLE ends AS SELECT subject AS mention FROM touching UNION SELECT object FROM touching;
        CREATE TABLE spoken AS
        SELECT s.subject AS mention, max(s.value) FILTER (s.property IN ('name', 'title', 'number')) AS name
        FROM all_statements s SEMI JOIN ends e ON e.mention = s.subject
        WHERE s.property NOT IN ('{SAME_AS}', '{DIFFERENT_FROM}') AND s.record IN (
            SELECT record FROM all_records GROUP BY record HAVING arg_max(visibility, load) = '{PUBLIC}')
        GROUP BY s.subject;
        CREATE TABLE links AS
        SELECT t.load, t.subject AS later, a.name AS later_name, t.object AS earlier, b.name AS earlier_name, t.property, t.probability, t.reason
        FROM touching t JOIN spoken a ON a.mention = t.subject JOIN spoken b ON b.mention = t.object
        """
    )


def _links(con: duckdb.DuckDBPyConnection, offset: int, limit: int) -> Iterator[Link]:
    rows = con.execute(
        "SELECT k.load, l.instant, l.source, k.later, k.later_name, k.earlier, k.earlier_name, k.property, k.probability, k.reason "
        "FROM links k JOIN loads l ON l.load = k.load ORDER BY starts_with(l.source, ?) DESC, k.load DESC, k.later, k.earlier LIMIT ? OFFSET ?",
        [CURATOR_PREFIX, limit, offset],
    ).fetchall()
    for load, instant, source, later, later_name, earlier, earlier_name, prop, probability, reason in rows:
        yield Link(
            f"{load:06d}", instant, source, later, later_name or later, earlier, earlier_name or earlier,
            prop == SAME_AS, None if probability is None else round(float(probability), 6), reason or "",
        )  # fmt: skip
