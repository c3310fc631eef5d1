"""What a query reads, by its text: which properties of nodes of which classes. What it does not read can't change its answer.

Read from the algebra of rdflib. A variable that a query states to be of a class is of that class wherever the query names it: the shipped
questions give one variable one meaning, which a test holds them to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyoxigraph as ox
from rdflib import RDF, URIRef, Variable
from rdflib.paths import Path
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from graph.answer.whatif.store import HypotheticalStore
from ontology.model import KN


@dataclass(frozen=True, slots=True)
class Spoken:
    """The classes that a query asks for, and the pairs of a property and the class of its subject, None for any."""

    classes: frozenset[str]
    properties: frozenset[tuple[str, str | None]]

    def reads(self, prop: str, types: set[str]) -> bool:
        """Whether a query reads a property of a node of some classes."""
        return (prop, None) in self.properties or any((prop, cls) in self.properties for cls in types)


@cache
def spoken(sparql: str) -> Spoken:
    """What a query reads."""
    triples = list(_triples(prepareQuery(sparql).algebra))
    typed: dict[Variable, set[str]] = {}
    for subject, predicate, target in triples:
        if predicate == RDF.type and isinstance(subject, Variable):
            typed.setdefault(subject, set()).add(_local(target))
    properties: set[tuple[str, str | None]] = set()
    for subject, predicate, _ in triples:
        first, later = _steps(predicate)
        # of a variable that is of this or that class, each counts
        classes: set[str | None] = {*typed.get(subject, set())} or {None}
        properties |= {(prop, cls) for prop in first for cls in classes} | {(prop, None) for prop in later}
    return Spoken(frozenset(name for names in typed.values() for name in names), frozenset(properties))


def _local(term: object) -> str:
    return str(term).removeprefix(str(KN))


def _steps(predicate: Any) -> tuple[set[str], set[str]]:
    """The properties that a predicate reads of its subject, and those that it reads of what it comes to."""
    if isinstance(predicate, URIRef):
        return ({_local(predicate)} if predicate != RDF.type else set()), set()
    if isinstance(predicate, Path):
        return set(), {_local(term) for term in _terms(predicate)}
    raise ValueError("a query that is tried out names every property that it reads")


def _terms(path: Any) -> Iterator[URIRef]:
    if isinstance(path, URIRef):
        yield path
        return
    for part in (*getattr(path, "args", ()), getattr(path, "arg", None), getattr(path, "path", None)):
        if isinstance(part, URIRef | Path):
            yield from _terms(part)


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
    for prop, types in _changes(store):
        if prop is None:
            if types & found.classes:
                return True
        elif found.reads(prop, set(types)):
            return True
    return False


def _changes(store: HypotheticalStore) -> set[tuple[str | None, frozenset[str]]]:
    """The properties that differ, each with the classes of its subject, and for None the classes of which nodes come or go."""
    if store.changes is None:
        store.changes = set(_each_change(store))
    return store.changes


def _each_change(store: HypotheticalStore) -> Iterator[tuple[str | None, frozenset[str]]]:
    known: dict[object, frozenset[str]] = {}
    for quad in store.difference.resolved():
        if quad.predicate.value == str(RDF.type):
            yield None, frozenset({_local(getattr(quad.object, "value", ""))})
            continue
        if quad.subject not in known:
            known[quad.subject] = frozenset(_classes(store, quad.subject))
        yield _local(quad.predicate.value), known[quad.subject]


def _classes(store: HypotheticalStore, node: Any) -> Iterator[str]:
    """The classes of a node before and after."""
    for side in store.sides():
        for quad in side.quads_for_pattern(node, _TYPE, None, _DEFAULT):
            yield _local(getattr(quad.object, "value", ""))


_TYPE, _DEFAULT = ox.NamedNode(str(RDF.type)), ox.DefaultGraph()
