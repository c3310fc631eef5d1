"""A graph as records: one a subject that is of a class of ours, keyed by its IRI; what has no IRI belongs to whoever points at it."""

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox

from loaders.linked_data.syntaxes import read_quads
from loaders.linked_data.terms import terms
from loaders.stating import Unfit, state_identifiers, state_names, state_stay
from loaders.table_reading import FIELD_LIMIT, FileRefused
from loaders.values import READERS, read_text, read_uri
from ontology.identifiers import fits
from ontology.model import BASE, PUBLIC, Property, ontology
from ontology.schemes import schemes
from ontology.statement import ABOUT, Item, Mentions, Reject, unique

SHAPE = "linked-data"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_SAME = ("http://www.w3.org/2002/07/owl#sameAs", "https://schema.org/sameAs")
_STAYS = (
    "http://www.w3.org/ns/org#memberOf",
    "https://schema.org/affiliation",
    "https://schema.org/worksFor",
    "https://schema.org/memberOf",
)
"""Plain ties between a person and a body, which are events here."""

_REGISTERS = {
    "ror.org": "ror",
    "orcid.org": "orcid",
    "www.wikidata.org": "wikidata",
    "wikidata.org": "wikidata",
    "openalex.org": "openalex",
    "isni.org": "isni",
    "www.isni.org": "isni",
}
_NO_SUBJECTS = (
    "Concept",
    "ConceptScheme",
    "Place",
    "Identifier",
    "Source",
    "SourceRecord",
    "CompetingClaim",
    "GateBasis",
)
"""Classes whose members are no records of a file like this: schemes have a KIND of their own, and the others are ours to make."""

_LONGEST_IRI = 2000
_DEPTH = 5
_YEAR = "http://www.w3.org/2001/XMLSchema#gYear"

Node = ox.NamedNode | ox.BlankNode
Described = dict[Node, list[tuple[str, ox.NamedNode | ox.BlankNode | ox.Literal]]]


def read(path: Path, source: str) -> Iterator[Item]:
    """Records and rejects of a file.

    :raises FileRefused: where it is no RDF, or describes nothing that the ontology knows
    """
    graph, pointed_at = _gather(path)
    found = [(node, classes) for node in graph if (classes := _classes(graph, node)) and classes[0] not in _NO_SUBJECTS]
    if not found:
        raise FileRefused(
            f"{path.name} describes nothing of a class that Ketnoi's ontology is aligned with; see /ontology"
        )
    for number, (node, classes) in enumerate(found, 1):
        if isinstance(node, ox.BlankNode):
            if node not in pointed_at:
                yield Reject(number, "@id", "has no IRI: next month nobody would know it", ", ".join(classes))
        elif not _is_kept(node.value):
            yield Reject(number, "@id", "is no address by which something can be known", node.value[:200])
        else:
            yield _record(graph, node, classes, source, number)


def _gather(path: Path) -> tuple[Described, set[Node]]:
    graph: Described = {}
    pointed_at: set[Node] = set()
    for quad in read_quads(path):
        subject, value = quad.subject, quad.object
        if isinstance(subject, ox.Triple) or isinstance(value, ox.Triple):
            continue  # statements about statements are nobody's own
        graph.setdefault(subject, []).append((_canonical(quad.predicate.value), value))
        if isinstance(value, ox.BlankNode):
            pointed_at.add(value)
    for said in graph.values():
        # a graph has no order: the same statements in another one are the same record
        said.sort(key=lambda one: (one[0], str(one[1]) if not isinstance(one[1], ox.BlankNode) else ""))
    return graph, pointed_at


def _canonical(iri: str) -> str:
    return f"https://schema.org/{iri[18:]}" if iri.startswith("http://schema.org/") else iri


def _is_kept(iri: str) -> bool:
    return iri.partition(":")[0] in ("http", "https", "urn") and len(iri) <= _LONGEST_IRI


def _classes(graph: Described, node: Node) -> list[str]:
    """The most special classes of ours that a node is of."""
    known, meant = ontology(), terms().classes
    given = (value for predicate, value in graph.get(node, ()) if predicate == _TYPE)
    named = {
        meant[_canonical(one.value)]
        for one in given
        if isinstance(one, ox.NamedNode) and _canonical(one.value) in meant
    }
    return sorted(name for name in named if not any(name in known.classes[other].ancestors for other in named))


def _record(graph: Described, node: ox.NamedNode, classes: list[str], source: str, number: int) -> Item:
    mentions = Mentions(source, node.value, number)
    subject = _mention(mentions, ABOUT, classes)
    try:
        state_identifiers(mentions, subject, [_identifier(node.value)])
        _Description(graph, mentions).describe(subject, node, classes, 0)
    except Unfit as unfit:
        return Reject(number, unfit.field, unfit.reason, unfit.text[:200])
    mentions.record.statements = list(unique(mentions.record.statements))
    return mentions.record


def _mention(mentions: Mentions, role: str, classes: list[str]) -> str:
    """The mention of a thing that is of each of some classes."""
    return [mentions.mention(role, name) for name in classes][-1]


def _identifier(iri: str) -> tuple[str, str]:
    """The identifier that an IRI is: of a register that is known, else the IRI itself, among those of its host."""
    host = urlsplit(iri).hostname or "urn"
    scheme = _REGISTERS.get(host)
    return (scheme, iri) if scheme and fits(scheme, iri) else (f"iri/{host}", iri)


class _Description:
    """States what a graph says of one record's subject, and of what hangs on it."""

    def __init__(self, graph: Described, mentions: Mentions) -> None:
        self._graph, self._mentions = graph, mentions

    def describe(self, subject: str, node: Node, classes: list[str], depth: int) -> None:
        names: list[tuple[str, str | None]] = []
        for predicate, value in self._graph.get(node, ()):
            if predicate in _SAME and isinstance(value, ox.NamedNode):
                scheme, text = _identifier(value.value)
                if not scheme.startswith("iri/"):
                    state_identifiers(self._mentions, subject, [(scheme, text)])
            elif predicate in _STAYS and "Person" in classes:
                self._stay(subject, value, depth)
            elif found := self._property(predicate, value, classes):
                prop, inverse = found
                if prop.name == "name" and isinstance(value, ox.Literal):
                    names.append((value.value, value.language))
                elif isinstance(value, ox.Literal):
                    self._value(subject, prop, value, predicate, classes)
                else:
                    self._edge(subject, prop, inverse, value, depth)
        state_names(self._mentions, subject, sorted(names, key=lambda one: (one[1] or "", one[0])))

    def _property(
        self, predicate: str, value: ox.NamedNode | ox.BlankNode | ox.Literal, classes: list[str]
    ) -> tuple[Property, bool] | None:
        """The property of ours that fits subject and object; ``None`` where none does, or where it can't be told which."""
        known = ontology()
        others = [] if isinstance(value, ox.Literal) else _classes(self._graph, value)
        fitting: list[tuple[Property, bool]] = []
        for name, inverse in terms().properties.get(predicate, ()):
            prop = known.properties[name]
            ours, theirs = (prop.range, prop.domain) if inverse else (prop.domain, prop.range)
            if prop.visibility != PUBLIC or not any(known.is_a(cls, ours or "Entity") for cls in classes):
                continue
            literal = isinstance(value, ox.Literal)
            if literal and prop.is_edge and prop.name != "hasIdentifier":
                continue
            if not literal and not prop.is_edge and prop.name != "homepage":
                continue
            if theirs and others and not any(known.is_a(cls, theirs) for cls in others):
                continue
            fitting.append((prop, inverse))
        return fitting[0] if len(fitting) == 1 else None

    def _value(self, subject: str, prop: Property, value: ox.Literal, predicate: str, classes: list[str]) -> None:
        text = value.value
        if len(text) > FIELD_LIMIT or "\x00" in text:
            raise Unfit(predicate, f"has more than {FIELD_LIMIT} characters, or a NUL byte", text)
        if prop.is_edge:
            self._known_identifier(subject, text)
            return
        try:
            if prop.datatype == _YEAR:
                text = text[:4]
            read = READERS.get(prop.datatype or "", read_text)(text)
        except ValueError as error:
            if prop.name == "homepage":
                return  # not made into a link
            raise Unfit(predicate, str(error), text) from None
        name = prop.name
        if ontology().classes[classes[0]].event and name in ("startDate", "endDate"):
            name = {"startDate": "validFrom", "endDate": "validUntil"}[name]  # of an event they say how long it holds
        self._mentions.value(subject, name, read, value.language)

    def _known_identifier(self, subject: str, text: str) -> None:
        if _is_kept(text) and not (found := _identifier(text))[0].startswith("iri/"):
            state_identifiers(self._mentions, subject, [found])

    def _edge(self, subject: str, prop: Property, inverse: bool, value: Node, depth: int) -> None:
        if prop.name == "hasIdentifier":
            self._described_identifier(subject, value)
        elif not prop.is_edge:
            if prop.name == "homepage" and isinstance(value, ox.NamedNode):
                try:
                    self._mentions.value(subject, prop.name, read_uri(value.value))
                except ValueError:
                    return
        elif prop.range == "Concept":
            path = value.value.removeprefix(BASE) if isinstance(value, ox.NamedNode) else ""
            if path in schemes().concepts:
                self._mentions.edge(subject, prop.name, path)
        elif other := self._other(value, prop, (prop.domain if inverse else prop.range) or "Entity", depth):
            self._mentions.edge(*((other, prop.name, subject) if inverse else (subject, prop.name, other)))

    def _described_identifier(self, subject: str, value: Node) -> None:
        """An identifier that is a node with a scheme and a value, or an address of a register."""
        if isinstance(value, ox.NamedNode):
            self._known_identifier(subject, value.value)
        found: dict[str, str] = {}
        for predicate, said in self._graph.get(value, ()):
            for name, _ in terms().properties.get(predicate, ()):
                if name in ("identifierScheme", "identifierValue") and isinstance(said, ox.Literal):
                    found[name] = said.value
        scheme = schemes().find("identifier-scheme/1", found.get("identifierScheme", ""))
        if scheme and (text := found.get("identifierValue", "")):
            state_identifiers(self._mentions, subject, [(scheme.rpartition("/")[2], text)])

    def _other(self, value: Node, prop: Property, wanted: str, depth: int) -> str | None:
        """The mention of a node that the subject is tied to; of one without an IRI all that is said, of others the names."""
        classes = _classes(self._graph, value) or ([wanted] if wanted != "Entity" else [])
        if not classes or classes[0] in _NO_SUBJECTS or (isinstance(value, ox.NamedNode) and not _is_kept(value.value)):
            return None
        if isinstance(value, ox.BlankNode):
            if depth >= _DEPTH:
                return None
            role = f"{prop.name}/{self._signature(value, 0)}"
            other = _mention(self._mentions, role, classes)
            self.describe(other, value, classes, depth + 1)
            return other
        other = _mention(self._mentions, f"{wanted}/{value.value}", classes)
        state_identifiers(self._mentions, other, [_identifier(value.value)])
        self._names(other, value, classes)
        return other

    def _names(self, subject: str, node: Node, classes: list[str]) -> None:
        names = [
            (value.value, value.language)
            for predicate, value in self._graph.get(node, ())
            if isinstance(value, ox.Literal)
            and (found := self._property(predicate, value, classes))
            and found[0].name == "name"
        ]
        state_names(self._mentions, subject, sorted(names, key=lambda one: (one[1] or "", one[0])))

    def _stay(self, person: str, value: ox.NamedNode | ox.BlankNode | ox.Literal, depth: int) -> None:
        if not isinstance(value, ox.Literal):
            body = self._other(value, ontology().properties["organization"], "Organization", depth)
            if body:
                state_stay(self._mentions, person, body, None, None)

    def _signature(self, node: Node, depth: int) -> str:
        """What tells a node without an IRI from others: what it says, not how the file happens to call it."""
        if depth > _DEPTH:
            return ""
        parts = [
            f"{predicate} {self._signature(value, depth + 1) if isinstance(value, ox.BlankNode) else value}"
            for predicate, value in self._graph.get(node, ())
        ]
        return blake2b("\x1f".join(sorted(parts)).encode(), digest_size=9).hexdigest()
