"""Acquaintance: past deals between the intermediary and the firm, each halved every five years."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates, less

NAME = "acquaintance"
READS: tuple[str, ...] = ("deed",)
OF_ENDS = True
LABEL = {
    "vi": "quan hệ trước đây giữa bên trung gian và doanh nghiệp",
    "en": "past work of the intermediary for the firm",
}
SENTENCES = {
    "vi": "Bên trung gian từng làm việc với doanh nghiệp này {count} lần, gần nhất {last}",
    "en": "Past engagements of the intermediary with this firm: {count}, last on {last}",
}


def values(c: Candidates) -> np.ndarray:
    """log(1 + sum over their past deals of decay)."""
    firms, firm = c.numbered("firm")
    brokers, broker = c.numbered("broker")
    found: np.ndarray = np.log1p(c.together(firms, brokers)[firm, broker])
    return found


def without(c: Candidates, some: np.ndarray, rows: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """As :func:`values`, without the deals of each pair that are among some."""
    return less(seen, c.between_among(some, rows))


def _deals(c: Candidates, at: int) -> np.ndarray:
    return c.deals_between(int(c.broker[at]), c.firm[[at]])


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return "deed", frozenset(int(row) for row in _deals(c, at))


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    rows = _deals(c, at)
    days = c.ranker.arrays.tables["deed"]["day"][rows]
    return {"count": len(rows), "last": str(np.datetime64(int(days.max()) if len(rows) else 0, "D"))}
