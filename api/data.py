"""The API: the main question, search, entities and loads as JSON."""

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from pydantic import Field

from api.case_access import visible_case
from api.catalogue import Words
from api.dependencies import HomeDep, ViewsDep, needed_bearer, read_day
from api.documents import (
    EntityDocument,
    HitDocument,
    HitsDocument,
    StatementsDocument,
    entity_document,
    statement_document,
)
from api.entities import found
from api.examples import errors
from api.existing import Moved, redirect
from api.fitting import light
from api.links import iri
from api.negotiation import CSV, JSON, XLSX
from api.reading import Views
from api.reading import statements as said_by
from api.route_files import as_csv, as_xlsx
from graph.answer.model import MOST_ROUTES, Answer, Question
from graph.statements.home import Home
from graph.views.entity import EntityPage, NodeRef
from ontology.model import BASE, ontology

router = APIRouter(prefix="/api")


class TransferQuestion(Question):
    """The main question, and as what its answer is given."""

    format: Literal["json", "csv", "xlsx"] = Field("json", description="Files hold a row a route.")


@router.get(
    "/transfer",
    summary="The main question",
    responses={200: {"content": {CSV: {}, XLSX: {}}}, **errors(401, 404, 422, 503)},
    response_model=Answer,
    tags=["transfer"],
)
def transfer(
    request: Request, question: Annotated[TransferQuestion, Query()], views: ViewsDep, home: HomeDep
) -> Response:
    """Which intermediary can bring which technology to which firm, and how do we know?

    Give any of text, technology, firm, need, intermediary and case; what is missing is ranked, and filters leave out what does not
    fit. A case needs the token of who may open it.
    """
    parts = (question.text, question.technology, question.firm, question.need, question.intermediary, question.case)
    if not any(parts):
        raise HTTPException(422, "Give at least one of text, technology, firm, need, intermediary and case.")
    for name in ("as_of", "known_at"):
        read_day(getattr(question, name), name)
    if question.case:
        return _of_case(request, question, question.case, views, home)
    answer = views.answer(question)
    if question.format == "json":
        return light(request, answer, "routes", question.offset, MOST_ROUTES)
    return _file(answer, question.format, Words(question.language))


def _file(answer: Answer, form: Literal["csv", "xlsx"], words: Words) -> Response:
    content: str | bytes = as_csv(answer) if form == "csv" else as_xlsx(answer, words)
    headers = {
        "content-disposition": f'attachment; filename="routes-{answer.as_of}-{answer.snapshot[:8]}.{form}"',
        "ketnoi-snapshot": answer.snapshot,
        "ketnoi-truncated": str(answer.truncated).lower(),
    }
    return Response(content, 200, headers, CSV if form == "csv" else XLSX)


def _of_case(request: Request, question: Question, identifier: str, views: Views, home: Home) -> Response:
    """The answer for a case, which nobody else may see and nothing may keep."""
    if question.text or question.known_at or request.query_params.get("snapshot"):
        raise HTTPException(422, "A case is asked by itself, on the newest snapshot.")
    case = visible_case(home, identifier, needed_bearer(request, home))
    answer = views.answer(question, case).model_dump_json(by_alias=True)
    return Response(answer, media_type=JSON, headers={"cache-control": "no-store"})


@router.get("/search", summary="Find by name or text", responses=errors(422, 503), tags=["search"])
def search(
    views: ViewsDep,
    q: Annotated[str, Query(min_length=1, max_length=2_000, examples=["mang loc nuoc"])],
    kind: Annotated[list[str] | None, Query(alias="class", max_length=50, examples=[["Technology"]])] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    language: Annotated[str, Query(pattern="^(vi|en)$")] = "vi",
) -> HitsDocument:
    """Everything by name and text, with and without diacritics, in Vietnamese and English."""
    if unknown := sorted(set(kind or ()) - set(ontology().classes)):
        raise HTTPException(422, f"The ontology has no class {', '.join(unknown)[:200]}.")
    bridged = views.bridge.find(q)
    hits = views.search(q, limit=limit, classes=kind or (), language=language, bridged=bridged)
    return HitsDocument(
        snapshot=views.snapshot, bridged=bridged, hits=[HitDocument.model_validate(hit) for hit in hits]
    )


def _identifier(text: str) -> str:
    """An id, given as such or as an IRI."""
    return text.removeprefix(BASE).removeprefix("id/")


def _found_or_moved(request: Request, views: Views, identifier: str, language: str, rest: str) -> EntityPage | Response:
    try:
        return found(views, identifier, language)
    except Moved as moved:
        return redirect(request, f"/api/entities/{_identifier(iri(moved.survivor))}{rest}")


Language = Annotated[str, Query(pattern="^(vi|en)$")]


@router.get(
    "/entities/{identifier:path}/statements",
    responses=errors(404, 410, 503),
    response_model=StatementsDocument,
    summary="Statements with their records",
    tags=["entities"],
)
def statements(
    request: Request, identifier: str, views: ViewsDep, language: Language = "vi"
) -> StatementsDocument | Response:
    """Each statement about an entity with its records, those that did not win too; of a record, what it said."""
    page = _found_or_moved(request, views, _identifier(identifier), language, "/statements")
    if isinstance(page, Response):
        return page
    if page.id.startswith("record/"):
        of_record = said_by(views, page.id, language)
        said = [statement_document(ref, fact, True) for ref, facts in of_record for fact in facts]
    else:
        node = NodeRef(page.id, page.name, page.types[0] if page.types else "Entity")
        said = [statement_document(node, fact, True) for fact in page.facts]
        said += [statement_document(node, fact, False) for fact in page.claims]
    return StatementsDocument(snapshot=views.snapshot, id=page.id, statements=said)


@router.get(
    "/entities/{identifier:path}",
    responses=errors(404, 410, 503),
    response_model=EntityDocument,
    summary="An entity",
    tags=["entities"],
)
def entity(request: Request, identifier: str, views: ViewsDep, language: Language = "vi") -> EntityDocument | Response:
    """An entity with the source of each value."""
    page = _found_or_moved(request, views, _identifier(identifier), language, "")
    return page if isinstance(page, Response) else entity_document(page, views.snapshot)
