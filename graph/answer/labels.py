"""Concepts whose labels have words in common with a text, where no label stands in it whole: "xe đẩy trẻ em gấp gọn" is near B62B.

The labels of a concept in both languages are one document; it is near by the cosine of TF-IDF vectors (Salton & Buckley 1988), English
words as singulars.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cache

import numpy as np
from scipy.sparse import csr_array, diags_array

from graph.views.bridge import singular_forms
from ontology.schemes import Concept, schemes
from ontology.text import spell

_SCHEME, _SUBCLASS = "ipc/2024", 4
"""Where labels are many and tell technologies apart, and how long the codes of its last level are."""
_NEAREST = 5


@cache
def _labelled() -> "_Labels":
    return _Labels([one for one in schemes().concepts.values() if one.scheme == _SCHEME and len(one.code) == _SUBCLASS])


def near_labels(words: Mapping[str, float]) -> dict[str, float]:
    """The concepts with the nearest labels, and what each counts.

    :param words: of a text, spelled, and what each counts
    """
    return _labelled().near(words)


class _Labels:
    def __init__(self, concepts: list[Concept]) -> None:
        said = [
            Counter(word for label in _labels(concept) for part in spell(label).split() for word in [_singular(part)])
            for concept in concepts
        ]
        self._concepts = [concept.id for concept in concepts]
        self._number = {word: at for at, word in enumerate(sorted({word for words in said for word in words}))}
        columns = np.array([self._number[word] for words in said for word in words], dtype=np.int64)
        values = 1 + np.log(np.array([count for words in said for count in words.values()], dtype=np.float64))
        starts = np.cumsum([0, *map(len, said)])
        bearing = np.bincount(columns, minlength=len(self._number))
        self._rarity = np.log1p(len(said) / (1.0 + bearing))
        weighed = csr_array((values, columns, starts), shape=(len(said), len(self._number))) @ diags_array(self._rarity)
        lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
        self._by_word = csr_array((diags_array(1 / lengths) @ weighed).T)

    def near(self, words: Mapping[str, float]) -> dict[str, float]:
        counted: dict[int, float] = {}
        for word, counts in words.items():
            number = self._number.get(_singular(word))
            if number is not None:
                counted[number] = max(counted.get(number, 0.0), counts)
        columns = np.array(sorted(counted), dtype=np.int64)
        values = np.array([counted[at] for at in sorted(counted)]) * self._rarity[columns]
        text = csr_array((values, columns, [0, len(columns)]), shape=(1, len(self._number)))
        found = csr_array(text @ self._by_word)
        nearest = np.lexsort((found.indices, -found.data))[:_NEAREST]
        return {self._concepts[found.indices[at]]: float(found.data[at] ** 2) for at in nearest}


def _labels(concept: Concept) -> list[str]:
    return [*concept.labels.values(), *(text for _, text in concept.synonyms)]


def _singular(word: str) -> str:
    return singular_forms(word)[-1]
