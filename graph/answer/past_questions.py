"""The past as questions to learn from: deals that were done, and outcomes that people told.

Everything that the features of a question count was known some time before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph.answer.candidates import Candidates
from graph.answer.gathering import Asked, gather
from graph.answer.ranker import Ranker
from graph.answer.told_outcomes import ToldOutcome
from graph.statements.outcomes import DECLINED, SIGNED
from graph.views.arrays import NO_DAY, day_number

AGREED = ("accepted", SIGNED)
"""Results of an introduction that count as the event itself."""
BLOCK = 365
"""Days of the past that are replayed with what was known before the first of them."""
BLOCKS = 3
"""Blocks that are replayed, unless more are asked for."""
_OPENING_BLOCKS = 2
"""Blocks before these of which only the questions won by strangers are replayed."""
SEED = 20261124
_QUESTIONS, _OPENINGS = 6000, 4000
"""Questions that are replayed at most: of all pairs, and besides of pairs that had not met."""


@dataclass(frozen=True, slots=True)
class PastQuestion:
    """A past deal as a question: technology and firm by number, its day, the last day that was known, and who brokered it.

    ``transfer`` says that it is an outcome of the own domain; ``refusing`` are firms that were told of the same technology by the same
    intermediaries, and declined.
    """

    technology: int
    firm: int
    day: int
    known: int
    brokers: tuple[int, ...]
    firms: tuple[int, ...]
    transfer: bool
    refusing: tuple[int, ...] = ()

    def candidates(self, ranker: Ranker, firm: int | None = None, broker: int | None = None) -> Candidates:
        """The candidates of the question, with one end given.

        What an engagement was about is asked as a technology that nobody has yet: its holder is the client, which is to be found. Where
        the client is given, who owns the technology beside it is known.
        """
        asked = Asked(firm=firm, broker=broker)
        if self.transfer:
            asked.technologies = [self.technology]
        else:
            asked.text = ranker.technologies.rows(np.array([self.technology]))
            if firm is not None:
                owners = ranker.lookups.owners[[self.technology]].indices
                asked.holders = tuple(np.unique(owners[owners != firm]).tolist())
        return gather(ranker, asked, self.day, self.known)


def past_questions(ranker: Ranker, most: int = _QUESTIONS, blocks: int = BLOCKS) -> list[PastQuestion]:
    """The deals of the last blocks of days as questions, in time order; a sample where there are more."""
    found = _asked(ranker, blocks)
    return [found[at] for at in _sampled(len(found), most)]


def opening_questions(
    ranker: Ranker, besides: Sequence[PastQuestion], most: int = _OPENINGS, blocks: int = BLOCKS
) -> list[PastQuestion]:
    """Past deals of which no pair was known to have met before, of the same and of earlier blocks: they are few, and strangers have
    weights of their own.

    :param besides: questions that are asked anyhow
    """
    deals = ranker.deals
    pairs, first = np.unique(deals.pair, return_inverse=True)
    met = np.full(len(pairs), np.iinfo(np.int64).max)
    np.minimum.at(met, first, deals.day)
    asked = {(question.technology, question.day) for question in besides}
    found = []
    for question in _asked(ranker, blocks + _OPENING_BLOCKS):
        own = np.array(question.brokers, dtype=np.int64) * deals.organisations + question.firm
        place = np.minimum(np.searchsorted(pairs, own), len(pairs) - 1)
        known = (pairs[place] == own) & (met[place] <= question.known)
        if not known.any() and (question.technology, question.day) not in asked:
            found.append(question)
    return [found[at] for at in _sampled(len(found), most)]


def _sampled(count: int, most: int) -> list[int]:
    """Places of all, or of some where there are more, in their order."""
    if count <= most:
        return list(range(count))
    chosen: list[int] = np.sort(np.random.default_rng(SEED).choice(count, most, replace=False)).tolist()
    return chosen


def _asked(ranker: Ranker, blocks: int) -> list[PastQuestion]:
    """The deals of the last blocks of days as questions in time order."""
    deals = ranker.deals
    dated = np.flatnonzero((deals.technology >= 0) & (deals.day > NO_DAY))
    if not len(dated):
        return []
    newest = int(deals.day[dated].max())
    recent = dated[deals.day[dated] > newest - blocks * BLOCK]
    order = recent[np.lexsort((recent, deals.technology[recent], deals.day[recent]))]
    starts = np.flatnonzero(np.diff(deals.technology[order], prepend=-1))
    return [_question(ranker, rows, newest) for rows in np.split(order, starts[1:]) if len(rows)]


def _question(ranker: Ranker, rows: np.ndarray, last: int) -> PastQuestion:
    deals = ranker.deals
    day = int(deals.day[rows[0]])
    known = last - BLOCK * ((last - day) // BLOCK + 1)
    brokers = tuple(dict.fromkeys(deals.broker[rows].tolist()))
    firms = tuple(dict.fromkeys(deals.client[rows].tolist()))
    return PastQuestion(
        int(deals.technology[rows[0]]), firms[0], day, known, brokers, firms, bool(deals.transfer[rows[0]])
    )


def told_questions(ranker: Ranker, told: Sequence[ToldOutcome]) -> list[PastQuestion]:
    """Outcomes that people told, as questions in time order: one for each technology and intermediary, whom some firm followed.

    What only met with refusal is no question of who would: it counts where firms are weighed against each other, beside one that agreed.
    """
    arrays = ranker.arrays
    yes: dict[tuple[int, int], list[tuple[int, int]]] = {}
    no: dict[tuple[int, int], list[int]] = {}
    for one in told:
        technology = arrays.number("technology", one.technology)
        broker, firm = (arrays.number("organisation", end) for end in (one.intermediary, one.firm))
        if technology is None or broker is None or firm is None or one.day is None:
            continue
        if one.result in AGREED:
            yes.setdefault((technology, broker), []).append((day_number(one.day), firm))
        elif one.result == DECLINED:
            no.setdefault((technology, broker), []).append(firm)
    found = []
    for (technology, broker), agreed in yes.items():
        day, firms = min(agreed)[0], tuple(dict.fromkeys(firm for _, firm in sorted(agreed)))
        refusing = tuple(dict.fromkeys(firm for firm in no.get((technology, broker), ()) if firm not in firms))
        found.append(PastQuestion(technology, firms[0], day, day - BLOCK, (broker,), firms, True, refusing))
    return sorted(found, key=lambda question: (question.day, question.technology, question.brokers))
