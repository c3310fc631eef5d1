"""The front page, which answers the main question."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.answer_picture import network
from api.asking import COMPARED, ROUTES, PageQuestion, as_typed, asked_in, paging
from api.catalogue import Words
from api.dependencies import HomeDep, PagesDep, ViewsDep, WordsDep
from api.filter_choices import amount, form_values
from api.pages import Pages
from api.presenting import answer_cards
from api.reading import Hit, Views
from api.routes_picture import gate_sign, legs
from graph.answer.errors import AnswerError
from graph.answer.model import Answer
from graph.statements.home import Home
from ontology.model import ontology

router = APIRouter(include_in_schema=False)

_IN_FILES = 100
"""Routes in a file."""
_LONGEST = 2_000
Text = Annotated[str, Query(max_length=_LONGEST)]


@router.get("/")
def front(request: Request, views: ViewsDep, pages: PagesDep, words: WordsDep, home: HomeDep) -> Response:
    """One box; with a question, its answer."""
    try:
        asked = asked_in(request, words)
        if not asked.asks:
            return _opening(request, views, pages, words, asked)
        answer = views.answer(asked.question)
    except AnswerError as error:
        return _opening(request, views, pages, words, None, str(error))
    return pages.render(
        request, "answer.html", **form_values(asked, views, words), **_answer_values(answer, asked, words, home)
    )


def _opening(
    request: Request, views: Views, pages: Pages, words: Words, asked: PageQuestion | None, problem: str | None = None
) -> Response:
    counts = views.counts()
    return pages.render(
        request,
        "front.html",
        422 if problem else 200,
        problem=problem,
        counts=counts,
        kinds=_kinds(counts, words),
        examples=_examples(views, words),
        snapshot=views.snapshot,
        **form_values(asked or as_typed(request, words), views, words),
    )


_LOOKED_AT = 40
"""Things of a kind among which one is looked for that has an answer."""
_EXAMPLES = {
    "Technology": None,
    "TechnologyNeed": None,
    "Intermediary": None,
    "University": None,
    "Enterprise": "needOf",
    "Person": "inventor",
}
"""Kinds of things that the box understands, and what has to lead to one for an answer to be there."""


def _examples(views: Views, words: Words) -> list[tuple[str, Hit, bool]]:
    """Something of each kind that the box understands, to begin with: its class, and whether it was made up."""
    found = []
    for cls, wanted in _EXAMPLES.items():
        hits = views.search("", limit=_LOOKED_AT if wanted else 1, classes=(cls,), language=words.language)
        hit = next((hit for hit in hits if wanted is None or _is_led_to(views, hit.id, wanted)), None)
        if hit:
            found.append((ontology().label(cls, words.language), hit, views.illustrative(hit.id)))
    return found


def _is_led_to(views: Views, node: str, prop: str) -> bool:
    page = views.entity(node, limit=1)
    return page is not None and prop in page.incoming_counts


def _answer_values(answer: Answer, asked: PageQuestion, words: Words, home: Home) -> dict[str, Any]:
    return {
        "answer": answer,
        "snapshot": answer.snapshot,
        "cards": answer_cards(answer),
        "paging": paging(asked, answer),
        "bases": list(dict.fromkeys(route.score_basis for route in answer.routes)),
        "picture": network(answer.routes, words),
        "legs": lambda route: legs(route, words),
        "sign": lambda gate: gate_sign(gate, words),
        "files": [(form, asked.api({"format": form, "limit": _IN_FILES})) for form in ("xlsx", "csv")],
        "data": asked.api({"limit": ROUTES, **({"offset": asked.question.offset} if asked.question.offset else {})}),
        "lasting": asked.lasting(answer, home),
        "compared": COMPARED,
        "amount": amount,
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
