"""What finding experts needs of a snapshot, made once."""

from dataclasses import dataclass

import numpy as np

from graph.answer.expert_index import ExpertIndex
from graph.answer.ranker import Ranker
from graph.views.arrays import NO_DAY
from graph.views.expert_arrays import KINDS, ExpertArrays

_FADES, _STAYS = 10 * 365.25, 0.5
"""Days after which half of what fades of a document has faded, and the part that never does."""


@dataclass(frozen=True, slots=True)
class ExpertFinder:
    """The documents of a snapshot and the index over them."""

    arrays: ExpertArrays
    index: ExpertIndex
    numbers: dict[tuple[str, str], int]

    @classmethod
    def of(cls, arrays: ExpertArrays, ranker: Ranker) -> "ExpertFinder":
        """Make the index; fields are vectors as those of the snapshot's technologies."""
        fields = ranker.field_vectors(arrays.concepts, arrays.fields)
        numbers = {
            (KINDS[kind], node): at for at, (kind, node) in enumerate(zip(arrays.kind, arrays.nodes, strict=True))
        }
        return cls(arrays, ExpertIndex(arrays.speaks, arrays.words, arrays.vocabulary, fields), numbers)

    def number(self, kind: str, node: str) -> int | None:
        """The document of a kind that a node is, or ``None``."""
        return self.numbers.get((kind, node))

    def counted(self, day: int) -> np.ndarray:
        """How much each document counts on a day: not before it begins, not after it ends, and less the older it is."""
        start, until = self.arrays.start, self.arrays.until
        age = np.where(start > NO_DAY, day - start, 0)
        faded = _STAYS + (1 - _STAYS) * 0.5 ** (np.maximum(age, 0) / _FADES)
        found: np.ndarray = np.where((age >= 0) & ((until <= NO_DAY) | (until >= day)), faded, 0.0)
        return found
