"""Proximity: whether intermediary and firm are in one province."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates

NAME = "proximity"
READS: tuple[str, ...] = ()
LABEL = {"vi": "cùng địa bàn", "en": "same province"}
SENTENCES = {
    "vi": "Tổ chức trung gian và doanh nghiệp cùng tỉnh, thành phố",
    "en": "Intermediary and firm are in one province",
}


def values(c: Candidates) -> np.ndarray:
    """1 in one province, 0 in different ones, NaN where a place is not on record."""
    places = c.ranker.arrays.matrices["organisation_places"]
    first, place = c.distinct("broker", "firm")
    left, right = places[c.broker[first]], places[c.firm[first]]
    known = (np.diff(left.indptr) > 0) & (np.diff(right.indptr) > 0)
    shared = np.asarray(left.multiply(right).sum(axis=1)).ravel() > 0
    found: np.ndarray = np.where(known, shared.astype(float), np.nan)[place]
    return found


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return "", frozenset()


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    return {}
