"""The API for what stands around an entity and for its history."""

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from api.catalogue import Words
from api.dependencies import ViewsDep, read_day
from api.examples import errors
from api.existing import Moved, existing, redirect
from api.links import iri
from api.part_documents import HistoryDocument, LinkDocument, NeighboursDocument, SaidDocument, VersionDocument
from api.reading import Views
from api.surroundings import Surroundings
from graph.statements.home import today
from graph.views.history import History, Said
from ontology.model import BASE

router = APIRouter(prefix="/api", tags=["entities"])

MOST_VERSIONS = 100
_EACH, _PAGE, _LONGEST = 10, 50, 100
_KEY = r"^(in|out)\.[A-Za-z]+(\.[A-Za-z]+\.[A-Za-z]+)?$"
From = Annotated[int, Query(alias="from", ge=0, le=1_000_000, description="How many to leave out.")]

Language = Annotated[Literal["vi", "en"], Query()]


@router.get(
    "/entities/{identifier:path}/neighbours",
    responses=errors(404, 410, 422, 503),
    response_model=NeighboursDocument,
    summary="What stands around an entity",
)
def neighbours(
    request: Request,
    identifier: str,
    views: ViewsDep,
    way: Annotated[str | None, Query(pattern=_KEY, max_length=200, description="Only this group.")] = None,
    start: From = 0,
    limit: Annotated[int, Query(ge=1, le=_LONGEST)] = _EACH,
    as_of: Annotated[str, Query(max_length=10, description="What is valid on this day; today where left out.")] = "",
    language: Language = "vi",
) -> NeighboursDocument | Response:
    """Its neighbours by the way that leads to them: over an edge, or over an event that has both as ends.

    Without ``way`` the beginning of each group; with one a page of it.
    """
    try:
        node = existing(views, _bare(identifier))
    except Moved as moved:
        return redirect(request, f"/api/entities/{_bare(iri(moved.survivor))}/neighbours")
    day = read_day(as_of, "as_of") or today()
    told = Surroundings(views, node, Words(language), day)
    one = told.of(way, start, limit) if way else None
    if way and one is None:
        raise HTTPException(404, "No such way leads from this entity.")
    return NeighboursDocument.model_validate(
        {
            "snapshot": views.snapshot,
            "as_of": day,
            "id": node,
            "groups": [one] if one else told.groups(limit),
            "unfollowed": told.around.unfollowed,
        }
    )


@router.get(
    "/entities/{identifier:path}/history",
    responses=errors(404, 410, 422, 503),
    response_model=HistoryDocument,
    summary="What records said of an entity, and when",
)
def history(
    request: Request,
    identifier: str,
    views: ViewsDep,
    start: From = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_VERSIONS)] = _PAGE,
    language: Language = "vi",
) -> HistoryDocument | Response:
    """What each load changed in what records say of it, and which links made its mentions one body, the newest first.

    Links of curators come before those of the linker.
    """
    try:
        node = existing(views, _bare(identifier))
    except Moved as moved:
        return redirect(request, f"/api/entities/{_bare(iri(moved.survivor))}/history")
    return history_document(views, node, views.history(node, start, limit), language, start + limit)


def _bare(identifier: str) -> str:
    """An id, given as such or as an IRI."""
    return identifier.removeprefix(BASE).removeprefix("id/")


def history_document(views: Views, identifier: str, told: History, language: str, following: int) -> HistoryDocument:
    """A history as the API gives it: targets by their names, those that nobody may see left out."""

    def said(values: tuple[Said, ...]) -> list[SaidDocument]:
        seen = (one for one in values if one.object is None or views.types(one.object))
        return [
            SaidDocument(
                property=one.property,
                object=one.object,
                name=views.ref(one.object, language).name if one.object else None,
                value=one.value,
                language=one.language,
            )
            for one in seen
        ]

    versions = [
        VersionDocument(
            load=one.load,
            instant=one.instant,
            source=one.source,
            file=one.file,
            line=one.line,
            record=one.record,
            state=one.state,
            added=said(one.added),
            removed=said(one.removed),
        )
        for one in told.versions
    ]
    return HistoryDocument(
        snapshot=views.snapshot,
        id=identifier,
        mentions=told.mentions,
        versions_total=told.versions_total,
        versions=versions,
        links_total=told.links_total,
        links=[LinkDocument.model_validate(one) for one in told.links],
        next=following if following < max(told.versions_total, told.links_total) else None,
    )
