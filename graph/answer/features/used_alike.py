"""Named like one that was used: whether the intermediary's name is like that of one that the firm used, as after renaming or merging."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from graph.answer.candidates import Candidates
from graph.answer.precedents import YEAR

NAME = "used_alike"
READS: tuple[str, ...] = ("deed",)
LABEL = {
    "vi": "tên gần giống bên trung gian mà doanh nghiệp từng dùng",
    "en": "a name like that of an intermediary that the firm used",
}
SENTENCES = {
    "vi": "Có tên gần giống một bên trung gian mà doanh nghiệp từng dùng ({count} việc, gần nhất {last})",
    "en": "Its name is like that of an intermediary that the firm used ({count} deals, last on {last})",
}
_MOST = 8
"""Intermediaries of a firm that are looked at, the most used first."""


def _used(c: Candidates, firm: int) -> np.ndarray:
    """The intermediaries that a firm used most, each deal halved every two years."""
    deals = c.ranker.deals
    _, deal = deals.by_client.of(np.array([firm]))
    brokers, place = np.unique(deals.broker[deal], return_inverse=True)
    counted = np.bincount(place, c.decayed(2 * YEAR)[deal], len(brokers))
    order = np.lexsort((brokers, -counted))[:_MOST]
    found: np.ndarray = brokers[order[counted[order] > 0]]
    return found


def _alike(c: Candidates, used: np.ndarray, brokers: np.ndarray) -> np.ndarray:
    """Cosines of names, 0 for one and the same: (used × brokers)."""
    vectors = c.ranker.name_vectors
    found: np.ndarray = (csr_array(vectors[used]) @ csr_array(vectors[brokers]).T).toarray()
    return np.where(used[:, None] == brokers[None, :], 0.0, found)


def values(c: Candidates) -> np.ndarray:
    """The highest cosine of the intermediary's name to that of another that the firm used."""
    brokers, broker = c.numbered("broker")
    highest = np.zeros((len(c.past.firms), len(brokers)))
    for place, firm in enumerate(c.past.firms.tolist()):
        used = _used(c, firm)
        if len(used):
            highest[place] = _alike(c, used, brokers).max(axis=0)
    found: np.ndarray = highest[c.past.firm, broker]
    return found


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    firm, broker = int(c.firm[at]), c.broker[[at]]
    used = _used(c, firm)
    if not len(used):
        return "deed", frozenset()
    alike = _alike(c, used, broker)[:, 0]
    nearest = int(used[int(np.argmax(alike))])
    if alike.max() <= 0:
        return "deed", frozenset()
    return "deed", frozenset(c.deals_between(nearest, np.array([firm])).tolist())


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    rows = sorted(evidence(c, at)[1])
    last = int(c.ranker.deals.day[rows].max()) if rows else 0
    return {"count": len(rows), "last": str(np.datetime64(last, "D"))}
