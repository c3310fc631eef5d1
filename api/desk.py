"""The desk of a broker: paste a text or drop a document, correct what is proposed, see whom to call, and tell what came of it."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Query
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from api.case_documents import TEXT, CaseForm
from api.cases import refusal, sent_text, set_published, text_of
from api.dependencies import WriterDep
from api.desk_showing import Desk, DeskDep
from api.outcome_documents import OutcomeForm
from api.outcomes import tell
from api.problems import Problem
from api.reading import Writer
from api.sessions import FormToken, check_form
from api.stating import proposed_case, stated_case
from graph.statements.audit import record
from graph.statements.cases import Case, CaseKind
from graph.statements.outcomes import DECLINED
from graph.statements.watches import Watches

router = APIRouter(prefix="/cases", include_in_schema=False)

_FIELDS = 300
"""Fields of a form of the desk."""
_CHOICES = ("fields", "patent_classes")
_LISTS = ("forms", "region", "rights_territory")
_PLAIN = ("title", "text", "level", "party", "intermediary", "mandate", "price", "floor_price", "deadline")
_SPACES = str.maketrans("", "", " .,\u00a0")
"""What people put between the digits of an amount."""


@router.get("")
def desk_page(desk: DeskDep) -> Response:
    """The desk."""
    return desk.page()


@router.post("")
async def open_case(desk: DeskDep, writer: WriterDep) -> Response:
    """A text or a document becomes a case, with the best of what is proposed; of a document that is refused nothing is kept."""
    async with desk.request.form(max_files=1, max_fields=_FIELDS) as form:
        check_form(desk.request, str(form.get("form_token", "")))
        text, content = await sent_text(form)
        kind: CaseKind = "need" if form.get("kind") == "need" else "technology"
    return await run_in_threadpool(_opened, desk, writer, text, content, kind)


def _opened(desk: Desk, writer: Writer, text: str, content: bytes, kind: CaseKind) -> Response:
    try:
        read = text_of(text, content)
    except Problem as problem:
        return desk.page(refusal(problem.members["reason"], desk.words), text)
    except HTTPException:
        return desk.page(desk.words("case.nothing_sent", most=desk.words.number(TEXT)), text[:TEXT])
    case = proposed_case(desk.views.propose(read), read, kind, desk.who)
    record(desk.home, desk.who.name, "case.changed", case.id)
    writer.state(case, seen=False)
    return RedirectResponse(f"/cases/{case.id}", 303)


@router.get("/{identifier}")
def case_page(identifier: str, desk: DeskDep, told: Annotated[str, Query(max_length=20)] = "") -> Response:
    """A case."""
    return desk.case_page(desk.case(identifier), told=told)


@router.post("/{identifier}")
async def change_case(identifier: str, desk: DeskDep, writer: WriterDep) -> Response:
    """Save what was corrected, publish the case, take it back, or forget it."""
    async with desk.request.form(max_files=0, max_fields=_FIELDS) as form:
        check_form(desk.request, str(form.get("form_token", "")))
        return await run_in_threadpool(_changed, desk, writer, form, identifier)


def _changed(desk: Desk, writer: Writer, form: FormData, identifier: str) -> Response:
    case, action = desk.case(identifier), form.get("action")
    try:
        if action == "forget" and desk.who.name == case.owner:
            record(desk.home, desk.who.name, "case.forgotten", case.id)
            writer.forget(case)
            Watches(desk.home).forget(case.id)
            return RedirectResponse("/cases", 303)
        if action == "save":
            changed = stated_case(_read(form, case), desk.views, desk.who, case)
            record(desk.home, desk.who.name, "case.changed", case.id)
            writer.state(changed, seen=case.published)
        elif action in ("publish", "take-back"):
            set_published(desk.home, desk.views, writer, case, action == "publish", desk.who)
    except ValidationError as error:
        where = ", ".join(sorted({str(one["loc"][0]) for one in error.errors()}))
        return desk.case_page(case, desk.words("case.not_understood", where=where))
    except Problem as problem:
        return desk.case_page(case, desk.words("case.wrong." + problem.members["reason"]))
    return RedirectResponse(f"/cases/{case.id}", 303)


def _read(form: FormData, case: Case) -> CaseForm:
    """What the form says. Concepts that are no choice yet are typed, by code or name, several separated by semicolons."""
    listed = {name: [str(value) for value in form.getlist(name)] for name in (*_CHOICES, *_LISTS)}
    for name in _CHOICES:
        listed[name] += _parts(form, f"{name}_more")
    plain = {name: str(form.get(name, "")) for name in _PLAIN}
    for money in ("price", "floor_price"):
        plain[money] = plain[money].translate(_SPACES)
    rights = {
        "power": str(form.get("power", "")),
        "exclusive": bool(form.get("exclusive")),
        "sublicensable": bool(form.get("sublicensable")),
        "within_classes": bool(form.get("within_classes")),
        "territory": listed.pop("rights_territory"),
        "until": str(form.get("rights_until", "")),
    }
    said = {"kind": case.kind, "language": case.language, "rights": rights, "keywords": _parts(form, "keywords")}
    return CaseForm.model_validate(plain | listed | said)


def _parts(form: FormData, name: str) -> list[str]:
    return [part.strip() for part in str(form.get(name, "")).split(";") if part.strip()]


@router.post("/{identifier}/outcomes")
def tell_outcome(
    identifier: str,
    desk: DeskDep,
    writer: WriterDep,
    intermediary: Annotated[str, Form(max_length=300)],
    technology: Annotated[str, Form(max_length=300)] = "",
    firm: Annotated[str, Form(max_length=300)] = "",
    result: Annotated[str, Form(max_length=20)] = "",
    reason: Annotated[str, Form(max_length=20)] = "",
    day: Annotated[str, Form(max_length=10)] = "",
    form_token: FormToken = "",
) -> Response:
    """What came of a call: yes, no because, later, or no answer yet."""
    check_form(desk.request, form_token)
    case = desk.case(identifier)
    said = {"case": case.id, "technology": technology, "intermediary": intermediary, "firm": firm, "day": day}
    said |= {"result": result, "reason": reason if result == DECLINED else ""}
    try:
        form = OutcomeForm.model_validate({name: value for name, value in said.items() if value})
    except ValidationError:
        raise HTTPException(422, "Something is left out, or is not one of the choices.") from None
    tell(form, desk.who, desk.home, desk.views, writer)
    return RedirectResponse(f"/cases/{case.id}?{urlencode({'told': result or 'called'})}", 303)
