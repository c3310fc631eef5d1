"""Queries that would never end: stopped in time with their memory, while everything else is answered; and nothing is written."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from api.cypher.serving import MEMORY
from api.workers.pool import Limits
from tests.cypher_service import CypherService, serving, until
from tests.cypher_texts import FORBIDDEN
from tests.under_load import under_load

pytestmark = pytest.mark.neo4j
SHORT = Limits(seconds=2.0, running=1, waiting=3)
ENDLESS = "UNWIND range(1, 2000000000) AS x RETURN sum(x)"


@pytest.fixture(scope="module")
def service(sample_home: Path) -> Iterator[CypherService]:
    with serving(sample_home, SHORT) as running:
        # the engine has just been started, and the first queries of all are slow
        until(lambda: running.ask("MATCH (n:Technology) RETURN count(n)").status_code == 200, 60)
        yield running


HEAVY = {
    "a long list": ENDLESS,
    "a long answer that is counted": "UNWIND range(1, 2000000000) AS x WITH x WHERE x < 0 RETURN x",
    "long paths": "MATCH (n:Concept)-[*1..30]-(m) RETURN count(m)",
    "a product": "MATCH (a:Entity), (b:Entity), (c:Entity), (d:Entity) WHERE a.id + b.id + c.id = d.id RETURN count(*)",
    "a product in order": "MATCH (a:Entity), (b:Entity), (c:Entity), (d:Entity) RETURN a.id ORDER BY b.id + c.id + d.id",
    "a list collected": "UNWIND range(1, 200000000) AS x RETURN collect(x)",
    "lists of lists": "UNWIND range(1, 10000) AS x WITH collect(x) AS l UNWIND l AS a UNWIND l AS b RETURN collect([a, b, l])",
    "a text doubled": "RETURN size(reduce(s = 'xxxxxxxx', i IN range(1, 60) | s + s))",
    "subqueries": "MATCH (a:Entity) CALL (a) { MATCH (b:Entity) CALL (b) { MATCH (c:Entity) RETURN max(c.id) AS m } RETURN max(m) AS n } RETURN max(n)",
    "one row of a billion": "RETURN range(1, 1000000000) AS x",
}  # fmt: skip


@pytest.mark.parametrize("name", HEAVY)
def test_what_would_never_end_is_stopped(service: CypherService, name: str) -> None:
    began = time.monotonic()
    with under_load(service.url, lambda: service.app.state.cypher.pool.pids) as seen:
        answer = service.ask(HEAVY[name])
        taken = time.monotonic() - began
        until(lambda: service.busy(0.3) < 0.2, 2.0 + 0.6)
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("The query was stopped: it"), answer.text
    assert int(answer.headers["retry-after"]) > 0
    assert taken < SHORT.seconds + 4
    assert seen.peak < MEMORY + 128 * 1_048_576
    assert seen.was_answered(SHORT.seconds)
    assert service.rows("MATCH (n:Technology) RETURN count(n) > 0") == [[True]]


@pytest.mark.parametrize("core", ["(1)", "[1]", "{a:1}", "NOT 1", "abs(1)", "CASE WHEN 1 THEN 1 END"])
def test_what_is_nested_deep_is_refused_at_once(service: CypherService, core: str) -> None:
    before, after = core.split("1", 1)
    began = time.monotonic()
    answer = service.ask("RETURN " + before * 5_000 + "1" + after * 5_000)
    assert (answer.status_code, time.monotonic() - began < 1) == (400 if len(core) < 8 else 413, True)
    # nothing of it goes on running; the engine may still be tidying up after the test before
    until(lambda: service.busy(0.3) < 0.2, SHORT.seconds)


def test_a_long_query_is_413(service: CypherService) -> None:
    for length in (60_000, 10_000_000):
        answer = service.ask("RETURN '" + "x" * length + "'")
        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


def test_what_would_write_is_403_and_changes_nothing(service: CypherService) -> None:
    def content() -> list[list[object]]:
        return service.rows(
            "MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n), count(r), sum(size(keys(n))), sum(size(labels(n)))"
        )

    before = content()
    for query in FORBIDDEN:
        answer = service.ask(query)
        assert (query, answer.status_code) == (query, 403)
        assert {"line", "column", "detail"} <= set(answer.json())
    assert content() == before


def test_a_client_that_leaves_ends_its_query(service: CypherService) -> None:
    with socket.create_connection(service.url.removeprefix("http://").split(":")) as client:  # type: ignore[arg-type]
        body = f'{{"query": "{ENDLESS}"}}'.encode()
        head = (
            f"POST /cypher HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        client.sendall(head.encode() + body)
        until(lambda: service.busy(0.2) > 0.3, 1.8)
    began = time.monotonic()
    until(lambda: service.busy(0.2) < 0.2, 2.0)
    assert time.monotonic() - began < SHORT.seconds


def test_more_than_may_wait_are_told_to_come_again(service: CypherService) -> None:
    running, waiting = service.app.state.cypher.pool.limits.running, SHORT.waiting
    with ThreadPoolExecutor(running + waiting + 6) as clients:
        asked = [clients.submit(service.ask, ENDLESS) for _ in range(running + waiting + 6)]
        answers = [one.result() for one in asked]
    told = [answer.json()["detail"] for answer in answers]
    assert {answer.status_code for answer in answers} == {503}
    assert all(answer.headers["retry-after"] for answer in answers)
    assert sum("are waiting already" in one for one in told) == 6
    # whoever waits may get the place of one that was stopped in the very moment before the waiting ends, and is stopped as well
    stopped, unheard = (sum(words in one for one in told) for words in ("stopped", "its turn"))
    assert stopped >= running
    assert stopped + unheard == running + waiting
    until(lambda: service.busy(0.3) < 0.2, 3.0)


def test_a_killed_worker_is_replaced(service: CypherService) -> None:
    workers = [psutil.Process(pid) for pid in service.app.state.cypher.pool.pids]
    for worker in workers:
        worker.kill()
    psutil.wait_procs(workers, timeout=5)
    assert service.rows("RETURN 1") == [[1]]
