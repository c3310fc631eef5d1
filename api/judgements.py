"""What curators write: corrections of values, by the API or by the form on an entity's page."""

import re
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response
from rdflib import XSD

from api.dependencies import ClerkDep, CuratorDep, NewestDep, WriterDep, read_day
from api.documentation import BEARER
from api.documents import Judgement, JudgementDocument
from api.entities import found
from api.examples import errors
from api.links import address, external, known_form
from api.presenting import may_be_corrected
from api.reading import Views, Writer
from api.sessions import FormToken, check_form
from graph.views.entity import EntityPage
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


def checked(judgement: Judgement, views: Views) -> tuple[EntityPage, Judgement]:
    """A judgement that fits the ontology and the graph, with the entity that it is of.

    :raises HTTPException: 404 or 422 where it doesn't
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
    value = _check_value(prop, judgement.value)
    return page, Judgement(entity=page.id, property=prop.name, value=value, language=language)


def judge(
    judgement: Judgement, who: str, views: Views, writer: Writer, proposal: str | None = None
) -> JudgementDocument:
    """Check a judgement against the ontology and the graph, and write it.

    :param proposal: the id of the proposal that the curator accepted, where it is one
    :raises HTTPException: 404 or 422 where it can't be
    """
    page, right = checked(judgement, views)
    load = writer.correct(page.id, right.property, right.value, right.language, who, proposal)
    return JudgementDocument(load=load, entity=page.id, property=right.property)


def of_form(identifier: str, prop: str, value: str, language: str) -> Judgement:
    """A judgement by a form, which names a language for every property."""
    known = ontology().properties.get(prop)
    spoken = language if known is not None and known.per_language else ""
    return Judgement(entity=identifier, property=prop, value=value, language=spoken or None)


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
    views: NewestDep,
    writer: WriterDep,
    who: ClerkDep,
    property: Annotated[str, Form(max_length=100)],
    value: Annotated[str, Form(min_length=1, max_length=20_000)],
    form_token: FormToken = "",
    language: Annotated[str, Form(pattern="^(vi|en)?$")] = "",
) -> Response:
    """The form on an entity's page."""
    check_form(request, form_token)
    done = judge(of_form(identifier, property, value, language), who.name, views, writer)
    return RedirectResponse(f"{address(done.entity)}?written={quote(done.load)}", 303)
