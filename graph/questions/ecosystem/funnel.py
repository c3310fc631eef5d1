"""The register as a funnel, the tasks behind each of its numbers, and its years: computed from the rows of the query ``course``.

Real and made-up tasks are never counted together: real ones where there are any, unless ``data`` says which.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from graph.questions.ecosystem.stages import GROUPINGS, OF_TASKS, STAGES, Course, Standing, Unit, read_courses, units
from graph.questions.errors import QuestionError
from graph.questions.twins import Rows

Row = Mapping[str, Any]
KINDS_OF_DATA = ("real", "illustrative")
REACHED = ("yes", "no", "unknown")
_ORDER = {"yes": 0, "unknown": 1, "no": 2}


def chosen(parameters: Mapping[str, Any], name: str, of: Sequence[str]) -> str | None:
    """A parameter that takes one of a few words.

    :raises QuestionError: where it is none of them
    """
    value = parameters.get(name)
    if value is not None and value not in of:
        raise QuestionError(f"{name} is one of {', '.join(of)}")
    return value


def counted_courses(rows: Sequence[Row], parameters: Mapping[str, Any]) -> list[Course]:
    """The courses that count: of real tasks, or of made-up ones."""
    courses = read_courses(rows)
    data = chosen(parameters, "data", KINDS_OF_DATA)
    made_up = data == "illustrative" if data else all(course.made_up for course in courses)
    return [course for course in courses if course.made_up == made_up]


def counted_units(rows: Sequence[Row], parameters: Mapping[str, Any]) -> list[Unit]:
    """The units of what counts, of one group where ``in_group`` names it."""
    by, group = chosen(parameters, "by", GROUPINGS), parameters.get("in_group")
    if group is not None and by is None:
        raise QuestionError("in_group says a group of a grouping; say by which it groups")
    found = units(counted_courses(rows, parameters), parameters["as_of"].isoformat())
    return [unit for unit in found if by is None or group is None or unit.course.group(by) == group]


def funnel(rows: Sequence[Row], parameters: Mapping[str, Any]) -> Rows:
    """A row for each stage, in all and, with ``by``, in each group.

    Stages of tasks are counted in tasks, of those that reached the stage before; further ones in accepted results.
    ``reached``, ``not_reached`` and ``unknown`` add up to ``of``; ``tasks`` and ``budget`` are those of what reached it.
    """
    by = chosen(parameters, "by", GROUPINGS)
    grouped: dict[str | None, list[Unit]] = {None: counted_units(rows, parameters)}
    for unit in grouped[None] if by else ():
        grouped.setdefault(unit.course.group(by or ""), []).append(unit)
    return [
        {
            "group": None if _is_word(by, group) else group,
            "group_word": group if _is_word(by, group) else None,
            "stage": stage,
            "position": position,
            "illustrative": any(unit.course.made_up for unit in members),
            **_counted(members, stage),
        }
        for group, members in grouped.items()
        for position, stage in enumerate(STAGES, 1)
    ]


def _is_word(by: str | None, group: str | None) -> bool:
    """Whether a group is said by a word (a year, none, several), not by a node."""
    return by == "year" or group in ("none", "several")


def _counted(members: Iterable[Unit], stage: str) -> dict[str, Any]:
    standings = list(standing_of(members, stage, stage in OF_TASKS))
    by_state: dict[str, list[Unit]] = defaultdict(list)
    for unit, standing in standings:
        by_state[standing.reached].append(unit)
    reached, of = len(by_state["yes"]), len(standings)
    tasks = {unit.course.task: unit.course for unit in by_state["yes"]}
    return {
        "counted": "tasks" if stage in OF_TASKS else "results",
        "reached": reached,
        "of": of,
        "share": reached / of if of else None,
        "not_reached": len(by_state["no"]),
        "unknown": len(by_state["unknown"]),
        "undated": sum(standing.reached == "yes" and standing.day is None for _, standing in standings),
        "tasks": len(tasks),
        "budget": sum(course.budget or 0 for course in tasks.values()),
        "unpriced": sum(course.budget is None for course in tasks.values()),
    }


def standing_of(members: Iterable[Unit], stage: str, per_task: bool) -> Iterator[tuple[Unit, Standing]]:
    """What a stage is counted over: each task, or each accepted result, with where it stands there.

    A task stands where the furthest of its results does, and counts where it reached the stage before.
    """
    best: dict[str, tuple[Unit, Standing]] = {}
    for unit in members:
        standing = unit.stages.get(stage)
        if standing is None or not _reached_before(unit, stage):
            continue
        if not per_task:
            yield unit, standing
        elif unit.course.task not in best or _furthest(standing) < _furthest(best[unit.course.task][1]):
            best[unit.course.task] = unit, standing
    yield from best.values()


def _reached_before(unit: Unit, stage: str) -> bool:
    position = STAGES.index(stage)
    if position == 0:
        return True
    before = STAGES[position - 1] if stage in OF_TASKS else "accepted"
    return unit.stages[before].reached == "yes"


def _furthest(standing: Standing) -> tuple[int, bool, str]:
    return _ORDER[standing.reached], standing.day is None, standing.day or ""


def tasks_at_stage(rows: Sequence[Row], parameters: Mapping[str, Any]) -> Rows:
    """The tasks behind one number of the funnel, each with the days of all its stages and the nodes that say so."""
    stage = chosen(parameters, "stage", STAGES) or STAGES[0]
    reached = chosen(parameters, "reached", REACHED)
    per_task = (chosen(parameters, "each", ("task", "result")) or ("task" if stage in OF_TASKS else "result")) == "task"
    members = counted_units(rows, parameters)
    results: dict[str, list[str]] = defaultdict(list)
    for unit in members:
        if unit.result:
            results[unit.course.task].append(unit.result.id)
    return [
        {
            "task": unit.course.task,
            "results": results[unit.course.task] if per_task else [unit.result.id] if unit.result else [],
            "host": next(iter(unit.course.members("host")), None),
            "type": next(iter(unit.course.members("type")), None),
            "level": next(iter(unit.course.members("level")), None),
            "fields": list(unit.course.members("field")),
            "budget": unit.course.budget,
            "reached": standing.reached,
            **_days(unit),
        }
        for unit, standing in standing_of(members, stage, per_task)
        if (reached is None or standing.reached == reached) and _in_year(standing, parameters.get("in_year"))
    ]


def _in_year(standing: Standing, year: int | None) -> bool:
    """Whether a stage was reached in a year; 0 is for those without a day on record."""
    return year is None or (int(standing.day[:4]) if standing.day else 0) == year


def _days(unit: Unit) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for stage in STAGES:
        standing = unit.stages.get(stage)
        there = standing is not None and standing.reached == "yes"
        found[f"{stage}_on"] = standing.day if standing and there else None
        found[f"{stage}_by"] = standing.event if standing and there else None
    accepted, applied = unit.stages.get("accepted"), unit.stages.get("applied")
    found["grade"] = accepted.fact.what if accepted and accepted.fact else None
    use = applied.fact if applied else None
    return {
        **found,
        "adopter": use.who if use else None,
        "place": use.place if use else None,
        "effect": use.effect if use else None,
    }


def years(rows: Sequence[Row], parameters: Mapping[str, Any]) -> Rows:
    """How many tasks, or accepted results, reached each stage in each year; the year is empty where no day is on record."""
    members = counted_units(rows, parameters)
    found: Rows = []
    for position, stage in enumerate(STAGES, 1):
        in_year: dict[str | None, list[Unit]] = defaultdict(list)
        for unit, standing in standing_of(members, stage, stage in OF_TASKS):
            if standing.reached == "yes":
                in_year[standing.day[:4] if standing.day else None].append(unit)
        for year, reaching in in_year.items():
            budget = sum({unit.course.task: unit.course.budget or 0 for unit in reaching}.values())
            found.append(
                {
                    "year": int(year) if year else None,
                    "stage": stage,
                    "position": position,
                    "counted": "tasks" if stage in OF_TASKS else "results",
                    "reached": len(reaching),
                    "budget": budget,
                }
            )
    return found


ANALYSES: Mapping[str, Callable[[Sequence[Row], Mapping[str, Any]], Rows]] = {
    "funnel": funnel,
    "tasks_at_stage": tasks_at_stage,
    "years": years,
}
"""By the name that a question gives under ``after``."""
