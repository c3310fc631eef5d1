"""What came of introductions: members tell it, by the API or by the form on a route, and see what was told."""

from collections import Counter
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from api.case_access import visible_case, visible_cases
from api.dependencies import HomeDep, MemberDep, NewestDep, PagesDep, SignedInDep, WordsDep, WriterDep
from api.documentation import BEARER
from api.documents import NodeDocument
from api.examples import errors
from api.outcome_documents import REASONS, RESULTS, OutcomeForm, OutcomesDocument, ToldDocument, WrittenDocument
from api.reading import Views, Writer
from api.sessions import FormToken, check_form
from api.tokens import Identity
from graph.answer.told_outcomes import ToldOutcome, told_by_members
from graph.resolve.snapshots import directory
from graph.statements.audit import record
from graph.statements.cases import Case
from graph.statements.home import Home, today
from graph.statements.outcomes import DECLINED, SIGNED, Outcome
from graph.views.naming import meant

router = APIRouter()

_SECURE: dict[str, Any] = {"security": [{BEARER: []}]}
_SHOWN = 200
_CLASSES = {"technology": "Technology", "intermediary": "Organization", "firm": "Organization"}
UNANSWERED = "unanswered"


def tell(form: OutcomeForm, who: Identity, home: Home, views: Views, writer: Writer) -> WrittenDocument:
    """Check what is told against the graph, and write it.

    :raises HTTPException: 422 where it can't be, 404 for a case that is not theirs
    """
    case = visible_case(home, form.case, who) if form.case else None
    ends = {part: _end(views, part, getattr(form, part), case) for part in _CLASSES}
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
        illustrative=any(views.illustrative(node) for node in ends.values())
        or (case is not None and case.illustrative),
        private=case is not None and not case.published,
    )
    record(home, who.name, "outcome.told", "/".join(ends.values()))
    load = writer.tell(outcome, who.name)
    return WrittenDocument(load=load.load, **ends, result=form.result)


def _end(views: Views, part: str, text: str | None, case: Case | None) -> str:
    """An end of an introduction: a case is its technology, and whose need it is its firm."""
    if case is not None and part == "technology" and case.kind == "technology":
        return case.id
    if case is not None and part == "firm" and case.kind == "need" and case.party:
        return case.party
    if not text:
        raise HTTPException(422, f"{part}: it is left out.")
    return _node(views, part, text)


def _node(views: Views, part: str, text: str) -> str:
    found = meant(views, text, _CLASSES[part])
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
def post_outcome(
    form: OutcomeForm, who: MemberDep, home: HomeDep, views: NewestDep, writer: WriterDep
) -> WrittenDocument:
    """Tell that a firm was told of a technology, what it said, or that a transfer was signed. Told again, it says what it says now."""
    return tell(form, who, home, views, writer)


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
    who: MemberDep,
    limit: Annotated[int, Query(ge=1, le=1_000)] = _SHOWN,
    language: Annotated[Literal["vi", "en"], Query()] = "vi",
) -> OutcomesDocument:
    """Introductions with their answers, and signed transfers, for members alone; what is learned next is learned from them too."""
    record(home, who.name, "outcomes.read", "")
    return told_document(home, views, who, language, limit)


def told_of(home: Home, views: Views, who: Identity) -> list[ToldOutcome]:
    """What members told, as far as somebody may see it."""
    return told_by_members(home, directory(home, views.made_of.number), who.name, who.may("curator"))


def told_document(home: Home, views: Views, who: Identity, language: str, limit: int) -> OutcomesDocument:
    """What members told, with names, as far as somebody may see it."""
    told = told_of(home, views, who)
    titles = {case.id: case.title for case in visible_cases(home, who)} if any(one.owner for one in told) else {}
    return OutcomesDocument(
        snapshot=views.snapshot,
        outcomes=[_told(one, views, language, titles) for one in told[:limit]],
        results=dict(Counter(one.result or UNANSWERED for one in told)),
        reasons=dict(Counter(one.reason for one in told if one.reason)),
        truncated=len(told) > limit,
    )


def _told(one: ToldOutcome, views: Views, language: str, titles: dict[str, str]) -> ToldDocument:
    ends = {part: NodeDocument.model_validate(views.ref(getattr(one, part), language)) for part in _CLASSES}
    if one.owner and one.technology in titles:
        ends["technology"] = NodeDocument(id=one.technology, name=titles[one.technology], type="Technology")
    said = {name: getattr(one, name) for name in ("day", "result", "reason", "answered", "instant", "illustrative")}
    return ToldDocument.model_validate({**ends, **said, "who": one.who})


@router.get("/outcomes", include_in_schema=False)
def outcomes_page(
    request: Request,
    home: HomeDep,
    views: NewestDep,
    pages: PagesDep,
    words: WordsDep,
    who: SignedInDep,
    written: Annotated[str, Query(max_length=20)] = "",
    technology: Annotated[str, Query(max_length=300)] = "",
    intermediary: Annotated[str, Query(max_length=300)] = "",
    firm: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """What members told, and where one more is told."""
    record(home, who.name, "outcomes.read", "")
    return pages.render(
        request,
        "outcomes.html",
        form=True,
        told=told_document(home, views, who, words.language, _SHOWN),
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
    home: HomeDep,
    views: NewestDep,
    writer: WriterDep,
    who: SignedInDep,
    technology: Annotated[str, Form(max_length=300)],
    intermediary: Annotated[str, Form(max_length=300)],
    firm: Annotated[str, Form(max_length=300)],
    result: Annotated[str, Form(max_length=20)] = "",
    reason: Annotated[str, Form(max_length=20)] = "",
    day: Annotated[str, Form(max_length=10)] = "",
    form_token: FormToken = "",
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
    done = tell(form, who, home, views, writer)
    return RedirectResponse(f"/outcomes?written={quote(done.load)}", 303)
