"""A small world of Vietnamese rows, and a home of its own that loads and publishes it on a real Neo4j."""

import csv
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pyoxigraph as ox

from api.commands.loading import load_file
from graph.links.linking import link
from graph.resolve.snapshots import Snapshot, directory
from graph.statements.home import Home
from graph.statements.loads import Load
from graph.views.arrays import Arrays
from graph.views.checking import check_views
from graph.views.engine import Engine
from graph.views.exporting import export_nquads
from graph.views.neo4j_connection import Endpoint
from graph.views.publishing import publish
from graph.views.reading import SnapshotViews
from loaders.sample.world import tax_code
from ontology.model import BASE, KN
from ontology.text import fold

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
        "Đến ngày": "",
        "Được chuyển giao tiếp": "",
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


def home_with_a(path: Path) -> Path:
    """A home with A, published and left: a first build takes longest, so tests begin with a copy of it."""
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
