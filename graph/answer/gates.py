"""The gates of a route, from what the property graph says: law, right, broker, conflict, and the need's own readiness.

The rules themselves are in :mod:`graph.policy`; here facts are put into their form. No gate is ever traded for score.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from graph.answer.facts import RouteFacts
from graph.answer.hops import Ends, holders_of, valid
from graph.answer.model import Gate, GateName, GateState
from graph.answer.reading import Reading
from graph.answer.rights_on_record import (
    COUNTRY,
    DISPUTED,
    NOBODY,
    bodies_in,
    code_of,
    named_by_name,
    on_record,
    owns,
    place_code,
    place_of,
)
from graph.policy.broker import BrokerFinding, Offering, Recognition, broker_gate, conflict_gate
from graph.policy.case import Case
from graph.policy.ownership import ownership
from graph.policy.rights import GateResult, cited, decide, examine

_STATES: dict[str, GateState] = {"yes": "pass", "no": "fail", "unknown": "unknown"}
_TAKER = "\ue000"
"""Stands for the firm in what the rules say, until its name is put there."""
_NEED = {
    "pass": {
        "vi": "TRL {have} đáp ứng mức TRL {want} mà nhu cầu đòi hỏi",
        "en": "TRL {have} meets the TRL {want} that the need asks for",
    },
    "fail": {
        "vi": "TRL {have} thấp hơn mức TRL {want} mà nhu cầu đòi hỏi",
        "en": "TRL {have} is below the TRL {want} that the need asks for",
    },
    "unknown": {
        "vi": "Chưa có đánh giá TRL; nhu cầu đòi hỏi TRL {want}",
        "en": "No TRL assessment on record; the need asks for TRL {want}",
    },
}
_ASSESS = {
    "vi": "Đề nghị đánh giá mức sẵn sàng công nghệ (TRL)",
    "en": "Ask for an assessment of the technology's readiness (TRL)",
}


@dataclass(frozen=True, slots=True)
class _Found:
    """A gate, what to do where it is not known, and the records behind it."""

    gate: Gate
    steps: list[str]
    records: list[str]


@dataclass(slots=True)
class _Legal:
    """The gates of law and of right of one case, in which bodies stand by their ids, and the records behind them.

    ``bodies`` are the ids of those that the case speaks of.
    """

    gates: tuple[Gate, ...]
    records: dict[GateName, list[str]]
    case: Case
    bodies: tuple[str, ...]
    _steps: tuple[str, ...] | None = None

    def steps(self, language: Literal["vi", "en"]) -> tuple[str, ...]:
        """What to do next; worked out when it is first asked for, as most routes that are judged are not shown."""
        if self._steps is None:
            self._steps = decide(self.case, language).next_steps
        return self._steps


@dataclass(frozen=True, slots=True)
class Judged:
    """What the gates say of one route to a firm. What most routes that are judged are never asked for is told by :class:`Gates`."""

    firm: str
    legal: _Legal
    others: tuple[_Found, ...]

    @property
    def gates(self) -> tuple[Gate, ...]:
        """The gates in their order, in which the firm and other bodies are not named yet."""
        return (*self.legal.gates, *(one.gate for one in self.others))

    @property
    def excluded(self) -> bool:
        """Only a fail excludes."""
        return any(gate.state == "fail" for gate in self.gates)


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)) if value is not None else None


class Gates:
    """Judges routes on one snapshot and day."""

    def __init__(self, reading: Reading, facts: RouteFacts, day: str, language: Literal["vi", "en"]) -> None:
        self.reading, self.facts, self.language = reading, facts, language
        self.day = day
        self.on = date.fromisoformat(day)
        self._standing: dict[str, _Found] = {}
        self._conflicts: dict[tuple[str, str | None, str | None], _Found] = {}
        self._ready: dict[tuple[int, str], _Found] = {}
        self._control: dict[str, list[str]] = {}
        self._places: dict[str, tuple[str | None, str | None]] = {}
        self._judged: dict[tuple[str | None, str | None, str | None], _Legal] = {}

    def holders(self, technology: str | None) -> list[str]:
        """Who owns a technology on the day: as recorded, else as the law settles it by itself."""
        rights = self.facts.technologies.get(technology or "")
        recorded = [holding["holder"] for holding in holders_of(rights, self.day)]
        if recorded or rights is None:
            return list(dict.fromkeys(recorded))
        return list(ownership(self._case(rights, "-", None, self.language)).shares)

    def judge(self, ends: Ends) -> Judged:
        """All gates of a route."""
        need = self._need(ends)
        return Judged(
            ends.firm,
            self._legal(ends),
            (self._broker(ends.broker), self._conflict(ends), *([need] if need else [])),
        )

    def failed(self, judged: Judged) -> Gate:
        """The first gate that shut a route out."""
        gate = next(gate for gate in judged.gates if gate.state == "fail")
        return gate.model_copy(update={"reason": self._naming(judged, gate.reason)})

    def sourced(self, judged: Judged) -> tuple[Gate, ...]:
        """The gates of a route with the records that they rest on."""
        records = judged.legal.records | {one.gate.gate: one.records for one in judged.others}
        return tuple(
            gate.model_copy(
                update={
                    "reason": self._naming(judged, gate.reason),
                    "sources": self.reading.sources(records.get(gate.gate)),
                }
            )
            for gate in judged.gates
        )

    def next_steps(self, judged: Judged) -> tuple[str, ...]:
        """What to do next on a route: by the rules, for the need, then about the intermediary."""
        broker, conflict, *need = judged.others
        legal = (self._naming(judged, step) for step in judged.legal.steps(self.language))
        return tuple(dict.fromkeys((*legal, *(step for one in (*need, broker, conflict) for step in one.steps))))

    def _naming(self, judged: Judged, said: str) -> str:
        """What the rules say, with the names of whom they speak of."""
        named = {
            body: self.reading.views.name(node, self.language)
            for body, node in (*((body, body) for body in judged.legal.bodies), (_TAKER, judged.firm))
            if body in said
        }
        return named_by_name(said, named)

    def _legal(self, ends: Ends) -> _Legal:
        """What the rules say; of firms of one place they say the same, but for the name."""
        place, country = self._place(ends.firm)
        rights = self.facts.technologies.get(ends.technology or "")
        key = (ends.technology, _told_apart(rights, place), country)
        if key not in self._judged:
            self._judged[key] = self._examined(ends, rights)
        return self._judged[key]

    def _examined(self, ends: Ends, rights: dict[str, Any] | None) -> _Legal:
        giver = ends.holders[0] if ends.holders else NOBODY[self.language]
        case = self._case(rights, giver, ends.firm, self.language, ends.holders)
        examined = examine(case, self.language)
        if rights and not ends.holders and not any(owns(item) for item in rights["holdings"]):
            # that nobody known may give it says nothing of the owner, who is not on record
            unheld = examine(case.model_copy(update={"holdings": None, "decisions": None}), self.language)
            examined = (examined[0], unheld[1], *examined[2:])
        gates, records = self._law_and_right(examined, rights)
        return _Legal(gates, records, case, tuple(dict.fromkeys((*bodies_in(case), *ends.holders))))

    def _case(
        self, rights: dict[str, Any] | None, giver: str, firm: str | None, language: str, holders: Sequence[str] = ()
    ) -> Case:
        """What is on record, in the form of the rules."""
        place, country = self._place(firm) if firm else (None, None)
        owner_country = self._place(giver)[1] if holders else None
        ask: dict[str, Any] = {"from": giver, "to": firm and _TAKER, "territory": [place or COUNTRY]}
        if country and owner_country:
            ask["cross_border"] = country != owner_country
        case: dict[str, Any] = {"id": "route", "on": self.day, "ask": ask}
        if rights is None:
            return Case.model_validate(case)
        ask["field"] = rights["ipc"] or None
        form = self._form(rights)
        if form:
            ask["form"] = form
        return Case.model_validate(case | on_record(rights, self.day))

    def _form(self, rights: dict[str, Any]) -> str | None:
        """The form of transfer that a current offer asks for; a licence where it leaves the choice."""
        forms = {code_of(form) for offer in rights["offers"] if valid(offer, self.day) for form in offer["forms"]}
        return next(iter(forms)) if len(forms) == 1 else None

    def _place(self, node: str) -> tuple[str | None, str | None]:
        """Province (as a place code) and country of an organisation."""
        if node not in self._places:
            self._places[node] = place_of(self.reading, node)
        return self._places[node]

    def _law_and_right(
        self, results: tuple[GateResult, ...], rights: dict[str, Any] | None
    ) -> tuple[tuple[Gate, Gate], dict[GateName, list[str]]]:
        law, *others = results
        worst = min(others, key=lambda result: ("no", "unknown", "yes").index(result.state))
        right = self._gate("right", worst)
        disputed = bool(rights and rights["claims"] and right.state == "pass")
        if disputed:
            right = Gate(gate="right", state="unknown", reason=DISPUTED[self.language], basis=right.basis)
        behind: dict[GateName, Any] = {}
        if rights:
            behind = {"law": rights["listings"], "right": rights["claims" if disputed else "holdings"]}
        records = {
            gate: [record for item in items for record in item["sources"] or ()] for gate, items in behind.items()
        }
        return (self._gate("law", law), right), records

    def _gate(self, name: Literal["law", "right"], result: GateResult) -> Gate:
        return Gate(
            gate=name,
            state=_STATES[result.state],
            reason=result.reason,
            basis=result.basis,
        )

    def _finding(self, finding: BrokerFinding) -> Gate:
        return Gate(
            gate=finding.gate,
            state=finding.state,
            reason=finding.say(self.language),
            basis=cited(finding.basis, self.language),
        )

    def _broker(self, broker: str) -> _Found:
        """Whether an intermediary may act today, and what to do where that is not known."""
        if broker not in self._standing:
            known = self.facts.brokers.get(broker, {})
            finding = broker_gate(
                self.on,
                [
                    Recognition(item["kind"], _day(item["from"]), _day(item["until"]), _day(item["revoked"]))
                    for item in known.get("recognitions", ())
                ],
                [
                    Offering(item["kind"], _day(item["from"]), _day(item["until"]))
                    for item in known.get("offerings", ())
                ],
                known.get("engagements", 0),
            )
            events = [*known.get("recognitions", ()), *known.get("offerings", ())]
            records = [record for event in events for record in event["sources"] or ()]
            self._standing[broker] = self._said(finding, records)
        return self._standing[broker]

    def broker(self, body: str) -> Gate:
        """Whether an intermediary may act on the day, whatever it is to bring to whom."""
        found = self._broker(body)
        return found.gate.model_copy(update={"sources": self.reading.sources(found.records)})

    def _conflict(self, ends: Ends) -> _Found:
        controllers = self.facts.brokers.get(ends.broker, {}).get("controllers", ())
        holder = ends.holders[0] if ends.holders else None
        # a body that nobody controls is in the same case with every firm that is not itself
        key = (ends.broker, holder, ends.firm if controllers or ends.firm == ends.broker else None)
        if key not in self._conflicts:
            finding = conflict_gate(ends.broker, ends.firm, holder, controllers)
            # whom nobody controls, nobody says it of
            self._conflicts[key] = self._said(finding, self._controlled(ends.broker) if controllers else [])
        return self._conflicts[key]

    def _controlled(self, broker: str) -> list[str]:
        """The records that say who controls an intermediary."""
        if broker not in self._control:
            stated = (self.reading.stated(broker, prop) for prop in ("controlledBy", "unitOf"))
            self._control[broker] = [source.record for sources in stated for source in sources]
        return self._control[broker]

    def _said(self, finding: BrokerFinding, records: list[str]) -> _Found:
        return _Found(self._finding(finding), [step.say(self.language) for step in finding.steps], records)

    def _need(self, ends: Ends) -> _Found | None:
        """The need's own minimum readiness."""
        if not ends.need or not ends.technology:
            return None
        wanted = self._wanted(ends.need)
        if not wanted:
            return None
        key = (wanted, ends.technology)
        if key not in self._ready:
            self._ready[key] = self._readiness(*key)
        return self._ready[key]

    def _wanted(self, need: str) -> int:
        """The level that a need asks for; 0 where it asks for none."""
        number = self.reading.views.arrays.number("need", need)
        if number is not None:
            return int(self.reading.ranker.lookups.required[number])
        return next((int(code_of(level)) for level in self.reading.views.values(need, "requiredLevel")), 0)

    def _readiness(self, want: int, technology: str) -> _Found:
        views = self.reading.views
        assessments = [
            (next(iter(views.values(node, "date")), ""), int(code_of(level)), node)
            for node in views.subjects("assesses", technology)
            for level in views.values(node, "level")
        ]
        past = [item for item in assessments if item[0] <= self.day]
        have = max(past)[1] if past else None
        state: GateState = "unknown" if have is None else "pass" if have >= want else "fail"
        records = [source.record for source in self.reading.stated(max(past)[2], "level")] if past else []
        gate = Gate(gate="need", state=state, reason=_NEED[state][self.language].format(have=have, want=want))
        return _Found(gate, [_ASSESS[self.language]] if state == "unknown" else [], records)


def _told_apart(rights: dict[str, Any] | None, place: str | None) -> str | None:
    """A place as far as the holdings on record tell places apart: to one that is for a whole country all of its provinces are alike."""
    told = {place_code(item) for holding in rights["holdings"] for item in holding["territory"]} if rights else set()
    if not told:
        return None
    return (place or COUNTRY).partition("-")[0] if all("-" not in code for code in told) else place
