"""Precedents: past deals that have something to do with what is asked, and the part that an organisation had in them.

A relation says which past deals speak for a technology or a firm and how loudly: those of the firm itself, of firms named like it, about
near technologies, in the same classes, by the same people. A share is the part of these deals that a candidate's intermediary brokered
(or that its firm was the client of), so it is relative to the question: 1 where it had them all.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args
from weakref import proxy

import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array

from graph.answer.nearness import most_in_rows

if TYPE_CHECKING:
    from graph.answer.candidates import Candidates

YEAR = 365.25
NEAR = 0.15
"""Similarity from which a past technology counts as near."""
_NEAREST = 400
"""Near technologies that speak for one that is asked about."""
_ALIKE = 0.35
"""Cosine from which two names are alike."""

_DENSE = 4_000_000
"""Cells up to which sums are kept as a whole table."""

Sums = csr_array | np.ndarray
Relation = Literal[
    "own",
    "alike",
    "succession",
    "near",
    "nearest",
    "classes",
    "people",
    "everything",
    "home",
    "home_near",
    "home_classes",
    "town",
    "town_near",
    "holders",
]
Among = Literal["all", "own", "others"]


@dataclass(frozen=True, slots=True)
class Links:
    """Past deals that speak for what is asked: of which technology or firm asked (``context``), which deal, how loudly."""

    context: np.ndarray
    deal: np.ndarray
    strength: np.ndarray
    of_firm: bool = False


class Precedents:
    """The relations of some candidates to past deals, each computed once."""

    def __init__(self, candidates: "Candidates") -> None:
        # candidates hold their precedents: held in turn, tables of many megabytes would wait for the collector of cycles
        self.c: Candidates = proxy(candidates)
        self.deals = candidates.ranker.deals
        self.firms, self.firm = candidates.numbered("firm")
        self._cache: dict[Any, Any] = {}

    def take_over(self, other: "Precedents") -> None:
        """Take over what was computed for the same technologies and firms on the same day."""
        if np.array_equal(self.firms, other.firms) and len(self.c.profiles) == len(other.c.profiles):
            self._cache = other._cache
            for name in (f"_{relation}" for relation in get_args(Relation)):
                if name in other.__dict__:
                    self.__dict__[name] = other.__dict__[name]

    def relation(self, name: Relation) -> Links:
        """The links of a relation."""
        found: Links = getattr(self, f"_{name}")
        return found

    @cached_property
    def _own(self) -> Links:
        given, deal = self.deals.by_client.of(self.firms)
        return Links(given, deal, np.ones(len(deal)), of_firm=True)

    @cached_property
    def _alike(self) -> Links:
        """Deals of firms with a name like the firm's, each firm's together as loud as the names are alike (cubed)."""
        alike = self.c.ranker.named_like(self.firms).tocoo()
        other = (alike.data >= _ALIKE) & (alike.col != self.firms[alike.row])
        given, deal = self.deals.by_client.of(alike.col[other])
        loud = alike.data[other].astype(np.float64) ** 3
        return Links(alike.row[other][given], deal, loud[given], of_firm=True)

    @cached_property
    def _succession(self) -> Links:
        """First deals of others with whom they turned to from an intermediary of the firm, as loud as that is the firm's."""
        own, size = self._own, self.deals.organisations
        used, place = np.unique(own.context * size + self.deals.broker[own.deal], return_inverse=True)
        counted = self.c.decayed(2 * YEAR)[own.deal]
        firm, left = np.divmod(used, size)
        whole = np.maximum(np.bincount(own.context, counted, len(self.firms)), 1e-12)
        share = np.bincount(place, counted, len(used)) / whole[firm]
        given, deal = self.c.by_left.of(left)
        others = self.deals.client[deal] != self.firms[firm[given]]
        given, deal = given[others], deal[others]
        return Links(firm[given], deal, share[given], of_firm=True)

    @cached_property
    def _near(self) -> Links:
        return self._things(self._nearest_things(_NEAREST), 2)

    @cached_property
    def _nearest(self) -> Links:
        return self._things(self._nearest_things(_NEAREST // 10), 4)

    @cached_property
    def _same_country(self) -> csr_array:
        return csr_array(self.c.profiles.countries @ self.c.ranker.dealt_countries)

    @cached_property
    def _home(self) -> Links:
        return self._things(self._same_country, 1)

    @cached_property
    def _home_classes(self) -> Links:
        shared = csr_array(self.c.profiles.classes @ self.c.ranker.dealt_classes)
        return self._things(csr_array(shared.multiply(self._same_country)), 1)

    @cached_property
    def _home_near(self) -> Links:
        return self._things(self._nearest_things(_NEAREST // 4, self._same_country), 2)

    @cached_property
    def _same_town(self) -> csr_array:
        return csr_array(self.c.profiles.towns @ self.c.ranker.dealt_towns)

    @cached_property
    def _town(self) -> Links:
        return self._things(self._same_town, 1)

    @cached_property
    def _town_near(self) -> Links:
        return self._things(self._nearest_things(_NEAREST // 10, self._same_town), 2)

    @cached_property
    def _holders(self) -> Links:
        """Deals of those who own the technology, each of them alike loud, however many deals it had; not about the technology itself."""
        owners, held = self.c.owned
        holding = held.tocoo()
        given, deal = self.deals.by_client.of(owners[holding.col])
        context = holding.row[given]
        other = self.deals.technology[deal] != self.c.technology_number[context]
        other |= self.deals.technology[deal] < 0
        return Links(context[other], deal[other], np.ones(np.count_nonzero(other)))

    def _nearest_things(self, most: int, within: csr_array | None = None) -> csr_array:
        """The nearest technologies that were dealt in by the day that is known, of some: (profiles × things)."""
        similar = csr_array(self.c.similar_dealt @ diags_array(self.c.known_things.astype(np.float32)))
        if within is not None:
            similar = csr_array(similar.multiply(within > 0))
        similar.eliminate_zeros()
        return most_in_rows(similar, most)

    @cached_property
    def _classes(self) -> Links:
        return self._things(csr_array(self.c.profiles.classes @ self.c.ranker.dealt_classes), 1)

    @cached_property
    def _people(self) -> Links:
        return self._things(csr_array(self.c.profiles.people @ self.c.ranker.dealt_people), 1)

    @cached_property
    def _everything(self) -> Links:
        size = len(self.deals)
        count = len(self.c.profiles)
        return Links(np.repeat(np.arange(count), size), np.tile(np.arange(size), count), np.ones(size * count))

    def _things(self, related: csr_array, power: int) -> Links:
        """From technologies that were dealt in to their deals; a technology asked about is no precedent of itself."""
        found = related.tocoo()
        own = self.c.technology_number[found.row] == self.deals.technologies[found.col]
        row, column, loud = found.row[~own], found.col[~own], found.data[~own].astype(np.float64) ** power
        given, deal = self.deals.by_thing.of(column)
        return Links(row[given], deal, loud[given])

    def context(self, links: Links) -> np.ndarray:
        """Of each candidate, the context of a relation."""
        return self.firm if links.of_firm else self.c.technology

    def weights(self, links: Links, half_life: float, openings: bool) -> np.ndarray:
        """How much each link counts on the day of the question."""
        counted = self.c.decayed(half_life)[links.deal]
        if openings:
            counted = counted * self.c.openings[links.deal]
        found: np.ndarray = links.strength * counted
        return found

    def sums(self, name: Relation, end: str, half_life: float, openings: bool, own: bool) -> tuple[Sums, np.ndarray]:
        """Links summed by context and organisation, and by context alone.

        :param own: only deals of the firm asked; a context is then a technology and a firm together
        """
        key = (name, end, half_life, openings, own)
        if key not in self._cache:
            self._cache[key] = self._summed(*key)
        found: tuple[Sums, np.ndarray] = self._cache[key]
        return found

    def _summed(self, name: Relation, end: str, half_life: float, openings: bool, own: bool) -> tuple[Sums, np.ndarray]:
        links = self.relation(name)
        loud = self.weights(links, half_life, openings)
        context, deal = links.context, links.deal
        count = len(self.firms) if links.of_firm else len(self.c.profiles)
        if own:
            client = self.deals.client[deal]
            place = np.minimum(np.searchsorted(self.firms, client), max(len(self.firms) - 1, 0))
            mine = self.firms[place] == client
            context, deal, loud = context[mine] * len(self.firms) + place[mine], deal[mine], loud[mine]
            count *= len(self.firms)
        ends = self.deals.broker if end == "broker" else self.deals.client
        size = self.deals.organisations
        total = np.bincount(context, loud, count)
        if count * size <= _DENSE:
            # a few contexts are summed quicker than a sparse matrix is sorted
            cells = np.bincount(context * size + ends[deal], loud, count * size)
            return cells.reshape(count, size), total
        return coo_array((loud, (context, ends[deal])), shape=(count, size)).tocsr(), total


def at_places(matrix: Sums, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """The values of a matrix at some places."""
    found: np.ndarray = np.asarray(matrix[rows, columns], dtype=np.float64).ravel()
    return found


@dataclass(frozen=True, slots=True)
class Share:
    """The part that the intermediary (or, with ``end`` client, the firm) had in the past deals of a relation.

    :param half_life: days after which a past deal counts half
    :param among: all deals of the relation, the firm's own, or those of others
    :param openings: only the first deal of each intermediary with each client
    """

    relation: Relation
    half_life: float = 5 * YEAR
    among: Among = "all"
    openings: bool = False
    end: Literal["broker", "client"] = "broker"

    def values(self, c: "Candidates") -> np.ndarray:
        """The share, 0 where there are no such deals; NaN for the part of a firm that was named in the question."""
        if not len(c) or (self.end == "client" and c.firm_given):
            return np.full(len(c), np.nan)
        part, whole = self._sums(c, own=self.among == "own")
        if self.among == "others":
            mine, of_mine = self._sums(c, own=True)
            part, whole = part_of(part, mine), part_of(whole, of_mine)
        found: np.ndarray = np.divide(part, whole, out=np.zeros(len(c)), where=whole > 1e-9)
        held: np.ndarray = np.clip(found, 0.0, 1.0)
        return held

    def _sums(self, c: "Candidates", own: bool) -> tuple[np.ndarray, np.ndarray]:
        past = c.past
        matrix, total = past.sums(self.relation, self.end, self.half_life, self.openings, own)
        context = past.context(past.relation(self.relation))
        if own:
            context = context * len(past.firms) + past.firm
        return at_places(matrix, context, c.broker if self.end == "broker" else c.firm), total[context]

    def evidence(self, c: "Candidates", at: int) -> tuple[str, frozenset[int]]:
        """The past deals behind one candidate's share."""
        return "deed", frozenset(int(row) for row in self._rows(c, at))

    def _rows(self, c: "Candidates", at: int) -> np.ndarray:
        past = c.past
        links = past.relation(self.relation)
        counts = past.weights(links, self.half_life, self.openings) > 0
        counts &= links.context == past.context(links)[at]
        deals = links.deal[counts]
        ends, wanted = (past.deals.broker, c.broker) if self.end == "broker" else (past.deals.client, c.firm)
        deals = deals[ends[deals] == wanted[at]]
        if self.among != "all":
            deals = deals[(past.deals.client[deals] == c.firm[at]) == (self.among == "own")]
        return np.unique(deals)

    def facts(self, c: "Candidates", at: int, value: float) -> dict[str, Any]:
        """Number of these deals, the last day, and the share in hundredths."""
        rows = self._rows(c, at)
        last = int(c.past.deals.day[rows].max()) if len(rows) else 0
        deals = len(np.unique(c.ranker.arrays.tables["deed"]["deed"][rows]))
        return {"count": deals, "last": str(np.datetime64(last, "D")), "share": round(100 * value)}


def part_of(whole: np.ndarray, less: np.ndarray) -> np.ndarray:
    """What is left of a sum; what rounding leaves over is nothing."""
    left = whole - less
    found: np.ndarray = np.where(left > 1e-9 * np.maximum(whole, 1e-12), left, 0.0)
    return found
