"""What came of introductions: members tell it, by the API or by the form on a route, and see what was told."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from api.dependencies import HomeDep, MemberDep, NewestDep, PagesDep, SignedInDep, WordsDep, WriterDep
from api.documentation import BEARER
from api.documents import NodeDocument
from api.examples import errors
from api.outcome_documents import REASONS, RESULTS, OutcomeForm, OutcomesDocument, ToldDocument, WrittenDocument
from api.reading import Views, Writer
from api.sessions import check_form
from graph.answer.told_outcomes import ToldOutcome, told_by_members
from graph.resolve.snapshots import directory
from graph.statements.home import Home, today
from graph.statements.outcomes import DECLINED, SIGNED, Outcome
from graph.views.naming import called, identified

router = APIRouter()

_SECURE: dict[str, Any] = {"security": [{BEARER: []}]}
_SHOWN = 200
_CLASSES = {"technology": "Technology", "intermediary": "Organization", "firm": "Organization"}
UNANSWERED = "unanswered"


def tell(form: OutcomeForm, who: str, views: Views, writer: Writer) -> WrittenDocument:
    """Check what is told against the graph, and write it.

    :raises HTTPException: 422 where it can't be
    """
    ends = {part: _node(views, part, getattr(form, part)) for part in _CLASSES}
    if ends["intermediary"] == ends["firm"]:
        raise HTTPException(422, "Intermediary and firm are one body.")
    if (form.reason is not None) != (form.result == DECLINED):
        raise HTTPException(422, "A reason is given where the firm declined, and only there.")
    day = form.day.isoformat() if form.day else today()
    answered = None
    if form.result not in (None, SIGNED):
        answered = form.answered.isoformat() if form.answered else today()
    elif form.answered:
        raise HTTPException(422, "The day of an answer needs an answer.")
    if max(day, answered or day) > today():
        raise HTTPException(422, "What has not happened yet can't be told.")
    if answered and answered < day:
        raise HTTPException(422, "The firm can't answer before it was told.")
    outcome = Outcome(
        **ends,
        day=day,
        result=form.result,
        reason=form.reason,
        answered=answered,
        illustrative=any(views.illustrative(node) for node in ends.values()),
    )
    load = writer.tell(outcome, who)
    return WrittenDocument(load=load.load, **ends, result=form.result)


def _node(views: Views, part: str, text: str) -> str:
    found = identified(views, text, _CLASSES[part])
    if found is None:
        exact, _ = called(views, text, _CLASSES[part])
        found = exact[0] if len(exact) == 1 else None
    if found is None:
        raise HTTPException(422, f"{part}: nothing, or more than one, is called that; give its id.")
    return found


@router.post(
    "/api/outcomes",
    status_code=202,
    responses=errors(401, 403, 422, 503),
    summary="Tell what came of an introduction",
    tags=["outcomes"],
    openapi_extra=_SECURE,
)
def post_outcome(form: OutcomeForm, who: MemberDep, views: NewestDep, writer: WriterDep) -> WrittenDocument:
    """Tell that a firm was told of a technology, what it said, or that a transfer was signed. Told again, it says what it says now."""
    return tell(form, who.name, views, writer)


@router.get(
    "/api/outcomes",
    responses=errors(401, 403, 503),
    summary="What members told",
    tags=["outcomes"],
    openapi_extra=_SECURE,
)
def get_outcomes(
    home: HomeDep,
    views: NewestDep,
    _: MemberDep,
    limit: Annotated[int, Query(ge=1, le=1_000)] = _SHOWN,
    language: Annotated[Literal["vi", "en"], Query()] = "vi",
) -> OutcomesDocument:
    """Introductions with their answers, and signed transfers, for members alone; what is learned next is learned from them too."""
    return _document(told_by_members(home, _views_of(home, views)), views, language, limit)


def _views_of(home: Home, views: Views) -> Path:
    return directory(home, views.made_of.number)


def _document(told: list[ToldOutcome], views: Views, language: str, limit: int) -> OutcomesDocument:
    return OutcomesDocument(
        snapshot=views.snapshot,
        outcomes=[_told(one, views, language) for one in told[:limit]],
        results=dict(Counter(one.result or UNANSWERED for one in told)),
        reasons=dict(Counter(one.reason for one in told if one.reason)),
        truncated=len(told) > limit,
    )


def _told(one: ToldOutcome, views: Views, language: str) -> ToldDocument:
    ends = {part: NodeDocument.model_validate(views.ref(getattr(one, part), language)) for part in _CLASSES}
    said = {name: getattr(one, name) for name in ("day", "result", "reason", "answered", "instant", "illustrative")}
    return ToldDocument.model_validate({**ends, **said, "who": one.source.split("/", 1)[-1]})


@router.get("/outcomes", include_in_schema=False)
def outcomes_page(
    request: Request,
    home: HomeDep,
    views: NewestDep,
    pages: PagesDep,
    words: WordsDep,
    _: SignedInDep,
    written: Annotated[str, Query(max_length=20)] = "",
    technology: Annotated[str, Query(max_length=300)] = "",
    intermediary: Annotated[str, Query(max_length=300)] = "",
    firm: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """What members told, and where one more is told."""
    told = told_by_members(home, _views_of(home, views))
    return pages.render(
        request,
        "outcomes.html",
        form=True,
        told=_document(told, views, words.language, _SHOWN),
        given={"technology": technology, "intermediary": intermediary, "firm": firm},
        today=today(),
        results=RESULTS,
        reasons=REASONS,
        written=written,
        problem=None,
    )


@router.post("/outcomes", include_in_schema=False)
def form_outcome(
    request: Request,
    views: NewestDep,
    writer: WriterDep,
    who: SignedInDep,
    technology: Annotated[str, Form(max_length=300)],
    intermediary: Annotated[str, Form(max_length=300)],
    firm: Annotated[str, Form(max_length=300)],
    result: Annotated[str, Form(max_length=20)] = "",
    reason: Annotated[str, Form(max_length=20)] = "",
    day: Annotated[str, Form(max_length=10)] = "",
    form_token: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """The form."""
    check_form(request, form_token)
    said = {"technology": technology, "intermediary": intermediary, "firm": firm, "result": result, "day": day}
    # a reason that was chosen before the answer was changed is left aside
    said["reason"] = reason if result == DECLINED else ""
    try:
        form = OutcomeForm.model_validate({key: value for key, value in said.items() if value})
    except ValidationError:
        raise HTTPException(422, "Something is left out, or is not one of the choices.") from None
    done = tell(form, who.name, views, writer)
    return RedirectResponse(f"/outcomes?written={quote(done.load)}", 303)
