"""``/api/transfer``: how long an answer takes beside one Cypher query for the same candidates and counts, on the same snapshot in one run;
and how time and memory of ranking grow with the ecosystem.

Everything asked about is synthetic. Not a timed test: figures are printed, nothing is asserted.
``python -m tests.benchmarks.transfer_latency [ORGANISATIONS [HOME]]``; HOME is one that was written by an earlier run.
"""

import resource
import sys
import time
from collections.abc import Callable, Iterable
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import neo4j
import numpy as np
import psutil

from graph.answer.gathering import Asked, gather
from graph.answer.ranker import Ranker
from graph.answer.score import score
from graph.resolve.snapshots import directory
from graph.statements.home import Home
from graph.views.arrays import Arrays, day_number
from graph.views.engine import Engine
from graph.views.publishing import publish
from tests.benchmarks.synthetic_arrays import write_arrays
from tests.benchmarks.synthetic_ecosystem import Size, node, write_ecosystem
from tests.conftest import free_port, serve

ASKED, BY_CYPHER = 300, 30
GROWTH = (10_000, 30_000, 100_000, 300_000, 1_000_000)
DAY = "2026-06-01"
SAME_BY_CYPHER = """
MATCH (t:Technology {id: $technology})-[:HAS_PATENT_CLASS|HAS_FIELD]->(c)<-[:HAS_PATENT_CLASS|HAS_FIELD]-(u:Technology)
WHERE u <> t
WITH t, u, count(c) AS shared
MATCH (u)<-[:OBJECT]-(d:ServiceEngagement)-[:PROVIDER]->(b)
MATCH (d)-[:CLIENT]->(f)
WITH b, f, count(d) AS near, sum(shared) AS shared
OPTIONAL MATCH (b)<-[:PROVIDER]-(o:ServiceEngagement)-[:CLIENT]->(f)
WITH b, f, near, shared, count(o) AS together
RETURN b.id AS broker, f.id AS firm, near, shared, together ORDER BY near DESC, together DESC LIMIT 5000
"""
"""Who brokered near technologies for whom, how often, and how often these two dealt with each other: what features count of deals."""


def _said(name: str, seconds: list[float]) -> None:
    taken = np.array(seconds) * 1000
    print(
        f"  {name:34} median {np.median(taken):8.1f} ms   p99 {np.quantile(taken, 0.99):8.1f} ms   n {len(taken)}",
        flush=True,
    )


def timed(ask: Callable[[Any], Any], each: Iterable[Any]) -> list[float]:
    """Seconds that each question took."""
    found = []
    for one in each:
        began = time.perf_counter()
        ask(one)
        found.append(time.perf_counter() - began)
    return found


def _prepared(service: psutil.Process) -> None:
    """Wait until a service does nothing any more that nobody asked for."""
    spent = -1.0
    while (now := sum(sum(one.cpu_times()[:2]) for one in (service, *service.children(recursive=True)))) > spent + 0.2:
        spent = now
        time.sleep(5.0)


def service(home: Path, size: Size) -> list[float]:
    """Ask the service by HTTP, once it has prepared what it prepares beforehand; what it took for a technology."""
    random = np.random.default_rng(3)
    port = free_port()
    process = serve(home, port)
    began = time.perf_counter()
    _prepared(psutil.Process(process.pid))
    print(f"  after the start the service prepared answers for {time.perf_counter() - began:.0f} s", flush=True)

    def some(kind: str, first: int, last: int, count: int) -> list[str]:
        return [node(kind, int(number)) for number in random.integers(first, last, count)]

    firms = (size.intermediaries, size.organisations)
    questions = {
        "technology": some("technology", 0, size.technologies, ASKED),
        "need": some("need", 0, size.needs, ASKED // 3),
        "firm": some("organisation", *firms, ASKED // 3),
        "intermediary": some("organisation", 0, size.intermediaries, ASKED // 3),
    }
    found: dict[str, list[float]] = {}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:

        def ask(asked: tuple[str, str]) -> None:
            answer = client.get("/api/transfer", params={asked[0]: asked[1], "as_of": DAY, "limit": 10})
            assert answer.status_code == 200, answer.text

        for part, nodes in questions.items():
            timed(ask, [(part, one) for one in nodes[:10]])
            found[part] = timed(ask, [(part, one) for one in nodes[10:]])
            _said(f"/api/transfer by {part}", found[part])
        memory = psutil.Process(process.pid).memory_info().rss / 1e6
        print(f"  resident memory of the service {memory:.0f} MB", flush=True)
    process.terminate()
    process.wait(timeout=120)
    return found["technology"]


def _asked_of_cypher(size: Size) -> list[str]:
    random = np.random.default_rng(3)
    return [node("technology", int(number)) for number in random.integers(0, size.technologies, BY_CYPHER)]


def cypher(home: Path, size: Size) -> list[float]:
    """Ask Neo4j itself for the candidates of a technology with their counts."""
    engine = Engine(Home(home))
    engine.current()
    endpoint = engine.source.endpoint()
    driver = neo4j.GraphDatabase.driver(
        endpoint.uri, auth=(endpoint.user, endpoint.password), notifications_min_severity="OFF"
    )
    nodes = _asked_of_cypher(size)

    def ask(technology: str) -> None:
        with driver.session(default_access_mode=neo4j.READ_ACCESS) as session:
            list(session.run(SAME_BY_CYPHER, technology=technology))

    timed(ask, nodes[:3])
    found = timed(ask, nodes[3:])
    _said("one Cypher query on Neo4j", found)
    driver.close()
    engine.close()
    return found


def ranked(home: Path, size: Size) -> list[float]:
    """Gather and score the candidates of the same technologies in this process: what the Cypher query is the counterpart of."""
    number = max(int(path.name) for path in Home(home).snapshots.iterdir() if path.name.isdigit())
    ranker = Ranker(Arrays(directory(Home(home), number) / "arrays"))
    numbers = [ranker.arrays.number("technology", asked) for asked in _asked_of_cypher(size)]

    def ask(number: int | None) -> int:
        return len(score(gather(ranker, Asked(technologies=[number or 0]), day_number(DAY))).log_odds)

    timed(ask, numbers[:3])
    found = timed(ask, numbers[3:])
    _said("candidates and features by arrays", found)
    return found


def _grown(queue: Any, organisations: int) -> None:
    size = Size(organisations)
    with TemporaryDirectory() as directory:
        path = Path(directory) / "arrays"
        write_arrays(path, size)
        before = psutil.Process().memory_info().rss
        ranker = Ranker(Arrays(path))
        numbers = np.random.default_rng(5).integers(0, size.technologies, 110)

        def ask(number: int) -> int:
            return len(score(gather(ranker, Asked(technologies=[int(number)]), day_number(DAY))).log_odds)

        timed(ask, numbers[:10])
        after = psutil.Process().memory_info().rss
        taken = timed(ask, numbers[10:])
        queue.put((taken, (after - before) / 1e6, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def growth() -> None:
    """How gathering and scoring grow, without the graph."""
    context = get_context("spawn")
    for organisations in GROWTH:
        queue = context.Queue()
        process = context.Process(target=_grown, args=(queue, organisations))
        process.start()
        taken, memory, peak = queue.get()
        process.join()
        _said(f"ranking, {organisations:,} organisations", taken)
        print(f"    arrays and what is computed of them {memory:.0f} MB, peak {peak:.0f} MB", flush=True)


def main(organisations: int = 100_000, home: Path | None = None) -> None:
    """Measure one size on the whole service, and ranking at several."""
    size = Size(organisations)
    with TemporaryDirectory() as directory:
        path = home or Path(directory) / "home"
        if home is None:
            opened = write_ecosystem(path, size)
            engine = Engine(opened)
            publish(opened, engine)
            engine.close()
        print(
            f"{size.organisations:,} organisations, {size.technologies:,} technologies, {size.deals:,} deals (synthetic)",
            flush=True,
        )
        ours, peer, bare = service(path, size), cypher(path, size), ranked(path, size)
        for name, one in (("the whole answer", ours), ("candidates and features alone", bare)):
            medians, slowest = (np.quantile(peer, part) / np.quantile(one, part) for part in (0.5, 0.99))
            print(
                f"  times that the query takes as long as {name}: medians {medians:.1f}, p99 {slowest:.1f}", flush=True
            )
    growth()


if __name__ == "__main__":
    main(*([int(sys.argv[1])] if sys.argv[1:] else []), *([Path(sys.argv[2])] if sys.argv[2:] else []))
