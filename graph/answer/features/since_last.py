"""Since last: how long ago the intermediary last worked for the firm."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates
from graph.answer.features.last_used import last_days
from graph.answer.precedents import YEAR, Share
from graph.views.arrays import NO_DAY

NAME = "since_last"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "thời gian từ lần làm việc gần nhất", "en": "time since it last worked for the firm"}
SENTENCES = {
    "vi": "Lần gần nhất làm cho doanh nghiệp này: {last}",
    "en": "It last worked for this firm on {last}",
}
_OWN = Share("own")


def values(c: Candidates) -> np.ndarray:
    """1 / (1 + years since they last met), 0 where they never did."""
    last = last_days(c)
    found: np.ndarray = np.where(last > NO_DAY, 1.0 / (1 + (c.day - last) / YEAR), 0.0)
    return found


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return _OWN.evidence(c, at)


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    return _OWN.facts(c, at, value)
