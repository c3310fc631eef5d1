"""What a watch asks of a snapshot: the main question of a case or as it was typed, and the experts for the same."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from api.asking import PARTS, PageQuestion, question_of
from api.catalogue import Language
from api.reading import Views
from graph.answer.expert_model import ExpertQuestion, Experts
from graph.answer.model import Answer, Question
from graph.answer.news import FIRST, FirstTen, News, explained, find_news, first_ten
from graph.statements.cases import Case
from graph.statements.watches import Look, Watch
from graph.views.errors import NotReady

_EXPERT_PARTS = tuple(part for part in PARTS if part != "intermediary")
_EXPERT_TEXT = 2_000
_OTHER: Mapping[Language, Language] = {"vi": "en", "en": "vi"}


@dataclass(frozen=True, slots=True)
class Watched:
    """A case, or a question as it was typed."""

    case: Case | None = None
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def own(self) -> frozenset[str]:
        """What is the case's own, and so is no news for it."""
        case = self.case
        return frozenset(one for one in (case.id, case.party_id) if one) if case else frozenset()

    def page_question(self, language: Language) -> PageQuestion:
        """What was typed.

        :raises graph.answer.errors.AnswerError: where it is no question any more
        """
        return PageQuestion(dict(self.given), question_of(self.given, language, {"limit": FIRST}))

    def answer(self, views: Views, language: Language) -> Answer:
        """The routes.

        :raises graph.answer.errors.AnswerError: where something in it is not known
        """
        if self.case is None:
            return views.answer(self.page_question(language).question)
        return views.answer(Question(case=self.case.id, limit=FIRST, language=language), self.case)

    def experts(self, views: Views, language: Language) -> Experts | None:
        """The experts, where it says what for and the snapshot knows any.

        :raises graph.answer.errors.AnswerError: where something in it is not known
        """
        said: dict[str, Any]
        if self.case is None:
            said = {part: self.given[part] for part in _EXPERT_PARTS if part in self.given}
            text = self.given.get("q", "")
        else:
            said, text = {}, f"{self.case.title}\n{self.case.text}"
        if text:
            said["text"] = text[:_EXPERT_TEXT]
        if not said:
            return None
        with suppress(NotReady):  # published before there were arrays for experts
            return views.experts(ExpertQuestion(**said, limit=FIRST, language=language))
        return None


def watched_of(watch: Watch, cases: Mapping[str, Case]) -> Watched | None:
    """What somebody watches; None where it is a case that is no longer hers.

    :param cases: all of the desk by their ids
    """
    if not watch.about:
        return Watched(given=watch.question)
    case = cases.get(watch.about)
    return Watched(case) if case is not None and case.owner == watch.owner else None


@dataclass(frozen=True, slots=True)
class Found:
    """What a look found: what is to be written down of it, the day that it is about, and what is new."""

    look: Look
    snapshot: str
    day: str
    news: News | None


def look(views: Views, watched: Watched, language: Language) -> Found:
    """Look for the first time: all that is there is known.

    :raises graph.answer.errors.AnswerError: where there is no answer
    """
    answer, experts = watched.answer(views, language), watched.experts(views, language)
    return _found(views, answer, first_ten(answer, experts, watched.own), None)


def look_again(views: Views, watched: Watched, watch: Watch, seen: Callable[[frozenset[str]], bool]) -> Found:
    """Look for what came since the last look.

    :param seen: whether one of some ids was among the first ten before
    :raises graph.answer.errors.AnswerError: where there is no answer
    :raises NotReady: where the snapshot was switched meanwhile
    """

    def is_new(entity: str) -> bool:
        if seen(frozenset({entity})):
            return False
        beginning = views.beginning(entity)
        return beginning.load is not None and beginning.load > watch.load and not seen(beginning.mentions)

    answer, experts = watched.answer(views, watch.language), watched.experts(views, watch.language)
    if answer.snapshot != views.snapshot:
        # what is new is told by the loads of one snapshot
        raise NotReady("the snapshot was switched while it was looked at")
    now, before = first_ten(answer, experts, watched.own), FirstTen.model_validate_json(watch.first_ten)
    news = find_news(before, answer, experts, watched.own, is_new)
    if news is not None:
        other = _OTHER[watch.language]
        news = explained(news, answer, experts, watch.language)
        # whoever reads it reads either language
        news = explained(news, watched.answer(views, other), watched.experts(views, other), other)
    return _found(views, answer, now, news)


def _found(views: Views, answer: Answer, now: FirstTen, news: News | None) -> Found:
    made = views.made_of
    taken = Look(made.number, made.last_load, now.model_dump_json(exclude_none=True), now.entities())
    return Found(taken, answer.snapshot, answer.as_of, news)
