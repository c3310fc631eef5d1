"""Price: the lowest current public price of the technology against the need's budget."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates
from graph.answer.lookups import of_some

NAME = "price"
READS: tuple[str, ...] = ("offer",)
OF_ENDS = True
WHOLE = True
LABEL = {"vi": "giá so với ngân sách", "en": "price against budget"}
SENTENCES = {
    "vi": "Giá chào {price} đồng so với ngân sách {budget} đồng",
    "en": "Offered at {price} VND where the budget is {budget} VND",
}


def _prices(c: Candidates) -> np.ndarray:
    """Lowest current price of each profile, infinite where there is none."""
    kept = c.kept("offer", len(c.ranker.arrays.tables["offer"]))
    return c.ranker.lookups.lowest_prices(c.technology_number, c.day, kept)


def values(c: Candidates) -> np.ndarray:
    """1 within the budget, 0 just above it, falling to -1 at twice the budget; NaN where price or budget is not on record."""
    price, budget = _prices(c)[c.technology], c.ranker.lookups.budgets[c.need]
    known = np.isfinite(price) & (budget > 0)
    ratio = np.divide(price, budget, out=np.ones_like(price), where=known)
    found: np.ndarray = np.where(known, np.where(ratio <= 1, 1.0, np.clip(1 - ratio, -1, 0)), np.nan)
    return found


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    _, rows = of_some(c.ranker.lookups.offers, c.technology_number[[int(c.technology[at])]])
    return "offer", frozenset(rows.tolist())


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    budget = c.ranker.lookups.budgets[int(c.need[at])]
    return {"price": int(_prices(c)[int(c.technology[at])]), "budget": int(budget)}
