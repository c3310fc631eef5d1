"""The desk of a broker: paste a text or drop a document, correct what is proposed, see whom to call, and tell what came of it."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from api.case_access import visible_case, visible_cases
from api.case_documents import FORMS, PLACES, POWERS, TEXT, CaseForm
from api.cases import own_figures, refusal, sent_text, set_published, text_of
from api.catalogue import Words
from api.dependencies import HomeDep, NewestDep, PagesDep, SignedInDep, WordsDep, WriterDep
from api.dossier import Parts
from api.outcome_documents import REASONS, OutcomeForm
from api.outcomes import tell, told_document, told_of
from api.pages import Pages
from api.presenting import answer_cards
from api.problems import Problem
from api.reading import Views, Writer
from api.routes_picture import gate_sign
from api.sessions import check_form
from api.stating import proposed_case, stated_case
from api.tokens import Identity
from graph.answer.case_proposals import Proposed
from graph.answer.desk import STATES, state_of
from graph.answer.model import Question, Route
from graph.statements.cases import Case
from graph.statements.home import Home, today
from ontology.schemes import schemes

router = APIRouter(prefix="/cases", include_in_schema=False)

_ROUTES = 10
_SHOWN = 200
_FIELDS = 300
"""Fields of a form of the desk."""
_CHOICES = ("fields", "patent_classes")
_LISTS = ("forms", "region", "rights_territory")


@router.get("")
def desk(
    request: Request, home: HomeDep, views: NewestDep, pages: PagesDep, words: WordsDep, who: SignedInDep
) -> Response:
    """Own cases, what waits for an answer, own figures, and where a new case begins."""
    return _desk(request, home, views, pages, words, who)


def _desk(
    request: Request,
    home: Home,
    views: Views,
    pages: Pages,
    words: Words,
    who: Identity,
    problem: str = "",
    text: str = "",
) -> Response:
    told = told_of(home, views, who)
    shown = told_document(home, views, who, words.language, _SHOWN)
    day = today()
    states = [
        (state, [doc for one, doc in zip(told, shown.outcomes, strict=False) if state_of(one, day) == state])
        for state in STATES
    ]
    return pages.render(
        request,
        "cases.html",
        422 if problem else 200,
        form=True,
        snapshot=views.snapshot,
        cases=visible_cases(home, who),
        states=states,
        figures=own_figures(told, who),
        problem=problem,
        text=text,
        longest=TEXT,
    )


@router.post("")
async def open_case(
    request: Request,
    home: HomeDep,
    views: NewestDep,
    pages: PagesDep,
    words: WordsDep,
    writer: WriterDep,
    who: SignedInDep,
) -> Response:
    """A text or a document becomes a case, with the best of what is proposed; of a document that is refused nothing is kept."""
    async with request.form(max_files=1, max_fields=_FIELDS) as form:
        check_form(request, str(form.get("form_token", "")))
        text, content = await sent_text(form)
        need = form.get("kind") == "need"
    return await run_in_threadpool(_opened, request, home, views, pages, words, writer, who, text, content, need)


def _opened(
    request: Request,
    home: Home,
    views: Views,
    pages: Pages,
    words: Words,
    writer: Writer,
    who: Identity,
    text: str,
    content: bytes,
    need: bool,
) -> Response:
    try:
        read = text_of(text, content)
    except Problem as problem:
        return _desk(request, home, views, pages, words, who, refusal(problem.members["reason"], words), text)
    except HTTPException:
        return _desk(
            request, home, views, pages, words, who, words("case.nothing_sent", most=words.number(TEXT)), text[:TEXT]
        )
    case = proposed_case(views.propose(read), read, "need" if need else "technology", who)
    writer.state(case, seen=False)
    return RedirectResponse(f"/cases/{case.id}", 303)


@dataclass(frozen=True, slots=True)
class Choice:
    """A concept that may be chosen, with the words that it rests on."""

    value: str
    label: str
    chosen: bool
    words: tuple[str, ...] = ()


def _choices(chosen: tuple[str, ...], proposals: tuple[Proposed, ...], words: Words) -> list[Choice]:
    rests = {one.value: one.words for one in proposals}
    return [
        Choice(value, _label(value, words), value in chosen, rests.get(value, ()))
        for value in dict.fromkeys((*chosen, *rests))
    ]


def _label(concept: str, words: Words) -> str:
    return f"{concept.rsplit('/', 1)[-1]} · {schemes().label(concept, words.language)}"


@router.get("/{identifier}")
def case_page(
    request: Request,
    identifier: str,
    home: HomeDep,
    views: NewestDep,
    pages: PagesDep,
    words: WordsDep,
    who: SignedInDep,
    told: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """What is proposed, to be corrected, and the routes."""
    return _case_page(request, views, pages, words, who, home, visible_case(home, identifier, who), told=told)


def _case_page(
    request: Request,
    views: Views,
    pages: Pages,
    words: Words,
    who: Identity,
    home: Home,
    case: Case,
    problem: str = "",
    told: str = "",
) -> Response:
    proposals = views.propose("\n".join((case.title, case.text)))
    answer = views.answer(Question(case=case.id, limit=_ROUTES, language=words.language), case)
    outcomes = {(one.technology, one.intermediary, one.firm): one for one in told_of(home, views, who)}
    party = case.party_name or (views.ref(case.party, words.language).name if case.party else "")
    return pages.render(
        request,
        "case.html",
        422 if problem else 200,
        form=True,
        snapshot=views.snapshot,
        case=case,
        own=who.name == case.owner,
        choices={
            "fields": _choices(case.fields, proposals.fields, words),
            "patent_classes": _choices(case.patent_classes, proposals.patent_classes, words),
        },
        levels=_choices(tuple(f"scheme/trl/1/{code}" for code in schemes().codes("trl/1")), proposals.levels, words),
        keywords=proposals.keywords,
        party=party,
        broker=views.ref(case.broker, words.language).name if case.broker else "",
        places=_places(words),
        powers=schemes().codes(POWERS),
        forms=schemes().codes(FORMS),
        reasons=REASONS,
        answer=answer,
        cards=[_card(card, case, outcomes) for card in answer_cards(answer)],
        sign=lambda gate: gate_sign(gate, words),
        problem=problem,
        told=told,
        today=today(),
    )


def _card(card: dict[str, Any], case: Case, outcomes: dict[tuple[str, str, str], Any]) -> dict[str, Any]:
    """A route with what the desk shows of it: what to clear first, where its dossier is, what was told of it."""
    route: Route = card["route"]
    parts = _parts(route, case)
    technology = case.id if case.kind == "technology" else route.technology.id
    query = {"case": case.id, "technology": "" if case.kind == "technology" else parts.technology or ""}
    query |= {"intermediary": parts.intermediary, "firm": parts.firm, "need": parts.need or ""}
    return card | {
        "technology": technology,
        "open": [gate for gate in route.gates if gate.state != "pass"],
        "dossier": urlencode({name: value for name, value in query.items() if value}),
        "told": outcomes.get((technology, parts.intermediary, parts.firm)),
    }


def _parts(route: Route, case: Case) -> Parts:
    need = route.need.id if route.need and route.need.id != case.id else None
    technology = None if route.technology.id == case.id else route.technology.id
    return Parts(
        technology, route.intermediary.id if route.intermediary else "", route.firm.id if route.firm else "", need
    )


def _places(words: Words) -> list[tuple[str, str]]:
    """The country and its provinces, by name."""
    found = [one for one in schemes().concepts.values() if one.scheme == PLACES and one.code.startswith("VN")]
    provinces = sorted((one for one in found if one.code != "VN"), key=lambda one: one.label(words.language))
    return [(one.id, one.label(words.language)) for one in (*(one for one in found if one.code == "VN"), *provinces)]


@router.post("/{identifier}")
async def change_case(
    request: Request,
    identifier: str,
    home: HomeDep,
    views: NewestDep,
    pages: PagesDep,
    words: WordsDep,
    writer: WriterDep,
    who: SignedInDep,
) -> Response:
    """Save what was corrected, publish the case, take it back, or forget it."""
    async with request.form(max_files=0, max_fields=_FIELDS) as form:
        check_form(request, str(form.get("form_token", "")))
        return await run_in_threadpool(_changed, request, form, identifier, home, views, pages, words, writer, who)


def _changed(
    request: Request,
    form: FormData,
    identifier: str,
    home: Home,
    views: Views,
    pages: Pages,
    words: Words,
    writer: Writer,
    who: Identity,
) -> Response:
    case = visible_case(home, identifier, who)
    action = form.get("action")
    try:
        if action == "forget" and who.name == case.owner:
            writer.forget(case)
            return RedirectResponse("/cases", 303)
        if action == "save":
            changed = stated_case(_read(form, case), views, who, case)
            writer.state(changed, seen=case.published)
        elif action in ("publish", "take-back"):
            set_published(home, views, writer, case, action == "publish", who)
    except ValidationError as error:
        where = ", ".join(sorted({str(one["loc"][0]) for one in error.errors()}))
        return _case_page(request, views, pages, words, who, home, case, words("case.not_understood", where=where))
    except HTTPException as error:
        return _case_page(request, views, pages, words, who, home, case, str(error.detail))
    return RedirectResponse(f"/cases/{case.id}", 303)


def _read(form: FormData, case: Case) -> CaseForm:
    """What the form says. Concepts that are no choice yet are typed, by code or name, several separated by semicolons."""
    listed = {name: [str(value) for value in form.getlist(name)] for name in (*_CHOICES, *_LISTS)}
    for name in _CHOICES:
        listed[name] += [part.strip() for part in str(form.get(f"{name}_more", "")).split(";") if part.strip()]
    names = ("title", "text", "level", "party", "intermediary", "mandate", "price", "floor_price", "deadline")
    plain = {name: str(form.get(name, "")) for name in names}
    for money in ("price", "floor_price"):
        plain[money] = plain[money].replace(".", "").replace(",", "").replace(" ", "")
    rights = {
        "power": str(form.get("power", "")),
        "exclusive": bool(form.get("exclusive")),
        "sublicensable": bool(form.get("sublicensable")),
        "within_classes": bool(form.get("within_classes")),
        "territory": listed.pop("rights_territory"),
        "until": str(form.get("rights_until", "")),
    }
    keywords = [part.strip() for part in str(form.get("keywords", "")).replace("\n", ";").split(";") if part.strip()]
    said = plain | listed | {"kind": case.kind, "language": case.language, "rights": rights, "keywords": keywords}
    return CaseForm.model_validate(said)


@router.post("/{identifier}/outcomes")
def tell_outcome(
    request: Request,
    identifier: str,
    home: HomeDep,
    views: NewestDep,
    writer: WriterDep,
    who: SignedInDep,
    intermediary: Annotated[str, Form(max_length=300)],
    technology: Annotated[str, Form(max_length=300)] = "",
    firm: Annotated[str, Form(max_length=300)] = "",
    result: Annotated[str, Form(max_length=20)] = "",
    reason: Annotated[str, Form(max_length=20)] = "",
    day: Annotated[str, Form(max_length=10)] = "",
    form_token: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """What came of a call: yes, no because, later, or no answer yet."""
    check_form(request, form_token)
    case = visible_case(home, identifier, who)
    said = {
        "case": case.id,
        "technology": technology,
        "intermediary": intermediary,
        "firm": firm,
        "result": result,
        "day": day,
    }
    said["reason"] = reason if result == "declined" else ""
    try:
        form = OutcomeForm.model_validate({name: value for name, value in said.items() if value})
    except ValidationError:
        raise HTTPException(422, "Something is left out, or is not one of the choices.") from None
    tell(form, who, home, views, writer)
    return RedirectResponse(f"/cases/{case.id}?{urlencode({'told': result or 'called'})}", 303)
