"""The hops of a route: technology → holder → intermediary → firm, each with the records that state it, or marked as derived."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates
from graph.answer.facts import Facts, RouteFacts
from graph.answer.model import Hop, Ref
from graph.answer.reading import Reading


@dataclass(slots=True)
class Ends:
    """The nodes of a route by id; a technology that is not saved has none."""

    technology: str | None
    holders: list[str]
    broker: str
    firm: str
    need: str | None

    @property
    def key(self) -> str:
        """The ends in one text: technology, intermediary, firm, need; ``-`` for one that is not saved or not there."""
        return ".".join(end or "-" for end in (self.technology, self.broker, self.firm, self.need))


def holders_of(technology: Mapping[str, Any] | None, day: str) -> list[dict[str, Any]]:
    """Holdings of ownership that are valid on a day, and hosts that own by law where nothing else is recorded."""
    if technology is None:
        return []
    return [
        holding
        for holding in technology["holdings"]
        if holding["holder"] and (holding["power"] or "").endswith("/own") and valid(holding, day)
    ]


def valid(event: Mapping[str, Any], day: str) -> bool:
    """Whether an event's period holds a day; missing ends are open."""
    start, end = event.get("from"), event.get("until")
    return (start is None or str(start) <= day) and (end is None or str(end) >= day)


def period(event: Mapping[str, Any]) -> str | None:
    """A period as text."""
    start, end = event.get("from"), event.get("until")
    return None if start is None and end is None else f"{start or '…'} – {end or '…'}"


class Hops:
    """Builds the hops of routes of one answer.

    :param past: the newest deal of each intermediary with a client, see :func:`newest_deals`
    :param events: what is on record of these deals, by id
    """

    def __init__(
        self,
        reading: Reading,
        facts: RouteFacts,
        past: Mapping[tuple[str, str], str],
        events: Facts,
        day: str,
        language: str,
    ) -> None:
        self.reading, self.facts, self.past, self.events = reading, facts, past, events
        self.day, self.language = day, language

    def of(self, ends: Ends, technology: Ref) -> tuple[Hop, ...]:
        """All hops of a route, in its order."""
        found: list[Hop] = []
        rights = self.facts.technologies.get(ends.technology or "")
        for holding in holders_of(rights, self.day):
            found.append(
                self._hop(
                    technology,
                    "holder",
                    self._ref(holding["holder"]),
                    holding["sources"],
                    period(holding),
                    holding["id"],
                )
            )
        if not found and ends.holders:
            task = next(iter(rights["tasks"]), None) if rights else None
            found.append(
                self._hop(
                    technology, "holder", self._ref(ends.holders[0]), task["sources"] if task else [], None, None, False
                )
            )
        source = self._ref(ends.holders[0]) if ends.holders else technology
        found.append(self._broker_hop(source, ends))
        found.append(self._firm_hop(ends))
        if ends.need:
            records = self.reading.stated(ends.need, "needOf", ends.firm)
            found.append(
                Hop(
                    from_=self._ref(ends.firm),
                    relation="needOf",
                    to=self._ref(ends.need),
                    asserted=True,
                    sources=records,
                )
            )
        return tuple(found)

    def _ref(self, node: str) -> Ref:
        return self.reading.ref(node, self.language)

    def _hop(
        self,
        start: Ref,
        relation: str,
        end: Ref,
        records: list[str] | None,
        valid_: str | None,
        via: str | None,
        asserted: bool = True,
    ) -> Hop:
        return Hop(
            from_=start,
            relation=relation,
            to=end,
            asserted=asserted,
            sources=self.reading.sources(records),
            valid=valid_,
            via=self._ref(via) if via else None,
        )

    def _broker_hop(self, source: Ref, ends: Ends) -> Hop:
        """What ties the intermediary to the holder: past work for it, being a unit of it; else that it covers the field (derived)."""
        broker = self._ref(ends.broker)
        for owner in ends.holders:
            event = self._past(ends.broker, owner)
            if event:
                return self._hop(
                    source, "clientOf", broker, event["sources"], str(event["day"] or "") or None, event["id"]
                )
            if owner in self.facts.brokers.get(ends.broker, {}).get("controllers", ()):
                unit = self.reading.stated(ends.broker, "unitOf", owner)
                stated = unit or self.reading.stated(ends.broker, "controlledBy", owner)
                return Hop(
                    from_=source, relation="hasUnit" if unit else "controls", to=broker, asserted=True, sources=stated
                )
        offerings = [
            offering
            for offering in self.facts.brokers.get(ends.broker, {}).get("offerings", ())
            if valid(offering, self.day)
        ]
        records = [record for offering in offerings[:3] for record in offering["sources"] or ()]
        return self._hop(
            source,
            "coversField",
            broker,
            records,
            period(offerings[0]) if offerings else None,
            offerings[0]["id"] if offerings else None,
            False,
        )

    def _firm_hop(self, ends: Ends) -> Hop:
        broker, firm = self._ref(ends.broker), self._ref(ends.firm)
        event = self._past(ends.broker, ends.firm)
        if event:
            return self._hop(broker, "client", firm, event["sources"], str(event["day"] or "") or None, event["id"])
        return Hop(from_=broker, relation="canReach", to=firm, asserted=False, sources=())

    def _past(self, broker: str, client: str) -> dict[str, Any] | None:
        """The newest past deal between two bodies."""
        return self.events.get(self.past.get((broker, client), ""))


def newest_deals(candidates: Candidates, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The newest past deal of each intermediary with a client, where there is one.

    :param pairs: of organisations by id, the intermediary first
    """
    arrays, deals = candidates.ranker.arrays, candidates.ranker.deals
    numbers = {
        pair: (broker, client)
        for pair in pairs
        if (broker := arrays.number("organisation", pair[0])) is not None
        and (client := arrays.number("organisation", pair[1])) is not None
    }
    ends = np.array(list(numbers.values()), dtype=np.int64).reshape(-1, 2)
    given, rows = deals.by_client.of(ends[:, 1])
    past = (deals.broker[rows] == ends[given, 0]) & (deals.day[rows] <= candidates.day)
    given, rows = given[past], rows[past]
    order = np.lexsort((rows, -deals.day[rows], given))
    newest = order[np.flatnonzero(np.diff(given[order], prepend=-1))]
    known, deeds = list(numbers), arrays.tables["deed"]["deed"][rows[newest]]
    return {known[at]: arrays.ids["deed"][int(deed)] for at, deed in zip(given[newest], deeds, strict=True)}
