"""Finds the names that a string may mean: those whose words it has, the rare ones counting most."""

import numpy as np

from graph.links.strings.index import FREQUENT, NameIndex
from graph.links.strings.ready import Reading

LIMIT = 60
"""Names that are compared for one string."""


def candidates(reading: Reading, index: NameIndex, limit: int = LIMIT) -> list[int]:
    """Numbers of names, those first whose words are there most completely."""
    best = {word: max(quality for _, quality in spots) for word, spots in reading.found.items()}
    lists = [(word, quality, index.having(word)) for word, quality in best.items()]
    rare = [item for item in lists if len(item[2]) <= FREQUENT]
    if not lists:
        return []
    names = np.unique(np.concatenate([index.frequent_names, *(item[2] for item in rare)]))
    score = np.zeros(len(names), dtype=np.float32)
    for word, quality, having in lists:
        at = np.searchsorted(names, having)
        at[at == len(names)] = 0
        hit = names[at] == having
        score[at[hit]] += quality * index.weights[word]
    score = 2 * score - index.totals[names]
    if len(names) > limit:
        top = np.argpartition(-score, limit)[:limit]
        names, score = names[top], score[top]
    return [int(name) for name in names[np.argsort(-score, kind="stable")]]
