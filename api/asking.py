"""The main question as an address of our pages asks it: what was typed, the question that it is, and the addresses of what belongs to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from fastapi import HTTPException, Request
from pydantic import ValidationError

from api.catalogue import Language, Words
from api.dependencies import read_day
from graph.answer.errors import AnswerError
from graph.answer.model import MOST_ROUTES, Answer, FilterName, Question, Route
from graph.answer.narrowing import FILTERS
from graph.statements.home import Home, today
from graph.views.errors import UnknownSnapshot
from graph.views.kept import kept_path

PARTS = ("technology", "firm", "need", "intermediary")
ROUTES = 10
"""Routes on a page; the API gives more at once."""
COMPARED = 3
"""Routes that are compared at most."""
_TEXT = "q"
DAYS = ("as_of", "known_at", "snapshot")
LASTING = (_TEXT, *PARTS, *FILTERS)
"""What a question is made of on whatever day it is asked."""
_NAMES = (*LASTING, *DAYS)
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """What an address asks. ``given`` is what was typed, by the name of its field; empty fields are left out."""

    given: dict[str, str]
    question: Question

    @property
    def text(self) -> str:
        return self.given.get(_TEXT, "")

    @property
    def parts(self) -> dict[str, str]:
        return {name: self.given.get(name, "") for name in PARTS}

    @property
    def filters(self) -> dict[FilterName, str]:
        """The filters that were given."""
        return {name: self.given[name] for name in FILTERS if name in self.given}

    @property
    def asks(self) -> bool:
        """Whether anything is asked: a day or a filter alone is no question."""
        return bool(self.text or any(self.parts.values()))

    def address(self, path: str = "/", other: Mapping[str, Any] = MappingProxyType({})) -> str:
        """The address of a page about this question; ``other`` are further parameters, or None for one that is left out."""
        kept: dict[str, Any] = {name: value for name, value in self.given.items() if name not in other}
        return _address(path, kept | {name: value for name, value in other.items() if value is not None})

    def without(self, name: str) -> str:
        """The address of the same question without one filter."""
        return self.address(other={name: None})

    def page(self, offset: int) -> str:
        """The address of the routes behind those of better rank."""
        return self.address(other={"offset": offset or None})

    def api(self, other: Mapping[str, Any] = MappingProxyType({})) -> str:
        """The address of the same answer as data."""
        kept = {"text" if name == _TEXT else name: value for name, value in self.given.items()}
        return _address("/api/transfer", {**kept, "language": self.question.language, **other})

    def route(self, route: Route) -> str:
        """The address of a route with its evidence."""
        return self.address("/route", {"route": route.key})

    def holding(self, route: Route) -> str:
        """The address of the page of the answer on which a route stands."""
        return f"{self.page((route.rank - 1) // ROUTES * ROUTES)}#route-{route.rank}"

    def lasting(self, answer: Answer, home: Home) -> str:
        """An address that answers the same on any day: it holds the question, the day that it is about, and what was known.

        A snapshot that is kept is named; of any other the day, at whose end it is looked back at.
        """
        days = {name: text for name, text in self.given.items() if name in ("known_at", "snapshot")}
        return self.address(other={"as_of": answer.as_of, **(days or _knowing(answer.snapshot, home))})


def _knowing(snapshot: str, home: Home) -> dict[str, str]:
    try:
        kept_path(home, snapshot)
    except UnknownSnapshot:
        return {"known_at": today()}
    return {"snapshot": snapshot}


def _address(path: str, parameters: dict[str, Any]) -> str:
    return f"{path}?{urlencode(parameters, doseq=True)}" if parameters else path


def _typed(request: Request) -> dict[str, str]:
    given = {}
    for name in _NAMES:
        text = request.query_params.get(name, "").strip()
        if len(text) > _LONGEST:
            raise HTTPException(422, f"{name} is longer than {_LONGEST} characters.")
        if text:
            given[name] = text
    return given


def as_typed(request: Request, words: Words) -> PageQuestion:
    """What was typed where it is no question, to be shown in the form again."""
    return PageQuestion(_typed(request), Question(language=words.language))


def asked_in(request: Request, words: Words, limit: int = ROUTES, routes: Sequence[str] = ()) -> PageQuestion:
    """What an address asks.

    :param routes: keys of the routes that alone are asked for
    :raises AnswerError: where something in it is no question
    :raises HTTPException: 422 where a day is none, or a text too long
    """
    given = _typed(request)
    for name in ("as_of", "known_at"):
        read_day(given.get(name), name)
    offset = request.query_params.get("offset", "0")
    said = {"limit": limit, "offset": offset or 0, "route": list(routes)}
    return PageQuestion(given, question_of(given, words.language, said))


def question_of(given: Mapping[str, str], language: Language, more: Mapping[str, Any]) -> Question:
    """The question that was typed.

    :param given: what was typed, by the name of its field
    :param more: further parts of the question
    :raises AnswerError: where it is no question
    """
    said = {"text" if name == _TEXT else name: text for name, text in given.items() if name != "snapshot"}
    try:
        return Question.model_validate({**said, **more, "language": language})
    except ValidationError as error:
        first = error.errors()[0]
        raise AnswerError(f"{first['loc'][0]}: {first['msg']}") from None


@dataclass(frozen=True, slots=True)
class Paging:
    """Which routes a page shows, and the addresses of those before and behind."""

    first: int
    last: int
    before: str | None
    behind: str | None


def paging(asked: PageQuestion, answer: Answer) -> Paging:
    """Where a page of an answer stands."""
    offset, shown = asked.question.offset, len(answer.routes)
    before = asked.page(max(0, offset - ROUTES)) if offset else None
    more = answer.truncated and shown == asked.question.limit and offset + shown < MOST_ROUTES
    return Paging(offset + 1, offset + shown, before, asked.page(offset + ROUTES) if more else None)
