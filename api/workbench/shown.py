"""What the workbench shows of a query and its answer, whichever language was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from api.limits import MAX_TARGET
from api.problems import Problem
from graph.questions.twins import Language

PAGE = "/workbench"
ROWS = 500
"""Rows that the page shows."""
BYTES = 1_048_576
"""Bytes of an answer that the page shows."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a table: ``href`` leads to a page of ours or, where it is ``away``, to another host; ``note`` stands behind it."""

    text: str = ""
    href: str | None = None
    away: bool = False
    note: str = ""
    code: bool = False
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. ``rows`` are those of a table, ``truth`` is that of ASK, ``text`` are triples as Turtle; one of them is there.

    :param picture: nodes and lines as :func:`api.workbench.pictures.picture` gives them
    """

    snapshot: str
    truncated: bool
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Value]] | None = None
    truth: bool | None = None
    text: str | None = None
    picture: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A query in its editor, and what came of it.

    :param params: of Cypher, as JSON
    :param kept: what the address says besides (a snapshot, graphs), which a link keeps
    :param example: name of the example that fills the editor, :param computed: what is computed outside its query
    """

    on: Language
    query: str
    params: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    answer: Answer | None = None
    problem: Problem | None = None
    example: str = ""
    computed: str = ""

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What the address of this query says."""
        params = [("params", self.params)] if self.params else []
        return [("on", self.on), ("query", self.query), *params, *self.kept]

    def address(self, path: str = PAGE) -> str | None:
        """The address of this query; ``None`` where it would be longer than the service reads."""
        address = f"{path}?{urlencode(self.fields)}"
        return address if len(address) <= MAX_TARGET else None
