"""The outlines of the 34 provinces: made of the 63 before by the law's own list, looked at against towns and areas that are published."""

import json
from itertools import pairwise
from math import cos, radians
from typing import Any

import pytest

from ontology.province_outlines import NAMED, TOLERANCE, WRITTEN, Line, area, dissolved, simplified, within
from ontology.schemes import schemes

COUNTRY = "scheme/place/2025/VN"
KILOMETRES = 111.32
"""In a degree of latitude."""
TOWNS = {
    "Hà Nội": (105.85, 21.03, "Hà Nội"),
    "Sơn Tây": (105.50, 21.13, "Hà Nội"),
    "Bắc Giang": (106.20, 21.28, "Bắc Ninh"),
    "Việt Trì": (105.40, 21.32, "Phú Thọ"),
    "Hòa Bình": (105.33, 20.82, "Phú Thọ"),
    "Vĩnh Yên": (105.60, 21.31, "Phú Thọ"),
    "Yên Bái": (104.88, 21.71, "Lào Cai"),
    "Hà Giang": (104.98, 22.82, "Tuyên Quang"),
    "Bắc Kạn": (105.83, 22.15, "Thái Nguyên"),
    "Hải Dương": (106.32, 20.94, "Hải Phòng"),
    "Phủ Lý": (105.91, 20.54, "Ninh Bình"),
    "Kon Tum": (108.00, 14.35, "Quảng Ngãi"),
    "Tam Kỳ": (108.47, 15.57, "Đà Nẵng"),
    "Gia Nghĩa": (107.69, 12.00, "Lâm Đồng"),
    "Thủ Dầu Một": (106.65, 10.98, "Hồ Chí Minh"),
    "Đồng Xoài": (106.90, 11.53, "Đồng Nai"),
    "Tân An": (106.41, 10.53, "Tây Ninh"),
    "Sóc Trăng": (105.97, 9.60, "Cần Thơ"),
    "Bến Tre": (106.37, 10.24, "Vĩnh Long"),
    "Long Xuyên": (105.43, 10.37, "An Giang"),
}
"""Seats of provinces until June 2025, and others: degrees east and north, and the province of today."""
SQUARE_KILOMETRES = {
    "Hà Nội": 3_360, "Tuyên Quang": 13_796, "Lào Cai": 13_257, "Thái Nguyên": 8_375, "Phú Thọ": 9_361, "Bắc Ninh": 4_719,
    "Hưng Yên": 2_515, "Hải Phòng": 3_195, "Ninh Bình": 3_943, "Quảng Trị": 12_700, "Đà Nẵng": 11_860, "Quảng Ngãi": 14_833,
    "Gia Lai": 21_577, "Khánh Hòa": 8_556, "Lâm Đồng": 24_233, "Đắk Lắk": 18_096, "Hồ Chí Minh": 6_773, "Đồng Nai": 12_737,
    "Tây Ninh": 8_536, "Cần Thơ": 6_361, "Vĩnh Long": 6_296, "Đồng Tháp": 5_939, "Cà Mau": 7_942, "An Giang": 9_889,
}  # fmt: skip
"""Areas after Resolution 202/2025/QH15 of the units that were merged, and of Hanoi."""
SPECIAL_ZONES = {
    "Vân Đồn": (107.42, 21.07), "Cô Tô": (107.77, 20.98), "Cát Hải": (106.99, 20.79), "Bạch Long Vĩ": (107.73, 20.13),
    "Cồn Cỏ": (107.34, 17.16), "Hoàng Sa": (112.0, 16.5), "Lý Sơn": (109.12, 15.38), "Trường Sa": (114.0, 10.0),
    "Phú Quý": (108.95, 10.53), "Côn Đảo": (106.61, 8.71), "Phú Quốc": (103.99, 10.27), "Thổ Châu": (103.47, 9.29),
    "Kiên Hải": (104.64, 9.80),
}  # fmt: skip
"""The 13 special zones since July 2025, islands all, about where they are."""


@pytest.fixture(scope="module")
def rings() -> dict[str, list[Line]]:
    """Closed lines by the name of the province."""
    found: dict[str, list[Line]] = {}
    features: list[dict[str, Any]] = json.loads(WRITTEN.read_text(encoding="utf-8"))["features"]
    for feature in features:
        if feature["geometry"]["type"] == "MultiPolygon":
            name = schemes().label(f"scheme/place/2025/{feature['properties']['code']}", "vi")
            found[name] = [[(x, y) for x, y in ring] for (ring,) in feature["geometry"]["coordinates"]]
    return found


def test_every_province_has_an_outline_and_nothing_else_has(rings: dict[str, list[Line]]) -> None:
    provinces = {one.label("vi") for one in schemes().concepts.values() if COUNTRY in one.broader}
    assert len(provinces) == 34
    assert set(rings) == provinces
    assert all(ring[0] == ring[-1] and len(ring) > 3 and area(ring) > 0 for one in rings.values() for ring in one)


@pytest.mark.parametrize("town", TOWNS)
def test_a_town_lies_in_its_province_of_today_alone(town: str, rings: dict[str, list[Line]]) -> None:
    x, y, province = TOWNS[town]
    assert [name for name, lines in rings.items() if any(within(line, (x, y)) for line in lines)] == [province]


def test_areas_are_those_that_are_published(rings: dict[str, list[Line]]) -> None:
    drawn = {
        name: sum(area(line) * KILOMETRES**2 * cos(radians(line[0][1])) for line in rings[name])
        for name in SQUARE_KILOMETRES
    }
    # river mouths and mudflats count differently; a former province that was forgotten or added would be a third or more
    off = {name: drawn[name] / published for name, published in SQUARE_KILOMETRES.items()}
    assert {name: share for name, share in off.items() if not 0.8 < share < 1.2} == {}
    assert 0.97 < sum(drawn.values()) / sum(SQUARE_KILOMETRES.values()) < 1.03


def test_neighbours_share_their_borders(rings: dict[str, list[Line]]) -> None:
    sides = [side for lines in rings.values() for line in lines for side in pairwise(line)]
    shared = [side for side in sides if side[::-1] in set(sides)]
    # each side belongs to one province, or to two that run along it in opposite directions
    assert len(sides) == len(set(sides))
    assert len(shared) > 700


def test_just_the_islands_that_are_named_lack_an_outline(rings: dict[str, list[Line]]) -> None:
    bodies = [line for lines in rings.values() for line in lines]
    missing = {name for name, at in SPECIAL_ZONES.items() if not any(within(line, at) for line in bodies)}
    assert missing == set(NAMED)
    features = json.loads(WRITTEN.read_text(encoding="utf-8"))["features"]
    marked = {one["properties"]["name"]: one for one in features if one["geometry"]["type"] == "Point"}
    assert set(marked) == set(NAMED)
    of = {name: schemes().label(f"scheme/place/2025/{one['properties']['code']}", "vi") for name, one in marked.items()}
    assert of == {"Hoàng Sa": "Đà Nẵng", "Trường Sa": "Khánh Hòa", "Cồn Cỏ": "Quảng Trị"}


def test_islands_that_the_source_has_wrong_are_put_right(rings: dict[str, list[Line]]) -> None:
    for name, province in (("Cát Hải", "Hải Phòng"), ("Côn Đảo", "Hồ Chí Minh"), ("Lý Sơn", "Quảng Ngãi")):
        assert any(within(line, SPECIAL_ZONES[name]) for line in rings[province])


def test_what_two_areas_share_falls_away() -> None:
    # two squares side by side: 0 the left one's own sides, 1 the side between them, 2 the right one's own
    lines: list[Line] = [
        [(1, 1), (0, 1), (0, 0), (1, 0)],
        [(1, 0), (1, 1)],
        [(1, 1), (2, 1), (2, 0), (1, 0)],
    ]
    (ring,) = dissolved([[0, 1], [~1, ~2]], lines)
    assert abs(area(ring)) == 2
    assert (1, 0) in ring and len(ring) == 7
    with pytest.raises(ValueError, match="no line goes on"):
        dissolved([[1]], lines)


def test_a_line_is_simplified_within_the_tolerance() -> None:
    line: Line = [(0, 0), (1, 0.005), (2, -0.004), (3, 0.5), (4, 0)]
    assert simplified(line, 0.01) == [(0, 0), (2, -0.004), (3, 0.5), (4, 0)]
    islet: Line = [(0, 0), (0.001, 0), (0.001, 0.001), (0, 0.001), (0, 0)]
    kept = simplified(islet, TOLERANCE)
    assert kept[0] == kept[-1] and abs(area(kept)) > 0
