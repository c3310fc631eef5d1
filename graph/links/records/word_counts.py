"""Which words tell a body: those of few names, places aside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

RARE = 0.0005
"""Share of the bodies up to which a word tells a body."""


@dataclass(frozen=True)
class WordCounts:
    """In how many of ``total`` bodies each of the frequent canonical words occurs, and words that name places. Others are rare."""

    total: int
    words: Mapping[str, int]
    places: Sequence[str]

    @cached_property
    def _places(self) -> frozenset[str]:
        return frozenset(self.places)

    def is_place(self, word: str) -> bool:
        return word in self._places

    def is_rare(self, word: str) -> bool:
        return word not in self.words and word not in self._places
