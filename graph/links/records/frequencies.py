"""How frequent personal names are, counted over distinct full names: a person who is named often does not make a name frequent."""

from collections import Counter

import duckdb

from graph.links.records.names import Frequencies, read_name

LISTED = 3
"""Bearers from which a name is written into a file of parameters; the others are rare."""


def count_names(con: duckdb.DuckDBPyConnection, least: int = 1) -> Frequencies:
    """Count the names in ``person_mentions``, those of the people beside included.

    :param least: how many bearers a part of a name needs to be listed
    """
    rows = con.execute(
        "SELECT DISTINCT name, family_name FROM person_mentions UNION SELECT DISTINCT unnest(people), NULL FROM person_mentions"
    ).fetchall()
    distinct = {(name.family, name.given) for text, family in rows if (name := read_name(text, family)) is not None}
    families, given = Counter(family for family, _ in distinct), Counter(name for _, name in distinct)
    return Frequencies(len(distinct), _frequent(families, least), _frequent(given, least))


def _frequent(counts: Counter[str], least: int) -> dict[str, int]:
    return {name: count for name, count in sorted(counts.items()) if count >= least}
