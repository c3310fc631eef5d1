"""The page of a person, opened by a link without signing in: what is held, from where, what was agreed to; to withdraw, and to ask."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response

from api.dependencies import HomeDep, NewestDep, PagesDep, WordsDep, WriterDep
from api.held_showing import consents_found, told
from api.pages import Pages
from api.person_links import KINDS, TEXT, Link, TooManyAsked, ask_for, asked_for, open_link
from api.reading import Views
from api.sessions import FormToken, check_form
from graph.answer.person_consents import withdrawing
from graph.statements.audit import NOBODY, record
from graph.statements.home import Home, today
from graph.views.errors import Erased

router = APIRouter(prefix="/own-data", include_in_schema=False)

Secret = Annotated[str, Path(max_length=100)]
_PRIVATE = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow"}
"""The address itself is the secret: it must be kept by nobody on the way."""
BY_LINK = "by the person"
"""Who withdrew, where the link was used."""


def opened(home: Home, views: Views, secret: str) -> tuple[Link, str]:
    """The link of a secret and the person whose it is, under the id of today.

    :raises HTTPException: 404 where no link of that secret opens
    :raises Erased: where the person was erased
    """
    link = open_link(home, secret)
    if link is None:
        raise HTTPException(404, "The link is unknown or has ended; ask those who run this installation for a new one.")
    if link.person is None:
        raise Erased(link.erased or "", link.reason or "")
    return link, views.redirect(link.person) or link.person


def _page(
    request: Request, home: Home, views: Views, pages: Pages, link: Link, person: str, words: Any, **values: Any
) -> Response:
    response = pages.render(
        request,
        "own_data.html",
        form=True,
        here="/own-data",
        name=views.ref(person, words.language).name,
        until=link.until,
        told=told(views, person, words),
        asked=asked_for(home, {person, link.person or person}),
        kinds=KINDS,
        most=TEXT,
        done=request.query_params.get("done", "")[:20],
        **values,
    )
    response.headers.update(_PRIVATE)
    return response


@router.get("/{secret}")
def own_data(
    request: Request, secret: Secret, home: HomeDep, views: NewestDep, pages: PagesDep, words: WordsDep
) -> Response:
    """What is held about who holds the link."""
    link, person = opened(home, views, secret)
    record(home, NOBODY, "held.shown", person)
    return _page(request, home, views, pages, link, person, words)


@router.post("/{secret}")
def act(
    request: Request,
    secret: Secret,
    home: HomeDep,
    views: NewestDep,
    writer: WriterDep,
    action: Annotated[str, Form(max_length=20)],
    key: Annotated[str, Form(max_length=100)] = "",
    kind: Annotated[str, Form(max_length=20)] = "",
    text: Annotated[str, Form(max_length=TEXT)] = "",
    form_token: FormToken = "",
) -> Response:
    """Withdraw a consent, or ask for correction or erasure."""
    check_form(request, form_token)
    _, person = opened(home, views, secret)
    if action == "withdraw":
        try:
            writer.agree(withdrawing(consents_found(views, person), person, key, today()), BY_LINK)
        except LookupError:
            raise HTTPException(422, "There is no such consent that counts.") from None
    elif action == "ask" and kind in KINDS and (text.strip() or kind == "erasure"):
        record(home, NOBODY, "held.asked", person)
        try:
            ask_for(home, person, "erasure" if kind == "erasure" else "correction", text.strip())
        except TooManyAsked:
            raise HTTPException(422, "As much waits for an answer already as may wait.") from None
    else:
        raise HTTPException(422, "Something is left out, or is not one of the choices.")
    response = RedirectResponse(f"{request.url.path}?done={'withdrawn' if action == 'withdraw' else 'asked'}", 303)
    response.headers.update(_PRIVATE)
    return response
