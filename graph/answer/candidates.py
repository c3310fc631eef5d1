"""Candidates for routes: technology × intermediary × firm (× need), and what their features are computed from."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csr_array

from graph.answer.ranker import Profile, Ranker

MOST_TECHNOLOGIES, MOST_FIRMS, MOST_BROKERS = 40, 60, 80
_NEAR = 0.15
"""Similarity from which a past technology counts as near."""


@dataclass
class Candidates:
    """Candidates as columns of numbers, all of one length.

    ``technology`` points into ``profiles`` (rows that are asked about, saved or not; ``technology_number`` gives the arrays' row or
    -1); ``broker`` and ``firm`` are organisations; ``need`` is a need or -1. ``day`` counts from 1970-01-01. ``nearness`` is, where a
    text was asked, how near each profile is to it. ``without`` leaves rows of a table aside: what the score would be had they not been
    stated.
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
        )
        near = self.near
        if table == "deed":
            near = near.copy()
            near.data[np.isin(near.indices, list(rows))] = 0.0
        other.__dict__["near"] = near
        return other

    def kept(self, table: str, length: int) -> np.ndarray:
        """Which rows of a table count."""
        keep = np.ones(length, dtype=bool)
        gone = self.without.get(table)
        if gone:
            keep[np.fromiter(gone, dtype=np.int64)] = False
        return keep

    @cached_property
    def near(self) -> csr_array:
        """How near each past deal's technology is to each technology asked about: (profiles × deals), decayed, near ones only."""
        deeds = self.ranker.arrays.tables["deed"]
        known = np.flatnonzero(self.ranker.near_deeds)
        if not len(known):
            return csr_array((len(self.profiles), len(deeds)), dtype=np.float64)
        numbers, place = np.unique(deeds["technology"][known], return_inverse=True)
        similar = self.ranker.similarity(self.profiles, self.ranker.technologies.rows(numbers))
        # what is asked about is no precedent of itself
        for at, number in enumerate(self.technology_number):
            similar[at, numbers == number] = 0.0
        similar[similar < _NEAR] = 0.0
        weights = similar[:, place] * (
            self.ranker.decay(deeds["day"][known], self.day) * self.kept("deed", len(deeds))[known]
        )
        rows, columns = np.nonzero(weights)
        return csr_array((weights[rows, columns], (rows, known[columns])), shape=(len(self.profiles), len(deeds)))

    def gathered(self, end: str) -> np.ndarray:
        """Near past deals summed by organisation at an end (broker or client) of the deal: (profiles × organisations)."""
        deeds = self.ranker.arrays.tables["deed"]
        size = self.ranker.arrays.size("organisation")
        incidence = coo_array(
            (np.ones(len(deeds)), (np.arange(len(deeds)), deeds[end])), shape=(len(deeds), size)
        ).tocsr()
        found: np.ndarray = (self.near @ incidence).toarray()
        return found


def best(scores: np.ndarray, most: int) -> np.ndarray:
    """Numbers of the best scores above nothing, the best first."""
    found = np.flatnonzero(scores > 0)
    order = found[np.lexsort((found, -scores[found]))]
    return order[:most]


@dataclass(slots=True)
class Asked:
    """What is asked, as numbers: a profile or saved technology, a firm, a need or its profile, an intermediary; each may be open."""

    technologies: list[int] = field(default_factory=list)
    text: Profile | None = None
    firm: int | None = None
    need: int | None = None
    need_text: Profile | None = None
    broker: int | None = None
    described: Profile | None = None
    """The text that the technologies were found by."""


def _nobody(ranker: Ranker, profiles: Profile, numbers: np.ndarray, day: int) -> Candidates:
    """Technologies that are asked about, before anybody was paired with them."""
    none = np.empty(0, dtype=np.int64)
    return Candidates(ranker, profiles, numbers, none, none, none, none, day)


def gather(ranker: Ranker, asked: Asked, day: int) -> Candidates:
    """The candidates for a question."""
    profiles, numbers = _technologies(ranker, asked, day)
    sides = _firms(ranker, asked, profiles, day)
    seed = _nobody(ranker, profiles, numbers, day)
    brokers = _brokers(ranker, asked, seed, sides)
    rows = [(t, f, n, b) for t in range(len(profiles)) for f, n in sides for b in brokers if b != f]
    technology, firm, need, broker = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    found = Candidates(ranker, profiles, numbers, technology, broker, firm, need, day, asked.need_text)
    if asked.described is not None:
        found.nearness = ranker.similarity(asked.described, profiles)[0]
    found.__dict__["near"] = seed.near
    return found


def _technologies(ranker: Ranker, asked: Asked, day: int) -> tuple[Profile, np.ndarray]:
    if asked.text is not None:
        return asked.text, np.array([-1])
    if asked.technologies:
        numbers = np.array(asked.technologies, dtype=np.int64)
    elif asked.need is not None or asked.need_text is not None:
        wanted = asked.need_text or ranker.needs.rows(np.array([asked.need]))
        numbers = best(ranker.similarity(wanted, ranker.technologies)[0], MOST_TECHNOLOGIES)
    elif asked.firm is not None:
        numbers = _for_firm(ranker, asked.firm)
    else:
        numbers = _for_broker(ranker, asked.broker)
    return ranker.technologies.rows(numbers), numbers


def _needs_of(ranker: Ranker, firm: int) -> np.ndarray:
    needs = ranker.arrays.tables["need"]
    found: np.ndarray = needs["need"][needs["organisation"] == firm]
    return found


def _for_firm(ranker: Ranker, firm: int) -> np.ndarray:
    """Technologies for a firm: near its needs; without needs, near what it dealt in before."""
    needs = _needs_of(ranker, firm)
    deeds = ranker.arrays.tables["deed"]
    if len(needs):
        wanted = ranker.needs.rows(needs)
    else:
        own = np.unique(deeds["technology"][(deeds["client"] == firm) & ranker.near_deeds])[-200:]
        if not len(own):
            return np.empty(0, dtype=np.int64)
        wanted = ranker.technologies.rows(own)
    return best(ranker.similarity(wanted, ranker.technologies).max(axis=0), MOST_TECHNOLOGIES)


def _for_broker(ranker: Ranker, broker: int | None) -> np.ndarray:
    """Technologies that an intermediary covers with its offerings or knows from past deals, and that somebody needs."""
    if broker is None:
        return np.empty(0, dtype=np.int64)
    offerings = np.flatnonzero(ranker.arrays.tables["offering"]["organisation"] == broker)
    covered = (
        (ranker.technologies.fields @ ranker.offerings[offerings].T).toarray().max(axis=1, initial=0)
        if len(offerings)
        else 0.0
    )
    deeds = ranker.arrays.tables["deed"]
    own = np.unique(deeds["technology"][(deeds["broker"] == broker) & ranker.near_deeds])[-100:]
    known = ranker.similarity(ranker.technologies.rows(own), ranker.technologies).max(axis=0) if len(own) else 0.0
    wanted = 1.0
    if len(ranker.needs):
        wanted = ranker.similarity(ranker.needs, ranker.technologies).max(axis=0)
    return best(np.maximum(covered, known) * wanted * np.ones(len(ranker.technologies)), MOST_TECHNOLOGIES)


def _firms(ranker: Ranker, asked: Asked, profiles: Profile, day: int) -> list[tuple[int, int]]:
    """Firms with the need that a technology would meet, or -1 for a firm whose past alone speaks for it."""
    if asked.firm is not None and (asked.need is not None or asked.need_text is not None):
        return [(asked.firm, -1 if asked.need is None else asked.need)]
    needs = ranker.arrays.tables["need"]
    if asked.need is not None:
        return [(int(needs["organisation"][asked.need]), asked.need)]
    if asked.firm is not None:
        own = _needs_of(ranker, asked.firm)
        return [(asked.firm, int(need)) for need in own] or [(asked.firm, -1)]
    if not len(profiles):
        return []
    sides: list[tuple[int, int]] = []
    if len(ranker.needs):
        open_ = (needs["deadline"] <= ranker.arrays.NO_DAY) | (needs["deadline"] >= day)
        fit = ranker.similarity(profiles, ranker.needs).max(axis=0) * open_ * (needs["organisation"] >= 0)
        sides += [(int(needs["organisation"][need]), int(need)) for need in best(fit, MOST_FIRMS)]
    seed = _nobody(ranker, profiles, np.full(len(profiles), -1), day)
    known = {firm for firm, _ in sides}
    past = best(seed.gathered("client").max(axis=0), MOST_FIRMS)
    return sides + [(int(firm), -1) for firm in past if int(firm) not in known][: max(20, MOST_FIRMS - len(sides))]


def _brokers(ranker: Ranker, asked: Asked, seed: Candidates, sides: list[tuple[int, int]]) -> list[int]:
    if asked.broker is not None:
        return [asked.broker]
    if not len(seed.profiles):
        return []
    size = ranker.arrays.size("organisation")
    scores = seed.gathered("broker").max(axis=0)
    offerings = ranker.arrays.tables["offering"]
    if len(offerings):
        cover = (seed.profiles.fields @ ranker.offerings.T).toarray().max(axis=0)
        np.maximum.at(scores, offerings["organisation"], cover + 1e-6)
    deeds = ranker.arrays.tables["deed"]
    firms = np.zeros(size, dtype=bool)
    firms[[firm for firm, _ in sides]] = True
    acquainted = firms[deeds["client"]]
    np.add.at(scores, deeds["broker"][acquainted], 0.3 * ranker.decay(deeds["day"][acquainted], seed.day))
    return [int(broker) for broker in best(scores, MOST_BROKERS)]
