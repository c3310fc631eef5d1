"""An entity and an answer as a page shows them: words, links and groups, so that templates only lay out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from rdflib import XSD

from api.catalogue import Words, catalogue
from api.links import address, external
from graph.answer.model import Answer, Contact, Contribution, Ref, Route
from graph.views.entity import EntityPage, Fact, Member, NodeRef, RecordRef
from ontology.model import PUBLIC, Property, ontology
from ontology.schemes import schemes
from ontology.statement import TYPE

BASE_RATE = "base_rate"
"""The contribution that every candidate starts from."""

_HIGH, _MIDDLE = 1.0, 0.5
"""Parts of the base rate that a route's evidence has to make up for to be called high or middle."""

_REASONS = 3
"""Reasons that a card names."""

_FIRST, _LAST = ("name", "title", "description"), ("illustrative",)
"""Properties that a page shows before and after the others."""

_NUMBERS = {str(XSD.integer), str(XSD.double), str(XSD.decimal)}
_CHARS = 20_000
"""Characters of one value that a page shows."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as a page shows it. ``href`` leads to a page of ours, ``away`` to another site."""

    text: str
    sources: tuple[RecordRef, ...] = ()
    language: str | None = None
    href: str | None = None
    away: str | None = None
    type: str | None = None
    illustrative: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """All values of one property, or all nodes that point here by it; ``total`` counts those not shown too."""

    property: str
    label: str
    items: tuple[Shown, ...]
    total: int


def relation_label(name: str, words: Words) -> str:
    """What a hop is called: by the ontology, else, where it was derived, by the catalogue."""
    key = f"relation.{name}"
    return (
        words(key)
        if name not in ontology().properties and key in catalogue()
        else ontology().label(name, words.language)
    )


def value_text(prop: Property | None, value: str, words: Words) -> str:
    """A value in the words of the language, by the property's datatype."""
    if prop is None:
        return value
    if prop.datatype in _NUMBERS:
        return _number_text(prop, value, words)
    if prop.datatype == str(XSD.date):
        return words.day(value)
    if prop.datatype == str(XSD.boolean) and value in ("true", "false"):
        return words("value.yes") if value == "true" else words("value.no")
    if prop.name == "identifierScheme":
        return schemes().label(f"scheme/identifier-scheme/1/{value}", words.language)
    key = ".".join(("value", prop.name, value))
    return words(key) if key in catalogue() else value


def _number_text(prop: Property, value: str, words: Words) -> str:
    try:
        number = float(value)
    except ValueError:
        return value
    if abs(number) >= 2**53:
        return value
    text = words.number(number, 0 if number.is_integer() else 2)
    return f"{text} {words('unit.dong') if prop.unit == 'VND' else prop.unit}" if prop.unit else text


def _place(name: str) -> int:
    if name in _FIRST:
        return _FIRST.index(name)
    return len(_FIRST) + (name in _LAST)


class Presenter:
    """Shows facts and nodes in one language.

    :param made_up: whether a node is illustrative, by its id
    """

    def __init__(self, words: Words, made_up: Callable[[str], bool]) -> None:
        self._words, self._made_up = words, made_up

    def fact(self, fact: Fact) -> Shown:
        """One fact."""
        if fact.object is not None:
            return self.node(fact.object, fact.sources)
        value = fact.value or ""
        text = value_text(ontology().properties.get(fact.property), value[:_CHARS], self._words)
        # a web address may be linked whatever property it stands under, anything else never
        return Shown(text, fact.sources, fact.language, away=external(value), cut=len(value) > _CHARS)

    def node(self, node: NodeRef, sources: tuple[RecordRef, ...] = ()) -> Shown:
        """A node as a link."""
        href = address(node.id)
        return Shown(node.name or node.id, sources, href=href, type=node.type, illustrative=self._made_up(node.id))

    def fact_groups(self, facts: Iterable[Fact]) -> list[Group]:
        """Facts by property, in the order in which they come, save what a reader looks for first."""
        gathered: dict[str, list[Shown]] = {}
        for fact in facts:
            gathered.setdefault(fact.property, []).append(self.fact(fact))
        names = sorted(gathered, key=_place)
        return [self._group(name, gathered[name], len(gathered[name])) for name in names]

    def incoming_groups(self, page: EntityPage) -> list[Group]:
        """Edges that point here, by property, the largest groups first."""
        gathered: dict[str, list[Shown]] = {}
        for name, node in page.incoming:
            gathered.setdefault(name, []).append(self.node(node))
        groups = [
            self._group(name, items, max(page.incoming_counts.get(name, 0), len(items)))
            for name, items in gathered.items()
        ]
        return sorted(groups, key=lambda group: (-group.total, group.property))

    def _group(self, name: str, items: list[Shown], total: int) -> Group:
        label = self._words("entity.type") if name == TYPE else ontology().label(name, self._words.language)
        return Group(name, label, tuple(items), total)


@dataclass(frozen=True, slots=True)
class Branch:
    """A concept with those below it."""

    member: Member
    below: tuple["Branch", ...]


def scheme_tree(members: Iterable[Member]) -> tuple[Branch, ...]:
    """The concepts of a scheme as a tree, each level in the order given; what stands in a circle is left out."""
    below: dict[str | None, list[Member]] = {}
    for member in members:
        below.setdefault(member.parent, []).append(member)

    def branches(parent: str | None) -> tuple[Branch, ...]:
        return tuple(Branch(member, branches(member.id)) for member in below.get(parent, ()))

    return branches(None)


def may_be_corrected(prop: Property) -> bool:
    """Whether a curator may state a value of a property; that something was made up is not for a form to deny."""
    return not prop.is_edge and prop.visibility == PUBLIC and prop.name != "illustrative"


def correctable(page: EntityPage, words: Words) -> list[tuple[str, str, bool]]:
    """Properties whose value a curator may state of an entity: (name, label, has languages)."""
    types = set(page.types)
    return sorted(
        (
            (prop.name, ontology().label(prop.name, words.language), prop.per_language)
            for prop in ontology().properties.values()
            if may_be_corrected(prop) and prop.domain in types
        ),
        key=lambda row: row[1].casefold(),
    )


def band(route: Route) -> str:
    """How much speaks for a route, measured by the base rate that it starts from: high, middle or low."""
    base = sum(part.value for part in route.contributions if part.feature == BASE_RATE)
    above = route.log_odds - base
    if above >= _HIGH * abs(base):
        return "high"
    return "middle" if above >= _MIDDLE * abs(base) else "low"


@dataclass(frozen=True, slots=True)
class Bar:
    """A contribution drawn in a strip of 200 units, zero in the middle."""

    x: float
    width: float
    positive: bool


def _bars(route: Route) -> list[Bar]:
    largest = max((abs(part.value) for part in route.contributions), default=0.0) or 1.0
    bars = []
    for part in route.contributions:
        width = round(abs(part.value) / largest * 98, 1)
        bars.append(Bar(100.0 if part.value >= 0 else round(100 - width, 1), width, part.value >= 0))
    return bars


def strongest(route: Route, most: int) -> list[Contribution]:
    """What speaks most for a route, the strongest first."""
    order = sorted((part for part in route.contributions if part.feature != BASE_RATE), key=lambda part: -part.value)
    return [part for part in order if part.value > 0][:most]


def route_card(route: Route) -> dict[str, Any]:
    """A route with what a card shows besides it."""
    ends = (route.technology, route.holder, *(route.chain or (route.intermediary,)), route.firm)
    return {
        "route": route,
        "band": band(route),
        "ends": [ref for ref in ends if ref],
        "made_up": all(ref.illustrative for ref in ends if ref),
        "strongest": strongest(route, _REASONS),
        "rows": list(zip(route.contributions, _bars(route), strict=True)),
        "contacts": _contacts(route),
    }


def _contacts(route: Route) -> list[tuple[Ref, list[Contact]]]:
    """Contact points by organisation, in the route's order."""
    gathered: dict[str, tuple[Ref, list[Contact]]] = {}
    for contact in route.contacts:
        gathered.setdefault(contact.organization.id, (contact.organization, []))[1].append(contact)
    return list(gathered.values())


def answer_cards(answer: Answer) -> list[dict[str, Any]]:
    """All routes of an answer as cards, in its order."""
    return [route_card(route) for route in answer.routes]
