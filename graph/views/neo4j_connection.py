"""Asking and writing the property graph over Bolt, whichever Neo4j it is and wherever it has moved to meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar
from urllib.parse import urlsplit

import neo4j
import neo4j.exceptions

from graph.views.neo4j_errors import (
    BROKEN,
    LOST,
    CommitUnknown,
    GraphError,
    GraphUnavailable,
    NoRoom,
    QueryInvalid,
    QueryRefused,
    QueryStopped,
    QueryTimeout,
    QueryTooLarge,
    translated,
    worth_again,
)
from graph.views.neo4j_jars import JarsError
from graph.views.neo4j_process import Neo4jError, speaks_bolt
from graph.views.neo4j_values import plain

T = TypeVar("T")
_log = logging.getLogger(__name__)
__all__ = [
    "CommitUnknown",
    "Endpoint",
    "EndpointSource",
    "FixedServer",
    "GraphError",
    "GraphUnavailable",
    "NoRoom",
    "PropertyGraph",
    "QueryInvalid",
    "QueryRefused",
    "QueryStopped",
    "QueryTimeout",
    "QueryTooLarge",
    "Row",
]

Row = tuple[Any, ...]
_TOKEN = "ketnoi"  # the key of the transaction's metadata


@dataclass(frozen=True)
class Endpoint:
    """Where a Neo4j is and who asks there."""

    uri: str
    user: str
    password: str

    def __repr__(self) -> str:
        return f"Endpoint({self.uri!r}, {self.user!r})"  # a log must not tell the password


class EndpointSource(Protocol):
    """Whatever knows where the property graph is now: ``OwnNeo4j`` or ``FixedServer``."""

    def endpoint(self, doubted: bool = False) -> Endpoint:
        """Where it is; ``doubted`` after a connection failed."""

    def alive(self) -> bool:
        """Whether something answers there, without waiting long."""

    def has_room(self) -> bool:
        """Whether its disk has room for writing, as far as that is known."""

    def mend(self, endpoint: Endpoint) -> None:
        """Start the database at this endpoint anew, which says of itself that it needs that."""


@dataclass(frozen=True)
class FixedServer:
    """The server that the settings name (KETNOI_NEO4J_URI, _USER, _PASSWORD)."""

    server: Endpoint

    def endpoint(self, doubted: bool = False) -> Endpoint:
        """The same always."""
        return self.server

    def alive(self) -> bool:
        """Whether Bolt answers there; behind TLS, whether something listens."""
        parts = urlsplit(self.server.uri)
        return speaks_bolt(parts.port or 7687, parts.hostname or "localhost", hello="+" not in parts.scheme)

    def has_room(self) -> bool:
        """Unknown, so true."""
        return True

    def mend(self, endpoint: Endpoint) -> None:
        """That is for whoever runs it."""


def open_driver(endpoint: Endpoint, connections: int = 100) -> neo4j.Driver:
    """A driver that never waits for ever, retries nothing by itself and tells nobody of its use."""
    return neo4j.GraphDatabase.driver(
        endpoint.uri,
        auth=(endpoint.user, endpoint.password),
        connection_timeout=5,
        connection_acquisition_timeout=15,
        max_connection_pool_size=connections,
        max_transaction_retry_time=0,
        notifications_min_severity="OFF",
        telemetry_disabled=True,
        user_agent="ketnoi",
    )


def where_it_is(source: EndpointSource, doubted: bool = False, broken: Endpoint | None = None) -> Endpoint:
    """Where a property graph is, started where it has to be.

    Parameters: ``doubted`` after a connection failed; ``broken`` says of itself that it has to be started anew.
    Raises ``GraphUnavailable``.
    """
    try:
        if broken:
            source.mend(broken)
        return source.endpoint(doubted)
    except (Neo4jError, JarsError, OSError) as error:
        raise GraphUnavailable(str(error)) from error


class _Connection:
    """A driver and the number of those who use it: it is closed by the last one after it was retired."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.users = 0
        self.retired = False
        self.driver = open_driver(endpoint)


class PropertyGraph:
    """The property graph over Bolt. Threads share one.

    Parameters: ``source`` tells where it is; it is asked before every query, so a switched store is followed at once.
    """

    def __init__(self, source: EndpointSource) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._current: _Connection | None = None
        self._doubted = False  # a connection was lost since the last answer
        self._broken: Endpoint | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def available(self) -> bool:
        """Whether a Neo4j answers, within about a second; starts nothing."""
        return self._source.alive()

    def read(
        self,
        query: str,
        params: Mapping[str, Any] | None = None,
        timeout: float = 20.0,
        *,
        take: Callable[[Iterator[Row]], list[Row]] = list,
        token: str | None = None,
    ) -> tuple[list[str], list[Row]]:
        """Ask a question under READ access, in a transaction of its own.

        Parameters: ``timeout`` in seconds; ``take`` gets the rows as they arrive and may stop early, say at a limit of
        rows or bytes (it begins again when the connection was lost); ``token`` is a name by which ``stop`` ends the
        query.
        Returns the columns and what ``take`` returned, as plain Python values (see ``plain``).
        Raises ``QueryTimeout``, ``QueryTooLarge``, ``QueryRefused``, ``QueryInvalid``, ``QueryStopped``,
        ``GraphUnavailable``.
        """
        text: Any = query  # the driver's stubs take literals only, against pasted text; parameters are apart here too
        asked = neo4j.Query(text, timeout=timeout, metadata={_TOKEN: token} if token else None)

        def ask(driver: neo4j.Driver) -> tuple[list[str], list[Row]]:
            with driver.session(default_access_mode=neo4j.READ_ACCESS) as session:
                result = session.run(asked, dict(params or {}))
                return list(result.keys()), take(tuple(plain(value) for value in record) for record in result)

        return self._twice(ask)

    def write(self, work: Callable[[neo4j.Transaction], T], timeout: float | None = None) -> T:
        """Run ``work`` in one transaction and commit it; nothing is kept when it raises.

        Parameters: ``work`` may be called a second time, after a connection was lost or a deadlock; ``timeout`` in
        seconds, the server's own when left out. Returns what ``work`` returned.
        Raises ``NoRoom`` on a full disk, ``CommitUnknown`` when the connection is lost in the commit; like ``read``.
        """
        if not self._source.has_room():
            raise NoRoom("The disk is nearly full: make room, then publish again")

        def change(driver: neo4j.Driver) -> T:
            with driver.session(default_access_mode=neo4j.WRITE_ACCESS) as session:
                with session.begin_transaction(timeout=timeout) as transaction:
                    done = work(transaction)
                    try:
                        transaction.commit()
                    except LOST as error:
                        raise CommitUnknown(f"The connection to Neo4j was lost during a commit: {error}") from error
                return done

        return self._twice(change)

    def stop(self, token: str) -> None:
        """End the running queries that were asked with this token. Raises ``GraphUnavailable``."""
        self.read(
            f"SHOW TRANSACTIONS YIELD transactionId AS id, metaData WHERE metaData['{_TOKEN}'] = $token "
            "TERMINATE TRANSACTIONS id YIELD message RETURN message",
            {"token": token},
        )

    def close(self) -> None:
        """Close the connections; the next question opens them again."""
        with self._lock:
            current, self._current = self._current, None
        if current:
            self._retire(current)

    def _twice(self, action: Callable[[neo4j.Driver], T]) -> T:
        """Do something with the driver; once more, perhaps with another server, when that may help."""
        try:
            try:
                return self._once(action)
            except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError) as error:
                if not worth_again(error):
                    raise
                _log.info("Neo4j is asked once more after: %s", error)
            return self._once(action)
        except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError) as error:
            raise translated(error) from error

    def _once(self, action: Callable[[neo4j.Driver], T]) -> T:
        with self._connection() as driver:
            return action(driver)

    @contextmanager
    def _connection(self) -> Iterator[neo4j.Driver]:
        broken, self._broken = self._broken, None
        endpoint = where_it_is(self._source, self._doubted, broken)
        with self._lock:
            self._doubted = False
            old = self._current
            if old is None or old.endpoint != endpoint:
                self._current = _Connection(endpoint)
            else:
                old = None
            connection = self._current
            assert connection is not None
            connection.users += 1
        if old:
            self._retire(old)
        try:
            yield connection.driver
        except (*LOST, CommitUnknown):
            # Other connections of its pool are as dead as this one.
            with self._lock:
                if self._current is connection:
                    self._current, self._doubted = None, True
            self._retire(connection)
            raise
        except neo4j.exceptions.DatabaseError as error:
            if (error.code or "").endswith(BROKEN):
                self._broken = connection.endpoint
            raise
        finally:
            with self._lock:
                connection.users -= 1
            self._close_unused(connection)

    def _retire(self, connection: _Connection) -> None:
        connection.retired = True
        self._close_unused(connection)

    def _close_unused(self, connection: _Connection) -> None:
        with self._lock:
            unused = connection.retired and connection.users == 0
        if unused:
            connection.driver.close()
