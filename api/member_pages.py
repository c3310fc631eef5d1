"""Members as pages: a curator invites, changes a role and closes; who was invited sets a password."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from api.dependencies import ClerkDep, HomeDep, PagesDep, WordsDep
from api.members import (
    Invitation,
    MemberError,
    change_role,
    close,
    invitation,
    invitations,
    invite,
    join,
    members,
    renew,
    withdraw_invitation,
)
from api.pages import Pages
from api.passwords import SHORTEST, WeakPassword
from api.sessions import FormToken, check_form
from api.sign_in_pages import Password, unequal
from api.tokens import ROLES, Identity, Role
from graph.statements.audit import record
from graph.statements.home import Home, end_of_day, now, today

router = APIRouter(include_in_schema=False)

_DAYS = 7
"""Days that a link leads somewhere, where nothing else is said."""
Name = Annotated[str, Form(max_length=200)]


def _page(
    request: Request,
    home: Home,
    pages: Pages,
    who: Identity,
    status: int = 200,
    problem: str = "",
    link: str = "",
    done: str = "",
) -> Response:
    first = now() + timedelta(days=_DAYS)
    response = pages.render(
        request,
        "members.html",
        status,
        form=True,
        members=members(home),
        invitations=invitations(home),
        roles=ROLES,
        own=who.name,
        until=first.date().isoformat(),
        today=today(),
        problem=problem,
        link=link,
        done=done,
    )
    if link:
        response.headers["cache-control"] = "no-store"
    return response


@router.get("/members")
def members_page(
    request: Request,
    home: HomeDep,
    pages: PagesDep,
    who: ClerkDep,
    done: Annotated[Literal["", "role", "closed", "withdrawn"], Query()] = "",
) -> Response:
    """Who may sign in, and who was invited."""
    record(home, who.name, "members.read", "")
    return _page(request, home, pages, who, done=done)


@router.post("/members")
def change_members(
    request: Request,
    home: HomeDep,
    pages: PagesDep,
    words: WordsDep,
    who: ClerkDep,
    action: Annotated[Literal["invite", "renew", "withdraw", "role", "close"], Form()],
    name: Name = "",
    role: Annotated[Role, Form()] = "member",
    until: Annotated[str, Form(max_length=10)] = "",
    invited: Annotated[str, Form(max_length=20)] = "",
    form_token: FormToken = "",
) -> Response:
    """Invite somebody, take a link back, change a role, or close a member."""
    check_form(request, form_token)
    try:
        if action == "withdraw":
            withdraw_invitation(home, invited, who)
            return RedirectResponse("/members?done=withdrawn", 303)
        if action == "role":
            change_role(home, name, role, who)
            return RedirectResponse("/members?done=role", 303)
        if action == "close":
            close(home, name, who)
            return RedirectResponse("/members?done=closed", 303)
        last = _last(until)
        secret = invite(home, name, role, last, who) if action == "invite" else renew(home, name, last, who)
    except MemberError as error:
        return _page(request, home, pages, who, 422, problem=words("member.problem." + error.reason))
    # the link is shown on this answer alone, which nobody may keep
    return _page(request, home, pages, who, link=f"{request.url.scheme}://{request.url.netloc}/join/{secret}")


def _last(day: str) -> datetime:
    """The end of a day that was typed; in a week where none was.

    :raises MemberError: where it is no day
    """
    try:
        return end_of_day(day) if day else now() + timedelta(days=_DAYS)
    except ValueError:
        raise MemberError("until") from None


@router.get("/join/{secret}")
def join_page(request: Request, secret: str, home: HomeDep, pages: PagesDep) -> Response:
    """Where who was invited sets a password. To open it, or to have it looked at, does not use the link."""
    return _join_page(request, pages, invitation(home, secret))


def _join_page(request: Request, pages: Pages, invited: Invitation | None, problem: str = "") -> Response:
    status = 410 if invited is None else 422 if problem else 200
    response = pages.render(
        request, "join.html", status, form=invited is not None, invited=invited, problem=problem, shortest=SHORTEST
    )
    response.headers["cache-control"] = "no-store"
    return response


@router.post("/join/{secret}")
def set_password(
    request: Request,
    secret: str,
    home: HomeDep,
    pages: PagesDep,
    words: WordsDep,
    password: Password = "",
    again: Password = "",
    form_token: FormToken = "",
) -> Response:
    """Set the password, and use the link up by that; who it is can sign in at once."""
    check_form(request, form_token)
    problem = unequal(password, again, words)
    try:
        if not problem:
            join(home, secret, password)
            return RedirectResponse("/sign-in?joined=true", 303)
    except MemberError:
        return _join_page(request, pages, None)
    except WeakPassword as weak:
        problem = words("password." + weak.reason, shortest=SHORTEST)
    return _join_page(request, pages, invitation(home, secret), problem)
