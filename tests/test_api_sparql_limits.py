"""Queries that would never end: stopped in time, with their memory, while everything else is answered; and nothing gets out."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from statistics import median, quantiles

import httpx
import psutil
import pyoxigraph as ox
import pytest

from api.workers.pool import Limits
from tests.sparql_service import Service, make_store, serving
from tests.under_load import under_load

EX = "http://example.org/"
SIZE = 100_000
MEMORY = 256 * 1_048_576
SHORT = Limits(seconds=2.0, memory=MEMORY, running=2, waiting=3)
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
"""Ten thousand million rows to count, one after the other: of more factors the engine keeps so much that memory would end it first."""
DIRECT = {"content-type": "application/sparql-query"}


def quads() -> Iterator[ox.Quad]:
    for number in range(SIZE):
        yield ox.Quad(ox.NamedNode(f"{EX}{number}"), ox.NamedNode(f"{EX}p"), ox.NamedNode(f"{EX}{number * 7 % SIZE}"))


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("big") / "rdf", quads())


@pytest.fixture(scope="module")
def service(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("home"), dataset, SHORT) as running:
        running.rows("SELECT * {} LIMIT 1")
        until(lambda: len(running.workers()) == SHORT.running + 1)
        yield running


def until(reached: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for something that must come."""
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.02)


def post(service: Service, query: str) -> httpx.Response:
    return service.client.post("/sparql", content=query.encode(), headers=DIRECT)


def begun(url: str, query: str) -> socket.socket:
    """A connection on which a query was sent and nothing is read."""
    connection = socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    head = "POST /sparql HTTP/1.1\r\nhost: x\r\naccept: text/csv\r\ncontent-type: application/sparql-query\r\n"
    connection.sendall(f"{head}content-length: {len(query)}\r\n\r\n{query}".encode())
    return connection


def busy(pids: set[int], seconds: float = 0.5) -> float:
    """Share of a processor that processes take."""

    def used() -> float:
        total = 0.0
        for pid in pids:
            with suppress(psutil.NoSuchProcess):
                total += sum(psutil.Process(pid).cpu_times()[:2])
        return total

    before = used()
    time.sleep(seconds)
    return (used() - before) / seconds


DOUBLED = " ".join(f"BIND(CONCAT(?x{at}, ?x{at}) AS ?x{at + 1})" for at in range(40))
HEAVY = {
    "sorted": "SELECT DISTINCT * { ?s ?p ?o . ?o ?q ?r . ?r ?t ?u . ?x ?y ?z } ORDER BY ?u",
    "product": ENDLESS,
    "path": f"SELECT (COUNT(*) AS ?n) {{ ?s (<{EX}p>|^<{EX}p>)* ?o }}",
    "product in order": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?a",
    "doubled": f"SELECT (STRLEN(?x40) AS ?n) {{ BIND(STR(RAND()) AS ?x0) {DOUBLED} }}",
    "planned": "SELECT * { " + "?s ?p ?o . " * 2_000 + "}",
    "alternatives": "SELECT * { ?s ?p ?o FILTER(" + "||".join(["?o = 1"] * 20_000) + ") }",
}


@pytest.mark.parametrize("name", HEAVY)
def test_what_would_never_end_is_stopped(service: Service, name: str) -> None:
    began = time.monotonic()
    with under_load(service.url, service.workers) as seen:
        answer = post(service, HEAVY[name])
        taken = time.monotonic() - began
    assert answer.status_code == 503, answer.text
    assert "stopped" in answer.json()["detail"]
    assert int(answer.headers["retry-after"]) > 0
    assert taken < SHORT.seconds + 2
    assert seen.peak < MEMORY + 256 * 1_048_576
    assert seen.was_answered(SHORT.seconds)
    until(lambda: busy(service.workers()) < 0.1, 2.0)
    assert service.rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == [{"n": str(SIZE)}]


@pytest.mark.parametrize("name", ["product in order", "doubled"])
def test_memory_is_what_the_answer_says(name: str, dataset: Path, tmp_path: Path) -> None:
    with serving(tmp_path, dataset, Limits(seconds=30.0, memory=64 * 1_048_576, running=1)) as service:
        answer = post(service, HEAVY[name])
        assert answer.status_code == 503
        assert answer.json()["detail"] == "The query was stopped: it needs more than 64 MiB of memory."
        assert service.rows("SELECT * {} LIMIT 1") == [{}]


def test_a_stopped_query_costs_the_next_one_nothing(service: Service) -> None:
    until(lambda: len(service.workers()) == SHORT.running + 1)
    before = service.workers()
    assert post(service, ENDLESS).status_code == 503
    began = time.monotonic()
    service.rows("SELECT * {} LIMIT 1")
    assert time.monotonic() - began < 1
    until(lambda: len(service.workers()) == SHORT.running + 1)
    assert len(service.workers() & before) == SHORT.running


def test_a_client_that_left_stops_its_query(service: Service) -> None:
    until(lambda: busy(service.workers()) < 0.1)
    before = service.workers()
    with pytest.raises(httpx.ReadTimeout):
        service.client.post("/sparql", content=ENDLESS, headers=DIRECT, timeout=0.5)
    until(lambda: len(service.workers() & before) == SHORT.running, 1.0)
    assert busy(service.workers()) < 0.3


def test_a_client_that_does_not_read_holds_nothing(service: Service) -> None:
    until(lambda: len(service.workers()) == SHORT.running + 1)
    before = service.workers()
    wide = "SELECT ?s ?p ?o ('" + "x" * 500 + "' AS ?x) { ?s ?p ?o }"
    with begun(service.url, wide):
        until(lambda: len(service.workers() & before) == SHORT.running, SHORT.seconds + 2)
    assert service.rows("SELECT * {} LIMIT 1") == [{}]


def test_too_many_wait(service: Service) -> None:
    with ThreadPoolExecutor(12) as clients:
        answers = list(clients.map(lambda _: post(service, ENDLESS), range(12)))
    assert {answer.status_code for answer in answers} == {503}
    told = [answer.json()["detail"] for answer in answers]
    refused = sum("are waiting already" in one for one in told)
    assert refused >= 12 - SHORT.running - 2 * SHORT.waiting
    # who waits has the deadline of who runs, and may just get the turn that is free then
    begun = sum("no answer within 2 seconds" in one for one in told)
    assert begun >= SHORT.running
    assert begun + sum("did not get its turn" in one for one in told) == 12 - refused
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers)


def test_many_long_queries_do_not_hold_up_the_rest(service: Service) -> None:
    def times(client: httpx.Client, count: int) -> float:
        taken = []
        for _ in range(count):
            began = time.perf_counter()
            assert client.get("/healthz").status_code == 200
            taken.append(time.perf_counter() - began)
        return max(quantiles(taken, n=20))

    with httpx.Client(base_url=service.url) as client, ThreadPoolExecutor(50) as clients:
        times(client, 50)
        slow = [clients.submit(post, service, ENDLESS) for _ in range(50)]
        time.sleep(0.3)
        assert times(client, 100) < 0.5
        assert {one.result().status_code for one in slow} == {503}


@pytest.mark.long
@pytest.mark.neo4j
def test_search_is_as_quick_as_ever_while_queries_run(sample_url: str) -> None:
    def slowest(client: httpx.Client) -> float:
        """The 99th percentile of 200 searches, in seconds."""
        taken = []
        for _ in range(200):
            began = time.perf_counter()
            client.get("/api/search", params={"q": "mang loc nuoc"}).raise_for_status()
            taken.append(time.perf_counter() - began)
            time.sleep(0.011)  # as often as one client may
        return quantiles(taken, n=100)[-1]

    def held_up(client: httpx.Client) -> float:
        """The same while 50 queries that never end run or wait; their clients leave afterwards."""
        with ExitStack() as opened:
            for _ in range(50):
                opened.enter_context(begun(sample_url, ENDLESS))
            time.sleep(1)
            return slowest(client)

    with httpx.Client(base_url=sample_url, timeout=60) as client:
        slowest(client)
        # by turns, because the machine may have other work and be late by itself
        idle, busy = zip(*((slowest(client), held_up(client)) for _ in range(3)), strict=True)
    assert min(busy) < 2 * median(idle) + 0.02, (idle, busy)


def test_an_answer_that_takes_longer_than_it_may_is_broken_off(dataset: Path, tmp_path: Path) -> None:
    limits = Limits(seconds=6.0, rows=10**9, bytes=10**10, running=1)
    with serving(tmp_path, dataset, limits) as service:
        query = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
        with (
            pytest.raises(httpx.RemoteProtocolError),
            service.client.stream("POST", "/sparql", content=query, headers=DIRECT) as answer,
        ):
            assert answer.headers["ketnoi-truncated"] == "at-end"
            for _ in answer.iter_bytes():
                pass
        assert service.rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == [{"n": str(SIZE)}]


def test_a_snapshot_is_followed_and_its_queries_end_on_it(tmp_path: Path) -> None:
    def store(number: int) -> Path:
        quad = ox.Quad(ox.NamedNode(f"{EX}s"), ox.NamedNode(f"{EX}p"), ox.Literal(number))
        return make_store(tmp_path / f"rdf{number}", [quad, *quads()] if number == 1 else [quad])

    first, second = store(1), store(2)
    query = f"SELECT ?o {{ <{EX}s> <{EX}p> ?o }}"
    with serving(tmp_path, first, Limits(seconds=20, rows=10**9, bytes=10**10, running=1)) as service:
        assert service.rows(query) == [{"o": "1"}]
        whole = "SELECT * { ?s ?p ?o }"
        with service.client.stream("POST", "/sparql", content=whole, headers=DIRECT) as answer:
            parts = answer.iter_bytes()
            read = next(parts)
            service.views.served = type(service.views.served)("snapshot2", second)
            for path in first.iterdir():
                path.unlink()
            time.sleep(0.5)
            read += b"".join(parts)
        assert read.count(b'"s":{') == SIZE + 1
        assert answer.headers["ketnoi-snapshot"] == "snapshot1"
        later = service.ask(query)
        assert later.headers["ketnoi-snapshot"] == "snapshot2"
        assert later.json()["results"]["bindings"][0]["o"]["value"] == "2"
        assert service.ask(query, snapshot="snapshot1").status_code == 404


def test_a_worker_that_somebody_killed_is_replaced(service: Service) -> None:
    until(lambda: len(service.workers()) == SHORT.running + 1)
    for pid in service.workers():
        psutil.Process(pid).kill()
    time.sleep(0.1)
    assert service.rows("SELECT * {} LIMIT 1") == [{}]


@pytest.fixture
def canary() -> Iterator[tuple[int, list[bytes]]]:
    """A listener that nobody should find: its port, and what reached it."""
    reached: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                with suppress(TimeoutError), listener.accept()[0] as connection:
                    connection.settimeout(1)
                    reached.append(connection.recv(1000))

        thread = threading.Thread(target=listen)
        thread.start()
        yield listener.getsockname()[1], reached
        done.set()
        thread.join()


OUTWARD = [
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
    "PREFIX : <{0}> SELECT * {{ ?s ?p trueSERVICE:x {{ ?s ?p ?o }} }}",
    "PREFIX : <{0}> SELECT * {{ FILTER(1<2)SERVICE:x {{ ?s ?p ?o }} }}",
    "SELECT * {{ FILTER(1<'b>c')SERVICE<{0}>{{ ?s ?p ?o }}#'\n}}",
    "SELECT * {{ FILTER(1<#>'''\n2)SERVICE<{0}>{{ ?s ?p ?o }}#'''\n}}",
    "LOAD <{0}>",
    "LOAD SILENT <{0}> INTO GRAPH <{0}>",
    "SELECT * FROM <{0}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{0}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "CONSTRUCT FROM <{0}> WHERE {{ ?s ?p ?o }}",
    "DESCRIBE <{0}>",
    "SELECT * {{ GRAPH <{0}> {{ ?s ?p ?o }} }}",
]


@pytest.mark.parametrize("query", OUTWARD)
def test_nothing_gets_out(service: Service, canary: tuple[int, list[bytes]], query: str) -> None:
    port, reached = canary
    address = f"http://127.0.0.1:{port}/data"
    answer = post(service, query.format(address))
    assert answer.status_code in (200, 400, 403), answer.text
    if "SERVICE" in query or query.startswith("LOAD"):
        assert answer.status_code in (400, 403)
    elif not query.startswith(("CONSTRUCT", "DESCRIBE")):
        assert answer.json()["results"]["bindings"] == []
    by_request = service.ask("SELECT * { ?s ?p ?o }", **{"default-graph-uri": address})
    assert by_request.json()["results"]["bindings"] == []
    time.sleep(0.2)
    assert reached == []


def test_a_worker_can_open_no_connection(
    service: Service, canary: tuple[int, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, reached = canary
    monkeypatch.setattr("api.sparql.guard.check", lambda query: None)
    query = f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
    assert post(service, query).status_code in (400, 503)
    silent = post(service, query.replace("SERVICE", "SERVICE SILENT"))
    assert silent.status_code in (200, 503)
    time.sleep(0.2)
    assert reached == []


def test_a_parser_that_dies_takes_nobody_along(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.sparql.guard.check", lambda query: None)
    assert post(service, "SELECT * " + "{" * 500_000 + "}" * 500_000).status_code in (400, 503)
    monkeypatch.undo()
    assert service.rows("SELECT * {} LIMIT 1") == [{}]


def test_a_dataset_of_many_files_is_read_whole(tmp_path: Path) -> None:
    """The engine opens few of its files at once and the others when a query needs them: a worker has to let it."""
    parts, size = 12, 40
    for part in range(parts):
        store = ox.Store(str(tmp_path / "rdf"))
        store.bulk_extend(
            ox.Quad(
                ox.NamedNode(f"{EX}{part}/{at}"),
                ox.NamedNode(f"{EX}p"),
                ox.Literal(str(at)),
                ox.NamedNode(f"{EX}g{part}"),
            )
            for at in range(size)
        )
        store.flush()
        del store
    assert len(list((tmp_path / "rdf").glob("*.sst"))) > 40
    home = tmp_path / "home"
    home.mkdir()
    with serving(home, tmp_path / "rdf") as running:
        for _ in range(8):  # by every worker
            (row,) = running.rows("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
            assert row == {"n": str(parts * size)}
            for part in range(parts):
                assert len(running.rows(f"SELECT ?s {{ GRAPH <{EX}g{part}> {{ ?s ?p ?o }} }}")) == size
