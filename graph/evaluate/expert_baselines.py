"""What the ranking of experts is compared with: voting, the candidate model, propagation. All see the words and documents that it sees."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from weakref import WeakKeyDictionary

import numpy as np
from scipy.sparse import csc_array, csr_array, diags_array

from graph.answer.expert_index import ExpertIndex

Asked = tuple[np.ndarray, np.ndarray]
"""Numbers of the words of a query, and how often it has each."""
Baseline = Callable[[ExpertIndex, Asked], np.ndarray]
"""Scores all persons for a query."""

_RETRIEVED = 1000
"""Documents that vote, as in Macdonald & Ounis 2006."""
_SMOOTHING = 0.5
_RESTART, _STEPS = 0.2, 20


def _retrieved(index: ExpertIndex, asked: Asked) -> tuple[np.ndarray, np.ndarray]:
    """The documents found by BM25, the best first, and their similarities."""
    terms, counts = asked
    similar = np.asarray(csc_array(index.weighed[:, terms]) @ counts).ravel() if len(terms) else np.zeros(0)
    order = np.argsort(-similar, kind="stable")[:_RETRIEVED]
    order = order[similar[order] > 0]
    return order, similar[order]


def _voting(vote: Callable[[np.ndarray], np.ndarray], times_votes: bool = False) -> Baseline:
    """Persons get the votes of the documents found that speak for them."""

    def scores(index: ExpertIndex, asked: Asked) -> np.ndarray:
        order, similar = _retrieved(index, asked)
        votes = np.zeros((index.speaks.shape[1], 2))
        votes[order, 0], votes[order, 1] = vote(similar), 1.0
        summed = index.speaks @ votes
        found: np.ndarray = summed[:, 0] * (summed[:, 1] if times_votes else 1.0)
        return found

    return scores


_MODELS: "WeakKeyDictionary[ExpertIndex, tuple[csc_array, np.ndarray]]" = WeakKeyDictionary()


def _model(index: ExpertIndex) -> tuple[csc_array, np.ndarray]:
    """The chance of a word by person, and over all documents."""
    if index not in _MODELS:
        words = csr_array(index.words @ diags_array(index.single.astype(np.float32)))
        words.eliminate_zeros()
        by_document = diags_array(1 / np.maximum(index.lengths, 1)) @ words
        shares = diags_array(1 / np.maximum(np.asarray(index.speaks.sum(axis=1)).ravel(), 1)) @ index.speaks
        total = np.asarray(words.sum(axis=0)).ravel()
        _MODELS[index] = csc_array(shares @ by_document), total / max(total.sum(), 1)
    return _MODELS[index]


def candidate_model(index: ExpertIndex, asked: Asked) -> np.ndarray:
    """Model 1 of Balog, Azzopardi & de Rijke 2006: the likelihood of the query by a person's language model, smoothed (λ = 0.5).

    Given as the logarithm over what the collection alone would give, so that 0 says nothing.
    """
    terms, counts = asked
    by_person, overall = _model(index)
    if not len(terms):
        return np.zeros(index.speaks.shape[0])
    part = csr_array(by_person[:, terms]).toarray()
    odds = np.log1p((1 - _SMOOTHING) * part / (_SMOOTHING * overall[terms]))
    found: np.ndarray = odds @ counts
    return found


def propagation(index: ExpertIndex, asked: Asked) -> np.ndarray:
    """A walk between documents found and persons that begins again with a document found (Serdyukov, Rode & Hiemstra 2008)."""
    order, similar = _retrieved(index, asked)
    if not len(order):
        return np.zeros(index.speaks.shape[0])
    ties = csr_array(index.speaks[:, order])
    persons = np.maximum(np.asarray(ties.sum(axis=1)).ravel(), 1)
    documents = np.maximum(np.asarray(ties.sum(axis=0)).ravel(), 1)
    start = similar / similar.sum()
    at = start
    walked = np.zeros(ties.shape[0])
    for _ in range(_STEPS):
        walked = ties @ (at / documents)
        at = _RESTART * start + (1 - _RESTART) * (ties.T @ (walked / persons))
    return walked


BASELINES: Mapping[str, Baseline] = MappingProxyType(
    {
        "votes": _voting(np.ones_like),
        "reciprocal_rank": _voting(lambda similar: 1 / np.arange(1.0, len(similar) + 1)),
        "combsum": _voting(lambda similar: similar),
        "combmnz": _voting(lambda similar: similar, times_votes=True),
        "expcombmnz": _voting(lambda similar: np.exp(similar / similar.max(initial=1e-9)), times_votes=True),
        "candidate_model": candidate_model,
        "propagation": propagation,
    }
)
"""By name."""
