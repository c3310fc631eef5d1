"""The broker and conflict gates, by hand from DOMAIN.md ("Can intermediary B transfer technology T to firm F?")."""

from datetime import date, timedelta

import pytest

from graph.policy.broker import BROKERING, Offering, Recognition, broker_gate, conflict_gate
from ontology.schemes import schemes

DAY = date(2026, 3, 1)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
VALID, EXPIRED = Recognition("incubator", until=DAY), Recognition(until=BEFORE)
REVOKED, COMING = Recognition(revoked=DAY), Recognition(from_=AFTER)
OFFER, OVER = Offering("brokerage"), Offering("brokerage", until=BEFORE)

BROKER: list[tuple[list[Recognition], list[Offering], int, str, str]] = [
    ([VALID], [], 0, "pass", "broker.recognised"),
    ([Recognition()], [], 0, "pass", "broker.recognised"),
    ([Recognition(from_=DAY, until=DAY)], [], 0, "pass", "broker.recognised"),
    ([Recognition(revoked=AFTER)], [], 0, "pass", "broker.recognised"),
    ([EXPIRED, VALID], [], 0, "pass", "broker.recognised"),
    ([REVOKED, VALID], [], 0, "pass", "broker.recognised"),
    ([], [OFFER], 0, "pass", "broker.offering"),
    ([], [Offering("consulting")], 0, "pass", "broker.offering"),
    ([], [Offering("scheme/service-kind/1/consulting", DAY, DAY)], 0, "pass", "broker.offering"),
    ([EXPIRED], [OFFER], 0, "pass", "broker.offering"),
    ([REVOKED], [OFFER], 0, "pass", "broker.offering"),
    ([EXPIRED], [], 0, "fail", "broker.expired"),
    ([EXPIRED], [], 3, "fail", "broker.expired"),
    ([EXPIRED], [Offering("evaluation")], 0, "fail", "broker.expired"),
    ([REVOKED], [], 0, "fail", "broker.revoked"),
    ([Recognition(revoked=BEFORE, until=AFTER)], [], 5, "fail", "broker.revoked"),
    ([], [OVER], 0, "fail", "broker.expired"),
    ([COMING, EXPIRED], [], 0, "fail", "broker.expired"),
    ([COMING], [], 0, "unknown", "broker.unknown"),
    ([], [Offering("evaluation")], 0, "unknown", "broker.unknown"),
    ([], [Offering("evaluation", until=BEFORE)], 0, "unknown", "broker.unknown"),
    ([], [Offering()], 0, "unknown", "broker.unknown"),
    ([], [Offering("brokerage", from_=AFTER)], 0, "unknown", "broker.unknown"),
    ([], [], 1, "unknown", "broker.past_only"),
    ([], [], 0, "unknown", "broker.unknown"),
]
CONFLICT: list[tuple[str | None, str | None, list[str] | None, str, str, bool]] = [
    ("F", "H", [], "pass", "conflict.none", False),
    ("F", "H", ["X"], "pass", "conflict.none", False),
    ("F", "H", ["F"], "fail", "conflict.taker", False),
    ("F", "H", ["H", "F"], "fail", "conflict.taker", False),
    ("F", "F", ["F"], "fail", "conflict.taker", False),
    ("B", "H", [], "fail", "conflict.same", False),
    ("F", "H", ["H"], "pass", "conflict.holder", True),
    ("F", "B", [], "pass", "conflict.holder", True),
    ("F", None, ["H"], "pass", "conflict.none", False),
    ("F", "H", None, "unknown", "conflict.unknown", False),
    (None, "H", ["H"], "unknown", "conflict.no_taker", False),
]


def test_no_case_was_lost() -> None:
    assert (len(BROKER), len(CONFLICT)) == (25, 11)


@pytest.mark.parametrize(("recognitions", "offerings", "past", "state", "reason"), BROKER)
def test_broker(recognitions: list[Recognition], offerings: list[Offering], past: int, state: str, reason: str) -> None:
    found = broker_gate(DAY, recognitions, offerings, past)
    assert (found.gate, found.state, found.reason.key) == ("broker", state, reason)
    assert found.basis and bool(found.steps) == (state != "pass")
    assert found.say("vi") and found.say("en")


@pytest.mark.parametrize(("taker", "holder", "controllers", "state", "reason", "disclosed"), CONFLICT)
def test_conflict(
    taker: str | None, holder: str | None, controllers: list[str] | None, state: str, reason: str, disclosed: bool
) -> None:
    found = conflict_gate("B", taker, holder, controllers)
    assert (found.gate, found.state, found.reason.key) == ("conflict", state, reason)
    assert found.disclosed == disclosed
    assert found.basis and found.say("vi") and found.say("en")


@pytest.mark.parametrize("offset", range(-2, 3))
def test_a_recognition_counts_from_its_first_to_its_last_day(offset: int) -> None:
    item = Recognition(from_=BEFORE, until=AFTER)
    expected = {-2: "unknown", 2: "fail"}.get(offset, "pass")
    assert broker_gate(DAY + timedelta(days=offset), [item]).state == expected


def test_a_recognition_ends_with_the_day_before_its_revocation() -> None:
    item = Recognition(revoked=DAY)
    assert [broker_gate(day, [item]).state for day in (BEFORE, DAY, AFTER)] == ["pass", "fail", "fail"]


def test_the_kinds_that_make_a_broker_are_in_the_scheme() -> None:
    codes = {concept.code for concept in schemes().concepts.values() if concept.scheme == "service-kind/1"}
    assert codes >= BROKERING
