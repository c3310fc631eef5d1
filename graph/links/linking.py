"""Links mentions and writes the links as a load of the source ``ketnoi/linker``: one record a mention, with its links to earlier ones.

Only mentions whose records changed since the last linking are decided anew, unless everything is; a rebuild of the views reads links
and never makes any.
"""

from collections import defaultdict
from collections.abc import Iterator

import duckdb

from graph.links.matching import SAME_SURROUNDINGS, Link, by_identifier, named_things, organisations
from graph.links.profiles import read_profiles
from graph.statements.home import Home
from graph.statements.loads import Load, Origin, active, open_statements, write_load
from ontology.model import ontology
from ontology.statement import LINKER, SAME_AS, Record, Statement
from ontology.text import fold, has_diacritics, spell

_BY_IDENTIFIER = ("Technology", "STTask", "ResearchResult", "TechnologyNeed", "IPRight")
_BY_NAME = ("Park", "Programme", "PolicyInstrument", "Facility")


def find_links(con: duckdb.DuckDBPyConnection) -> Iterator[Link]:
    """All links between the mentions that are known."""
    organisation_links = list(organisations(read_profiles(con, "Organization")))
    yield from organisation_links
    for root in _BY_NAME:
        yield from named_things(read_profiles(con, root))
    for root in _BY_IDENTIFIER:
        yield from by_identifier(read_profiles(con, root))
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

    Vietnamese names are shared by so many that a name alone links nobody.
    """
    profiles = read_profiles(con, "Person")
    yield from by_identifier(profiles)
    identifiers = {member: profile.identifiers for profile in profiles for member in profile.members if profile.identifiers}
    standing = _groups(organisation_links)
    rows = con.execute(
        """
        SELECT p.subject, n.value, list(DISTINCT o.subject), any_value(f.rank) AS rank
        FROM (SELECT DISTINCT subject, record FROM said WHERE property = 'type' AND value = 'Person') p
        JOIN said n ON n.subject = p.subject AND n.property = 'name'
        JOIN (SELECT DISTINCT s.subject, s.record FROM said s WHERE s.property = 'type' AND s.value IN ($$)
              AND s.subject NOT IN (SELECT object FROM said WHERE property = 'provider')) o ON o.record = p.record
        JOIN founded f ON f.subject = p.subject GROUP BY p.subject, n.value ORDER BY rank
        """.replace("$$", ", ".join(f"'{name}'" for name in sorted(ontology().classes) if ontology().is_a(name, "Organization")))
    ).fetchall()
    spelled: dict[str, set[str]] = defaultdict(set)
    for _, name, _, _ in rows:
        if has_diacritics(name):
            spelled[fold(name)].add(spell(name))
    first: dict[tuple[str, str], str] = {}
    for subject, name, bodies, _ in rows:
        folded = fold(name)
        if len(folded.split()) < 2:
            continue
        key = spell(name) if len(spelled[folded]) > 1 else folded
        for body in sorted({standing.get(body, body) for body in bodies}):
            earlier = first.setdefault((key, body), subject)
            if earlier != subject and not _other_identifier(identifiers.get(subject), identifiers.get(earlier)):
                yield Link(subject, earlier, SAME_SURROUNDINGS, f"«{name}» at the same organisation")


def _other_identifier(a: frozenset[tuple[str, str]] | None, b: frozenset[tuple[str, str]] | None) -> bool:
    return bool(a and b and {scheme for scheme, _ in a} & {scheme for scheme, _ in b} and a.isdisjoint(b))


def _records(links: Iterator[Link], wanted: set[str] | None) -> Iterator[Record]:
    by_later: dict[str, dict[str, Link]] = defaultdict(dict)
    for link in links:
        if wanted is None or link.later in wanted:
            known = by_later[link.later].get(link.earlier)
            if known is None or known.probability < link.probability:
                by_later[link.later][link.earlier] = link
    for line, (later, found) in enumerate(by_later.items(), 1):
        yield Record(later, line, [
            Statement(later, SAME_AS, link.earlier, probability=link.probability, reason=link.reason) for link in found.values()
        ])


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
                "SELECT DISTINCT s.subject FROM said s JOIN loads l ON s.load = l.load WHERE s.load > ? AND l.source <> ? AND s.property = 'type'",
                [max(past), LINKER],
            ).fetchall()
            wanted = {subject for (subject,) in rows}
            if not wanted:
                return None
        records = list(_records(find_links(con), wanted))
    finally:
        con.close()
    return write_load(home, Origin(LINKER, "links", "links", whole=full or not past), iter(records))
