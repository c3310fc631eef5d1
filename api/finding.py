"""The API for who can help: experts for a text, a technology, a need or a firm, and partners of an intermediary."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from api.dependencies import ViewsDep, read_day
from api.examples import errors
from api.fitting import light
from graph.answer.expert_model import ExpertQuestion, Experts
from graph.answer.partner_model import PartnerQuestion, Partners

router = APIRouter(prefix="/api")


@router.get(
    "/experts", summary="Experts who can help", responses=errors(422, 503), response_model=Experts, tags=["experts"]
)
def experts(request: Request, question: Annotated[ExpertQuestion, Query()], views: ViewsDep) -> Response:
    """Persons ranked by what on record speaks for them: what they made, worked on, were called to, claim or are listed with.

    Give any of text, technology, need and firm. Contact data of persons is never among it.
    """
    if not any((question.text, question.technology, question.need, question.firm)):
        raise HTTPException(422, "Give at least one of text, technology, need and firm.")
    _days(question)
    return light(request, views.experts(question), "experts", question.offset)


@router.get(
    "/partners",
    summary="Partners of an intermediary",
    responses=errors(422, 503),
    response_model=Partners,
    tags=["partners"],
)
def partners(request: Request, question: Annotated[PartnerQuestion, Query()], views: ViewsDep) -> Response:
    """Intermediaries whose services, fields, areas or languages cover what this one lacks, and who know those who might buy."""
    _days(question)
    return light(request, views.partners(question), "partners", question.offset, beside="buyers")


def _days(question: ExpertQuestion | PartnerQuestion) -> None:
    """See that days are days.

    :raises HTTPException: 422 where one is none
    """
    for name in ("as_of", "known_at"):
        read_day(getattr(question, name), name)
