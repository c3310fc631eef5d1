"""The Neo4j that Ketnoi runs itself, on a real one: shared, adopted, started anew, switched; and its walls."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import psutil
import pytest

from graph.views import neo4j_connection, neo4j_process, neo4j_stores
from graph.views.neo4j_connection import (
    CommitUnknown,
    Endpoint,
    FixedServer,
    GraphError,
    GraphUnavailable,
    NoRoom,
    PropertyGraph,
    QueryInvalid,
    QueryRefused,
    QueryStopped,
    QueryTimeout,
    QueryTooLarge,
)
from graph.views.neo4j_server import OwnNeo4j

pytestmark = pytest.mark.neo4j

# A process that uses the home and then waits for a line on its standard input before it leaves.
USER = """
import sys
from pathlib import Path
from graph.views.neo4j_server import OwnNeo4j
with OwnNeo4j(Path(sys.argv[1])) as own:
    print(own.endpoint().uri, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home for all tests here: a start takes seconds. It must not hold a Neo4j that the tests did not start."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def own(home: Path) -> Iterator[OwnNeo4j]:
    with OwnNeo4j(home) as neo4j:
        yield neo4j


@pytest.fixture(scope="module")
def graph(own: OwnNeo4j) -> Iterator[PropertyGraph]:
    with PropertyGraph(own) as graph:
        yield graph


def user(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=60)
    assert process.returncode == 0


def servers(home: Path) -> list[psutil.Process]:
    stores = home / "neo4j" / "stores"
    return [process for store in stores.iterdir() for process in neo4j_process.find(store)]


def test_processes_share_one_that_outlives_a_killed_starter_and_goes_with_the_last(tmp_path: Path) -> None:
    first, second = user(tmp_path), user(tmp_path)
    uris = {said(first), said(second)}
    assert len(uris) == 1
    [server] = servers(tmp_path)
    for process in (first, second):
        process.kill()
        process.communicate()
    assert neo4j_process.is_alive(server), "an orphan, since nobody could stop it"
    third, fourth = user(tmp_path), user(tmp_path)
    assert {said(third), said(fourth)} == uris, "adopted"
    leave(third)
    assert neo4j_process.is_alive(server), "the fourth still uses it"
    leave(fourth)
    assert servers(tmp_path) == []


def test_its_secret_is_private_and_it_listens_on_loopback_only(own: OwnNeo4j, home: Path) -> None:
    endpoint = own.endpoint()
    for name in ("server.json", f"stores/{own.current_store()}/secret"):
        assert stat.S_IMODE((home / "neo4j" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "neo4j").stat().st_mode) == 0o700
    [server] = servers(home)
    listening = [c.laddr for c in server.net_connections("tcp") if c.status == psutil.CONN_LISTEN]
    assert [address.ip for address in listening] == ["127.0.0.1"]
    assert endpoint.uri.endswith(f":{listening[0].port}")
    assert not any(endpoint.password in word for word in server.cmdline())
    assert endpoint.password not in repr(endpoint)
    assert os.getpgid(server.pid) != os.getpgid(0), "a Ctrl-C for us is none for it"
    assert "JAVA_TOOL_OPTIONS" not in server.environ()


def test_a_wrong_password_is_unavailability(own: OwnNeo4j) -> None:
    endpoint = own.endpoint()
    wrong = FixedServer(Endpoint(endpoint.uri, endpoint.user, "wrong"))
    with PropertyGraph(wrong) as graph, pytest.raises(GraphUnavailable):
        graph.read("RETURN 1")


def test_values_come_as_plain_python(graph: PropertyGraph) -> None:
    graph.write(lambda tx: tx.run("CREATE (:V {day: date('2024-02-29')})-[:E {n: [1, 2]}]->(:W)").consume())
    columns, [(node, edge, path)] = graph.read("MATCH p = (v:V)-[e]->(:W) RETURN v, e, p")
    assert columns == ["v", "e", "p"]
    assert (node["labels"], node["properties"]) == (["V"], {"day": datetime.date(2024, 2, 29)})
    assert (edge["type"], edge["properties"], edge["start"]) == ("E", {"n": [1, 2]}, node["id"])
    assert [step.get("labels") for step in path] == [["V"], None, ["W"]]
    assert edge["end"] == path[2]["id"]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("CREATE (n) RETURN n", QueryRefused),
        ("MATCH (n) SET n.x = 1", QueryRefused),
        ("MATCH (n) DETACH DELETE n", QueryRefused),
        ("CREATE INDEX FOR (n:V) ON (n.day)", QueryRefused),
        ("CREATE USER x SET PASSWORD 'abcdefgh'", QueryRefused),
        ("LOAD CSV FROM 'file:///etc/hostname' AS line RETURN line", QueryRefused),
        ("LOAD CSV FROM 'http://127.0.0.1:9/' AS line RETURN line", QueryRefused),
        ("UNWIND range(1, 200000000) AS i RETURN collect(i)", QueryTooLarge),
        ("MATCH what", QueryInvalid),
        ("RETURN $missing", QueryInvalid),
    ],
)
def test_what_a_reader_may_not(graph: PropertyGraph, query: str, error: type[GraphError]) -> None:
    before = graph.read("MATCH (n) RETURN count(n)")
    with pytest.raises(error):
        graph.read(query)
    assert graph.read("MATCH (n) RETURN count(n)") == before


def test_a_query_ends_at_its_deadline_or_when_its_reader_has_enough_or_has_left(graph: PropertyGraph) -> None:
    endless = "UNWIND range(1, 2000000000) AS i RETURN count(i % 7)"
    started = time.monotonic()
    with pytest.raises(QueryTimeout):
        graph.read(endless, timeout=1)
    assert time.monotonic() - started < 10

    _, rows = graph.read("UNWIND range(1, 2000000000) AS i RETURN i", take=lambda rows: list(islice(rows, 3)))
    assert rows == [(1,), (2,), (3,)]

    stopper = threading.Timer(1, graph.stop, ["reader 7"])
    stopper.start()
    with pytest.raises(QueryStopped):
        graph.read(endless, timeout=60, token="reader 7")
    stopper.join()


def test_a_transaction_is_whole_or_not_at_all(graph: PropertyGraph) -> None:
    def fail(tx: object) -> None:
        tx.run("CREATE (:Half)").consume()  # type: ignore[attr-defined]
        raise LookupError

    with pytest.raises(LookupError):
        graph.write(fail)
    assert graph.read("MATCH (n:Half) RETURN count(n)") == (["count(n)"], [(0,)])


def test_a_killed_server_is_started_anew_and_its_data_is_there(own: OwnNeo4j, graph: PropertyGraph, home: Path) -> None:
    graph.write(lambda tx: tx.run("CREATE (:Kept)").consume())
    [server] = servers(home)
    server.kill()
    while neo4j_process.is_alive(server):
        time.sleep(0.01)
    assert not own.alive()
    assert not graph.available()
    answers: list[object] = []
    threads = [threading.Thread(target=lambda: answers.append(graph.read("MATCH (n:Kept) RETURN count(n)")[1]))]
    threads += [threading.Thread(target=lambda: answers.append(own.endpoint())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(1,)] in answers
    assert own.alive()
    assert graph.available()
    assert len(servers(home)) == 1, "threads that ask at once start one"


def test_a_connection_lost_in_a_commit_is_told(
    own: OwnNeo4j, graph: PropertyGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(self: object) -> None:
        raise neo4j_connection.neo4j.exceptions.ServiceUnavailable("gone")

    monkeypatch.setattr(neo4j_connection.neo4j.Transaction, "commit", lose)
    with pytest.raises(CommitUnknown):
        graph.write(lambda tx: tx.run("CREATE (:Lost)").consume())


def test_a_full_disk_is_told_before_the_database_gives_up(
    graph: PropertyGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1))
    with pytest.raises(NoRoom):
        graph.write(lambda tx: tx.run("CREATE (:Late)").consume())
    assert graph.read("MATCH (n:Late) RETURN count(n)")[1] == [(0,)]


def test_a_database_that_gave_up_is_started_anew_once(own: OwnNeo4j, home: Path) -> None:
    endpoint = own.endpoint()
    [before] = servers(home)
    own.mend(endpoint)
    [after] = servers(home)
    own.mend(endpoint)
    assert before != after
    assert servers(home) == [after], "that it was started anew has been seen"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Files for an import, in a directory whose name would be syntax on the importer's command line."""
    folder = tmp_path / "a=b, c"
    folder.mkdir()
    (folder / "nodes-org.csv").write_text(
        "id:ID,:LABEL,name_vi,aka:string[],since:date,money:long\n"
        'u1,University\x1fOrganization,"Đại học ""Bách khoa"",\nhai dòng",một\x1fhai;ba,1957-05-01,9007199254740993\n',
        "utf-8",
    )
    (folder / "nodes-firm.csv").write_text("id:ID,:LABEL\nf1,Firm\n", "utf-8")
    (folder / "rels-all.csv").write_text(":START_ID,:END_ID,:TYPE,sources:string[]\nf1,u1,KNOWS,r1\x1fr2\n", "utf-8")
    return folder


def test_an_import_is_served_when_it_is_switched_to(
    own: OwnNeo4j, graph: PropertyGraph, home: Path, files: Path
) -> None:
    graph.write(lambda tx: tx.run("CREATE (:Old)").consume())
    old = own.current_store()
    store = own.import_store(files)
    with pytest.raises(neo4j_process.Neo4jError, match="start_beside"):
        own.switch(store)
    with PropertyGraph(FixedServer(own.start_beside(store))) as beside:
        beside.write(lambda tx: tx.run("CREATE (:Snapshot {id: 's2'})").consume())
    with OwnNeo4j(home) as another:
        assert another.sweep() == [], "a living process makes the store"
    assert own.current_store() == old
    assert graph.read("MATCH (n:Old) RETURN count(n)")[1] == [(1,)]

    assert own.switch(store, grace=0.1) == own.endpoint()
    assert own.current_store() == store
    assert [path.name for path in (home / "neo4j" / "stores").iterdir()] == [store]
    assert len(servers(home)) == 1
    _, rows = graph.read("MATCH (f:Firm)-[k:KNOWS]->(u) MATCH (s:Snapshot) RETURN u, k.sources, s.id")
    [(node, sources, snapshot)] = rows
    assert (sources, snapshot) == (["r1", "r2"], "s2")
    assert node["labels"] == ["Organization", "University"]
    assert node["properties"] == {
        "id": "u1",
        "name_vi": 'Đại học "Bách khoa",\nhai dòng',
        "aka": ["một", "hai;ba"],
        "since": datetime.date(1957, 5, 1),
        "money": 9007199254740993,
    }


@pytest.mark.parametrize(
    ("file", "line", "told"),
    [("rels-all.csv", "f1,nobody,KNOWS,r1\n", "nobody"), ("nodes-firm.csv", "f1,Firm\n", "f1")],
)
def test_a_failed_import_says_why_and_leaves_nothing(
    own: OwnNeo4j, home: Path, files: Path, file: str, line: str, told: str
) -> None:
    before = own.current_store()
    with (files / file).open("a", encoding="utf-8") as wrong:
        wrong.write(line)
    with pytest.raises(neo4j_process.Neo4jError, match=told):
        own.import_store(files)
    assert own.current_store() == before
    assert {path.name for path in (home / "neo4j" / "stores").iterdir()} == {before}


def test_what_a_dead_maker_left_is_swept(own: OwnNeo4j, home: Path) -> None:
    own.endpoint()
    stores = home / "neo4j" / "stores"
    store = neo4j_stores.make(stores, "abandoned")
    # A stand-in for the import that runs on after its maker was killed: what counts is the store in its command line.
    # It says a word once it runs: the system shows a command line a moment after the process began, not with it.
    program = [sys.executable, "-c", "import time; print(1, flush=True); time.sleep(600)", f"-Dketnoi.store={store}"]
    with subprocess.Popen(program, stdout=subprocess.PIPE) as left:
        assert left.stdout is not None and left.stdout.readline() == b"1\n"
        assert own.sweep() == ["abandoned"]
        assert left.wait(10) == -signal.SIGTERM
    assert not store.exists()


def test_a_server_that_cannot_start_shows_its_log(tmp_path: Path) -> None:
    settings = neo4j_process.Neo4jSettings(more={"no.such.setting": "1"})
    with OwnNeo4j(tmp_path, settings) as own, pytest.raises(neo4j_process.Neo4jError, match=r"no\.such\.setting"):
        own.endpoint()
    assert servers(tmp_path) == []


def unreachable() -> Iterator[tuple[str, Callable[[PropertyGraph], object]]]:
    yield "read", lambda graph: graph.read("RETURN 1")
    yield "write", lambda graph: graph.write(lambda tx: None)


@pytest.mark.parametrize("action", [pytest.param(action, id=name) for name, action in unreachable()])
def test_a_named_server_that_is_down_is_told(action: Callable[[PropertyGraph], object]) -> None:
    with PropertyGraph(FixedServer(Endpoint("bolt://127.0.0.1:9", "neo4j", "x"))) as graph:
        assert not graph.available()
        with pytest.raises(GraphUnavailable):
            action(graph)


def test_options_of_java_come_after_our_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETNOI_NEO4J_JAVA_OPTIONS", "-Xmx700m  -XX:TieredStopAtLevel=1")
    with OwnNeo4j(tmp_path) as own:
        own.endpoint()
        said = psutil.Process(json.loads((tmp_path / "neo4j" / "server.json").read_text("utf-8"))["pid"]).cmdline()
    assert said.index("-Xmx700m") > said.index("-Xmx1g")
    assert "-XX:TieredStopAtLevel=1" in said
