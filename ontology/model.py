"""Reads ``ketnoi.ttl`` and computes from it whatever the other rooms need to know about classes and properties.

The Turtle file is the only place where a class or a property is listed. Labels, relationship types, property keys, visibility,
the row models of the loaders, SHACL shapes, the JSON-LD context and the constraints of the property graph are computed here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

BASE = "https://w3id.org/ketnoi/"
"""Base of every IRI. It is not a host that answers, and it is frozen with the first record that is loaded."""

KN = Namespace(f"{BASE}ontology#")
ROOT = "Entity"
"""The class that every node belongs to; its key is the node's id."""

PUBLIC, MEMBER, CURATOR = "public", "member", "curator"
LEVELS = (PUBLIC, MEMBER, CURATOR)
"""Levels of visibility, from the most open to the strictest."""


class OntologyError(ValueError):
    """The ontology says something that no program can follow; the message names the term."""


@dataclass(frozen=True, slots=True)
class Class:
    """A class of nodes.

    ``labels`` and ``definitions`` are by language; ``ancestors`` are all superclasses, nearest first, the root included;
    ``event_key`` and ``competes_on`` are names of properties; ``synonyms`` are other titles of columns that name such things.
    """

    name: str
    labels: Mapping[str, str]
    definitions: Mapping[str, str]
    ancestors: tuple[str, ...]
    event: bool
    event_key: tuple[str, ...]
    competes_on: tuple[str, ...]
    reads_from: tuple[str, ...]
    synonyms: tuple[str, ...]

    @property
    def types(self) -> tuple[str, ...]:
        """The labels of a node of this class: the class and all its superclasses."""
        return (self.name, *self.ancestors)


@dataclass(frozen=True, slots=True)
class Property:
    """A property: an edge to another node where ``range`` is a class, else a value with an XSD ``datatype``."""

    name: str
    labels: Mapping[str, str]
    definitions: Mapping[str, str]
    domain: str
    range: str | None
    datatype: str | None
    single: bool
    per_language: bool
    demotes_to: str | None
    visibility: str
    unit: str | None
    minimum: float | None
    maximum: float | None
    issuer: str | None
    identifies: bool
    reads_from: tuple[str, ...]
    synonyms: tuple[str, ...]

    @property
    def is_edge(self) -> bool:
        return self.range is not None

    @property
    def relationship_type(self) -> str:
        """The relationship type in the property graph: ``hostedBy`` is HOSTED_BY."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", self.name).upper()

    def key(self, language: str | None) -> str:
        """The property key in the property graph; a value with a language has one key a language, such as ``name_vi``."""
        return f"{self.name}_{language.replace('-', '_')}" if language else self.name


def _local(term: Node) -> str:
    return str(term).removeprefix(str(KN))


class Ontology:
    """The ontology as look-ups by local name.

    :param graph: the parsed Turtle
    :raises OntologyError: where two terms would have one name in the property graph, or a term points at nothing
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.classes: Mapping[str, Class] = MappingProxyType({c.name: c for c in self._classes()})
        self.properties: Mapping[str, Property] = MappingProxyType({p.name: p for p in self._properties()})
        self._check()

    def _texts(self, term: Node, predicate: URIRef) -> Mapping[str, str]:
        """The texts of a term by language."""
        return MappingProxyType(
            {o.language or "": str(o) for o in self.graph.objects(term, predicate) if isinstance(o, Literal)}
        )

    def _text(self, term: Node, predicate: URIRef) -> str | None:
        value = self.graph.value(term, predicate)
        return None if value is None else str(value)

    def _strings(self, term: Node, predicate: URIRef) -> tuple[str, ...]:
        return tuple(sorted(str(value) for value in self.graph.objects(term, predicate)))

    def _number(self, term: Node, predicate: URIRef) -> float | None:
        value = self._text(term, predicate)
        return None if value is None else float(value)

    def _true(self, term: Node, predicate: URIRef) -> bool:
        return self.graph.value(term, predicate) == Literal(True)

    def _names(self, term: Node, predicate: URIRef) -> tuple[str, ...]:
        head = self.graph.value(term, predicate)
        return () if head is None else tuple(_local(item) for item in Collection(self.graph, head))

    def _ancestors(self, term: Node) -> Iterator[str]:
        seen: set[Node] = set()
        layer = list(self.graph.objects(term, RDFS.subClassOf))
        while layer:
            following: list[Node] = []
            for parent in sorted(layer, key=str):
                if parent not in seen and not isinstance(parent, BNode):
                    seen.add(parent)
                    yield _local(parent)
                    following.extend(self.graph.objects(parent, RDFS.subClassOf))
            layer = following

    def _classes(self) -> Iterator[Class]:
        for term in sorted(self.graph.subjects(RDF.type, OWL.Class), key=str):
            if isinstance(term, BNode):
                continue
            yield Class(
                name=_local(term),
                labels=self._texts(term, RDFS.label),
                definitions=self._texts(term, RDFS.comment),
                ancestors=tuple(self._ancestors(term)),
                event=self._true(term, KN.eventNode),
                event_key=self._names(term, KN.eventKey),
                competes_on=self._names(term, KN.competesOn),
                reads_from=self._strings(term, KN.readsFrom),
                synonyms=self._strings(term, KN.synonym),
            )

    def _properties(self) -> Iterator[Property]:
        for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
            for term in sorted(self.graph.subjects(RDF.type, kind), key=str):
                target = self.graph.value(term, RDFS.range)
                edge = kind == OWL.ObjectProperty
                demoted = self.graph.value(term, KN.demotesTo)
                yield Property(
                    name=_local(term),
                    labels=self._texts(term, RDFS.label),
                    definitions=self._texts(term, RDFS.comment),
                    domain=_local(self.graph.value(term, RDFS.domain) or KN[ROOT]),
                    range=_local(target) if edge and target is not None else None,
                    datatype=None if edge else str(target or XSD.string),
                    single=(term, RDF.type, OWL.FunctionalProperty) in self.graph,
                    per_language=self._true(term, KN.perLanguage),
                    demotes_to=None if demoted is None else _local(demoted),
                    visibility=self._text(term, KN.visibility) or PUBLIC,
                    unit=self._text(term, KN.unit),
                    minimum=self._number(term, KN.minimum),
                    maximum=self._number(term, KN.maximum),
                    issuer=self._text(term, KN.issuer),
                    identifies=self._true(term, KN.identifies),
                    reads_from=self._strings(term, KN.readsFrom),
                    synonyms=self._strings(term, KN.synonym),
                )

    def _check(self) -> None:
        if clash := set(self.classes) & set(self.properties):
            raise OntologyError(f"both a class and a property: {sorted(clash)}")
        types = [p.relationship_type for p in self.properties.values() if p.is_edge]
        if len(types) != len(set(types)):
            raise OntologyError("two properties have one relationship type")
        for cls in self.classes.values():
            if unknown := (set(cls.ancestors) - set(self.classes)) | (
                set(cls.event_key + cls.competes_on) - set(self.properties)
            ):
                raise OntologyError(f"{cls.name} names {sorted(unknown)}, which the ontology does not have")
            if cls.name != ROOT and ROOT not in cls.ancestors:
                raise OntologyError(f"{cls.name} is no {ROOT}")
        for prop in self.properties.values():
            if prop.domain not in self.classes or (prop.is_edge and prop.range not in self.classes):
                raise OntologyError(f"{prop.name} has a domain or range that the ontology does not have")
            if prop.visibility not in LEVELS:
                raise OntologyError(f"{prop.name} has the unknown visibility {prop.visibility}")

    def is_a(self, name: str, ancestor: str) -> bool:
        """Whether a class is another one or below it."""
        return ancestor in self.classes[name].types

    def label(self, name: str, language: str) -> str:
        """The label of a class or property in a language, else in English, else its name."""
        term = self.classes.get(name) or self.properties.get(name)
        if term is None:
            return name
        return term.labels.get(language) or term.labels.get("en") or name

    def definition(self, name: str, language: str) -> str:
        """What a class or property means in a language, else in English; empty where there is no such term."""
        term = self.classes.get(name) or self.properties.get(name)
        return "" if term is None else term.definitions.get(language) or term.definitions.get("en", "")

    @cached_property
    def terms_read(self) -> Mapping[str, str]:
        """IRI of another vocabulary → our local name, for schemes and exchange files."""
        terms: list[Class | Property] = [*self.classes.values(), *self.properties.values()]
        return MappingProxyType({iri: term.name for term in terms for iri in term.reads_from})

    @cached_property
    def short_forms(self) -> Mapping[str, str]:
        """Short form in titles of columns → the words that it stands for."""
        found = (text.partition(":") for text in self._strings(URIRef(f"{BASE}ontology"), KN.shortForm))
        return MappingProxyType({short.strip(): words.strip() for short, _, words in found})

    @cached_property
    def context(self) -> Mapping[str, Any]:
        """The JSON-LD context."""
        context: dict[str, Any] = {"@vocab": str(KN), "id": "@id", "type": "@type"}
        for prop in self.properties.values():
            if prop.is_edge:
                context[prop.name] = {"@type": "@id"}
            elif prop.datatype not in (str(XSD.string), str(RDF.langString)):
                context[prop.name] = {"@type": prop.datatype}
        return MappingProxyType(context)

    @cached_property
    def constraints(self) -> tuple[str, ...]:
        """Cypher that makes the node's id unique and quick to find; every node has the root as a label."""
        return (f"CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (n:{ROOT}) REQUIRE n.id IS UNIQUE",)


@cache
def ontology() -> Ontology:
    """The ontology as shipped."""
    return Ontology(Graph().parse(Path(__file__).with_name("ketnoi.ttl"), format="turtle"))
