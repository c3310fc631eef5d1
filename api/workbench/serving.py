"""``/workbench`` as a part of the application: the page for either language, rows as a file, terms for the editors."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api.dependencies import Services
from api.limits import whole_body
from api.pages import words_of
from api.problems import Problem
from api.workbench.examples import Example, example
from api.workbench.files import Rows, as_csv
from api.workbench.page import ROWS, TERMS, show
from api.workbench.shown import PAGE, Shown
from api.workbench.terms import terms
from graph.answer.errors import AnswerError
from graph.questions.errors import QuestionError
from graph.questions.twins import Language


class Asks(Protocol):
    """A query language as the workbench asks it."""

    def asked(self, request: Request) -> Any:
        """What an address asks.

        :raises Problem: where it is not understood
        """

    async def page(self, request: Request, asked: Any) -> Response:
        """The workbench with the answer."""

    async def rows(self, request: Request, asked: Any) -> Rows:
        """The answer for a file.

        :raises Problem: where there is none, or none with rows
        """


class _Handler:
    """Answers GET as a function does, and nobody where the client left."""

    def __init__(self, answer: Callable[[Request], Awaitable[Response]]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            raise Problem(405, "GET is answered.", {"allow": "GET, HEAD"})
        try:
            await whole_body(receive)
            response = await self._answer(Request(scope, receive))
        except ClientDisconnect:
            return
        await response(scope, receive, send)


class Workbench:
    """``/workbench``, ``/workbench/rows.csv`` and ``/workbench/terms.json``."""

    def __init__(self, services: Services, languages: Mapping[Language, Asks]) -> None:
        self._services, self._languages = services, languages

    def install(self, app: FastAPI) -> None:
        """Add the addresses to an application."""
        app.router.routes += [
            Route(PAGE, _Handler(self._page), include_in_schema=False),
            Route(ROWS, _Handler(self._file), include_in_schema=False),
            Route(TERMS, _Handler(self._terms), include_in_schema=False),
        ]

    async def _page(self, request: Request) -> Response:
        on, given = self._language(request), request.query_params
        if "example" in given:
            return await show(self._services, request, await run_in_threadpool(self._example, request, on))
        try:
            asked = self._languages[on].asked(request)
        except Problem as problem:
            shown = Shown(on, given.get("query", ""), given.get("params", ""), problem=problem)
            return await show(self._services, request, shown)
        return await self._languages[on].page(request, asked)

    def _example(self, request: Request, on: Language) -> Shown:
        name, snapshot = request.query_params["example"], request.query_params.get("snapshot")
        problem, found = None, Example("")
        try:
            found = example(name, on, self._services.questions, self._services.views_of(snapshot), words_of(request))
        except KeyError:
            raise Problem(404, "There is no example of that name.") from None
        except (AnswerError, QuestionError) as error:
            problem = Problem(422, str(error))
        kept = (("snapshot", snapshot),) if snapshot and on == "sparql" else ()
        return Shown(on, found.query, found.params, kept, problem=problem, example=name, computed=found.computed)

    async def _file(self, request: Request) -> Response:
        asks = self._languages[self._language(request)]
        return as_csv(await asks.rows(request, asks.asked(request)))

    async def _terms(self, request: Request) -> Response:
        return JSONResponse(terms(), headers={"cache-control": "no-cache"})

    def _language(self, request: Request) -> Language:
        on = request.query_params.get("on", "sparql")
        for language in self._languages:
            if language == on:
                return language
        raise Problem(422, f"«on» is {' or '.join(self._languages)}.")
