"""What a query can name, for the editors to complete: computed from the ontology, and what the guard of Cypher lets pass."""

from functools import cache
from typing import Any

from rdflib import RDF, XSD

from api.catalogue import LANGUAGES
from api.cypher import words
from ontology.model import KN, PUBLIC, Class, Property, ontology

PREFIXES = {"kn": str(KN), "rdf": str(RDF), "xsd": str(XSD)}
"""Of the IRIs in the data other than those of its nodes."""


@cache
def terms() -> dict[str, Any]:
    """Prefixes, classes (which are labels), public properties with their relationship type or keys, and words of Cypher."""
    known = ontology()
    return {
        "prefixes": PREFIXES,
        "classes": [_said(one) for one in known.classes.values()],
        "properties": [_property(one) for one in known.properties.values() if one.visibility == PUBLIC],
        "cypher": {"words": sorted(_words()), "functions": sorted(words.FUNCTIONS)},
    }


def _said(one: Class | Property) -> dict[str, Any]:
    return {"name": one.name, "label": dict(one.labels), "definition": dict(one.definitions)}


def _property(one: Property) -> dict[str, Any]:
    ends = {"of": one.domain, "to": one.range}
    if one.is_edge:
        return {**_said(one), **ends, "type": one.relationship_type, "keys": []}
    return {**_said(one), **ends, "type": None, "keys": _keys(one)}


def _keys(one: Property) -> list[str]:
    """The keys that hold a property's values; in other languages than those of the pages there may be more."""
    return [one.key(language) for language in LANGUAGES] if one.datatype == str(RDF.langString) else [one.key(None)]


def _words() -> frozenset[str]:
    return words.CLAUSES | words.INFIX | words.PREFIX | words.ORDERS | words.CASES | words.SUBQUERIES
