"""The classes in a picture: inline SVG computed from the ontology, things on the left, events on the right, a line for each relation.

Relations are the properties that belong to one class, and those that its shape requires. What any entity may say is not drawn, nor is what
leads to concepts, which would be a line from everywhere. Colours come from the style sheet, by class.
"""

from dataclasses import dataclass
from functools import cache
from statistics import mean

from markupsafe import Markup
from rdflib import SH

from api.catalogue import Words
from ontology.model import KN, ROOT, Class, Property, ontology
from ontology.shapes import shapes

_ROW, _BOX, _INDENT = 30, 24, 22
_LEFT, _RIGHT, _WIDTH, _WIDE = 10, 640, 1110, 340
_NOT_DRAWN = {ROOT, "Concept"}


@dataclass(frozen=True, slots=True)
class _Tie:
    """A relation between two classes."""

    domain: str
    prop: Property
    range: str


@dataclass(frozen=True, slots=True)
class _Box:
    """Where a class stands."""

    cls: Class
    x: int
    y: int
    width: int

    @property
    def middle(self) -> float:
        return self.y + _BOX / 2


@cache
def ties() -> tuple[_Tie, ...]:
    """The relations between two classes, each once."""
    known = ontology()
    found = {
        (prop.domain, prop.name): prop for prop in known.properties.values() if prop.is_edge and prop.domain != ROOT
    }
    for shape, target in shapes().subject_objects(SH.targetClass):
        for required in shapes().objects(shape, SH.property):
            prop = known.properties.get(_local(shapes().value(required, SH.path)))
            if prop and prop.is_edge and (required, SH.minCount, None) in shapes():
                found[_local(target), prop.name] = prop
    return tuple(
        _Tie(domain, prop, prop.range)
        for (domain, _), prop in sorted(found.items())
        if prop.range and not {domain, prop.range} & _NOT_DRAWN
    )


def _local(term: object) -> str:
    return str(term).removeprefix(str(KN))


def _things(words: Words) -> list[tuple[Class, int]]:
    """Classes that are no events, each with its depth, below what they are."""
    known = ontology().classes.values()

    def below(parent: str, depth: int) -> list[tuple[Class, int]]:
        children = [cls for cls in known if cls.ancestors[:1] == (parent,) and not cls.event]
        children.sort(key=lambda cls: ontology().label(cls.name, words.language).casefold())
        return [row for cls in children for row in ((cls, depth), *below(cls.name, depth + 1))]

    return below(ROOT, 0)


def _boxes(words: Words) -> dict[str, _Box]:
    """All boxes by class; events stand beside the things that they tie, so that few lines cross."""
    left = {
        cls.name: _Box(cls, _LEFT + depth * _INDENT, at * _ROW + 4, _WIDE - depth * _INDENT)
        for at, (cls, depth) in enumerate(_things(words))
    }

    def height(cls: Class) -> float:
        ends = [left[tie.range].middle for tie in ties() if tie.domain == cls.name and tie.range in left]
        return mean(ends) if ends else float("inf")

    events = sorted((cls for cls in ontology().classes.values() if cls.event), key=lambda cls: (height(cls), cls.name))
    step = max(_ROW, (len(left) * _ROW) // max(len(events), 1))
    return left | {cls.name: _Box(cls, _RIGHT, at * step + 4, _WIDE) for at, cls in enumerate(events)}


def class_diagram(words: Words) -> Markup:
    """The picture in one language."""
    boxes = _boxes(words)
    height = max(box.y for box in boxes.values()) + _ROW
    parts = [
        _branches(boxes),
        *(_line(tie, boxes, words) for tie in ties()),
        *(_box(box, words) for box in boxes.values()),
    ]
    return Markup('<svg class="diagram" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>').format(
        _WIDTH, height, words("ontology.picture"), Markup("").join(parts)
    )


def _branches(boxes: dict[str, _Box]) -> Markup:
    """Strokes from a class to those below it."""
    strokes = []
    for box in boxes.values():
        parent = boxes.get(box.cls.ancestors[0])
        if parent is not None:
            x = parent.x + _INDENT / 2
            strokes.append(f"M{x:g} {parent.y + _BOX}V{box.middle:g}H{box.x}")
    return Markup('<path class="branch" d="{}"/>').format("".join(strokes))


def _line(tie: _Tie, boxes: dict[str, _Box], words: Words) -> Markup:
    """A curve from a class to another; it is named where one points at it, and all are in the tables below."""
    start, end = boxes[tie.domain], boxes[tie.range]
    if start.x == _RIGHT and end.x < _RIGHT:
        x1, x2 = start.x, end.x + end.width
        middle = (x1 + x2) / 2
        path = f"M{x1} {start.middle:g}C{middle:g} {start.middle:g} {middle:g} {end.middle:g} {x2} {end.middle:g}"
    else:
        x1, x2 = start.x + start.width, end.x + end.width
        bow = max(x1, x2) + (14 if start is end else min(20 + abs(start.y - end.y) / 5, 110))
        path = f"M{x1} {start.middle - 3:g}C{bow:g} {start.middle - 3:g} {bow:g} {end.middle + 3:g} {x2} {end.middle + 3:g}"
    known = ontology()
    label = known.label
    title = words(
        "ontology.relation",
        domain=label(tie.domain, words.language),
        name=label(tie.prop.name, words.language),
        range=label(tie.range, words.language),
    )
    return Markup('<path class="tie" d="{}"><title>{}</title></path>').format(path, title)


def _box(box: _Box, words: Words) -> Markup:
    name = ontology().label(box.cls.name, words.language)
    return Markup(
        '<a href="/ontology/{}" class="{}"><rect x="{}" y="{}" width="{}" height="{}" rx="3"/><text x="{}" y="{:g}">{}</text></a>'
    ).format(
        box.cls.name, "event" if box.cls.event else "thing", box.x, box.y, box.width, _BOX, box.x + 8, box.y + 17, name
    )
