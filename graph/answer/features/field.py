"""Field: how near the technology's fields and patent classes are to the need's, over the trees of the schemes, rare ones counting more."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates

NAME = "field"
READS: tuple[str, ...] = ("need",)
LABEL = {"vi": "độ gần lĩnh vực với nhu cầu", "en": "nearness of the field to a need"}
SENTENCES = {
    "vi": "Lĩnh vực của công nghệ gần với nhu cầu (độ gần {value:.2f})",
    "en": "The technology's field is near the need's (similarity {value:.2f})",
}


def values(c: Candidates) -> np.ndarray:
    """Cosine of field vectors; NaN without a need or where one side names no field."""
    found = np.full(len(c), np.nan)
    wanted = c.own_need.fields if c.own_need is not None else c.ranker.needs.fields
    asked = c.need >= 0 if c.own_need is None else np.ones(len(c), dtype=bool)
    if c.own_need is None and c.without.get("need"):
        asked &= ~np.isin(c.need, list(c.without["need"]))
    rows = np.flatnonzero(asked)
    if len(rows):
        needs = c.need[rows] if c.own_need is None else np.zeros(len(rows), dtype=np.int64)
        left, right = c.profiles.fields[c.technology[rows]], wanted[needs]
        both = (np.diff(left.indptr) > 0) & (np.diff(right.indptr) > 0)
        cosine = np.asarray(left.multiply(right).sum(axis=1)).ravel()
        found[rows] = np.where(both, cosine, np.nan)
    return found


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return "need", frozenset({int(c.need[at])} - {-1})


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    return {}
