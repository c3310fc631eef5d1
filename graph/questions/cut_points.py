"""How many pairs of supply and demand each cut point of a network holds together, all of them in one walk.

The blocks and articulation points of a component form a tree (Harary & Prins 1966). Taking an articulation point away leaves one part
for each block that hangs on it and one for the rest, so sums over subtrees count the pairs of each part; blocks are found by networkx
(Hopcroft & Tarjan 1973).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import networkx as nx

Place = tuple[str, Any]
"""A block by its number, or a cut point by its name."""


@dataclass(frozen=True, slots=True)
class Sums:
    """How many suppliers and bodies in need a part has, and how many are both."""

    supply: int = 0
    demand: int = 0
    both: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.supply + other.supply, self.demand + other.demand, self.both + other.both)

    def __sub__(self, other: "Sums") -> "Sums":
        return Sums(self.supply - other.supply, self.demand - other.demand, self.both - other.both)

    @property
    def pairs(self) -> int:
        """Pairs of a supplier and another body in need."""
        return self.supply * self.demand - self.both


def pairs_cut(network: "nx.Graph[Any]", supply: set[Any], demand: set[Any]) -> dict[Any, int]:
    """The pairs that are no longer connected without each cut point, its own pairs left out; only those that cut some."""

    def own(node: Any) -> Sums:
        return Sums(int(node in supply), int(node in demand), int(node in supply and node in demand))

    blocks = [frozenset(block) for block in nx.biconnected_components(network)]
    cuts = set(nx.articulation_points(network))
    beside: dict[Place, list[Place]] = defaultdict(list)
    weight: dict[Place, Sums] = {}
    for number, block in enumerate(blocks):
        here: Place = ("block", number)
        weight[here] = sum((own(node) for node in block - cuts), Sums())
        for node in block & cuts:
            beside[here].append(("cut", node))
            beside["cut", node].append(here)
            weight["cut", node] = own(node)
    found: dict[Any, int] = {}
    seen: set[Place] = set()
    for start in list(weight):
        if start not in seen:
            found.update(_in_tree(start, beside, weight, seen))
    return {node: cut for node, cut in found.items() if cut}


def _in_tree(
    start: Place, beside: dict[Place, list[Place]], weight: dict[Place, Sums], seen: set[Place]
) -> Iterator[tuple[Any, int]]:
    """The pairs that the cut points of one component hold together."""
    above: dict[Place, Place | None] = {start: None}
    order = [start]
    for place in order:
        for other in beside[place]:
            if other not in above:
                above[other] = place
                order.append(other)
    seen.update(order)
    below = {place: weight[place] for place in order}
    for place in reversed(order):
        parent = above[place]
        if parent is not None:
            below[parent] = below[parent] + below[place]
    whole = below[start]
    for place in order:
        if place[0] == "cut":
            parts = [below[other] for other in beside[place] if other != above[place]]
            rest = whole - below[place]
            yield place[1], (whole - weight[place]).pairs - rest.pairs - sum(part.pairs for part in parts)
