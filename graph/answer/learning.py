"""Learns the weights of the score from past deals, replayed in time order.

A past deal becomes a question: for this technology and firm, which intermediary? Everything that its features count was known some time
before. What each feature adds is a line through a few points; the lines are those under which the intermediaries that were chosen are
likeliest among the candidates (conditional logit, McFadden 1974), with a ridge on the steps between neighbouring points. Pairs that met
before and pairs that never did have weights of their own. A straight line in log-odds then makes the sum a probability (Platt 1999).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from graph.answer.candidates import Candidates
from graph.answer.features import features
from graph.answer.fitting import Cards, Sample, calibrate, points_of
from graph.answer.past_questions import BLOCKS, SEED, PastQuestion, opening_questions, past_questions, told_questions
from graph.answer.ranker import Ranker
from graph.answer.score import met, score
from graph.answer.told_outcomes import ToldOutcome
from graph.answer.weighing import LEARNED, Card, Weights

_SIDE_QUESTIONS = 600
_OTHERS = 60
"""Candidates that were not chosen and never met the firm, drawn for each question."""
_TRIALS = 60
"""Questions on which it is seen which features tell candidates apart at all."""

_CLIENT = "client_"
"""Features of the firm are called so; they are learned from questions in which the firm is not given."""
_BASIS = {
    "vi": "Trọng số học ngày {day} từ {questions} việc trước đây và {outcomes} kết quả của chính lĩnh vực này (chuyển giao, đồng ý, từ chối)",
    "en": "Weights learned on {day} from {questions} past deals and {outcomes} outcomes of the own domain (transfers, acceptances, refusals)",
}


class TooFewDeals(ValueError):
    """There is not enough past to learn from."""


def learn(
    ranker: Ranker,
    event: dict[str, str],
    day: str,
    data: str = "",
    blocks: int = BLOCKS,
    told: Sequence[ToldOutcome] = (),
    say: Callable[[str], None] = lambda _: None,
) -> Weights:
    """Learn weights from the past deals of a snapshot.

    :param event: what the probability is of, in Vietnamese and English
    :param day: of the file
    :param data: hash of what the deals were read from
    :param blocks: how many years of the past are replayed
    :param told: outcomes that people told, whoever may see them: they are what is learned, while features count what is public
    :param say: called with a word for each step
    :raises TooFewDeals: where the past gives no question
    """
    trial = Ranker(ranker.arrays, Weights(LEARNED, day, event, {}, 0.0, {}))
    questions = [*past_questions(trial, blocks=blocks), *told_questions(trial, told)]
    names = _telling(trial, questions)
    brokers = [name for name in names if not name.startswith(_CLIENT)]
    sample = _gathered(_replay(trial, questions, brokers))
    if not len(sample.values):
        raise TooFewDeals("no past deal has its intermediary among the candidates that were known before")
    asked = np.unique(sample.question).tolist()
    outcomes = sum(questions[number].transfer + len(questions[number].refusing) for number in asked)
    say(f"{len(asked)} questions, and {outcomes} outcomes of the own domain")
    openings = _gathered(_replay(trial, opening_questions(trial, questions, blocks=blocks), brokers))
    fitted = replace(
        _fit_brokers(sample, openings, brokers),
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
    random = np.random.default_rng(SEED)
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
    return _joined(found)


def _joined(parts: Sequence[Sample]) -> Sample:
    return Sample(*(np.concatenate([getattr(one, name) for one in parts]) for name in Sample.__slots__))


def _one_after_another(parts: Sequence[Sample]) -> Sample:
    """Samples whose questions are numbered alike, as so many questions more."""
    numbered, after = [], 0
    for part in parts:
        numbered.append(replace(part, question=part.question + after))
        after += int(part.question.max(initial=0)) + 1
    return _joined(numbered)


def _fit_brokers(sample: Sample, openings: Sample, names: Sequence[str]) -> Weights:
    """Weights of those that met and of strangers, together; the questions won by a stranger count among strangers alone once more.

    :param openings: more questions won by strangers, which count among strangers alone
    """
    two = Cards([points_of(sample.values[sample.met]), points_of(sample.values[~sample.met])])
    parts = [sample, sample.of(~sample.met)]
    if len(openings.values):
        parts.append(openings.of(~openings.met))
    both = _one_after_another(parts)
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
    # a refusal beside an acceptance is dear: all of these count, and of the rest a sample
    rest = [question for question in questions if not question.refusing]
    some = rest[:: max(1, len(rest) // _SIDE_QUESTIONS)] + [question for question in questions if question.refusing]
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
        if question.refusing:
            c = c.with_firms(question.firms + question.refusing, question.brokers[0])
        chosen = np.isin(c.firm, question.firms)
        if chosen.any():
            yield Sample(
                values_of(c, names), np.full(len(c), number), chosen, score(c).log_odds, np.ones(len(c), dtype=bool)
            )
