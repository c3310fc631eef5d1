"""SHACL shapes: datatypes, ranges, bounds and single values computed from the ontology, and what ``shapes.ttl`` adds to them."""

from functools import cache
from pathlib import Path

from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef

from ontology.model import KN, ROOT, OntologyError, Property, ontology


def _property_shape(graph: Graph, prop: Property) -> BNode:
    shape = BNode()
    graph.add((shape, SH.path, KN[prop.name]))
    if prop.single:
        if prop.per_language:
            graph.add((shape, SH.uniqueLang, Literal(True)))
        else:
            graph.add((shape, SH.maxCount, Literal(1)))
    if prop.range is not None:
        if prop.range != ROOT:
            graph.add((shape, SH["class"], KN[prop.range]))
        graph.add((shape, SH.nodeKind, SH.IRI))
    elif prop.datatype == str(RDF.langString):
        # a name whose language nobody told is a plain text
        graph.add((shape, SH.nodeKind, SH.Literal))
    elif prop.datatype is not None:
        graph.add((shape, SH.datatype, URIRef(prop.datatype)))
    for bound, value in ((SH.minInclusive, prop.minimum), (SH.maxInclusive, prop.maximum)):
        if value is not None:
            graph.add(
                (shape, bound, Literal(value, datatype=XSD.double if prop.datatype == str(XSD.double) else XSD.decimal))
            )
    return shape


@cache
def shapes() -> Graph:
    """All shapes, one node shape a class for the properties that have it as domain."""
    graph = Graph()
    graph.bind("kn", KN)
    for cls in ontology().classes.values():
        node = KN[f"{cls.name}Values"]
        mine = [prop for prop in ontology().properties.values() if prop.domain == cls.name]
        if mine:
            graph.add((node, RDF.type, SH.NodeShape))
            graph.add((node, SH.targetClass, KN[cls.name]))
        for prop in mine:
            graph.add((node, SH.property, _property_shape(graph, prop)))
    return graph.parse(Path(__file__).with_name("shapes.ttl"), format="turtle")


def report(data: Graph) -> Graph:
    """What the shapes find in a graph, as a SHACL validation report.

    :param data: with the superclasses of every node stored, as the dataset has them
    :raises OntologyError: where the shapes themselves can't be followed
    """
    from pyshacl import validate  # takes half a second to import, and pages only read the shapes

    # advanced features are SPARQL targets: a check digit is computed for identifiers of its scheme only
    _, found, text = validate(data, shacl_graph=shapes(), inference="none", advanced=True)
    if not isinstance(found, Graph):
        raise OntologyError(text)
    return found
