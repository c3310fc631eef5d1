"""Candidates for routes: technology × intermediary × firm (× need), and what their features are computed from."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
from scipy.sparse import coo_array, csr_array

from graph.answer.deals import Index
from graph.answer.precedents import NEAR, Precedents
from graph.answer.ranker import HALF_LIFE, Profile, Ranker

_FEW = 3
"""Values up to which comparing with each is quicker than a table."""
_SORTED = 2000
"""Candidates up to which sorting is quicker than a table of all organisations."""
_SPREAD = 50
"""Combinations for each candidate up to which a table of all of them is quicker than sorting."""
End = Literal["technology", "broker", "firm", "need"]
"""An end of a route: a column of candidates."""


@dataclass(frozen=True, slots=True)
class Near:
    """Past deals near what is asked, in the order of the profiles: of which profile, which deal, how near (decayed).

    ``starts`` are the places at which each profile begins, and where the last one ends.
    """

    profile: np.ndarray
    deal: np.ndarray
    weight: np.ndarray
    starts: np.ndarray


_ENDS: dict[str, tuple[tuple[str, str], ...]] = {
    "deed": (("broker", "broker"), ("client", "firm")),
    "offering": (("organisation", "broker"),),
    "level": (("technology", "technology"),),
    "offer": (("technology", "technology"),),
    "need": (("", "need"),),
}
"""Columns of a table that name an end of a route, and that end; without a column the row's own number is the end."""


@dataclass
class Candidates:
    """Candidates as columns of numbers, all of one length.

    ``technology`` points into ``profiles`` (rows that are asked about, saved or not; ``technology_number`` gives the arrays' row or
    -1); ``broker`` and ``firm`` are organisations; ``need`` is a need or -1. ``day`` counts from 1970-01-01. ``nearness`` is, where a
    text was asked, how near each profile is to it. ``without`` leaves rows of a table aside: what the score would be had they not been
    stated. ``known`` is the last day whose deals are known, where that is before ``day``.
    ``holders`` are known to own technologies that are not on record.
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
    holders: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.technology)

    def lacking(self, table: str, rows: frozenset[int]) -> "Candidates":
        """The same candidates, had these rows of a table not been stated."""
        other = replace(self, without=self.without | {table: self.without.get(table, frozenset()) | rows})
        other.take_over(self, table)
        return other

    def some(self, rows: np.ndarray) -> "Candidates":
        """Some of the candidates."""
        other = replace(
            self, technology=self.technology[rows], broker=self.broker[rows], firm=self.firm[rows], need=self.need[rows]
        )
        other.take_over(self)
        return other

    def with_firms(self, firms: Sequence[int], broker: int) -> "Candidates":
        """The candidates of one intermediary, and some firms more where they are not among them."""
        more = np.setdiff1d(np.array(firms, dtype=np.int64), [*self.firm, broker])
        count = len(more) * len(self.profiles)
        other = replace(
            self,
            technology=np.concatenate([self.technology, np.repeat(np.arange(len(self.profiles)), len(more))]),
            broker=np.concatenate([self.broker, np.full(count, broker)]),
            firm=np.concatenate([self.firm, np.tile(more, len(self.profiles))]),
            need=np.concatenate([self.need, np.full(count, -1)]),
        )
        other.take_over(self)
        return other

    def touched(self, table: str, rows: frozenset[int]) -> np.ndarray:
        """The candidates that have an end of some rows of a table: intermediary, firm, technology or need."""
        listed = np.fromiter(rows, dtype=np.int64)
        found = np.zeros(len(self), dtype=bool)
        for column, own in _ENDS[table]:
            ends = self.ranker.arrays.tables[table][column][listed] if column else listed
            given = self.technology_number[self.technology] if own == "technology" else getattr(self, own)
            found |= among(given, ends)
        return np.flatnonzero(found)

    def take_over(self, other: "Candidates", changed: str = "") -> None:
        """Take over what was computed for the same technologies on the same day, with the rows of a table changed."""
        for name in ("covered", "near", "similar_dealt", "known_things", "openings", "owned", "_decayed"):
            if name in other.__dict__ and (changed != "deed" or name in ("covered", "similar_dealt", "owned")):
                self.__dict__[name] = other.__dict__[name]
        if changed == "deed" and "near" in other.__dict__:
            near = other.near
            self.__dict__["near"] = replace(near, weight=near.weight * ~self.gone("deed", near.deal))

    def kept(self, table: str, length: int) -> np.ndarray:
        """Which rows of a table count."""
        keep = np.ones(length, dtype=bool)
        gone = self.without.get(table)
        if gone:
            keep[np.fromiter(gone, dtype=np.int64)] = False
        return keep

    def gone(self, table: str, rows: np.ndarray) -> np.ndarray:
        """Which of some rows of a table are left aside."""
        return among(rows, np.array(list(self.without.get(table, ())), dtype=np.int64))

    def counted(self, deals: np.ndarray) -> np.ndarray:
        """As :meth:`decayed`, of some past deals."""
        found = self.ranker.decayed(self.day, HALF_LIFE)[deals]
        if self.known is not None:
            found = found * (self.ranker.deals.day[deals] <= self.known)
        counted: np.ndarray = found * ~self.gone("deed", deals)
        return counted

    def decayed(self, half_life: float = HALF_LIFE) -> np.ndarray:
        """How much each past deal counts on the day of the question."""
        if half_life not in self._decayed:
            deals = self.ranker.deals
            counted = self.ranker.decayed(self.day, half_life)
            if self.known is not None:
                counted = counted * (deals.day <= self.known)
            if self.without.get("deed"):
                counted = counted * self.kept("deed", len(deals))
            self._decayed[half_life] = counted
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
    def by_left(self) -> Index:
        """First deals of pairs, by whom their client had used last before."""
        deals = self.ranker.deals
        if not self.without.get("deed"):
            return deals.by_left
        return Index(deals.left_for(self.kept("deed", len(deals))), deals.organisations)

    @cached_property
    def past(self) -> Precedents:
        """What past deals have to do with the candidates."""
        return Precedents(self)

    @cached_property
    def similar_dealt(self) -> csr_array:
        """How near each technology that was dealt in is to each asked about, near ones only: (profiles × things)."""
        return self.ranker.near_dealt(self.profiles, NEAR)

    @cached_property
    def owned(self) -> tuple[np.ndarray, csr_array]:
        """Who owns a technology asked about, each once and in order, and how many holdings of each are on record: (profiles × owners)."""
        held = self.ranker.lookups.owners[self.technology_number]
        if self.holders:
            told = np.flatnonzero(self.technology_number < 0)
            places = (np.repeat(told, len(self.holders)), np.tile(self.holders, len(told)))
            held = csr_array(held + coo_array((np.ones(len(places[0])), places), shape=held.shape))
        owners, place = np.unique(held.indices, return_inverse=True)
        return owners, csr_array((held.data, place, held.indptr), shape=(len(self.profiles), len(owners)))

    @cached_property
    def covered(self) -> np.ndarray:
        """How far the fields of each service cover those of each technology asked about: cosines, (profiles × services)."""
        found: np.ndarray = (self.profiles.fields @ self.ranker.offerings_turned).toarray()
        return found

    @cached_property
    def known_things(self) -> np.ndarray:
        """Which technologies that were dealt in have a deal that counts."""
        deals = self.ranker.deals
        found = np.zeros(len(deals.technologies), dtype=bool)
        found[deals.thing[(self.decayed() > 0) & (deals.thing >= 0)]] = True
        return found

    @cached_property
    def near(self) -> Near:
        """How near each past deal's technology is to each technology asked about, near ones only."""
        deals = self.ranker.deals
        near = self.similar_dealt
        rows = np.repeat(np.arange(len(self.profiles)), np.diff(near.indptr))
        # what is asked about is no precedent of itself
        other = deals.technologies[near.indices] != self.technology_number[rows]
        rows = rows[other]
        given, deal = deals.by_thing.of(near.indices[other])
        weights = near.data[other][given] * self.counted(deal)
        counts = weights > 0
        profile = rows[given][counts]
        starts = np.searchsorted(profile, np.arange(len(self.profiles) + 1))
        return Near(profile, deal[counts], weights[counts], starts)

    def near_deals(self, profile: int) -> np.ndarray:
        """The past deals whose technology is near one that is asked about."""
        near = self.near
        found: np.ndarray = near.deal[near.starts[profile] : near.starts[profile + 1]]
        return found

    def gathered(self, end: Literal["broker", "client"]) -> np.ndarray:
        """Near past deals of each candidate's technology, summed over those with its intermediary (or its firm, as the client)."""
        own, place = self.numbered("broker" if end == "broker" else "firm")
        near = self.near
        column = self._places(own)[getattr(self.ranker.deals, end)[near.deal]]
        known = column >= 0
        cells = near.profile[known] * len(own) + column[known]
        sums = np.bincount(cells, near.weight[known], len(self.profiles) * len(own))
        found: np.ndarray = sums.reshape(len(self.profiles), len(own))[self.technology, place]
        return found

    def near_among(self, end: Literal["broker", "client"], some: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """What some deals are of :meth:`gathered`, for some of the candidates.

        :param rows: the deals, each once and in order
        """
        near, size = self.near, self.ranker.deals.organisations
        entries = np.flatnonzero(at_keys(rows, np.ones(len(rows)), near.deal))
        ends = getattr(self.ranker.deals, end)[near.deal[entries]]
        own = self.broker if end == "broker" else self.firm
        keys, place = np.unique(near.profile[entries] * size + ends, return_inverse=True)
        return at_keys(keys, np.bincount(place, near.weight[entries]), self.technology[some] * size + own[some])

    def between_among(self, some: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """What some deals are of :meth:`together`, for the pairs of some of the candidates."""
        deals = self.ranker.deals
        keys, place = np.unique(deals.pair[rows], return_inverse=True)
        asked = self.broker[some].astype(np.int64) * deals.organisations + self.firm[some]
        return at_keys(keys, np.bincount(place, self.counted(rows)), asked)

    def most_near(self, end: Literal["broker", "client"]) -> np.ndarray:
        """Near past deals summed by organisation at an end of the deal, for the technology of which there are most."""
        size = self.ranker.deals.organisations
        found = np.zeros(size)
        near, ends = self.near, getattr(self.ranker.deals, end)
        for start, stop in zip(near.starts[:-1], near.starts[1:], strict=True):
            np.maximum(found, np.bincount(ends[near.deal[start:stop]], near.weight[start:stop], size), out=found)
        return found

    def together(self, clients: np.ndarray, brokers: np.ndarray) -> np.ndarray:
        """Past deals between bodies, decayed: (clients × brokers).

        :param clients: organisations, each once
        :param brokers: organisations, each once
        """
        deals = self.ranker.deals
        given, deal = deals.by_client.of(clients)
        column = self._places(brokers)[deals.broker[deal]]
        known = column >= 0
        cells = given[known] * len(brokers) + column[known]
        sums = np.bincount(cells, self.counted(deal[known]), len(clients) * len(brokers))
        return sums.reshape(len(clients), len(brokers))

    def deals_between(self, broker: int, clients: np.ndarray) -> np.ndarray:
        """The past deals of an intermediary with some clients that count, in their order."""
        deals = self.ranker.deals
        _, deal = deals.by_client.of(clients)
        between = deal[deals.broker[deal] == broker]
        found: np.ndarray = np.sort(between[self.counted(between) > 0])
        return found

    def _places(self, organisations: np.ndarray) -> np.ndarray:
        """Of each organisation of the snapshot, its place among some, or -1."""
        found = np.full(self.ranker.deals.organisations, -1)
        found[organisations] = np.arange(len(organisations))
        return found

    def numbered(self, end: End) -> tuple[np.ndarray, np.ndarray]:
        """Who is at one end of the candidates, each once and in order, and of each candidate the place among them."""
        if end not in self._numbered:
            column = getattr(self, end)
            if len(column) < _SORTED:
                values, place = np.unique(column, return_inverse=True)
                self._numbered[end] = values, place
                return values, place
            # -1 stands for none, and comes first
            held = np.zeros(int(column.max(initial=-1)) + 2, dtype=np.int64)
            held[column + 1] = 1
            values = np.flatnonzero(held) - 1
            self._numbered[end] = values, (np.cumsum(held) - 1)[column + 1]
        return self._numbered[end]

    @cached_property
    def _numbered(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        return {}

    def distinct(self, *ends: End) -> tuple[np.ndarray, np.ndarray]:
        """The first candidate of each combination of some ends, and of each candidate which combination it has."""
        key, size = np.zeros(len(self), dtype=np.int64), 1
        for end in ends:
            values, place = self.numbered(end)
            key, size = key * len(values) + place, size * max(len(values), 1)
        if size > _SPREAD * len(self):
            _, first, place = np.unique(key, return_index=True, return_inverse=True)
            return first, place
        firsts = np.full(size, -1)
        firsts[key[::-1]] = np.arange(len(self))[::-1]
        present = firsts >= 0
        return firsts[present], (np.cumsum(present) - 1)[key]

    def wanted(self, part: Literal["fields", "words"]) -> tuple[np.ndarray, np.ndarray, csr_array, csr_array]:
        """Technologies beside the needs that they would meet, each combination once.

        :return: which combinations have a need that counts, of each candidate which combination it has, and both sides' vectors
        """
        first, place = self.distinct("technology", "need")
        need, own, needs = self.need[first], getattr(self.profiles, part), getattr(self.ranker.needs, part)
        if self.own_need is not None:
            every = np.ones(len(first), dtype=bool)
            return every, place, own[self.technology[first]], getattr(self.own_need, part)[np.zeros_like(need)]
        asked = (need >= 0) & ~self.gone("need", need)
        if not asked.any():
            nothing = csr_array((len(first), own.shape[1]), dtype=own.dtype)
            return asked, place, nothing, nothing
        return asked, place, own[self.technology[first]], needs[np.maximum(need, 0)]


def at_keys(keys: np.ndarray, values: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """The values of some keys, and 0 of others.

    :param keys: each once and in order
    """
    if not len(keys):
        return np.zeros(len(asked))
    place = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    found: np.ndarray = np.where(keys[place] == asked, values[place], 0.0)
    return found


def less(seen: np.ndarray, gone: np.ndarray) -> np.ndarray:
    """What log(1 + a sum) becomes when a part of the sum goes.

    :param seen: the logarithms
    :param gone: what goes of each sum
    """
    before = np.expm1(seen)
    # a difference of equals is not always nothing in floating point
    return np.log1p(np.where(gone < before * (1 - 1e-12), before - gone, 0.0))


def among(values: np.ndarray, some: np.ndarray) -> np.ndarray:
    """Which values are among some: numbers from -1, none of them larger than there are rows in a table, so that a table of all is quicker than
    numpy's own way, which sorts.
    """
    if len(some) > _FEW:
        listed = np.zeros(max(int(values.max(initial=-1)), int(some.max())) + 2, dtype=bool)
        listed[some + 1] = True
        held: np.ndarray = listed[values + 1]
        return held
    found = np.zeros(len(values), dtype=bool)
    for one in some:
        found |= values == one
    return found
