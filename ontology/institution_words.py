"""Words that mean one thing in names of institutions, in any language: ``institution_words.yaml`` as rules over folded words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from ontology.text import fold, spell

_LONGEST = 8
"""Words in the longest phrase that is looked for."""

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InstitutionWords:
    """``anywhere`` and ``vietnamese`` give for a folded phrase the canonical words; ``units`` begin the name of a part of a body."""

    anywhere: dict[Phrase, Phrase]
    vietnamese: dict[Phrase, Phrase]
    spelled_anchors: frozenset[str]
    folded_anchors: frozenset[str]
    first_words: frozenset[str]
    units: frozenset[str]

    def is_vietnamese(self, text: str, folded: str) -> bool:
        """Whether a text is Vietnamese by its words: by one typed with diacritics, or by one that no other language has.

        :param folded: the text, folded
        """
        words = set(folded.split())
        if self.first_words.isdisjoint(words):
            return False
        around = f" {folded} "
        if any(f" {anchor} " in around for anchor in self.folded_anchors):
            return True
        spelled = "" if text.isascii() else f" {spell(text)} "
        return any(f" {anchor} " in spelled for anchor in self.spelled_anchors)

    def canonical(self, words: Sequence[str], vietnamese: bool) -> list[tuple[int, int, Phrase]]:
        """Replace phrases, the longest first.

        :return: (index of the first word, number of words, canonical words) from left to right
        """
        found: list[tuple[int, int, Phrase]] = []
        at = 0
        while at < len(words):
            for size in range(min(_LONGEST, len(words) - at), 0, -1):
                phrase = tuple(words[at : at + size])
                to = (self.vietnamese.get(phrase) if vietnamese else None) or self.anywhere.get(phrase)
                if to is not None:
                    break
            else:
                size, to = 1, (_singular(words[at]),)
            found.append((at, size, to))
            at += size
        return found


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word[-1] == "s" and word[-2] not in "siu" else word


def _rules(said: dict[str, list[str]]) -> dict[Phrase, Phrase]:
    rules = {tuple(fold(text).split()): tuple(to.split()) for to, texts in said.items() for text in texts}
    return {phrase: to for phrase, to in rules.items() if phrase and phrase != to}


@cache
def institution_words() -> InstitutionWords:
    """The words as the file has them."""
    said = yaml.safe_load((Path(__file__).parent / "institution_words.yaml").read_text(encoding="utf-8"))
    anchors = said["anchors"]
    return InstitutionWords(
        {**_rules(said["contractions"]), **_rules(said["anywhere"])},
        _rules(said["vietnamese"]),
        frozenset(spell(anchor) for anchor in anchors if not anchor.isascii()),
        frozenset(
            folded
            for anchor in anchors
            if " " in (folded := fold(anchor)) or folded in ("truong", "khoa", "cty", "ctcp", "ubnd")
        ),
        frozenset(fold(anchor).split()[0] for anchor in anchors),
        frozenset(said["units"]),
    )
