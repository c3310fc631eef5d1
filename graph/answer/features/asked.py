"""Asked: how near the technology is to the words that were asked, where free text was asked."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates

NAME = "asked"
READS: tuple[str, ...] = ()
LABEL = {"vi": "độ gần với điều được hỏi", "en": "nearness to what was asked"}
SENTENCES = {
    "vi": "Mức gần giữa công nghệ và điều được hỏi: {value} (1 là trùng khớp)",
    "en": "How near the technology is to what was asked: {value} (1 is the same)",
}


def applies(c: Candidates) -> bool:
    """Whether a text was asked at all."""
    return c.nearness is not None


def values(c: Candidates) -> np.ndarray:
    """Cosine of the asked text and the technology; NaN where no text was asked."""
    if c.nearness is None:
        return np.full(len(c), np.nan)
    found: np.ndarray = c.nearness[c.technology]
    return found


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return "", frozenset()


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    return {}
