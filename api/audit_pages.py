"""The audit log as a page for curators."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.dependencies import ClerkDep, HomeDep, PagesDep
from graph.statements.audit import newest, record, verify

router = APIRouter(include_in_schema=False)

_SHOWN = 100


@router.get("/audit")
def audit_page(
    request: Request,
    home: HomeDep,
    pages: PagesDep,
    who: ClerkDep,
    by: Annotated[str, Query(max_length=200)] = "",
    before: Annotated[int | None, Query(ge=1, le=10**12)] = None,
    proved: Annotated[bool, Query()] = False,
) -> Response:
    """What was done to private data, the newest first; where it is asked for, whether the whole log fits."""
    record(home, who.name, "audit.read", "")
    lines = newest(home, _SHOWN, by.strip() or None, before)
    return pages.render(
        request,
        "audit.html",
        lines=lines,
        by=by.strip(),
        older=lines[-1].number if len(lines) == _SHOWN else None,
        proof=verify(home) if proved else None,
    )
