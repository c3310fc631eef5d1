"""What is new for what a member watches: her page, where she begins and stops, and the links of mails.

What a link of a mail does happens when a button is pressed on the page that it opens, or by the one click of a mail program (RFC 8058):
programs that look links up beforehand only ever open the page.
"""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from api.asking import LASTING
from api.catalogue import Words
from api.dependencies import HomeDep, PagesDep, Services, ServicesDep, SignedInDep, WordsDep
from api.notice_showing import address_of, shown, title_of
from api.sessions import check_form
from api.tokens import Identity
from api.watching import Watched, look, watched_of
from graph.answer.errors import AnswerError
from graph.statements.audit import NOBODY, record
from graph.statements.cases import cases_by_id
from graph.statements.home import Home
from graph.statements.outgoing_mail import OutgoingMail
from graph.statements.watches import Purpose, Watch, WatchError, Watches

router = APIRouter(prefix="/notices", include_in_schema=False)

_FIELDS = 40
_LONGEST = 2_000
_TOLD = ("watching", "stopped", "read", "asked", "no_mail")


@router.get("")
def notices_page(
    request: Request,
    services: ServicesDep,
    pages: PagesDep,
    words: WordsDep,
    who: SignedInDep,
    told: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """What is new, and what is watched."""
    said = _said(told, words) if told in _TOLD else ""
    return pages.render(request, "notices.html", form=True, told=said, problem="", **_values(services, words, who))


def _said(told: str, words: Words) -> str:
    return words("notices.told." + told)


def _values(services: Services, words: Words, who: Identity) -> dict[str, Any]:
    home, views = services.home, services.views.current()
    watches, outbox = Watches(home), OutgoingMail(home)
    addresses, mails, asking = outbox.addresses(who.name), outbox.of_notices(who.name), outbox.asking(who.name)
    # stopped ones too, of which something was told
    known = watches.of(who.name, stopped=True)
    cases = cases_by_id(home) if any(watch.about for watch in known) else {}
    watched = {watch.id: about for watch in known if (about := watched_of(watch, cases)) is not None}
    listed = [
        (watch, title_of(about, views, words), address_of(about, words), addresses.get(watch.address))
        for watch in known
        if (about := watched.get(watch.id)) is not None and watch.stopped is None
    ]
    notices = [
        (shown(notice, watched[notice.watch], views, words), mails.get(notice.id))
        for notice in watches.notices(who.name)
        if notice.watch in watched
    ]
    return {
        "snapshot": views.snapshot,
        "notices": notices,
        "watches": listed,
        "asking": asking,
        "mails": services.settings.mails,
        "unread_count": sum(one.unread for one, _ in notices),
        "newest": max((one.number for one, _ in notices), default=0),
    }


@router.post("")
async def change_notices(
    request: Request, services: ServicesDep, pages: PagesDep, words: WordsDep, who: SignedInDep
) -> Response:
    """Watch a case or a question, stop, mark as read, or have notices mailed."""
    async with request.form(max_files=0, max_fields=_FIELDS) as form:
        check_form(request, str(form.get("form_token", "")))
        return await run_in_threadpool(_changed, request, services, pages, words, who, form)


def _changed(
    request: Request, services: Services, pages: PagesDep, words: Words, who: Identity, form: FormData
) -> Response:
    action = form.get("action")
    try:
        if action == "watch":
            return _go(_watch(services, words, who, form))
        if action == "read":
            number = str(form.get("newest", ""))
            record(services.home, who.name, "notice.read", "notices")
            Watches(services.home).mark_read(who.name, int(number) if number.isascii() and number.isdigit() else 0)
            return _go("read")
        watch = _own(services.home, who, str(form.get("watch", "")))
        if action == "stop":
            record(services.home, who.name, "search.stopped", watch.about or watch.id)
            Watches(services.home).stop(watch.id)
            return _go("stopped")
        if action == "no-mail":
            OutgoingMail(services.home).no_more(who.name, watch.id)
            return _go("no_mail")
        if action == "mail" and services.settings.mails:
            address = str(form.get("address", "")).strip()
            OutgoingMail(services.home).ask_for(who.name, watch.id, address, words.language)
            return _go("asked")
    except WatchError as error:
        return _refused(request, services, pages, words, who, words("notices.wrong." + error.reason))
    except AnswerError as error:
        return _refused(request, services, pages, words, who, str(error))
    raise HTTPException(422, "There is no such thing to be done.")


def _go(told: str) -> Response:
    return RedirectResponse(f"/notices?{urlencode({'told': told})}", 303)


def _refused(
    request: Request, services: Services, pages: PagesDep, words: Words, who: Identity, problem: str
) -> Response:
    values = _values(services, words, who)
    return pages.render(request, "notices.html", 422, form=True, told="", problem=problem, **values)


def _watch(services: Services, words: Words, who: Identity, form: FormData) -> str:
    """Watch from now on: what is there now is no news."""
    about, given = str(form.get("case", "")), {}
    if about:
        case = cases_by_id(services.home).get(about)
        if case is None or case.owner != who.name:
            raise HTTPException(404, "There is no such case of yours.")
        watched = Watched(case)
    else:
        given = {name: text for name in LASTING if (text := str(form.get(name, "")).strip()[:_LONGEST])}
        watched = Watched(given=given)
        if not watched.page_question(words.language).asks:
            raise HTTPException(422, "Nothing is asked.")
    found = look(services.views.current(), watched, words.language)
    record(services.home, who.name, "search.saved", about or "notices")
    Watches(services.home).begin(who.name, about, given, words.language, found.look)
    return "watching"


def _own(home: Home, who: Identity, identifier: str) -> Watch:
    found = next((watch for watch in Watches(home).of(who.name) if watch.id == identifier), None)
    if found is None:
        raise HTTPException(404, "There is no such thing among what you watch.")
    return found


def _linked(home: Home, purpose: Purpose, token: str) -> str:
    subject = Watches(home).subject(purpose, token)
    if subject is None:
        raise HTTPException(404, "The link is not one of ours, or not whole.")
    return subject


@router.get("/stop/{token}")
def stop_page(request: Request, token: str, home: HomeDep, pages: PagesDep) -> Response:
    """The page that the link at the end of a mail opens. It changes nothing, and doesn't say what is watched."""
    _linked(home, "stop", token)
    return pages.render(request, "notice_link.html", link="stop", done=False, token=token)


@router.post("/stop/{token}")
def stop(request: Request, token: str, home: HomeDep, pages: PagesDep) -> Response:
    """Stop, by the button of the page or by the one click of a mail program, which has no cookie of ours."""
    watch = _linked(home, "stop", token)
    record(home, NOBODY, "search.stopped", watch)
    Watches(home).stop(watch)
    return pages.render(request, "notice_link.html", link="stop", done=True, token=token)


@router.get("/confirm/{token}")
def confirm_page(request: Request, token: str, home: HomeDep, pages: PagesDep) -> Response:
    """The page that the link in a first mail opens. It changes nothing."""
    _linked(home, "confirm", token)
    return pages.render(request, "notice_link.html", link="confirm", done=False, token=token)


@router.post("/confirm/{token}")
def confirm(request: Request, token: str, home: HomeDep, pages: PagesDep) -> Response:
    """The address is hers, as who reads its mails says.

    :raises HTTPException: 410 where she was asked too long ago
    """
    if not OutgoingMail(home).confirm(_linked(home, "confirm", token)):
        raise HTTPException(410, "The link is too old; ask for mails again.")
    return pages.render(request, "notice_link.html", link="confirm", done=True, token=token)
