"""May ``from`` give this to ``to`` on this day? One answer for the service, the command line and an evaluation.

The rules are those of DOMAIN.md ("Rules of law"); days, shares and provisions come from ``ontology/law.ttl``.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from graph.policy.case import Case
from graph.policy.consistency import excess
from graph.policy.gates import FORMS, Finding, GateName, consent_gate, exclusive_gate, law_gate, right_gate
from graph.policy.law import Language, Provision, Regime, law
from graph.policy.ownership import Ownership, ownership
from graph.policy.profit import parts
from graph.policy.scope import State
from graph.policy.sentences import Phrase, Word, document_of

__all__ = [
    "Basis",
    "Case",
    "GateResult",
    "Registration",
    "Step",
    "Verdict",
    "cited",
    "decide",
    "examine",
    "registration",
    "steps_with_documents",
]

Registration = Literal["required", "not_required", "unknown"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Basis(_Part):
    """A provision: the path of its IRI, its name, and its certainty (v read, s secondary, g general knowledge)."""

    id: str
    name: str
    certainty: str


class GateResult(_Part):
    """One gate by itself: its state, why, in which provisions, and what to do next where it is not a yes."""

    gate: GateName
    state: State
    reason: str
    basis: tuple[Basis, ...]
    next_steps: tuple[str, ...]


class Step(_Part):
    """Something to do next: what, by which provision, and the document that settles it, where there is one."""

    sentence: str
    provision: Basis | None
    document: str | None


class Verdict(_Part):
    """The answer to a case. ``gate`` is the one that decided, null on yes; ``shares`` is owner → share as settled."""

    regime: Regime
    shares: dict[str, float]
    may: State
    gate: GateName | None
    registration: Registration
    reason: str
    basis: tuple[Basis, ...]
    next_steps: tuple[str, ...]


def decide(case: Case, language: Language = "vi") -> Verdict:
    """The answer to a case, in Vietnamese or English.

    A *no* of any gate wins over *unknown*, *unknown* over *yes*; the gate named is the first of the winning kind.

    :raises LawError: where the law file lacks what a rule needs
    """
    title = ownership(case)
    findings = _findings(case, title)
    winner = _winner(findings)
    registered = registration(case)
    reason, basis = _reason(case, findings, winner)
    return Verdict(
        regime=title.regime,
        shares=dict(title.shares),
        may=winner.state if winner else "yes",
        gate=winner.gate if winner else None,
        registration=registered,
        reason=" ".join(phrase.say(language) for phrase in reason),
        basis=cited(basis, language),
        next_steps=tuple(step.say(language) for step in _steps(case, title, findings, registered)),
    )


def examine(case: Case, language: Language = "vi") -> tuple[GateResult, ...]:
    """The four gates of a case in their order, each by itself, for who shows them all.

    :raises LawError: where the law file lacks what a rule needs
    """
    return tuple(
        GateResult(
            gate=found.gate,
            state=found.state,
            reason=found.reason.say(language),
            basis=cited(found.basis, language),
            next_steps=tuple(step.say(language) for step in found.steps),
        )
        for found in _findings(case, ownership(case))
    )


def steps_with_documents(case: Case, language: Language = "vi") -> tuple[Step, ...]:
    """The next steps of :func:`decide`, each with the provision that it cites and the document that it needs.

    :raises LawError: where the law file lacks what a rule needs
    """
    title = ownership(case)
    return tuple(
        Step(
            sentence=step.say(language),
            provision=next(iter(cited([step.provision], language)), None) if step.provision else None,
            document=document_of(step, language),
        )
        for step in _steps(case, title, _findings(case, title), registration(case))
    )


def registration(case: Case) -> Registration:
    """Whether the transfer has to be registered (rule "registration" of the law file).

    Required when cross-border; when domestic and state money took part, unless the result has its certificate; unknown
    when domestic without a certificate and the funding unknown. Where it is not on record whether a border is crossed,
    it is unknown unless it is required either way.
    """
    domestic: Registration = "not_required"
    if not case.certificate:
        money = _state_money(case)
        domestic = "unknown" if money is None else "required" if money else "not_required"
    if case.ask.cross_border is None:
        return domestic if domestic == "required" else "unknown"
    return "required" if case.ask.cross_border else domestic


def _findings(case: Case, title: Ownership) -> tuple[Finding, ...]:
    return law_gate(case), right_gate(case, title), exclusive_gate(case), consent_gate(case, title)


def _winner(findings: Iterable[Finding]) -> Finding | None:
    ranked = [found for state in ("no", "unknown") for found in findings if found.state == state]
    return ranked[0] if ranked else None


def _reason(
    case: Case, findings: Sequence[Finding], winner: Finding | None
) -> tuple[Sequence[Phrase], Sequence[Provision]]:
    if winner is not None:
        return [winner.reason], winner.basis
    allowed = Phrase(
        "yes",
        {
            "giver": case.ask.from_,
            "taker": case.ask.to or Word("taker"),
            "form": FORMS[case.ask.form],
            "day": case.on,
        },
    )
    basis = [item for found in findings for item in found.basis]
    return [allowed, *(found.reason for found in findings)], [*basis, *law().basis("registration")]


def cited(provisions: Iterable[Provision], language: Language) -> tuple[Basis, ...]:
    """Provisions as answers cite them, each once."""
    return tuple(_cited(item, language) for item in dict.fromkeys(provisions))


@cache
def _cited(provision: Provision, language: Language) -> Basis:
    return Basis(id=provision.id, name=provision.name(language), certainty=provision.certainty)


def _state_money(case: Case) -> bool | None:
    """Whether state money took part; None where the funding is unknown."""
    paid = case.contributions()
    if any(item.state for item in paid):
        return True
    return None if not paid or any(item.state is None for item in paid) else False


def _steps(case: Case, title: Ownership, findings: Sequence[Finding], registered: Registration) -> tuple[Phrase, ...]:
    """What to do next, in order: what the gates ask for; where none says no, contract, registration and profit."""
    if case.listed == "prohibited":
        return findings[0].steps
    steps = [step for found in findings if found.state != "yes" for step in found.steps]
    if over := excess(case.holdings or (), case.on):
        values = {"owners": over.holders, "total": over.total}
        steps.append(Phrase("step.shares", values, law().provision("co-owners-consent")))
    winner = _winner(findings)
    if winner is None:
        steps.append(Phrase("step.contract", provision=law().provision("scope")))
    if winner is None or winner.state == "unknown":
        steps += [*_registering(case, registered), *_profit(case)]
    return tuple({step.key: step for step in steps}.values())


def _registering(case: Case, registered: Registration) -> list[Phrase]:
    provision = law().provision("registration")
    if registered == "unknown":
        return [Phrase("step.registration_unknown", provision=provision)]
    if registered == "not_required":
        return []
    steps = [Phrase("step.register_abroad" if case.ask.cross_border else "step.register", provision=provision)]
    if case.listed == "restricted":
        steps.append(Phrase("step.register_permit", provision=provision))
    return steps


def _profit(case: Case) -> list[Phrase]:
    """Unknown authors stop nothing, but their share of the profit has no payee; then the broker's share.

    Provisions of one rule repeat each other: the first speaks for them.
    """
    granted = {part.party: part for part in reversed([*parts(case.approved, case.on)])}
    authors, broker = granted.get("authors"), granted.get("broker")
    money = _state_money(case)
    steps = []
    if not case.authors and money is not False:
        if authors is None or not money:
            steps.append(Phrase("step.authors"))
        elif authors.titles_only:
            steps.append(Phrase("step.authors_titles", {"share": authors.minimum}, authors.provision))
        else:
            steps.append(Phrase("step.authors_share", {"share": authors.minimum}, authors.provision))
    if broker is not None:
        steps.append(Phrase("step.broker_share", {"share": broker.minimum}, broker.provision))
    return steps
