"""How a worker and the service talk: frames over a socket, each with its kind and its length before it."""

import json
import os
import resource
import socket
import struct
from pathlib import Path
from typing import Any, TypedDict

HEADER = struct.Struct(">cI")
READY = b"R"
"""The worker takes a question."""
HEAD = b"H"
"""What is known when an answer begins, as JSON."""
DATA = b"D"
"""A part of the answer."""
END = b"E"
"""The answer is complete; :class:`End` as JSON."""
FAILED = b"X"
"""A :class:`Failure` as JSON, in place of an answer or of its end."""

_SMALL = 65_536


class End(TypedDict):
    """``spent``: the worker used so much memory that it should not be asked again."""

    truncated: bool
    spent: bool


class Failure(TypedDict):
    """Why there is no answer, or no more of it; ``line`` and ``column`` where a query can't be read, ``spent`` as at an :class:`End`.

    The kind ``memory`` means the same for every worker; what others there are is between a worker and who asks it.
    """

    kind: str
    message: str
    line: int | None
    column: int | None
    spent: bool


class Channel:
    """The worker's end of the socket."""

    def __init__(self, handle: int) -> None:
        self._socket = socket.socket(fileno=handle)
        self._pending = bytearray()

    def send(self, kind: bytes, content: bytes | bytearray) -> None:
        """Send a frame, small ones together with what follows."""
        self._pending += HEADER.pack(kind, len(content))
        if len(content) <= _SMALL:
            self._pending += content
        if len(self._pending) > _SMALL or len(content) > _SMALL:
            self._flush()
        if len(content) > _SMALL:
            self._socket.sendall(content)

    def close(self, kind: bytes, content: bytes) -> None:
        """Send an answer's last frame."""
        self.send(kind, content)
        self._flush()

    def _flush(self) -> None:
        self._socket.sendall(self._pending)
        self._pending.clear()

    def _exactly(self, length: int) -> bytes:
        parts = bytearray()
        while len(parts) < length:
            part = self._socket.recv(min(length - len(parts), 1_048_576))
            if not part:
                os._exit(0)  # the service is gone
            parts += part
        return bytes(parts)

    def receive(self) -> Any:
        """The next question, whatever the two have agreed on."""
        _, length = HEADER.unpack(self._exactly(HEADER.size))
        return json.loads(self._exactly(length))


def limit_memory(more: int) -> None:
    """Give up all memory but what is in use and ``more`` bytes, for good."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def peak_memory() -> int:
    """The most that this process ever had in use, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
