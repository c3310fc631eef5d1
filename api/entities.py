"""Entities, concepts and records at their addresses: as a page, as JSON, as JSON-LD and as Turtle."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from api.catalogue import Words
from api.dependencies import PagesDep, ServicesDep, ViewsDep, WordsDep, read_day
from api.documents import entity_document, json_ld, turtle
from api.entity_pages import asks, facts_csv, related, told_around
from api.existing import Moved, existing, redirect
from api.links import address
from api.negotiation import CSV, JSON, JSON_LD, OFFERED, SUFFIXES, TURTLE, negotiate, split_suffix
from api.pages import Pages
from api.presenting import Presenter, correctable, scheme_tree
from api.reading import Views, statements
from graph.questions.named import NamedQuestion
from graph.statements.home import today
from graph.views.entity import EntityPage

router = APIRouter(include_in_schema=False)

_FORMS = (*OFFERED, CSV)
_CACHE = {"cache-control": "no-cache", "vary": "Accept"}


def media_for(request: Request, suffix: str | None, offered: tuple[str, ...] = OFFERED) -> str:
    """The form that a request gets.

    :raises HTTPException: 406 where none of ours is accepted
    """
    media = suffix or negotiate(request.headers.get("accept"), offered)
    if media is None or media not in offered:
        raise HTTPException(406, f"There is {', '.join(offered)}.")
    return media


def found(views: Views, identifier: str, language: str) -> EntityPage:
    """An entity by its id.

    :raises Moved: where it was merged into another
    :raises HTTPException: 404 where there is none
    """
    page = views.entity(existing(views, identifier), language=language)
    if page is None:
        raise HTTPException(404, "There is no such entity, or it is not public.")
    return page


def _suffix(media: str | None) -> str:
    return next((suffix for suffix, one in SUFFIXES.items() if one == media), "")


def answer_entity(
    request: Request, path: str, views: Views, pages: Pages, words: Words, asked: Mapping[str, NamedQuestion]
) -> Response:
    """An entity in the form that was asked for."""
    identifier, suffix = split_suffix(path)
    media = media_for(request, suffix, _FORMS)
    try:
        page = found(views, identifier, words.language)
    except Moved as moved:
        return redirect(request, address(moved.survivor) + _suffix(suffix))
    headers = {**_CACHE, "link": _alternates(identifier)}
    if media == JSON:
        return Response(entity_document(page, views.snapshot).model_dump_json(), 200, headers, JSON)
    if media == JSON_LD:
        return Response(json_ld(views.triples(identifier)), 200, headers, JSON_LD)
    if media == TURTLE:
        return Response(turtle(views.triples(identifier)), 200, headers, TURTLE)
    if media == CSV:
        file = {"content-disposition": f'attachment; filename="{identifier.replace("/", "-")}.csv"'}
        return Response(facts_csv(page, words.language), 200, {**headers, **file}, f"{CSV}; charset=utf-8")
    response = _page(request, page, views, pages, words, asked)
    response.headers["link"] = headers["link"]
    return response


def _alternates(identifier: str) -> str:
    return ", ".join(
        f'<{address(identifier)}{suffix}>; rel="alternate"; type="{media}"' for suffix, media in SUFFIXES.items()
    )


def _page(
    request: Request, page: EntityPage, views: Views, pages: Pages, words: Words, asked: Mapping[str, NamedQuestion]
) -> Response:
    presenter = Presenter(words, views.illustrative)
    values: dict[str, Any] = {
        "entity": page,
        "snapshot": views.snapshot,
        "facts": presenter.fact_groups(page.facts),
        "incoming": presenter.incoming_groups(page),
        "claims": presenter.fact_groups(sorted(page.claims, key=lambda fact: fact.property)),
        "correctable": correctable(page, words),
        "formats": list(SUFFIXES),
        "related": list(related(asked, page)),
        "asks": asks(page),
        "written": _load_number(request.query_params.get("written", "")),
    }
    day = read_day(request.query_params.get("as_of"), "as_of") or today()
    values |= told_around(page, views, words, day)
    # what is told by its neighbours is not told again as an edge
    values["incoming"] = [group for group in values["incoming"] if group.property not in values["followed"]]
    if page.id.startswith("record/"):
        said = statements(views, page.id, words.language)
        values["said"] = [(presenter.node(ref), presenter.fact_groups(facts)) for ref, facts in said]
    if "ConceptScheme" in page.types:
        values["tree"] = scheme_tree(views.members(page.id, words.language))
        values["incoming"] = [group for group in values["incoming"] if group.property != "inScheme"]
    return pages.render(request, "entity.html", form=True, **values)


def _load_number(text: str) -> str | None:
    return text if text.isdecimal() and len(text) <= 12 else None


@router.get("/id/{identifier}")
def entity(
    request: Request, identifier: str, views: ViewsDep, pages: PagesDep, words: WordsDep, services: ServicesDep
) -> Response:
    """An entity."""
    return answer_entity(request, identifier, views, pages, words, services.questions)


@router.get("/record/{identifier}")
def record(
    request: Request, identifier: str, views: ViewsDep, pages: PagesDep, words: WordsDep, services: ServicesDep
) -> Response:
    """A source record: where it is from and what it said."""
    return answer_entity(request, f"record/{identifier}", views, pages, words, services.questions)


@router.get("/scheme/{path:path}")
def concept(
    request: Request, path: str, views: ViewsDep, pages: PagesDep, words: WordsDep, services: ServicesDep
) -> Response:
    """A concept, or a whole scheme with the list of its concepts."""
    return answer_entity(request, f"scheme/{path}", views, pages, words, services.questions)
