"""How long the answer to a request is waited for: a browser that opens a page is shown at once what is being computed."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.computing import PAINTED, waiting
from api.negotiation import wants_page


def waits_for(method: str, headers: Headers) -> float | None:
    """Seconds; none where whoever asks waits until the answer is there.

    Browsers come again by themselves, other clients don't: these are told by what browsers send when they open a page (Upgrade Insecure
    Requests, W3C; Fetch Metadata), or ask for it (``respond-async``, RFC 7240).
    """
    opens = headers.get("upgrade-insecure-requests") == "1" or headers.get("sec-fetch-mode") == "navigate"
    prefers = "respond-async" in headers.get("prefer", "").lower()
    return PAINTED if method == "GET" and (prefers or (opens and wants_page(headers.get("accept")))) else None


class Patience:
    """Sets it for whatever answers a request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with waiting(waits_for(scope["method"], Headers(scope=scope))):
            await self.app(scope, receive, send)
