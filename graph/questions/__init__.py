"""Named questions: one file a query, with its parameters; the code never pastes text into a query."""

from functools import cache
from pathlib import Path


@cache
def cypher(name: str) -> str:
    """The text of a named query in Cypher.

    :raises FileNotFoundError: where there is none of that name
    """
    return (Path(__file__).parent / f"{name}.cypher").read_text(encoding="utf-8")
