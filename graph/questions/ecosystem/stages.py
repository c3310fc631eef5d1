"""How far S&T tasks came by a day: the stages of each, read from what is on record of its course.

A stage is reached, not reached, or unknown. What nothing on record speaks against is unknown, not missed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Reached = Literal["yes", "no", "unknown"]

STAGES = (
    "proposed",
    "approved",
    "in_progress",
    "accepted",
    "rights_decided",
    "offered",
    "introduced",
    "transferred",
    "applied",
)
OF_TASKS = STAGES[:4]
"""Stages that tasks reach one after the other; the further ones are reached by accepted results, in any order."""
GROUPINGS = ("year", "field", "field_2008", "type", "host", "programme", "level")
DECIDED = ("decided-own", "decided-use", "licensed", "lapsed", "vested")
"""States of the scheme ``rights-state`` that say that the rights are decided."""
UNDECIDED = ("unassigned", "requested", "published")
"""Those that say that they are not: what nobody would take is published to find who will."""
_EVENTS = {"offered": "offer", "introduced": "introduction", "transferred": "transfer", "applied": "application"}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that befell a result: the node that says so, its day if one is on record, and what else it says."""

    event: str
    day: str | None
    what: str | None
    who: str | None
    place: str | None
    effect: str | None
    flag: bool | None
    amount: int | None
    every: int | None
    lasting: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a stage was reached, on which day (None where none is on record), and what says so."""

    reached: Reached
    day: str | None = None
    fact: Fact | None = None
    event: str | None = None


_NO, _UNKNOWN = Standing("no"), Standing("unknown")


@dataclass(slots=True)
class ResultCourse:
    """What is on record of one result. ``state`` is the code of its state of rights."""

    id: str
    state: str | None = None
    applicable: bool | None = None
    facts: dict[str, list[Fact]] = field(default_factory=lambda: defaultdict(list))


@dataclass(slots=True)
class Course:
    """What is on record of one task: days by property, groups by grouping, the provision by which its results vest in the host."""

    task: str
    made_up: bool = False
    budget: int | None = None
    state: str | None = None
    vesting: str | None = None
    days: dict[str, str] = field(default_factory=dict)
    groups: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    results: dict[str, ResultCourse] = field(default_factory=dict)

    def members(self, by: str) -> tuple[str, ...]:
        """The groups of a grouping that it belongs to."""
        if by == "year":
            approved = self.days.get("approvedOn")
            return (approved[:4],) if approved else ()
        return tuple(sorted(self.groups.get(by, ())))

    def group(self, by: str) -> str:
        """Its group: the one that it belongs to, ``several`` or ``none``; so each task counts once."""
        members = self.members(by)
        return "none" if not members else members[0] if len(members) == 1 else "several"


@dataclass(frozen=True, slots=True)
class Unit:
    """A task with one of its results, or with none; where each stage stands. Stages of results are told of accepted ones only."""

    course: Course
    result: ResultCourse | None
    stages: Mapping[str, Standing]


def read_courses(rows: Iterable[Mapping[str, Any]]) -> list[Course]:
    """The courses that the rows of the query ``course`` tell, by task."""
    found: dict[str, Course] = {}
    for row in rows:
        course = found.setdefault(row["task"], Course(row["task"]))
        if row["result"]:
            _tell_result(course.results.setdefault(row["result"], ResultCourse(row["result"])), row)
        else:
            _tell_task(course, row)
    return [found[task] for task in sorted(found)]


def _tell_task(course: Course, row: Mapping[str, Any]) -> None:
    match row["kind"]:
        case "task":
            course.made_up = bool(row["flag"])
            course.budget = None if row["amount"] is None else int(row["amount"])
        case "state":
            course.state = code(row["what"])
        case "vesting":
            course.vesting = row["event"]
        case kind if row["day"]:
            course.days[kind] = row["day"][:10]
        case kind:
            course.groups[kind].add(row["what"])


def _tell_result(result: ResultCourse, row: Mapping[str, Any]) -> None:
    if row["kind"] == "result":
        result.state, result.applicable = code(row["what"]), row["flag"]
        return
    day = row["day"][:10] if row["day"] else None
    said = (row[name] for name in ("what", "who", "place", "effect", "flag", "amount", "every", "lasting"))
    result.facts[row["kind"]].append(Fact(row["event"], day, *said))


def code(concept: str | None) -> str | None:
    """The code of a concept, by its id."""
    return concept.rsplit("/", 1)[-1] if concept else None


def earliest(facts: Sequence[Fact]) -> Fact | None:
    """The first by day; those without one come last, of equals the least by id."""
    return min(facts, key=lambda fact: (fact.day is None, fact.day or "", fact.event), default=None)


def units(courses: Iterable[Course], as_of: str) -> Iterator[Unit]:
    """Tasks with each of their results, as they stand on a day. A task of which nothing had happened yet is left out.

    :param as_of: an ISO date
    """
    for course in courses:
        accepted = {key: _accepted(course, result, as_of) for key, result in course.results.items()}
        any_day = min(
            (standing.day for standing in accepted.values() if standing.reached == "yes" and standing.day), default=None
        )
        of_task = _of_task(course, any_day, as_of)
        if of_task["proposed"].reached == "no":
            continue
        if not course.results:
            yield Unit(course, None, {**of_task, "accepted": _unaccepted(course, as_of)})
        for key, result in course.results.items():
            further = _further(course, result, accepted[key], as_of) if accepted[key].reached == "yes" else {}
            yield Unit(course, result, {**of_task, "accepted": accepted[key], **further})


def _of_task(course: Course, accepted: str | None, as_of: str) -> dict[str, Standing]:
    """Proposed, approved and in progress; a later stage on record implies the earlier ones, whose day is then not on record."""
    begun = _dated(course, "startDate", as_of, ("proposed", "approved"))
    if begun.reached != "yes" and accepted:
        begun = Standing("yes", None, None, course.task)
    approved = _dated(course, "approvedOn", as_of, ("proposed",))
    if approved.reached != "yes" and begun.reached == "yes":
        approved = Standing("yes", None, None, course.task)
    proposed = _dated(course, "proposedOn", as_of, ())
    if proposed.reached != "yes" and approved.reached == "yes":
        proposed = Standing("yes", None, None, course.task)
    elif proposed.reached == "unknown" and course.days and min(course.days.values()) > as_of:
        proposed = _NO  # nothing had happened yet
    return {"proposed": proposed, "approved": approved, "in_progress": begun}


def _dated(course: Course, prop: str, as_of: str, short_of: tuple[str, ...]) -> Standing:
    """A stage of a task with a day of its own. ``short_of`` are the states that say that it has not come so far."""
    day = course.days.get(prop)
    if day is None:
        return _NO if course.state in short_of else _UNKNOWN
    return Standing("yes", day, None, course.task) if day <= as_of else _NO


def _accepted(course: Course, result: ResultCourse, as_of: str) -> Standing:
    """An acceptance by the day that is not a fail; one without a day is unknown, as no day can be compared with it."""
    acceptances = result.facts.get("acceptance", [])
    past = [fact for fact in acceptances if fact.day and fact.day <= as_of]
    first = earliest([fact for fact in past if code(fact.what) != "fail"])
    if first:
        return Standing("yes", first.day, first, first.event)
    if not acceptances:
        return _unaccepted(course, as_of)
    return _UNKNOWN if any(fact.day is None and code(fact.what) != "fail" for fact in acceptances) else _NO


def _unaccepted(course: Course, as_of: str) -> Standing:
    """Without an acceptance on record: unknown where the register says accepted, or where work ended and it says nothing."""
    if course.state == "accepted":
        return _UNKNOWN
    ended = course.days.get("endDate")
    return _UNKNOWN if course.state is None and ended and ended <= as_of else _NO


def _further(course: Course, result: ResultCourse, accepted: Standing, as_of: str) -> dict[str, Standing]:
    found = {"rights_decided": _decided(course, result, accepted, as_of)}
    for stage, kind in _EVENTS.items():
        # as in question 8, what has no day on record counts whatever the day that is asked for
        past = [fact for fact in result.facts.get(kind, ()) if fact.day is None or fact.day <= as_of]
        first = earliest(past)
        if first:
            found[stage] = Standing("yes", first.day, first, first.event)
        elif result.applicable is False or (stage == "applied" and _reported_unused(result, as_of)):
            found[stage] = _NO
        else:
            found[stage] = _UNKNOWN
    return found


def _decided(course: Course, result: ResultCourse, accepted: Standing, as_of: str) -> Standing:
    """By law where the automatic regime covers the task, by a decision on record, else by what the register says.

    Who asked for the rights, or was sought to take them up, had not been assigned them: without a decision that is a no.
    """
    if course.vesting:
        return Standing("yes", accepted.day, None, course.vesting)
    decisions = result.facts.get("decision", [])
    first = earliest([fact for fact in decisions if fact.day is None or fact.day <= as_of])
    if first:
        return Standing("yes", first.day, first, first.event)
    if decisions:
        return _NO
    if result.state in DECIDED:
        return Standing("yes", None, None, result.id)
    waiting = [*result.facts.get("request", ()), *result.facts.get("announcement", ())]
    asked = any(fact.day is None or fact.day <= as_of for fact in waiting)
    return _NO if asked or result.state in UNDECIDED else _UNKNOWN


def _reported_unused(result: ResultCourse, as_of: str) -> bool:
    """Whether the last report received by the day says that nobody uses the result."""
    received = [fact for fact in result.facts.get("report", ()) if fact.day and fact.day <= as_of]
    last = max(received, key=lambda fact: (fact.day or "", fact.amount or 0, fact.event), default=None)
    return last is not None and last.flag is False
