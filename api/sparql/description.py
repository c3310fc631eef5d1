"""What ``/sparql`` and its data say of themselves: SPARQL service description, VoID and DCAT, computed from the snapshot."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from api.sparql.formats import ROWS, TRIPLES, Format
from ontology.model import BASE, KN

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_DCAT = "http://www.w3.org/ns/dcat#"
_DCT = "http://purl.org/dc/terms/"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_PREFIXES = {
    "rdf": _RDF,
    "rdfs": _RDFS,
    "sd": _SD,
    "void": _VOID,
    "dcat": _DCAT,
    "dcterms": _DCT,
    "xsd": _XSD,
    "kn": str(KN),
}
_TITLE = {
    "vi": "Kết nối: đồ thị tri thức của hệ sinh thái đổi mới sáng tạo Hà Nội",
    "en": "Ketnoi: a knowledge graph of Hanoi's innovation ecosystem",
}
_TEXT = {
    "vi": "Đồ thị mặc định chứa mỗi bộ ba công khai một lần; mỗi đồ thị có tên là điều mà một bản ghi nguồn nêu.",
    "en": "The default graph holds each public triple once; each named graph is what one source record said.",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the descriptions are computed from.

    :param site: the address of the service, without a slash at its end
    :param triples: of the default graph, :param classes: class → its nodes
    """

    site: str
    snapshot: str
    triples: int
    classes: Mapping[str, int]

    @property
    def endpoint(self) -> str:
        return f"{self.site}/sparql"

    @property
    def dataset(self) -> str:
        return f"{self.site}/.well-known/void#dataset"


Term = ox.NamedNode | ox.BlankNode | ox.Literal


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def _count(number: int) -> ox.Literal:
    return ox.Literal(str(number), datatype=_node(f"{_XSD}integer"))


def _texts(subject: Term, predicate: str, texts: Mapping[str, str]) -> Iterator[ox.Triple]:
    for language, text in texts.items():
        yield _triple(subject, predicate, ox.Literal(text, language=language))


def _triple(subject: Term, predicate: str, target: Term) -> ox.Triple:
    assert not isinstance(subject, ox.Literal)
    return ox.Triple(subject, _node(predicate), target)


def service(facts: Facts) -> Iterator[ox.Triple]:
    """The service description: language, forms, dataset. It says no federation, and no union of graphs."""
    it, endpoint = _node(f"{facts.endpoint}#service"), _node(facts.endpoint)
    dataset, default = _node(facts.dataset), ox.BlankNode("default")
    yield _triple(it, f"{_RDF}type", _node(f"{_SD}Service"))
    yield _triple(it, f"{_SD}endpoint", endpoint)
    yield _triple(it, f"{_SD}supportedLanguage", _node(f"{_SD}SPARQL11Query"))
    for iri in dict.fromkeys(form.iri for form in (*ROWS, *TRIPLES)):
        yield _triple(it, f"{_SD}resultFormat", _node(iri))
    yield _triple(it, f"{_SD}defaultDataset", dataset)
    yield _triple(dataset, f"{_RDF}type", _node(f"{_SD}Dataset"))
    yield _triple(dataset, f"{_SD}defaultGraph", default)
    yield _triple(default, f"{_RDF}type", _node(f"{_SD}Graph"))
    yield _triple(default, f"{_VOID}triples", _count(facts.triples))


def void(facts: Facts) -> Iterator[ox.Triple]:
    """The dataset as VoID says it: size, vocabulary, classes with their counts."""
    dataset = _node(facts.dataset)
    yield _triple(dataset, f"{_RDF}type", _node(f"{_VOID}Dataset"))
    yield from _texts(dataset, f"{_DCT}title", _TITLE)
    yield from _texts(dataset, f"{_DCT}description", _TEXT)
    yield _triple(dataset, f"{_DCT}identifier", ox.Literal(facts.snapshot))
    yield _triple(dataset, f"{_VOID}sparqlEndpoint", _node(facts.endpoint))
    yield _triple(dataset, f"{_VOID}uriSpace", ox.Literal(BASE))
    yield _triple(dataset, f"{_VOID}vocabulary", _node(str(KN)))
    yield _triple(dataset, f"{_VOID}triples", _count(facts.triples))
    yield _triple(dataset, f"{_VOID}classes", _count(len(facts.classes)))
    for name, count in sorted(facts.classes.items()):
        part = ox.BlankNode(f"class{name}")
        yield _triple(dataset, f"{_VOID}classPartition", part)
        yield _triple(part, f"{_VOID}class", _node(f"{KN}{name}"))
        yield _triple(part, f"{_VOID}entities", _count(count))


def dcat(facts: Facts) -> Iterator[ox.Triple]:
    """The catalogue as DCAT says it: one dataset, one service that serves it."""
    catalogue, dataset, it = (
        _node(f"{facts.site}/.well-known/dcat#catalogue"),
        _node(facts.dataset),
        _node(f"{facts.endpoint}#service"),
    )
    yield _triple(catalogue, f"{_RDF}type", _node(f"{_DCAT}Catalog"))
    yield from _texts(catalogue, f"{_DCT}title", _TITLE)
    yield _triple(catalogue, f"{_DCAT}dataset", dataset)
    yield _triple(catalogue, f"{_DCAT}service", it)
    yield _triple(dataset, f"{_RDF}type", _node(f"{_DCAT}Dataset"))
    yield from _texts(dataset, f"{_DCT}title", _TITLE)
    yield from _texts(dataset, f"{_DCT}description", _TEXT)
    yield _triple(dataset, f"{_DCT}identifier", ox.Literal(facts.snapshot))
    yield _triple(it, f"{_RDF}type", _node(f"{_DCAT}DataService"))
    yield _triple(it, f"{_DCAT}endpointURL", _node(facts.endpoint))
    yield _triple(it, f"{_DCAT}endpointDescription", _node(facts.endpoint))
    yield _triple(it, f"{_DCAT}servesDataset", dataset)


def write(triples: Iterator[ox.Triple], form: Format) -> bytes:
    """Triples in a form."""
    kind: ox.RdfFormat = getattr(ox.RdfFormat, form.engine)
    prefixes = _PREFIXES if form.engine in ("TURTLE", "TRIG", "RDF_XML") else None
    return ox.serialize(triples, format=kind, prefixes=prefixes) or b""
