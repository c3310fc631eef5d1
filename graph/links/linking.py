"""Links mentions and writes the links as a load of the source ``ketnoi/linker``: one record a mention, with its links to earlier ones.

Only mentions whose records changed since the last linking are decided anew, unless everything is; a rebuild of the views reads links
and never makes any.
"""

from collections import defaultdict
from collections.abc import Iterator

import duckdb
import pyarrow as pa

from graph.links.corrections import corrections
from graph.links.matching import SAME_SURROUNDINGS, Link, by_identifier, named_things, organisations, other_identifier
from graph.links.profiles import read_profiles
from graph.statements.garbage import collector_paused
from graph.statements.home import Home
from graph.statements.loads import Load, Origin, active, open_statements, write_load
from ontology.model import ontology
from ontology.statement import LINKER, SAME_AS, Record, Statement
from ontology.text import fold, has_diacritics, spell

_BY_IDENTIFIER = ("Technology", "STTask", "ResearchResult", "TechnologyNeed", "IPRight")
_BY_NAME = ("Park", "Programme", "PolicyInstrument", "Facility")
_NONE: frozenset[tuple[str, str]] = frozenset()


def find_links(con: duckdb.DuckDBPyConnection) -> Iterator[Link]:
    """All links between the mentions that are known."""
    used = {
        name for (name,) in con.execute("SELECT DISTINCT value FROM all_statements WHERE property = 'type'").fetchall()
    }

    def known(roots: tuple[str, ...]) -> list[str]:
        return [
            root for root in roots if any(name in ontology().classes and ontology().is_a(name, root) for name in used)
        ]

    bodies = read_profiles(con, "Organization")
    organisation_links = [*organisations(bodies), *corrections(con, bodies)]
    yield from organisation_links
    for root in known(_BY_NAME):
        things = read_profiles(con, root)
        yield from named_things(things)
        yield from corrections(con, things)
    for root in known(_BY_IDENTIFIER):
        yield from by_identifier(read_profiles(con, root))
    if known(("Person",)):
        yield from _persons(con, organisation_links)


def _groups(links: list[Link]) -> dict[str, str]:
    """Mention → the mention that stands for its group."""
    parent: dict[str, str] = {}

    def find(item: str) -> str:
        root = item
        while (above := parent.get(root, root)) != root:
            root = above
        while (above := parent.get(item, item)) != root:
            parent[item], item = root, above
        return root

    for link in links:
        parent[find(link.later)] = find(link.earlier)
    return {item: find(item) for item in list(parent)}


def _persons(con: duckdb.DuckDBPyConnection, organisation_links: list[Link]) -> Iterator[Link]:
    """Persons: by identifier, and by full name where records place them at one organisation.

    Vietnamese names are shared by so many that a name alone links nobody. Who left his record is linked as he was last spoken of.
    """
    con.execute(
        "CREATE OR REPLACE TEMP TABLE persons AS SELECT subject, any_value(record) AS record, max(load) AS load FROM all_statements "
        "WHERE property = 'type' AND value = 'Person' GROUP BY subject"
    )
    # profiles tell identifiers and corrections; without either there is nothing that they could tell
    profiles = read_profiles(con, "Person") if _identified_or_gone(con) else []
    yield from by_identifier(profiles)
    yield from corrections(con, profiles)
    identifiers = {
        member: profile.identifiers for profile in profiles for member in profile.members if profile.identifiers
    }
    standing = _groups(organisation_links)
    con.register(
        "standing", pa.table({"body": list(standing), "group_of": list(standing.values())}, _texts("body", "group_of"))
    )
    keys = _name_keys(
        [
            name
            for (name,) in con.execute(
                "SELECT DISTINCT value FROM all_statements s JOIN persons p USING (subject) "
                "WHERE s.property = 'name' AND s.load = p.load"
            ).fetchall()
        ]
    )
    con.register("name_keys", pa.table({"name": list(keys), "key": list(keys.values())}, _texts("name", "key")))
    rows = con.execute(
        """
        WITH places AS (
            SELECT DISTINCT s.record, s.load, coalesce(g.group_of, s.subject) AS body FROM all_statements s LEFT JOIN standing g ON g.body = s.subject
            WHERE s.property = 'type' AND s.value IN ($$) AND s.subject NOT IN (SELECT object FROM all_statements WHERE property = 'provider')
        ), placed AS (
            SELECT p.subject, n.value AS name, k.key, o.body, f.rank FROM persons p
            JOIN all_statements n ON n.subject = p.subject AND n.load = p.load AND n.property = 'name'
            JOIN name_keys k ON k.name = n.value
            JOIN places o ON o.record = p.record AND o.load = p.load
            JOIN founded f ON f.subject = p.subject
        ), firsts AS (
            SELECT subject, name, rank, first(subject) OVER (PARTITION BY key, body ORDER BY rank, subject) AS earlier FROM placed
        )
        SELECT DISTINCT subject, earlier, name, rank FROM firsts WHERE subject <> earlier ORDER BY rank, subject, earlier
        """.replace(
            "$$", ", ".join(f"'{name}'" for name in sorted(ontology().classes) if ontology().is_a(name, "Organization"))
        )
    ).fetchall()
    con.unregister("standing")
    con.unregister("name_keys")
    for subject, earlier, name, _ in rows:
        if not other_identifier(identifiers.get(subject, _NONE), identifiers.get(earlier, _NONE)):
            yield Link(subject, earlier, SAME_SURROUNDINGS, f"«{name}» at the same organisation")


def _texts(*names: str) -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in names])


def _identified_or_gone(con: duckdb.DuckDBPyConnection) -> bool:
    found = con.execute(
        """
        SELECT EXISTS (SELECT 1 FROM all_statements s JOIN persons p USING (subject) WHERE s.property = 'hasIdentifier')
            OR EXISTS (SELECT 1 FROM persons p JOIN versions v USING (record) WHERE v.load <> p.load OR NOT v.present)
        """
    ).fetchall()
    return bool(found[0][0])


def _name_keys(names: list[str]) -> dict[str, str]:
    """What persons' names are compared by, for those of two words and more: folded, or as spelled where spellings tell persons apart."""
    folded = {name: text for name in names if " " in (text := fold(name))}
    spelled: dict[str, set[str]] = defaultdict(set)
    for name, text in folded.items():
        if not name.isascii() and has_diacritics(name):
            spelled[text].add(spell(name))
    return {name: spell(name) if len(spelled.get(text, ())) > 1 else text for name, text in folded.items()}


def _records(links: Iterator[Link], wanted: set[str] | None) -> Iterator[Record]:
    by_later: dict[str, dict[str, Link]] = defaultdict(dict)
    for link in links:
        if wanted is None or link.later in wanted:
            known = by_later[link.later].get(link.earlier)
            if known is None or known.probability < link.probability:
                by_later[link.later][link.earlier] = link
    for line, (later, found) in enumerate(by_later.items(), 1):
        yield Record(
            later,
            line,
            [
                Statement(later, SAME_AS, link.earlier, probability=link.probability, reason=link.reason)
                for link in found.values()
            ],
        )


def link(home: Home, full: bool = False) -> Load | None:
    """Link what came since the last linking, or everything anew.

    :return: the load of links, or ``None`` where nothing came since
    """
    past = [load.number for load in active(home) if load.source == LINKER]
    con = open_statements(home, active(home))
    try:
        wanted: set[str] | None = None
        if past and not full:
            rows = con.execute(
                "SELECT DISTINCT s.subject FROM said s JOIN loads l ON s.load = l.load WHERE s.load > ? "
                "AND l.source <> ? AND s.property = 'type' AND NOT starts_with(s.subject, 'scheme/')",
                [max(past), LINKER],
            ).fetchall()
            wanted = {subject for (subject,) in rows}
            if not wanted:
                return None
        with collector_paused():
            records = list(_records(find_links(con), wanted))
    finally:
        con.close()
    return write_load(home, Origin(LINKER, "links", "links", whole=full or not past), iter(records))
