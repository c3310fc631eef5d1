"""The map of the ecosystem as a page: what is where, by province and within one, with a table that says the same."""

from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.ecosystem_pages import Asked, AskedDep
from api.province_map import Province, breaks, province_map, shade
from graph.questions.ecosystem.places import COUNTED
from graph.questions.running import Result
from ontology.province_outlines import NAMED
from ontology.schemes import schemes

router = APIRouter(include_in_schema=False)

_COUNTRY = "scheme/place/2025/VN"
_SHOWN = "shown"
_SOUGHT = 150
"""Rows of a table at most; the files hold all."""
Row = dict[str, Any]


@router.get("/map")
def map_page(
    asked: AskedDep,
    shown: Annotated[str, Query(max_length=40, description="The column that the map is shaded by.")] = "",
) -> Response:
    """The map."""
    # it says how the answer is looked at, and is no parameter of the question
    asked.given.pop(_SHOWN, None)
    return asked.page("map.html", "places", partial(_map, shown if shown in COUNTED else next(iter(COUNTED))))


def _map(shown: str, asked: Asked, result: Result) -> Row:
    within = result.parameters["within"]
    kept = {
        "data": result.parameters["data"],
        "as_of": asked.as_of,
        "known_at": asked.known_at,
        "snapshot": asked.chosen,
    }
    leads = partial(_address, {**kept, _SHOWN: shown})
    rows = [row for row in result.rows if row["known"] == "part"]
    provinces = rows if within == _COUNTRY else _provinces(asked, result)
    steps = breaks(max((row[shown] for row in provinces), default=0))
    code = _code(within)
    held = [row for row in rows if any(row[column] for column in COUNTED)]
    return {
        "here": "/map",
        "columns": tuple(COUNTED),
        "shown": shown,
        "within": within,
        "country": within == _COUNTRY,
        "picture": province_map(
            [_province(asked, row, shown, leads) for row in provinces], asked.words("eco.map"), code
        ),
        "total": next((row for row in provinces if row["place"] == within), None),
        "steps": [(shade(last, steps), first, last) for first, last in steps],
        "rows": (rows if within == _COUNTRY else held)[:_SOUGHT],
        "empty": 0 if within == _COUNTRY else len(rows) - len(held),
        "others": [row for row in result.rows if row["known"] == "elsewhere"],
        "whole": next((row for row in result.rows if row["known"] == "whole"), None),
        "nowhere": next((row for row in result.rows if row["known"] == "none"), None),
        "made_up": set(result.rows[0]["illustrative"]) if result.rows else set(),
        "tabs": [(column, _address({**kept, _SHOWN: column}, within)) for column in COUNTED],
        "leads": leads,
        "code": _code,
        "islands": ", ".join(NAMED),
    }


def _provinces(asked: Asked, result: Result) -> list[Row]:
    """The rows of the whole country, beside those of one of its parts."""
    given = {**asked.given, "within": [_COUNTRY], "as_of": [result.as_of]}
    whole = asked.views.question(asked.view("places"), given)
    return [row for row in whole.rows if row["known"] == "part"]


def _province(asked: Asked, row: Row, shown: str, leads: Any) -> Province:
    name = schemes().label(row["place"], asked.words.language)
    said = asked.words("eco.map_place", place=name, count=asked.words.number(row[shown]), what=_what(asked, shown))
    return Province(_code(row["place"]), name, row[shown], said, leads(row["place"]))


def _what(asked: Asked, column: str) -> str:
    return asked.words("eco.map." + column)


def _code(place: str) -> str:
    return place.rsplit("/", 1)[-1]


def _address(kept: Row, place: str) -> str:
    said = {name: value for name, value in kept.items() if value}
    if place != _COUNTRY:
        said = {"within": _code(place), **said}
    return f"/map?{urlencode(said)}" if said else "/map"
