"""The W3C's SPARQL 1.1 suites against ``/sparql``: no case fails that the engine alone passes, and what is refused is refused on purpose."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from api.workers.pool import Limits
from graph.views.rdf import Dataset
from tests.sparql_service import Service, make_store, serving
from tests.w3c_suite import SITE, Case, cases, content, quads

EVALUATED = {
    "aggregates": 27,
    "bind": 10,
    "bindings": 10,
    "construct": 6,
    "csv-tsv-res": 6,
    "entailment": 66,
    "exists": 5,
    "functions": 61,
    "grouping": 6,
    "json-res": 4,
    "negation": 11,
    "project-expression": 7,
    "property-path": 24,
    "subquery": 14,
    "syntax-query": 86,
}
"""Part of the suite → its cases."""
REFUSED = {"service": 7, "syntax-fed": 3}
"""Parts that ask for ``SERVICE``, which is not allowed here."""
FORMS = {
    "srx": "application/sparql-results+xml",
    "srj": "application/sparql-results+json",
    "tsv": "text/tab-separated-values",
    "csv": "text/csv",
    "ttl": "text/turtle",
}
NUMBERS = {f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("integer", "decimal", "double", "float")}
_VAR = "http://example.org/variable/"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("w3c")
    with serving(home, make_store(home / "rdf", []), Limits(running=1)) as running:
        yield running


@pytest.fixture
def load(service: Service, tmp_path: Path) -> Callable[[Case], None]:
    """The adapter: serve the data of a case, as a snapshot of its own."""
    stores: dict[tuple[tuple[str, ...], tuple[str, ...]], Dataset] = {}

    def loaded(case: Case) -> None:
        key = case.data, case.named
        if key not in stores:
            name = f"{tmp_path.name}-{len(stores)}"
            stores[key] = Dataset(name, make_store(tmp_path / name, quads(case)))
        service.views.served = stores[key]
        # the served snapshot is looked up now and then only; by its id at once
        service.client.params = httpx.QueryParams(snapshot=stores[key].snapshot)

    return loaded


def text(case: Case) -> str:
    """A case's query, with the base that its file has."""
    assert case.query is not None
    return f"BASE <{SITE}{case.query}>\n" + content(case.query).decode()


def number(text: str) -> str:
    """A number as one text for all ways to write it; any other text as it is."""
    try:
        return format(Decimal(text).normalize(), "f")
    except InvalidOperation:
        return text


def plain(term: object) -> object:
    """A term, a number by its value: the suite's numbers are not all written canonically."""
    if isinstance(term, ox.Literal) and term.datatype.value in NUMBERS:
        return ox.Literal(number(term.value), datatype=term.datatype)
    return term


def graph_of(results: object) -> ox.Dataset | bool:
    """Results so that equal ones are equal whatever their blank nodes are called: each row a node with its values."""
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    dataset = ox.Dataset()
    if isinstance(results, ox.QuerySolutions):
        names = [variable.value for variable in results.variables]
        for row in results:
            node = ox.BlankNode()
            dataset.add(ox.Quad(node, ox.NamedNode(f"{_VAR}row"), ox.Literal(True)))
            for name in names:
                if row[name] is not None:
                    dataset.add(ox.Quad(node, ox.NamedNode(_VAR + name), plain(row[name])))
    else:
        for triple in results:  # type: ignore[attr-defined]
            dataset.add(ox.Quad(triple.subject, triple.predicate, triple.object))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def read(form: str, answer: bytes) -> object:
    """An answer in a form, to be compared."""
    if form == "csv":
        rows = csv.DictReader(answer.decode().splitlines())
        return Counter(
            frozenset((name, "_:" if value.startswith("_:") else number(value)) for name, value in row.items())
            for row in rows
        )
    if form == "ttl":
        return graph_of(quad.triple for quad in ox.parse(answer, ox.RdfFormat.TURTLE))
    return graph_of(ox.parse_query_results(answer, ox.QueryResultsFormat.from_extension(form)))


def raw(case: Case, form: str) -> bytes:
    """What the engine alone answers."""
    store = ox.Store()
    store.extend(quads(case))
    results = store.query(text(case))
    if isinstance(results, ox.QueryTriples):
        return results.serialize(format=ox.RdfFormat.TURTLE) or b""
    return results.serialize(format=ox.QueryResultsFormat.from_extension(form)) or b""


def ours(service: Service, case: Case, form: str) -> httpx.Response:
    headers = {"content-type": "application/sparql-query", "accept": FORMS[form]}
    return service.client.post("/sparql", content=text(case).encode(), headers=headers)


def evaluates(service: Service, case: Case) -> tuple[bool, bool]:
    """Whether the engine alone, and ``/sparql``, give what the suite expects."""
    assert case.result is not None
    form = case.result.rsplit(".", 1)[-1]
    expected = read(form, content(case.result))
    try:
        alone = read(form, raw(case, form)) == expected
    except (SyntaxError, ValueError, OSError):
        alone = False
    answer = ours(service, case, form)
    return alone, answer.status_code == 200 and read(form, answer.content) == expected


def parses(service: Service, case: Case) -> tuple[bool, bool]:
    """The same of a case that only asks whether a query can be read."""
    good = case.kind.startswith("Positive")
    try:
        ox.Store().query(text(case))
    except SyntaxError:
        alone = not good
    except (RuntimeError, OSError):  # it was read; what it asks for is not there
        alone = good
    else:
        alone = good
    headers = {"content-type": "application/sparql-query", "accept": "*/*"}
    answer = service.client.post("/sparql", content=text(case).encode(), headers=headers)
    assert answer.status_code in (200, 400)
    understood = answer.status_code == 200 or "can't be answered" in answer.json()["detail"]
    return alone, understood == good


@pytest.mark.parametrize("folder", EVALUATED)
def test_no_case_fails_that_the_engine_passes(folder: str, service: Service, load: Callable[[Case], None]) -> None:
    run, fallen, passed = 0, [], 0
    for case in sorted(cases(folder), key=lambda case: (case.data, case.named)):
        load(case)
        alone, here = evaluates(service, case) if case.result else parses(service, case)
        run += 1
        passed += here
        if alone and not here:
            fallen.append(case.name)
    assert fallen == []
    assert run == EVALUATED[folder]
    assert passed >= run * (0.3 if folder == "entailment" else 0.8), f"{passed} of {run}"


@pytest.mark.parametrize("folder", REFUSED)
def test_what_asks_other_services_is_refused(folder: str, service: Service, load: Callable[[Case], None]) -> None:
    run = 0
    for case in cases(folder):
        load(case)
        headers = {"content-type": "application/sparql-query"}
        assert service.client.post("/sparql", content=text(case).encode(), headers=headers).status_code == 403, (
            case.name
        )
        run += 1
    assert run == REFUSED[folder]


GRAPH = "http://kasei.us/2009/09/sparql/data/data"
TYPED = f"ASK {{ <{GRAPH}1.rdf> a ?type . <{GRAPH}2.rdf> a ?type }}"
NAMED = f"ASK {{ GRAPH ?g1 {{ <{GRAPH}1.rdf> a ?type }} GRAPH ?g2 {{ <{GRAPH}2.rdf> a ?type }} }}"
FULL = (
    f"ASK {{ <{GRAPH}3.rdf> a ?type . GRAPH ?g1 {{ <{GRAPH}1.rdf> a ?type }} GRAPH ?g2 {{ <{GRAPH}2.rdf> a ?type }} }}"
)
NOT_CHOSEN = f"ASK FROM <{GRAPH}1.rdf> {{ <{GRAPH}1.rdf> ?p ?o }}"
DEFAULT = [("default-graph-uri", f"{GRAPH}{number}.rdf") for number in (1, 2)]
BY_NAME = [("named-graph-uri", f"{GRAPH}{number}.rdf") for number in (1, 2)]
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
ROWS = {"application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"}
TRIPLES = {"application/rdf+xml", "text/turtle", "application/n-triples"}
Pairs = list[tuple[str, str]]


def get(parameters: Pairs) -> httpx.Request:
    return httpx.Request("GET", "http://x/sparql", params=parameters)


def form(pairs: Pairs, parameters: Pairs | None = None) -> httpx.Request:
    body = str(httpx.QueryParams(pairs))
    return httpx.Request("POST", "http://x/sparql", params=parameters, content=body, headers={"content-type": FORM})


def direct(body: str | bytes, parameters: Pairs | None = None, kind: str | None = QUERY) -> httpx.Request:
    headers = {} if kind is None else {"content-type": kind}
    return httpx.Request("POST", "http://x/sparql", params=parameters, content=body, headers=headers)


ANSWERED: dict[str, tuple[httpx.Request, object]] = {
    "query_post_form": (form([("query", "ASK {}")]), True),
    "query_get": (get([("query", "ASK {}")]), True),
    "query_post_direct": (direct("ASK {}"), True),
    "query_dataset_default_graphs_get": (get([("query", TYPED), *DEFAULT]), True),
    "query_dataset_default_graphs_post": (direct(TYPED, DEFAULT), True),
    "query_dataset_named_graphs_post": (direct(NAMED, BY_NAME), True),
    "query_dataset_named_graphs_get": (get([("query", NAMED), *BY_NAME]), True),
    "query_dataset_full": (direct(FULL, [("default-graph-uri", f"{GRAPH}3.rdf"), *BY_NAME]), True),
    "query_multiple_dataset": (direct(NOT_CHOSEN, [("default-graph-uri", f"{GRAPH}2.rdf")]), False),
    "query_content_type_select": (get([("query", "SELECT (1 AS ?value) {}")]), ROWS),
    "query_content_type_ask": (get([("query", "ASK {}")]), ROWS),
    "query_content_type_describe": (get([("query", "DESCRIBE <http://example.org/>")]), TRIPLES),
    "query_content_type_construct": (get([("query", "CONSTRUCT { <s> <p> 1 } WHERE {}")]), TRIPLES),
}
"""Case of the protocol suite → its request, and what is expected: the truth of an ASK, or one of the media types."""
CLEAR = [("update", "CLEAR NAMED")]
SAID_NO: dict[str, httpx.Request] = {
    "bad_query_method": httpx.Request("PUT", "http://x/sparql", params=[("query", "ASK {}")]),
    "bad_multiple_queries": get([("query", "ASK {}"), ("query", "SELECT * {}")]),
    "bad_query_wrong_media_type": direct("ASK {}", kind="text/plain"),
    "bad_query_missing_form_type": direct("query=ASK%20%7B%7D", kind=None),
    "bad_query_missing_direct_type": direct("ASK {}", kind=None),
    "bad_query_non_utf8": direct("ASK {}".encode("utf-16"), kind=f"{QUERY}; charset=UTF-16"),
    "bad_query_syntax": get([("query", "ASK {")]),
    "bad_update_get": get(CLEAR),
    "bad_multiple_updates": form([*CLEAR, *CLEAR]),
    "bad_update_wrong_media_type": direct("CLEAR NAMED", kind="text/plain"),
    "bad_update_missing_form_type": direct("update=CLEAR%20NAMED", kind=None),
    "bad_update_non_utf8": direct("CLEAR NAMED".encode("utf-16"), kind=f"{UPDATE}; charset=UTF-16"),
    "bad_update_syntax": form([("update", "CLEAR XYZ")]),
    "bad_update_dataset_conflict": form([("using-named-graph-uri", "http://example/people"), *CLEAR]),
    # nothing can be changed here, so these are refused on purpose
    "update_dataset_default_graph": direct("CLEAR NAMED", kind=UPDATE),
    "update_dataset_default_graphs": direct("CLEAR NAMED", DEFAULT, kind=UPDATE),
    "update_dataset_named_graphs": direct("CLEAR NAMED", BY_NAME, kind=UPDATE),
    "update_dataset_full": direct("CLEAR NAMED", [*DEFAULT, *BY_NAME], kind=UPDATE),
    "update_post_form": form(CLEAR),
    "update_post_direct": direct("CLEAR NAMED", kind=UPDATE),
    "update_base_uri": form([("update", "CLEAR GRAPH <http://example.org/protocol-base-test/>")]),
}


def test_the_protocol_suite_is_run_whole() -> None:
    assert {case.name for case in cases("protocol")} == ANSWERED.keys() | SAID_NO.keys()
    assert len(ANSWERED) + len(SAID_NO) == 34


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The protocol suite's data: four documents, each in its graph."""
    home = tmp_path_factory.mktemp("documents")
    a, document = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), ox.NamedNode("http://example.org/D")
    names = [ox.NamedNode(f"{GRAPH}{number}.rdf") for number in range(4)]
    store = make_store(home / "rdf", [ox.Quad(name, a, document, name) for name in names])
    with serving(home, store, Limits(running=1)) as running:
        yield running


def _sent(service: Service, request: httpx.Request) -> httpx.Response:
    request = httpx.Request(
        request.method,
        request.url.copy_with(scheme="http", host="127.0.0.1", port=int(service.url.rsplit(":", 1)[1])),
        content=request.content,
        headers={name: value for name, value in request.headers.items() if name == "content-type"},
    )
    return service.client.send(request)


@pytest.mark.parametrize("name", ANSWERED)
def test_protocol_cases_that_are_answered(name: str, documents: Service) -> None:
    request, expected = ANSWERED[name]
    answer = _sent(documents, request)
    assert answer.status_code == 200, answer.text
    if isinstance(expected, bool):
        assert answer.json()["boolean"] is expected
    else:
        assert answer.headers["content-type"].split(";")[0] in expected  # type: ignore[operator]


@pytest.mark.parametrize("name", SAID_NO)
def test_protocol_cases_that_are_refused(name: str, documents: Service) -> None:
    assert 400 <= _sent(documents, SAID_NO[name]).status_code < 500
