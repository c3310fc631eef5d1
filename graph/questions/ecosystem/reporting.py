"""Reports on the application of results after acceptance: which are due, received and overdue, and of which results nobody knows.

How often and for how long is a provision of law that each acceptance carries with it; nothing of it stands here.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from graph.questions.ecosystem.funnel import Row, chosen, counted_units
from graph.questions.ecosystem.stages import Fact, Unit
from graph.questions.twins import Rows

STATES = ("received", "late", "overdue", "upcoming")
REPORT_GROUPINGS = ("responsible", "year", "period")


def after_months(day: date, months: int) -> date:
    """The same day so many months later; a day that the month lacks becomes its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_days(accepted: date, every: int, lasting: int) -> list[date]:
    """The days on which reports are due after an acceptance.

    :param every: months between two reports
    :param lasting: months after the acceptance for which reports are due
    """
    # each is counted from the acceptance, so that one of 29 February comes back to it
    return [after_months(accepted, months) for months in range(every, lasting + 1, every)] if every > 0 else []


@dataclass(frozen=True, slots=True)
class DueReport:
    """One report that somebody has to make. ``passed``: its day lies before the day that is asked for."""

    unit: Unit
    responsible: str | None
    period: int
    due: date
    duty: str | None
    report: Fact | None
    passed: bool

    @property
    def state(self) -> str:
        """``received``, ``late`` (received after its day), ``overdue`` or ``upcoming``."""
        if self.report is not None and self.report.day is not None:
            return "late" if self.report.day > self.due.isoformat() else "received"
        return "overdue" if self.passed else "upcoming"


def due_reports(units: Sequence[Unit], as_of: date) -> Iterator[DueReport]:
    """All reports due on accepted results, whenever; as known and received on a day."""
    for unit in units:
        accepted = unit.stages["accepted"]
        if unit.result is None or accepted.reached != "yes" or accepted.day is None:
            continue
        duties = [fact for fact in unit.result.facts.get("duty", ()) if fact.event == accepted.event]
        duty = min(duties, key=lambda fact: fact.what or "", default=None)
        if duty is None or not duty.every or not duty.lasting:
            continue
        days = due_days(date.fromisoformat(accepted.day), duty.every, duty.lasting)
        for period, due in enumerate(days, 1):
            report = _received(unit, period, as_of.isoformat())
            yield DueReport(unit, responsible(unit, as_of), period, due, duty.what, report, due < as_of)


def _received(unit: Unit, period: int, as_of: str) -> Fact | None:
    reports = unit.result.facts.get("report", ()) if unit.result else ()
    found = [fact for fact in reports if fact.amount == period and fact.day is not None and fact.day <= as_of]
    return min(found, key=lambda fact: (fact.day or "", fact.event), default=None)


def responsible(unit: Unit, as_of: date) -> str | None:
    """Who was assigned the rights by the day, the last one; else the host."""
    decisions = unit.result.facts.get("decision", ()) if unit.result else ()
    taken = [fact for fact in decisions if fact.who and (fact.day or "") <= as_of.isoformat()]
    last = max(taken, key=lambda fact: (fact.day or "", fact.event), default=None)
    return last.who if last else next(iter(unit.course.members("host")), None)


def list_reports(rows: Sequence[Row], parameters: Mapping[str, Any]) -> Rows:
    """The reports one by one: of one responsible body, year, number or state where these are given."""
    state = chosen(parameters, "report_state", STATES)
    wanted = {name: parameters.get(name) for name in ("of", "year", "period")}
    found = []
    for one in due_reports(counted_units(rows, parameters), parameters["as_of"]):
        told = {"of": one.responsible, "year": one.due.year, "period": one.period}
        fits = all(value is None or value == told[name] for name, value in wanted.items())
        if fits and state in (None, one.state) and (not parameters.get("passed") or one.passed):
            found.append(
                {
                    "result": one.unit.result.id if one.unit.result else None,
                    "task": one.unit.course.task,
                    "responsible": one.responsible,
                    "period": one.period,
                    "due_on": one.due.isoformat(),
                    "received_on": one.report.day if one.report else None,
                    "report": one.report.event if one.report else None,
                    "state": one.state,
                    "passed": one.passed,
                    "provision": one.duty,
                }
            )
    return found


def count_reports(rows: Sequence[Row], parameters: Mapping[str, Any]) -> Rows:
    """Reports counted by who is responsible, by the year in which they are due, or by their number.

    ``due`` are those whose day has passed: ``received`` and ``overdue`` add up to it. By responsible body there is also how
    many accepted results it answers for, and how many of these are applied, not applied, and unknown.
    """
    by = chosen(parameters, "by", REPORT_GROUPINGS) or "responsible"
    members = counted_units(rows, {**parameters, "by": None})
    groups: dict[Any, list[DueReport]] = defaultdict(list)
    for one in due_reports(members, parameters["as_of"]):
        groups[{"responsible": one.responsible, "year": one.due.year, "period": one.period}[by]].append(one)
    use = _use(members, parameters["as_of"]) if by == "responsible" else {}
    return [
        {
            "responsible": group if by == "responsible" else None,
            "year": group if by == "year" else None,
            "period": group if by == "period" else None,
            **_count(groups.get(group, [])),
            **use.get(group, {"accepted": None, "applied": None, "not_applied": None, "unknown": None}),
        }
        for group in {**groups, **use}
    ]


def _count(reports: Sequence[DueReport]) -> dict[str, int]:
    passed = [one for one in reports if one.passed]
    return {
        "due": len(passed),
        "received": sum(one.report is not None for one in passed),
        "late": sum(one.state == "late" for one in passed),
        "overdue": sum(one.state == "overdue" for one in passed),
        "upcoming": len(reports) - len(passed),
    }


def _use(members: Sequence[Unit], as_of: date) -> dict[str | None, dict[str, int]]:
    """Accepted results by who is responsible: what is known of their use."""
    found: dict[str | None, dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(("accepted", "applied", "not_applied", "unknown"), 0)
    )
    words = {"yes": "applied", "no": "not_applied", "unknown": "unknown"}
    for unit in members:
        if unit.stages["accepted"].reached == "yes" and "applied" in unit.stages:
            counts = found[responsible(unit, as_of)]
            counts["accepted"] += 1
            counts[words[unit.stages["applied"].reached]] += 1
    return dict(found)


ANALYSES: Mapping[str, Callable[[Sequence[Row], Mapping[str, Any]], Rows]] = {
    "list_reports": list_reports,
    "count_reports": count_reports,
}
"""By the name that a question gives under ``after``."""
