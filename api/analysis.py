"""The ecosystem for those who make policy: analyses of the whole network, each with definition, rows, query and files; indicators."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.analysis_documents import AnalysesDocument, analyses_document
from api.dependencies import KnownAt, PagesDep, ServicesDep, ViewsDep, WordsDep, read_day
from api.examples import errors
from api.negotiation import CSV, XLSX
from api.question_documents import ResultDocument
from api.question_pages import shown
from api.questions import Day, On, WantedDep, given_in, question_of
from api.reading import Views
from graph.answer.indicators import Figure, target_of
from graph.questions.named import analyses, questions
from graph.statements.home import today
from ontology.indicators import Indicator, Target, indicators

router = APIRouter()

RELATED = ("keystone_intermediaries", "brokerage_roles", "fields_without_broker")
"""Named questions that are analyses of the network too."""


def _indicators(views: Views, day: str) -> tuple[list[tuple[Indicator, Figure]], dict[str, Target | None]]:
    known = indicators().indicators
    figures = {figure.id: figure for figure in views.indicators(day)}
    return [(one, figures[one.id]) for one in known], {one.id: target_of(one, views) for one in known}


@router.get("/api/analysis", responses=errors(422, 503), summary="Analyses and indicators", tags=["ecosystem"])
def list_analyses(views: ViewsDep, as_of: Day = "") -> AnalysesDocument:
    """The analyses of the whole network, and the indicators of the strategy to 2030 with target, source and the question behind each."""
    day = read_day(as_of, "as_of") or today()
    found, targets = _indicators(views, day)
    version = indicators().version
    return analyses_document(views.snapshot, day, analyses().values(), RELATED, version, found, targets)


@router.get(
    "/api/analysis/{name}",
    responses={200: {"content": {CSV: {}, XLSX: {}}}, **errors(404, 406, 422, 503)},
    response_model=ResultDocument,
    summary="An analysis of the network",
    tags=["ecosystem"],
)
def analysis(name: str, views: ViewsDep, wanted: WantedDep) -> ResultDocument | Response:
    """Betweenness, communities or concentration; asked as a named question is, with its parameters in the address."""
    return wanted.answer(analyses(), name, views)


@router.get("/analysis", include_in_schema=False)
def analyses_page(request: Request, views: ViewsDep, pages: PagesDep, as_of: Day = "") -> Response:
    """The analyses that there are, and the indicators."""
    day = read_day(as_of, "as_of") or today()
    found, targets = _indicators(views, day)
    return pages.render(
        request,
        "analyses.html",
        snapshot=views.snapshot,
        day=day,
        analyses=list(analyses().values()),
        related=[questions()[name] for name in RELATED],
        indicators=found,
        targets=targets,
        version=indicators().version,
        links={one.id: urlencode({**one.parameters, "as_of": day}, doseq=True) for one, _ in found},
    )


@router.get("/analysis/{name}", include_in_schema=False)
def analysis_page(
    request: Request,
    name: str,
    services: ServicesDep,
    pages: PagesDep,
    words: WordsDep,
    views: ViewsDep,
    on: On = "cypher",
    as_of: Day = "",
    known_at: KnownAt = None,
) -> Response:
    """An analysis: definition, form, picture, rows, files and query."""
    given: dict[str, Any] = given_in(request)
    return shown(request, pages, words, views, question_of(analyses(), name), given, on, as_of, known_at, "analysis")
