"""Ranks persons by the documents that speak for them; the service and the evaluation ask the same index.

Documents are compared with what is asked by BM25 (Robertson & Zaragoza 2009). A person's score is a sum of parts, each relative to the
person who has most of it: the best documents, each counting less than the one before (voting, as Macdonald & Ounis 2006, but so that
many weak documents don't outvote a good one); the same with words that stand beside those asked in the documents found first (feedback,
Lavrenko & Croft 2001); all documents taken as one (the candidate model of Balog and others 2006); fields, where they are stated; and
having made the very thing that is asked about.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from scipy.sparse import coo_array, csc_array, csr_array, diags_array

from ontology.text import tokens

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"documents": 1.0, "related": 0.15, "profile": 0.1, "fields": 0.5, "made": 1.0}
)
"""How much each part counts; a part that nobody has anything of leaves its share to the others."""
_K1, _B = 1.2, 0.75
_BEST, _NEXT = 10, 0.6
"""Documents of a person that count, and how much each counts of the one before."""
_FOUND_FIRST, _BESIDE, _BESIDE_PART, _SHOWN = 30, 80, 0.6, 10
"""Documents from which words are taken that stand beside those asked, how many words, and their part in the comparison."""
_COMMON = 0.5
"""A word that a larger part of the documents has says nothing."""
_PAIR = 0.4
"""How much two words side by side count beside what each of them counts."""
_FEW = 20
"""Documents from which on a word can be common."""


def stem(word: str) -> str:
    """A folded word without an English plural's ending (Harman 1991); no Vietnamese syllable ends in s."""
    if len(word) < 4 or not word.endswith("s"):
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    return word if word.endswith(("us", "ss")) else word[:-1]


def with_pairs(words: list[str]) -> list[str]:
    """Words, and each two that stand side by side: what a Vietnamese word of two syllables is, or a term of two English words."""
    return words + [f"{one} {other}" for one, other in pairwise(words)]


@dataclass(slots=True)
class Wanted:
    """What experts are wanted for: words with their weight, a unit vector over concepts where fields are known, and documents that are
    asked about themselves."""

    words: dict[str, float] = field(default_factory=dict)
    fields: csr_array | None = None
    documents: list[int] = field(default_factory=list)

    def add(self, text: str, weight: float = 1.0) -> None:
        """Words of a text and pairs of them; one that is there already keeps the greater weight."""
        for word in with_pairs([stem(word) for word in tokens(text)]):
            self.words[word] = max(self.words.get(word, 0.0), weight)


@dataclass(frozen=True, slots=True)
class Ranked:
    """The outcome for all persons: ``score`` (0–1, relative to what one person could have), ``parts`` of it, ``raw`` values of the parts,
    similarities of documents by part, and the foremost words taken besides those asked."""

    score: np.ndarray
    parts: dict[str, np.ndarray]
    raw: dict[str, np.ndarray]
    similar: dict[str, np.ndarray]
    beside: list[str]

    def order(self) -> np.ndarray:
        """Persons with a score, the best first; those of one score in their own order."""
        order = np.argsort(-self.score, kind="stable")
        found: np.ndarray = order[self.score[order] > 0]
        return found


class ExpertIndex:
    """Documents and whom they speak for.

    :param speaks: (persons × documents)
    :param words: (documents × vocabulary), how often
    :param vocabulary: folded words, and pairs of words with a space between
    :param fields: (documents × concepts), rows of unit length
    """

    def __init__(
        self, speaks: csr_array, words: csr_array, vocabulary: Sequence[str], fields: csr_array | None = None
    ) -> None:
        self.speaks, self.fields = speaks, fields
        self.words, self.number = _stemmed(words, vocabulary)
        self.stems = list(self.number)
        documents = self.words.shape[0]
        frequency = np.bincount(self.words.indices, minlength=len(self.stems))
        self.rarity = np.log1p((documents - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        if documents >= _FEW:
            self.rarity[frequency > _COMMON * documents] = 0.0
        self.single = np.array([" " not in word for word in self.stems], dtype=bool)
        self.rarity[~self.single] *= np.where(frequency[~self.single] > 1, _PAIR, 0.0)
        self.lengths = self.words @ self.single.astype(np.float32)
        self.weighed = csc_array(_bm25(self.words, self.lengths, self.rarity))
        self._whose = np.repeat(np.arange(speaks.shape[0]), np.diff(speaks.indptr))

    @classmethod
    def of_texts(cls, rows: Iterable[tuple[str, str]]) -> tuple[list[str], "ExpertIndex"]:
        """Persons by id and an index of what was said of them; a text that several have is one document."""
        persons: dict[str, int] = {}
        texts: dict[str, int] = {}
        vocabulary: dict[str, int] = {}
        pairs: set[tuple[int, int]] = set()
        places: tuple[list[int], list[int]] = ([], [])
        for person, text in rows:
            known = text in texts
            document = texts.setdefault(text, len(texts))
            pairs.add((persons.setdefault(person, len(persons)), document))
            if not known:
                found = [vocabulary.setdefault(word, len(vocabulary)) for word in with_pairs(tokens(text))]
                places[0].extend([document] * len(found))
                places[1].extend(found)
        speaks = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
        return list(persons), cls(
            _matrix(speaks[:, 0], speaks[:, 1], (len(persons), len(texts))),
            _matrix(np.array(places[0]), np.array(places[1]), (len(texts), len(vocabulary))),
            list(vocabulary),
        )

    def rank(self, wanted: Wanted, counted: np.ndarray | None = None) -> Ranked:
        """Rank all persons.

        :param counted: how much each document counts (0–1), all of them fully where left out
        """
        weights = np.ones(self.words.shape[0]) if counted is None else counted
        known = {self.number[word]: weight for word, weight in wanted.words.items() if word in self.number}
        terms = np.fromiter(known, dtype=np.int64, count=len(known))
        asked = np.fromiter(known.values(), dtype=np.float64, count=len(known))
        similar = {"documents": self._similar(terms, asked) * weights}
        beside, parts = self._beside(similar["documents"], terms)
        single = self.single[terms]
        told = similar["documents"] / max(asked[single].sum(), 1e-9)
        similar["related"] = (1 - _BESIDE_PART) * told + _BESIDE_PART * self._similar(beside, parts) * weights
        if wanted.fields is not None and self.fields is not None:
            similar["fields"] = (self.fields @ csr_array(wanted.fields.T)).toarray().ravel() * weights
        if wanted.documents:
            similar["made"] = np.zeros(self.words.shape[0])
            similar["made"][wanted.documents] = weights[wanted.documents]
        raw = {name: self._voted(values) for name, values in similar.items()}
        raw["profile"] = self._profile(terms[single], asked[single], weights)
        total = sum(WEIGHTS[name] for name, values in raw.items() if values.any()) or 1.0
        parts_ = {name: WEIGHTS[name] / total * _relative(values) for name, values in raw.items()}
        score = np.sum(list(parts_.values()), axis=0)
        shown = [self.stems[at] for at in beside if at not in known][:_SHOWN]
        return Ranked(score, parts_, raw, similar, shown)

    def _similar(self, terms: np.ndarray, weights: np.ndarray) -> np.ndarray:
        if not len(terms):
            return np.zeros(self.words.shape[0])
        found: np.ndarray = np.asarray(csc_array(self.weighed[:, terms]) @ weights).ravel()
        return found

    def _beside(self, similar: np.ndarray, terms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Words of the documents found first, by how much they tell of them; the weights add up to 1."""
        first = np.argsort(-similar, kind="stable")[:_FOUND_FIRST]
        first = first[similar[first] > 0]
        if not len(first):
            return np.empty(0, dtype=np.int64), np.empty(0)
        shares = similar[first] / similar[first].sum() / np.maximum(self.lengths[first], 1)
        told = np.asarray(csr_array(self.words[first]).T @ shares).ravel() * self.rarity * self.single
        best = np.argsort(-told, kind="stable")[:_BESIDE]
        best = best[told[best] > 0]
        return best, told[best] / told[best].sum()

    def _voted(self, similar: np.ndarray) -> np.ndarray:
        """The best documents of each person added up, each counting less than the one before."""
        values = similar[self.speaks.indices]
        some = np.flatnonzero(values > 0)
        whose, values = self._whose[some], values[some]
        order = np.lexsort((-values, whose))
        whose, values = whose[order], values[order]
        place = np.arange(len(whose)) - np.searchsorted(whose, whose)
        counting = np.where(place < _BEST, _NEXT**place, 0.0)
        return np.bincount(whose, values * counting, self.speaks.shape[0])

    def _profile(self, terms: np.ndarray, asked: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """All documents of a person as one, by BM25."""
        kept = (weights > 0).astype(np.float32)
        lengths = self.speaks @ (self.lengths * kept)
        if not len(terms) or not lengths.any():
            return np.zeros(self.speaks.shape[0])
        counts = csr_array(self.speaks @ csr_array(diags_array(kept) @ csr_array(self.words[:, terms])))
        found: np.ndarray = _bm25(counts, lengths, self.rarity[terms]) @ asked
        return found

    def documents_of(self, person: int) -> np.ndarray:
        """The documents that speak for a person."""
        found: np.ndarray = self.speaks.indices[self.speaks.indptr[person] : self.speaks.indptr[person + 1]]
        return found


def _matrix(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> csr_array:
    places = (rows.astype(np.int64), columns.astype(np.int64))
    found = csr_array(coo_array((np.ones(len(rows), dtype=np.float32), places), shape=shape))
    found.sum_duplicates()
    return found


def _stemmed(words: csr_array, vocabulary: Sequence[str]) -> tuple[csr_array, dict[str, int]]:
    """Columns of one stem added up."""
    number: dict[str, int] = {}
    columns = np.array(
        [number.setdefault(" ".join(map(stem, word.split(" "))), len(number)) for word in vocabulary], dtype=np.int64
    )
    joined = _matrix(np.arange(len(columns)), columns, (len(columns), len(number)))
    return csr_array(words @ joined), number


def _bm25(counts: csr_array, lengths: np.ndarray, rarity: np.ndarray) -> csr_array:
    found = counts.tocoo()
    some = lengths[lengths > 0]
    mean = float(some.mean()) if len(some) else 1.0
    dampened = _K1 * (1 - _B + _B * lengths / mean)
    values = found.data * (_K1 + 1) / (found.data + dampened[found.row]) * rarity[found.col]
    return csr_array(coo_array((values, (found.row, found.col)), shape=found.shape))


def _relative(values: np.ndarray) -> np.ndarray:
    most = float(values.max(initial=0.0))
    found: np.ndarray = values / most if most > 0 else np.zeros(len(values))
    return found
