"""Rows of either twin: terms and values in, tidy rows in order out; on a dataset of a few triples, and on what the driver gives."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from graph.questions import twins
from graph.questions.errors import BrokenQuestion, QuestionError
from graph.questions.named import NamedQuestion, read_questions
from graph.questions.rows import ordered, tidy
from graph.questions.running import run
from graph.questions.twins import ask_cypher, ask_sparql, literal, node, table, value_of, values
from graph.views.neo4j_errors import QueryTimeout
from ontology.model import BASE, KN
from tests.question_files import TOML, WORDS, write_question

A, B, C = "a" * 12, "b" * 12, "c" * 12
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPES = ("id", "text", "integer", "number", "money", "share", "day", "boolean", "ids", "texts")


def typed(directory: Path, order: str, **columns: str) -> NamedQuestion:
    """A question with columns of these types."""
    said = "\n".join(f'[columns.{name}]\ntype = "{kind}"\nlabel = {WORDS}' for name, kind in columns.items())
    toml = TOML.replace('order = ["name"]', f"order = {order}")
    start, end = toml.index("[columns.name]"), toml.index("[example]")
    variables = " ".join(f"?{name}" for name in columns)
    write_question(directory, toml=f"{toml[:start]}{said}\n{toml[end:]}", sparql=f"SELECT {variables} {{\n#@ text\n}}")
    return read_questions(directory)["echo"]


def test_values_are_written_so_that_nothing_escapes_from_them() -> None:
    assert values("park", [node(A)]) == f"VALUES ?park {{ <{BASE}id/{A}> }}"
    assert values("place", [node("scheme/place/2025/VN-HN"), None]) == (
        f"VALUES ?place {{ <{BASE}scheme/place/2025/VN-HN> UNDEF }}"
    )
    assert values("day", [literal(date(2026, 11, 24))]) == f'VALUES ?day {{ "2026-11-24"^^<{XSD}date> }}'
    assert values("n", [literal(7), literal(0.5), literal(True)]) == (
        f'VALUES ?n {{ "7"^^<{XSD}integer> "0.5"^^<{XSD}double> "true"^^<{XSD}boolean> }}'
    )
    for text in ('"} SELECT * {', "line\nbreak", "\\", "'", "#@ text", "ế \u001f"):
        (row,) = ask_sparql(ox.Store(), f"SELECT ?x {{ {values('x', [literal(text)])} }}")
        assert row == {"x": text}


def test_what_was_ranked_is_a_table_of_values() -> None:
    rows = [{"broker": A, "need": None, "rank": 1, "score": 0.25}, {"broker": B, "need": C, "rank": 2, "score": 0.125}]
    found = ask_sparql(ox.Store(), f"SELECT ?broker ?need ?rank ?score {{ {table('candidates', rows)} }}")
    assert found == rows
    assert ask_sparql(ox.Store(), f"SELECT ?broker {{ {table('candidates', [])} }}") == []


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('"7"^^xsd:integer', 7), ('"1998"^^xsd:gYear', 1998), ('"2.5"^^xsd:decimal', 2.5), ('"1e-1"^^xsd:double', 0.1),
        ('"true"^^xsd:boolean', True), ('"0"^^xsd:boolean', False), ('"2024-02-29"^^xsd:date', "2024-02-29"),
        ('"Hà Nội"@vi', "Hà Nội"), ('"x"', "x"), (f"<{BASE}id/{A}>", A), (f"<{BASE}scheme/trl/1/7>", "scheme/trl/1/7"),
        ("<http://example.org/x>", "http://example.org/x"),
    ],
)  # fmt: skip
def test_terms_become_what_the_property_graph_holds(written: str, value: object) -> None:
    (solution,) = ox.Store().query(f"PREFIX xsd: <{XSD}> SELECT ?x {{ VALUES ?x {{ {written} }} }}")
    found = value_of(solution["x"])
    assert (found, type(found)) == (value, type(value))


def test_cells_are_as_their_columns_say(tmp_path: Path) -> None:
    question = typed(tmp_path, '["c_id"]', **{f"c_{kind}": kind for kind in TYPES})
    from_cypher = {
        "c_id": A, "c_text": "x", "c_integer": 3.0, "c_number": 0.1 + 0.2, "c_money": 5.0, "c_share": -0.0, "c_day": "2026-01-02",
        "c_boolean": False, "c_ids": [B, None, A], "c_texts": ["b", "", "a"],
    }  # fmt: skip
    from_sparql = {
        "c_id": f"{BASE}id/{A}", "c_text": "x", "c_integer": 3, "c_number": 0.3, "c_money": 5, "c_share": 0,
        "c_day": "2026-01-02T00:00:00", "c_boolean": False, "c_ids": f"{BASE}id/{B}\u001f\u001f{BASE}id/{A}", "c_texts": "a\u001fb",
    }  # fmt: skip
    expected = {
        "c_id": A, "c_text": "x", "c_integer": 3, "c_number": 0.3, "c_money": 5, "c_share": 0.0, "c_day": "2026-01-02",
        "c_boolean": False, "c_ids": [A, B], "c_texts": ["a", "b"],
    }  # fmt: skip
    for row in (from_cypher, from_sparql):
        (found,) = tidy(question, [row])
        assert found == expected
        assert {name: type(value) for name, value in found.items()} == {
            name: type(value) for name, value in expected.items()
        }
        assert str(found["c_share"]) == "0.0"


def test_what_is_missing_is_none_or_an_empty_list(tmp_path: Path) -> None:
    question = typed(tmp_path, '["c_id"]', **{f"c_{kind}": kind for kind in TYPES})
    (row,) = tidy(question, [dict.fromkeys(question.columns)])
    assert row == {f"c_{kind}": [] if kind in ("ids", "texts") else None for kind in TYPES}
    (row,) = tidy(question, [dict.fromkeys(question.columns) | {"c_ids": "", "c_texts": []}])
    assert (row["c_ids"], row["c_texts"]) == ([], [])


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", 2.5), ("integer", True), ("integer", "7"), ("number", "7"), ("money", True), ("boolean", "true"), ("text", 7),
        ("id", 7), ("ids", 7), ("texts", [7]), ("day", 2026),
    ],
)  # fmt: skip
def test_a_cell_of_another_type_is_a_fault_of_the_question(tmp_path: Path, kind: str, value: object) -> None:
    question = typed(tmp_path, '["one"]', one=kind)
    with pytest.raises(BrokenQuestion, match="one"):
        tidy(question, [{"one": value}])
    with pytest.raises(BrokenQuestion, match="no column one"):
        tidy(question, [{"other": value}])


def test_rows_are_in_the_question_s_order_and_what_is_missing_last(tmp_path: Path) -> None:
    question = typed(tmp_path, '["kind", "-day"]', name="text", kind="text", day="day")
    rows = [
        {"name": name, "kind": kind, "day": day}
        for name, kind, day in [
            ("e", None, "2020-01-01"), ("d", "x", None), ("c", "x", "2020-01-01"), ("b", "x", "2021-01-01"), ("a", "x", "2020-01-01"),
            ("f", "w", None), ("g", None, None),
        ]
    ]  # fmt: skip
    for shuffled in (rows, rows[::-1], rows[3:] + rows[:3]):
        assert [row["name"] for row in ordered(question, shuffled)] == ["f", "b", "a", "c", "d", "e", "g"]


class Driver:
    """A property graph that gives these rows, and remembers what it was asked."""

    def __init__(self, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
        self.columns, self.rows = columns, rows
        self.asked: Mapping[str, Any] = {}

    def read(
        self,
        query: str,
        params: Mapping[str, Any] | None = None,
        timeout: float = 20.0,
        *,
        take: Callable[[Iterator[tuple[Any, ...]]], list[tuple[Any, ...]]] = list,
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        self.asked = params or {}
        return self.columns, take(iter(self.rows))


def test_cypher_gets_lists_and_days_and_gives_days_as_text() -> None:
    driver = Driver(["day", "days"], [(date(2026, 1, 2), [date(2026, 1, 3)])])
    assert ask_cypher(driver, "", {"fields": ("a", "b"), "as_of": date(2026, 7, 1), "since": None}) == [
        {"day": "2026-01-02", "days": ["2026-01-03"]}
    ]
    # in one map, so that the plan is kept whatever is left out
    assert driver.asked == {"given": {"fields": ["a", "b"], "as_of": date(2026, 7, 1), "since": None}}


def test_too_many_rows_are_refused_by_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twins, "MOST_READ", 2)
    with pytest.raises(QuestionError, match="more than 2 rows"):
        ask_cypher(Driver(["x"], [(1,), (2,), (3,)]), "", {})
    with pytest.raises(QuestionError, match="more than 2 rows"):
        ask_sparql(ox.Store(), "SELECT ?x { VALUES ?x { 1 2 3 } }")
    assert len(ask_sparql(ox.Store(), "SELECT ?x { VALUES ?x { 1 2 } }")) == 2


def test_sparql_that_still_gives_rows_at_its_deadline_is_ended() -> None:
    with pytest.raises(QueryTimeout):
        ask_sparql(ox.Store(), "SELECT ?x { VALUES ?x { 1 2 3 } }", deadline=-1.0)


class Few:
    """A snapshot of three firms, of which two are called the same."""

    snapshot = "few"
    names: Any = None  # no id is looked up here

    def __init__(self) -> None:
        self.store = ox.Store()
        called = ox.NamedNode(f"{KN}called")
        for one, name in ((A, "Ảnh"), (B, "Bình"), (C, "Ảnh")):
            self.store.add(ox.Quad(node(one), called, ox.Literal(name)))
        self.graph = Driver(["firm"], [(C,), (A,)])


FIRMS = f"""
number = 1
audience = "B"
order = ["firm"]
title = {WORDS}
definition = {WORDS}
[parameters.text]
type = "text"
label = {WORDS}
[columns.firm]
type = "id"
label = {WORDS}
[example]
text = "Ảnh"
"""


@pytest.fixture
def firms(tmp_path: Path) -> NamedQuestion:
    write_question(
        tmp_path,
        toml=FIRMS,
        cypher="MATCH (f {called: $text}) RETURN f.id AS firm",
        sparql=f"PREFIX kn: <{KN}>\nSELECT ?firm WHERE {{\n  #@ text\n  ?firm kn:called ?text\n}}",
    )
    return read_questions(tmp_path)["echo"]


def test_a_question_is_run_in_both_languages(firms: NamedQuestion) -> None:
    few = Few()
    by_cypher = run(firms, {"text": "Ảnh", "as_of": "2026-07-01"}, few)
    by_sparql = run(firms, {"text": "Ảnh", "as_of": "2026-07-01"}, few, on="sparql")
    assert by_cypher.rows == by_sparql.rows == [{"firm": A}, {"firm": C}]
    assert by_cypher.queries == by_sparql.queries
    assert by_sparql.queries["cypher"] == firms.cypher
    assert 'VALUES ?text { "Ảnh" }' in by_sparql.queries["sparql"]
    assert "#@" not in by_sparql.queries["sparql"]
    assert few.graph.asked == {"given": {"text": "Ảnh", "as_of": date(2026, 7, 1)}}
    assert (by_sparql.columns, by_sparql.snapshot, by_sparql.as_of) == (("firm",), "few", "2026-07-01")
    assert by_sparql.parameters == {"text": "Ảnh"}
    assert not by_sparql.truncated


def test_the_query_that_is_shown_is_the_one_that_was_run(firms: NamedQuestion) -> None:
    few = Few()
    result = run(firms, {"text": "Bình"}, few, on="sparql")
    assert [value_of(solution["firm"]) for solution in few.store.query(result.queries["sparql"])] == [B]


def test_rows_above_the_limit_are_cut_off_after_sorting(firms: NamedQuestion) -> None:
    for on in ("cypher", "sparql"):
        result = run(firms, {"text": "Ảnh"}, Few(), on=on, most=1)  # type: ignore[arg-type]
        assert (result.rows, result.truncated) == ([{"firm": A}], True)
        assert not run(firms, {"text": "Ảnh"}, Few(), on=on, most=2).truncated  # type: ignore[arg-type]


def ranked(firms: NamedQuestion, tmp_path: Path) -> NamedQuestion:
    toml = FIRMS.replace("[example]", '[computed]\nvi = "x"\nen = "x"\nbefore = "rank"\ngives = ["found"]\n[example]')
    write_question(
        tmp_path, toml=toml, cypher="UNWIND $found AS f RETURN f.firm AS firm", sparql="SELECT ?firm {\n#@ found\n}"
    )
    return read_questions(tmp_path)["echo"]


def test_a_ranking_gives_both_twins_what_they_ask_about(firms: NamedQuestion, tmp_path: Path) -> None:
    question, few = ranked(firms, tmp_path), Few()
    seen: list[Mapping[str, Any]] = []

    def rank(parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        seen.append(parameters)
        return [{"firm": B, "rank": 1}]

    result = run(question, {"text": "x", "as_of": "2026-07-01"}, few, on="sparql", rankings={"rank": rank})
    assert result.rows == [{"firm": B}]
    assert seen == [{"text": "x", "as_of": date(2026, 7, 1)}]
    assert result.parameters == {"text": "x", "found": [{"firm": B, "rank": 1}]}
    run(question, {"text": "x"}, few, rankings={"rank": rank})
    assert few.graph.asked["given"]["found"] == [{"firm": B, "rank": 1}]
    with pytest.raises(BrokenQuestion, match="the ranking rank"):
        run(question, {"text": "x"}, few)


def test_an_analysis_gets_the_rows_of_the_query_whatever_its_columns(tmp_path: Path) -> None:
    columns = "\n".join(
        f'[columns.{name}]\ntype = "{kind}"\nlabel = {WORDS}'
        for name, kind in (
            ("step", "integer"),
            ("source", "id"),
            ("target", "id"),
            ("relation", "text"),
            ("day", "day"),
        )
    )
    toml = f"""
number = 19
audience = "B"
order = ["step"]
title = {WORDS}
definition = {WORDS}
[parameters.firm]
type = "text"
label = {WORDS}
[parameters.technology]
type = "text"
label = {WORDS}
{columns}
[computed]
vi = "x"
en = "x"
after = "shortest_path"
[example]
firm = "{A}"
technology = "{C}"
"""
    edges = (
        f'<{BASE}id/{B}> <{BASE}id/{C}> "owner" "2020-01-01"^^<{XSD}date>',
        f'<{BASE}id/{A}> <{BASE}id/{B}> "unitOf" UNDEF',
    )
    variables = "?source ?target ?relation ?day"
    rows = " ".join(f"({edge})" for edge in edges)
    sparql = f"SELECT {variables} ?event {{ VALUES ({variables}) {{ {rows} }} }}"
    write_question(tmp_path, toml=toml, cypher="RETURN 1", sparql=sparql)
    few = Few()
    few.graph = Driver(
        ["source", "target", "relation", "day", "event"],
        [(B, C, "owner", date(2020, 1, 1), None), (A, B, "unitOf", None, None)],
    )
    question = read_questions(tmp_path)["echo"]
    expected = [
        {"step": 1, "source": A, "target": B, "relation": "unitOf", "day": None},
        {"step": 2, "source": B, "target": C, "relation": "owner", "day": "2020-01-01"},
    ]
    for on in ("cypher", "sparql"):
        assert run(question, question.example, few, on=on).rows == expected  # type: ignore[arg-type]
