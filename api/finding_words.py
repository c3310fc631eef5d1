"""Hits as a page shows them: what was found is marked, in the name and in a piece of the text around it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.views.bridge import Bridged
from ontology.text import fold, has_diacritics, nfc, spell

Marked = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it is what was looked for."""
_WORD = re.compile(r"\w+")
_AROUND = 240
"""Characters of a text that are shown."""


@dataclass(frozen=True, slots=True)
class Sought:
    """The words that were looked for: those typed with diacritics as they are spelled, the others as they look without."""

    spelled: frozenset[str]
    folded: frozenset[str]

    @classmethod
    def of(cls, text: str, bridged: Sequence[Bridged]) -> "Sought":
        """The words of a text, and the terms of the other language that were looked for with it."""
        spelled: set[str] = set()
        folded: set[str] = set()
        for phrase in (text, *(term for one in bridged for term in one.terms)):
            for word in _WORD.findall(nfc(phrase)):
                if has_diacritics(word):
                    spelled.add(spell(word))
                else:
                    folded.add(fold(word))
        return cls(frozenset(spelled), frozenset(folded))

    def means(self, word: str) -> bool:
        """Whether a word of a text is one of them."""
        return spell(word) in self.spelled or fold(word) in self.folded

    def mark(self, text: str) -> Marked:
        """A text with these words marked; neighbours that are marked stay apart, as the spaces between them are not."""
        pieces: list[tuple[str, bool]] = []
        at = 0
        for found in _WORD.finditer(text):
            if self.means(found.group()):
                pieces += [(text[at : found.start()], False), (found.group(), True)]
                at = found.end()
        pieces.append((text[at:], False))
        return tuple(piece for piece in pieces if piece[0])

    def around(self, texts: Iterable[str]) -> Marked:
        """The piece of the first text that holds one of the words, from there on; else the beginning of the first."""
        first = ""
        for text in map(nfc, texts):
            first = first or text
            for found in _WORD.finditer(text):
                if self.means(found.group()):
                    return self.mark(_cut(text, found.start()))
        return self.mark(_cut(first, 0))


def _cut(text: str, at: int) -> str:
    """A piece of a text that begins a little before a place, at a word."""
    begin = 0 if at < _AROUND // 2 else text.find(" ", at - _AROUND // 4) + 1
    end = len(text) if len(text) - begin <= _AROUND else text.rfind(" ", begin, begin + _AROUND)
    end = end if end > begin else begin + _AROUND
    return f"{'… ' if begin else ''}{text[begin:end]}{' …' if end < len(text) else ''}"
