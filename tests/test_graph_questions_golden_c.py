"""Questions 20, 21, 24 and 25 on the sample: what lacks, who disagrees, who inherits, worked out from the sample's own files."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from graph.answer.reading import Reading
from tests.conftest import SAMPLE_DAY as DAY
from tests.conftest import Asked
from tests.sample_files import Row, SampleFiles, day, million, several

pytestmark = pytest.mark.neo4j


def holds(row: Row, on: str, since: str = "Từ ngày", until: str = "Đến ngày") -> bool:
    """Whether a line is valid on a day, both ends included, a missing one open."""
    return (day(row[since]) or on) <= on <= (day(row[until]) or on)


def by(rows: list[Row], column: str) -> dict[str, Row]:
    """Rows by a column in which no value stands twice."""
    found = {row[column]: row for row in rows}
    assert len(found) == len(rows)
    return found


# 20 and 21


def open_needs(sample_files: SampleFiles, as_of: str) -> list[Row]:
    """Needs that everybody may see and whose deadline has not passed."""
    return [
        row
        for row in sample_files.table("nhu-cau-cong-nghe")
        if row["Bảo mật"] == "không" and (day(row["Hạn"]) or as_of) >= as_of
    ]


@pytest.mark.parametrize("as_of", [DAY, "2025-03-01"])
def test_fields_with_needs_but_no_broker(asked: Asked, sample_files: SampleFiles, as_of: str) -> None:
    brokering = ("Môi giới chuyển giao công nghệ", "Tư vấn chuyển giao công nghệ")
    services = [
        row
        for row in sample_files.table("dich-vu-chuyen-giao")
        if row["Loại dịch vụ"] in brokering and holds(row, as_of)
    ]
    covered = {code for row in services for code in several(row["Mã lĩnh vực"])}
    expected: dict[str, tuple[int, int, int, list[str]]] = {}
    needs = open_needs(sample_files, as_of)
    for code in {row["Mã lĩnh vực"] for row in needs}:
        # 4 is broader than 4.3
        if code not in covered and code[0] not in covered:
            rows = [row for row in needs if row["Mã lĩnh vực"] == code]
            budget = sum(million(row["Ngân sách (triệu đồng)"]) for row in rows)
            ids = sorted(sample_files.coded("need-code", row["Mã nhu cầu"]) for row in rows)
            expected[f"scheme/ford/2015/{code}"] = (len(rows), len({row["Doanh nghiệp"] for row in rows}), budget, ids)
    found = asked("fields_without_broker", as_of)
    assert {row["field"]: (row["needs"], row["firms"], row["budget"], row["need_ids"]) for row in found} == expected
    assert [row["field"] for row in found] == sorted(expected, key=lambda field: (-expected[field][0], field))
    assert "scheme/ford/2015/1.5" in expected


@pytest.mark.parametrize(("as_of", "place"), [(DAY, "Hà Nội"), ("2025-03-01", "Hải Phòng")])
def test_supply_without_demand(asked: Asked, sample_files: SampleFiles, as_of: str, place: str) -> None:
    code = {"Hà Nội": "VN-HN", "Hải Phòng": "VN-HP"}[place]
    there = {row["Tên doanh nghiệp"] for row in sample_files.table("doanh-nghiep") if row["Địa bàn"] == place}
    needs = [row for row in open_needs(sample_files, as_of) if row["Doanh nghiệp"] in there]
    wanted = {(row["Mã lĩnh vực"], aim) for row in needs for aim in several(row["Mã ngành"])}
    by_field = Counter(row["Mã lĩnh vực"] for row in needs)
    offers = Counter(row["Mã công nghệ"] for row in sample_files.table("chao-ban-cong-nghe") if holds(row, as_of))
    expected = {}
    for row in sample_files.technologies():
        field, aims = row["Mã lĩnh vực"], several(row["Mã ngành ứng dụng"])
        if row["Mã công nghệ"] in offers and not any((field, aim) in wanted for aim in aims):
            key = (sample_files.coded("technology-code", row["Mã công nghệ"]), f"scheme/ford/2015/{field}")
            expected[key] = (
                sorted(f"scheme/vsic/2018/{aim}" for aim in aims),
                offers[row["Mã công nghệ"]],
                by_field[field],
            )
    found = asked("supply_without_demand", as_of, place=f"scheme/place/2025/{code}")
    rows = {(row["technology"], row["field"]): (row["industries"], row["offers"], row["field_needs"]) for row in found}
    assert rows == expected
    assert len(found) == len(expected) > 50


# 24


def retrieved(home: Path, file: str) -> str:
    """The day on which a file was loaded, in Vietnam (seven hours ahead of Greenwich), from the load's own note."""
    for note in (home / "loads").glob("*/load.json"):
        said = json.loads(note.read_text(encoding="utf-8"))
        if Path(said["file"]).name == file:
            hour = int(said["instant"][11:13])
            return str(date.fromordinal(date.fromisoformat(said["instant"][:10]).toordinal() + (hour >= 17)))
    raise AssertionError(file)


def test_sources_that_disagree_on_an_owner(
    asked: Asked, sample_files: SampleFiles, sample_reading: Reading, sample_home: Path
) -> None:
    names = ("dang-ky-quyen-cong-nghe", "ke-khai-quyen-cong-nghe")
    days = {name: retrieved(sample_home, f"{name}.csv") for name in names}
    declared = by(sample_files.table(names[1]), "Mã công nghệ")
    registered = by([row for row in sample_files.table(names[0]) if row["Mã công nghệ"] in declared], "Mã công nghệ")
    expected = {
        (
            sample_files.coded("technology-code", code),
            sample_files.body(row["Chủ thể quyền"]),
            f"minh-hoa/{name}",
            day(row["Từ ngày"]),
            days[name],
            max(days.values()),
        )
        for name, rows in zip(names, (registered, declared), strict=True)
        for code, row in rows.items()
    }
    found = asked("owner_disagreements")
    columns = ("technology", "holder", "source", "valid_from", "retrieved_on", "disputed_since")
    rows = [{**row, "source": sample_reading.views.name(row["source"], "vi")} for row in found]
    assert {tuple(row[name] for name in columns) for row in rows} == expected
    assert len(found) == len(expected) == 8


def test_a_disagreement_worked_by_hand(asked: Asked, sample_files: SampleFiles, sample_reading: Reading) -> None:
    # line 2 of the declarations against the register: a university and a firm, both owners since 4/2/2016
    technology = sample_files.coded("technology-code", "MH-CN-0392")
    found = asked("owner_disagreements", technology=technology)
    assert {(sample_reading.views.name(row["holder"], "vi"), row["valid_from"]) for row in found} == {
        ("Trường Đại học Y Dược Bạch Mộng", "2016-02-04"),
        ("Công ty TNHH Hóa chất Yalgon", "2016-02-04"),
    }
    records = {sample_reading.views.record(row["record"].removeprefix("record/")).file for row in found}
    assert records == {"dang-ky-quyen-cong-nghe.csv", "ke-khai-quyen-cong-nghe.csv"}
    assert asked("owner_disagreements", "2016-02-03", technology=technology) == []
    assert asked("owner_disagreements", technology=sample_files.coded("technology-code", "MH-CN-0001")) == []


# 25


def _held(
    asked: Asked, sample_files: SampleFiles, unit: str, as_of: str = DAY
) -> set[tuple[str, str, str, str | None]]:
    rows = asked("inheritance", as_of, unit=sample_files.body(unit))
    found = {(row["kind"], row["item"], row["role"], row["successor"]) for row in rows}
    assert len(found) == len(rows)
    return found


def test_who_inherits_worked_by_hand(asked: Asked, sample_files: SampleFiles) -> None:
    # two lines of the register and one service; Nokquen, which took Tuzzor over in 2024, was taken over by Huxquen in 2026
    heir = sample_files.body("Công ty TNHH Phần mềm Huxquen")
    expected = {
        ("RightsHolding", sample_files.numbered("RightsHolding", "MH-Q-0147"), "holder", heir),
        ("RightsHolding", sample_files.numbered("RightsHolding", "MH-Q-0158"), "holder", heir),
        ("ServiceEngagement", sample_files.numbered("ServiceEngagement", "MH-DVHĐ-109"), "client", heir),
    }
    assert _held(asked, sample_files, "Công ty TNHH Phần mềm Tuzzor") == expected
    # on 12/9/2024 the service had not been rendered and the share of 5/12/2024 was not registered
    early = _held(asked, sample_files, "Công ty TNHH Phần mềm Tuzzor", "2024-09-12")
    assert early == {("RightsHolding", sample_files.numbered("RightsHolding", "MH-Q-0158"), "holder", heir)}


def test_what_an_institute_leaves_to_the_university_that_takes_it_in(asked: Asked, sample_files: SampleFiles) -> None:
    unit, merged = "Viện Cơ khí và Tự động hóa Kim Ảnh", "2027-01-01"
    heir = sample_files.body("Trường Đại học Bách nghệ Vân Mộng")
    expected = set()
    tables = (
        ("RightsHolding", "dang-ky-quyen-cong-nghe", "Mã đăng ký", "Chủ thể quyền", "holder"),
        ("TechnologyOffer", "chao-ban-cong-nghe", "Mã chào bán", "Bên chào bán", "offeredBy"),
    )
    for kind, table, number, party, role in tables:
        for row in sample_files.table(table):
            # open on the day asked and not over before the merger
            if row[party] == unit and holds(row, DAY) and (day(row["Đến ngày"]) or merged) >= merged:
                expected.add((kind, sample_files.numbered(kind, row[number]), role, heir))
    spelt = (unit, unit.upper(), "Vien Co khi va Tu dong hoa Kim Anh")
    for kind, table, party, role in (
        ("TechnologyTransfer", "hop-dong-chuyen-giao", "Bên giao", "transferor"),
        ("ServiceEngagement", "hop-dong-dich-vu", "Khách hàng", "client"),
    ):
        lines = [row for row in sample_files.table(table) if row[party] in spelt]
        expected |= {(kind, sample_files.numbered(kind, row["Số hợp đồng"]), role, heir) for row in lines}
    assert _held(asked, sample_files, unit) == expected
    assert len({kind for kind, *_ in expected}) == 4


def test_without_a_reorganisation_nobody_inherits(asked: Asked, sample_files: SampleFiles) -> None:
    rows = asked("inheritance", unit=sample_files.body("Trường Đại học Y Dược Bạch Mộng"))
    assert rows
    assert {(row["successor"], row["change"], row["changed_on"]) for row in rows} == {(None, None, None)}
