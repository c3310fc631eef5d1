"""The pages of the named questions: the list, and one each with its form, its rows, its picture and its query in both languages."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.catalogue import Words
from api.dependencies import PagesDep, ServicesDep, WordsDep
from api.question_presenting import Cells, fields, picture
from api.questions import FORMS, Day, Known, On, given_in, known_on, question_of
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
    on: On = "cypher",
    as_of: Day = "",
    known_at: Known = "",
) -> Response:
    """A question: asked at once where it needs no parameter, else when its form is sent."""
    asked, known = question_of(services.questions, name), known_on(known_at)
    views, given = services.views.current(), given_in(request)
    values: dict[str, Any] = {
        "question": asked,
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
        values |= _answered(asked, given, on, views, words, known)
    except (AnswerError, QuestionError) as error:
        return pages.render(request, "question.html", 422, **{**values, "problem": str(error)})
    return pages.render(request, "question.html", **values)


def _answered(
    asked: NamedQuestion, given: dict[str, Any], on: Language, views: Views, words: Words, known_at: str | None
) -> dict[str, Any]:
    result = views.question(asked, given, on)
    cells = Cells(views, words)
    said = [(name, value) for name, several in given.items() if name != AS_OF for value in several if value.strip()]
    query = urlencode([*said, (AS_OF, result.as_of), *([("known_at", known_at)] if known_at else ())])
    return {
        "result": result,
        "rows": cells.rows(asked, result.rows[:_SHOWN]),
        "shown": _SHOWN,
        "picture": picture(asked, result, cells, words.language),
        "files": [(form, f"/api/questions/{asked.name}.{form}?{query}&language={words.language}") for form in FORMS],
    }
