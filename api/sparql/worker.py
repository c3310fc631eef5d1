"""A worker process: opens one dataset for reading, then answers queries one after the other until it is killed or the service is gone.

Before the first query it gives up what a query could misuse: more memory than it is allowed, and the network. Files it can open: the
engine opens those of a large store when they are needed.
"""

import json
import os
import re
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, Literal

import pyoxigraph as ox

from api.sparql.outlet import Full, Outlet, RowTooLong
from api.sparql.sealing import seal
from api.sparql.wire import Head, Request
from api.workers.wire import END, FAILED, READY, Channel, End, Failure, limit_memory, peak_memory

_STACK = 512 * 1_048_576
"""Bytes of stack for the engine, whose planner calls itself as deep as a query is long; pages are taken when they are used."""
_GRACE = 2.0
"""Seconds after the deadline at which a worker ends itself, should nobody have killed it."""
_COURTESY = 10
"""How much a worker lets the service, which answers everything else, go first."""


def _graphs(iris: list[str] | None) -> Any:
    return None if iris is None else [ox.NamedNode(one) for one in iris]


def _run(store: ox.Store, request: Request, channel: Channel) -> bool:
    """Answer one query; whether the answer was cut."""
    results = store.query(
        request["query"],
        base_iri=request["base"],
        default_graph=_graphs(request["default"]),
        named_graphs=_graphs(request["named"]),
    )
    triples = isinstance(results, ox.QueryTriples)
    form = request["triples_form" if triples else "rows_form"]
    if form is None:
        raise _NoForm
    shape: Any = "triples" if triples else "truth" if isinstance(results, ox.QueryBoolean) else "rows"
    head: Head = {"form": form, "shape": shape, "truncated": None, "length": None}
    outlet = Outlet(channel.send, head, request["rows"], request["bytes"])
    to: Any = outlet
    with suppress(Full):
        if isinstance(results, ox.QueryTriples):
            ox.serialize(_limited(results, request["rows"], outlet), to, getattr(ox.RdfFormat, form))
        else:
            results.serialize(to, getattr(ox.QueryResultsFormat, form))
    outlet.finish()
    return outlet.truncated


def _limited(triples: ox.QueryTriples, most: int, outlet: Outlet) -> Iterator[ox.Triple]:
    for triple in islice(triples, most):
        yield triple
        if outlet.full:
            break
    outlet.truncated = next(triples, None) is not None


class _NoForm(Exception):
    """The client takes no form that such an answer has."""


def _failure(error: BaseException) -> Failure:
    """What the service is told of an error. After a panic of the engine, without memory or without its files a fresh worker goes on."""
    spent = isinstance(error, MemoryError | OSError) or not isinstance(error, Exception)
    failure: Failure = {"kind": "engine", "message": str(error)[:500], "line": None, "column": None, "spent": spent}
    if isinstance(error, SyntaxError):
        failure["kind"] = "syntax"
        failure["message"], failure["line"], failure["column"] = _syntax(error)
    for kind, name in _KINDS.items():
        if isinstance(error, kind):
            failure["kind"] = name
    return failure


_KINDS: dict[type[BaseException], Literal["form", "row", "memory", "store"]] = {
    _NoForm: "form",
    RowTooLong: "row",
    MemoryError: "memory",
    OSError: "store",
}


def _syntax(error: SyntaxError) -> tuple[str, int | None, int | None]:
    """``error at 1:20: expected …`` taken apart: message, line, column. The message's lists of all characters of a name help nobody."""
    text = " ".join(str(error).split())
    found = re.match(r"error at (\d+):(\d+): ", text)
    if found is None:
        return text[:200], None, None
    return text[found.end() :][:200], int(found[1]), int(found[2])


_WARMING: Request = {
    "query": "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 1",
    "base": "http://localhost/",
    "rows_form": "JSON",
    "triples_form": "TURTLE",
    "default": None,
    "named": None,
    "rows": 1,
    "bytes": 1_048_576,
    "seconds": 60.0,
}


class _Silent:
    """A channel that nobody listens to."""

    def send(self, _kind: bytes, _content: bytes | bytearray) -> None: ...


def serve(dataset: str, memory: int, handle: int) -> None:
    """Answer queries from a socket.

    :param dataset: directory of an Oxigraph store that nobody writes to
    :param memory: bytes that queries may take
    """
    channel = Channel(handle)
    store = ox.Store.read_only(dataset)
    _run(store, _WARMING, _Silent())  # type: ignore[arg-type]
    usual = peak_memory()
    limit_memory(memory)
    try:
        seal()
    except OSError as error:  # the guard before the parser stands alone then
        sys.stderr.write(f"a worker can't be kept from the network by the system: {error}\n")
    channel.close(READY, b"")
    while True:
        request: Request = channel.receive()
        signal.setitimer(signal.ITIMER_REAL, request["seconds"] + _GRACE)
        try:
            truncated = _run(store, request, channel)
        except BaseException as error:
            channel.close(FAILED, json.dumps(_failure(error)).encode())
        else:
            end: End = {"truncated": truncated, "spent": peak_memory() - usual > memory // 2}
            channel.close(END, json.dumps(end).encode())
        signal.setitimer(signal.ITIMER_REAL, 0)


def main() -> None:
    """Start from the command line: dataset, bytes of memory. The socket is standard input."""
    dataset, memory = sys.argv[1:3]
    os.nice(_COURTESY)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    threading.stack_size(_STACK)
    thread = threading.Thread(target=serve, args=(dataset, int(memory), 0), daemon=True)
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
