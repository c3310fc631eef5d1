"""What a query reads, by its text: which properties of nodes of which classes. What it does not read can't change its answer.

Read from the algebra of rdflib. A variable that a query states to be of a class is of that class wherever the query names it: the shipped
questions give one variable one meaning, which a test holds them to. A later step of a path, as ``locatedIn`` in ``needOf/locatedIn``, is
read of those alone to whom the step before leads.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pyoxigraph as ox
from rdflib import RDF, URIRef, Variable
from rdflib.paths import AlternativePath, MulPath, OneOrMore, SequencePath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from graph.answer.whatif.store import Changes, HypotheticalStore
from graph.questions.nodes import term
from ontology.model import KN


@dataclass(frozen=True, slots=True)
class Read:
    """A property that a query reads, of which subjects: those of a class, or those to which one of some properties leads; None for any."""

    property: str
    of: str | None = None
    after: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """The classes that a query asks for, and what it reads."""

    classes: frozenset[str]
    reads: frozenset[Read]


@cache
def spoken(sparql: str) -> Spoken:
    """What a query reads."""
    triples = list(_triples(prepareQuery(sparql).algebra))
    typed: dict[Variable, set[str]] = {}
    for subject, predicate, target in triples:
        if predicate == RDF.type and isinstance(subject, Variable):
            typed.setdefault(subject, set()).add(_local(target))
    reads: set[Read] = set()
    for subject, predicate, _ in triples:
        # of a variable that is of this or that class, each counts
        classes: set[str | None] = {*typed.get(subject, set())} or {None}
        for read in _steps(predicate, None)[0]:
            reads |= {replace(read, of=cls) for cls in classes} if read.after is None else {read}
    return Spoken(frozenset(name for names in typed.values() for name in names), frozenset(reads))


def _local(term: object) -> str:
    return str(term).removeprefix(str(KN))


def _steps(predicate: Any, after: frozenset[str] | None) -> tuple[set[Read], frozenset[str] | None]:
    """What a predicate reads, and the properties that lead to where it ends; None for where it begins.

    :param after: the properties that lead to where it begins; None for the subject of a triple
    :raises ValueError: where it is a variable or a path of a kind that no shipped question has
    """
    if isinstance(predicate, URIRef):
        name = _local(predicate)
        return (set() if predicate == RDF.type else {Read(name, after=after)}), frozenset({name})
    if isinstance(predicate, SequencePath):
        found: set[Read] = set()
        for step in predicate.args:
            read, after = _steps(step, after)
            found |= read
        return found, after
    if isinstance(predicate, AlternativePath):
        each = [_steps(step, after) for step in predicate.args]
        ends = [end for _, end in each]
        return set().union(*(read for read, _ in each)), _either(*ends)
    if isinstance(predicate, MulPath):
        read, end = _steps(predicate.path, after)
        again, _ = _steps(predicate.path, end)
        return read | again, end if predicate.mod == OneOrMore else _either(after, end)
    raise ValueError("a query that is tried out names every property that it reads")


def _either(*ends: frozenset[str] | None) -> frozenset[str] | None:
    return None if None in ends else frozenset().union(*(end for end in ends if end is not None))


def _triples(part: Any) -> Iterator[tuple[Any, Any, Any]]:
    """All triples of an algebra, whatever they stand in."""
    if isinstance(part, CompValue):
        for key, value in part.items():
            if key == "triples":
                # rdflib leaves the triples of a group in a filter in one row
                yield from (tuple(row[at : at + 3]) for row in value for at in range(0, len(row), 3))
            elif key != "_vars":
                yield from _triples(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _triples(value)


def touches(store: HypotheticalStore, sparql: str) -> bool:
    """Whether the difference of a store may change the answer to a query."""
    found = spoken(sparql)
    changes = _changes(store)
    if found.classes & changes.classes:
        return True
    return any(
        (read.of is None or read.of in classes)
        and (read.after is None or any(_led_to(store, subject, read.after) for subject in subjects))
        for read in found.reads
        for classes, subjects in changes.properties.get(read.property, {}).items()
    )


def _changes(store: HypotheticalStore) -> Changes:
    if store.changes is None:
        store.changes = _all_changes(store)
    return store.changes


def _all_changes(store: HypotheticalStore) -> Changes:
    known: dict[object, frozenset[str]] = {}
    found = Changes()
    for quad in store.difference.resolved():
        if quad.predicate == _TYPE:
            found.classes.add(_local(getattr(quad.object, "value", "")))
            continue
        if quad.subject not in known:
            known[quad.subject] = frozenset(_classes(store, quad.subject))
        of = found.properties.setdefault(_local(quad.predicate.value), {})
        of.setdefault(known[quad.subject], set()).add(quad.subject)
    return found


def _classes(store: HypotheticalStore, node: Any) -> Iterator[str]:
    """The classes of a node before and after."""
    for side in store.sides():
        for quad in side.quads_for_pattern(node, _TYPE, None, _DEFAULT):
            yield _local(getattr(quad.object, "value", ""))


def _led_to(store: HypotheticalStore, node: Any, properties: frozenset[str]) -> bool:
    """Whether one of some properties leads to a node, before or after."""
    return any(
        True
        for side in store.sides()
        for name in properties
        for _ in side.quads_for_pattern(None, term(name), node, _DEFAULT)
    )


_TYPE, _DEFAULT = ox.NamedNode(str(RDF.type)), ox.DefaultGraph()
