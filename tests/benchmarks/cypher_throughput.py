"""``/cypher`` beside the official driver straight to the engine: the same Neo4j, queries and number of clients in one run.

Not a timed test: figures are printed, nothing is asserted. ``python -m tests.benchmarks.cypher_throughput [HOME]`` takes a home whose
graph is published; without one the sample is made. One-row look-ups stand apart: there the framework's floor counts, not the engine.
"""

import http.client
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import neo4j
import psutil

from graph.statements.home import Home
from graph.views.engine import Engine
from graph.views.neo4j_connection import Endpoint
from tests.conftest import free_port, ketnoi, serve

CLIENTS = 4
SECONDS = 10.0
ROUNDS = 3
MIX = {
    "classes of technologies": "MATCH (n:Technology) UNWIND labels(n) AS c RETURN c, count(*) AS n ORDER BY n DESC, c",
    "holders by holdings": "MATCH (:RightsHolding)-[:HOLDER]->(o) RETURN o.id AS o, count(*) AS n ORDER BY n DESC, o LIMIT 50",
    "names that contain": "MATCH (o:Organization) WHERE toLower(o.name_vi) CONTAINS $part RETURN o.id, o.name_vi",
    "first by name": "MATCH (o:Organization) RETURN o.id, o.name_vi ORDER BY o.name_vi LIMIT 100",
    "relationships of technologies": "MATCH (:Technology)-[r]->() RETURN type(r) AS p, count(*) AS n",
    "intermediaries": "MATCH (i:Intermediary) RETURN i.id, i.name_vi, labels(i)",
    "who holds what": "MATCH (t:Technology)<-[:OVER]-(h:RightsHolding)-[:HOLDER]->(o) RETURN t.id, o.id, h.validFrom LIMIT 500",
    "three hops": "MATCH (t:Technology)-[:HAS_PATENT_CLASS]->(c)<-[:HAS_PATENT_CLASS]-(u:Technology) RETURN t.id, count(u) AS n ORDER BY n DESC, t.id LIMIT 50",
    "nodes, whole": "MATCH (t:Technology) RETURN t LIMIT 100",
    "broader, all the way": "MATCH (c:Concept)-[:BROADER*1..3]->(b) RETURN c.id, b.id LIMIT 1000",
}
PARAMS = {"part": "nước"}
LOOK_UP = "MATCH (n:Entity {id: $id}) RETURN n.name_vi"

Ask = Callable[[str, dict[str, Any]], int]


class Peer(NamedTuple):
    """One that is measured: how a client opens it, and the processes that answer."""

    name: str
    connect: Callable[..., Ask]
    where: tuple[Any, ...]
    processes: Callable[[], list[psutil.Process]]


class Figures(NamedTuple):
    """Of one run: answers a second; latency in ms at the median, 99 and 99.9 per cent; processor time an answer in ms, clients included."""

    rate: float
    p50: float
    p99: float
    p999: float
    cpu: float


def by_driver(endpoint: Endpoint) -> Ask:
    """The official driver: values are what it makes of them."""
    driver = neo4j.GraphDatabase.driver(
        endpoint.uri, auth=(endpoint.user, endpoint.password), notifications_min_severity="OFF"
    )

    def ask(query: str, params: dict[str, Any]) -> int:
        with driver.session(default_access_mode=neo4j.READ_ACCESS) as session:
            text: Any = query
            return len([record.values() for record in session.run(text, params)])

    return ask


def by_http(port: int, path: str = "/cypher") -> Ask:
    """Our address, with the answer's JSON read as a client would."""
    connection = http.client.HTTPConnection("127.0.0.1", port)

    def ask(query: str, params: dict[str, Any]) -> int:
        if path == "/cypher":
            body = json.dumps({"query": query, "params": params})
            connection.request("POST", path, body, {"content-type": "application/json"})
        else:
            connection.request("GET", path)
        answer = connection.getresponse()
        content = json.loads(answer.read())
        assert answer.status == 200, content
        return len(content.get("rows", ()))

    return ask


def _client(peer: Peer, queries: Sequence[str], params: dict[str, Any], first: int, queue: Any) -> None:
    ask = peer.connect(*peer.where)
    for query in queries:
        ask(query, params)
    taken: list[float] = []
    used = time.process_time()
    end = time.perf_counter() + SECONDS
    while (began := time.perf_counter()) < end:
        ask(queries[(first + len(taken)) % len(queries)], params)
        taken.append(time.perf_counter() - began)
    queue.put((taken, time.process_time() - used))


def _cpu(processes: list[psutil.Process]) -> float:
    return float(sum(sum(one.cpu_times()[:2]) for one in processes))


def measure(peer: Peer, queries: Sequence[str], params: dict[str, Any]) -> Figures:
    """What ``CLIENTS`` clients get, each asking one query after the other."""
    context = get_context("spawn")
    queue = context.Queue()
    before = _cpu(peer.processes())
    clients = [
        context.Process(target=_client, args=(peer._replace(processes=list), list(queries), params, 2 * at, queue))
        for at in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    got = [queue.get() for _ in clients]
    for client in clients:
        client.join()
    taken = sorted(1e3 * one for times, _ in got for one in times)
    at = [taken[min(len(taken) - 1, int(len(taken) * share))] for share in (0.5, 0.99, 0.999)]
    used = _cpu(peer.processes()) - before + sum(cpu for _, cpu in got)
    return Figures(len(taken) / SECONDS, *at, 1e3 * used / len(taken))


def alone(peer: Peer, query: str, params: dict[str, Any]) -> tuple[float, int]:
    """Median time in ms of a query that nobody else disturbs, and its rows."""
    ask = peer.connect(*peer.where)
    taken = []
    for _ in range(21):
        began = time.perf_counter()
        rows = ask(query, params)
        taken.append(1e3 * (time.perf_counter() - began))
    return median(taken), rows


def show(peer: Peer, what: str, figures: Figures) -> None:
    memory = sum(one.memory_info().rss for one in peer.processes()) / 1_048_576
    print(
        f"{peer.name:8} {what:8} {figures.rate:8.1f}/s  p50 {figures.p50:7.2f}  p99 {figures.p99:7.2f}  p99.9 {figures.p999:7.2f} ms"
        f"  processor {figures.cpu:6.2f} ms  memory {memory:5.0f} MB"
    )


def compare(driver: Peer, ours: Peer, known: str) -> None:
    """Print the table."""
    print(
        f"load of the machine {os.getloadavg()[0]:.1f}; {CLIENTS} clients, {SECONDS:g} s a run, {ROUNDS} rounds by turns"
    )
    times = []
    for name, query in MIX.items():
        (theirs, rows), (here, same) = alone(driver, query, PARAMS), alone(ours, query, PARAMS)
        assert rows == same, name
        times.append(theirs)
        print(f"  {name:30} {rows:6} rows  {driver.name} {theirs:7.2f} ms  {ours.name} {here:7.2f} ms")
    print(f"median of the mix by the driver: {median(times):.2f} ms")
    ratios = []
    for _ in range(ROUNDS):
        pair = [measure(peer, list(MIX.values()), PARAMS) for peer in (driver, ours)]
        for peer, figures in zip((driver, ours), pair, strict=True):
            show(peer, "mix", figures)
        ratios.append(pair[1].rate / pair[0].rate)
    print(
        f"throughput of {ours.name} / {driver.name}: {median(ratios):.2f} (median; {', '.join(f'{one:.2f}' for one in ratios)})"
    )
    for peer in (driver, ours, ours._replace(name="floor", where=(*ours.where, "/healthz"))):
        show(peer, "look-up", measure(peer, [LOOK_UP], {"id": known}))


@contextmanager
def started(home: Path) -> Iterator[tuple[int, psutil.Process]]:
    """The service over a home, with no limit of rate."""
    os.environ["KETNOI_RATE_LIMIT"] = "0"
    port = free_port()
    process = serve(home, port)
    try:
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=60)


def run(home: Path) -> None:
    """Compare both over a home's graph."""
    with started(home) as (port, service):
        engine = Engine(Home(home))
        endpoint = engine.source.endpoint()
        _, rows = engine.graph.read("MATCH (n:Technology) RETURN n.id ORDER BY n.id LIMIT 1")
        neo4j_process = next(
            one for one in psutil.process_iter() if one.pid != service.pid and _listens(one, endpoint.uri)
        )
        driver = Peer("driver", by_driver, (endpoint,), lambda: [neo4j_process])
        ours = Peer("ketnoi", by_http, (port,), lambda: [neo4j_process, *_tree(service, neo4j_process)])
        try:
            compare(driver, ours, str(rows[0][0]))
        finally:
            engine.close()


def _listens(process: psutil.Process, uri: str) -> bool:
    """Whether a process is the Neo4j that answers at an address."""
    try:
        ports = {one.laddr.port for one in process.net_connections("tcp") if one.status == psutil.CONN_LISTEN}
    except psutil.Error:
        return False
    return int(uri.rsplit(":", 1)[1]) in ports


def _tree(service: psutil.Process, engine: psutil.Process) -> list[psutil.Process]:
    return [service, *(one for one in service.children(recursive=True) if one.pid != engine.pid)]


def main(arguments: Sequence[str] = ()) -> None:
    """Run the benchmark and print its table."""
    if arguments:
        run(Path(arguments[0]))
        return
    with TemporaryDirectory() as scratch:
        home = Path(scratch)
        ketnoi(home, "sample")
        run(home)


if __name__ == "__main__":
    main(sys.argv[1:])
