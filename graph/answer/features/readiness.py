"""Readiness: the technology's last assessed level against the one that the need asks for."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates
from graph.answer.lookups import of_some

NAME = "readiness"
READS: tuple[str, ...] = ("level",)
OF_ENDS = True
WHOLE = True
LABEL = {"vi": "mức sẵn sàng so với yêu cầu", "en": "readiness against what is asked"}
SENTENCES = {
    "vi": "Mức sẵn sàng TRL {level} so với TRL {required} mà nhu cầu đòi hỏi",
    "en": "Readiness is TRL {level} where the need asks for TRL {required}",
}


def _levels(c: Candidates) -> np.ndarray:
    """The last assessed level of each profile by the day of the question; 0 where there is none."""
    kept = c.kept("level", len(c.ranker.arrays.tables["level"]))
    return c.ranker.lookups.last_levels(c.technology_number, c.day, kept)


def values(c: Candidates) -> np.ndarray:
    """How many levels above (0 or more, at most 2) or below (negative) what is asked; NaN where either is not on record."""
    have, want = _levels(c)[c.technology], c.ranker.lookups.required[c.need]
    found: np.ndarray = np.where((have > 0) & (want > 0), np.minimum(have - want, 2) + 0.5, np.nan)
    return found


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    _, rows = of_some(c.ranker.lookups.levels, c.technology_number[[int(c.technology[at])]])
    return "level", frozenset(rows.tolist())


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    level, required = int(_levels(c)[int(c.technology[at])]), int(c.ranker.lookups.required[int(c.need[at])])
    return {"level": level, "required": required}
