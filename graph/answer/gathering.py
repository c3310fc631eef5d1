"""Gathers the candidates of a question: who comes into question for what is given, before anything is scored."""

from dataclasses import dataclass, field

import numpy as np

from graph.answer.candidates import Candidates
from graph.answer.deals import Index
from graph.answer.nearness import best
from graph.answer.precedents import YEAR, Share
from graph.answer.ranker import Profile, Ranker
from graph.answer.weighing import LEARNED
from graph.answer.within import EVERYTHING, Within, only, weighed
from graph.views.arrays import NO_DAY

MOST_TECHNOLOGIES, MOST_FIRMS, MOST_BROKERS = 40, 60, 80


_BROKERS: tuple[tuple[Share, int], ...] = (
    (Share("own"), 400),
    (Share("alike"), 30),
    (Share("alike", 2 * YEAR, openings=True), 10),
    (Share("succession", YEAR, openings=True), 20),
    (Share("people"), 40),
    (Share("near"), 60),
    (Share("nearest"), 30),
    (Share("near", 2 * YEAR, openings=True), 30),
    (Share("classes", 2 * YEAR), 40),
    (Share("classes", 2 * YEAR, openings=True), 25),
    (Share("home_near"), 40),
    (Share("home_near", 2 * YEAR, openings=True), 30),
    (Share("home_classes", 2 * YEAR), 30),
    (Share("home_classes", 2 * YEAR, openings=True), 20),
    (Share("home", 2 * YEAR, openings=True), 20),
    (Share("home", YEAR / 4, openings=True), 20),
    (Share("town", 2 * YEAR, openings=True), 20),
    (Share("holders", 2 * YEAR), 30),
    (Share("everything", 2 * YEAR), 25),
    (Share("everything", 2 * YEAR, openings=True), 25),
)
_FIRMS: tuple[tuple[Share, int], ...] = (
    (Share("people", end="client"), 40),
    (Share("near", end="client"), 60),
    (Share("nearest", end="client"), 20),
    (Share("classes", 2 * YEAR, end="client"), 40),
    (Share("everything", 2 * YEAR, end="client"), 10),
)
_LAST_DEALT = 20
"""Technologies, the last first, by which it is told what a body deals in."""
_LOOKED_AT = 200
"""Technologies that an intermediary fits best, among which those that somebody needs are chosen."""
_CLIENTS = 200
"""Clients of an intermediary that come into question for it."""


def _sides(seed: Candidates, firms: list[int]) -> Candidates:
    """The technologies of a question with its firms, before any intermediary is in question."""
    count = len(firms) if len(seed.profiles) else 0
    found = Candidates(
        seed.ranker,
        seed.profiles,
        seed.technology_number,
        np.zeros(count, dtype=np.int64),
        np.full(count, -1),
        np.array(firms[:count], dtype=np.int64),
        np.full(count, -1),
        seed.day,
        known=seed.known,
        holders=seed.holders,
    )
    found.take_over(seed)
    return found


def _proposed_firms(seed: Candidates, broker: int | None, allowed: np.ndarray | None) -> list[int]:
    """Firms for which learned weights may have something to say: by each kind of precedent, and the intermediary's clients."""
    found = dict.fromkeys(_proposed(seed, _FIRMS, allowed))
    if broker is not None:
        deals = seed.ranker.deals
        _, places = deals.by_broker.of(np.array([broker]))
        clients = np.bincount(deals.client[places], seed.decayed()[places], deals.organisations)
        found.update(dict.fromkeys(int(client) for client in best(weighed(allowed, clients), _CLIENTS)))
    return list(found)


def _proposed(sides: Candidates, shares: tuple[tuple[Share, int], ...], allowed: np.ndarray | None) -> list[int]:
    found: dict[int, None] = {}
    for share, most in shares:
        sums, _ = sides.past.sums(share.relation, share.end, share.half_life, share.openings, own=False)
        for row in range(sums.shape[0]):
            line = sums[row] if isinstance(sums, np.ndarray) else sums[[row]].toarray()[0]
            found.update(dict.fromkeys(int(number) for number in best(weighed(allowed, line), most)))
    return list(found)


@dataclass(slots=True)
class Asked:
    """What is asked, as numbers: a profile or saved technology, a firm, a need or its profile, an intermediary; each may be open."""

    technologies: list[int] = field(default_factory=list)
    text: Profile | None = None
    firm: int | None = None
    need: int | None = None
    need_text: Profile | None = None
    broker: int | None = None
    holders: tuple[int, ...] = ()
    """Who is known to own the technology that ``text`` tells of."""
    described: Profile | None = None
    """The text that the technologies were found by."""
    somebodys: list[int] | None = None
    """What somebody made or owns; where these are many, those that others need most come into question. None were found where it is
    empty, and nothing else is looked for in their place."""

    @property
    def broker_alone(self) -> bool:
        """Whether an intermediary asks what it might bring to whom."""
        others = (self.text, self.firm, self.need, self.need_text, self.somebodys)
        return self.broker is not None and not self.technologies and all(other is None for other in others)


def _nobody(
    ranker: Ranker, profiles: Profile, numbers: np.ndarray, day: int, known: int | None, holders: tuple[int, ...]
) -> Candidates:
    """Technologies that are asked about, before anybody was paired with them."""
    none = np.empty(0, dtype=np.int64)
    return Candidates(ranker, profiles, numbers, none, none, none, none, day, known=known, holders=holders)


def gather(ranker: Ranker, asked: Asked, day: int, known: int | None = None, within: Within = EVERYTHING) -> Candidates:
    """The candidates for a question.

    :param day: of the question, counted from 1970-01-01
    :param known: the last day whose deals are known, where that is before ``day``
    :param within: what filters let through; the limits of how many come into question count nothing else
    """
    profiles, numbers = _technologies(ranker, asked, within.technologies)
    seed = _nobody(ranker, profiles, numbers, day, known, asked.holders)
    sides = _firms(ranker, asked, seed, within.firms)
    paired = _sides(seed, [firm for firm, _ in sides])
    brokers = _brokers(ranker, asked, seed, paired, within.brokers)
    technology, firm, need, broker = _crossed(len(profiles), sides, brokers)
    if asked.broker_alone:
        # who asks for itself looks for what it has not done yet
        open_ = ~ranker.deals.were_served(numbers[technology], firm)
        technology, firm, need, broker = technology[open_], firm[open_], need[open_], broker[open_]
    found = Candidates(ranker, profiles, numbers, technology, broker, firm, need, day, asked.need_text, known=known)
    found.holders = seed.holders
    found.firm_given = asked.firm is not None
    if asked.described is not None:
        found.nearness = ranker.similarity(asked.described, profiles)[0]
    found.take_over(seed)
    found.past.take_over(paired.past)
    return found


def _crossed(technologies: int, sides: list[tuple[int, int]], brokers: list[int]) -> tuple[np.ndarray, ...]:
    """Each technology with each firm and need, and each intermediary that is not the firm: columns of one length."""
    ends = np.array(sides, dtype=np.int64).reshape(-1, 2)
    between = np.array(brokers, dtype=np.int64)
    technology, side, broker = (
        part.ravel() for part in np.indices((technologies, len(ends), len(between)), dtype=np.int64)
    )
    apart = between[broker] != ends[side, 0]
    technology, side, broker = technology[apart], side[apart], broker[apart]
    return technology, ends[side, 0], ends[side, 1], between[broker]


def _technologies(ranker: Ranker, asked: Asked, allowed: np.ndarray | None) -> tuple[Profile, np.ndarray]:
    if asked.text is not None:
        # of a technology that nobody has yet nothing is on record
        numbers = np.array([-1]) if allowed is None else np.empty(0, dtype=np.int64)
        return asked.text.rows(np.arange(len(numbers))), numbers
    if asked.technologies:
        numbers = only(allowed, np.array(asked.technologies, dtype=np.int64))
    elif asked.somebodys is not None:
        numbers = _most_needed(ranker, only(allowed, np.array(asked.somebodys, dtype=np.int64)))
    elif asked.need is not None or asked.need_text is not None:
        wanted = asked.need_text or ranker.needs.rows(np.array([asked.need]))
        numbers, _ = ranker.nearest_technologies(wanted, MOST_TECHNOLOGIES, allowed)
    elif asked.firm is not None:
        numbers = _for_firm(ranker, asked.firm, allowed)
    else:
        numbers = _for_broker(ranker, asked.broker, allowed)
    return ranker.technologies.rows(numbers), numbers


def _most_needed(ranker: Ranker, numbers: np.ndarray) -> np.ndarray:
    """Those of some technologies that fit a need best, no more of them than come into question."""
    if len(numbers) <= MOST_TECHNOLOGIES or not len(ranker.needs):
        return numbers[:MOST_TECHNOLOGIES]
    fit = ranker.similarity(ranker.technologies.rows(numbers), ranker.needs).max(axis=1)
    found: np.ndarray = numbers[np.lexsort((numbers, -fit))[:MOST_TECHNOLOGIES]]
    return found


def _needs_of(ranker: Ranker, firm: int) -> np.ndarray:
    needs = ranker.arrays.tables["need"]
    found: np.ndarray = needs["need"][needs["organisation"] == firm]
    return found


def _for_firm(ranker: Ranker, firm: int, allowed: np.ndarray | None) -> np.ndarray:
    """Technologies for a firm: near its needs; without needs, near what it dealt in last."""
    needs = _needs_of(ranker, firm)
    wanted = ranker.needs.rows(needs) if len(needs) else _last_dealt(ranker, ranker.deals.by_client, firm)
    if not len(wanted):
        return np.empty(0, dtype=np.int64)
    return ranker.nearest_technologies(wanted, MOST_TECHNOLOGIES, allowed)[0]


def _last_dealt(ranker: Ranker, index: Index, organisation: int) -> Profile:
    """The technologies that an organisation dealt in last."""
    deals = ranker.deals
    _, deal = index.of(np.array([organisation]))
    deal = deal[deals.technology[deal] >= 0]
    newest = deals.technology[deal[np.argsort(-deals.day[deal], kind="stable")]]
    return ranker.technologies.rows(np.array(list(dict.fromkeys(newest.tolist()))[:_LAST_DEALT], dtype=np.int64))


def _for_broker(ranker: Ranker, broker: int | None, allowed: np.ndarray | None) -> np.ndarray:
    """Technologies that an intermediary covers with its offerings or knows from past deals, and that somebody needs."""
    if broker is None:
        return np.empty(0, dtype=np.int64)
    _, offerings = ranker.lookups.offerings.of(np.array([broker]))
    own = _last_dealt(ranker, ranker.deals.by_broker, broker)
    # who is among the best by one measure or the other is all that can be among the best by the higher of both
    fitting = np.zeros(len(ranker.technologies))
    for numbers, fits in (
        ranker.covered_by(offerings, _LOOKED_AT, allowed),
        ranker.nearest_technologies(own, _LOOKED_AT, allowed),
    ):
        fitting[numbers] = np.maximum(fitting[numbers], fits)
    numbers = best(fitting, _LOOKED_AT)
    if not len(ranker.needs) or not len(numbers):
        return numbers[:MOST_TECHNOLOGIES]
    wanted = ranker.wanted(ranker.technologies.rows(numbers))
    found: np.ndarray = numbers[best(fitting[numbers] * wanted, MOST_TECHNOLOGIES)]
    return found


def _firms(ranker: Ranker, asked: Asked, seed: Candidates, allowed: np.ndarray | None) -> list[tuple[int, int]]:
    """Firms with the need that a technology would meet, or -1 for a firm whose past alone speaks for it."""
    if asked.firm is not None or asked.need is not None:
        sides = _asked_sides(ranker, asked)
        return sides if allowed is None else [side for side in sides if side[0] >= 0 and allowed[side[0]]]
    return _found_sides(ranker, asked, seed, allowed) if len(seed.profiles) else []


def _asked_sides(ranker: Ranker, asked: Asked) -> list[tuple[int, int]]:
    """The firm or need that was named."""
    if asked.firm is not None and (asked.need is not None or asked.need_text is not None):
        return [(asked.firm, -1 if asked.need is None else asked.need)]
    if asked.firm is not None:
        own = _needs_of(ranker, asked.firm)
        return [(asked.firm, int(need)) for need in own] or [(asked.firm, -1)]
    need = asked.need if asked.need is not None else -1
    return [(int(ranker.arrays.tables["need"]["organisation"][need]), need)]


def _found_sides(ranker: Ranker, asked: Asked, seed: Candidates, allowed: np.ndarray | None) -> list[tuple[int, int]]:
    """The firms whose needs fit best, then those whose past speaks for them."""
    needs = ranker.arrays.tables["need"]
    sides: list[tuple[int, int]] = []
    if len(ranker.needs):
        open_ = (needs["deadline"] <= NO_DAY) | (needs["deadline"] >= seed.day)
        counted = open_ & (needs["organisation"] >= 0)
        if allowed is not None:
            counted &= allowed[needs["organisation"]]
        fitting, _ = ranker.nearest_needs(seed.profiles, MOST_FIRMS, counted)
        sides += [(int(needs["organisation"][need]), int(need)) for need in fitting]
    known = {firm for firm, _ in sides}
    if ranker.weights.kind == LEARNED:
        proposed = _proposed_firms(seed, asked.broker, allowed)
        return sides + [(firm, -1) for firm in proposed if firm not in known]
    past = best(weighed(allowed, seed.most_near("client")), MOST_FIRMS)
    return sides + [(int(firm), -1) for firm in past if int(firm) not in known][: max(20, MOST_FIRMS - len(sides))]


def _brokers(
    ranker: Ranker, asked: Asked, seed: Candidates, paired: Candidates, allowed: np.ndarray | None
) -> list[int]:
    if asked.broker is not None:
        return [int(number) for number in only(allowed, np.array([asked.broker]))]
    if not len(seed.profiles):
        return []
    scores = seed.most_near("broker")
    offerings = ranker.arrays.tables["offering"]
    if len(offerings):
        np.maximum.at(scores, offerings["organisation"], seed.covered.max(axis=0) + 1e-6)
    _, acquainted = ranker.deals.by_client.of(np.unique(paired.firm))
    scores += np.bincount(ranker.deals.broker[acquainted], 0.3 * seed.decayed()[acquainted], len(scores))
    found = dict.fromkeys(int(broker) for broker in best(weighed(allowed, scores), MOST_BROKERS))
    if ranker.weights.kind == LEARNED:
        found.update(dict.fromkeys(_proposed(paired, _BROKERS, allowed)))
    return list(found)
