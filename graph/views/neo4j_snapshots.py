"""Reads of which it is known that they saw one snapshot, whole.

Neo4j ends every answer with a bookmark: the newest transaction that was committed by then. A query that was sent with a bookmark waits
until that transaction can be seen. So where the snapshot node was read behind a bookmark and answered with the same one, that bookmark
stands for that snapshot; and a query that was sent with it and answers with it had no commit beside it. Nothing is asked a second time
as long as nobody publishes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import neo4j
import neo4j.exceptions

from graph.views.errors import NotReady
from graph.views.neo4j_connection import Endpoint, open_driver
from graph.views.neo4j_errors import GraphError, GraphUnavailable, QueryInvalid, QueryTimeout, translated, worth_again

T = TypeVar("T")
SNAPSHOT_LABEL = "_Snapshot"
"""Label of the one node that is no part of the graph: it names the snapshot, and its commit is the switch."""
_SNAPSHOT = f"MATCH (s:{SNAPSHOT_LABEL} {{key: 'current'}}) RETURN s.snapshot, s.publish"
_TRIES = 5
"""How often a query is run before it is said that too much is being published."""


@dataclass(frozen=True, slots=True)
class Seen(Generic[T]):
    """What a query gave, and the snapshot that it saw."""

    columns: list[str]
    taken: T
    snapshot: str


@dataclass(frozen=True, slots=True)
class _Known:
    """The bookmark that stands for a snapshot; a publish has another number even where it comes back to earlier content."""

    bookmarks: frozenset[str]
    snapshot: str
    publish: int


class SnapshotReader:
    """Reads over one connection to one server. Not for several threads.

    :param endpoint: where the server is
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._driver = open_driver(endpoint, connections=1)
        self._known: _Known | None = None

    def read(
        self,
        query: str,
        params: Mapping[str, Any],
        seconds: float,
        take: Callable[[Iterator[neo4j.Record]], T],
    ) -> Seen[T]:
        """Ask under READ access, and again where a publish came between.

        :param seconds: after which it is ended, all tries together
        :param take: gets the rows as they arrive and may stop early; it begins anew when the query is run again
        :raises GraphError: as :meth:`graph.views.neo4j_connection.PropertyGraph.read`
        :raises NotReady: where no snapshot is named, as in a first import
        """
        deadline = time.monotonic() + seconds
        lost = False
        for _ in range(_TRIES):
            try:
                if self._known is None:
                    self._known = self._learn(deadline)
                before = self._known
                columns, taken, after = self._ask(query, params, before.bookmarks, deadline, take)
                if after == before.bookmarks:
                    return Seen(columns, taken, before.snapshot)
                self._known = self._learn(deadline)
                if self._known.publish == before.publish:  # some other commit
                    return Seen(columns, taken, before.snapshot)
            except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError) as error:
                self._known = None
                if lost or not worth_again(error):
                    raise translated(error) from error
                lost = True
        raise GraphUnavailable("so much is being published that no answer came from one snapshot; ask again")

    def _learn(self, deadline: float) -> _Known:
        """The snapshot node behind a bookmark that still is the newest when it answers."""
        bookmarks: frozenset[str] = frozenset()
        while True:
            _, rows, after = self._ask(_SNAPSHOT, {}, bookmarks, deadline, list)
            if not after:
                raise GraphError(
                    "the server ends its answers without a bookmark, so none is known to be of one snapshot"
                )
            if after == bookmarks:
                break
            bookmarks = after
        if not rows:
            raise NotReady("nothing is published yet, or the first import is running")
        return _Known(after, str(rows[0][0]), int(rows[0][1]))

    def _ask(
        self,
        query: str,
        params: Mapping[str, Any],
        bookmarks: frozenset[str],
        deadline: float,
        take: Callable[[Iterator[neo4j.Record]], T],
    ) -> tuple[list[str], T, frozenset[str]]:
        left = deadline - time.monotonic()
        if left <= 0:
            raise QueryTimeout("the time was up")
        text: Any = query  # the driver's stubs take literals only, against pasted text; parameters are apart here too
        behind = neo4j.Bookmarks.from_raw_values(bookmarks)
        with self._driver.session(default_access_mode=neo4j.READ_ACCESS, bookmarks=behind) as session:
            try:
                result = session.run(neo4j.Query(text, timeout=left), dict(params))
            except (OverflowError, ValueError, TypeError) as error:
                raise QueryInvalid(f"a parameter has a value that Neo4j does not: {error}") from error
            columns = list(result.keys())
            taken = take(iter(result))
            result.consume()
            return columns, taken, session.last_bookmarks().raw_values

    def close(self) -> None:
        """Close the connection."""
        self._driver.close()
