"""Two clocks: what was known and what was true on two days, as a table; and answers about a past day that later loads don't change."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from graph.answer.difference_model import Change, Difference, DifferenceQuestion
from graph.answer.differences import difference
from graph.answer.errors import AnswerError
from graph.answer.reading import Reading
from graph.answer.reports import REPORTS
from graph.answer.rights_ledger import ledger
from graph.answer.rights_model import RightsQuestion
from graph.statements.judgements import correct
from graph.statements.loads import withdraw
from graph.views.comparing import differing_entities
from graph.views.past import PastSnapshots
from tests.planted import Planted, node_id

LAST_YEAR, YESTERDAY, TODAY = "2025-12-31", "2026-03-01", "2026-03-02"
TASK: dict[str, Any] = {
    "a": "STTask", "name": "Nhiệm vụ Ví Dụ", "approvedOn": "2019-05-06", "budget": 600, "hostedBy": "@host", "number": "VD-1",
}  # fmt: skip
HOST = {"a": "University", "name": "Trường Ví Dụ"}
OTHER = {"a": "Enterprise", "name": "Công ty Ví Dụ", "number": "CT-1"}
RESULT = {
    "a": "ResearchResult",
    "name": "Kết quả Ví Dụ",
    "resultOf": "@task",
    "state": "scheme/rights-state/1/requested",
}

REQUEST = {"a": "RightsRequest", "organization": "@host", "power": "scheme/power/1/own", "number": "12/CV"}
ANNOUNCEMENT = {"a": "ResultAnnouncement", "issuedBy": "@host", "number": "3/TB"}
EMBODIMENT = {"a": "Technology", "name": "Công nghệ Ví Dụ", "embodies": "@result", "firstDisclosure": "2025-12-01"}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    """A home that is only read."""
    with pytest.MonkeyPatch.context() as patch:
        yield two_loads(tmp_path_factory.mktemp("differences"), patch)


def two_loads(path: Path, patch: pytest.MonkeyPatch) -> Planted:
    """Last year a task, its host and a firm; today the task is corrected, the firm is gone, a second task has come."""
    found = Planted(path, patch, "2025-06-01T03:00:00")
    found.load({"task": TASK, "host": HOST, "result": RESULT, "other": OTHER}, whole=True)
    found.at("2026-03-02T03:00:00")
    corrected = TASK | {"budget": 650, "state": "scheme/task-state/1/finished"}
    second = {"a": "STTask", "name": "Nhiệm vụ thứ hai", "approvedOn": "2026-02-01", "number": "VD-2"}
    found.load({"task": corrected, "host": HOST, "result": RESULT, "second": second}, whole=True)
    return found


def asked(planted: Planted, first: str = YESTERDAY, second: str = TODAY, **parts: Any) -> Difference:
    question = DifferenceQuestion.model_validate({"from": first, "to": second, "language": "en"} | parts)
    if question.by == "as_of":
        return difference(planted.reading(), planted.reading(), question)
    return difference(planted.reading(first), planted.reading(second), question)


def told(found: Difference) -> set[tuple[str, str, str | None, tuple[str | None, ...], tuple[str | None, ...]]]:
    def said(change: Change) -> Iterator[tuple[str | None, ...]]:
        for values in (change.before, change.after):
            yield tuple(one.node.id if one.node else one.text for one in values)

    return {(one.entity.id, one.kind, one.property, *said(one)) for one in found.changes}  # type: ignore[misc]


def test_by_what_was_known(planted: Planted) -> None:
    found = asked(planted)
    assert told(found) == {
        (node_id("task"), "changed", "budget", ("600",), ("650",)),
        (node_id("task"), "changed", "state", (), ("scheme/task-state/1/finished",)),
        (node_id("other"), "removed", None, (), ()),
        (node_id("second"), "added", None, (), ()),
    }
    assert found.kinds == {"changed": 2, "removed": 1, "added": 1}
    budget = next(one for one in found.changes if one.property == "budget")
    (before,), (after,) = budget.before_sources, budget.after_sources
    assert (before.date, after.date) == ("2025-06-01", "2026-03-02")
    assert (before.file, before.line) == ("planted.csv", 2)
    gone = next(one for one in found.changes if one.kind == "removed")
    assert gone.entity.name == "Công ty Ví Dụ"
    assert gone.before_sources and not gone.after_sources


def test_days_between_which_nothing_was_loaded_do_not_differ(planted: Planted) -> None:
    assert asked(planted, LAST_YEAR, YESTERDAY).total == 0


def test_the_table_is_paged_and_kept_to_a_class(planted: Planted) -> None:
    whole = asked(planted)
    pages = [asked(planted, limit=1, offset=at) for at in range(4)]
    assert [page.changes[0] for page in pages] == list(whole.changes)
    assert [page.truncated for page in pages] == [True, True, True, False]
    assert {one.entity.type for one in asked(planted, **{"class": "Enterprise"}).changes} == {"Enterprise"}
    with pytest.raises(AnswerError, match="no class"):
        asked(planted, **{"class": "Ghost"})


def test_only_what_was_loaded_between_is_looked_at_and_all_of_it_is_found(planted: Planted) -> None:
    """Held against a comparison of everything in both datasets."""
    old, new = planted.reading(YESTERDAY).views, planted.reading(TODAY).views
    everything = {one for views in (old, new) for one in views.instances("Entity") if "/" not in one}
    plain = {one for one in everything if set(old.triples(one)) != set(new.triples(one))}
    sources = {one for views in (old, new) for one in views.instances("Source")}
    assert set(differing_entities(old, new)) - sources == plain - sources


def test_the_report_of_tasks_as_two_days_knew_it(planted: Planted) -> None:
    assert told(asked(planted, view="tasks", as_of=TODAY)) == {
        (node_id("task"), "changed", "budget", ("600",), ("650",)),
        (node_id("task"), "changed", "state", (), ("scheme/task-state/1/finished",)),
        (node_id("second"), "added", None, (), ()),
    }


def test_a_task_corrected_today_does_not_change_the_report_of_last_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = two_loads(tmp_path, monkeypatch)
    before = REPORTS["tasks"](planted.reading(LAST_YEAR), LAST_YEAR)
    lines = ledger(planted.reading(LAST_YEAR), RightsQuestion(as_of=LAST_YEAR))
    correct(planted.home, node_id("task"), ("STTask", "Entity"), "budget", "999", None, "lan")
    correct(planted.home, node_id("result"), ("ResearchResult", "Entity"), "name", "Tên khác", "vi", "lan")
    PastSnapshots(planted.home).forget()
    assert before[node_id("task")]["budget"] == ("600",)
    assert REPORTS["tasks"](planted.reading(LAST_YEAR), LAST_YEAR) == before
    assert ledger(planted.reading(LAST_YEAR), RightsQuestion(as_of=LAST_YEAR)) == lines
    assert REPORTS["tasks"](planted.reading(TODAY), TODAY)[node_id("task")]["budget"] == ("999",)


def test_by_what_was_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Days count at both ends: what ends on a day is over on the next, a revocation counts from its own day."""
    planted = Planted(tmp_path, monkeypatch)
    first, second = "2024-01-01", "2024-12-31"
    body = {"a": "Intermediary", "name": "Trung tâm Ví Dụ"}
    nodes = {"body": body}
    for key, days in {
        "before": {"validFrom": "2023-12-31"},
        "on-first": {"validFrom": "2024-01-01"},
        "after-first": {"validFrom": "2024-01-02"},
        "on-second": {"validFrom": "2024-12-31"},
        "later": {"validFrom": "2025-01-01"},
        "ended-before": {"validUntil": "2023-12-31"},
        "ended-on-first": {"validUntil": "2024-01-01"},
        "ended-on-second": {"validUntil": "2024-12-31"},
        "revoked-on-second": {"revokedOn": "2024-12-31"},
    }.items():
        nodes[key] = {"a": "Recognition", "holder": "@body", "number": key, **days}
    planted.load(nodes)
    found = asked(planted, first, second, by="as_of")
    assert {(one.entity.id, one.kind) for one in found.changes} == {
        (node_id("after-first"), "added"),
        (node_id("on-second"), "added"),
        (node_id("ended-on-first"), "removed"),
        (node_id("revoked-on-second"), "removed"),
    }
    assert [one.day for one in found.changes] == sorted(one.day or "" for one in found.changes)


def test_the_ledger_by_what_was_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = Planted(tmp_path, monkeypatch)
    decision = {
        "a": "RightsHolding", "over": "@result", "holder": "@host", "power": "scheme/power/1/own",
        "regime": "scheme/regime/1/on-request", "validFrom": "2021-05-05",
    }  # fmt: skip
    planted.load({"host": HOST, "task": TASK, "result": RESULT, "decision": decision})
    found = asked(planted, "2021-05-04", "2021-05-05", by="as_of", view="rights")
    assert told(found) == {
        (
            node_id("result"),
            "changed",
            "state",
            ("scheme/rights-state/1/requested",),
            ("scheme/rights-state/1/decided-own",),
        ),
        (node_id("result"), "changed", "state_event", (), (node_id("decision"),)),
        (node_id("result"), "changed", "owners", (), (node_id("host"),)),
        (node_id("result"), "changed", "shares", (), ("1",)),
    }


def test_a_request_and_an_announcement_between_two_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what was true: the state moves with the day of each event; by what was known: with the day it was loaded."""
    planted = Planted(tmp_path, monkeypatch, "2026-02-01T03:00:00")
    result = {name: value for name, value in RESULT.items() if name != "state"}
    planted.load({"host": HOST, "task": TASK, "result": result, "technology": EMBODIMENT})
    planted.at("2026-03-02T03:00:00")
    events = {
        "asked": REQUEST | {"requestsRightsTo": "@result", "date": "2021-05-05"},
        "announced": ANNOUNCEMENT | {"announces": "@result", "date": "2025-10-10"},
    }
    planted.load(events)
    states = ("unassigned", "requested", "published")
    unassigned, requested, published = (f"scheme/rights-state/1/{state}" for state in states)
    one = node_id("result")
    assert told(asked(planted, "2021-05-04", "2021-05-05", by="as_of", view="rights")) == {
        (one, "changed", "state", (unassigned,), (requested,)),
        (one, "changed", "state_event", (), (node_id("asked"),)),
    }
    # the technology was disclosed later: what was announced is public from that day on, and twelve months are left
    assert told(asked(planted, "2025-10-09", "2025-10-10", by="as_of", view="rights")) == {
        (one, "changed", "state", (requested,), (published,)),
        (one, "changed", "state_event", (node_id("asked"),), (node_id("announced"),)),
        (one, "changed", "novelty_deadline", (), ("2026-10-10",)),
    }
    assert told(asked(planted, "2021-05-04", "2021-05-05", by="as_of")) == {
        (node_id("asked"), "added", "date", (), ("2021-05-05",)),
    }
    # of one day, as the day before and the day of the load knew it
    known = asked(planted, YESTERDAY, TODAY, view="rights", as_of="2026-03-01")
    assert told(known) == {
        (one, "changed", "state", (unassigned,), (published,)),
        (one, "changed", "state_event", (), (node_id("announced"),)),
        (one, "changed", "novelty_deadline", ("2026-12-01",), ("2026-10-10",)),
    }
    assert {(line[0], line[1]) for line in told(asked(planted))} == {
        (node_id("asked"), "added"), (node_id("announced"), "added"),
    }  # fmt: skip


def _answers(reading: Reading, day: str) -> tuple[Any, ...]:
    lines = ledger(reading, RightsQuestion(as_of=day, limit=1_000))
    return reading.snapshot, lines.model_dump(), {name: report(reading, day) for name, report in REPORTS.items()}


def _month(planted: Planted, rng: random.Random, days: int) -> Iterator[str]:
    """Loads, corrections, withdrawals day by day; yields each day when it is over."""
    numbers: list[str] = []
    for at in range(days):
        day = (date(2025, 1, 1) + timedelta(days=at)).isoformat()
        planted.at(f"{day}T04:00:00")
        key = f"{rng.randrange(12)}"
        nodes = {
            f"task-{key}": TASK | {"budget": rng.randrange(1_000), "number": key, "name": f"Nhiệm vụ {key}"},
            f"result-{key}": RESULT | {"resultOf": f"@task-{key}", "name": f"Kết quả {key}"},
            "host": HOST,
        }
        if rng.random() < 0.3:
            nodes[f"decision-{key}"] = {
                "a": "RightsHolding", "over": f"@result-{key}", "holder": "@host", "power": "scheme/power/1/own",
                "regime": "scheme/regime/1/on-request", "validFrom": _some_day(rng),
            }  # fmt: skip
        if rng.random() < 0.3:
            nodes[f"request-{key}"] = REQUEST | {"requestsRightsTo": f"@result-{key}", "date": _some_day(rng)}
        if rng.random() < 0.3:
            nodes[f"announcement-{key}"] = ANNOUNCEMENT | {"announces": f"@result-{key}", "date": _some_day(rng)}
        numbers.append(planted.load(nodes).load)
        if rng.random() < 0.2:
            correct(
                planted.home, node_id(f"task-{key}"), ("STTask", "Entity"), "budget", str(rng.randrange(9)), None, "lan"
            )
        if len(numbers) > 3 and rng.random() < 0.2:
            withdraw(planted.home, numbers.pop(rng.randrange(len(numbers))))
        yield day


def _some_day(rng: random.Random) -> str:
    return (date(2024, 1, 1) + timedelta(days=rng.randrange(700))).isoformat()


def _replayed(planted: Planted, days: int, asked_for: int) -> None:
    rng = random.Random(days)
    wanted = set(rng.sample(range(days), asked_for))
    then = {}
    for at, day in enumerate(_month(planted, rng, days)):
        if at in wanted:
            then[day] = _answers(planted.reading(day), day)
            PastSnapshots(planted.home).forget()
    assert len(then) == asked_for
    assert len({answer[0] for answer in then.values()}) > asked_for // 3
    for day, answer in then.items():
        assert _answers(planted.reading(day), day) == answer, day


def test_answers_of_days_replayed_are_those_asked_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _replayed(Planted(tmp_path, monkeypatch, "2024-12-31T04:00:00"), 6, 3)


@pytest.mark.long
def test_answers_of_fifty_random_days_replayed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _replayed(Planted(tmp_path, monkeypatch, "2024-12-31T04:00:00"), 120, 50)
