"""The linter of the ontology: it may say much, but never something that no program can follow."""

from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, URIRef

from ontology.model import BASE, KN, LEVELS, ROOT, Ontology, OntologyError, ontology

FILE = Path(__file__).parents[1] / "ontology" / "ketnoi.ttl"
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph().parse(FILE, format="turtle")


@pytest.fixture(scope="module")
def terms(graph: Graph) -> set[URIRef]:
    return {term for kind in KINDS for term in graph.subjects(RDF.type, kind) if isinstance(term, URIRef)}


def test_every_term_has_one_label_in_each_language(graph: Graph, terms: set[URIRef]) -> None:
    assert len(terms) > 150
    for term in terms:
        labels = [label for label in graph.objects(term, RDFS.label) if isinstance(label, Literal)]
        assert sorted(label.language or "" for label in labels) == ["en", "vi"], term
        assert all(str(label).strip() == str(label) != "" for label in labels), term


def test_no_two_terms_of_one_kind_have_one_label(graph: Graph) -> None:
    """A reader of a page could not tell them apart."""
    for language in ("vi", "en"):
        classes = [ontology().label(name, language) for name in ontology().classes]
        assert len(classes) == len(set(classes)), language


def test_nothing_dangles(graph: Graph, terms: set[URIRef]) -> None:
    """Whatever is named in our namespace is declared, as exactly one kind of term."""
    own = str(KN)
    named = {part for triple in graph for part in triple if isinstance(part, URIRef) and str(part).startswith(own)}
    assert named == terms
    for term in terms:
        assert len([kind for kind in KINDS if (term, RDF.type, kind) in graph]) == 1, term


def test_every_own_predicate_is_declared_as_an_annotation(graph: Graph) -> None:
    predicates = {p for p in graph.predicates() if str(p).startswith(str(KN))}
    assert predicates <= set(graph.subjects(RDF.type, OWL.AnnotationProperty))


def test_every_class_is_below_the_root_without_circles() -> None:
    known = ontology()
    for cls in known.classes.values():
        assert cls.types[-1] == ROOT
        assert cls.name not in cls.ancestors
        assert len(cls.types) == len(set(cls.types))
        assert known.is_a(cls.name, ROOT)


def test_names_collide_nowhere() -> None:
    """Labels, relationship types, property keys in every language, the node's id and JSON-LD's words share one space."""
    known = ontology()
    edges = [p for p in known.properties.values() if p.is_edge]
    assert len({p.relationship_type for p in edges}) == len(edges)
    keys = [
        p.key(language)
        for p in known.properties.values()
        if not p.is_edge
        for language in (("vi", "en", None) if p.datatype == str(RDF.langString) else (None,))
    ]
    assert len(keys) == len(set(keys))
    assert not {"id", "type"} & {*keys, *known.properties}
    assert not set(known.classes) & set(known.properties)
    lowered = [name.lower() for name in known.classes]
    assert len(lowered) == len(set(lowered))


def test_names_are_written_as_the_property_graph_expects() -> None:
    known = ontology()
    assert all(name[0].isupper() and name.isalnum() for name in known.classes)
    assert all(name[0].islower() and name.isalnum() for name in known.properties)
    assert known.properties["hostedBy"].relationship_type == "HOSTED_BY"
    assert known.properties["hasIdentifier"].relationship_type == "HAS_IDENTIFIER"
    assert known.properties["name"].key("vi") == "name_vi"
    assert known.properties["name"].key("zh-Hans") == "name_zh_Hans"
    assert known.properties["number"].key(None) == "number"


def test_key_properties_exist_and_are_said_of_the_class() -> None:
    known = ontology()
    keyed = [cls for cls in known.classes.values() if cls.event_key or cls.competes_on]
    assert {cls.name for cls in keyed} >= {"RightsHolding", "Recognition", "Identifier", "ContactPoint"}
    for cls in keyed:
        for name in (*cls.event_key, *cls.competes_on):
            assert known.is_a(cls.name, known.properties[name].domain), (cls.name, name)
        assert len(set(cls.event_key)) == len(cls.event_key)
    assert known.classes["RightsHolding"].event_key == (
        "holder",
        "over",
        "power",
        "territory",
        "fieldOfUse",
        "validFrom",
    )
    assert known.classes["Recognition"].event_key == ("holder", "kind", "number")
    assert known.classes["TechnologyTransfer"].event_key == ("number", "transferor", "transferee")


def test_every_property_has_a_reader_for_what_it_holds() -> None:
    from loaders.values import READERS

    known = ontology()
    texts = {f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("string", "decimal")} | {str(RDF.langString)}
    for prop in known.properties.values():
        assert prop.is_edge is (prop.datatype is None)
        assert prop.is_edge or prop.datatype in {*READERS, *texts}, prop.name
        assert prop.visibility in LEVELS
        assert not prop.per_language or prop.datatype == str(RDF.langString)
        if prop.demotes_to:
            other = known.properties[prop.demotes_to]
            assert not other.single
            assert other.datatype == prop.datatype
        if prop.minimum is not None and prop.maximum is not None:
            assert prop.minimum <= prop.maximum


def test_amounts_are_in_dong_and_what_is_private_is_marked() -> None:
    known = ontology()
    for name in ("amount", "budget", "price", "floorPrice", "revenue"):
        assert known.properties[name].unit == "VND"
        assert known.properties[name].datatype == "http://www.w3.org/2001/XMLSchema#integer"
    assert {p.name: p.visibility for p in known.properties.values() if p.visibility != "public"} == {
        "telephone": "member",
        "email": "member",
        "contactConsentOn": "member",
        "consentOf": "curator",
        "consentPurpose": "curator",
        "consentMeans": "curator",
        "withdrawnOn": "curator",
        "floorPrice": "curator",
        "mandate": "curator",
    }


def test_terms_of_other_vocabularies_mean_one_term_each(graph: Graph) -> None:
    read = [str(iri) for iri in graph.objects(None, KN.readsFrom)]
    assert len(read) == len(set(read)) == len(ontology().terms_read)
    assert not any(iri.startswith(BASE) for iri in read)


def test_json_ld_context_covers_what_is_no_plain_text() -> None:
    known = ontology()
    assert known.context["@vocab"] == str(KN)
    assert known.context["hostedBy"] == {"@type": "@id"}
    assert known.context["deadline"] == {"@type": "http://www.w3.org/2001/XMLSchema#date"}
    assert "name" not in known.context


def test_the_root_alone_has_a_constraint() -> None:
    assert len(ontology().constraints) == 1
    assert f"(n:{ROOT})" in ontology().constraints[0]


def test_labels_fall_back() -> None:
    assert ontology().label("Technology", "vi") == "Công nghệ"
    assert ontology().label("Technology", "fr") == "Technology"
    assert ontology().label("noSuchTerm", "vi") == "noSuchTerm"


PREFIXES = f"@prefix kn: <{KN}> . @prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> . @prefix rdf: <{RDF}> . kn:Entity a owl:Class . "


@pytest.mark.parametrize(
    ("turtle", "message"),
    [
        ("kn:A a owl:Class .", "is no Entity"),
        ("kn:A a owl:Class ; rdfs:subClassOf kn:Entity , kn:B .", "does not have"),
        ("kn:A a owl:Class ; rdfs:subClassOf kn:Entity ; kn:eventKey ( kn:missing ) .", "missing"),
        ("kn:A a owl:Class ; rdfs:subClassOf kn:Entity . kn:A a owl:DatatypeProperty .", "both a class and a property"),
        (
            "kn:aB a owl:ObjectProperty ; rdfs:range kn:Entity . kn:a_b a owl:ObjectProperty ; rdfs:range kn:Entity .",
            "one relationship type",
        ),
        ("kn:a a owl:ObjectProperty ; rdfs:range kn:Missing .", "domain or range"),
        ("kn:a a owl:DatatypeProperty ; rdfs:domain kn:Missing .", "domain or range"),
        ('kn:a a owl:DatatypeProperty ; kn:visibility "secret" .', "secret"),
    ],
)
def test_an_ontology_that_no_program_can_follow_is_refused(turtle: str, message: str) -> None:
    with pytest.raises(OntologyError, match=message):
        Ontology(Graph().parse(data=PREFIXES + turtle, format="turtle"))


def test_blank_nodes_are_no_classes() -> None:
    graph = Graph().parse(
        data=PREFIXES + "kn:A a owl:Class ; rdfs:subClassOf kn:Entity , [ a owl:Class ] .", format="turtle"
    )
    assert any(isinstance(term, BNode) for term in graph.subjects(RDF.type, OWL.Class))
    assert set(Ontology(graph).classes) == {"Entity", "A"}
