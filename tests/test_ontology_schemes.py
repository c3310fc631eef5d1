"""The concept schemes and the law are data: what every file of them has to keep."""

import json
import time
import unicodedata
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, SKOS, XSD

from loaders import research_fields
from ontology.model import BASE
from ontology.statement import Record

ONTOLOGY = Path(__file__).parents[1] / "ontology"
FILES = sorted((ONTOLOGY / "schemes").glob("*.ttl"))
LAW = ONTOLOGY / "law.ttl"
KN = Namespace("https://w3id.org/ketnoi/ontology#")
SCHEME = "https://w3id.org/ketnoi/scheme/"
RULES = Namespace(SCHEME + "law/1/")
COUNTS = {
    "ipc/2024": 806,
    "acceptance-grade/1": 4,
    "advisory-role/1": 3,
    "change-kind/1": 5,
    "consent-purpose/1": 3,
    "decline-reason/1": 9,
    "ford/2015": 6 + 42,
    "icb/2022": 19,
    "identifier-scheme/1": 25,
    "intermediary-kind/2014": 15,
    "language/1": 7,
    "listing/1": 5,
    "membership-role/1": 5,
    "outcome/1": 4,
    "park-kind/1": 5,
    "participation-role/1": 5,
    "payment-method/1": 5,
    "place/2024": 1 + 63 + 30,
    "place/2025": 1 + 34 + 47 + 126,
    "power/1": 5,
    "regime/1": 3,
    "research-fields/2008": 6 + 46,
    "right-kind/1": 8,
    "rights-state/1": 8,
    "service-kind/1": 7,
    "task-level/1": 4,
    "task-state/1": 7,
    "task-type/1": 3,
    "transfer-form/1": 3,
    "trl/1": 9,
    "vsic/2018": 21 + 88,
    "vsic/2025": 22 + 87,
}
GATES = {"law", "right", "exclusive", "consent", "registration", "broker", "conflict"}


def fold(text: str) -> str:
    """As cell values are compared: without case and diacritics."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())


def languages(graph: Graph, subject: URIRef, predicate: URIRef) -> list[str | None]:
    return sorted(label.language for label in graph.objects(subject, predicate))


def code(concept: URIRef) -> str:
    return str(concept).rsplit("/", 1)[1]


@pytest.fixture(scope="module")
def graph() -> Graph:
    whole = Graph()
    for file in [*FILES, LAW]:
        whole.parse(file, format="turtle")
    return whole


@pytest.fixture(scope="module")
def concepts(graph: Graph) -> dict[URIRef, set[URIRef]]:
    found: dict[URIRef, set[URIRef]] = defaultdict(set)
    for concept, scheme in graph.subject_objects(SKOS.inScheme):
        found[scheme].add(concept)
    return found


def members(concepts: dict[URIRef, set[URIRef]], name: str) -> set[URIRef]:
    return concepts[URIRef(SCHEME + name)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_stands_alone(file: Path) -> None:
    graph = Graph().parse(file, format="turtle")
    schemes = set(graph.subjects(RDF.type, SKOS.ConceptScheme))
    assert len(schemes) == 1
    (scheme,) = schemes
    assert languages(graph, scheme, SKOS.prefLabel) == ["en", "vi"]
    assert languages(graph, scheme, DCTERMS.source) == ["en", "vi"]
    assert str(graph.value(scheme, KN.certainty)) in {"v", "s", "g"}
    assert file.stem.startswith(str(scheme).removeprefix(SCHEME).split("/")[0])
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        assert languages(graph, concept, SKOS.prefLabel) == ["en", "vi"], concept
        assert list(graph.objects(concept, SKOS.inScheme)) == [scheme], concept
        (notation,) = graph.objects(concept, SKOS.notation)
        assert concept == URIRef(f"{scheme}/{notation}")
        assert str(notation).isascii()
        definitions = languages(graph, concept, SKOS.definition)
        assert definitions in ([], ["en", "vi"]), concept


def test_every_scheme_has_as_many_concepts_as_its_text(concepts: dict[URIRef, set[URIRef]]) -> None:
    assert {str(scheme).removeprefix(SCHEME): len(found) for scheme, found in concepts.items()} == COUNTS
    assert len(FILES) == len(COUNTS)


def test_levels(graph: Graph, concepts: dict[URIRef, set[URIRef]]) -> None:
    def below(name: str) -> int:
        return sum((concept, SKOS.broader, None) in graph for concept in members(concepts, name))

    assert below("ford/2015") == 42
    assert below("vsic/2018") == 88
    assert below("vsic/2025") == 87
    assert below("research-fields/2008") == 46
    assert below("place/2025") == 34 + 126
    assert below("place/2024") == 63 + 30
    fields = Counter(code(concept).split(".")[0] for concept in members(concepts, "ford/2015") if "." in code(concept))
    assert fields == {"1": 7, "2": 11, "3": 5, "4": 5, "5": 9, "6": 5}
    sections = {code(concept) for concept in members(concepts, "vsic/2018") if code(concept).isalpha()}
    assert sections == set("ABCDEFGHIJKLMNOPQRSTU")
    later = {code(concept) for concept in members(concepts, "vsic/2025") if code(concept).isalpha()}
    assert later == sections | {"V"}


def test_nothing_dangles(graph: Graph) -> None:
    subjects = set(graph.subjects())
    for predicate in (SKOS.broader, KN.replacedBy, KN.basis, KN.partOf, KN.regime, KN.listing):
        for subject, target in graph.subject_objects(predicate):
            assert target in subjects, (subject, predicate, target)
    for predicate in (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch):
        for subject, target in graph.subject_objects(predicate):
            assert target in subjects, (subject, target)
            # a tie is stated once: the other side is read from it
            assert (target, predicate, subject) not in graph, (subject, target)
            assert graph.value(subject, SKOS.inScheme) != graph.value(target, SKOS.inScheme), (subject, target)
    for subject, target in graph.subject_objects(SKOS.broader):
        assert graph.value(subject, SKOS.inScheme) == graph.value(target, SKOS.inScheme)


def test_every_field_of_research_meets_the_vietnamese_classification(
    graph: Graph, concepts: dict[URIRef, set[URIRef]]
) -> None:
    exact: list[URIRef] = []
    for concept in members(concepts, "ford/2015"):
        matches = [*graph.objects(concept, SKOS.exactMatch)]
        exact += matches
        assert len(matches) <= 1
        near = [*graph.objects(concept, SKOS.closeMatch), *graph.subjects(SKOS.broadMatch, concept)]
        assert matches or near, concept
    assert len(exact) == len(set(exact)) == 6 + 37


def test_every_vietnamese_field_meets_one_field_of_research(graph: Graph, concepts: dict[URIRef, set[URIRef]]) -> None:
    ties = Counter()
    for concept in members(concepts, "research-fields/2008"):
        met = {
            "exact": list(graph.subjects(SKOS.exactMatch, concept)),
            "close": list(graph.subjects(SKOS.closeMatch, concept)),
            "broad": list(graph.objects(concept, SKOS.broadMatch)),
        }
        assert sum(map(len, met.values())) == 1, concept
        (tie,) = (tie for tie, found in met.items() if found)
        ties[tie] += 1
        # a group is tied below what its field is tied to
        (field,) = met[tie]
        assert str(field).startswith(f"{SCHEME}ford/2015/{code(concept)[0]}")
    assert ties == {"exact": 43, "close": 2, "broad": 7}


def test_divisions_of_industry_are_tied_between_the_versions(graph: Graph, concepts: dict[URIRef, set[URIRef]]) -> None:
    """By number and as close only; the one that is no more names what took its place."""
    later = {concept for concept in members(concepts, "vsic/2025") if code(concept).isdigit()}
    for concept in later:
        assert [code(other) for other in graph.objects(concept, SKOS.closeMatch)] == [code(concept)]
    assert not list(graph.triples((None, SKOS.exactMatch, URIRef(SCHEME + "vsic/2018/01"))))
    earlier = {code(concept) for concept in members(concepts, "vsic/2018") if code(concept).isdigit()}
    assert earlier - {code(concept) for concept in later} == {"45"}
    replaced = graph.objects(URIRef(SCHEME + "vsic/2018/45"), KN.replacedBy)
    assert {str(concept).removeprefix(SCHEME) for concept in replaced} == {
        "vsic/2025/46",
        "vsic/2025/47",
        "vsic/2025/95",
    }
    # what a letter means moved on: finance was K and is L
    assert str(graph.value(URIRef(SCHEME + "vsic/2025/64"), SKOS.broader)).endswith("/2025/L")
    assert str(graph.value(URIRef(SCHEME + "vsic/2018/64"), SKOS.broader)).endswith("/2018/K")


def test_a_cell_value_means_one_concept(graph: Graph, concepts: dict[URIRef, set[URIRef]]) -> None:
    """Except where the official text names a division like its own section, and where diacritics tell two apart."""
    shared: dict[tuple[str, str], set[str]] = {}
    for scheme, found in concepts.items():
        meanings: dict[str, set[URIRef]] = defaultdict(set)
        for concept in found:
            for predicate in (SKOS.prefLabel, SKOS.altLabel, SKOS.notation):
                for label in graph.objects(concept, predicate):
                    meanings[fold(label)].add(concept)
        for text, meant in meanings.items():
            if len(meant) > 1:
                shared[str(scheme).removeprefix(SCHEME), text] = {code(concept) for concept in meant}
    assert shared.pop(("place/2025", "my")) == {"MY", "US"}  # the code of Malaysia, and "Mỹ"
    official = {"vsic/2018": ("D35", "L68", "P85", "U99"), "vsic/2025": ("D35", "M68", "Q85", "V99")}
    assert {(scheme, frozenset(meant)) for (scheme, _), meant in shared.items()} == {
        (scheme, frozenset((pair[0], pair[1:]))) for scheme, pairs in official.items() for pair in pairs
    }
    # each in both languages
    assert len(shared) == 2 * 2 * 4


def test_texts_are_composed_and_trimmed(graph: Graph) -> None:
    for _, _, value in graph:
        if isinstance(value, Literal) and value.datatype is None:
            text = str(value)
            assert text == unicodedata.normalize("NFC", text).strip(), text
            assert text, value
            assert "  " not in text, text


def test_every_old_province_has_its_successor(graph: Graph, concepts: dict[URIRef, set[URIRef]]) -> None:
    old = {concept for concept in members(concepts, "place/2024") if code(concept).startswith("VN-")}
    new = {concept for concept in members(concepts, "place/2025") if code(concept).startswith("VN-")}
    successors = {concept: list(graph.objects(concept, KN.replacedBy)) for concept in old}
    assert all(len(found) == 1 for found in successors.values())
    counted = Counter(found[0] for found in successors.values())
    assert set(counted) == new
    # 11 units stayed as they were, 23 came out of two or three.
    assert Counter(counted.values()) == {1: 11, 2: 17, 3: 6}
    for units in (old, new):
        numbers = [str(graph.value(concept, KN.gsoCode)) for concept in units]
        assert len(set(numbers)) == len(units)
        assert all(len(number) == 2 and number.isdigit() for number in numbers)
    assert {concept for concept in new | old if (concept, RDF.type, KN.Place) in graph} == new | old


def test_districts_of_hanoi_lead_to_its_communes(graph: Graph, concepts: dict[URIRef, set[URIRef]]) -> None:
    communes = {concept for concept in members(concepts, "place/2025") if code(concept).isdigit()}
    districts = {concept for concept in members(concepts, "place/2024") if code(concept).isdigit()}
    assert (len(communes), len(districts)) == (126, 30)
    reached = {commune for district in districts for commune in graph.objects(district, KN.replacedBy)}
    assert reached == communes
    became = graph.objects(URIRef(SCHEME + "place/2024/005"), KN.replacedBy)
    names = {
        str(name) for commune in became for name in graph.objects(commune, SKOS.prefLabel) if name.language == "vi"
    }
    assert names >= {"Phường Cầu Giấy", "Phường Nghĩa Đô", "Phường Yên Hòa"}
    for unit in communes | districts:
        parent = graph.value(unit, SKOS.broader)
        assert code(parent) == "VN-HN"
        assert (unit, RDF.type, KN.Place) in graph
        assert str(graph.value(unit, KN.gsoCode)) == code(unit)


def test_kinds_of_intermediary_state_their_certainty(graph: Graph, concepts: dict[URIRef, set[URIRef]]) -> None:
    kinds = members(concepts, "intermediary-kind/2014")
    assert all(str(graph.value(kind, KN.certainty)) in {"v", "s", "g"} for kind in kinds)
    legal = {kind for kind in kinds if (kind, KN.basis, RULES["circular-16-2014-art-1-2"]) in graph}
    assert len(legal) == 6


def test_law_is_complete(graph: Graph) -> None:
    instruments = set(graph.subjects(RDF.type, KN.PolicyInstrument))
    provisions = set(graph.subjects(RDF.type, KN.LegalProvision))
    for entry in instruments | provisions:
        assert str(entry).startswith(RULES)
        assert languages(graph, entry, SKOS.prefLabel) == ["en", "vi"], entry
        assert languages(graph, entry, KN.title) == ["en", "vi"], entry
        assert str(graph.value(entry, KN.certainty)) in {"v", "s", "g"}, entry
        assert languages(graph, entry, KN.text) in ([], ["en", "vi"]), entry
    for provision in provisions:
        assert graph.value(provision, KN.partOf) in instruments, provision
        assert languages(graph, provision, KN.text) == ["en", "vi"], provision
    for predicate in (KN.validFrom, KN.validUntil, KN.appliesFrom, KN.appliesUntil):
        assert all(day.datatype == XSD.date for day in graph.objects(predicate=predicate))


def test_every_gate_has_a_basis(graph: Graph) -> None:
    gates = defaultdict(set)
    for basis in graph.subjects(RDF.type, KN.GateBasis):
        gates[str(graph.value(basis, KN.gate))].add(basis)
        provisions = set(graph.objects(basis, KN.basis))
        assert provisions
        assert all((provision, RDF.type, KN.LegalProvision) in graph for provision in provisions)
    assert set(gates) == GATES
    general = {gate: [b for b in found if graph.value(b, KN.regime) is None] for gate, found in gates.items()}
    assert all(len(found) == 1 for found in general.values())
    regimes = {code(regime) for basis in gates["right"] for regime in graph.objects(basis, KN.regime)}
    assert regimes == {"automatic", "on-request", "unknown"}


def parameters(graph: Graph, rule: str, predicate: URIRef) -> set[Any]:
    provisions = graph.subjects(KN.rule, Literal(rule))
    return {value.toPython() for provision in provisions for value in graph.objects(provision, predicate)}


def test_numbers_and_days_of_the_rules(graph: Graph) -> None:
    assert parameters(graph, "authors-share", KN.minimumShare) == {Decimal("0.30")}
    assert parameters(graph, "broker-share", KN.minimumShare) == {Decimal("0.10")}
    assert parameters(graph, "patent-grace", KN.graceMonths) == {12}
    assert parameters(graph, "design-grace", KN.graceMonths) == {6}
    (first,) = parameters(graph, "automatic-regime", KN.appliesFrom)
    (last,) = parameters(graph, "on-request-regime", KN.appliesUntil)
    assert str(first) == "2025-10-01"
    assert first.toordinal() == last.toordinal() + 1


def test_all_files_are_read_fast() -> None:
    start = time.perf_counter()
    triples = sum(
        sum(1 for _ in pyoxigraph.parse(path=str(file), format=pyoxigraph.RdfFormat.TURTLE)) for file in [*FILES, LAW]
    )
    assert triples > 3000
    assert time.perf_counter() - start < 1.0


@pytest.mark.real
def test_groups_of_research_fields_are_those_of_the_decision(
    real: Path, graph: Graph, concepts: dict[URIRef, set[URIRef]]
) -> None:
    """The file of the classification and the scheme that is shipped mint the same IRIs and names; the fields below hang on the groups."""
    document = json.loads((real / "fields" / "research-fields-2008.json").read_text(encoding="utf-8"))
    read = [item for item in research_fields.read(document) if isinstance(item, Record)]
    names = {r.key: s.value for r in read for s in r.statements if s.property == "name" and s.language == "vi"}
    shipped = members(concepts, "research-fields/2008")
    groups = {key for key in names if len(key.rsplit("/", 1)[1]) in (1, 3) and key.count("/") == 3}
    assert groups == {str(concept).removeprefix(BASE) for concept in shipped}
    for concept in shipped:
        (name,) = (str(label) for label in graph.objects(concept, SKOS.prefLabel) if label.language == "vi")
        assert name == names[str(concept).removeprefix(BASE)]
    fields = [r for r in read if len(r.key.rsplit("/", 1)[1]) == 5]
    assert len(fields) == 322
    for record in fields:
        assert next(s.object for s in record.statements if s.property == "broader") in groups
