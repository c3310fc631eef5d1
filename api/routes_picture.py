"""A route as a picture: technology → holder → intermediary → firm as inline SVG, and its gates as signs.

There are two layouts, for wide and for narrow screens; the style sheet shows one of them. Colours come from the style
sheet too, by class. Signs differ in shape and text, not in colour alone.
"""

import unicodedata
from dataclasses import dataclass

from markupsafe import Markup

from api.catalogue import Words
from api.presenting import relation_label
from graph.answer.model import Gate, GateState, Hop, Ref, Route

_SIGNS: dict[GateState, str] = {"pass": "✓", "fail": "✕", "unknown": "?"}
_LINES = 3
"""Lines of a name in a box."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand, in units of the drawing."""

    name: str
    box: int
    height: int
    step_x: int
    step_y: int
    chars: int

    def place(self, index: int) -> tuple[int, int]:
        return 1 + index * self.step_x, 1 + index * self.step_y

    def size(self, boxes: int) -> tuple[int, int]:
        x, y = self.place(boxes - 1)
        return x + self.box + 1, y + self.height + 1


_WIDE = _Layout("wide", 214, 96, 306, 0, 23)
_NARROW = _Layout("narrow", 318, 84, 0, 146, 35)


@dataclass(frozen=True, slots=True)
class Stop:
    """A box of the picture: a node and the part that it plays."""

    part: str
    ref: Ref


@dataclass(frozen=True, slots=True)
class Leg:
    """A stop and how one comes to it: what the step is called, and whether it was stated or derived; of the first stop nothing."""

    stop: Stop
    relation: str
    asserted: bool


def stops(route: Route, words: Words) -> list[Stop]:
    """The nodes of a route in order, a chain of intermediaries whole; a holder may be unknown."""
    unknown = Ref(id="", name=words("state.unknown"), type="Entity")
    between = route.chain or ((route.intermediary,) if route.intermediary else ())
    ends: list[tuple[str, Ref | None]] = [("technology", route.technology), ("holder", route.holder or unknown)]
    ends += [("intermediary", ref) for ref in between]
    ends += [("firm", route.firm)]
    return [Stop(part, ref) for part, ref in ends if ref is not None]


def legs(route: Route, words: Words) -> list[Leg]:
    """The stops of a route with the steps between them."""
    found: list[Leg] = []
    for stop in stops(route, words):
        hop = _hop_between(route, found[-1].stop.ref, stop.ref) if found else None
        found.append(Leg(stop, relation_label(hop.relation, words) if hop else "", hop is not None and hop.asserted))
    return found


def picture(route: Route, words: Words) -> Markup:
    """Both layouts of a route's picture, and the signs of its gates."""
    return Markup("").join(_svg(route, layout, words) for layout in (_WIDE, _NARROW))


def route_sentence(route: Route, words: Words) -> str:
    """A route in one sentence; it is the picture's description too."""
    steps = [f"{words('part.' + stop.part)}: {stop.ref.name}" for stop in stops(route, words)]
    return words("route.sentence", rank=route.rank, steps=" → ".join(steps))


def _svg(route: Route, layout: _Layout, words: Words) -> Markup:
    drawn = stops(route, words)
    width, height = layout.size(len(drawn))
    key = f"route-{route.rank}-{layout.name}"
    parts = [
        Markup(
            '<svg class="route-picture {}" viewBox="0 0 {} {}" width="{}" height="{}" role="img" '
            'aria-labelledby="{} {}">'
        ).format(layout.name, width, height, width, height, f"{key}-title", f"{key}-desc"),
        Markup('<title id="{}">{}</title>').format(f"{key}-title", words("route.picture", rank=route.rank)),
        Markup('<desc id="{}">{}</desc>').format(f"{key}-desc", _description(route, words)),
    ]
    for index, stop in enumerate(drawn):
        if index:
            hop = _hop_between(route, drawn[index - 1].ref, stop.ref)
            parts.append(_arrow(layout, index, hop, words))
        parts.append(_box(layout, index, stop, words))
    parts.append(Markup("</svg>"))
    return Markup("").join(parts)


def _description(route: Route, words: Words) -> str:
    gates = "; ".join(f"{words('gate.' + gate.gate)}: {words('state.' + gate.state)}" for gate in route.gates)
    return f"{route_sentence(route, words)} {gates}"


def _box(layout: _Layout, index: int, stop: Stop, words: Words) -> Markup:
    x, y = layout.place(index)
    mark = f" · {words('illustrative')}" if stop.ref.illustrative else ""
    lines = wrap(stop.ref.name, layout.chars, _LINES if layout.name == "wide" else 2)
    rows = Markup("").join(
        Markup('<text class="name" x="{}" y="{}">{}</text>').format(x + 10, y + 42 + 18 * row, line)
        for row, line in enumerate(lines)
    )
    part = stop.part if stop.ref.id else f"{stop.part} open"
    return Markup(
        '<g class="stop {}"><rect x="{}" y="{}" width="{}" height="{}" rx="3"/>'
        '<text class="part" x="{}" y="{}">{}{}</text>{}</g>'
    ).format(part, x, y, layout.box, layout.height, x + 10, y + 20, words("part." + stop.part), mark, rows)


def _arrow(layout: _Layout, index: int, hop: Hop | None, words: Words) -> Markup:
    """The arrow to a box, dashed where it was derived, with the relation's name."""
    x, y = layout.place(index)
    known = "asserted" if hop is not None and hop.asserted else "derived"
    label = relation_label(hop.relation, words) if hop else ""
    if layout.name == "wide":
        start, end, middle = x - layout.step_x + layout.box + 6, x - 6, y + layout.height // 2
        lines = wrap(label, 14, 3)
        text = Markup("").join(
            Markup('<text class="relation" x="{}" y="{}" text-anchor="middle">{}</text>').format(
                (start + end) // 2, middle - 8 - 14 * (len(lines) - 1 - row), line
            )
            for row, line in enumerate(lines)
        )
        line = Markup('<path class="arrow {0}" d="M{1} {2}H{3}"/><path class="head" d="M{4} {5}l8 5l-8 5z"/>').format(
            known, start, middle, end - 8, end - 8, middle - 5
        )
    else:
        start, end = y - layout.step_y + layout.height + 5, y - 5
        text = Markup('<text class="relation" x="{}" y="{}">{}</text>').format(46, (start + end) // 2 + 4, label)
        line = Markup('<path class="arrow {0}" d="M{1} {2}V{3}"/><path class="head" d="M{4} {5}l5 8l5 -8z"/>').format(
            known, 30, start, end - 8, 25, end - 8
        )
    return line + text


def _hop_between(route: Route, a: Ref, b: Ref) -> Hop | None:
    ends = {a.id, b.id}
    if not a.id:
        # what leads on from an unknown holder is what leads to the next stop
        return next((hop for hop in route.hops if hop.to.id == b.id), None)
    return next((hop for hop in route.hops if {hop.from_.id, hop.to.id} == ends), None)


def gate_sign(gate: Gate, words: Words) -> Markup:
    """A gate as a plain sign with its words."""
    return Markup(
        '<span class="gate {}"><span class="sign" aria-hidden="true">{}</span> {}: <span class="state">{}</span></span>'
    ).format(gate.state, _SIGNS[gate.state], words("gate." + gate.gate), words("state." + gate.state))


def wrap(text: str, width: int, lines: int) -> list[str]:
    """A name in at most so many lines; what doesn't fit ends in an ellipsis. Words longer than a line are cut."""
    words = unicodedata.normalize("NFC", text).split()
    rows: list[str] = [""]
    for at, word in enumerate(words):
        candidate = f"{rows[-1]} {word}".strip()
        if len(candidate) <= width:
            rows[-1] = candidate
        elif len(rows) == lines or not rows[-1]:
            rows[-1] = _ellipsis(candidate, width)
            if len(rows) == lines or at + 1 == len(words):
                break
        else:
            rows.append(word if len(word) <= width else _ellipsis(word, width))
    return rows


def _ellipsis(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"
