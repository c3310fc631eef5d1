"""Networks to take away: projections of the graph onto pairs of nodes, weighted, by year.

A projection is three files in ``projections/``, as a question is: title and definition, and the query in both languages, whose rows
are source, target, year (None where no day is on record) and weight.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from graph.questions.named import AS_OF
from graph.questions.twins import Language, Reading, ask_cypher, ask_sparql, literal, sparql_as_run, values

DEADLINE = 120.0
"""Seconds that a projection may take: it goes through every contract there is."""
_DIRECTORY = Path(__file__).parent / "projections"


@dataclass(frozen=True, slots=True)
class Projection:
    """A projection as its files say it. ``source`` and ``target`` are the classes of the two ends, ``order`` its place in the list."""

    name: str
    order: int
    directed: bool
    source: str
    target: str
    title: Mapping[str, str]
    definition: Mapping[str, str]
    cypher: str
    sparql: str


@cache
def projections() -> Mapping[str, Projection]:
    """All projections by name, in their order."""
    found = [_read(path) for path in _DIRECTORY.glob("*.toml")]
    return MappingProxyType({one.name: one for one in sorted(found, key=lambda one: one.order)})


def _read(path: Path) -> Projection:
    said: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    cypher, sparql = (path.with_suffix(suffix).read_text(encoding="utf-8") for suffix in (".cypher", ".rq"))
    return Projection(name=path.stem, cypher=cypher, sparql=sparql, **said)


@dataclass(frozen=True, slots=True, order=True)
class Tie:
    """That two nodes are tied in a year, and how often."""

    source: str
    target: str
    year: int | None
    weight: int


@dataclass(frozen=True, slots=True)
class YearCount:
    """How much a network holds of a year: ties, their weight, and the nodes at either end."""

    year: int | None
    ties: int
    weight: int
    sources: int
    targets: int


@dataclass(frozen=True, slots=True)
class Network:
    """A projection of one snapshot. Ties are sorted, so that the same content gives the same bytes."""

    projection: Projection
    ties: tuple[Tie, ...]

    def between(self, since: int | None, until: int | None) -> "Network":
        """Only the years from one to another, both included; ties without a year stay where neither is given."""
        if since is None and until is None:
            return self
        kept = (
            tie
            for tie in self.ties
            if tie.year is not None and (since is None or tie.year >= since) and (until is None or tie.year <= until)
        )
        return replace(self, ties=tuple(kept))

    def nodes(self) -> list[str]:
        """The nodes at either end, sorted."""
        return sorted({node for tie in self.ties for node in (tie.source, tie.target)})

    def years(self) -> list[YearCount]:
        """Counts by year, the undated last."""
        weights: Counter[int | None] = Counter()
        ends: dict[int | None, tuple[list[str], list[str]]] = {}
        for tie in self.ties:
            weights[tie.year] += tie.weight
            sources, targets = ends.setdefault(tie.year, ([], []))
            sources.append(tie.source)
            targets.append(tie.target)
        return [
            YearCount(year, len(ends[year][0]), weights[year], len(set(ends[year][0])), len(set(ends[year][1])))
            for year in sorted(ends, key=lambda year: (year is None, year))
        ]


def network_of(projection: Projection, rows: Iterable[Mapping[str, Any]]) -> Network:
    """The network that the rows of either query say."""
    ties = (Tie(row["source"], row["target"], row["year"], row["weight"]) for row in rows)
    return Network(projection, tuple(sorted(ties, key=_place)))


def read_network(reading: Reading, projection: Projection, as_of: date, on: Language = "cypher") -> Network:
    """The network in one snapshot, of what had happened by a day.

    :param on: the language that is asked; the network is the same
    :raises graph.views.neo4j_errors.GraphError: where an engine does not answer, or not in time
    :raises QuestionError: where there are too many ties
    """
    if on == "cypher":
        return network_of(projection, ask_cypher(reading.graph, projection.cypher, {AS_OF: as_of}, DEADLINE))
    sparql = sparql_as_run(projection.sparql, {AS_OF: values(AS_OF, [literal(as_of)])})
    return network_of(projection, ask_sparql(reading.store, sparql, DEADLINE))


def _place(tie: Tie) -> tuple[str, str, bool, int]:
    return tie.source, tie.target, tie.year is None, tie.year or 0
