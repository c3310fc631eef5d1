"""Pages of the rights over state-funded results: the ledger with its filters and the question whether F may have T; one result."""

from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.catalogue import Words
from api.dependencies import PagesDep, ViewsDep, WordsDep, read_day
from api.form_names import shown_parts
from api.reading import Views
from api.rights import found
from graph.answer.errors import AnswerError
from graph.answer.rights_ledger import FIELDS, STATES, ledger
from graph.answer.rights_model import Coded, RightsLedger, RightsQuestion
from graph.policy.case import Form
from graph.policy.law import Regime
from ontology.schemes import schemes

router = APIRouter(include_in_schema=False)

_SHOWN = 50
"""Lines on a page; «next» leads on."""
Text = Annotated[str, Query(max_length=2_000)]


@router.get("/rights")
def rights_page(
    request: Request,
    views: ViewsDep,
    pages: PagesDep,
    words: WordsDep,
    technology: Text = "",
    to: Text = "",
    giver: Text = "",
    form: Text = "",
    territory: Text = "",
    field: Text = "",
    state: Text = "",
    host: Text = "",
    regime: Text = "",
    as_of: Text = "",
    known_at: Text = "",
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """The ledger; with a technology, whether it may be given."""
    given = {"technology": technology, "to": to, "giver": giver, "territory": territory, "field": field}
    given |= {"state": state, "host": host}
    given = {name: text.strip() for name, text in given.items()}
    given |= {
        "form": form if form in get_args(Form) else "licence",
        "regime": regime if regime in get_args(Regime) else "",
    }
    given |= {"as_of": read_day(as_of, "as_of") or "", "known_at": read_day(known_at, "known_at") or ""}
    asked = {name: text for name, text in given.items() if text}
    question = RightsQuestion.model_validate({**asked, "limit": _SHOWN, "offset": offset, "language": words.language})
    told, problem = _told(views, question)
    return pages.render(
        request,
        "rights.html",
        422 if problem else 200,
        snapshot=views.snapshot,
        given=given,
        named=shown_parts(views, {name: given[name] for name in ("technology", "to", "giver")}, words.language),
        told=told,
        problem=problem,
        offset=offset,
        shown=_SHOWN,
        choices=_choices(words),
        query=urlencode(asked),
        days=urlencode([(name, asked[name]) for name in ("as_of", "known_at") if name in asked]),
    )


def _told(views: Views, question: RightsQuestion) -> tuple[RightsLedger | None, str | None]:
    try:
        return views.consistently(lambda reading: ledger(reading, question)), None
    except AnswerError as error:
        return None, str(error)


def _choices(words: Words) -> dict[str, list[Any]]:
    known = schemes().concepts.values()

    def coded(scheme: str) -> list[Coded]:
        return [
            Coded(id=one.id, code=one.code, name=one.label(words.language)) for one in known if one.scheme == scheme
        ]

    return {
        "state": coded(STATES),
        "field": coded(FIELDS),
        "regime": list(get_args(Regime)),
        "form": list(get_args(Form)),
    }


@router.get("/rights/{identifier}")
def result_page(
    request: Request,
    identifier: str,
    views: ViewsDep,
    pages: PagesDep,
    words: WordsDep,
    as_of: Text = "",
    known_at: Text = "",
) -> Response:
    """All that the ledger says of one result."""
    days = {"as_of": read_day(as_of, "as_of"), "known_at": read_day(known_at, "known_at")}
    question = RightsQuestion.model_validate({**days, "language": words.language})
    one = found(views, identifier, question)
    return pages.render(request, "rights_result.html", snapshot=views.snapshot, here="/rights", one=one)
