"""The queue of pairs that may be one body and of links that are not sure: a page for curators, and the same over HTTP."""

import logging
import threading
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response

from api.catalogue import Words
from api.dependencies import ClerkDep, CuratorDep, HomeDep, NewestDep, PagesDep, WordsDep, WriterDep
from api.documentation import BEARER
from api.documents import DecisionDocument, PairJudgement, PairsDocument
from api.examples import errors
from api.intake import apart
from api.links import known_form
from api.reading import Views, Writer
from api.review_facts import living, pair_document, reasons_of, sides_of
from api.sessions import FormToken, check_form
from graph.answer.review_pairs import Pair
from graph.answer.reviewing import Decision, decisions, kept_pairs, open_pairs
from graph.statements.home import Home
from graph.statements.loads import Load
from graph.views.errors import Preparing

router = APIRouter()

_PAGE = 25
_log = logging.getLogger(__name__)
_making = threading.Lock()


def _make(home: Path, number: int, snapshot: str) -> None:
    open_pairs(Home(home), number, snapshot)


def _begin(home: Home, views: Views) -> None:
    """Make the queue of a snapshot in a process of its own, one at a time."""

    def work() -> None:
        with _making:
            try:
                if kept_pairs(home, views.snapshot) is None:
                    apart(_make, home.path, views.made_of.number, views.snapshot)
            except Exception:
                # whoever asks again begins it again
                _log.exception("the queue of %s was not made", views.snapshot)

    if not _making.locked():
        threading.Thread(target=work, name="review", daemon=True).start()


def _queue(home: Home, views: Views) -> list[Pair]:
    """The queue of the newest snapshot.

    :raises Preparing: where it is being made, which is begun
    """
    pairs = kept_pairs(home, views.snapshot)
    if pairs is None:
        _begin(home, views)
        raise Preparing("the queue of pairs is being made; ask again in a moment")
    return pairs


def _decision_document(decision: Decision) -> DecisionDocument:
    return DecisionDocument.model_validate(decision)


@router.get(
    "/api/review",
    responses=errors(401, 403, 503),
    summary="Pairs that may be one body",
    tags=["judgements"],
    openapi_extra={"security": [{BEARER: []}]},
)
def review(
    home: HomeDep,
    views: NewestDep,
    _: CuratorDep,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    language: Annotated[Literal["vi", "en"], Query()] = "vi",
) -> PairsDocument:
    """The queue, the most valuable first, and what was decided."""
    queue = _queue(home, views)
    return PairsDocument(
        snapshot=views.snapshot,
        waiting=len(queue),
        pairs=[pair_document(pair, views, Words(language)) for pair in queue[:limit]],
        decisions=[_decision_document(one) for one in decisions(home)[:limit]],
    )


def _judge(writer: Writer, later: str, earlier: str, same: bool, who: str, reason: str) -> Load:
    if later == earlier or not (known_form(later) and known_form(earlier)) or "/" in later + earlier:
        raise HTTPException(422, "A pair is two different ids of nodes or of their mentions.")
    return writer.judge_pair(later, earlier, same, who, reason)


@router.post(
    "/api/judgements/pairs",
    status_code=202,
    responses=errors(401, 403, 422, 503),
    summary="Decide whether two are one",
    tags=["judgements"],
    openapi_extra={"security": [{BEARER: []}]},
)
def post_pair(judgement: PairJudgement, who: CuratorDep, writer: WriterDep) -> DecisionDocument:
    """A decision goes before what the linker says, and survives reloads and linking anew. The last one on a pair counts."""
    load = _judge(writer, judgement.later, judgement.earlier, judgement.same, who.name, judgement.reason)
    return DecisionDocument(**judgement.model_dump(), who=who.name, instant=load.instant, load=load.load)


@router.get("/review", include_in_schema=False)
def review_page(
    request: Request,
    home: HomeDep,
    views: NewestDep,
    pages: PagesDep,
    words: WordsDep,
    _: ClerkDep,
    written: str = "",
) -> Response:
    """The queue as a page."""
    queue = kept_pairs(home, views.snapshot)
    if queue is None:
        _begin(home, views)
    listed = (queue or [])[:_PAGE]
    told = decisions(home)[:_PAGE]
    nodes = {node for one in told for node in (one.later, one.earlier)}
    return pages.render(
        request,
        "review.html",
        form=True,
        preparing=queue is None,
        waiting=len(queue or ()),
        pairs=[(pair, reasons_of(pair, words), sides_of(pair, views, words.language)) for pair in listed],
        decisions=told,
        refs={one: views.ref(living(views, one), words.language) for one in nodes},
        written=written[:20],
    )


@router.post("/review", include_in_schema=False)
def decide(
    request: Request,
    writer: WriterDep,
    who: ClerkDep,
    later: Annotated[str, Form(max_length=40)],
    earlier: Annotated[str, Form(max_length=40)],
    same: Annotated[Literal["yes", "no"], Form()],
    reason: Annotated[str, Form(max_length=500)] = "",
    form_token: FormToken = "",
) -> Response:
    """Accept, refuse or split a pair."""
    check_form(request, form_token)
    load = _judge(writer, later, earlier, same == "yes", who.name, reason.strip())
    return RedirectResponse(f"/review?written={load.load}", 303)
