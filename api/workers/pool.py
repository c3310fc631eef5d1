"""The pool: warm worker processes over one thing to ask, of which any can be killed and is replaced by one that is warm already."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from api.workers.process import Broken, OutOfMemory, Running, Worker

_log = logging.getLogger(__name__)
_IDLE_OTHERS = 30.0
"""Seconds for which a worker over something else than the current is kept without work."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take, and how many may run and wait.

    :param seconds: from a request's receipt to the end of its answer
    :param memory: bytes that a query may take in a worker
    :param rows: rows (or triples), :param bytes: bytes of an answer; what is more is cut off, and said
    :param running: queries at once, :param waiting: queries that wait for their turn
    """

    seconds: float = 20.0
    memory: int = 512 * 1_048_576
    rows: int = 100_000
    bytes: int = 64 * 1_048_576
    running: int = 2
    waiting: int = 64


class Busy(Exception):
    """Too many queries are waiting."""


class Overdue(Exception):
    """The deadline passed; ``began`` says whether the query had its turn."""

    def __init__(self, began: bool) -> None:
        super().__init__(began)
        self.began = began


class Pool:
    """Runs queries in workers, at most ``running`` at once; one more worker stands by, warm.

    :param program: the workers' module, as at :class:`Worker`
    """

    def __init__(self, program: str, limits: Limits) -> None:
        self._program, self.limits = program, limits
        self._idle: list[tuple[float, Worker]] = []
        self._busy: set[Worker] = set()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._starting = 0
        self._free = limits.running
        self._current: str | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def pids(self) -> set[int]:
        """The worker processes that there are."""
        return {worker.pid for worker in (*(one for _, one in self._idle), *self._busy)}

    @asynccontextmanager
    async def run(
        self, subject: str, current: bool, request: Mapping[str, Any], deadline: float
    ) -> AsyncIterator[Running]:
        """Run a query once it is its turn.

        :param subject: what is asked (a directory, an address), :param current: whether that is what most queries will ask
        :param deadline: on the clock of :func:`time.monotonic`; what is done with the answer ends then as well
        :raises Busy: where too many wait
        :raises Overdue: at the deadline
        :raises Broken: where no worker starts, or its worker ended; and what :class:`Running` raises
        """
        began = False
        try:
            async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                await self._turn()
                worker: Worker | None = None
                try:
                    worker = await self._worker(subject, current)
                    began = True
                    await worker.ask({**request, "seconds": max(0.0, deadline - time.monotonic())})
                    yield Running(worker)
                finally:
                    if worker is not None:
                        self._release(worker)
                    self._free += 1
                    self._call_next()
        except TimeoutError:
            raise Overdue(began) from None

    async def _turn(self) -> None:
        if self._free > 0 and not self._waiting:
            self._free -= 1
            return
        if len(self._waiting) >= self.limits.waiting:
            raise Busy
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                with suppress(ValueError):  # whoever called the next one may have passed it over already
                    self._waiting.remove(turn)
            else:  # its turn came at this very moment
                self._free += 1
                self._call_next()
            raise

    def _call_next(self) -> None:
        while self._waiting and self._free > 0:
            turn = self._waiting.popleft()
            if not turn.done():
                self._free -= 1
                turn.set_result(None)

    async def _worker(self, subject: str, current: bool) -> Worker:
        """A worker over a subject: a warm one, or a new one where there is none."""
        if current and subject != self._current:
            self._current = subject
            for _, worker in self._idle:
                self._end(worker)
            self._idle.clear()
        worker = self._take(subject) or await self._start(subject)
        self._busy.add(worker)
        self._fill()
        return worker

    def _take(self, subject: str) -> Worker | None:
        for at in reversed(range(len(self._idle))):
            if self._idle[at][1].subject == subject:
                _, worker = self._idle.pop(at)
                if worker.alive:
                    return worker
                self._end(worker)
        return None

    async def _start(self, subject: str) -> Worker:
        worker = Worker(self._program, subject, self.limits.memory)
        try:
            await worker.ready()
        except BaseException:
            self._end(worker)
            raise
        return worker

    def _release(self, worker: Worker) -> None:
        self._busy.discard(worker)
        if not worker.usable or self._closed:
            self._end(worker)
        else:
            self._idle.append((time.monotonic(), worker))
            if worker.subject != self._current:
                asyncio.get_running_loop().call_later(_IDLE_OTHERS + 1, self._prune)
        self._fill()

    def _prune(self) -> None:
        """End workers over other subjects that had no work for a while."""
        old = time.monotonic() - _IDLE_OTHERS
        for entry in [one for one in self._idle if one[1].subject != self._current and one[0] < old]:
            self._idle.remove(entry)
            self._end(entry[1])

    def _fill(self) -> None:
        """Start workers in the background until there is one more than can run."""
        if self._closed or self._current is None:
            return
        alive = sum(worker.subject == self._current for worker in (*(one for _, one in self._idle), *self._busy))
        for _ in range(self.limits.running + 1 - alive - self._starting):
            self._starting += 1
            self._keep(asyncio.get_running_loop().create_task(self._start_spare(self._current)))

    async def _start_spare(self, subject: str) -> None:
        try:
            worker = await self._start(subject)
        except (Broken, OutOfMemory, OSError) as error:
            _log.warning("no spare worker: %s", error)
            return
        finally:
            self._starting -= 1
        if self._closed or subject != self._current:
            self._end(worker)
        else:
            self._idle.append((time.monotonic(), worker))

    def _end(self, worker: Worker) -> None:
        worker.kill()
        if self._closed:
            worker.bury()
        else:
            self._keep(asyncio.get_running_loop().create_task(asyncio.to_thread(worker.bury)))

    def _keep(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End all workers."""
        self._closed = True
        for worker in (*(one for _, one in self._idle), *self._busy):
            self._end(worker)
        self._idle.clear()
        for task in list(self._tasks):
            await asyncio.wait([task])
