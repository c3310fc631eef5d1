"""What a visitor's query may not be, found before any parser sees it: too deep, an update, or one that reaches other hosts.

The parser of pyoxigraph 0.5.13 dies of deep nesting, and ``SERVICE`` opens connections. A worker that runs a query has no handle left to
open one with, so this is the first wall of two, and the one that says what is wrong and where.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from api.sparql.lexer import Token, Unclear, tokens

MAX_DEPTH = 100
"""Brackets of all kinds, or prefix operators, one inside the other."""
_UPDATES = frozenset(("INSERT", "DELETE", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"))
_PROLOGUE = frozenset(("PREFIX", "BASE", "VERSION"))
_PREFIX_OPERATORS = frozenset("!^+-")
_SUSPECT = re.compile("|".join(("SERVICE", "LOAD", *sorted(_UPDATES))), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column, both from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


class Refused(Exception):
    """A query that is not run.

    :param status: the HTTP status that says so
    :param place: where in the query
    """

    def __init__(self, status: int, message: str, place: Place) -> None:
        super().__init__(f"{message} ({place})")
        self.status, self.message, self.place = status, message, place


def place(query: str, at: int) -> Place:
    """Line and column of a character."""
    return Place(query.count("\n", 0, at) + 1, at - query.rfind("\n", 0, at))


def check(query: str) -> None:
    """Let a query pass, or say why not.

    :raises Refused: 403 for ``SERVICE`` and ``LOAD``; 400 for other updates, for nesting deeper than ``MAX_DEPTH``, and for what is unclear
    """
    if _SUSPECT.search(query) is None and sum(map(query.count, "{([<!^+-")) <= MAX_DEPTH:
        return  # most queries: nothing that is looked for below can be in them
    try:
        _check(query, tokens(query))
    except Unclear as unclear:
        raise Refused(400, str(unclear), place(query, unclear.at)) from None


def _check(query: str, found: Iterable[Token]) -> None:
    depth = operators = 0
    began = False
    before: Token | None = None
    suspect: Token | None = None
    for token in found:
        if token.kind == "open":
            depth += 1
            if suspect is not None and token.text == "{":
                raise _service(query, suspect)
        elif token.kind == "close":
            depth = max(0, depth - 1)
        elif token.kind == "word":
            began = began or _first_word(query, token)
            if token.text.upper().endswith("SERVICE"):
                raise _service(query, token)
        operators = operators + 1 if token.kind == "sign" and token.text in _PREFIX_OPERATORS else 0
        if max(depth, operators) > MAX_DEPTH:
            raise Refused(400, f"The query is nested deeper than {MAX_DEPTH}.", place(query, token.at))
        suspect = token if _may_call(token, before) else None
        before = token


def _service(query: str, token: Token) -> Refused:
    return Refused(403, "SERVICE is not allowed: queries reach no other host.", place(query, token.at))


def _may_call(token: Token, before: Token | None) -> bool:
    """Whether a prefixed name is ``SERVICE`` and a name for the engine, should a group follow; ``GRAPH service:x {`` is none."""
    if token.kind != "name" or not token.text.partition(":")[0].upper().endswith("SERVICE"):
        return False
    return before is None or before.kind != "word" or before.text.upper() != "GRAPH"


def _first_word(query: str, token: Token) -> bool:
    """Whether the query begins here, after its prologue.

    :raises Refused: where what begins is an update
    """
    word = token.text.upper()
    if word == "LOAD":
        raise Refused(
            403, "LOAD is not allowed: nothing is fetched and nothing is changed here.", place(query, token.at)
        )
    if word in _UPDATES:
        raise Refused(400, f"{word} is an update; only queries are answered here.", place(query, token.at))
    return word not in _PROLOGUE
