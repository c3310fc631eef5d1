"""What the workbench makes of answers: values with links, pictures, cells of files; and nothing that an answer holds breaks it."""

import csv
import io
import json
from typing import Any

import pytest

from api.cypher import showing as cypher
from api.limits import MAX_TARGET
from api.sparql import showing as sparql
from api.workbench import files, pictures
from api.workbench.naming import Naming
from api.workbench.shown import Shown, Value
from graph.views.entity import NodeRef
from ontology.model import BASE

MADE_UP, REAL = "aaaaaaaaaaaa", "bbbbbbbbbbbb"


class Known:
    """Views that know two bodies, one of them made up, and a concept."""

    def ref(self, identifier: str, language: str) -> NodeRef:
        names = {MADE_UP: ("Công ty Ví Dụ", "Enterprise"), REAL: ("Viện A", "ResearchInstitute")}
        names["scheme/trl/1/7"] = ("TRL 7", "Concept")
        name, kind = names.get(identifier, ("", "Entity"))
        return NodeRef(identifier, name, kind)

    def illustrative(self, identifier: str) -> bool:
        return identifier == MADE_UP


@pytest.fixture
def naming() -> Naming:
    return Naming(Known(), "en")  # type: ignore[arg-type]


def uri(value: str) -> dict[str, str]:
    return {"type": "uri", "value": value}


def solved(columns: list[str], *rows: dict[str, Any]) -> dict[str, Any]:
    return {"head": {"vars": columns}, "results": {"bindings": list(rows)}}


def test_terms_of_sparql_lead_to_pages(naming: Naming) -> None:
    shown = {
        uri(f"{BASE}id/{MADE_UP}")["value"]: Value(f"{BASE}id/{MADE_UP}", f"/id/{MADE_UP}", illustrative=True),
        f"{BASE}id/{REAL}": Value(f"{BASE}id/{REAL}", f"/id/{REAL}"),
        f"{BASE}scheme/trl/1/7": Value(f"{BASE}scheme/trl/1/7", "/scheme/trl/1/7"),
        "http://example.org/a": Value("http://example.org/a", "http://example.org/a", away=True),
        "javascript:alert(1)": Value("javascript:alert(1)", None, away=True),
        f"{BASE}/evil.example": Value(f"{BASE}/evil.example", f"{BASE}/evil.example", away=True),
    }
    for iri, value in shown.items():
        assert sparql.value(uri(iri), naming) == value
    assert sparql.value(None, naming) == Value()
    assert sparql.value({"type": "literal", "value": "a", "xml:lang": "vi"}, naming) == Value("a", note="vi")
    assert sparql.value({"type": "bnode", "value": "b0"}, naming) == Value("_:b0")
    triple = {"subject": uri("http://a"), "predicate": uri("http://b"), "object": {"type": "literal", "value": "c"}}
    assert sparql.value({"type": "triple", "value": triple}, naming) == Value("http://a http://b c")


def test_rows_with_several_nodes_are_a_picture(naming: Naming) -> None:
    rows = solved(
        ["firm", "relation", "institute", "level", "name"],
        {
            "firm": uri(f"{BASE}id/{MADE_UP}"),
            "institute": uri(f"{BASE}id/{REAL}"),
            "name": {"type": "literal", "value": "x"},
        },
        {
            "firm": uri(f"{BASE}id/{MADE_UP}"),
            "relation": uri(f"{BASE}ontology#hostedBy"),
            "institute": uri(f"{BASE}id/{REAL}"),
            "level": uri(f"{BASE}scheme/trl/1/7"),
        },
    )
    picture = sparql.answer(rows, "s", False, naming, "en").picture
    assert picture == {
        "nodes": [
            {"name": "Công ty Ví Dụ", "kind": "Enterprise", "href": f"/id/{MADE_UP}", "illustrative": True},
            {"name": "Viện A", "kind": "Research institute", "href": f"/id/{REAL}", "illustrative": False},
            {"name": "TRL 7", "kind": "Concept", "href": "/scheme/trl/1/7", "illustrative": False},
        ],
        "lines": [
            {"source": 0, "target": 1, "name": "institute"},
            {"source": 0, "target": 1, "name": "hosted by"},
            {"source": 0, "target": 2, "name": "level"},
        ],
        "cut": False,
    }


def test_rows_with_one_node_each_are_no_picture(naming: Naming) -> None:
    rows = solved(["firm", "name"], {"firm": uri(f"{BASE}id/{REAL}"), "name": {"type": "literal", "value": "x"}})
    assert sparql.answer(rows, "s", False, naming, "en").picture is None
    assert sparql.answer(solved(["a"]), "s", False, naming, "en").rows == []


def test_triples_are_a_picture_without_their_classes(naming: Naming) -> None:
    turtle = f"""
        @prefix kn: <{BASE}ontology#> .
        <{BASE}id/{MADE_UP}> a kn:Enterprise ; kn:name "x" ; kn:hostedBy <{BASE}id/{REAL}> .
        <http://example.org/a> <http://example.org/p> <http://example.org/b> ."""
    answer = sparql.answer({"text": turtle}, "s", True, naming, "en")
    assert answer.picture is not None
    assert [one["name"] for one in answer.picture["nodes"]] == [
        "Công ty Ví Dụ",
        "Viện A",
        "http://example.org/a",
        "http://example.org/b",
    ]
    assert [one["name"] for one in answer.picture["lines"]] == ["hosted by", "http://example.org/p"]
    assert (answer.truncated, answer.rows) == (True, None)
    lines = (answer.text or "").splitlines()
    assert lines[:2] == [f"@prefix kn: <{BASE}ontology#> .", f"<{BASE}id/{MADE_UP}> a kn:Enterprise ;"]


def node(element: str, **properties: Any) -> dict[str, Any]:
    return {"id": element, "labels": ["Enterprise", "Entity", "Organization"], "properties": properties}


def edge(start: str, end: str, kind: str = "HOSTED_BY") -> dict[str, Any]:
    return {"id": "r1", "type": kind, "start": start, "end": end, "properties": {}}


def test_values_of_cypher_lead_to_pages(naming: Naming) -> None:
    def value(one: Any) -> Value:
        return cypher.value(one, naming, "en")

    said = node("4:x:1", id=MADE_UP, name_vi="Công ty", name_en="Firm", illustrative=True)
    assert value(said) == Value("Firm", f"/id/{MADE_UP}", note="Enterprise Entity Organization", illustrative=True)
    assert value(node("4:x:2", id=REAL)).text == "Viện A", "without a name of its own as it is called elsewhere"
    assert value(REAL) == Value(REAL, f"/id/{REAL}")
    assert value(MADE_UP) == Value(MADE_UP, f"/id/{MADE_UP}", illustrative=True)
    assert value("cccccccccccc") == Value("cccccccccccc")
    assert value("scheme/trl/1/7") == Value("scheme/trl/1/7", "/scheme/trl/1/7")
    assert [value(one).text for one in (None, True, 7, 0.5, "a")] == ["", "true", "7", "0.5", "a"]
    assert value([1, "Đ"]) == Value('[1, "Đ"]', code=True)


def test_nodes_and_relationships_are_a_picture(naming: Naming) -> None:
    first, second = node("4:x:1", id=MADE_UP, name_vi="Một"), node("4:x:2", id=REAL, name_vi="Hai")
    rows = [[[first, edge("4:x:1", "4:x:2"), second]], [{"deep": [edge("4:x:2", "4:x:9", "OTHER")]}]]
    answer = cypher.answer({"columns": ["p"], "rows": rows, "snapshot": "s", "truncated": False}, naming, "en")
    assert answer.picture is not None
    assert [(one["name"], one["href"]) for one in answer.picture["nodes"]] == [
        ("Một", f"/id/{MADE_UP}"),
        ("Hai", f"/id/{REAL}"),
        ("", None),
    ]
    assert answer.picture["lines"] == [
        {"source": 0, "target": 1, "name": "hosted by"},
        {"source": 1, "target": 2, "name": "OTHER"},
    ]


@pytest.mark.parametrize(
    "odd",
    [
        {"id": 1, "labels": "x", "properties": 3},
        {"id": None, "labels": [None, 7], "properties": {"id": 5, "name_vi": ["x"], "illustrative": "true"}},
        {"id": 1, "type": None, "start": None, "end": {}, "properties": None},
        {"id": 1, "type": [], "start": [], "end": {}, "properties": None},
        [[[[]]]],
        {"": {"": {}}},
    ],
)
def test_maps_that_look_like_nodes_break_nothing(naming: Naming, odd: Any) -> None:
    content = {"columns": ["x"], "rows": [[odd], [[odd]]], "snapshot": "s", "truncated": False}
    answer = cypher.answer(content, naming, "vi")
    json.dumps(answer.picture)
    assert answer.rows is not None and len(answer.rows) == 2
    files.of_value(odd)


def test_a_picture_keeps_to_its_limit() -> None:
    lines = [pictures.Line("middle", f"n{at}", "x") for at in range(pictures.MOST_NODES + 50)]
    nodes, drawn, cut = pictures.picture([*lines, pictures.Line("n0", "n1", "y")])
    assert (len(nodes), len(drawn), cut) == (pictures.MOST_NODES, pictures.MOST_NODES, True)
    assert drawn[-1] == pictures.Line("n0", "n1", "y")
    assert pictures.picture([lines[0], lines[0]]) == (["middle", "n0"], [lines[0]], False)


def test_cells_of_a_file_are_no_formulas() -> None:
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    terms = [
        ({"type": "literal", "value": "=1+1"}, "'=1+1"),
        ({"type": "literal", "value": "-5"}, "'-5"),
        ({"type": "literal", "value": "-5", "datatype": integer}, "-5"),
        ({"type": "literal", "value": "-5+cmd", "datatype": integer}, "'-5+cmd"),
        ({"type": "literal", "value": "@x", "datatype": "http://example.org/t"}, "'@x"),
        (uri("http://example.org/a"), "http://example.org/a"),
        ({"type": "bnode", "value": "b"}, "_:b"),
        (None, None),
    ]
    assert [files.of_term(term) for term, _ in terms] == [cell for _, cell in terms]
    values = [("=1+1", "'=1+1"), (-5, -5), (True, "true"), (None, None), (["=x"], '["=x"]'), ("a,b", "a,b")]
    assert [files.of_value(value) for value, _ in values] == [cell for _, cell in values]
    answer = files.as_csv(files.Rows(["=a", "b"], [["x\ny", 1], [None, 'q"']], "0123456789", True))
    text = bytes(answer.body).decode()
    assert text == '\'=a,b\r\n"x\ny",1\r\n,"q"""\r\n'
    assert list(csv.reader(io.StringIO(text, newline="")))[1] == ["x\ny", "1"]
    assert answer.headers["ketnoi-truncated"] == "true"


def test_the_address_of_a_query_is_whole_or_not_there() -> None:
    shown = Shown("cypher", "RETURN $x + '&'", '{"x": "Đ"}')
    assert (
        shown.address() == "/workbench?on=cypher&query=RETURN+%24x+%2B+%27%26%27&params=%7B%22x%22%3A+%22%C4%90%22%7D"
    )
    kept = Shown("sparql", "ASK {}", kept=(("snapshot", "abc"),))
    assert kept.address("/workbench/rows.csv") == "/workbench/rows.csv?on=sparql&query=ASK+%7B%7D&snapshot=abc"
    longest = Shown("sparql", "x" * (MAX_TARGET - len("/workbench?on=sparql&query=")))
    assert len(longest.address() or "") == MAX_TARGET
    assert Shown("sparql", longest.query + "x").address() is None
