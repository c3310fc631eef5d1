"""Persons: by identifier, as corrected, and by a model of their names and surroundings.

Names are shared by so many, Vietnamese ones above all, that a name alone links nobody whose surroundings say nothing.
"""

from collections.abc import Iterator, Mapping

import duckdb
import numpy as np

from graph.links.corrections import corrections
from graph.links.matching import Link, by_identifier, other_identifier
from graph.links.profiles import classes_below, read_profiles
from graph.links.records.clustering import CONSIDERED, groups_of, joining, strongest
from graph.links.records.comparisons import reasons
from graph.links.records.model import Pairs, predict
from graph.links.records.parameters import read_record_parameters
from graph.links.records.person_mentions import make_person_mentions
from graph.links.records.persons import PERSONS, make_person_records
from ontology.statement import LINKER, SAME_AS

_Identifiers = Mapping[str, frozenset[tuple[str, str]]]
_NONE: frozenset[tuple[str, str]] = frozenset()
MEMORY_LIMIT = "2GB"
"""What DuckDB may hold while persons are compared: all pairs of 334,000 mentions are scored at once."""
_DIGITS = 4
"""Of a probability: statements keep it as a float of 32 bits."""


_SPOKEN_OF = f"SELECT subject FROM all_statements WHERE property = 'type' AND value IN ({classes_below('Person')})"
"""All persons that loads speak of; links may name others, whose loads were withdrawn."""


def persons(con: duckdb.DuckDBPyConnection, standing: Mapping[str, str], since: int | None = None) -> Iterator[Link]:
    """All links between persons.

    Decided anew, a person may be another one tomorrow, since what stands around him counts. So whoever was there at the last linking
    keeps his links, and who came since joins at most one of those who stood apart.

    :param con: over the statements, see :func:`graph.statements.loads.open_statements`
    :param standing: mention of an organisation → the one that stands for it
    :param since: the last linking, as the number of its load; without it everybody is decided anew
    """
    # profiles tell identifiers and corrections; without either there is nothing that they could tell
    profiles = read_profiles(con, "Person") if _identified_or_gone(con) else []
    told = [*by_identifier(profiles), *corrections(con, profiles)]
    yield from told
    identifiers = {
        member: profile.identifiers for profile in profiles for member in profile.members if profile.identifiers
    }
    if since is None:
        yield from _anew(con, standing, identifiers)
        return
    kept = [link for link in _links_of_before(con) if not _told_apart(link.later, link.earlier, identifiers)]
    yield from kept
    if _newcomers(con, since):
        yield from _joining(con, standing, identifiers, [*told, *kept])


def _anew(con: duckdb.DuckDBPyConnection, standing: Mapping[str, str], identifiers: _Identifiers) -> Iterator[Link]:
    subjects = prepare_records(con, standing)
    pairs = _allowed(_pairs(con), subjects, identifiers)
    kept = strongest(len(subjects), pairs, groups_of(len(subjects), pairs))
    yield from _said(con, subjects, pairs.take(kept))


def _joining(
    con: duckdb.DuckDBPyConnection, standing: Mapping[str, str], identifiers: _Identifiers, kept: list[Link]
) -> Iterator[Link]:
    subjects = prepare_records(con, standing, "newcomers")
    numbers = {subject: at for at, subject in enumerate(subjects)}
    new = con.execute("SELECT number FROM numbered_persons JOIN newcomers USING (subject) ORDER BY number").fetchnumpy()
    pairs = _allowed(_pairs(con, _ASKED), subjects, identifiers)
    known = np.array([(numbers[link.later], numbers[link.earlier]) for link in kept], dtype=np.int64).reshape(-1, 2)
    # whom an identifier or a correction links needs no other link, which would join two who stood apart
    free = np.setdiff1d(np.asarray(new["number"]), known[:, 0])
    yield from _said(con, subjects, pairs.take(joining(len(subjects), pairs, known, free)))


_ASKED = "asked_numbers"


def prepare_records(con: duckdb.DuckDBPyConnection, standing: Mapping[str, str], only: str | None = None) -> list[str]:
    """Make the records of all persons, as the model compares them.

    :param con: over the statements, see :func:`graph.statements.loads.open_statements`
    :param standing: mention of an organisation → the one that stands for it
    :param only: a table of mentions; records are then made of those alone that one of them is compared with
    :return: the mention of each number
    """
    con.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
    make_person_mentions(con, standing)
    if only is not None:
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {_ASKED} AS SELECT number FROM numbered_persons JOIN {only} USING (subject)"
        )
    make_person_records(con, read_record_parameters().names, None if only is None else _ASKED)
    return [subject for (subject,) in con.execute("SELECT subject FROM numbered_persons ORDER BY number").fetchall()]


def _pairs(con: duckdb.DuckDBPyConnection, only: str | None = None) -> Pairs:
    return predict(con, PERSONS, read_record_parameters().of(PERSONS), CONSIDERED, only)


def _said(con: duckdb.DuckDBPyConnection, subjects: list[str], pairs: Pairs) -> Iterator[Link]:
    names = dict(con.execute("SELECT number, name FROM person_mentions").fetchall())
    for at in range(len(pairs)):
        earlier, later = int(pairs.left[at]), int(pairs.right[at])
        why = "; ".join(reasons(PERSONS, pairs.outcomes[at].tolist()))
        probability = round(float(pairs.probability[at]), _DIGITS)
        yield Link(subjects[later], subjects[earlier], probability, f"«{names[later]}»: {why}")


def _links_of_before(con: duckdb.DuckDBPyConnection) -> list[Link]:
    rows = con.execute(
        f"""
        SELECT s.subject, s.object, s.probability, s.reason FROM said s JOIN loads l ON l.load = s.load AND l.source = '{LINKER}'
        WHERE s.property = '{SAME_AS}' AND s.subject IN ({_SPOKEN_OF}) AND s.object IN ({_SPOKEN_OF})
        ORDER BY s.subject, s.object
        """
    ).fetchall()
    return [Link(later, earlier, round(probability, _DIGITS), why) for later, earlier, probability, why in rows]


def _newcomers(con: duckdb.DuckDBPyConnection, since: int) -> bool:
    """Make ``newcomers(subject)``: persons of whom nobody spoke before. Returns whether there are any."""
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE newcomers AS SELECT subject FROM founded WHERE rank >> 36 > {since} AND subject IN ({_SPOKEN_OF})
        """
    )
    ((count,),) = con.execute("SELECT count(*) FROM newcomers").fetchall()
    return bool(count)


def _told_apart(one: str, other: str, identifiers: _Identifiers) -> bool:
    return other_identifier(identifiers.get(one, _NONE), identifiers.get(other, _NONE))


def _allowed(pairs: Pairs, subjects: list[str], identifiers: _Identifiers) -> Pairs:
    """The pairs that no identifiers tell apart."""
    if not identifiers or not len(pairs):
        return pairs
    ends = zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
    return pairs.take(np.array([not _told_apart(subjects[a], subjects[b], identifiers) for a, b in ends]))


def _identified_or_gone(con: duckdb.DuckDBPyConnection) -> bool:
    ((found,),) = con.execute(
        f"""
        WITH persons AS (
            SELECT subject, any_value(record) AS record, max(load) AS load FROM all_statements
            WHERE property = 'type' AND value IN ({classes_below("Person")}) GROUP BY subject
        )
        SELECT EXISTS (SELECT 1 FROM all_statements s JOIN persons p USING (subject) WHERE s.property = 'hasIdentifier')
            OR EXISTS (SELECT 1 FROM persons p JOIN versions v USING (record) WHERE v.load <> p.load OR NOT v.present)
        """
    ).fetchall()
    return bool(found)
