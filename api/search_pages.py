"""Search as a page: what it can be narrowed by as links, what was found marked, page after page. And suggestions as JSON."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.catalogue import Words
from api.dependencies import PagesDep, ViewsDep, WordsDep
from api.examples import errors
from api.finding_words import Marked, Sought
from api.links import address
from api.part_documents import SuggestionDocument, SuggestionsDocument
from api.reading import Hit, Views
from graph.views.entity import NodeRef
from graph.views.facets import FACETS, Narrowed
from ontology.model import ontology

router = APIRouter()

_PAGE = 20
_LAST = 2_000
"""Hits that can be paged through; who wants more narrows, or asks the dataset."""
_SUGGESTED = 20
_LONGEST = 2_000
_TEXTS = ("description", "title", "text")
Text = Annotated[str, Query(max_length=_LONGEST)]
Chosen = Annotated[list[str] | None, Query(max_length=50)]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: how many hits have it, whether it is chosen, and the address that chooses it or takes it back."""

    value: str
    label: str
    count: int | None
    chosen: bool
    href: str


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit: the node, its name and a piece of its text with what was looked for marked; of a concept, which scheme names it so."""

    node: NodeRef
    name: Marked
    text: Marked
    illustrative: bool
    scheme: str | None = None


@router.get("/api/suggest", responses=errors(422, 503), summary="What somebody may be typing", tags=["search"])
def suggest(
    views: ViewsDep,
    q: Annotated[str, Query(min_length=1, max_length=200, examples=["mang l"])],
    limit: Annotated[int, Query(ge=1, le=_SUGGESTED)] = 8,
    language: Annotated[Literal["vi", "en"], Query()] = "vi",
) -> SuggestionsDocument:
    """Nodes whose name holds all words but the last, and one that begins with the last; exact diacritics come first."""
    return SuggestionsDocument(
        snapshot=views.snapshot,
        suggestions=[
            SuggestionDocument(
                id=hit.id,
                name=hit.name,
                type=hit.type,
                kind=ontology().label(hit.type, language),
                href=address(hit.id),
                illustrative=views.illustrative(hit.id),
            )
            for hit in views.suggest(q, limit, language)
        ],
    )


def facet_label(views: Views, facet: str, value: str, language: str) -> str:
    """What a value of a facet is called."""
    if facet == "class":
        return ontology().label(value, language)
    return value if facet == "source" else views.ref(value, language).name or value


@router.get("/search", include_in_schema=False)
def search(
    request: Request,
    views: ViewsDep,
    pages: PagesDep,
    words: WordsDep,
    q: Text = "",
    kind: Annotated[list[str] | None, Query(alias="class", max_length=50)] = None,
    region: Chosen = None,
    field: Chosen = None,
    source: Chosen = None,
    start: Annotated[int, Query(alias="from", ge=0, le=_LAST)] = 0,
) -> Response:
    """Everything by name and text, with and without diacritics, in Vietnamese and English."""
    known = [name for name in kind or () if name in ontology().classes]
    narrowed = Narrowed({"class": known, "region": region or (), "field": field or (), "source": source or ()})
    bridged = views.bridge.find(q)
    found = views.narrow(q.strip(), narrowed, _PAGE, start, words.language, bridged)
    sought = Sought.of(q, bridged)
    return pages.render(
        request,
        "search.html",
        q=q,
        found=found,
        hits=[_shown(views, hit, sought, words) for hit in found.hits] if q.strip() or narrowed else [],
        bridged=bridged,
        facets=_facets(views, found.facets, narrowed, q, words),
        asked=bool(q.strip() or narrowed),
        hidden=[(facet, value) for facet, values in narrowed.by.items() for value in values],
        turns=_turns(request, start, found.total),
        start=start,
        last=_LAST,
        snapshot=views.snapshot,
    )


def _shown(views: Views, hit: Hit, sought: Sought, words: Words) -> ShownHit:
    texts = [value for prop in _TEXTS for value in views.values(hit.id, prop)]
    return ShownHit(
        NodeRef(hit.id, hit.name, hit.type),
        sought.mark(hit.name),
        sought.around(texts or [hit.snippet]),
        views.illustrative(hit.id),
        next((views.ref(scheme, words.language).name for scheme in views.values(hit.id, "inScheme")), None),
    )


def _facets(views: Views, counts: Any, narrowed: Narrowed, q: str, words: Words) -> list[tuple[str, list[Choice]]]:
    """The facets with their choices, those that are chosen first; a facet without anything to choose is left out."""
    shown = []
    for facet in FACETS:
        chosen = list(narrowed.by.get(facet, ()))
        told = dict(counts.get(facet, ()))
        choices = [
            Choice(
                value,
                facet_label(views, facet, value, words.language),
                told.get(value),
                value in chosen,
                _address(q, narrowed, facet, value),
            )
            for value in (*chosen, *(value for value in told if value not in chosen))
        ]
        if choices:
            shown.append((facet, choices))
    return shown


def _address(q: str, narrowed: Narrowed, facet: str, value: str) -> str:
    """The address of the search with a value chosen, or no longer."""
    pairs = [(name, one) for name, values in narrowed.by.items() for one in values]
    changed = (facet, value)
    pairs = [pair for pair in pairs if pair != changed] if changed in pairs else [*pairs, changed]
    return f"/search?{urlencode([('q', q), *pairs])}"


def _turns(request: Request, start: int, total: int) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "from"]

    def turned(place: int) -> str:
        return f"/search?{urlencode([*kept, ('from', place)] if place else kept)}"

    before = [("before", turned(max(0, start - _PAGE)))] if start else []
    behind = [("behind", turned(start + _PAGE))] if start + _PAGE < min(total, _LAST) else []
    return [*before, *behind]
