"""Who knows whom: bodies that an intermediary had to do with, and organisations that know a technology's people."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from graph.answer.employment import employment, former
from graph.answer.expert_model import Employment
from graph.answer.partner_model import Acquaintance, Tie, WarmContact
from graph.answer.reading import Reading
from graph.views.arrays import NO_DAY
from graph.views.reading import SnapshotViews

_EVENTS = 3
"""Events named of one pair at most, the newest first."""
_TIES = 20
_ONE_BY_ONE = 100
"""Firms that are looked up one by one."""


class Acquaintances:
    """Past deals, engagements and introductions between intermediaries and some firms, up to a day."""

    def __init__(self, reading: Reading, firms: Sequence[str], day: int, language: str) -> None:
        self.reading, self.language = reading, language
        self._events: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        self._firms: dict[str, set[str]] = defaultdict(set)
        arrays = reading.views.arrays
        deeds = arrays.tables["deed"]
        numbers = [at for at in (arrays.number("organisation", firm) for firm in firms) if at is not None]
        past = (deeds["day"] > NO_DAY) & (deeds["day"] <= day) & np.isin(deeds["client"], numbers)
        columns = (deeds[name][past].tolist() for name in ("broker", "client", "day", "deed"))
        bodies, ids = arrays.ids["organisation"], arrays.ids["deed"]
        for broker, client, happened, deed in zip(*columns, strict=True):
            self._add(bodies[broker], bodies[client], _iso(happened), ids[deed])
        last = _iso(day)
        for event, firm in _introductions(reading.views, firms):
            happened = next(iter(reading.views.values(event, "date")), "")
            for broker in reading.views.values(event, "broker"):
                if happened and happened <= last:
                    self._add(broker, firm, happened, event)

    def _add(self, broker: str, firm: str, day: str, event: str) -> None:
        self._events[broker, firm].append((day, event))
        self._firms[broker].add(firm)

    def brokers(self) -> set[str]:
        """Who knows any of the firms."""
        return set(self._firms)

    def firms(self, broker: str) -> set[str]:
        """The firms that a body knows."""
        return self._firms.get(broker, set())

    def of(self, broker: str, firm: str) -> tuple[Acquaintance, ...]:
        """What a body had to do with a firm, the newest first."""
        events = sorted(set(self._events.get((broker, firm), ())), reverse=True)[:_EVENTS]
        return tuple(
            Acquaintance(
                firm=self.reading.ref(firm, self.language),
                event=self.reading.ref(event, self.language),
                day=day,
                sources=self.reading.stated(event, "type"),
            )
            for day, event in events
        )


@lru_cache(maxsize=20_000)
def _iso(day: int) -> str:
    return str(np.datetime64(day, "D"))


def _introductions(views: SnapshotViews, firms: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Events by which one of some firms was introduced, each with the firm."""
    if len(firms) <= _ONE_BY_ONE:
        for firm in firms:
            yield from ((event, firm) for event in views.subjects("introducedTo", firm))
    else:
        # so many that all introductions on record are gone through sooner
        wanted = set(firms)
        yield from ((event, firm) for event, firm in views.edges("introducedTo") if firm in wanted)


def warm_contacts(
    reading: Reading, technology: str, buyers: Sequence[str], day: str, language: str
) -> tuple[WarmContact, ...]:
    """Organisations that know the inventors of a technology, buyers first; its own holders are none."""
    views = reading.views
    own = {holder for holder, _ in _holders(reading, technology)}
    found: dict[tuple[str, str], WarmContact] = {}
    for person in views.values(technology, "inventor"):
        through = reading.ref(person, language)
        worked: dict[Tie, tuple[Employment, ...]] = {
            "employer": employment(reading, person, day, language),
            "former_employer": former(reading, person, day, language),
        }
        for tie, stays in worked.items():
            for stay in stays:
                contact = WarmContact(
                    organization=stay.organization,
                    tie=tie,
                    through=through,
                    buyer=stay.organization.id in buyers,
                    sources=stay.sources,
                )
                found.setdefault((stay.organization.id, tie), contact)
        for other in views.subjects("inventor", person, limit=_TIES):
            for holder, holding in _holders(reading, other) if other != technology else ():
                contact = WarmContact(
                    organization=reading.ref(holder, language),
                    tie="co_owner",
                    through=through,
                    buyer=holder in buyers,
                    sources=reading.stated(holding, "holder", holder),
                )
                found.setdefault((holder, "co_owner"), contact)
    kept = [contact for (body, _), contact in found.items() if body not in own]
    return tuple(sorted(kept, key=lambda one: (not one.buyer, one.organization.name, one.tie)))[:_TIES]


def _holders(reading: Reading, technology: str) -> Iterator[tuple[str, str]]:
    """Who owns a technology, and the holding that says so."""
    for holding in reading.views.subjects("over", technology):
        if any(power.endswith("/own") for power in reading.views.values(holding, "power")):
            for holder in reading.views.values(holding, "holder"):
                yield holder, holding
