"""The shapes find what is wrong and nothing else; the published sample conforms to them."""

import random
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, SH, Graph

from ontology.model import KN, ontology
from ontology.shapes import report, shapes
from tests.conftest import ketnoi

PREFIXES = f"""
@prefix kn: <{KN}> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix : <https://example.org/> .
:f a kn:Enterprise, kn:Organization, kn:Entity . :t a kn:Technology, kn:Entity .
:g a kn:Enterprise, kn:Organization, kn:Entity .
@prefix power: <https://w3id.org/ketnoi/scheme/power/1/> .
power:own a kn:Concept, kn:Entity . power:use a kn:Concept, kn:Entity .
"""
HOLDING = ":h a kn:RightsHolding, kn:Entity ; kn:holder :f ; kn:over :t ; kn:power power:own"

VALID = [
    f"{HOLDING} .",
    f'{HOLDING} ; kn:share 0.5e0 ; kn:exclusive true ; kn:validFrom "2020-01-01"^^xsd:date ; kn:validUntil "2020-01-01"^^xsd:date .',
    ':n a kn:TechnologyNeed, kn:Entity ; kn:needOf :f ; kn:name "Nước"@vi, "Water"@en, "no language" ; kn:budget 2000000000 .',
    ':i a kn:Identifier, kn:Entity ; kn:identifierScheme "task-code" ; kn:identifierValue "X" .',
    ":s a kn:ServiceEngagement, kn:Entity ; kn:provider :f ; kn:client :g .",
]
INVALID = [
    (":h a kn:RightsHolding, kn:Entity ; kn:over :t ; kn:power power:own .", "holder", SH.MinCountConstraintComponent),
    (":h a kn:RightsHolding, kn:Entity ; kn:holder :f ; kn:power power:own .", "over", SH.MinCountConstraintComponent),
    (":h a kn:RightsHolding, kn:Entity ; kn:holder :f ; kn:over :t .", "power", SH.MinCountConstraintComponent),
    (f"{HOLDING}, power:use .", "power", SH.MaxCountConstraintComponent),
    (f"{HOLDING} ; kn:share 1.5e0 .", "share", SH.MaxInclusiveConstraintComponent),
    (f"{HOLDING} ; kn:share -0.1e0 .", "share", SH.MinInclusiveConstraintComponent),
    (f'{HOLDING} ; kn:exclusive "maybe" .', "exclusive", SH.DatatypeConstraintComponent),
    (
        f'{HOLDING} ; kn:validFrom "2021-01-01"^^xsd:date ; kn:validUntil "2020-12-31"^^xsd:date .',
        "validFrom",
        SH.LessThanOrEqualsConstraintComponent,
    ),
    (":n a kn:TechnologyNeed, kn:Entity ; kn:needOf :t .", "needOf", SH.ClassConstraintComponent),
    (
        ':n a kn:TechnologyNeed, kn:Entity ; kn:needOf :f ; kn:name "a"@vi, "b"@vi .',
        "name",
        SH.UniqueLangConstraintComponent,
    ),
    (":n a kn:TechnologyNeed, kn:Entity ; kn:needOf :f ; kn:budget -1 .", "budget", SH.MinInclusiveConstraintComponent),
    (':i a kn:Identifier, kn:Entity ; kn:identifierScheme "lei" .', "identifierValue", SH.MinCountConstraintComponent),
    (":s a kn:ServiceEngagement, kn:Entity ; kn:provider :f .", "client", SH.MinCountConstraintComponent),
    (
        ":x a kn:TechnologyTransfer, kn:Entity ; kn:transferor :f ; kn:object :t .",
        "transferee",
        SH.MinCountConstraintComponent,
    ),
    (":o a kn:TechnologyOffer, kn:Entity .", "offers", SH.MinCountConstraintComponent),
    (":r a kn:Recognition, kn:Entity ; kn:holder :f .", "kind", SH.MinCountConstraintComponent),
    (
        ':k a kn:STTask, kn:Entity ; kn:startDate "2021-01-01"^^xsd:date ; kn:endDate "2020-01-01"^^xsd:date .',
        "startDate",
        SH.LessThanOrEqualsConstraintComponent,
    ),
]


@pytest.mark.parametrize("turtle", VALID)
def test_a_valid_example_conforms(turtle: str) -> None:
    found = report(Graph().parse(data=PREFIXES + turtle, format="turtle"))
    assert not list(found.subjects(RDF.type, SH.ValidationResult))


@pytest.mark.parametrize(("turtle", "path", "component"), INVALID)
def test_an_invalid_example_is_found_for_what_is_wrong(turtle: str, path: str, component: object) -> None:
    found = report(Graph().parse(data=PREFIXES + turtle, format="turtle"))
    results = list(found.subjects(RDF.type, SH.ValidationResult))
    assert [(found.value(one, SH.resultPath), found.value(one, SH.sourceConstraintComponent)) for one in results] == [
        (KN[path], component)
    ]


def test_every_property_has_a_shape() -> None:
    paths = set(shapes().objects(None, SH.path))
    assert paths == {KN[name] for name in ontology().properties}


@pytest.mark.neo4j
def test_the_sample_conforms(sample_home: Path, tmp_path: Path) -> None:
    """All events, and whatever they point at, of the published sample; pySHACL is slow, so bodies are a fixed tenth."""
    out = tmp_path / "sample.nq"
    ketnoi(sample_home, "export", "nquads", "--out", str(out))
    triples = [
        quad.triple
        for quad in ox.parse(path=str(out), format=ox.RdfFormat.N_QUADS)
        if quad.graph_name == ox.DefaultGraph()
    ]
    kinds: dict[str, set[str]] = {}
    for triple in triples:
        if triple.predicate.value == str(RDF.type):
            kinds.setdefault(triple.subject.value, set()).add(triple.object.value.removeprefix(str(KN)))
    chosen = set()
    for subject, classes in kinds.items():
        event = any(ontology().classes[name].event for name in classes)
        if (event and random.Random(subject).random() < 0.25) or random.Random(subject).random() < 0.03:
            chosen.add(subject)
    targets = {t.object.value for t in triples if t.subject.value in chosen and isinstance(t.object, ox.NamedNode)}
    data = Graph()
    lines = [
        f"{triple} ."
        for triple in triples
        if triple.subject.value in chosen
        or (triple.subject.value in targets and triple.predicate.value == str(RDF.type))
    ]
    data.parse(data="\n".join(lines), format="nt")
    # targets are there with their classes only: what they lack themselves is not asked
    found = report(data)
    results = [
        one for one in found.subjects(RDF.type, SH.ValidationResult) if str(found.value(one, SH.focusNode)) in chosen
    ]
    assert len(chosen) > 800
    assert [
        (found.value(one, SH.focusNode), found.value(one, SH.resultPath), found.value(one, SH.value)) for one in results
    ] == []
