"""``/sparql``: a query by GET or POST is looked at, run by a worker and passed on as it comes.

This is an ASGI application of its own and not a handler of the framework's: what a query costs besides the engine is what is done here.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from api.limits import whole_body
from api.problems import EXPECTED, Problem, answer
from api.sparql import guard
from api.sparql.asking import Asked, BadRequest, read
from api.sparql.formats import ENGINE, ROWS, TRIPLES, Format, choose, page_is_preferred
from api.sparql.wire import Head
from api.sparql.wire import Request as Question
from api.workers.pool import Busy, Limits, Overdue, Pool
from api.workers.process import Broken, Failed, OutOfMemory, Running
from api.workers.watch import Watch
from api.workers.wire import Failure
from graph.views.rdf import Dataset
from ontology.model import BASE

_log = logging.getLogger(__name__)
SNAPSHOT = "Ketnoi-Snapshot"
TRUNCATED = "Ketnoi-Truncated"
AT_END = "at-end"
"""What the header says while nobody knows: the end of the answer will tell."""
CORS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": f"{SNAPSHOT}, {TRUNCATED}, Retry-After",
}
_PREFLIGHT = {
    **CORS,
    "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
    "access-control-allow-headers": "Accept, Content-Type",
    "access-control-max-age": "86400",
    "allow": "GET, HEAD, POST, OPTIONS",
}
_LOOK = 0.3
"""Seconds for which it is taken for known which snapshot is served."""
_INLINE = 16_384
"""Characters of a query up to which it is looked at at once; a longer one by a thread, so that others are answered meanwhile."""

Describe = Callable[[Request, Asked], Coroutine[Any, Any, Response]]


class Datasets:
    """The datasets of snapshots, with the current one kept for a moment.

    :param find: the dataset of a snapshot by its id, or of the one that is served; it may wait, and raises what the views raise
    """

    def __init__(self, find: Callable[[str | None], Dataset]) -> None:
        self._find = find
        self._current: Dataset | None = None
        self._looked = 0.0

    async def get(self, snapshot: str | None) -> tuple[Dataset, bool]:
        """The dataset, and whether it is the one that is served."""
        if snapshot is None and self._current is not None and time.monotonic() - self._looked < _LOOK:
            return self._current, True
        dataset = await asyncio.to_thread(self._find, snapshot)
        if snapshot is None:
            self._current, self._looked = dataset, time.monotonic()
        return dataset, snapshot is None or dataset == self._current


class Endpoint:
    """The ASGI application behind ``/sparql``.

    :param describe: answers a request without a query, and a browser's
    """

    def __init__(self, datasets: Datasets, pool: Pool, describe: Describe, page: "Describe") -> None:
        self._datasets, self._pool, self._describe, self._page = datasets, pool, describe, page

    @property
    def limits(self) -> Limits:
        return self._pool.limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        deadline = time.monotonic() + self.limits.seconds
        started = False

        async def opened(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message).update(CORS)
            await send(message)

        try:
            await self._answer(scope, receive, opened, deadline)
        except ClientDisconnect:
            return
        except Exception as error:
            if started:
                # the rest can't come: the server closes the connection, so nobody takes the half for the whole
                _log.info("an answer was broken off: %s", error)
                return
            if not isinstance(error, EXPECTED):
                raise
            await (await answer(Request(scope, receive), error))(scope, receive, opened)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, deadline: float) -> None:
        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send)
            return
        headers = Headers(scope=scope)
        asked = read_request(scope["method"], scope["query_string"], headers, await whole_body(receive))
        accept = headers.get("accept")
        if asked.query is None or page_is_preferred(accept):
            answer = self._describe if not page_is_preferred(accept) else self._page
            await (await answer(Request(scope, receive), asked))(scope, receive, send)
            return
        await self._run(asked, accept, receive, send, deadline)

    async def _run(self, asked: Asked, accept: str | None, receive: Receive, send: Send, deadline: float) -> None:
        rows, triples = choose(accept, ROWS), choose(accept, TRIPLES)
        if rows is None and triples is None:
            raise Problem(406, _forms("rows") + " " + _forms("triples"))
        async with self.running(asked, _name(rows), _name(triples), receive, deadline) as (
            running,
            snapshot,
        ):
            head: Head = await running.head()
            form = ENGINE[head["form"]]
            truncated = AT_END if head["truncated"] is None else str(head["truncated"]).lower()
            raw = [
                (b"content-type", form.content_type.encode()),
                (SNAPSHOT.lower().encode(), snapshot.encode()),
                (TRUNCATED.lower().encode(), truncated.encode()),
                (b"vary", b"Accept"),
                (b"cache-control", b"no-cache"),
            ]
            if head["length"] is not None:
                raw.append((b"content-length", str(head["length"]).encode()))
            await send({"type": "http.response.start", "status": 200, "headers": raw})
            last = b""
            async for part in running.parts():
                if last:
                    await send({"type": "http.response.body", "body": last, "more_body": True})
                last = part
        # the worker is free by now; a server says that the client left once an answer is complete, so nobody may be watching any more
        await send({"type": "http.response.body", "body": last, "more_body": False})

    @asynccontextmanager
    async def running(
        self,
        asked: Asked,
        rows: str | None,
        triples: str | None,
        receive: Receive,
        deadline: float,
        most: tuple[int, int] | None = None,
    ) -> AsyncIterator[tuple[Running, str]]:
        """A query on its way, with the snapshot that it reads.

        :param rows: the engine's name of the form for rows, :param triples: for triples; ``None`` where the client takes none
        :param most: rows and bytes at most, where fewer than usual
        :raises Problem: where it is refused, or can't be answered
        :raises ClientDisconnect: where the client left
        """
        query = asked.query or ""
        await _look_at(query)
        question = self._question(asked, query, rows, triples, most)
        try:
            async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                dataset, current = await self._datasets.get(asked.snapshot)
        except TimeoutError:
            raise Problem(503, "It is not known in time which snapshot is served.", _RETRY) from None
        with Watch(receive) as watch:
            try:
                async with self._pool.run(str(dataset.path), current, question, deadline) as running:
                    watch.leaving = running.kill
                    yield running, dataset.snapshot
            except asyncio.CancelledError:
                if watch.left:
                    raise ClientDisconnect from None
                raise
            except Failed as failed:
                raise _problem(failed.failure, rows, triples) from None
            except (Busy, Overdue, OutOfMemory, Broken) as error:
                if watch.left:
                    raise ClientDisconnect from None
                raise self._unavailable(error) from None

    def _question(
        self, asked: Asked, query: str, rows: str | None, triples: str | None, most: tuple[int, int] | None
    ) -> Question:
        limits = self.limits
        most_rows, most_bytes = most or (limits.rows, limits.bytes)
        return {
            "query": query,
            "base": BASE,
            "rows_form": rows,
            "triples_form": triples,
            "default": asked.default,
            "named": asked.named,
            "rows": min(most_rows, limits.rows),
            "bytes": min(most_bytes, limits.bytes),
            "seconds": limits.seconds,
        }

    def _unavailable(self, error: Exception) -> Problem:
        limits = self.limits
        if isinstance(error, Busy):
            detail = f"{limits.waiting} queries are waiting already; ask again in a moment."
        elif isinstance(error, OutOfMemory):
            detail = f"The query was stopped: it needs more than {limits.memory // 1_048_576} MiB of memory."
        elif isinstance(error, Overdue) and error.began:
            detail = f"The query was stopped: it had no answer within {limits.seconds:g} seconds."
        elif isinstance(error, Overdue):
            detail = f"The query did not get its turn within {limits.seconds:g} seconds; ask again in a moment."
        else:
            detail = f"The query was not answered: {error}."
        return Problem(503, detail, _RETRY)


_RETRY = {"retry-after": "5"}


def read_request(method: str, target: bytes, headers: Headers, body: bytes = b"") -> Asked:
    """What a request asks.

    :raises Problem: where the protocol does not know such a request
    """
    try:
        return read(method, target, headers, body)
    except BadRequest as error:
        allow = {"allow": _PREFLIGHT["allow"]} if error.status == 405 else None
        raise Problem(error.status, str(error), allow) from None


def _name(form: Format | None) -> str | None:
    return None if form is None else form.engine


async def _look_at(query: str) -> None:
    """Let the guard see a query.

    :raises Problem: where it refuses
    """
    try:
        if len(query) <= _INLINE:
            guard.check(query)
        else:
            await asyncio.to_thread(guard.check, query)
    except guard.Refused as refused:
        raise Problem(refused.status, str(refused), line=refused.place.line, column=refused.place.column) from None


def _forms(shape: str) -> str:
    offered = ROWS if shape == "rows" else TRIPLES
    words = "Rows come as" if shape == "rows" else "Triples come as"
    return f"{words} {', '.join(form.media for form in offered)}."


def _problem(failure: Failure, rows: str | None, triples: str | None) -> Problem:
    """The answer to a query that the engine did not answer."""
    if failure["kind"] == "form":
        return Problem(406, _forms("rows" if rows is None else "triples"))
    if failure["kind"] == "store":
        return Problem(503, "The snapshot that the query read is no longer there; ask again.", _RETRY)
    if failure["kind"] == "row":
        return Problem(400, "One row alone is longer than an answer may be.")
    if failure["kind"] == "syntax" and failure["line"] and failure["column"]:
        at = guard.Place(failure["line"], failure["column"])
        return Problem(400, f"The query can't be read near {at}: {failure['message']}", line=at.line, column=at.column)
    if failure["kind"] == "syntax":
        return Problem(400, f"The query can't be read: {failure['message']}")
    return Problem(400, f"The query can't be answered: {failure['message']}")
