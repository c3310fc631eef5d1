"""Bent for the class: what part of the intermediary's past deals was in the technology's fields and classes."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates
from graph.answer.precedents import YEAR, Share, at_places

NAME = "class_lift"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "mức chuyên về lĩnh vực này", "en": "how far it works in this field"}
SENTENCES = {
    "vi": "Chuyên về lĩnh vực này: {count} việc của bên trung gian thuộc lĩnh vực này",
    "en": "It works in this field: past deals of its own in the field are {count}",
}
_HALF_LIFE = 2 * YEAR
_IN_CLASS = Share("classes", half_life=_HALF_LIFE)
_SMALLEST = 1.0
"""What is added to the number of deals, so that one deal alone makes nobody a specialist."""


def values(c: Candidates) -> np.ndarray:
    """log(1 + in the class over all), each deal halved every two years; deals in a class count by its rarity."""
    if not len(c):
        return np.empty(0)
    counted = c.decayed(_HALF_LIFE)
    whole = np.bincount(c.ranker.deals.broker, counted, c.ranker.deals.organisations)
    inside, total = c.past.sums("classes", "broker", _HALF_LIFE, openings=False, own=False)
    part = at_places(inside, c.technology, c.broker)
    expected = total[c.technology] * (whole[c.broker] + _SMALLEST) / max(counted.sum(), _SMALLEST)
    found: np.ndarray = np.log1p(np.divide(part, expected, out=np.zeros(len(c)), where=expected > 0))
    return found


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return _IN_CLASS.evidence(c, at)


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    return _IN_CLASS.facts(c, at, value)
