"""Notices that a client left, and stops what was done for it."""

import asyncio
from collections.abc import Callable

from starlette.types import Receive

_PATIENCE = 0.05
"""Seconds after which it is watched whether the client is still there."""


class Watch:
    """Stops a query whose client left; it begins to look only once a query takes a while."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._task: asyncio.Task[None] | None = None
        self._owner = asyncio.current_task()
        self.leaving: Callable[[], None] | None = None
        self.left = False

    def __enter__(self) -> "Watch":
        self._alarm = asyncio.get_running_loop().call_later(_PATIENCE, self._begin)
        return self

    def __exit__(self, *_: object) -> None:
        self._alarm.cancel()
        if self._task is not None:
            self._task.cancel()

    def _begin(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.left = True
        if self.leaving is not None:
            self.leaving()
        elif self._owner is not None:
            self._owner.cancel()
