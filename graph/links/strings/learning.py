"""Learns how much each comparison says, from a register alone.

Names are written as people write them (:mod:`graph.links.strings.writing`); a part of the bodies is hidden from the index each time,
so that the model meets strings whose body is not known, and strangers that look like it. The model is a conditional one: of the
candidates of a string and «none of them» exactly one is right.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from random import Random

import numpy as np
from scipy.optimize import minimize

from graph.links.strings.bodies import Body
from graph.links.strings.candidates import candidates
from graph.links.strings.comparing import FEATURES, WIDTH, Comparison, compare_all
from graph.links.strings.index import NameIndex
from graph.links.strings.parameters import Parameters
from graph.links.strings.reading import read_text
from graph.links.strings.ready import make_ready
from graph.links.strings.writing import write_string

THRESHOLD = 0.4
"""Probability from which on a string is linked. A judgement between wrong links and missed ones, chosen on one half of a gold set
(docs/decisions/0019-linking-strings.md); the other half was not looked at for it."""
_FREQUENT = 20
"""Bodies: a word in fewer of them is rare everywhere, and is not listed."""
HIDDEN = 0.35
"""Share of strings whose body the index does not know."""
_CONTENDERS = 16
_SIZE = 1.5
"""How much more often large bodies are named: with this power of their number of names and units."""
_PENALTY = 2.0
_FIRST = np.tile([{"evidence": 1.0, "missing": -1.0, "gap": -0.5}.get(feature, 0.0) for feature in FEATURES], 2)
"""By what the best name of a body is told before anything is learned."""


def learn(bodies: Sequence[Body], strings: int, seed: int, day: str) -> Parameters:
    """Learn from a register alone.

    :param strings: how many are written
    :param day: of the learning, which names the parameters
    """
    index = NameIndex(bodies)
    weights = fit(examples(bodies, index, strings, seed))
    several, one = weights[: len(FEATURES)], weights[len(FEATURES) :]
    frequent = {text: int(index.frequency[word]) for text, word in index.number.items()}
    return Parameters(
        day=day,
        data=_data_hash(bodies),
        bodies=len(bodies),
        strings=strings,
        seed=seed,
        threshold=THRESHOLD,
        several={feature: round(float(value), 4) for feature, value in zip(FEATURES, several, strict=True)},
        one={feature: round(float(value), 4) for feature, value in zip(FEATURES, one, strict=True)},
        words={text: count for text, count in frequent.items() if count >= _FREQUENT},
    )


def _data_hash(bodies: Sequence[Body]) -> str:
    said = sha256()
    for body in sorted(bodies, key=lambda body: body.id):
        said.update(json.dumps([body.id, body.names, body.country, body.places, body.parents]).encode())
    return said.hexdigest()


def examples(
    bodies: Sequence[Body], index: NameIndex, count: int, seed: int
) -> list[tuple[np.ndarray, np.ndarray, int]]:
    """Strings with their candidates: vectors of names, the body that each is of (numbered within the string), and the right one or −1."""
    random = Random(seed)
    weights = np.exp(_SIZE * np.array(index.prominence)).tolist()
    nearby: dict[str | None, list[int]] = defaultdict(list)
    for at, body in enumerate(bodies):
        nearby[body.country].append(at)
    made = []
    for at in random.choices(range(len(bodies)), weights, k=count):
        body = bodies[at]
        parents = [bodies[index.by_id[parent]] for parent in body.parents if parent in index.by_id]
        written = write_string(body, at, parents, bodies[random.choice(nearby[body.country])], random)
        hidden = random.random() < HIDDEN
        reading = make_ready(read_text(written.text), index)
        aside = {index.by_id[parent] for parent in written.others}
        if hidden:
            aside.add(at)
            aside.update(index.by_id[parent] for parent in body.parents if parent in index.by_id)
        everything = compare_all(reading, (index.names[name] for name in candidates(reading, index)), index)
        found = [comparison for comparison in everything if comparison.name.body not in aside]
        if found and not (hidden and _namesake(found, body, index)):
            made.append(_example(found, -1 if hidden else at))
    return made


def _namesake(found: list[Comparison], body: Body, index: NameIndex) -> bool:
    """Whether another body of the country is called quite so: then nobody can say that none of them is meant."""
    return any(
        item.values["complete"] and item.values["whole"] and index.bodies[item.name.body].country == body.country
        for item in found
    )


def _example(found: list[Comparison], right: int) -> tuple[np.ndarray, np.ndarray, int]:
    numbers: dict[int, int] = {}
    owner = np.array([numbers.setdefault(item.name.body, len(numbers)) for item in found])
    return np.array([item.vector() for item in found]), owner, numbers.get(right, -1)


def fit(made: list[tuple[np.ndarray, np.ndarray, int]], start: np.ndarray | None = None) -> np.ndarray:
    """Weights of :data:`FEATURES`, in log-odds against «none of them»; each body counts by its best name."""
    weights = np.zeros(WIDTH) if start is None else start
    scale = _scale(made)
    for _ in range(4):
        contenders = [_contenders(*example, weights) for example in made]
        chosen = [vectors / scale for vectors, _ in contenders]
        rights = [right for _, right in contenders]
        result = minimize(_loss, weights * scale, args=(chosen, rights), jac=True, method="L-BFGS-B")
        weights = result.x / scale
    return weights


def _scale(made: list[tuple[np.ndarray, np.ndarray, int]]) -> np.ndarray:
    spread = np.concatenate([vectors for vectors, _, _ in made]).std(axis=0)
    return np.where(spread > 0, spread, 1.0)


def _contenders(vectors: np.ndarray, owner: np.ndarray, right: int, weights: np.ndarray) -> tuple[np.ndarray, int]:
    """The best name of each body, of the right one and of those that come nearest; and where the right one stands."""
    scores = vectors @ (weights if weights.any() else _FIRST)
    order = np.lexsort((-scores, owner))
    best = order[np.unique(owner[order], return_index=True)[1]]
    nearest = np.argsort(-scores[best], kind="stable")[:_CONTENDERS]
    if right >= 0 and right not in nearest:
        nearest[-1] = right
    at = np.flatnonzero(nearest == right)
    return vectors[best[nearest]], int(at[0]) if len(at) else -1


def _loss(weights: np.ndarray, chosen: list[np.ndarray], rights: list[int]) -> tuple[float, np.ndarray]:
    loss, gradient = _PENALTY * float(weights @ weights) / 2, _PENALTY * weights
    for vectors, right in zip(chosen, rights, strict=True):
        scores = vectors @ weights
        top = max(float(scores.max()), 0.0)
        odds = np.exp(scores - top)
        total = odds.sum() + np.exp(-top)
        loss += top + float(np.log(total)) - (scores[right] if right >= 0 else 0.0)
        gradient = gradient + vectors.T @ (odds / total)
        if right >= 0:
            gradient = gradient - vectors[right]
    return loss, gradient
