"""Who may review a proposal, and how councils are made up: over HTTP and as pages."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from api.dependencies import KnownAt, PagesDep, ViewsDep, WordsDep, read_day
from api.examples import errors
from graph.answer.errors import AnswerError
from graph.answer.review_model import Councils, Reviewers, ReviewQuestion
from graph.answer.reviewers import councils, find_reviewers
from graph.statements.home import today

router = APIRouter(tags=["experts"])

Text = Annotated[str, Query(max_length=2_000)]
_MOST = 50
_SEPARATOR = ";"


@router.get("/api/reviewers", summary="Who may review a proposal", responses=errors(422, 503))
def reviewers(question: Annotated[ReviewQuestion, Query()], views: ViewsDep) -> Reviewers:
    """Experts for a task or a text in the ranking of ``/api/experts``; those with a conflict in the graph are excluded with its path.

    Conflicts: takes part; the same employer on the day, or one of its family; a shared employer, technology or task with somebody who
    takes part; a right over what comes of it. That none is found is no proof that there is none: ``unchecked`` says what is missing.
    """
    if not question.task and not question.text:
        raise HTTPException(422, "Give a task or a text.")
    for name in ("as_of", "known_at"):
        read_day(getattr(question, name), name)
    return views.consistently(lambda reading: find_reviewers(reading, question))


@router.get("/api/councils", summary="Who advised on what, in which role", responses=errors(422, 503))
def list_councils(
    views: ViewsDep,
    about: Annotated[str | None, Query(max_length=2_000, description="A policy instrument or a task.")] = None,
    as_of: Annotated[str | None, Query(max_length=10)] = None,
    known_at: KnownAt = None,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = 20,
    language: Literal["vi", "en"] = "vi",
) -> Councils:
    """Those appointed by the day, with role, day and employer of that day, and the balance of each council.

    Of one policy instrument or task, or of all policy instruments that have any.
    """
    day, known = read_day(as_of, "as_of") or today(), read_day(known_at, "known_at")
    return views.consistently(lambda reading: councils(reading, about, day, language, limit, known))


@router.get("/reviewers", include_in_schema=False)
def reviewers_page(
    request: Request,
    views: ViewsDep,
    pages: PagesDep,
    words: WordsDep,
    q: Text = "",
    task: Text = "",
    host: Text = "",
    people: Text = "",
    as_of: Text = "",
    known_at: Text = "",
) -> Response:
    """A form; with a proposal, who may review it and who may not."""
    given = {"text": q.strip(), "task": task.strip(), "host": host.strip()}
    asked: dict[str, Any] = {name: text for name, text in given.items() if text}
    asked |= {"people": [name.strip() for name in people.split(_SEPARATOR) if name.strip()][:20]}
    asked |= {"as_of": read_day(as_of, "as_of"), "known_at": read_day(known_at, "known_at")}
    found, problem = None, None
    if given["text"] or given["task"]:
        question = ReviewQuestion.model_validate({**asked, "language": words.language})
        try:
            found = views.consistently(lambda reading: find_reviewers(reading, question))
        except AnswerError as error:
            problem = str(error)
    values: dict[str, Any] = {"given": given | {"people": people, "as_of": as_of}, "found": found, "problem": problem}
    return pages.render(request, "reviewers.html", 422 if problem else 200, snapshot=views.snapshot, **values)


@router.get("/councils", include_in_schema=False)
def councils_page(
    request: Request, views: ViewsDep, pages: PagesDep, words: WordsDep, about: Text = "", as_of: Text = ""
) -> Response:
    """Who advised on which policy instrument, in what role; the balance of each council."""
    day = read_day(as_of, "as_of") or today()
    found, problem = None, None
    try:
        found = views.consistently(lambda reading: councils(reading, about.strip() or None, day, words.language, 20))
    except AnswerError as error:
        problem = str(error)
    values: dict[str, Any] = {"about": about, "as_of": as_of, "found": found, "problem": problem}
    return pages.render(request, "councils.html", 422 if problem else 200, snapshot=views.snapshot, **values)
