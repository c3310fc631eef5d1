"""BM25 (Robertson & Zaragoza 2009) over the words of a snapshot's technologies: the baseline that needs no knowledge of ours."""

import numpy as np
from scipy.sparse import csr_array, diags_array

from graph.answer.ranker import Ranker
from ontology.text import tokens

_K1, _B = 1.2, 0.75


class Bm25:
    """Scores of all technologies for the words of a text, as they were typed.

    :param ranker: of the snapshot
    """

    def __init__(self, ranker: Ranker) -> None:
        arrays = ranker.arrays
        self._number = {word: at for at, word in enumerate(arrays.ids["word"])}
        said = arrays.matrices["technology_words"]
        count = np.exp(said.data.astype(np.float64) - 1)  # the arrays hold 1 + ln(count)
        technologies = said.shape[0]
        row = np.repeat(np.arange(technologies), np.diff(said.indptr))
        length = np.bincount(row, count, technologies)
        mean = max(float(length.mean()), 1.0) if technologies else 1.0
        saturated = count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * length[row] / mean))
        bearing = np.bincount(said.indices, minlength=said.shape[1])
        rarity = np.log1p((technologies - bearing + 0.5) / (bearing + 0.5))
        weighed = csr_array((saturated, said.indices, said.indptr), shape=said.shape) @ diags_array(rarity)
        self._by_word = csr_array(csr_array(weighed).T)

    def nearest(self, text: str, most: int) -> np.ndarray:
        """Numbers of the technologies with the best scores, the best first; only those that share a word."""
        numbers = [self._number[word] for word in tokens(text) if word in self._number]
        columns, counts = np.unique(np.array(numbers, dtype=np.int64), return_counts=True)
        query = csr_array((counts.astype(np.float64), columns, [0, len(columns)]), shape=(1, self._by_word.shape[0]))
        found = csr_array(query @ self._by_word)
        order = np.lexsort((found.indices, -found.data))[:most]
        return found.indices[order]
