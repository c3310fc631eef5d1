"""Weights of the score: a dated file that says of what event the score speaks, what it rests on, and what each feature adds."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

SHIPPED = Path(__file__).parent / "weights"
LEARNED, PRIOR = "learned", "prior"
ENOUGH = 300
"""Outcomes of the own domain from which on learned weights take the prior's place."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a feature adds at each value: straight lines between points, level outside of them.

    :param at: values of the feature, rising
    :param adds: log-odds at each of them
    """

    at: tuple[float, ...]
    adds: tuple[float, ...]

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """What values add; what is not on record (NaN) adds nothing."""
        found: np.ndarray = np.where(np.isnan(values), 0.0, np.interp(np.nan_to_num(values), self.at, self.adds))
        return found


@dataclass(frozen=True, slots=True)
class Card:
    """A base rate and what each feature adds to it."""

    base_rate: float
    features: dict[str, Shape]


@dataclass(frozen=True, slots=True)
class Weights:
    """A file of weights.

    ``kind`` is ``prior`` (set by judgement) or ``learned``. ``outcomes`` counts the transfers of the own domain among what was learned
    from, ``questions`` all past questions, and ``data`` is the hash of what they were read from. ``strangers`` are the weights of a
    pair that never met, where these were learned apart.
    """

    kind: str
    date: str
    event: dict[str, str]
    basis: dict[str, str]
    base_rate: float
    features: dict[str, Shape]
    strangers: "Card | None" = None
    outcomes: int = 0
    questions: int = 0
    data: str = ""


def read_weights(path: Path) -> Weights:
    """Read a file of weights.

    :raises OSError: where it can't be read
    """
    content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    apart = content.get("strangers")
    card = Card(apart["base_rate"], _shapes(apart["features"])) if apart else None
    return Weights(**content | {"features": _shapes(content["features"]), "strangers": card})


def _shapes(given: Mapping[str, Mapping[str, Any]]) -> dict[str, Shape]:
    return {name: _shape(points) for name, points in given.items()}


def _shape(given: Mapping[str, Any]) -> Shape:
    """A shape from its points, or from a weight and the bounds between which the value counts."""
    if "at" in given:
        return Shape(tuple(given["at"]), tuple(given["adds"]))
    least, most, weight = given["least"], given["most"], given["weight"]
    return Shape((least, most), (weight * least, weight * most))


def write_weights(weights: Weights, directory: Path = SHIPPED) -> Path:
    """Write a dated file of weights.

    :return: its path
    :raises OSError: where it can't be written
    """
    path = directory / f"{weights.kind}-{weights.date}.toml"
    lines = [f"{name} = {json.dumps(getattr(weights, name))}" for name in ("kind", "date", "data")]
    lines += [f"{name} = {getattr(weights, name)!r}" for name in ("outcomes", "questions", "base_rate")]
    for name in ("event", "basis"):
        said = ", ".join(
            f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in getattr(weights, name).items()
        )
        lines.append(f"{name} = {{ {said} }}")
    lines += ["", "[features]", *_lines(weights.features)]
    if weights.strangers:
        lines += ["", "[strangers]", f"base_rate = {weights.strangers.base_rate!r}"]
        lines += ["", "[strangers.features]", *_lines(weights.strangers.features)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _lines(shapes: Mapping[str, Shape]) -> list[str]:
    return [f"{name} = {{ at = {list(shape.at)}, adds = {list(shape.adds)} }}" for name, shape in shapes.items()]


@cache
def weights(directory: Path = SHIPPED) -> Weights:
    """The weights in use: the newest that were learned from enough outcomes of the own domain, else the newest prior."""
    found = [read_weights(path) for path in sorted(directory.glob("*.toml"), key=lambda path: path.stem[-10:])]
    learned = [one for one in found if one.kind == LEARNED and one.outcomes >= ENOUGH]
    priors = [one for one in found if one.kind == PRIOR]
    return (learned or priors)[-1]
