"""Industry: whether the industries that the technology is meant for are the firm's, or its need's."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from graph.answer.candidates import Candidates

NAME = "industry"
READS: tuple[str, ...] = ()
LABEL = {"vi": "ngành ứng dụng so với ngành của doanh nghiệp", "en": "target industry against the firm's"}
SENTENCES = {
    "vi": "Ngành ứng dụng của công nghệ {how} với ngành của doanh nghiệp hoặc của nhu cầu",
    "en": "The technology is meant for {how} as that of the firm or its need",
}


def values(c: Candidates) -> np.ndarray:
    """1 where an industry is the same, 0.5 where only its section is, 0 where none is; NaN where one side names none."""
    first, place = c.distinct("technology", "firm", "need")
    saved, firm, need = c.technology_number[c.technology[first]], c.firm[first], c.need[first]
    industries = c.ranker.lookups.industries
    found = np.full(len(first), np.nan)
    rows = np.flatnonzero(saved >= 0)
    if len(rows):
        meant = industries("technology")[saved[rows]]
        shared, known = _shared(meant, industries("organisation")[firm[rows]])
        asked = np.flatnonzero(need[rows] >= 0)
        if len(asked):
            wanted, named = _shared(meant[asked], industries("need")[need[rows][asked]])
            shared[asked], known[asked] = np.maximum(shared[asked], wanted), known[asked] | named
        found[rows] = np.where(known, np.select([shared >= 1.0, shared > 0], [1.0, 0.5], 0.0), np.nan)
    each: np.ndarray = found[place]
    return each


def _shared(meant: csr_array, own: csr_array) -> tuple[np.ndarray, np.ndarray]:
    """The nearest common industry of each pair of rows (1 = the same), and whether both name one at all."""
    known = (np.diff(meant.indptr) > 0) & (np.diff(own.indptr) > 0)
    return np.asarray(meant.multiply(own).max(axis=1).todense()).ravel(), known


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return "", frozenset()


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    if value >= 1:
        return {"how": {"vi": "trùng", "en": "the same industry"}}
    return {"how": {"vi": "cùng nhóm ngành lớn", "en": "the same broad sector"}}
