"""``make bench``: the real load in time and memory, beside the raw engines on the same content in the same run.

Not a timed test: figures are printed, nothing is asserted. Each step runs in a process of its own, so that its peak memory is its own;
Neo4j's Java processes are not counted.
"""

import json
import resource
import statistics
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from tests.conftest import REAL, free_port, ketnoi, ketnoi_json, serve

FILES = (
    ("ministry", "ministry/nq03-tasks.csv", None),
    ("ministry", "fields/research-fields-2008.json", None),
    ("university", "universities/university.sql", "bench/universities"),
    ("university", "universities/hipo-vietnam.json", None),
    ("university", "vnu-units/units.json", "bench/vnu"),
    ("enterprise", "enterprises/stockData.csv", None),
    ("enterprise", "enterprises/gleif-vietnam.csv", None),
    ("ror", "ror/vietnam_records.json", None),
    ("patents", "patents/triads-to-2019.parquet", None),
)


def timed(work: Callable[..., Any], *arguments: Any) -> tuple[float, float]:
    """Seconds and peak memory (MB) of a function in a fresh process."""
    context = get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=_measure, args=(queue, work, arguments))
    process.start()
    seconds, memory = queue.get()
    process.join()
    return seconds, memory


def _measure(queue: Any, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    began = time.perf_counter()
    work(*arguments)
    queue.put((time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def load_all(home: Path) -> None:
    """Load every real file."""
    from api.commands.loading import load_file
    from graph.statements.home import Home

    for kind, path, source in FILES:
        load_file(Home(home), kind, REAL / path, source)


def link_all(home: Path) -> None:
    from graph.links.linking import link
    from graph.statements.home import Home

    link(Home(home))


def publish_all(home: Path) -> None:
    from graph.statements.home import Home
    from graph.views.engine import Engine
    from graph.views.publishing import publish

    opened = Home(home)
    engine = Engine(opened)
    publish(opened, engine)
    engine.close()


def raw_oxigraph(quads: Path, store: Path) -> None:
    """The peer: the engine's own bulk loading of the same quads."""
    import pyoxigraph as ox

    opened = ox.Store(str(store))
    opened.bulk_load(path=str(quads), format=ox.RdfFormat.N_QUADS)
    opened.flush()


def import_files(home: Path, directory: Path) -> None:
    """The files of the published content, for the peer below."""
    import duckdb

    from graph.resolve.snapshots import attach_table, published, read_snapshot
    from graph.statements.home import Home
    from graph.views.property_graph import write_import_files

    opened = Home(home)
    snapshot = read_snapshot(opened, published(opened)[-1])
    assert snapshot is not None
    with duckdb.connect() as con:
        attach_table(con, opened, snapshot, "resolved")
        write_import_files(con, directory)


def raw_neo4j(home: Path, directory: Path) -> None:
    """The peer: the engine's own offline import of the same nodes and edges."""
    from graph.views.neo4j_server import OwnNeo4j

    with OwnNeo4j(home) as own:
        own.discard(own.import_store(directory))


_TRIES = 7


def corrections(home: Path, name: str) -> list[float]:
    """Seconds from sending a correction by the form's address until the page shows it, one a try."""
    token = str(ketnoi_json(home, "token", "curator", "bench")["token"])
    port = free_port()
    process = serve(home, port)
    seconds = []
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
            found = client.get("/api/search", params={"q": name, "limit": 1, "class": "Organization"}).json()
            node = found["hits"][0]["id"]
            for turn in range(_TRIES):
                value = f"{name} ({turn})"
                began = time.perf_counter()
                body = {"entity": node, "property": "name", "value": value, "language": "vi"}
                headers = {"authorization": f"Bearer {token}"}
                client.post("/api/judgements", json=body, headers=headers).raise_for_status()
                while value not in client.get(f"/id/{node}.json").text:
                    time.sleep(0.02)
                seconds.append(time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(timeout=60)
    return seconds


def main() -> None:
    """Run the benchmark and print its table."""
    if not REAL.is_dir():
        print("The real records are not beside the project; there is nothing to measure.")
        return
    with TemporaryDirectory() as scratch:
        home, work = Path(scratch) / "real", Path(scratch) / "work"
        home.mkdir()
        work.mkdir()
        figures = {
            name: timed(step, home) for name, step in (("load", load_all), ("link", link_all), ("publish", publish_all))
        }
        loads = json.loads(ketnoi(home, "loads", "--json").stdout)["loads"]
        own = [load for load in loads if load["kind"] not in ("links", "scheme")]
        records, accepted, refused = (sum(load[key] for load in own) for key in ("records", "accepted", "refused"))
        linked = sum(load["accepted"] for load in loads if load["kind"] == "links")
        print(f"records {records} = accepted {accepted} + refused {refused}; mentions linked {linked}")
        quads = work / "all.nq"
        ketnoi(home, "export", "nquads", "--out", str(quads))
        figures["raw pyoxigraph bulk load"] = timed(raw_oxigraph, quads, work / "raw")
        (work / "csv").mkdir()
        import_files(home, work / "csv")
        figures["raw offline import"] = timed(raw_neo4j, work / "peer", work / "csv")
        for name, (seconds, memory) in figures.items():
            print(f"{name:28} {seconds:8.1f} s {memory:8.0f} MB")
        own_seconds = sum(figures[name][0] for name in ("load", "link", "publish"))
        raw_seconds = sum(seconds for name, (seconds, _) in figures.items() if name.startswith("raw"))
        for name, seconds in (("publish", figures["publish"][0]), ("load, link and publish", own_seconds)):
            print(
                f"{name}: {raw_seconds / seconds:.2f} of the speed of the raw engines ({seconds:.1f} s, {raw_seconds:.1f} s)"
            )
        print(f"peak memory: {max(memory for _, memory in list(figures.values())[:3]):.0f} MB, Neo4j aside")
        sample = Path(scratch) / "sample"
        sample.mkdir()
        ketnoi(sample, "sample")
        for name, opened, body in (
            ("real load", home, "VIETNAM AIRLINES"),
            ("sample", sample, "Sàn giao dịch công nghệ"),
        ):
            seconds = sorted(corrections(opened, body))
            print(
                f"a correction by a form on the {name}: median {statistics.median(seconds):.2f} s, worst {seconds[-1]:.2f} s "
                f"until the page shows it ({len(seconds)} tries)"
            )
