"""``/sparql`` as a part of the application: its pool, its addresses, and its page."""

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
from api.problems import Problem
from api.sparql import description
from api.sparql.asking import Asked
from api.sparql.description import Facts
from api.sparql.formats import TRIPLES, choose
from api.sparql.protocol import CORS, SNAPSHOT, Datasets, Endpoint
from api.workers.pool import Limits, Pool
from ontology.model import BASE

_SHOWN = 500
"""Rows that the page shows; the forms to download have all."""
_COUNT = "SELECT (COUNT(*) AS ?triples) { ?s ?p ?o }"
_EXAMPLE = """PREFIX kn: <https://w3id.org/ketnoi/ontology#>

SELECT ?technology ?name WHERE {
  ?technology a kn:Technology ; kn:name ?name .
}
LIMIT 20
"""


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
            Datasets(lambda snapshot: services.views.dataset(snapshot)), self.pool, self._describe, self._page
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
            counted, _, _ = await self._rows(request, Asked(_COUNT, None, None, None), 1)
            triples = int(counted["results"]["bindings"][0]["triples"]["value"])
            known = self._facts = Facts(site, views.snapshot, triples, classes)
        return replace(known, site=site)

    async def _rows(self, request: Request, asked: Asked, most: int) -> tuple[dict[str, Any], str, bool]:
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

    async def _page(self, request: Request, asked: Asked) -> Response:
        """The form, with what a query gave where there is one."""
        answer: dict[str, Any] = {}
        values: dict[str, Any] = {
            "query": _EXAMPLE if asked.query is None else asked.query,
            "problem": None,
            "truncated": False,
            "base": BASE,
        }
        status = 200
        if asked.query is not None:
            try:
                answer, values["snapshot"], values["truncated"] = await self._rows(request, asked, _SHOWN)
            except Problem as problem:
                status, values["problem"] = problem.status_code, problem.detail
        values["variables"] = answer.get("head", {}).get("vars", [])
        values["rows"] = answer.get("results", {}).get("bindings")
        values["truth"], values["text"] = answer.get("boolean"), answer.get("text")
        render = self._services.pages.render
        return await run_in_threadpool(lambda: render(request, "sparql.html", status, **values))
