"""What recorded holdings must not say together: shares of more than the whole, and exclusive powers of several over one thing.

A register may hold both; neither is put right here. Who reads the rights is told of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product

from graph.policy.case import ANY, Ask, Holding
from graph.policy.scope import State, field_covers, overlaps, place_covers

WHOLE = 1 + 1e-3
"""Recorded shares that add up to more contradict each other; the slack is for shares of three digits."""


@dataclass(frozen=True, slots=True)
class Excess:
    """Owners whose shares add up to more than the whole in one territory and field (``*`` where none is on record)."""

    holders: tuple[str, ...]
    total: float
    territory: str
    field: str


@dataclass(frozen=True, slots=True)
class Clash:
    """Two bodies that hold an exclusive power over the same on one day; unknown where a scope is not on record."""

    holders: tuple[str, str]
    state: State


def excess(holdings: Sequence[Holding], on: date) -> Excess | None:
    """The worst place at which the shares of owners, valid that day, add up to more than the whole; None where nowhere.

    Codes nest by their beginnings, so the sums at the codes that the holdings themselves name are all that there are.
    A holding without a territory or field counts everywhere; of several lines of one holder the largest share counts.
    """
    owning = [held for held in holdings if held.power == "own" and held.share is not None and held.holds(on)]
    places = {code for held in owning for code in held.territory or ()} or {ANY}
    fields = {code for held in owning for code in held.field or ()} or {ANY}
    sums = [found for place, symbol in product(sorted(places), sorted(fields)) if (found := _at(owning, place, symbol))]
    worst = max(sums, key=lambda found: found.total, default=None)
    return worst if worst is not None and worst.total > WHOLE else None


def _at(holdings: Sequence[Holding], place: str, symbol: str) -> Excess | None:
    shares: dict[str, float] = {}
    for held in holdings:
        here = held.territory is None or any(place_covers(whole, place) for whole in held.territory)
        if here and (held.field is None or any(field_covers(prefix, symbol) for prefix in held.field)):
            shares[held.holder] = max(held.share or 0.0, shares.get(held.holder, 0.0))
    return Excess(tuple(sorted(shares)), sum(shares.values()), place, symbol) if shares else None


def exclusive_clashes(holdings: Sequence[Holding], on: date) -> Iterator[Clash]:
    """Pairs of different holders whose exclusive powers, valid that day, touch each other in territory and field."""
    exclusive = [held for held in holdings if held.exclusive and held.holds(on)]
    worst: dict[tuple[str, str], State] = {}
    for one, other in combinations(exclusive, 2):
        if one.holder == other.holder:
            continue
        state = overlaps(one, Ask(from_=other.holder, territory=other.territory, field=other.field))
        pair = (min(one.holder, other.holder), max(one.holder, other.holder))
        if state == "yes" or (state == "unknown" and pair not in worst):
            worst[pair] = state
    return (Clash(pair, state) for pair, state in sorted(worst.items()))
