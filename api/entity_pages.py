"""What the page of an entity shows beside its facts, and the pages that hold all of it: neighbours, timeline, history."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from api.catalogue import Words
from api.dependencies import PagesDep, ViewsDep, WordsDep, read_day
from api.entity_parts import history_document
from api.existing import Moved, existing, redirect
from api.exporting import neutral
from api.links import address
from api.pictures import neighbourhood
from api.reading import Views
from api.surroundings import Beside, Surroundings
from api.timelines import rows_of
from graph.questions.named import NamedQuestion
from graph.statements.home import today
from graph.views.entity import EntityPage
from graph.views.surroundings import Happening
from ontology.model import ontology

router = APIRouter(include_in_schema=False)

_EACH = 5
"""Neighbours of a group on the page of an entity; a page of its own holds all."""
_COMING, _GONE_BY = 4, 12
"""Days after and up to the one asked for on the page of an entity."""
_PAGE = 100
_VERSIONS = 50
_SOURCES = 3
Day = Annotated[str, Query(max_length=10)]
From = Annotated[int, Query(alias="from", ge=0, le=1_000_000)]
Way = Annotated[str, Query(max_length=200)]


def told_around(page: EntityPage, views: Views, words: Words, day: str) -> dict[str, Any]:
    """What stands around an entity on a day: its validity, groups of neighbours, the picture of them, and the last days told."""
    told = Surroundings(views, page.id, words, day)
    groups = told.groups(_EACH)
    days = told.around.days
    followed = {way.first for way in told.around.ways if way.inward}
    return {
        "day": day,
        "validity": told.around.validity,
        "state": told.around.validity.state(day),
        "beside": groups,
        "unfollowed": told.around.unfollowed,
        "followed": followed,
        "picture": neighbourhood(views.ref(page.id, words.language), page.illustrative, groups, words.language),
        "days": rows_of(views, page.id, _near(days, day), words, day),
        "days_total": len(days),
    }


def _near(days: Sequence[Happening], day: str) -> list[Happening]:
    """The days next to the one asked for, the newest first."""
    at = sum(one.day[: len(day)] <= day[: len(one.day)] for one in days)
    return list(days[max(0, at - _GONE_BY) : at + _COMING])[::-1]


def related(asked: Mapping[str, NamedQuestion], page: EntityPage) -> Iterator[tuple[NamedQuestion, str]]:
    """The named questions that may be asked of an entity, with their addresses: a parameter takes its class, or its scheme."""
    for question in asked.values():
        for name, parameter in question.parameters.items():
            fits = parameter.class_ in page.types if parameter.class_ else _of_scheme(page.id, parameter.scheme)
            alone = all(one == name or not other.required for one, other in question.parameters.items())
            if fits and alone and parameter.class_ != "Entity":
                yield question, f"/questions/{question.name}?{urlencode({name: page.id})}"
                break


_ASKED = {
    "/": ("routes", ("technology", "need", "intermediary", "firm")),
    "/experts": ("experts", ("technology", "need", "firm")),
    "/partners": ("partners", ("intermediary",)),
    "/rights": ("may", ("technology",)),
    "/reviewers": ("reviewers", ("task",)),
    "/councils": ("councils", ("about",)),
}
"""Pages that answer for an entity: the words that lead there, and the parameters that they take."""
_PARTS = {
    "technology": "Technology",
    "need": "TechnologyNeed",
    "intermediary": "Intermediary",
    "firm": "Enterprise",
    "task": "STTask",
    "about": "PolicyInstrument",
}


def asks(page: EntityPage) -> list[tuple[str, str]]:
    """What the pages that answer for an entity are asked: addresses and keys of their words."""
    found = [
        (f"{path}?{urlencode({part: page.id})}", key)
        for path, (key, parts) in _ASKED.items()
        for part in parts
        if _PARTS[part] in page.types
    ]
    if "ResearchResult" in page.types:
        found.append((f"/rights/{page.id}", "rights"))
    return found


def _of_scheme(identifier: str, scheme: str | None) -> bool:
    return scheme is not None and identifier.startswith(f"scheme/{scheme}/")


def facts_csv(page: EntityPage, language: str) -> str:
    """The facts of an entity as CSV, a row for each fact and record that states it; nothing in it is read as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(
        ("property", "label", "value", "language", "object", "object_name", "record", "source", "file", "line", "date")
    )
    for fact in page.facts:
        target = (fact.object.id, fact.object.name) if fact.object else (None, None)
        said = (fact.property, ontology().label(fact.property, language), fact.value, fact.language, *target)
        for one in fact.sources[:_SOURCES] or (None,):
            where = (one.record, one.source, one.file, one.line, one.date) if one else (None,) * 5
            writer.writerow([neutral(cell) for cell in (*said, *where)])
    return text.getvalue()


def _node(request: Request, views: Views, identifier: str, part: str) -> str | Response:
    """The id itself, or the way to the node that it was merged into."""
    try:
        return existing(views, identifier)
    except Moved as moved:
        return redirect(request, f"/{part}/{address(moved.survivor).removeprefix('/id/').removeprefix('/')}")


def _shared(views: Views, node: str, part: str, words: Words) -> dict[str, Any]:
    """What the pages of an entity's parts have in common."""
    return {
        "entity": views.ref(node, words.language),
        "illustrative": views.illustrative(node),
        "part": part,
        "snapshot": views.snapshot,
    }


def _turned(request: Request, start: int) -> str:
    """The address of the same page, begun elsewhere."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "from"]
    return f"?{urlencode([*kept, ('from', start)] if start else kept)}"


def _turns(request: Request, start: int, size: int, total: int) -> list[tuple[str, str]]:
    """The addresses of the page before and of the one behind, by the word for them."""
    before = [("before", _turned(request, max(0, start - size)))] if start else []
    behind = [("behind", _turned(request, start + size))] if start + size < total else []
    return [*before, *behind]


@router.get("/around/{identifier:path}")
def around_page(
    request: Request,
    identifier: str,
    views: ViewsDep,
    pages: PagesDep,
    words: WordsDep,
    way: Way = "",
    start: From = 0,
    as_of: Day = "",
) -> Response:
    """The neighbours of an entity: the groups that there are, and a page of one."""
    node = _node(request, views, identifier, "around")
    if isinstance(node, Response):
        return node
    day = read_day(as_of, "as_of") or today()
    told = Surroundings(views, node, words, day)
    groups = told.groups(1)
    one = told.of(way or (groups[0].way if groups else ""), start, _PAGE)
    if way and one is None:
        raise HTTPException(404, "No such way leads from this entity.")
    return pages.render(
        request,
        "around.html",
        **_shared(views, node, "around", words),
        groups=[(group, _way_address(request, group)) for group in groups],
        shown=one,
        start=start,
        day=day,
        turns=_turns(request, start, _PAGE, one.total if one else 0),
    )


def _way_address(request: Request, group: Beside) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in ("from", "way")]
    return f"?{urlencode([*kept, ('way', group.way)])}"


@router.get("/timeline/{identifier:path}")
def timeline_page(
    request: Request,
    identifier: str,
    views: ViewsDep,
    pages: PagesDep,
    words: WordsDep,
    start: From = 0,
    as_of: Day = "",
) -> Response:
    """What happened around an entity, the newest first."""
    node = _node(request, views, identifier, "timeline")
    if isinstance(node, Response):
        return node
    day = read_day(as_of, "as_of") or today()
    days = views.around(node).days[::-1]
    return pages.render(
        request,
        "timeline.html",
        **_shared(views, node, "timeline", words),
        days=rows_of(views, node, days[start : start + _PAGE], words, day),
        days_total=len(days),
        day=day,
        turns=_turns(request, start, _PAGE, len(days)),
    )


@router.get("/history/{identifier:path}")
def history_page(
    request: Request, identifier: str, views: ViewsDep, pages: PagesDep, words: WordsDep, start: From = 0
) -> Response:
    """What records said of an entity, load by load, and why its mentions are one."""
    node = _node(request, views, identifier, "history")
    if isinstance(node, Response):
        return node
    told = history_document(views, node, views.history(node, start, _VERSIONS), words.language, start + _VERSIONS)
    return pages.render(
        request,
        "history.html",
        **_shared(views, node, "history", words),
        told=told,
        turns=_turns(request, start, _VERSIONS, max(told.versions_total, told.links_total)),
    )
