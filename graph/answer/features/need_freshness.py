"""Need's freshness: how long ago the need was posted, halved every year; a deadline that has passed speaks against it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates, among
from graph.answer.wording import dated
from graph.views.arrays import NO_DAY

NAME = "need_freshness"
READS: tuple[str, ...] = ("need",)
OF_ENDS = True
WHOLE = True
LABEL = {"vi": "độ mới của nhu cầu", "en": "freshness of the need"}
SENTENCES = {"vi": "{state}", "en": "{state}"}
HALF_LIFE = 365.25
"""Days after which a need counts half; set by judgement."""


def values(c: Candidates) -> np.ndarray:
    """1 for a need posted that day, -1 for one whose deadline has passed; NaN without a need, or where neither day is on record."""
    posted, deadline = c.ranker.lookups.posted[c.need], c.ranker.lookups.deadlines[c.need]
    asked = (c.need >= 0) & ~among(c.need, np.array(list(c.without.get("need", ())), dtype=np.int64))
    over = asked & (deadline > NO_DAY) & (deadline < c.day)
    known = asked & (posted > NO_DAY) & (posted <= c.day)
    age = np.where(known, c.day - posted, 0)
    found: np.ndarray = np.where(over, -1.0, np.where(known, 0.5 ** (age / HALF_LIFE), np.nan))
    return found


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return "need", frozenset({int(c.need[at])} - {-1})


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    posted, deadline = (int(days[int(c.need[at])]) for days in (c.ranker.lookups.posted, c.ranker.lookups.deadlines))
    if value > 0:
        return {"state": dated({"vi": "Nhu cầu được đăng ngày {day}", "en": "The need was posted on {day}"}, posted)}
    return {"state": dated({"vi": "Nhu cầu đã quá hạn ngày {day}", "en": "The need was wanted until {day}"}, deadline)}
