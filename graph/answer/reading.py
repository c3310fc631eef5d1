"""What answering needs of a snapshot: its views and the property graph, or for a snapshot of the past the views alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import pyoxigraph as ox

from graph.answer.expert_finder import ExpertFinder
from graph.answer.model import Ref, SourceRef
from graph.answer.proposing import FIELD, Proposer
from graph.answer.ranker import Ranker
from graph.questions import cypher
from graph.questions.gate_facts import TWINS
from graph.questions.twins import Graph
from graph.views.neo4j_errors import GraphUnavailable
from graph.views.rdf import iri
from graph.views.reading import SnapshotViews


@dataclass
class Reading:
    """The newest snapshot as answers read it: ranking on arrays, hops and gate facts from the property graph, names and sources from RDF."""

    views: SnapshotViews
    graph: Graph

    def __post_init__(self) -> None:
        self.ref = lru_cache(maxsize=_KEPT)(self._ref)
        self.source = lru_cache(maxsize=_KEPT)(self._source)
        self._about: dict[str, dict[str, list[dict[str, Any]]]] = {}
        self._of_class: dict[str, tuple[str, ...]] = {}

    @property
    def snapshot(self) -> str:
        return self.views.snapshot

    @property
    def store(self) -> ox.Store:
        """The dataset, for the SPARQL of named questions."""
        return self.views.store

    @property
    def names(self) -> SnapshotViews:
        """Where ids and names are looked up."""
        return self.views

    @cached_property
    def ranker(self) -> Ranker:
        return Ranker(self.views.arrays)

    @cached_property
    def proposer(self) -> Proposer:
        """Proposes patent subclasses for a text."""
        return Proposer(self.ranker)

    @cached_property
    def field_proposer(self) -> Proposer:
        """Proposes fields of research for a text."""
        return Proposer(self.ranker, FIELD)

    @cached_property
    def experts(self) -> ExpertFinder:
        """What speaks for experts; see :mod:`graph.answer.experts`."""
        return ExpertFinder.of(self.views.expert_arrays, self.ranker)

    def of_class(self, cls: str) -> tuple[str, ...]:
        """The nodes of a class, by their ids."""
        if cls not in self._of_class:
            self._of_class[cls] = tuple(sorted(self.views.instances(cls)))
        return self._of_class[cls]

    def ask(self, question: str, **parameters: list[str]) -> list[dict[str, Any]]:
        """The rows of a query about ids; the lists in them in one order, whichever side answers."""
        columns, rows = self.graph.read(cypher(question), parameters)
        return [_ordered(dict(zip(columns, row, strict=True))) for row in rows]

    def about(self, question: str, parameter: str, nodes: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        """The rows of a query about some nodes, by node. A snapshot never changes, so what was asked of it once is not asked again."""
        known = self._about.get(question, {})
        wanted = set(nodes)
        found = {node: known[node] for node in wanted if node in known}
        missing = sorted(wanted - found.keys())
        if missing:
            asked: dict[str, list[dict[str, Any]]] = {node: [] for node in missing}
            for row in self.ask(question, **{parameter: missing}):
                asked[row["id"]].append(row)
            found |= asked
            # another thread may do the same: whoever comes last is kept, and nothing is changed in place
            self._about[question] = (known if len(known) < _KEPT else {}) | asked
        return found

    def _ref(self, node: str, language: str) -> Ref:
        """A node as an answer names it."""
        found = self.views.ref(node, language)
        return Ref(id=found.id, name=found.name, type=found.type, illustrative=self.views.illustrative(node))

    def _source(self, record: str) -> SourceRef:
        """A record as an answer cites it."""
        found = self.views.record(record)
        return SourceRef(record=found.record, source=found.source, file=found.file, line=found.line, date=found.date)

    def sources(self, records: list[str] | None, most: int = 5) -> tuple[SourceRef, ...]:
        return tuple(self.source(record) for record in (records or [])[:most])

    def stated(self, node: str, prop: str, target: str | None = None, most: int = 3) -> tuple[SourceRef, ...]:
        """The records that state a property of a node, or just one target of it."""
        term = ox.NamedNode(iri(target)) if target else None
        return tuple(dict.fromkeys(self.source(one.record) for one in self.views.sources(node, prop, term, most)))


_KEPT = 20_000
"""Nodes of which a snapshot's reading keeps what it was asked."""


class _NoGraph:
    """Stands where a property graph would: it shows the newest snapshot and no other."""

    def read(self, query: str, *_: Any, **__: Any) -> Any:
        raise GraphUnavailable("only the newest snapshot is in the property graph; ask this one in SPARQL")


class StoredReading(Reading):
    """Any other snapshot: what the property graph would say is read from its dataset."""

    def __init__(self, views: SnapshotViews) -> None:
        super().__init__(views, _NoGraph())

    def ask(self, question: str, **parameters: list[str]) -> list[dict[str, Any]]:
        return [_ordered(row) for row in TWINS[question](self.store, *parameters.values())]


def _ordered(value: Any) -> Any:
    """A value with all lists and keys in it in order: a query's lists come in none."""
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return sorted(map(_ordered, value), key=str)
    return value
