"""Figures of rankings of experts by graded gold: precision, gain, average precision."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from graph.evaluate.bootstrap import interval

NAMES = ("precision@5", "precision@10", "ndcg@10", "map")
_TOP = 10
_CONTRACT = 3
"""The grade from which on an expert counts as relevant on the scale of 0 to 5."""


def relevant_from(highest: float) -> float:
    """The grade from which on an expert counts as relevant: 3, or from the middle up where a gold file has no grade above 3.

    So a binary file counts 1, one of 0 to 2 counts 1, one of 0 to 3 counts 2.
    """
    return _CONTRACT if highest > _CONTRACT else float(np.ceil(highest / 2))


def figures_of(ranked: Sequence[int], grades: Mapping[int, float], threshold: float) -> tuple[float, ...]:
    """Precision among the first 5 and 10, nDCG@10 with the grade as gain (Järvelin & Kekäläinen 2002), average precision.

    Who is not judged counts as not relevant; a list shorter than 5 or 10 is filled up with such.

    :param ranked: experts, the best first
    :param grades: of the experts judged, some of them at least ``threshold``
    """
    gains = np.array([grades.get(expert, 0.0) for expert in ranked], dtype=np.float64)
    right = gains >= threshold
    discounts = 1 / np.log2(np.arange(2, _TOP + 2))
    ideal = np.sort(np.fromiter(grades.values(), dtype=np.float64, count=len(grades)))[::-1][:_TOP]
    gain = float(gains[:_TOP] @ discounts[: len(gains[:_TOP])]) / float(ideal @ discounts[: len(ideal)])
    places = np.flatnonzero(right)
    wanted = sum(grade >= threshold for grade in grades.values())
    average = float(np.sum(np.arange(1, len(places) + 1) / (places + 1))) / wanted
    return float(right[:5].sum()) / 5, float(right[:_TOP].sum()) / _TOP, gain, average


def summary(rows: Sequence[tuple[float, ...]]) -> dict[str, Any]:
    """Means over the queries with their 95 % intervals."""
    table = np.array([(1.0, *row) for row in rows], dtype=np.float64).reshape(-1, 1 + len(NAMES))
    count = max(len(table), 1)
    said: dict[str, Any] = {name: float(table[:, at].sum() / count) for at, name in enumerate(NAMES, 1)}
    said["ci95"] = {name: interval(table, _mean(at)) for at, name in enumerate(NAMES, 1)}
    return said


def _mean(at: int) -> Callable[[np.ndarray], float]:
    return lambda sums: float(sums[at] / sums[0])
