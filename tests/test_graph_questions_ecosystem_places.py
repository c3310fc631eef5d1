"""What is where: how places are brought up to provinces, by hand-made rows; and the sample's counts against the generating script's own."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph.answer.asking import ask
from graph.answer.reading import Reading
from graph.questions.ecosystem import ecosystem_questions
from graph.questions.ecosystem.places import COUNTED, places
from graph.questions.errors import QuestionError
from loaders import sample
from loaders.sample import catalogue, projects
from loaders.sample.world import build_world
from ontology.schemes import schemes
from tests.conftest import SAMPLE_DAY

NEW, OLD = "scheme/place/2025/", "scheme/place/2024/"
VN, HN, PT, WARD, OTHER = (NEW + code for code in ("VN", "VN-HN", "VN-68", "00004", "00008"))
Rows = list[dict[str, Any]]
Ask = Callable[..., Rows]


def part(one: str, above: str) -> dict[str, Any]:
    return {"kind": "part", "part": one, "places": [above], "country": None, "illustrative": False, "number": 1}


UNITS = [
    part(HN, VN), part(PT, VN), part(WARD, HN), part(OTHER, HN),
    part(OLD + "VN-HN", OLD + "VN"), part(OLD + "VN", VN), part(OLD + "VN-HN", HN), part(OLD + "VN-14", PT),
    # a district of before that was divided between two wards, and one that became part of one
    part(OLD + "001", OLD + "VN-HN"), part(OLD + "001", WARD), part(OLD + "001", OTHER),
    part(OLD + "002", OLD + "VN-HN"), part(OLD + "002", WARD),
]  # fmt: skip
"""A few units of both versions, as the query gives them."""


def counted(kind: str, at: list[str], number: int = 1, made_up: bool = False, country: str | None = None) -> Any:
    return {"kind": kind, "part": None, "places": at, "country": country, "illustrative": made_up, "number": number}


def found(rows: Rows, within: str = VN, data: str | None = None) -> dict[str | None, dict[str, Any]]:
    return {row["place"]: row for row in places([*UNITS, *rows], {"within": within, "data": data})}


def organisations(rows: Rows, within: str = VN) -> dict[str | None, int]:
    return {place: row["organisations"] for place, row in found(rows, within).items() if row["organisations"]}


@pytest.mark.parametrize(
    ("at", "country", "expected"),
    [
        ([HN], None, {HN: 1}),
        ([WARD], None, {HN: 1}),
        ([WARD, HN, VN], None, {HN: 1}),
        ([HN, PT], None, {HN: 1, PT: 1}),
        ([OLD + "VN-14"], None, {PT: 1}),
        ([OLD + "001"], None, {HN: 1}),
        ([VN], None, {VN: 1}),
        ([OLD + "VN"], None, {VN: 1}),
        ([NEW + "JP"], None, {NEW + "JP": 1}),
        ([], "VN", {VN: 1}),
        ([], "JP", {NEW + "JP": 1}),
        ([], None, {None: 1}),
        ([HN], "JP", {HN: 1}),
    ],
)
def test_a_place_counts_in_its_province_once(at: list[str], country: str | None, expected: dict[str, int]) -> None:
    assert organisations([counted("Organization", at, country=country)]) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ([WARD], {WARD: 1}),
        ([HN], {HN: 1}),
        ([OLD + "002"], {WARD: 1}),
        # divided between two wards: that it is in Hanoi is all that is known
        ([OLD + "001"], {HN: 1}),
        ([OLD + "001", OTHER], {OTHER: 1}),
        ([OLD + "VN-HN"], {HN: 1}),
        ([PT], {}),
        ([], {}),
    ],
)
def test_within_a_province_its_units_count(at: list[str], expected: dict[str, int]) -> None:
    assert organisations([counted("Organization", at)], HN) == expected


def test_every_part_has_a_row_and_says_how_much_is_known() -> None:
    rows = found([counted("Park", [HN], 3), counted("Park", [], 2), counted("Park", [NEW + "JP"])])
    assert {place: row["known"] for place, row in rows.items()} == {
        HN: "part", PT: "part", VN: "whole", None: "none", NEW + "JP": "elsewhere",
    }  # fmt: skip
    assert [rows[place]["parks"] for place in (HN, PT, VN, None)] == [3, 0, 0, 2]


def test_real_and_made_up_are_never_counted_together() -> None:
    rows = [
        counted("University", [HN], 4), counted("University", [HN], 3, made_up=True),
        counted("STTask", [PT], 5, made_up=True), counted("TechnologyNeed", [HN], 0),
    ]  # fmt: skip
    by_default, made_up, real = found(rows), found(rows, data="illustrative"), found(rows, data="real")
    assert (by_default[HN]["universities"], by_default[PT]["tasks"], by_default[HN]["illustrative"]) == (
        4,
        5,
        ["tasks"],
    )
    assert (made_up[HN]["universities"], made_up[PT]["tasks"]) == (3, 5)
    assert (real[HN]["universities"], real[PT]["tasks"], real[HN]["illustrative"]) == (4, 0, [])
    with pytest.raises(QuestionError, match="real"):
        found(rows, data="beides")


@pytest.fixture(params=["cypher", "sparql"])
def asked(request: pytest.FixtureRequest, sample_reading: Reading) -> Ask:
    def rows(**parameters: object) -> Rows:
        given = {"as_of": SAMPLE_DAY} | parameters
        return ask(sample_reading, ecosystem_questions()["places"], given, on=request.param).rows

    return rows


def named(provinces: Iterable[str]) -> Counter[str]:
    """How often each province is named, by its usual name."""
    found = ((schemes().find("place/2025", province), province) for province in provinces)
    return Counter(schemes().label(place, "vi") if place else province for place, province in found)


def read_csv(name: str) -> list[dict[str, str]]:
    """A table of the sample with real public facts."""
    with (Path(sample.__file__).parent / "texts" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_name(rows: Rows, column: str) -> Counter[str]:
    return Counter({schemes().label(row["place"], "vi"): row[column] for row in rows if row["place"] and row[column]})


@pytest.mark.neo4j
def test_the_samples_universities_parks_tasks_and_needs_are_where_its_script_put_them(asked: Ask) -> None:
    rows, day = asked(), date.fromisoformat(SAMPLE_DAY)
    assert sum(row["known"] == "part" for row in rows) == 34
    bodies = read_csv("public_bodies.csv")
    assert by_name(rows, "universities") == Counter(
        one["Địa bàn"] for one in bodies if one["Loại hình"] == "Trường đại học"
    )
    assert by_name(rows, "parks") == Counter(one["Địa bàn"] for one in read_csv("parks.csv"))
    world = build_world()
    technologies = catalogue.build_technologies(world)
    at = {one.name: one.province for one in world.institutions}
    early, late = projects.build_tasks(world, technologies)
    hosts = named(at[task.host] for task in (*early, *late) if task.approved <= day)
    # a few hosts are written by an acronym that nothing links: what is not known to be theirs has no place
    (nowhere,) = (row["tasks"] for row in rows if row["known"] == "none")
    assert not by_name(rows, "tasks") - hosts
    assert (hosts - by_name(rows, "tasks")).total() == nowhere <= 5
    needs = [one for one in catalogue.build_needs(world) if not one.confidential and one.deadline >= day]
    assert by_name(rows, "needs") == named(one.firm.province for one in needs)
    assert set(rows[0]["illustrative"]) >= {"tasks", "needs", "technologies"}
    assert "universities" not in rows[0]["illustrative"]


@pytest.mark.neo4j
def test_made_up_firms_are_where_its_script_put_them(asked: Ask) -> None:
    rows = asked(data="illustrative")
    assert by_name(rows, "universities") == named(
        one.province for one in build_world().institutions if one.is_university
    )
    assert set(COUNTED) == {column for row in rows for column in row["illustrative"]}


@pytest.mark.neo4j
def test_communes_of_hanoi(asked: Ask) -> None:
    rows = asked(within="VN-HN", data="illustrative")
    assert sum(row["known"] == "part" for row in rows) == 126
    assert {row["known"] for row in rows} == {"part", "whole"}
    (whole,) = (row for row in asked(data="illustrative") if row["place"] == HN)
    assert sum(row["enterprises"] for row in rows) >= whole["enterprises"] > 0
