"""All routes of an answer in one picture: technologies, holders, intermediaries and firms in columns, a line for each step.

A node stands once, whatever number of routes go through it. The picture is inline SVG, so that it is there without script; its colours
come from the style sheet.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from api.catalogue import Words
from api.links import address
from api.routes_picture import Leg, legs, wrap
from graph.answer.model import Ref, Route

_BOX, _HEIGHT, _STEP_X, _STEP_Y, _TOP = 236, 48, 312, 66, 36
"""The boxes and the distances between them, in units of the drawing."""
_CHARS, _LINES = 31, 2
_PLACES = {"technology": 0, "holder": 1, "intermediary": 2, "firm": 3}


@dataclass(slots=True)
class _Box:
    """A node of the picture: where it stands and which routes go through it."""

    part: str
    ref: Ref
    ranks: list[int] = field(default_factory=list)
    row: int = 0

    @property
    def x(self) -> int:
        return 1 + _PLACES[self.part] * _STEP_X

    @property
    def y(self) -> int:
        return _TOP + self.row * _STEP_Y


@dataclass(slots=True)
class _Line:
    """A step between two boxes, and the routes that take it; asserted where a record states it in one of them."""

    start: _Box
    end: _Box
    asserted: bool = False
    ranks: list[int] = field(default_factory=list)


def network(routes: Sequence[Route], words: Words) -> Markup | None:
    """The picture; None where there is no route."""
    boxes, lines = _gathered(routes, words)
    if not boxes:
        return None
    rows = [0, 0, 0, 0]
    for box in boxes.values():
        box.row = rows[_PLACES[box.part]]
        rows[_PLACES[box.part]] += 1
    width, height = 3 * _STEP_X + _BOX + 2, _TOP + max(rows) * _STEP_Y
    heads = Markup("").join(
        Markup('<text class="part" x="{}" y="16">{}</text>').format(1 + place * _STEP_X, words("part." + part))
        for part, place in _PLACES.items()
    )
    drawn = [_line(line, words) for line in lines.values()] + [_box(box, words) for box in boxes.values()]
    return Markup(
        '<svg class="routes-network" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="group" aria-label="{2}">{3}{4}</svg>'
    ).format(width, height, words("answer.picture"), heads, Markup("").join(drawn))


def _gathered(
    routes: Sequence[Route], words: Words
) -> tuple[dict[tuple[str, str], _Box], dict[tuple[tuple[str, str], tuple[str, str]], _Line]]:
    """The boxes in the order in which the routes come to them, and the lines."""
    boxes: dict[tuple[str, str], _Box] = {}
    lines: dict[tuple[tuple[str, str], tuple[str, str]], _Line] = {}
    for route in routes:
        before: tuple[str, str] | None = None
        for leg in legs(route, words):
            key = (leg.stop.part, leg.stop.ref.id or leg.stop.ref.name)
            box = boxes.setdefault(key, _Box(leg.stop.part, leg.stop.ref))
            if route.rank not in box.ranks:
                box.ranks.append(route.rank)
            if before is not None and before != key:
                _draw(lines, (before, key), (boxes[before], box), route, leg)
            before = key
    return boxes, lines


def _draw(
    lines: dict[tuple[tuple[str, str], tuple[str, str]], _Line],
    key: tuple[tuple[str, str], tuple[str, str]],
    ends: tuple[_Box, _Box],
    route: Route,
    leg: Leg,
) -> None:
    line = lines.setdefault(key, _Line(*ends))
    line.ranks.append(route.rank)
    line.asserted = line.asserted or leg.asserted


def _said(ranks: Sequence[int], words: Words) -> str:
    return words("answer.picture_routes", ranks=", ".join(map(str, ranks)))


def _box(box: _Box, words: Words) -> Markup:
    lines = wrap(box.ref.name, _CHARS, _LINES)
    names = Markup("").join(
        Markup('<text class="name" x="{}" y="{}">{}</text>').format(box.x + 9, box.y + 19 + 17 * row, line)
        for row, line in enumerate(lines)
    )
    mark = f" · {words('illustrative')}" if box.ref.illustrative else ""
    inner = Markup(
        '<title>{}{} · {}</title><rect x="{}" y="{}" width="{}" height="{}" rx="3"/>{}<text class="ranks" x="{}" y="{}">{}</text>'
    ).format(
        box.ref.name, mark, _said(box.ranks, words), box.x, box.y, _BOX, _HEIGHT, names, box.x + _BOX - 6, box.y - 3,
        ", ".join(map(str, box.ranks)),
    )  # fmt: skip
    part = Markup('<g class="stop {}{}{}">{}</g>').format(
        box.part, "" if box.ref.id else " open", " made-up-box" if box.ref.illustrative else "", inner
    )
    return Markup('<a href="{}">{}</a>').format(address(box.ref.id), part) if box.ref.id else part


def _line(line: _Line, words: Words) -> Markup:
    x1, y1 = line.start.x + _BOX, line.start.y + _HEIGHT // 2
    x2, y2 = line.end.x, line.end.y + _HEIGHT // 2
    bend = (x2 - x1) // 2
    return Markup('<path class="way {}" d="M{} {}C{} {} {} {} {} {}"><title>{}</title></path>').format(
        "asserted" if line.asserted else "derived", x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2,
        f"{line.start.ref.name} → {line.end.ref.name} · {_said(line.ranks, words)}",
    )  # fmt: skip
