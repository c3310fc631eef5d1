"""``/sparql`` beside ``oxigraph serve-read-only``: the same data, queries and client in one run; one-row look-ups apart, beside the framework's floor.

Not a timed test: figures are printed, nothing is asserted. ``python -m tests.benchmarks.sparql_throughput [DATASET]`` takes an Oxigraph
store that nobody writes to; without one the sample is made.
"""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, cast

import psutil

from tests.conftest import free_port, ketnoi

CLIENTS = 4
SECONDS = 10.0
ROUNDS = 3
_DATASET = "KETNOI_BENCH_DATASET"
_PREFIX = "PREFIX kn: <https://w3id.org/ketnoi/ontology#> "
MIX = {
    "classes of technologies": "SELECT ?c (COUNT(DISTINCT ?x) AS ?n) { ?x a kn:Technology ; a ?c } GROUP BY ?c ORDER BY DESC(?n)",
    "holders by holdings": "SELECT ?o (COUNT(*) AS ?n) { ?r a kn:RightsHolding ; kn:holder ?o } GROUP BY ?o ORDER BY DESC(?n) ?o LIMIT 50",
    "names that contain": 'SELECT ?x ?name { ?x a kn:Organization ; kn:name ?name FILTER(CONTAINS(LCASE(STR(?name)), "nước")) }',
    "first by name": "SELECT ?x ?name { ?x a kn:Organization ; kn:name ?name } ORDER BY ?name LIMIT 100",
    "properties of technologies": "SELECT ?p (COUNT(*) AS ?n) { ?x a kn:Technology ; ?p ?o } GROUP BY ?p",
    "a graph of intermediaries": "CONSTRUCT { ?x kn:name ?n ; a kn:Intermediary } { ?x a kn:Intermediary ; kn:name ?n }",
    "what records named": "SELECT ?g ?o { GRAPH ?g { ?x kn:name ?o } } LIMIT 500",
    "a thousand facts": "SELECT ?s ?p ?o { ?s a kn:Technology ; ?p ?o } LIMIT 1000",
    "broader, all the way": "SELECT ?c ?b { ?c kn:broader+ ?b } LIMIT 1000",
}
LOOK_UP = "SELECT ?name { ?x kn:name ?name } LIMIT 1"
_HEADERS = {"content-type": "application/sparql-query", "accept": "application/sparql-results+json, text/turtle;q=0.9"}


class Server(NamedTuple):
    """One that is measured."""

    name: str
    process: psutil.Process
    port: int
    path: str

    def tree(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    def memory(self) -> float:
        """Resident memory of all its processes, in MB."""
        return float(sum(one.memory_info().rss for one in self.tree())) / 1_048_576

    def cpu(self) -> float:
        """Seconds of processor time that its processes took."""
        return float(sum(sum(one.cpu_times()[:2]) for one in self.tree()))


class Figures(NamedTuple):
    """Of one run: answers a second; latency in ms at the median, 99 and 99.9 per cent; processor time an answer in ms."""

    rate: float
    p50: float
    p99: float
    p999: float
    cpu: float


def application() -> Any:
    """The application over a dataset, with a route that returns a constant: the framework's floor."""
    from api.app import create_app
    from api.reading import ViewsSource
    from api.settings import Settings
    from tests.sparql_service import Datasets

    dataset = Path(os.environ[_DATASET])
    app = create_app(Settings(home=dataset.parent / "home", rate_limit=0), cast(ViewsSource, Datasets(dataset)))

    @app.get("/floor")
    def floor() -> dict[str, int]:
        return {"constant": 1}

    return app


@contextmanager
def started(name: str, path: str, command: Sequence[str], environment: dict[str, str]) -> Iterator[Server]:
    """A server on a port of its own; ``{port}`` in the command stands for it."""
    port = free_port()
    words = [word.replace("{port}", str(port)) for word in command]
    process = subprocess.Popen(
        words, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.1)
        yield Server(name, psutil.Process(process.pid), port, path)
    finally:
        process.terminate()
        process.wait(timeout=60)


def ask(connection: http.client.HTTPConnection, path: str, query: str | None) -> bytes:
    """One request; without a query a plain GET."""
    if query is None:
        connection.request("GET", path)
    else:
        connection.request("POST", path, (_PREFIX + query).encode(), _HEADERS)
    answer = connection.getresponse()
    content = answer.read()
    assert answer.status == 200, content
    return content


def _client(port: int, path: str, queries: Sequence[str | None], first: int, queue: Any) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    taken: list[float] = []
    end = time.perf_counter() + SECONDS
    while (began := time.perf_counter()) < end:
        ask(connection, path, queries[(first + len(taken)) % len(queries)])
        taken.append(time.perf_counter() - began)
    queue.put(taken)


def measure(server: Server, queries: Sequence[str | None], path: str | None = None) -> Figures:
    """What ``CLIENTS`` clients get, each asking one query after the other."""
    context = get_context("spawn")
    queue = context.Queue()
    before = server.cpu()
    clients = [
        context.Process(target=_client, args=(server.port, path or server.path, list(queries), 2 * at, queue))
        for at in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    taken = sorted(1e3 * one for client in clients for one in queue.get())
    for client in clients:
        client.join()
    at = [taken[min(len(taken) - 1, int(len(taken) * share))] for share in (0.5, 0.99, 0.999)]
    return Figures(len(taken) / SECONDS, *at, 1e3 * (server.cpu() - before) / len(taken))


def alone(server: Server, query: str) -> tuple[float, int]:
    """Median time in ms of a query that nobody else disturbs, and the length of its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    taken = []
    for _ in range(21):
        began = time.perf_counter()
        length = len(ask(connection, server.path, query))
        taken.append(1e3 * (time.perf_counter() - began))
    return median(taken), length


def show(server: Server, what: str, figures: Figures) -> None:
    print(
        f"{server.name:10} {what:10} {figures.rate:9.1f}/s  p50 {figures.p50:7.2f}  p99 {figures.p99:7.2f}  p99.9 {figures.p999:7.2f} ms"
        f"  processor {figures.cpu:6.2f} ms  memory {server.memory():5.0f} MB"
    )


def compare(engine: Server, ours: Server) -> None:
    """Print the table."""
    print(
        f"load of the machine {os.getloadavg()[0]:.1f}; {CLIENTS} clients, {SECONDS:g} s a run, {ROUNDS} rounds by turns"
    )
    times = []
    for name, query in MIX.items():
        (theirs, length), (here, _) = alone(engine, query), alone(ours, query)
        times.append(theirs)
        print(f"  {name:28} {length:8} bytes  {engine.name} {theirs:7.2f} ms  {ours.name} {here:7.2f} ms")
    print(f"median of the mix on the engine: {median(times):.2f} ms")
    ratios, work = [], []
    for _ in range(ROUNDS):
        pair = [measure(server, list(MIX.values())) for server in (engine, ours)]
        for server, figures in zip((engine, ours), pair, strict=True):
            show(server, "mix", figures)
        ratios.append(pair[1].rate / pair[0].rate)
        work.append(pair[0].cpu / pair[1].cpu)
    print(
        f"throughput of {ours.name} / {engine.name}: {median(ratios):.2f} (median; {', '.join(f'{one:.2f}' for one in ratios)})"
    )
    print(f"processor time of {engine.name} / {ours.name}: {median(work):.2f}")
    for server in (engine, ours):
        show(server, "look-up", measure(server, [LOOK_UP]))
    show(ours, "floor", measure(ours, [None], "/floor"))


def run(dataset: Path) -> None:
    """Compare both over a dataset."""
    here = Path(sys.executable).parent
    theirs = [str(here / "oxigraph"), "serve-read-only", "--location", str(dataset), "--bind", "127.0.0.1:{port}"]
    ours = [str(here / "uvicorn"), "--factory", f"{__spec__.name if __spec__ else __name__}:application"]
    ours += ["--port", "{port}", "--log-level", "warning", "--no-access-log"]
    with (
        started("oxigraph", "/query", theirs, {}) as engine,
        started("ketnoi", "/sparql", ours, {_DATASET: str(dataset)}) as service,
    ):
        compare(engine, service)


def main(arguments: Sequence[str] = ()) -> None:
    """Run the benchmark and print its table."""
    with TemporaryDirectory() as scratch:
        if arguments:
            dataset = Path(scratch) / "rdf"
            dataset.symlink_to(Path(arguments[0]).resolve())
        else:
            home = Path(scratch) / "sample"
            home.mkdir()
            ketnoi(home, "sample")
            dataset = max(home.glob("snapshots/[0-9]*/rdf"))
        run(dataset)


if __name__ == "__main__":
    main(sys.argv[1:])
