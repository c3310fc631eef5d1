"""A kept snapshot as a record of DCAT: data set, distribution, the service that answers from it, and its sources with their licences."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

import pyoxigraph as ox
from rdflib import DCAT, DCTERMS, OWL, PROV, RDF, RDFS, XSD

from api.catalogue import LANGUAGES, Words
from api.citing import citation, kept_iri, title
from graph.views.kept import Kept

_SPDX = "http://spdx.org/rdf/terms#"
_IANA = "https://www.iana.org/assignments/media-types/"
_PREFIXES = {"dcat": str(DCAT), "dcterms": str(DCTERMS), "prov": str(PROV), "spdx": _SPDX, "xsd": str(XSD)}
Object = ox.NamedNode | ox.Literal


def _node(iri: object) -> ox.NamedNode:
    return ox.NamedNode(str(iri))


def _typed(value: object, datatype: object) -> ox.Literal:
    return ox.Literal(str(value), datatype=_node(datatype))


def kept_triples(kept: Kept, base: str) -> Iterator[ox.Triple]:
    """The record of a kept snapshot.

    :param base: the address of this service, without the last slash
    """
    dataset = _node(kept_iri(kept))
    dump, service = _node(f"{dataset.value}/dataset.nq"), _node(f"{base}/sparql")

    def say(subject: ox.NamedNode, *said: tuple[object, Object]) -> Iterator[ox.Triple]:
        return (ox.Triple(subject, _node(predicate), target) for predicate, target in said)

    yield from say(
        dataset,
        (RDF.type, _node(DCAT.Dataset)),
        (DCTERMS.identifier, ox.Literal(kept.snapshot)),
        (OWL.versionInfo, ox.Literal(kept.snapshot)),
        (DCTERMS.issued, _typed(_instant(kept.instant), XSD.dateTime)),
        (DCAT.distribution, dump),
        (DCAT.landingPage, _node(f"{base}/snapshots/{kept.snapshot}")),
    )
    for language in LANGUAGES:
        words = Words(language)
        counts = {"nodes": words.number(kept.nodes), "edges": words.number(kept.edges)}
        yield from say(
            dataset,
            (DCTERMS.title, ox.Literal(title(kept, words), language=language)),
            (DCTERMS.description, ox.Literal(words("kept.description", **counts), language=language)),
            (DCTERMS.bibliographicCitation, ox.Literal(citation(kept, words), language=language)),
        )
    if kept.note:
        yield from say(dataset, (RDFS.comment, ox.Literal(kept.note)))
    checksum = _node(f"{dump.value}#sha256")
    yield from say(
        dump,
        (RDF.type, _node(DCAT.Distribution)),
        (DCAT.downloadURL, _node(f"{base}/snapshots/{kept.snapshot}/dataset.nq")),
        (DCAT.mediaType, _node(f"{_IANA}application/n-quads")),
        (DCAT.byteSize, _typed(kept.bytes, XSD.nonNegativeInteger)),
        (f"{_SPDX}checksum", checksum),
    )
    yield from say(
        checksum,
        (RDF.type, _node(f"{_SPDX}Checksum")),
        (f"{_SPDX}algorithm", _node(f"{_SPDX}checksumAlgorithm_sha256")),
        (f"{_SPDX}checksumValue", _typed(kept.sha256, XSD.hexBinary)),
    )
    yield from say(
        service,
        (RDF.type, _node(DCAT.DataService)),
        (DCAT.endpointURL, service),
        (DCAT.servesDataset, dataset),
    )
    for one in kept.licences:
        source = _node(f"{dataset.value}#source-{sha256(one.source.encode()).hexdigest()[:12]}")
        yield from say(dataset, (PROV.wasDerivedFrom, source))
        yield from say(source, (RDF.type, _node(PROV.Entity)), (DCTERMS.title, ox.Literal(one.source)))
        if one.licence:
            # what a file says of its licence is a text; a rights statement holds it without claiming that it is an address
            yield from say(source, (DCTERMS.rights, ox.Literal(one.licence)))


def _instant(text: str) -> str:
    return datetime.fromisoformat(text).isoformat(timespec="seconds")


def kept_record(kept: Kept, base: str, form: ox.RdfFormat) -> bytes:
    """The record in a form of RDF."""
    said = sorted(kept_triples(kept, base), key=str)
    return ox.serialize(said, format=form, prefixes=_PREFIXES if form == ox.RdfFormat.TURTLE else None) or b""
