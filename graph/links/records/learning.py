"""Learning without labels: how often the levels of each comparison occur among pairs of one body and of two.

A mixture of two classes of pairs, fitted by expectation maximisation over how their comparisons come out (Fellegi & Sunter 1969;
Winkler 1988). Splink's own fit stops where a level never occurs among pairs of two bodies, as with shared co-workers; here each
level starts from one pair that was never seen (a Dirichlet prior), so that nothing is impossible.
"""

import duckdb
import numpy as np

from graph.links.records.comparisons import Kind, Learned
from graph.links.records.model import patterns

PAIRS = 4_000_000
"""Pairs learned from, about."""
_ROUNDS, _STILL = 500, 1e-8
_SHARE = 0.05
"""Share of pairs of one body that the fit starts from."""


def learn_parameters(con: duckdb.DuckDBPyConnection, kind: Kind, pairs: int = PAIRS) -> Learned:
    """Learn from the table of a kind's records.

    :param pairs: how many pairs to look at, about
    :raises ValueError: where no two records are ever compared
    """
    one_in = 1
    if kind.learned_in is not None:
        ((compared,),) = con.execute(
            f"SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM (SELECT count(*) AS n FROM {kind.table} GROUP BY {kind.learned_in})"
        ).fetchall()
        one_in = max(1, round(float(compared) / pairs))
    outcomes, counts = patterns(con, kind, _start(kind), one_in)
    if not counts.sum():
        raise ValueError(f"no two records of a {kind.name} are alike enough to learn from")
    return fit(kind, outcomes, counts)


def _start(kind: Kind) -> Learned:
    """Where the fit starts: the first levels speak for one body, the last for two, and no two weigh the same."""
    m, u = {}, {}
    for comparison in kind.comparisons:
        place = np.arange(len(comparison.levels), 0, -1, dtype=np.float64)
        alike, apart = place**2, place[::-1] ** 2.3
        m[comparison.name] = (alike / alike.sum()).tolist()
        u[comparison.name] = (apart / apart.sum()).tolist()
    return Learned(_SHARE, m, u)


def fit(kind: Kind, outcomes: np.ndarray, counts: np.ndarray) -> Learned:
    """Fit the mixture.

    :param outcomes: (patterns × comparisons) numbers of levels, negative for unknown
    :param counts: how many pairs have each pattern
    """
    learned = _start(kind)
    for _ in range(_ROUNDS):
        one = _posterior(kind, learned, outcomes)
        prior = float((one * counts).sum() / counts.sum())
        m = {name: _shares(kind, name, outcomes, one * counts) for name in learned.m}
        u = {name: _shares(kind, name, outcomes, (1 - one) * counts) for name in learned.u}
        moved, learned = abs(prior - learned.prior), Learned(prior, m, u)
        if moved < _STILL:
            break
    return _rounded(learned)


def _posterior(kind: Kind, learned: Learned, outcomes: np.ndarray) -> np.ndarray:
    odds = np.full(len(outcomes), np.log(learned.prior) - np.log1p(-learned.prior))
    for at, comparison in enumerate(kind.comparisons):
        weights = np.log(np.array(learned.m[comparison.name]) / np.array(learned.u[comparison.name]))
        found = outcomes[:, at]
        odds += np.where(found < 0, 0.0, weights[found])
    probability: np.ndarray = 1 / (1 + np.exp(-odds))
    return probability


def _shares(kind: Kind, name: str, outcomes: np.ndarray, counts: np.ndarray) -> list[float]:
    at = next(at for at, comparison in enumerate(kind.comparisons) if comparison.name == name)
    found = outcomes[:, at]
    seen = np.bincount(found[found >= 0], weights=counts[found >= 0], minlength=len(kind.comparisons[at].levels)) + 1.0
    shares: list[float] = (seen / seen.sum()).tolist()
    return shares


def _rounded(learned: Learned) -> Learned:
    """To four digits: sums in another order differ in the last ones only."""

    def short(table: dict[str, list[float]]) -> dict[str, list[float]]:
        return {name: [float(f"{share:.4g}") for share in shares] for name, shares in table.items()}

    return Learned(float(f"{learned.prior:.4g}"), short(learned.m), short(learned.u))
