"""Communities: groups of nodes that are tied more to each other than to the rest.

Blondel, Guillaume, Lambiotte & Lefebvre 2008, "Fast unfolding of communities in large networks", J. Stat. Mech. P10008 (Louvain), by
networkx, on the weighted network without direction. The same network gives the same groups in any order of its ties.
"""

from collections.abc import Mapping

import networkx as nx

Pair = tuple[str, str]
"""Two nodes that are tied, the lesser id first."""
_SEED = 1989
"""Louvain looks at nodes in an order that is drawn; another seed may draw other borders."""


def louvain(pairs: Mapping[Pair, int]) -> tuple[list[frozenset[str]], float]:
    """The groups, and their modularity (Newman & Girvan 2004): how much better they are than chance.

    :param pairs: tied nodes with the weight of their tie
    """
    names = sorted({node for pair in pairs for node in pair})
    if not names:
        return [], 0.0
    # numbers in place of names keep the order of sets of texts, another one in each process, out of it
    place = {name: at for at, name in enumerate(names)}
    network: nx.Graph[int] = nx.Graph()
    network.add_nodes_from(range(len(names)))
    network.add_weighted_edges_from((place[one], place[other], pairs[one, other]) for one, other in sorted(pairs))
    found = nx.community.louvain_communities(network, weight="weight", seed=_SEED)
    modularity = float(nx.community.modularity(network, found, weight="weight"))
    return [frozenset(names[at] for at in nodes) for nodes in found], modularity
