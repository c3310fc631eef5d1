"""Who has a part of the profit of a state-funded result by law, and until when its novelty is kept. Days and shares are data of the law file."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from graph.policy.law import Provision, law

Party = Literal["authors", "broker"]
TRANSITION = "authors-share-transition"
"""The rule by which authors of tasks under the older regime have a part of what granted titles bring, and of nothing else."""
_RULES: tuple[tuple[Party, str], ...] = (
    ("authors", "authors-share"),
    ("authors", TRANSITION),
    ("broker", "broker-share"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """The least part of the profit that a party has by a provision.

    ``state_part_only``: of what the state's money made. ``titles_only``: of the profit from titles of protection that were granted.
    """

    party: Party
    minimum: float
    provision: Provision
    state_part_only: bool
    titles_only: bool = False


def parts(approved: date | None, on: date) -> Iterator[Part]:
    """The parts that provisions in force on a day give, to a result whose task was approved on a day.

    The authors' provisions are for tasks approved in their days; without a day of approval nobody can say that one applies.
    The broker's applies where the parties agree on nothing else.
    """
    for party, rule in _RULES:
        for provision in law().by_rule(rule):
            bounded = provision.applies_from is not None or provision.applies_until is not None
            applies = provision.applies_to(approved) if approved is not None else not bounded
            share = law().least_share(provision)
            if applies and provision.in_force(on) and share is not None:
                yield Part(party, share, provision, party == "authors", rule == TRANSITION)


def novelty_deadline(disclosed: date, design: bool = False) -> tuple[date, Provision]:
    """The last day for filing after a first disclosure, and the provision that grants the months.

    :raises LawError: where the law file lacks the rule
    """
    provision = law().provision("design-grace" if design else "patent-grace")
    months = disclosed.year * 12 + disclosed.month - 1 + (provision.grace_months or 0)
    year, month = months // 12, months % 12 + 1
    day = min(disclosed.day, calendar.monthrange(year, month)[1])
    return disclosed.replace(year=year, month=month, day=day), provision
