"""What a record says, in words that a test can spell out: bodies by their class and name in place of their ids."""

from collections.abc import Iterable
from pathlib import Path

from rdflib import RDF, SH, Graph, Literal, URIRef

from loaders.reading import open_file
from ontology.model import BASE, KN, ontology
from ontology.shapes import report
from ontology.statement import Gone, Item, Record, Reject

Said = tuple[str, str, str]
"""Subject, property, and value or object; a value with a language ends in ``@language``."""


def items_of(kind: str, path: Path, source: str | None = "test") -> list[Item]:
    return list(open_file(kind, path, source).items)


def records_of(kind: str, path: Path, source: str | None = "test") -> list[Record]:
    """The records of a file that has nothing to be refused."""
    items = items_of(kind, path, source)
    assert not [item for item in items if isinstance(item, Reject | Gone)]
    return [item for item in items if isinstance(item, Record)]


def said_of(record: Record) -> set[Said]:
    """The statements of a record.

    A body is ``Class name``; an event, which has no name, is ``Class`` alone; an identifier is ``scheme value``.
    """
    first: dict[str, dict[str, str]] = {}
    for s in record.statements:
        if s.value is not None:
            first.setdefault(s.subject, {}).setdefault(s.property, s.value)

    def shown(mention: str) -> str:
        known = first.get(mention, {})
        if known.get("type") == "Identifier":
            return f"{known['identifierScheme']} {known['identifierValue']}"
        return f"{known['type']} {known.get('name', '')}".strip() if known else mention

    def value(text: str, language: str | None) -> str:
        return f"{text}@{language}" if language else text

    return {
        (shown(s.subject), s.property, shown(s.object) if s.object else value(s.value or "", s.language))
        for s in record.statements
        if s.property not in ("type", "identifierScheme", "identifierValue")
    }


def rules_broken(records: Iterable[Record]) -> set[tuple[str, str]]:
    """What the shapes find in records as they would be published: (property, message)."""
    graph = Graph()
    known = ontology()

    def types(iri: URIRef, cls: str) -> None:
        for name in known.classes[cls].types:
            graph.add((iri, RDF.type, KN[name]))

    for record in records:
        for s in record.statements:
            subject = URIRef(f"{BASE}id/{s.subject}")
            if s.property == "type":
                types(subject, s.value or "")
            elif s.object and s.object.startswith("scheme/"):
                types(URIRef(BASE + s.object), "Place" if s.object.startswith("scheme/place/") else "Concept")
                graph.add((subject, KN[s.property], URIRef(BASE + s.object)))
            elif s.object:
                graph.add((subject, KN[s.property], URIRef(f"{BASE}id/{s.object}")))
            else:
                datatype = known.properties[s.property].datatype or ""
                plain = s.language or datatype.endswith(("langString", "#string"))
                value = Literal(s.value, lang=s.language) if plain else Literal(s.value, datatype=URIRef(datatype))
                graph.add((subject, KN[s.property], value))
    found = report(graph)
    return {
        (str(found.value(result, SH.resultPath)).removeprefix(str(KN)), str(found.value(result, SH.resultMessage)))
        for result in found.subjects(RDF.type, SH.ValidationResult)
    }
