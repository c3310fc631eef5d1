"""``/cypher`` as a part of the application: its pool, its addresses, and what the workbench shows of it."""

import json
from dataclasses import replace
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.cypher import schema
from api.cypher.asking import Asked, read
from api.cypher.endpoint import Endpoint, Whereabouts
from api.cypher.showing import answer
from api.dependencies import Services
from api.pages import words_of
from api.problems import Problem
from api.workbench import files
from api.workbench import shown as workbench
from api.workbench.examples import beginning
from api.workbench.files import Rows
from api.workbench.naming import Naming
from api.workbench.page import show
from api.workbench.shown import Shown
from api.workers.pool import Limits, Pool
from graph.views.neo4j_connection import EndpointSource
from ontology.model import ontology

ROWS = 10_000
BYTES = 16 * 1_048_576
MEMORY = 256 * 1_048_576
WORKERS = 2
"""Workers to a processor: most of the time they wait for the engine."""


def usual_limits(shared: Limits) -> Limits:
    """What a query may take and how many run, where SPARQL has ``shared`` limits."""
    return replace(shared, rows=ROWS, bytes=BYTES, memory=MEMORY, running=WORKERS * shared.running)


class Cypher:
    """``/cypher`` and ``/cypher/schema``.

    :param services: the application's parts, of which the pages render
    :param source: where the property graph is; without one queries are answered 503
    """

    def __init__(self, services: Services, source: EndpointSource | None, limits: Limits) -> None:
        self._services = services
        self.pool = Pool("api.cypher.worker", limits)
        self.endpoint = Endpoint(Whereabouts(source) if source else None, self.pool, self.page)
        self._schema: dict[str, Any] = {}

    def install(self, app: FastAPI) -> None:
        """Add the addresses to an application."""
        app.state.cypher = self
        app.router.routes += [
            Route("/cypher", self.endpoint, include_in_schema=False),
            Route("/cypher/schema", self._described, include_in_schema=False),
        ]

    async def close(self) -> None:
        """End the workers."""
        await self.pool.close()

    async def _described(self, request: Request) -> Response:
        return JSONResponse(await self.schema(request), headers={"cache-control": "no-cache"})

    async def schema(self, request: Request) -> dict[str, Any]:
        """The schema; counted once for each snapshot."""
        views = await run_in_threadpool(self._services.views.current)
        if self._schema.get("snapshot") != views.snapshot:
            _, content = await self.endpoint.run(Asked(schema.COUNTS, {}, "rows"), request.receive)
            counted = json.loads(content)
            self._schema = schema.describe(ontology(), counted["rows"], counted["snapshot"])
        return self._schema

    def asked(self, request: Request) -> Asked:
        """What an address asks.

        :raises Problem: where it is not understood
        """
        return read("GET", request.scope["query_string"], request.headers, b"")

    async def page(self, request: Request, asked: Asked) -> Response:
        """The workbench, with what a query gave where there is one."""
        language = words_of(request).language
        params = json.dumps(asked.params, ensure_ascii=False) if asked.params else ""
        shown = Shown("cypher", beginning("names", "cypher").query if asked.query is None else asked.query, params)
        if asked.query is not None:
            try:
                content = await self._content(request, asked, workbench.ROWS, workbench.BYTES)
                naming = Naming(await run_in_threadpool(self._services.views.current), language)
                shown = replace(shown, answer=await run_in_threadpool(answer, content, naming, language))
            except Problem as problem:
                shown = replace(shown, problem=problem)
        return await show(self._services, request, shown)

    async def rows(self, request: Request, asked: Asked) -> Rows:
        """A query's rows for a file.

        :raises Problem: where it is refused, or can't be answered
        """
        found = await self._content(request, asked, files.ROWS, files.BYTES)
        rows = await run_in_threadpool(lambda: [[files.of_value(one) for one in row] for row in found["rows"]])
        return Rows(found["columns"], rows, found["snapshot"], found["truncated"])

    async def _content(self, request: Request, asked: Asked, rows: int, size: int) -> dict[str, Any]:
        """A query's rows as JSON has them."""
        _, text = await self.endpoint.run(replace(asked, form="rows"), request.receive, (rows, size))
        content: dict[str, Any] = await run_in_threadpool(json.loads, text)
        return content
