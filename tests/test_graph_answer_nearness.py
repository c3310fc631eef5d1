"""Leaving out what is common must find what comparing with everything finds."""

import numpy as np
import pytest
from scipy.sparse import csr_array, diags_array, random_array

from graph.answer import nearness
from graph.answer.nearness import Nearness, best, most_in_rows
from graph.answer.ranker import unit_rows

CONCEPTS, WORDS = 12, 30


def _vectors(random: np.random.Generator, rows: int, columns: int) -> csr_array:
    """Rows in which the first columns are common and count little, as the words of a language do; some say nothing."""
    common = random.random((rows, columns)) < np.geomspace(0.9, 0.01, columns)
    counts = csr_array((common * random.integers(1, 4, (rows, columns))).astype(np.float32))
    weights = np.log1p(rows / (1 + common.sum(axis=0))).astype(np.float32)
    return unit_rows(csr_array(counts @ diags_array(weights)))


@pytest.fixture(params=range(12))
def compared(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> tuple[Nearness, csr_array, csr_array, np.ndarray]:
    """An index, what is asked, and the cosines of both by comparing all with all."""
    monkeypatch.setattr(nearness, "_FEW", 3)
    monkeypatch.setattr(nearness, "_COMMON", (0.02, 0.1, 0.5)[request.param % 3])
    random = np.random.default_rng(request.param)
    fields, words = (_vectors(random, 400, width) for width in (CONCEPTS, WORDS))
    asked = tuple(_vectors(random, 7, width) for width in (CONCEPTS, WORDS))
    cosines = sum(0.5 * (own @ other.T).toarray() for own, other in zip(asked, (fields, words), strict=True))
    return Nearness(fields, words), *asked, cosines


@pytest.mark.parametrize("least", [0.03, 0.151, 0.4, 0.8])
def test_all_that_are_near_enough_are_found(
    compared: tuple[Nearness, csr_array, csr_array, np.ndarray], least: float
) -> None:
    index, fields, words, cosines = compared
    found = index.at_least(fields, words, least).toarray()
    assert np.allclose(found, np.where(cosines >= least, cosines, 0.0), atol=1e-6)


@pytest.mark.parametrize("most", [1, 5, 60, 1000])
def test_the_best_are_the_best_of_all(compared: tuple[Nearness, csr_array, csr_array, np.ndarray], most: int) -> None:
    index, fields, words, cosines = compared
    among = np.arange(len(index)) % 3 > 0
    for mask in (None, among):
        highest = cosines.max(axis=0) * (True if mask is None else mask)
        numbers, values = index.best(fields, words, most, mask)
        assert np.allclose(values, np.sort(highest[highest > 0])[::-1][:most], atol=1e-6)
        assert np.allclose(values, highest[numbers], atol=1e-6)
        assert len(set(numbers.tolist())) == len(numbers)


def test_the_highest_of_each_row_is_found(compared: tuple[Nearness, csr_array, csr_array, np.ndarray]) -> None:
    index, fields, words, cosines = compared
    assert np.allclose(index.highest(fields, words), cosines.max(axis=1), atol=1e-6)


def test_nothing_asked_finds_nothing(compared: tuple[Nearness, csr_array, csr_array, np.ndarray]) -> None:
    index, fields, words, _ = compared
    nothing = csr_array(fields.shape, dtype=np.float32), csr_array(words.shape, dtype=np.float32)
    assert index.at_least(*nothing, 0.15).nnz == 0
    assert len(index.best(*nothing, 5)[0]) == 0
    assert not index.highest(*nothing).any()
    none = csr_array((0, CONCEPTS), dtype=np.float32), csr_array((0, WORDS), dtype=np.float32)
    assert len(index.best(*none, 5)[0]) == 0
    assert index.at_least(*none, 0.15).shape == (0, len(index))


def test_an_empty_snapshot_has_nothing_near() -> None:
    index = Nearness(csr_array((0, CONCEPTS), dtype=np.float32), csr_array((0, WORDS), dtype=np.float32))
    asked = _vectors(np.random.default_rng(1), 3, CONCEPTS), _vectors(np.random.default_rng(2), 3, WORDS)
    assert len(index.best(*asked, 5)[0]) == 0
    assert index.at_least(*asked, 0.15).shape == (3, 0)
    assert index.highest(*asked).tolist() == [0.0, 0.0, 0.0]


def test_of_equals_the_first_is_better() -> None:
    assert best(np.array([0.2, 0.5, 0.5, 0.0, 0.5, 0.1]), 2).tolist() == [1, 2]
    assert best(np.array([0.2, 0.5, 0.0]), 9).tolist() == [1, 0]


def test_the_most_of_each_row_are_those_above_the_next() -> None:
    random = np.random.default_rng(4)
    matrix = csr_array(random_array((6, 50), density=0.5, rng=random, format="csr"))
    dense = matrix.toarray()
    for row, kept in zip(dense, most_in_rows(matrix, 4).toarray(), strict=True):
        next_ = np.sort(row)[::-1][4]
        assert kept.tolist() == np.where(row > next_, row, 0.0).tolist()
