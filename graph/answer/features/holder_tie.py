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
    "vi": "Có quan hệ với chủ sở hữu công nghệ ({tie})",
    "en": "It has a tie to the technology's owner ({tie})",
}


def _owners(c: Candidates, at: int) -> np.ndarray:
    """Who owns the technology of a candidate."""
    return np.unique(_holdings(c, int(c.technology[at]))[0])


def _holdings(c: Candidates, profile: int) -> tuple[np.ndarray, np.ndarray]:
    """Owners of a technology asked about, and how many holdings of each are on record."""
    owners, number = c.ranker.lookups.owners, int(c.technology_number[profile])
    # the empty row at the end stands for a technology that nobody has
    row = number if number >= 0 else owners.shape[0] - 1
    part = slice(owners.indptr[row], owners.indptr[row + 1])
    return owners.indices[part], owners.data[part]


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
    holdings = [_holdings(c, profile) for profile in range(len(c.profiles))]
    owners = np.unique(np.concatenate([owner for owner, _ in holdings])) if holdings else np.empty(0, dtype=np.int64)
    ties = np.log1p(c.together(owners, brokers)) + _own(c, brokers, owners)
    strength = np.zeros((len(holdings), len(brokers)))
    for profile, (owner, times) in enumerate(holdings):
        strength[profile] = times @ ties[np.searchsorted(owners, owner)]
    found: np.ndarray = strength[c.technology, broker]
    return found


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return "deed", frozenset(c.deals_between(int(c.broker[at]), _owners(c, at)).tolist())


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    if _own(c, c.broker[[at]], _owners(c, at)).any():
        return {"tie": {"vi": "là đơn vị trực thuộc", "en": "it is a unit of it"}}
    count = len(evidence(c, at)[1])
    return {"tie": {"vi": f"{count} việc đã làm", "en": f"{count} past engagements"}}
