"""What answering needs of a snapshot: its views and the property graph."""

from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from graph.answer.model import Ref, SourceRef
from graph.answer.ranker import Ranker
from graph.views.entity import RecordRef
from graph.views.neo4j_connection import PropertyGraph
from graph.views.rdf import iri
from graph.views.reading import SnapshotViews


@dataclass
class Reading:
    """A snapshot as answers read it: ranking on arrays, hops and gate facts from the property graph, names and sources from RDF."""

    views: SnapshotViews
    graph: PropertyGraph

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

    def ref(self, node: str, language: str) -> Ref:
        """A node as an answer names it."""
        found = self.views.ref(node, language)
        return Ref(id=found.id, name=found.name, type=found.type, illustrative=self.views.illustrative(node))

    def source(self, record: str) -> SourceRef:
        """A record as an answer cites it."""
        found = self.views.record(record)
        return source_ref(found)

    def sources(self, records: list[str] | None, most: int = 5) -> tuple[SourceRef, ...]:
        return tuple(self.source(record) for record in (records or [])[:most])

    def stated(self, node: str, prop: str, target: str | None = None, most: int = 3) -> tuple[SourceRef, ...]:
        """The records that state a property of a node, or just one target of it."""
        term = ox.NamedNode(iri(target)) if target else None
        return tuple(source_ref(record) for record in self.views.sources(node, prop, term, most))


def source_ref(record: RecordRef) -> SourceRef:
    return SourceRef(record=record.record, source=record.source, file=record.file, line=record.line, date=record.date)
