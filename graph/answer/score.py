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


def scored_without(candidates: Candidates, known: Scores, table: str, rows: frozenset[int]) -> np.ndarray:
    """The log-odds of all candidates, had some rows of a table not been stated: what :func:`score` gives of them, by the shortest way.

    :param known: their scores with everything stated
    """
    weighed = candidates.ranker.weights
    reading = [feature for feature in used(weighed) if table in feature.reads]
    if weighed.strangers or not all(feature.of_ends for feature in reading):
        return score(candidates.lacking(table, rows), known, table).log_odds
    found = known.log_odds.copy()
    touched, listed = candidates.touched(table, rows), np.array(sorted(rows), dtype=np.int64)
    for feature in reading:
        before = known.parts[feature.name][touched]
        if feature.whole:
            found[touched] -= before
            continue
        if feature.without:
            left = feature.without(candidates, touched, listed, known.values[feature.name][touched])
        else:
            left = feature.values(candidates.some(touched).lacking(table, rows))
        found[touched] += weighed.features[feature.name](left) - before
    return found


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
