"""How near technologies or needs are to what is asked about: cosines over fields and words together.

A snapshot's vectors are an inverted index. Most of its postings belong to what is in many of them, a section of a classification or the
word "method", which says little; so these are left out at first, what they could add at most is known from the lengths of the vectors,
and they are counted only for those that may still be among the ones looked for (Turtle & Flood 1995, "Query evaluation: strategies and
optimizations", bound whole terms in the same way). What is found is what all would be compared for.
"""

from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack

_EACH = np.float32(0.5)
"""What fields and words count: fields say what it is about, words what it is."""
_COMMON = 0.05
"""Share of the vectors from which on a field or a word is common."""
_FEW = 1000
"""Vectors up to which nothing is worth leaving out."""


class Nearness:
    """The vectors of some technologies or needs, to find those that are near to what is asked about.

    :param fields: (n × concepts), rows of length one or nothing
    :param words: (n × words), rows of length one or nothing
    """

    def __init__(self, fields: csr_array, words: csr_array) -> None:
        self._both = csr_array(hstack([fields, words], format="csr"))
        self._concepts = int(fields.shape[1])
        size, width = self._both.shape
        bearing = np.bincount(self._both.indices, minlength=width)
        common = bearing > max(size * _COMMON, _FEW)
        # columns that are common, numbered anew, and -1 for the others
        self._common = np.where(common, np.cumsum(common) - 1, -1)
        place = self._common[self._both.indices]
        self._rare = csr_array(_without(self._both, place >= 0).T)
        rest = _without(self._both, place < 0)
        self._rest = csr_array(
            (rest.data, self._common[rest.indices], rest.indptr), shape=(size, max(int(common.sum()), 1))
        )
        self._lengths = self._common_lengths(self._both)
        self._longest = self._lengths.max(axis=0, initial=0.0)

    def __len__(self) -> int:
        return int(self._both.shape[0])

    @cached_property
    def _every(self) -> csr_array:
        return csr_array(self._both.T)

    def at_least(self, fields: csr_array, words: csr_array, least: float) -> csr_array:
        """The cosines that are at least that much: (rows × n).

        :param fields: of what is asked about, (rows × concepts)
        :param words: of the same, (rows × words)
        :param least: above 0
        """
        asked = _halves(fields, words)
        row, column, value = self._reaching(asked, np.full(asked.shape[0], least))
        near = value >= least
        return csr_array(coo_array((value[near], (row[near], column[near])), shape=(asked.shape[0], len(self))))

    def highest(self, fields: csr_array, words: csr_array) -> np.ndarray:
        """The highest cosine of each row asked about to any of the vectors; 0 where none is near at all."""
        asked = _halves(fields, words)
        light = csr_array(asked @ self._rare)
        surely = np.zeros(asked.shape[0])
        lines = np.flatnonzero(np.diff(light.indptr))
        surely[lines] = np.maximum.reduceat(light.data, light.indptr[lines]) if len(lines) else 0.0
        row, _, value = self._reaching(asked, surely, light)
        found = np.zeros(asked.shape[0])
        np.maximum.at(found, row, value)
        return found

    def best(
        self, fields: csr_array, words: csr_array, most: int, among: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """The nearest to any of the rows asked about, the nearest first, and their cosines; none that is not near at all.

        :param among: those that count, as a mask; all where it is left out
        """
        asked = _halves(fields, words)
        light = csr_array(asked @ self._rare)
        surely = highest(light)
        least = _nth(surely if among is None else surely[among], most)
        _, column, value = self._reaching(asked, np.full(asked.shape[0], least), light)
        found = np.zeros(len(self))
        np.maximum.at(found, column, value)
        if among is not None:
            found[~among] = 0.0
        numbers = best(found, most)
        return numbers, found[numbers]

    def _reaching(
        self, asked: csr_array, least: np.ndarray, light: csr_array | None = None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """All cosines that reach some least one of their row, perhaps others: row, column and value of each.

        :param light: cosines without what is common, where they are known
        """
        bounds = self._common_lengths(asked)
        most = bounds @ self._longest
        sure = most < least
        light = csr_array(asked @ self._rare) if light is None else light
        # by the longest of all first, which leaves few to be looked at each by itself
        enough = np.where(sure, least - most, np.inf).astype(light.dtype)
        close = np.flatnonzero(light.data >= np.repeat(enough, np.diff(light.indptr)))
        row = np.searchsorted(light.indptr, close, side="right") - 1
        column, value = light.indices[close], light.data[close]
        close = value + (bounds[row] * self._lengths[column]).sum(axis=1) >= least[row]
        row, column, value = row[close], column[close], value[close]
        value = value + self._of_common(asked, row, column)
        if sure.all():
            return row, column, value
        # what is all but common itself may be near to anything
        rest = np.flatnonzero(~sure)
        whole = csr_array(csr_array(asked[rest]) @ self._every)
        close = np.flatnonzero(whole.data >= np.repeat(least[rest], np.diff(whole.indptr)))
        every = rest[np.searchsorted(whole.indptr, close, side="right") - 1]
        return (
            np.concatenate([row, every]),
            np.concatenate([column, whole.indices[close]]),
            np.concatenate([value, whole.data[close]]),
        )

    def _of_common(self, asked: csr_array, row: np.ndarray, column: np.ndarray) -> np.ndarray:
        """What is common adds to some cosines."""
        place = self._common[asked.indices]
        at = np.repeat(np.arange(asked.shape[0]), np.diff(asked.indptr))
        weights = np.zeros((asked.shape[0], self._rest.shape[1]))
        weights[at[place >= 0], place[place >= 0]] = asked.data[place >= 0]
        rest = self._rest[column]
        each = np.repeat(np.arange(len(column)), np.diff(rest.indptr))
        found: np.ndarray = np.bincount(each, weights[row[each], rest.indices] * rest.data, len(column))
        return found

    def _common_lengths(self, both: csr_array) -> np.ndarray:
        """How long the common part of each vector is, of fields and of words: (rows × 2)."""
        row = np.repeat(np.arange(both.shape[0]), np.diff(both.indptr))
        common = self._common[both.indices] >= 0
        side = (both.indices >= self._concepts).astype(np.int64)
        cells = (2 * row + side)[common]
        squares = np.bincount(cells, both.data[common].astype(np.float64) ** 2, 2 * both.shape[0])
        found: np.ndarray = np.sqrt(squares).reshape(-1, 2)
        return found


def _halves(fields: csr_array, words: csr_array) -> csr_array:
    return csr_array(hstack([fields * _EACH, words * _EACH], format="csr"))


def _without(matrix: csr_array, gone: np.ndarray) -> csr_array:
    """A matrix without some of its entries."""
    starts = np.concatenate([[0], np.cumsum(~gone)])[matrix.indptr]
    return csr_array((matrix.data[~gone], matrix.indices[~gone], starts), shape=matrix.shape)


def _nth(scores: np.ndarray, place: int) -> float:
    """The score at a place from the best on; 0 where fewer are above nothing."""
    above = scores[scores > 0]
    return float(-np.partition(-above, place - 1)[place - 1]) if len(above) >= place else 0.0


def highest(matrix: csr_array) -> np.ndarray:
    """The highest value of each column, nothing where all are nothing."""
    found = np.zeros(matrix.shape[1], dtype=matrix.dtype)
    for start, stop in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True):
        columns = matrix.indices[start:stop]
        found[columns] = np.maximum(found[columns], matrix.data[start:stop])
    return found


def most_in_rows(matrix: csr_array, most: int) -> csr_array:
    """The highest values of each row; where the last of them has equals that would be too many, none of these."""
    found = matrix.copy()
    for start, stop in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True):
        if stop - start > most:
            row = found.data[start:stop]
            row[row <= -np.partition(-row, most)[most]] = 0.0
    found.eliminate_zeros()
    return found


def best(scores: np.ndarray, most: int) -> np.ndarray:
    """Numbers of the best scores above nothing, the best first, of equals the first."""
    found = np.flatnonzero(scores > 0)
    if len(found) > most:
        found = found[scores[found] >= _nth(scores, most)]
    return found[np.lexsort((found, -scores[found]))][:most]
