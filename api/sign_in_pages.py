"""Signing in and out, by name and password or by token; and the page of who signed in."""

import math
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from api.dependencies import HomeDep, PagesDep, ServicesDep, SignedInDep, WordsDep
from api.kept_sessions import PREFIX, begin, end
from api.members import change_password, check_password, known, members
from api.pages import Pages
from api.passwords import LONGEST, SHORTEST, WeakPassword
from api.sessions import TOKEN_COOKIE, FormToken, check_form, keep, visitor
from api.tokens import Identity, check_token, token_mark
from graph.statements.audit import NOBODY, member, record
from graph.statements.home import Home

router = APIRouter(include_in_schema=False)

Password = Annotated[str, Form(max_length=2 * LONGEST)]


@router.get("/sign-in")
def sign_in_page(request: Request, home: HomeDep, pages: PagesDep, joined: bool = False) -> Response:
    """Where a member or curator gives name and password, or their token."""
    return _page(request, home, pages, joined=joined)


def _page(
    request: Request,
    home: Home,
    pages: Pages,
    status: int = 200,
    refused: str = "",
    minutes: int = 0,
    joined: bool = False,
) -> Response:
    who = visitor(request, home)
    may_change = who is not None and any(one.name == who.name and one.password for one in members(home))
    said = {"refused": refused, "minutes": minutes, "joined": joined, "may_change": may_change}
    return pages.render(request, "sign_in.html", status, form=True, **said)


@router.post("/sign-in")
def sign_in(
    request: Request,
    home: HomeDep,
    services: ServicesDep,
    pages: PagesDep,
    token: Annotated[str, Form(max_length=400)] = "",
    name: Annotated[str, Form(max_length=200)] = "",
    password: Password = "",
    form_token: FormToken = "",
) -> Response:
    """Begin a session for a valid token, or a name with its password."""
    check_form(request, form_token)
    token, client = token.strip(), _client(request)
    # a token has no name until it is known, so that nobody keeps others from trying theirs
    tried = f"token {client}" if token else name
    if wait := services.tries.wait(tried, client):
        response = _page(request, home, pages, 429, "often", math.ceil(wait / 60))
        response.headers["retry-after"] = str(math.ceil(wait))
        return response
    if token:
        who, mark = check_token(home, token), token_mark(home, token)
    else:
        who, mark = check_password(home, name, password), None
    if who is None:
        # of a wrong name, what was typed is not written down: it may be a password
        record(home, NOBODY, "member.sign_in_refused", "" if token else known(home, name))
        refused = "token" if token else "password"
        return _page(request, home, pages, 403, refused)
    services.tries.forget(tried, client)
    return begun(request, home, who, mark, "/sign-in")


def begun(request: Request, home: Home, who: Identity, mark: str | None, to: str) -> Response:
    """Begin a session and lead to a page; a session that the browser had ends.

    :param mark: what is kept of the token that was given, where it was one
    """
    record(home, who.name, "member.signed_in", member(who.name))
    _end(request, home)
    response = RedirectResponse(to, 303)
    keep(response, request, TOKEN_COOKIE, begin(home, who.name, mark))
    return response


def _end(request: Request, home: Home) -> None:
    secret = request.cookies.get(TOKEN_COOKIE, "")
    if secret.startswith(PREFIX):
        end(home, secret)


def _client(request: Request) -> str:
    return request.client.host if request.client else "unknown"


@router.post("/sign-out")
def sign_out(request: Request, home: HomeDep, form_token: FormToken = "") -> Response:
    """End the session."""
    check_form(request, form_token)
    who = visitor(request, home)
    if who is not None:
        record(home, who.name, "member.signed_out", member(who.name))
    _end(request, home)
    response = RedirectResponse("/", 303)
    response.delete_cookie(TOKEN_COOKIE, path="/")
    return response


@router.get("/password")
def password_page(request: Request, pages: PagesDep, who: SignedInDep) -> Response:
    """Where a member changes the password."""
    return pages.render(request, "password.html", form=True, problem="", shortest=SHORTEST)


@router.post("/password")
def new_password(
    request: Request,
    home: HomeDep,
    services: ServicesDep,
    words: WordsDep,
    who: SignedInDep,
    old: Password = "",
    password: Password = "",
    again: Password = "",
    form_token: FormToken = "",
) -> Response:
    """Change the password; all sessions of the member end, and this browser gets a new one."""
    check_form(request, form_token)
    if wait := services.tries.wait(who.name, _client(request)):
        raise HTTPException(429, "Too many tries.", {"retry-after": str(math.ceil(wait))})
    problem = ""
    if check_password(home, who.name, old) is None:
        record(home, NOBODY, "member.sign_in_refused", known(home, who.name))
        problem = words("password.wrong")
    else:
        services.tries.forget(who.name, _client(request))
        problem = unequal(password, again, words)
    if not problem:
        try:
            change_password(home, who.name, password)
            return begun(request, home, who, None, "/sign-in")
        except WeakPassword as weak:
            problem = words("password." + weak.reason, shortest=SHORTEST)
    return services.pages.render(request, "password.html", 422, form=True, problem=problem, shortest=SHORTEST)


def unequal(password: str, again: str, words: WordsDep) -> str:
    """What to say where a new password was not typed twice alike."""
    return "" if password == again else words("password.unequal")
