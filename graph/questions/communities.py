"""Communities of a network, and the part of it that a picture can show: its heaviest nodes with the heaviest ties between them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest

from graph.questions.louvain import louvain
from graph.questions.networks import Network, Tie, YearCount

DRAWN_NODES, DRAWN_TIES = 600, 1_500
"""What a picture shows at most: more is neither read nor dragged smoothly."""
ANALYSED = 5_000
"""Pairs of a network in which communities are looked for; of larger ones in the part that is drawn, so that a page does not wait."""
HEAVIEST = 20
"""Ties that are named; files hold all."""

Pairs = dict[tuple[str, str], int]
"""Pairs of nodes, the lesser id first, with the weight of all years."""


@dataclass(frozen=True, slots=True)
class Community:
    """Nodes that are tied more to each other than to the rest, the heaviest first; ``inside`` is the weight of the ties within."""

    number: int
    nodes: tuple[str, ...]
    inside: int


@dataclass(frozen=True, slots=True)
class Divided:
    """A network and its communities, the largest first.

    ``weights`` are those of nodes, over all their ties. ``modularity`` says how much the division is better than chance. ``whole`` says
    that all of the network was looked at, and ``drawn`` holds what a picture shows.
    """

    communities: tuple[Community, ...]
    weights: dict[str, int]
    modularity: float
    whole: bool
    drawn: Pairs
    drawn_nodes: tuple[str, ...]

    def community_of(self) -> dict[str, int]:
        """The number of each node's community, counted from 1."""
        return {node: one.number for one in self.communities for node in one.nodes}


@dataclass(frozen=True, slots=True)
class Overview:
    """What is shown of a network: counts by year, how many nodes it has, its communities and its heaviest ties."""

    divided: Divided
    years: tuple[YearCount, ...]
    nodes: int
    heaviest: tuple[Tie, ...]


def overview(network: Network) -> Overview:
    """A network as it is shown."""
    heaviest = nsmallest(HEAVIEST, network.ties, key=lambda tie: (-tie.weight, tie.source, tie.target, tie.year or 0))
    return Overview(divided(network), tuple(network.years()), len(network.nodes()), tuple(heaviest))


def pairs_of(network: Network) -> Pairs:
    """The ties of a network without direction and years; of a node with itself there is none."""
    pairs: Counter[tuple[str, str]] = Counter()
    for tie in network.ties:
        if tie.source != tie.target:
            pairs[min(tie.source, tie.target), max(tie.source, tie.target)] += tie.weight
    return dict(pairs)


def divided(network: Network) -> Divided:
    """A network with its communities, see :mod:`graph.questions.louvain`."""
    pairs = pairs_of(network)
    weights = _weights(pairs)
    drawn_nodes = _heaviest(weights, pairs)
    drawn = _between(pairs, drawn_nodes)
    whole = len(pairs) <= ANALYSED
    looked_at = pairs if whole else drawn
    found, modularity = louvain(looked_at)
    inside = _inside(looked_at, found)
    ordered = sorted(
        (tuple(sorted(nodes, key=lambda node: (-weights[node], node))) for nodes in found),
        key=lambda nodes: (-len(nodes), nodes),
    )
    communities = tuple(
        Community(number, nodes, inside[frozenset(nodes)]) for number, nodes in enumerate(ordered, start=1)
    )
    return Divided(communities, weights, modularity, whole, drawn, drawn_nodes)


def _weights(pairs: Pairs) -> dict[str, int]:
    weights: defaultdict[str, int] = defaultdict(int)
    for (one, other), weight in pairs.items():
        weights[one] += weight
        weights[other] += weight
    return dict(weights)


def _heaviest(weights: dict[str, int], pairs: Pairs) -> tuple[str, ...]:
    """The nodes of the picture: the heaviest, each with a tie to another of them."""
    chosen = set(sorted(weights, key=lambda node: (-weights[node], node))[:DRAWN_NODES])
    tied = {node for pair in pairs if pair[0] in chosen and pair[1] in chosen for node in pair}
    return tuple(sorted(tied))


def _between(pairs: Pairs, nodes: Iterable[str]) -> Pairs:
    """The heaviest ties between nodes; each node keeps its heaviest one, so that none stands alone."""
    chosen = set(nodes)
    order = sorted(
        (pair for pair in pairs if pair[0] in chosen and pair[1] in chosen), key=lambda pair: (-pairs[pair], pair)
    )
    kept: list[tuple[str, str]] = []
    reached: set[str] = set()
    for pair in order:
        if not reached.issuperset(pair):
            kept.append(pair)
            reached.update(pair)
    rest = [pair for pair in order if pair not in set(kept)]
    return {pair: pairs[pair] for pair in sorted([*kept, *rest[: max(0, DRAWN_TIES - len(kept))]])}


def _inside(pairs: Pairs, found: Iterable[frozenset[str]]) -> dict[frozenset[str], int]:
    community = {node: nodes for nodes in found for node in nodes}
    inside: defaultdict[frozenset[str], int] = defaultdict(int)
    for (one, other), weight in pairs.items():
        if community[one] is community[other]:
            inside[community[one]] += weight
    return {nodes: inside[nodes] for nodes in community.values()}
