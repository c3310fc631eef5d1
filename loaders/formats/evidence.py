"""Weighs readings of one text against each other: in which of them are its words Vietnamese?

Only words with a byte beyond ASCII count, because only they differ. A reading explains such a word where it makes one well-formed
syllable of it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple
from unicodedata import normalize

from ontology.syllables import is_syllable

Reading = Callable[[str], str]
"""From Latin-1 text, which is bytes one by one, to what it says."""

ENOUGH = 0.65
"""Share of its words that a reading has to explain."""
_AHEAD = 0.2
"""By how much of that share it has to be ahead of every other."""
_APART = re.compile(r"[\x00-\x40\[-`{-\x9f\u2000-\u20cf\u2100-\u214f]+")
_AROUND = "«»“”‘’„…–—©®°±²³´·§¬µ¶¿¡\u00a0\u00ad"


class Evidence(NamedTuple):
    """How many words were looked at, and how many of them each reading explains; ``any`` counts those that some reading does."""

    words: int
    explained: Mapping[str, int]
    any: int

    def share(self, name: str) -> float:
        return self.explained[name] / self.words if self.words else 0.0

    def best(self) -> str | None:
        """The reading that explains enough and is clearly ahead; ``None`` where nobody can tell."""
        if not self.words:
            return None
        first, *others = sorted(self.explained, key=lambda name: -self.explained[name])
        ahead = all(self.share(first) - self.share(other) >= _AHEAD for other in others)
        return first if self.share(first) >= ENOUGH and ahead else None


def words_of(text: str) -> list[str]:
    """The words of a text that hold something beyond ASCII; a letter by itself tells nothing."""
    if text.isascii():
        return []
    return [word for word in _APART.split(text) if len(word) > 1 and not word.isascii()]


def weigh(words: Iterable[str], readings: Mapping[str, Reading]) -> Evidence:
    """How many of the words each reading explains."""
    explained = dict.fromkeys(readings, 0)
    count = found = 0
    for word in words:
        right = [name for name, read in readings.items() if is_syllable(normalize("NFC", read(word)).strip(_AROUND))]
        count += 1
        found += bool(right)
        for name in right:
            explained[name] += 1
    return Evidence(count, explained, found)
