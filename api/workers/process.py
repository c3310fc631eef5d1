"""One worker process from this side: it is started, asked, read no faster than the client takes, and killed."""

import asyncio
import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from api.workers.wire import DATA, END, FAILED, HEAD, HEADER, READY, End, Failure

_log = logging.getLogger(__name__)
_ROOT = str(Path(__file__).parents[2])
_START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from importlib import import_module; import_module(sys.argv.pop(1)).main()"
_READ = 262_144
_STARTED_WITHIN = 30.0
"""Seconds after which a worker that does not say that it is ready is given up."""


class OutOfMemory(Exception):
    """The query asked for more memory than it may have."""


class Broken(Exception):
    """The worker ended, or the engine failed; the message says why, where that is known."""


class Failed(Exception):
    """The engine did not answer the query; why not."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure["message"])
        self.failure = failure


class Worker:
    """One process over one thing to ask, from this side.

    :param program: module whose ``main`` it runs, with the subject and the bytes of memory as arguments
    """

    def __init__(self, program: str, subject: str, memory: int) -> None:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        with theirs:
            self._process: subprocess.Popen[bytes] = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, _ROOT, program, subject, str(memory)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=kept,
            )
        self.subject, self._socket = subject, ours
        self._read = bytearray()
        self.usable = True
        self.killed = False

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    async def ask(self, request: Mapping[str, Any]) -> None:
        content = json.dumps(request).encode()
        loop = asyncio.get_running_loop()
        self.usable = False  # until the answer's end was read
        try:
            await loop.sock_sendall(self._socket, HEADER.pack(b"Q", len(content)) + content)
        except OSError:
            raise self._death() from None

    async def ready(self) -> None:
        """Wait until it takes questions.

        :raises Broken: where it does not start
        """
        try:
            async with asyncio.timeout(_STARTED_WITHIN):
                kind, _ = await self.frame()
        except TimeoutError:
            raise Broken("a worker does not start") from None
        if kind != READY:
            raise Broken("a worker does not start")

    async def _more(self) -> None:
        try:
            part = await asyncio.get_running_loop().sock_recv(self._socket, _READ)
        except OSError:
            part = b""
        if not part:
            raise self._death()
        self._read += part

    async def header(self) -> tuple[bytes, int]:
        """The next frame's kind and length."""
        while len(self._read) < HEADER.size:
            await self._more()
        kind, length = HEADER.unpack_from(self._read)
        del self._read[: HEADER.size]
        return kind, length

    async def content(self, length: int) -> bytes:
        """A frame's content, whole."""
        while len(self._read) < length:
            await self._more()
        content = bytes(self._read[:length])
        del self._read[:length]
        return content

    async def parts(self, length: int) -> AsyncIterator[bytes]:
        """A frame's content in parts, read no faster than they are taken."""
        while length:
            if not self._read:
                await self._more()
            part = bytes(self._read[:length])
            del self._read[: len(part)]
            length -= len(part)
            yield part

    async def frame(self) -> tuple[bytes, bytes]:
        kind, length = await self.header()
        return kind, await self.content(length)

    def _death(self) -> Exception:
        """Why the process is gone."""
        if self.killed:
            return Broken("killed")
        assert self._process.stderr is not None
        self.kill()
        os.set_blocking(self._process.stderr.fileno(), False)
        said = self._process.stderr.read() or b""
        if b"memory allocation of" in said or b"MemoryError" in said:
            return OutOfMemory()
        _log.warning("a worker ended: %s", said.decode("utf-8", "replace")[-500:])
        return Broken("the worker that ran it ended")

    def kill(self) -> None:
        """End the process, whatever it does; its memory and its processor time are free at once."""
        if not self.killed:
            self.killed, self.usable = True, False
            self._process.kill()

    def bury(self) -> None:
        """Release what the killed process leaves. This may wait for the kernel."""
        self._process.wait()
        self._socket.close()
        if self._process.stderr is not None:
            self._process.stderr.close()


class Running:
    """A query that a worker answers."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def head(self) -> Any:
        """What is known when the answer begins.

        :raises Failed: where the engine does not answer
        :raises OutOfMemory: where it took too much memory
        :raises Broken: where the worker ended
        """
        kind, content = await self._worker.frame()
        if kind == FAILED:
            raise self._failed(content)
        assert kind == HEAD
        return json.loads(content)

    async def parts(self) -> AsyncIterator[bytes]:
        """The answer, as it comes; raises as :meth:`head`."""
        while True:
            kind, length = await self._worker.header()
            if kind == DATA:
                async for part in self._worker.parts(length):
                    yield part
                continue
            content = await self._worker.content(length)
            if kind == FAILED:
                raise self._failed(content)
            assert kind == END
            end: End = json.loads(content)
            self._worker.usable = not end["spent"]
            return

    def _failed(self, content: bytes) -> Exception:
        failure: Failure = json.loads(content)
        self._worker.usable = not failure["spent"]
        return OutOfMemory() if failure["kind"] == "memory" else Failed(failure)

    def kill(self) -> None:
        """Stop the query."""
        self._worker.kill()
