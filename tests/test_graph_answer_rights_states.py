"""In what state the rights over a result are: by requests, decisions, announcements, licences and ends, the register's word, the law.

What is expected was worked out from the steps of DOMAIN.md and decision 30, not from output.
"""

from typing import Any

import pytest

from graph.answer.rights_states import ORDER, Dated, Standing, Steps, standing
from graph.policy.law import Regime

DAY = "2026-11-24"
ON_REQUEST, OWN = "scheme/regime/1/on-request", "scheme/power/1/own"


def test_a_register_that_says_a_later_step_is_believed_over_a_decision() -> None:
    decision = {"id": "d", "holder": "h", "power": OWN, "regime": ON_REQUEST, "from": "2020-01-01", "until": None}
    steps = Steps([decision])
    assert standing("on_request", steps, "published", DAY) == Standing("published", None, "register")
    assert standing("on_request", steps, "requested", DAY) == Standing("decided-own", "2020-01-01", "event", "d")


def decided(since: str | None, until: str | None = None, power: str = OWN) -> dict[str, Any]:
    return {"id": f"d-{since}", "holder": "h", "power": power, "regime": ON_REQUEST, "from": since, "until": until}


R18, R19, A19, A21 = (
    Dated("r18", "2018-05-05"),
    Dated("r19", "2019-05-05"),
    Dated("a19", "2019-06-01"),
    Dated("a21", "2021-07-01"),
)
WAYS: list[tuple[Regime, Steps, str | None, str, tuple[str | None, str | None, str, str | None]]] = [
    # requested from the day of the request on, and not the day before
    ("on_request", Steps(requests=[R19]), None, "2019-05-04", ("unassigned", None, "law", None)),
    ("on_request", Steps(requests=[R19]), None, "2019-05-05", ("requested", "2019-05-05", "event", "r19")),
    # the first of two requests says since when
    ("on_request", Steps(requests=[R19, R18]), None, DAY, ("requested", "2018-05-05", "event", "r18")),
    # the register's word is explained by a dated request, so before its day it says nothing
    ("on_request", Steps(requests=[R19]), "requested", "2019-05-04", ("unassigned", None, "law", None)),
    ("on_request", Steps(announcements=[A19]), "published", "2019-05-31", ("unassigned", None, "law", None)),
    # a later step that only the register knows of
    ("on_request", Steps(requests=[R19]), "decided-use", DAY, ("decided-use", None, "register", None)),
    ("on_request", Steps(announcements=[A19]), "requested", DAY, ("published", "2019-06-01", "event", "a19")),
    # nobody took it up and it was announced; then somebody asked for it; then it was decided
    ("on_request", Steps(requests=[R18], announcements=[A19]), None, DAY, ("published", "2019-06-01", "event", "a19")),
    ("on_request", Steps(requests=[Dated("r20", "2020-01-01")], announcements=[A19]), None, DAY, ("requested", "2020-01-01", "event", "r20")),
    # on one day the announcement, which is the later step, counts
    ("on_request", Steps(requests=[Dated("r", "2019-06-01")], announcements=[A19]), None, DAY, ("published", "2019-06-01", "event", "a19")),
    ("on_request", Steps([decided("2021-02-03")], [R19], [A19]), None, DAY, ("decided-own", "2021-02-03", "event", "d-2021-02-03")),
    # what was decided and then announced is published; a request beside a decision that stands changes nothing
    ("on_request", Steps([decided("2021-02-03")], [], [A19, A21]), None, DAY, ("published", "2021-07-01", "event", "a21")),
    ("on_request", Steps([decided("2021-02-03")], [], [A21]), None, "2021-06-30", ("decided-own", "2021-02-03", "event", "d-2021-02-03")),
    ("on_request", Steps([decided("2021-02-03")], [Dated("r22", "2022-01-01")]), None, DAY, ("decided-own", "2021-02-03", "event", "d-2021-02-03")),
    # after the decided rights have ended: lapsed, until somebody asks again
    ("on_request", Steps([decided("2018-01-01", "2019-05-31")], [R18]), None, DAY, ("lapsed", "2019-06-01", "event", "d-2018-01-01")),
    ("on_request", Steps([decided("2018-01-01", "2018-12-31")], [R18, R19]), None, DAY, ("requested", "2019-05-05", "event", "r19")),
    ("on_request", Steps([decided("2018-01-01", "2018-12-31")], [R18], [A19]), None, DAY, ("published", "2019-06-01", "event", "a19")),
    # a licence wins over all of them
    ("on_request", Steps([decided("2018-01-01")], [R19], [A21], [Dated("l", "2020-02-02")], True), None, DAY, ("licensed", "2020-02-02", "event", "l")),
    # the register says licensed; the licence on record came later than the day
    ("on_request", Steps([decided("2018-01-01")], licensed=True), "licensed", "2019-01-01", ("decided-own", "2018-01-01", "event", "d-2018-01-01")),
    # without a day on record it has happened, nobody knows when
    ("on_request", Steps(requests=[Dated("r")]), None, "2001-01-01", ("requested", None, "event", "r")),
    # the automatic regime asks nobody for anything; its owner may look for takers
    ("automatic", Steps(requests=[R19]), None, DAY, ("vested", None, "law", None)),
    ("automatic", Steps(), "unassigned", DAY, ("vested", None, "law", None)),
    ("automatic", Steps(announcements=[A21]), "vested", DAY, ("published", "2021-07-01", "event", "a21")),
    ("automatic", Steps(announcements=[A21]), "vested", "2021-06-30", ("vested", None, "law", None)),
    # nothing is known of the approval: what is on record of the steps counts all the same
    ("unknown", Steps(), None, DAY, (None, None, "none", None)),
    ("unknown", Steps(requests=[R19]), None, DAY, ("requested", "2019-05-05", "event", "r19")),
    ("unknown", Steps(), "unassigned", DAY, ("unassigned", None, "register", None)),
    ("on_request", Steps(), "unassigned", DAY, ("unassigned", None, "register", None)),
]  # fmt: skip


@pytest.mark.parametrize(("regime", "steps", "register", "day", "expected"), WAYS)
def test_the_state_follows_from_the_steps_on_record(
    regime: Regime,
    steps: Steps,
    register: str | None,
    day: str,
    expected: tuple[str | None, str | None, str, str | None],
) -> None:
    assert standing(regime, steps, register, day) == Standing(*expected)  # type: ignore[arg-type]


def test_the_ways_cover_every_state() -> None:
    assert len(WAYS) == 28
    assert {way[4][0] for way in WAYS} == {*(code for codes in ORDER for code in codes), None}
