"""Columns that a clerk corrects: what may be chosen, and that the mapping says what was chosen and loads."""

import csv
from pathlib import Path

import pytest

from loaders.column_choices import Corrections, abouts, choices
from loaders.inspection import inspect_file
from loaders.reading import open_file
from ontology.model import ontology
from ontology.statement import Record

ROWS = [
    ["Mã", "Cột A", "Cột B", "Cột C"],
    ["X-1", "Công ty Thử Một", "Test One JSC", "a@thu.example"],
    ["X-2", "Công ty Thử Hai", "Test Two JSC", "b@thu.example"],
]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "bang.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(ROWS)
    return path


def test_what_is_chosen_is_what_the_mapping_says_and_it_loads(table: Path, tmp_path: Path) -> None:
    columns = {
        "Cột A": "property:name",
        "Cột B": "property:name@en",
        "Cột C": "property:email",
        "Mã": "property:number",
    }
    found = inspect_file(table, Corrections("Enterprise", columns, ("Mã",)))
    assert (found["about"], found["key"], found["shapes"]) == ("Enterprise", ["Mã"], [])
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(found["mapping"], encoding="utf-8")
    records = [item for item in open_file("enterprise", table, "test", mapping).items if isinstance(item, Record)]
    assert [record.key for record in records] == ["X-1", "X-2"]
    said = {(s.property, s.value, s.language) for s in records[0].statements}
    assert {
        ("name", "Công ty Thử Một", "vi"),
        ("name", "Test One JSC", "en"),
        ("type", "Enterprise", None),
        ("contactKind", "email", None),
        ("contactValue", "a@thu.example", None),
    } <= said


def test_a_column_is_left_aside_and_the_others_stay_as_proposed(table: Path) -> None:
    proposed = inspect_file(table)
    found = inspect_file(table, Corrections(columns={"Cột A": "property:name", "Cột C": ""}))
    says = {column["header"]: column["says"] for column in found["columns"]}
    assert says["Cột A"] == "name" and says["Cột C"] is None
    assert says["Mã"] == {column["header"]: column["says"] for column in proposed["columns"]}["Mã"]


@pytest.mark.parametrize("value", ["property:nothing", "class:Entity", "x", "property:approvedOn", "identifier:x:y"])
def test_what_can_not_be_chosen_says_nothing(table: Path, value: str) -> None:
    found = inspect_file(table, Corrections("Enterprise", {"Cột A": value}))
    assert {column["header"]: column["says"] for column in found["columns"]}["Cột A"] is None


@pytest.mark.parametrize("about", ["Enterprise", "STTask", "Technology", "Person", "University", "Intermediary"])
def test_every_choice_has_words_and_is_of_the_rows(about: str) -> None:
    found = choices(about)
    assert len(found) > 8
    assert len({choice.value for choice in found}) == len(found)
    assert all(choice.labels["vi"] and choice.labels["en"] for choice in found)
    assert "property:name" in {choice.value for choice in found}


def test_rows_may_be_about_what_shipped_tables_are_about() -> None:
    assert {"Enterprise", "STTask", "Person", "Technology"} <= set(abouts()) <= set(ontology().classes)
