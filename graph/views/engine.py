"""The property graph's server as a publish sees it: one that Ketnoi runs itself, or one that is named."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import neo4j

from graph.statements.home import Home
from graph.views.neo4j_connection import (
    CommitUnknown,
    Endpoint,
    EndpointSource,
    FixedServer,
    GraphError,
    GraphUnavailable,
    PropertyGraph,
)
from graph.views.neo4j_jars import JarsError
from graph.views.neo4j_process import Neo4jError
from graph.views.neo4j_server import OwnNeo4j
from graph.views.neo4j_snapshots import SNAPSHOT_LABEL
from graph.views.property_graph import write_snapshot
from graph.views.remote_import import import_over_bolt
from graph.views.switching import Switch
from ontology.model import ontology

_WRITE_TIMEOUT = 600.0


@contextmanager
def _as_unavailable() -> Iterator[None]:
    try:
        yield
    except (Neo4jError, JarsError) as error:
        raise GraphUnavailable(f"nothing was published, and what was published before is served: {error}") from error


class Engine:
    """The property graph and its switch.

    :param endpoint: a named server, or ``None`` for one of the home's own
    """

    def __init__(self, home: Home, endpoint: Endpoint | None = None) -> None:
        self._switch = Switch(home)
        self._own = OwnNeo4j(home.path) if endpoint is None else None
        self.source: EndpointSource = FixedServer(endpoint) if endpoint else self._own  # type: ignore[assignment]
        self.graph = PropertyGraph(self.source)

    def current(self) -> int | None:
        """The number of the publish that is served, or ``None`` where nothing was published.

        :raises graph.views.neo4j_connection.GraphUnavailable: where no server answers
        """
        if self._own and self._own.current_store() is None:
            return None
        node = self.snapshot_node()
        return None if node is None else int(node["publish"])

    def snapshot_node(self) -> dict[str, Any] | None:
        """What the snapshot node says."""
        _, rows = self.graph.read(f"MATCH (s:{SNAPSHOT_LABEL} {{key: 'current'}}) RETURN properties(s)", timeout=30)
        return dict(rows[0][0]) if rows else None

    def prepare(self, files: Path) -> str | None:
        """Import files into a second store, where the server is our own; its name."""
        with _as_unavailable():
            return self._own.import_store(files) if self._own else None

    def switch(self, store: str | None, files: Path, snapshot: dict[str, Any]) -> None:
        """Serve an imported store; on a named server import over Bolt, then name the snapshot."""
        if self._own is None or store is None:
            with self._switch.changing():
                import_over_bolt(self.graph, files, snapshot)
            return
        with _as_unavailable():
            endpoint = self._own.start_beside(store)
            with PropertyGraph(FixedServer(endpoint)) as beside:
                make_constraints(beside)
                beside.write(lambda tx: write_snapshot(tx, snapshot))
            with self._switch.changing():
                self._own.switch(store)

    def commit(self, work: Callable[[neo4j.Transaction], None], number: int) -> None:
        """Apply a difference in one transaction. A commit whose answer was lost is looked up before it is tried again."""

        def change(tx: neo4j.Transaction) -> None:
            work(tx)
            self._switch.begin()  # only the commit is seen from outside

        try:
            try:
                self.graph.write(change, timeout=_WRITE_TIMEOUT)
            except CommitUnknown:
                if self.current() != number:
                    self.graph.write(change, timeout=_WRITE_TIMEOUT)
        finally:
            self._switch.end()

    def recover(self) -> None:
        """Take away the mark of a publish that was killed in its switch; whoever calls this holds the lock for publishing."""
        self._switch.end()

    def ready(self) -> tuple[bool, str]:
        """Whether a server answers and a snapshot is published, and what is missing."""
        if not self.graph.available():
            return False, "Neo4j does not answer"
        try:
            return (True, "") if self.snapshot_node() else (False, "nothing is published yet")
        except GraphError as error:
            return False, str(error)

    def close(self) -> None:
        """Leave; the last user of an own server stops it."""
        self.graph.close()
        if self._own:
            self._own.release()


def make_constraints(graph: PropertyGraph) -> None:
    """Make the constraints that the ontology asks for, and wait until their indexes answer."""
    for constraint in ontology().constraints:
        graph.write(lambda tx, text=constraint: tx.run(text).consume() and None)  # type: ignore[misc]
    graph.write(lambda tx: tx.run("CALL db.awaitIndexes(300)").consume() and None)
