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
    firms, firm = np.unique(candidates.firm, return_inverse=True)
    brokers, broker = np.unique(candidates.broker, return_inverse=True)
    found: np.ndarray = candidates.together(firms, brokers)[firm, broker] > 0
    return found


def score(candidates: Candidates, known: Scores | None = None, reading: str | None = None) -> Scores:
    """Score all candidates by the weights of their ranker.

    :param known: scores of the same candidates with everything stated; features that do not read the table ``reading`` keep their values
    """
    weighed = candidates.ranker.weights
    values: dict[str, np.ndarray] = {}
    for feature in used(weighed):
        kept = known is not None and reading not in feature.reads
        values[feature.name] = known.values[feature.name] if kept and known else feature.values(candidates)
    return weigh(weighed, values, met(candidates) if weighed.strangers else np.ones(len(candidates), dtype=bool))


def weigh(weights: Weights, values: dict[str, np.ndarray], met: np.ndarray) -> Scores:
    """Add up what the values of the features add.

    :param met: which candidates are pairs that met before; the others go by the weights of strangers, where there are any
    """
    apart = weights.strangers
    base = np.where(met, weights.base_rate, apart.base_rate) if apart else np.full(len(met), weights.base_rate)
    parts = {}
    for name, seen in values.items():
        adds = weights.features[name](seen) if name in weights.features else np.zeros(len(seen))
        if apart:
            adds = np.where(met, adds, apart.features[name](seen) if name in apart.features else 0.0)
        parts[name] = adds
    total = base.astype(np.float64)
    for part in parts.values():
        total = total + part
    return Scores(total, values, parts, base)
