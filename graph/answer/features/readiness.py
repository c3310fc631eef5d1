"""Readiness: the technology's last assessed level against the one that the need asks for."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates

NAME = "readiness"
READS: tuple[str, ...] = ("level",)
LABEL = {"vi": "mức sẵn sàng so với yêu cầu", "en": "readiness against what is asked"}
SENTENCES = {
    "vi": "Mức sẵn sàng TRL {level} so với TRL {required} mà nhu cầu đòi hỏi",
    "en": "Readiness is TRL {level} where the need asks for TRL {required}",
}


def _levels(c: Candidates) -> tuple[np.ndarray, np.ndarray]:
    """Level of each profile (0 = not on record), and level that each need asks for."""
    arrays = c.ranker.arrays
    number = np.array(
        [int(node.rsplit("/", 1)[-1]) if node.startswith("scheme/trl/") else 0 for node in [*arrays.ids["concept"], ""]]
    )
    table = arrays.tables["level"]
    levels = np.zeros(arrays.size("technology") + 1, dtype=np.int64)
    keep = (table["day"] <= c.day) & c.kept("level", len(table))
    order = np.argsort(table["day"][keep], kind="stable")
    levels[table["technology"][keep][order]] = number[table["level"][keep][order]]
    needs = arrays.tables["need"]
    required = np.zeros(arrays.size("need") + 1, dtype=np.int64)
    required[needs["need"]] = number[needs["level"]]
    return levels[c.technology_number], required


def values(c: Candidates) -> np.ndarray:
    """How many levels above (0 or more, at most 2) or below (negative) what is asked; NaN where either is not on record."""
    levels, required = _levels(c)
    have, want = levels[c.technology], required[c.need]
    found: np.ndarray = np.where((have > 0) & (want > 0), np.minimum(have - want, 2) + 0.5, np.nan)
    return found


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    table = c.ranker.arrays.tables["level"]
    return "level", frozenset(
        int(row) for row in np.flatnonzero(table["technology"] == c.technology_number[int(c.technology[at])])
    )


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    levels, required = _levels(c)
    return {"level": int(levels[int(c.technology[at])]), "required": int(required[int(c.need[at])])}
