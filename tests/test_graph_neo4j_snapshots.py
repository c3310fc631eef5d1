"""A read is of one snapshot, whole, however a publish falls beside it."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import neo4j
import pytest

from graph.views.errors import NotReady
from graph.views.neo4j_connection import PropertyGraph, QueryInvalid, QueryRefused, QueryTimeout
from graph.views.neo4j_errors import GraphUnavailable
from graph.views.neo4j_server import OwnNeo4j
from graph.views.neo4j_snapshots import SNAPSHOT_LABEL, SnapshotReader
from graph.views.property_graph import write_snapshot

pytestmark = pytest.mark.neo4j
ALL = "MATCH (n:Thing) RETURN n.of"
MANY = 2_000
"""Rows of which the engine sends a part at a time, so that a publish can fall between two parts."""
COUNT = "MATCH (n:Thing) RETURN count(n.at) AS count"
Rows = list[list[Any]]


def rows(records: Iterator[neo4j.Record]) -> Rows:
    return [list(record) for record in records]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PropertyGraph]:
    with OwnNeo4j(tmp_path_factory.mktemp("home")) as own, PropertyGraph(own) as opened:
        yield opened


@pytest.fixture
def reader(graph: PropertyGraph) -> Iterator[SnapshotReader]:
    graph.write(lambda tx: tx.run("MATCH (n) DETACH DELETE n").consume() and None)
    opened = SnapshotReader(graph._source.endpoint())
    yield opened
    opened.close()


def publish(graph: PropertyGraph, number: int, things: int, snapshot: str | None = None) -> None:
    """Publish so many things, in one transaction with the snapshot's node."""

    def work(tx: neo4j.Transaction) -> None:
        tx.run("MATCH (n:Thing) DELETE n").consume()
        tx.run(
            "UNWIND range(1, $things) AS at CREATE (:Thing {at: at, of: $number})", things=things, number=number
        ).consume()
        write_snapshot(tx, {"publish": number, "snapshot": snapshot or f"s{number}"})

    graph.write(work)


def test_nothing_is_read_before_a_snapshot_is_named(graph: PropertyGraph, reader: SnapshotReader) -> None:
    with pytest.raises(NotReady):
        reader.read(COUNT, {}, 10, rows)
    publish(graph, 1, 5)
    seen = reader.read(COUNT, {}, 10, rows)
    assert (seen.columns, seen.taken, seen.snapshot) == (["count"], [[5]], "s1")
    graph.write(lambda tx: tx.run(f"MATCH (s:{SNAPSHOT_LABEL}) DELETE s").consume() and None)
    with pytest.raises(NotReady):  # as during a first import
        reader.read(COUNT, {}, 10, rows)


def test_nothing_is_asked_twice_while_nobody_publishes(graph: PropertyGraph, reader: SnapshotReader) -> None:
    publish(graph, 1, 5)
    tries = []

    def take(records: Iterator[neo4j.Record]) -> Rows:
        tries.append(1)
        return rows(records)

    known = {id(reader._known)}
    for _ in range(5):
        assert reader.read(COUNT, {}, 10, take).snapshot == "s1"
        known.add(id(reader._known))
    assert len(tries) == 5
    assert len(known) == 2


def interrupted(tries: list[Rows], work: Callable[[], None]) -> Callable[[Iterator[neo4j.Record]], Rows]:
    """Takes rows, and does something after the first one of each try."""

    def take(records: Iterator[neo4j.Record]) -> Rows:
        first = list(next(records))
        work()
        tries.append([first, *rows(records)])
        return tries[-1]

    return take


@pytest.mark.parametrize("same", [False, True])
def test_a_read_with_a_publish_beside_it_is_done_again(
    graph: PropertyGraph, reader: SnapshotReader, same: bool
) -> None:
    """Also where the second publish has the first one's content, and so its name."""
    publish(graph, 1, MANY)
    tries: list[Rows] = []

    def once() -> None:
        if not tries:
            publish(graph, 2, MANY, "s1" if same else None)

    seen = reader.read(ALL, {}, 30, interrupted(tries, once))
    assert len(tries) == 2
    assert (seen.taken, seen.snapshot) == ([[2]] * MANY, "s1" if same else "s2")


def test_another_commit_beside_it_does_no_harm(graph: PropertyGraph, reader: SnapshotReader) -> None:
    publish(graph, 1, MANY)
    tries: list[Rows] = []

    def other() -> None:
        graph.write(lambda tx: tx.run("CREATE (:Other)").consume() and None)

    seen = reader.read(ALL, {}, 30, interrupted(tries, other))
    assert (tries, seen.snapshot) == ([[[1]] * MANY], "s1")


def test_where_a_publish_comes_with_every_try_it_is_said(graph: PropertyGraph, reader: SnapshotReader) -> None:
    publish(graph, 1, MANY)
    tries: list[Rows] = []
    with pytest.raises(GraphUnavailable, match="so much is being published"):
        reader.read(ALL, {}, 30, interrupted(tries, lambda: publish(graph, len(tries) + 2, MANY)))
    assert len(tries) == 5


def test_large_publishes_are_seen_whole_or_not_at_all(graph: PropertyGraph) -> None:
    """Publish n has n × 20,000 things; readers beside it never see another number with a snapshot's name."""
    publish(graph, 1, 20_000)
    done = threading.Event()
    seen: list[tuple[str, int]] = []

    def read() -> None:
        reader = SnapshotReader(graph._source.endpoint())
        while not done.is_set():
            answer = reader.read(COUNT, {}, 30, rows)
            seen.append((answer.snapshot, answer.taken[0][0]))
        reader.close()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for one in readers:
        one.start()
    for number in (2, 3, 1, 2):
        publish(graph, number + len(seen), number * 20_000, f"s{number}")
    done.set()
    for one in readers:
        one.join()
    assert set(seen) <= {(f"s{number}", number * 20_000) for number in (1, 2, 3)}
    assert len({snapshot for snapshot, _ in seen}) > 1


def test_errors_are_ours(graph: PropertyGraph, reader: SnapshotReader) -> None:
    publish(graph, 1, 5)
    with pytest.raises(QueryInvalid):
        reader.read("RETURN", {}, 10, rows)
    with pytest.raises(QueryInvalid):
        reader.read("RETURN $x", {"x": 2**70}, 10, rows)
    with pytest.raises(QueryRefused):
        reader.read("CREATE (n)", {}, 10, rows)
    with pytest.raises(QueryTimeout):
        reader.read("UNWIND range(1, 2000000000) AS x RETURN sum(x)", {}, 1, rows)
    assert reader.read(COUNT, {}, 10, rows).taken == [[5]]


def test_a_lost_connection_is_opened_again(graph: PropertyGraph, reader: SnapshotReader) -> None:
    publish(graph, 1, 5)
    assert reader.read(COUNT, {}, 10, rows).taken == [[5]]
    mine = "SHOW TRANSACTIONS YIELD connectionId RETURN connectionId"
    _, ((connection,),) = graph.read(mine)
    found = reader.read("CALL dbms.listConnections() YIELD connectionId AS id RETURN id", {}, 10, rows).taken
    for (other,) in found:
        if other != connection:
            graph.read("CALL dbms.killConnection($id)", {"id": other})
    assert reader.read(COUNT, {}, 10, rows).taken == [[5]]
