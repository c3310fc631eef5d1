"""Acquaintance: past deals between the intermediary and the firm, each halved every five years."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates
from graph.answer.precedents import at_places
from graph.answer.ranker import HALF_LIFE

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
    if not len(c):
        return np.empty(0)
    together, _ = c.past.sums("own", "broker", HALF_LIFE, openings=False, own=False)
    found: np.ndarray = np.log1p(at_places(together, c.past.firm, c.broker))
    return found


def _deals(c: Candidates, at: int) -> np.ndarray:
    deeds = c.ranker.arrays.tables["deed"]
    return np.flatnonzero((deeds["broker"] == c.broker[at]) & (deeds["client"] == c.firm[at]) & (c.decayed() > 0))


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return "deed", frozenset(int(row) for row in _deals(c, at))


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    rows = _deals(c, at)
    days = c.ranker.arrays.tables["deed"]["day"][rows]
    return {"count": len(rows), "last": str(np.datetime64(int(days.max()) if len(rows) else 0, "D"))}
