"""The score: a base rate and one function a feature, added up in log-odds, so that every part can be shown and taken away."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates
from graph.answer.features import features


@dataclass(frozen=True, slots=True)
class Weights:
    """A dated file of weights: what event the score is about, and what it rests on."""

    kind: str
    date: str
    event: dict[str, str]
    basis: dict[str, str]
    base_rate: float
    features: dict[str, dict[str, float]]


@cache
def weights() -> Weights:
    """The weights in use: the newest file in ``weights/``."""
    path = max((Path(__file__).parent / "weights").glob("*.toml"), key=lambda path: path.stem[-10:])
    content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return Weights(**content)


@dataclass(slots=True)
class Scores:
    """Log-odds of all candidates, and what each feature saw (``values``) and added (``parts``)."""

    log_odds: np.ndarray
    values: dict[str, np.ndarray]
    parts: dict[str, np.ndarray]


def _part(name: str, values: np.ndarray) -> np.ndarray:
    shape = weights().features[name]
    held = np.clip(np.nan_to_num(values, nan=0.0), shape["least"], shape["most"])
    # what is not on record adds nothing, and says so
    found: np.ndarray = np.where(np.isnan(values), 0.0, shape["weight"] * held)
    return found


def score(candidates: Candidates, known: Scores | None = None, reading: str | None = None) -> Scores:
    """Score all candidates.

    :param known: scores of the same candidates with everything stated; features that do not read the table ``reading`` keep theirs
    """
    values: dict[str, np.ndarray] = {}
    parts: dict[str, np.ndarray] = {}
    for feature in features():
        if known is not None and reading not in feature.reads:
            values[feature.name], parts[feature.name] = known.values[feature.name], known.parts[feature.name]
        else:
            values[feature.name] = feature.values(candidates)
            parts[feature.name] = _part(feature.name, values[feature.name])
    total = np.full(len(candidates), weights().base_rate)
    for part in parts.values():
        total = total + part
    return Scores(total, values, parts)
