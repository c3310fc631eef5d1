"""May a technology be given to somebody today? By the same rules as ``ketnoi evaluate rights`` and the gates of the main question."""

from collections.abc import Mapping

from graph.answer.hops import holders_of, valid
from graph.answer.reading import Reading
from graph.answer.rights_model import Given, May, RightsQuestion
from graph.answer.rights_on_record import (
    COUNTRY,
    DISPUTED,
    NOBODY,
    Rights,
    bodies_in,
    code_of,
    named_by_name,
    on_record,
    place_of,
)
from graph.answer.understanding import resolve_node
from graph.policy.case import Case, Form
from graph.policy.ownership import ownership
from graph.policy.rights import GateResult, decide, examine, steps_with_documents
from graph.policy.scope import State

_BEST: tuple[State, ...] = ("yes", "unknown", "no")
_FITTING: dict[Form, tuple[str, ...]] = {
    "assignment": ("own",),
    "licence": ("own", "transfer"),
    "sublicence": ("use",),
}
"""The powers that may give in a form; whoever has none of them is not asked for."""


def asked_of(reading: Reading, part: str, text: str | None, language: str) -> str | None:
    """The node that a part of a question names.

    :raises graph.answer.errors.AnswerError: where it is not known
    """
    return resolve_node(reading, part, text, language) if text else None


def may(reading: Reading, question: RightsQuestion, technology: str, day: str) -> May:
    """The best answer among all who might give it, or that of the giver who is asked about.

    :raises graph.answer.errors.AnswerError: where the giver or the taker is not known
    """
    rights = reading.about("technology_rights", "technologies", [technology])[technology][-1]
    taker = asked_of(reading, "firm", question.to, question.language)
    giver = asked_of(reading, "firm", question.giver, question.language)
    asking = _Asking(reading, question, technology, day, rights, taker)
    givers: list[str | None] = [giver] if giver else [*asking.givers()] or [None]
    found = sorted((asking.given(one) for one in givers), key=lambda one: _BEST.index(one.may))
    return May(
        technology=reading.ref(technology, question.language),
        to=reading.ref(taker, question.language) if taker else None,
        form=question.form,
        territory=tuple(asking.territory),
        field=tuple(asking.field),
        cross_border=asking.cross_border(found[0].giver.id if found[0].giver else None),
        answer=found[0],
        others=tuple(found[1:]),
    )


class _Asking:
    """Asks the rules about one technology and taker."""

    def __init__(
        self, reading: Reading, question: RightsQuestion, technology: str, day: str, rights: Rights, taker: str | None
    ) -> None:
        self.reading, self.question, self.day, self.rights, self.taker = reading, question, day, rights, taker
        self.technology = technology
        self.place, self.country = place_of(reading, taker) if taker else (None, None)
        self.territory = [question.territory] if question.territory else [self.place or self.country or COUNTRY]
        self.field = [question.field] if question.field else list(rights["ipc"])

    def givers(self) -> list[str]:
        """Whoever is on record with a power that fits, running ones first; else who owns by law."""
        fitting = [
            (not valid(item, self.day), item["holder"])
            for item in self.rights["holdings"]
            if item["holder"] and code_of(item["power"] or "") in _FITTING[self.question.form]
        ]
        owners = [] if holders_of(self.rights, self.day) else list(ownership(self._case(None)).shares)
        return list(dict.fromkeys([*owners, *(holder for _, holder in sorted(fitting))]))

    def cross_border(self, giver: str | None) -> bool | None:
        """Whether a border is crossed; None where a side's country is not on record."""
        home = place_of(self.reading, giver)[1] if giver else None
        return home != self.country if home and self.country else None

    def _case(self, giver: str | None) -> Case:
        ask = {
            "from": giver or NOBODY[self.question.language],
            "to": self.taker,
            "form": self.question.form,
            "territory": self.territory,
            "field": self.field or None,
            "cross_border": self.cross_border(giver),
        }
        return Case.model_validate({"id": "may", "on": self.day, "ask": ask} | on_record(self.rights, self.day))

    def given(self, giver: str | None) -> Given:
        """What the rules say of one giver; None stands for an owner who is not on record."""
        language = self.question.language
        case = self._case(giver)
        verdict, gates = decide(case, language), self._gates(case, giver)
        winner = next((gate for state in ("no", "unknown") for gate in gates if gate.state == state), None)
        names = {
            node: self.reading.views.name(node, language) for node in {*bodies_in(case), giver, self.taker} if node
        }
        return Given(
            giver=self.reading.ref(giver, language) if giver else None,
            may=winner.state if winner else "yes",
            gate=winner.gate if winner else None,
            registration=verdict.registration,
            reason=named_by_name(winner.reason if winner else verdict.reason, names),
            basis=(winner or verdict).basis,
            gates=tuple(_by_name(gate, names) for gate in gates),
            next_steps=tuple(
                step.model_copy(update={"sentence": named_by_name(step.sentence, names)})
                for step in steps_with_documents(case, language)
            ),
        )

    def _gates(self, case: Case, giver: str | None) -> tuple[GateResult, ...]:
        language = self.question.language
        law, right, exclusive, consent = examine(case, language)
        if giver is None:
            # that nobody known may give it says nothing of the owner, who is not on record
            right = examine(case.model_copy(update={"holdings": None, "decisions": None}), language)[1]
        if self.rights["claims"] and right.state == "yes":
            right = right.model_copy(update={"state": "unknown", "reason": f"{DISPUTED[language]}."})
        return law, right, exclusive, consent


def _by_name(gate: GateResult, names: Mapping[str, str]) -> GateResult:
    steps = tuple(named_by_name(step, names) for step in gate.next_steps)
    return gate.model_copy(update={"reason": named_by_name(gate.reason, names), "next_steps": steps})
