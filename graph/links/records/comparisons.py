"""What records are compared by: comparisons of ordered levels, each a condition over two records and a reason for people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import Any


@dataclass(frozen=True, slots=True)
class Level:
    """One outcome of a comparison. ``condition`` is SQL over columns that end in ``_l`` and ``_r``; the last level's is ``ELSE``."""

    condition: str
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Levels tried in order; ``unknown`` is the condition under which nothing can be said."""

    name: str
    unknown: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Which pairs are compared at all: those equal in ``columns``; where given, only those that share an item of the list ``sharing``,
    or of which ``where`` is true (SQL over ``l`` and ``r``)."""

    columns: tuple[str, ...]
    sharing: str | None = None
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of bodies: its table of records, its comparisons, and its blocks.

    ``never`` is SQL over two rows ``l`` and ``r`` that is true where they can't be one body, whatever else is alike. ``learned_in`` is
    a column: the model is learned from pairs that are equal in it, and these hold all that the blocks give; without it the model is
    learned from the pairs of ``learned_by``, or from the blocks' own.
    """

    name: str
    table: str
    comparisons: tuple[Comparison, ...]
    blocks: tuple[Block, ...]
    never: str
    learned_in: str | None
    learned_by: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned of a kind: the share of pairs that are one body, and by comparison for each level how probable it is among
    pairs of one body (``m``) and of two (``u``)."""

    prior: float
    m: dict[str, list[float]]
    u: dict[str, list[float]]


def splink_comparisons(kind: Kind, learned: Learned) -> list[dict[str, Any]]:
    """The comparisons in Splink's form, with what was learned."""
    return [
        {
            "output_column_name": comparison.name,
            "comparison_levels": [
                {"sql_condition": comparison.unknown, "label_for_charts": "unknown", "is_null_level": True},
                *(
                    {
                        "sql_condition": level.condition,
                        "label_for_charts": level.reason or level.condition,
                        "m_probability": m,
                        "u_probability": u,
                    }
                    for level, m, u in zip(
                        comparison.levels, learned.m[comparison.name], learned.u[comparison.name], strict=True
                    )
                ),
            ],
        }
        for comparison in kind.comparisons
    ]


def shared(column: str, least: int = 1) -> str:
    """Whether two lists share as many items, as SQL. To ask for one is several times cheaper, so that is asked first."""
    one = f"list_has_any({column}_l, {column}_r)"
    return one if least == 1 else f"({one} AND len(list_intersect({column}_l, {column}_r)) >= {least})"


def either_empty(column: str) -> str:
    """Whether one of two lists has nothing, as SQL."""
    return f"(len({column}_l) = 0 OR len({column}_r) = 0)"


def reasons(kind: Kind, outcomes: Sequence[int]) -> list[str]:
    """What spoke for a pair, by the number of each comparison's level; a negative one is unknown."""
    return [
        comparison.levels[outcome].reason
        for comparison, outcome in zip(kind.comparisons, outcomes, strict=True)
        if outcome >= 0 and comparison.levels[outcome].reason
    ]


def weights(kind: Kind, learned: Learned, outcomes: Sequence[int]) -> Iterator[tuple[str, int, float]]:
    """What each comparison says of a pair: its name, the level that came out, and that level's log-odds. What is unknown says nothing."""
    for comparison, outcome in zip(kind.comparisons, outcomes, strict=True):
        if outcome >= 0:
            odds = log(learned.m[comparison.name][outcome] / learned.u[comparison.name][outcome])
            yield comparison.name, outcome, odds
