"""Who owns a result on a day: by record, by decision or by the law itself, in what shares, and what is not known.

DOMAIN.md: the result of a task approved from the day of the automatic regime on is owned by its host for the
state-funded share and by other funders pro rata, unless a recorded ``own`` replaces this; of one approved before
nothing is owned until a decision, whatever else is recorded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from graph.policy.case import ANY, Case, Contribution, Holding
from graph.policy.consistency import WHOLE
from graph.policy.law import Regime, law

Lack = Literal["approved", "decision", "funding", "host", "funder"]
Source = Literal["record", "decision", "law"]


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who owns.

    ``claims`` are the powers to own that count that day, whoever holds them, ``source`` says by what; ``shares`` is
    what is settled. ``undecided``: nothing is owned yet. ``unnamed``: somebody who is not on record owns a part.
    ``possible`` are bodies that may own besides, None is anybody. ``lacks`` is what would have to be on record to know.
    """

    regime: Regime
    source: Source
    claims: tuple[Holding, ...] = ()
    shares: Mapping[str, float] = field(default_factory=dict)
    undecided: bool = False
    unnamed: bool = False
    possible: frozenset[str] | None = frozenset()
    lacks: tuple[Lack, ...] = ()

    def may_own(self, body: str) -> bool:
        """Whether the record leaves it open that a body owns a part."""
        return self.possible is None or body in self.possible


def ownership(case: Case) -> Ownership:
    """Who owns the result of a case on its day."""
    regime = law().regime(case.approved)
    recorded = tuple(held for held in case.holdings or () if held.power == "own" and held.holds(case.on))
    if regime == "automatic":
        return _recorded(recorded, regime, _recorded_shares(recorded)) if recorded else _automatic(case)
    if regime == "on_request" and not case.decided():
        return Ownership(regime, "decision", recorded, undecided=True, possible=None, lacks=("decision",))
    if regime == "unknown" and not case.holdings and not case.decided():
        return Ownership(regime, "record", possible=None, lacks=("approved",))
    decided = _decided(case)
    if not decided:
        return _recorded(recorded, regime, {})
    claims = (*recorded, *decided)
    settled = regime == "on_request" and len({claim.holder for claim in claims}) == 1
    return Ownership(regime, "decision", claims, {decided[0].holder: 1.0} if settled else {})


def _recorded(claims: tuple[Holding, ...], regime: Regime, shares: Mapping[str, float]) -> Ownership:
    return Ownership(regime, "record", claims, shares)


def _recorded_shares(claims: Iterable[Holding]) -> dict[str, float]:
    """Owner → share as recorded; none where they add up to more than the whole, for then nothing is settled."""
    found: dict[str, float] = {}
    for claim in claims:
        if claim.share is not None:
            found[claim.holder] = max(claim.share, found.get(claim.holder, 0.0))
    return found if sum(found.values()) <= WHOLE else {}


def _decided(case: Case) -> tuple[Holding, ...]:
    """A decision "own" counts as owning all of it from its day."""
    return tuple(_whole(item.to, 1.0) for item in case.decided() if item.power == "own")


def _whole(owner: str, share: float | None) -> Holding:
    return Holding(holder=owner, power="own", share=share, territory=(ANY,), field=(ANY,))


def _automatic(case: Case) -> Ownership:
    paid = case.contributions()
    if not paid:
        return Ownership("automatic", "law", possible=None, lacks=("funding",) if case.host else ("funding", "host"))
    owners = [_owner(item, case.host) for item in paid]
    named = tuple(dict.fromkeys(owner for owner in owners if owner is not None))
    shares = _shares(paid, owners)
    return Ownership(
        "automatic",
        "law",
        claims=tuple(_whole(owner, shares.get(owner)) for owner in named),
        shares=shares,
        unnamed=None in owners,
        possible=_possible(case, paid),
        lacks=_lacks(case, paid),
    )


def _owner(item: Contribution, host: str | None) -> str | None:
    """Who owns what a contribution paid for; None where the record does not tell."""
    if item.state is None:
        return host if host is not None and host == item.by else None
    return host if item.state else item.by


def _shares(paid: tuple[Contribution, ...], owners: list[str | None]) -> dict[str, float]:
    if len(set(owners)) == 1 and owners[0] is not None:
        return {owners[0]: 1.0}
    amounts = [item.amount for item in paid if item.amount is not None]
    total = sum(amounts)
    if len(amounts) < len(paid) or total <= 0:
        return {}
    found: dict[str, float] = {}
    for owner, amount in zip(owners, amounts, strict=True):
        if owner is not None:
            found[owner] = found.get(owner, 0.0) + amount
    return {owner: amount / total for owner, amount in found.items()}


def _possible(case: Case, paid: tuple[Contribution, ...]) -> frozenset[str] | None:
    """Who may own the parts whose owner the record does not tell; None is anybody."""
    found: set[str] = set()
    for item in paid:
        if _owner(item, case.host) is None:
            bodies = (case.host, item.by) if item.state is None else (case.host,) if item.state else (item.by,)
            named = [body for body in bodies if body is not None]
            if len(named) < len(bodies):
                return None
            found.update(named)
    return frozenset(found)


def _lacks(case: Case, paid: tuple[Contribution, ...]) -> tuple[Lack, ...]:
    found: list[Lack] = []
    unclear = [item for item in paid if _owner(item, case.host) is None]
    if any(item.state is None for item in unclear):
        found.append("funding")
    if case.host is None and any(item.state is not False for item in unclear):
        found.append("host")
    if any(item.state is False for item in unclear):
        found.append("funder")
    return tuple(found)
