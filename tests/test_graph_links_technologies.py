"""Linking of technologies: how titles are read, what is compared, what forbids, and who is asked. All bodies are made up."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import count
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graph.links.entities import make_entities
from graph.links.linking import link
from graph.links.records.parameters import read_technology_parameters, write_record_parameters
from graph.links.records.technologies import Described, excludes
from graph.links.records.technology_comparisons import TECHNOLOGIES
from graph.links.records.technology_learning import learn_technologies, written_twice
from graph.links.records.titles import TitleWords, count_title_words, read_title
from graph.links.technologies import LINKED, Rivals, compared, joined
from graph.statements.home import Home
from graph.statements.load_writing import write_load
from graph.statements.loads import Load, Origin, active, connect, open_statements
from ontology.statement import ABOUT, CURATOR_PREFIX, DIFFERENT_FROM, Mentions, Record, Statement, mention_id

_numbers = count()


def technology(*titles: str, **said: Any) -> Described:
    """A technology with one mention, in a list of its own."""
    at = next(_numbers)
    known: dict[str, Any] = {key: frozenset(value) for key, value in said.items()}
    return Described(**{"members": [f"m{at}"], "sources": frozenset({f"s{at}"}), "titles": titles} | known)


def probability(*told: Described) -> float:
    """How probable it is that the first two are one; 0 where they are not compared or something forbids it."""
    with connect() as con:
        pairs = compared(con, told, read_technology_parameters())
    found = pairs.probability[(pairs.left == 0) & (pairs.right == 1)]
    return float(found[0]) if len(found) else 0.0


def linked(*told: Described) -> set[tuple[int, int]]:
    """Which of some technologies are linked, as their places."""
    with connect() as con:
        pairs = compared(con, told, read_technology_parameters())
    return {(int(pairs.left[at]), int(pairs.right[at])) for at in joined(told, pairs)}


TEAM: dict[str, Any] = {
    "holders": {"Viện Ví Dụ"},
    "inventors": {"Trịnh Ví Dụ Quýnh", "Khổng Thử Nghiêm"},
    "classes": {"C02F"},
}
TITLE = "Quy trình nuôi sinh khối nấm đông trùng hạ thảo trên giá thể gạo lứt"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Hệ thống xử lý nước thải công suất 50 m3/ngày", {"50"}),
        ("Bể lắng 1.000 lít", {"1000"}),
        ("Bể lắng 1000 lít", {"1000"}),
        ("Lò sấy 2,5 tấn", {"2.5"}),
        ("Giống lúa VD1", {"vd1"}),
        ("Giống lúa VD-1", {"vd1"}),
        ("Giống lúa VD 1, phiên bản 2", {"vd1", "2"}),
        ("GIỐNG LÚA VD1 CHỊU MẶN 3", {"vd1", "3"}),
        ("HỆ THỐNG XỬ LÝ NƯỚC THẢI 50 M3", {"50"}),
        ("Máy sấy thế hệ II, loại B", {"ii", "b"}),
        ("máy sấy thế hệ iii", {"iii"}),
        ("Vật liệu TiO2", {"tio2"}),
        ("Bộ lọc 500W", {"500"}),
        ("Method for making a dryer", set()),
    ],
)
def test_numbers_and_models_of_a_title(text: str, numbers: set[str]) -> None:
    assert read_title(text).numbers == numbers


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Quy trình và thiết bị sản xuất nấm", {"process", "device"}),
        ("Máy sấy dùng phương pháp bơm nhiệt", {"device"}),
        ("QUY TRINH SAN XUAT NAM", {"process"}),
        ("Method and apparatus for making a coating", {"process", "device"}),
        ("Solar dryer with a sensor", set()),
        ("Wastewater treatment systems using membranes", {"device"}),
        ("Giống lúa chịu mặn", {"variety"}),
    ],
)
def test_what_kind_of_thing_a_title_names(text: str, kinds: set[str]) -> None:
    assert read_title(text).kinds == kinds


def test_a_title_in_the_terms_of_either_language() -> None:
    vietnamese, bare = (
        read_title("Hệ thống xử lý nước thải bằng màng"),
        read_title("He thong xu ly nuoc thai bang mang"),
    )
    english = read_title("Wastewater treatment systems using membranes")
    assert {*vietnamese.terms} == {*english.terms}
    assert (vietnamese.vietnamese, bare.vietnamese, english.vietnamese) == (True, True, False)
    assert bare.words == vietnamese.words == bare.spelled != vietnamese.spelled


def test_rare_words_weigh_more_and_vietnamese_ones_are_counted() -> None:
    counts = count_title_words([f"Method of zyx{at}" for at in range(2_000)])
    assert counts.weight("method") == 1 < counts.weight("zyxquen")
    assert counts.weight("nuoc") < counts.weight("zyxnuoc")
    assert counts.weight("quy") == counts.weight("trinh") == 2 < counts.weight("cá tầm")
    assert TitleWords(64, {"a": 64, "b": 16}).weight("b") == 1


@pytest.mark.parametrize(
    "other",
    [
        "Nuôi sinh khối nấm đông trùng hạ thảo trên giá thể gạo lứt: quy trình",
        "QUY TRÌNH NUÔI SINH KHỐI NẤM ĐÔNG TRÙNG HẠ THẢO TRÊN GIÁ THỂ GẠO LỨT",
        "Quy trinh nuoi sinh khoi nam dong trung ha thao tren gia the gao lut",
        "Công nghệ nuôi sinh khối nấm đông trùng hạ thảo trên gạo lứt",
    ],
)
def test_the_same_title_in_other_words_is_linked(other: str) -> None:
    assert linked(technology(TITLE, **TEAM), technology(other, **TEAM)) == {(0, 1)}


def test_a_title_in_the_other_language_is_compared_by_terms() -> None:
    one = technology("Hệ thống xử lý nước thải bằng màng", **TEAM)
    other = technology("Wastewater treatment system using a membrane", **TEAM)
    unlike = technology("Rice seed drying machine using a heat pump", **TEAM)
    assert linked(one, other) == {(0, 1)}
    assert probability(one, unlike) < probability(one, other)
    assert not linked(one, unlike)


FORBIDDEN = [
    ("Giống lúa chịu mặn VD1", "Giống lúa chịu mặn VD2"),
    ("Hệ thống lọc nước nhiễm phèn công suất 50 m3/ngày", "Hệ thống lọc nước nhiễm phèn công suất 500 m3/ngày"),
    ("Phần mềm chấm công khuôn mặt phiên bản 1", "Phần mềm chấm công khuôn mặt phiên bản 2"),
    ("Máy gieo hạt khí động thế hệ II", "MÁY GIEO HẠT KHÍ ĐỘNG THẾ HỆ III"),
    ("Lò đốt rác plasma loại B", "Lò đốt rác plasma loại C"),
]


@pytest.mark.parametrize(("one", "other"), FORBIDDEN)
def test_another_number_or_model_forbids_whatever_else_is_shared(one: str, other: str) -> None:
    mine, theirs = technology(one, **TEAM), technology(other, **TEAM)
    assert excludes(mine, theirs) and probability(mine, theirs) == 0.0
    assert linked(mine, technology(one, **TEAM)) == {(0, 1)}


def test_a_number_that_only_one_title_gives_forbids_nothing() -> None:
    one, other = technology(f"{TITLE}, quy mô 2 tấn", **TEAM), technology(TITLE, **TEAM)
    assert not excludes(one, other)
    assert linked(one, other) == {(0, 1)}


def test_diacritics_that_were_typed_count() -> None:
    """ "đường" is not "dương", but typed without diacritics it may be either."""
    one, other = "Chế phẩm chiết từ đường mía chữa bệnh", "Chế phẩm chiết từ dương mía chữa bệnh"
    bare = "Che pham chiet tu duong mia chua benh"
    same = probability(technology(one, **TEAM), technology(one, **TEAM))
    assert probability(technology(one, **TEAM), technology(other, **TEAM)) < same
    assert probability(technology(one, **TEAM), technology(bare, **TEAM)) == same


@pytest.mark.parametrize(
    "longer",
    [
        f"{TITLE} kết hợp chiếu xạ gamma liều thấp và ủ ấm tuần hoàn trong buồng vô khuẩn",
        "Quy trình nuôi sinh khối nấm men đỏ giàu astaxanthin bằng bã khoai mì",
    ],
)
def test_a_title_that_only_begins_another_is_not_linked_by_the_holder_alone(longer: str) -> None:
    """Two technologies of one holder that begin alike are the usual mistake."""
    held = {"holders": TEAM["holders"], "classes": TEAM["classes"]}
    assert not linked(technology(TITLE, **held), technology(longer, **held))


def test_another_holder_and_other_inventors_speak_against() -> None:
    short = "Máy sấy bơm nhiệt"
    alike = probability(technology(short, **TEAM), technology(short, **TEAM))
    others = TEAM | {"holders": {"Viện Thử"}, "inventors": {"Lục Mẫu Nháp"}}
    assert probability(technology(short, **TEAM), technology(short, **others)) < alike
    assert not linked(technology(short, **TEAM), technology(short, **others))
    assert not linked(technology(TITLE, **TEAM), technology(TITLE, **others))


@pytest.mark.parametrize(
    "more",
    ["Máy sấy", "Zyxquen dryer", "A method", "Quy trình nuôi nấm", "Thiết bị 500 m3", TITLE.upper(), "!!!", "II"],
)
@pytest.mark.parametrize(
    "other", [TITLE, "Nuôi sinh khối nấm đông trùng hạ thảo trên gạo lứt", "Cordyceps cultivation method"]
)
def test_another_title_more_never_lowers_a_match(more: str, other: str) -> None:
    one, two = technology(TITLE, **TEAM), technology(other, **TEAM)
    before = probability(one, two)
    assert before > 0
    assert probability(replace(one, titles=(TITLE, more)), two) >= before
    assert probability(one, replace(two, titles=(other, more))) >= before


def test_two_that_one_list_describes_or_one_office_protects_apart_are_two() -> None:
    one, other = technology(TITLE, **TEAM), technology(TITLE, **TEAM)
    assert linked(one, other) == {(0, 1)}
    assert not linked(one, replace(other, sources=one.sources))
    numbers = [frozenset({("protection-title", number)}) for number in ("1-001", "1-002")]
    assert not linked(replace(one, rights=numbers[0]), replace(other, rights=numbers[1]))
    assert linked(replace(one, rights=numbers[0]), replace(other, rights=numbers[0])) == {(0, 1)}
    abroad = frozenset({("us-patent", "1")})
    assert linked(replace(one, rights=numbers[0]), replace(other, rights=abroad)) == {(0, 1)}


def test_two_that_exclude_each_other_do_not_meet_by_a_third() -> None:
    one, other = technology(f"{TITLE} VD1", **TEAM), technology(f"{TITLE} VD2", **TEAM)
    third = technology(TITLE, **TEAM)
    assert len(linked(one, other, third)) <= 1


def test_what_is_as_well_the_one_as_the_other_is_asked() -> None:
    """One list has two that the other's may be: each as sure as the other, so neither is linked, and both are half as probable."""
    one = technology(TITLE, **TEAM)
    twins = [replace(technology(TITLE, **TEAM), sources=frozenset({"another"})) for _ in range(2)]
    assert linked(one, twins[0]) == {(0, 1)}
    assert not linked(one, *twins)
    told = [one, *twins]
    with connect() as con:
        pairs = compared(con, told, read_technology_parameters())
    rivals = Rivals(told, pairs)
    assert [pytest.approx(0.5, abs=0.01)] * 2 == [rivals.probability(at) for at in range(len(pairs))]
    telling = replace(twins[1], titles=("Quy trình nuôi sinh khối nấm đông trùng hạ thảo trên nhộng tằm sấy lạnh",))
    assert linked(one, twins[0], telling) == {(0, 1)}


def test_only_what_is_asked_is_compared() -> None:
    told = [technology(TITLE, **TEAM) for _ in range(3)]
    with connect() as con:
        pairs = compared(con, told, read_technology_parameters(), [2])
    assert {(int(a), int(b)) for a, b in zip(pairs.left, pairs.right, strict=True)} == {(0, 2), (1, 2)}


# out of statements: two lists, the first with its rights in another file


def load(home: Home, source: str, *records: Record) -> Load:
    return write_load(home, Origin(source, "test", "test", whole=False), records)


def listed(
    source: str, key: str, title: str, cls: str = "Technology", inventors: Iterable[str] = (), **more: str
) -> Record:
    """A record of a list: title, code, holder, inventors."""
    mentions = Mentions(source, key, 1)
    about = mentions.mention(ABOUT, cls)
    mentions.value(about, "name", title, "vi")
    mentions.identifier(about, "technology-code", f"{source}-{key}")
    for name in inventors:
        person = mentions.mention(f"inventor/{name}", "Person")
        mentions.value(person, "name", name)
        mentions.edge(about, "inventor", person)
    if "holder" in more:
        _held(mentions, about, more["holder"])
    if "patent" in more:
        patent = mentions.mention("patent", "Patent")
        mentions.value(patent, "name", title, "vi")
        mentions.identifier(patent, "protection-title", more["patent"])
        mentions.edge(patent, "protects", about)
    return mentions.record


def _held(mentions: Mentions, technology: str, holder: str) -> None:
    body, holding = mentions.mention("holder", "Organization"), mentions.mention("holding", "RightsHolding")
    mentions.value(body, "name", holder, "vi")
    mentions.edge(holding, "over", technology)
    mentions.edge(holding, "holder", body)
    mentions.edge(holding, "power", "scheme/power/1/own")


def registered(key: str, code: str, holder: str) -> Record:
    """A record of a register of rights, which knows a technology by its code alone."""
    mentions = Mentions("register", key, 1)
    about = mentions.mention(ABOUT, "Technology")
    mentions.identifier(about, "technology-code", code)
    _held(mentions, about, holder)
    return mentions.record


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def about(source: str, key: str) -> str:
    return mention_id(source, key, ABOUT)


def entities(home: Home) -> dict[str, str]:
    con = open_statements(home, active(home))
    try:
        make_entities(con)
        return dict(con.execute("SELECT subject, entity FROM entities").fetchall())
    finally:
        con.close()


def one_technology(home: Home, *ends: tuple[str, str]) -> bool:
    found = entities(home)
    return len({found[about(*end)] for end in ends}) == 1


PEOPLE = ("Trịnh Ví Dụ Quýnh", "Khổng Thử Nghiêm")
WORDED = "Công nghệ nuôi sinh khối nấm đông trùng hạ thảo trên giá thể gạo lứt"


def test_two_lists_of_one_technology_are_linked_with_reasons(home: Home) -> None:
    load(home, "vien", listed("vien", "1", TITLE, inventors=PEOPLE))
    load(home, "san", listed("san", "7", WORDED, inventors=PEOPLE))
    link(home)
    assert one_technology(home, ("vien", "1"), ("san", "7"))
    con = open_statements(home, active(home))
    ((later, earlier, likely, why),) = con.execute(
        "SELECT subject, object, probability, reason FROM said WHERE property = 'sameAs' AND subject = ?",
        [about("san", "7")],
    ).fetchall()
    con.close()
    assert (later, earlier) == (about("san", "7"), about("vien", "1"))
    assert LINKED <= likely <= 1 and WORDED in why and "two shared inventors and more" in why


def test_a_technology_and_its_patent_of_the_same_name_stay_two(home: Home) -> None:
    load(home, "vien", listed("vien", "1", TITLE, inventors=PEOPLE, patent="1-0001"))
    load(home, "san", listed("san", "7", TITLE, inventors=PEOPLE, patent="1-0001"))
    link(home)
    found = entities(home)
    technologies = {found[about("vien", "1")], found[about("san", "7")]}
    patents = {found[mention_id("vien", "1", "patent")], found[mention_id("san", "7", "patent")]}
    assert len(technologies) == len(patents) == 1 and technologies.isdisjoint(patents)


def test_a_curator_wins_and_is_not_overruled(home: Home) -> None:
    load(home, "vien", listed("vien", "1", TITLE, inventors=PEOPLE))
    load(home, "san", listed("san", "7", WORDED, inventors=PEOPLE))
    link(home)
    parting = Statement(about("san", "7"), DIFFERENT_FROM, about("vien", "1"), probability=1.0, reason="hai công nghệ")
    load(home, f"{CURATOR_PREFIX}lan", Record("pair", 1, [parting]))
    for full in (False, True):
        link(home, full)
        assert not one_technology(home, ("vien", "1"), ("san", "7"))


def test_what_changed_is_decided_anew_and_nothing_else(home: Home) -> None:
    load(home, "vien", listed("vien", "1", "Máy ấp trứng gia cầm", inventors=PEOPLE))
    load(home, "san", listed("san", "7", WORDED, inventors=PEOPLE))
    link(home)
    assert not one_technology(home, ("vien", "1"), ("san", "7"))
    load(home, "vien", listed("vien", "1", TITLE, inventors=PEOPLE))
    link(home)
    assert one_technology(home, ("vien", "1"), ("san", "7"))
    assert link(home) is None


def test_a_holder_that_a_register_tells_later_joins_two(home: Home) -> None:
    """Frequent words say too little; the holder is told of another mention, which knows the technology by its code alone."""
    title = "Máy sấy bơm nhiệt"
    load(home, "vien", listed("vien", "1", title))
    load(home, "san", listed("san", "7", title, holder="Viện Ví Dụ Chè"))
    link(home)
    before = one_technology(home, ("vien", "1"), ("san", "7"))
    load(home, "register", registered("r1", "vien-1", "Viện Ví Dụ Chè"))
    link(home)
    assert not before and one_technology(home, ("vien", "1"), ("san", "7"))


BATCHES = [
    [listed("a", str(at), f"{TITLE} zyx{at}qua", inventors=PEOPLE) for at in range(4)],
    [listed("b", str(at), f"zyx{at}qua: {WORDED}", inventors=PEOPLE) for at in range(5)],
    [listed("c", str(at), f"{TITLE} ZYX{at}QUA", inventors=PEOPLE[:1]) for at in range(2, 6)],
    [registered(str(at), f"a-{at}", "Viện Ví Dụ Chè") for at in range(3)],
]


def test_step_by_step_or_at_once_gives_the_same_technologies(home: Home, tmp_path: Path) -> None:
    def groups(target: Home, each: Callable[[], object]) -> set[frozenset[str]]:
        for source, batch in zip(("a", "b", "c", "register"), BATCHES, strict=True):
            load(target, source, *batch)
            each()
        link(target)
        found: dict[str, set[str]] = {}
        for subject, entity in entities(target).items():
            found.setdefault(entity, set()).add(subject)
        return set(map(frozenset, found.values()))

    once = groups(Home(tmp_path / "once"), lambda: None)
    assert groups(home, lambda: link(home)) == once
    assert any({about("a", "2"), about("b", "2"), about("c", "2")} <= group for group in once)


WORDS = [
    f"{first}{middle}{last}" for first in "bdgk" for middle in "aei" for last in ("zel", "mur", "fop", "lix", "tah")
]
PATENTS = [
    technology(
        f"Method of {WORDS[at]} drying {WORDS[at // 2]} with heat",
        holders={f"firm {at % 9}"},
        inventors={f"Abc {WORDS[at].capitalize()}son"},
        classes={"F26B"},
    )
    for at in range(60)
]


def test_each_technology_is_written_twice_and_nothing_is_made_up() -> None:
    written = written_twice(PATENTS, 3)
    assert sorted(first for first, _ in written) == sorted(one.first for one in PATENTS for _ in range(2))
    known = {one.first: one for one in PATENTS}
    for first, said in written:
        one = known[first]
        assert said.holders <= one.holders and said.inventors <= one.inventors and said.classes <= one.classes
        assert {*read_title(said.titles[0]).words} <= {*read_title(one.titles[0]).words}
    assert written == written_twice(PATENTS, 3) != written_twice(PATENTS, 4)


def test_what_is_learned_is_written_and_read_again(tmp_path: Path) -> None:
    learned = learn_technologies(PATENTS, 1, "2026-01-01")
    assert learned.technologies == 60 and learned.classes == {"F26B": 60}
    write_record_parameters(learned, tmp_path)
    assert read_technology_parameters(tmp_path) == learned


def test_what_is_shipped_fits_the_comparisons_and_weighs_in_their_order() -> None:
    """Where a level says more than one before it, a title more would lower a match."""
    learned = read_technology_parameters().learned
    for one in TECHNOLOGIES.comparisons:
        m, u = learned.m[one.name], learned.u[one.name]
        assert len(m) == len(u) == len(one.levels)
        if one.name != "who":  # its levels are of what is known, not of how much is shared
            weights = np.array([log(a / b) for a, b in zip(m, u, strict=True)])
            assert (np.diff(weights) < 0).all(), one.name
