"""Coverage: whether a current offering of the intermediary covers the technology's fields, and the firm's province."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates
from graph.views.arrays import NO_DAY

NAME = "coverage"
READS: tuple[str, ...] = ("offering",)
OF_ENDS = True
LABEL = {"vi": "dịch vụ của bên trung gian phủ lĩnh vực này", "en": "services of the intermediary in this field"}
SENTENCES = {
    "vi": "Bên trung gian có {count} dịch vụ đang cung cấp thuộc lĩnh vực này; dịch vụ gần nhất: {value} (1 là đúng lĩnh vực)",
    "en": "Current services of the intermediary in this field: {count}; the nearest: {value} (1 is this very field)",
}
_LEAST = 0.05
"""Cosine up to which a service has nothing to do with a technology."""


def _current(c: Candidates, rows: np.ndarray) -> np.ndarray:
    """Which of some services are offered on the day, and count."""
    table = c.ranker.arrays.tables["offering"]
    start, until = table["start"][rows], table["until"][rows]
    begun = (start <= NO_DAY) | (start <= c.day)
    lasting = (until <= NO_DAY) | (until >= c.day)
    found: np.ndarray = begun & lasting & ~c.gone("offering", rows)
    return found


def values(c: Candidates) -> np.ndarray:
    """The best coverage among the intermediary's current offerings: cosine of field vectors."""
    brokers, place = c.numbered("broker")
    given, rows = c.ranker.lookups.offerings.of(brokers)
    found = np.zeros((len(c.profiles), len(brokers)))
    if len(rows):
        cover = c.covered[:, rows] * _current(c, rows)
        starts = np.flatnonzero(np.diff(given, prepend=-1))
        found[:, given[starts]] = np.maximum.reduceat(cover, starts, axis=1)
    best = found[c.technology, place]
    covers: np.ndarray = np.where(best > _LEAST, best, 0.0)
    return covers


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    _, rows = c.ranker.lookups.offerings.of(c.broker[[at]])
    covering = rows[_current(c, rows) & (c.covered[int(c.technology[at]), rows] > _LEAST)]
    return "offering", frozenset(covering.tolist())


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    return {"count": len(evidence(c, at)[1])}
