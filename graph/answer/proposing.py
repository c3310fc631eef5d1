"""Proposes patent subclasses for a text, each with the words that it rests on: learned from the classified technologies of a snapshot.

Two opinions are added. One is that of the nearest technologies in words, which vote for their subclasses (Yang 1994). The other is a
linear one, multinomial logistic regression over TF-IDF, learned in one pass by stochastic gradients with a step for each word (Duchi,
Hazan & Singer 2011). Both are sums over words, so that what a proposal rests on is not an estimate.
"""

import re
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, diags_array

from graph.answer.ranker import Profile, Ranker

_SUBCLASS = re.compile(r"scheme/ipc/[^/]+/[A-HY]\d\d[A-Z]")
FIELD = re.compile(r"scheme/ford/[^/]+/\d\.\d+")
_NEIGHBOURS, _POWER = 60, 4
"""Technologies that vote, and how much more the nearer ones count."""
_BATCH, _STEP, _SEED = 1024, 3.0, 20261129
_WORDS = 8
"""Words that are named for a proposal."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A concept, how much speaks for it (0 to 1), the words that it rests on with their parts, the strongest first, and technologies
    near in words that have it."""

    concept: str
    score: float
    words: tuple[tuple[str, float], ...]
    technologies: tuple[str, ...]


class Proposer:
    """What the classified technologies of a snapshot teach. Making one takes seconds for a hundred thousand.

    :param ranker: of the snapshot
    :param among: which concepts are proposed, by their ids; patent subclasses where nothing is said
    """

    def __init__(self, ranker: Ranker, among: re.Pattern[str] = _SUBCLASS) -> None:
        arrays = ranker.arrays
        self._ranker = ranker
        subclass = np.array([among.fullmatch(concept) is not None for concept in arrays.ids["concept"]], dtype=bool)
        stated = csr_array(ranker.technologies.classes[:, np.flatnonzero(subclass)])
        bearing = np.asarray(stated.sum(axis=0)).ravel()
        known = np.flatnonzero(bearing)
        self.concepts = [arrays.ids["concept"][at] for at in np.flatnonzero(subclass)[known]]
        classified = np.flatnonzero(np.diff(stated.indptr))
        self._numbers = classified
        self._classes = csr_array(csr_array(stated[:, known])[classified])
        self._words = csr_array(ranker.technologies.words[classified])
        self._by_word = csr_array(self._words.T)
        self._often = np.log(bearing[known] / max(bearing.max(initial=0.0), 1.0)).astype(np.float32)
        self._weights = _learn(self._words, self._classes, self._often)

    def scores(self, words: csr_array) -> np.ndarray:
        """How much speaks for each concept: (texts × concepts), from 0 to 1.

        :param words: of texts, as in :attr:`graph.answer.ranker.Profile.words`
        """
        linear: np.ndarray = words @ self._weights
        found = 0.5 * _softmax(linear + self._often)
        for row in range(words.shape[0]):
            found[row] += 0.5 * (self._voting(csr_array(words[[row]])) @ self._classes).toarray()[0]
        return found

    def best(self, text: Profile, most: int = 5) -> list[tuple[str, float]]:
        """The concepts for which most speaks, with how much; none for a text that has no word in common with what is classified.

        :param text: one, as :meth:`graph.answer.ranker.Ranker.profile_of_text` gives it
        """
        return [(self.concepts[at], score) for at, score in self._best(text.words, most)]

    def propose(self, text: Profile, most: int = 5) -> list[Proposal]:
        """As :meth:`best`, with what each concept rests on."""
        voting = self._voting(text.words)
        return [self._proposal(text.words, voting, at, score) for at, score in self._best(text.words, most)]

    def _best(self, words: csr_array, most: int) -> list[tuple[int, float]]:
        if not words.nnz or not self.concepts:
            return []
        scores = self.scores(words)[0]
        order = np.lexsort((np.arange(len(scores)), -scores))[:most]
        return [(int(at), float(scores[at])) for at in order]

    def _voting(self, words: csr_array) -> csr_array:
        """The parts of the nearest technologies in a vote; they add up to one."""
        near = csr_array(words @ self._by_word)
        nearest = np.lexsort((near.indices, -near.data))[:_NEIGHBOURS]
        votes = near.data[nearest] ** _POWER
        votes /= max(votes.sum(), np.finfo(np.float32).tiny)
        return csr_array((votes, near.indices[nearest], [0, len(nearest)]), shape=(1, self._words.shape[0]))

    def _proposal(self, words: csr_array, voting: csr_array, concept: int, score: float) -> Proposal:
        """A concept with what it rests on: of the linear opinion what each word adds to the log-odds against the mean concept, of the
        vote each word's part of the nearness to the technologies that have the concept."""
        column = self._weights[words.indices, concept] - self._weights[words.indices].mean(axis=1)
        linear = words.data * column
        bearing = self._classes[:, [concept]].toarray().ravel()[voting.indices] > 0
        voters, votes = voting.indices[bearing], voting.data[bearing]
        shared = (csr_array(self._words[voters])[:, words.indices]).multiply(words.data[np.newaxis, :])
        near = csr_array(votes[np.newaxis, :]) @ csr_array(shared)
        parts = _parts(linear) + _parts(near.toarray().ravel())
        order = np.lexsort((words.indices, -parts))
        vocabulary = self._ranker.arrays.ids["word"]
        rests = tuple((vocabulary[words.indices[at]], float(parts[at])) for at in order[:_WORDS] if parts[at] > 0)
        ids = self._ranker.arrays.ids["technology"]
        nearest = voters[np.lexsort((voters, -votes))][:3]
        return Proposal(self.concepts[concept], score, rests, tuple(ids[self._numbers[at]] for at in nearest))


def _parts(values: np.ndarray) -> np.ndarray:
    """What speaks for something, as parts of a half."""
    found: np.ndarray = np.maximum(values, 0.0)
    found *= 0.5 / max(float(found.sum()), 1e-12)
    return found


def _softmax(logits: np.ndarray) -> np.ndarray:
    odds: np.ndarray = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    odds /= odds.sum(axis=1, keepdims=True)
    return odds


def _learn(words: csr_array, classes: csr_array, often: np.ndarray) -> np.ndarray:
    """Weights (words × concepts) by which a text's words speak for a concept, beside how often it is stated at all.

    A technology of several concepts is a case of each in part.
    """
    random = np.random.default_rng(_SEED)
    weights = np.zeros((words.shape[1], classes.shape[1]), dtype=np.float32)
    seen = np.full(words.shape[1], 1e-4, dtype=np.float32)
    parts = (
        csr_array(diags_array(1.0 / np.diff(classes.indptr).astype(np.float32)) @ classes) if classes.nnz else classes
    )
    order = random.permutation(words.shape[0])
    for start in range(0, len(order), _BATCH):
        rows = order[start : start + _BATCH]
        batch = csr_array(words[rows])
        touched, columns = np.unique(batch.indices, return_inverse=True)
        batch = csr_array((batch.data, columns, batch.indptr), shape=(len(rows), len(touched)))
        standing = weights[touched]
        wrong = _softmax(batch @ standing + often) - parts[rows].toarray()
        gradient = batch.T @ wrong
        seen[touched] += np.einsum("ij,ij->i", gradient, gradient)
        weights[touched] = standing - _STEP * gradient / np.sqrt(seen[touched])[:, np.newaxis]
    return weights
