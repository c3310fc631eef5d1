"""Curators' pages of persons: consents, links, what persons ask for, and erasure."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from api.dependencies import ClerkDep, HomeDep, NewestDep, PagesDep, WordsDep, WriterDep, read_day
from api.entities import found
from api.erasures import CONTACT
from api.existing import Moved
from api.held_showing import consents_found, told
from api.person_links import ANSWERS, answer_asked, asked_for, end_link, known_persons, links_of, make_link
from api.reading import Views, Writer
from api.sessions import FormToken, check_form
from api.tokens import Identity
from graph.answer.person_consents import withdrawing
from graph.statements.audit import record
from graph.statements.consents import PURPOSES, SCHEME, Consent, new_consent
from graph.statements.home import Home, today
from graph.statements.tombstones import REASONS
from ontology.schemes import schemes

router = APIRouter(prefix="/persons", include_in_schema=False)

_DAYS = 30
"""Days for which a link opens where nothing else is said."""
_LONGEST = 366
"""Days for which a link may open."""
_MEANS = 300
Id = Annotated[str, Path(max_length=300)]
Text = Annotated[str, Form(max_length=2_000)]
Short = Annotated[str, Form(max_length=100)]


def _person(views: Views, identifier: str) -> str:
    """A person by id.

    :raises HTTPException: 404 where there is none
    :raises Moved: where it was merged into another
    """
    page = found(views, identifier, "vi")
    if "Person" not in page.types:
        raise HTTPException(404, "There is no person of that id.")
    return page.id


def _ids(home: Home, views: Views, person: str) -> set[str]:
    """All ids under which a person asked for something or was given a link."""
    return {person, *(one for one in known_persons(home) if views.redirect(one) == person)}


@router.get("")
def persons_page(
    request: Request, home: HomeDep, views: NewestDep, pages: PagesDep, words: WordsDep, who: ClerkDep
) -> Response:
    """What persons asked for, those that wait first."""
    record(home, who.name, "held.wishes_read", "")
    asked = [
        (one, views.ref(views.redirect(one.person) or one.person, words.language) if one.person else None)
        for one in sorted(asked_for(home), key=lambda one: one.answer is not None)
    ]
    return pages.render(request, "persons.html", snapshot=views.snapshot, asked=asked)


@router.get("/{identifier}")
def person_page(
    request: Request,
    identifier: Id,
    home: HomeDep,
    views: NewestDep,
    pages: PagesDep,
    words: WordsDep,
    who: ClerkDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """What is held about a person, what they agreed to, their links, and what they asked for."""
    try:
        person = _person(views, identifier)
    except Moved as moved:
        return RedirectResponse(f"/persons/{moved.survivor}", 308)
    record(home, who.name, "held.shown", person)
    return _shown(request, home, views, pages, words, person, done=done)


def _shown(
    request: Request,
    home: Home,
    views: Views,
    pages: PagesDep,
    words: WordsDep,
    person: str,
    done: str = "",
    link: str | None = None,
) -> Response:
    ids = _ids(home, views, person)
    day = date.fromisoformat(today())
    response = pages.render(
        request,
        "person.html",
        form=True,
        snapshot=views.snapshot,
        person=views.ref(person, words.language),
        told=told(views, person, words),
        links=links_of(home, ids),
        asked=asked_for(home, ids),
        purposes=[(code, schemes().label(f"scheme/{SCHEME}/{code}", words.language)) for code in PURPOSES],
        reasons=REASONS,
        answers=ANSWERS,
        today=day.isoformat(),
        link=link,
        usual=(day + timedelta(days=_DAYS)).isoformat(),
        latest=(day + timedelta(days=_LONGEST)).isoformat(),
        done=done,
    )
    response.headers["cache-control"] = "no-store"
    return response


@router.post("/{identifier}")
def act(
    request: Request,
    identifier: Id,
    home: HomeDep,
    views: NewestDep,
    pages: PagesDep,
    words: WordsDep,
    writer: WriterDep,
    who: ClerkDep,
    action: Short,
    key: Short = "",
    purpose: Short = "",
    given: Short = "",
    until: Short = "",
    means: Annotated[str, Form(max_length=_MEANS)] = "",
    answer: Short = "",
    reason: Short = "",
    ground: Text = "",
    form_token: FormToken = "",
) -> Response:
    """Record or withdraw a consent, make or end a link, answer what was asked for, or erase."""
    check_form(request, form_token)
    person = _person(views, identifier)
    if action == "link":
        secret = _linked(home, person, who, read_day(until, "until"))
        # shown in this answer alone: there is no second time
        return _shown(
            request, home, views, pages, words, person, link=f"{str(request.base_url).rstrip('/')}/own-data/{secret}"
        )
    if action == "consent":
        writer.agree([_consent(person, purpose, given, until, means)], who.name)
    elif action == "withdraw":
        try:
            writer.agree(withdrawing(consents_found(views, person), person, key, today()), who.name)
        except LookupError:
            raise HTTPException(422, "There is no such consent that counts.") from None
    elif action == "end":
        record(home, who.name, "held.link_ended", person)
        end_link(home, _ids(home, views, person), key)
    elif action == "answer":
        record(home, who.name, "held.answered", person)
        _answered(home, _ids(home, views, person), key, answer, ground, who)
    elif action in ("erase", "erase-contact"):
        _erased(writer, person, () if action == "erase" else CONTACT, reason, who)
        return RedirectResponse("/persons" if action == "erase" else f"/persons/{person}?done=erased", 303)
    else:
        raise HTTPException(422, "Something is left out, or is not one of the choices.")
    return RedirectResponse(f"/persons/{person}?done={action}", 303)


def _linked(home: Home, person: str, who: Identity, until: str | None) -> str:
    latest = (date.fromisoformat(today()) + timedelta(days=_LONGEST)).isoformat()
    if until is None or not today() <= until <= latest:
        raise HTTPException(422, f"A link ends on a day from today to {latest}.")
    record(home, who.name, "held.linked", person)
    return make_link(home, person, who.name, until)


def _consent(person: str, purpose: str, given: str, until: str, means: str) -> Consent:
    day, end = read_day(given, "given"), read_day(until, "until")
    if purpose not in PURPOSES or day is None or not means.strip():
        raise HTTPException(422, "A consent says what it is for, when it was given, and how.")
    if day > today():
        raise HTTPException(422, "What has not happened yet can't be told.")
    if end is not None and end < day:
        raise HTTPException(422, "A consent can't end before it was given.")
    return new_consent(person, purpose, day, means.strip(), end)


def _answered(home: Home, persons: set[str], key: str, answer: str, ground: str, who: Identity) -> None:
    meant = next((one for one in ANSWERS if one == answer), None)
    if meant is None or (meant != "done" and not ground.strip()):
        raise HTTPException(422, "What is not done, or not wholly, needs its ground; the person reads it.")
    try:
        answer_asked(home, persons, key, meant, ground.strip(), who.name)
    except LookupError:
        raise HTTPException(422, "Nothing of the kind waits for an answer.") from None


def _erased(writer: Writer, person: str, properties: tuple[str, ...], reason: str, who: Identity) -> None:
    if reason not in REASONS:
        raise HTTPException(422, "An erasure has one of the reasons.")
    writer.erase(person, properties, reason, who.name)
