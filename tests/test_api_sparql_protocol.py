"""``/sparql`` as the SPARQL 1.1 Protocol says it: ways to ask, datasets, forms of an answer, descriptions, errors."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from api.sparql.guard import MAX_DEPTH
from api.sparql.serving import usual_limits
from api.workers.pool import Limits
from tests.sparql_service import Service, make_store, serving

EX = "http://example.org/"
BASE = "https://w3id.org/ketnoi/"
JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(EX + name)


QUADS = [
    ox.Quad(node("a"), node("p"), ox.Literal("mặc định", language="vi")),
    ox.Quad(node("b"), node("p"), node("a")),
    ox.Quad(node("a"), node("p"), ox.Literal("one"), node("record1")),
    ox.Quad(node("a"), node("p"), ox.Literal("two"), node("record2")),
    ox.Quad(ox.NamedNode(f"{BASE}id/abc"), node("p"), ox.Literal("three"), node("record3")),
]
ALL = "SELECT ?o { ?s ?p ?o } ORDER BY ?o"
NAMED = "SELECT ?g ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("protocol")
    with serving(home, make_store(home / "rdf", QUADS), Limits(running=1)) as running:
        yield running


def test_the_three_ways_to_ask(service: Service) -> None:
    expected = [{"o": EX + "a"}, {"o": "mặc định"}]
    assert service.rows(ALL) == expected
    by_form = service.client.post("/sparql", data={"query": ALL}, headers={"accept": JSON})
    direct = service.client.post(
        "/sparql", content=ALL.encode(), headers={"content-type": "application/sparql-query; charset=utf-8"}
    )
    for answer in (by_form, direct):
        assert answer.status_code == 200
        assert [row["o"]["value"] for row in answer.json()["results"]["bindings"]] == [EX + "a", "mặc định"]


def test_the_snapshot_and_whether_it_was_cut_stand_in_the_headers(service: Service) -> None:
    answer = service.ask(ALL)
    assert answer.headers["ketnoi-snapshot"] == "snapshot1"
    assert answer.headers["ketnoi-truncated"] == "false"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["access-control-allow-origin"] == "*"


def test_graph_gives_the_source_record(service: Service) -> None:
    assert service.rows(NAMED) == [
        {"g": EX + "record1", "o": "one"},
        {"g": EX + "record2", "o": "two"},
        {"g": EX + "record3", "o": "three"},
    ]


@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_a_dataset_of_the_request(service: Service, way: str) -> None:
    def values(query: str, **graphs: list[str]) -> list[str]:
        parameters = {name.replace("_", "-"): value for name, value in graphs.items()}
        if way == "get":
            answer = service.ask(query, **parameters)
        elif way == "form":
            answer = service.client.post("/sparql", data={"query": query, **parameters})
        else:
            direct = {"content-type": "application/sparql-query"}
            answer = service.client.post("/sparql", content=query, params=parameters, headers=direct)
        return sorted(row["o"]["value"] for row in answer.json()["results"]["bindings"])

    one, two = EX + "record1", EX + "record2"
    assert values(ALL, default_graph_uri=[one]) == ["one"]
    assert values(ALL, default_graph_uri=[one, two]) == ["one", "two"]
    assert values(NAMED, default_graph_uri=[one]) == []
    assert values(NAMED, named_graph_uri=[two]) == ["two"]
    assert values(ALL, named_graph_uri=[two]) == []
    both = "SELECT ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    assert values(both, default_graph_uri=[one], named_graph_uri=[two]) == ["one", "two"]
    # what the request says stands in place of what the query says
    assert values(f"SELECT ?o FROM <{two}> {{ ?s ?p ?o }}", default_graph_uri=[one]) == ["one"]
    assert values(f"SELECT ?o FROM <{two}> {{ ?s ?p ?o }}") == ["two"]


def test_relative_names_are_names_of_ours(service: Service) -> None:
    assert service.rows("SELECT ?o { GRAPH ?g { <id/abc> ?p ?o } }") == [{"o": "three"}]


ROWS = "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s"
FORMS: list[tuple[str, str, str, bytes]] = [
    (
        "text/csv",
        "text/csv; charset=utf-8",
        ROWS,
        b"s,o\r\nhttp://example.org/a,m\xe1\xba\xb7c \xc4\x91\xe1\xbb\x8bnh\r\nhttp://example.org/b,http://example.org/a\r\n",
    ),
    (
        "text/tab-separated-values",
        "text/tab-separated-values; charset=utf-8",
        ROWS,
        '?s\t?o\n<http://example.org/a>\t"mặc định"@vi\n<http://example.org/b>\t<http://example.org/a>\n'.encode(),
    ),
    (
        "application/json",
        JSON,
        "SELECT ?s { ?s ?p <http://example.org/a> }",
        b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"http://example.org/b"}}]}}',
    ),
    ("*/*", JSON, "ASK {}", b'{"head":{},"boolean":true}'),
    (
        "application/n-triples",
        "application/n-triples",
        "CONSTRUCT WHERE { ?s ?p <http://example.org/a> }",
        b"<http://example.org/b> <http://example.org/p> <http://example.org/a> .\n",
    ),
    (
        "application/n-quads;q=0.9, text/html;q=0.1",
        "application/n-quads",
        "DESCRIBE <http://example.org/b>",
        b"<http://example.org/b> <http://example.org/p> <http://example.org/a> .\n",
    ),
]


@pytest.mark.parametrize(("accept", "media", "query", "content"), FORMS)
def test_forms_word_for_word(service: Service, accept: str, media: str, query: str, content: bytes) -> None:
    answer = service.ask(query, accept)
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, media, content)


@pytest.mark.parametrize("media", [JSON, XML, "text/tab-separated-values"])
def test_rows_can_be_read_again(service: Service, media: str) -> None:
    results = ox.parse_query_results(service.ask(ROWS, media).content, ox.QueryResultsFormat.from_media_type(media))
    assert isinstance(results, ox.QuerySolutions)
    assert [(str(row["s"]), row["o"]) for row in results] == [
        (f"<{EX}a>", ox.Literal("mặc định", language="vi")),
        (f"<{EX}b>", node("a")),
    ]


TRIPLES = (
    "text/turtle",
    "application/n-triples",
    "application/rdf+xml",
    "application/ld+json",
    "application/n-quads",
    "application/trig",
)


@pytest.mark.parametrize("media", TRIPLES)
def test_triples_can_be_read_again(service: Service, media: str) -> None:
    answer = service.ask("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", media)
    assert answer.headers["content-type"].split(";")[0] == media
    form = ox.RdfFormat.from_media_type(media)
    read = {(quad.subject, quad.predicate, quad.object) for quad in ox.parse(answer.content, form)}
    assert read == {(quad.subject, quad.predicate, quad.object) for quad in QUADS[:2]}


@pytest.mark.parametrize(
    ("query", "accept"),
    [("SELECT * {}", "text/turtle"), ("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv"), ("ASK {}", "image/png")],
)
def test_no_form_that_is_accepted(service: Service, query: str, accept: str) -> None:
    answer = service.ask(query, accept)
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"


def test_head_has_the_headers_alone(service: Service) -> None:
    answer = service.client.head("/sparql", params={"query": ALL})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["ketnoi-snapshot"] == "snapshot1"


def test_other_sites_may_read(service: Service) -> None:
    asking = {"origin": "https://elsewhere.example", "access-control-request-method": "POST"}
    answer = service.client.options("/sparql", headers=asking)
    assert answer.status_code == 204
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Content-Type" in answer.headers["access-control-allow-headers"]
    refused = service.ask("SELECT", origin="x")
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (400, "*")
    assert "access-control-allow-credentials" not in refused.headers


def problem(answer: Any) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    content: dict[str, Any] = answer.json()
    assert content["status"] == answer.status_code
    return content


def test_a_fault_is_named_with_its_place(service: Service) -> None:
    told = problem(service.ask("SELECT * {\n  ?s ?p ?o\n} LIMT 5"))
    # the engine names where it gave up, which is a few characters behind the fault
    assert (told["status"], told["line"]) == (400, 3)
    assert f"near line 3, column {told['column']}" in told["detail"]


def test_what_the_guard_refuses(service: Service) -> None:
    told = problem(service.ask("SELECT * { SERVICE <http://127.0.0.1/> {} }"))
    assert (told["status"], told["line"], told["column"]) == (403, 1, 12)
    direct = {"content-type": "application/sparql-query"}
    deep = "SELECT * " + "{" * 5000 + "}" * 5000
    assert problem(service.client.post("/sparql", content=deep, headers=direct))["status"] == 400
    assert problem(service.ask("INSERT DATA { <a:s> <a:p> 1 }"))["status"] == 400
    assert problem(service.ask("LOAD <http://127.0.0.1/>"))["status"] == 403


BAD: list[tuple[str, dict[str, Any], int]] = [
    ("POST", {"data": {"update": "CLEAR ALL"}}, 400),
    ("GET", {"params": {"update": "CLEAR ALL"}}, 400),
    ("POST", {"content": b"CLEAR ALL", "headers": {"content-type": "application/sparql-update"}}, 400),
    ("POST", {"content": b"ASK {}", "headers": {"content-type": "text/plain"}}, 415),
    ("POST", {"content": b"ASK {}"}, 415),
    ("POST", {"content": b"ASK { ?s ?p '\xff' }", "headers": {"content-type": "application/sparql-query"}}, 400),
    ("GET", {"params": "query=ASK%20%7B%7D%FF"}, 400),
    ("GET", {"params": [("query", "ASK {}"), ("query", "ASK {}")]}, 400),
    (
        "POST",
        {"content": b"ASK {}", "params": {"query": "ASK {}"}, "headers": {"content-type": "application/sparql-query"}},
        400,
    ),
    ("GET", {"params": {"query": "ASK {}", "snapshot": "gone"}}, 404),
    ("GET", {"params": {"query": "ASK {}", "default-graph-uri": "no IRI"}}, 400),
    ("PUT", {"content": b"ASK {}"}, 405),
    ("DELETE", {}, 405),
    ("POST", {"content": b"x" * 10_000_000, "headers": {"content-type": "application/sparql-query"}}, 413),
    ("POST", {"data": {"query": "x" * 10_000_000}}, 413),
    ("GET", {"params": {"query": "x" * 20_000}}, 414),
]


@pytest.mark.parametrize(("method", "request_", "status"), BAD)
def test_what_the_protocol_does_not_know(service: Service, method: str, request_: dict[str, Any], status: int) -> None:
    assert problem(service.client.request(method, "/sparql", **request_))["status"] == status


def test_a_snapshot_by_its_id(service: Service) -> None:
    assert service.rows(ALL, snapshot="snapshot1") == service.rows(ALL)


def described(service: Service, address: str) -> dict[str, list[ox.Triple]]:
    answer = service.client.get(address, headers={"accept": "text/turtle"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["ketnoi-snapshot"] == "snapshot1"
    said: dict[str, list[ox.Triple]] = {}
    for quad in ox.parse(answer.content, ox.RdfFormat.TURTLE):
        said.setdefault(quad.predicate.value, []).append(quad.triple)
    return said


def test_the_service_describes_itself(service: Service) -> None:
    sd = "http://www.w3.org/ns/sparql-service-description#"
    said = described(service, "/sparql")
    (endpoint,) = said[f"{sd}endpoint"]
    assert endpoint.object == ox.NamedNode(f"{service.url}/sparql")
    assert [triple.object for triple in said[f"{sd}supportedLanguage"]] == [ox.NamedNode(f"{sd}SPARQL11Query")]
    assert len(said[f"{sd}resultFormat"]) == 10
    assert [triple.object.value for triple in said["http://rdfs.org/ns/void#triples"]] == ["2"]  # type: ignore[union-attr]


def test_void_counts_the_snapshot(service: Service) -> None:
    void = "http://rdfs.org/ns/void#"
    said = described(service, "/.well-known/void")
    assert [triple.object.value for triple in said[f"{void}triples"]] == ["2"]  # type: ignore[union-attr]
    assert [triple.object.value for triple in said[f"{void}entities"]] == ["3"]  # type: ignore[union-attr]
    assert [triple.object for triple in said[f"{void}class"]] == [ox.NamedNode(f"{BASE}ontology#Technology")]
    (endpoint,) = said[f"{void}sparqlEndpoint"]
    assert endpoint.object == ox.NamedNode(f"{service.url}/sparql")


def test_dcat_leads_to_the_service(service: Service) -> None:
    said = described(service, "/.well-known/dcat")
    (served,) = said["http://www.w3.org/ns/dcat#servesDataset"]
    (listed,) = said["http://www.w3.org/ns/dcat#dataset"]
    assert served.object == listed.object
    assert service.client.get("/.well-known/dcat", headers={"accept": "text/csv"}).status_code == 406


def test_browsers_get_a_form_and_a_table(service: Service) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    form = service.client.get("/sparql", headers={"accept": browser})
    assert form.status_code == 200 and '<textarea id="query" name="query"' in form.text
    page = service.ask("SELECT ?x ?y { BIND('<img onerror=1>' AS ?x) BIND(IRI('javascript:alert(1)') AS ?y) }", browser)
    assert "&lt;img onerror=1&gt;" in page.text and "<img" not in page.text
    assert 'href="javascript' not in page.text
    assert "Bộ ba" in service.ask("DESCRIBE <http://example.org/b>", browser).text
    assert "Đúng" in service.ask("ASK {}", browser).text
    broken = service.ask("SELECT", browser)
    assert broken.status_code == 400 and "line 1, column 7" in broken.text
    local = service.ask("SELECT ?x { VALUES ?x { <id/abc> <https://w3id.org/ketnoi//evil.example> } }", browser)
    assert 'href="/id/abc"' in local.text and 'href="//' not in local.text


def test_an_answer_is_cut_and_says_so(tmp_path: Path) -> None:
    many = [ox.Quad(node("s"), node("p"), ox.Literal(number)) for number in range(2_000)]
    with serving(tmp_path, make_store(tmp_path / "rdf", many), Limits(rows=1_000, bytes=500_000, running=1)) as service:
        query = "SELECT ?o { ?s ?p ?o }"
        answer = service.ask(query)
        assert answer.headers["ketnoi-truncated"] == "true"
        assert len(answer.json()["results"]["bindings"]) == 1_000
        assert answer.json()["head"] == {"truncated": True, "vars": ["o"]}
        assert len(service.ask(query, "text/csv").text.splitlines()) == 1_001
        for media, told in (
            ("text/turtle", "# truncated"),
            ("application/n-triples", "# truncated"),
            ("application/rdf+xml", "<!-- truncated -->"),
        ):
            triples = service.ask("CONSTRUCT WHERE { ?s ?p ?o }", media)
            assert triples.headers["ketnoi-truncated"] == "true"
            assert triples.text.endswith((told, told + "\n"))
            assert len(list(ox.parse(triples.content, ox.RdfFormat.from_media_type(media)))) == 1_000
        long = service.ask("SELECT ?s ?p ?o ('" + "x" * 2_000 + "' AS ?x) { ?s ?p ?o }")
        assert long.headers["ketnoi-truncated"] == "true"
        assert 100 < len(json.loads(long.content)["results"]["bindings"]) < 250
        assert len(long.content) <= 500_100
        exact = service.ask("SELECT ?o { ?s ?p ?o } LIMIT 1000")
        assert exact.headers["ketnoi-truncated"] == "false"
        assert (
            problem(
                service.ask(
                    "SELECT (CONCAT('"
                    + "x" * 10_000
                    + "', GROUP_CONCAT(STR(?s))) AS ?x) ('"
                    + "y" * 1_000
                    + "' AS ?y) { ?s ?p ?o, ?q FILTER(?q < 20) }"
                )
            )["status"]
            == 400
        )


def test_processes_that_serve_share_the_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(8)))
    shares = []
    for processes in ("", "1", "3", "8", "20"):
        monkeypatch.setenv("WEB_CONCURRENCY", processes)
        shares.append(usual_limits().running)
    assert shares == [8, 8, 2, 1, 1]


def test_the_limits_are_those_that_are_documented() -> None:
    usual, text = Limits(), (Path(__file__).parents[1] / "docs" / "http.md").read_text(encoding="utf-8")
    for said in (
        f"| {usual.seconds:g} seconds from its receipt",
        f"| {usual.memory // 1_048_576} MiB of memory |",
        f"| {usual.rows:,} rows or triples, {usual.bytes // 1_048_576} MiB |",
        f"| {MAX_DEPTH} brackets or prefix operators",
        f"{usual.waiting} wait;",
    ):
        assert said in text
