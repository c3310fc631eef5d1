"""What is on record about a result: its task, the technologies that come from it, powers over either, deals, disclosure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graph.answer.hops import valid
from graph.answer.reading import Reading
from graph.answer.rights_on_record import code_of, is_decision, on_record
from graph.answer.rights_states import Dated, Steps
from graph.policy.case import Case
from graph.questions.gate_facts import holding_facts, result_tasks
from graph.questions.nodes import Node

_JOINED = ("holdings", "listings", "permits", "consents", "claims", "authors", "ipc", "offers")
_NO_BODY = "-"
"""Stands for who would give where a case asks for nobody in particular."""


@dataclass(frozen=True, slots=True)
class Deal:
    """A signed transfer: the contract, its day, its forms by code, who took it, its records."""

    id: str
    day: str
    forms: tuple[str, ...]
    taker: str | None


class ResultFacts:
    """A result with everything that its rights rest on.

    :param rows: rows of the query ``technology_rights``, one a technology that embodies the result
    """

    def __init__(self, reading: Reading, result: str, rows: Sequence[dict[str, Any]]) -> None:
        self.reading, self.id = reading, result
        self.node = Node(reading.store, result)
        self.technologies = [row["id"] for row in rows]
        self.rights: dict[str, Any] = {
            name: list({str(item): item for row in rows for item in row[name]}.values()) for name in _JOINED
        }
        own = [holding_facts(one) for one in self.node.starts("over", "RightsHolding")]
        self.rights["holdings"] += [{**one, "sources": one["sources"] or []} for one in own]
        self.rights["tasks"] = list(result_tasks(self.node))

    @property
    def task(self) -> dict[str, Any] | None:
        """The task that it came from."""
        return next(iter(self.rights["tasks"]), None)

    @property
    def host(self) -> str | None:
        return self.task["host"] if self.task else None

    @property
    def approved(self) -> str | None:
        """The day on which its task was approved, as ISO date."""
        return str(self.task["approved"]) if self.task and self.task["approved"] else None

    @property
    def register(self) -> str | None:
        """The code of the state that the register of tasks says."""
        state = self.node.end("state")
        return code_of(state) if state else None

    @cached_property
    def acceptances(self) -> list[tuple[str, str]]:
        """Days of acceptance with the event, the first one first."""
        return sorted((str(one.value("date") or ""), one.id) for one in self.node.starts("accepts", "Acceptance"))

    @property
    def accepted(self) -> str | None:
        """The day on which it was first accepted."""
        return next((day for day, _ in self.acceptances if day), None)

    @cached_property
    def requests(self) -> list[Dated]:
        """Requests to be assigned it, by day."""
        return self._dated("requestsRightsTo", "RightsRequest")

    @cached_property
    def announcements(self) -> list[Dated]:
        """Announcements of it to who might take it up, by day."""
        return self._dated("announces", "ResultAnnouncement")

    def _dated(self, prop: str, cls: str) -> list[Dated]:
        found = (Dated(one.id, _text(one.value("date"))) for one in self.node.starts(prop, cls))
        return sorted(found, key=lambda one: (one.day or "", one.event))

    def applicant(self, request: Dated) -> str | None:
        """Who asked for the rights."""
        return Node(self.reading.store, request.event).end("organization")

    @cached_property
    def fields(self) -> list[str]:
        """Fields of the result and of its task."""
        of_task = Node(self.reading.store, self.task["id"]).end_ids("hasField") if self.task else []
        return list(dict.fromkeys([*self.node.end_ids("hasField"), *of_task]))

    @cached_property
    def deals(self) -> list[Deal]:
        """Signed transfers of the result or a technology that comes from it."""
        found = {deal.id: deal for thing in (self.id, *self.technologies) for deal in self._deals(thing)}
        return sorted(found.values(), key=lambda deal: (deal.day, deal.id))

    def _deals(self, thing: str) -> Iterator[Deal]:
        for one in Node(self.reading.store, thing).starts("object", "TechnologyTransfer"):
            day = one.value("signedOn") or one.value("effectiveOn")
            forms = tuple(map(code_of, one.end_ids("transferForm")))
            if day is not None:
                yield Deal(one.id, str(day), forms, one.end("transferee"))

    @property
    def _let_use(self) -> list[dict[str, Any]]:
        """Rights of use that no authority decided."""
        holdings = self.rights["holdings"]
        return [item for item in holdings if str(item["power"] or "").endswith("/use") and not is_decision(item)]

    @property
    def _licence_deals(self) -> list[Deal]:
        return [deal for deal in self.deals if set(deal.forms) & {"licence", "sublicence"}]

    def licences(self, day: str) -> list[Dated]:
        """The licences in force on a day: rights of use that no authority decided, and deals that let use."""
        held = [Dated(item["id"], _text(item["from"])) for item in self._let_use if valid(item, day)]
        return held + [Dated(deal.id, deal.day) for deal in self._licence_deals if deal.day <= day]

    def steps(self, day: str) -> Steps:
        """What is on record of the way of its rights, with the licences in force on a day."""
        return Steps(
            holdings=self.rights["holdings"],
            requests=self.requests,
            announcements=self.announcements,
            licences=self.licences(day),
            licensed=bool(self._let_use or self._licence_deals),
        )

    def disclosures(self, technology: str) -> list[Dated]:
        """What made a technology of it public: its own first disclosure, and announcements of results that it embodies, by day."""
        node = Node(self.reading.store, technology)
        shown = node.value("firstDisclosure")
        announced = [
            Dated(one.id, _text(one.value("date")))
            for result in node.ends("embodies")
            for one in result.starts("announces", "ResultAnnouncement")
        ]
        found = [*announced, *([Dated(technology, str(shown))] if shown else [])]
        return sorted(
            (one for one in found if one.day), key=lambda one: (one.day or "", one.event != technology, one.event)
        )

    def known_by(self, day: str) -> bool:
        """Whether there was anything of it by a day: it was accepted or, where that is not on record, its task approved."""
        begun = self.accepted or self.approved
        return begun is None or begun <= day

    def case(self, day: str, giver: str | None = None, **ask: Any) -> Case:
        """The case of the rules: what is on record, asked for a domestic licence where nothing else is said."""
        asked = {"from": giver or self.host or _NO_BODY, "territory": ["VN"], "cross_border": False} | ask
        asked.setdefault("field", self.rights["ipc"] or None)
        return Case.model_validate({"id": self.id, "on": day, "ask": asked} | on_record(self.rights, day))


def _text(day: Any) -> str | None:
    return str(day) if day is not None else None


def results_on_record(reading: Reading, results: Iterable[str]) -> Iterator[ResultFacts]:
    """Results with what is on record about them, in their order."""
    behind = {result: sorted(reading.views.subjects("embodies", result)) for result in results}
    wanted = {technology for several in behind.values() for technology in several}
    rows = reading.about("technology_rights", "technologies", wanted)
    for result, technologies in behind.items():
        yield ResultFacts(reading, result, [row for one in technologies for row in rows[one]])


def all_results(reading: Reading) -> list[str]:
    """All results, by id."""
    return sorted(reading.views.instances("ResearchResult"))


def paid_by_others_alone(facts: ResultFacts) -> bool:
    """Whether all the money of the task is on record and none of it is the state's."""
    paid = [item for item in (facts.task or {}).get("funding", ()) if item["amount"] != 0]
    return bool(paid) and all(item["state"] is False for item in paid)
