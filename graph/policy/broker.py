"""The two gates of an intermediary: may it act as a broker that day, and is it free of the taker?

The rules are those of DOMAIN.md ("Can intermediary B transfer technology T to firm F?"). A fail needs a statement:
expired, revoked, controlled. Absence is unknown.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from graph.policy.law import Language, Provision, law, within
from graph.policy.sentences import Phrase

GateState = Literal["pass", "fail", "unknown"]

BROKERING = frozenset({"brokerage", "consulting"})
"""The kinds of service, as codes of the scheme ``service-kind``, that make who offers them a broker."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """A recognition of any kind; days inclusive, a missing one open. It counts until the day before ``revoked``."""

    kind: str | None = None
    from_: date | None = None
    until: date | None = None
    revoked: date | None = None

    def valid(self, on: date) -> bool:
        return within(on, self.from_, self.until) and not self.is_revoked(on)

    def is_revoked(self, on: date) -> bool:
        return self.revoked is not None and self.revoked <= on


@dataclass(frozen=True, slots=True)
class Offering:
    """A service on offer; ``kind`` is a code of the scheme ``service-kind`` or the path of its concept."""

    kind: str | None = None
    from_: date | None = None
    until: date | None = None

    def brokers(self) -> bool:
        return self.kind is not None and self.kind.rsplit("/", 1)[-1] in BROKERING

    def valid(self, on: date) -> bool:
        return within(on, self.from_, self.until)


@dataclass(frozen=True, slots=True)
class BrokerFinding:
    """What a gate found; ``disclosed`` marks a pass whose tie to the holder has to be shown."""

    gate: Literal["broker", "conflict"]
    state: GateState
    reason: Phrase
    basis: tuple[Provision, ...]
    steps: tuple[Phrase, ...] = ()
    disclosed: bool = False

    def say(self, language: Language) -> str:
        return self.reason.say(language)


def broker_gate(
    on: date,
    recognitions: Sequence[Recognition] = (),
    offerings: Sequence[Offering] = (),
    past_engagements: int = 0,
) -> BrokerFinding:
    """Whether an intermediary may act as a broker that day.

    Any recognition valid that day or current brokerage or consulting offering passes; else an expired or revoked one
    fails; else (a past engagement too) unknown. One that has not begun is no statement that it may not.

    :raises LawError: where the law file gives the gate no basis
    """
    brokering = [item for item in offerings if item.brokers()]
    if any(item.valid(on) for item in recognitions):
        return _broker("pass", Phrase("broker.recognised", {"day": on}))
    if any(item.valid(on) for item in brokering):
        return _broker("pass", Phrase("broker.offering", {"day": on}))
    renew = Phrase("step.broker_renew")
    ends = [*(item.until for item in recognitions), *(item.until for item in brokering)]
    ended = [day for day in ends if day is not None and day < on]
    revoked = [item.revoked for item in recognitions if item.revoked is not None and item.is_revoked(on)]
    if revoked and not any(day > max(revoked) for day in ended):
        return _broker("fail", Phrase("broker.revoked", {"ended": max(revoked)}), renew)
    if ended:
        return _broker("fail", Phrase("broker.expired", {"ended": max(ended)}), renew)
    reason = Phrase("broker.past_only" if past_engagements else "broker.unknown")
    return _broker("unknown", reason, Phrase("step.broker_ask"))


def conflict_gate(
    intermediary: str, taker: str | None, holder: str | None, controlled_by: Collection[str] | None
) -> BrokerFinding:
    """Whether the taker controls the intermediary.

    Controlled by the taker is a fail, so is the taker itself; controlled by the holder, or the holder itself, passes
    and is disclosed.

    :param controlled_by: all who control the intermediary, directly or through others, as recorded; empty where nothing
        says so, None where what is recorded can't be relied on (sources disagree, or it may not be shown)
    :raises LawError: where the law file gives the gate no basis
    """
    ask = Phrase("step.conflict_ask")
    if taker is None:
        return _conflict("unknown", Phrase("conflict.no_taker"), ask)
    avoid = Phrase("step.conflict_taker", provision=law().provision("conflict"))
    if taker == intermediary:
        return _conflict("fail", Phrase("conflict.same"), avoid)
    if controlled_by is None:
        return _conflict("unknown", Phrase("conflict.unknown"), ask)
    if taker in controlled_by:
        return _conflict("fail", Phrase("conflict.taker"), avoid)
    if holder is not None and (holder == intermediary or holder in controlled_by):
        disclose = Phrase("step.conflict_disclose", provision=law().provision("conflict"))
        return _conflict("pass", Phrase("conflict.holder"), disclose, disclosed=True)
    return _conflict("pass", Phrase("conflict.none"))


def _broker(state: GateState, reason: Phrase, *steps: Phrase) -> BrokerFinding:
    return BrokerFinding("broker", state, reason, law().basis("broker"), steps)


def _conflict(state: GateState, reason: Phrase, *steps: Phrase, disclosed: bool = False) -> BrokerFinding:
    return BrokerFinding("conflict", state, reason, law().basis("conflict"), steps, disclosed)
