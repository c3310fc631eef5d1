"""Asks or prepares a named question of a snapshot: the rankings that some of them begin with are done on its arrays."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from graph.answer.ranked_questions import RANKINGS
from graph.answer.reading import Reading
from graph.questions.named import NamedQuestion
from graph.questions.running import Prepared, Ranking, Result, Sharing, alone, run
from graph.questions.running import prepare as prepared
from graph.questions.twins import Language


def ask(
    reading: Reading,
    question: NamedQuestion,
    given: Mapping[str, Any],
    on: Language = "cypher",
    sharing: Sharing = alone,
) -> Result:
    """The answer to a named question; see :func:`graph.questions.running.run`.

    :raises AnswerError: where what is asked about can't be ranked
    """
    return run(question, given, reading, on=on, rankings=_rankings(reading), sharing=sharing)


def prepare(reading: Reading, question: NamedQuestion, given: Mapping[str, Any]) -> Prepared:
    """A named question with its values, not asked yet; see :func:`graph.questions.running.prepare`.

    :raises AnswerError: where what is asked about can't be ranked
    """
    return prepared(question, given, reading, _rankings(reading))


def _rankings(reading: Reading) -> dict[str, Ranking]:
    return {name: partial(ranking, reading) for name, ranking in RANKINGS.items()}
