"""Single routes as pages: one with all its evidence, and up to three side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from api.asking import COMPARED, PageQuestion, asked_in
from api.catalogue import Words
from api.dependencies import PagesDep, ViewsDep, WordsDep
from api.filter_choices import form_values
from api.presenting import BASE_RATE, answer_cards, relation_label
from api.reading import Views
from api.routes_picture import gate_sign, legs, picture, route_sentence
from graph.answer.features import features
from graph.answer.model import Answer, Contribution, Gate, Route

router = APIRouter(include_in_schema=False)

Keys = Annotated[list[str] | None, Query(max_length=50)]
_LONGEST = 200
"""Characters of a key that are looked at."""
_EVEN = 0.05
"""Parts of the score that differ by less are the same for who compares."""


@router.get("/route")
def route_page(
    request: Request,
    views: ViewsDep,
    pages: PagesDep,
    words: WordsDep,
    route: Annotated[str, Query(max_length=_LONGEST)],
) -> Response:
    """A route of an answer: each step with its records, each gate with its basis, each part of the score."""
    asked, answer = _found(request, views, words, (route,))
    if not answer.routes:
        raise HTTPException(404, "The answer has no such route, or it is not among its first 200 any more; ask again.")
    return pages.render(
        request,
        "route_page.html",
        **form_values(asked, views, words),
        answer=answer,
        snapshot=answer.snapshot,
        card=answer_cards(answer)[0],
        picture=lambda route: picture(route, words),
        sentence=lambda route: route_sentence(route, words),
        relation=lambda name: relation_label(name, words),
        sign=lambda gate: gate_sign(gate, words),
    )


@router.get("/compare")
def compare(request: Request, views: ViewsDep, pages: PagesDep, words: WordsDep, route: Keys = None) -> Response:
    """Up to three routes of an answer side by side: where they differ, by how much, and at which gates."""
    keys = list(dict.fromkeys(key[:_LONGEST] for key in route or ()))
    asked, answer = _found(request, views, words, keys[:COMPARED]) if keys else (asked_in(request, words), None)
    routes = answer.routes if answer else ()
    differing, even = parts(routes)
    return pages.render(
        request,
        "compare.html",
        **form_values(asked, views, words),
        answer=answer,
        snapshot=views.snapshot,
        cards=answer_cards(answer) if answer else [],
        left_out=len(keys) - COMPARED,
        lost=min(len(keys), COMPARED) - len(routes),
        gates=gates(routes),
        differing=differing,
        even=even,
        labels={one.name: one.label[words.language] for one in features()} | {BASE_RATE: words("beside.base")},
        legs=lambda one: legs(one, words),
        sign=lambda gate: gate_sign(gate, words),
        others=lambda one: asked.address(
            "/compare", {"route": [other.key for other in routes if other.key != one.key]}
        ),
        compared=COMPARED,
    )


def _found(request: Request, views: Views, words: Words, keys: Sequence[str]) -> tuple[PageQuestion, Answer]:
    """The routes of a question, with the rank that they have in its whole answer."""
    asked = asked_in(request, words, routes=keys)
    if not asked.asks:
        raise HTTPException(422, "The address says which route, and not of which question; open it from an answer.")
    return asked, views.answer(asked.question)


@dataclass(frozen=True, slots=True)
class Row:
    """One part of the score, or one gate, of each route; ``best`` are the places where a part adds most."""

    name: str
    cells: tuple[Any, ...]
    best: frozenset[int] = frozenset()
    differs: bool = False


def parts(routes: Sequence[Route]) -> tuple[list[Row], list[Row]]:
    """The parts of the score, those in which routes differ most first; and those in which they do not differ."""
    names = dict.fromkeys(part.feature for route in routes for part in route.contributions)
    rows = [_part_row(name, _cells(routes, name)) for name in names]
    differing = sorted((row for row in rows if row.differs), key=lambda row: -_spread(row.cells))
    return differing, [row for row in rows if not row.differs]


def _cells(routes: Sequence[Route], feature: str) -> tuple[Contribution | None, ...]:
    return tuple(next((part for part in route.contributions if part.feature == feature), None) for route in routes)


def _values(cells: Sequence[Contribution | None]) -> list[float]:
    return [cell.value if cell else 0.0 for cell in cells]


def _spread(cells: Sequence[Contribution | None]) -> float:
    values = _values(cells)
    return max(values) - min(values)


def _part_row(name: str, cells: tuple[Contribution | None, ...]) -> Row:
    values = _values(cells)
    differs = len(cells) > 1 and _spread(cells) >= _EVEN
    best = frozenset(at for at, value in enumerate(values) if differs and value > max(values) - _EVEN)
    return Row(name, cells, best, differs)


def gates(routes: Sequence[Route]) -> list[Row]:
    """The gates in their order, with whether routes differ in them."""
    names = dict.fromkeys(gate.gate for route in routes for gate in route.gates)
    rows = []
    for name in names:
        cells: tuple[Gate | None, ...] = tuple(
            next((gate for gate in route.gates if gate.gate == name), None) for route in routes
        )
        rows.append(Row(name, cells, differs=len({cell.state if cell else None for cell in cells}) > 1))
    return rows
