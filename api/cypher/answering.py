"""What a worker does: it asks Neo4j one query after the other, and holds each answer until it is whole and of one snapshot.

What an answer weighs is not known before it is read: one row may be a list of a billion numbers. So it is read here, where memory ends
before the service's does, and where nobody else waits while it is turned into JSON. To be killed ends the query: Neo4j stops what was
asked over a connection that is gone.
"""

import json
import resource
import signal
from functools import partial

from api.cypher import encoding, typed
from api.cypher.encoding import RowTooLong, Taken
from api.cypher.wire import MARGIN, Head, Reason, Request
from api.workers.wire import DATA, END, FAILED, HEAD, READY, Channel, End, Failure, limit_memory, peak_memory
from graph.views.errors import NotReady
from graph.views.neo4j_connection import Endpoint
from graph.views.neo4j_errors import (
    GraphError,
    GraphUnavailable,
    QueryInvalid,
    QueryRefused,
    QueryStopped,
    QueryTimeout,
    QueryTooLarge,
)
from graph.views.neo4j_snapshots import SnapshotReader

_GRACE = 5
"""Seconds after the deadline at which a worker ends itself, should nobody have killed it."""
_HANDLES = 64


class _Late(Exception):
    """The query got its turn when its time was over."""


_REASONS: tuple[tuple[type[BaseException], Reason], ...] = (
    (_Late, "late"),
    (QueryTimeout, "timeout"),
    (QueryTooLarge, "large"),
    (QueryRefused, "refused"),
    (QueryInvalid, "invalid"),
    (QueryStopped, "stopped"),
    (GraphUnavailable, "unavailable"),
    (NotReady, "unready"),
    (RowTooLong, "row"),
    (MemoryError, "memory"),
    (GraphError, "engine"),
)


class _Readers:
    """The reader over one server, made anew where the password is another."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._known: tuple[Endpoint, SnapshotReader] | None = None

    def get(self, user: str, password: str) -> SnapshotReader:
        endpoint = Endpoint(self._uri, user, password)
        if self._known is None or self._known[0] != endpoint:
            if self._known is not None:
                self._known[1].close()
            self._known = endpoint, SnapshotReader(endpoint)
        return self._known[1]


def _run(reader: SnapshotReader, request: Request, seconds: float) -> tuple[Head, bytes]:
    """Ask, and make the whole answer."""
    if seconds <= 0:
        raise _Late
    shape = encoding.picture if request["form"] == "graph" else encoding.table
    take: partial[Taken] = partial(shape, rows=request["rows"], size=request["bytes"])
    seen = reader.read(request["query"], typed.opened(request["params"]), seconds, take)
    members = list(seen.taken.members)
    if request["form"] == "rows":
        members.insert(0, ("columns", encoding.encode(seen.columns).encode()))
    for name, value in (("truncated", seen.taken.truncated), ("snapshot", seen.snapshot)):
        members.append((name, encoding.encode(value).encode()))
    content = b"{" + b",".join(b'"%s":%s' % (name.encode(), text) for name, text in members) + b"}\n"
    return {"snapshot": seen.snapshot, "truncated": seen.taken.truncated, "length": len(content)}, content


def _failure(error: BaseException) -> Failure:
    kind = next((name for which, name in _REASONS if isinstance(error, which)), "engine")
    spent = not isinstance(error, GraphError | NotReady | RowTooLong | _Late)
    return {"kind": kind, "message": str(error)[:1_000], "line": None, "column": None, "spent": spent}


def serve(uri: str, memory: int) -> None:
    """Answer questions from standard input, a socket.

    :param uri: where Neo4j is
    :param memory: bytes that an answer may take while it is read
    """
    channel, readers, usual = Channel(0), _Readers(uri), peak_memory()
    limit_memory(memory)
    resource.setrlimit(resource.RLIMIT_NOFILE, (_HANDLES, _HANDLES))
    channel.close(READY, b"")
    while True:
        asked = channel.receive()
        signal.alarm(int(asked["seconds"]) + _GRACE)
        try:
            head, content = _run(readers.get(asked["user"], asked["password"]), asked, asked["seconds"] - MARGIN)
        except BaseException as error:
            channel.close(FAILED, json.dumps(_failure(error)).encode())
        else:
            channel.send(HEAD, json.dumps(head).encode())
            channel.send(DATA, content)
            end: End = {"truncated": head["truncated"], "spent": peak_memory() - usual > memory // 2}
            channel.close(END, json.dumps(end).encode())
        signal.alarm(0)
