"""The score: a base rate and one function a feature, added up in log-odds, so that every part can be shown and taken away."""

from dataclasses import dataclass

import numpy as np

from graph.answer.candidates import Candidates
from graph.answer.features import Feature, features
from graph.answer.weighing import Weights


@dataclass(slots=True)
class Scores:
    """Log-odds of all candidates, what each feature saw (``values``) and added (``parts``), and what they were added to (``base``)."""

    log_odds: np.ndarray
    values: dict[str, np.ndarray]
    parts: dict[str, np.ndarray]
    base: np.ndarray

    def some(self, rows: np.ndarray) -> "Scores":
        """The scores of some of the candidates."""
        values, parts = ({name: part[rows] for name, part in of.items()} for of in (self.values, self.parts))
        return Scores(self.log_odds[rows], values, parts, self.base[rows])


def used(weights: Weights) -> tuple[Feature, ...]:
    """The features that weights name."""
    named = set(weights.features) | set(weights.strangers.features if weights.strangers else ())
    return tuple(feature for feature in features() if feature.name in named)


def met(candidates: Candidates) -> np.ndarray:
    """Whether each candidate's intermediary and firm had a deal before."""
    firms, firm = candidates.numbered("firm")
    brokers, broker = candidates.numbered("broker")
    found: np.ndarray = candidates.together(firms, brokers)[firm, broker] > 0
    return found


def score(candidates: Candidates, known: Scores | None = None, reading: str | None = None) -> Scores:
    """Score all candidates by the weights of their ranker.

    :param known: scores of the same candidates with everything stated; features that do not read the table ``reading`` keep what they add
    """
    weighed = candidates.ranker.weights
    apart = met(candidates) if weighed.strangers else np.ones(len(candidates), dtype=bool)
    # whether two met is told by deals: without some of them a pair may be one of strangers, with other weights throughout
    kept = known if known is not None and not (weighed.strangers and reading == "deed") else None
    values, parts = {}, {}
    for feature in used(weighed):
        name = feature.name
        if known is not None and reading not in feature.reads:
            values[name] = known.values[name]
        else:
            values[name] = feature.values(candidates)
        if kept is not None and reading not in feature.reads:
            parts[name] = kept.parts[name]
        else:
            parts[name] = _adds(weighed, name, values[name], apart)
    return _summed(weighed, values, parts, apart)


def weigh(weights: Weights, values: dict[str, np.ndarray], met: np.ndarray) -> Scores:
    """Add up what the values of the features add.

    :param met: which candidates are pairs that met before; the others go by the weights of strangers, where there are any
    """
    return _summed(weights, values, {name: _adds(weights, name, seen, met) for name, seen in values.items()}, met)


def _adds(weights: Weights, name: str, seen: np.ndarray, met: np.ndarray) -> np.ndarray:
    """What a feature adds at the values that it saw."""
    adds = weights.features[name](seen) if name in weights.features else np.zeros(len(seen))
    apart = weights.strangers
    if apart:
        adds = np.where(met, adds, apart.features[name](seen) if name in apart.features else 0.0)
    return adds


def _summed(weights: Weights, values: dict[str, np.ndarray], parts: dict[str, np.ndarray], met: np.ndarray) -> Scores:
    apart = weights.strangers
    base = np.where(met, weights.base_rate, apart.base_rate) if apart else np.full(len(met), weights.base_rate)
    total = base.astype(np.float64)
    for part in parts.values():
        total = total + part
    return Scores(total, values, parts, base)
