"""Coverage: whether a current offering of the intermediary covers the technology's fields, and the firm's province."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates
from graph.views.arrays import NO_DAY

NAME = "coverage"
READS: tuple[str, ...] = ("offering",)
LABEL = {"vi": "dịch vụ của bên trung gian phủ lĩnh vực này", "en": "services of the intermediary in this field"}
SENTENCES = {
    "vi": "Có {count} dịch vụ đang cung cấp phủ lĩnh vực này (độ phủ {value:.2f})",
    "en": "Current services that cover this field: {count} (coverage {value:.2f})",
}


def _current(c: Candidates) -> np.ndarray:
    table = c.ranker.arrays.tables["offering"]
    begun = (table["start"] <= NO_DAY) | (table["start"] <= c.day)
    lasting = (table["until"] <= NO_DAY) | (table["until"] >= c.day)
    found: np.ndarray = begun & lasting & c.kept("offering", len(table))
    return found


def _cover(c: Candidates) -> np.ndarray:
    """Cosine of field vectors, (profiles × offerings); offerings that are not current cover nothing."""
    covered: np.ndarray = (c.profiles.fields @ c.ranker.offerings.T).toarray() * _current(c)
    return covered


def values(c: Candidates) -> np.ndarray:
    """The best coverage among the intermediary's current offerings."""
    table = c.ranker.arrays.tables["offering"]
    found = np.zeros((len(c.profiles), c.ranker.arrays.size("organisation")))
    if len(table):
        for at, row in enumerate(_cover(c)):
            np.maximum.at(found[at], table["organisation"], row)
    best: np.ndarray = found[c.technology, c.broker]
    return best


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    table = c.ranker.arrays.tables["offering"]
    if not len(table):
        return "offering", frozenset()
    rows = np.flatnonzero((table["organisation"] == c.broker[at]) & (_cover(c)[int(c.technology[at])] > 0.05))
    return "offering", frozenset(int(row) for row in rows)


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    return {"count": len(evidence(c, at)[1])}
