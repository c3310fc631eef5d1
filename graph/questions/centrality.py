"""Betweenness: on how many shortest paths between two others a node lies, as a share of all pairs of others.

Freeman 1977, "A set of measures of centrality based on betweenness", Sociometry 40. Of small networks networkx computes it (Brandes 2001).
Where walks in Python would be slow, products of sparse matrices follow the paths of many starts at once (Kepner & Gilbert 2011, chapter 6):
from all nodes, or beyond :data:`EXACT` nodes from some that are drawn with a fixed seed (Brandes & Pich 2007), which is an estimate.
"""

from collections.abc import Sequence

import networkx as nx
import numpy as np
from scipy.sparse import csr_array

WALKED = 400
"""Nodes up to which networkx walks; at 1,000 nodes that takes seconds."""
EXACT = 2_000
"""Nodes up to which it is exact."""
PIVOTS = 256
"""Starts from which it is estimated beyond."""
_TOGETHER = 32
_SEED = 20261130


def betweenness_of(pairs: Sequence[tuple[str, ...]]) -> tuple[list[str], np.ndarray, bool]:
    """Nodes of an undirected network, in order, the betweenness of each, and whether it is exact.

    :param pairs: its ties, each once, none from a node to itself
    """
    nodes = sorted({node for pair in pairs for node in pair})
    if len(nodes) <= WALKED:
        network: nx.Graph[str] = nx.Graph()
        network.add_nodes_from(nodes)
        network.add_edges_from((pair[0], pair[1]) for pair in pairs)
        exact = nx.betweenness_centrality(network)
        return nodes, np.array([exact[node] for node in nodes]), True
    number = {node: at for at, node in enumerate(nodes)}
    left = np.array([number[pair[0]] for pair in pairs])
    right = np.array([number[pair[1]] for pair in pairs])
    ends = (np.concatenate([left, right]), np.concatenate([right, left]))
    shape = (len(nodes), len(nodes))
    matrix = csr_array((np.ones(2 * len(pairs)), ends), shape=shape)
    if len(nodes) <= EXACT:
        return nodes, estimate(matrix, np.arange(len(nodes))), True
    starts = np.random.default_rng(_SEED).choice(len(nodes), PIVOTS, replace=False)
    return nodes, estimate(matrix, starts), False


def estimate(matrix: csr_array, starts: np.ndarray) -> np.ndarray:
    """Betweenness by the shortest paths from some nodes to all others; from all nodes it is exact.

    :param matrix: symmetric, 1 where two nodes are tied
    """
    size = matrix.shape[0]
    found = np.zeros(size)
    for at in range(0, len(starts), _TOGETHER):
        found += _dependencies(matrix, starts[at : at + _TOGETHER])
    if size > 2:
        found *= size / len(starts) / ((size - 1) * (size - 2))
    return found


def _dependencies(matrix: csr_array, starts: np.ndarray) -> np.ndarray:
    """Brandes' dependencies of some starts on every node, summed up."""
    size, together = matrix.shape[0], len(starts)
    columns = np.arange(together)
    paths = np.zeros((size, together))
    paths[starts, columns] = 1
    depth = np.full((size, together), -1, dtype=np.int32)
    depth[starts, columns] = 0
    front, level = paths.copy(), 0
    while front.any():
        reached = matrix @ front
        front = np.where(depth < 0, reached, 0)
        level += 1
        depth[front > 0] = level
        paths += front
    dependent = np.zeros((size, together))
    for here in range(level - 1, 0, -1):
        share = np.where(depth == here, (1 + dependent) / np.maximum(paths, 1), 0)
        back = matrix @ share
        dependent += np.where(depth == here - 1, back * paths, 0)
    dependent[starts, columns] = 0
    total: np.ndarray = dependent.sum(axis=1)
    return total
