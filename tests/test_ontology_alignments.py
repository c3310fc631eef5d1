"""Alignments lead to terms that other vocabularies have: no invented term, and each by a relation that its vocabulary can bear.

ORG, FOAF, PROV-O, DCAT, Dublin Core, SKOS, RDFS and schema.org are checked against the definitions that rdflib ships, which are made from those
vocabularies' own files. No package ships VIVO's core or CERIF2: their terms that we use are listed here, read in the files named.
"""

from collections import Counter
from pathlib import Path

import pytest
from rdflib import DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDFS, SDO, SKOS, Graph, Namespace, URIRef
from rdflib.namespace import DefinedNamespace

from ontology.model import KN, ontology

FILE = Path(__file__).parents[1] / "ontology" / "alignments.ttl"
VIVO, CERIF = Namespace("http://vivoweb.org/ontology/core#"), Namespace("https://w3id.org/cerif2/")

SHIPPED: dict[str, type[DefinedNamespace]] = {
    str(space): space for space in (ORG, FOAF, PROV, DCAT, DCTERMS, SKOS, SDO, RDFS)
}
"""Vocabularies whose terms a package ships, by namespace."""

READ: dict[str, set[str]] = {
    # VIVO core, home/src/main/resources/rdf/tbox/filegraph/vivo.owl of the repository vivo-project/VIVO at 2194bd6fd (June 2026)
    str(VIVO): {
        "Association",
        "Company",
        "Contract",
        "Facility",
        "FundingOrganization",
        "GovernmentAgency",
        "Grant",
        "IssuedCredential",
        "Position",
        "Program",
        "Project",
        "ResearchOrganization",
        "University",
        "abbreviation",
        "assignee",
        "hasPredecessorOrganization",
        "hasResearchArea",
        "hasSuccessorOrganization",
        "patentNumber",
        "relates",
    },
    # CERIF2 (draft), serializations/RDF/core.ttl of the repository EuroCRIS/CERIF-Core at 29f3227
    str(CERIF): {
        "Agent#hasIdentifier",
        "Agent_Identifier",
        "Contribution_to_Project",
        "Evaluation_Outcome",
        "Expertise_and_Skills_Possession",
        "Funding",
        "Infrastructure",
        "Involvement",
        "Membership",
        "Monetary_Amount#amount",
        "Organisation_Unit",
        "Person",
        "Project",
        "Resource_Offer",
        "Resource_Request",
    },
}
"""Terms of vocabularies that no package ships, by namespace, as they stand in the file named."""

OF_CLASSES = {RDFS.subClassOf, OWL.equivalentClass, SKOS.closeMatch}
OF_PROPERTIES = {RDFS.subPropertyOf, OWL.equivalentProperty, OWL.inverseOf, SKOS.closeMatch}


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph().parse(FILE, format="turtle")


def namespace_of(term: URIRef) -> str:
    return next(space for space in sorted({*SHIPPED, *READ}, key=len, reverse=True) if str(term).startswith(space))


def exists(term: URIRef) -> bool:
    space = namespace_of(term)
    if space in SHIPPED:
        return term in SHIPPED[space]
    return str(term).removeprefix(space) in READ[space]


def test_every_target_exists(graph: Graph) -> None:
    targets = {target for target in graph.objects() if isinstance(target, URIRef)}
    assert {str(target) for target in targets if not exists(target)} == set()
    assert {namespace_of(target) for target in targets} == {*SHIPPED, *READ}


def test_the_check_can_fail() -> None:
    """The definitions are closed: a term that a vocabulary lacks is seen."""
    for space in SHIPPED.values():
        assert not exists(URIRef(f"{space}noSuchTermAtAll"))
    assert not exists(URIRef(f"{ORG}Organisation"))
    assert not exists(URIRef(f"{SDO}ResearchInstitute"))
    assert not exists(URIRef(f"{VIVO}Organization"))


def test_lists_hold_what_is_used_and_no_more(graph: Graph) -> None:
    used = {str(target) for target in graph.objects()}
    for space, names in READ.items():
        assert {f"{space}{name}" for name in names} <= used


def test_a_draft_is_only_near(graph: Graph) -> None:
    relations = {relation for _, relation, target in graph if str(target).startswith(str(CERIF))}
    assert relations == {SKOS.closeMatch}
    # schema.org counts these among organisations or acts, which ours are not
    for target in (SDO.ResearchProject, SDO.TradeAction):
        assert {relation for _, relation, found in graph if found == target} == {SKOS.closeMatch}
    assert not list(graph.subjects(None, VIVO.License))


def test_classes_meet_classes_and_properties_properties(graph: Graph) -> None:
    known = ontology()
    for subject, relation, target in graph:
        name = str(subject).removeprefix(str(KN))
        local = str(target).rsplit("#", 1)[-1].rsplit("/", 1)[-1]
        if name in known.classes:
            assert relation in OF_CLASSES, name
            assert local[0].isupper(), (name, target)
        else:
            assert name in known.properties, name
            assert relation in OF_PROPERTIES, name
            assert local[0].islower(), (name, target)


def test_an_alignment_says_one_thing_of_a_pair(graph: Graph) -> None:
    pairs = Counter((subject, target) for subject, _, target in graph)
    assert max(pairs.values()) == 1
    assert len(pairs) > 120


def test_what_is_read_from_a_term_is_aligned_with_it(graph: Graph) -> None:
    """A scheme's file is read by terms of SKOS; the alignment may not say otherwise."""
    for iri, name in ontology().terms_read.items():
        relations = set(graph.predicates(KN[name], URIRef(iri)))
        assert relations or name in ("description",), (name, iri)
