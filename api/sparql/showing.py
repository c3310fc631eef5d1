"""SPARQL's answers as the workbench shows them: values with their links, triples, and a picture of either."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from api.links import external, known_form
from api.workbench.naming import Naming
from api.workbench.pictures import Line, Node, document, picture
from api.workbench.shown import Answer, Value
from graph.views.rdf import identifier_of
from ontology.model import BASE, KN, ontology

Term = Mapping[str, Any]
"""A term as the JSON results format has it."""
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def answer(content: Mapping[str, Any], snapshot: str, truncated: bool, naming: Naming, language: str) -> Answer:
    """An answer to show.

    :param content: the JSON results, or triples as ``text``
    """
    if "text" in content:
        triples = [quad.triple for quad in ox.parse(content["text"], ox.RdfFormat.TURTLE)]
        text = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes={"kn": str(KN)}) or b""
        return Answer(snapshot, truncated, text=text.decode(), picture=_drawn(_lines(triples, language), naming))
    if "boolean" in content:
        return Answer(snapshot, truncated, truth=content["boolean"])
    columns, found = content["head"].get("vars", []), content["results"]["bindings"]
    rows = [[value(row.get(name), naming) for name in columns] for row in found]
    return Answer(snapshot, truncated, columns, rows, picture=_drawn(_beside(columns, found, language), naming))


def value(term: Term | None, naming: Naming) -> Value:
    """A term; one of ours leads to its page."""
    if term is None:
        return Value()
    if term["type"] == "uri":
        return _iri(term["value"], naming)
    if term["type"] == "triple":
        parts = (value(term["value"][part], naming).text for part in ("subject", "predicate", "object"))
        return Value(" ".join(parts))
    return Value(_text(term), note=term.get("xml:lang", ""))


def _text(term: Term) -> str:
    return f"_:{term['value']}" if term["type"] == "bnode" else str(term["value"])


def _iri(iri: str, naming: Naming) -> Value:
    if iri.startswith(BASE) and not iri.startswith(f"{BASE}/"):
        made_up = naming.illustrative(identifier_of(iri) or "")
        return Value(iri, href=f"/{iri.removeprefix(BASE)}", illustrative=made_up)
    return Value(iri, href=external(iri), away=True)


def _lines(triples: Iterable[ox.Triple], language: str) -> Iterator[Line]:
    """Lines between the nodes of triples; what a node is an instance of is no line."""
    for triple in triples:
        source, target = _end(triple.subject), _end(triple.object)
        if source and target and triple.predicate.value != _TYPE:
            yield Line(source, target, _called(triple.predicate.value, language))


def _end(term: object) -> str | None:
    """A term as the end of a line; literals are none."""
    if isinstance(term, ox.NamedNode):
        return term.value
    return str(term) if isinstance(term, ox.BlankNode) else None


def _beside(columns: Sequence[str], rows: Sequence[Mapping[str, Term]], language: str) -> Iterator[Line]:
    """Lines from the first node of a row to each other one, called by its column or by the property that stands before it."""
    for row in rows:
        first, said = None, None
        for name in columns:
            term = row.get(name)
            if term is None or term["type"] not in ("uri", "bnode"):
                continue
            if str(term["value"]).startswith(str(KN)):
                said = _called(term["value"], language)
            elif first is None:
                first = _text(term)
            else:
                yield Line(first, _text(term), said or name)
                said = None


def _called(predicate: str, language: str) -> str:
    name = predicate.removeprefix(str(KN))
    return ontology().label(name, language) if name != predicate else predicate


def _drawn(lines: Iterator[Line], naming: Naming) -> Mapping[str, Any] | None:
    nodes, kept, cut = picture(lines)
    return document({one: _node(one, naming) for one in nodes}, kept, cut)


def _node(text: str, naming: Naming) -> Node:
    identifier = identifier_of(text)
    if identifier is None or not known_form(identifier):
        return Node(text, href=f"/{text.removeprefix(BASE)}" if text.startswith(str(KN)) else None)
    return naming.node(identifier)
