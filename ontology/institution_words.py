"""Words that mean one thing in names of institutions, in any language: ``institution_words.yaml`` as rules over folded words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ontology.text import fold, nfc, plain_letters, spell
from ontology.yaml_reading import read_yaml

_LONGEST = 8
"""Words in the longest phrase that is looked for."""

Phrase = tuple[str, ...]

_ONLY_VIETNAMESE = re.compile("[ơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹ]")
"""Vowels that Latin letters have in Vietnamese alone, or nearly so."""


@dataclass(frozen=True, slots=True)
class InstitutionWords:
    """``anywhere`` and ``vietnamese`` give for a folded phrase the canonical words, the latter by the ways of spelling it;
    ``units`` begin the name of a part of a body, ``ambiguous`` gives the other words that an abbreviation may stand for, ``kinds``
    say what kind of body it is."""

    anywhere: dict[Phrase, Phrase]
    vietnamese: dict[Phrase, tuple[tuple[Phrase, Phrase], ...]]
    spelled_anchors: frozenset[str]
    folded_anchors: frozenset[str]
    first_words: frozenset[str]
    units: frozenset[str]
    ambiguous: dict[str, tuple[str, ...]]
    kinds: frozenset[str]

    def is_vietnamese(self, text: str, folded: str) -> bool:
        """Whether a text is Vietnamese: by a vowel that no other language writes, by a word typed with diacritics, or by one that
        no other language has.

        :param folded: the text, folded
        """
        if not text.isascii() and _ONLY_VIETNAMESE.search(nfc(text).lower()):
            return True
        words = set(folded.split())
        if self.first_words.isdisjoint(words):
            return False
        around = f" {folded} "
        if any(f" {anchor} " in around for anchor in self.folded_anchors):
            return True
        spelled = "" if text.isascii() else f" {spell(text)} "
        return any(f" {anchor} " in spelled for anchor in self.spelled_anchors)

    def canonical(
        self, words: Sequence[str], vietnamese: bool, spelt: Sequence[str] | None = None
    ) -> list[tuple[int, int, Phrase]]:
        """Replace phrases, the longest first.

        :param words: folded
        :param spelt: the same words with the diacritics that were typed: "số" is not "sở", "so" may be either
        :return: (index of the first word, number of words, canonical words) from left to right
        """
        found: list[tuple[int, int, Phrase]] = []
        at = 0
        while at < len(words):
            for size in range(min(_LONGEST, len(words) - at), 0, -1):
                phrase = tuple(words[at : at + size])
                typed = phrase if spelt is None else tuple(spelt[at : at + size])
                to = (self._spelled(phrase, typed) if vietnamese else None) or self.anywhere.get(phrase)
                if to is not None:
                    break
            else:
                size, to = 1, (_singular(words[at]),)
            found.append((at, size, to))
            at += size
        return found

    def _spelled(self, phrase: Phrase, typed: Phrase) -> Phrase | None:
        """What a Vietnamese phrase is read as, where no word of it was typed as another word."""
        for spelling, to in self.vietnamese.get(phrase, ()):
            if all(mine in (bare, right) for mine, bare, right in zip(typed, phrase, spelling, strict=True)):
                return to
        return None


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word[-1] == "s" and word[-2] not in "siu" else word


def _rules(said: dict[str, list[str]]) -> dict[Phrase, Phrase]:
    rules = {
        tuple(fold(plain_letters(text)).split()): tuple(to.split()) for to, texts in said.items() for text in texts
    }
    return {phrase: to for phrase, to in rules.items() if phrase and phrase != to}


def _spelled_rules(said: dict[str, list[str]]) -> dict[Phrase, tuple[tuple[Phrase, Phrase], ...]]:
    rules: dict[Phrase, dict[Phrase, Phrase]] = {}
    for to, texts in said.items():
        for text in texts:
            rules.setdefault(tuple(fold(text).split()), {})[tuple(spell(text).split())] = tuple(to.split())
    return {phrase: tuple(spellings.items()) for phrase, spellings in rules.items()}


@cache
def institution_words() -> InstitutionWords:
    """The words as the file has them."""
    said = read_yaml((Path(__file__).parent / "institution_words.yaml").read_text(encoding="utf-8"))
    anchors, vietnamese = said["anchors"], _spelled_rules(said["vietnamese"])
    folded = {fold(anchor) for anchor in anchors}
    telling = {anchor for anchor in folded if " " in anchor or anchor in ("truong", "khoa", "cty", "ctcp", "ubnd")}
    # syllables that follow each other so in no other language; one letter would be a word of many ("y")
    telling |= {" ".join(phrase) for phrase in vietnamese if len(phrase) > 1 and min(map(len, phrase)) > 1}
    return InstitutionWords(
        {**_rules(said["contractions"]), **_rules(said["anywhere"])},
        vietnamese,
        frozenset(spell(anchor) for anchor in anchors if not anchor.isascii()),
        frozenset(telling),
        frozenset(anchor.split()[0] for anchor in folded | telling),
        frozenset(said["units"]),
        {short: tuple(words) for short, words in said["ambiguous"].items()},
        frozenset(said["kinds"]),
    )
