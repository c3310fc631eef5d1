"""Technologies as offices describe them, out of the statements: mentions that share an identifier are one, and say together what they know.

Who owns a technology, who offers it and what protects it stand in other records than its title.
"""

from collections import defaultdict
from collections.abc import Mapping

import duckdb

from graph.links.profiles import classes_below, mentions_of
from graph.links.records.technologies import Described
from ontology.statement import CURATOR_PREFIX

_OWN = "scheme/power/1/own"


def described_twice(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether two sources and more give titles to technologies; else there is nothing to compare.

    :param con: over the statements, see :func:`graph.statements.loads.open_statements`
    """
    mentions_of(con, "Technology", "technologies_said")
    ((sources,),) = con.execute(
        "SELECT count(DISTINCT l.source) FROM technologies_said t JOIN all_statements s ON s.subject = t.subject AND s.load = t.load "
        f"JOIN loads l ON l.load = t.load WHERE s.property = 'name' AND NOT starts_with(l.source, '{CURATOR_PREFIX}')"
    ).fetchall()
    return int(sources) > 1


def describe_technologies(
    con: duckdb.DuckDBPyConnection, standing: Mapping[str, str], identified: Mapping[str, str]
) -> list[Described]:
    """The technologies that have a title, in the order of their founding. Who left his record is read as he was last spoken of.

    :param con: over the statements, see :func:`graph.statements.loads.open_statements`
    :param standing: mention of an organisation → the one that stands for it
    :param identified: mention of a technology → the one that stands for all with its identifiers
    """
    mentions_of(con, "Technology", "technologies_said")
    members: dict[str, list[str]] = defaultdict(list)
    for (subject,) in con.execute(
        "SELECT t.subject FROM technologies_said t JOIN founded f USING (subject) ORDER BY f.rank, t.subject"
    ).fetchall():
        members[identified.get(subject, subject)].append(subject)
    facts: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for subject, fact, value in con.execute(_FACTS).fetchall():
        facts[identified.get(subject, subject)][fact].add(standing.get(value, value))
    return [
        Described(
            members=several,
            sources=frozenset(known["source"]),
            titles=tuple(sorted(known["name"])),
            # who offers may act for another, so it is asked only where no owner is known
            holders=frozenset(known["holder"] or known["offeredBy"]),
            rights=frozenset(
                (scheme, value) for scheme, _, value in (text.partition("\x1f") for text in known["right"])
            ),
            inventors=frozenset(known["inventor"]),
            classes=frozenset(known["hasPatentClass"]),
            fields=frozenset(known["hasField"]),
        )
        for stands, several in members.items()
        if (known := facts[stands])["name"] and known["source"]
    ]


_FACTS = f"""
    WITH own AS (
        SELECT t.subject, s.property, coalesce(s.value, s.object) AS value, l.source
        FROM technologies_said t JOIN all_statements s ON s.subject = t.subject AND s.load = t.load JOIN loads l ON l.load = t.load
        WHERE s.property IN ('name', 'hasPatentClass', 'hasField', 'inventor')
    ), identified AS (
        SELECT h.subject, s.value AS scheme, v.value FROM said h
        JOIN said s ON s.subject = h.object AND s.property = 'identifierScheme'
        JOIN said v ON v.subject = h.object AND v.property = 'identifierValue' WHERE h.property = 'hasIdentifier'
    ), people AS (
        SELECT DISTINCT s.subject, s.value FROM all_statements s
        JOIN (SELECT DISTINCT subject FROM said WHERE property = 'type' AND value IN ({classes_below("Person")})) USING (subject)
        WHERE s.property = 'name'
    ), numbered AS (  -- an inventor who is named by a number has the name that goes with it elsewhere
        SELECT DISTINCT o.value AS subject, p.value FROM own o JOIN identified i ON i.subject = o.value
        JOIN identified j ON j.scheme = i.scheme AND j.value = i.value JOIN people p ON p.subject = j.subject
        WHERE o.property = 'inventor'
    )
    SELECT subject, property, value FROM own WHERE property <> 'inventor'
    UNION SELECT subject, 'source', source FROM own WHERE property = 'name' AND NOT starts_with(source, '{CURATOR_PREFIX}')
    UNION SELECT o.subject, 'inventor', p.value FROM own o
        JOIN (SELECT * FROM people UNION SELECT * FROM numbered) p ON p.subject = o.value WHERE o.property = 'inventor'
    UNION SELECT o.object, 'holder', h.object FROM said o
        JOIN said p ON p.subject = o.subject AND p.property = 'power' AND p.object = '{_OWN}'
        JOIN said h ON h.subject = o.subject AND h.property = 'holder' WHERE o.property = 'over'
    UNION SELECT o.object, 'offeredBy', b.object FROM said o
        JOIN said b ON b.subject = o.subject AND b.property = 'offeredBy' WHERE o.property = 'offers'
    UNION SELECT p.object, 'right', i.scheme || chr(31) || i.value FROM said p
        JOIN identified i ON i.subject = p.subject WHERE p.property = 'protects'
"""
