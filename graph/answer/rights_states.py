"""In what state the rights over a result are on a day: by dated events first, then by the register's word, then by the law.

The codes are those of the scheme ``rights-state``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from graph.answer.hops import valid
from graph.answer.rights_model import StateBasis
from graph.answer.rights_on_record import code_of, is_decision
from graph.policy.law import Regime

ORDER = (
    ("unassigned",),
    ("requested",),
    ("decided-use", "decided-own", "vested"),
    ("published",),
    ("licensed",),
    ("lapsed",),
)
_AT: Mapping[str | None, int] = {None: -1} | {code: at for at, codes in enumerate(ORDER) for code in codes}
"""How far a state lies along the way; the register may know of a later step than dated events tell of."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A step on record: the node that says so, and its day, None where the record has none."""

    event: str
    day: str | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """What is on record of the way of one result's rights.

    ``holdings`` are rows of the query ``technology_rights``, ``licences`` those in force on the day that is asked about.
    ``licensed`` is whether there is any licence on record, of whatever day.
    """

    holdings: Sequence[Mapping[str, Any]] = ()
    requests: Sequence[Dated] = ()
    announcements: Sequence[Dated] = ()
    licences: Sequence[Dated] = ()
    licensed: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A state: its code, since when, what says so, and the event where one does."""

    code: str | None
    since: str | None
    basis: StateBasis
    event: str | None = None


def standing(regime: Regime, steps: Steps, register: str | None, day: str) -> Standing:
    """The state on a day.

    A licence on record wins. While a decision stands, a request changes nothing and an announcement is its next step; where none
    stands, the latest of request, announcement and end of the decided rights counts. Without any of these the law speaks: vested
    under the automatic regime, where nobody has to ask, unassigned under that on request.

    What the register says without a day counts where it names a later step and no dated event of that step, of whatever day, is on
    record: one that is explains the word, and says since when it is true.

    :param register: the code of the state that the register of tasks says
    :param day: an ISO date
    """
    told = _by_events(regime, steps, day) or _by_law(regime)
    if register is None or register in _explained(steps):
        return told
    known_by_law = told.basis != "event" and _AT[register] == _AT[told.code] and register != "vested"
    if _AT[register] > _AT[told.code] or known_by_law:
        return Standing(register, None, "register")
    return told


def _by_law(regime: Regime) -> Standing:
    codes = {"automatic": "vested", "on_request": "unassigned"}
    return Standing(codes[regime], None, "law") if regime in codes else Standing(None, None, "none")


def _explained(steps: Steps) -> set[str]:
    """States of which dated events are on record, before or after the day."""
    decisions = _decisions(steps.holdings)
    found = {
        "requested": bool(steps.requests),
        "decided-own": bool(decisions),
        "decided-use": bool(decisions),
        "published": bool(steps.announcements),
        "licensed": steps.licensed,
        "lapsed": any(item["until"] for item in decisions),
    }
    return {code for code, explained in found.items() if explained}


def _decisions(holdings: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [item for item in holdings if item["holder"] and item["power"] and is_decision(item)]


def _by_events(regime: Regime, steps: Steps, day: str) -> Standing | None:
    if steps.licences:
        return _first("licensed", steps.licences)
    taken = [item for item in _decisions(steps.holdings) if item["from"] is None or str(item["from"]) <= day]
    requests = [] if regime == "automatic" else _by(steps.requests, day)
    announcements = _by(steps.announcements, day)
    running = [item for item in taken if valid(item, day)]
    if running:
        decided = _decided(running)
        after = [one for one in announcements if (one.day or "") >= (decided.since or "")]
        return _first("published", after) if after else decided
    ended = [Dated(str(item["id"]), _day_after(str(item["until"]))) for item in taken]
    kinds = {"lapsed": ended, "requested": requests, "published": announcements}
    met = [(max(map(_day, found)), at, code) for at, (code, found) in enumerate(kinds.items()) if found]
    if not met:
        return None
    _, _, code = max(met)
    before = max((last for last, _, other in met if other != code), default="")
    # rights have lapsed when the last of them has ended; what was asked or announced is so since the first time
    since = [max(ended, key=_day)] if code == "lapsed" else [one for one in kinds[code] if _day(one) >= before]
    return _first(code, since)


def _decided(running: Sequence[Mapping[str, Any]]) -> Standing:
    # owning says more than using, and the first decision is the one that stands since
    own = [item for item in running if code_of(item["power"]) == "own"]
    dated = [Dated(str(item["id"]), str(item["from"]) if item["from"] else None) for item in own or running]
    return _first("decided-own" if own else "decided-use", dated)


def _first(code: str, events: Sequence[Dated]) -> Standing:
    """The state since the first of its events that has a day."""
    first = min(events, key=lambda one: (one.day is None, one.day or "", one.event))
    return Standing(code, first.day, "event", first.event)


def _by(events: Iterable[Dated], day: str) -> list[Dated]:
    """Those that had happened by a day, or have none."""
    return [one for one in events if one.day is None or one.day <= day]


def _day(one: Dated) -> str:
    return one.day or ""


def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
