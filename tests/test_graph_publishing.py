"""Publishing through the program, on a real Neo4j: whatever way the loads took, the views say what the statements say, and only that."""

import csv
import json
import random
import re
import shutil
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest

from api.commands.loading import load_file
from api.serving import LiveSource, LiveViews
from graph.links.linking import link
from graph.resolve.snapshots import Snapshot, directory, segments
from graph.statements.home import Home
from graph.statements.judgements import correct, judge_pair
from graph.statements.loads import Load, loads, withdraw
from graph.views import publishing
from graph.views.arrays import Arrays
from graph.views.checking import check_views
from graph.views.engine import Engine
from graph.views.exporting import export_nquads
from graph.views.neo4j_connection import Endpoint
from graph.views.neo4j_server import OwnNeo4j
from graph.views.publishing import publish
from graph.views.reading import SnapshotViews
from loaders.sample.world import tax_code
from ontology.model import BASE, KN, ROOT, ontology
from ontology.text import fold

sys.path.insert(0, str(Path(__file__).parent))
from conftest import free_port, ketnoi, ketnoi_json, serve

pytestmark = [pytest.mark.neo4j, pytest.mark.long]

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
Row = dict[str, str]
PHONE, FLOOR, SECRET = "0973146285", "777123", "Vật liệu tuyệt mật Zyxwort"


def write_csv(path: Path, rows: list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(key for row in rows for key in row)), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def firm(number: int, **more: str) -> Row:
    names = ("Thép Sông Xanh", "Dệt may Bến Đò", "Sữa Đồi Thông", "Nhựa Cầu Tre", "Gốm Làng Chài", "Dược liệu Núi Mây")
    name = f"Công ty Cổ phần {names[number % len(names)]} {'ABCDEFGH'[number // len(names)]}"
    return {
        "Mã doanh nghiệp": f"DN-{number:03}",
        "Tên doanh nghiệp": name,
        "Mã số thuế": next(code for at in range(10) if (code := tax_code(10 * number + at))),
        "Mã ngành VSIC": ("10", "13", "22", "24")[number % 4],
        "Địa bàn": ("Hà Nội", "Nghệ An")[number % 2],
        "Số lao động": str(100 + number),
    } | more


def technology(number: int, **more: str) -> Row:
    return {
        "Mã công nghệ": f"CN-{number:03}",
        "Tên công nghệ": f"Sấy lạnh bằng bơm nhiệt kiểu {number}",
        "Tên tiếng Anh": f"Heat-pump drying of kind {number}",
        "Mô tả": f"Thiết bị sấy số {number}, tiết kiệm điện; dùng cho “nông sản” \\ thuỷ sản.\nHai dòng.",
        "Mã lĩnh vực": "2.3;2.2" if number % 2 else "2.3",
        "Mã IPC": "F26B;A23L",
        "TRL": str(4 + number % 5),
        "Ngày đánh giá TRL": "01/02/2024",
    } | more


def right(number: int, holder: str, of: int, **more: str) -> Row:
    return {
        "Mã đăng ký": f"Q-{number:03}",
        "Mã công nghệ": f"CN-{of:03}",
        "Chủ thể quyền": holder,
        "Quyền năng": "Sở hữu",
        "Tỷ lệ": "100 %",
        "Phạm vi lãnh thổ": "Việt Nam",
        "Từ ngày": "01/03/2020",
    } | more


def need(number: int, holder: str, **more: str) -> Row:
    return {
        "Mã nhu cầu": f"NC-{number:03}",
        "Tên nhu cầu": f"Cần công nghệ sấy cho xưởng {number}",
        "Doanh nghiệp": holder,
        "Mã lĩnh vực": "2.3",
        "TRL yêu cầu": "7",
        "Ngân sách (triệu đồng)": str(500 + number),
        "Hạn": "31/12/2027",
        "Bảo mật": "không",
    } | more


def broker(number: int, **more: str) -> Row:
    return {
        "Tên tổ chức": f"Sàn Giao dịch công nghệ Cửa Biển {'ABCD'[number]}",
        "Tên tiếng Anh": f"Cua Bien Technology Exchange {'ABCD'[number]}",
        "Loại hình": "Sàn giao dịch công nghệ",
        "Trực thuộc": "",
        "Chịu kiểm soát của": "",
        "Năm thành lập": str(2001 + number),
        "Mã lĩnh vực": "2.3",
        "Địa bàn": "Hà Nội",
        "Trang web": f"https://cua-bien-{number}.example",
        "Điện thoại": f"024 3333 000{number}",
        "Ngôn ngữ làm việc": "Tiếng Việt; Tiếng Anh",
    } | more


HOLDER = "Viện Nghiên cứu Sấy Đông Hải"


def files_of_a() -> dict[str, tuple[str, list[Row]]]:
    """File name → kind and rows; together a small world."""
    services = [
        {
            "Mã dịch vụ": f"DV-{at}",
            "Tổ chức cung cấp": broker(at % 2)["Tên tổ chức"],
            "Loại dịch vụ": "Môi giới chuyển giao công nghệ",
            "Mã lĩnh vực": "2.3",
            "Địa bàn phục vụ": "Việt Nam",
            "Từ ngày": "04/01/2021",
        }
        for at in range(3)
    ]
    transfers = [
        {
            "Số hợp đồng": f"HĐ-{at}",
            "Mã công nghệ": f"CN-{at:03}",
            "Bên giao": HOLDER,
            "Bên nhận": firm(at)["Tên doanh nghiệp"],
            "Bên môi giới": broker(0)["Tên tổ chức"],
            "Giá trị (triệu đồng)": "1.100",
            "Ngày ký": "25/03/2023",
        }
        for at in range(3)
    ]
    experts = [
        {
            "Mã chuyên gia": f"CG-{at}",
            "Họ và tên": f"Nguyễn Văn Thử {'ABC'[at]}",
            "Mã lĩnh vực": "2.3",
            "Điện thoại": PHONE,
            "Thư điện tử": f"kin-{at}@rieng-tu.example",
        }
        for at in range(3)
    ]
    offers = [
        {
            "Mã chào bán": "CB-1",
            "Mã công nghệ": "CN-001",
            "Bên chào bán": HOLDER,
            "Giá (triệu đồng)": "900000",
            "Giá sàn (triệu đồng)": FLOOR,
            "Từ ngày": "01/01/2024",
        }
    ]
    secret = need(9, firm(9)["Tên doanh nghiệp"], **{"Tên nhu cầu": SECRET, "Mô tả": SECRET, "Bảo mật": "có"})
    return {
        "firms.csv": ("enterprise", [firm(at) for at in range(8)]),
        "technologies.csv": ("university", [technology(at) for at in range(6)]),
        "rights.csv": ("city", [right(at, HOLDER, at) for at in range(6)]),
        "needs.csv": ("enterprise", [*(need(at, firm(at)["Tên doanh nghiệp"]) for at in range(5)), secret]),
        "brokers.csv": ("city", [broker(at) for at in range(3)]),
        "services.csv": ("city", services),
        "transfers.csv": ("city", transfers),
        "experts.csv": ("university", experts),
        "offers.csv": ("city", offers),
    }


class House:
    """A home of its own, whose Neo4j runs as long as the test, so that a command need not start one."""

    def __init__(self, path: Path, endpoint: Endpoint | None = None) -> None:
        self.path, self.home = path, Home(path)
        self.engine = Engine(self.home, endpoint)
        self.inbox = path.with_name(f"{path.name}-inbox")
        self.inbox.mkdir()

    def send(self, name: str, kind: str, rows: list[Row], source: str, full: bool = False) -> Load:
        """Load rows by the program's own function."""
        return load_file(self.home, kind, write_csv(self.inbox / name, rows), source, full=full)[0]

    def send_all(self, files: dict[str, tuple[str, list[Row]]], source: str) -> None:
        for name, (kind, rows) in files.items():
            self.send(name, kind, rows, f"{source}/{name.removesuffix('.csv')}")

    def publish(self, rebuild: bool = False) -> Snapshot:
        return publish(self.home, self.engine, rebuild)

    def build(self) -> Snapshot:
        link(self.home)
        return self.publish()

    def export(self) -> bytes:
        number = self.engine.current()
        assert number is not None
        out = self.inbox / "export.nq"
        export_nquads(self.home, number, out)
        return out.read_bytes()

    def views(self) -> SnapshotViews:
        number = self.engine.current()
        assert number is not None
        return SnapshotViews(self.home, number)

    def check(self) -> None:
        found = check_views(self.home, self.engine)
        assert found["agree"], found["differences"]

    def named(self, name: str) -> str:
        """The id of the one node that has a name."""
        found = {
            quad.subject.value.removeprefix(f"{BASE}id/")
            for prop in ("name", "alternativeName")
            for literal in (ox.Literal(name, language="vi"), ox.Literal(name))
            for quad in self.views().store.quads_for_pattern(None, ox.NamedNode(f"{KN}{prop}"), literal, None)
        }
        assert len(found) == 1, f"{name}: {found}"
        return found.pop()


@contextmanager
def house(path: Path, endpoint: Endpoint | None = None) -> Iterator[House]:
    made = House(path, endpoint)
    try:
        yield made
    finally:
        made.engine.close()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with A, published and left: a first build takes longest, so tests begin with a copy of it."""
    path = tmp_path_factory.mktemp("template") / "home"
    with house(path) as it:
        it.send_all(files_of_a(), "a")
        it.build()
    return path


@contextmanager
def house_of(template: Path, path: Path) -> Iterator[House]:
    """A home that holds A already."""
    shutil.copytree(template, path / "home")
    with house(path / "home") as it:
        yield it


def arrays_of(home: Home, number: int) -> dict[str, Any]:
    """The arrays of a publish by node ids, so that the numbering and the order of rows do not matter."""
    found = Arrays(directory(home, number) / "arrays")
    content: dict[str, Any] = {f"ids.{kind}": ids for kind, ids in found.ids.items()}
    for name, matrix in found.matrices.items():
        entries = matrix.tocoo()
        content[name] = sorted(
            zip(map(int, entries.coords[0]), map(int, entries.coords[1]), map(float, entries.data), strict=True)
        )
    for name, table in found.tables.items():
        columns = sorted(table.columns)
        content[f"table.{name}"] = sorted(zip(*(table.columns[key].tolist() for key in columns), strict=True))
    return content


def search_of(views: SnapshotViews) -> set[tuple[str, str, str, str]]:
    """Every document of the index that a word of some name finds, with what it stores."""
    words = {
        word
        for prop in ("name", "alternativeName", "description")
        for quad in views.store.quads_for_pattern(None, ox.NamedNode(f"{KN}{prop}"), None, ox.DefaultGraph())
        for word in fold(str(quad.object.value)).split()  # type: ignore[union-attr]
    }
    hits = (
        hit for word in sorted(words) for language in ("vi", "en") for hit in views.search(word, 5000, (), language)
    )
    return {(hit.id, hit.name, hit.type, hit.snippet) for hit in hits}


def same_as_a_rebuild(it: House) -> None:
    """What differences made is what a build from nothing makes: bytes, snapshot id, search, arrays, old ids."""
    before, served = it.export(), it.publish()
    searched, ranked = search_of(it.views()), arrays_of(it.home, served.number)
    redirects = entities_of(it)
    rebuilt = it.publish(rebuild=True)
    assert it.export() == before
    assert (rebuilt.snapshot, rebuilt.nodes, rebuilt.edges) == (served.snapshot, served.nodes, served.edges)
    assert search_of(it.views()) == searched
    made = arrays_of(it.home, rebuilt.number)
    assert {key for key in made if made[key] != ranked.get(key)} == set()
    assert entities_of(it) == redirects
    it.check()


def entities_of(it: House) -> dict[str, str]:
    number = it.engine.current()
    assert number is not None
    base, extra = (
        pq.read_table(directory(it.home, number) / name).to_pylist()
        for name in ("entities.parquet", "entities-extra.parquet")
    )
    return {row["subject"]: row["entity"] for row in [*base, *extra]}


# Through the program


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


# What the views say


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A small world that tests may add to."""
    with house(tmp_path_factory.mktemp("world") / "home") as it:
        it.send_all(files_of_a(), "a")
        it.build()
        yield it


def test_what_is_private_is_nowhere(world: House) -> None:
    """The expert's telephone, the floor price, the confidential need: no view holds them, by no name."""
    secrets = {
        PHONE,
        PHONE[1:],
        "rieng-tu",
        FLOOR,
        SECRET,
        fold(SECRET),
        "Zyxwort",
        "zyxwort",
        firm(9)["Tên doanh nghiệp"],
    }
    spaced = re.compile(r"0?97[ .]?314[ .]?62[ .]?85")
    number = world.engine.current()
    assert number is not None
    exported = world.export().decode()
    _, nodes = world.engine.graph.read("MATCH (n) RETURN labels(n), properties(n)")
    _, edges = world.engine.graph.read("MATCH ()-[e]->() RETURN type(e), properties(e)")
    table = "\n".join(str(pq.read_table(path).to_pylist()) for path in segments(world.home).glob("*.parquet"))
    arrays = b"\n".join(path.read_bytes() for path in (directory(world.home, number) / "arrays").iterdir())
    places = {
        "export": exported,
        "nodes": str(nodes),
        "edges": str(edges),
        "table": table,
        "arrays": arrays.decode("latin-1"),
    }
    for name, text in places.items():
        assert {secret for secret in secrets if secret in text} == set(), name
        assert not spaced.search(text), name
    assert "CG-1" in exported, "the experts themselves are there"
    for directory_of in ("search", "arrays"):
        for path in (directory(world.home, number) / directory_of).iterdir():
            held = path.read_bytes()
            assert not any(secret.encode() in held for secret in secrets), path.name
    views = world.views()
    for word in (PHONE, "zyxwort", SECRET, FLOOR, "rieng-tu"):
        assert all(fold("zyxwort") not in fold(hit.name + hit.snippet) for hit in views.search(word, 100))
    assert views.search("zyxwort") == []
    # what both a confidential and a public record say is public
    assert [hit.name for hit in views.search(firm(0)["Tên doanh nghiệp"], 1)] == [firm(0)["Tên doanh nghiệp"]]


def test_competing_claims(template: Path, tmp_path: Path) -> None:
    """Two answers to a question with one answer: one wins or neither, and both are on the page with their records."""
    with house_of(template, tmp_path) as it:
        technology_id, firm_id = it.named(technology(2)["Tên công nghệ"]), it.named(firm(3)["Tên doanh nghiệp"])
        assert it.views().entity(technology_id).claims == it.views().entity(firm_id).claims == ()  # type: ignore[union-attr]
        other = "Trường Đại học Tây Hải"
        it.send("rights.csv", "city", [right(2, other, 2)], "b/rights")
        it.send("firms.csv", "enterprise", [firm(3, **{"Số lao động": "999"})], "b/firms")
        it.build()
        views = it.views()
        page = views.entity(firm_id)
        assert page is not None
        assert [fact.value for fact in page.facts if fact.property == "employees"] == ["999"], "the newest"
        assert [(claim.property, claim.value) for claim in page.claims] == [("employees", "103")]
        assert [source.source for claim in page.claims for source in claim.sources] == ["a/firms"]
        page = views.entity(technology_id)
        assert page is not None
        assert {(claim.property, claim.object.name) for claim in page.claims if claim.object} == {
            ("holder", HOLDER),
            ("holder", other),
        }
        it.check()
        # a later load that speaks of the technology only leaves the claims where they are
        it.send("technologies.csv", "university", [technology(2, **{"Mô tả": "Lời khác"})], "a/technologies")
        it.build()
        assert len(it.views().entity(technology_id).claims) == 2  # type: ignore[union-attr]
        it.check()
        # holders that are one body agree
        judge_pair(it.home, it.named(other), it.named(HOLDER), True, "an", "one body by two names")
        it.build()
        assert it.views().entity(technology_id).claims == ()  # type: ignore[union-attr]
        same_as_a_rebuild(it)


def test_old_ids_answer(template: Path, tmp_path: Path) -> None:
    """The id of a merged body leads to the one that stands; a split gives it back."""
    with house_of(template, tmp_path) as it:
        earlier, later = sorted(
            (it.named(firm(at)["Tên doanh nghiệp"]) for at in (4, 5)),
            key=lambda node: it.views().record(next(iter(it.views().sources(node, "type"))).record).line or 0,
        )
        assert it.views().redirect(later) is None
        judge_pair(it.home, later, earlier, True, "an", "one firm")
        it.build()
        assert it.views().redirect(later) == earlier
        assert it.views().redirect(earlier) is None
        assert it.views().entity(later) is None
        _, rows = it.engine.graph.read(f"MATCH (n:{ROOT}) WHERE n.id IN $ids RETURN n.id", {"ids": [earlier, later]})
        assert rows == [(earlier,)]
        it.check()
        judge_pair(it.home, later, earlier, False, "binh", "two firms after all")
        it.build()
        assert it.views().redirect(later) is None
        assert it.named(firm(5)["Tên doanh nghiệp"]) == later
        same_as_a_rebuild(it)


def test_merged_holders_merge_their_events(template: Path, tmp_path: Path) -> None:
    """Equal rights of two bodies that turn out to be one are one right; so are their contact points."""
    with house_of(template, tmp_path) as it:
        other = "Viện Nghiên cứu Chế biến Bắc Hải"
        it.send("rights.csv", "city", [right(1, other, 1)], "b/rights")
        it.send("brokers.csv", "city", [broker(3, **{"Điện thoại": broker(0)["Điện thoại"]})], "b/brokers")
        it.build()
        pairs = [(other, HOLDER), (broker(3)["Tên tổ chức"], broker(0)["Tên tổ chức"])]
        for later, earlier in pairs:
            judge_pair(it.home, it.named(later), it.named(earlier), True, "an", "one body")
        it.build()
        it.check()
        _, rows = it.engine.graph.read(
            "MATCH (h:RightsHolding)-[:OVER]->(t:Technology {name_vi: $name}) RETURN count(DISTINCT h)",
            {"name": technology(1)["Tên công nghệ"]},
        )
        assert rows == [(1,)]
        same_as_a_rebuild(it)


# Two graphs, one content


def quads_of(home: Path, scratch: Path) -> Iterator[ox.Quad]:
    out = scratch / "exported.nq"
    ketnoi(home, "export", "nquads", "--out", str(out))
    return iter(ox.parse(path=str(out), format=ox.RdfFormat.N_QUADS))


def short(node: Any) -> str:
    path = str(node.value).removeprefix(BASE)
    return path.removeprefix("id/")


def relationship(local: str) -> str:
    return re.sub("(?<=[a-z0-9])([A-Z])", r"_\1", local).upper()


def native(literal: ox.Literal) -> Any:
    """What Neo4j holds for a literal: dates as DATE, whole numbers as integers, fractions as doubles, the rest as text."""
    kind = literal.datatype.value.removeprefix(XSD)
    if kind == "date":
        return date.fromisoformat(literal.value)
    if kind in ("integer", "gYear"):
        return int(literal.value)
    if kind in ("double", "decimal"):
        return float(literal.value)
    return literal.value == "true" if kind == "boolean" else literal.value


Graph = tuple[set[tuple[str, str]], set[tuple[str, str, Any]], set[tuple[str, str, str]]]


def by_rdf(quads: list[ox.Quad]) -> Graph:
    """Labels, values and edges as the default graph says them."""
    labels, values, edges = set(), set(), set()
    for quad in quads:
        if isinstance(quad.graph_name, ox.NamedNode):
            continue
        subject, local = short(quad.subject), quad.predicate.value.removeprefix(str(KN))
        if quad.predicate.value == RDF_TYPE:
            labels.add((subject, str(quad.object.value).removeprefix(str(KN))))  # type: ignore[union-attr]
        elif isinstance(quad.object, ox.Literal):
            key = f"{local}_{quad.object.language}" if quad.object.language else local
            values.add((subject, key, native(quad.object)))
        else:
            edges.add((subject, relationship(local), short(quad.object)))
    return labels, values, edges


def by_bolt(it: Engine) -> tuple[Graph, dict[tuple[str, str, str], list[str]], dict[str, list[str]]]:
    """The same out of Neo4j, with the sources of edges and nodes."""
    labels, values, edges = set(), set(), {}
    told = {}
    _, rows = it.graph.read(f"MATCH (n:{ROOT}) RETURN labels(n), properties(n)", timeout=120)
    for classes, properties in rows:
        node = properties.pop("id")
        told[node] = properties.pop("sources", [])
        labels |= {(node, name) for name in classes}
        for key, value in properties.items():
            several = not ontology().properties[key.split("_")[0]].single
            assert isinstance(value, list) == several, (node, key, value)
            if several:
                assert value == sorted(value) and len(set(value)) == len(value), (node, key, value)
            values |= {(node, key, one) for one in (value if several else [value])}
    _, rows = it.graph.read(f"MATCH (a:{ROOT})-[e]->(b:{ROOT}) RETURN a.id, type(e), b.id, properties(e)", timeout=120)
    for a, kind, b, properties in rows:
        assert (a, kind, b) not in edges, "each once"
        assert set(properties) == {"sources"}
        edges[a, kind, b] = properties["sources"]
    return (labels, values, set(edges)), edges, told


def compare(it: Engine, quads: list[ox.Quad]) -> None:
    expected, (found, edges, told) = by_rdf(quads), by_bolt(it)
    for what, left, right in zip(("label", "value", "edge"), expected, found, strict=True):
        assert (what, sorted(left - right, key=str)[:5], sorted(right - left, key=str)[:5]) == (what, [], [])
    assert all(found), "all three kinds occur"
    classes = defaultdict(set)
    for node, label in found[0]:
        classes[node].add(label)
    stated, spoken = defaultdict(set), defaultdict(set)
    for quad in quads:
        if isinstance(quad.graph_name, ox.NamedNode):
            record = quad.graph_name.value.removeprefix(f"{BASE}record/")
            if quad.predicate.value == RDF_TYPE:
                spoken[short(quad.subject)].add(record)
            elif not isinstance(quad.object, ox.Literal):
                kind = relationship(quad.predicate.value.removeprefix(str(KN)))
                stated[short(quad.subject), kind, short(quad.object)].add(record)
    # what Ketnoi itself says of records, sources, claims and concepts without a scheme is in no record's graph
    own = {node for node, names in classes.items() if names & {"SourceRecord", "Source", "CompetingClaim"}}
    for edge, sources in edges.items():
        assert sources == sorted(set(sources))
        if edge[0] not in own:
            assert set(sources) == stated.pop(edge), edge
    for node, sources in told.items():
        if node not in own and (node in spoken or not node.startswith("scheme/")):
            assert set(sources) == spoken[node], node
    # every edge that a record states is an edge, but for what lost to another answer
    single = {relationship(p.name) for p in ontology().properties.values() if p.is_edge and p.single}
    assert {edge for edge in stated if edge not in edges and edge[1] not in single} == set()


def test_two_graphs_have_one_content_on_the_sample(sample_home: Path, tmp_path: Path) -> None:
    engine = Engine(Home(sample_home))
    try:
        compare(engine, list(quads_of(sample_home, tmp_path)))
    finally:
        engine.close()


def test_two_graphs_have_one_content_after_differences(world: House, tmp_path: Path) -> None:
    world.send("b.csv", "enterprise", [firm(at, **{"Số lao động": "5"}) for at in range(6, 14)], "b/firms")
    world.send("b2.csv", "city", [right(3, "Trường Đại học Tây Hải", 3)], "b/rights")
    world.build()
    compare(world.engine, list(quads_of(world.path, tmp_path)))


# Seen whole or not at all


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
