"""Questions 1 to 11 on the sample: rows worked out from the sample's own files, the same from Cypher and from SPARQL."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.questions.named import questions
from graph.questions.running import run
from loaders.sample.market import LAPSED, REVOKED, SILENT, UNRECOGNISED
from tests.sample_files import Published, Row, SampleFiles, day, million, published, several

pytestmark = pytest.mark.neo4j

DAY = "2026-11-24"
FORD, HANOI = "scheme/ford/2015/", "scheme/place/2025/VN-HN"
TYPES = {
    "Khoa học tự nhiên và công nghệ": "scheme/task-type/1/natural-st",
    "Khoa học xã hội và nhân văn": "scheme/task-type/1/social",
    "Dự án sản xuất thử nghiệm": "scheme/task-type/1/trial-production",
}
ROLES = {
    "Phản biện": "scheme/advisory-role/1/reviewer",
    "Tư vấn chính sách": "scheme/advisory-role/1/policy-adviser",
}
POSTS = {
    "Giảng viên": "scheme/membership-role/1/lecturer",
    "Nghiên cứu viên": "scheme/membership-role/1/researcher",
    "Lãnh đạo": "scheme/membership-role/1/head",
    "Nhân viên": "scheme/membership-role/1/member",
}
KINDS = {
    "Sàn giao dịch công nghệ": "technology-exchange",
    "Trung tâm giao dịch công nghệ": "technology-transaction-centre",
    "Trung tâm xúc tiến và hỗ trợ hoạt động chuyển giao công nghệ": "transfer-promotion-centre",
    "Trung tâm hỗ trợ định giá tài sản trí tuệ": "ip-valuation-support-centre",
    "Trung tâm hỗ trợ đổi mới sáng tạo": "innovation-support-centre",
    "Cơ sở ươm tạo công nghệ": "incubator",
    "Trung tâm đổi mới sáng tạo": "innovation-centre",
    "Trung tâm hỗ trợ khởi nghiệp sáng tạo": "startup-support-centre",
    "Tổ chức thúc đẩy kinh doanh": "accelerator",
    "Văn phòng chuyển giao công nghệ": "university-tto",
    "Tổ chức đánh giá công nghệ": "evaluation-body",
    "Tổ chức thẩm định giá công nghệ": "valuation-body",
    "Tổ chức giám định công nghệ": "inspection-body",
    "Tổ chức đại diện sở hữu công nghiệp": "ip-representative",
    "Quỹ": "fund",
}
PLACES = {"Việt Nam": "VN", "Hà Nội": "VN-HN", "Hải Phòng": "VN-HP"}

Rows = list[dict[str, Any]]
Ask = Callable[..., Rows]


@pytest.fixture(scope="module")
def sample(sample_home: Path) -> Iterator[Published]:
    with published(sample_home) as opened:
        yield opened


@pytest.fixture(scope="module")
def files(sample: Published) -> SampleFiles:
    return sample.files


@pytest.fixture(params=["cypher", "sparql"])
def ask(request: pytest.FixtureRequest, sample: Published) -> Ask:
    def asked(question: str, as_of: str = DAY, **parameters: object) -> Rows:
        found = run(questions()[question], {"as_of": as_of} | parameters, sample, on=request.param)
        assert not found.truncated
        return found.rows

    return asked


def plain(rows: Rows) -> list[str]:
    """Rows in an order of their own, to compare what was found whatever the order."""
    return sorted(repr(sorted(row.items())) for row in rows)


def ford(*codes: str) -> list[str]:
    return sorted(f"{FORD}{code}" for code in codes)


def holds(row: Row, on: str, since: str = "Từ ngày", until: str = "Đến ngày") -> bool:
    """Whether a line is valid on a day, both ends included, a missing one open."""
    return (day(row[since]) or on) <= on <= (day(row[until]) or on)


def employers(files: SampleFiles, expert: str, on: str) -> list[str]:
    """Where an expert worked on a day, by the table of stays."""
    stays = [row for row in files.table("qua-trinh-cong-tac") if row["Mã chuyên gia"] == expert and holds(row, on)]
    return sorted(filter(None, (files.body(row["Đơn vị công tác"]) for row in stays)))


def accepted(task: Row, on: str) -> bool:
    return (
        bool(task["Ngày nghiệm thu"]) and (day(task["Ngày nghiệm thu"]) or "") <= on and task["Xếp loại"] != "Không đạt"
    )


def applied(task: Row, on: str) -> bool:
    return bool(task["Nơi ứng dụng"]) and (day(task["Ngày ứng dụng"]) or on) <= on


def city_tasks(files: SampleFiles, since: str, until: str) -> list[Row]:
    return [
        task
        for task in files.tasks()
        if task["Cấp"] == "Cấp thành phố" and since <= (day(task["Ngày phê duyệt"]) or "") <= until
    ]


# 1


@pytest.mark.parametrize(("since", "as_of"), [(2016, DAY), (2021, DAY), (2016, "2018-06-30")])
def test_city_tasks_by_field_and_type(ask: Ask, files: SampleFiles, since: int, as_of: str) -> None:
    cells: Counter[tuple[str | None, str, str]] = Counter()
    money: Counter[tuple[str | None, str, str]] = Counter()
    for task in city_tasks(files, f"{since}-01-01", as_of):
        tops = {code[0] for code in several(task["Mã lĩnh vực"])}
        placed = "none" if not tops else "one" if len(tops) == 1 else "several"
        key = (f"{FORD}{min(tops)}" if placed == "one" else None, placed, TYPES[task["Loại hình"]])
        cells[key] += 1
        money[key] += million(task["Tổng kinh phí (triệu đồng)"])
    expected: Counter[tuple[str, str | None, str | None, str | None]] = Counter()
    budget: Counter[tuple[str, str | None, str | None, str | None]] = Counter()
    for (field, placed, kind), count in cells.items():
        rows = (("cell", field, placed, kind), ("field", field, placed, None), ("type", None, None, kind))
        for row in (*rows, ("total", None, None, None)):
            expected[row] += count
            budget[row] += money[field, placed, kind]
    found = ask("city_tasks_by_field", as_of, since=since)
    assert {(r["part"], r["field"], r["fields"], r["type"]): (r["tasks"], r["budget"]) for r in found} == {
        row: (count, budget[row]) for row, count in expected.items()
    }
    assert len(found) == len(expected)


def test_city_tasks_as_the_script_deals_them(ask: Ask) -> None:
    # REGISTER_2016 and REGISTER_2021: 208 + 24, 83 + 8, 49 + 8 of city level
    found = ask("city_tasks_by_field")
    assert [r["tasks"] for r in found if r["part"] == "total"] == [380]
    by_type = {r["type"].rsplit("/", 1)[1]: r["tasks"] for r in found if r["part"] == "type"}
    assert by_type == {"natural-st": 232, "social": 91, "trial-production": 57}
    for part in ("cell", "field", "type"):
        assert sum(r["tasks"] for r in found if r["part"] == part) == 380
    assert {r["fields"] for r in found if r["part"] == "field"} == {"one", "several", "none"}
    base = ask("city_tasks_by_field", level="scheme/task-level/1/base")
    assert [r["tasks"] for r in base if r["part"] == "total"] == [10]


# 2


def test_reported_figures_of_the_made_up_city(ask: Ask, files: SampleFiles) -> None:
    city = city_tasks(files, "2016-01-01", "2020-12-31")
    forgotten = [[t for t in city if t["Loại hình"] == kind][-1] for kind in list(TYPES)[::2]]
    (reporter,) = {row["reporter"] for row in ask("reported_figures") if row["reporter"]}
    found = {row["measure"]: row for row in ask("reported_figures", reported_by=reporter)}
    assert len(found) == 6 and {row["reporter"] for row in found.values()} == {reporter}

    def row(measure: str) -> tuple[float, float, float, str, str | None]:
        r = found[measure]
        return r["reported"], r["counted"], r["difference"], r["state"], r["reason"]

    # the report forgot two tasks, one of natural science and one of trial production, and 250 million besides
    assert row("Số nhiệm vụ khoa học và công nghệ cấp thành phố") == (338, 340, 2, "different", None)
    assert row("Số nhiệm vụ khoa học tự nhiên và công nghệ") == (207, 208, 1, "different", None)
    assert row("Số nhiệm vụ khoa học xã hội và nhân văn") == (83, 83, 0, "equal", None)
    assert row("Số dự án sản xuất thử nghiệm") == (48, 49, 1, "different", None)
    counted = sum(million(task["Tổng kinh phí (triệu đồng)"]) for task in city) / 1_000_000
    left_out = sum(million(task["Tổng kinh phí (triệu đồng)"]) for task in forgotten) / 1_000_000
    assert row("Tổng kinh phí nhiệm vụ") == (counted - left_out - 250, counted, left_out + 250, "different", None)
    results = [task for task in city if accepted(task, "2020-12-31")]
    share = 100 * sum(applied(task, "2020-12-31") for task in results) / len(results)
    reported, measured, difference, state, reason = row("Tỷ lệ kết quả nghiệm thu được ứng dụng (trên)")
    # a floor, of which the report states whole per cent: that the register has a little more is no difference
    assert (reported, state, reason) == (int(share), "equal", "lower_bound")
    assert [measured, difference] == pytest.approx([share, share - int(share)])


def test_the_press_figures_are_not_comparable_with_illustrative_data(ask: Ask) -> None:
    press = [row for row in ask("reported_figures") if row["reporter"] is None]
    assert sorted(row["reported"] for row in press) == [50, 84, 85, 212, 346, 633_092]
    assert {(row["counted"], row["difference"], row["state"], row["reason"]) for row in press} == {
        (None, None, "not_comparable", "illustrative_data")
    }
    early = ask("reported_figures", "2015-12-31")
    assert {(row["state"], row["reason"]) for row in early} == {("not_comparable", "no_records")}


# 3


def standing(row: Row, on: str) -> str:
    if row["Ngày thu hồi"] and (day(row["Ngày thu hồi"]) or "") <= on:
        return "revoked"
    if row["Hiệu lực đến"] and (day(row["Hiệu lực đến"]) or "") < on:
        return "expired"
    return "not_yet" if (day(row["Ngày cấp"]) or "") > on else "valid"


@pytest.mark.parametrize("as_of", [DAY, "2020-06-01", "2025-03-16"])
@pytest.mark.parametrize("place", [HANOI, "scheme/place/2025/VN"])
def test_intermediaries_in_a_place(ask: Ask, files: SampleFiles, as_of: str, place: str) -> None:
    expected: Rows = []
    for body in files.table("danh-ba-to-chuc-trung-gian"):
        if place == HANOI and body["Địa bàn"] != "Hà Nội":
            continue
        acts = [act for act in files.table("cong-nhan-to-chuc-trung-gian") if act["Tên tổ chức"] == body["Tên tổ chức"]]
        common = {"intermediary": files.body(body["Tên tổ chức"])}
        for act in acts:
            days = {"valid_from": day(act["Ngày cấp"]), "valid_until": day(act["Hiệu lực đến"])}
            kind = f"scheme/intermediary-kind/2014/{KINDS[act['Loại hình công nhận']]}"
            facts = {"kind": kind, "standing": standing(act, as_of), "number": act["Số quyết định"]}
            expected.append(common | days | facts | {"revoked_on": day(act["Ngày thu hồi"])})
        if not acts:
            kind = f"scheme/intermediary-kind/2014/{KINDS[body['Loại hình']]}"
            nothing = dict.fromkeys(("number", "valid_from", "valid_until", "revoked_on"))
            expected.append(common | {"kind": kind, "standing": "none"} | nothing)
    assert len(expected) > 30
    assert plain(ask("intermediaries_in_place", as_of, place=place)) == plain(expected)


def test_intermediaries_that_were_planted(ask: Ask, files: SampleFiles) -> None:
    found: dict[str, set[str]] = {}
    for row in ask("intermediaries_in_place", place="scheme/place/2025/VN"):
        found.setdefault(row["intermediary"], set()).add(row["standing"])
    for names, state in ((UNRECOGNISED + SILENT, "none"), (LAPSED, "expired"), (REVOKED, "revoked")):
        assert [found[files.body(name) or ""] for name in names] == [{state}] * len(names)
    incubators = ask("intermediaries_in_place", only_kind="scheme/intermediary-kind/2014/incubator")
    # three of the four incubators are in Hanoi
    assert len({row["intermediary"] for row in incubators}) == 3


# 4


@pytest.mark.parametrize(
    ("service", "kind", "fields"),
    [
        ("Thẩm định giá công nghệ", "price-appraisal", ("2.8", "2.9", "3.4", "4.4")),
        ("Thẩm định giá công nghệ", "price-appraisal", ("2",)),
        ("Giám định công nghệ", "inspection", ("2.5",)),
        ("Môi giới chuyển giao công nghệ", "brokerage", ("2.3", "2")),
    ],
)
@pytest.mark.parametrize("as_of", [DAY, "2017-01-01"])
def test_service_providers(
    ask: Ask, files: SampleFiles, service: str, kind: str, fields: tuple[str, ...], as_of: str
) -> None:
    expected: Rows = []
    for line in files.table("dich-vu-chuyen-giao"):
        if line["Loại dịch vụ"] != service or not holds(line, as_of):
            continue
        for code in several(line["Mã lĩnh vực"]):
            narrower, broader = code[0] in fields, any(asked.startswith(f"{code}.") for asked in fields)
            match = "exact" if code in fields else "narrower" if narrower else "broader" if broader else None
            if match:
                expected.append(
                    {
                        "provider": files.body(line["Tổ chức cung cấp"]),
                        "service": files.numbered("ServiceOffering", line["Mã dịch vụ"]),
                        "field": f"{FORD}{code}",
                        "match": match,
                        "valid_from": day(line["Từ ngày"]),
                        "valid_until": day(line["Đến ngày"]),
                    }
                )
    found = ask("service_providers", as_of, service_kind=f"scheme/service-kind/1/{kind}", in_field=ford(*fields))
    areas = {row["service"]: row.pop("area") for row in found}
    assert plain(found) == plain(expected)
    for line in files.table("dich-vu-chuyen-giao"):
        named = several(line["Địa bàn phục vụ"])
        service_id = files.numbered("ServiceOffering", line["Mã dịch vụ"])
        if service_id in areas and set(named) <= set(PLACES):
            assert areas[service_id] == sorted(f"scheme/place/2025/{PLACES[name]}" for name in named)


def test_valuation_of_biotechnology_and_what_is_broader(ask: Ask, files: SampleFiles) -> None:
    # read off world.toml: the two price appraisers with biotechnology among their fields
    found = {(row["provider"], row["field"], row["match"]) for row in ask("service_providers")}
    luong_mong = files.body("Trung tâm Hỗ trợ định giá tài sản trí tuệ Lượng Mộng")
    ngoc_anh = files.body("Công ty Thẩm định giá công nghệ Ngọc Ảnh")
    assert found == {
        *((luong_mong, f"{FORD}{code}", "exact") for code in ("2.9", "3.4", "4.4")),
        *((ngoc_anh, f"{FORD}{code}", "exact") for code in ("2.8", "2.9", "3.4")),
    }
    inspected = ask("service_providers", service_kind="scheme/service-kind/1/inspection", in_field=ford("2.5"))
    assert {row["match"] for row in inspected} == {"exact", "broader"}


# 5


@pytest.mark.parametrize("as_of", [DAY, "2024-05-01", "2022-03-01"])
@pytest.mark.parametrize(("least", "below", "field"), [(7, 2000, ""), (5, 601, "2"), (9, 10_000, "2.5")])
def test_ready_technologies_on_offer(
    ask: Ask, files: SampleFiles, as_of: str, least: int, below: int, field: str
) -> None:
    sheets = {row["Mã công nghệ"]: [(day(row["Ngày đánh giá TRL"]), int(row["TRL"]))] for row in files.technologies()}
    for row in files.table("phieu-danh-gia-trl"):
        sheets[row["Mã công nghệ"]].append((day(row["Ngày lập phiếu"]), int(row["Kết quả đánh giá TRL"])))
    fields = {row["Mã công nghệ"]: several(row["Mã lĩnh vực"]) for row in files.technologies()}
    expected: Rows = []
    for offer in files.table("chao-ban-cong-nghe"):
        code, price = offer["Mã công nghệ"], offer["Giá (triệu đồng)"]
        known = sorted((str(on), -trl) for on, trl in sheets[code] if str(on) <= as_of)
        if not price or int(price) >= below or not holds(offer, as_of) or not known:
            continue
        on, trl = known[-1][0], -known[-1][1]
        if trl < least or not any(item == field or item.startswith(f"{field}.") or not field for item in fields[code]):
            continue
        expected.append(
            {
                "technology": files.numbered("Technology", code),
                "trl": trl,
                "assessed_on": on,
                "offer": files.numbered("TechnologyOffer", offer["Mã chào bán"]),
                "price": int(price) * 1_000_000,
                "price_kind": {"tham khảo": "indicative", "cố định": "firm"}[offer["Loại giá"]],
                "offered_by": files.body(offer["Bên chào bán"]),
                "broker": [files.body(offer["Bên môi giới"])] if offer["Bên môi giới"] else [],
                "valid_until": day(offer["Đến ngày"]),
            }
        )
    asked = {"least_trl": least, "below": below * 1_000_000} | ({"in_field": f"{FORD}{field}"} if field else {})
    found = ask("ready_technologies_on_offer", as_of, **asked)
    assert plain(found) == plain(expected)
    if as_of == DAY and least == 7:
        assert len(found) > 100 and [row["price"] for row in found] == sorted(row["price"] for row in found)


def test_of_two_assessments_of_one_day_the_lower_counts(ask: Ask, files: SampleFiles) -> None:
    # MH-TRL-01 and MH-TRL-02 are of one technology and one day, and the second says two levels less
    first, second = files.table("phieu-danh-gia-trl")[:2]
    assert first["Mã công nghệ"] == second["Mã công nghệ"] and first["Ngày lập phiếu"] == second["Ngày lập phiếu"]
    assert int(first["Kết quả đánh giá TRL"]) - int(second["Kết quả đánh giá TRL"]) == 2
    every = ask("ready_technologies_on_offer", str(day(first["Ngày lập phiếu"])), least_trl=1, below=10**12)
    levels = {row["technology"]: row["trl"] for row in every}
    offered = files.numbered("Technology", first["Mã công nghệ"])
    assert offered not in levels or levels[offered] == int(second["Kết quả đánh giá TRL"])


# 6


@pytest.mark.parametrize("as_of", [DAY, "2020-01-01"])
@pytest.mark.parametrize(("year", "fields"), [(2019, ("2.5",)), (2008, ("2.5",)), (2019, ("2.10", "3"))])
def test_experts_in_a_field(ask: Ask, files: SampleFiles, year: int, fields: tuple[str, ...], as_of: str) -> None:
    known: dict[str, set[str]] = {}
    for row in files.table("chuyen-gia"):
        known[row["Mã chuyên gia"]] = set(several(row["Mã lĩnh vực"]))
    for row in files.table("khai-bao-chuyen-mon"):
        if holds(row, as_of):
            known[row["Mã chuyên gia"]] |= set(several(row["Mã lĩnh vực khai báo"]))
    expected: Rows = []
    for code, held in known.items():
        matching = [item for item in held if item in fields or item[0] in fields]
        if not matching:
            continue
        common = {"expert": files.coded("expert-code", code), "fields": ford(*matching)}
        stays = [row for row in files.table("qua-trinh-cong-tac") if row["Mã chuyên gia"] == code]
        there = [row for row in stays if holds_in(row, year)]
        for row in there:
            days = {"valid_from": day(row["Từ ngày"]), "valid_until": day(row["Đến ngày"])}
            place = {"organization": files.body(row["Đơn vị công tác"]), "role": POSTS[row["Chức danh"]]}
            expected.append(common | days | place)
        if not there:
            expected.append(common | dict.fromkeys(("organization", "role", "valid_from", "valid_until")))
    found = ask("experts_in_field", as_of, year=year, in_field=ford(*fields))
    assert len(found) > 40
    assert plain(found) == plain(expected)


def holds_in(row: Row, year: int) -> bool:
    return (day(row["Từ ngày"]) or "")[:4] <= str(year) <= (day(row["Đến ngày"]) or "9999")[:4]


def test_an_expert_by_claim_alone(ask: Ask, files: SampleFiles) -> None:
    # claim 2 of the sample has no end; the list does not give its expert the field of new materials
    claim = files.table("khai-bao-chuyen-mon")[1]
    assert (claim["Mã lĩnh vực khai báo"], claim["Đến ngày"]) == ("2.5", "")
    expert = files.coded("expert-code", claim["Mã chuyên gia"])
    assert expert in {row["expert"] for row in ask("experts_in_field")}
    assert expert not in {row["expert"] for row in ask("experts_in_field", "2017-12-31")}


# 7


@pytest.mark.parametrize("park", ["Khu công nghệ cao Hòa Lạc", "Khu công nghiệp Thăng Long"])
@pytest.mark.parametrize("as_of", [DAY, "2005-07-01"])
def test_firms_in_a_park(ask: Ask, files: SampleFiles, park: str, as_of: str) -> None:
    heirs: dict[str, list[str | None]] = {}
    for row in files.table("sap-xep-to-chuc"):
        if (day(row["Ngày"]) or "") <= as_of:
            heirs.setdefault(row["Đơn vị cũ"], []).append(files.body(row["Đơn vị kế thừa"]))
    expected = [
        {
            "firm": files.body(row["Tên doanh nghiệp"]),
            "industries": [f"scheme/vsic/2018/{row['Mã ngành VSIC']}"],
            "employees": int(row["Số lao động"]),
            "founded": int(row["Năm thành lập"]),
            "merged_into": heirs.get(row["Tên doanh nghiệp"], []),
        }
        for row in files.table("doanh-nghiep")
        if row["Khu"] == park and row["Năm thành lập"] <= as_of[:4]
    ]
    assert expected
    assert plain(ask("firms_in_park", as_of, park=files.body(park))) == plain(expected)


# 8


@pytest.mark.parametrize(("since", "as_of"), [(2016, DAY), (2019, DAY), (2016, "2020-12-31"), (2016, "2015-12-31")])
def test_results_applied(ask: Ask, files: SampleFiles, since: int, as_of: str) -> None:
    results = [task for task in city_tasks(files, f"{since}-01-01", as_of) if accepted(task, as_of)]
    used = sum(applied(task, as_of) for task in results)
    unfit = sum(not applied(task, as_of) and task["Có khả năng ứng dụng"] == "không" for task in results)
    counts = {
        "accepted": len(results),
        "applied": used,
        "not_applicable": unfit,
        "unused": 0,
        "unknown": len(results) - used - unfit,
    }
    found = ask("results_applied", as_of, since=since)
    assert {row["figure"]: row["results"] for row in found} == counts and len(found) == 5
    for row in found:
        assert row["share"] == (pytest.approx(row["results"] / len(results)) if results else None)
    if results:
        assert counts["unknown"] > 0 and used > unfit > 0


# 9


@pytest.mark.parametrize(("field", "as_of"), [("", DAY), ("2", DAY), ("2.5", "2022-06-30")])
def test_results_never_offered(ask: Ask, files: SampleFiles, field: str, as_of: str) -> None:
    offered = {row["Mã công nghệ"] for row in files.table("chao-ban-cong-nghe") if (day(row["Từ ngày"]) or "") <= as_of}
    made: dict[str, list[str]] = {}
    for row in files.technologies():
        made.setdefault(row["Mã kết quả"], []).append(row["Mã công nghệ"])
    expected: Rows = []
    for task in files.tasks():
        fields = several(task["Mã lĩnh vực"])
        within = not field or any(code == field or code.startswith(f"{field}.") for code in fields)
        codes = made.get(task["Mã kết quả"], [])
        if not accepted(task, as_of) or task["Có khả năng ứng dụng"] != "có" or offered & set(codes) or not within:
            continue
        expected.append(
            {
                "result": files.coded("result-code", task["Mã kết quả"]),
                "task": files.numbered("STTask", task["Mã số nhiệm vụ"]),
                "host": files.body(task["Tổ chức chủ trì"]),
                "accepted_on": day(task["Ngày nghiệm thu"]),
                "technologies": sorted(files.numbered("Technology", code) for code in codes),
                "applied": applied(task, as_of),
            }
        )
    found = ask("results_never_offered", as_of, **({"in_field": f"{FORD}{field}"} if field else {}))
    assert found and {bool(row["technologies"]) for row in found} == {True, False}
    assert plain(found) == plain(expected)


# 10


@pytest.mark.parametrize("as_of", [DAY, "2025-11-03"])
def test_policy_advisers(ask: Ask, files: SampleFiles, as_of: str) -> None:
    total = 0
    for policy in files.table("van-ban-chinh-sach"):
        expected: Rows = []
        for row in files.table("hoi-dong-tu-van"):
            on = str(day(row["Ngày"]))
            if row["Văn bản chính sách"] == policy["Tên văn bản"] and on <= as_of:
                expected.append(
                    {
                        "person": files.coded("expert-code", row["Mã chuyên gia"]),
                        "role": ROLES[row["Vai trò"]],
                        "date": on,
                        "number": row["Số quyết định"],
                        "employers": employers(files, row["Mã chuyên gia"], on),
                    }
                )
        found = ask("policy_advisers", as_of, policy=files.numbered("PolicyInstrument", policy["Số hiệu"]))
        assert plain(found) == plain(expected)
        total += len(found)
    # two advisers and a reviewer for each of the five; those of the newest were appointed on 4 November 2025
    assert total == (15 if as_of == DAY else 12)


# 11


def test_reviewers_at_the_host(ask: Ask, files: SampleFiles) -> None:
    tasks = {row["Mã số nhiệm vụ"]: row for row in files.tasks()}
    # one step up is all there is: an office of a university or institute belongs to it
    directory = files.table("danh-ba-to-chuc-trung-gian")
    above = {files.body(row["Tên tổ chức"]): files.body(row["Trực thuộc"]) for row in directory}

    expected: Rows = []
    for row in files.table("hoi-dong-tu-van"):
        if row["Vai trò"] != "Phản biện" or not row["Mã số nhiệm vụ"]:
            continue
        host, on = files.body(tasks[row["Mã số nhiệm vụ"]]["Tổ chức chủ trì"]), str(day(row["Ngày"]))
        worked = employers(files, row["Mã chuyên gia"], on)
        ties = [body for body in worked if host in (body, above.get(body))]
        expected.append(
            {
                "task": files.numbered("STTask", row["Mã số nhiệm vụ"]),
                "host": host,
                "reviewer": files.coded("expert-code", row["Mã chuyên gia"]),
                "date": on,
                "employers": worked,
                "ties": ties,
                "shared": "yes" if ties else "no" if worked else "unknown",
            }
        )
    found = ask("reviewers_at_the_host")
    assert plain(found) == plain(expected)
    # 72 reviewers of tasks, every twelfth of whom was taken from the host's own staff
    shared = Counter(row["shared"] for row in found)
    assert shared.total() == 72 and shared["yes"] >= 6 and shared["unknown"] > 0
    assert [row["shared"] for row in found][: shared["yes"]] == ["yes"] * shared["yes"]
    one = next(row for row in found if row["shared"] == "yes")
    assert plain(ask("reviewers_at_the_host", only_task=one["task"])) == plain(
        [row for row in found if row["task"] == one["task"]]
    )
