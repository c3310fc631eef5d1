"""Persons: by identifier, as corrected, and by a model of their names and surroundings.

Names are shared by so many, Vietnamese ones above all, that a name alone links nobody whose surroundings say nothing.
"""

from collections.abc import Iterator, Mapping

import duckdb
import numpy as np

from graph.links.corrections import corrections
from graph.links.matching import Link, by_identifier, other_identifier
from graph.links.profiles import read_profiles
from graph.links.records.clustering import CONSIDERED, groups_of, strongest
from graph.links.records.comparisons import reasons
from graph.links.records.model import Pairs, predict
from graph.links.records.parameters import read_record_parameters
from graph.links.records.person_mentions import make_person_mentions
from graph.links.records.persons import PERSONS, make_person_records

_NONE: frozenset[tuple[str, str]] = frozenset()


def persons(con: duckdb.DuckDBPyConnection, standing: Mapping[str, str]) -> Iterator[Link]:
    """All links between persons.

    :param con: over the statements, see :func:`graph.statements.loads.open_statements`
    :param standing: mention of an organisation → the one that stands for it
    """
    # profiles tell identifiers and corrections; without either there is nothing that they could tell
    profiles = read_profiles(con, "Person") if _identified_or_gone(con) else []
    yield from by_identifier(profiles)
    yield from corrections(con, profiles)
    identifiers = {
        member: profile.identifiers for profile in profiles for member in profile.members if profile.identifiers
    }
    make_person_mentions(con, standing)
    parameters = read_record_parameters()
    make_person_records(con, parameters.names)
    subjects = [
        subject for (subject,) in con.execute("SELECT subject FROM numbered_persons ORDER BY number").fetchall()
    ]
    yield from _by_model(
        subjects,
        _allowed(predict(con, PERSONS, parameters.of(PERSONS), CONSIDERED), subjects, identifiers),
        _names(con),
    )


def _by_model(subjects: list[str], pairs: Pairs, names: Mapping[int, str]) -> Iterator[Link]:
    kept = strongest(len(subjects), pairs, groups_of(len(subjects), pairs))
    for at in kept.tolist():
        earlier, later = int(pairs.left[at]), int(pairs.right[at])
        why = "; ".join(reasons(PERSONS, pairs.outcomes[at].tolist()))
        yield Link(
            subjects[later], subjects[earlier], round(float(pairs.probability[at]), 4), f"«{names[later]}»: {why}"
        )


def _allowed(pairs: Pairs, subjects: list[str], identifiers: Mapping[str, frozenset[tuple[str, str]]]) -> Pairs:
    """The pairs that no identifiers tell apart."""
    if not identifiers or not len(pairs):
        return pairs
    keep = [
        not other_identifier(identifiers.get(subjects[left], _NONE), identifiers.get(subjects[right], _NONE))
        for left, right in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
    ]
    return pairs.take(np.array(keep))


def _names(con: duckdb.DuckDBPyConnection) -> dict[int, str]:
    return dict(con.execute("SELECT number, name FROM person_mentions").fetchall())


def _identified_or_gone(con: duckdb.DuckDBPyConnection) -> bool:
    ((found,),) = con.execute(
        """
        WITH persons AS (
            SELECT subject, any_value(record) AS record, max(load) AS load FROM all_statements
            WHERE property = 'type' AND value = 'Person' GROUP BY subject
        )
        SELECT EXISTS (SELECT 1 FROM all_statements s JOIN persons p USING (subject) WHERE s.property = 'hasIdentifier')
            OR EXISTS (SELECT 1 FROM persons p JOIN versions v USING (record) WHERE v.load <> p.load OR NOT v.present)
        """
    ).fetchall()
    return bool(found)
