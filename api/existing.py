"""Whether there is a node of an id, and where the one is that it was merged into."""

from fastapi import HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from api.links import known_form
from api.reading import Views
from graph.views.errors import Erased


class Moved(Exception):
    """The entity was merged into ``survivor``."""

    def __init__(self, survivor: str) -> None:
        super().__init__(survivor)
        self.survivor = survivor


def existing(views: Views, identifier: str) -> str:
    """The id itself, where there is such a node.

    :raises Moved: where it was merged into another
    :raises graph.views.errors.Erased: where it was erased, in whatever snapshot is asked
    :raises HTTPException: 404 where there is none
    """
    if known_form(identifier):
        stone = views.tombstone(identifier)
        if stone is not None:
            raise Erased(stone.on, stone.reason)
        if views.types(identifier):
            return identifier
        survivor = views.redirect(identifier)
        if survivor is not None and survivor != identifier:
            raise Moved(survivor)
    raise HTTPException(404, "There is no such entity, or it is not public.")


def redirect(request: Request, path: str) -> Response:
    """Send a client on for good, with the query that it came with."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{path}{query}", 308)
