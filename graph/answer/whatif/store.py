"""A dataset as it would be: today's quads without some and with some more, read as a store is read, and never written."""

import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import pyoxigraph as ox

from graph.questions.nodes import identifier
from ontology.model import KN

_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_DEFAULT = ox.DefaultGraph()
_TERM = re.compile(r"\bkn:(\w+)")
_COMMENT = re.compile(r"(?m)^\s*#.*$")
_MOST = 50_000
"""Quads that a scenario may change."""


class TooMuch(ValueError):
    """A scenario touches more of the graph than is tried out in memory."""


@dataclass(slots=True)
class Difference:
    """What a scenario takes away from a dataset and adds to it."""

    removed: set[ox.Quad] = field(default_factory=set)
    added: set[ox.Quad] = field(default_factory=set)

    def resolved(self) -> Iterator[ox.Quad]:
        """What differs in the default graph."""
        return (quad for quad in self.removed | self.added if quad.graph_name == _DEFAULT)


@dataclass(slots=True)
class Changes:
    """Of which ``classes`` nodes come or go in a difference; and of whom ``properties`` differ: by their classes, which subjects."""

    classes: set[str] = field(default_factory=set)
    properties: dict[str, dict[frozenset[str], set[Any]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Solutions:
    """The solutions of a query, read to the end; looks like ``pyoxigraph.QuerySolutions``."""

    variables: list[ox.Variable]
    rows: list[ox.QuerySolution]

    def __iter__(self) -> Iterator[ox.QuerySolution]:
        return iter(self.rows)


def terms_in(query: str) -> set[str]:
    """The terms of the ontology that a query names. The named questions name every property and class that they read."""
    return set(_TERM.findall(_COMMENT.sub("", query)))


Filling = Callable[[set[str], ox.Store], None]
"""Puts what the default graph says by some properties, and of what is of some classes, into a store."""


def from_dataset(base: ox.Store) -> Filling:
    """Fills from the dataset itself, quad by quad."""

    def fill(terms: set[str], store: ox.Store) -> None:
        for name in sorted(terms):
            term = ox.NamedNode(f"{KN}{name}")
            predicate, target = (_TYPE, term) if name[0].isupper() else (term, None)
            store.bulk_extend(base.quads_for_pattern(None, predicate, target, _DEFAULT))

    return fill


class Slice:
    """The part of a snapshot's default graph that queries speak of, in memory: it grows by properties and classes, as they are named.

    A difference is applied to it for the time of one query and taken back, one query at a time.
    """

    def __init__(self, fill: Filling) -> None:
        self._fill, self._store = fill, ox.Store()
        self._held: set[str] = set()
        self._lock = threading.Lock()

    def ask(self, query: str, difference: Difference) -> Solutions:
        """The solutions of a query over the snapshot with a difference."""
        with self._lock:
            self._held_terms(terms_in(query))
            gone = [quad for quad in difference.removed if quad in self._store]
            came = [quad for quad in difference.added if quad.graph_name == _DEFAULT and quad not in self._store]
            try:
                for quad in gone:
                    self._store.remove(quad)
                self._store.extend(came)
                found = self._store.query(query)
                assert isinstance(found, ox.QuerySolutions)
                return Solutions(list(found.variables), list(found))
            finally:
                for quad in came:
                    self._store.remove(quad)
                self._store.extend(gone)

    def hold(self, terms: set[str]) -> None:
        """Take up what will be asked for, at once."""
        with self._lock:
            self._held_terms(terms)

    def _held_terms(self, terms: set[str]) -> None:
        if missing := terms - self._held:
            self._fill(missing, self._store)
            self._held |= missing


class HypotheticalStore:
    """A store with a difference over it.

    :param slice_: of the same store, for queries; shared by all scenarios of a snapshot
    """

    def __init__(self, base: ox.Store, slice_: Slice) -> None:
        self._base, self._slice = base, slice_
        self.difference = Difference()
        self.changes: Changes | None = None
        """The difference by property and class, once somebody has asked for it."""
        self._by: dict[ox.NamedNode | ox.BlankNode | ox.Triple, dict[ox.Quad, None]] = defaultdict(dict)
        self._to: dict[Any, dict[ox.Quad, None]] = defaultdict(dict)

    def sides(self) -> tuple[ox.Store, ox.Store]:
        """The dataset before and after, to be read by the calls that this one answers."""
        return self._base, cast(ox.Store, self)

    def add(self, quad: ox.Quad) -> None:
        """Suppose a quad.

        :raises TooMuch: where the scenario has become too large
        """
        if quad in self.difference.removed:
            self.difference.removed.discard(quad)
        elif quad not in self._base:
            self.difference.added.add(quad)
            self._by[quad.subject][quad] = None
            self._to[quad.object][quad] = None
        self._bound()

    def remove(self, quad: ox.Quad) -> None:
        """Suppose that a quad is not there.

        :raises TooMuch: where the scenario has become too large
        """
        if quad in self.difference.added:
            self.difference.added.discard(quad)
            del self._by[quad.subject][quad]
            del self._to[quad.object][quad]
        elif quad in self._base:
            self.difference.removed.add(quad)
        self._bound()

    def _bound(self) -> None:
        if len(self.difference.removed) + len(self.difference.added) > _MOST:
            raise TooMuch(f"the scenario changes more than {_MOST} facts; suppose less")

    def __contains__(self, quad: ox.Quad) -> bool:
        return quad in self.difference.added or (quad in self._base and quad not in self.difference.removed)

    def quads_for_pattern(self, subject: Any, predicate: Any, object: Any, graph_name: Any = None) -> Iterator[ox.Quad]:
        """As ``pyoxigraph.Store`` gives them."""
        for quad in self._base.quads_for_pattern(subject, predicate, object, graph_name):
            if quad not in self.difference.removed:
                yield quad
        more = (
            self._by.get(subject, {})
            if subject is not None
            else self._to.get(object, {})
            if object is not None
            else dict.fromkeys(self.difference.added)
        )
        for quad in list(more):
            if (
                (predicate is None or quad.predicate == predicate)
                and (object is None or quad.object == object)
                and (graph_name is None or quad.graph_name == graph_name)
            ):
                yield quad

    def around(self) -> set[str]:
        """What differs and what stands beside it, by id: all nodes of which something else may be told than before."""
        differing = self.difference.removed | self.difference.added
        here = {quad.subject for quad in differing}
        found = {identifier(node) for node in here}
        found |= {identifier(quad.object) for quad in differing if isinstance(quad.object, ox.NamedNode)}
        for node in here:
            for quad in self.quads_for_pattern(node, None, None, _DEFAULT):
                if isinstance(quad.object, ox.NamedNode):
                    found.add(identifier(quad.object))
            found |= {identifier(quad.subject) for quad in self.quads_for_pattern(None, None, node, _DEFAULT)}
        return found

    def query(self, query: str) -> Solutions:
        """The solutions of a query over the default graph."""
        return self._slice.ask(query, self.difference)
