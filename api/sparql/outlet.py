"""What the engine writes an answer into: held for a moment, so that its head can say whether it is cut, then passed on as it comes."""

import json
import time
from collections.abc import Callable
from contextlib import suppress

from api.sparql.cutting import ROWS, TOLD, Rows, say_in_head
from api.sparql.wire import Head
from api.workers.wire import DATA, HEAD

HELD_BYTES = 8 * 1_048_576
HELD_SECONDS = 1.0
"""An answer that is longer, or takes longer from its first bytes on, is passed on before it is complete."""
_LOOK = 65_536
"""Bytes between looks at what was written."""


class Full(Exception):
    """The answer has as many rows or bytes as it may have."""


class RowTooLong(Exception):
    """Not even one row fits."""


class Outlet:
    """Takes what is written, keeps to the limits and sends frames.

    :param send: takes a frame's kind and content
    :param head: what the answer's head says; completed before it is sent
    :param most_rows: rows that are passed on at most; the writer of triples keeps to that itself
    """

    def __init__(
        self, send: Callable[[bytes, bytes | bytearray], None], head: Head, most_rows: int, most_bytes: int
    ) -> None:
        self._send, self._head = send, head
        self._rows: Rows | None = ROWS[head["form"]] if head["shape"] == "rows" else None
        self._told = TOLD[head["form"]]
        self._most_rows = most_rows
        self._rows_left = most_rows + (self._rows.first if self._rows else 0)
        self._most_bytes, self._sent, self._scanned, self._look = most_bytes, 0, 0, _LOOK
        self._held = bytearray()
        self._began: float | None = None
        self._streams = False
        self._cut = False
        self.truncated = False
        """Set by whoever leaves something out."""

    @property
    def full(self) -> bool:
        """Whether what was written is as long as an answer may be."""
        return self._sent + len(self._held) >= self._most_bytes

    def write(self, piece: bytes) -> int:
        """Take a piece of the serialised answer.

        :raises Full: where the limits are reached; call :meth:`finish` then
        :raises RowTooLong: where the bytes of the first row are more than all that is allowed
        """
        if self._cut:
            raise Full  # the engine still empties its buffer
        self._held += piece
        if self._began is None:
            self._began = time.monotonic()
        if len(self._held) >= self._look:
            self._examine()
        return len(piece)

    def flush(self) -> None:
        """Nothing: what is written is passed on when it is time."""

    def _examine(self) -> None:
        assert self._began is not None
        late = len(self._held) >= HELD_BYTES or time.monotonic() - self._began >= HELD_SECONDS
        self._streams = self._streams or (late and self._told is not None)
        if self._rows is not None:
            self._count(self._rows)
        if self._streams:
            self._pass_on()
        self._look = max(_LOOK, 2 * (len(self._held) - self._scanned), len(self._held) + _LOOK)

    def _count(self, rows: Rows) -> None:
        """Look for ends of rows in what came since the last one; cut where the limits say so."""
        # while so few bytes can't be too many rows, nobody needs to count them
        if not self._streams and len(self._held) <= min(self._rows_left * rows.least, self._most_bytes):
            return
        fresh = bytes(memoryview(self._held)[self._scanned :])
        room = self._most_bytes - self._sent - self._scanned
        count, at = rows.cut(fresh[:room] if len(fresh) > room else fresh, self._rows_left)
        self._rows_left -= count
        self._scanned += at
        if self._rows_left == 0 or len(fresh) > room:
            if self._rows_left >= self._most_rows:
                raise RowTooLong
            del self._held[self._scanned :]
            self.truncated = self._cut = True
            raise Full

    def _pass_on(self) -> None:
        """Send what is complete."""
        ready = len(self._held) if self._rows is None else self._scanned
        if ready:
            self._send_head(None, None)
            self._send_data(self._held[:ready])
            del self._held[:ready]
            self._scanned = 0

    def _send_head(self, truncated: bool | None, length: int | None) -> None:
        if self._sent == 0:
            head: Head = {**self._head, "truncated": truncated, "length": length}
            self._send(HEAD, json.dumps(head).encode())

    def _send_data(self, data: bytes | bytearray) -> None:
        self._sent += len(data)
        self._send(DATA, data)

    def finish(self) -> None:
        """Complete the answer: after everything was written, or after :class:`Full`.

        :raises RowTooLong: as :meth:`write`
        """
        if self._rows is not None and not self._cut:
            with suppress(Full):
                self._count(self._rows)
        if self.truncated:
            self._close()
        if self._held or not self._sent:
            self._send_head(self.truncated, len(self._held))
            self._send_data(self._held)

    def _close(self) -> None:
        if self._rows is None or self._sent:
            self._held += self._told or b""
        else:
            self._held += self._rows.tail
            if self._head["form"] == "JSON":
                say_in_head(self._held)
