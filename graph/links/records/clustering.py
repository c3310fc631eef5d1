"""From pairs to groups, each held together by the fewest and most probable of its pairs.

Groups are joined by the mean of all pairs between them (average linkage; Sokal & Michener 1958), since one mistaken pair would
otherwise make two persons of many mentions one.
"""

from collections import defaultdict

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from graph.links.records.model import Pairs

CONSIDERED = 0.01
"""Probability from which a pair is looked at; below it counts as :data:`_FARTHEST`."""
LIKELY = 0.5
"""Probability from which a pair may hold a group together."""
_SURER = (0.9, 0.99, 0.999, 0.9999, 1.0)
_FARTHEST = 7.0
"""Log-odds beyond which a pair says no more, for or against: one in a thousand."""
_JOINED = -3.0
"""Mean log-odds from which two groups become one. Below none, since of a person's own mentions many have nothing in common."""
_LARGEST = 4_000
"""Members up to which a group is compared pair by pair (some 130 MB)."""


def groups_of(size: int, pairs: Pairs) -> np.ndarray:
    """For each record, the least number in its group.

    :param size: how many records there are; pairs hold numbers below it
    :param pairs: those from :data:`CONSIDERED` on
    """
    component = _components(size, pairs)
    members = np.argsort(component, kind="stable")
    starts = np.searchsorted(component[members], np.arange(component.max(initial=-1) + 2))
    # two that hold together are a group, and so are those whom the surest pairs hold; between these there is something to decide
    group = members[starts[:-1]][component] if size else component
    inside = np.flatnonzero(component[pairs.left] == component[pairs.right])
    inside = inside[np.argsort(component[pairs.left[inside]], kind="stable")]
    ends = np.searchsorted(component[pairs.left[inside]], np.arange(len(starts)))
    sizes = np.diff(starts)
    for at in np.flatnonzero((sizes > 2) & (sizes <= _LARGEST)):
        among, within = members[starts[at] : starts[at + 1]], inside[ends[at] : ends[at + 1]]
        group[among] = _divided(among, pairs.left[within], pairs.right[within], pairs.probability[within])
    return group


def _components(size: int, pairs: Pairs) -> np.ndarray:
    """Labels of what likely pairs hold together; where that is too much, surer pairs only."""
    sure = pairs.probability >= LIKELY
    labels = _labels(size, pairs, sure)
    for surer in _SURER:
        large = np.bincount(labels, minlength=1) > _LARGEST
        if not large.any():
            break
        sure &= ~large[labels[pairs.left]] | (pairs.probability >= surer)
        labels = _labels(size, pairs, sure)
    return labels


def _labels(size: int, pairs: Pairs, held: np.ndarray) -> np.ndarray:
    """Labels of the components that some pairs make."""
    ends = (pairs.left[held], pairs.right[held])
    graph = coo_array((np.ones(held.sum(), dtype=np.int8), ends), shape=(size, size))
    labels: np.ndarray = connected_components(graph, directed=False)[1]
    return labels


def _divided(members: np.ndarray, left: np.ndarray, right: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """For each member of a component, the least member of its group."""
    odds = np.full((len(members), len(members)), -_FARTHEST)
    with np.errstate(divide="ignore"):
        known = np.clip(np.log(probability) - np.log1p(-probability), -_FARTHEST, _FARTHEST)
    odds[np.searchsorted(members, left), np.searchsorted(members, right)] = known
    odds = np.maximum(odds, odds.T)
    tree = linkage(_FARTHEST - odds[np.triu_indices(len(members), 1)], "average")
    labels = fcluster(tree, _FARTHEST - _JOINED, "distance")
    first = np.full(labels.max() + 1, members[-1])
    np.minimum.at(first, labels, members)
    found: np.ndarray = first[labels]
    return found


def joining(size: int, pairs: Pairs, known: np.ndarray, new: np.ndarray) -> np.ndarray:
    """By which pairs newcomers join those who are there, one after the other, without joining any two who stood apart.

    A newcomer joins the group to which he has the best pair, where the mean over its members allows it.

    :param pairs: those from :data:`CONSIDERED` on that have a newcomer
    :param known: links between those who are there (links × 2)
    :param new: the numbers of the newcomers
    :return: numbers of pairs
    """
    graph = coo_array((np.ones(len(known), dtype=np.int8), (known[:, 0], known[:, 1])), shape=(size, size))
    group = connected_components(graph, directed=False)[1].tolist()
    members = np.bincount(group, minlength=1).tolist()
    with np.errstate(divide="ignore"):
        odds = np.clip(np.log(pairs.probability) - np.log1p(-pairs.probability), -_FARTHEST, _FARTHEST).tolist()
    of: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for at, (left, right) in enumerate(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)):
        of[left].append((right, at))
        of[right].append((left, at))
    there, kept = np.ones(size, dtype=bool), []
    there[new] = False
    for one in new.tolist():
        found: dict[int, list[int]] = defaultdict(list)
        for other, at in of[one]:
            if there[other]:
                found[group[other]].append(at)
        best = max(
            (
                (max(odds[at] for at in seen), -min(seen), into)
                for into, seen in found.items()
                if _mean([odds[at] for at in seen], members[into]) >= _JOINED
            ),
            default=(-_FARTHEST, 0, -1),
        )
        there[one] = True
        if best[0] >= 0.0:  # as likely as not
            kept.append(max(found[best[2]], key=lambda at: (odds[at], -at)))
            members[best[2]] += 1
            group[one] = best[2]
    return np.array(sorted(kept), dtype=np.int64)


def _mean(odds: list[float], members: int) -> float:
    """Of all pairs with a group; those that were not looked at count as far apart."""
    return (sum(odds) - _FARTHEST * (members - len(odds))) / members


def strongest(size: int, pairs: Pairs, group: np.ndarray) -> np.ndarray:
    """Which pairs to keep so that the groups stay the same: a spanning forest of the most probable ones, as their numbers."""
    inside = np.flatnonzero((pairs.probability >= LIKELY) & (group[pairs.left] == group[pairs.right]))
    left, right = pairs.left[inside], pairs.right[inside]
    # each pair weighs another number, so there is one such forest
    order = np.lexsort((right, left, -pairs.probability[inside]))
    weight = np.empty(len(inside))
    weight[order] = np.arange(1, len(inside) + 1)
    tree = minimum_spanning_tree(coo_array((weight, (left, right)), shape=(size, size)).tocsr())
    kept: np.ndarray = np.sort(inside[order[tree.data.astype(np.int64) - 1]])
    return kept


def apart(pairs: Pairs, group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Groups that were left apart though some pair of theirs was looked at.

    Two groups are as probably one as the best of their pairs says, and no more so than the mean over all of them allows.

    :param pairs: those from :data:`CONSIDERED` on
    :param group: for each record, the number of its group
    :return: for each two groups the number of their best pair, and how probable it is that they are one
    """
    ends = np.sort(np.stack([group[pairs.left], group[pairs.right]]), axis=0)
    between = np.flatnonzero(ends[0] != ends[1])
    if not len(between):
        return between, np.empty(0)
    best_first = between[np.lexsort((between, -pairs.probability[between]))]
    both, first, of = np.unique(ends[:, best_first], axis=1, return_index=True, return_inverse=True)
    with np.errstate(divide="ignore"):
        known = np.log(pairs.probability[best_first]) - np.log1p(-pairs.probability[best_first])
    members = np.bincount(group)
    every = members[both[0]] * members[both[1]]
    odds = np.bincount(of.ravel(), weights=np.clip(known, -_FARTHEST, _FARTHEST))
    mean = (odds - _FARTHEST * (every - np.bincount(of.ravel()))) / every
    best = best_first[first]
    return best, np.minimum(pairs.probability[best], 1 / (1 + np.exp(_JOINED - mean)))
