"""``/reconcile``: the W3C Reconciliation Service API 0.2, as OpenRefine asks it, and affiliations as a list of strings.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from api.catalogue import Words
from api.dependencies import NewestDep, PagesDep, WordsDep
from api.documents import AffiliationDocument, AffiliationsDocument, MeantDocument
from api.examples import errors
from api.links import address, known_form
from api.reading import Views
from api.reconcile_requests import MOST, queries_of, rows_asked
from graph.answer.reconciling import Asked, Candidate
from graph.views.entity import EntityPage, Fact
from ontology.model import BASE, KN, ROOT, Property, ontology
from ontology.text import fold

router = APIRouter()

PATH = "/reconcile"
_HIDDEN = ("Identifier", "ContactPoint", "CompetingClaim", "Source", "SourceRecord", "ConceptScheme")
_NOTABLE = ("Organization", "Enterprise", "University", "Intermediary", "Person", "Technology", "STTask", "Concept")
_SHARED = {"access-control-allow-origin": "*"}
"""Browsers of others may read the answers: they are public, and no cookie counts here."""
_FRAMED = _SHARED | {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors *"
}
Prefix = Annotated[str, Query(max_length=200)]
Cursor = Annotated[int, Query(ge=0, le=1_000)]


def _answer(content: Any) -> JSONResponse:
    return JSONResponse(content, headers=_SHARED)


def _manifest(request: Request, words: Words) -> dict[str, Any]:
    site = str(request.base_url).rstrip("/")
    suggest = {
        what: {"service_url": site, "service_path": f"{PATH}/suggest/{what}"} for what in ("entity", "property", "type")
    }
    return {
        "versions": ["0.1", "0.2"],
        "name": words("reconcile.name"),
        "identifierSpace": f"{BASE}id/",
        "schemaSpace": str(KN),
        "documentation": f"{site}/docs",
        "defaultTypes": [_type(name, words.language) for name in _NOTABLE],
        "view": {"url": f"{site}{PATH}/view?id={{{{id}}}}"},
        "preview": {"url": f"{site}{PATH}/preview?id={{{{id}}}}", "width": 480, "height": 320},
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": site, "service_path": f"{PATH}/properties"},
            "property_settings": [],
        },
        "batchSize": MOST,
    }


def _type(name: str, language: str) -> dict[str, str]:
    return {"id": name, "name": ontology().label(name, language)}


@router.get(PATH, include_in_schema=False)
def describe(
    request: Request,
    views: NewestDep,
    words: WordsDep,
    queries: Annotated[str | None, Query(max_length=16_000)] = None,
    extend: Annotated[str | None, Query(max_length=16_000)] = None,
) -> Response:
    """The service's manifest, or a batch in the address."""
    return _asked(request, views, words, {"queries": queries, "extend": extend})


@router.post(PATH, include_in_schema=False)
async def reconcile(request: Request, views: NewestDep, words: WordsDep) -> Response:
    """A batch of queries, or of ids to extend, as a form."""
    async with request.form(max_files=0, max_fields=10) as form:
        given = {name: value for name in ("queries", "extend") if isinstance(value := form.get(name), str)}
    return await run_in_threadpool(_asked, request, views, words, given)


def _asked(request: Request, views: Views, words: Words, given: Mapping[str, str | None]) -> Response:
    if queries := given.get("queries"):
        return _answer(_results(views, queries_of(queries), words.language))
    if extend := given.get("extend"):
        return _answer(_extended(views, *rows_asked(extend), words.language))
    return _answer(_manifest(request, words))


def _results(views: Views, asked: Mapping[str, Asked], language: str) -> dict[str, Any]:
    answers = views.reconciler.find(list(asked.values()))
    return {
        name: {"result": [_result(views, candidate, language) for candidate in candidates]}
        for name, candidates in zip(asked, answers, strict=True)
    }


def _result(views: Views, candidate: Candidate, language: str) -> dict[str, Any]:
    ref = views.ref(candidate.id, language)
    return {
        "id": candidate.id,
        "name": ref.name,
        "type": [_type(ref.type, language)] if ref.type in ontology().classes else [],
        "score": round(100 * candidate.probability, 2),
        "match": candidate.sure,
        "features": [{"id": name, "value": round(value, 4)} for name, value in candidate.features],
    }


def _extended(views: Views, ids: list[str], properties: list[str], language: str) -> dict[str, Any]:
    known = [ontology().properties[name] for name in properties if name in ontology().properties]
    meta = [_property(prop, language) | _leads_to(prop, language) for prop in known]
    return {"meta": meta, "rows": {one: _row(views, one, known, language) for one in ids}}


def _row(views: Views, identifier: str, properties: list[Property], language: str) -> dict[str, Any]:
    page = _page(views, identifier, language)
    facts = page.facts if page else ()
    return {prop.name: [_cell(fact) for fact in facts if fact.property == prop.name] for prop in properties}


def _page(views: Views, identifier: str, language: str) -> EntityPage | None:
    if not known_form(identifier):
        return None
    return views.entity(views.redirect(identifier) or identifier, language, 500)


def _cell(fact: Fact) -> dict[str, Any]:
    if fact.object is not None:
        return {"id": fact.object.id, "name": fact.object.name}
    return {"str": fact.value or ""}


def _property(prop: Property, language: str) -> dict[str, Any]:
    return {"id": prop.name, "name": ontology().label(prop.name, language)}


def _leads_to(prop: Property, language: str) -> dict[str, Any]:
    return {"type": _type(prop.range, language)} if prop.is_edge and prop.range else {}


@router.get(f"{PATH}/properties", include_in_schema=False)
def properties(
    words: WordsDep,
    type: Annotated[str, Query(max_length=100)] = ROOT,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """Properties that rows of a class can be extended by."""
    known = ontology()
    if type not in known.classes:
        raise HTTPException(404, "The ontology has no such class.")
    offered = [
        prop
        for prop in known.properties.values()
        if prop.visibility == "public" and prop.domain in known.classes[type].types
    ]
    listed = [_property(prop, words.language) for prop in offered[:limit]]
    return _answer({"type": type, "properties": listed, "limit": limit})


@router.get(f"{PATH}/suggest/entity", include_in_schema=False)
def suggest_entity(views: NewestDep, words: WordsDep, prefix: Prefix = "", cursor: Cursor = 0) -> Response:
    """Nodes whose names begin with what was typed so far."""
    hits = views.search(prefix, limit=cursor + 10, language=words.language) if prefix.strip() else []
    listed = [
        {"id": hit.id, "name": hit.name, "description": hit.snippet, "notable": [_type(hit.type, words.language)]}
        for hit in hits[cursor:]
    ]
    return _answer({"result": listed})


@router.get(f"{PATH}/suggest/type", include_in_schema=False)
def suggest_type(words: WordsDep, prefix: Prefix = "", cursor: Cursor = 0) -> Response:
    """Classes by what was typed of their labels."""
    names = [name for name in ontology().classes if name not in _HIDDEN]
    return _answer({"result": [_type(name, words.language) for name in _beginning(names, prefix)[cursor:][:20]]})


@router.get(f"{PATH}/suggest/property", include_in_schema=False)
def suggest_property(words: WordsDep, prefix: Prefix = "", cursor: Cursor = 0) -> Response:
    """Properties by what was typed of their labels."""
    names = [prop.name for prop in ontology().properties.values() if prop.visibility == "public"]
    found_names = _beginning(names, prefix)[cursor:][:20]
    return _answer({"result": [_property(ontology().properties[name], words.language) for name in found_names]})


def _beginning(names: list[str], prefix: str) -> list[str]:
    """The terms of which a label, or the name itself, begins with a text; then those that hold it."""
    typed = fold(prefix)
    labels = {name: [fold(name), *(fold(ontology().label(name, at)) for at in ("vi", "en"))] for name in names}
    first = [name for name in names if any(label.startswith(typed) for label in labels[name])]
    return first + [name for name in names if name not in first and any(typed in label for label in labels[name])]


@router.get(f"{PATH}/view", include_in_schema=False)
def view(id: Annotated[str, Query(max_length=300)]) -> Response:
    """The page of a node."""
    if not known_form(id):
        raise HTTPException(404)
    return RedirectResponse(address(id), 303)


@router.get(f"{PATH}/preview", include_in_schema=False)
def preview(
    request: Request, views: NewestDep, pages: PagesDep, words: WordsDep, id: Annotated[str, Query(max_length=300)]
) -> Response:
    """A few facts of a node, to be shown in a frame of whoever reconciles."""
    page = _page(views, id, words.language)
    if page is None:
        raise HTTPException(404)
    response = pages.render(request, "preview.html", page=page, facts=page.facts[:8])
    response.headers.update(_FRAMED)
    del response.headers["vary"]
    return response


@router.get(
    "/api/affiliations",
    responses=errors(422, 503),
    summary="Organisations that strings name",
    tags=["entities"],
)
def affiliations(
    views: NewestDep,
    words: WordsDep,
    q: Annotated[list[str], Query(min_length=1, max_length=MOST, examples=[["Khoa CNTT, ĐH Bách khoa Hà Nội"]])],
    country: Annotated[str | None, Query(pattern="^[A-Za-z]{2}$", description="ISO 3166-1 code.")] = None,
) -> AffiliationsDocument:
    """Affiliations as they are written, to organisations: those that are meant, and those that may be."""
    values = {"country": [country]} if country else {}
    asked = [Asked(text[:2_000], ("Organization",), values) for text in q]
    return AffiliationsDocument(
        snapshot=views.snapshot,
        affiliations=[
            AffiliationDocument(text=one.text, organisations=[_meant(views, item, words.language) for item in answer])
            for one, answer in zip(asked, views.reconciler.find(asked), strict=True)
        ],
    )


def _meant(views: Views, candidate: Candidate, language: str) -> MeantDocument:
    return MeantDocument(
        id=candidate.id,
        name=views.ref(candidate.id, language).name,
        probability=round(candidate.probability, 4),
        linked=candidate.linked,
        reasons=dict(candidate.features),
    )
