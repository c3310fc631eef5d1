"""What may take long: what it is called while it is computed, by what it is kept, and how it is written down."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from api.catalogue import catalogue
from graph.answer.indicators import Figure
from graph.questions.binding import bind
from graph.questions.named import NamedQuestion
from graph.questions.networks import Tie
from graph.questions.running import Result
from graph.questions.twins import Language
from graph.views.naming import Names

ANSWERS = "answers"
"""Where prepared answers are, beside the views of a snapshot."""
ROWS: TypeAdapter[list[dict[str, Any]]] = TypeAdapter(list[dict[str, Any]])
RESULT: TypeAdapter[Result] = TypeAdapter(Result)
TIES: TypeAdapter[tuple[Tie, ...]] = TypeAdapter(tuple[Tie, ...])
FIGURES: TypeAdapter[list[Figure]] = TypeAdapter(list[Figure])


PARTNERS = catalogue()["partners.title"]
WHATIF = catalogue()["whatif.title"]
INDICATORS = catalogue()["analysis.indicators"]
DIFFERENCES = catalogue()["diff.title"]
SURROUNDINGS = catalogue()["part_of.around"]
RANKER = catalogue()["preparing.ranking"]


def said(question: NamedQuestion) -> Mapping[str, str]:
    """The title of a question, in both languages."""
    return {"vi": question.title.vi, "en": question.title.en}


def key_of(question: NamedQuestion, given: Mapping[str, Any], on: Language, names: Names) -> tuple[str, ...]:
    """By what the answer to a question is kept: what it is, and all that it is asked with, the day among it.

    :raises graph.questions.errors.QuestionError: where it can't be asked so
    """
    bound = bind(question, given, names)
    return (question.name, question.cypher, on, repr(sorted(bound.items())))
