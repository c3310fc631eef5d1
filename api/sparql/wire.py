"""How a worker and the service talk: frames over a socket, each with its kind and its length before it."""

import struct
from typing import Literal, TypedDict

HEADER = struct.Struct(">cI")
READY = b"R"
"""The worker takes a question."""
HEAD = b"H"
"""An :class:`Head` as JSON."""
DATA = b"D"
"""A part of the answer."""
END = b"E"
"""The answer is complete; :class:`End` as JSON."""
FAILED = b"X"
"""A :class:`Failure` as JSON, in place of an answer or of its end."""


class Request(TypedDict):
    """A question to a worker.

    ``forms``: the engine's names of the forms that the client takes, for rows and for triples, ``None`` where it takes none.
    ``default`` and ``named``: IRIs of the graphs that stand in place of the query's own dataset, or ``None``.
    """

    query: str
    base: str
    rows_form: str | None
    triples_form: str | None
    default: list[str] | None
    named: list[str] | None
    rows: int
    bytes: int
    seconds: float


class Head(TypedDict):
    """What is known when an answer begins. ``truncated`` and ``length`` are ``None`` where they are known at its end only."""

    form: str
    shape: Literal["rows", "truth", "triples"]
    truncated: bool | None
    length: int | None


class End(TypedDict):
    """``spent``: the worker used so much memory that it should not be asked again."""

    truncated: bool
    spent: bool


class Failure(TypedDict):
    """Why there is no answer, or no more of it.

    ``kind``: the query can't be read; the client takes no form of such an answer; too much memory; the engine does not know how; one row
    is longer than an answer may be; the dataset can't be read. ``line`` and ``column`` where a query can't be read, ``spent`` as at an :class:`End`."""

    kind: Literal["syntax", "form", "memory", "engine", "row", "store"]
    message: str
    line: int | None
    column: int | None
    spent: bool
