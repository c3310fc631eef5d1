"""The ecosystem for policymakers over HTTP: its views as JSON, CSV or XLSX, and the sheets by which reports are asked for."""

import io
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from api.dependencies import ServicesDep, ViewsDep
from api.ecosystem_links import behind_row, kept_of
from api.ecosystem_sheets import report_sheet
from api.examples import errors
from api.exporting import Behind
from api.negotiation import CSV, XLSX
from api.question_documents import QuestionsDocument, ResultDocument, questions_document
from api.questions import Day, WantedDep
from api.reading import Views
from graph.questions.ecosystem import ecosystem_questions
from graph.questions.named import NamedQuestion
from graph.questions.running import Result

router = APIRouter(prefix="/api/ecosystem", tags=["ecosystem"])

FIGURES = "figures"
"""The view that asks one of the 25 questions."""
_REPORTED = "reported_figures"


def views_of(asked: Mapping[str, NamedQuestion]) -> dict[str, NamedQuestion]:
    """The views by name: the questions of the ecosystem, and the reported figures.

    :param asked: the named questions that are shipped
    """
    return {**ecosystem_questions(), **({FIGURES: asked[_REPORTED]} if _REPORTED in asked else {})}


def behind(name: str, result: Result, views: Views, known_at: str | None, base: str) -> Behind:
    """What stands behind the rows of a view: the lists that they were counted from, and the sources of the public records."""
    kept = kept_of(result.parameters, result.as_of, known_at, None)
    by = result.parameters.get("by")

    def leads(row: dict[str, Any]) -> str | None:
        path = behind_row(name, row, kept, by, views)
        return f"{base}{path}" if path else None

    sources = views.question(ecosystem_questions()["sources"], {}).rows
    told = [
        ", ".join(str(part) for part in (views.ref(row["source"], "vi").name, row["file"], row["retrieved_on"]) if part)
        for row in sources
    ]
    return Behind(leads, told)


@router.get("", summary="The views of the ecosystem")
def list_views(services: ServicesDep) -> QuestionsDocument:
    """The views for policymakers, with definition, parameters and columns. ``figures`` is question 2."""
    return questions_document(views_of(services.questions).values())


@router.get(
    "/report-sheet",
    responses={200: {"content": {XLSX: {}}}, **errors(404, 422, 503)},
    response_class=Response,
    summary="A pre-filled sheet of reports that are due",
)
def sheet(
    views: ViewsDep,
    of: Annotated[str, Query(max_length=2_000, description="Who is responsible: an id, an IRI or an exact name.")],
    as_of: Day = "",
    language: Annotated[Literal["vi", "en"], Query(description="Of the guide in the sheet.")] = "vi",
) -> Response:
    """The reports that one body owes on a day, a row each, to be answered; filled in, the sheet loads as it is."""
    given = {"of": of, "as_of": as_of, "report_state": "overdue"}
    result = views.question(ecosystem_questions()["due_reports"], given)
    if not result.rows:
        raise HTTPException(404, "That body owes no report on the day.")
    target = io.BytesIO()
    report_sheet(views, result.rows, language, target)
    name = f"application-reports-{result.parameters['of'].rsplit('/', 1)[-1]}-{result.as_of}.xlsx"
    return Response(target.getvalue(), 200, {"content-disposition": f'attachment; filename="{name}"'}, XLSX)


@router.get(
    "/{name}",
    responses={200: {"content": {CSV: {}, XLSX: {}}}, **errors(404, 406, 422, 503)},
    response_model=ResultDocument,
    summary="A view of the ecosystem",
)
def view(
    request: Request, name: str, services: ServicesDep, views: ViewsDep, wanted: WantedDep
) -> ResultDocument | Response:
    """The view's own parameters are parameters of the address, as with named questions. In XLSX each row leads to what it was
    counted from, and a second sheet has definition, parameters, queries and sources."""
    base = str(request.base_url).rstrip("/")

    def told(name: str, result: Result) -> Behind:
        return behind(name, result, views, wanted.known_at, base)

    return wanted.answer(views_of(services.questions), name, views, told)
