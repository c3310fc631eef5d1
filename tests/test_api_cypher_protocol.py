"""``/cypher`` as its clients see it: forms, JSON, parameters word for word, values, the graph form, the schema, errors, limits."""

import json
from typing import Any

import httpx
import pytest

from api.cypher.serving import BYTES, ROWS
from ontology.model import ontology

pytestmark = pytest.mark.neo4j
NASTY = "Robby' WITH true MATCH (n) DETACH DELETE n //"


def ask(client: httpx.Client, query: str, params: dict[str, Any] | None = None, **fields: Any) -> httpx.Response:
    return client.post("/cypher", json={"query": query, "params": params or {}, **fields})


def rows(client: httpx.Client, query: str, **params: Any) -> Any:
    answer = ask(client, query, params)
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]


def test_get_and_post_as_form_and_as_json_give_the_same(sample_client: httpx.Client) -> None:
    query, params = "UNWIND $list AS x RETURN x, x * 2 AS y", {"list": [1, 2]}
    fields = {"query": query, "params": json.dumps(params)}
    answers = [
        sample_client.get("/cypher", params=fields),
        sample_client.post("/cypher", data=fields),
        sample_client.post("/cypher", json={"query": query, "params": params}),
    ]
    snapshot = sample_client.get("/api/search", params={"q": "nước"}).json()["snapshot"]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert (answer.headers["ketnoi-snapshot"], answer.headers["ketnoi-truncated"]) == (snapshot, "false")
        assert answer.json() == {
            "columns": ["x", "y"],
            "rows": [[1, 2], [2, 4]],
            "truncated": False,
            "snapshot": snapshot,
        }


def test_parameters_are_taken_word_for_word(sample_client: httpx.Client) -> None:
    for text in (NASTY, "\\u0027 //", "`a` $b {c}", "ế\u0301 😀", "\x00\x01\u200b", "'\"\\\n\r\t"):
        assert rows(sample_client, "RETURN $x AS x, $y.k AS y", x=text, y={"k": [text]}) == [[text, [text]]]
    assert rows(sample_client, "MATCH (n:Entity {id: $id}) RETURN n.id", id=NASTY) == []


def test_a_day_is_a_parameter_as_neo4js_query_api_writes_it(sample_client: httpx.Client) -> None:
    day = {"$type": "Date", "_value": "2026-11-24"}
    query = "RETURN $day.year AS year, $days[0] = date('2025-01-31') AS same, $map.day < $day AS before, $day AS day"
    given = {
        "day": day,
        "days": [{"$type": "Date", "_value": "2025-01-31"}],
        "map": {"day": {**day, "_value": "2026-11-23"}},
    }
    assert rows(sample_client, query, **given) == [[2026, True, True, "2026-11-24"]]
    for odd in (
        {"$type": "Date"},
        {"$type": "Date", "_value": 7},
        {"$type": "Date", "_value": "2026-02-30"},
        {"$type": "Node", "_value": "x"},
        {"$type": "Date", "_value": "2026-11-24", "more": 1},
        {"$type": ["Date"], "_value": "2026-11-24"},
    ):
        refused = ask(sample_client, "RETURN $x", {"x": [odd]})
        assert refused.status_code == 400, odd
        assert "A parameter has a type, but" in refused.json()["detail"]


def test_kept_snapshots_are_not_asked_in_cypher(sample_client: httpx.Client) -> None:
    refused = ask(sample_client, "RETURN 1", snapshot="0123456789")
    assert (refused.status_code, "/sparql" in refused.json()["detail"]) == (400, True)


def test_values_as_json(sample_client: httpx.Client) -> None:
    said = {
        "9223372036854775807": 9223372036854775807,
        "-9223372036854775808": -9223372036854775808,
        "0.1": 0.1,
        "1.0 / 0": "Infinity",
        "-1.0 / 0": "-Infinity",
        "0.0 / 0": "NaN",
        "[1, [0.0 / 0], {k: 1.0 / 0}]": [1, ["NaN"], {"k": "Infinity"}],
        "null": None,
        "true": True,
        "'ế'": "ế",
        "date('2025-10-01')": "2025-10-01",
        "localdatetime('2025-10-01T12:00:00.123456789')": "2025-10-01T12:00:00.123456789",
        "datetime('2025-10-01T12:00:00+07:00')": "2025-10-01T12:00:00.000000000+07:00",
        "localtime('12:30')": "12:30:00.000000000",
        "duration('P1Y2M3DT4H')": "P1Y2M3DT4H",
        "[duration('P1D'), 1]": ["P1D", 1],
        "{k: [duration('P1D')], l: 0.0 / 0}": {"k": ["P1D"], "l": "NaN"},
        "point({x: 1, y: 2.5})": {"srid": 7203, "coordinates": [1.0, 2.5]},
        "point({latitude: 21, longitude: 105.8})": {"srid": 4326, "coordinates": [105.8, 21.0]},
    }
    for expression, value in said.items():
        assert (expression, rows(sample_client, f"RETURN {expression} AS x")) == (expression, [[value]])


def test_nodes_relationships_and_paths_in_rows(sample_client: httpx.Client) -> None:
    ((node, edge, path),) = rows(
        sample_client, "MATCH p = (n:Concept {id: $id})-[r:BROADER]->() RETURN n, r, p", id="scheme/ford/2015/2.5"
    )
    assert {"Concept", "Entity"} <= set(node["labels"])
    assert node["properties"]["id"] == "scheme/ford/2015/2.5"
    assert (edge["type"], edge["start"]) == ("BROADER", node["id"])
    assert path == [node, edge, path[2]]
    assert (path[2]["id"], path[2]["properties"]["id"]) == (edge["end"], "scheme/ford/2015/2")


def test_the_graph_form_has_each_node_once_and_the_ends_of_every_relationship(sample_client: httpx.Client) -> None:
    query = "MATCH p = (n:Concept {id: 'scheme/ford/2015/2.5'})-[r:BROADER]->(m) RETURN n, [p], {k: m}, 1"
    graph = ask(sample_client, query, format="graph").json()
    assert {node["properties"]["id"] for node in graph["nodes"]} == {"scheme/ford/2015/2.5", "scheme/ford/2015/2"}
    (edge,) = graph["relationships"]
    assert {edge["start"], edge["end"]} == {node["id"] for node in graph["nodes"]}
    assert (graph["truncated"], len(graph["nodes"]), set(graph)) == (
        False, 2, {"nodes", "relationships", "truncated", "snapshot"},
    )  # fmt: skip
    alone = ask(sample_client, "MATCH (:Concept {id: 'scheme/ford/2015/2.5'})-[r:BROADER]->() RETURN r", format="graph")
    assert [(node["labels"], node["properties"]) for node in alone.json()["nodes"]] == [([], {})] * 2
    assert len(alone.json()["relationships"]) == 1


def test_what_is_more_than_an_answer_holds_is_cut_and_said(sample_client: httpx.Client) -> None:
    many = ask(sample_client, f"UNWIND range(1, {ROWS + 1}) AS x RETURN x").json()
    assert (len(many["rows"]), many["rows"][-1], many["truncated"]) == (ROWS, [ROWS], True)
    exact = ask(sample_client, f"UNWIND range(1, {ROWS}) AS x RETURN x").json()
    assert (len(exact["rows"]), exact["truncated"]) == (ROWS, False)
    long = "UNWIND range(1, 100) AS x RETURN x, reduce(s = '', i IN range(1, 20) | s + '1234567890') AS y, range(1, 60000) AS z"
    answer = ask(sample_client, long)
    assert answer.json()["truncated"] is True
    assert BYTES - 800_000 < len(answer.content) <= BYTES + 1_000
    graph = ask(sample_client, "MATCH (n:Entity)-[r]->() RETURN n, r", format="graph")
    assert (graph.json()["truncated"], graph.headers["ketnoi-truncated"]) == (True, "true")
    assert len(graph.json()["relationships"]) == ROWS


def test_one_row_that_is_too_long_is_refused(sample_client: httpx.Client) -> None:
    answer = ask(sample_client, "RETURN range(1, 3000000) AS x")
    assert (answer.status_code, answer.json()["detail"]) == (400, "One row alone is longer than an answer may be.")


@pytest.mark.parametrize(
    ("query", "status", "place"),
    [
        ("CREATE (n)", 403, (1, 1)),
        ("RETURN 1,\n apoc.x()", 403, (2, 2)),
        ("RETURN 'x", 400, (1, 8)),
        ("RETURN 1,\n  x", 400, (2, 3)),
        ("MATCH (n) WHERE n.x RETURN", 400, (1, 27)),
    ],
)
def test_errors_name_the_place(sample_client: httpx.Client, query: str, status: int, place: tuple[int, int]) -> None:
    answer = ask(sample_client, query)
    said = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert (said["line"], said["column"]) == place
    assert f"(line {place[0]}, column {place[1]})" in said["detail"]


def test_errors_of_values_have_no_place_but_a_reason(sample_client: httpx.Client) -> None:
    for query, reason in (
        ("RETURN $missing", "missing"),
        ("RETURN 1 / 0", "zero"),
        ("RETURN date('x')", "parsed"),
        ("RETURN date('-0044-03-15')", "day before"),
    ):
        answer = ask(sample_client, query)
        assert (answer.status_code, reason in answer.json()["detail"]) == (400, True), answer.text


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"query": "RETURN 1"', "application/json", 400),
        (b"[1]", "application/json", 400),
        (b'{"query": 1}', "application/json", 400),
        (b'{"query": "RETURN 1", "query": "RETURN 2"}', "application/json", 400),
        (b'{"query": "RETURN 1", "params": [1]}', "application/json", 400),
        (b'{"query": "RETURN $x", "params": {"x": NaN}}', "application/json", 400),
        (b'{"query": "RETURN $x", "params": {"x": 9223372036854775808}}', "application/json", 400),
        (b'{"query": "RETURN $x", "params": {"x": "\\ud800"}}', "application/json", 400),
        (b'{"query": "RETURN \'\\ud800\'"}', "application/json", 400),
        (b'{"query": "RETURN $x", "params": {"x": ' + b"[" * 60 + b"]" * 60 + b"}}", "application/json", 400),
        (b'{"query": "RETURN $x", "params": ' + b"[" * 200_000, "application/json", 400),
        (b'{"query": "RETURN 1", "format": "xml"}', "application/json", 400),
        (b'{"params": {}}', "application/json", 400),
        (b'"\xff"', "application/json", 400),
        (b"query=RETURN+1&query=RETURN+2", "application/x-www-form-urlencoded", 400),
        (b"query=RETURN+1&params=%7B", "application/x-www-form-urlencoded", 400),
        (b"query=%ff", "application/x-www-form-urlencoded", 400),
        (b"RETURN 1", "text/plain", 415),
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused(sample_client: httpx.Client, content: bytes, kind: str, status: int) -> None:
    answer = sample_client.post("/cypher", content=content, headers={"content-type": kind})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_methods(sample_client: httpx.Client) -> None:
    assert sample_client.put("/cypher").status_code == 405
    preflight = sample_client.options("/cypher")
    assert (preflight.status_code, preflight.headers["access-control-allow-headers"]) == (204, "Accept, Content-Type")
    head = sample_client.head("/cypher", params={"query": "RETURN 1"})
    assert (head.status_code, head.content) == (200, b"")


def test_the_schema_is_the_ontologys_with_counts(sample_client: httpx.Client) -> None:
    schema = sample_client.get("/cypher/schema").json()
    assert [one["name"] for one in schema["labels"]] == list(ontology().classes)
    edges = [one for one in ontology().properties.values() if one.is_edge and one.visibility == "public"]
    assert [one["name"] for one in schema["types"]] == [one.relationship_type for one in edges]
    ((technologies,),) = rows(sample_client, "MATCH (n:Technology) RETURN count(n)")
    assert next(one["count"] for one in schema["labels"] if one["name"] == "Technology") == technologies > 0
    ((broader,),) = rows(sample_client, "MATCH ()-[r:BROADER]->() RETURN count(r)")
    assert next(one["count"] for one in schema["types"] if one["name"] == "BROADER") == broader > 0
    keys = {one["name"]: one for one in schema["keys"]}
    assert {"id", "sources", "name_vi", "validFrom", "notation"} <= set(keys)
    assert (keys["validFrom"]["datatype"], keys["name_vi"]["property"]) == ("date", "name")
    ((named,),) = rows(sample_client, "MATCH (n) WHERE n.name_vi IS NOT NULL RETURN count(n)")
    assert keys["name_vi"]["count"] == named
    used = {key for (key,) in rows(sample_client, "MATCH (n:Entity) UNWIND keys(n) AS key RETURN DISTINCT key")}
    assert used <= set(keys)


def test_a_browser_gets_a_page_that_needs_no_script(sample_client: httpx.Client) -> None:
    browser = {"accept": "text/html,*/*;q=0.8", "accept-language": "en"}
    empty = sample_client.get("/cypher", headers=browser)
    assert (empty.status_code, empty.headers["content-type"]) == (200, "text/html; charset=utf-8")
    query = "MATCH (n:Concept {id: $id}) RETURN n, n.notation AS notation, '<img src=x onerror=alert(1)>' AS nasty"
    fields = {"query": query, "params": '{"id": "scheme/ford/2015/2.5"}'}
    page = sample_client.get("/cypher", params=fields, headers=browser).text
    assert 'href="/scheme/ford/2015/2.5"' in page
    assert "<td>2.5</td>" in page
    assert "<img" not in page
    refused = sample_client.get("/cypher", params={"query": "CREATE (n)"}, headers=browser)
    assert refused.status_code == 403
    assert "CREATE writes (line 1, column 1)" in refused.text


def test_nothing_but_public_statements_is_in_the_graph(sample_client: httpx.Client) -> None:
    private = {one.name for one in ontology().properties.values() if one.visibility != "public"}
    assert private
    used = {key for (key,) in rows(sample_client, "MATCH (n) UNWIND keys(n) AS key RETURN DISTINCT key")}
    types = {name for (name,) in rows(sample_client, "MATCH ()-[r]->() RETURN DISTINCT type(r)")}
    assert not {key for key in used if key.split("_")[0] in private}
    assert not types & {one.relationship_type for one in ontology().properties.values() if one.name in private}
