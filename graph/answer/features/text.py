"""Text: how many telling words the technology and the need share (cosine of TF-IDF)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from graph.answer.candidates import Candidates

NAME = "text"
READS: tuple[str, ...] = ("need",)
OF_ENDS = True
WHOLE = True
LABEL = {"vi": "nội dung mô tả chung với nhu cầu", "en": "description shared with a need"}
SENTENCES = {
    "vi": "Mô tả công nghệ và nhu cầu cùng nói về: {words}",
    "en": "The descriptions of technology and need share: {words}",
}


def values(c: Candidates) -> np.ndarray:
    """Cosine of word vectors; NaN without a need."""
    asked, place, left, right = c.wanted("words")
    found: np.ndarray = np.where(asked, np.asarray(left.multiply(right).sum(axis=1)).ravel(), np.nan)[place]
    return found


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return "need", frozenset({int(c.need[at])} - {-1})


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    own, own_weights = _row(c.profiles.words, int(c.technology[at]))
    need, need_weights = _row(*((c.own_need.words, 0) if c.own_need else (c.ranker.needs.words, int(c.need[at]))))
    shared, left, right = np.intersect1d(own, need, assume_unique=True, return_indices=True)
    order = np.argsort(-own_weights[left] * need_weights[right], kind="stable")[:12]
    words = c.ranker.arrays.ids["word"]
    return {"words": [words[int(number)] for number in shared[order]]}


def _row(matrix: csr_array, row: int) -> tuple[np.ndarray, np.ndarray]:
    """Columns and values of a row."""
    part = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return matrix.indices[part], matrix.data[part]
