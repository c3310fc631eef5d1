"""Analyses of the whole network and indicators of the strategy, as the API gives them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from api.question_documents import QuestionDocument, WordsDocument, question_document
from graph.answer.indicators import Figure
from graph.questions.named import NamedQuestion
from ontology.indicators import Indicator, Reported, Target


class _Document(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class TargetDocument(_Document):
    """What was aimed at, by which year and by whom; ``certainty`` is v (read), s (secondary), g (general knowledge) or m (made up)."""

    value: float
    by: int
    set_by: str
    certainty: str
    source: WordsDocument


class ReportedDocument(_Document):
    """A figure that was published elsewhere for a period. It is shown beside and never computed with."""

    value: float
    period: str
    certainty: str
    source: WordsDocument


class IndicatorDocument(_Document):
    """An indicator on the day. A share has ``numerator``, ``denominator`` and ``unknown`` beside it; ``value`` is null where there is
    nothing to compute it from. ``question`` with ``parameters`` is the named question whose answer it is computed from.
    ``target`` is null where nobody in the graph has set one."""

    id: str
    title: WordsDocument
    definition: WordsDocument
    question: str
    parameters: dict[str, Any]
    better: str
    value: float | None
    numerator: float | None
    denominator: float | None
    unknown: float | None
    target: TargetDocument | None
    reported: ReportedDocument | None


class AnalysesDocument(_Document):
    """The analyses that there are, the named questions that belong to them, and the indicators on a day."""

    snapshot: str
    as_of: str
    analyses: list[QuestionDocument]
    questions: list[str]
    version: str
    indicators: list[IndicatorDocument]


def _words(text: Any) -> WordsDocument:
    return WordsDocument(vi=text.vi, en=text.en)


def _target(target: Target | None) -> TargetDocument | None:
    if target is None:
        return None
    return TargetDocument.model_validate({**target.model_dump(), "source": _words(target.source)})


def _reported(reported: Reported | None) -> ReportedDocument | None:
    if reported is None:
        return None
    return ReportedDocument.model_validate({**reported.model_dump(), "source": _words(reported.source)})


def indicator_document(indicator: Indicator, figure: Figure, target: Target | None) -> IndicatorDocument:
    """An indicator with what it is on a day."""
    return IndicatorDocument(
        id=indicator.id,
        title=_words(indicator.title),
        definition=_words(indicator.definition),
        question=indicator.question,
        parameters=dict(indicator.parameters),
        better=indicator.better,
        value=figure.value,
        numerator=figure.numerator,
        denominator=figure.denominator,
        unknown=figure.unknown,
        target=_target(target),
        reported=_reported(indicator.reported),
    )


def analyses_document(
    snapshot: str,
    as_of: str,
    analyses: Iterable[NamedQuestion],
    questions: Sequence[str],
    version: str,
    indicators: Iterable[tuple[Indicator, Figure]],
    targets: Mapping[str, Target | None],
) -> AnalysesDocument:
    """All of it."""
    return AnalysesDocument(
        snapshot=snapshot,
        as_of=as_of,
        analyses=[question_document(one) for one in analyses],
        questions=list(questions),
        version=version,
        indicators=[indicator_document(one, figure, targets[one.id]) for one, figure in indicators],
    )
