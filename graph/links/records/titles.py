"""Titles of technologies in parts: words as typed, folded and in either language's terms, numbers, and what kind of thing is named.

Numbers and names of models are read apart from words: "VD 1", "VD-1" and "VD1" are one model, and "1.000 lít" is "1000 lít".
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from math import log2
from pathlib import Path
from typing import Any

import ontology
from ontology.glossary import glossary
from ontology.schemes import schemes
from ontology.syllables import is_bare_syllable
from ontology.text import fold, has_diacritics, spell
from ontology.yaml_reading import read_yaml

_HEAVIEST = 8
_BITS = 2
"""Bits of a word's rarity that are one unit of its weight."""
_MIDDLE, _OF_KIND = 3, 2
_SYLLABLES = 2 / 3
"""Part of a title's words that look like syllables, where it is typed without diacritics and Vietnamese."""
_LISTED = 2
"""Titles from which a word is written into the file of parameters; the others are rare."""
_SHOUTED = 0.6
"""Part of a title's letters from which capitals tell nothing."""

_ATOM = re.compile(
    r"(?:(?<![^\W_])([^\W\d_]{1,6})-?|(?<![^\W_])([A-ZĐ]{1,4}) )?(?<!\d)(\d+(?:[.,]\d+)*)([^\W\d_]{0,3}\d?(?![^\W_]))?"
)
"""A number, with the letters that a model has before it and those of a unit behind it."""
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+$")
_ROMAN = re.compile(r"(?:X{0,2})(?:IX|IV|V?I{1,3}|V|X)$")
_ROMAN_ANYHOW = re.compile(r"(?:ii|iii|iv|vii|viii|ix)$", re.IGNORECASE)
"""Roman numerals that are no syllables, which "vi" and "xi" are."""
_LETTER = re.compile(r"[B-HJ-Z]$")


@dataclass(frozen=True)
class TitleWords:
    """In how many of ``total`` titles each of the more frequent words occurs, folded and as spelled; the others are rare."""

    total: int
    words: Mapping[str, int]

    def weight(self, word: str) -> int:
        """From 1 to :data:`_HEAVIEST`, a half of the bits that the word tells; numbers and terms weigh the same.

        :param word: folded, or as spelled
        """
        if word[0] in "#=":
            return _MIDDLE
        weight = self._weights.get(word, self._rarest)
        return min(weight, _OF_KIND) if word in _rules()["kind_words"] else weight

    @cached_property
    def _rarest(self) -> int:
        return self._weigh(1)

    @cached_property
    def _weights(self) -> dict[str, int]:
        return {word: self._weigh(count) for word, count in self.words.items()}

    def _weigh(self, count: int) -> int:
        return max(1, min(_HEAVIEST, round(log2(self.total / count) / _BITS)))


@dataclass(frozen=True, slots=True)
class Title:
    """A title as it is compared. ``words`` are folded, ``spelled`` the same as typed, ``terms`` those of the shipped glossary where it
    knows a phrase; ``numbers`` holds numbers and names of models, ``kinds`` what kind of thing is named."""

    typed: bool
    vietnamese: bool
    words: tuple[str, ...]
    spelled: tuple[str, ...]
    terms: tuple[str, ...]
    numbers: frozenset[str]
    kinds: frozenset[str]


@lru_cache(maxsize=200_000)
def read_title(text: str) -> Title:
    """A title in parts."""
    text = unicodedata.normalize("NFKC", text)
    shouted = sum(map(str.isupper, text)) > _SHOUTED * sum(map(str.isalpha, text))
    typed = has_diacritics(text)
    numbers, rest = _numbers(text, shouted)
    spelt, folded = spell(rest).split(), [_singular(word) for word in fold(rest).split()]
    if not typed or len(spelt) != len(folded):  # a letter that folding takes apart
        spelt = folded
    kept = [at for at, word in enumerate(folded) if not _is_joining(word, spelt[at], typed)]
    found = dict.fromkeys((folded[at], spelt[at]) for at in kept)
    said = tuple(f"#{number}" for number in sorted(numbers))
    return Title(
        typed=typed,
        vietnamese=typed or sum(map(is_bare_syllable, folded)) >= _SYLLABLES * len(folded) > 0,
        words=(*dict.fromkeys(word for word, _ in found), *said),
        spelled=(*(word for _, word in found), *said),
        terms=(*dict.fromkeys(_in_terms(spelt if typed else folded, folded, typed, {*kept})), *said),
        numbers=numbers,
        kinds=_kinds(spelt if typed else folded, typed),
    )


def _numbers(text: str, shouted: bool) -> tuple[frozenset[str], str]:
    """Numbers and models of a text, and the text without them."""
    found: list[str] = []

    def read(match: re.Match[str]) -> str:
        letters, digits = fold(match[1] or ("" if shouted else match[2]) or ""), match[3]
        digits = re.sub("[.,]", "", digits) if _THOUSANDS.match(digits) else digits.replace(",", ".").strip(".")
        digits = digits.lstrip("0") or "0"
        if f"{letters}{digits}" not in _rules()["units"]:
            found.append(f"{letters}{digits}")
        return f" {match[2]} " if shouted and match[2] else " "

    rest = _ATOM.sub(read, text).split()
    for at, word in [*enumerate(rest)][1:]:
        bare = word.strip("()[],;:.\"'«»“”-")
        if _ROMAN_ANYHOW.match(bare) or (not shouted and (_ROMAN.match(bare) or _LETTER.match(bare))):
            found.append(bare.lower())
            rest[at] = ""
    return frozenset(found), " ".join(rest)


@cache
def _rules() -> dict[str, Any]:
    text = (Path(ontology.__file__).parent / "title_words.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = read_yaml(text)
    joining = content["joining"]
    return {
        "units": frozenset(content["units"]),
        "spelled_joining": frozenset(map(spell, joining["vi"])) | frozenset(joining["en"]),
        # typed without diacritics, "từ" may be the noun too, but hardly tells anything then
        "folded_joining": frozenset(map(fold, joining["vi"])) | frozenset(joining["en"]),
        "spelled_kinds": _phrases(content["kinds"], spell),
        "folded_kinds": _phrases(content["kinds"], fold),
        "kind_words": frozenset(
            word for written in (spell, fold) for phrase in _phrases(content["kinds"], written) for word in phrase
        ),
    }


def _phrases(kinds: Mapping[str, Mapping[str, Sequence[str]]], written: Any) -> dict[tuple[str, ...], tuple[str, str]]:
    """Phrase → its kind and its language."""
    return {
        tuple(map(_singular, written(phrase).split())): (kind, language)
        for kind, said in kinds.items()
        for language, phrases in said.items()
        for phrase in phrases
    }


def _singular(word: str) -> str:
    """An English word without the ending of the plural; no Vietnamese syllable ends in s."""
    if len(word) > 5 and word.endswith(("sses", "tuses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] not in "sui" else word


def _is_joining(word: str, spelt: str, typed: bool) -> bool:
    return spelt in _rules()["spelled_joining"] if typed else word in _rules()["folded_joining"]


def _kinds(words: Sequence[str], typed: bool) -> frozenset[str]:
    """What is named: English nouns before the first word that joins, Vietnamese phrases at the beginning and behind "và" there."""
    known: dict[tuple[str, ...], tuple[str, str]] = _rules()["spelled_kinds" if typed else "folded_kinds"]
    joining: frozenset[str] = _rules()["spelled_joining" if typed else "folded_joining"]
    found, beginning, at = set(), True, 0
    while at < len(words):
        length = next((n for n in (3, 2, 1) if (*words[at : at + n],) in known and at + n <= len(words)), 0)
        kind, language = known[(*words[at : at + length],)] if length else ("", "")
        if kind and (language == "en" or beginning):
            found.add(kind)
            at += length
        elif words[at] in _AND and found:
            beginning, at = True, at + 1
            continue
        elif words[at] in joining and not (at == 0 and words[at] in _ARTICLES):
            break
        else:
            at += 1
        beginning = False
    return frozenset(found)


_AND = frozenset({spell("và"), "va", "and"})
_ARTICLES = frozenset({"a", "an", "the", *map(spell, ("các", "một")), *map(fold, ("các", "một"))})


@cache
def _terms() -> tuple[dict[tuple[str, ...], str], dict[tuple[str, ...], str], dict[tuple[str, ...], str]]:
    """Terms of the shipped glossary by phrase: as typed in Vietnamese, the same folded, and in English."""
    typed: dict[tuple[str, ...], str] = {}
    bare: dict[tuple[str, ...], str] = {}
    english: dict[tuple[str, ...], str] = {}
    for at, entry in enumerate(glossary()):
        for text in entry.vi:
            typed.setdefault(tuple(spell(text).split()), f"={at}")
            bare.setdefault(tuple(fold(text).split()), f"={at}")
        for text in entry.en:
            english.setdefault(tuple(map(_singular, fold(text).split())), f"={at}")
    return typed, bare, english


@cache
def _lengths() -> dict[str, list[int]]:
    """First word of a term → how many words such terms have, the most first."""
    found: dict[str, set[int]] = {}
    for phrases in _terms():
        for phrase in phrases:
            found.setdefault(phrase[0], set()).add(len(phrase))
    return {word: sorted(lengths, reverse=True) for word, lengths in found.items()}


def _in_terms(words: Sequence[str], folded: Sequence[str], typed: bool, kept: set[int]) -> Iterator[str]:
    """The words of a title, the longest phrases first replaced by the term that either language has for them."""
    spelled, bare, english = _terms()
    at = 0
    while at < len(words):
        for length in _lengths().get(words[at], ()):
            phrase = (*words[at : at + length],)
            term = spelled.get(phrase) if typed else english.get(phrase) or (bare.get(phrase) if length > 1 else None)
            if term:
                yield term
                at += length
                break
        else:
            if at in kept:
                yield words[at]
            at += 1


def count_title_words(titles: Iterable[str]) -> TitleWords:
    """Count words in titles; Vietnamese ones besides in what the schemes and the glossary call things, brought to the same total.

    Of a word of both languages the larger share counts.
    """
    told, vietnamese = [*titles], [*_vietnamese()]
    counts, more = Counter[str](), Counter[str]()
    for text in told:
        counts.update({*read_title(text).words})
    for text in vietnamese:
        title = read_title(text)
        more.update({*title.words, *title.spelled})
    scale = len(told) / max(1, len(vietnamese))
    counts |= Counter({word: round(count * scale) for word, count in more.items() if count >= _LISTED})
    listed = {word: count for word, count in sorted(counts.items()) if count >= _LISTED and word[0] not in "#="}
    return TitleWords(len(told), listed)


def _vietnamese() -> Iterator[str]:
    """What the schemes and the shipped glossary call things in Vietnamese."""
    yield from (text for entry in glossary() for text in entry.vi)
    yield from (concept.labels["vi"] for concept in schemes().concepts.values() if "vi" in concept.labels)
