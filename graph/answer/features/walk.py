"""Walk: personalised PageRank over past deals, from the firm, firms named alike and near technologies to intermediaries and back."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array

from graph.answer.candidates import Candidates
from graph.answer.precedents import Relation, Share, at_places

NAME = "walk"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "gần trong mạng lưới các việc đã làm", "en": "nearness in the network of past deals"}
SENTENCES = {
    "vi": "Gần doanh nghiệp và công nghệ này trong mạng lưới các việc đã làm (xác suất {value})",
    "en": "Near this firm and technology in the network of past deals (probability {value})",
}
_STEPS, _ON = 3, 0.5
"""Steps there and back, and the chance to go on at each (Page and others 1999; Haveliwala 2002)."""
_SEEDS: tuple[tuple[Relation, float], ...] = (("own", 0.5), ("alike", 0.25), ("near", 0.25))
_OWN = Share("own")
_DENSE = 4_000_000
"""Cells up to which walks are kept as a whole table."""


def values(c: Candidates) -> np.ndarray:
    """The chance to be at the intermediary after some steps."""
    if not len(c):
        return np.empty(0)
    contexts, place = np.unique(np.stack([c.technology, c.past.firm]), axis=1, return_inverse=True)
    start = _start(c, contexts[0], contexts[1])
    to_broker, to_client = steps(c)
    if start.shape[0] * start.shape[1] <= _DENSE:
        begun = start.toarray().T
        # what is multiplied is turned around, so that the few long rows are columns
        back, there = csr_array(to_broker.T), csr_array(to_client.T)
        reached = begun
        for _ in range(_STEPS):
            reached = (1 - _ON) * begun + _ON * (back @ (there @ reached))
        return at_places(reached, c.broker, place.ravel())
    walked = start
    for _ in range(_STEPS):
        walked = csr_array((1 - _ON) * start + _ON * (walked @ to_client @ to_broker))
    return at_places(walked, place.ravel(), c.broker)


def _start(c: Candidates, technology: np.ndarray, firm: np.ndarray) -> csr_array:
    """Where the walks begin: (contexts × organisations), each row summing to one at most."""
    found = csr_array((len(firm), c.ranker.deals.organisations), dtype=np.float64)
    for name, weight in _SEEDS:
        sums, total = c.past.sums(name, "broker", _OWN.half_life, openings=False, own=False)
        scale = np.divide(weight, total, out=np.zeros(len(total)), where=total > 0)
        part = csr_array(diags_array(scale) @ csr_array(sums))
        found = csr_array(found + part[technology if name == "near" else firm])
    return found


def steps(c: Candidates) -> tuple[csr_array, csr_array]:
    """Chances to go from a client to its intermediaries, and from an intermediary to its clients.

    They do not change with the day while nothing new is known, since all deals fade alike; so they are kept between questions.
    """
    last = min(c.day if c.known is None else c.known, c.ranker.deals.newest)
    kept = c.ranker.steps
    if c.without.get("deed"):
        return _steps(c)
    if kept is None or kept[0] != last:
        kept = c.ranker.steps = (last, *_steps(c))
    return kept[1], kept[2]


def _steps(c: Candidates) -> tuple[csr_array, csr_array]:
    deals = c.ranker.deals
    shape = (deals.organisations, deals.organisations)
    pairs = coo_array((c.decayed(), (deals.client, deals.broker)), shape=shape).tocsr()
    pairs.eliminate_zeros()
    return _rows_to_one(pairs), _rows_to_one(csr_array(pairs.T))


def _rows_to_one(matrix: csr_array) -> csr_array:
    total = np.asarray(matrix.sum(axis=1)).ravel()
    return csr_array(diags_array(np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)) @ matrix)


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return _OWN.evidence(c, at)


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    return {}
