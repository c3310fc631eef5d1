"""Filters of the main question on the sample, against what its own files say; pages of an answer, and single routes asked for again."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pytest

from graph.answer.errors import AnswerError
from graph.answer.gathering import Asked, gather
from graph.answer.model import Answer, Filter, Question
from graph.answer.narrowing import FILTERS, narrow
from graph.answer.reading import Reading
from graph.answer.transfer import answer
from graph.answer.within import Within
from graph.views.arrays import day_number
from tests.conftest import SAMPLE_DAY as DAY
from tests.sample_files import SampleFiles, day, several

pytestmark = pytest.mark.neo4j
TEXT = "xử lý nước thải"
HANOI = "scheme/place/2025/VN-HN"


def ask(reading: Reading, **parts: object) -> Answer:
    return answer(reading, Question.model_validate({"as_of": DAY, "limit": 50} | parts))


def told(found: Answer, name: str) -> Filter:
    (one,) = [one for one in found.filters if one.name == name]
    return one


def code_of(reading: Reading, files: SampleFiles) -> dict[str, str]:
    """Id of a technology → its code in the files."""
    return {files.coded("technology-code", row["Mã công nghệ"]): row["Mã công nghệ"] for row in files.technologies()}


def last_levels(files: SampleFiles) -> dict[str, set[int]]:
    """Code of a technology → the levels of its last assessment by the day; several where two bodies assessed it on one day."""
    assessed: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in files.technologies():
        if row["TRL"]:
            assessed[row["Mã công nghệ"]].append((day(row["Ngày đánh giá TRL"]) or "", int(row["TRL"])))
    for row in files.table("phieu-danh-gia-trl"):
        assessed[row["Mã công nghệ"]].append((day(row["Ngày lập phiếu"]) or "", int(row["Kết quả đánh giá TRL"])))
    found = {}
    for code, list_ in assessed.items():
        known = [one for one in list_ if one[0] <= DAY]
        last = max(on for on, _ in known)
        found[code] = {level for on, level in known if on == last}
    return found


def lowest_prices(files: SampleFiles) -> dict[str, int]:
    """Code of a technology → the lowest price in VND at which it is offered on the day."""
    found: dict[str, int] = {}
    for row in files.table("chao-ban-cong-nghe"):
        price = row["Giá (triệu đồng)"]
        if price and (day(row["Từ ngày"]) or "") <= DAY <= (day(row["Đến ngày"]) or "9999"):
            code, dong = row["Mã công nghệ"], int(float(price) * 1_000_000)
            found[code] = min(dong, found.get(code, dong))
    return found


def test_readiness_is_that_of_the_last_assessment(sample_reading: Reading, sample_files: SampleFiles) -> None:
    found, levels = ask(sample_reading, text=TEXT, trl=8), last_levels(sample_files)
    seen = told(found, "trl")
    assert sum(min(of) >= 8 for of in levels.values()) <= seen.passed <= sum(max(of) >= 8 for of in levels.values())
    assert seen.passed + seen.failed == len(levels)
    assert seen.unknown == len(sample_files.technologies()) - len(levels)
    codes = code_of(sample_reading, sample_files)
    assert found.routes
    assert all(max(levels[codes[route.technology.id]]) >= 8 for route in found.routes)


def test_price_is_that_of_an_offer_on_the_day(sample_reading: Reading, sample_files: SampleFiles) -> None:
    most = 1_500_000_000
    found, prices = ask(sample_reading, text=TEXT, price=most), lowest_prices(sample_files)
    cheap = {code for code, price in prices.items() if price <= most}
    seen = told(found, "price")
    assert (seen.passed, seen.failed) == (len(cheap), len(prices) - len(cheap))
    codes = code_of(sample_reading, sample_files)
    assert found.routes
    assert {codes[route.technology.id] for route in found.routes} <= cheap


def test_region_is_where_the_firm_is(sample_reading: Reading, sample_files: SampleFiles) -> None:
    placed = {sample_files.body(row["Tên doanh nghiệp"]): row["Địa bàn"] for row in sample_files.table("doanh-nghiep")}
    # a university takes technologies too
    universities = sample_files.table("truong-vien")
    name = next(header for header in universities[0] if header.startswith("Tên "))
    placed |= {sample_files.body(row[name]): row["Địa bàn"] for row in universities}
    for place, called in ((HANOI, "Hà Nội"), ("VN-HP", "Hải Phòng")):
        found = ask(sample_reading, text=TEXT, region=place)
        assert found.routes
        assert {placed[route.firm.id] for route in found.routes if route.firm} == {called}


def test_industry_takes_in_what_is_narrower(sample_reading: Reading, sample_files: SampleFiles) -> None:
    stated = {
        sample_files.body(row["Tên doanh nghiệp"]): several(row["Mã ngành VSIC"])
        for row in sample_files.table("doanh-nghiep")
    }
    food = ask(sample_reading, text="chế biến nông sản", industry="10")
    assert food.routes
    assert all(any(code.startswith("10") for code in stated[route.firm.id]) for route in food.routes if route.firm)
    # section C of the classification is manufacturing: divisions 10 to 33
    manufacturing = ask(sample_reading, text="chế biến nông sản", industry="C")
    assert told(manufacturing, "industry").passed > told(food, "industry").passed
    for route in manufacturing.routes:
        assert route.firm is not None
        assert any(10 <= int(code[:2]) <= 33 for code in stated[route.firm.id])


def test_field_and_kind_of_holder_are_those_of_the_technology(
    sample_reading: Reading, sample_files: SampleFiles
) -> None:
    fields = {row["Mã công nghệ"]: several(row["Mã lĩnh vực"]) for row in sample_files.technologies()}
    codes = code_of(sample_reading, sample_files)
    found = ask(sample_reading, text=TEXT, field="2.7", holder_class="University")
    assert found.routes
    for route in found.routes:
        assert "2.7" in fields[codes[route.technology.id]]
        owners = sample_reading.views.arrays.ids["organisation"]
        number = sample_reading.views.arrays.number("technology", route.technology.id)
        holders = sample_reading.ranker.lookups.owners[[number]].indices
        assert any("University" in sample_reading.views.types(owners[one]) for one in holders)


def test_kind_of_intermediary_is_a_recognition_valid_on_the_day(
    sample_reading: Reading, sample_files: SampleFiles
) -> None:
    kind = "Trung tâm xúc tiến và hỗ trợ hoạt động chuyển giao công nghệ"
    rows = sample_files.table("cong-nhan-to-chuc-trung-gian")
    assert any(row["Loại hình công nhận"] == kind for row in rows)
    valid = {
        sample_files.body(row["Tên tổ chức"])
        for row in rows
        if row["Loại hình công nhận"] == kind
        and (day(row["Ngày cấp"]) or "") <= DAY <= (day(row["Hiệu lực đến"]) or "9999")
        and (day(row["Ngày thu hồi"]) or "9999") > DAY
    }
    found = ask(sample_reading, text=TEXT, intermediary_kind="transfer-promotion-centre")
    assert told(found, "intermediary_kind").passed == len(valid)
    assert found.routes
    assert {route.intermediary.id for route in found.routes if route.intermediary} <= valid


def _firms(reading: Reading, technology: int, within: Within) -> set[int]:
    found = gather(reading.ranker, Asked(technologies=[technology]), day_number(DAY), within=within)
    return set(found.firm.tolist())


def test_filters_come_before_limits(sample_reading: Reading) -> None:
    """What is filtered is the best of those that pass, not what is left of the best of all."""
    more = 0
    for place in ("VN-HN", "VN-HP", "VN-56"):
        within, _ = narrow(sample_reading, Question(text="x", region=place), DAY)
        assert within.firms is not None
        passing = set(np.flatnonzero(within.firms).tolist())
        for technology in range(0, 100, 5):
            alone = _firms(sample_reading, technology, within)
            assert alone <= passing
            assert _firms(sample_reading, technology, Within()) & passing <= alone
            more += len(alone) - len(_firms(sample_reading, technology, Within()) & passing)
    assert more > 0


@pytest.fixture(scope="module")
def whole(sample_reading: Reading) -> Iterator[Answer]:
    yield ask(sample_reading, text=TEXT, limit=30)


def test_pages_of_an_answer_are_parts_of_it(sample_reading: Reading, whole: Answer) -> None:
    page = ask(sample_reading, text=TEXT, offset=10, limit=5)
    assert [(route.rank, route.key, route.log_odds) for route in page.routes] == [
        (route.rank, route.key, route.log_odds) for route in whole.routes[10:15]
    ]
    assert [route.rank for route in whole.routes] == list(range(1, 31))
    assert page.truncated
    assert ask(sample_reading, text=TEXT, offset=199, limit=200).routes[-1].rank <= 200


def test_a_route_asked_for_again_has_its_rank_and_reasons(sample_reading: Reading, whole: Answer) -> None:
    some = [whole.routes[at] for at in (2, 17)]
    again = ask(sample_reading, text=TEXT, route=[route.key for route in some])
    assert [(route.key, route.rank, route.contributions) for route in again.routes] == [
        (route.key, route.rank, route.contributions) for route in some
    ]
    # what taking statements away would change is told of the first routes of an answer only, and of those that are asked for
    assert again.routes[1].counterfactuals
    assert not some[1].counterfactuals
    assert ask(sample_reading, text=TEXT, route=["a.b.c.d"]).routes == ()


def test_what_a_filter_does_not_know_is_said(sample_reading: Reading) -> None:
    for name, value in (
        ("industry", "nonsense"),
        ("region", "Atlantis"),
        ("field", "x"),
        ("holder_class", "Technology"),
    ):
        with pytest.raises(AnswerError, match=name):
            ask(sample_reading, text=TEXT, **{name: value})
    assert set(FILTERS) <= set(Question.model_fields)


def test_nothing_passes_and_nothing_else_is_put_in_its_place(sample_reading: Reading) -> None:
    found = ask(sample_reading, text=TEXT, price=1)
    assert (found.routes, found.excluded) == ((), ())
    assert told(found, "price").passed == 0


def test_a_person_means_what_he_or_she_made(sample_reading: Reading, sample_files: SampleFiles) -> None:
    made: dict[str, set[str]] = defaultdict(set)
    for row in sample_files.technologies():
        for person in several(row["Mã tác giả"]):
            made[person].add(sample_files.coded("technology-code", row["Mã công nghệ"]))
    named = {row["Mã chuyên gia"]: row["Họ và tên"] for row in sample_files.table("chuyen-gia")}
    alone = [code for code in sorted(made) if list(named.values()).count(named[code]) == 1]
    for code in alone[:3]:
        found = ask(sample_reading, text=named[code])
        assert [(ref.id, ref.type) for ref in found.understood] == [(sample_files.coded("expert-code", code), "Person")]
        assert found.routes or found.excluded
        assert {route.technology.id for route in found.routes} <= made[code]
    idle = next(code for code in named if code not in made and list(named.values()).count(named[code]) == 1)
    assert ask(sample_reading, text=named[idle]).missing or ask(sample_reading, text=named[idle]).routes


def test_a_university_means_what_it_has_to_give(sample_reading: Reading, sample_files: SampleFiles) -> None:
    name = "Trường Đại học Nông nghiệp Lam Huyễn"
    owned = {
        sample_files.coded("technology-code", row["Mã công nghệ"])
        for table in ("dang-ky-quyen-cong-nghe", "ke-khai-quyen-cong-nghe")
        for row in sample_files.table(table)
        if row["Chủ thể quyền"] == name and row["Quyền năng"] == "Sở hữu"
    }
    found = ask(sample_reading, text=name)
    assert [ref.name for ref in found.understood] == [name]
    assert found.routes
    assert {route.technology.id for route in found.routes} <= owned
