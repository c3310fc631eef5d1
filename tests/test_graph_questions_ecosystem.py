"""The views of the ecosystem on the sample: every stage of the funnel against the generating script's own objects, in both
languages; what stands behind each number; and the same rows from Cypher and SPARQL."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any

import pytest

from graph.answer.asking import ask
from graph.answer.indicators import figure
from graph.answer.reading import Reading
from graph.questions.ecosystem import ecosystem_questions
from graph.questions.ecosystem.stages import OF_TASKS, STAGES
from graph.questions.named import questions
from loaders.sample import catalogue, market, projects, rights
from loaders.sample.projects import NATURAL, NEW_LAW, REGISTER_2016, REGISTER_2021, SOCIAL, TRIAL, Result, Task
from loaders.sample.world import build_world
from ontology.indicators import indicators
from tests.conftest import SAMPLE_DAY
from tests.sample_files import SampleFiles

pytestmark = pytest.mark.neo4j

DAYS = (SAMPLE_DAY, "2024-02-29", "2018-06-30")
DECIDED = ("Đã giao quyền sở hữu", "Đã giao quyền sử dụng")
TYPES = {NATURAL: "natural-st", SOCIAL: "social", TRIAL: "trial-production"}
Rows = list[dict[str, Any]]
Ask = Callable[..., Rows]


class Script:
    """What the generating script made, looked at without the program: how far each of its tasks came by a day."""

    @cached_property
    def _made(self) -> tuple[list[Task], dict[str, list[tuple[str, date]]]]:
        world = build_world()
        technologies = catalogue.build_technologies(world)
        early, late = projects.build_tasks(world, technologies)
        tasks = [*early, *late]
        events: dict[str, list[tuple[str, date]]] = {}
        for holding in rights.build_holdings(world, technologies, tasks):
            if holding.regime:
                events.setdefault(holding.technology.result, []).append(("decision", holding.since))
        for offer in rights.build_offers(world, technologies):
            events.setdefault(offer.technology.result, []).append(("offer", offer.since))
        for transfer in market.build_transfers(world, technologies):
            events.setdefault(transfer.technology.result, []).append(("transfer", transfer.signed))
        return tasks, events

    def tasks(self, on: date) -> list[Task]:
        """Those approved by the day."""
        return [task for task in self._made[0] if task.approved <= on]

    def accepted(self, on: date) -> list[tuple[Task, Result]]:
        found = [(task, task.result) for task in self.tasks(on) if task.result]
        return [(task, result) for task, result in found if result.accepted <= on and result.grade != "Không đạt"]

    def happened(self, result: Result, kind: str, on: date) -> bool:
        return any(name == kind and since <= on for name, since in self._made[1].get(result.code, ()))

    def state(self, task: Task, result: Result, stage: str, on: date) -> str:
        """Where an accepted result stands at one of the stages of results."""
        if stage == "rights_decided":
            if task.approved >= NEW_LAW or self.happened(result, "decision", on):
                return "yes"
            registered = any(name == "decision" for name, _ in self._made[1].get(result.code, ()))
            return "yes" if result.rights in DECIDED and not registered else "no"
        reached = {
            "offered": self.happened(result, "offer", on),
            "introduced": False,  # the sample has no introductions: they are members' own
            "transferred": self.happened(result, "transfer", on),
            "applied": result.applied is not None and result.applied <= on,
        }[stage]
        return "yes" if reached else "no" if result.applicable is False else "unknown"

    def at(self, stage: str, on: date) -> Counter[str]:
        """How many tasks, or accepted results, stand where."""
        tasks = self.tasks(on)
        proposed = sum(task.proposed <= on for task in self._made[0])
        if stage == "proposed":
            return Counter({"yes": proposed})
        if stage == "approved":
            return Counter({"yes": len(tasks), "no": proposed - len(tasks)})
        begun = [task for task in tasks if task.start <= on]
        if stage == "in_progress":
            return Counter({"yes": len(begun), "no": len(tasks) - len(begun)})
        accepted = self.accepted(on)
        if stage == "accepted":
            return Counter({"yes": len(accepted), "no": len(begun) - len(accepted)})
        return Counter(self.state(task, result, stage, on) for task, result in accepted)


@pytest.fixture(scope="module")
def script() -> Script:
    return Script()


@pytest.fixture(params=["cypher", "sparql"])
def asked(request: pytest.FixtureRequest, sample_reading: Reading) -> Ask:
    def rows(view: str, as_of: str = SAMPLE_DAY, **parameters: object) -> Rows:
        found = ask(sample_reading, ecosystem_questions()[view], {"as_of": as_of} | parameters, on=request.param)
        assert not found.truncated
        return found.rows

    return rows


@pytest.mark.parametrize("as_of", DAYS)
def test_every_stage_of_the_funnel_is_the_scripts_own_count(asked: Ask, script: Script, as_of: str) -> None:
    found = {row["stage"]: row for row in asked("funnel", as_of)}
    assert tuple(found) == STAGES
    for stage, row in found.items():
        expected = script.at(stage, date.fromisoformat(as_of))
        counts = Counter({"yes": row["reached"], "no": row["not_reached"], "unknown": row["unknown"]})
        assert counts == expected, stage
        assert row["of"] == expected.total(), stage
        assert row["illustrative"] is True


def test_the_numbers_that_the_script_says_in_words(asked: Ask) -> None:
    # 350 tasks of 2016 to 2020 and 40 since, 10 of them of base level
    found = {row["stage"]: row for row in asked("funnel")}
    assert found["approved"]["reached"] == 350 + 40 == sum(REGISTER_2016.values()) + sum(REGISTER_2021.values())
    city = {row["stage"]: row for row in asked("funnel", level="city", approved_until="2020-12-31")}
    assert city["approved"]["reached"] == 208 + 83 + 49


def test_budgets_are_those_of_the_scripts_tasks(asked: Ask, script: Script) -> None:
    on = date.fromisoformat(SAMPLE_DAY)
    found = {row["stage"]: row for row in asked("funnel")}
    assert found["approved"]["budget"] == sum(round(task.budget * 1_000_000) for task in script.tasks(on))
    applied = [task for task, result in script.accepted(on) if script.state(task, result, "applied", on) == "yes"]
    assert found["applied"]["budget"] == sum(round(task.budget * 1_000_000) for task in applied)
    assert found["applied"]["unpriced"] == 0


def test_groups_are_the_scripts_and_add_up(asked: Ask, script: Script) -> None:
    on = date.fromisoformat(SAMPLE_DAY)
    expected = {
        "type": Counter(f"scheme/task-type/1/{TYPES[task.kind]}" for task in script.tasks(on)),
        "year": Counter(str(task.approved.year) for task in script.tasks(on)),
    }
    for by in ("year", "field", "field_2008", "type", "host", "programme", "level"):
        rows = asked("funnel", by=by)
        for stage in STAGES:
            ours = [row for row in rows if row["stage"] == stage]
            (total,) = [row for row in ours if not row["group"] and not row["group_word"]]
            for name in ("reached", "of", "not_reached", "unknown", "budget"):
                assert sum(row[name] for row in ours if row is not total) == total[name], (by, stage, name)
        if by in expected:
            counted = {r["group"] or r["group_word"]: r["reached"] for r in rows if r["stage"] == "approved"}
            assert {group: count for group, count in counted.items() if group} == expected[by]


def test_the_list_behind_each_number_has_just_as_many(asked: Ask, script: Script, sample_files: SampleFiles) -> None:
    on = date.fromisoformat(SAMPLE_DAY)
    for stage in STAGES:
        for reached in ("yes", "no", "unknown"):
            rows = asked("course", stage=stage, reached=reached)
            assert len(rows) == script.at(stage, on)[reached], (stage, reached)
    listed = {row["task"] for row in asked("course", stage="transferred", reached="yes")}
    transferred = [task for task, result in script.accepted(on) if script.happened(result, "transfer", on)]
    assert listed == {sample_files.coded("task-code", task.code) for task in transferred}


def test_each_stage_of_a_task_has_its_day_and_what_says_so(
    asked: Ask, script: Script, sample_files: SampleFiles
) -> None:
    on = date.fromisoformat(SAMPLE_DAY)
    rows = {row["task"]: row for row in asked("course", stage="accepted", reached="yes")}
    for task, result in script.accepted(on)[::20]:
        row = rows[sample_files.coded("task-code", task.code)]
        assert row["approved_on"] == task.approved.isoformat()
        assert row["in_progress_on"] == task.start.isoformat()
        assert row["accepted_on"] == result.accepted.isoformat()
        assert row["applied_on"] == (result.applied.isoformat() if result.applied else None)
        assert (row["applied_by"] is None) == (row["adopter"] is None) == (result.applied is None)
        assert row["effect"] == (result.effect or None)


def test_years_are_those_of_the_scripts_events(asked: Ask, script: Script) -> None:
    on = date.fromisoformat(SAMPLE_DAY)
    found = {(row["stage"], row["year"]): row["reached"] for row in asked("years")}
    accepted = Counter(result.accepted.year for _, result in script.accepted(on))
    assert {year: n for (stage, year), n in found.items() if stage == "accepted"} == accepted
    (year, count) = max(accepted.items())
    assert len(asked("course", stage="accepted", reached="yes", in_year=year)) == count


def test_reports_are_due_on_every_accepted_result_and_none_was_received(asked: Ask, script: Script) -> None:
    on = date.fromisoformat(SAMPLE_DAY)
    due = sum(
        result.accepted.replace(day=1).year + n <= on.year for _, result in script.accepted(on) for n in range(1, 6)
    )
    rows = asked("reports", by="year")
    assert sum(row["due"] + row["upcoming"] for row in rows) == 5 * len(script.accepted(on))
    assert sum(row["due"] + row["upcoming"] for row in rows if row["year"] <= on.year) == due
    assert {row["received"] for row in rows} == {0}
    by_body = asked("reports")
    assert sum(row["accepted"] for row in by_body) == len(script.accepted(on))
    assert sum(row["unknown"] for row in by_body) == script.at("applied", on)["unknown"]


@pytest.mark.parametrize("as_of", DAYS)
def test_the_two_numbers_of_rights_not_decided_differ_by_what_their_definitions_say(
    asked: Ask, sample_reading: Reading, as_of: str
) -> None:
    indicator = next(one for one in indicators().indicators if one.id == "rights-undecided")
    regimes = ask(sample_reading, questions()[indicator.question], {"as_of": as_of})
    counted = figure(indicator, regimes).value
    on_request = {row["result"] for row in regimes.rows if row["regime"] == indicator.measure.where["regime"]}
    registered = {row["result"] for row in regimes.rows if row["decided"]}
    stood = {
        reached: {
            result
            for row in asked("course", as_of, stage="rights_decided", reached=reached)
            for result in row["results"]
        }
        for reached in ("yes", "no", "unknown")
    }
    accepted = set().union(*stood.values())
    (stage,) = [row for row in asked("funnel", as_of) if row["stage"] == "rights_decided"]
    assert stage["not_reached"] == len(stood["no"])
    by_register = (stood["yes"] & on_request) - registered  # the register says so, and nothing else
    not_accepted = on_request - registered - accepted
    of_no_known_regime = stood["no"] - on_request
    assert counted == (
        stage["not_reached"]
        - len(of_no_known_regime)
        + len(stood["unknown"] & on_request)
        + len(by_register)
        + len(not_accepted)
    )
    assert not stood["no"] & registered


def test_gaps_agree_with_the_questions_that_ask_for_one_side(asked: Ask, sample_reading: Reading) -> None:
    rows = {row["field"]: row for row in asked("field_gaps")}
    lacking = ask(sample_reading, questions()["fields_without_broker"], {"as_of": SAMPLE_DAY}).rows
    assert {row["field"]: row["needs"] for row in lacking} == {
        field: row["demand"] for field, row in rows.items() if row["demand"] and not row["broker"]
    }
    for row in rows.values():
        sides = {"supply": row["technologies"], "demand": row["needs"], "broker": row["brokers"]}
        assert {side: len(ids) for side, ids in sides.items()} == {side: row[side] for side in sides}
        assert row["missing"] == sorted(side for side, ids in sides.items() if not ids)
        assert row["stranded"] == (row["supply"] + row["demand"] if row["missing"] else 0)
    ranked = [row["stranded"] for row in sorted(rows.values(), key=lambda row: row["rank"])]
    assert ranked == sorted(ranked, reverse=True)
    assert asked("field_gaps", level=1)


@pytest.mark.parametrize("as_of", DAYS)
@pytest.mark.parametrize("name", ecosystem_questions())
def test_both_languages_give_the_same(name: str, as_of: str, sample_reading: Reading) -> None:
    view = ecosystem_questions()[name]
    given = {**view.example, "as_of": as_of}
    by_cypher, by_sparql = (ask(sample_reading, view, given, on) for on in ("cypher", "sparql"))  # type: ignore[arg-type]
    assert by_cypher == by_sparql
    # the sample has no assignments of a resolution: those are acts of a real government
    assert bool(by_cypher.rows) == (name != "assignments") or as_of < SAMPLE_DAY


@pytest.mark.long
def test_filters_narrow_alike_in_both_languages(sample_reading: Reading) -> None:
    view = ecosystem_questions()["course"]
    filters: list[dict[str, object]] = [
        {"approved_from": "2018-01-01", "approved_until": "2018-12-31"},
        {"field": "2"},
        {"field_2008": "2"},
        {"type": "social", "level": "city"},
        {"approved_in": "VN-HN"},
    ]
    host = ask(sample_reading, view, {}).rows[0]["host"]
    for given in [*filters, {"host": host}]:
        by_cypher, by_sparql = (ask(sample_reading, view, given, on) for on in ("cypher", "sparql"))  # type: ignore[arg-type]
        assert by_cypher == by_sparql, given
        assert (0 < len(by_cypher.rows) < 390) or given == {"approved_in": "VN-HN"}, given


def test_there_are_the_views() -> None:
    assert [view.number for view in ecosystem_questions().values()] == list(range(1, 10))
    assert set(OF_TASKS) < set(STAGES)
