"""Who may give what to whom: expectations derived by hand from the rules of law in DOMAIN.md, one row a corner.

In the rows O owns by record for VN and A61K, H is a host, S pays for the state, F is a firm that pays, L is a licensee.
"""

import re
from copy import deepcopy
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from pydantic import ValidationError

import graph.policy
from graph.policy.case import Case, problem
from graph.policy.law import LawError, law, read_law
from graph.policy.rights import Verdict, decide, examine
from graph.policy.sentences import catalogue

ASK = {"from": "O", "to": "T", "form": "licence", "cross_border": False, "territory": ["VN-HN"], "field": ["A61K"]}
DAY, DAY_BEFORE, DAY_AFTER = "2026-03-01", "2026-02-28", "2026-03-02"
NEW, OLD = "2025-10-01", "2025-09-30"
STATE = {"by": "S", "state": True, "amount": 60}
FIRM = {"by": "F", "state": False, "amount": 40}
LISTED_NO, LISTED_UNKNOWN = {"listed": "prohibited"}, {"listed": None}


def held(holder: str, power: str = "own", **more: Any) -> dict[str, Any]:
    return {"holder": holder, "power": power, "territory": ["VN"], "field": ["A61K"], **more}


def exclusive(**more: Any) -> list[dict[str, Any]]:
    return [held("O"), held("L", "use", exclusive=True, **more)]


def answer(changes: dict[str, Any], **ask: Any) -> Verdict:
    base = {"id": "x", "on": DAY, "listed": "none", "holdings": [held("O")], "ask": {**ASK, **ask}}
    return decide(Case.model_validate({**base, **deepcopy(changes)}), "en")


def task(approved: str | None = NEW, *, giver: str = "H", **more: Any) -> dict[str, Any]:
    """A case of a task's result without holdings: H hosted, the state paid all."""
    return {
        "approved": approved, "host": "H", "funding": [STATE], "holdings": None, "ask": {**ASK, "from": giver}, **more,
    }  # fmt: skip


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
    ({"listed": "restricted", "permit": {"until": DAY}}, YES),
    ({"listed": "restricted", "permit": {"from": DAY}}, YES),
    ({"listed": "restricted", "permit": {}}, YES),
]
RIGHT: list[tuple[dict[str, Any], tuple[str, str | None]]] = [
    # which power for which form
    ({"ask": asked(form="assignment")}, YES),
    ({"ask": asked(form="licence")}, YES),
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
    ({"holdings": [held("L", "use")], **task(giver="H")}, YES),
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
    (task(funding=[STATE, {**FIRM, "by": "H"}]), YES),
    (task(authors=None), YES),
    ({"holdings": [held("P"), held("Q"), held("O", "transfer")]}, ("unknown", "consent")),
    ({"holdings": [held("P"), held("O", "transfer")]}, YES),
    (decided(holdings=[held("B")]), ("unknown", "consent")),
]
ORDER: list[tuple[dict[str, Any], tuple[str, str | None]]] = [
    # a no anywhere wins over unknown; of one kind the first gate is named
    ({**LISTED_UNKNOWN, "holdings": exclusive()}, ("no", "exclusive")),
    ({**LISTED_UNKNOWN, "ask": asked(**{"from": "Z"})}, ("no", "right")),
    ({**LISTED_UNKNOWN, "holdings": [held("O"), held("P")]}, ("unknown", "law")),
    ({"holdings": [held("O", field=None), held("P")]}, ("unknown", "right")),
    ({"holdings": exclusive(), "ask": asked(**{"from": "Z"})}, ("no", "right")),
    ({**LISTED_NO, "holdings": exclusive(), "ask": asked(**{"from": "Z"})}, ("no", "law")),
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
    (task("2026-01-01"), "automatic", {"H": 1}),
    (task(OLD), "on_request", {}),
    (decided(), "on_request", {"H": 1}),
    (decided("use"), "on_request", {}),
    (decided(holdings=[held("B")]), "on_request", {}),
    (task(None), "unknown", {}),
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
    assert COUNTED == (12, 76, 17, 17, 7, 18, 16)


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
