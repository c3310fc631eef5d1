"""Networks to take away: a list, a page each with counts by year, and the files."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response, StreamingResponse

from api.catalogue import Words
from api.dependencies import KnownAt, PagesDep, ServicesDep, SnapshotId, ViewsDep, WordsDep, read_day
from api.documents import NetworkDocument, NetworksDocument
from api.examples import errors
from api.network_pictures import (
    ROLES_QUESTION,
    CommunitiesDocument,
    brokers_of,
    communities_of,
    picture_of,
    roles_by_broker,
)
from api.reading import Views
from graph.questions.network_files import WRITERS
from graph.questions.networks import Network, Projection, projections
from graph.statements.home import today

router = APIRouter()

_BROKERS = 40
"""Brokers on the page of a network; question 23 tells of all."""
_MEDIA = {"csv": "text/csv; charset=utf-8", "gexf": "application/gexf+xml", "graphml": "application/graphml+xml"}
From = Annotated[int | None, Query(alias="from", ge=1, le=9999, description="First year.")]
Until = Annotated[int | None, Query(ge=1, le=9999, description="Last year, included.")]
Day = Annotated[str, Query(max_length=10, description="Only what had happened by this day; today where left out.")]


def _projection(name: str) -> Projection:
    try:
        return projections()[name]
    except KeyError:
        raise HTTPException(404, f"There is no network of that name; there are {', '.join(projections())}.") from None


def _network(views: Views, name: str, since: int | None, until: int | None, day: str) -> Network:
    return views.network(_projection(name), day).between(since, until)


def _day(text: str) -> str:
    return read_day(text, "as_of") or today()


@router.get("/api/networks", responses=errors(503), summary="The networks that there are", tags=["networks"])
def list_networks(views: ViewsDep) -> NetworksDocument:
    """Projections of the graph onto pairs of nodes, weighted, by year."""
    return NetworksDocument.model_validate({"snapshot": views.snapshot, "networks": list(projections().values())})


@router.get(
    "/api/networks/{name}",
    responses={200: {"content": {media.split(";")[0]: {} for media in _MEDIA.values()}}, **errors(404, 422, 503)},
    response_model=NetworkDocument,
    summary="A network as a file",
    tags=["networks"],
)
def network(
    name: str,
    views: ViewsDep,
    format: Literal["json", "csv", "gexf", "graphml"] = "json",
    since: From = None,
    until: Until = None,
    as_of: Day = "",
    language: Annotated[Literal["vi", "en"], Query()] = "vi",
) -> NetworkDocument | Response:
    """As an edge list, as GEXF with intervals or as GraphML; as JSON only its counts by year."""
    day = _day(as_of)
    found = _network(views, name, since, until, day)
    if format == "json":
        return NetworkDocument.of(found, views.snapshot, day)
    names = {node: views.ref(node, language).name or node for node in found.nodes()}
    note = f"{found.projection.title[language]}. Ketnoi, {views.snapshot}, {day}"
    pieces = _blocks(WRITERS[format](found, names, note))
    file = f"{name}-{views.snapshot[:8]}.{format}"
    return StreamingResponse(
        pieces, media_type=_MEDIA[format], headers={"content-disposition": f'attachment; filename="{file}"'}
    )


@router.get(
    "/api/networks/{name}/communities",
    responses=errors(404, 422, 503),
    response_model=CommunitiesDocument,
    summary="A network's communities and its picture",
    tags=["networks"],
)
def communities(
    name: str,
    views: ViewsDep,
    services: ServicesDep,
    since: From = None,
    until: Until = None,
    as_of: Day = "",
    language: Annotated[Literal["vi", "en"], Query()] = "vi",
) -> CommunitiesDocument:
    """The heaviest nodes and ties, each node with its community (Louvain) and, of a broker, what it does in a sentence."""
    day, words = _day(as_of), Words(language)
    found = views.overview(_projection(name), day, since, until).divided
    roles = roles_by_broker(views, services.questions[ROLES_QUESTION], day, since, until)
    picture = picture_of(found, brokers_of(roles, found, views, words), views, words)
    return CommunitiesDocument.model_validate(
        {
            "snapshot": views.snapshot,
            "as_of": day,
            "modularity": round(found.modularity, 6),
            "communities": [len(one.nodes) for one in found.communities],
            "nodes_total": len(found.weights),
            "whole": found.whole,
            **picture,
        }
    )


def _blocks(pieces: Iterator[str]) -> Iterator[bytes]:
    """Pieces put together to blocks that are worth sending."""
    block: list[str] = []
    size = 0
    for piece in pieces:
        block.append(piece)
        size += len(piece)
        if size > 1 << 16:
            yield "".join(block).encode()
            block, size = [], 0
    yield "".join(block).encode()


def _picture_address(name: str, narrowed: Mapping[str, str | None], language: str) -> str:
    chosen = {key: value for key, value in narrowed.items() if value}
    return f"/api/networks/{name}/communities?{urlencode({**chosen, 'language': language})}"


def _file_address(name: str, kind: str, narrowed: Mapping[str, str | None], language: str) -> str:
    chosen = {key: value for key, value in narrowed.items() if value}
    return f"/api/networks/{name}?{urlencode({'format': kind, **chosen, 'language': language})}"


@router.get("/networks", include_in_schema=False)
def networks_page(request: Request, views: ViewsDep, pages: PagesDep) -> Response:
    """The networks that there are."""
    return pages.render(request, "networks.html", snapshot=views.snapshot, networks=list(projections().values()))


@router.get("/networks/{name}", include_in_schema=False)
def network_page(
    request: Request,
    name: str,
    views: ViewsDep,
    pages: PagesDep,
    words: WordsDep,
    services: ServicesDep,
    since: Annotated[str, Query(alias="from", pattern=r"^\d{0,4}$")] = "",
    until: Annotated[str, Query(pattern=r"^\d{0,4}$")] = "",
    as_of: Day = "",
    known_at: KnownAt = None,
    snapshot: SnapshotId = None,
) -> Response:
    """A network's counts by year, its heaviest ties, and its files."""
    day = _day(as_of)
    narrowed = {"from": since, "until": until, "as_of": day, "known_at": known_at, "snapshot": snapshot}
    years = int(since or 0) or None, int(until or 0) or None
    projection = _projection(name)
    found = views.overview(projection, day, *years)
    parted = found.divided
    brokers = brokers_of(roles_by_broker(views, services.questions[ROLES_QUESTION], day, *years), parted, views, words)
    return pages.render(
        request,
        "network.html",
        snapshot=views.snapshot,
        network=projection,
        years=found.years,
        most=max((one.weight for one in found.years), default=1),
        nodes=found.nodes,
        parted=parted,
        communities=communities_of(parted, views, words),
        brokers=list(brokers.values())[:_BROKERS],
        picture_source=_picture_address(name, narrowed, words.language),
        heaviest=[
            (views.ref(tie.source, words.language), views.ref(tie.target, words.language), tie)
            for tie in found.heaviest
        ],
        illustrative={node for tie in found.heaviest for node in (tie.source, tie.target) if views.illustrative(node)},
        since=since,
        until=until,
        day=day,
        files=[(kind, _file_address(name, kind, narrowed, words.language)) for kind in WRITERS],
    )
