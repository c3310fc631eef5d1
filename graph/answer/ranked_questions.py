"""The rankings of questions 16 to 18: done once, on the arrays; the queries in either language take what was ranked as a parameter."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates
from graph.answer.errors import AnswerError
from graph.answer.gathering import Asked, gather
from graph.answer.reading import Reading
from graph.answer.score import score
from graph.views.arrays import NO_DAY, day_number

Candidate = dict[str, Any]
Ranking = Callable[[Reading, Mapping[str, Any]], list[Candidate]]
"""From a snapshot and a question's parameters (ids, numbers, ``as_of``) to candidates with ``rank`` from 1 and ``score``."""

_NEAR = 0.15
"""Similarity from which a technology counts as similar, as for precedents in the main question."""


def rank_intermediaries(reading: Reading, parameters: Mapping[str, Any]) -> list[Candidate]:
    """The intermediaries for a technology and a firm, by the score of the main question, before any gate.

    :param parameters: ``technology``, ``firm``, ``limit``, ``as_of``
    :return: ``intermediary``, ``need`` of the firm that it would serve best (or None), ``rank``, ``score`` (0–1)
    :raises AnswerError: where technology or firm is not in the snapshot's arrays
    """
    asked = Asked(
        technologies=[_number(reading, "technology", parameters["technology"])],
        firm=_number(reading, "organisation", parameters["firm"]),
    )
    candidates = gather(reading.ranker, asked, day_number(str(parameters["as_of"])))
    arrays = reading.views.arrays
    found: dict[str, Candidate] = {}
    for at, log_odds in _ordered(candidates):
        broker, need = arrays.ids["organisation"][int(candidates.broker[at])], int(candidates.need[at])
        said = {
            "intermediary": broker,
            "need": arrays.ids["need"][need] if need >= 0 else None,
            "score": _probability(log_odds),
        }
        found.setdefault(broker, said)
    return _numbered(list(found.values()), parameters["limit"])


def rank_offered(reading: Reading, parameters: Mapping[str, Any]) -> list[Candidate]:
    """The technologies with a current offer for a need, by the best score that any intermediary gives them.

    :param parameters: ``need``, ``limit``, ``as_of``
    :return: ``technology``, ``rank``, ``score`` (0–1)
    :raises AnswerError: where the need is not in the snapshot's arrays
    """
    asked = Asked(need=_number(reading, "need", parameters["need"]))
    day = day_number(str(parameters["as_of"]))
    candidates = gather(reading.ranker, asked, day)
    arrays = reading.views.arrays
    offers = arrays.tables["offer"]
    current = ((offers["start"] <= NO_DAY) | (offers["start"] <= day)) & (
        (offers["until"] <= NO_DAY) | (offers["until"] >= day)
    )
    offered = set(offers["technology"][current].tolist())
    found: dict[int, Candidate] = {}
    for at, log_odds in _ordered(candidates):
        number = int(candidates.technology_number[int(candidates.technology[at])])
        if number in offered:
            found.setdefault(number, {"technology": arrays.ids["technology"][number], "score": _probability(log_odds)})
    return _numbered(list(found.values()), parameters["limit"])


def rank_similar(reading: Reading, parameters: Mapping[str, Any]) -> list[Candidate]:
    """The technologies similar to one, itself among them: what fields and words they share, as a cosine.

    :param parameters: ``technology``, ``limit``
    :return: ``technology``, ``rank``, ``score`` (0–1)
    :raises AnswerError: where the technology is not in the snapshot's arrays
    """
    ranker = reading.ranker
    own = ranker.technologies.rows(np.array([_number(reading, "technology", parameters["technology"])]))
    ids = reading.views.arrays.ids["technology"]
    found = [
        {"technology": ids[int(number)], "score": round(float(near), 6)}
        for number, near in zip(*ranker.nearest_technologies(own, parameters["limit"]), strict=True)
        if near >= _NEAR
    ]
    return _numbered(found, parameters["limit"])


def _number(reading: Reading, kind: str, node: str) -> int:
    number = reading.views.arrays.number(kind, node)
    if number is None:
        raise AnswerError(f"{node} is no {kind} of this snapshot")
    return number


def _ordered(candidates: Candidates) -> list[tuple[int, float]]:
    """Candidates by their score, the best first; equal ones in the order in which they were found, as in the main question."""
    if not len(candidates):
        return []
    log_odds = score(candidates).log_odds
    order = np.lexsort((np.arange(len(candidates)), -log_odds))
    return [(int(at), float(log_odds[at])) for at in order]


def _probability(log_odds: float) -> float:
    return round(1 / (1 + math.exp(-log_odds)), 6)


def _numbered(found: list[Candidate], limit: int) -> list[Candidate]:
    return [{**candidate, "rank": rank} for rank, candidate in enumerate(found[:limit], 1)]


RANKINGS: Mapping[str, Ranking] = MappingProxyType(
    {"rank_intermediaries": rank_intermediaries, "rank_offered": rank_offered, "rank_similar": rank_similar}
)
"""By the name that a question gives under ``before``."""
