"""Who knows whom: bodies that an intermediary had to do with, and organisations that know a technology's people."""

from collections.abc import Iterator, Sequence

import numpy as np

from graph.answer.employment import employment, former
from graph.answer.expert_model import Employment
from graph.answer.partner_model import Acquaintance, Tie, WarmContact
from graph.answer.reading import Reading
from graph.views.arrays import NO_DAY

_EVENTS = 3
"""Events named of one pair at most, the newest first."""
_TIES = 20


class Acquaintances:
    """Past deals, engagements and introductions between intermediaries and some firms, up to a day."""

    def __init__(self, reading: Reading, firms: Sequence[str], day: int, language: str) -> None:
        self.reading, self.language = reading, language
        self._events: dict[tuple[str, str], list[tuple[str, str]]] = {}
        last = str(np.datetime64(day, "D"))
        arrays = reading.views.arrays
        deeds = arrays.tables["deed"]
        numbers = {arrays.number("organisation", firm): firm for firm in firms}
        for row in np.flatnonzero(np.isin(deeds["client"], [at for at in numbers if at is not None])):
            if NO_DAY < deeds["day"][row] <= day:
                broker = arrays.ids["organisation"][int(deeds["broker"][row])]
                happened = str(np.datetime64(int(deeds["day"][row]), "D"))
                self._add(
                    broker, numbers[int(deeds["client"][row])], happened, arrays.ids["deed"][int(deeds["deed"][row])]
                )
        views = reading.views
        for firm in firms:
            for event in views.subjects("introducedTo", firm):
                happened = next(iter(views.values(event, "date")), "")
                for broker in views.values(event, "broker"):
                    if happened and happened <= last:
                        self._add(broker, firm, happened, event)

    def _add(self, broker: str, firm: str, day: str, event: str) -> None:
        self._events.setdefault((broker, firm), []).append((day, event))

    def brokers(self) -> set[str]:
        """Who knows any of the firms."""
        return {broker for broker, _ in self._events}

    def knows(self, broker: str, firm: str) -> bool:
        return (broker, firm) in self._events

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
