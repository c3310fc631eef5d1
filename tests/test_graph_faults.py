"""Killed at random moments, and out of room: what was acknowledged is there, the old or the new snapshot is served, all can be run again.

``KETNOI_FAULT_ROUNDS`` is how many times; each round is another fault at another moment.
"""

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from graph.resolve.snapshots import directory
from graph.statements.home import Home
from graph.statements.loads import loads
from graph.views import neo4j_process
from ontology.model import ROOT
from tests.conftest import free_port, ketnoi, ketnoi_json, serve
from tests.publishing_house import House, Row, files_of_a, firm, house, write_csv

pytestmark = [pytest.mark.neo4j, pytest.mark.long]

ROUNDS = int(os.environ.get("KETNOI_FAULT_ROUNDS", "6"))
FAULTS = ("load", "publish", "rebuild", "Neo4j in a publish", "Neo4j in a rebuild", "Neo4j while serving")
FIRMS = 1500


def firms(revision: int) -> list[Row]:
    return [
        firm(0, **{"Mã doanh nghiệp": f"K-{at}", "Tên doanh nghiệp": f"Công ty TNHH Số {at}", "Mã số thuế": ""})
        | {"Số lao động": str(10 * revision + at % 10)}
        for at in range(1, FIRMS)
    ]


def start(home: Path, *arguments: str, limit: int | None = None) -> "subprocess.Popen[str]":
    """Start the program; ``limit`` is the size of file, in bytes, past which every write fails as on a full disk."""

    def bound() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [str(Path(sys.executable).with_name("ketnoi")), *arguments],
        env=os.environ | {"KETNOI_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=bound,
    )


def kill_neo4j(home: Path) -> int:
    """Kill whatever Java works on the stores of a home, which are its own; how many that were."""
    stores = home / "neo4j" / "stores"
    found = [process for store in stores.iterdir() for process in neo4j_process.find(store)]
    for process in found:
        process.send_signal(9)
    psutil.wait_procs(found, timeout=20)
    return len(found)


@dataclass
class Scene:
    """A published home, and how long its commands take when nobody disturbs them."""

    it: House
    seconds: dict[str, float]
    revision: int = 0

    def revise(self) -> Path:
        """The next edition of the file."""
        self.revision += 1
        return write_csv(self.it.inbox / "firms.csv", firms(self.revision))

    def shown(self) -> int:
        """Which edition the property graph shows; never parts of two."""
        _, rows = self.it.engine.graph.read(
            f"MATCH (n:Enterprise:{ROOT}) WHERE n.number STARTS WITH 'K-' RETURN DISTINCT n.employees / 10, count(*)"
        )
        assert len(rows) == 1, rows
        assert rows[0][1] == FIRMS - 1
        return int(rows[0][0])


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with house(tmp_path_factory.mktemp("faults") / "home") as it:
        made = Scene(it, {})
        it.send_all(files_of_a(), "a")
        for command in (
            ("load", "enterprise", str(made.revise()), "--source", "k/firms"),
            ("build",),
            ("publish", "--rebuild"),
        ):
            started = time.monotonic()
            ketnoi(it.path, *command)
            made.seconds[command[-1] if command[0] == "publish" else command[0]] = time.monotonic() - started
        made.seconds["build"] /= 2  # a difference takes less than the first build
        yield made


def finished(process: "subprocess.Popen[str]") -> str:
    """Wait for a command that may have failed, but not by a defect; what it printed."""
    out, errors = process.communicate(timeout=300)
    assert process.returncode in (0, 1), errors
    assert "Traceback" not in errors, errors
    return out


def killed(process: "subprocess.Popen[str]", after: float) -> str:
    """Kill a command after some seconds; what it printed until then."""
    try:
        process.wait(timeout=after)
    except subprocess.TimeoutExpired:
        process.kill()
    return process.communicate(timeout=60)[0]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_killed_at_a_random_moment(scene: Scene, number: int) -> None:
    it, fault = scene.it, FAULTS[number % len(FAULTS)]
    moment = random.Random(number).uniform(0.25, 1.0)
    old, edition = it.export(), scene.shown()
    acknowledged = {(load.load, load.instant) for load in loads(it.home)}
    file = scene.revise()
    load = ("load", "enterprise", str(file), "--source", "k/firms", "--json")
    if fault == "load":
        printed = killed(start(it.path, *load), moment * scene.seconds["load"])
        added = [load for load in loads(it.home) if (load.load, load.instant) not in acknowledged]
        assert len(added) <= 1
        assert all(load.accepted == load.changed == FIRMS - 1 for load in added), "whole or not at all"
        assert added or not printed.strip(), "what is said to be loaded is loaded"
        again = ketnoi_json(it.path, *load[:-1])
        assert again["unchanged" if added else "changed"] == FIRMS - 1
    else:
        ketnoi(it.path, *load)
        acknowledged |= {(load.load, load.instant) for load in loads(it.home)}
        if fault == "Neo4j while serving":
            kill_while_serving(scene)
        else:
            rebuild = "rebuild" in fault
            process = start(it.path, *(("publish", "--rebuild") if rebuild else ("build",)))
            after = moment * scene.seconds["--rebuild" if rebuild else "build"]
            if "Neo4j" in fault:
                try:
                    process.wait(timeout=after)
                except subprocess.TimeoutExpired:
                    kill_neo4j(it.path)
                finished(process)
            else:
                killed(process, after)
    # what is served now is whole
    assert {(load.load, load.instant) for load in loads(it.home)} >= acknowledged
    served, seen = it.export(), scene.shown()
    assert seen in (edition, scene.revision)
    assert (served == old) == (seen == edition)
    current = it.engine.current()
    assert current is not None and directory(it.home, current).is_dir()
    assert it.views().search("công ty", 5), "all views of it are there"
    # and everything can simply be run again
    assert ketnoi_json(it.path, *load[:-1])["unchanged"] == FIRMS - 1
    ketnoi(it.path, "build")
    new = it.export()
    assert scene.shown() == scene.revision
    assert served in (old, new)
    it.check()
    hidden = [path.name for path in it.home.snapshots.glob(".*")]
    stores = [path.name for path in (it.path / "neo4j" / "stores").iterdir()]
    assert (hidden, len(stores)) == ([], 1), "nothing half-made stays behind"


def kill_while_serving(scene: Scene) -> None:
    """Kill Neo4j under a service: it says so, stays up, and is back without anybody's help."""
    port = free_port()
    process = serve(scene.it.path, port)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            paths = ("/api/search?q=cong+ty", "/api/transfer?text=s%E1%BA%A5y+l%E1%BA%A1nh")
            before = [client.get(path).json()["snapshot"] for path in paths]
            assert kill_neo4j(scene.it.path) >= 1
            assert client.get("/healthz").status_code == 200
            deadline = time.monotonic() + 90
            for path, snapshot in zip(paths, before, strict=True):
                while (answer := client.get(path)).status_code != 200:
                    assert answer.status_code == 503, answer.text
                    assert time.monotonic() < deadline
                    time.sleep(0.3)
                assert answer.json()["snapshot"] == snapshot
            while client.get("/readyz").status_code != 200:
                assert time.monotonic() < deadline
                time.sleep(0.3)
    finally:
        process.terminate()
        process.wait(timeout=60)


# Out of room


def test_a_load_on_a_full_disk_is_refused_whole(tmp_path: Path) -> None:
    home = tmp_path / "home"
    small, large = write_csv(tmp_path / "a.csv", [firm(1)]), write_csv(tmp_path / "b.csv", firms(1))
    ketnoi(home, "load", "enterprise", str(small), "--source", "a")
    before = [load.load for load in loads(Home(home))]
    process = start(home, "load", "enterprise", str(large), "--source", "a", limit=8_000)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert errors.startswith("ketnoi: the load was not written: "), errors
    assert [load.load for load in loads(Home(home))] == before
    assert [path.name for path in (home / "loads").iterdir()] == before, "nothing half-written"
    assert ketnoi_json(home, "load", "enterprise", str(large), "--source", "a")["changed"] == FIRMS - 1


def test_a_load_on_a_full_file_system(tmp_path: Path) -> None:
    """The same with a disk that is full, where one can be had."""
    home = tmp_path / "home"
    home.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=100k", "ketnoi-test", str(home)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no file system may be mounted here: {mounted.stderr.strip()}")
    try:
        large = write_csv(
            tmp_path / "b.csv",
            [row | {"Địa chỉ": random.Random(at).randbytes(90).hex()} for at, row in enumerate(firms(1))],
        )
        failed = ketnoi(home, "load", "enterprise", str(large), "--source", "a", check=False)
        assert failed.returncode == 1
        assert "No space left" in failed.stderr and "Traceback" not in failed.stderr, failed.stderr
        assert list((home / "loads").iterdir()) == []
        small = write_csv(tmp_path / "a.csv", [firm(1)])
        assert ketnoi_json(home, "load", "enterprise", str(small), "--source", "a")["changed"] == 1
    finally:
        subprocess.run(["umount", str(home)], check=True)


def test_a_publish_on_a_full_disk_leaves_the_old_snapshot(scene: Scene) -> None:
    it, old = scene.it, scene.it.export()
    ketnoi(it.path, "load", "enterprise", str(scene.revise()), "--source", "k/firms")
    for limit in (4_000, 40_000, 400_000):
        process = start(it.path, "publish", limit=limit)
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 1, "there was room"
        assert errors.startswith("ketnoi: "), errors
        assert it.export() == old
    ketnoi(it.path, "build")
    assert scene.shown() == scene.revision
    it.check()


def test_withdrawing_on_a_full_disk_is_refused(tmp_path: Path) -> None:
    ketnoi(tmp_path, "load", "enterprise", str(write_csv(tmp_path / "a.csv", [firm(1)])), "--source", "a")
    process = start(tmp_path, "withdraw", "1", limit=0)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1 and errors.startswith("ketnoi: load 1 was not withdrawn: "), errors
    assert [load.withdrawn for load in loads(Home(tmp_path))] == [None]
    assert json.loads(ketnoi(tmp_path, "withdraw", "1", "--json").stdout)["withdrawn"]


def test_a_killed_neo4j_comes_back_with_its_snapshot(scene: Scene) -> None:
    it = scene.it
    node, shown = it.engine.snapshot_node(), scene.shown()
    assert node is not None
    assert kill_neo4j(it.path) >= 1
    assert it.engine.snapshot_node() == node
    assert scene.shown() == shown
