"""What a SPARQL worker is asked, and what it says before its answer."""

from typing import Literal, TypedDict


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
