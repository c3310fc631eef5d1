"""Who may give what to whom: expectations derived by hand from the rules of law in DOMAIN.md, one row a corner.

In the rows O owns by record for VN and A61K, H is a host, S pays for the state, F is a firm that pays, L is a licensee.
"""

from copy import deepcopy
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from graph.policy.case import Case
from graph.policy.law import Language
from graph.policy.rights import Verdict, decide, examine

ASK = {"from": "O", "to": "T", "form": "licence", "cross_border": False, "territory": ["VN-HN"], "field": ["A61K"]}
DAY, DAY_BEFORE, DAY_AFTER = "2026-03-01", "2026-02-28", "2026-03-02"
NEW, OLD = "2025-10-01", "2025-09-30"
STATE = {"by": "S", "state": True, "amount": 60}
FIRM = {"by": "F", "state": False, "amount": 40}


def held(holder: str, power: str = "own", **more: Any) -> dict[str, Any]:
    return {"holder": holder, "power": power, "territory": ["VN"], "field": ["A61K"], **more}


def exclusive(**more: Any) -> list[dict[str, Any]]:
    return [held("O"), held("L", "use", exclusive=True, **more)]


def answer(changes: dict[str, Any], language: Language = "en", **ask: Any) -> Verdict:
    base = {"id": "x", "on": DAY, "listed": "none", "holdings": [held("O")], "ask": {**ASK, **ask}}
    return decide(Case.model_validate({**base, **deepcopy(changes)}), language)


def task(approved: str | None = NEW, *, giver: str = "H", **more: Any) -> dict[str, Any]:
    """A case of a task's result without holdings: H hosted, the state paid all."""
    base = {"approved": approved, "host": "H", "funding": [STATE], "holdings": None}
    return {**base, "ask": {**ASK, "from": giver}, **more}


def decided(power: str = "own", to: str = "H", on: str | None = "2024-01-01", **more: Any) -> dict[str, Any]:
    return task(OLD, decisions=[{"to": to, "power": power, "on": on}], **more)


def asked(**more: Any) -> dict[str, Any]:
    return {**ASK, **more}


YES = ("yes", None)
# fmt: off
LAW: list[tuple[dict[str, Any], tuple[str, str | None]]] = [
    ({"listed": "none"}, YES),
    ({"listed": "encouraged"}, YES),
    ({"listed": None}, ("unknown", "law")),
    ({"listed": "prohibited"}, ("no", "law")),
    ({"listed": "prohibited", "permit": {}}, ("no", "law")),
    ({"listed": "restricted"}, ("no", "law")),
    ({"listed": "restricted", "permit": {"from": DAY, "until": DAY}}, YES),
    ({"listed": "restricted", "permit": {"from": DAY_AFTER}}, ("no", "law")),
    ({"listed": "restricted", "permit": {"until": DAY_BEFORE}}, ("no", "law")),
    ({"listed": "restricted", "permit": {}}, YES),
]
RIGHT: list[tuple[dict[str, Any], tuple[str, str | None]]] = [
    ({"ask": asked(form="assignment")}, YES),
    ({"ask": asked(form="sublicence")}, ("no", "right")),
    ({"holdings": [held("O", "transfer")], "ask": asked(form="licence")}, YES),
    ({"holdings": [held("O", "transfer")], "ask": asked(form="assignment")}, ("no", "right")),
    ({"holdings": [held("O", "use", sublicensable=True)], "ask": asked(form="sublicence")}, YES),
    ({"holdings": [held("O", "use")], "ask": asked(form="sublicence")}, ("no", "right")),
    ({"holdings": [held("O", "use", sublicensable=False)], "ask": asked(form="sublicence")}, ("no", "right")),
    ({"holdings": [held("O", "use", sublicensable=True)], "ask": asked(form="licence")}, ("no", "right")),
    ({"holdings": [held("O", "manage")]}, ("no", "right")),
    ({"holdings": [held("O", "register")]}, ("no", "right")),
    ({"ask": asked(**{"from": "Z"})}, ("no", "right")),
    # days
    ({"holdings": [held("O", **{"from": DAY, "until": DAY})]}, YES),
    ({"holdings": [held("O", **{"from": DAY_AFTER})]}, ("no", "right")),
    ({"holdings": [held("O", until=DAY_BEFORE)]}, ("no", "right")),
    ({"holdings": [held("O", until=DAY_BEFORE), held("O", **{"from": DAY})]}, YES),
    # territory and field
    ({"ask": asked(territory="VN")}, YES),
    ({"ask": asked(territory=["VN-HN", "VN-SG"])}, YES),
    ({"ask": asked(territory=["VN-HN", "LA"])}, ("no", "right")),
    ({"ask": asked(territory="*")}, ("no", "right")),
    ({"holdings": [held("O", territory=["VN-HN"])], "ask": asked(territory="VN")}, ("no", "right")),
    ({"holdings": [held("O", territory=["VN-SG"])]}, ("no", "right")),
    ({"holdings": [held("O", territory=["V"])]}, ("no", "right")),
    ({"holdings": [held("O", territory="*", field=["*"])], "ask": asked(territory="*", field="*")}, YES),
    ({"ask": asked(field="A61K 31/00")}, YES),
    ({"ask": asked(field="A61")}, ("no", "right")),
    ({"ask": asked(field="C07D")}, ("no", "right")),
    ({"ask": asked(field=["A61K", "C07D"])}, ("no", "right")),
    ({"holdings": [held("O"), held("O", field=["C07"])], "ask": asked(field=["A61K", "C07D"])}, YES),
    ({"holdings": [held("O", territory=None)]}, ("unknown", "right")),
    ({"holdings": [held("O", field=None)]}, ("unknown", "right")),
    ({"holdings": [held("O", field=[])]}, ("unknown", "right")),
    ({"holdings": [held("O", territory=None, field=["C07D"])]}, ("unknown", "right")),
    ({"holdings": [held("O", territory=None), held("O")]}, YES),
    ({"holdings": [held("O", territory=None, until=DAY_BEFORE)]}, ("no", "right")),
    ({"ask": asked(territory=None)}, ("unknown", "right")),
    ({"ask": asked(field=None)}, ("unknown", "right")),
    ({"holdings": [held("O", territory="*", field="*")], "ask": asked(field=None)}, ("unknown", "right")),
    ({"ask": asked(field=None, **{"from": "Z"})}, ("no", "right")),
    # approval day unknown
    ({"holdings": None}, ("unknown", "right")),
    ({"holdings": []}, ("unknown", "right")),
    ({"holdings": [held("L", "use")]}, ("no", "right")),
    (task(None, decisions=[{"to": "H", "power": "own"}]), YES),
    (task(None, decisions=[{"to": "H", "power": "own", "on": DAY_AFTER}]), ("unknown", "right")),
    # approved from the day of the automatic regime
    (task(), YES),
    (task(ask=asked(territory="*", field="*", **{"from": "H"})), YES),
    (task(ask=asked(form="assignment", **{"from": "H"})), YES),
    (task(ask=asked(form="sublicence", **{"from": "H"})), ("no", "right")),
    (task(giver="S"), ("no", "right")),
    (task(funding=[STATE, FIRM], consents=["F"]), YES),
    (task(funding=[STATE, FIRM], giver="F", consents=["H"]), YES),
    (task(funding=[STATE, {**FIRM, "amount": 0}], giver="F"), ("no", "right")),
    (task(funding=[FIRM]), ("no", "right")),
    (task(funding=[FIRM], giver="F"), YES),
    (task(funding=None), ("unknown", "right")),
    (task(funding=[{**STATE, "amount": 0}]), ("unknown", "right")),
    (task(funding=[{"state": True}]), YES),
    (task(host=None), ("unknown", "right")),
    (task(funding=[{"by": "S", "amount": 5}]), ("unknown", "right")),
    (task(funding=[{"by": "S", "amount": 5}], giver="Z"), ("no", "right")),
    (task(holdings=[held("B")]), ("no", "right")),
    (task(holdings=[held("B")], giver="B"), YES),
    (task(holdings=[held("B", until=DAY_BEFORE)]), YES),
    (task(holdings=[held("B", **{"from": DAY})]), ("no", "right")),
    # approved before
    (task(OLD), ("unknown", "right")),
    (task(OLD, holdings=[held("H")]), ("unknown", "right")),
    (task(OLD, giver="Z"), ("unknown", "right")),
    (decided(), YES),
    (decided(on=None), YES),
    (decided(on=DAY), YES),
    (decided(on=DAY_AFTER), ("unknown", "right")),
    (decided(giver="Z"), ("no", "right")),
    (decided(ask=asked(territory="*", field="*", **{"from": "H"})), YES),
    (decided("use"), ("no", "right")),
    (decided("use", ask=asked(form="sublicence", **{"from": "H"})), ("no", "right")),
    (decided("use", holdings=[held("B")], giver="B"), YES),
]
EXCLUSIVE: list[tuple[dict[str, Any], tuple[str, str | None]]] = [
    ({"holdings": exclusive()}, ("no", "exclusive")),
    ({"holdings": exclusive(), "ask": asked(form="assignment", to="L")}, ("no", "exclusive")),
    ({"holdings": exclusive(until=DAY)}, ("no", "exclusive")),
    ({"holdings": exclusive(until=DAY_BEFORE)}, YES),
    ({"holdings": exclusive(**{"from": DAY_AFTER})}, YES),
    ({"holdings": exclusive(territory=["VN-HN"]), "ask": asked(territory="VN")}, ("no", "exclusive")),
    ({"holdings": exclusive(territory=["VN-SG"])}, YES),
    ({"holdings": exclusive(territory="*", field="*")}, ("no", "exclusive")),
    ({"holdings": exclusive(field=["A61K31"])}, ("no", "exclusive")),
    ({"holdings": exclusive(field=["C07D"])}, YES),
    ({"holdings": exclusive(territory=None)}, ("unknown", "exclusive")),
    ({"holdings": exclusive(territory=None, field=["C07D"])}, YES),
    ({"holdings": [held("O", exclusive=True)]}, YES),
    (task(holdings=[held("L", "use")]), YES),
    (task(holdings=[held("L", "use", exclusive=True)]), ("no", "exclusive")),
    (task(OLD, holdings=[held("L", "use", exclusive=True)]), ("no", "exclusive")),
    ({"holdings": [held("O", "use", exclusive=True, sublicensable=True)], "ask": asked(form="sublicence")}, YES),
]
CONSENT: list[tuple[dict[str, Any], tuple[str, str | None]]] = [
    ({"holdings": [held("O"), held("P")]}, ("unknown", "consent")),
    ({"holdings": [held("O"), held("P")], "consents": ["P"]}, YES),
    ({"holdings": [held("O"), held("P"), held("Q")], "consents": ["P"]}, ("unknown", "consent")),
    ({"holdings": [held("O"), held("P", until=DAY_BEFORE)]}, YES),
    ({"holdings": [held("O"), held("P", territory=["LA"])]}, YES),
    ({"holdings": [held("O", share=0.5), held("P", share=0.5)], "consents": ["P"]}, YES),
    ({"holdings": [held("O", share=0.6)]}, ("unknown", "consent")),
    ({"holdings": [held("O", share=1)]}, YES),
    (task(funding=[STATE, FIRM]), ("unknown", "consent")),
    (task(funding=[STATE, FIRM], giver="F"), ("unknown", "consent")),
    (task(funding=[STATE, FIRM], host=None, giver="F"), ("unknown", "consent")),
    (task(funding=[STATE, {"state": False, "amount": 1}]), ("unknown", "consent")),
    (task(funding=[{"state": True}, {"state": False}]), ("unknown", "consent")),
    (task(funding=[STATE, {**FIRM, "by": "H"}]), YES),
    (task(authors=None), YES),
    ({"holdings": [held("P"), held("Q"), held("O", "transfer")]}, ("unknown", "consent")),
    ({"holdings": [held("P"), held("O", "transfer")]}, YES),
    (decided(holdings=[held("B")]), ("unknown", "consent")),
]
ORDER: list[tuple[dict[str, Any], tuple[str, str | None]]] = [
    # a no anywhere wins over unknown; of one kind the first gate is named
    ({"listed": None, "holdings": exclusive()}, ("no", "exclusive")),
    ({"listed": None, "ask": asked(**{"from": "Z"})}, ("no", "right")),
    ({"listed": None, "holdings": [held("O"), held("P")]}, ("unknown", "law")),
    ({"holdings": [held("O", field=None), held("P")]}, ("unknown", "right")),
    ({"holdings": exclusive(), "ask": asked(**{"from": "Z"})}, ("no", "right")),
    ({"listed": "prohibited", "holdings": exclusive(), "ask": asked(**{"from": "Z"})}, ("no", "law")),
    ({"holdings": [*exclusive(field=None), held("P")]}, ("unknown", "exclusive")),
]
SHARES: list[tuple[dict[str, Any], str, dict[str, float]]] = [
    (task(), "automatic", {"H": 1}),
    (task(funding=[STATE, FIRM]), "automatic", {"H": 0.6, "F": 0.4}),
    (task(funding=[STATE, STATE, FIRM, {**FIRM, "by": "G"}]), "automatic", {"H": 0.6, "F": 0.2, "G": 0.2}),
    (task(funding=[STATE, {**FIRM, "by": "H"}]), "automatic", {"H": 1}),
    (task(funding=[{"state": True}, {"state": True}]), "automatic", {"H": 1}),
    (task(funding=[{"state": True}, FIRM]), "automatic", {}),
    (task(funding=[FIRM]), "automatic", {"F": 1}),
    (task(funding=[STATE, FIRM], host=None), "automatic", {"F": 0.4}),
    (task(funding=None), "automatic", {}),
    (task(holdings=[held("B", share=0.7), held("C", share=0.3)]), "automatic", {"B": 0.7, "C": 0.3}),
    (task(holdings=[held("B")]), "automatic", {}),
    (task(OLD), "on_request", {}),
    (decided(), "on_request", {"H": 1}),
    (decided("use"), "on_request", {}),
    (decided(holdings=[held("B")]), "on_request", {}),
    (task(None), "unknown", {}),
    (task(None, decisions=[{"to": "H", "power": "own"}]), "unknown", {}),
    ({"holdings": [held("O", share=1)]}, "unknown", {}),
]
REGISTRATION: list[tuple[bool | None, list[dict[str, Any]] | None, bool | None, str]] = [
    (True, None, None, "required"),
    (True, [FIRM], None, "required"),
    (True, [STATE], True, "required"),
    (False, [STATE], None, "required"),
    (False, [STATE, FIRM], False, "required"),
    (False, [STATE], True, "not_required"),
    (False, [FIRM], None, "not_required"),
    (False, None, True, "not_required"),
    (False, None, None, "unknown"),
    (False, [], False, "unknown"),
    (False, [{"by": "S", "amount": 1}], None, "unknown"),
    (False, [{**STATE, "amount": 0}, FIRM], None, "not_required"),
    (False, [{"state": True}], None, "required"),
    (None, [STATE], None, "required"),
    (None, [STATE], True, "unknown"),
    (None, [FIRM], None, "unknown"),
]
# fmt: on
GATES = [*LAW, *RIGHT, *EXCLUSIVE, *CONSENT, *ORDER]
COUNTED = (len(LAW), len(RIGHT), len(EXCLUSIVE), len(CONSENT), len(ORDER), len(SHARES), len(REGISTRATION))


def test_no_case_was_lost() -> None:
    assert COUNTED == (10, 75, 17, 18, 7, 18, 16)


@pytest.mark.parametrize(("changes", "expected"), GATES)
def test_gate(changes: dict[str, Any], expected: tuple[str, str | None]) -> None:
    said = answer(changes)
    assert (said.may, said.gate) == expected
    assert said.basis and said.reason and said.next_steps


@pytest.mark.parametrize(("changes", "regime", "shares"), SHARES)
def test_regime_and_shares(changes: dict[str, Any], regime: str, shares: dict[str, float]) -> None:
    said = answer(changes)
    assert said.regime == regime
    assert said.shares == pytest.approx(shares)


@pytest.mark.parametrize(("abroad", "funding", "certificate", "expected"), REGISTRATION)
def test_registration(
    abroad: bool | None, funding: list[dict[str, Any]] | None, certificate: bool | None, expected: str
) -> None:
    said = answer({"funding": funding, "certificate": certificate}, cross_border=abroad)
    assert said.registration == expected


MIXED = list(product(("none", None, "prohibited"), range(3), range(3), range(2)))


@pytest.mark.parametrize(("on_list", "right", "other", "owners"), MIXED)
def test_no_wins_over_unknown_over_yes_and_the_first_gate_is_named(
    on_list: str | None, right: int, other: int, owners: int
) -> None:
    """Every mixture of what the four gates can find: 0 is a yes, 1 unknown, 2 a no."""
    mine = held("O", territory=None) if right == 1 else held("O")
    theirs = [[], [held("L", "use", exclusive=True, field=None)], [held("L", "use", exclusive=True)]][other]
    shared = [held("P")] if owners else []
    found = {"law": ("none", None, "prohibited").index(on_list), "right": right, "exclusive": other, "consent": owners}
    giver = {**ASK, "from": "Z" if right == 2 else "O"}
    said = answer({"listed": on_list, "holdings": [mine, *theirs, *shared], "ask": giver})
    worst = max(found.values())
    gate = next((name for name, state in found.items() if state == worst), None) if worst else None
    assert (said.may, said.gate) == (("yes", "unknown", "no")[worst], gate)


@pytest.mark.parametrize("changes", [changes for changes, expected in GATES if expected[0] == "no"])
def test_a_no_stays_a_no_when_something_unknown_is_added(changes: dict[str, Any]) -> None:
    more = [held("P"), held("Q", "use", exclusive=True, field=None)]
    assert answer({**changes, "holdings": [*(changes.get("holdings") or [held("O")]), *more]}).may == "no"
    if answer(changes).gate != "law":
        assert answer({**changes, "listed": None}).may == "no"


@pytest.mark.parametrize("changes", [changes for changes, expected in GATES if expected == YES])
@pytest.mark.parametrize("key", ["territory", "field"])
def test_a_question_without_territory_or_field_turns_yes_into_unknown_never_into_no(
    changes: dict[str, Any], key: str
) -> None:
    said = answer({**changes, "ask": {**changes.get("ask", ASK), key: None}})
    assert (said.may, said.gate) == ("unknown", "right")


@pytest.mark.parametrize("offset", range(-3, 4))
def test_days_are_inclusive_at_both_ends(offset: int) -> None:
    day = date.fromisoformat(DAY)
    first, last = day - timedelta(days=1), day + timedelta(days=1)
    on, inside = day + timedelta(days=offset), abs(offset) <= 1
    period = {"from": first.isoformat(), "until": last.isoformat()}
    assert answer({"on": on, "holdings": [held("O", **period)]}).may == ("yes" if inside else "no")
    assert answer({"on": on, "listed": "restricted", "permit": period}).may == ("yes" if inside else "no")
    assert answer({"on": on, "holdings": exclusive(**period)}).may == ("no" if inside else "yes")
    assert answer({"on": on, "holdings": [held("O"), held("P", **period)]}).may == ("unknown" if inside else "yes")
    assert answer({**decided(on=first.isoformat()), "on": on}).may == ("yes" if on >= first else "unknown")


@pytest.mark.parametrize("changes", [changes for changes, _ in GATES])
def test_both_languages_say_the_same(changes: dict[str, Any]) -> None:
    vi, en = answer(changes, "vi"), answer(changes, "en")
    words = {"reason", "basis", "next_steps"}
    assert vi.model_dump(exclude=words) == en.model_dump(exclude=words)
    assert vi.reason != en.reason
    assert [item.id for item in vi.basis] == [item.id for item in en.basis]
    assert len(vi.next_steps) == len(en.next_steps)


def test_the_gates_are_shown_one_by_one_in_their_order() -> None:
    found = examine(Case.model_validate({"id": 1, "on": DAY, "holdings": exclusive(), "ask": ASK}), "en")
    states = [(gate.gate, gate.state) for gate in found]
    assert states == [("law", "unknown"), ("right", "yes"), ("exclusive", "no"), ("consent", "yes")]
    assert all(gate.basis and gate.reason and bool(gate.next_steps) == (gate.state != "yes") for gate in found)


def test_next_steps_are_concrete_and_in_order() -> None:
    said = answer(task(funding=[STATE, FIRM], listed=None))
    words = ["Check the technology", "consent of the co-owners: F", "Register", "at least 30 %", "at least 10 %"]
    assert len(said.next_steps) == len(words)
    assert all(word in step for word, step in zip(words, said.next_steps, strict=True))
    assert "(Law 07/2017/QH14, Article 31)." in said.next_steps[2]


def test_unknown_authors_are_a_step_only_where_the_state_may_have_paid() -> None:
    assert any("authors" in step for step in answer(task()).next_steps)
    assert not any("authors" in step for step in answer(task(authors=["A"])).next_steps)
    assert not any("authors" in step for step in answer(task(funding=[FIRM], giver="F")).next_steps)


def test_a_prohibited_technology_gets_no_advice_but_to_look_elsewhere() -> None:
    said = answer({"listed": "prohibited", "holdings": [held("O"), held("P")]})
    assert len(said.next_steps) == 1
    assert said.basis[0].name == "Law 07/2017/QH14, Article 11"
