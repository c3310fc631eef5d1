"""Runs a named question on one snapshot, in either query language, to the same rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from graph.questions.analysis import ANALYSES
from graph.questions.binding import bind
from graph.questions.errors import BrokenQuestion
from graph.questions.named import AS_OF, NamedQuestion
from graph.questions.rows import ordered, tidy
from graph.questions.texts import cypher_names
from graph.questions.twins import (
    Language,
    Reading,
    Rows,
    ask_cypher,
    ask_sparql,
    literal,
    node,
    sparql_as_run,
    table,
    values,
)

MOST_SHOWN = 10_000
"""Rows of a result; more are cut off, and ``truncated`` says so."""
Ranking = Callable[[Mapping[str, Any]], Sequence[Mapping[str, Any]]]
"""From what a question is asked with to ranked rows, whose texts are ids."""
_NONE: Mapping[str, Ranking] = MappingProxyType({})
Sharing = Callable[[tuple[str, ...], Callable[[], Rows]], Rows]
"""From what a query is, with all that it is asked with, and how it is asked, to its rows, which nobody changes."""
_NODES = ("id", "concept")


def alone(_: tuple[str, ...], ask: Callable[[], Rows]) -> Rows:
    """Shares nothing."""
    return ask()


def _used(cypher: str, asked: Mapping[str, Any]) -> tuple[str, ...]:
    """The values that a Cypher query is asked with."""
    return tuple(f"{name}={asked[name]!r}" for name in sorted(cypher_names(cypher)))


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a named question.

    ``rows`` hold a value for each of ``columns``; ``queries`` are both texts, the SPARQL with its values; ``parameters`` is what
    the question was asked with, names as ids, what was ranked among it; ``truncated`` says that there are more rows.
    """

    columns: tuple[str, ...]
    rows: list[dict[str, Any]]
    queries: Mapping[Language, str]
    parameters: Mapping[str, Any]
    truncated: bool
    snapshot: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A named question as it is asked: what its Cypher takes, ``as_of`` and what was ranked among it, and the SPARQL with its values."""

    question: NamedQuestion
    parameters: Mapping[str, Any]
    sparql: str


def prepare(
    question: NamedQuestion,
    parameters: Mapping[str, Any],
    reading: Reading,
    rankings: Mapping[str, Ranking] = _NONE,
) -> Prepared:
    """Prepare a question without asking it; see :func:`run`.

    :raises QuestionError: where it can't be asked so
    """
    bound = bind(question, parameters, reading.names)
    ranked = _ranked(question, bound, rankings)
    return Prepared(question, {**bound, **ranked}, sparql_as_run(question.sparql, _written(question, bound, ranked)))


def run(
    question: NamedQuestion,
    parameters: Mapping[str, Any],
    reading: Reading,
    *,
    on: Language = "cypher",
    rankings: Mapping[str, Ranking] = _NONE,
    most: int = MOST_SHOWN,
    sharing: Sharing = alone,
) -> Result:
    """Ask a question.

    :param parameters: name → value or text that says one, several as a list; ``as_of`` is a day, today in Vietnam when left out
    :param on: the language that is asked; the rows are the same
    :param rankings: by the name that questions give under ``before``
    :param most: rows of the result
    :param sharing: where the rows of a query are kept from which several answers are computed
    :raises QuestionError: where it can't be asked so
    :raises graph.views.neo4j_errors.GraphError: where an engine does not answer, or not in time
    :raises BrokenQuestion: where its files contradict each other, the engines or the code
    """
    prepared = prepare(question, parameters, reading, rankings)
    asked, sparql = prepared.parameters, prepared.sparql
    within = question.deadline
    text, used = (question.cypher, _used(question.cypher, asked)) if on == "cypher" else (sparql, ())

    def found() -> Rows:
        if on == "cypher":
            return ask_cypher(reading.graph, question.cypher, asked, within)
        return ask_sparql(reading.store, sparql, within)

    shared = question.after is not None and question.before is None
    found_rows = sharing((on, text, *used), found) if shared else found()
    rows = ordered(question, tidy(question, _analysed(question, found_rows, asked)))
    return Result(
        columns=tuple(question.columns),
        rows=rows[:most],
        queries=MappingProxyType({"cypher": question.cypher, "sparql": sparql}),
        parameters=MappingProxyType({name: _said(value) for name, value in asked.items() if name != AS_OF}),
        truncated=len(rows) > most,
        snapshot=reading.snapshot,
        as_of=asked[AS_OF].isoformat(),
    )


def _ranked(question: NamedQuestion, bound: Mapping[str, Any], rankings: Mapping[str, Ranking]) -> dict[str, Any]:
    """What the ranking before gives, under its name."""
    if question.before is None or question.gives is None:
        return {}
    if question.before not in rankings:
        raise BrokenQuestion(f"{question.name} needs the ranking {question.before}, which nobody does")
    return {question.gives: [dict(row) for row in rankings[question.before](bound)]}


def _analysed(question: NamedQuestion, rows: Rows, bound: Mapping[str, Any]) -> Rows:
    if question.after is None:
        return rows
    if question.after not in ANALYSES:
        raise BrokenQuestion(f"{question.name} needs the analysis {question.after}, which nobody does")
    return ANALYSES[question.after](rows, bound)


def _written(question: NamedQuestion, bound: Mapping[str, Any], ranked: Mapping[str, Any]) -> dict[str, str]:
    """Each parameter as VALUES."""
    written = {name: table(name, rows) for name, rows in ranked.items()}
    for name, value in bound.items():
        several = value if isinstance(value, tuple) else (value,)
        nodes = name in question.parameters and question.parameters[name].type in _NODES
        terms = [None if one is None else node(one) if nodes else literal(one) for one in several]
        written[name] = values(name, terms)
    return written


def _said(value: Any) -> Any:
    """A parameter's value as JSON has it."""
    if isinstance(value, tuple | list):
        return [_said(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
