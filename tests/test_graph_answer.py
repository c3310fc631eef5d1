"""The main question on the sample: gates never let through what was planted, scores add up, and a counterfactual is what it says."""

import csv
import math
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import graph.answer.features
from graph.answer.errors import AnswerError
from graph.answer.features import features
from graph.answer.gathering import Asked, gather
from graph.answer.model import Answer, Question, Route
from graph.answer.reading import Reading
from graph.answer.score import score, scored_without, used
from graph.answer.transfer import answer
from graph.answer.understanding import concepts_in
from graph.answer.weighing import weights
from graph.answer.wording import of_language, said, shared_phrases, told
from graph.statements.home import Home
from graph.views.engine import Engine
from graph.views.reading import SnapshotViews

pytestmark = pytest.mark.neo4j
DAY = "2026-11-24"


@pytest.fixture(scope="module")
def reading(sample_home: Path) -> Iterator[Reading]:
    home = Home(sample_home)
    engine = Engine(home)
    number = engine.current()
    assert number is not None
    yield Reading(SnapshotViews(home, number), engine.graph)
    engine.close()


def ask(reading: Reading, **parts: object) -> Answer:
    return answer(reading, Question.model_validate({"as_of": DAY, "limit": 20} | parts))


def rows(home: Path, name: str) -> list[dict[str, str]]:
    with (home / "sample" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def day_of(text: str) -> str:
    found = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", text)
    return f"{found[3]}-{found[2]}-{found[1]}" if found else ""


def listed(home: Path, word: str) -> list[str]:
    return [row["Mã công nghệ"] for row in rows(home, "doi-chieu-danh-muc.csv") if word in row["Danh mục"]]


def test_a_text_gives_routes_with_everything_that_a_route_needs(reading: Reading) -> None:
    found = ask(reading, text="xử lý nước thải bằng màng lọc")
    assert found.routes and not found.missing
    assert [route.rank for route in found.routes] == list(range(1, len(found.routes) + 1))
    assert [route.log_odds for route in found.routes] == sorted((r.log_odds for r in found.routes), reverse=True)
    for route in found.routes:
        assert math.fsum(part.value for part in route.contributions) == pytest.approx(route.log_odds, abs=1e-9)
        assert route.score == pytest.approx(1 / (1 + math.exp(-route.log_odds)))
        assert {gate.gate for gate in route.gates} >= {"law", "right", "broker", "conflict"}
        assert not [gate for gate in route.gates if gate.state == "fail"]
        assert route.transferable_now == all(gate.state == "pass" for gate in route.gates)
        assert route.transferable_now or route.next_steps
        assert all(hop.sources for hop in route.hops if hop.asserted)
        reached = {route.technology.id}
        for hop in route.hops:
            assert hop.from_.id in reached, "each hop starts where the route has come to"
            reached.add(hop.to.id)
        assert all(source.file and source.line and source.date for hop in route.hops for source in hop.sources)


@pytest.mark.parametrize("text", ["xử lý nước thải", "xu ly nuoc thai", "wastewater treatment", "XỬ LÝ NƯỚC THẢI"])
def test_a_text_is_understood_with_and_without_diacritics_and_in_english(text: str) -> None:
    assert "scheme/ipc/2024/C02F" in concepts_in(text)


def test_diacritics_that_were_typed_count() -> None:
    assert "scheme/ipc/2024/C02F" not in concepts_in("xứ lỳ nước thái")


def test_the_number_of_a_title_asks_for_what_it_protects(reading: Reading, sample_home: Path) -> None:
    titles = {
        row["Số văn bằng hoặc số đơn"]: row["Mã công nghệ"] for row in rows(sample_home, "van-bang-bao-ho.csv")[:5]
    }
    assert len(titles) == 5
    for number, technology in titles.items():
        named, typed = ask(reading, technology=technology), ask(reading, text=number)
        assert typed.understood == named.understood and not typed.missing
        assert [route.key for route in typed.routes] == [route.key for route in named.routes]


def test_of_a_firm_that_nothing_is_known_to_look_for_more_is_asked(reading: Reading, sample_home: Path) -> None:
    with_needs = {row["Doanh nghiệp"] for row in rows(sample_home, "nhu-cau-cong-nghe.csv")}
    firms = [row["Tên doanh nghiệp"] for row in rows(sample_home, "doanh-nghiep.csv")]
    answers = (ask(reading, firm=firm) for firm in firms if firm not in with_needs)
    alone = next(found for found in answers if not found.routes and not found.excluded)
    assert len(alone.missing) == 1 and "nhu cầu" in alone.missing[0]
    assert not ask(reading, firm=next(firm for firm in firms if firm in with_needs)).missing


def test_each_hop_reads_from_its_beginning_to_its_end(reading: Reading) -> None:
    """Where the intermediary worked for the holder, the holder is its client, and where it is a unit of the holder, the holder has it."""
    seen = set()
    for text in ("xử lý nước thải", "pin", "phần mềm", "chế phẩm"):
        for route in ask(reading, text=text).routes:
            for hop in route.hops:
                if route.holder and (hop.from_.id, hop.to.id) == (route.holder.id, route.intermediary.id):
                    seen.add(hop.relation)
                    if hop.relation == "clientOf":
                        assert hop.via
                        assert route.intermediary.id in reading.views.values(hop.via.id, "provider") + (
                            reading.views.values(hop.via.id, "broker")
                        )
                    if hop.relation == "hasUnit":
                        assert route.holder.id in reading.views.values(route.intermediary.id, "unitOf")
    assert {"clientOf", "coversField"} <= seen <= {"clientOf", "coversField", "hasUnit", "controls"}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_reasons_speak_the_language_that_was_asked(reading: Reading, language: str) -> None:
    for route in ask(reading, text="xử lý nước thải", language=language, limit=5).routes:
        vietnamese = re.compile("[ăâđêôơưạảấầẩậắằẳặẹẻẽếềểệỉịọỏốồổộớờởợụủứừửựỳỵỷỹ]")
        sentences = [part.reason for part in route.contributions if not re.search("[«“]", part.reason)]
        assert all(bool(vietnamese.search(sentence)) == (language == "vi") for sentence in sentences), sentences


def test_a_prohibited_technology_is_never_brought_to_anybody(reading: Reading, sample_home: Path) -> None:
    codes = listed(sample_home, "Cấm")
    assert len(codes) == 3
    for code in codes:
        found = ask(reading, technology=code)
        assert not found.routes
        assert found.excluded and {shut.gate for shut in found.excluded} == {"law"}
        assert all(shut.basis for shut in found.excluded)


def test_a_restricted_technology_passes_with_a_permit_of_that_day_only(reading: Reading, sample_home: Path) -> None:
    codes = listed(sample_home, "Hạn chế")
    permits = {
        row["Mã công nghệ"]: (day_of(row["Ngày cấp"]), day_of(row["Hiệu lực đến"]))
        for row in rows(sample_home, "giay-phep-chuyen-giao.csv")
    }
    seen = {True: 0, False: 0}
    for code in codes:
        first, last = permits.get(code, ("", ""))
        valid = bool(first) and first <= DAY and (not last or last >= DAY)
        seen[valid] += 1
        found = ask(reading, technology=code)
        states = {gate.state for route in found.routes for gate in route.gates if gate.gate == "law"}
        assert states <= ({"pass"} if valid else set()), code
        assert valid or {shut.gate for shut in found.excluded} == {"law"}
    assert seen[True] == 5 and seen[False] == 7


def test_an_intermediary_whose_recognition_ended_is_shut_out_from_that_day_on(
    reading: Reading, sample_home: Path
) -> None:
    periods: dict[str, list[tuple[str, str]]] = {}
    for row in rows(sample_home, "cong-nhan-to-chuc-trung-gian.csv"):
        last = day_of(row["Ngày thu hồi"]) or day_of(row["Hiệu lực đến"]) or "9999-12-31"
        periods.setdefault(row["Tên tổ chức"], []).append((day_of(row["Ngày cấp"]), last))
    brokering = {
        row["Tổ chức cung cấp"]
        for row in rows(sample_home, "dich-vu-chuyen-giao.csv")
        if row["Loại dịch vụ"].startswith(("Môi giới", "Tư vấn")) and (day_of(row["Đến ngày"]) or "9999") >= DAY
    }
    ended = {
        name: found for name, found in periods.items() if max(last for _, last in found) < DAY and name not in brokering
    }
    assert len(ended) >= 4
    for name, found in ended.items():
        now = ask(reading, intermediary=name, limit=5)
        assert not now.routes, name
        assert "broker" in {shut.gate for shut in now.excluded}, name
        first, last = found[0]
        middle = date.fromordinal((date.fromisoformat(first).toordinal() + date.fromisoformat(last).toordinal()) // 2)
        then = answer(reading, Question(intermediary=name, as_of=middle.isoformat(), limit=5))
        assert not [shut for shut in then.excluded if shut.gate == "broker"], name


def test_a_firm_s_own_intermediary_is_a_conflict(reading: Reading, sample_home: Path) -> None:
    controlled = [row for row in rows(sample_home, "danh-ba-to-chuc-trung-gian.csv") if row["Chịu kiểm soát của"]]
    assert controlled
    for row in controlled:
        found = ask(reading, intermediary=row["Tên tổ chức"], firm=row["Chịu kiểm soát của"])
        assert not found.routes
        assert all(shut.gate in ("conflict", "law", "right", "need") for shut in found.excluded)


def test_an_exclusive_right_of_somebody_else_shuts_out(reading: Reading, sample_home: Path) -> None:
    exclusive = [
        row
        for row in rows(sample_home, "dang-ky-quyen-cong-nghe.csv")
        if row["Độc quyền"] == "có"
        and day_of(row["Từ ngày"]) <= DAY <= (day_of(row["Đến ngày"]) or "9999")
        and row["Phạm vi lãnh thổ"] == "Việt Nam"
    ]
    assert len(exclusive) >= 10
    for row in exclusive:
        for route in ask(reading, technology=row["Mã công nghệ"], limit=5).routes:
            right = next(gate for gate in route.gates if gate.gate == "right")
            assert right.state == "unknown", row["Mã công nghệ"]


def test_a_confidential_need_is_never_seen(reading: Reading, sample_home: Path) -> None:
    secret = [row for row in rows(sample_home, "nhu-cau-cong-nghe.csv") if row["Bảo mật"] == "có"]
    assert len(secret) == 12
    for row in secret:
        with pytest.raises(AnswerError):
            ask(reading, need=row["Mã nhu cầu"])
        assert not [hit for hit in reading.views.search(row["Tên nhu cầu"], 5) if hit.name == row["Tên nhu cầu"]]


def test_a_counterfactual_is_the_score_without_these_statements(reading: Reading) -> None:
    """Taken away from the arrays and scored anew from nothing, a reason's statements change score and rank as was said."""
    ranker = reading.ranker
    number = ranker.arrays.number("need", reading.views.search("nước thải dệt nhuộm", 1, ("TechnologyNeed",))[0].id)
    candidates = gather(ranker, Asked(need=number), (date.fromisoformat(DAY) - date(1970, 1, 1)).days)
    known = score(candidates)
    checked = 0
    for at in np.argsort(-known.log_odds)[:5]:
        for feature in used(ranker.weights):
            table, evidence = feature.evidence(candidates, int(at))
            if not evidence or float(known.parts[feature.name][at]) <= 0:
                continue
            quick = score(candidates.lacking(table, evidence), known, table)
            fresh_candidates = candidates.lacking(table, evidence)
            fresh_candidates.__dict__.pop("near", None)
            fresh = score(fresh_candidates)
            assert np.allclose(quick.log_odds, fresh.log_odds, atol=1e-9), feature.name
            assert quick.log_odds[at] < known.log_odds[at]
            touched = candidates.touched(table, evidence)
            elsewhere = np.setdiff1d(np.arange(len(candidates)), touched)
            assert at in touched
            assert np.array_equal(fresh.log_odds[elsewhere], known.log_odds[elsewhere]), "they have none of the ends"
            told = scored_without(candidates, known, table, evidence)
            assert np.allclose(told, fresh.log_odds, atol=1e-9), feature.name
            assert np.array_equal(told > told[at] + 1e-9, fresh.log_odds > fresh.log_odds[at] + 1e-9), "its rank"
            checked += 1
    assert checked >= 10
    whole = {
        table: {one.whole for one in used(ranker.weights) if table in one.reads} for table in ("need", "level", "offer")
    }
    assert set(map(frozenset, whole.values())) == {frozenset({True})}
    assert all(feature.of_ends for feature in used(ranker.weights) if feature.reads), "else all are scored again"


def test_every_feature_has_a_weight_and_words_in_both_languages() -> None:
    learned = {path.stem for path in (Path(graph.answer.features.__file__).parent).glob("*.py")} - {"__init__"}
    assert {feature.name for feature in features()} == learned, "each file is a feature"
    assert {feature.name for feature in used(weights())} == set(weights().features), "and each weight is of one"
    for feature in features():
        assert set(feature.sentences) == set(feature.label) == {"vi", "en"}


def test_what_is_not_known_is_said_not_guessed(reading: Reading) -> None:
    with pytest.raises(AnswerError, match="no firm is called"):
        ask(reading, firm="Công ty Không Có Thật Bao Giờ")
    assert ask(reading, text="qwertyuiop").missing


def test_past_and_coming_offers_and_deals_count_on_their_days_only(reading: Reading) -> None:
    early: list[Route] = list(answer(reading, Question(text="xử lý nước thải", as_of="2014-01-01")).routes)
    for route in early:
        used = {part.feature for part in route.contributions if part.value > 0}
        assert not used & {"track_record", "acquaintance", "firm_history"}, "nothing had happened by then"


def test_wording() -> None:
    assert said(2_000_000, "vi") == "2.000.000" and said(2_000_000, "en") == "2,000,000"
    assert said("2026-05-09", "vi") == "9/5/2026" and said("2026-05-09", "en") == "9 May 2026"
    assert said(0.584, "vi") == "0,58" and said(0.584, "en") == "0.58"
    # what is small is not told as nothing
    assert said(0.0042, "vi") == "0,004" and said(0.0, "en") == "0.00"
    assert shared_phrases(["Xử lý nước thải lò mổ, xử lý khí"], ["xu", "ly", "nuoc", "thai"]) == ["Xử lý nước thải"]
    words = ["may", "cho", "loc", "nuoc", "bang", "wastewater", "of", "plant", "thong", "the"]
    assert shared_phrases(["Máy lọc nước bằng than cho thống kê"], words) == ["Máy lọc nước"]
    assert shared_phrases(["of the wastewater plant"], words) == ["wastewater plant"]
    assert shared_phrases(["thống"], words) == []
    # a page is not told words of the other language while it has its own; a name such as LoRaWAN is of neither
    assert of_language(["bún đậu", "noodle", "LoRaWAN"], "vi") == ["bún đậu", "LoRaWAN"]
    assert of_language(["bún đậu", "noodle", "LoRaWAN"], "en") == ["noodle", "LoRaWAN"]
    assert of_language(["CNC spindles", "pin lithium"], "vi") == ["pin lithium"]
    assert of_language(["noodle"], "vi") == []


def test_shared_words_are_told_in_the_marks_of_the_language_and_say_where_they_are_of_the_other_one() -> None:
    assert told(["bún đậu", "noodle"], "vi") == "«bún đậu»"
    assert told(["bún đậu", "noodle"], "en") == "“noodle”"
    assert told(["bún đậu"], "en") == "“bún đậu” (Vietnamese words)"
    assert told(["noodle"], "vi") == "«noodle» (lời tiếng Anh)"
    assert told([], "en") == "a few single words"


@pytest.mark.parametrize(
    ("need", "words", "technology", "phrases"),
    [
        # two syllables of two compounds are no phrase, though both texts have both
        ("Tìm sản phẩm thay kháng sinh", "pham sinh", "Chế phẩm sinh học thay thế kháng sinh", ["kháng sinh"]),
        # of a longer phrase that both have, all is told, not the words that weigh most
        (
            "Thiết bị theo dõi dấu hiệu sinh tồn người cao tuổi",
            "ton nguoi",
            "Hệ thống theo dõi dấu hiệu sinh tồn người cao tuổi qua ra đa",
            ["theo dõi dấu hiệu sinh tồn người cao tuổi"],
        ),
        # a comma parts them
        ("lọc nước, thải khí", "nuoc thai", "lọc nước thải", ["lọc nước"]),
        ("Tìm thiết bị", "tim thiet", "thiết bị cho người suy tim", []),
    ],
)
def test_what_two_texts_share_stands_together_in_both(
    need: str, words: str, technology: str, phrases: list[str]
) -> None:
    assert shared_phrases([need], words.split(), [technology]) == phrases
