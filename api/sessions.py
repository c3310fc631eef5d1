"""Who asks: by bearer token in a header, or on pages by a session in a cookie and a second token on every form."""

import hmac
import secrets
from hashlib import sha256
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Form, HTTPException, Request
from fastapi.responses import Response

from api.kept_sessions import LONGEST, PREFIX, session_of
from api.tokens import Identity, check_token
from graph.statements.home import Home

TOKEN_COOKIE = "ketnoi_token"
FORM_COOKIE = "ketnoi_form"
LANGUAGE_COOKIE = "ketnoi_lang"
_DAYS_30 = 30 * 24 * 3600


def bearer(request: Request, home: Home) -> Identity | None:
    """Who sent a bearer token; None where none was sent. Cookies count for nothing here.

    :raises HTTPException: 401 where the token is unknown
    """
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    identity = check_token(home, token.strip()) if scheme.lower() == "bearer" else None
    if identity is None:
        raise HTTPException(401, "The token is unknown.", {"www-authenticate": 'Bearer error="invalid_token"'})
    return identity


def visitor(request: Request, home: Home) -> Identity | None:
    """Who is signed in on the pages."""
    secret = request.cookies.get(TOKEN_COOKIE)
    if not secret:
        return None
    # a script may send its token in place of a session
    return session_of(home, secret) if secret.startswith(PREFIX) else check_token(home, secret)


def form_token(request: Request) -> str | None:
    """The token that this visitor's forms carry; None before the first form was shown.

    It is derived from a random cookie that no other site can read or, being SameSite, make the browser send.
    """
    subject = request.cookies.get(TOKEN_COOKIE) or request.cookies.get(FORM_COOKIE)
    return _derived(subject) if subject else None


def new_form() -> tuple[str, str]:
    """A random cookie for a visitor without one, and the token that goes with it."""
    subject = secrets.token_urlsafe(32)
    return subject, _derived(subject)


def _derived(subject: str) -> str:
    return sha256(f"form\x1f{subject}".encode("utf-8", "surrogatepass")).hexdigest()


FormToken = Annotated[str, Form(max_length=200)]
"""The second token, which a form carries; see :func:`check_form`."""


EXPIRED = "The form has expired and nothing was written; open the page again and send it from there."
"""What is said of a form without the token of the visitor's own form cookie, which lasts for days and no longer."""


def check_form(request: Request, token: str) -> None:
    """Refuse a form that another site sent.

    :raises HTTPException: 403
    """
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "The form was sent from another site.")
    expected = form_token(request)
    if expected is None or not hmac.compare_digest(expected, token if token.isascii() else ""):
        raise HTTPException(403, EXPIRED)


def keep(response: Response, request: Request, name: str, value: str) -> None:
    """Keep a secret in a cookie that scripts and other sites never see, a session's as long as it lasts."""
    age = int(LONGEST.total_seconds()) if name == TOKEN_COOKIE else _DAYS_30
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, age, httponly=True, samesite="strict", secure=secure, path="/")
