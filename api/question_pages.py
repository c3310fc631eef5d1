"""The pages of the named questions: the list, and one each with its form, its rows, its picture and its query in both languages."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.catalogue import Words
from api.dependencies import KnownAt, PagesDep, ServicesDep, ViewsDep, WordsDep, read_day
from api.pages import Pages
from api.question_presenting import Cells, fields, picture
from api.questions import FORMS, Day, On, given_in, question_of
from api.reading import Views
from graph.answer.errors import AnswerError
from graph.questions.errors import QuestionError
from graph.questions.named import AS_OF, NamedQuestion
from graph.questions.twins import Language

router = APIRouter(include_in_schema=False)

_SHOWN = 200
"""Rows on a page; the files hold more."""
AUDIENCES = ("A", "B", "C")


@router.get("/questions")
def questions_page(request: Request, services: ServicesDep, pages: PagesDep) -> Response:
    """What can be asked, by who asks it."""
    asked = services.questions.values()
    groups = [(audience, [one for one in asked if one.audience == audience]) for audience in AUDIENCES]
    return pages.render(
        request,
        "questions.html",
        groups=[group for group in groups if group[1]],
        snapshot=services.views.current().snapshot,
    )


@router.get("/questions/{name}")
def question_page(
    request: Request,
    name: str,
    services: ServicesDep,
    pages: PagesDep,
    words: WordsDep,
    views: ViewsDep,
    on: On = "cypher",
    as_of: Day = "",
    known_at: KnownAt = None,
) -> Response:
    """A question: asked at once where it needs no parameter, else when its form is sent."""
    asked, given = question_of(services.questions, name), given_in(request)
    return shown(request, pages, words, views, asked, given, on, as_of, known_at, "questions")


def shown(
    request: Request,
    pages: Pages,
    words: Words,
    views: Views,
    asked: NamedQuestion,
    given: dict[str, Any],
    on: Language,
    as_of: str,
    known_at: str | None,
    place: str,
) -> Response:
    """The page of a question.

    :param place: the first part of its address
    """
    known = read_day(known_at, "known_at")
    values: dict[str, Any] = {
        "question": asked,
        "place": place,
        "fields": fields(asked, given, words.language),
        "on": on,
        "as_of": as_of,
        "known_at": known,
        "snapshot": views.snapshot,
        "example": urlencode(list(asked.example.items()), doseq=True),
        "problem": None,
        "result": None,
    }
    complete = all(any(given.get(one, ())) for one, parameter in asked.parameters.items() if parameter.required)
    if not complete and not given:
        return pages.render(request, "question.html", **values)
    try:
        values |= _answered(asked, given, on, views, words, known, request.query_params.get("snapshot"), place)
    except (AnswerError, QuestionError) as error:
        return pages.render(request, "question.html", 422, **{**values, "problem": str(error)})
    return pages.render(request, "question.html", **values)


def _answered(
    asked: NamedQuestion,
    given: dict[str, Any],
    on: Language,
    views: Views,
    words: Words,
    known_at: str | None,
    snapshot: str | None,
    place: str,
) -> dict[str, Any]:
    result = views.question(asked, given, on)
    cells = Cells(views, words)
    said = [(name, value) for name, several in given.items() if name != AS_OF for value in several if value.strip()]
    chosen = [(name, value) for name, value in (("known_at", known_at), ("snapshot", snapshot)) if value]
    query = urlencode([*said, (AS_OF, result.as_of), *chosen])
    return {
        "result": result,
        "rows": cells.rows(asked, result.rows[:_SHOWN]),
        "shown": _SHOWN,
        "picture": picture(asked, result, cells, words.language),
        "files": [(form, f"/api/{place}/{asked.name}.{form}?{query}&language={words.language}") for form in FORMS],
    }
