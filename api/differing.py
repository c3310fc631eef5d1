"""The difference between two days, over HTTP and as a page: by what was known at their ends, or by what was true on them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from pydantic import Field

from api.catalogue import Words
from api.dependencies import PagesDep, Services, ServicesDep, WordsDep, read_day
from api.differing_files import as_file
from api.examples import errors
from api.fitting import light
from api.negotiation import CSV, XLSX
from api.reading import Views
from api.slow import DIFFERENCES
from graph.answer.difference_model import Clock, Difference, DifferenceQuestion, View
from graph.answer.differences import difference
from graph.answer.errors import AnswerError
from graph.questions.running import MOST_SHOWN
from graph.statements.home import today
from graph.views.errors import NothingKnown

router = APIRouter()

Text = Annotated[str, Query(max_length=200)]
_SHOWN = 50


class DifferenceRequest(DifferenceQuestion):
    """What is asked for over HTTP: at most 200 lines, or all of them as a file."""

    limit: int = Field(50, ge=1, le=200)
    format: Literal["json", "csv", "xlsx"] = "json"


@router.get(
    "/api/diff",
    tags=["diff"],
    summary="The difference between two days",
    responses={200: {"content": {CSV: {}, XLSX: {}}}, **errors(422, 503)},
    response_model=Difference,
)
def diff(request: Request, question: Annotated[DifferenceRequest, Query()], services: ServicesDep) -> Response:
    """What came, went and changed between two days, with the records on both sides.

    ``by=known_at`` (the default) compares what was known at the end of ``from`` and of ``to``; ``by=as_of`` what was true on them by
    what is known now: what began, and what ended. ``view`` compares the lines of a report: ``tasks`` or ``rights`` (as of ``as_of``).
    ``format`` csv or xlsx gives all lines (at most 10,000) as a file.
    """
    for name, day in (("from", question.first), ("to", question.second), ("as_of", question.as_of)):
        read_day(day, name)
    if question.format == "json":
        return light(request, told(services, question), "changes", question.offset)
    whole = question.model_dump(by_alias=True, exclude={"format"}) | {"limit": MOST_SHOWN, "offset": 0}
    found = told(services, DifferenceQuestion.model_validate(whole))
    return as_file(found, question.format, Words(question.language), str(request.base_url).rstrip("/"))


def told(services: Services, question: DifferenceQuestion) -> Difference:
    """The difference that a question asks for.

    :raises HTTPException: 422 where the days are out of order, or one is in the future of what is known
    """
    if question.first > question.second:
        raise HTTPException(422, "from is later than to; give the earlier day first.")
    key = ("difference", today(), question.model_dump_json(by_alias=True))
    if question.by == "as_of":
        newest = services.views.current()
        return newest.computed(key, DIFFERENCES, lambda reading: difference(reading, reading, question))
    if question.second > today():
        raise HTTPException(422, "to is in the future; nobody knows yet what will be known.")
    old, new = _known(services, question.first), _known(services, question.second)
    return new.computed(
        key, DIFFERENCES, lambda after: old.consistently(lambda before: difference(before, after, question))
    )


def _known(services: Services, day: str) -> Views:
    return services.views.current() if day == today() else services.views.known_at(day)


@router.get("/diff", include_in_schema=False)
def diff_page(
    request: Request,
    services: ServicesDep,
    pages: PagesDep,
    words: WordsDep,
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    second: Annotated[str, Query(alias="to", max_length=10)] = "",
    by: Text = "known_at",
    view: Text = "",
    of: Annotated[str, Query(alias="class", max_length=80)] = "",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """A form for two days; with them, the table."""
    given = {
        "from": read_day(first, "from") or "",
        "to": read_day(second, "to") or "",
        "by": by if by in get_args(Clock) else "known_at",
        "view": view if view in get_args(View) else "",
        "class": of.strip(),
    }
    found, problem = None, None
    asked = {name: value for name, value in given.items() if value} | {"to": given["to"] or today()}
    if given["from"]:
        found, problem = _asked(services, asked | {"limit": _SHOWN, "offset": offset, "language": words.language})
    return pages.render(
        request,
        "diff.html",
        422 if problem else 200,
        given=given,
        found=found,
        problem=problem,
        offset=offset,
        query=urlencode(asked),
        shown=_SHOWN,
        clocks=get_args(Clock),
        views=get_args(View),
    )


def _asked(services: Services, asked: Mapping[str, Any]) -> tuple[Difference | None, str | None]:
    try:
        return told(services, DifferenceQuestion.model_validate(asked)), None
    except (AnswerError, NothingKnown) as error:
        return None, str(error)
    except HTTPException as error:
        return None, error.detail
