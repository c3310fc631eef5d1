"""``/sparql`` as a part of the application: its pool, its addresses, and what the workbench shows of it."""

import json
import os
import time
from dataclasses import replace
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.dependencies import Services
from api.pages import words_of
from api.problems import Problem
from api.sparql import description
from api.sparql.asking import Asked
from api.sparql.description import Facts
from api.sparql.formats import TRIPLES, choose
from api.sparql.protocol import CORS, SNAPSHOT, Datasets, Endpoint, read_request
from api.sparql.showing import answer
from api.workbench import files
from api.workbench import shown as workbench
from api.workbench.examples import beginning
from api.workbench.files import Rows
from api.workbench.naming import Naming
from api.workbench.page import show
from api.workbench.shown import Shown
from api.workers.pool import Limits, Pool

_COUNTED = 65_536
"""Bytes of a count, at most."""
_COUNT = "SELECT (COUNT(*) AS ?triples) { ?s ?p ?o }"


def usual_limits() -> Limits:
    """How many queries run at once in this process: a worker for each processor, shared with the other processes that serve."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Limits(running=max(1, processors // max(1, int(os.environ.get("WEB_CONCURRENCY") or 1))))


class Sparql:
    """``/sparql``, ``/.well-known/void`` and ``/.well-known/dcat``.

    :param services: the application's parts; the views know the datasets, the pages render
    """

    def __init__(self, services: Services, limits: Limits) -> None:
        self._services = services
        self.pool = Pool("api.sparql.worker", limits)
        self.endpoint = Endpoint(
            Datasets(lambda snapshot: services.views.dataset(snapshot)), self.pool, self._describe, self.page
        )
        self._facts: Facts | None = None

    def install(self, app: FastAPI) -> None:
        """Add the addresses to an application."""
        app.state.sparql = self
        app.router.routes += [
            Route("/sparql", self.endpoint, include_in_schema=False),
            Route("/.well-known/void", self._void, include_in_schema=False),
            Route("/.well-known/dcat", self._dcat, include_in_schema=False),
        ]

    async def close(self) -> None:
        """End the workers."""
        await self.pool.close()

    async def _describe(self, request: Request, asked: Asked) -> Response:
        return await self._described(request, description.service)

    async def _void(self, request: Request) -> Response:
        return await self._described(request, description.void)

    async def _dcat(self, request: Request) -> Response:
        return await self._described(request, description.dcat)

    async def _described(self, request: Request, triples: Any) -> Response:
        form = choose(request.headers.get("accept"), TRIPLES)
        if form is None:
            raise Problem(406, f"There is {', '.join(one.media for one in TRIPLES)}.")
        facts = await self._known(request)
        headers = {**CORS, SNAPSHOT: facts.snapshot, "vary": "Accept", "cache-control": "no-cache"}
        return Response(description.write(triples(facts), form), media_type=form.media, headers=headers)

    async def _known(self, request: Request) -> Facts:
        """The facts of the snapshot that is served; counted once for each."""
        views = await run_in_threadpool(self._services.views.current)
        site = str(request.base_url).rstrip("/")
        known = self._facts
        if known is None or known.snapshot != views.snapshot:
            classes = await run_in_threadpool(views.counts)
            counted, _, _ = await self._rows(request, Asked(_COUNT, None, None, None), (1, _COUNTED))
            triples = int(counted["results"]["bindings"][0]["triples"]["value"])
            known = self._facts = Facts(site, views.snapshot, triples, classes)
        return replace(known, site=site)

    async def _rows(self, request: Request, asked: Asked, most: tuple[int, int]) -> tuple[dict[str, Any], str, bool]:
        """A query's answer in JSON, or its triples as text; the snapshot, and whether it was cut."""
        deadline = time.monotonic() + self.endpoint.limits.seconds
        async with self.endpoint.running(asked, "JSON", "TURTLE", request.receive, deadline, most) as (
            running,
            snapshot,
        ):
            head = await running.head()
            text = b"".join([part async for part in running.parts()])
        if head["form"] == "TURTLE":
            return {"text": text.decode()}, snapshot, bool(head["truncated"])
        content: dict[str, Any] = json.loads(text)
        return content, snapshot, bool(head["truncated"] or content.get("truncated"))

    def asked(self, request: Request) -> Asked:
        """What an address asks.

        :raises Problem: where it is not understood
        """
        return read_request("GET", request.scope["query_string"], request.headers)

    async def page(self, request: Request, asked: Asked) -> Response:
        """The workbench, with what a query gave where there is one."""
        language = words_of(request).language
        shown = Shown(
            "sparql", beginning("names", "sparql").query if asked.query is None else asked.query, kept=asked.kept
        )
        if asked.query is not None:
            try:
                content, snapshot, truncated = await self._rows(request, asked, (workbench.ROWS, workbench.BYTES))
                naming = Naming(await run_in_threadpool(self._services.views_of, asked.snapshot), language)
                found = await run_in_threadpool(answer, content, snapshot, truncated, naming, language)
                shown = replace(shown, answer=found)
            except Problem as problem:
                shown = replace(shown, problem=problem)
        return await show(self._services, request, shown)

    async def rows(self, request: Request, asked: Asked) -> Rows:
        """A query's rows for a file.

        :raises Problem: where it is refused, can't be answered, or gives no rows
        """
        if asked.query is None:
            raise Problem(400, "«query» is missing.")
        content, snapshot, truncated = await self._rows(request, asked, (files.ROWS, files.BYTES))
        if "results" not in content:
            raise Problem(406, "Only rows come as CSV; the answer to this query has none.")
        columns = content["head"].get("vars", [])
        found = content["results"]["bindings"]
        rows = await run_in_threadpool(lambda: [[files.of_term(row.get(name)) for name in columns] for row in found])
        return Rows(columns, rows, snapshot, truncated)
