"""The linter of the ontology: what each term has to say of itself, and that somebody can use it.

``test_ontology_model.py`` has what the code refuses; here is what the code would bear and a reader or a loader would not.
"""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, URIRef

from loaders.mapping import Mapping, shipped_mappings
from loaders.openalex import SOURCE as OPENALEX_SOURCE
from loaders.orcid import SOURCE as ORCID_SOURCE
from loaders.research_fields import SOURCE as FIELDS_SOURCE
from loaders.ror import SOURCE as ROR_SOURCE
from loaders.techport import SOURCE as TECHPORT_SOURCE
from ontology.identifiers import canonical
from ontology.model import KN, PUBLIC, ontology
from ontology.schemes import SCHEMES_SOURCE, identifier_issuers, read_turtle, scheme_files, schemes
from ontology.text import fold

HERE = Path(__file__).parents[1]
NUMBERS = {str(XSD.integer), str(XSD.double), str(XSD.decimal)}

UNUSED = {}
"""Terms that nothing in the project says or asks yet, each with the reason why it stands all the same."""


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph().parse(HERE / "ontology" / "ketnoi.ttl", format="turtle")


def own_terms(graph: Graph) -> Iterator[URIRef]:
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty):
        yield from (term for term in graph.subjects(RDF.type, kind) if str(term).startswith(str(KN)))


# What a term says of itself


def test_every_term_has_one_definition_in_each_language(graph: Graph) -> None:
    terms = list(own_terms(graph))
    assert len(terms) == len(set(terms)) > 220
    for term in terms:
        definitions = [text for text in graph.objects(term, RDFS.comment) if isinstance(text, Literal)]
        assert sorted(text.language or "" for text in definitions) == ["en", "vi"], term


def test_a_definition_is_one_plain_sentence_and_no_label(graph: Graph) -> None:
    for term in own_terms(graph):
        for definition in graph.objects(term, RDFS.comment):
            text = str(definition)
            assert text == text.strip(), term
            assert text.endswith("."), (term, text)
            assert len(re.findall(r"[.!?](?:\s|$)", text)) == 1, (term, text)
            assert len(text) < 260, (term, text)
            assert len(fold(text).split()) >= 4, (term, text)
            assert all(fold(text) != fold(label) for label in graph.objects(term, RDFS.label)), term


def test_no_two_terms_are_defined_alike(graph: Graph) -> None:
    for language in ("vi", "en"):
        said = Counter(
            fold(text)
            for term in own_terms(graph)
            for text in graph.objects(term, RDFS.comment)
            if isinstance(text, Literal) and text.language == language
        )
        assert [text for text, times in said.items() if times > 1] == []


def test_no_two_properties_of_a_class_have_one_label() -> None:
    """They would be two rows of one name on the page of an entity."""
    known = ontology()
    for cls in known.classes.values():
        for language in ("vi", "en"):
            labels = Counter(
                known.label(prop.name, language).casefold()
                for prop in known.properties.values()
                if prop.domain in cls.types
            )
            assert [label for label, times in labels.items() if times > 1] == [], (cls.name, language)


def test_the_model_gives_labels_and_definitions_by_language() -> None:
    known = ontology()
    for term in (*known.classes.values(), *known.properties.values()):
        assert set(term.labels) == set(term.definitions) == {"vi", "en"}, term.name
    assert known.definition("Intermediary", "vi").startswith("Đơn vị được ít nhất một bản ghi gọi là trung gian")
    assert known.definition("hostedBy", "en") == "The organisation that carries the task out and answers for it."
    assert known.definition("hostedBy", "fr") == known.definition("hostedBy", "en")
    assert known.definition("noSuchTerm", "en") == ""


# What may be combined


def test_names_differ_by_more_than_case() -> None:
    known = ontology()
    keys = [
        prop.key(language).lower()
        for prop in known.properties.values()
        if not prop.is_edge
        for language in (("vi", "en", None) if prop.datatype == str(RDF.langString) else (None,))
    ]
    types = [prop.relationship_type for prop in known.properties.values() if prop.is_edge]
    for names in (keys, types, [name.lower() for name in known.properties], [name.lower() for name in known.classes]):
        assert [name for name, times in Counter(names).items() if times > 1] == []


def test_texts_in_several_languages_are_single_by_language() -> None:
    for prop in ontology().properties.values():
        text = prop.datatype == str(RDF.langString)
        assert prop.per_language is (text and prop.single), prop.name
        assert prop.demotes_to is None or prop.single, prop.name


def test_units_and_bounds_are_of_numbers_only() -> None:
    for prop in ontology().properties.values():
        number = prop.datatype in NUMBERS
        assert prop.unit is None or number, prop.name
        assert (prop.minimum is None and prop.maximum is None) or number, prop.name
        # a share has bounds that say that it is one
        assert not prop.name.lower().endswith("share") or (prop.minimum, prop.maximum) == (0, 1), prop.name


def test_what_identifies_is_an_edge_to_an_identifier() -> None:
    identifying = [prop for prop in ontology().properties.values() if prop.identifies]
    assert [(prop.name, prop.range) for prop in identifying] == [("hasIdentifier", "Identifier")]


def test_nothing_private_decides_what_is_one_event() -> None:
    """Two nodes that are one because of a secret would tell the secret."""
    known = ontology()
    for cls in known.classes.values():
        for name in (*cls.event_key, *cls.competes_on):
            assert known.properties[name].visibility == PUBLIC, (cls.name, name)


def test_every_word_of_the_file_is_used(graph: Graph) -> None:
    used = {str(predicate) for predicate in graph.predicates()}
    for path in scheme_files():
        used |= {str(predicate) for predicate in Graph().parse(path, format="turtle").predicates()}
    words = {str(term) for term in graph.subjects(RDF.type, OWL.AnnotationProperty)}
    assert words - used == set()


# Identifiers and their issuers


def test_every_kind_of_identifier_is_in_the_scheme() -> None:
    known = {concept.code for concept in schemes().concepts.values() if concept.scheme == "identifier-scheme/1"}
    named = {spec.identifier for mapping in shipped_mappings() for specs in mapping.columns.values() for spec in specs}
    assert named - {None} <= known
    # what the exchange formats give
    assert {"isni", "wikidata", "grid", "fundref", "oai", "doi", "scopus-author", "researcher-id"} <= known
    assert canonical("ror", "https://ror.org/03YRM5C26") == "03yrm5c26"


def test_issuers_are_sources_that_a_loader_names() -> None:
    sources = {mapping.source for mapping in shipped_mappings()} | {ROR_SOURCE, FIELDS_SOURCE, SCHEMES_SOURCE}
    sources |= {ORCID_SOURCE, OPENALEX_SOURCE, TECHPORT_SOURCE}
    issuers = {"lei": "gleif"} | {name: name for name in ("ror", "orcid", "openalex", "techport")}
    assert dict(identifier_issuers()) == issuers
    assert set(identifier_issuers().values()) <= sources
    assert {prop.issuer for prop in ontology().properties.values()} - {None} <= sources


# Use


def said_by(mapping: Mapping) -> Iterator[str]:
    """Classes and properties that a mapping names."""
    yield mapping.about
    yield from (*mapping.types, *mapping.constants, *mapping.edges)
    for node in mapping.nodes.values():
        yield node.cls
        yield from (*node.edges, *node.values, *node.constants)
    for specs in mapping.columns.values():
        for spec in specs:
            yield from filter(None, (spec.cls, spec.property, *(spec.classes or {}).values()))
            yield from ("hasIdentifier", "Identifier") if spec.identifier else ()


def texts_of(path: Path) -> str:
    """A query whole; of a module its constant texts, where names of terms stand, without its docstrings."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    tree = ast.parse(text)
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return "\n".join(str(node.value) for node in constants if id(node) not in documentation)


@cache
def uses() -> dict[str, set[str]]:
    """Term → the files that say or ask it."""
    found: dict[str, set[str]] = defaultdict(set)
    for mapping in shipped_mappings():
        for name in said_by(mapping):
            found[name].add(f"loaders/tables ({mapping.shape})")
    for path in scheme_files():
        for record in read_turtle(path):
            for statement in record.statements:
                found[statement.value if statement.property == "type" else statement.property or ""].add(path.name)
    known = ontology()
    words: dict[str, str] = {name: name for name in (*known.classes, *known.properties)}
    words |= {prop.relationship_type: prop.name for prop in known.properties.values() if prop.is_edge}
    for pattern in ("loaders/**/*.py", "graph/**/*.py", "graph/**/*.cypher", "graph/**/*.rq", "api/**/*.py"):
        for path in HERE.glob(pattern):
            for word in set(re.findall(r"\w+", texts_of(path))) & set(words):
                found[words[word]].add(str(path.relative_to(HERE)))
    return found


def used(name: str) -> bool:
    """Whether a term is said or asked, or a class below it is."""
    below = [cls.name for cls in ontology().classes.values() if name in cls.ancestors]
    return bool(uses().get(name)) or any(uses().get(cls) for cls in below)


def test_every_class_and_property_can_be_used() -> None:
    known = ontology()
    unused = {name for name in (*known.classes, *known.properties) if not used(name)}
    assert unused - set(UNUSED) == set(), "nothing says or asks these: use them, or give the reason in UNUSED"
    assert set(UNUSED) - unused == set(), "these are used by now: take them out of UNUSED"
    assert all(reason.endswith(".") for reason in UNUSED.values())


def test_the_search_for_uses_can_fail() -> None:
    assert not used("noSuchTerm")
    assert uses()["hostedBy"]
    assert any(place.startswith("loaders/tables") for place in uses()["declineReason"])


def test_every_scheme_can_be_used() -> None:
    """A mapping or code names it, or it is tied to one that is named."""
    named = {spec.scheme for mapping in shipped_mappings() for specs in mapping.columns.values() for spec in specs}
    named |= {
        "/".join(target.split("/")[1:3])
        for mapping in shipped_mappings()
        for node in mapping.nodes.values()
        for target in node.edges.values()
        if isinstance(target, str) and target.startswith("scheme/")
    }
    code = "\n".join(texts_of(path) for room in ("loaders", "graph", "api") for path in (HERE / room).rglob("*.py"))
    whole = Graph()
    for path in scheme_files():
        whole.parse(path, format="turtle")
    ties: dict[str, set[str]] = defaultdict(set)
    for subject, _, target in whole:
        one, other = ("/".join(str(end).split("/scheme/")[-1].split("/")[:2]) for end in (subject, target))
        if "/scheme/" in str(subject) and "/scheme/" in str(target) and one != other:
            ties[one].add(other)
            ties[other].add(one)
    every = {concept.scheme for concept in schemes().concepts.values()} - {"law/1"}
    direct = {scheme for scheme in every if scheme in named or f"{scheme}/" in code or scheme in code}
    # the kinds of identifier are named by the columns that hold them
    direct.add("identifier-scheme/1")
    assert {scheme for scheme in every - direct if not ties[scheme] & (direct | {"law/1"})} == set()
