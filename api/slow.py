"""What may take long: what it is called while it is computed, by what it is kept, and how it is written down."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, TypeAdapter

from api.catalogue import catalogue
from graph.answer.indicators import Figure
from graph.questions.binding import bind
from graph.questions.communities import Overview
from graph.questions.ecosystem import ecosystem_questions
from graph.questions.named import NamedQuestion
from graph.questions.networks import Tie
from graph.questions.running import Result
from graph.questions.twins import Language
from graph.views.naming import Names


def _plain(found: Result) -> dict[str, Any]:
    said = {field.name: getattr(found, field.name) for field in fields(found)}
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in said.items()}


def _without_pairs(found: Overview) -> dict[str, Any]:
    """An overview as JSON can hold it: pairs of nodes are no names of members there."""
    said = {field.name: getattr(found, field.name) for field in fields(found)}
    divided = {field.name: getattr(found.divided, field.name) for field in fields(found.divided)}
    return said | {"divided": divided | {"drawn": [(*pair, weight) for pair, weight in found.divided.drawn.items()]}}


def _with_pairs(said: Any) -> Any:
    drawn = {(one, other): weight for one, other, weight in said["divided"]["drawn"]}
    return said | {"divided": said["divided"] | {"drawn": drawn}}


ANSWERS = "answers"
"""Where prepared answers are, beside the views of a snapshot."""
ROWS: TypeAdapter[list[dict[str, Any]]] = TypeAdapter(list[dict[str, Any]])
RESULT: TypeAdapter[Result] = TypeAdapter(Annotated[Result, PlainSerializer(_plain)])
TIES: TypeAdapter[tuple[Tie, ...]] = TypeAdapter(tuple[Tie, ...])
OVERVIEW: TypeAdapter[Overview] = TypeAdapter(
    Annotated[Overview, PlainSerializer(_without_pairs), BeforeValidator(_with_pairs)]
)
FIGURES: TypeAdapter[list[Figure]] = TypeAdapter(list[Figure])


def _words(key: str) -> Mapping[str, str]:
    return catalogue()[key]


PARTNERS = _words("partners.title")
WHATIF = _words("whatif.title")
INDICATORS = _words("analysis.indicators")
DIFFERENCES = _words("diff.title")
KEEPING = _words("snapshots.keep")
HISTORY = _words("part_of.history")
SURROUNDINGS = _words("part_of.around")
RANKER = _words("preparing.ranking")


def said(question: NamedQuestion) -> Mapping[str, str]:
    """The title of a question, in both languages."""
    return {"vi": question.title.vi, "en": question.title.en}


def shares(question: NamedQuestion) -> bool:
    """Whether several answers are computed from the rows of its query."""
    return ecosystem_questions().get(question.name) is question


def key_of(question: NamedQuestion, given: Mapping[str, Any], on: Language, names: Names) -> tuple[str, ...]:
    """By what the answer to a question is kept: what it is, and all that it is asked with, the day among it.

    :raises graph.questions.errors.QuestionError: where it can't be asked so
    """
    bound = bind(question, given, names)
    return (question.name, question.cypher, on, repr(sorted(bound.items())))
