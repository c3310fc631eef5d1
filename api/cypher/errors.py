"""Why a visitor's query is not answered; the table of problems says with which status."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a query, counted from one as editors count."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


def place_in(text: str, offset: int) -> Place:
    """Line and column of an offset."""
    before = text[:offset]
    return Place(before.count("\n") + 1, offset - before.rfind("\n"))


class QueryProblem(Exception):
    """Something that a query may not be, and where it is that.

    :param reason: a sentence without its full stop
    :param place: where; none where the whole query is meant
    """

    def __init__(self, reason: str, place: Place | None = None) -> None:
        super().__init__(f"{reason} ({place})." if place else f"{reason}.")
        self.place = place


class NotCypher(QueryProblem):
    """The query is no Cypher that is understood here, or its shape is more than the engine's planner can take."""


class NotAllowed(QueryProblem):
    """The query writes, reaches for what a visitor may not have, or is a command."""


class TooLong(QueryProblem):
    """The query has too many characters."""
