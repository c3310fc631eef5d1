"""The ontology at its address: a page with a picture, a page for each term, and files of the whole and of each term."""

from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDFS, SKOS

from api.dependencies import PagesDep, WordsDep
from api.entities import media_for
from api.links import external
from api.negotiation import HTML, JSON_LD, RDF_XML, TURTLE
from api.ontology_picture import class_diagram
from ontology import model
from ontology.model import KN, Class, Property, ontology
from ontology.schemes import schemes

router = APIRouter(include_in_schema=False)

_HERE = Path(model.__file__).parent
_CACHE = {"cache-control": "no-cache", "vary": "Accept"}
_FORMS = {TURTLE: "turtle", JSON_LD: "json-ld", RDF_XML: "xml"}
_SUFFIXES = {".ttl": TURTLE, ".jsonld": JSON_LD, ".rdf": RDF_XML}
_OFFERED = (HTML, *_FORMS)
_FILES = ("alignments.ttl", "shapes.ttl")
_ALIGNED = (
    OWL.equivalentClass,
    OWL.equivalentProperty,
    OWL.inverseOf,
    RDFS.subClassOf,
    RDFS.subPropertyOf,
    SKOS.closeMatch,
)
"""Relations to terms of other vocabularies, the closest first."""


@cache
def _alignments() -> Graph:
    return Graph().parse(_HERE / "alignments.ttl", format="turtle")


@cache
def _whole(media: str) -> bytes:
    """The ontology's file: word for word as Turtle, else in another form."""
    if media == TURTLE:
        return (_HERE / "ketnoi.ttl").read_bytes()
    return ontology().graph.serialize(format=_FORMS[media], encoding="utf-8")


@cache
def _of_term(name: str, media: str) -> bytes:
    """What the ontology and the alignments say of one term."""
    said = Graph()
    for prefix, space in ontology().graph.namespaces():
        said.bind(prefix, space)
    ontology().graph.cbd(KN[name], target_graph=said)
    for triple in _alignments().triples((KN[name], None, None)):
        said.add(triple)
    return said.serialize(format=_FORMS[media], encoding="utf-8")


def _file(content: bytes, media: str) -> Response:
    return Response(content, 200, _CACHE, media)


@router.get("/ontology")
def vocabulary(request: Request, pages: PagesDep, words: WordsDep) -> Response:
    """The ontology: what may be said."""
    media = media_for(request, None, _OFFERED)
    if media != HTML:
        return _file(_whole(media), media)
    known = ontology()
    listed = sorted({concept.scheme for concept in schemes().concepts.values()})
    return pages.render(
        request,
        "ontology.html",
        classes=known.classes.values(),
        properties=known.properties.values(),
        picture=class_diagram(words),
        schemes=listed,
        files=_FILES,
        suffixes=list(_SUFFIXES),
    )


def _whole_file(suffix: str) -> Response:
    return _file(_whole(_SUFFIXES[suffix]), _SUFFIXES[suffix])


@router.get("/ontology.ttl")
def as_turtle() -> Response:
    """The ontology's file, word for word."""
    return _whole_file(".ttl")


@router.get("/ontology.jsonld")
def as_json_ld() -> Response:
    """The ontology as JSON-LD."""
    return _whole_file(".jsonld")


@router.get("/ontology.rdf")
def as_rdf_xml() -> Response:
    """The ontology as OWL in RDF/XML."""
    return _whole_file(".rdf")


@router.get("/ontology/{path}")
def term(request: Request, path: str, pages: PagesDep) -> Response:
    """A class or property: as a page, or what is said of it as a file; also the files beside the ontology."""
    if path in _FILES:
        return _file((_HERE / path).read_bytes(), TURTLE)
    name, suffix = next(((path.removesuffix(end), end) for end in _SUFFIXES if path.endswith(end)), (path, ""))
    known = ontology()
    one = known.classes.get(name) or known.properties.get(name)
    if one is None:
        raise HTTPException(404, "The ontology has no such term.")
    media = media_for(request, _SUFFIXES.get(suffix), _OFFERED)
    if media != HTML:
        return _file(_of_term(name, media), media)
    values = _of_class(one) if isinstance(one, Class) else {"is_class": False}
    return pages.render(
        request, "term.html", one=one, iri=str(KN[name]), aligned=_aligned(name), suffixes=list(_SUFFIXES), **values
    )


def _of_class(one: Class) -> dict[str, Any]:
    """What the page of a class shows besides the class itself."""
    known = ontology()
    direct = {_local(sub) for sub in known.graph.subjects(RDFS.subClassOf, KN[one.name])}

    def properties(of: str | None) -> list[Property]:
        return [prop for prop in known.properties.values() if prop.domain == of]

    return {
        "is_class": True,
        "below": [cls for cls in known.classes.values() if cls.name in direct],
        "said_of": [(name, found) for name in one.types if (found := properties(name))],
        "leads_here": [prop for prop in known.properties.values() if prop.range == one.name],
    }


def _local(node: object) -> str:
    return str(node).removeprefix(str(KN))


def _aligned(name: str) -> list[tuple[str, str, str | None]]:
    """(relation, term, its address) in other vocabularies, the closest relations first."""
    graph = _alignments()

    spaces = sorted(graph.namespaces(), key=lambda pair: -len(pair[1]))

    def short(term: URIRef) -> str:
        prefix, space = next(pair for pair in spaces if term.startswith(pair[1]))
        return f"{prefix}:{term.removeprefix(space)}"

    return [
        (short(relation), short(target), external(str(target)))
        for relation in _ALIGNED
        for target in sorted(graph.objects(KN[name], relation), key=str)
        if isinstance(target, URIRef)
    ]
