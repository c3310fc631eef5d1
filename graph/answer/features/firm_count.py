"""Firm's count: how many past deals of the firm the intermediary brokered."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates
from graph.answer.precedents import YEAR, Share, at_places

NAME = "firm_count"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "số việc từng làm cho doanh nghiệp", "en": "number of the firm's deals that it brokered"}
SENTENCES = {
    "vi": "Từng làm {count} việc cho doanh nghiệp này",
    "en": "It brokered this many of this firm's past deals: {count}",
}
_OWN = Share("own")
_ALL = 1e6 * YEAR
"""A half-life so long that every deal counts as one."""


def values(c: Candidates) -> np.ndarray:
    """log(1 + deals), however long ago."""
    if not len(c):
        return np.empty(0)
    counts, _ = c.past.sums("own", "broker", _ALL, openings=False, own=False)
    found: np.ndarray = np.log1p(np.round(at_places(counts, c.past.firm, c.broker), 6))
    return found


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return _OWN.evidence(c, at)


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    return _OWN.facts(c, at, value)
