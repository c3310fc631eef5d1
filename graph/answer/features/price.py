"""Price: the lowest current public price of the technology against the need's budget."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates
from graph.views.arrays import NO_DAY

NAME = "price"
READS: tuple[str, ...] = ("offer",)
LABEL = {"vi": "giá so với ngân sách", "en": "price against budget"}
SENTENCES = {
    "vi": "Giá chào {price} đồng so với ngân sách {budget} đồng",
    "en": "Offered at {price} VND where the budget is {budget} VND",
}


def _prices(c: Candidates) -> np.ndarray:
    """Lowest current price of each profile, infinite where there is none."""
    table = c.ranker.arrays.tables["offer"]
    current = (table["price"] > 0) & ((table["start"] <= NO_DAY) | (table["start"] <= c.day))
    current &= (table["until"] <= NO_DAY) | (table["until"] >= c.day)
    current &= c.kept("offer", len(table))
    prices = np.full(c.ranker.arrays.size("technology") + 1, np.inf)
    np.minimum.at(prices, table["technology"][current], table["price"][current].astype(float))
    found: np.ndarray = prices[c.technology_number]
    return found


def _budgets(c: Candidates) -> np.ndarray:
    needs = c.ranker.arrays.tables["need"]
    budgets = np.full(c.ranker.arrays.size("need") + 1, -1.0)
    budgets[needs["need"]] = needs["budget"]
    return budgets


def values(c: Candidates) -> np.ndarray:
    """1 within the budget, falling to -1 at twice the budget; NaN where price or budget is not on record."""
    price, budget = _prices(c)[c.technology], _budgets(c)[c.need]
    known = np.isfinite(price) & (budget > 0)
    ratio = np.divide(price, budget, out=np.ones_like(price), where=known)
    found: np.ndarray = np.where(known, np.clip(3 - 2 * ratio, -1, 1), np.nan)
    return found


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    table = c.ranker.arrays.tables["offer"]
    return "offer", frozenset(
        int(row) for row in np.flatnonzero(table["technology"] == c.technology_number[int(c.technology[at])])
    )


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    return {"price": int(_prices(c)[int(c.technology[at])]), "budget": int(_budgets(c)[int(c.need[at])])}
