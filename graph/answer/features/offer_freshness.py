"""Offer's freshness: how long the technology has been on offer, halved every two years; offers that all ended speak against it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates
from graph.answer.lookups import of_some
from graph.answer.wording import dated
from graph.views.arrays import NO_DAY

NAME = "offer_freshness"
READS: tuple[str, ...] = ("offer",)
OF_ENDS = True
WHOLE = True
LABEL = {"vi": "độ mới của lời chào bán", "en": "freshness of the offer"}
SENTENCES = {"vi": "{state}", "en": "{state}"}
HALF_LIFE = 2 * 365.25
"""Days after which an offer counts half; set by judgement."""


def _offers(c: Candidates) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The offers that say when they began or ended: of which profile, and these days."""
    table = c.ranker.arrays.tables["offer"]
    given, rows = of_some(c.ranker.lookups.offers, c.technology_number)
    start, until = table["start"][rows], table["until"][rows]
    ended = (until > NO_DAY) & (until < c.day)
    counts = ~c.gone("offer", rows) & (start <= c.day) & ((start > NO_DAY) | ended)
    return given[counts], start[counts], until[counts]


def values(c: Candidates) -> np.ndarray:
    """1 for an offer that began that day, -1 where all have ended; NaN where no offer says when it began or ended."""
    given, start, until = _offers(c)
    ended = (until > NO_DAY) & (until < c.day)
    each = np.full(len(c.profiles), np.nan)
    np.fmax.at(each, given, np.where(ended, -1.0, 0.5 ** ((c.day - start) / HALF_LIFE)))
    found: np.ndarray = each[c.technology]
    return found


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    _, rows = of_some(c.ranker.lookups.offers, c.technology_number[[int(c.technology[at])]])
    return "offer", frozenset(rows.tolist())


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    given, start, until = _offers(c)
    own = given == c.technology[at]
    if value > 0:
        current = own & ((until <= NO_DAY) | (until >= c.day))
        return {
            "state": dated(
                {"vi": "Đang được chào bán, từ {day}", "en": "On offer since {day}"}, int(start[current].max())
            )
        }
    return {
        "state": dated(
            {"vi": "Đã hết hạn chào bán ngày {day}", "en": "Was on offer until {day}"}, int(until[own].max())
        )
    }
