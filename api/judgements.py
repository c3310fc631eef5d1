"""What curators write: corrections of values, by the API or by the form on an entity's page; and signing in."""

import re
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response
from rdflib import XSD

from api.dependencies import CuratorDep, HomeDep, NewestDep, PagesDep, WriterDep, read_day
from api.documentation import BEARER
from api.documents import Judgement, JudgementDocument
from api.entities import found
from api.examples import errors
from api.links import address, external, known_form
from api.presenting import may_be_corrected
from api.reading import Views, Writer
from api.sessions import TOKEN_COOKIE, check_form, keep, visitor
from api.tokens import check_token
from ontology.model import BASE, Property, ontology
from ontology.text import nfc

router = APIRouter()

_FORMS = {
    str(XSD.integer): r"-?\d{1,18}",
    str(XSD.double): r"-?\d{1,18}(\.\d{1,18})?",
    str(XSD.decimal): r"-?\d{1,18}(\.\d{1,18})?",
    str(XSD.gYear): r"[12]\d{3}",
    str(XSD.boolean): r"true|false",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _check_value(prop: Property, value: str) -> str:
    """A value in the lexical form of its property.

    :raises HTTPException: 422 with the reason
    """
    text = nfc(value)
    form = _FORMS.get(prop.datatype or "")
    if not text or _CONTROL.search(value):
        raise HTTPException(422, "The value is empty or has control characters.")
    if prop.datatype == str(XSD.date):
        return read_day(text, prop.name) or ""
    if form is not None and not re.fullmatch(form, text, re.ASCII):
        raise HTTPException(422, f"{prop.name} is not written like that; its datatype is {prop.datatype}.")
    if prop.datatype == str(XSD.anyURI) and external(text) is None:
        raise HTTPException(422, f"{prop.name} is an address that begins with http:// or https://.")
    if form is not None and not (prop.minimum is None or float(text) >= prop.minimum):
        raise HTTPException(422, f"{prop.name} is at least {prop.minimum:g}.")
    if form is not None and not (prop.maximum is None or float(text) <= prop.maximum):
        raise HTTPException(422, f"{prop.name} is at most {prop.maximum:g}.")
    return text


def judge(judgement: Judgement, who: str, views: Views, writer: Writer) -> JudgementDocument:
    """Check a judgement against the ontology and the graph, and write it.

    :raises HTTPException: 404 or 422 where it can't be
    """
    prop = ontology().properties.get(judgement.property)
    if prop is None or not may_be_corrected(prop):
        raise HTTPException(422, "There is no property with that name that may be corrected.")
    identifier = judgement.entity.removeprefix(BASE).removeprefix("id/")
    page = found(views, views.redirect(identifier) or identifier if known_form(identifier) else "", "vi")
    if page.id.startswith(("record/", "scheme/")):
        raise HTTPException(422, "Records and concepts are not corrected here.")
    if prop.domain not in page.types:
        raise HTTPException(422, f"{prop.name} is said of {prop.domain}, which this is not.")
    if judgement.language and not prop.per_language and prop.name != "alternativeName":
        raise HTTPException(422, f"{prop.name} has no language.")
    language = judgement.language or ("vi" if prop.per_language else None)
    load = writer.correct(page.id, prop.name, _check_value(prop, judgement.value), language, who)
    return JudgementDocument(load=load, entity=page.id, property=prop.name)


@router.post(
    "/api/judgements",
    status_code=202,
    responses=errors(401, 403, 404, 422, 503),
    tags=["judgements"],
    summary="Correct a value",
    openapi_extra={"security": [{BEARER: []}]},
)
def post_judgement(judgement: Judgement, who: CuratorDep, views: NewestDep, writer: WriterDep) -> JudgementDocument:
    """Correct a value. The answer comes when it is on disk; it is seen after the next publish, which it starts."""
    return judge(judgement, who.name, views, writer)


@router.post("/id/{identifier}", include_in_schema=False)
def form_judgement(
    request: Request,
    identifier: Annotated[str, Path(max_length=300)],
    home: HomeDep,
    views: NewestDep,
    writer: WriterDep,
    property: Annotated[str, Form(max_length=100)],
    value: Annotated[str, Form(min_length=1, max_length=20_000)],
    form_token: Annotated[str, Form(max_length=200)] = "",
    language: Annotated[str, Form(pattern="^(vi|en)?$")] = "",
) -> Response:
    """The form on an entity's page."""
    check_form(request, form_token)
    who = visitor(request, home)
    if who is None or not who.may("curator"):
        raise HTTPException(403, "Only a signed-in curator may do this.")
    prop = ontology().properties.get(property)
    spoken = language if prop is not None and prop.per_language else None
    done = judge(
        Judgement(entity=identifier, property=property, value=value, language=spoken or None), who.name, views, writer
    )
    return RedirectResponse(f"{address(done.entity)}?written={quote(done.load)}", 303)


@router.get("/sign-in", include_in_schema=False)
def sign_in_page(request: Request, pages: PagesDep) -> Response:
    """Where a member or curator gives their token."""
    return pages.render(request, "sign_in.html", form=True, refused=False)


@router.post("/sign-in", include_in_schema=False)
def sign_in(
    request: Request,
    home: HomeDep,
    pages: PagesDep,
    token: Annotated[str, Form(max_length=400)] = "",
    form_token: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Keep a valid token in a cookie."""
    check_form(request, form_token)
    token = token.strip()
    if check_token(home, token) is None:
        return pages.render(request, "sign_in.html", 403, form=True, refused=True)
    response = RedirectResponse("/sign-in", 303)
    keep(response, request, TOKEN_COOKIE, token)
    return response


@router.post("/sign-out", include_in_schema=False)
def sign_out(request: Request, form_token: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Forget the token."""
    check_form(request, form_token)
    response = RedirectResponse("/", 303)
    response.delete_cookie(TOKEN_COOKIE, path="/")
    return response
