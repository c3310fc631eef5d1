"""Kept snapshots: the list with what was published, a page each to cite it by, its record and its data; and keeping one."""

import gzip
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import pyoxigraph as ox
from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from api.catalogue import Words
from api.citing import bibtex, citation, kept_iri, title
from api.dcat import kept_record
from api.dependencies import CuratorDep, HomeDep, NewestDep, PagesDep, WordsDep, WriterDep
from api.documentation import BEARER
from api.entities import media_for
from api.examples import errors
from api.negotiation import HTML, JSON, JSON_LD, OFFERED, TURTLE, split_suffix
from api.pages import Pages
from api.sessions import FormToken, check_form, visitor
from api.slow import KEEPING
from api.snapshot_documents import KeptDocument, PublishedDocument, SnapshotsDocument
from graph.resolve.publish_log import publish_log
from graph.statements.home import Home
from graph.views.errors import Preparing, UnknownSnapshot
from graph.views.kept import Kept, being_kept, dump_path, kept_snapshot, kept_snapshots

router = APIRouter()

_SHOWN = 20
"""Publishes that the page lists."""
_BIBTEX = "application/x-bibtex"
_BLOCK = 1 << 18
_RECORDS = {TURTLE: ox.RdfFormat.TURTLE, JSON_LD: ox.RdfFormat.JSON_LD}
_CACHE = {"cache-control": "no-cache", "vary": "Accept"}


class Keeping(BaseModel):
    """What a snapshot is kept under."""

    model_config = ConfigDict(extra="forbid")

    title: str | None = Field(None, min_length=1, max_length=200)
    note: str | None = Field(None, min_length=1, max_length=5_000)


def document(kept: Kept) -> KeptDocument:
    """A kept snapshot as the API gives it."""
    languages = {"vi": Words("vi"), "en": Words("en")}
    return KeptDocument(
        **asdict(kept),
        iri=kept_iri(kept),
        citation={language: citation(kept, words) for language, words in languages.items()},
        bibtex=bibtex(kept, languages["en"]),
    )


def _published(home: Home, most: int | None = None) -> list[PublishedDocument]:
    return [PublishedDocument.model_validate(one) for one in reversed(publish_log(home))][:most]


@router.get("/api/snapshots", responses=errors(503), summary="Kept and published snapshots", tags=["snapshots"])
def list_snapshots(home: HomeDep, views: NewestDep) -> SnapshotsDocument:
    """The newest snapshot, those that are kept and what was published, the latest first."""
    kept = [document(one) for one in kept_snapshots(home)]
    return SnapshotsDocument(snapshot=views.snapshot, kept=kept, published=_published(home))


@router.post(
    "/api/snapshots",
    status_code=201,
    responses=errors(401, 403, 422, 503),
    tags=["snapshots"],
    summary="Keep the newest snapshot",
    openapi_extra={"security": [{BEARER: []}]},
)
def post_snapshot(keeping: Keeping, who: CuratorDep, writer: WriterDep, response: Response) -> KeptDocument:
    """Keep the newest snapshot, to be cited and asked later. One that is kept already stays as it is."""
    kept = writer.keep(keeping.title, keeping.note)
    response.headers["location"] = f"/snapshots/{kept.snapshot}"
    return document(kept)


@router.get("/snapshots", include_in_schema=False)
def snapshots_page(request: Request, home: HomeDep, views: NewestDep, pages: PagesDep, words: WordsDep) -> Response:
    """The kept snapshots and what was published."""
    kept = [(one, title(one, words)) for one in kept_snapshots(home)]
    published = _published(home, _SHOWN)
    return pages.render(request, "snapshots.html", form=True, snapshot=views.snapshot, kept=kept, published=published)


@router.post("/snapshots", include_in_schema=False)
def form_snapshot(
    request: Request,
    home: HomeDep,
    writer: WriterDep,
    name: Annotated[str, Form(alias="title", max_length=200)] = "",
    note: Annotated[str, Form(max_length=5_000)] = "",
    form_token: FormToken = "",
) -> Response:
    """The form on the page."""
    check_form(request, form_token)
    who = visitor(request, home)
    if who is None or not who.may("curator"):
        raise HTTPException(403, "Only a signed-in curator may do this.")
    snapshot = writer.begin_to_keep(name.strip() or None, note.strip() or None)
    return RedirectResponse(f"/snapshots/{snapshot}", 303)


@router.get("/snapshots/{snapshot}/dataset.nq", include_in_schema=False)
def dump(request: Request, snapshot: str, home: HomeDep) -> Response:
    """The data as canonical N-Quads."""
    path = dump_path(home, snapshot)
    packed = "gzip" in request.headers.get("accept-encoding", "").lower()
    headers = {"content-disposition": f'attachment; filename="ketnoi-{snapshot}.nq"', "vary": "Accept-Encoding"}
    if packed:
        headers |= {"content-encoding": "gzip", "content-length": str(path.stat().st_size)}
    return StreamingResponse(_blocks(path, packed), 200, headers, "application/n-quads")


def _blocks(path: Path, packed: bool) -> Iterator[bytes]:
    with path.open("rb") if packed else gzip.open(path) as file:
        while block := file.read(_BLOCK):
            yield block


@router.get("/snapshots/{name}", include_in_schema=False)
def snapshot_page(request: Request, name: str, home: HomeDep, pages: PagesDep, words: WordsDep) -> Response:
    """A kept snapshot: its citation, its record, its files."""
    if name.endswith(".bib"):
        kept = kept_snapshot(home, name.removesuffix(".bib"))
        return Response(bibtex(kept, words), 200, _CACHE, _BIBTEX)
    identifier, suffix = split_suffix(name)
    media = media_for(request, suffix, OFFERED)
    kept = look_up(home, identifier)
    if media == JSON:
        return Response(document(kept).model_dump_json(), 200, _CACHE, JSON)
    if media == HTML:
        return _page(request, kept, pages, words)
    return Response(kept_record(kept, str(request.base_url).rstrip("/"), _RECORDS[media]), 200, _CACHE, media)


def look_up(home: Home, snapshot: str) -> Kept:
    """A kept snapshot.

    :raises Preparing: where it is just being kept
    :raises UnknownSnapshot: where it is neither kept nor being kept
    """
    with suppress(UnknownSnapshot):
        return kept_snapshot(home, snapshot)
    since = being_kept(home, snapshot)
    if since is None:
        # that was the end of it, if it was being kept
        return kept_snapshot(home, snapshot)
    raise Preparing("the snapshot is being kept; ask again in a moment", KEEPING, since)


def _page(request: Request, kept: Kept, pages: Pages, words: Words) -> Response:
    values: dict[str, Any] = {
        "kept": kept,
        "title": title(kept, words),
        "citation": citation(kept, words),
        "bibtex": bibtex(kept, words),
        "iri": kept_iri(kept),
    }
    return pages.render(request, "snapshot.html", snapshot=kept.snapshot, **values)
