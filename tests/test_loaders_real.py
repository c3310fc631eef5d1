"""The real files beside the checkout: each loads under its KIND whatever it is called, and says what a plain reading finds in it."""

import csv
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from graph.statements.home import Home
from graph.statements.load_writing import write_load
from graph.statements.loads import Origin
from loaders.reading import open_file
from loaders.table_reading import FileRefused
from ontology.statement import Record, Reject, Statement

DATA = Path(__file__).parents[2] / "shared" / "data"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real records are not beside the checkout"),
]


@dataclass(frozen=True)
class Real:
    """A real file: its KINDs, the shape that it has, and how many records a plain reading counts."""

    path: str
    kinds: tuple[str, ...]
    shape: str
    source: str
    count: Callable[[Path], int]
    whole: bool = False


def rows_of_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def objects(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def concepts(path: Path) -> int:
    return path.read_text(encoding="utf-8").count('"full-code"') + 1


def inserted(path: Path) -> list[tuple[str, ...]]:
    row = r"\(" + r",\s*".join([r"'((?:[^']|'')*)'"] * 4) + r"\)"
    return re.findall(row, path.read_text(encoding="utf-8"))


FILES = [
    Real(
        "ministry/nq03-tasks.csv",
        ("ministry",),
        "policy-assignments",
        "ministry/policy-assignments",
        lambda p: len(rows_of_csv(p)),
    ),
    Real(
        "fields/research-fields-2008.json", ("ministry", "scheme"), "research-fields", "research-fields-2008", concepts
    ),
    Real(
        "universities/university.sql",
        ("university",),
        "university-list",
        "university/university-list",
        lambda p: len(inserted(p)),
        whole=True,
    ),
    Real(
        "universities/hipo-vietnam.json",
        ("university",),
        "university-domains",
        "hipo/university-domains",
        lambda p: len(objects(p)),
    ),
    Real(
        "vnu-units/units.json",
        ("university",),
        "university-units",
        "university/university-units",
        lambda p: len(objects(p)),
    ),
    Real(
        "enterprises/stockData.csv",
        ("enterprise",),
        "listed-companies",
        "enterprise/listed-companies",
        lambda p: len(rows_of_csv(p)),
    ),
    Real("enterprises/gleif-vietnam.csv", ("gleif", "enterprise"), "gleif", "gleif", lambda p: len(rows_of_csv(p))),
    Real("ror/vietnam_records.json", ("ror", "university"), "ror", "ror", lambda p: len(objects(p))),
]
COUNTS = {
    "ministry/nq03-tasks.csv": 140,
    "fields/research-fields-2008.json": 6 + 46 + 322 + 1,
    "universities/university.sql": 361,
    "universities/hipo-vietnam.json": 58,
    "vnu-units/units.json": 41,
    "enterprises/stockData.csv": 1655,
    "enterprises/gleif-vietnam.csv": 76,
    "ror/vietnam_records.json": 194,
}
PATENTS = "patents/triads-to-2019.parquet"


def read(kind: str, path: str) -> list[Record]:
    items = list(open_file(kind, DATA / path).items)
    assert not [item for item in items if isinstance(item, Reject)]
    return [item for item in items if isinstance(item, Record)]


def said(records: list[Record], prop: str) -> list[Statement]:
    return [statement for record in records for statement in record.statements if statement.property == prop]


@pytest.mark.parametrize("real", FILES, ids=lambda real: real.path)
def test_it_loads_under_its_kinds_whatever_it_is_called(real: Real, tmp_path: Path) -> None:
    for at, kind in enumerate(real.kinds):
        copy = shutil.copy(DATA / real.path, tmp_path / f"x91{at}.tmp")
        reading = open_file(kind, Path(copy))
        assert (reading.shape, reading.source, reading.whole) == (real.shape, real.source, real.whole)
        load = write_load(
            Home(tmp_path / kind), Origin(reading.source, kind, reading.shape, whole=reading.whole), reading.items
        )
        assert load.records == real.count(DATA / real.path) == COUNTS[real.path]
        assert load.records == load.accepted + load.refused
        assert load.accepted == load.changed + load.unchanged
        assert load.refused == 0
        assert load.unchanged == load.records - load.changed == (1 if real.path.endswith("sql") else 0)


def test_all_of_them_are_tried() -> None:
    assert len(FILES) == len(COUNTS) == 8


@pytest.mark.parametrize("real", FILES, ids=lambda real: real.path)
def test_under_another_kind_it_is_refused_with_what_to_do(real: Real) -> None:
    with pytest.raises(FileRefused, match="ketnoi inspect"):
        open_file("patents", DATA / real.path)


@pytest.mark.parametrize("kind", ["ministry", "scheme"])
def test_the_workbook_says_what_the_json_beside_it_says(kind: str) -> None:
    """Its last bytes are the remains of another archive, which nobody reads; its upper levels are written in capitals."""
    of_json = [item.fingerprint() for item in read("scheme", "fields/research-fields-2008.json")]
    workbook = open_file(kind, DATA / "fields/research_fields_2008.xlsx")
    assert (workbook.shape, workbook.source) == ("research-fields", "research-fields-2008")
    items = list(workbook.items)
    assert [item for item in items if isinstance(item, Reject)] == []
    assert sorted(item.fingerprint() for item in items if isinstance(item, Record)) == sorted(of_json)
    assert len(items) == 6 + 46 + 322 + 1


def test_191_of_194_ror_records_have_a_homepage() -> None:
    with_link = {
        o["id"]
        for o in objects(DATA / "ror/vietnam_records.json")
        if any(not isinstance(link, dict) or link["type"] == "website" for link in o["links"])
    }
    records = read("ror", "ror/vietnam_records.json")
    assert {record.key for record in records if said([record], "homepage")} == with_link
    assert len(with_link) == 191


def test_ror_of_both_versions_keeps_names_and_parents() -> None:
    source = {o["id"]: o for o in objects(DATA / "ror/vietnam_records.json")}
    assert Counter("names" in o for o in source.values()) == {True: 144, False: 50}
    parents = {key: {r["id"] for r in o["relationships"] if r["type"].lower() == "parent"} for key, o in source.items()}
    assert sum(map(len, parents.values())) == 36
    for record in read("ror", "ror/vietnam_records.json"):
        item = source[record.key]
        texts = (
            [n["value"] for n in item["names"]]
            if "names" in item
            else [
                item["name"],
                *item["aliases"],
                *item["acronyms"],
                *(label["label"] for label in item["labels"]),
            ]
        )
        about = record.statements[0].subject
        kept = {
            s.value
            for s in record.statements
            if s.subject == about and s.property in ("name", "alternativeName", "acronym")
        }
        assert {" ".join(text.split()) for text in texts} == {" ".join((text or "").split()) for text in kept}
        assert len(said([record], "unitOf")) == len(parents[record.key])


def test_356_universities_of_the_dump_have_a_homepage() -> None:
    rows = inserted(DATA / "universities/university.sql")
    sites = [row[3].strip() for row in rows]
    assert Counter(site.lower() == "null" for site in sites) == {False: 356, True: 5}
    records = read("university", "universities/university.sql")
    homepages = [statement.value for record in records for statement in said([record], "homepage")]
    assert homepages == ["".join(site.split()) for site in sites if site.lower() != "null"]
    assert [" ".join(row[0].split()) for row in rows] == [s.value for record in records for s in said([record], "name")]


def test_lines_of_the_dump_are_those_of_the_file() -> None:
    lines = (DATA / "universities/university.sql").read_text(encoding="utf-8").split("\n")
    records = read("university", "universities/university.sql")
    for record in records:
        name = said([record], "name")[0].value or ""
        assert name in " ".join(lines[record.line - 1].split()), record.line
    assert len({record.line for record in records}) == len(records)


def test_assignments_are_no_tasks_and_keep_the_cells() -> None:
    rows = rows_of_csv(DATA / "ministry/nq03-tasks.csv")
    records = read("ministry", "ministry/nq03-tasks.csv")
    types = {statement.value for statement in said(records, "type")}
    assert "PolicyAssignment" in types
    assert "STTask" not in types
    assert [s.value for s in said(records, "leadStated")] == [
        " ".join(r["co_quan_chu_tri"].split()) for r in rows if r["co_quan_chu_tri"].strip()
    ]
    assert [s.value for s in said(records, "timing")] == [
        " ".join(r["thoi_gian"].split()) for r in rows if r["thoi_gian"].strip()
    ]
    dated = [r["thoi_gian"] for r in rows if re.search(r"\d{4}$", r["thoi_gian"].strip())]
    assert len(said(records, "deadline")) == len(dated)
    for record, row in zip(records, rows, strict=True):
        deadline = said([record], "deadline")
        if found := re.search(r"^(?:Tháng )?(\d+)/(\d{4})$", row["thoi_gian"].strip()):
            assert (deadline[0].value or "").startswith(f"{found.group(2)}-{int(found.group(1)):02}-")
        elif row["thoi_gian"].strip().lower().endswith("thường xuyên"):
            assert deadline == []


def test_listed_companies_keep_symbol_industry_and_exchange() -> None:
    rows = rows_of_csv(DATA / "enterprises/stockData.csv")
    records = read("enterprise", "enterprises/stockData.csv")
    assert {s.value for s in said(records, "identifierValue")} == {row["symbol"] for row in rows}
    assert Counter(s.value for s in said(records, "exchange")) == {"UPCOM": 902, "HSX": 412, "HNX": 341}
    assert Counter((s.object or "").rsplit("/", 1)[1] for s in said(records, "hasIndustry")) == Counter(
        row["icbCode"] for row in rows if row["icbCode"] != "N/A"
    )


def test_units_and_domains_keep_their_keys() -> None:
    units = objects(DATA / "vnu-units/units.json")
    assert (
        len(said(read("university", "vnu-units/units.json"), "unitOf"))
        == sum(bool(u["guidDonViCha"]) for u in units)
        == 39
    )
    hipo = objects(DATA / "universities/hipo-vietnam.json")
    domains = said(read("university", "universities/hipo-vietnam.json"), "domain")
    assert [s.value for s in domains] == [d for o in hipo for d in o["domains"]]


def test_the_first_patents_say_who_stands_in_them() -> None:
    reading = open_file("patents", DATA / PATENTS)
    assert reading.size == pq.ParquetFile(DATA / PATENTS).metadata.num_rows == 80_967
    rows = next(pq.ParquetFile(DATA / PATENTS).iter_batches(1000)).to_pylist()
    for row, record in zip(rows, reading.items, strict=False):
        assert isinstance(record, Record)
        names = {s.subject: s.value for s in said([record], "name")}
        for prop, column in (("holder", "firm"), ("provider", "intermediary"), ("inventor", "coinventors")):
            assert [names[s.object] for s in said([record], prop)] == [" ".join(name.split()) for name in row[column]]
        assert [s.value for s in said([record], "grantedOn")] == [row["date"].isoformat()]
        assert {(s.object or "").rsplit("/", 1)[1] for s in said([record], "hasPatentClass")} == set(
            row["cpc_subclass"]
        )
