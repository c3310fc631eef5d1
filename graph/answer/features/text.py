"""Text: how many telling words the technology and the need share (cosine of TF-IDF)."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates

NAME = "text"
READS: tuple[str, ...] = ("need",)
LABEL = {"vi": "nội dung mô tả chung với nhu cầu", "en": "description shared with a need"}
SENTENCES = {
    "vi": "Mô tả công nghệ và nhu cầu cùng nói về: {words}",
    "en": "The descriptions of technology and need share: {words}",
}


def values(c: Candidates) -> np.ndarray:
    """Cosine of word vectors; NaN without a need."""
    found = np.full(len(c), np.nan)
    wanted = c.own_need.words if c.own_need is not None else c.ranker.needs.words
    asked = c.need >= 0 if c.own_need is None else np.ones(len(c), dtype=bool)
    if c.own_need is None and c.without.get("need"):
        asked &= ~np.isin(c.need, list(c.without["need"]))
    rows = np.flatnonzero(asked)
    if len(rows):
        needs = c.need[rows] if c.own_need is None else np.zeros(len(rows), dtype=np.int64)
        found[rows] = np.asarray(c.profiles.words[c.technology[rows]].multiply(wanted[needs]).sum(axis=1)).ravel()
    return found


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return "need", frozenset({int(c.need[at])} - {-1})


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    wanted = c.own_need.words[[0]] if c.own_need is not None else c.ranker.needs.words[[int(c.need[at])]]
    shared = c.profiles.words[[int(c.technology[at])]].multiply(wanted).tocoo()
    order = np.argsort(-shared.data)[:12]
    words = c.ranker.arrays.ids["word"]
    return {"words": [words[int(shared.col[place])] for place in order]}
