"""Figures of a ranking of which the right answers are known: rank, hits, gain, coverage, long tail, calibration."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from graph.evaluate.bootstrap import interval

TOP = 10
_BINS = 10
_HEAD = 0.8
"""Part of all past deals that the most used hold together; whoever is not among these is the long tail."""


def average_rank(scores: np.ndarray, right: np.ndarray, unranked: int) -> float:
    """The rank of the best right answer; those of equal score share their average rank.

    :param scores: of the candidates
    :param right: which candidates are right
    :param unranked: how many more there are that were no candidates, all of them behind and equal; a right answer is among these where
        none is among the candidates
    """
    if right.any():
        best = scores[right].max()
        return float(np.count_nonzero(scores > best) + (np.count_nonzero(scores == best) + 1) / 2)
    return float(len(scores) + (unranked + 1) / 2)


def gain(rank: float) -> float:
    """Discounted gain of one right answer at a rank, within the first ten (Järvelin & Kekäläinen 2002)."""
    return float(1 / np.log2(1 + rank)) if rank <= TOP else 0.0


def tail(deals: np.ndarray) -> np.ndarray:
    """Which are the long tail, by their number of past deals: not among the most used that hold four fifths together."""
    order = np.argsort(-deals, kind="stable")
    before = np.cumsum(deals[order]) - deals[order]
    found = np.ones(len(deals), dtype=bool)
    found[order[before < _HEAD * deals.sum()]] = False
    return found


@dataclass(slots=True)
class Stratum:
    """Ranks of the questions of one kind, and who stood among the first ten."""

    ranks: list[float] = field(default_factory=list)
    shown: dict[int, int] = field(default_factory=dict)

    def add(self, rank: float, first: Sequence[int]) -> None:
        self.ranks.append(rank)
        for number in first:
            self.shown[number] = self.shown.get(number, 0) + 1

    def figures(self, known: int, in_tail: np.ndarray) -> dict[str, Any]:
        """The figures of the contract.

        :param known: how many could be shown at all
        :param in_tail: by number, who is the long tail
        """
        ranks = np.array(self.ranks)
        rows = np.column_stack(
            [np.ones(len(ranks)), 1 / ranks, ranks <= 1, ranks <= TOP, [gain(rank) for rank in self.ranks]]
        ).astype(float)
        sums = rows.sum(axis=0)
        names = ("mrr", "hr@1", "hr@10", "ndcg@10")
        count = max(len(ranks), 1)
        shown = sum(self.shown.values())
        return {
            "n": len(ranks),
            **{name: float(sums[at] / count) for at, name in enumerate(names, 1)},
            "coverage": len(self.shown) / known if known else 0.0,
            "long_tail": sum(times for number, times in self.shown.items() if in_tail[number]) / shown
            if shown
            else 0.0,
            "ci95": {name: interval(rows, _mean(at)) for at, name in enumerate(names, 1)},
        }


def _mean(at: int) -> Any:
    return lambda sums: float(sums[at] / sums[0]) if sums[0] else 0.0


@dataclass(slots=True)
class Calibration:
    """Probabilities that were said, and whether it came so."""

    said: list[np.ndarray] = field(default_factory=list)
    came: list[np.ndarray] = field(default_factory=list)

    def add(self, said: np.ndarray, came: np.ndarray) -> None:
        self.said.append(said)
        self.came.append(came)

    def error(self) -> float | None:
        """Expected calibration error over bins of equal size (Naeini and others 2015); None where nothing was said."""
        if not self.said:
            return None
        said, came = np.concatenate(self.said), np.concatenate(self.came).astype(float)
        order = np.argsort(said, kind="stable")
        bins = [part for part in np.array_split(order, _BINS) if len(part)]
        return float(sum(len(part) * abs(said[part].mean() - came[part].mean()) for part in bins) / len(said))
