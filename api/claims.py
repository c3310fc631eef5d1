"""Organisations claim their entry and propose corrections of it; a curator decides. Over HTTP."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, HTTPException

from api.catalogue import Language, Words
from api.claim_documents import (
    ClaimDocument,
    ClaimForm,
    ClaimsDocument,
    CorrectionDocument,
    CorrectionForm,
    DecisionForm,
)
from api.dependencies import CuratorDep, HomeDep, MemberDep, NewestDep, WriterDep
from api.documentation import BEARER
from api.documents import Judgement, NodeDocument
from api.entities import found
from api.examples import errors
from api.judgements import checked, judge
from api.links import known_form
from api.reading import Views, Writer
from api.review_facts import living
from api.tokens import Identity
from graph.statements.audit import record
from graph.statements.claims import (
    Claim,
    ClaimError,
    Proposal,
    claim,
    decide_claim,
    decide_proposal,
    propose,
    read_claims,
)
from graph.statements.home import Home
from graph.views.entity import EntityPage
from ontology.model import BASE

router = APIRouter(tags=["claims"])

_SECURE: dict[str, Any] = {"security": [{BEARER: []}]}


def refused(error: ClaimError) -> HTTPException:
    """What is answered where a claim or correction can't be made or decided."""
    return HTTPException(404 if error.reason == "unknown" else 409, Words("en")("claim.problem." + error.reason))


def organization(views: Views, text: str, language: Language = "vi") -> EntityPage:
    """An organisation by its id or IRI.

    :param language: in which it is named
    :raises HTTPException: 404 where there is none, 422 where it is something else
    """
    identifier = text.strip().removeprefix(BASE).removeprefix("id/")
    page = found(views, living(views, identifier) if known_form(identifier) else "", language)
    if "Organization" not in page.types:
        raise HTTPException(422, "Only an organisation is claimed.")
    return page


def claim_of(home: Home, views: Views, who: Identity, page: EntityPage) -> Claim | None:
    """The last claim of a member to an organisation, by whatever id it had then."""
    kept = read_claims(home)
    ids = {one.organization for one in kept.claims if one.who == who.name}
    return kept.claim_of(who.name, {one for one in ids if living(views, one) == page.id})


def make_claim(home: Home, views: Views, who: Identity, text: str, note: str) -> Claim:
    """Claim an organisation.

    :raises ClaimError: where it was claimed before and not refused, or too much waits
    """
    page = organization(views, text)
    last = claim_of(home, views, who, page)
    if last is not None and last.state != "refused":
        raise ClaimError("again")
    return claim(home, page.id, who.name, note.strip())


def make_proposal(home: Home, views: Views, who: Identity, form: Judgement, note: str) -> Proposal:
    """Propose a correction.

    :raises HTTPException: 403 where the member does not speak for the organisation, 404 or 422 where it can't be
    :raises ClaimError: where the same waits already, or too much does
    """
    last = claim_of(home, views, who, organization(views, form.entity))
    if last is None or last.state != "accepted":
        raise HTTPException(403, Words("en")("claim.problem.no_claim"))
    page, right = checked(form, views)
    return propose(home, page.id, who.name, right.property, right.value, right.language, note.strip())


def decide_correction(
    home: Home, views: Views, writer: Writer, who: Identity, identifier: str, form: DecisionForm
) -> Proposal:
    """Accept a proposed correction, which states it, or refuse it.

    :raises ClaimError: where there is none, or it was decided before
    :raises HTTPException: 404 or 422 where it does not fit what is there any more
    """
    if not form.accepted:
        return decide_proposal(home, identifier, who.name, form.answer.strip())

    def judgement(one: Proposal) -> Judgement:
        return Judgement(entity=one.organization, property=one.property, value=one.value, language=one.language)

    for one in read_claims(home).proposals:
        if one.id == identifier:
            checked(judgement(one), views)
    return decide_proposal(
        home,
        identifier,
        who.name,
        form.answer.strip(),
        lambda one: judge(judgement(one), who.name, views, writer, one.id).load,
    )


def claim_document(one: Claim, views: Views, language: str) -> ClaimDocument:
    """A claim with the name of its organisation."""
    return ClaimDocument(**asdict(one) | {"organization": _node(one.organization, views, language)})


def correction_document(one: Proposal, views: Views, language: str) -> CorrectionDocument:
    """A correction with the name of its organisation."""
    return CorrectionDocument(**asdict(one) | {"organization": _node(one.organization, views, language)})


def _node(identifier: str, views: Views, language: str) -> NodeDocument:
    return NodeDocument.model_validate(views.ref(living(views, identifier), language))


def claims_document(home: Home, views: Views, who: Identity, language: str) -> ClaimsDocument:
    """What somebody claimed and proposed, a curator's is everybody's."""
    record(home, who.name, "claims.read", "")
    seen = read_claims(home).seen_by(who.name, who.may("curator"))
    return ClaimsDocument(
        claims=[claim_document(one, views, language) for one in seen.claims],
        corrections=[correction_document(one, views, language) for one in seen.proposals],
    )


@router.get("/api/claims", summary="Claims and proposed corrections", responses=errors(401, 503), openapi_extra=_SECURE)
def get_claims(home: HomeDep, views: NewestDep, who: MemberDep) -> ClaimsDocument:
    """The own ones of who asks; a curator's are everybody's."""
    return claims_document(home, views, who, "vi")


@router.post(
    "/api/claims",
    status_code=201,
    summary="Claim an organisation",
    responses=errors(401, 404, 409, 422, 503),
    openapi_extra=_SECURE,
)
def post_claim(form: ClaimForm, home: HomeDep, views: NewestDep, who: MemberDep) -> ClaimDocument:
    """Say that one speaks for an organisation. It waits for a curator."""
    try:
        return claim_document(make_claim(home, views, who, form.organization, form.note), views, "vi")
    except ClaimError as error:
        raise refused(error) from None


@router.post(
    "/api/claims/{identifier}",
    summary="Accept or refuse a claim",
    responses=errors(401, 403, 404, 409, 422, 503),
    openapi_extra=_SECURE,
)
def post_claim_decision(
    identifier: str, form: DecisionForm, home: HomeDep, views: NewestDep, who: CuratorDep
) -> ClaimDocument:
    """Decide on a claim. One that was accepted may be refused later; what its member proposed and still waits is refused with it."""
    try:
        done = decide_claim(home, identifier, form.accepted, who.name, form.answer.strip())
    except ClaimError as error:
        raise refused(error) from None
    return claim_document(done, views, "vi")


@router.post(
    "/api/corrections",
    status_code=201,
    summary="Propose a correction",
    responses=errors(401, 403, 404, 409, 422, 503),
    openapi_extra=_SECURE,
)
def post_correction(form: CorrectionForm, home: HomeDep, views: NewestDep, who: MemberDep) -> CorrectionDocument:
    """Propose a value of an organisation that one speaks for. Nothing says it until a curator accepts it."""
    said = Judgement(entity=form.entity, property=form.property, value=form.value, language=form.language)
    try:
        return correction_document(make_proposal(home, views, who, said, form.note), views, "vi")
    except ClaimError as error:
        raise refused(error) from None


@router.post(
    "/api/corrections/{identifier}",
    status_code=202,
    summary="Accept or refuse a correction",
    responses=errors(401, 403, 404, 409, 422, 503),
    openapi_extra=_SECURE,
)
def post_correction_decision(
    identifier: str, form: DecisionForm, home: HomeDep, views: NewestDep, who: CuratorDep, writer: WriterDep
) -> CorrectionDocument:
    """Decide on a correction. An accepted one is a judgement of the curator's, seen after the next publish, which it starts."""
    try:
        done = decide_correction(home, views, writer, who, identifier, form)
    except ClaimError as error:
        raise refused(error) from None
    return correction_document(done, views, "vi")
