"""Every direction of the main question on the sample, its gates over the whole of it, and offers and needs that grow old."""

import csv
import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from graph.answer.features import features, need_freshness, offer_freshness
from graph.answer.gathering import Asked, gather
from graph.answer.lookups import Lookups
from graph.answer.model import Answer, Question
from graph.answer.reading import Reading
from graph.answer.transfer import answer
from graph.views.arrays import NO_DAY, day_number

pytestmark = pytest.mark.neo4j
DAY = "2026-11-24"


@pytest.fixture(scope="module")
def reading(sample_reading: Reading) -> Reading:
    return sample_reading


def ask(reading: Reading, **parts: object) -> Answer:
    return answer(reading, Question.model_validate({"as_of": DAY, "limit": 10} | parts))


def rows(home: Path, name: str) -> list[dict[str, str]]:
    with (home / "sample" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def day_of(text: str, otherwise: str) -> str:
    found = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", text)
    return f"{found[3]}-{found[2]}-{found[1]}" if found else otherwise


def technology(reading: Reading, code: str) -> str:
    return ask(reading, technology=code, limit=1).understood[0].id


def test_no_route_of_the_whole_sample_passes_a_gate_that_its_files_close(reading: Reading, sample_home: Path) -> None:
    """All technologies, against the rows of the files: lists, recognitions and services, control, exclusive rights."""
    views = reading.views
    prohibited = {
        row["Mã công nghệ"] for row in rows(sample_home, "doi-chieu-danh-muc.csv") if "Cấm" in row["Danh mục"]
    }
    standing: dict[str, bool] = {}
    for row in rows(sample_home, "cong-nhan-to-chuc-trung-gian.csv"):
        ended = min(day_of(row["Ngày thu hồi"], "9999"), day_of(row["Hiệu lực đến"], "9999"))
        valid = day_of(row["Ngày cấp"], "") <= DAY <= ended
        standing[row["Tên tổ chức"]] = standing.get(row["Tên tổ chức"], False) or valid
    for row in rows(sample_home, "dich-vu-chuyen-giao.csv"):
        if row["Loại dịch vụ"].startswith(("Môi giới", "Tư vấn")):
            valid = day_of(row["Từ ngày"], "") <= DAY <= day_of(row["Đến ngày"], "9999")
            standing[row["Tổ chức cung cấp"]] = standing.get(row["Tổ chức cung cấp"], False) or valid
    controller = {
        row["Tên tổ chức"]: row["Chịu kiểm soát của"] for row in rows(sample_home, "danh-ba-to-chuc-trung-gian.csv")
    }
    exclusive: dict[str, set[str]] = {}
    for row in rows(sample_home, "dang-ky-quyen-cong-nghe.csv"):
        whole = row["Phạm vi lãnh thổ"] == "Việt Nam"
        if row["Độc quyền"] == "có" and whole and day_of(row["Từ ngày"], "") <= DAY <= day_of(row["Đến ngày"], "9999"):
            exclusive.setdefault(row["Mã công nghệ"], set()).add(row["Chủ thể quyền"])
    asked = routes = shut = 0
    brokers: set[str] = set()
    codes: set[str] = set()
    for node in views.arrays.ids["technology"]:
        (code,) = views.values(node, "number")[:1] or [""]
        found = ask(reading, technology=node, limit=5)
        codes.add(code)
        asked, routes, shut = asked + 1, routes + len(found.routes), shut + len(found.excluded)
        for route in found.routes:
            assert code not in prohibited
            assert route.intermediary and route.firm
            broker = route.intermediary.name
            brokers.add(broker)
            assert standing.get(broker, True), f"{broker} may not act"
            assert controller.get(broker) != route.firm.name
            others = exclusive.get(code, set()) - {route.holder.name if route.holder else ""}
            right = next(gate for gate in route.gates if gate.gate == "right")
            assert not others or right.state == "unknown", f"{code} is exclusive to {others}"
            assert "fail" not in {gate.state for gate in route.gates}
    assert asked == 500
    # the names and codes of the files are those of the answers, or nothing above could fail
    assert codes >= prohibited | exclusive.keys()
    assert len(brokers & standing.keys()) > 0.9 * len(brokers)
    assert not all(standing.values())
    assert any(controller.values()) and exclusive and prohibited
    assert routes > 1000
    assert shut > 100


def test_a_title_of_protection_means_the_technology_that_it_protects(reading: Reading, sample_home: Path) -> None:
    titles = [row for row in rows(sample_home, "van-bang-bao-ho.csv") if row["Mã công nghệ"]]
    for row in titles[:5]:
        found = ask(reading, technology=row["Số văn bằng hoặc số đơn"], limit=3)
        assert found.understood[0].id == technology(reading, row["Mã công nghệ"])
        assert {route.technology.id for route in found.routes} <= {found.understood[0].id}


def test_a_research_result_means_the_technologies_that_came_from_it(reading: Reading, sample_home: Path) -> None:
    results = [row for row in rows(sample_home, "cong-nghe-doanh-nghiep.csv") if row["Mã kết quả"]]
    certificates = rows(sample_home, "chung-nhan-ket-qua.csv")
    codes = [row["Mã kết quả"] for row in (results or certificates)][:5]
    views = reading.views
    assert codes
    for code in codes:
        found = ask(reading, technology=code, limit=3)
        assert found.understood
        for ref in found.understood:
            assert ref.type == "Technology"
            identifiers = [
                node for result in views.values(ref.id, "embodies") for node in views.values(result, "hasIdentifier")
            ]
            behind = [value for node in identifiers for value in views.values(node, "identifierValue")]
            assert code in behind


def test_an_intermediary_gets_pairs_that_nobody_served(reading: Reading) -> None:
    arrays = reading.views.arrays
    deeds = arrays.tables["deed"]
    known = deeds["technology"] >= 0
    served = {
        (arrays.ids["technology"][int(t)], arrays.ids["organisation"][int(c)])
        for t, c in zip(deeds["technology"][known], deeds["client"][known], strict=True)
    }
    brokers = np.unique(deeds["broker"])[:20]
    pairs = 0
    for number in brokers:
        name = arrays.ids["organisation"][int(number)]
        for route in ask(reading, intermediary=name).routes:
            assert route.intermediary and route.firm
            assert route.intermediary.id == name
            assert (route.technology.id, route.firm.id) not in served
            pairs += 1
    assert pairs > 50
    # asked by a technology, the same pairs come: others may serve them again
    one, firm = next(iter(sorted(served)))
    again = ask(reading, technology=one, firm=firm, limit=50)
    assert again.routes or again.excluded


def test_a_pair_gets_the_intermediaries_between(reading: Reading) -> None:
    arrays = reading.views.arrays
    needs = arrays.tables["need"]
    firm = arrays.ids["organisation"][int(needs["organisation"][0])]
    first = ask(reading, firm=firm, limit=1).routes[0]
    found = ask(reading, technology=first.technology.id, firm=firm, limit=50)
    assert {(route.technology.id, route.firm.id if route.firm else "") for route in found.routes} == {
        (first.technology.id, firm)
    }
    brokers = [
        (route.intermediary.id if route.intermediary else "", route.need.id if route.need else "")
        for route in found.routes
    ]
    assert len(brokers) == len(set(brokers)) > 1


def test_an_offer_loses_half_in_two_years_and_speaks_against_once_it_ended(reading: Reading, sample_home: Path) -> None:
    offers: dict[str, list[tuple[str, str]]] = {}
    for row in rows(sample_home, "chao-ban-cong-nghe.csv"):
        offers.setdefault(row["Mã công nghệ"], []).append((day_of(row["Từ ngày"], ""), day_of(row["Đến ngày"], "9999")))
    seen = {True: 0, False: 0}
    for code, periods in sorted(offers.items()):
        begun = [(start, end) for start, end in periods if start and start <= DAY]
        if not begun:
            continue
        current = [start for start, end in begun if end >= DAY]
        number = reading.views.arrays.number("technology", technology(reading, code))
        assert number is not None
        c = gather(reading.ranker, Asked(technologies=[number]), day_number(DAY))
        if not len(c):
            continue
        age = (date.fromisoformat(DAY) - date.fromisoformat(max(current))).days if current else 0
        expected = 0.5 ** (age / 730.5) if current else -1.0
        assert offer_freshness.values(c) == pytest.approx(np.full(len(c), expected)), code
        seen[bool(current)] += 1
        said = offer_freshness.facts(c, 0, expected)["state"]["vi"]
        day = max(current) if current else max(end for _, end in begun)
        assert f"{int(day[8:])}/{int(day[5:7])}/{day[:4]}" in said
    assert seen[True] >= 20
    assert seen[False] >= 1


def test_a_need_loses_half_in_a_year_and_speaks_against_once_it_is_over(reading: Reading) -> None:
    day = day_number(DAY)
    c = gather(reading.ranker, Asked(need=0), day)
    assert len(c)
    lookups = Lookups(reading.views.arrays)
    for posted, deadline, expected in (
        (day, NO_DAY, 1.0),
        (day - 365.25, day, 0.5),
        (day - 10, day - 1, -1.0),
        (NO_DAY, day - 1, -1.0),
        (NO_DAY, day, np.nan),
        (day + 1, NO_DAY, np.nan),
    ):
        lookups.__dict__["posted"] = np.full(reading.views.arrays.size("need") + 1, posted)
        lookups.__dict__["deadlines"] = np.full(reading.views.arrays.size("need") + 1, deadline)
        kept, c.ranker.lookups = c.ranker.lookups, lookups
        assert need_freshness.values(c) == pytest.approx(np.full(len(c), expected), nan_ok=True)
        assert np.isnan(need_freshness.values(c.lacking("need", frozenset({0})))).all()
        c.ranker.lookups = kept


def test_features_say_which_rows_they_read() -> None:
    known = {"deed", "offering", "need", "level", "offer"}
    assert all(set(feature.reads) <= known for feature in features())
