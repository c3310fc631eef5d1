"""Errors as answers: one table from error to status, said as a problem document (RFC 9457) or as a page."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.negotiation import PROBLEM, wants_page
from graph.answer.erasing import ErasureError
from graph.answer.errors import AnswerError
from graph.questions.errors import QuestionError
from graph.statements.home import HomeError
from graph.statements.loads import LoadError, UnknownLoad
from graph.views.errors import Erased, NothingKnown, NotReady, Preparing, UnknownSnapshot
from graph.views.neo4j_errors import GraphError
from loaders.mapping import MappingError
from loaders.table_reading import FileRefused

_LOG = logging.getLogger(__name__)

STATUS: tuple[tuple[type[Exception], int], ...] = (
    (AnswerError, 422),
    (QuestionError, 422),
    (NothingKnown, 422),
    (FileRefused, 422),
    (MappingError, 422),
    (UnknownLoad, 404),
    (LoadError, 409),
    (UnknownSnapshot, 404),
    (Erased, 410),
    (ErasureError, 422),
    (NotReady, 503),
    (GraphError, 503),
    (HomeError, 503),
    (RequestValidationError, 422),
    (Exception, 500),
)
"""Error → status; the first that fits decides. An HTTPException brings its own."""

EXPECTED: tuple[type[Exception], ...] = (HTTPException, *(kind for kind, status in STATUS if status != 500))
"""Errors whose answer says more than that something went wrong."""

_RETRY = {503: "5"}


class Problem(HTTPException):
    """An error with its status, and with further members for its document (a place in a query, say)."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        super().__init__(status, detail, headers)
        self.members = members


class ProblemResponse(JSONResponse):
    """A problem document."""

    media_type = PROBLEM


def problem_response(
    status: int, detail: str | None = None, headers: Mapping[str, str] | None = None, **members: Any
) -> ProblemResponse:
    """A problem document with the status's phrase as its title; ``members`` are added to it."""
    content: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if detail:
        content["detail"] = detail
    return ProblemResponse({**content, **members}, status, headers)


def _fields(error: RequestValidationError) -> list[dict[str, str]]:
    """Where and why; never what was sent, which may be anything."""
    return [
        {"at": ".".join(str(part) for part in item["loc"])[:200], "reason": str(item["msg"])[:500]}
        for item in error.errors()[:20]
    ]


def _described(error: Exception) -> tuple[int, str | None, dict[str, str], dict[str, Any]]:
    """Status, detail, headers and further members of an error's answer."""
    if isinstance(error, HTTPException):
        phrase = HTTPStatus(error.status_code).phrase
        detail = None if error.detail == phrase else error.detail
        return error.status_code, detail, dict(error.headers or {}), getattr(error, "members", {})
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    headers = {"retry-after": _RETRY[status]} if status in _RETRY else {}
    if isinstance(error, Erased):
        return status, str(error), headers, {"erased": {"on": error.on, "reason": error.reason}}
    if isinstance(error, RequestValidationError):
        return status, "The request has fields that are not understood.", headers, {"errors": _fields(error)}
    return status, str(error) if status < 500 or status == 503 else None, headers, {}


async def answer(request: Request, error: Exception) -> Response:
    """What a client is told of an error: a problem document, or a page where a browser asks."""
    status, detail, headers, members = _described(error)
    if wants_page(request.headers.get("accept")) and not request.url.path.startswith("/api"):
        pages = request.app.state.services.pages
        if isinstance(error, Preparing):
            stand_in: Response = pages.preparing(request, error.what, error.since)
            return stand_in
        page: Response = pages.error(request, status, detail)
        page.headers.update(headers)
        return page
    return problem_response(status, detail, headers, **members)


def install(app: FastAPI) -> None:
    """Let the app answer every error from the table."""
    for kind in EXPECTED:
        app.add_exception_handler(kind, answer)


class Faults:
    """Answers what nobody foresaw: the log gets all of it, the client a status, and the connection stays usable."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            _LOG.exception("%s %s failed", scope["method"], scope["path"])
            response = await answer(Request(scope, receive), error)
            await response(scope, receive, send)
