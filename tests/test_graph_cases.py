"""Cases as records: what is written is read again, who sees them, what a publish makes of them; and a desk's figures."""

from dataclasses import replace
from pathlib import Path

import pytest

from graph.answer.case_proposals import levels_in, title_of
from graph.answer.desk import Figures, figures, state_of
from graph.answer.told_outcomes import ToldOutcome
from graph.statements.cases import (
    KIND,
    PUBLISHED,
    Case,
    Rights,
    forget_case,
    new_key,
    published,
    read_cases,
    write_case,
)
from graph.statements.home import Home
from graph.statements.loads import active, loads, open_statements
from ontology.model import CURATOR, PUBLIC

TECHNOLOGY = Case(
    key="case/a",
    owner="lan",
    kind="technology",
    title="Màng lọc nước lợ",
    text="Màng lọc nước lợ công suất nhỏ.",
    fields=("scheme/ford/2015/2.7",),
    patent_classes=("scheme/ipc/2024/C02F", "scheme/ipc/2024/B01D"),
    level="6",
    keywords=("màng lọc", "nước lợ"),
    party_name="Công ty Chưa Ai Biết",
    broker="abcdefghijkl",
    mandate="Hợp đồng 12/2026",
    rights=Rights("own", True, True, ("scheme/place/2025/VN",), True, "2030-12-31"),
    forms=("licence",),
    price=500_000_000,
    floor_price=300_000_000,
    region=("scheme/place/2025/VN-HN",),
    day="2026-11-30",
    illustrative=True,
)
NEED = Case(
    key="case/b",
    owner="an",
    kind="need",
    title="Wanted: water treatment",
    text="We look for a way to treat water.",
    language="en",
    level="7",
    party="mnopqrstuvwx",
    price=100,
    region=("scheme/place/2025/VN-HN", "scheme/place/2025/VN"),
    deadline="2027-01-31",
    day="2026-11-30",
)


def statements(home: Home) -> set[tuple[str, str, str]]:
    con = open_statements(home, active(home))
    rows = con.execute("SELECT subject, property, coalesce(object, value) FROM said").fetchall()
    con.close()
    return {(str(subject), str(prop), str(value)) for subject, prop, value in rows}


@pytest.mark.parametrize("case", [TECHNOLOGY, NEED, replace(TECHNOLOGY, published=True), replace(NEED, published=True)])
def test_what_is_stated_is_read_again(tmp_path: Path, case: Case) -> None:
    home = Home(tmp_path)
    write_case(home, case)
    assert read_cases(home) == [case]


def test_a_case_names_its_owner_until_it_is_published(tmp_path: Path) -> None:
    home = Home(tmp_path)

    def marks() -> tuple[str, str | None]:
        con = open_statements(home, active(home))
        row = con.execute("SELECT visibility, owner FROM versions").fetchone()
        con.close()
        assert row is not None
        return row[0], row[1]

    write_case(home, TECHNOLOGY)
    assert marks() == (CURATOR, "lan")
    # nothing is linked to a body that only a private case speaks of
    assert ("Organization" in {value for _, prop, value in statements(home) if prop == "type"}) is False
    write_case(home, published(TECHNOLOGY, True))
    assert marks() == (PUBLIC, None)
    assert "Organization" in {value for _, prop, value in statements(home) if prop == "type"}
    write_case(home, TECHNOLOGY)
    assert marks() == (CURATOR, "lan")
    assert [load.kind for load in loads(home)] == [KIND, PUBLISHED, KIND]
    forget_case(home, TECHNOLOGY)
    assert read_cases(home) == []


def test_ids_stay_and_can_not_be_guessed(tmp_path: Path) -> None:
    assert published(TECHNOLOGY, True).id == TECHNOLOGY.id != replace(TECHNOLOGY, owner="an").id
    assert len({new_key() for _ in range(100)}) == 100
    assert [TECHNOLOGY.may_be_seen_by(*who) for who in (("lan", False), ("an", False), ("an", True))] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("Công nghệ đạt TRL 6, đã thử nghiệm tại hai trang trại.", ["6", "7"]),
        ("A prototype was tried on two farms", ["7", "5"]),
        ("Kết quả trong phòng thí nghiệm", ["4"]),
        ("It is commercially available.", ["9"]),
        ("Màng lọc nước lợ", []),
        ("mức độ sẵn sàng công nghệ: 3", ["3"]),
    ],
)
def test_readiness_is_read_from_the_words_that_tell_it(text: str, levels: list[str]) -> None:
    found = levels_in(text)
    assert [one.value.rsplit("/", 1)[-1] for one in found] == levels
    assert all(word in text for one in found for word in one.words)


def test_a_title_is_the_first_sentence_cut_at_a_word() -> None:
    assert title_of("Màng lọc nước lợ. Thiết bị nhỏ.") == "Màng lọc nước lợ"
    assert title_of("\n  A line\nand more") == "A line"
    long = title_of("từ " * 100)
    assert len(long) <= 121
    assert long.endswith("từ…")


def told(day: str, result: str | None = None, answered: str | None = None, reason: str | None = None) -> ToldOutcome:
    said = {
        "technology": "t",
        "intermediary": "b",
        "firm": "f",
        "illustrative": True,
        "source": "member/lan",
        "instant": "",
        "public": False,
    }
    return ToldOutcome(**said, day=day, result=result, reason=reason, answered=answered, first_answered=answered)  # type: ignore[arg-type]


def test_figures_of_a_broker_by_hand() -> None:
    today = "2026-11-30"
    ours = [
        told("2026-11-20"),
        told("2026-11-10"),
        told("2026-08-01", "later", "2026-08-11"),
        told("2026-11-01", "later", "2026-11-03"),
        told("2026-10-01", "accepted", "2026-10-05"),
        told("2026-10-01", "declined", "2026-10-21", "price"),
        told("2026-10-01", "declined", "2026-10-07", "price"),
        told("2026-09-01", "signed"),
        told("2026-09-01", "no-answer"),
    ]
    assert [state_of(one, today) for one in ours[:5]] == ["waiting", "overdue", "overdue", "waiting", "closed"]
    assert figures(ours, today) == Figures(
        introductions=9,
        waiting=2,
        overdue=2,
        closed=5,
        accepted=2,
        days_to_answer=6.0,
        success_rate=0.5,
        reasons={"price": 2},
    )
    assert figures([], today).success_rate is None
