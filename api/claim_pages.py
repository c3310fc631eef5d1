"""The page of claims: a member claims an organisation and proposes corrections of its entry; a curator decides."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response

from api.claim_documents import NOTE, ClaimsDocument, CorrectionDocument, DecisionForm
from api.claims import claim_of, claims_document, decide_correction, make_claim, make_proposal, organization
from api.dependencies import ClerkDep, HomeDep, NewestDep, PagesDep, SignedInDep, WordsDep, WriterDep
from api.judgements import of_form
from api.pages import Pages
from api.presenting import Presenter, correctable
from api.reading import Views
from api.sessions import FormToken, check_form
from api.tokens import Identity
from graph.statements.claims import ClaimError, decide_claim
from graph.statements.home import Home

router = APIRouter(prefix="/claims", include_in_schema=False)

_SHOWN = 50
Note = Annotated[str, Form(max_length=NOTE)]


def _page(
    request: Request,
    home: Home,
    views: Views,
    pages: Pages,
    words: WordsDep,
    who: Identity,
    about: str = "",
    problem: str = "",
    done: str = "",
) -> Response:
    told = claims_document(home, views, who, words.language)
    page = organization(views, about, words.language) if about else None
    waiting = ClaimsDocument(
        claims=[one for one in told.claims if one.state == "waiting"],
        corrections=[one for one in told.corrections if one.state == "waiting"],
    )
    return pages.render(
        request,
        "claims.html",
        409 if problem else 200,
        form=True,
        snapshot=views.snapshot,
        about=page,
        made_up=page is not None and views.illustrative(page.id),
        claim=claim_of(home, views, who, page) if page else None,
        correctable=correctable(page, words) if page else [],
        waiting=waiting,
        now={one.id: _now(one, views, words) for one in waiting.corrections},
        claims=[one for one in told.claims if one.state != "waiting"][:_SHOWN],
        corrections=[one for one in told.corrections if one.state != "waiting"][:_SHOWN],
        longest=NOTE,
        problem=problem,
        done=done,
    )


def _now(one: CorrectionDocument, views: Views, words: WordsDep) -> list[str]:
    """What is said of the property so far, as its page shows it."""
    page = views.entity(one.organization.id, language=words.language)
    facts = (
        [fact for fact in page.facts if fact.property == one.property and fact.language == one.language] if page else []
    )
    groups = Presenter(words, views.illustrative).fact_groups(facts)
    return [item.text for group in groups for item in group.items]


@router.get("")
def claims_page(
    request: Request,
    home: HomeDep,
    views: NewestDep,
    pages: PagesDep,
    words: WordsDep,
    who: SignedInDep,
    about: Annotated[str, Query(alias="organization", max_length=300)] = "",
    done: Annotated[Literal["", "claimed", "proposed", "accepted", "refused"], Query()] = "",
) -> Response:
    """Own claims and corrections, a curator's are everybody's; of an organisation, what one may do there."""
    return _page(request, home, views, pages, words, who, about, done=done)


@router.post("")
def form_claim(
    request: Request,
    home: HomeDep,
    views: NewestDep,
    pages: PagesDep,
    words: WordsDep,
    who: SignedInDep,
    about: Annotated[str, Form(alias="organization", min_length=1, max_length=300)],
    note: Note = "",
    form_token: FormToken = "",
) -> Response:
    """Say that one speaks for an organisation."""
    check_form(request, form_token)
    try:
        made = make_claim(home, views, who, about, note)
    except ClaimError as error:
        return _page(request, home, views, pages, words, who, about, words("claim.problem." + error.reason))
    return RedirectResponse(f"/claims?organization={made.organization}&done=claimed", 303)


@router.post("/corrections")
def form_correction(
    request: Request,
    home: HomeDep,
    views: NewestDep,
    pages: PagesDep,
    words: WordsDep,
    who: SignedInDep,
    about: Annotated[str, Form(alias="organization", min_length=1, max_length=300)],
    property: Annotated[str, Form(max_length=100)],
    value: Annotated[str, Form(min_length=1, max_length=20_000)],
    language: Annotated[str, Form(pattern="^(vi|en)?$")] = "",
    note: Note = "",
    form_token: FormToken = "",
) -> Response:
    """Propose a value."""
    check_form(request, form_token)
    try:
        made = make_proposal(home, views, who, of_form(about, property, value, language), note)
    except ClaimError as error:
        return _page(request, home, views, pages, words, who, about, words("claim.problem." + error.reason))
    except HTTPException as error:
        if error.status_code != 422:
            raise
        return _page(request, home, views, pages, words, who, about, words("claim.problem.value"))
    return RedirectResponse(f"/claims?organization={made.organization}&done=proposed", 303)


@router.post("/decisions")
def form_decision(
    request: Request,
    home: HomeDep,
    views: NewestDep,
    pages: PagesDep,
    words: WordsDep,
    writer: WriterDep,
    who: ClerkDep,
    kind: Annotated[Literal["claim", "correction"], Form()],
    identifier: Annotated[str, Form(alias="id", max_length=40)],
    accepted: Annotated[Literal["yes", "no"], Form()],
    answer: Note = "",
    form_token: FormToken = "",
) -> Response:
    """Accept or refuse."""
    check_form(request, form_token)
    form = DecisionForm(accepted=accepted == "yes", answer=answer)
    try:
        if kind == "claim":
            decide_claim(home, identifier, form.accepted, who.name, form.answer.strip())
        else:
            decide_correction(home, views, writer, who, identifier, form)
    except ClaimError as error:
        return _page(request, home, views, pages, words, who, problem=words("claim.problem." + error.reason))
    return RedirectResponse(f"/claims?done={'accepted' if form.accepted else 'refused'}", 303)
