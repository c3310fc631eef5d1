"""Links mentions and writes the links as a load of the source ``ketnoi/linker``: one record a mention, with its links to earlier ones.

Only mentions whose records changed since the last linking are decided anew, unless everything is; a rebuild of the views reads links
and never makes any.
"""

from collections import defaultdict
from collections.abc import Iterator

import duckdb
import pyarrow as pa

from graph.links.corrections import corrections
from graph.links.matching import Link, by_identifier, named_things, organisations
from graph.links.profiles import Profile, read_profiles
from graph.links.records.technology_mentions import described_twice
from graph.statements.garbage import collector_paused
from graph.statements.home import Home
from graph.statements.load_writing import write_load
from graph.statements.loads import Load, Origin, active, open_statements
from ontology.model import ontology
from ontology.statement import LINKER, SAME_AS, Record, Statement

_BY_IDENTIFIER = ("Technology", "STTask", "ResearchResult", "TechnologyNeed", "IPRight")
_BY_NAME = ("Park", "Programme", "PolicyInstrument", "Facility")


def find_links(con: duckdb.DuckDBPyConnection, since: int | None = None) -> Iterator[Link]:
    """All links between the mentions that are known.

    :param since: the last linking, as the number of its load. Then only links of mentions are complete of which loads spoke since, and
        persons of before keep the links that they have
    """
    changed = None if since is None else _changed(con, since)
    used = _classes(con, changed)

    def known(roots: tuple[str, ...]) -> list[str]:
        return [
            root for root in roots if any(name in ontology().classes and ontology().is_a(name, root) for name in used)
        ]

    changed = None if since is None else _changed(con, since)
    bodies = read_profiles(con, "Organization")
    organisation_links = [*organisations(bodies), *corrections(con, bodies)]
    if bodies:
        # Splink takes most of a second to import, and few commands link
        from graph.links.organisations import by_records
        from graph.links.records.parameters import read_organization_parameters

        kept = () if changed is None else _kept(con, bodies, changed)
        parameters = read_organization_parameters()
        organisation_links = [*by_records(con, bodies, [*organisation_links, *kept], changed, parameters)]
    yield from organisation_links
    for root in known(_BY_NAME):
        things = read_profiles(con, root)
        yield from named_things(things)
        yield from corrections(con, things)
    for root in known(_BY_IDENTIFIER):
        # beside a model it has to be known of all which are one by their identifiers
        twice = root == "Technology" and described_twice(con)
        told = [*by_identifier(read_profiles(con, root, None if twice else changed))]
        yield from told
        if twice:
            from graph.links.technologies import technologies

            yield from technologies(con, _groups(organisation_links), _groups(told), changed)
    if known(("Person",)):
        from graph.links.persons import persons

        yield from persons(con, _groups(organisation_links), since)


def _classes(con: duckdb.DuckDBPyConnection, changed: set[str] | None) -> set[str]:
    """The classes of which mentions are spoken; of these mentions alone where some are given."""
    if changed is None:
        found = con.execute("SELECT DISTINCT value FROM all_statements WHERE property = 'type'")
    else:
        con.register("changed_here", pa.table({"subject": pa.array(sorted(changed), pa.string())}))
        found = con.execute(
            "SELECT DISTINCT value FROM all_statements WHERE property = 'type' AND subject IN (FROM changed_here)"
        )
    return {name for (name,) in found.fetchall()}


def _changed(con: duckdb.DuckDBPyConnection, since: int) -> set[str]:
    """The mentions of which loads spoke since the last linking."""
    rows = con.execute(
        "SELECT DISTINCT s.subject FROM said s JOIN loads l ON s.load = l.load WHERE s.load > ? "
        "AND l.source <> ? AND s.property = 'type' AND NOT starts_with(s.subject, 'scheme/')",
        [since, LINKER],
    ).fetchall()
    return {subject for (subject,) in rows}


def _kept(con: duckdb.DuckDBPyConnection, profiles: list[Profile], changed: set[str]) -> list[Link]:
    """The linker's links of before between mentions that did not change."""
    standing = {member for profile in profiles for member in profile.members} - changed
    con.register("standing_bodies", pa.table({"subject": pa.array(sorted(standing), pa.string())}))
    rows = con.execute(
        "SELECT s.subject, s.object, s.probability, s.reason FROM said s JOIN loads l ON s.load = l.load AND l.source = ? "
        "WHERE s.property = ? AND s.subject IN (FROM standing_bodies) AND s.object IN (FROM standing_bodies)",
        [LINKER, SAME_AS],
    ).fetchall()
    con.unregister("standing_bodies")
    return [Link(*row) for row in rows]


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
            wanted = _changed(con, max(past))
            if not wanted:
                return None
        with collector_paused():
            records = list(_records(find_links(con, None if wanted is None else max(past)), wanted))
    finally:
        con.close()
    return write_load(home, Origin(LINKER, "links", "links", whole=full or not past), iter(records))
