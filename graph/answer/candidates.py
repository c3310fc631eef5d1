"""Candidates for routes: technology × intermediary × firm (× need), and what their features are computed from."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csr_array

from graph.answer.precedents import NEAR, Precedents
from graph.answer.ranker import HALF_LIFE, Profile, Ranker


@dataclass
class Candidates:
    """Candidates as columns of numbers, all of one length.

    ``technology`` points into ``profiles`` (rows that are asked about, saved or not; ``technology_number`` gives the arrays' row or
    -1); ``broker`` and ``firm`` are organisations; ``need`` is a need or -1. ``day`` counts from 1970-01-01. ``nearness`` is, where a
    text was asked, how near each profile is to it. ``without`` leaves rows of a table aside: what the score would be had they not been
    stated. ``known`` is the last day whose deals are known, where that is before ``day``.
    ``firm_given`` says that the firm was named in the question, so that nothing speaks for or against it.
    """

    ranker: Ranker
    profiles: Profile
    technology_number: np.ndarray
    technology: np.ndarray
    broker: np.ndarray
    firm: np.ndarray
    need: np.ndarray
    day: int
    own_need: Profile | None = None
    nearness: np.ndarray | None = None
    without: dict[str, frozenset[int]] = field(default_factory=dict)
    known: int | None = None
    firm_given: bool = False

    def __len__(self) -> int:
        return len(self.technology)

    def lacking(self, table: str, rows: frozenset[int]) -> "Candidates":
        """The same candidates, had these rows of a table not been stated."""
        other = Candidates(
            self.ranker,
            self.profiles,
            self.technology_number,
            self.technology,
            self.broker,
            self.firm,
            self.need,
            self.day,
            self.own_need,
            self.nearness,
            self.without | {table: self.without.get(table, frozenset()) | rows},
            self.known,
            self.firm_given,
        )
        other.__dict__["similar_dealt"] = self.similar_dealt
        near = self.near
        if table == "deed":
            near = near.copy()
            near.data[np.isin(near.indices, list(rows))] = 0.0
        other.__dict__["near"] = near
        return other

    def take_over(self, other: "Candidates") -> None:
        """Take over what was computed for the same technologies on the same day."""
        for name in ("near", "similar_dealt", "known_things", "openings", "_decayed"):
            if name in other.__dict__:
                self.__dict__[name] = other.__dict__[name]

    def kept(self, table: str, length: int) -> np.ndarray:
        """Which rows of a table count."""
        keep = np.ones(length, dtype=bool)
        gone = self.without.get(table)
        if gone:
            keep[np.fromiter(gone, dtype=np.int64)] = False
        return keep

    def decayed(self, half_life: float = HALF_LIFE) -> np.ndarray:
        """How much each past deal counts on the day of the question."""
        if half_life not in self._decayed:
            deals = self.ranker.deals
            counted = self.ranker.decay(deals.day, self.day, half_life) * self.kept("deed", len(deals))
            self._decayed[half_life] = counted if self.known is None else counted * (deals.day <= self.known)
        return self._decayed[half_life]

    @cached_property
    def _decayed(self) -> dict[float, np.ndarray]:
        return {}

    @cached_property
    def openings(self) -> np.ndarray:
        """Which past deals were the first of their intermediary with their client."""
        deals = self.ranker.deals
        return deals.openings(self.kept("deed", len(deals))) if self.without.get("deed") else deals.opening

    @cached_property
    def past(self) -> Precedents:
        """What past deals have to do with the candidates."""
        return Precedents(self)

    @cached_property
    def similar_dealt(self) -> np.ndarray:
        """How near each technology that was dealt in is to each asked about: (profiles × things)."""
        return self.ranker.near_dealt(self.profiles)

    @cached_property
    def known_things(self) -> np.ndarray:
        """Which technologies that were dealt in have a deal that counts."""
        deals = self.ranker.deals
        found = np.zeros(len(deals.technologies), dtype=bool)
        found[deals.thing[(self.decayed() > 0) & (deals.thing >= 0)]] = True
        return found

    @cached_property
    def near(self) -> csr_array:
        """How near each past deal's technology is to each technology asked about: (profiles × deals), decayed, near ones only."""
        deals = self.ranker.deals
        known = np.flatnonzero(self.ranker.near_deeds)
        if not len(known):
            return csr_array((len(self.profiles), len(deals)), dtype=np.float64)
        similar = np.where(self.similar_dealt < NEAR, 0.0, self.similar_dealt)
        # what is asked about is no precedent of itself
        for at, number in enumerate(self.technology_number):
            similar[at, deals.technologies == number] = 0.0
        weights = similar[:, deals.thing[known]] * self.decayed()[known]
        rows, columns = np.nonzero(weights)
        return csr_array((weights[rows, columns], (rows, known[columns])), shape=(len(self.profiles), len(deals)))

    def gathered(self, end: str) -> np.ndarray:
        """Near past deals summed by organisation at an end (broker or client) of the deal: (profiles × organisations)."""
        near = self.near.tocoo()
        ends = self.ranker.arrays.tables["deed"][end]
        shape = (len(self.profiles), self.ranker.arrays.size("organisation"))
        found: np.ndarray = coo_array((near.data, (near.row, ends[near.col])), shape=shape).toarray()
        return found
