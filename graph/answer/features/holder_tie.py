"""Holder's tie: whether the intermediary belongs to the technology's owner, or has worked with it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates

NAME = "holder_tie"
READS: tuple[str, ...] = ("deed",)
OF_ENDS = True
LABEL = {"vi": "quan hệ của bên trung gian với chủ sở hữu", "en": "tie of the intermediary to the owner"}
SENTENCES = {
    "vi": "Bên trung gian có quan hệ với chủ sở hữu công nghệ ({tie})",
    "en": "The intermediary has a tie to the technology's owner ({tie})",
}


def _owners(c: Candidates, at: int) -> np.ndarray:
    """Who owns the technology of a candidate."""
    owners, held = c.owned
    profile = int(c.technology[at])
    return np.unique(owners[held.indices[held.indptr[profile] : held.indptr[profile + 1]]])


def _own(c: Candidates, brokers: np.ndarray, owners: np.ndarray) -> np.ndarray:
    """Whether each intermediary is a unit of each owner: (owners × brokers)."""
    given, rows = c.ranker.lookups.controls.of(brokers)
    controllers = c.ranker.arrays.tables["control"]["controller"][rows]
    found = np.zeros((len(owners), len(brokers)))
    place = np.minimum(np.searchsorted(owners, controllers), max(len(owners) - 1, 0))
    known = owners[place] == controllers if len(owners) else np.zeros(len(rows), dtype=bool)
    found[place[known], given[known]] = 1.0
    return found


def values(c: Candidates) -> np.ndarray:
    """1 for a unit of the owner, else log(1 + decayed past deals with the owner); 0 without a tie."""
    brokers, broker = c.numbered("broker")
    owners, held = c.owned
    ties = np.log1p(c.together(owners, brokers)) + _own(c, brokers, owners)
    found: np.ndarray = (held @ ties)[c.technology, broker]
    return found


def without(c: Candidates, some: np.ndarray, rows: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """As :func:`values`, without some deals, which mostly are none with an owner."""
    if not np.isin(c.ranker.deals.client[rows], c.owned[0]).any():
        return seen
    return values(c.some(some).lacking("deed", frozenset(rows.tolist())))


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return "deed", frozenset(c.deals_between(int(c.broker[at]), _owners(c, at)).tolist())


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    if _own(c, c.broker[[at]], _owners(c, at)).any():
        return {"tie": {"vi": "là đơn vị trực thuộc", "en": "it is a unit of it"}}
    count = len(evidence(c, at)[1])
    return {"tie": {"vi": f"{count} việc đã làm", "en": f"past engagements: {count}"}}
