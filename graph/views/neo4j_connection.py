"""Asking and writing the property graph over Bolt, whichever Neo4j it is and wherever it has moved to meanwhile."""

from __future__ import annotations

import datetime
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import neo4j
import neo4j.exceptions
import neo4j.graph
import neo4j.spatial
import neo4j.time

T = TypeVar("T")
_log = logging.getLogger(__name__)
# The server ends a query at its time-out; what it does not end (a dead thread, a stopped process) we leave this much later.
_SLACK = 3.0


class GraphError(Exception):
    """The property graph did not do what it was asked."""


class GraphUnavailable(GraphError):
    """There is no Neo4j that answers. Asking again later may help."""


class CommitUnknown(GraphUnavailable):
    """The connection was lost while a transaction was committed: look whether it was."""


class QueryTimeout(GraphError):
    """The query was ended at its deadline."""


class QueryTooLarge(GraphError):
    """The query was ended at the limit of its memory."""


class QueryRefused(GraphError):
    """The query writes, or reaches for what a reader may not have."""


class QueryInvalid(GraphError):
    """The query is no Cypher, or does not fit its parameters."""


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


@dataclass(frozen=True)
class FixedServer:
    """The server that the settings name (KETNOI_NEO4J_URI, _USER, _PASSWORD)."""

    server: Endpoint

    def endpoint(self, doubted: bool = False) -> Endpoint:
        """The same always."""
        return self.server


class _Connection:
    """A driver and the number of those who use it: it is closed by the last one after it was retired."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.users = 0
        self.retired = False
        self.driver = neo4j.GraphDatabase.driver(
            endpoint.uri,
            auth=(endpoint.user, endpoint.password),
            connection_timeout=5,
            connection_acquisition_timeout=15,
            max_transaction_retry_time=0,
            notifications_min_severity="OFF",
            telemetry_disabled=True,
            user_agent="ketnoi",
        )
