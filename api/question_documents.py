"""Named questions and their answers, as the API and ``ketnoi question --json`` give them."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from graph.questions.named import Both, NamedQuestion, Parameter
from graph.questions.running import Result


class _Document(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True, populate_by_name=True)


class WordsDocument(_Document):
    """A text in both languages."""

    vi: str
    en: str


class ParameterDocument(_Document):
    """A parameter. ``class`` says what an id has to be, ``scheme`` where a concept is from; ``required`` has no default."""

    name: str
    type: str
    class_: str | None = Field(alias="class")
    scheme: str | None
    label: WordsDocument
    required: bool
    several: bool
    default: Any


class ColumnDocument(_Document):
    """A column of the rows."""

    name: str
    type: str
    label: WordsDocument


class QuestionDocument(_Document):
    """A question; ``example`` holds parameters that give rows on the sample. A: city and ministry, B: firms and intermediaries,
    C: researchers."""

    number: int
    name: str
    audience: str
    title: WordsDocument
    definition: WordsDocument
    parameters: list[ParameterDocument]
    columns: list[ColumnDocument]
    computed: WordsDocument | None
    example: dict[str, Any]


class QuestionsDocument(_Document):
    """The named questions, in the order of their numbers."""

    questions: list[QuestionDocument]


class QueriesDocument(_Document):
    """The query in both languages, the SPARQL with its values."""

    cypher: str
    sparql: str


class ResultDocument(_Document):
    """An answer. Rows hold ids, days as text and lists; ``parameters`` is what was asked with, names as ids; ``truncated`` means that
    there are more rows."""

    columns: list[str]
    rows: list[dict[str, Any]]
    queries: QueriesDocument
    parameters: dict[str, Any]
    truncated: bool
    snapshot: str
    as_of: str
    known_at: str | None


def _words(text: Both) -> WordsDocument:
    return WordsDocument(vi=text.vi, en=text.en)


def _parameter(name: str, parameter: Parameter) -> ParameterDocument:
    return ParameterDocument(
        name=name,
        type=parameter.type,
        class_=parameter.class_,
        scheme=parameter.scheme,
        label=_words(parameter.label),
        required=parameter.required,
        several=parameter.several,
        default=parameter.default,
    )


def question_document(question: NamedQuestion) -> QuestionDocument:
    """A question as it is listed."""
    computed = question.computed
    return QuestionDocument(
        number=question.number,
        name=question.name,
        audience=question.audience,
        title=_words(question.title),
        definition=_words(question.definition),
        parameters=[_parameter(name, one) for name, one in question.parameters.items()],
        columns=[
            ColumnDocument(name=name, type=one.type, label=_words(one.label)) for name, one in question.columns.items()
        ],
        computed=WordsDocument(vi=computed.vi, en=computed.en) if computed else None,
        example=dict(question.example),
    )


def questions_document(asked: Iterable[NamedQuestion]) -> QuestionsDocument:
    """All questions."""
    return QuestionsDocument(questions=[question_document(one) for one in asked])


def result_document(result: Result, known_at: str | None) -> ResultDocument:
    """An answer."""
    return ResultDocument(
        columns=list(result.columns),
        rows=result.rows,
        queries=QueriesDocument(cypher=result.queries["cypher"], sparql=result.queries["sparql"]),
        parameters=dict(result.parameters),
        truncated=result.truncated,
        snapshot=result.snapshot,
        as_of=result.as_of,
        known_at=known_at,
    )
