"""The four gates of "may ``from`` give this to ``to`` on this day?": law, right, exclusive, consent.

The rules are those of DOMAIN.md ("Rules of law"). Each is a pure function of the case; which of them
decides is said in :mod:`graph.policy.rights`.
"""

from dataclasses import dataclass
from typing import Literal

from graph.policy.case import Case, Form, Holding
from graph.policy.law import Provision, law
from graph.policy.ownership import Lack, Ownership
from graph.policy.scope import State, covered, overlaps
from graph.policy.sentences import Phrase, Word

GateName = Literal["law", "right", "exclusive", "consent"]

FORMS: dict[Form, Word] = {
    "assignment": Word("form.assignment"),
    "licence": Word("form.licence"),
    "sublicence": Word("form.sublicence"),
}
_LACKS: dict[Lack, tuple[str, str]] = {
    "approved": ("step.approved", "automatic-regime"),
    "decision": ("step.decision", "on-request-regime"),
    "funding": ("step.funding", "automatic-regime"),
    "host": ("step.host", "automatic-regime"),
    "funder": ("step.funder", "automatic-regime"),
}
"""What is not on record → the step that asks for it, and the rule that makes it matter."""

_WHOLE_SHARE = 1 - 1e-3
"""Recorded shares that add up to less leave an owner who is not on record; the slack is for shares of three digits."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a gate found: the state, why, the provisions behind it, and what to do next where it is not a yes."""

    gate: GateName
    state: State
    reason: Phrase
    basis: tuple[Provision, ...]
    steps: tuple[Phrase, ...] = ()


def law_gate(case: Case) -> Finding:
    """Gate 1: prohibited → no; restricted without a permit valid that day → no; not assessed → unknown."""
    basis = tuple(item for item in law().basis("law") if item.listing in (None, case.listed))
    if case.listed is None:
        step = Phrase("step.assess", provision=law().provision("listing"))
        return _unknown("law", Phrase("law.unassessed"), basis, step)
    if case.listed == "prohibited":
        step = Phrase("step.prohibited", provision=law().provision("listing", "prohibited"))
        return Finding("law", "no", Phrase("law.prohibited"), basis, (step,))
    if case.listed == "restricted":
        return _permit(case, basis)
    reason = Phrase("law.encouraged" if case.listed == "encouraged" else "law.free")
    return Finding("law", "yes", reason, basis)


def _permit(case: Case, basis: tuple[Provision, ...]) -> Finding:
    provision = law().provision("permit", "restricted")
    if case.permit is None:
        return Finding("law", "no", Phrase("law.no_permit"), basis, (Phrase("step.permit", provision=provision),))
    if case.permit.holds(case.on):
        return Finding("law", "yes", Phrase("law.permit", {"day": case.on}), basis)
    reason = Phrase("law.permit_not_valid", {"day": case.on})
    return Finding("law", "no", reason, basis, (Phrase("step.permit_again", provision=provision),))


def right_gate(case: Case, title: Ownership) -> Finding:
    """Gate 2: a power that the form needs, valid that day, covering the asked territory and field."""
    if title.undecided:
        return _unknown("right", Phrase("right.undecided"), law().basis("right", title.regime), *_lacking(title))
    fitting = [held for held in _powers(case, title) if _grants(held, case.ask.form)]
    valid = [held for held in fitting if held.holds(case.on)]
    state = covered(valid, case.ask)
    if state == "yes":
        regime = None if title.regime == "unknown" else title.regime
        return Finding("right", "yes", _why(case, title), law().basis("right", regime))
    basis = law().basis("right", title.regime)
    if state == "unknown":
        return _unknown("right", Phrase("right.scope_unknown", _who(case)), basis, *_scope_steps(case, valid))
    if title.may_own(case.ask.from_):
        return _unknown("right", Phrase("right.owner_unknown", _who(case)), basis, *_lacking(title))
    return _no_right(case, title, fitting, valid)


def _powers(case: Case, title: Ownership) -> list[Holding]:
    """The powers of who would give: recorded, by decision, by the law."""
    return [held for held in (*title.claims, *(case.holdings or ())) if held.holder == case.ask.from_]


def _grants(held: Holding, form: Form) -> bool:
    if form == "sublicence":
        return held.power == "use" and bool(held.sublicensable)
    return held.power == "own" or (form == "licence" and held.power == "transfer")


def _why(case: Case, title: Ownership) -> Phrase:
    giver = case.ask.from_
    owns = case.ask.form != "sublicence" and any(claim.holder == giver for claim in title.claims)
    key = "right.recorded"
    if owns and title.source == "law":
        key = "right.by_law"
    elif owns and any(item.to == giver and item.power == "own" for item in case.decided()):
        key = "right.by_decision"
    return Phrase(key, _who(case))


def _no_right(case: Case, title: Ownership, fitting: list[Holding], valid: list[Holding]) -> Finding:
    basis = law().basis("right", None if title.regime == "unknown" else title.regime)
    if valid:
        step = Phrase("step.within_scope", provision=law().provision("scope"))
        return Finding("right", "no", Phrase("right.out_of_scope", _who(case)), basis, (step,))
    if fitting:
        step = Phrase("step.renew", _who(case), law().provision("power-and-form"))
        return Finding("right", "no", Phrase("right.not_valid", _who(case)), basis, (step,))
    held = any(held.holder == case.ask.from_ for held in (*(case.holdings or ()), *title.claims)) or any(
        item.to == case.ask.from_ for item in case.decided()
    )
    reason = "right.not_enough" if held else "right.none"
    return Finding("right", "no", Phrase(reason, _who(case)), basis, (_ask_owner(case, title),))


def _ask_owner(case: Case, title: Ownership) -> Phrase:
    provision = law().provision("power-and-form")
    owners = tuple(dict.fromkeys(claim.holder for claim in title.claims if claim.holder != case.ask.from_))
    if owners:
        return Phrase("step.ask_owner", {"owners": owners}, provision)
    return Phrase("step.find_owner", provision=provision)


def _scope_steps(case: Case, valid: list[Holding]) -> list[Phrase]:
    provision = law().provision("scope")
    steps = []
    if case.ask.territory is None or case.ask.field is None:
        steps.append(Phrase("step.scope_asked", provision=provision))
    if any(held.territory is None or held.field is None for held in valid):
        steps.append(Phrase("step.scope_held", _who(case), provision))
    return steps


def _lacking(title: Ownership) -> list[Phrase]:
    return [Phrase(key, provision=law().by_rule(rule)[0]) for key, rule in (_LACKS[lack] for lack in title.lacks)]


def exclusive_gate(case: Case) -> Finding:
    """Gate 3: somebody other than ``from`` holds an exclusive power, valid that day, that touches what is asked → no.

    Where a missing territory or field leaves it open whether it touches, the answer is unknown.
    """
    basis = law().basis("exclusive")
    others = [
        held for held in case.holdings or () if held.exclusive and held.holder != case.ask.from_ and held.holds(case.on)
    ]
    found: dict[State, list[str]] = {"yes": [], "unknown": [], "no": []}
    for held in others:
        found[overlaps(held, case.ask)].append(held.holder)
    provision = law().provision("exclusive")
    if found["yes"]:
        values = {"holders": tuple(dict.fromkeys(found["yes"]))}
        step = Phrase("step.exclusive", values, provision)
        return Finding("exclusive", "no", Phrase("exclusive.held", values), basis, (step,))
    if found["unknown"]:
        values = {"holders": tuple(dict.fromkeys(found["unknown"]))}
        step = Phrase("step.exclusive_scope", values, provision)
        return _unknown("exclusive", Phrase("exclusive.scope_unknown", values), basis, step)
    return Finding("exclusive", "yes", Phrase("exclusive.none"), basis)


def consent_gate(case: Case, title: Ownership) -> Finding:
    """Gate 4: where several own, all the others must have consented, else unknown.

    Owners of another territory or field only are none of them. An owner without a name can't have consented.
    """
    basis, provision = law().basis("consent"), law().provision("co-owners-consent")
    claims = [claim for claim in title.claims if overlaps(claim, case.ask) != "no"]
    owners = tuple(dict.fromkeys(claim.holder for claim in claims))
    agreed = {case.ask.from_, *(case.consents or ())}
    missing = tuple(owner for owner in owners if owner not in agreed)
    steps: list[Phrase] = []
    reason = Phrase("consent.unnamed")
    if missing and (len(owners) > 1 or title.unnamed):
        reason = Phrase("consent.missing", {"owners": missing})
        steps.append(Phrase("step.consent", {"owners": missing}, provision))
    if owners and (title.unnamed or _short(claims)):
        steps.append(Phrase("step.unnamed_owner", provision=provision))
    if steps:
        return _unknown("consent", reason, basis, *steps)
    return Finding("consent", "yes", Phrase("consent.given" if len(owners) > 1 else "consent.not_needed"), basis)


def _short(claims: list[Holding]) -> bool:
    """Whether the shares are all on record and add up to less than the whole."""
    shares: dict[str, float] = {}
    for claim in claims:
        if claim.share is None:
            return False
        shares[claim.holder] = max(claim.share, shares.get(claim.holder, 0.0))
    return bool(shares) and sum(shares.values()) < _WHOLE_SHARE


def _who(case: Case) -> dict[str, object]:
    return {"giver": case.ask.from_, "form": FORMS[case.ask.form], "day": case.on}


def _unknown(gate: GateName, reason: Phrase, basis: tuple[Provision, ...], *steps: Phrase) -> Finding:
    # that what is not on record neither allows nor forbids is a rule of this service, and is named as such
    rule = law().by_rule("unknown")
    return Finding(gate, "unknown", reason, tuple(dict.fromkeys((*basis, *rule))), steps)
