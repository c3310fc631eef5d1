"""Applies hypothetical records to a dataset in memory, as a publish would: single values, one event for equal keys, competing claims."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import cast

import pyoxigraph as ox

from graph.answer.whatif.scenario import SOURCE
from graph.answer.whatif.store import HypotheticalStore
from graph.questions.disputes import standing
from graph.questions.nodes import Node, identifier, term
from graph.views.rdf import iri
from ontology.model import BASE, KN, ROOT, ontology
from ontology.statement import SAME_AS, TYPE, Record, Statement, record_id

_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_DEFAULT = ox.DefaultGraph()
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_SOURCE_NODE = "hypothetical"


def apply(store: HypotheticalStore, records: Iterable[Record]) -> None:
    """Suppose what records say.

    :raises graph.answer.whatif.store.TooMuch: where that changes too much
    """
    _Applying(store).run(list(records))


class _Applying:
    """A few records on their way into a dataset."""

    def __init__(self, store: HypotheticalStore) -> None:
        self.store = store
        self._means: dict[str, str] = {}
        # over what, of which power, and the answer on which sources may compete
        self._over, _, self._disputed = ontology().classes["RightsHolding"].competes_on

    def run(self, records: list[Record]) -> None:
        said = [statement for record in records for statement in record.statements]
        founded = {statement.subject for statement in said if statement.property == TYPE}
        links = [statement for statement in said if statement.property == SAME_AS]
        self._means = {link.subject: str(link.object) for link in links if link.subject in founded}
        for record in records:
            self._record(record)
        for link in links:
            if link.subject not in founded:
                self._merge(ox.NamedNode(iri(link.subject)), ox.NamedNode(iri(str(link.object))))
        for about in sorted(self._spoken_of(self._over)):
            self._claims(about)

    def _node(self, mention: str) -> ox.NamedNode:
        return ox.NamedNode(iri(self._means.get(mention, mention)))

    def _record(self, record: Record) -> None:
        path = f"record/{record_id(SOURCE, record.key)}"
        graph, source = ox.NamedNode(iri(path)), ox.NamedNode(iri(_SOURCE_NODE))
        for node, cls in ((graph, "SourceRecord"), (source, "Source")):
            for name in (cls, ROOT):
                self._add(node, _TYPE, term(name))
        self._add(graph, term("fromSource"), source)
        self._add(source, term("name"), ox.Literal(SOURCE))
        for statement in record.statements:
            if statement.property != SAME_AS:
                self._statement(statement, graph)

    def _statement(self, statement: Statement, graph: ox.NamedNode) -> None:
        subject = self._node(statement.subject)
        if statement.property == TYPE:
            cls = str(statement.value)
            self.store.add(ox.Quad(subject, _TYPE, term(cls), graph))
            for name in ontology().classes[cls].types:
                self._add(subject, _TYPE, term(name))
            return
        prop = ontology().properties[statement.property]
        said = self._node(statement.object) if statement.object else _literal(prop.datatype, statement)
        if prop.single:  # a curator's value goes before all others
            for quad in list(self.store.quads_for_pattern(subject, term(prop.name), None, _DEFAULT)):
                if not prop.per_language or getattr(quad.object, "language", None) == statement.language:
                    self.store.remove(quad)
        self._add(subject, term(prop.name), said)
        self.store.add(ox.Quad(subject, term(prop.name), said, graph))

    def _add(self, subject: ox.NamedNode, predicate: ox.NamedNode, target: ox.NamedNode | ox.Literal) -> None:
        self.store.add(ox.Quad(subject, predicate, target, _DEFAULT))

    def _merge(self, gone: ox.NamedNode, stays: ox.NamedNode) -> None:
        """One node in place of two. What may be said once only stays as the surviving node has it; a second name is an alternative."""
        events = [quad.subject for quad in self.store.quads_for_pattern(None, None, gone, _DEFAULT)]
        for quad in list(self.store.quads_for_pattern(gone, None, None, None)):
            self.store.remove(quad)
            kept = self._kept(stays, quad)
            if kept is not None:
                self.store.add(kept)
        for quad in list(self.store.quads_for_pattern(None, None, gone, None)):
            self.store.remove(quad)
            self.store.add(ox.Quad(quad.subject, quad.predicate, stays, quad.graph_name))
        for event in dict.fromkeys(events):
            like = self._like(cast(ox.NamedNode, event), stays)
            if like is not None:
                self._merge(cast(ox.NamedNode, event), like)

    def _kept(self, stays: ox.NamedNode, quad: ox.Quad) -> ox.Quad | None:
        """What a quad of the node that goes becomes."""
        prop = ontology().properties.get(quad.predicate.value.removeprefix(str(KN)))
        predicate = quad.predicate
        if prop is not None and prop.single and quad.graph_name == _DEFAULT:
            language = getattr(quad.object, "language", None)
            for other in self.store.quads_for_pattern(stays, predicate, None, _DEFAULT):
                if not prop.per_language or getattr(other.object, "language", None) == language:
                    if other.object == quad.object or not prop.demotes_to:
                        return None
                    predicate = term(prop.demotes_to)
                    break
        return ox.Quad(stays, predicate, quad.object, quad.graph_name)

    def _like(self, event: ox.NamedNode, body: ox.NamedNode) -> ox.NamedNode | None:
        """Another event of a body with the same key, which is the same event."""
        for quad in self.store.quads_for_pattern(event, _TYPE, None, _DEFAULT):
            cls = ontology().classes.get(str(getattr(quad.object, "value", "")).removeprefix(str(KN)))
            if cls is None or not cls.event_key:
                continue
            key = self._key(event, cls.event_key)
            for held in self.store.quads_for_pattern(None, None, body, _DEFAULT):
                other = cast(ox.NamedNode, held.subject)
                if other != event and quad.object in self._types(other) and self._key(other, cls.event_key) == key:
                    return other
        return None

    def _types(self, node: ox.NamedNode) -> set[object]:
        return {quad.object for quad in self.store.quads_for_pattern(node, _TYPE, None, _DEFAULT)}

    def _key(self, event: ox.NamedNode, names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        return tuple(
            tuple(sorted(str(quad.object) for quad in self.store.quads_for_pattern(event, term(name), None, _DEFAULT)))
            for name in names
        )

    def _spoken_of(self, prop: str) -> set[str]:
        """What holdings that come, go or change are over."""
        difference = self.store.difference
        events = {
            quad.subject for quad in difference.added | difference.removed if quad.predicate == term(self._disputed)
        }
        return {
            identifier(quad.object)
            for event in events
            for quad in self.store.quads_for_pattern(event, term(prop), None, _DEFAULT)
        }

    def _claims(self, about: str) -> None:
        """Competing claims anew: whether sources name different owners depends on all of them."""
        node = Node(cast(ox.Store, self.store), about)
        for claim in node.starts("claimAbout", "CompetingClaim"):
            if claim.value("claimProperty") == self._disputed:
                for quad in list(self.store.quads_for_pattern(ox.NamedNode(iri(claim.id)), None, None, None)):
                    self.store.remove(quad)
        for holder in sorted(_rivals(node)):
            claim_node = ox.NamedNode(f"{BASE}id/claim-{about}-{holder}")
            for name in ontology().classes["CompetingClaim"].types:
                self._add(claim_node, _TYPE, term(name))
            self._add(claim_node, term("claimAbout"), ox.NamedNode(iri(about)))
            self._add(claim_node, term("claimProperty"), ox.Literal(self._disputed))
            self._add(claim_node, term("claimObject"), ox.NamedNode(iri(holder)))


def _rivals(about: Node) -> Iterator[str]:
    """Holders on whom sources differ, power by power."""
    answers: dict[str | None, dict[str | None, set[str]]] = defaultdict(lambda: defaultdict(set))
    for said in standing(about):
        answers[said.power][said.source].add(said.holder)
    for given in answers.values():
        if len(set(map(frozenset, given.values()))) > 1:
            yield from {holder for several in given.values() for holder in several}


def _literal(datatype: str | None, statement: Statement) -> ox.Literal:
    value = str(statement.value)
    if statement.language:
        return ox.Literal(value, language=statement.language)
    if datatype in (None, _STRING) or str(datatype).endswith("langString"):
        return ox.Literal(value)
    return ox.Literal(value, datatype=ox.NamedNode(str(datatype)))
