"""The API for rights over state-funded results: the ledger, one result, and whether a technology may be given today."""

from collections.abc import Iterator
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from pydantic import Field

from api.catalogue import Words
from api.dependencies import ViewsDep, read_day
from api.examples import errors
from api.exporting import Cell, csv_text, xlsx_bytes
from api.links import known_form
from api.negotiation import CSV, XLSX
from api.reading import Views
from graph.answer.rights_ledger import ledger, result_rights
from graph.answer.rights_model import Entry, ResultRights, RightsLedger, RightsQuestion
from graph.questions.running import MOST_SHOWN

router = APIRouter(prefix="/api", tags=["rights"])

COLUMNS = (
    "result", "result_name", "task", "host", "fields", "approved_on", "accepted_on", "regime", "state", "state_since",
    "state_basis", "state_document", "owners", "clear", "technologies", "registration", "permit", "novelty_deadline", "warnings",
)  # fmt: skip
"""Columns of the files."""


class RightsRequest(RightsQuestion):
    """What is asked for over HTTP: at most 150 lines, or all of them as a file."""

    limit: int = Field(50, ge=1, le=150)
    format: Literal["json", "csv", "xlsx"] = "json"


@router.get(
    "/rights",
    summary="Rights over state-funded results",
    responses={200: {"content": {CSV: {}, XLSX: {}}}, **errors(422, 503)},
    response_model=RightsLedger,
)
def rights(request: Annotated[RightsRequest, Query()], asked: Request, views: ViewsDep) -> RightsLedger | Response:
    """A line a result as of the day: regime, state, owners, what is unclear.

    With ``technology``, and optionally ``to``, ``giver``, ``form``, ``territory`` and ``field`` (IPC), ``may`` says whether it may be
    given that day: yes, no or unknown, with the gate that decides, the reason and the provisions. By the rules of
    ``ketnoi evaluate rights`` and of the main question. ``format`` csv or xlsx gives all lines as a file; in XLSX each leads to all
    that is on record about its result.
    """
    check_days(request)
    if request.format == "json":
        return views.consistently(lambda reading: ledger(reading, request))
    return as_file(views, request, request.format, str(asked.base_url).rstrip("/"))


@router.get("/rights/{identifier}", summary="The rights over one result", responses=errors(404, 422, 503))
def rights_of(identifier: str, request: Annotated[RightsQuestion, Query()], views: ViewsDep) -> ResultRights:
    """Everything on record about the rights over a result: dated events, powers, parts of the profit, deadlines, next steps."""
    check_days(request)
    return found(views, identifier, request)


def found(views: Views, identifier: str, question: RightsQuestion) -> ResultRights:
    """What the ledger says of a result.

    :raises HTTPException: 404 where there is none of that id
    """
    told = (
        views.consistently(lambda reading: result_rights(reading, identifier, question))
        if known_form(identifier)
        else None
    )
    if told is None:
        raise HTTPException(404, "There is no research result of that id.")
    return told


def check_days(question: RightsQuestion) -> None:
    """See that days are days.

    :raises HTTPException: 422 where one is none
    """
    for name in ("as_of", "known_at"):
        read_day(getattr(question, name), name)


def as_file(views: Views, question: RightsQuestion, form: Literal["csv", "xlsx"], base: str) -> Response:
    """All lines that fit a question, as CSV under the names of the columns or as XLSX under their labels with a sheet about them.

    :param base: the address of the service, to which the links to results lead
    """
    words = Words(question.language)
    whole = RightsQuestion.model_validate(question.model_dump(exclude={"format"}) | {"limit": MOST_SHOWN, "offset": 0})
    told = views.consistently(lambda reading: ledger(reading, whole))
    rows = (row(entry) for entry in told.entries)
    headers = {
        "content-disposition": f'attachment; filename="rights-{told.snapshot[:8]}.{form}"',
        "ketnoi-snapshot": told.snapshot,
        "ketnoi-truncated": str(told.truncated).lower(),
    }
    if form == "csv":
        return Response(csv_text(COLUMNS, rows), 200, headers, CSV)
    labels = [*(words(f"rights.column.{name}") for name in COLUMNS), words("eco.behind")]
    days = urlencode([(name, day) for name, day in (("as_of", told.as_of), ("known_at", told.known_at)) if day])
    leads = (f"{base}/rights/{entry.result.id}?{days}" for entry in told.entries)
    return Response(xlsx_bytes(labels, rows, _about(told, whole, words), words, leads), 200, headers, XLSX)


def row(entry: Entry) -> list[Cell]:
    """A line of the ledger as cells, in the order of the columns."""
    return [
        entry.result.id,
        entry.result.name,
        entry.task.name if entry.task else None,
        entry.host.name if entry.host else None,
        "; ".join(field.name for field in entry.fields),
        entry.approved_on,
        entry.accepted_on,
        entry.regime,
        entry.state.name if entry.state else None,
        entry.state_since,
        entry.state_basis,
        entry.state_document,
        "; ".join(_share(share.owner.name, share.share) for share in entry.owners),
        entry.clear,
        "; ".join(technology.name for technology in entry.technologies),
        entry.registration,
        entry.permit,
        entry.novelty_deadline,
        "; ".join(warning.kind for warning in entry.warnings),
    ]


def _share(name: str, share: float | None) -> str:
    return name if share is None else f"{name} ({share:.3g})"


def _about(told: RightsLedger, question: RightsQuestion, words: Words) -> Iterator[tuple[Cell, Cell]]:
    yield words("rights.title"), None
    yield words("question.definition"), words("rights.definition")
    for part, column in (
        ("state", "state"),
        ("host", "host"),
        ("field", "fields"),
        ("regime", "regime"),
        ("technology", "technologies"),
    ):
        if given := getattr(question, part):
            yield words(f"rights.column.{column}"), given
    yield words("question.as_of"), told.as_of
    if told.known_at:
        yield words("question.known_at"), told.known_at
    yield words("question.snapshot"), told.snapshot
    provisions = {basis.id: basis for entry in told.entries for basis in entry.regime_basis}
    for basis in provisions.values():
        yield words("rights.basis"), f"{basis.name} ({words('certainty.' + basis.certainty)})"
