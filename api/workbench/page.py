"""The workbench as a page: an editor, what came of its query, and examples."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.dependencies import Services
from api.workbench.examples import BEGINNINGS
from api.workbench.shown import PAGE, Shown

TERMS = f"{PAGE}/terms.json"
ROWS = f"{PAGE}/rows.csv"


async def show(services: Services, request: Request, shown: Shown) -> Response:
    """The page; its status is that of the query."""
    return await run_in_threadpool(_show, services, request, shown)


def _show(services: Services, request: Request, shown: Shown) -> Response:
    problem, answer = shown.problem, shown.answer
    said: dict[str, Any] = {"snapshot": answer.snapshot} if answer else {}
    response = services.pages.render(
        request,
        "workbench.html",
        problem.status_code if problem else 200,
        shown=shown,
        answer=answer,
        place=problem.members if problem else {},
        beginnings=BEGINNINGS,
        questions=services.questions.values(),
        terms=TERMS,
        file=shown.address(ROWS) if answer and answer.rows else None,
        here=PAGE,
        **said,
    )
    if problem and problem.headers:
        response.headers.update(problem.headers)
    return response
