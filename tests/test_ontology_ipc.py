"""The scheme of patent classes: sections, classes and subclasses, each named in both languages."""

import re
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest

FILE = Path(__file__).parents[1] / "ontology" / "schemes" / "ipc.ttl"
SCHEME = "https://w3id.org/ketnoi/scheme/ipc/2024"
SKOS = "http://www.w3.org/2004/02/skos/core#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
CODE = re.compile(r"[A-HY](\d\d[A-Z]?)?")

Terms = dict[str, dict[str, list[ox.NamedNode | ox.Literal]]]


@pytest.fixture(scope="module")
def concepts() -> Terms:
    """What is said of each concept, by code and by the last segment of the property."""
    said: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = defaultdict(lambda: defaultdict(list))
    for quad in ox.parse(path=str(FILE), format=ox.RdfFormat.TURTLE):
        assert isinstance(quad.subject, ox.NamedNode)
        assert isinstance(quad.object, ox.NamedNode | ox.Literal)
        said[quad.subject.value][re.split("[/#]", quad.predicate.value)[-1]].append(quad.object)
    assert [kind.value for kind in said.pop(SCHEME)["type"]] == [f"{SKOS}ConceptScheme"]
    assert all(iri.startswith(f"{SCHEME}/") for iri in said)
    return {iri.removeprefix(f"{SCHEME}/"): properties for iri, properties in said.items()}


def test_sections_classes_and_subclasses(concepts: Terms) -> None:
    assert all(CODE.fullmatch(code) for code in concepts)
    assert {code for code in concepts if len(code) == 1} == set("ABCDEFGHY")
    assert sum(len(code) == 3 for code in concepts) > 120
    assert sum(len(code) == 4 for code in concepts) > 613
    assert list(concepts) == sorted(concepts)


def test_a_concept_is_its_code(concepts: Terms) -> None:
    for code, said in concepts.items():
        assert [kind.value for kind in said["type"]] == [f"{SKOS}Concept"], code
        assert [scheme.value for scheme in said["inScheme"]] == [SCHEME], code
        assert [notation.value for notation in said["notation"]] == [code]


def test_the_broader_concept_is_the_prefix(concepts: Terms) -> None:
    for code, said in concepts.items():
        prefix = {1: [], 3: [code[0]], 4: [code[:3]]}[len(code)]
        assert [broader.value.removeprefix(f"{SCHEME}/") for broader in said["broader"]] == prefix, code
        assert all(broader in concepts for broader in prefix), code


def test_no_class_is_empty(concepts: Terms) -> None:
    used = {code[:-1] if len(code) == 4 else code[0] for code in concepts if len(code) > 1}
    assert used == {code for code in concepts if len(code) < 4}


def test_names_in_both_languages(concepts: Terms) -> None:
    for code, said in concepts.items():
        names = {name.language: name.value for name in said["prefLabel"] if isinstance(name, ox.Literal)}
        assert len(said["prefLabel"]) == 2, code
        assert set(names) == {"en", "vi"}, code
        assert len(names["en"].split()) <= 10, code
        others = [other for other in said["altLabel"] if isinstance(other, ox.Literal)]
        assert {other.language for other in others} <= {"en", "vi"}, code
        assert len(others) == len(set(others)), code
        assert not {(name.language, name.value) for name in others} & set(names.items()), code


@pytest.mark.parametrize(
    ("code", "language", "word"),
    [
        ("C02F", "en", "wastewater treatment"),
        ("C02F", "vi", "xử lý nước thải"),
        ("C02F", "vi", "màng lọc"),
        ("G06N", "en", "machine learning"),
        ("G06N", "vi", "học máy"),
        ("H01M", "vi", "pin lithium"),
        ("A01K", "vi", "nuôi tôm"),
        ("Y02E", "vi", "năng lượng tái tạo"),
    ],
)
def test_words_that_people_type_lead_to_the_class(concepts: Terms, code: str, language: str, word: str) -> None:
    assert ox.Literal(word, language=language) in concepts[code]["altLabel"]
