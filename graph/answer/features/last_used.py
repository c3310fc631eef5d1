"""Last used: where the intermediary stands among those of the firm, the last used first."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates
from graph.answer.precedents import Share
from graph.views.arrays import NO_DAY

NAME = "last_used"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "thứ tự gần đây nhất của doanh nghiệp", "en": "order among those that the firm used, the last first"}
SENTENCES = {
    "vi": "Trong các bên mà doanh nghiệp từng dùng, đứng thứ {place} tính từ bên gần đây nhất",
    "en": "Among those that the firm used it is number {place}, counted from the last one",
}
_OWN = Share("own")


def values(c: Candidates) -> np.ndarray:
    """1 for the last used, 1/2 for the one before, …; 0 for one that was never used."""
    found = np.zeros(len(c))
    last = last_days(c)
    for firm in range(len(c.past.firms)):
        rows = np.flatnonzero((c.past.firm == firm) & (last > NO_DAY))
        if len(rows):
            _, at, place = np.unique(c.broker[rows], return_index=True, return_inverse=True)
            days = last[rows][at]
            found[rows] = (1.0 / (1 + np.count_nonzero(days[None, :] > days[:, None], axis=1)))[place]
    return found


def last_days(c: Candidates) -> np.ndarray:
    """The last day on which each candidate's intermediary and firm met, a day long ago where they never did."""
    past, deals = c.past, c.ranker.deals
    links = past.relation("own")
    counts = c.decayed()[links.deal] > 0
    found = np.full((len(past.firms), deals.organisations), NO_DAY)
    deal = links.deal[counts]
    np.maximum.at(found, (links.context[counts], deals.broker[deal]), deals.day[deal])
    days: np.ndarray = found[past.firm, c.broker]
    return days


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return _OWN.evidence(c, at)


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    return {"place": round(1 / value) if value else 0}
