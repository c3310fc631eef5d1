"""Whether the process lives, and whether it can answer questions."""

from typing import Annotated

from anyio import CapacityLimiter, fail_after, to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from api.dependencies import Services
from api.problems import problem_response

router = APIRouter(tags=["health"])

_PATIENCE = 5.0
"""Seconds after which a graph that does not say whether it is ready counts as not ready."""


async def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


@router.get("/healthz", include_in_schema=False)
async def healthz() -> Response:
    """The process lives. Nothing is asked of anything else, and no thread is needed."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz", include_in_schema=False)
async def readyz(services: Annotated[Services, Depends(_services)]) -> Response:
    """Questions can be answered; else 503 with the reason.

    The threads of requests may all be waiting for the graph, so this has one of its own.
    """
    try:
        with fail_after(_PATIENCE):
            ready, reason = await to_thread.run_sync(
                services.views.ready, abandon_on_cancel=True, limiter=CapacityLimiter(1)
            )
    except TimeoutError:
        ready, reason = False, "The graph does not answer."
    if ready:
        return JSONResponse({"status": "ready"})
    return problem_response(503, reason, {"retry-after": "5"})
