"""Track record: past deals that the intermediary brought about near this technology, each halved every five years."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates, less

NAME = "track_record"
READS: tuple[str, ...] = ("deed",)
OF_ENDS = True
LABEL = {"vi": "việc đã làm gần công nghệ này", "en": "past work near this technology"}
SENTENCES = {
    "vi": "Bên trung gian đã làm {count} việc về công nghệ gần với công nghệ này, gần nhất {last}",
    "en": "Past work of the intermediary on technologies near this one: {count}, last on {last}",
}


def values(c: Candidates) -> np.ndarray:
    """log(1 + sum over its past deals of similarity and decay)."""
    found: np.ndarray = np.log1p(c.gathered("broker"))
    return found


def without(c: Candidates, some: np.ndarray, rows: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """As :func:`values`, without some deals."""
    return less(seen, c.near_among("broker", some, rows))


def _deals(c: Candidates, at: int) -> np.ndarray:
    near = c.near_deals(int(c.technology[at]))
    found: np.ndarray = near[c.ranker.deals.broker[near] == c.broker[at]]
    return found


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return "deed", frozenset(int(row) for row in _deals(c, at))


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    rows = _deals(c, at)
    deeds = c.ranker.arrays.tables["deed"]
    last = int(deeds["day"][rows].max()) if len(rows) else 0
    return {"count": len(np.unique(deeds["deed"][rows])), "last": str(np.datetime64(last, "D"))}
