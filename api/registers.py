"""Registers to look through: intermediaries, parks, experts, and rights over results. Each as a page and as JSON, CSV or XLSX."""

from collections import Counter
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.catalogue import Words
from api.dependencies import KnownAt, PagesDep, ViewsDep, WordsDep, read_day
from api.examples import errors
from api.negotiation import CSV, XLSX
from api.question_documents import ResultDocument
from api.question_presenting import Cells, fields
from api.questions import FORMS, Day, WantedDep, given_in, question_of
from api.reading import Views
from graph.answer.rights_ledger import ledger
from graph.answer.rights_model import RightsQuestion
from graph.questions.errors import QuestionError
from graph.questions.named import AS_OF, NamedQuestion, registers
from graph.questions.running import Result
from graph.statements.home import today

router = APIRouter(tags=["registers"])

_SHOWN = 100
"""Rows on a page; «next» leads on, the files hold all."""
_HOME = "VN"
Offset = Annotated[int, Query(ge=0, le=1_000_000)]


@router.get(
    "/api/registers/{name}",
    summary="A register",
    responses={200: {"content": {CSV: {}, XLSX: {}}}, **errors(404, 406, 422, 503)},
    response_model=ResultDocument,
)
def register(name: str, views: ViewsDep, wanted: WantedDep) -> ResultDocument | Response:
    """``intermediaries``, ``parks`` or ``experts`` as of a day, as an answer to a named question; rights are at ``/api/rights``."""
    return wanted.answer(registers(), name, views)


@router.get("/registers", include_in_schema=False)
def registers_page(request: Request, views: ViewsDep, pages: PagesDep, words: WordsDep, as_of: Day = "") -> Response:
    """The registers with what each holds."""
    day = read_day(as_of, AS_OF) or today()
    cells = Cells(views, words)
    told = [(one, _summary(one, views.question(one, {AS_OF: day}), cells)) for one in registers().values()]
    rights = views.consistently(
        lambda reading: ledger(reading, RightsQuestion(as_of=day, limit=1, language=words.language))
    )
    return pages.render(
        request,
        "registers.html",
        snapshot=views.snapshot,
        told=told,
        rights=rights,
        day=day,
        states=_states(rights.states, cells),
    )


def _states(counted: dict[str, int], cells: Cells) -> list[tuple[str | None, int]]:
    """States of rights by name with their counts, the commonest first."""
    named = (
        (None if code == "none" else cells.node(f"scheme/rights-state/1/{code}").text, count)
        for code, count in counted.items()
    )
    return sorted(named, key=lambda one: -one[1])


def _summary(question: NamedQuestion, result: Result, cells: Cells) -> dict[str, Any]:
    """How many a register holds, and by kind."""
    first = next(iter(question.columns))
    grouped = "role" if "role" in question.columns else "kind"
    kinds = Counter(row[grouped] for row in result.rows)
    return {
        "count": len({row[first] for row in result.rows}),
        "kinds": [(cells.node(kind).text if kind else None, count) for kind, count in kinds.most_common()],
        "truncated": result.truncated,
    }


@router.get("/registers/{name}", include_in_schema=False)
def register_page(
    request: Request,
    name: str,
    views: ViewsDep,
    pages: PagesDep,
    words: WordsDep,
    as_of: Day = "",
    known_at: KnownAt = None,
    offset: Offset = 0,
) -> Response:
    """A register: its form, its rows, its files."""
    asked, given = question_of(registers(), name), given_in(request)
    values: dict[str, Any] = {
        "register": asked,
        "fields": fields(asked, given, words.language),
        "as_of": as_of,
        "offset": offset,
        "shown": _SHOWN,
        "problem": None,
        "result": None,
    }
    try:
        values |= _rows(asked, given, views, words, known_at, offset)
    except QuestionError as error:
        values["problem"] = str(error)
    return pages.render(
        request,
        "register.html",
        422 if values["problem"] else 200,
        snapshot=views.snapshot,
        here="/registers",
        **values,
    )


def _rows(
    asked: NamedQuestion, given: dict[str, Any], views: Views, words: Words, known_at: str | None, offset: int
) -> dict[str, Any]:
    result = views.question(asked, given)
    said = [(name, value) for name, several in given.items() if name != AS_OF for value in several if value.strip()]
    query = urlencode([*said, (AS_OF, result.as_of), *([("known_at", known_at)] if known_at else [])])
    return {
        "result": result,
        "rows": Cells(views, words).rows(asked, result.rows[offset : offset + _SHOWN]),
        "columns": list(asked.columns),
        "query": query,
        "files": [(form, f"/api/registers/{asked.name}.{form}?{query}&language={words.language}") for form in FORMS],
        "real": real_and_of_here(result, views) if asked.name == "intermediaries" else None,
    }


def real_and_of_here(result: Result, views: Views) -> int:
    """How many intermediaries are neither made up nor of another country, as far as on record."""
    bodies = {row["intermediary"]: row["places"] for row in result.rows}
    return sum(_of_here(views, body, places) and not views.illustrative(body) for body, places in bodies.items())


def _of_here(views: Views, body: str, places: list[str]) -> bool:
    stated = views.values(body, "country")
    return _HOME in stated if stated else any(place.rsplit("/", 1)[-1].startswith(_HOME) for place in places)
