"""What would change if: a scenario in an address, tried out in memory; as JSON and as a page with a form."""

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from pydantic import ValidationError

from api.dependencies import KnownAt, PagesDep, SnapshotId, ViewsDep, WordsDep, read_day
from api.examples import errors
from api.question_presenting import coded
from api.reading import Views
from graph.answer.errors import AnswerError
from graph.answer.whatif.model import Outcome
from graph.answer.whatif.scenario import FIELDS, POWERS, SERVICES, Scenario
from ontology.indicators import indicators
from ontology.schemes import schemes

router = APIRouter()

_POWERS = ("own", "use")
"""Powers that may be assigned."""


@router.get("/api/whatif", responses=errors(404, 422, 503), summary="What would change if", tags=["ecosystem"])
def whatif(scenario: Annotated[Scenario, Query()], views: ViewsDep) -> Outcome:
    """Suppose a new intermediary, rights assigned, a broker closed, two units merged: routes, gaps and indicators beside today's.

    Nothing is written. Give any of `add_field`, `assign` with `assign_to`, `close`, and `merge` with `into`; `technology` and `firm` say
    of whom routes are asked.
    """
    read_day(scenario.as_of, "as_of")
    return views.try_out(scenario)


@router.get("/whatif", include_in_schema=False)
def whatif_page(
    request: Request,
    views: ViewsDep,
    pages: PagesDep,
    words: WordsDep,
    known_at: KnownAt = None,
    snapshot: SnapshotId = None,
) -> Response:
    """A form; with a scenario, what it would change."""
    given = dict(_given(request))
    said: dict[str, Any] = {
        "given": given,
        "fields": _choices(FIELDS, words.language),
        "services": _choices(SERVICES, words.language),
        "powers": [one for one in _choices(POWERS, words.language) if one[0].rsplit("/", 1)[-1] in _POWERS],
        "snapshot": views.snapshot,
        "titles": {one.id: one for one in indicators().indicators},
        "api_query": urlencode([*_asked(given), ("language", words.language)]),
        "outcome": None,
        "problem": None,
    }
    if not any(given.get(name) for name in ("add_field", "assign", "close", "merge")):
        return pages.render(request, "whatif.html", **said)
    try:
        said["outcome"] = _tried(views, given, words.language)
    except AnswerError as error:
        return pages.render(request, "whatif.html", 422, **{**said, "problem": str(error)})
    return pages.render(request, "whatif.html", **said)


def _tried(views: Views, given: dict[str, list[str]], language: str) -> Outcome:
    single = {name: values[0] for name, values in given.items() if name not in _SEVERAL}
    several = {name: values for name, values in given.items() if name in _SEVERAL}
    try:
        scenario = Scenario.model_validate({**single, **several, "language": language})
    except ValidationError as error:
        first = error.errors()[0]
        raise HTTPException(422, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    read_day(scenario.as_of, "as_of")
    return views.try_out(scenario)


_SEVERAL = frozenset({"add_field", "add_service", "assign", "technology", "firm"})
_TAKEN = frozenset(Scenario.model_fields) - {"language"}


def _given(request: Request) -> Iterator[tuple[str, list[str]]]:
    """What the address gives of a scenario, without the blanks of a form."""
    for name in dict.fromkeys(request.query_params.keys()):
        values = [value for value in request.query_params.getlist(name) if value.strip()]
        if name in _TAKEN and values:
            yield name, values


def _asked(given: dict[str, list[str]]) -> list[tuple[str, str]]:
    """The same for the API: a line each is a value each."""
    return [
        (name, line.strip())
        for name, values in given.items()
        for value in values
        for line in value.splitlines()
        if line.strip()
    ]


def _choices(scheme: str, language: str) -> list[tuple[str, str]]:
    """The concepts of a small scheme, by code."""
    found = [one for one in schemes().concepts.values() if one.scheme == scheme]
    return [(one.id, coded(one.label(language), one.code)) for one in found]
