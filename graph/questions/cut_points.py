"""How many pairs of supply and demand each cut point of a network holds together, all of them in one walk.

In a tree of a walk in depth a node cuts off the subtree of a child from which no tie leads above the node (Hopcroft & Tarjan 1973,
"Algorithm 447", Communications of the ACM 16). Taking the node away leaves one part for each such subtree and one for the rest of its
component, and a subtree is one stretch of the walk, so sums along the walk count the pairs of each part.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, depth_first_order


@dataclass(frozen=True, slots=True)
class Cuts:
    """``pairs`` that are no longer connected without a node, its own pairs left out, for those nodes that cut some; of ``connected`` ones."""

    pairs: dict[str, int]
    connected: int


def pairs_cut(ties: Sequence[tuple[str, str]], supply: AbstractSet[str], demand: AbstractSet[str]) -> Cuts:
    """The pairs of a supplier and another body in need that lie in one component of a network, and those that each cut point cuts.

    :param ties: their direction does not matter, nor whether one is given several times
    """
    if not ties:
        return Cuts({}, 0)
    number: dict[str, int] = {}
    ends = np.array([number.setdefault(node, len(number)) for tie in ties for node in tie]).reshape(-1, 2)
    nodes, count = list(number), len(number)
    parts, part = connected_components(_matrix(ends, count), directed=False)
    _, first = np.unique(part, return_index=True)
    # one node more is tied to one of each component, so that one walk goes through all; nothing hangs on it that is counted
    bridged = np.vstack([ends, np.column_stack([first, np.full(parts, count)])])
    parent, least, size, order = _walk(_matrix(bridged, count + 1), count)

    own = np.array(
        [(node in supply, node in demand, node in supply and node in demand) for node in nodes] + [(0, 0, 0)]
    )
    own = own.astype(np.int64)
    along = np.vstack([np.zeros(3, np.int64), np.cumsum(own[order], axis=0)])
    below = along[np.arange(count + 1) + size] - along[:-1]
    cut_off = np.flatnonzero(least >= parent)
    cut_off = cut_off[parent[cut_off] > 0]
    hanging, apart = np.zeros_like(own), np.zeros(count + 1, np.int64)
    np.add.at(hanging, order[parent[cut_off]], below[cut_off])
    np.add.at(apart, order[parent[cut_off]], _pairs(below[cut_off]))
    sums = np.zeros((parts, 3), np.int64)
    np.add.at(sums, part, own[:-1])
    others = sums[part] - own[:-1]
    cut = _pairs(others) - _pairs(others - hanging[:-1]) - apart[:-1]
    found = np.flatnonzero(cut)
    return Cuts({nodes[at]: int(cut[at]) for at in found}, int(_pairs(sums).sum()))


def _pairs(sums: np.ndarray) -> np.ndarray:
    """How many pairs each row of suppliers, bodies in need and such as are both makes."""
    pairs: np.ndarray = sums[:, 0] * sums[:, 1] - sums[:, 2]
    return pairs


def _matrix(ends: np.ndarray, count: int) -> csr_array:
    """Ties as a matrix that is the same from both sides."""
    rows, columns = np.concatenate([ends, ends[:, ::-1]]).T
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=(count, count))


def _walk(matrix: csr_array, start: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A walk in depth through a connected network, by the place of each node in it.

    :return: the place of the node from which each was come to, itself for the start; the least place that is beside its subtree; how many
        nodes its subtree has; and the node at each place
    """
    order, above = depth_first_order(matrix, start)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    parent = place[np.where(above < 0, start, above)[order]]
    least = np.minimum.reduceat(place[matrix.indices], matrix.indptr[:-1])[order]
    sizes, lowest, up = [1] * len(order), least.tolist(), parent.tolist()
    for at in range(len(order) - 1, 0, -1):  # whoever is later in the walk is never above
        sizes[up[at]] += sizes[at]
        if lowest[at] < lowest[up[at]]:
            lowest[up[at]] = lowest[at]
    return parent, np.array(lowest), np.array(sizes), order
