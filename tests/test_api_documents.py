"""Turtle and JSON-LD say the same triples; links are made of safe addresses only."""

import json

import pyoxigraph as ox
import pytest

from api.documents import json_ld, turtle
from api.links import address, external, iri, known_form
from ontology.model import BASE, KN

XSD = "http://www.w3.org/2001/XMLSchema#"
NODE = ox.NamedNode(f"{BASE}id/{'b' * 20}")


def _said(name: str, value: ox.Literal | ox.NamedNode) -> ox.Quad:
    return ox.Quad(NODE, ox.NamedNode(f"{KN}{name}"), value)


def _typed(value: str, kind: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(XSD + kind))


SAID = [
    ox.Quad(
        NODE, ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), ox.NamedNode(f"{KN}ResearchInstitute")
    ),
    ox.Quad(NODE, ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), ox.NamedNode(f"{KN}Organization")),
    _said("name", ox.Literal("Viện", language="vi")),
    _said("name", ox.Literal("Institute", language="en")),
    _said("employees", _typed("1240", "integer")),
    _said("founded", _typed("1976", "gYear")),
    _said("homepage", _typed("https://vidu.example.vn/", "anyURI")),
    _said("address", ox.Literal('"1" <phố>\n\\ Ví Dụ')),
    _said("hasField", ox.NamedNode(f"{BASE}scheme/ford/2015/2.5")),
    _said("illustrative", _typed("true", "boolean")),
    _said("share", _typed("0.5", "double")),
    _said("approvedOn", _typed("2025-10-01", "date")),
]


def _triples(content: bytes, media: ox.RdfFormat) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(content, format=media)}


def test_turtle_and_json_ld_say_what_the_graph_says() -> None:
    expected = {quad.triple for quad in SAID}
    assert _triples(turtle(SAID), ox.RdfFormat.TURTLE) == expected
    assert _triples(json_ld(SAID), ox.RdfFormat.JSON_LD) == expected


def test_json_ld_brings_its_context_along() -> None:
    content = json.loads(json_ld(SAID))
    assert isinstance(content["@context"], dict)
    assert content["id"] == NODE.value
    assert content["type"] == ["Organization", "ResearchInstitute"]
    assert content["employees"] == "1240"


def test_nothing_said_is_still_a_document() -> None:
    assert _triples(turtle([]), ox.RdfFormat.TURTLE) == set()
    assert _triples(json_ld([]), ox.RdfFormat.JSON_LD) == set()


@pytest.mark.parametrize("value", ["https://a.vn/", "http://a.vn:8080/x?y=1#z", "https://a.vn/t%C3%AAn"])
def test_web_addresses_are_links(value: str) -> None:
    assert external(value) == value


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "java\tscript:alert(1)",
        " https://a.vn",
        "https://a b.vn/",
        'https://a.vn/"onclick=',
        "https://a.vn/<x>",
        "//a.vn/x",
        "/id/x",
        "ftp://a.vn/",
        "https://",
        "https:///x",
        "https://[a",
        "https://a.vn:99999/",
        "https://a.vn/" + "x" * 1_000_000,
        "a.vn",
        "",
        "https://a.vn/\u0000",
    ],
)
def test_nothing_else_is_a_link(value: str) -> None:
    assert external(value) is None


def test_ids_and_their_addresses() -> None:
    assert address("b" * 20) == f"/id/{'b' * 20}"
    assert address("scheme/trl/1/7") == "/scheme/trl/1/7"
    assert address("record/" + "e" * 20) == "/record/" + "e" * 20
    assert address('"><script>') == "/id/%22%3E%3Cscript%3E"
    assert iri("b" * 20) == f"{BASE}id/{'b' * 20}"


@pytest.mark.parametrize(
    ("identifier", "known"),
    [
        ("b" * 20, True),
        ("scheme/ford/2015/2.5", True),
        ("a b", False),
        ("x>y", False),
        ("a\n", False),
        ("", False),
        ("x" * 301, False),
    ],
)
def test_only_plain_ids_reach_a_view(identifier: str, known: bool) -> None:
    assert known_form(identifier) is known
