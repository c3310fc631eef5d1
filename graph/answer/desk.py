"""What became of a broker's introductions: waiting, overdue or closed, and her own figures."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Literal

from graph.answer.told_outcomes import ToldOutcome
from graph.statements.outcomes import DECLINED, SIGNED

ACCEPTED, LATER = "accepted", "later"
PATIENCE = 14
"""Days without an answer after which somebody should call again."""
LATER_PATIENCE = 60
"""Days after a "later"."""

State = Literal["overdue", "waiting", "closed"]
STATES: tuple[State, ...] = ("overdue", "waiting", "closed")


def state_of(one: ToldOutcome, today: str) -> State:
    """Where an introduction stands on a day (ISO date)."""
    if one.result not in (None, LATER):
        return "closed"
    since, patience = (one.day, PATIENCE) if one.result is None else (one.answered or one.day, LATER_PATIENCE)
    return "overdue" if since and _days(since, today) > patience else "waiting"


def _days(start: str, end: str) -> int:
    return (date.fromisoformat(end) - date.fromisoformat(start)).days


@dataclass(frozen=True, slots=True)
class Figures:
    """A broker's own figures.

    ``accepted`` counts signed transfers too; ``success_rate`` is their part of what was accepted or declined; ``days_to_answer`` the
    median of the days from telling a firm to its first answer; ``reasons`` counts declines.
    """

    introductions: int
    waiting: int
    overdue: int
    closed: int
    accepted: int
    days_to_answer: float | None
    success_rate: float | None
    reasons: dict[str, int]


def figures(told: Iterable[ToldOutcome], today: str) -> Figures:
    """The figures of what one broker told."""
    told = list(told)
    states = Counter(state_of(one, today) for one in told)
    accepted = sum(one.result in (ACCEPTED, SIGNED) for one in told)
    declined = sum(one.result == DECLINED for one in told)
    days = [_days(one.day, one.first_answered) for one in told if one.day and one.first_answered]
    return Figures(
        introductions=len(told),
        waiting=states["waiting"],
        overdue=states["overdue"],
        closed=states["closed"],
        accepted=accepted,
        days_to_answer=float(median(days)) if days else None,
        success_rate=accepted / (accepted + declined) if accepted + declined else None,
        reasons=dict(Counter(one.reason for one in told if one.reason)),
    )
