"""The map of the provinces since July 2025 as SVG: a link for each, shaded by a number, drawn from outlines that are bundled."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import ceil, cos, radians
from pathlib import Path

from markupsafe import Markup

from ontology.province_outlines import NAMED, WRITTEN, area

SHADES = 5
"""Shades besides the one of nothing."""
_UNITS = 100
"""Units of the picture in a degree of latitude; an outline is good to about one."""
_SQUEEZED = cos(radians(16))
"""How much shorter a degree of longitude is in the middle of the country (equirectangular projection)."""
_WEST, _NORTH, _EAST, _SOUTH = 101.9, 23.6, 116.0, 7.9
_ROOM = 0.6
"""Degrees around a province that is looked at closely."""
_NEAR = 3.0
"""Degrees that are shown at least."""
_NAMED_FROM, _WIDELY_NAMED_FROM = 5_500, 13_000
"""Square units that an outline has at least to bear its name on the whole map, and to bear it on a phone too."""
_LETTER = 6
"""Units that a letter is wide where a phone looks closely."""
_COAST = 110.0
"""Degrees east, west of which the coast is near."""
_CAPITAL = "VN-HN"
"""It bears its name however small it is."""

Shape = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Province:
    """A province on the map: what it is called, the number it is shaded by with its words, and where a click leads."""

    code: str
    name: str
    value: int
    said: str
    href: str


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of a province in units of the picture, as one path, with a box around it and a place for its name."""

    path: str
    box: tuple[int, int, int, int]
    middle: tuple[int, int]
    area: float


def breaks(highest: int) -> list[tuple[int, int]]:
    """The first and last number of each shade: steps that grow by a factor, since one place has more than all others.

    :param highest: number that is shown; fewer shades where it is small
    """
    ends = sorted({ceil(highest ** (step / SHADES)) for step in range(1, SHADES + 1)} if highest > 0 else ())
    return [(first + 1, last) for first, last in zip([0, *ends], ends, strict=False)]


def shade(value: int, steps: Sequence[tuple[int, int]]) -> int:
    """The number of the shade of a value, 0 for nothing; the last one is always the darkest."""
    at = next((at for at, (_, last) in enumerate(steps) if value <= last), len(steps) - 1)
    return SHADES - (len(steps) - 1 - at) if value > 0 else 0


def _at(longitude: float, latitude: float) -> tuple[int, int]:
    return round((longitude - _WEST) * _SQUEEZED * _UNITS), round((_NORTH - latitude) * _UNITS)


@cache
def outlines(path: Path = WRITTEN) -> Mapping[str, Outline]:
    """The outlines by the code of the province.

    :param path: GeoJSON as ``ontology/province_outlines.py`` writes it
    """
    found = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        if feature["geometry"]["type"] == "MultiPolygon":
            rings = [[_at(*point) for point in ring] for (ring,) in feature["geometry"]["coordinates"]]
            found[feature["properties"]["code"]] = _outline(rings, _at(*feature["properties"]["middle"]))
    return found


def _outline(rings: list[list[tuple[int, int]]], middle: tuple[int, int]) -> Outline:
    # units are coarser than the file, so that some points are one
    tidy = [ring for ring in (_tidy(ring) for ring in rings) if len(ring) > 3]
    xs, ys = zip(*(point for ring in tidy for point in ring), strict=True)
    size = max(abs(area(ring)) for ring in tidy)
    return Outline("".join(_path(ring) for ring in tidy), (min(xs), min(ys), max(xs), max(ys)), middle, size)


def _tidy(ring: Sequence[tuple[int, int]]) -> Shape:
    return tuple(point for at, point in enumerate(ring) if at == 0 or point != ring[at - 1])


def _path(ring: Shape) -> str:
    steps = (f"{x - a} {y - b}" for (a, b), (x, y) in pairwise(ring[:-1]))
    return f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps)}z"


def province_map(provinces: Sequence[Province], title: str, chosen: str | None = None) -> Markup:
    """The map. A province without an outline is not on it: a table has to hold all.

    :param provinces: what is drawn; the values tell the shades
    :param title: what the map shows, for those who don't see it
    :param chosen: code of a province that is looked at closely
    """
    drawn = outlines()
    steps = breaks(max((one.value for one in provinces), default=0))
    near = drawn[chosen].box if chosen is not None and chosen in drawn else None
    x, y, width, height = _view(near)
    shown = [one for one in provinces if one.code in drawn and _seen(drawn[one.code].box, (x, y, width, height))]
    # the one that is chosen comes last, over the borders of its neighbours
    ordered = sorted(shown, key=lambda one: one.code == chosen)
    areas = Markup("").join(_area(one, drawn[one.code], shade(one.value, steps), one.code == chosen) for one in ordered)
    named = [one for one in shown if near or one.code == _CAPITAL or drawn[one.code].area > _NAMED_FROM]
    if near:
        named = [one for one in named if _holds((x, y, width, height), drawn[one.code].middle, one.name)]
    names = _names(
        (drawn[one.code].middle, one.name, one.code == _CAPITAL or drawn[one.code].area > _WIDELY_NAMED_FROM)
        for one in named
    )
    by_code = {one.code: one.name for one in provinces}
    return Markup(
        '<svg class="map{}" viewBox="{} {} {} {}" role="group" aria-label="{}">{}<g class="names" aria-hidden="true">{}{}</g></svg>'
    ).format(" near" if near else "", x, y, width, height, title, areas, names, _islands(by_code))


def _area(one: Province, outline: Outline, shade: int, chosen: bool) -> Markup:
    return Markup('<a href="{}" class="shade-{}{}" aria-label="{}"><title>{}</title><path d="{}"/></a>').format(
        one.href, shade, " chosen" if chosen else "", one.said, one.said, outline.path
    )


def _view(near: tuple[int, int, int, int] | None) -> tuple[int, int, int, int]:
    if near is None:
        x, y = _at(_WEST, _NORTH)
        right, low = _at(_EAST, _SOUTH)
    else:
        room = round(_ROOM * _UNITS)
        x, y, right, low = near[0] - room, near[1] - room, near[2] + room, near[3] + room
        missing = max(0, round(_NEAR * _UNITS) - (right - x))
        x, right = x - missing // 2, right + missing // 2
    return x, y, right - x, low - y


def _seen(box: tuple[int, int, int, int], view: tuple[int, int, int, int]) -> bool:
    """Whether something of an outline may be in the picture."""
    x, y, width, height = view
    return box[0] < x + width and box[2] > x and box[1] < y + height and box[3] > y


def _holds(view: tuple[int, int, int, int], middle: tuple[int, int], name: str) -> bool:
    """Whether a name stands whole in a picture that looks closely, as large as a phone has it."""
    (left, top, width, height), (x, y), half = view, middle, len(name) * _LETTER / 2
    return left <= x - half and x + half <= left + width and top + _LETTER * 2 <= y <= top + height - _LETTER


def _names(places: Iterable[tuple[tuple[int, int], str, bool]]) -> Markup:
    return Markup("").join(
        Markup('<text{} x="{}" y="{}" text-anchor="middle">{}</text>').format(
            "" if major else Markup(' class="minor"'), x, y, name
        )
        for (x, y), name, major in places
    )


def _islands(names: Mapping[str, str]) -> Markup:
    """Islands whose outline nobody gives: a mark and their name, with the province that they belong to."""
    drawn = Markup("")
    for name, (longitude, latitude, code) in NAMED.items():
        x, y = _at(longitude, latitude)
        said = f"{name} ({names[code]})" if code in names else name
        # out at sea there is room on both sides, by the coast only away from it
        beside = (x + 14, y + 8, "start") if longitude < _COAST else (x, y + 34, "middle")
        drawn += Markup('<circle cx="{}" cy="{}" r="7"/><text x="{}" y="{}" text-anchor="{}">{}</text>').format(
            x, y, *beside, said
        )
    return drawn
