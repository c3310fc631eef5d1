"""Publishing through the program, on a real Neo4j: whatever way the loads took, the views say what the statements say, and only that."""

import json
import random
import threading
from collections import defaultdict
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from api.serving import LiveSource, LiveViews
from graph.links.linking import link
from graph.statements.judgements import correct, judge_pair
from graph.statements.loads import loads, withdraw
from graph.views import publishing
from graph.views.checking import check_views
from graph.views.neo4j_server import OwnNeo4j
from graph.views.reading import SnapshotViews
from ontology.model import BASE, KN
from tests.conftest import free_port, ketnoi, ketnoi_json, serve
from tests.publishing_house import (
    HOLDER,
    RDF_TYPE,
    House,
    broker,
    entities_of,
    files_of_a,
    firm,
    home_with_a,
    house,
    house_of,
    right,
    same_as_a_rebuild,
    technology,
    write_csv,
)

pytestmark = [pytest.mark.neo4j, pytest.mark.long]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return home_with_a(tmp_path_factory.mktemp("template") / "home")


def test_loads_by_the_program(tmp_path: Path) -> None:
    """A twice, B beside it, B withdrawn: each state has bytes of its own, and comes back with them."""
    with house(tmp_path / "home") as it:
        inbox = it.inbox
        universities = [
            {"name": "Dong Hai University", "domains": ["donghai.edu.vn"], "web_pages": ["https://donghai.edu.vn"]},
            {"name": "Tay Hai University", "domains": ["tayhai.edu.vn"], "web_pages": ["https://tayhai.edu.vn"]},
        ]
        listed = [
            {"Mã chứng khoán": code, "Tên công ty": firm(at)["Tên doanh nghiệp"].upper(), "Sàn": "HOSE"}
            for at, code in enumerate(("AAB", "BBC"))
        ]
        for row in universities:
            row |= {"country": "Viet Nam", "alpha_two_code": "VN", "state-province": None}
        (inbox / "universities.json").write_text(json.dumps(universities), encoding="utf-8")
        files = files_of_a() | {"listed.csv": ("enterprise", listed)}

        def load_a() -> list[dict[str, Any]]:
            done = [ketnoi_json(it.path, "load", "university", str(inbox / "universities.json"))]
            for name, (kind, rows) in files.items():
                path = write_csv(inbox / name, rows)
                done.append(ketnoi_json(it.path, "load", kind, str(path), "--source", f"a/{name[:-4]}"))
            return done

        first = load_a()
        for load in first:
            assert load["records"] == load["accepted"] == load["changed"] != 0, load
        built = ketnoi_json(it.path, "build")
        bytes_of_a = ketnoi(it.path, "export", "nquads").stdout.encode()
        assert bytes_of_a == it.export() == b"".join(sorted(bytes_of_a.splitlines(keepends=True)))

        for load in load_a():
            assert load["records"] == load["unchanged"], load
        again = ketnoi_json(it.path, "build")
        assert again["snapshot"] == built["snapshot"]
        assert it.export() == bytes_of_a

        # B: another sender of firms, and new versions of rows of A
        other = [firm(at, **{"Mã doanh nghiệp": f"X-{at}", "Số lao động": "77"}) for at in range(4, 12)]
        changed = [technology(0, **{"Tên công nghệ": "Sấy đối lưu"}), technology(7)]
        of_b = [
            ketnoi_json(it.path, "load", "enterprise", str(write_csv(inbox / "b.csv", other)), "--source", "b/firms"),
            ketnoi_json(
                it.path,
                *("load", "university", str(write_csv(inbox / "b2.csv", changed)), "--source", "a/technologies"),
                "--full",
            ),
        ]
        assert of_b[1]["gone"] == 5
        with_b = ketnoi_json(it.path, "build")
        assert with_b["snapshot"] != built["snapshot"]
        checked = ketnoi_json(it.path, "check")
        assert checked["agree"], checked["differences"]
        bytes_of_b = it.export()
        for load in of_b:
            ketnoi(it.path, "withdraw", str(load["load"]))
        alone = ketnoi_json(it.path, "build")
        assert it.export() == bytes_of_a
        assert (alone["snapshot"], alone["nodes"], alone["edges"]) == tuple(
            built[key] for key in ("snapshot", "nodes", "edges")
        )
        checked = ketnoi_json(it.path, "check")
        assert checked["agree"], checked["differences"]
        rebuilt = ketnoi_json(it.path, "publish", "--rebuild")
        assert rebuilt["snapshot"] == built["snapshot"]
        assert it.export() == bytes_of_a != bytes_of_b
        assert ketnoi(it.path, "withdraw", str(of_b[0]["load"]), check=False).returncode == 1


# Differences


class Changes:
    """Random changes of a small world, each by the ways that users have."""

    def __init__(self, it: House, seed: int) -> None:
        self.it, self.random = it, random.Random(seed)
        self.files = files_of_a()
        self.added = 20

    def _send(self, name: str, full: bool = False) -> None:
        kind, rows = self.files[name]
        self.it.send(name, kind, rows, f"a/{name.removesuffix('.csv')}", full)

    def add(self) -> None:
        """New bodies, one of them said before by others under another name for it."""
        self.added += 1
        at = self.added
        self.files["firms.csv"][1].append(firm(at % 40))
        self.files["technologies.csv"][1].append(technology(at))
        self.files["rights.csv"][1].append(
            right(at, self.random.choice([HOLDER, firm(at % 40)["Tên doanh nghiệp"]]), at)
        )
        for name in ("firms.csv", "technologies.csv", "rights.csv"):
            self._send(name)

    def change(self) -> None:
        """A value of some rows is another one."""
        name = self.random.choice(sorted(self.files))
        rows = self.files[name][1]
        row = self.random.choice(rows)
        for key in ("Số lao động", "Mô tả", "Giá trị (triệu đồng)", "Giá (triệu đồng)", "Tỷ lệ", "Trang web"):
            if key in row:
                row[key] = {
                    "Mô tả": f"Khác {self.random.random()}",
                    "Tỷ lệ": f"{self.random.randrange(1, 100)} %",
                    "Trang web": f"https://khac-{self.random.randrange(99)}.example",
                }.get(key, str(self.random.randrange(1, 9999)))
        if "TRL" in row:
            row["TRL"] = str(self.random.randrange(1, 10))
        self._send(name)

    def replace(self) -> None:
        """Another body in a cell: a holder, a firm in need, a provider."""
        name, key, others = self.random.choice(
            [
                ("rights.csv", "Chủ thể quyền", [HOLDER, "Trường Đại học Tây Hải", firm(1)["Tên doanh nghiệp"]]),
                ("needs.csv", "Doanh nghiệp", [firm(at)["Tên doanh nghiệp"] for at in range(12)]),
                ("services.csv", "Tổ chức cung cấp", [broker(at)["Tên tổ chức"] for at in range(4)]),
                ("transfers.csv", "Bên môi giới", ["", *(broker(at)["Tên tổ chức"] for at in range(4))]),
                ("needs.csv", "Bảo mật", ["có", "không"]),
            ]
        )
        self.random.choice(self.files[name][1])[key] = self.random.choice(others)
        self._send(name)

    def drop(self) -> None:
        """A file that is everything its source has, without some of its rows."""
        name = self.random.choice(["firms.csv", "technologies.csv", "rights.csv", "brokers.csv", "needs.csv"])
        rows = self.files[name][1]
        for _ in range(min(2, len(rows) - 1)):
            rows.remove(self.random.choice(rows))
        self._send(name, full=True)

    def disagree(self) -> None:
        """A second sender, who says something else of the same bodies."""
        at = self.random.randrange(6)
        told = self.random.choice([HOLDER, "Trường Đại học Tây Hải", firm(2)["Tên doanh nghiệp"]])
        self.it.send("b-rights.csv", "city", [right(at, told, at)], "b/rights")
        self.it.send(
            "b-firms.csv", "enterprise", [firm(at, **{"Số lao động": str(self.random.randrange(99))})], "b/firms"
        )

    def curate(self) -> None:
        """A curator's value of something that is there."""
        views = self.it.views()
        cls, prop = self.random.choice(
            [
                ("Technology", "name"),
                ("Enterprise", "employees"),
                ("Intermediary", "homepage"),
                ("Technology", "description"),
            ]
        )
        nodes = self._of_class(views, cls)
        if not nodes:
            return
        node = self.random.choice(nodes)
        value = {"employees": str(self.random.randrange(9999)), "homepage": "https://sua.example"}.get(
            prop, f"Đã sửa {self.random.randrange(9999)}"
        )
        language = "vi" if prop in ("name", "description") else None
        correct(self.it.home, node, tuple(views.types(node)), prop, value, language, "an")

    def _of_class(self, views: SnapshotViews, cls: str) -> list[str]:
        quads = views.store.quads_for_pattern(
            None, ox.NamedNode(RDF_TYPE), ox.NamedNode(f"{KN}{cls}"), ox.DefaultGraph()
        )
        return sorted(quad.subject.value.removeprefix(f"{BASE}id/") for quad in quads)  # type: ignore[union-attr]

    def merge(self) -> None:
        """Two that are one: firms, a holder and a firm, technologies; both may hold rights and contact points."""
        nodes = self._of_class(self.it.views(), self.random.choice(["Organization", "Technology", "Intermediary"]))
        if len(nodes) > 1:
            later, earlier = self.random.sample(nodes, 2)
            judge_pair(self.it.home, later, earlier, True, "an", "one body")

    def split(self) -> None:
        """Two mentions that were taken for one, or a curator's own link said otherwise."""
        pairs = sorted((a, b) for a, b in entities_of(self.it).items() if a != b)
        if pairs:
            later, earlier = self.random.choice(pairs)
            judge_pair(self.it.home, later, earlier, False, "an", "two bodies")

    def take_back(self) -> None:
        """Some load of the last ones counts no more."""
        counting = [
            load.load for load in loads(self.it.home) if load.withdrawn is None and load.kind not in ("scheme", "links")
        ]
        withdraw(self.it.home, self.random.choice(counting[-6:]))

    def relink(self) -> None:
        link(self.it.home, full=True)

    def step(self) -> str:
        ways = ["add", "change", "replace", "drop", "disagree", "curate", "merge", "split", "take_back", "relink"]
        done = self.random.sample(ways, self.random.choice([1, 1, 2]))
        for way in done:
            getattr(self, way)()
        return "+".join(done)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_difference_equals_a_rebuild(template: Path, tmp_path: Path, seed: int) -> None:
    with house_of(template, tmp_path) as it:
        changes = Changes(it, seed)
        history = []
        for step in range(12):
            history.append(changes.step())
            it.build()
            found = check_views(it.home, it.engine)
            assert found["agree"], (history, found["differences"])
            if step in (5, 11):
                same_as_a_rebuild(it)


def test_a_named_server_shows_the_same(tmp_path: Path) -> None:
    """A first build in batches over Bolt, a difference, and a rebuild, on a server that is not the home's own."""
    with OwnNeo4j(tmp_path / "server") as server, house(tmp_path / "home", server.endpoint()) as it:
        files = files_of_a()
        it.send_all(files, "a")
        it.build()
        it.check()
        files["firms.csv"][1][0]["Số lao động"] = "4321"
        files["firms.csv"][1].append(firm(30))
        it.send_all(files, "a")
        it.build()
        it.check()
        same_as_a_rebuild(it)


def test_a_large_difference_goes_by_import(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a difference is too large for one transaction, everything is made from nothing, and is the same."""
    with house_of(template, tmp_path) as it:
        files = files_of_a()
        first = it.build()
        files["firms.csv"][1][0]["Số lao động"] = "4321"
        it.send_all(files, "a")
        monkeypatch.setattr(publishing, "ONE_TRANSACTION", 1)
        large = it.build()
        assert len(large.segments) == 1 and large.snapshot != first.snapshot
        it.check()
        monkeypatch.undo()
        files["firms.csv"][1][0]["Số lao động"] = firm(0)["Số lao động"]
        it.send_all(files, "a")
        back = it.build()
        assert (len(back.segments), back.snapshot) == (2, first.snapshot)
        it.check()


def test_another_ontology_makes_everything_anew(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What became private with a new version of the program does not stay in what an old one published."""
    with house_of(template, tmp_path) as it:
        first = it.build()
        assert it.publish() == it.publish() and it.publish().number == first.number
        monkeypatch.setattr(publishing, "parameters", lambda: {"ontology": "another"})
        assert it.publish().number == first.number + 1
        assert it.publish().number == first.number + 1


def test_queries_during_a_publish_see_one_snapshot(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All answers that name one snapshot say the same, while the world changes to and fro under their eyes."""
    seen: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    numbers: dict[int, set[tuple[Any, ...]]] = defaultdict(set)
    problems: list[str] = []
    ended = threading.Event()
    with house_of(template, tmp_path) as it:
        files = files_of_a()
        names = [firm(at)["Tên doanh nghiệp"] for at in range(8)]
        paths = [
            *(f"/api/entities/{it.named(name)}" for name in names[:3]),
            "/api/search?q=cong+ty&limit=50",
        ]
        port = free_port()
        monkeypatch.setenv("KETNOI_RATE_LIMIT", "0")
        process = serve(it.path, port)

        def visit() -> None:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                while not ended.is_set():
                    for path in paths:
                        answer = client.get(path)
                        if answer.status_code != 200:
                            problems.append(f"{path}: {answer.status_code} {answer.text[:200]}")
                            continue
                        seen[answer.json()["snapshot"]][path].add(answer.text)

        source = LiveSource(it.home, it.engine)

        def employees(views: LiveViews) -> tuple[int, tuple[Any, ...]]:
            _, rows = it.engine.graph.read(
                "MATCH (n:Enterprise) WHERE n.employees IS NOT NULL WITH n ORDER BY n.id RETURN collect(n.employees)"
            )
            return views.made_of.number, tuple(rows[0][0])

        def ask() -> None:
            while not ended.is_set():
                number, told = source.consistently(employees)
                numbers[number].add(told)

        visitors = [threading.Thread(target=visit), threading.Thread(target=ask)]
        try:
            for visitor in visitors:
                visitor.start()
            published = {it.publish().snapshot}
            for turn in range(6):
                for row in files["firms.csv"][1]:
                    row["Số lao động"] = str(1000 + turn)
                it.send("firms.csv", "enterprise", files["firms.csv"][1], "a/firms")
                if turn == 3:
                    published.add(it.publish(rebuild=True).snapshot)
                published.add(it.build().snapshot)
        finally:
            ended.set()
            for visitor in visitors:
                visitor.join(timeout=90)
            process.terminate()
            process.wait(timeout=60)
    assert problems == []
    assert set(seen) <= published and len(seen) > 3
    mixed = {
        (snapshot, path) for snapshot, by_path in seen.items() for path, bodies in by_path.items() if len(bodies) > 1
    }
    assert mixed == set()
    assert {number: sorted(rows) for number, rows in numbers.items() if len(rows) > 1} == {}
