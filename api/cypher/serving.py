"""``/cypher`` as a part of the application: its pool, its addresses, and its page."""

import json
from dataclasses import replace
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.cypher import schema
from api.cypher.asking import Asked
from api.cypher.endpoint import Endpoint, Whereabouts
from api.dependencies import Services
from api.problems import Problem
from api.workers.pool import Limits, Pool
from graph.views.neo4j_connection import EndpointSource
from ontology.model import ontology

_SHOWN = 500
"""Rows that the page shows; JSON has more."""
_EXAMPLE = """MATCH (t:Technology)-[:HAS_PATENT_CLASS]->(c:Concept)
RETURN t.id AS technology, t.name_vi AS name, c.notation AS class
LIMIT 20
"""

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
        self.endpoint = Endpoint(Whereabouts(source) if source else None, self.pool, self._page)
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

    async def _page(self, request: Request, asked: Asked) -> Response:
        """The form, with what a query gave where there is one."""
        answer: dict[str, Any] = {}
        values: dict[str, Any] = {
            "query": _EXAMPLE if asked.query is None else asked.query,
            "params": json.dumps(asked.params, ensure_ascii=False) if asked.params else "",
            "problem": None,
        }
        status = 200
        if asked.query is not None:
            try:
                _, content = await self.endpoint.run(replace(asked, form="rows"), request.receive, _SHOWN)
                answer = json.loads(content)
                values["snapshot"] = answer["snapshot"]
            except Problem as problem:
                status, values["problem"] = problem.status_code, problem.detail
        values["columns"], values["truncated"] = answer.get("columns", []), answer.get("truncated", False)
        values["rows"] = answer.get("rows")
        render = self._services.pages.render
        return await run_in_threadpool(lambda: render(request, "cypher.html", status, **values))
