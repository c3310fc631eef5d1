"""A node of a snapshot's dataset, read in the way that the queries in Cypher read one of the property graph."""

from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox

from graph.views.property_graph import node_value
from graph.views.rdf import identifier_of, iri
from ontology.model import BASE, KN, ontology

_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_DEFAULT = ox.DefaultGraph()


def term(name: str) -> ox.NamedNode:
    """A term of the ontology."""
    return ox.NamedNode(f"{KN}{name}")


def identifier(node: object) -> str:
    """The id of a node that the dataset names."""
    text = str(getattr(node, "value", node))
    return identifier_of(text) or text


class Node:
    """A node by its id. Everything is read from the default graph, but for its sources."""

    def __init__(self, store: ox.Store, id: str) -> None:
        self.store, self.id = store, id
        self._iri = ox.NamedNode(iri(id))

    def is_a(self, cls: str) -> bool:
        """Whether it has a class, superclasses among them."""
        return ox.Quad(self._iri, _TYPE, term(cls), _DEFAULT) in self.store

    def values(self, prop: str) -> list[Any]:
        """The values of a property as the property graph holds them, days as ``date``, in their order."""
        quads = self.store.quads_for_pattern(self._iri, term(prop), None, _DEFAULT)
        found = [node_value(prop, quad.object.value) for quad in quads if isinstance(quad.object, ox.Literal)]
        return sorted(found)

    def value(self, prop: str) -> Any:
        """The value of a property that has one, or ``None``."""
        return next(iter(self.values(prop)), None)

    def ends(self, prop: str) -> list["Node"]:
        """The nodes that an edge leads to, by id."""
        quads = self.store.quads_for_pattern(self._iri, term(prop), None, _DEFAULT)
        return self._nodes(quad.object for quad in quads)

    def end(self, prop: str) -> str | None:
        """The id of the node that the one edge of a kind leads to, or ``None``."""
        return next((node.id for node in self.ends(prop)), None)

    def end_ids(self, prop: str) -> list[str]:
        return [node.id for node in self.ends(prop)]

    def starts(self, prop: str, cls: str) -> list["Node"]:
        """The nodes of a class from which an edge leads here, by id."""
        return self._nodes(self._starting(prop, cls))

    def count_starts(self, prop: str, cls: str) -> int:
        """How many nodes of a class there are from which an edge leads here."""
        return sum(1 for _ in self._starting(prop, cls))

    def edges(self) -> Iterator[tuple[str, "Node"]]:
        """All edges from here: relationship type and node."""
        for quad in self.store.quads_for_pattern(self._iri, None, None, _DEFAULT):
            if quad.predicate != _TYPE and isinstance(quad.object, ox.NamedNode):
                prop = ontology().properties[quad.predicate.value.removeprefix(str(KN))]
                yield prop.relationship_type, Node(self.store, identifier(quad.object))

    @property
    def document(self) -> str | None:
        """The number of the document by which an event happened: of the decision where there is one, else its own. A task's is a code."""
        classes = ontology().classes
        types = (quad.object for quad in self.store.quads_for_pattern(self._iri, _TYPE, None, _DEFAULT))
        names = {str(getattr(one, "value", "")).removeprefix(str(KN)) for one in types}
        if "IPRight" not in names and not any(name in classes and classes[name].event for name in names):
            return None
        number: str | None = self.value("decisionNumber") or self.value("number")
        return number

    @property
    def sources(self) -> list[str] | None:
        """The records that state its class, or ``None`` where none does: those whose graphs do."""
        quads = self.store.quads_for_pattern(self._iri, _TYPE, None, None)
        return sorted({record_of(quad) for quad in quads if quad.graph_name != _DEFAULT}) or None

    def _starting(self, prop: str, cls: str) -> Iterator[object]:
        wanted = term(cls)
        for quad in self.store.quads_for_pattern(None, term(prop), self._iri, _DEFAULT):
            if ox.Quad(quad.subject, _TYPE, wanted, _DEFAULT) in self.store:
                yield quad.subject

    def _nodes(self, terms: Iterator[object]) -> list["Node"]:
        return [Node(self.store, one) for one in sorted(map(identifier, terms))]


def record_of(quad: ox.Quad) -> str:
    """The record whose graph a quad stands in."""
    return str(getattr(quad.graph_name, "value", "")).removeprefix(f"{BASE}record/")
