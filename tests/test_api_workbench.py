"""The workbench over the published sample, without script: queries and answers by address, files, examples, refusals."""

import csv
import html
import io
import json
import re
from typing import Any

import httpx
import pytest

from api.catalogue import Words
from api.workbench.examples import BEGINNINGS
from graph.questions.named import questions

pytestmark = pytest.mark.neo4j
BROWSER = {"accept": "text/html,*/*;q=0.8", "accept-language": "en"}
EXAMPLES = (*BEGINNINGS, *questions())
LANGUAGES = ("sparql", "cypher")
EN = Words("en")


def page(client: httpx.Client, **fields: Any) -> httpx.Response:
    return client.get("/workbench", params=fields, headers=BROWSER)


def filled(text: str) -> tuple[str, str]:
    """The query and the parameters that a page's form holds."""
    query = re.search(r'<textarea id="query"[^>]*>\n?(.*?)</textarea>', text, re.DOTALL)
    params = re.search(r'<input id="params"[^>]* value="([^"]*)"', text)
    assert query is not None
    return html.unescape(query[1]), html.unescape(params[1]) if params else ""


def test_either_language_has_its_form_and_is_in_the_navigation(sample_client: httpx.Client) -> None:
    for on, has_params in (("sparql", False), ("cypher", True)):
        answer = page(sample_client, on=on)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert ('<input id="params"' in answer.text) is has_params
        assert f'href="/workbench?on={on}" aria-current="page"' in answer.text
        assert f'<a href="/workbench" aria-current="page">{EN("nav.workbench")}</a>' in answer.text
        assert filled(page(sample_client, on=on, example="names").text)[0] == filled(answer.text)[0]
    assert filled(page(sample_client).text) == filled(page(sample_client, on="sparql").text)
    assert '<a href="/workbench">' in sample_client.get("/", headers=BROWSER).text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_words_are_the_catalogues(sample_client: httpx.Client, language: str) -> None:
    words = Words(language)  # type: ignore[arg-type]
    text = page(sample_client, on="cypher", query="RETURN 1 AS one", lang=language).text
    sample_client.cookies.clear()
    for key in ("title", "submit", "rows", "link", "examples", "questions", "example.sources"):
        assert html.escape(words(f"workbench.{key}", count=1)) in text, key
    assert words("cypher.params") in text


def test_the_addresses_of_the_languages_are_the_same_page_for_browsers(sample_client: httpx.Client) -> None:
    query = {"sparql": "SELECT (1 AS ?one) {}", "cypher": "RETURN 1 AS one"}
    for on, text in query.items():
        own = sample_client.get(f"/{on}", params={"query": text}, headers=BROWSER).text
        there = page(sample_client, on=on, query=text).text
        results = [one[one.index('<section id="results"') : one.index("</section>")] for one in (own, there)]
        assert results[0] == results[1]
        assert "<td>1</td>" in results[0]
        assert sample_client.post(f"/{on}", data={"query": text}, headers=BROWSER).text.count("<td>1</td>") == 1


def test_a_query_keeps_its_parameters_and_has_an_address(sample_client: httpx.Client) -> None:
    fields = {"on": "cypher", "query": "RETURN $name AS name", "params": '{"name": "Đồng & \\"x\\""}'}
    text = page(sample_client, **fields).text
    assert "<td>Đồng &amp; &#34;x&#34;</td>" in text
    assert filled(text) == (fields["query"], fields["params"])
    link = re.search(r'<a id="link" href="([^"]+)"', text)
    assert link is not None
    again = sample_client.get(html.unescape(link[1]), headers=BROWSER).text
    assert "<td>Đồng &amp; &#34;x&#34;</td>" in again


def test_a_kept_snapshot_stays_in_the_address(sample_client: httpx.Client) -> None:
    snapshot = sample_client.get("/api/search", params={"q": "nước"}).json()["snapshot"]
    text = page(sample_client, on="sparql", query="ASK {}", snapshot=snapshot).text
    assert f'<input type="hidden" name="snapshot" value="{snapshot}">' in text
    assert f"snapshot={snapshot}" in html.unescape(re.search(r'data-address="([^"]+)"', text)[1])  # type: ignore[index]
    assert page(sample_client, on="sparql", query="ASK {}", snapshot="no-such").status_code == 404
    refused = page(sample_client, on="cypher", query="RETURN 1", snapshot=snapshot)
    assert (refused.status_code, "kept ones answer at /sparql" in refused.text) == (400, True)


def test_what_was_made_up_is_marked_and_leads_to_its_page(sample_client: httpx.Client) -> None:
    ((made_up,),) = _rows(sample_client, "MATCH (n:Enterprise {illustrative: true}) RETURN n.id ORDER BY n.id LIMIT 1")
    ((real,),) = _rows(
        sample_client, "MATCH (n:University) WHERE n.illustrative IS NULL RETURN n.id ORDER BY n.id LIMIT 1"
    )
    mark = f'<span class="made-up">{EN("illustrative")}</span>'
    for identifier, marks in ((made_up, 1), (real, 0)):
        shown = [
            page(sample_client, on="sparql", query=f"SELECT (<id/{identifier}> AS ?x) {{}}"),
            page(sample_client, on="cypher", query="RETURN $id AS x", params=json.dumps({"id": identifier})),
            page(
                sample_client,
                on="cypher",
                query="MATCH (n:Entity {id: $id}) RETURN n",
                params=json.dumps({"id": identifier}),
            ),
        ]
        for one in shown:
            results = one.text[one.text.index('<section id="results"') :]
            assert results.count(mark) == marks
            assert f'href="/id/{identifier}"' in results


def _rows(client: httpx.Client, query: str) -> Any:
    return client.post("/cypher", json={"query": query}).json()["rows"]


@pytest.mark.parametrize("on", LANGUAGES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_fills_the_form_with_a_query_that_gives_rows(
    sample_client: httpx.Client, name: str, on: str
) -> None:
    text = page(sample_client, on=on, example=name).text
    assert f'example={name}" aria-current="true"' in text
    query, params = filled(text)
    asked = sample_client.post(f"/{on}", data={"query": query} | ({"params": params} if params else {}))
    assert asked.status_code == 200, asked.text
    if "application/sparql-results+json" in asked.headers["content-type"]:
        assert asked.json()["results"]["bindings"]
    elif on == "cypher":
        assert asked.json()["rows"]
    else:
        assert len(asked.text.splitlines()) > 10


def test_examples_are_all_of_them() -> None:
    assert len(EXAMPLES) == 4 + 25


def test_examples_to_begin_with_say_the_same_in_both_languages(sample_client: httpx.Client) -> None:
    for name in ("names", "classes"):
        found = []
        for on in LANGUAGES:
            query, _ = filled(page(sample_client, on=on, example=name).text)
            rows = list(csv.reader(io.StringIO(_file(sample_client, on=on, query=query).text)))
            head = {"class": "ontology#", "technology": "id/"}[rows[0][0]]
            found.append({(one.rpartition(head)[2], value) for one, value in rows[1:]})
        assert found[0] == found[1] != set()


def test_what_is_computed_outside_a_query_is_said(sample_client: httpx.Client) -> None:
    asked = questions()["brokers_of_similar"]
    assert asked.computed is not None
    text = page(sample_client, on="sparql", example="brokers_of_similar").text
    assert asked.computed.en in html.unescape(text)
    assert page(sample_client, example="no_such").status_code == 404


def _file(client: httpx.Client, **fields: Any) -> httpx.Response:
    return client.get("/workbench/rows.csv", params=fields)


def test_rows_as_a_file_hold_more_than_the_page_and_no_formula(sample_client: httpx.Client) -> None:
    cypher = "UNWIND range(1, 700) AS n RETURN n, '=1+1' AS text, [n] AS list"
    text = page(sample_client, on="cypher", query=cypher).text
    assert text.count("<td>=1+1</td>") == 500
    assert EN("workbench.truncated") in text
    file = _file(sample_client, on="cypher", query=cypher)
    assert (file.status_code, file.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert file.headers["ketnoi-truncated"] == "false"
    assert re.fullmatch(r'attachment; filename="query-\w{8}\.csv"', file.headers["content-disposition"])
    rows = list(csv.reader(io.StringIO(file.text)))
    assert (rows[0], rows[1], len(rows)) == (["n", "text", "list"], ["1", "'=1+1", "[1]"], 701)
    sparql = _file(sample_client, on="sparql", query='SELECT ("=1+1" AS ?text) (-5 AS ?n) ?none {}')
    assert sparql.text == "text,n,none\r\n'=1+1,-5,\r\n"
    cut = _file(sample_client, on="cypher", query="UNWIND range(1, 20000) AS n RETURN n")
    assert (cut.text.count("\n"), cut.headers["ketnoi-truncated"]) == (10_001, "true")


def test_a_file_is_refused_where_there_are_no_rows(sample_client: httpx.Client) -> None:
    for fields, status in (
        ({"on": "sparql", "query": "ASK {}"}, 406),
        ({"on": "sparql", "query": "DESCRIBE <id/a>"}, 406),
        ({"on": "sparql"}, 400),
        ({"on": "cypher"}, 400),
        ({"on": "cypher", "query": "CREATE (n)"}, 403),
        ({"on": "gremlin", "query": "g.V()"}, 422),
    ):
        answer = _file(sample_client, **fields)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), fields
    assert ">CSV</a>" not in page(sample_client, query="ASK {}").text


@pytest.mark.parametrize(
    ("on", "query", "status", "line", "column"),
    [
        ("sparql", "SELECT * {\n  SERVICE <http://example.org/> {} }", 403, 2, 3),
        ("sparql", "SELECT ?x\nWHERE { ?x ?y }", 400, 2, 16),
        ("cypher", "MATCH (n)\nDELETE n", 403, 2, 1),
        ("cypher", "MATCH (n)\nRETURN m", 400, 2, 8),
    ],
)
def test_a_refusal_keeps_the_query_and_names_its_place(
    sample_client: httpx.Client, on: str, query: str, status: int, line: int, column: int
) -> None:
    answer = page(sample_client, on=on, query=query)
    assert answer.status_code == status
    assert filled(answer.text)[0] == query
    assert f'role="alert" lang="en" data-line="{line}" data-column="{column}">' in answer.text


def test_parameters_that_are_no_json_are_told_beside_the_query(sample_client: httpx.Client) -> None:
    answer = page(sample_client, on="cypher", query="RETURN $x", params="{x}")
    assert answer.status_code == 400
    assert filled(answer.text) == ("RETURN $x", "{x}")
    assert "«params» is no JSON" in answer.text


def test_pictures_hold_nodes_with_names_and_nothing_that_a_browser_runs(sample_client: httpx.Client) -> None:
    for on, query in (("sparql", "neighbourhood"), ("cypher", "neighbourhood")):
        text, _ = filled(page(sample_client, on=on, example=query).text)
        shown = page(sample_client, on=on, query=text).text
        data = re.search(r'<script type="application/json">(.*?)</script>', shown, re.DOTALL)
        assert data is not None
        picture = json.loads(data[1])
        assert len(picture["nodes"]) > 20 and len(picture["lines"]) > 20
        assert {"Intermediary", "Service offering", "Concept"} <= {one["kind"] for one in picture["nodes"]}
        assert all(one["name"] and one["href"] for one in picture["nodes"])
        assert any(one["illustrative"] for one in picture["nodes"])
    nasty = "RETURN {id: '1', labels: ['</script><img src=x>'], properties: {name_vi: '</script><img src=x>'}} AS a, "
    nasty += "{id: '2', type: '</script>', start: '1', end: '3', properties: {}} AS b"
    text = page(sample_client, on="cypher", query=nasty).text
    assert "<img" not in text
    assert text.count("</script>") == text.count("<script")


def test_terms_are_one_document(sample_client: httpx.Client) -> None:
    answer = sample_client.get("/workbench/terms.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert set(answer.json()) == {"prefixes", "classes", "properties", "cypher"}
    assert sample_client.post("/workbench", data={"query": "ASK {}"}).status_code == 405


def test_a_query_that_is_too_long_for_an_address_has_no_link(sample_client: httpx.Client) -> None:
    query = f"RETURN 1 AS x // {'x' * 20_000}"
    text = sample_client.post("/cypher", data={"query": query}, headers=BROWSER).text
    assert EN("workbench.too_long") in text
    assert "data-address" not in text and 'id="link"' not in text
    assert filled(text)[0] == query
