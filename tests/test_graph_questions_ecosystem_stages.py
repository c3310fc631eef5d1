"""The rules by which a task reaches a stage, on rows written by hand: what is reached, what is not, and what nobody knows."""

from datetime import date
from typing import Any

import pytest

from graph.questions.ecosystem.funnel import funnel, tasks_at_stage, years
from graph.questions.ecosystem.stages import DECIDED, STAGES, UNDECIDED, read_courses, units
from graph.questions.errors import QuestionError
from ontology.schemes import schemes
from tests.course_rows import Row, accepted_task, fact

ON = date(2020, 6, 30)
OWN = "scheme/power/1/own"


def stage(rows: list[Row], name: str, on: date = ON) -> tuple[str, str | None] | None:
    """Where the one task of the rows stands: reached, and on which day."""
    (unit,) = units(read_courses(rows), on.isoformat())
    return (unit.stages[name].reached, unit.stages[name].day) if name in unit.stages else None


def bare(**days: str) -> list[Row]:
    return [fact("t", "task", flag=False), *(fact("t", kind, day=day) for kind, day in days.items())]


@pytest.mark.parametrize(
    ("rows", "name", "expected"),
    [
        (bare(proposedOn="2020-06-30"), "proposed", ("yes", "2020-06-30")),
        (bare(proposedOn="2020-01-01", approvedOn="2020-07-01"), "approved", ("no", None)),
        (bare(proposedOn="2020-01-01"), "approved", ("unknown", None)),
        ([*bare(), fact("t", "state", what="scheme/task-state/1/proposed")], "approved", ("no", None)),
        (bare(), "proposed", ("unknown", None)),
        # a later stage on record implies the earlier ones, on a day that is not on record
        (bare(startDate="2020-06-30"), "approved", ("yes", None)),
        (bare(startDate="2020-06-30"), "proposed", ("yes", None)),
        (bare(approvedOn="2020-01-01", startDate="2020-07-01"), "in_progress", ("no", None)),
        (bare(approvedOn="2020-01-01"), "in_progress", ("unknown", None)),
        # without an acceptance: ended and nothing said is unknown, ended and said to wait is not
        (bare(approvedOn="2018-01-01", endDate="2020-06-30"), "accepted", ("unknown", None)),
        (bare(approvedOn="2018-01-01", endDate="2020-07-01"), "accepted", ("no", None)),
        (
            [*bare(approvedOn="2018-01-01", endDate="2020-01-01"), fact("t", "state", what="x/1/finished")],
            "accepted",
            ("no", None),
        ),
        ([*bare(approvedOn="2018-01-01"), fact("t", "state", what="x/1/accepted")], "accepted", ("unknown", None)),
        (accepted_task("t", "2020-06-30"), "accepted", ("yes", "2020-06-30")),
        (accepted_task("t", "2020-07-01"), "accepted", ("no", None)),
        (accepted_task("t", "2020-06-30", grade="scheme/acceptance-grade/1/fail"), "accepted", ("no", None)),
        (accepted_task("t", "2020-07-01"), "applied", None),
    ],
)
def test_stages_of_tasks(rows: list[Row], name: str, expected: tuple[str, str | None] | None) -> None:
    assert stage(rows, name) == expected


def further(kind: str, day: str | None, **said: Any) -> Row:
    return fact("t", kind, result="t-r", event="e", day=day, **said)


@pytest.mark.parametrize(
    ("name", "extra", "said", "expected"),
    [
        ("rights_decided", [fact("t", "vesting", event="law")], {}, ("yes", "2020-01-31")),
        ("rights_decided", [further("decision", "2020-06-30", what=OWN)], {"state": "x/1/unassigned"}, ("yes", "2020-06-30")),
        ("rights_decided", [further("decision", "2020-07-01", what=OWN)], {"state": "x/1/decided-own"}, ("no", None)),
        ("rights_decided", [], {"state": "x/1/decided-use"}, ("yes", None)),
        ("rights_decided", [], {"state": "x/1/requested"}, ("no", None)),
        ("rights_decided", [], {"state": "x/1/published"}, ("no", None)),
        ("rights_decided", [], {}, ("unknown", None)),
        ("offered", [further("offer", "2020-06-30")], {}, ("yes", "2020-06-30")),
        ("offered", [further("offer", "2020-07-01")], {}, ("unknown", None)),
        ("offered", [], {"applicable": False}, ("no", None)),
        ("introduced", [further("introduction", "2020-02-02")], {}, ("yes", "2020-02-02")),
        ("transferred", [further("transfer", None)], {}, ("yes", None)),
        ("applied", [further("application", "2020-06-30")], {"applicable": False}, ("yes", "2020-06-30")),
        ("applied", [], {"applicable": True}, ("unknown", None)),
        ("applied", [further("report", "2020-06-30", flag=False, amount=1)], {}, ("no", None)),
        ("applied", [further("report", "2020-07-01", flag=False, amount=1)], {}, ("unknown", None)),
        # that somebody says it is used, without saying where, is no application
        ("applied", [further("report", "2020-06-30", flag=True, amount=1)], {}, ("unknown", None)),
        (
            "applied",
            [further("report", "2020-03-01", flag=False, amount=1), further("report", "2020-05-01", flag=True, amount=2)],
            {},
            ("unknown", None),
        ),
    ],
)  # fmt: skip
def test_stages_of_results(name: str, extra: list[Row], said: dict[str, Any], expected: tuple[str, str | None]) -> None:
    assert stage([*accepted_task("t", "2020-01-31", **said), *extra], name) == expected


def test_a_task_of_which_nothing_had_happened_counts_nowhere() -> None:
    assert list(units(read_courses(bare(approvedOn="2020-07-01")), "2020-06-30")) == []


def counts(rows: list[Row], **parameters: Any) -> dict[str, tuple[int, int, int, int]]:
    found = funnel(rows, {"as_of": ON, **parameters})
    return {r["stage"]: (r["reached"], r["of"], r["not_reached"], r["unknown"]) for r in found if not r["group_word"]}


def test_a_task_with_two_results_counts_once_and_its_results_twice() -> None:
    rows = accepted_task("t", "2020-01-31")
    rows += [
        fact("t", "result", result="t-2", event="t-2"),
        fact("t", "acceptance", result="t-2", event="t-b", day="2020-02-28", what="x/1/pass"),
    ]
    found = counts(rows)
    assert found["accepted"] == (1, 1, 0, 0)
    assert found["applied"] == (0, 2, 0, 2)
    assert {row["stage"]: row["budget"] for row in funnel(rows, {"as_of": ON})}["accepted"] == 1_000_000


def test_real_and_made_up_tasks_are_never_counted_together() -> None:
    made_up = [dict(row, flag=True) if row["kind"] == "task" else row for row in accepted_task("m", "2019-01-01")]
    real = [*accepted_task("a", "2019-01-01"), *accepted_task("b", "2019-01-01")]
    assert counts([*made_up, *real])["proposed"] == (2, 2, 0, 0)
    assert counts([*made_up, *real], data="illustrative")["proposed"] == (1, 1, 0, 0)
    assert counts(made_up)["proposed"] == (1, 1, 0, 0)
    assert counts(made_up, data="real")["proposed"] == (0, 0, 0, 0)


def test_reached_not_reached_and_unknown_add_up_and_groups_add_up_to_the_total() -> None:
    rows = [*accepted_task("a", "2019-01-01"), *accepted_task("b", "2021-01-01", state="x/1/requested")]
    rows += [fact("a", "field", what="f/1"), fact("a", "field", what="f/2"), fact("c", "task", flag=False)]
    found = funnel(rows, {"as_of": ON, "by": "field"})
    for name in STAGES:
        ours = [row for row in found if row["stage"] == name]
        assert all(row["reached"] + row["not_reached"] + row["unknown"] == row["of"] for row in ours)
        total = [row["of"] for row in ours if not row["group"] and not row["group_word"]]
        assert total == [sum(row["of"] for row in ours if row["group"] or row["group_word"])]
    assert {row["group_word"] for row in found} == {None, "several", "none"}


def test_a_year_of_a_stage_leads_to_its_tasks() -> None:
    rows = [*accepted_task("a", "2019-01-01"), *accepted_task("b", "2020-01-01")]
    found = {(row["stage"], row["year"]): row["reached"] for row in years(rows, {"as_of": ON})}
    assert found["accepted", 2019] == found["accepted", 2020] == 1
    assert found["proposed", None] == 2
    chosen = {"as_of": ON, "stage": "accepted", "reached": "yes", "in_year": 2020}
    assert [row["task"] for row in tasks_at_stage(rows, chosen)] == ["b"]


@pytest.mark.parametrize(
    "wrong", [{"stage": "sold"}, {"reached": "maybe"}, {"by": "colour"}, {"data": "both"}, {"in_group": "2016"}]
)
def test_a_word_that_there_is_not_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(QuestionError):
        tasks_at_stage(accepted_task("t", "2020-01-01"), {"as_of": ON, **wrong})


def test_every_state_of_rights_is_decided_or_is_not() -> None:
    assert sorted([*DECIDED, *UNDECIDED]) == sorted(schemes().codes("rights-state/1"))
