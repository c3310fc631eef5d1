"""Learns the weights of the score from past deals, replayed in time order.

A past deal becomes a question: for this technology and firm, which intermediary? Everything that its features count was known some time
before. What each feature adds is a line through a few points; the lines are those under which the intermediaries that were chosen are
likeliest among the candidates (conditional logit, McFadden 1974), with a ridge on the steps between neighbouring points. Pairs that met
before and pairs that never did have weights of their own. A straight line in log-odds then makes the sum a probability (Platt 1999).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from graph.answer.candidates import Candidates
from graph.answer.features import features
from graph.answer.fitting import Cards, Sample, calibrate, points_of
from graph.answer.gathering import Asked, gather
from graph.answer.ranker import Ranker
from graph.answer.score import met, score
from graph.answer.weighing import LEARNED, Card, Weights
from graph.views.arrays import NO_DAY

BLOCK = 365
"""Days of the past that are replayed with what was known before the first of them."""
BLOCKS = 3
"""Blocks that are replayed, unless more are asked for."""
_QUESTIONS = 6000
_SIDE_QUESTIONS = 600
_OTHERS = 60
"""Candidates that were not chosen and never met the firm, drawn for each question."""
_SEED = 20261124
_TRIALS = 60
"""Questions on which it is seen which features tell candidates apart at all."""

_CLIENT = "client_"
"""Features of the firm are called so; they are learned from questions in which the firm is not given."""
_BASIS = {
    "vi": "Trọng số học ngày {day} từ {questions} việc trước đây, trong đó {outcomes} chuyển giao công nghệ",
    "en": "Weights learned on {day} from {questions} past deals, of which {outcomes} are transfers of technology",
}


class TooFewDeals(ValueError):
    """There is not enough past to learn from."""


@dataclass(frozen=True, slots=True)
class PastQuestion:
    """A past deal as a question: technology and firm by number, its day, the last day that was known, and who brokered it."""

    technology: int
    firm: int
    day: int
    known: int
    brokers: tuple[int, ...]
    firms: tuple[int, ...]
    transfer: bool

    def candidates(self, ranker: Ranker, firm: int | None = None, broker: int | None = None) -> Candidates:
        """The candidates of the question, with one end given.

        What an engagement was about is asked as a technology that nobody has yet: its holder is the client, which is to be found.
        """
        asked = Asked(firm=firm, broker=broker)
        if self.transfer:
            asked.technologies = [self.technology]
        else:
            asked.text = ranker.technologies.rows(np.array([self.technology]))
        return gather(ranker, asked, self.day, self.known)


def past_questions(ranker: Ranker, most: int = _QUESTIONS, blocks: int = BLOCKS) -> list[PastQuestion]:
    """The deals of the last blocks of days as questions, in time order; a sample where there are more."""
    deals = ranker.deals
    dated = np.flatnonzero((deals.technology >= 0) & (deals.day > NO_DAY))
    if not len(dated):
        return []
    last = int(deals.day[dated].max())
    recent = dated[deals.day[dated] > last - blocks * BLOCK]
    order = recent[np.lexsort((recent, deals.technology[recent], deals.day[recent]))]
    starts = np.flatnonzero(np.diff(deals.technology[order], prepend=-1))
    found = [_question(ranker, rows, last) for rows in np.split(order, starts[1:])]
    if len(found) > most:
        chosen = np.sort(np.random.default_rng(_SEED).choice(len(found), most, replace=False))
        found = [found[int(at)] for at in chosen]
    return found


def _question(ranker: Ranker, rows: np.ndarray, last: int) -> PastQuestion:
    deals = ranker.deals
    day = int(deals.day[rows[0]])
    known = last - BLOCK * ((last - day) // BLOCK + 1)
    brokers = tuple(dict.fromkeys(deals.broker[rows].tolist()))
    firms = tuple(dict.fromkeys(deals.client[rows].tolist()))
    return PastQuestion(
        int(deals.technology[rows[0]]), firms[0], day, known, brokers, firms, bool(deals.transfer[rows[0]])
    )


def learn(
    ranker: Ranker,
    event: dict[str, str],
    day: str,
    data: str = "",
    blocks: int = BLOCKS,
    say: Callable[[str], None] = lambda _: None,
) -> Weights:
    """Learn weights from the past deals of a snapshot.

    :param event: what the probability is of, in Vietnamese and English
    :param day: of the file
    :param data: hash of what the deals were read from
    :param blocks: how many years of the past are replayed
    :param say: called with a word for each step
    :raises TooFewDeals: where the past gives no question
    """
    trial = Ranker(ranker.arrays, Weights(LEARNED, day, event, {}, 0.0, {}))
    questions = past_questions(trial, blocks=blocks)
    names = _telling(trial, questions)
    brokers = [name for name in names if not name.startswith(_CLIENT)]
    sample = _gathered(_replay(trial, questions, brokers))
    if not len(sample.values):
        raise TooFewDeals("no past deal has its intermediary among the candidates that were known before")
    asked = np.unique(sample.question).tolist()
    outcomes = sum(questions[number].transfer for number in asked)
    say(f"{len(asked)} questions, of which {outcomes} are transfers of technology")
    fitted = replace(
        _fit_brokers(sample, brokers),
        date=day,
        event=event,
        basis={
            language: said.format(day=day, questions=len(asked), outcomes=outcomes) for language, said in _BASIS.items()
        },
        data=data,
        questions=len(asked),
        outcomes=outcomes,
    )
    clients = [name for name in names if name.startswith(_CLIENT)]
    return _fit_clients(Ranker(ranker.arrays, fitted), questions, clients)


def _telling(ranker: Ranker, questions: Sequence[PastQuestion]) -> list[str]:
    """The features that tell candidates of some questions apart."""
    differing: set[str] = set()
    for question in questions[:: max(1, len(questions) // _TRIALS)]:
        for c in (
            question.candidates(ranker, firm=question.firm),
            question.candidates(ranker, broker=question.brokers[0]),
        ):
            for feature in features():
                if feature.name not in differing and len(c):
                    values = np.nan_to_num(feature.values(c))
                    if np.ptp(values) > 0:
                        differing.add(feature.name)
    return sorted(differing)


def _replay(ranker: Ranker, questions: Sequence[PastQuestion], names: Sequence[str]) -> Iterator[Sample]:
    random = np.random.default_rng(_SEED)
    for number, question in enumerate(questions):
        c = question.candidates(ranker, firm=question.firm)
        chosen = np.isin(c.broker, question.brokers)
        if not chosen.any():
            continue
        together = met(c)
        keep, offset = _drawn(random, chosen | together, _OTHERS)
        yield Sample(values_of(c, names)[keep], np.full(len(keep), number), chosen[keep], offset, together[keep])


def _drawn(random: np.random.Generator, always: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """All of some rows and a few of the others; each of these stands for several (its offset is the logarithm of how many)."""
    others = np.flatnonzero(~always)
    few = np.sort(random.choice(others, min(most, len(others)), replace=False)) if len(others) else others
    keep = np.concatenate([np.flatnonzero(always), few])
    offset = np.zeros(len(keep))
    offset[len(keep) - len(few) :] = np.log(len(others) / len(few)) if len(few) else 0.0
    return keep, offset


def values_of(c: Candidates, names: Sequence[str]) -> np.ndarray:
    """Values of features, (candidates × features); what is not on record is 0."""
    wanted = {feature.name: feature for feature in features()}
    return np.column_stack([np.nan_to_num(wanted[name].values(c)) for name in names]).astype(np.float32)


def _gathered(samples: Iterator[Sample]) -> Sample:
    found = list(samples)
    if not found:
        none = np.empty(0)
        return Sample(np.empty((0, 0)), none, none.astype(bool), none, none.astype(bool))
    return Sample(*(np.concatenate([getattr(one, name) for one in found]) for name in Sample.__slots__))


def _fit_brokers(sample: Sample, names: Sequence[str]) -> Weights:
    """Weights of those that met and of strangers, together; the questions won by a stranger count among strangers alone once more."""
    two = Cards([points_of(sample.values[sample.met]), points_of(sample.values[~sample.met])])
    among = sample.of(~sample.met)
    among.question = among.question + int(sample.question.max()) + 1
    both = Sample(*(np.concatenate([getattr(sample, name), getattr(among, name)]) for name in Sample.__slots__))
    found = two.fit(both)
    total = two.basis(sample) @ found
    slope, level = calibrate(total, sample.chosen, np.exp(sample.offset))
    cards = two.cards(found * slope, names)
    return Weights(
        LEARNED,
        "",
        {},
        {},
        cards[0].base_rate + level,
        cards[0].features,
        Card(cards[1].base_rate + level, cards[1].features),
    )


def _fit_clients(ranker: Ranker, questions: Sequence[PastQuestion], names: Sequence[str]) -> Weights:
    """Add to broker weights those of the firm's own features, from questions for the firm given technology and intermediary."""
    weights = ranker.weights
    some = questions[:: max(1, len(questions) // _SIDE_QUESTIONS)]
    sample = _gathered(_replay_clients(ranker, some, names))
    if not names or not len(sample.values):
        return weights
    one = Cards([points_of(sample.values)])
    (card,) = one.cards(one.fit(sample), names)
    strangers = weights.strangers
    return replace(
        weights,
        features=weights.features | card.features,
        strangers=replace(strangers, features=strangers.features | card.features) if strangers else None,
    )


def _replay_clients(ranker: Ranker, questions: Sequence[PastQuestion], names: Sequence[str]) -> Iterator[Sample]:
    for number, question in enumerate(questions):
        c = question.candidates(ranker, broker=question.brokers[0])
        chosen = np.isin(c.firm, question.firms)
        if chosen.any():
            yield Sample(
                values_of(c, names), np.full(len(c), number), chosen, score(c).log_odds, np.ones(len(c), dtype=bool)
            )
