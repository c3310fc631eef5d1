"""Territory and field: does a holding cover what is asked, does it touch it? Yes, no or unknown."""

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Literal

from graph.policy.case import ANY, Ask, Holding

State = Literal["yes", "no", "unknown"]


def place_covers(whole: str, part: str) -> bool:
    """``VN`` covers ``VN`` and ``VN-HN``; ``*`` everything."""
    return whole in (ANY, part) or part.startswith(f"{whole}-")


def field_covers(prefix: str, symbol: str) -> bool:
    """A prefix of the IPC covers what it begins; ``*`` everything."""
    return prefix == ANY or symbol.startswith(prefix)


def covered(holdings: Iterable[Holding], ask: Ask) -> State:
    """Whether holdings cover all of the asked territory and field, each pair of the two by one of them.

    Territory or field missing from a holding, or from the question, leaves it unknown, never no.
    """
    known = [held for held in holdings if _complete(held)]
    unscoped = [held for held in holdings if not _complete(held)]
    if not known and not unscoped:
        return "no"
    if ask.territory is None or ask.field is None:
        return "unknown"
    if all(_any_covers(known, place, symbol) for place, symbol in product(ask.territory, ask.field)):
        return "yes"
    return "unknown" if unscoped else "no"


def overlaps(held: Holding, ask: Ask) -> State:
    """Whether a holding touches what is asked: no where territory or field is apart, unknown where one is missing."""
    states = (
        _touches(held.territory, ask.territory, place_covers),
        _touches(held.field, ask.field, field_covers),
    )
    if "no" in states:
        return "no"
    return "unknown" if "unknown" in states else "yes"


def _complete(held: Holding) -> bool:
    return held.territory is not None and held.field is not None


def _any_covers(holdings: Sequence[Holding], place: str, symbol: str) -> bool:
    return any(
        any(place_covers(whole, place) for whole in held.territory or ())
        and any(field_covers(prefix, symbol) for prefix in held.field or ())
        for held in holdings
    )


def _touches(held: Sequence[str] | None, asked: Sequence[str] | None, covers: Callable[[str, str], bool]) -> State:
    if held is None or asked is None:
        return "unknown"
    return "yes" if any(covers(a, b) or covers(b, a) for a, b in product(held, asked)) else "no"
