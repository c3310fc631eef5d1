"""Pages for who can help: experts, and partners of an intermediary. What they show is what the API answers."""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.dependencies import PagesDep, ViewsDep, WordsDep, read_day
from api.form_names import shown_parts
from api.pages import Pages
from graph.answer.errors import AnswerError
from graph.answer.expert_model import ExpertQuestion, Experts
from graph.answer.partner_model import PartnerQuestion, Partners

router = APIRouter(include_in_schema=False)

_SHOWN = 10
"""Experts or partners on a page; the API gives more."""
Text = Annotated[str, Query(max_length=2_000)]


@router.get("/experts")
def experts(
    request: Request,
    views: ViewsDep,
    pages: PagesDep,
    words: WordsDep,
    q: Text = "",
    technology: Text = "",
    need: Text = "",
    firm: Text = "",
    as_of: Text = "",
    known_at: Text = "",
) -> Response:
    """A form; with a question, the experts who can help."""
    asked = _given(text=q, technology=technology, need=need, firm=firm)
    given = {"technology": technology, "need": need, "firm": firm}
    shown = shown_parts(views, given, words.language)
    values: dict[str, Any] = {"q": q, "parts": given, "shown": shown, "as_of": as_of}
    parts = {**asked, "as_of": read_day(as_of, "as_of"), "known_at": read_day(known_at, "known_at")}
    question = ExpertQuestion.model_validate({"limit": _SHOWN, "language": words.language, **parts})
    return _page(request, pages, "experts.html", views.snapshot, values, lambda: views.experts(question), asked)


@router.get("/partners")
def partners(
    request: Request,
    views: ViewsDep,
    pages: PagesDep,
    words: WordsDep,
    intermediary: Text = "",
    technology: Text = "",
    as_of: Text = "",
    known_at: Text = "",
) -> Response:
    """A form; with an intermediary, its partners."""
    asked = _given(intermediary=intermediary, technology=technology)
    given = {"intermediary": intermediary, "technology": technology}
    values: dict[str, Any] = {"shown": shown_parts(views, given, words.language), "as_of": as_of}
    parts = {**asked, "as_of": read_day(as_of, "as_of"), "known_at": read_day(known_at, "known_at")}
    if "intermediary" not in asked:
        return pages.render(
            request, "partners.html", snapshot=views.snapshot, found=None, problem=None, api_query="", **values
        )
    question = PartnerQuestion.model_validate({"limit": _SHOWN, "language": words.language, **parts})
    return _page(request, pages, "partners.html", views.snapshot, values, lambda: views.partners(question), asked)


def _given(**parts: str) -> dict[str, str]:
    return {name: text.strip() for name, text in parts.items() if text.strip()}


def _page(
    request: Request,
    pages: Pages,
    template: str,
    snapshot: str,
    values: dict[str, Any],
    ask: Callable[[], Experts | Partners],
    asked: dict[str, str],
) -> Response:
    """The page with the answer, or with what is wrong with the question."""
    found, problem = None, None
    if asked:
        try:
            found = ask()
        except AnswerError as error:
            problem = str(error)
    more = urlencode(asked)
    status = 422 if problem else 200
    return pages.render(
        request, template, status, snapshot=snapshot, found=found, problem=problem, api_query=more, **values
    )
