"""``/cypher``: a query by GET or POST is read by the guard, run by a worker under limits, and answered once it is whole.

This is an ASGI application of its own and not a handler of the framework's: what a query costs besides the engine is what is done here.
"""

import asyncio
import re
import time
from collections.abc import Callable, Coroutine
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from api.cypher.asking import Asked, read
from api.cypher.errors import NotAllowed, QueryProblem, TooLong
from api.cypher.guard import checked
from api.cypher.wire import MARGIN, Head
from api.cypher.wire import Request as Question
from api.limits import whole_body
from api.negotiation import wants_page
from api.problems import EXPECTED, Problem, answer
from api.workers.pool import Busy, Overdue, Pool
from api.workers.process import Broken, Failed, OutOfMemory
from api.workers.watch import Watch
from api.workers.wire import Failure
from graph.views.neo4j_connection import Endpoint as Server
from graph.views.neo4j_connection import EndpointSource, where_it_is

SNAPSHOT = b"ketnoi-snapshot"
TRUNCATED = b"ketnoi-truncated"
_CORS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Ketnoi-Snapshot, Ketnoi-Truncated, Retry-After"),
]
_PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
    "access-control-allow-headers": "Accept, Content-Type",
    "access-control-max-age": "86400",
    "allow": "GET, HEAD, POST, OPTIONS",
}
_LOOK = 0.3
"""Seconds for which it is taken for known where the property graph is."""
_INLINE = 2_000
"""Characters of a query up to which it is read at once; a longer one by a thread, so that others are answered meanwhile."""
_RETRY = {"retry-after": "5"}

Page = Callable[[Request, Asked], Coroutine[Any, Any, Response]]


class Whereabouts:
    """Where the property graph is, kept for a moment.

    :param source: who knows; it may wait, as for a server that has to start first
    """

    def __init__(self, source: EndpointSource) -> None:
        self._source = source
        self._lock = asyncio.Lock()
        self._known: Server | None = None
        self._looked = 0.0

    async def get(self, doubted: bool = False) -> Server:
        """Where it is; ``doubted`` after a connection failed.

        :raises graph.views.neo4j_errors.GraphUnavailable: where it can't be started
        """
        if self._known is not None and not doubted and time.monotonic() - self._looked < _LOOK:
            return self._known
        async with self._lock:
            if self._known is None or doubted or time.monotonic() - self._looked >= _LOOK:
                self._known = await asyncio.to_thread(where_it_is, self._source, doubted)
                self._looked = time.monotonic()
            return self._known


class Endpoint:
    """The ASGI application behind ``/cypher``.

    :param whereabouts: of the property graph; ``None`` where this installation has none
    :param page: answers a browser
    """

    def __init__(self, whereabouts: Whereabouts | None, pool: Pool, page: Page) -> None:
        self._whereabouts, self._pool, self._page = whereabouts, pool, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def opened(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *_CORS]}
            await send(message)

        try:
            await self._answer(scope, receive, opened)
        except ClientDisconnect:
            return
        except EXPECTED as error:
            await (await answer(Request(scope, receive), error))(scope, receive, opened)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send)
            return
        headers = Headers(scope=scope)
        asked = read(scope["method"], scope["query_string"], headers, await whole_body(receive))
        if wants_page(headers.get("accept")):
            await (await self._page(Request(scope, receive), asked))(scope, receive, send)
            return
        head, content = await self.run(asked, receive)
        raw = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % head["length"]),
            (SNAPSHOT, head["snapshot"].encode()),
            (TRUNCATED, b"true" if head["truncated"] else b"false"),
            (b"vary", b"Accept"),
            (b"cache-control", b"no-cache"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        await send({"type": "http.response.body", "body": content, "more_body": False})

    async def run(self, asked: Asked, receive: Receive, most: tuple[int, int] | None = None) -> tuple[Head, bytes]:
        """A query's whole answer.

        :param most: rows and bytes at most, where fewer than usual
        :raises Problem: where it is refused, or can't be answered
        :raises ClientDisconnect: where the client left; its query is ended
        """
        deadline = time.monotonic() + self._pool.limits.seconds + MARGIN
        if asked.query is None:
            raise Problem(400, "«query» is missing; «params» and «format» (rows or graph) may be given as well.")
        query = await _checked(asked.query)
        try:
            return await self._ask(asked, query, receive, most, deadline, doubted=False)
        except Failed as failed:
            if failed.failure["kind"] != "unavailable":
                raise self._problem(failed.failure) from None
        try:
            return await self._ask(asked, query, receive, most, deadline, doubted=True)
        except Failed as failed:
            raise self._problem(failed.failure) from None

    async def _ask(
        self,
        asked: Asked,
        query: str,
        receive: Receive,
        most: tuple[int, int] | None,
        deadline: float,
        doubted: bool,
    ) -> tuple[Head, bytes]:
        with Watch(receive) as watch:
            try:
                server = await self._server(deadline, doubted)
                question = self._question(asked, query, server, most)
                async with self._pool.run(server.uri, True, question, deadline) as running:
                    watch.leaving = running.kill
                    head: Head = await running.head()
                    return head, b"".join([part async for part in running.parts()])
            except asyncio.CancelledError:
                if watch.left:
                    raise ClientDisconnect from None
                raise
            except (Busy, Overdue, OutOfMemory, Broken) as error:
                if watch.left:
                    raise ClientDisconnect from None
                raise self._unavailable(error) from None

    async def _server(self, deadline: float, doubted: bool) -> Server:
        if self._whereabouts is None:
            raise Problem(503, "This installation has no property graph.")
        try:
            async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                return await self._whereabouts.get(doubted)
        except TimeoutError:
            raise Problem(503, "The property graph is being started; ask again in a moment.", _RETRY) from None

    def _question(self, asked: Asked, query: str, server: Server, most: tuple[int, int] | None) -> Question:
        limits = self._pool.limits
        rows, size = most or (limits.rows, limits.bytes)
        return {
            "user": server.user,
            "password": server.password,
            "query": query,
            "params": asked.params,
            "form": asked.form,
            "rows": min(rows, limits.rows),
            "bytes": min(size, limits.bytes),
        }

    def _unavailable(self, error: Exception) -> Problem:
        limits = self._pool.limits
        if isinstance(error, Busy):
            detail = f"{limits.waiting} queries are waiting already; ask again in a moment."
        elif isinstance(error, OutOfMemory):
            detail = f"The query was stopped: its answer needs more than {limits.memory // 1_048_576} MiB of memory."
        elif isinstance(error, Overdue) and error.began:
            detail = self._overdue()
        elif isinstance(error, Overdue):
            detail = self._late()
        else:
            detail = f"The query was not answered: {error}."
        return Problem(503, detail, _RETRY)

    def _late(self) -> str:
        return f"The query did not get its turn within {self._pool.limits.seconds:g} seconds; ask again in a moment."

    def _overdue(self) -> str:
        return f"The query was stopped: it had no answer within {self._pool.limits.seconds:g} seconds."

    def _problem(self, failure: Failure) -> Problem:
        """The answer to a query that the engine did not answer."""
        kind, said = failure["kind"], failure["message"]
        if kind == "invalid":
            return _invalid(said)
        if kind == "refused":
            return Problem(403, f"The engine refuses the query: {_first(said)}")
        if kind == "row":
            return Problem(400, "One row alone is longer than an answer may be.")
        details = {
            "late": self._late(),
            "timeout": self._overdue(),
            "large": "The query was stopped: it needs more memory than the engine gives to one query.",
            "stopped": "The query was stopped by those who run the database.",
            "unready": f"{said[:1].upper()}{said[1:]}.",
        }
        return Problem(503, details.get(kind) or f"The query was not answered: {_first(said)}", _RETRY)


async def _checked(query: str) -> str:
    """Let the guard read a query.

    :raises Problem: where it refuses
    """
    try:
        return checked(query) if len(query) <= _INLINE else await asyncio.to_thread(checked, query)
    except QueryProblem as problem:
        status = 413 if isinstance(problem, TooLong) else 403 if isinstance(problem, NotAllowed) else 400
        if problem.place is None:
            raise Problem(status, str(problem)) from None
        raise Problem(status, str(problem), line=problem.place.line, column=problem.place.column) from None


_PLACE = re.compile(r"\(line (\d+), column (\d+) \(offset: \d+\)\)")


def _first(said: str) -> str:
    """The first line of what the engine said: behind it come the query and an arrow."""
    return said.split("\n", 1)[0].strip()[:500]


def _invalid(said: str) -> Problem:
    """A query that the engine does not understand, with the place that it names."""
    detail = _PLACE.sub("", _first(said)).strip()
    found = _PLACE.search(said)
    if found is None:
        return Problem(400, f"The query can't be answered: {detail}")
    line, column = int(found[1]), int(found[2])
    return Problem(
        400, f"The query can't be answered: {detail} (line {line}, column {column})", line=line, column=column
    )
