"""Acquaintance: past deals between the intermediary and the firm, each halved every five years."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.sparse import coo_array

from graph.answer.candidates import Candidates

NAME = "acquaintance"
READS: tuple[str, ...] = ("deed",)
LABEL = {
    "vi": "quan hệ trước đây giữa bên trung gian và doanh nghiệp",
    "en": "past work of the intermediary for the firm",
}
SENTENCES = {
    "vi": "Từng làm việc với doanh nghiệp này {count} lần, gần nhất {last}",
    "en": "Past engagements with this firm: {count}, last on {last}",
}


def values(c: Candidates) -> np.ndarray:
    """log(1 + sum over their past deals of decay)."""
    deeds = c.ranker.arrays.tables["deed"]
    size = c.ranker.arrays.size("organisation")
    weights = c.ranker.decay(deeds["day"], c.day) * c.kept("deed", len(deeds))
    pairs = coo_array((weights, (deeds["broker"], deeds["client"])), shape=(size, size)).tocsr()
    found: np.ndarray = np.log1p(np.asarray(pairs[c.broker, c.firm]).ravel()) if len(c) else np.empty(0)
    return found


def _deals(c: Candidates, at: int) -> np.ndarray:
    deeds = c.ranker.arrays.tables["deed"]
    return np.flatnonzero(
        (deeds["broker"] == c.broker[at])
        & (deeds["client"] == c.firm[at])
        & (c.ranker.decay(deeds["day"], c.day) > 0)
        & c.kept("deed", len(deeds))
    )


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return "deed", frozenset(int(row) for row in _deals(c, at))


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    rows = _deals(c, at)
    days = c.ranker.arrays.tables["deed"]["day"][rows]
    return {"count": len(rows), "last": str(np.datetime64(int(days.max()) if len(rows) else 0, "D"))}
