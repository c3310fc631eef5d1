"""Pairs for the review queue: what a pair is, and how much hangs on it.

The ground that it is made on are the statements that a published snapshot counts, with the entity of each mention.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import log2
from typing import Any

import duckdb
import pyarrow as pa

from graph.resolve.difference import attach_entities
from graph.resolve.snapshots import Snapshot, directory
from graph.statements.home import Home
from graph.statements.loads import loads, open_statements
from ontology.statement import DIFFERENT_FROM, SAME_AS

LEAST = 0.3
"""Probability below which two nodes are left apart without asking anybody."""
_RECORDS = 3
"""Source records of a side whose facts are shown."""
_LINKS = f"('{SAME_AS}', '{DIFFERENT_FROM}')"
_COUNTED = f"""
    SELECT subject, count(*) FROM (
        SELECT subject FROM said WHERE property NOT IN {_LINKS} UNION ALL SELECT object FROM said WHERE property NOT IN {_LINKS}
    ) s(subject) GROUP BY subject
"""
"""How many statements speak of a mention, from it or to it."""
_LAST_SAID = "SELECT subject, arg_max(record, load) FROM said WHERE property = 'type' GROUP BY subject"
"""The record that speaks of a mention."""

Weights = tuple[tuple[str, float], ...]
"""(comparison, log-odds), the strongest first; the catalogue has words for each comparison under ``compare.``."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two that may be one body: how many ``statements`` speak of it, from it or to it, and some of its source ``records``."""

    statements: int
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two that may be one body: ``later`` would be taken into ``earlier``, or was, where they are ``joined``.

    Two that stand apart are nodes; of two that are joined by a weak link these are the mentions that it joins. ``value`` orders the
    queue: how uncertain the pair is, times how much hangs on the lesser side. ``reasons`` are the comparisons that spoke for it and
    against it; where the linker followed a rule there are none, and ``written`` says the rule.
    """

    later: str
    earlier: str
    joined: bool
    probability: float
    value: float
    reasons: Weights
    written: str
    sides: tuple[Side, Side]


@dataclass(frozen=True, slots=True)
class Found:
    """A pair before it is weighed, with the mentions of its two sides; those to show come first."""

    later: str
    earlier: str
    joined: bool
    probability: float
    reasons: Weights
    written: str
    mentions: tuple[tuple[str, ...], tuple[str, ...]]


def in_order(weights: Iterable[tuple[str, float]]) -> Weights:
    """Comparisons, those that say most, for or against, first."""
    return tuple((name, round(value, 2)) for name, value in sorted(weights, key=lambda pair: -abs(pair[1])))


def value_of(probability: float, statements: int) -> float:
    """What a decision is worth: uncertain pairs before sure ones, those on which much hangs before those on which little does.

    :param statements: of the lesser side
    """
    return probability * (1.1 - probability) * log2(2 + statements)


class Ground:
    """What the queue of a snapshot is made of.

    :param con: over the statements of the loads that count in it, with the table ``entities(subject, entity)``
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    @classmethod
    def of(cls, home: Home, snapshot: Snapshot) -> "Ground":
        """That of a published snapshot."""
        counted = {*snapshot.loads}
        con = open_statements(home, [load for load in loads(home) if load.number in counted])
        attach_entities(con, directory(home, snapshot.number), "entities")
        return cls(con)

    def close(self) -> None:
        self.con.close()

    @cached_property
    def entity(self) -> Mapping[str, str]:
        """Mention → its entity."""
        return dict(self.con.execute("SELECT subject, entity FROM entities").fetchall())

    def weighed(self, found: Iterable[Found]) -> list[Pair]:
        """Pairs with what hangs on them, the most valuable first; where nothing is said of a side any more, nothing hangs on it."""
        listed = self._whole([*found])
        wanted = {mention for one in listed for side in one.mentions for mention in side}
        statements = dict(self._of(wanted, _COUNTED))
        shown = {mention for one in listed for side in one.mentions for mention in side[:_RECORDS]}
        records = dict(self._of(shown, _LAST_SAID))
        pairs = [self._pair(one, statements, records) for one in listed]
        pairs = [one for one in pairs if all(side.statements for side in one.sides)]
        return sorted(pairs, key=lambda one: (-one.value, one.later, one.earlier))

    def _whole(self, found: list[Found]) -> list[Found]:
        """Nodes that stand apart with all their mentions, the one that was founded first as the earlier."""
        nodes = {node for one in found if not one.joined for node in (one.later, one.earlier)}
        members = self._members(nodes)
        rank = dict(self._of(nodes, "SELECT subject, rank FROM founded"))
        whole = []
        for one in found:
            if not one.joined:
                sides = [
                    (node, tuple(dict.fromkeys((*shown, *members.get(node, ())))))
                    for node, shown in zip((one.later, one.earlier), one.mentions, strict=True)
                ]
                earlier, later = sorted(sides, key=lambda side: (rank.get(side[0], 0), side[0]))
                one = replace(one, later=later[0], earlier=earlier[0], mentions=(later[1], earlier[1]))
            whole.append(one)
        return whole

    def _pair(self, one: Found, statements: Mapping[str, int], records: Mapping[str, str]) -> Pair:
        later, earlier = (
            Side(
                sum(statements.get(mention, 0) for mention in side),
                tuple(dict.fromkeys(records[mention] for mention in side[:_RECORDS] if mention in records)),
            )
            for side in one.mentions
        )
        value = value_of(one.probability, min(later.statements, earlier.statements))
        return Pair(
            one.later, one.earlier, one.joined, round(one.probability, 4), round(value, 4), one.reasons, one.written,
            (later, earlier),
        )  # fmt: skip

    def _members(self, entities: set[str]) -> dict[str, list[str]]:
        """Entity → its mentions, the one whose id it has first."""
        members: dict[str, list[str]] = defaultdict(list)
        for subject, entity in sorted(self.entity.items()):
            if entity in entities:
                members[entity].append(subject)
        return {entity: sorted(several, key=lambda one: one != entity) for entity, several in members.items()}

    def _of(self, subjects: set[str], query: str) -> Iterator[tuple[Any, ...]]:
        """Rows of a query for some of its subjects."""
        self.con.register("wanted_here", pa.table({"wanted": pa.array(sorted(subjects), pa.string())}))
        yield from self.con.execute(
            f"SELECT * FROM ({query}) WHERE subject IN (SELECT wanted FROM wanted_here)"
        ).fetchall()
        self.con.unregister("wanted_here")
