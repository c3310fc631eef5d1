"""An entity and an answer as a page shows them: words, links and groups, so that templates only lay out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from rdflib import XSD

from api.catalogue import Words
from api.links import address, external
from graph.answer.model import Answer, Contact, Ref, Route
from graph.views.entity import EntityPage, Fact, NodeRef, RecordRef
from ontology.model import Property, ontology

BASE_RATE = "base_rate"
"""The contribution that every candidate starts from."""

_HIGH, _MIDDLE = 2.0, 0.7
"""Log-odds above the base rate from which a route's evidence is called high or middle."""

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


def _property(name: str) -> Property | None:
    return ontology().properties.get(name)


def _value_text(prop: Property | None, value: str, words: Words) -> str:
    """A value in the words of the language, by the property's datatype."""
    if prop is None:
        return value
    if prop.datatype in _NUMBERS:
        return _number_text(prop, value, words)
    if prop.datatype == str(XSD.date):
        return words.day(value)
    if prop.datatype == str(XSD.boolean) and value in ("true", "false"):
        return words("value.yes") if value == "true" else words("value.no")
    return value


def _number_text(prop: Property, value: str, words: Words) -> str:
    try:
        number = float(value)
    except ValueError:
        return value
    if abs(number) >= 2**53:
        return value
    text = words.number(number, 0 if number.is_integer() else 2)
    return f"{text} {prop.unit}" if prop.unit else text


def shown(fact: Fact, words: Words) -> Shown:
    """One fact as a page shows it."""
    if fact.object is not None:
        return _node(fact.object, fact.sources)
    value = fact.value or ""
    text = _value_text(_property(fact.property), value[:_CHARS], words)
    # a web address may be linked whatever property it stands under, anything else never
    away = external(value)
    return Shown(text, fact.sources, fact.language, away=away, cut=len(value) > _CHARS)


def _node(node: NodeRef, sources: tuple[RecordRef, ...] = ()) -> Shown:
    illustrative = bool(getattr(node, "illustrative", False))
    return Shown(node.name or node.id, sources, href=address(node.id), type=node.type, illustrative=illustrative)


def fact_groups(facts: Iterable[Fact], words: Words) -> list[Group]:
    """Facts by property, in the order in which the properties first come."""
    gathered: dict[str, list[Shown]] = {}
    for fact in facts:
        gathered.setdefault(fact.property, []).append(shown(fact, words))
    return [
        Group(name, ontology().label(name, words.language), tuple(items), len(items))
        for name, items in gathered.items()
    ]


def incoming_groups(page: EntityPage, words: Words) -> list[Group]:
    """Edges that point here: by property and class of the node that they come from, the largest groups first."""
    gathered: dict[str, list[Shown]] = {}
    for name, node in page.incoming:
        gathered.setdefault(name, []).append(_node(node))
    groups = [
        Group(
            name,
            ontology().label(name, words.language),
            tuple(items),
            max(page.incoming_counts.get(name, 0), len(items)),
        )
        for name, items in gathered.items()
    ]
    return sorted(groups, key=lambda group: (-group.total, group.property))


def claim_groups(claims: Sequence[Fact], words: Words) -> list[Group]:
    """What other sources said, by property."""
    ordered = sorted(claims, key=lambda fact: fact.property)
    return [
        Group(name, ontology().label(name, words.language), tuple(shown(fact, words) for fact in facts), 0)
        for name, facts in groupby(ordered, key=lambda fact: fact.property)
    ]


def correctable(page: EntityPage, words: Words) -> list[tuple[str, str, bool]]:
    """Properties whose value a curator may state of an entity: (name, label, has languages)."""
    types = set(page.types)
    return sorted(
        (
            (prop.name, ontology().label(prop.name, words.language), prop.per_language)
            for prop in ontology().properties.values()
            if not prop.is_edge and prop.domain in types and prop.visibility == "public"
        ),
        key=lambda row: row[1].casefold(),
    )


def evidence(route: Route) -> float:
    """The log-odds that a route has above the base rate."""
    return sum(part.log_odds for part in route.contributions if part.feature != BASE_RATE)


def band(route: Route) -> str:
    """How much speaks for a route: high, middle or low. No probability."""
    above = evidence(route)
    if above >= _HIGH:
        return "high"
    return "middle" if above >= _MIDDLE else "low"


@dataclass(frozen=True, slots=True)
class Bar:
    """A contribution drawn in a strip of 200 units, zero in the middle."""

    x: float
    width: float
    positive: bool


def _bars(route: Route) -> list[Bar]:
    largest = max((abs(part.log_odds) for part in route.contributions), default=0.0) or 1.0
    bars = []
    for part in route.contributions:
        width = round(abs(part.log_odds) / largest * 98, 1)
        bars.append(Bar(100.0 if part.log_odds >= 0 else round(100 - width, 1), width, part.log_odds >= 0))
    return bars


def route_card(route: Route) -> dict[str, Any]:
    """A route with what a card shows besides it."""
    order = sorted((part for part in route.contributions if part.feature != BASE_RATE), key=lambda part: -part.log_odds)
    ends = (route.technology, route.holder, *(route.chain or (route.intermediary,)), route.firm)
    return {
        "route": route,
        "band": band(route),
        "ends": [ref for ref in ends if ref],
        "made_up": all(ref.illustrative for ref in ends if ref),
        "strongest": [part for part in order if part.log_odds > 0][:3],
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
