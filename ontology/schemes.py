"""Concept schemes and law: Turtle in ``ontology/schemes`` and ``ontology/law.ttl``, read as records of the source ``ketnoi/schemes``.

A scheme that arrives as a file (``ketnoi load ministry research-fields.json``) becomes the same kind of records with the same IRIs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

import pyoxigraph as ox

from ontology.model import BASE, KN, ontology
from ontology.statement import TYPE, Record, Statement
from ontology.text import fold, has_diacritics, spell

_HERE = Path(__file__).parent
SCHEMES_SOURCE = "ketnoi/schemes"
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_SCHEME_PREFIX = f"{BASE}scheme/"


@dataclass(slots=True)
class Concept:
    """A concept of a scheme. ``id`` is the path of its IRI; labels are by language."""

    id: str
    scheme: str
    code: str
    labels: dict[str, str] = field(default_factory=dict)
    synonyms: list[tuple[str, str]] = field(default_factory=list)
    broader: list[str] = field(default_factory=list)
    replaced_by: list[str] = field(default_factory=list)

    def label(self, language: str) -> str:
        return self.labels.get(language) or self.labels.get("en") or self.labels.get("vi") or self.code


class Schemes:
    """All concepts by id, and the recognising of a cell's text as one of them."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        self.concepts = concepts
        self._by_text: dict[str, dict[str, str]] = {}
        for reading in (spell, fold):
            for concept in concepts.values():
                names = self._by_text.setdefault(concept.scheme, {})
                for text in (concept.code, *concept.labels.values(), *(text for _, text in concept.synonyms)):
                    # the first concept that bears a text keeps it: files list the broader ones first, and what is written with
                    # diacritics ("Mỹ") goes before what only looks like it without ("MY")
                    names.setdefault(reading(text), concept.id)

    def find(self, scheme: str, text: str, strict: bool = False) -> str | None:
        """The concept of a scheme (``trl/1``) that a text means by code, label or synonym, whatever case and diacritics.

        :param strict: diacritics that were typed have to be right: in prose another word is meant, in a cell it is a slip
        """
        names = self._by_text.get(scheme, {})
        found = names.get(spell(text))
        return found if found or (strict and has_diacritics(text)) else names.get(fold(text))

    def codes(self, scheme: str) -> list[str]:
        """The codes of a scheme (``trl/1``), in its file's order."""
        return [concept.code for concept in self.concepts.values() if concept.scheme == scheme]

    def label(self, identifier: str, language: str) -> str:
        concept = self.concepts.get(identifier)
        return concept.label(language) if concept else identifier.rsplit("/", 1)[-1]

    def ancestors(self, identifier: str) -> list[str]:
        """The concept itself and all that are broader, nearest first."""
        found: list[str] = []
        layer = [identifier]
        while layer:
            following: list[str] = []
            for item in layer:
                if item not in found:
                    found.append(item)
                    concept = self.concepts.get(item)
                    following.extend(concept.broader if concept else ())
            layer = following
        return found


def scheme_files() -> list[Path]:
    """The Turtle files that are loaded at a build."""
    return [*sorted((_HERE / "schemes").glob("*.ttl")), *sorted(_HERE.glob("law.ttl"))]


def files_hash() -> str:
    """A hash of all scheme and law files, to see whether they changed since the last build."""
    total = sha256()
    for path in scheme_files():
        total.update(path.read_bytes())
    return total.hexdigest()


def _path(term: ox.NamedNode) -> str:
    return term.value.removeprefix(BASE)


def read_turtle(path: Path) -> Iterator[Record]:
    """One record a concept, scheme, instrument or provision of a Turtle file, in the file's order.

    Terms of other vocabularies are taken where the ontology says what they mean; others are left aside.

    :raises SyntaxError: where the file is no Turtle
    """
    terms = ontology().terms_read
    own = str(KN)
    described: dict[str, list[Statement]] = {}
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        subject, predicate, value = quad.subject, quad.predicate.value, quad.object
        if not isinstance(subject, ox.NamedNode) or not subject.value.startswith(_SCHEME_PREFIX):
            continue
        node = _path(subject)
        said = described.setdefault(node, [])
        if predicate == _RDF_TYPE and isinstance(value, ox.NamedNode):
            cls = terms.get(value.value, value.value.removeprefix(own))
            if cls in ontology().classes:
                said.append(Statement(node, TYPE, None, cls))
            continue
        name = terms.get(predicate, predicate.removeprefix(own))
        prop = ontology().properties.get(name)
        if prop is None:
            continue
        if isinstance(value, ox.Literal):
            said.append(Statement(node, name, None, value.value, value.language))
        elif isinstance(value, ox.NamedNode) and value.value.startswith(_SCHEME_PREFIX):
            said.append(Statement(node, name, _path(value)))
    for line, (node, said) in enumerate(described.items(), 1):
        yield Record(key=node, line=line, statements=said)


def concepts_of(records: Iterator[Record]) -> dict[str, Concept]:
    """The concepts that records describe, by id."""
    found: dict[str, Concept] = {}
    for record in records:
        parts = record.key.split("/")
        if len(parts) < 4:
            continue
        concept = Concept(record.key, f"{parts[1]}/{parts[2]}", "/".join(parts[3:]))
        for said in record.statements:
            if said.property == "name" and said.value:
                concept.labels[said.language or "en"] = said.value
            elif said.property == "alternativeName" and said.value:
                concept.synonyms.append((said.language or "en", said.value))
            elif said.property == "broader" and said.object:
                concept.broader.append(said.object)
            elif said.property == "replacedBy" and said.object:
                concept.replaced_by.append(said.object)
            elif said.property == "notation" and said.value:
                concept.code = said.value
        found[concept.id] = concept
    return found


@cache
def identifier_issuers() -> Mapping[str, str]:
    """Scheme of identifiers → the source that issues them, where the scheme of identifiers names one."""
    quads = ox.parse(path=str(_HERE / "schemes" / "identifier-scheme.ttl"), format=ox.RdfFormat.TURTLE)
    return MappingProxyType(
        {
            _path(quad.subject).rsplit("/", 1)[-1]: quad.object.value
            for quad in quads
            if quad.predicate.value == str(KN.issuer) and isinstance(quad.subject, ox.NamedNode)
        }
    )


@cache
def schemes() -> Schemes:
    """The schemes as shipped."""
    found: dict[str, Concept] = {}
    for path in scheme_files():
        found.update(concepts_of(read_turtle(path)))
    return Schemes(found)
