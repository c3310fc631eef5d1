"""What a worker for Cypher is asked, and what it says before its answer; the frames are those of :mod:`api.workers.wire`."""

from typing import Any, Literal, TypedDict

Form = Literal["rows", "graph"]

MARGIN = 1.5
"""Seconds from the deadline that the engine is given until its worker is killed; it looks at its clock once a second."""


class Request(TypedDict):
    """A question to a worker, which the guard has passed. ``seconds`` are added by the pool."""

    user: str
    password: str
    query: str
    params: dict[str, Any]
    form: Form
    rows: int
    bytes: int


class Head(TypedDict):
    """Of an answer that is whole: the snapshot that it is of, whether it was cut, and its length in bytes."""

    snapshot: str
    truncated: bool
    length: int


Reason = Literal[
    "timeout", "large", "refused", "invalid", "stopped", "unavailable", "unready", "row", "memory", "engine"
]
"""Kinds of :class:`api.workers.wire.Failure`."""
