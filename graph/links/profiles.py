"""What is known of a mention when it is compared: mentions that look alike in every respect are compared once."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

import duckdb
import pyarrow as pa

from ontology.model import ontology
from ontology.schemes import schemes


@dataclass(slots=True)
class Profile:
    """Mentions with equal names, classes, identifiers and surroundings. ``members`` are ordered by founding, the earliest first."""

    members: list[str]
    rank: int
    source: str
    names: tuple[str, ...]
    classes: frozenset[str]
    identifiers: frozenset[tuple[str, str]] = frozenset()
    country: str | None = None
    hosts: frozenset[str] = frozenset()
    parent: str | None = None
    gone: bool = False
    acronyms: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()

    @property
    def first(self) -> str:
        return self.members[0]


def classes_below(ancestor: str) -> str:
    """A class and all below it, as a list for SQL."""
    names = [name for name in ontology().classes if ontology().is_a(name, ancestor)]
    return ", ".join(f"'{name}'" for name in sorted(names))


def host_of(url: str) -> str | None:
    """The host of a site's front page; a page deeper in a site says nothing of whose site it is."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if host is None or parts.path.strip("/") or parts.query:
        return None
    return host.removeprefix("www.")


def mentions_of(
    con: duckdb.DuckDBPyConnection, root: str, table: str = "of_class", sharing: Collection[str] | None = None
) -> None:
    """Make the temporary table ``(subject, record, load, classes)`` of all mentions of a class, each as it was last spoken of.

    :param root: the class, subclasses included
    :param sharing: where given, only these mentions of the class and those that share an identifier with one of them
    """
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        SELECT a.subject, max(a.record) AS record, max(a.load) AS load, list_sort(list(DISTINCT a.value)) AS classes
        FROM all_statements a WHERE a.property = 'type' AND a.value IN ({classes_below(root)}) AND NOT starts_with(a.subject, 'scheme/')
        GROUP BY a.subject
        """
    )
    if sharing is not None:
        _leave_sharing(con, table, sharing)


def _leave_sharing(con: duckdb.DuckDBPyConnection, table: str, subjects: Collection[str]) -> None:
    """Leave in a table of mentions some of them and those that share an identifier with one of these."""
    con.register("asked_subjects", pa.table({"subject": pa.array(sorted(subjects), pa.string())}))
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE held AS
        SELECT DISTINCT h.subject, s.value AS scheme, v.value FROM all_statements h JOIN {table} c ON h.subject = c.subject
        JOIN all_statements s ON s.subject = h.object AND s.property = 'identifierScheme' AND s.load = h.load
        JOIN all_statements v ON v.subject = h.object AND v.property = 'identifierValue' AND v.load = h.load
        WHERE h.property = 'hasIdentifier';
        DELETE FROM {table} WHERE subject NOT IN (FROM asked_subjects) AND subject NOT IN (
            SELECT o.subject FROM held o JOIN held a USING (scheme, value) WHERE a.subject IN (FROM asked_subjects))
        """
    )
    con.unregister("asked_subjects")


def read_profiles(con: duckdb.DuckDBPyConnection, root: str, sharing: Collection[str] | None = None) -> list[Profile]:
    """Profiles of all mentions of a class, in the order of their founding.

    :param con: over the statements, see :func:`graph.statements.loads.open_statements`
    :param root: the class, subclasses included
    :param sharing: where given, only of these mentions of the class and of those that share an identifier with one of them
    """
    mentions_of(con, root, sharing=sharing)
    rows = con.execute(
        """
        WITH last_said AS (
            SELECT a.* FROM all_statements a JOIN of_class c ON a.subject = c.subject AND a.load = c.load
        ), attributes AS (
            SELECT subject, list_sort(list(DISTINCT value) FILTER (property IN ('name', 'alternativeName'))) AS names,
                any_value(value) FILTER (property = 'country') AS country,
                list_sort(list(DISTINCT value) FILTER (property = 'homepage')) AS homepages,
                list_sort(list(DISTINCT value) FILTER (property = 'acronym')) AS acronyms,
                list_sort(list(DISTINCT coalesce(value, object)) FILTER (property IN ('locality', 'locatedIn'))) AS places,
                any_value(object) FILTER (property = 'unitOf') AS parent
            FROM last_said GROUP BY subject
        ), identified AS (
            SELECT h.subject, list_sort(list(DISTINCT s.value || chr(31) || v.value)) AS ids
            FROM all_statements h JOIN of_class c ON h.subject = c.subject
            JOIN all_statements s ON s.subject = h.object AND s.property = 'identifierScheme' AND s.load = h.load
            JOIN all_statements v ON v.subject = h.object AND v.property = 'identifierValue' AND v.load = h.load
            WHERE h.property = 'hasIdentifier' GROUP BY h.subject
        ), parents AS (
            SELECT a.subject, any_value(n.value) AS parent FROM attributes a
            JOIN all_statements n ON n.subject = a.parent AND n.property IN ('name', 'identifierValue') GROUP BY a.subject
        ), here AS (
            SELECT DISTINCT c.subject FROM of_class c JOIN versions v ON c.record = v.record AND c.load = v.load AND v.present
        )
        SELECT list(c.subject ORDER BY f.rank), min(f.rank), l.source, a.names, c.classes, i.ids, a.country, a.homepages,
            coalesce(p.parent, a.parent), h.subject IS NULL, a.acronyms, a.places
        FROM of_class c JOIN founded f ON f.subject = c.subject JOIN loads l ON l.load = f.rank >> 36
        LEFT JOIN attributes a ON a.subject = c.subject LEFT JOIN identified i ON i.subject = c.subject
        LEFT JOIN parents p ON p.subject = c.subject LEFT JOIN here h ON h.subject = c.subject
        GROUP BY l.source, a.names, c.classes, i.ids, a.country, a.homepages, coalesce(p.parent, a.parent), h.subject IS NULL,
            a.acronyms, a.places
        ORDER BY 2
        """
    ).fetchall()
    return [
        Profile(
            members=members,
            rank=rank,
            source=source,
            names=tuple(names or ()),
            classes=frozenset(classes),
            identifiers=frozenset(
                (scheme, value) for scheme, _, value in (text.partition("\x1f") for text in ids or ())
            ),
            country=country,
            hosts=frozenset(host for url in homepages or () if (host := host_of(url))),
            parent=parent,
            gone=gone,
            acronyms=frozenset(acronyms or ()),
            places=frozenset(name for place in places or () for name in _named_places(place)),
        )
        for members, rank, source, names, classes, ids, country, homepages, parent, gone, acronyms, places in rows
    ]


def _named_places(place: str) -> tuple[str, ...]:
    """The names of a concept of places; other texts name a place themselves."""
    concept = schemes().concepts.get(place)
    return (place,) if concept is None else tuple(concept.labels.values())
