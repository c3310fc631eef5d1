"""Communes and districts as they are written from the data packages: the whole country on demand, Hanoi with every build."""

import re
from pathlib import Path

import pytest

from ontology.administrative_units import HANOI, MARK, SHIPPED, WHOLE, Unit, english, tidy, turtle
from ontology.schemes import concepts_of, read_turtle, schemes
from ontology.statement import Record

HERE = Path(__file__).parents[1] / "ontology"


def records(version: str) -> dict[str, Record]:
    return {record.key: record for record in read_turtle(HERE / "places" / WHOLE[version])}


def objects(record: Record, prop: str) -> list[str]:
    return [said.object for said in record.statements if said.property == prop and said.object]


@pytest.fixture(scope="module")
def communes() -> dict[str, Record]:
    return records("2025")


@pytest.fixture(scope="module")
def districts() -> dict[str, Record]:
    return records("2024")


def test_as_many_as_the_law_has(communes: dict[str, Record], districts: dict[str, Record]) -> None:
    assert (len(communes), len(districts)) == (3_321, 696)
    provinces = {province for record in communes.values() for province in objects(record, "broader")}
    assert len(provinces) == 34
    assert len({province for record in districts.values() for province in objects(record, "broader")}) == 63
    kinds = [
        re.match("Phường|Xã|Đặc khu", concept.labels["vi"]) for concept in concepts_of(iter(communes.values())).values()
    ]
    assert [sum(bool(kind) and kind.group() == name for kind in kinds) for name in ("Phường", "Xã", "Đặc khu")] == [
        687,
        2_621,
        13,
    ]


def test_every_unit_lies_in_a_province_that_is_shipped(
    communes: dict[str, Record], districts: dict[str, Record]
) -> None:
    for record in (*communes.values(), *districts.values()):
        (province,) = objects(record, "broader")
        assert province in schemes().concepts


def test_every_district_became_communes_and_every_commune_came_of_one(
    communes: dict[str, Record], districts: dict[str, Record]
) -> None:
    reached: set[str] = set()
    for record in districts.values():
        successors = objects(record, "replacedBy")
        assert successors, record.key
        reached |= set(successors)
    assert reached == set(communes)


def test_hanoi_is_said_alike_on_demand_and_with_every_build(
    communes: dict[str, Record], districts: dict[str, Record]
) -> None:
    for version, whole, province in (("2025", communes, "VN-HN"), ("2024", districts, "VN-HN")):
        shipped = {r.key: r for r in read_turtle(HERE / "schemes" / SHIPPED[version])}
        hanoi = {
            key for key, record in whole.items() if objects(record, "broader") == [f"scheme/place/{version}/{province}"]
        }
        assert len(hanoi) == {"2025": 126, "2024": 30}[version]
        for key in hanoi:
            assert set(shipped[key].statements) == set(whole[key].statements)
        written = (HERE / "schemes" / SHIPPED[version]).read_text(encoding="utf-8").split(MARK)[1]
        assert written.count(" a skos:Concept") == len(hanoi)


def test_a_commune_is_recognised_by_its_full_name_only() -> None:
    assert schemes().find("place/2025", "Phường Ba Đình") == "scheme/place/2025/00004"
    assert schemes().find("place/2025", "phuong ba dinh") == "scheme/place/2025/00004"
    assert schemes().find("place/2025", "Ba Đình") is None
    assert schemes().find("place/2024", "Quận Ba Đình") == "scheme/place/2024/001"
    assert schemes().ancestors("scheme/place/2025/00004")[1:] == ["scheme/place/2025/VN-HN", "scheme/place/2025/VN"]


def test_names_in_english() -> None:
    assert english("Phường Ba Đình") == "Ba Dinh Ward"
    assert english("Đặc khu Côn Đảo") == "Con Dao Special Zone"
    assert english("Thành phố Thủ Đức") == "Thu Duc City"
    assert english("Quận 1") == "Urban District 1"
    assert tidy("Thành Phố  Bắc Kạn ") == "Thành phố Bắc Kạn"
    with pytest.raises(ValueError, match="no known kind"):
        tidy("Làng Vũ Đại")


def test_a_unit_as_turtle() -> None:
    units = [Unit(HANOI, "002", "Quận Hoàn Kiếm", ("00082", "00070")), Unit(HANOI, "001", "Quận Ba Đình")]
    first, second = turtle("2024", units, {HANOI: "VN-HN"})
    assert first.startswith("old:001 a skos:Concept, kn:Place ;")
    assert first.endswith('skos:broader old:VN-HN ; kn:gsoCode "001" .\n')
    assert second.endswith("; kn:replacedBy place:00070, place:00082 .\n")
