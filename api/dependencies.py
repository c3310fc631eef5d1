"""What handlers are given: the parts the app was built from, and who asks in which language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, HTTPException, Query, Request

from api.catalogue import Words
from api.pages import Pages, words_of
from api.passwords import Tries
from api.reading import Views, ViewsSource, Writer
from api.sessions import bearer, visitor
from api.settings import Settings
from api.tokens import Identity
from graph.questions.named import NamedQuestion
from graph.statements.home import Home, today


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that the app was built from."""

    settings: Settings
    home: Home
    views: ViewsSource
    writer: Writer | None
    pages: Pages
    tries: Tries
    questions: Mapping[str, NamedQuestion]

    def views_of(self, snapshot: str | None) -> Views:
        """The views of a snapshot by its id, or of the newest."""
        return self.views.named(snapshot) if snapshot else self.views.current()


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(_services)]


KnownAt = Annotated[
    str | None, Query(max_length=10, description="As known at the end of that day in Vietnam; today where left out.")
]
SnapshotId = Annotated[
    str | None, Query(max_length=40, description="A kept snapshot, by its id, in place of the newest.")
]


def _views(services: ServicesDep, known_at: KnownAt = None, snapshot: SnapshotId = None) -> Views:
    """The views that a request asks for: the newest, those of a past day, or kept ones."""
    day = read_day(known_at, "known_at")
    if snapshot and day:
        raise HTTPException(422, "Give known_at or snapshot, not both.")
    if snapshot or day is None:
        return services.views_of(snapshot)
    if day > today():
        raise HTTPException(422, "known_at is in the future; nobody knows yet what will be known.")
    return services.views.known_at(day)


def _newest(services: ServicesDep) -> Views:
    return services.views.current()


def _pages(services: ServicesDep) -> Pages:
    return services.pages


def _words(request: Request) -> Words:
    return words_of(request)


def _home(services: ServicesDep) -> Home:
    return services.home


def _writer(services: ServicesDep) -> Writer:
    if services.writer is None:
        raise HTTPException(503, "This installation only reads; nothing can be written here.")
    return services.writer


def needed_bearer(request: Request, home: Home, whose: str = "") -> Identity:
    """Who sent a bearer token.

    :raises HTTPException: 401 where none was sent, or it is unknown
    """
    identity = bearer(request, home)
    if identity is None:
        raise HTTPException(401, f"A bearer token{whose} is needed.", {"www-authenticate": "Bearer"})
    return identity


def _member(request: Request, services: ServicesDep) -> Identity:
    return needed_bearer(request, services.home)


def _curator(request: Request, services: ServicesDep) -> Identity:
    identity = needed_bearer(request, services.home, " of a curator")
    if not identity.may("curator"):
        raise HTTPException(403, "Only a curator may do this.")
    return identity


def _clerk(request: Request, services: ServicesDep) -> Identity:
    identity = visitor(request, services.home)
    if identity is None or not identity.may("curator"):
        raise HTTPException(403, "Only a signed-in curator may do this.")
    return identity


def _signed_in(request: Request, services: ServicesDep) -> Identity:
    identity = visitor(request, services.home)
    if identity is None:
        raise HTTPException(403, "Only who is signed in may do this.")
    return identity


ViewsDep = Annotated[Views, Depends(_views)]
NewestDep = Annotated[Views, Depends(_newest)]
PagesDep = Annotated[Pages, Depends(_pages)]
WordsDep = Annotated[Words, Depends(_words)]
HomeDep = Annotated[Home, Depends(_home)]
WriterDep = Annotated[Writer, Depends(_writer)]
CuratorDep = Annotated[Identity, Depends(_curator)]
MemberDep = Annotated[Identity, Depends(_member)]
"""Who sent a token of any role: a curator may whatever a member may."""
SignedInDep = Annotated[Identity, Depends(_signed_in)]
"""Who is signed in on the pages, with any role."""
ClerkDep = Annotated[Identity, Depends(_clerk)]
"""The curator who is signed in on the pages."""


def read_day(text: str | None, name: str) -> str | None:
    """A day given as ISO date; an empty one is none.

    :raises HTTPException: 422 where it is no day
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise HTTPException(422, f"{name} is no day; write it as 2026-12-31.") from None
