"""Pictures of an answer's rows as inline SVG: bars, and a network in layers. Colours come from the style sheet, by class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from api.links import address
from api.routes_picture import wrap

MOST_BARS = 30
MOST_NODES = 60
"""What is drawn at most; the table holds all."""
_ROW, _BAR, _LINE = 40, 12, 17
_ON_A_PHONE = 52
"""Letters of a name that stand beside each other on a narrow phone; a longer one has a second line."""
_ROOM = 14
"""Parts of a hundred of the width that are kept beside the bars for their numbers."""
_BOX, _HIGH, _STEP_X, _STEP_Y = 210, 62, 300, 84
_LETTERS = 26


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: what it is called, how long it is, and its number as text."""

    name: str
    value: float
    said: str


@dataclass(frozen=True, slots=True)
class Node:
    """A box of a network: its name, and a word that marks it, such as that it was made up."""

    name: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a network, from one id to another."""

    source: str
    target: str
    label: str


def bars(drawn: Sequence[Bar], title: str) -> Markup:
    """A bar below each name, from zero to the right or, where it is negative, to the left.

    Lengths are parts of the width, so that on a phone the bars grow shorter and the words stay as large.
    """
    shown = drawn[:MOST_BARS]
    lowest = min([0.0, *(bar.value for bar in shown)])
    span = (max([0.0, *(bar.value for bar in shown)]) - lowest) or 1.0
    unit = (100 - _ROOM) / span
    rows, y = Markup(""), 0
    for bar in shown:
        name = wrap(bar.name, _ON_A_PHONE, 2)
        rows += _bar(bar, name, y, abs(lowest) * unit, unit)
        y += _ROW + _LINE * (len(name) - 1)
    return Markup('<svg class="chart bars" width="100%" height="{}" role="img" aria-label="{}">{}</svg>').format(
        y, title, rows
    )


def _bar(bar: Bar, name: Sequence[str], top: int, zero: float, unit: float) -> Markup:
    length = round(abs(bar.value) * unit, 2)
    start = abs(round(zero if bar.value >= 0 else zero - length, 2))
    lines = Markup("").join(
        Markup('<text class="bar-name" x="0" y="{}">{}</text>').format(top + 14 + _LINE * at, line)
        for at, line in enumerate(name)
    )
    y = top + _LINE * (len(name) - 1)
    return lines + Markup(
        '<rect class="{}" x="{}%" y="{}" width="{}%" height="{}"/><text class="bar-number" x="{}%" dx="6" y="{}">{}</text>'
    ).format(
        "for" if bar.value >= 0 else "against",
        start,
        y + 20,
        length,
        _BAR,
        round(start + length, 2),
        y + 30,
        bar.said,
    )


def network(lines: Sequence[Line], nodes: Mapping[str, Node], title: str) -> Markup:
    """Boxes in layers by their distance from where the first line begins; a part that hangs on nothing before stands below."""
    places = _places(lines)
    drawn = [line for line in lines if line.source in places and line.target in places]
    edges = Markup("").join(_edge(line, places) for line in drawn)
    boxes = Markup("").join(_box(one, nodes[one], x, y) for one, (x, y) in places.items())
    width = max((x for x, _ in places.values()), default=0) + _BOX + 2
    height = max((y for _, y in places.values()), default=0) + _HIGH + 2
    return _picture("web", width, height, title, edges + boxes)


def _places(lines: Sequence[Line]) -> dict[str, tuple[int, int]]:
    """Where each node stands, breadth first, in the order of the lines; at most ``MOST_NODES`` of them."""
    beside: dict[str, list[str]] = {}
    for line in lines:
        beside.setdefault(line.source, []).append(line.target)
        beside.setdefault(line.target, []).append(line.source)
    places: dict[str, tuple[int, int]] = {}
    below = 0
    for first in beside:
        if first in places:
            continue
        layer, column, deepest = [first], 0, 0
        seen = {first}
        while layer:
            for row, one in enumerate(layer):
                if len(places) == MOST_NODES:
                    return places
                places[one] = (1 + column * _STEP_X, 1 + (below + row) * _STEP_Y)
            deepest = max(deepest, len(layer))
            layer = [one for one in dict.fromkeys(n for node in layer for n in beside[node]) if one not in seen]
            seen.update(layer)
            column += 1
        below += deepest
    return places


def _edge(line: Line, places: Mapping[str, tuple[int, int]]) -> Markup:
    (x1, y1), (x2, y2) = sorted((places[line.source], places[line.target]))
    start, end = (x1 + _BOX, y1 + _HIGH // 2), (x2, y2 + _HIGH // 2)
    if x1 == x2:  # of one layer: round the left side
        start = (x1, y1 + _HIGH // 2)
        path = f"M{start[0]} {start[1]}C{start[0] - 30} {start[1]} {end[0] - 30} {end[1]} {end[0]} {end[1]}"
    else:
        path = f"M{start[0]} {start[1]}L{end[0]} {end[1]}"
    return Markup(
        '<path class="tie" d="{}"/><text class="relation" x="{}" y="{}" text-anchor="middle">{}</text>'
    ).format(path, (start[0] + end[0]) // 2, (start[1] + end[1]) // 2 - 5, line.label)


def _box(identifier: str, node: Node, x: int, y: int) -> Markup:
    text = Markup("").join(
        Markup('<text class="name" x="{}" y="{}">{}</text>').format(x + 8, y + 19 + 16 * at, row)
        for at, row in enumerate(wrap(node.name, _LETTERS, 2))
    )
    mark = Markup('<text class="part" x="{}" y="{}">{}</text>').format(x + 8, y + _HIGH - 9, node.mark)
    return Markup(
        '<a href="{}"><g class="stop"><title>{}</title><rect x="{}" y="{}" width="{}" height="{}" rx="3"/>{}{}</g></a>'
    ).format(address(identifier), node.name, x, y, _BOX, _HIGH, text, mark if node.mark else "")


def _picture(kind: str, width: int, height: int, title: str, drawn: Markup) -> Markup:
    return Markup(
        '<svg class="chart {}" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>'
    ).format(kind, width, height, width, height, title, drawn)
