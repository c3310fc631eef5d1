"""Holder's tie: whether the intermediary belongs to the technology's owner, or has worked with it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.sparse import coo_array, csr_array

from graph.answer.candidates import Candidates

NAME = "holder_tie"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "quan hệ của bên trung gian với chủ sở hữu", "en": "tie of the intermediary to the owner"}
SENTENCES = {
    "vi": "Có quan hệ với chủ sở hữu công nghệ ({tie})",
    "en": "It has a tie to the technology's owner ({tie})",
}


def _owners(c: Candidates) -> csr_array:
    """Who owns each profile: (profiles × organisations)."""
    table = c.ranker.arrays.tables["holding"]
    shape = (c.ranker.arrays.size("technology") + 1, c.ranker.arrays.size("organisation"))
    owners = coo_array((np.ones(len(table)), (table["technology"], table["organisation"])), shape=shape).tocsr()
    return csr_array(owners[c.technology_number])


def _ties(c: Candidates) -> csr_array:
    """Broker × organisation: 1 for its own body, else log(1 + decayed past deals)."""
    size = c.ranker.arrays.size("organisation")
    control, deeds = c.ranker.arrays.tables["control"], c.ranker.arrays.tables["deed"]
    past = coo_array((c.decayed(), (deeds["broker"], deeds["client"])), shape=(size, size)).tocsr()
    past.data = np.log1p(past.data)
    own = coo_array(
        (np.ones(len(control)), (control["organisation"], control["controller"])), shape=(size, size)
    ).tocsr()
    return csr_array(past + own)


def values(c: Candidates) -> np.ndarray:
    """1 for a unit of the owner, else log(1 + decayed past deals with the owner); 0 without a tie."""
    if not len(c):
        return np.empty(0)
    strength = (_owners(c) @ _ties(c).T).toarray()
    found: np.ndarray = strength[c.technology, c.broker]
    return found


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    owners = set(_owners(c)[[int(c.technology[at])]].indices.tolist())
    deeds = c.ranker.arrays.tables["deed"]
    rows = np.flatnonzero(
        (deeds["broker"] == c.broker[at]) & np.isin(deeds["client"], list(owners)) & (c.decayed() > 0)
    )
    return "deed", frozenset(int(row) for row in rows)


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    owners = set(_owners(c)[[int(c.technology[at])]].indices.tolist())
    control = c.ranker.arrays.tables["control"]
    own = bool(np.any((control["organisation"] == c.broker[at]) & np.isin(control["controller"], list(owners))))
    count = len(evidence(c, at)[1])
    if own:
        return {"tie": {"vi": "là đơn vị trực thuộc", "en": "it is a unit of it"}}
    return {"tie": {"vi": f"{count} việc đã làm", "en": f"{count} past engagements"}}
