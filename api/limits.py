"""Limits of size and rate, kept before anything reads a request."""

import math
import time
from collections import OrderedDict

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem_response
from api.uploads import MAX_UPLOAD
from loaders.documents.reading import MAX_DOCUMENT

MAX_TARGET = 16_384
"""Bytes of a path with its query."""
MAX_BODY = 1_048_576
"""Bytes of a request's body."""
_DRAINED = 64 * 1_048_576
_DOCUMENT = MAX_DOCUMENT + MAX_BODY
UPLOADS = {
    "/api/loads": MAX_UPLOAD,
    "/loads/files": MAX_UPLOAD,
    "/api/cases/proposals": _DOCUMENT,
    "/cases": _DOCUMENT,
}
"""Addresses that take files, with the bytes of a body; it is read as it comes, once the handler knows who sends it."""
LIMITED = ("/sparql", "/cypher", "/workbench", "/reconcile", "/api")


class SizeLimit:
    """Refuses addresses and bodies that are too long, before anything reads them."""

    def __init__(self, app: ASGIApp, max_target: int = MAX_TARGET, max_body: int = MAX_BODY) -> None:
        self.app, self.max_target, self.max_body = app, max_target, max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        target = len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"])
        if target > self.max_target:
            detail = f"The address has {target} bytes; at most {self.max_target} are read."
            await problem_response(414, detail)(scope, receive, send)
            return
        if scope["method"] == "POST" and (most := UPLOADS.get(scope["path"])):
            await self.app(scope, _counted(receive, most), send)
            return
        try:
            body = await self._body(receive)
        except ClientDisconnect:
            return
        if body is None:
            detail = f"The body is longer than {self.max_body} bytes."
            await problem_response(413, detail, {"connection": "close"})(scope, receive, send)
            return
        await self.app(scope, _replay(body, receive), send)

    async def _body(self, receive: Receive) -> bytes | None:
        """The whole body, or None where it is too long.

        The rest of a long body is read and dropped, up to a limit: a client that is still sending may miss the answer.

        :raises ClientDisconnect: where the client left before the end
        """
        parts: list[bytes] = []
        length = 0
        while length <= _DRAINED:
            message = await receive()
            if message["type"] != "http.request":
                raise ClientDisconnect
            part = message.get("body", b"")
            length += len(part)
            if length <= self.max_body:
                parts.append(part)
            if not message.get("more_body", False):
                break
        return b"".join(parts) if length <= self.max_body else None


async def whole_body(receive: Receive) -> bytes:
    """A request's body, for what stands behind :class:`SizeLimit`.

    :raises ClientDisconnect: where the client left before the end
    """
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _counted(receive: Receive, most: int) -> Receive:
    """Gives on what comes in.

    :raises HTTPException: 413 where it is more than may come
    """
    length = 0

    async def counted() -> Message:
        nonlocal length
        message = await receive()
        length += len(message.get("body", b""))
        if length > most:
            raise HTTPException(413, f"The body is longer than {most} bytes.", {"connection": "close"})
        return message

    return counted


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


class Buckets:
    """A token bucket a client: ``rate`` requests a second, and ``burst`` at once, or as many as come in one second.

    At most ``clients`` buckets are kept; the one used longest ago goes first.
    """

    def __init__(self, rate: float, clients: int = 10_000, burst: float | None = None) -> None:
        self.rate, self.clients = rate, clients
        self.burst = max(1.0, rate) if burst is None else burst
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str, at: float) -> float:
        """Take one token; 0 where there was one, else the seconds until there is."""
        level, last = self._kept.pop(client, (self.burst, at))
        level = min(self.burst, level + (at - last) * self.rate)
        allowed = level >= 1
        self._kept[client] = (level - 1 if allowed else level, at)
        if len(self._kept) > self.clients:
            self._kept.popitem(last=False)
        return 0.0 if allowed else (1 - level) / self.rate

    def give(self, client: str, tokens: float = 1) -> None:
        """Give tokens back that were taken."""
        if client in self._kept:
            level, last = self._kept[client]
            self._kept[client] = (min(self.burst, level + tokens), last)


class RateLimit:
    """Answers 429 to a client that asks more often than ``rate`` times a second; 0 turns it off."""

    def __init__(self, app: ASGIApp, rate: float) -> None:
        self.app = app
        self.buckets = Buckets(rate) if rate > 0 else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.buckets is not None and scope["type"] == "http" and _limited(scope["path"]):
            client = scope["client"][0] if scope.get("client") else "unknown"
            wait = self.buckets.wait(client, time.monotonic())
            if wait:
                detail = f"More than {self.buckets.rate:g} requests a second came from this address."
                headers = {"retry-after": str(math.ceil(wait))}
                await problem_response(429, detail, headers)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _limited(path: str) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in LIMITED)
