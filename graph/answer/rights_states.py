"""In what state the rights over a result are on a day, by dated events first, then by the register's word, then by the law.

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

_LATER = ("published", "licensed", "lapsed")
"""States that follow a decision; the register may know of one that no dated event tells of."""
_DECIDED = {"own": "decided-own", "use": "decided-use"}


@dataclass(frozen=True, slots=True)
class Standing:
    """A state: its code, since when, and what says so."""

    code: str | None
    since: str | None
    basis: StateBasis


def standing(
    regime: Regime, holdings: Iterable[Mapping[str, Any]], licences: Sequence[str], register: str | None, day: str
) -> Standing:
    """The state on a day.

    A licence on record wins, then that all decided rights have ended, then a decision. What the register says without a day counts
    where no dated decision explains it, or where it names a later step. Without any of these the law speaks: vested under the
    automatic regime, unassigned under that on request.

    :param holdings: rows of the query ``technology_rights``
    :param licences: days of licences that are in force on the day
    :param register: the code of the state that the register of tasks says
    :param day: an ISO date
    """
    if licences:
        return Standing("licensed", min(licences) or None, "event")
    decisions = [item for item in holdings if item["holder"] and item["power"] and is_decision(item)]
    taken = [item for item in decisions if item["from"] is None or str(item["from"]) <= day]
    if register in _LATER:
        return Standing(register, None, "register")
    if taken:
        return _decided(taken, day)
    if register == "vested" or (regime == "automatic" and register is None):
        return Standing("vested", None, "law")
    if register is not None and (register not in _DECIDED.values() or not decisions):
        return Standing(register, None, "register")
    return Standing("unassigned", None, "law") if regime == "on_request" else Standing(None, None, "none")


def _decided(taken: Sequence[Mapping[str, Any]], day: str) -> Standing:
    running = [item for item in taken if valid(item, day)]
    if not running:
        last = max(str(item["until"]) for item in taken)
        return Standing("lapsed", (date.fromisoformat(last) + timedelta(days=1)).isoformat(), "event")
    # owning says more than using, and the first decision is the one that stands since
    own = [item for item in running if code_of(item["power"]) == "own"]
    told = own or running
    days = [str(item["from"]) for item in told if item["from"] is not None]
    return Standing(_DECIDED[code_of(told[0]["power"])], min(days, default=None), "event")
