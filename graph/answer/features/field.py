"""Field: how near the technology's fields and patent classes are to the need's, over the trees of the schemes, rare ones counting more."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates

NAME = "field"
READS: tuple[str, ...] = ("need",)
OF_ENDS = True
WHOLE = True
LABEL = {"vi": "độ gần lĩnh vực với nhu cầu", "en": "nearness of the field to a need"}
SENTENCES = {
    "vi": "Mức gần giữa lĩnh vực của công nghệ và của nhu cầu: {value} (1 là trùng khớp)",
    "en": "How near the technology's field is to the need's: {value} (1 is the same)",
}


def values(c: Candidates) -> np.ndarray:
    """Cosine of field vectors; NaN without a need or where one side names no field."""
    asked, place, left, right = c.wanted("fields")
    both = (np.diff(left.indptr) > 0) & (np.diff(right.indptr) > 0)
    cosine = np.asarray(left.multiply(right).sum(axis=1)).ravel()
    found: np.ndarray = np.where(asked & both, cosine, np.nan)[place]
    return found


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return "need", frozenset({int(c.need[at])} - {-1})


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    return {}
