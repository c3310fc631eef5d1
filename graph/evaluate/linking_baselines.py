"""What linking strings is compared with: the exact folded name, and the best hit of BM25."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from scipy.sparse import csr_array

from graph.links.strings.bodies import Body
from ontology.text import fold, tokens

Ranked = list[tuple[str, bool]]
"""Ids, the best first, and whether each is linked."""

_K1, _B = 1.2, 0.75
_RANKS = 100


def by_exact_name(bodies: Sequence[Body], strings: Iterable[str]) -> list[Ranked]:
    """Links a string whose whole text, or whose part between commas, is a body's name once folded, where one body has it."""
    named: dict[str, set[str]] = defaultdict(set)
    for body in bodies:
        for _, name, _ in body.names:
            named[fold(name)].add(body.id)
    return [_exact(named, text) for text in strings]


def _exact(named: dict[str, set[str]], text: str) -> Ranked:
    found: dict[str, bool] = {}
    for part in (text, *text.replace(";", ",").split(",")):
        ids = named.get(fold(part), ())
        for identifier in sorted(ids):
            found[identifier] = found.get(identifier, False) or len(ids) == 1
    return sorted(found.items(), key=lambda item: not item[1])


class Bm25:
    """Okapi BM25 (Robertson and others 1994, k1 = 1.2, b = 0.75) over folded words, a name being a document."""

    def __init__(self, bodies: Sequence[Body]) -> None:
        self._bodies = bodies
        self._words: dict[str, int] = {}
        rows: list[int] = []
        columns: list[int] = []
        owner: list[int] = []
        for at, body in enumerate(bodies):
            for name in dict.fromkeys(fold(name) for _, name, _ in body.names):
                for word in name.split():
                    rows.append(len(owner))
                    columns.append(self._words.setdefault(word, len(self._words)))
                owner.append(at)
        self._owner = np.array(owner)
        shape = (len(owner), len(self._words))
        counts = csr_array((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape)
        counts.sum_duplicates()
        lengths: np.ndarray = np.asarray(counts.sum(axis=1))
        having = np.bincount(counts.indices, minlength=shape[1])
        rarity = np.log(1 + (shape[0] - having + 0.5) / (having + 0.5))
        norm = np.repeat(_K1 * (1 - _B + _B * lengths / lengths.mean()), np.diff(counts.indptr))
        counts.data = counts.data * (_K1 + 1) / (counts.data + norm) * rarity[counts.indices]
        self._by_word = counts.tocsc()

    def link(self, strings: Iterable[str]) -> list[Ranked]:
        """The bodies of the best names, the first of them linked."""
        return [self._best(text) for text in strings]

    def _best(self, text: str) -> Ranked:
        words = [self._words[word] for word in dict.fromkeys(tokens(text)) if word in self._words]
        if not words:
            return []
        scores: np.ndarray = np.asarray(self._by_word[:, words].sum(axis=1)).ravel()
        top = np.argpartition(-scores, min(_RANKS, len(scores) - 1))[:_RANKS]
        top = top[np.argsort(-scores[top], kind="stable")]
        ids = dict.fromkeys(self._bodies[self._owner[at]].id for at in top if scores[at] > 0)
        return [(identifier, rank == 0) for rank, identifier in enumerate(ids)]
