"""Firm history: technologies near this one that reached the firm before, each halved every five years."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates, less

NAME = "firm_history"
READS: tuple[str, ...] = ("deed",)
OF_ENDS = True
LABEL = {"vi": "công nghệ gần mà doanh nghiệp từng giao dịch", "en": "near technologies that the firm dealt in"}
SENTENCES = {
    "vi": "Doanh nghiệp từng giao dịch về {count} công nghệ gần với công nghệ này",
    "en": "Technologies near this one that the firm dealt in before: {count}",
}


def values(c: Candidates) -> np.ndarray:
    """log(1 + sum over the firm's past deals of similarity and decay)."""
    found: np.ndarray = np.log1p(c.gathered("client"))
    return found


def without(c: Candidates, some: np.ndarray, rows: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """As :func:`values`, without some deals."""
    return less(seen, c.near_among("client", some, rows))


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    near = c.near_deals(int(c.technology[at]))
    return "deed", frozenset(near[c.ranker.deals.client[near] == c.firm[at]].tolist())


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    deeds = c.ranker.arrays.tables["deed"]
    rows = np.array(sorted(evidence(c, at)[1]), dtype=np.int64)
    return {"count": len(np.unique(deeds["technology"][rows]))}
