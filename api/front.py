"""The front page, which answers the main question."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.catalogue import Words
from api.dependencies import PagesDep, ViewsDep, WordsDep, read_day
from api.pages import Pages
from api.presenting import answer_cards, relation_label
from api.reading import Views
from api.routes_picture import gate_sign, picture, route_sentence
from graph.answer.errors import AnswerError
from graph.answer.model import Question
from ontology.model import ontology

router = APIRouter(include_in_schema=False)

_ROUTES = 10
"""Routes on the page; the API gives more."""
_PARTS = ("technology", "firm", "need", "intermediary")
_LONGEST = 2_000
Text = Annotated[str, Query(max_length=_LONGEST)]


@router.get("/")
def front(
    request: Request,
    views: ViewsDep,
    pages: PagesDep,
    words: WordsDep,
    q: Text = "",
    technology: Text = "",
    firm: Text = "",
    need: Text = "",
    intermediary: Text = "",
    as_of: Text = "",
    known_at: Text = "",
) -> Response:
    """One box; with a question, its answer."""
    parts = {"technology": technology, "firm": firm, "need": need, "intermediary": intermediary}
    asked = {name: text.strip() or None for name, text in parts.items()}
    values: dict[str, Any] = {"q": q, "parts": parts, "as_of": as_of, "snapshot": views.snapshot}
    if not q.strip() and not any(asked.values()):
        return _opening(request, views, pages, words, values)
    day = read_day(as_of, "as_of")
    known = read_day(known_at, "known_at")
    question = Question(
        text=q.strip() or None, limit=_ROUTES, as_of=day, known_at=known, language=words.language, **asked
    )
    try:
        return pages.render(request, "answer.html", **values, **_answer_values(views, question, words))
    except AnswerError as error:
        return _opening(request, views, pages, words, {**values, "problem": str(error)}, 422)


def _opening(
    request: Request, views: Views, pages: Pages, words: Words, values: dict[str, Any], status: int = 200
) -> Response:
    counts = views.counts()
    values = {"problem": None, **values}
    return pages.render(request, "front.html", status, counts=counts, kinds=_kinds(counts, words), **values)


def _answer_values(views: Views, question: Question, words: Words) -> dict[str, Any]:
    answer = views.answer(question)
    asked = question.model_dump(exclude_none=True, exclude={"limit"})
    return {
        "answer": answer,
        "api_query": urlencode(asked),
        "cards": answer_cards(answer),
        "picture": lambda route: picture(route, words),
        "sentence": lambda route: route_sentence(route, words),
        "relation": lambda name: relation_label(name, words),
        "sign": lambda gate: gate_sign(gate, words),
    }


def _kinds(counts: dict[str, int], words: Words) -> list[tuple[str, str, int]]:
    """Classes that somebody may look for, with their counts: bodies, people and things, no events and no plumbing."""
    left_out = {
        "Concept",
        "Place",
        "ConceptScheme",
        "Identifier",
        "ContactPoint",
        "Source",
        "SourceRecord",
        "CompetingClaim",
        "GateBasis",
        "Entity",
    }
    found = [
        (cls.name, ontology().label(cls.name, words.language), counts[cls.name])
        for cls in ontology().classes.values()
        if counts.get(cls.name) and not cls.event and cls.name not in left_out
    ]
    return sorted(found, key=lambda row: -row[2])
