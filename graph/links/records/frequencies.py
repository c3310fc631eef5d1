"""How frequent personal names are, counted over distinct full names: a person who is named often does not make a name frequent."""

from collections import Counter

import duckdb

from graph.links.records.names import Frequencies, read_name

_LISTED = 3
"""Bearers from which a name is listed; the others are rare."""


def count_names(con: duckdb.DuckDBPyConnection) -> Frequencies:
    """Count the names in ``person_mentions``, those of the people beside included."""
    rows = con.execute(
        "SELECT DISTINCT name, family_name FROM person_mentions UNION SELECT DISTINCT unnest(people), NULL FROM person_mentions"
    ).fetchall()
    distinct = {(name.family, name.given) for text, family in rows if (name := read_name(text, family)) is not None}
    families, given = Counter(family for family, _ in distinct), Counter(name for _, name in distinct)
    return Frequencies(len(distinct), _frequent(families), _frequent(given))


def _frequent(counts: Counter[str]) -> dict[str, int]:
    return {name: count for name, count in sorted(counts.items()) if count >= _LISTED}
