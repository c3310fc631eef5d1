"""Asks one of a question's twins: Cypher of the property graph or SPARQL of the dataset, with the same values, to rows of the same form."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, Protocol

import pyoxigraph as ox

from graph.questions.errors import BrokenQuestion, QuestionError
from graph.questions.texts import GIVEN, by_one_parameter, fill
from graph.views.naming import Names
from graph.views.neo4j_errors import QueryTimeout
from graph.views.rdf import identifier_of, iri

Language = Literal["cypher", "sparql"]
Rows = list[dict[str, Any]]

DEADLINE = 20.0
"""Seconds that a query may take."""
MOST_READ = 1_000_000
"""Rows that a query may give, before they are sorted or analysed."""
_XSD = "http://www.w3.org/2001/XMLSchema#"
_WHOLE = {f"{_XSD}{name}" for name in ("integer", "int", "long", "nonNegativeInteger", "gYear")}
_BROKEN = {f"{_XSD}{name}" for name in ("decimal", "double", "float")}
_BOOLEAN = f"{_XSD}boolean"
_LITERALS: tuple[tuple[type, str, Callable[[Any], str]], ...] = (
    (bool, "boolean", lambda value: str(value).lower()),
    (int, "integer", str),
    (float, "double", repr),
    (date, "date", date.isoformat),
)


class Graph(Protocol):
    """Whatever answers Cypher, as :class:`graph.views.neo4j_connection.PropertyGraph` does."""

    def read(
        self,
        query: str,
        params: Mapping[str, Any] | None = None,
        timeout: float = 20.0,
        *,
        take: Callable[[Iterator[tuple[Any, ...]]], list[tuple[Any, ...]]] = list,
    ) -> tuple[list[str], list[tuple[Any, ...]]]: ...


class Dataset(Protocol):
    """Whatever answers SPARQL with solutions, as ``pyoxigraph.Store`` does."""

    def query(self, query: str) -> Any: ...


class Reading(Protocol):
    """One snapshot as questions read it; only the part that is asked has to be there."""

    @property
    def snapshot(self) -> str: ...
    @property
    def graph(self) -> Graph: ...
    @property
    def store(self) -> Dataset: ...
    @property
    def names(self) -> Names: ...


def node(identifier: str) -> ox.NamedNode:
    """A node as SPARQL names it."""
    return ox.NamedNode(iri(identifier))


def literal(value: Any) -> ox.Literal:
    """A value as SPARQL writes it."""
    for kind, name, text in _LITERALS:
        if isinstance(value, kind):
            return ox.Literal(text(value), datatype=ox.NamedNode(f"{_XSD}{name}"))
    return ox.Literal(str(value))


def values(name: str, terms: Sequence[object | None]) -> str:
    """The VALUES of one variable; ``None`` is UNDEF."""
    return f"VALUES ?{name} {{ {' '.join(_written(term) for term in terms)} }}"


def table(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """The VALUES of what was ranked: a variable for each key of its rows, whose texts are ids; without rows it has no solution."""
    if not rows:
        return f"VALUES ?{name} {{ }}"
    keys = tuple(rows[0])
    lines = (" ".join(_written(_ranked(row[key])) for key in keys) for row in rows)
    return f"VALUES ({' '.join(f'?{key}' for key in keys)}) {{ {' '.join(f'({line})' for line in lines)} }}"


def _ranked(value: Any) -> object | None:
    if value is None:
        return None
    return node(value) if isinstance(value, str) else literal(value)


def _written(term: object | None) -> str:
    return "UNDEF" if term is None else str(term)


def ask_cypher(graph: Graph, text: str, parameters: Mapping[str, Any], deadline: float = DEADLINE) -> Rows:
    """The rows of a Cypher query, days as ISO text.

    :raises graph.views.neo4j_errors.GraphError: where the property graph does not answer, or not in time
    :raises QuestionError: where there are too many rows
    """
    given = {name: list(value) if isinstance(value, tuple) else value for name, value in parameters.items()}
    columns, found = graph.read(
        by_one_parameter(text), {GIVEN: given}, deadline, take=lambda rows: list(_counted(rows))
    )
    return [dict(zip(columns, map(_plain, row), strict=True)) for row in found]


def ask_sparql(store: Dataset, text: str, deadline: float = DEADLINE) -> Rows:
    """The rows of a SPARQL query: nodes of ours as ids, days as ISO text.

    :raises QueryTimeout: where rows still came after the deadline
    :raises QuestionError: where there are too many rows
    """
    try:
        solutions = store.query(text)
    except SyntaxError as error:
        raise BrokenQuestion(f"the SPARQL with its values is none: {error}") from error
    names = [variable.value for variable in solutions.variables]
    until = time.monotonic() + deadline
    rows: Rows = []
    for solution in _counted(solutions):
        rows.append(dict(zip(names, map(value_of, solution), strict=True)))
        if time.monotonic() > until:
            raise QueryTimeout(f"the query did not end within {deadline:g} seconds")
    return rows


def sparql_as_run(text: str, written: Mapping[str, str]) -> str:
    """A question's SPARQL with its values.

    :raises BrokenQuestion: where it asks for what has none
    """
    try:
        return fill(text, written)
    except KeyError as error:
        raise BrokenQuestion(f"the SPARQL asks for {error}, which nothing gives") from None


def _counted(rows: Any) -> Iterator[Any]:
    for count, row in enumerate(rows):
        if count >= MOST_READ:
            raise QuestionError(f"there are more than {MOST_READ} rows; narrow the question by its parameters")
        yield row


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def value_of(term: Any) -> Any:
    """A term as the property graph would give it; ``None`` where it is unbound."""
    if term is None:
        return None
    if not isinstance(term, ox.Literal):
        return identifier_of(term.value) or term.value
    datatype = term.datatype.value
    if datatype in _WHOLE:
        return int(term.value)
    if datatype in _BROKEN:
        return float(term.value)
    return term.value in ("true", "1") if datatype == _BOOLEAN else term.value
