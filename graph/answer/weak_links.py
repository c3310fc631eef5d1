"""Links of which the linker is not sure, for a curator to confirm or to part: those on which it hangs that two mentions are one body."""

from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree

from graph.answer.review_pairs import Found, Ground, Weights
from ontology.statement import LINKER, SAME_AS

SURE = 0.9
"""Probability from which a link is not asked about."""
_DIGITS = 4
"""Of a probability, which statements keep as a float of 32 bits."""

Compared = Callable[[str, str], Weights]
"""What spoke for two mentions and against them, as they are compared today; nothing where they are not."""


def weak_links(ground: Ground, compared: Compared) -> Iterator[Found]:
    """The links below :data:`SURE` of the snapshot, each with the mentions that it alone holds together.

    A body's mentions are held together by a tree of its surest links (Kruskal 1956); what another, surer way joins too is not asked.
    """
    rows = ground.con.execute(
        f"""
        WITH links AS (
            SELECT s.subject AS later, s.object AS earlier, a.entity, l.source = '{LINKER}' AS linkers,
                round(coalesce(s.probability, 1)::DOUBLE, {_DIGITS}) AS probability, s.reason
            FROM said s JOIN loads l USING (load) JOIN entities a ON a.subject = s.subject JOIN entities b ON b.subject = s.object
            WHERE s.property = '{SAME_AS}' AND a.entity = b.entity AND s.subject <> s.object
        ), weak AS (SELECT DISTINCT entity FROM links WHERE linkers AND probability < {SURE})
        SELECT entity, later, earlier, linkers, probability, coalesce(reason, '') FROM links SEMI JOIN weak USING (entity)
        ORDER BY entity, probability DESC, linkers, later, earlier
        """
    ).fetchall()
    by_entity: dict[str, list[_Link]] = defaultdict(list)
    for entity, *link in rows:
        by_entity[entity].append((*link,))
    for links in by_entity.values():
        yield from _of_one(links, compared)


_Link = tuple[str, str, bool, float, str]


def _of_one(links: list[_Link], compared: Compared) -> Iterator[Found]:
    """The weak links of one body.

    :param links: all of the body's, the surest first
    """
    mentions = sorted({end for link in links for end in link[:2]})
    number = {mention: at for at, mention in enumerate(mentions)}
    ends = np.array([(number[later], number[earlier]) for later, earlier, *_ in links])
    # of two links between the same two only the surer one counts; to scipy their weights would add up
    first = np.unique(np.sort(ends, axis=1), axis=0, return_index=True)[1]
    weight = np.arange(1, len(links) + 1, dtype=np.float64)[first]
    graph = coo_array((weight, (ends[first, 0], ends[first, 1])), shape=(len(mentions), len(mentions))).tocsr()
    held = sorted(int(at) - 1 for at in minimum_spanning_tree(graph).data)
    for at in held:
        later, earlier, linkers, probability, written = links[at]
        if linkers and probability < SURE:
            sides = _sides(ends[[other for other in held if other != at]].tolist(), number[later], number[earlier])
            shown = tuple(tuple(mentions[one] for one in side) for side in sides)
            yield Found(later, earlier, True, probability, compared(later, earlier), written, (shown[0], shown[1]))


def _sides(edges: list[list[int]], later: int, earlier: int) -> tuple[list[int], list[int]]:
    """What hangs together with each of two ends, the end itself first."""
    beside: dict[int, list[int]] = defaultdict(list)
    for one, other in edges:
        beside[one].append(other)
        beside[other].append(one)
    found: list[list[int]] = []
    for start in (later, earlier):
        seen = {start: None}
        for one in (queue := [start]):
            fresh = [other for other in beside[one] if other not in seen]
            seen.update(dict.fromkeys(fresh))
            queue += fresh
        found.append([*seen])
    return found[0], found[1]
