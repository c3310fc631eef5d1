"""Fits what each feature adds: lines through points, by the likelihood of what was chosen among the candidates of each question.

A conditional logit (McFadden 1974) with a ridge on the steps between neighbouring points; a straight line in log-odds makes the sum a
probability (Platt 1999).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array

from graph.answer.weighing import Card, Shape

_POINTS = 7
_RIDGE = 6.0


@dataclass(slots=True)
class Sample:
    """Candidates of many questions: values (candidates × features), their question, which were chosen, an offset, and who met."""

    values: np.ndarray
    question: np.ndarray
    chosen: np.ndarray
    offset: np.ndarray
    met: np.ndarray

    def of(self, rows: np.ndarray) -> "Sample":
        """Some of the rows, without questions of which nothing chosen is left."""
        rows = rows & np.isin(self.question, self.question[rows & self.chosen])
        return Sample(self.values[rows], self.question[rows], self.chosen[rows], self.offset[rows], self.met[rows])


def points_of(values: np.ndarray) -> list[np.ndarray]:
    """For each feature nothing, and some quantiles of what is more than nothing."""
    found = []
    for column in values.T:
        positive = column[column > 0]
        inner = np.quantile(positive, np.linspace(0.02, 0.995, _POINTS)) if len(positive) else np.array([1.0])
        found.append(np.unique(np.round(np.concatenate([[min(0.0, float(column.min(initial=0.0)))], inner]), 6)))
    return [points if len(points) > 1 else np.array([0.0, 1.0]) for points in found]


class Cards:
    """Lines through points for each feature, on one card or several: which card counts is given for each candidate."""

    def __init__(self, points: list[list[np.ndarray]]) -> None:
        self.points = points
        sizes = [1 + sum(map(len, card)) for card in points]
        self.start = np.concatenate([[0], np.cumsum(sizes)])

    def basis(self, sample: Sample) -> csr_array:
        """(candidates × all points): each value as weights of the two points between which it lies; and one for the card itself."""
        card = np.where(sample.met, 0, len(self.points) - 1)
        # each candidate has equally many entries, so the matrix is written as it will stand
        shape = (len(sample.values), 1 + 2 * sample.values.shape[1])
        columns, weights = np.empty(shape, dtype=np.int32), np.empty(shape, dtype=np.float32)
        for number, points in enumerate(self.points):
            mine = np.flatnonzero(card == number)
            at = int(self.start[number])
            columns[mine, 0], weights[mine, 0] = at, 1.0
            at += 1
            for place, (values, knots) in enumerate(zip(sample.values[mine].T, points, strict=True)):
                low = np.clip(np.searchsorted(knots, values, side="right") - 1, 0, len(knots) - 2)
                part = np.clip((values - knots[low]) / (knots[low + 1] - knots[low]), 0, 1)
                columns[mine, 1 + 2 * place], weights[mine, 1 + 2 * place] = at + low, 1 - part
                columns[mine, 2 + 2 * place], weights[mine, 2 + 2 * place] = at + low + 1, part
                at += len(knots)
        ends = np.arange(0, columns.size + 1, shape[1])
        return csr_array((weights.ravel(), columns.ravel(), ends), shape=(shape[0], int(self.start[-1])))

    def fit(self, sample: Sample, ridge: float = _RIDGE) -> np.ndarray:
        """What each point adds, by the likelihood of what was chosen among the candidates of each question."""
        matrix = self.basis(sample)
        turned = matrix.T
        order = np.flatnonzero(np.diff(sample.question, prepend=-1))
        place = np.cumsum(np.diff(sample.question, prepend=-1) != 0) - 1
        counts = np.add.reduceat(sample.chosen.astype(float), order)
        target = sample.chosen / counts[place]

        def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
            total = matrix @ weights + sample.offset
            top = np.maximum.reduceat(total, order)
            raised = np.exp(total - top[place])
            whole = np.add.reduceat(raised, order)
            missed = float(-(target @ (total - top[place] - np.log(whole)[place])))
            penalty, slope = self._ridge(weights, ridge)
            return missed + penalty, turned @ (raised / whole[place] - target) + slope

        start = np.zeros(int(self.start[-1]))
        found: np.ndarray = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 150}).x
        return found

    def _ridge(self, weights: np.ndarray, ridge: float) -> tuple[float, np.ndarray]:
        """The price of steps between neighbouring points, and a little of being away from nothing."""
        steps = np.diff(weights)
        inside = self._inside()
        steps = np.where(inside, steps, 0.0)
        slope = 0.02 * ridge * weights
        slope[1:] += ridge * steps
        slope[:-1] -= ridge * steps
        return 0.5 * ridge * float(steps @ steps) + 0.01 * ridge * float(weights @ weights), slope

    def _inside(self) -> np.ndarray:
        """Of each neighbouring pair of weights, whether they are points of one feature."""
        owner = np.concatenate(
            [
                np.concatenate(
                    [[1000 * card], *(np.full(len(knots), 1000 * card + 1 + at) for at, knots in enumerate(points))]
                )
                for card, points in enumerate(self.points)
            ]
        )
        found: np.ndarray = np.diff(owner) == 0
        return found

    def cards(self, weights: np.ndarray, names: Sequence[str]) -> list[Card]:
        """The cards as shapes; what a feature adds at nothing goes to the base rate."""
        found = []
        for number, points in enumerate(self.points):
            at = int(self.start[number])
            base, at = float(weights[at]), at + 1
            shapes = {}
            for name, knots in zip(names, points, strict=True):
                adds = weights[at : at + len(knots)]
                nothing = float(np.interp(0.0, knots, adds))
                shapes[name] = Shape(tuple(map(float, knots)), tuple(round(float(add), 6) for add in adds - nothing))
                base += nothing
                at += len(knots)
            found.append(Card(round(base, 6), shapes))
        return found


def calibrate(total: np.ndarray, chosen: np.ndarray, times: np.ndarray) -> tuple[float, float]:
    """Slope and level of the straight line that makes a sum the log-odds of being chosen (Platt 1999)."""

    def loss(line: np.ndarray) -> tuple[float, np.ndarray]:
        odds = line[0] * total + line[1]
        chance = 1 / (1 + np.exp(-odds))
        missed = float(times @ (np.logaddexp(0, odds) - chosen * odds))
        pull = times * (chance - chosen)
        return missed / len(total), np.array([pull @ total, pull.sum()]) / len(total)

    slope, level = minimize(loss, np.array([1.0, -3.0]), jac=True, method="L-BFGS-B").x
    return float(slope), float(level)
