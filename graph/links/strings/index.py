"""The names of all bodies as an inverted index of canonical words, with what is needed to compare one of them with a string."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from math import log
from types import MappingProxyType

import numpy as np

from graph.links.strings.bodies import ACRONYM, NAME, Body
from graph.links.strings.initials import Initials
from graph.links.strings.reading import SILENT, STOP, Text, read_text
from ontology.countries import country_names
from ontology.institution_words import institution_words
from ontology.text import fold, name_key, nfc

PLAIN, SHORT, INITIALS = 0, 1, 2
"""Kinds of a name: as it is written, an acronym, and one that begins with the initials of its syllables ("ĐHBK Hà Nội")."""

FREQUENT = 4000
"""Names: a word in more of them finds none by itself."""
_EXPANSIONS = 24
"""Words that an abbreviation is tried as, the most frequent first."""

_GIVEN = re.compile(r"\b(?:[A-Z]\.\s?)+(?=[A-Z][a-z]{2})")
"""Initials of a person's given names before the family name."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """One name of one body: the numbers of its telling words, the text, all its canonical words as they follow each other, and the
    spelling of those words that were typed with Vietnamese diacritics. ``beside_parent`` marks a name that tells the body only where
    its parent is named apart: "University of Science" of "University of Science, Vietnam National University"."""

    body: int
    words: tuple[int, ...]
    kind: int
    text: str
    written: str
    spelt: dict[int, str] | None = None
    shown: bool = False
    form: str | None = None
    beside_parent: bool = False


class NameIndex:
    """All names by their words. ``weights`` is, for a word, −log of the share of bodies that have it in a name."""

    def __init__(self, bodies: Sequence[Body], words: Mapping[str, int] = MappingProxyType({}), total: int = 0) -> None:
        """Index the names of bodies.

        :param words: how many of ``total`` bodies elsewhere have a word in a name, so that a word is as rare among ten bodies as it
            is among fifty thousand
        """
        self.bodies = bodies
        self._elsewhere, self._total = words, max(total, len(bodies), 1)
        self.number: dict[str, int] = {}
        self.names: list[Name] = []
        self.pairs: set[tuple[int, int]] = set()
        self.place_words: list[frozenset[int]] = []
        self.place_phrases: list[frozenset[Words]] = []
        self.countries_of: dict[Words, frozenset[str]] = {}
        self.initials = Initials(self._word)
        self.by_id = {body.id: at for at, body in enumerate(bodies)}
        self.hosts: dict[str, list[int]] = defaultdict(list)
        self._read_places()
        for at, body in enumerate(bodies):
            self._read_names(at, body)
            for host in body.hosts:
                self.hosts[host].append(at)
        self._read_names_beside_parents()
        self._weigh()
        children = Counter(parent for body in bodies for parent in body.parents)
        self.prominence = [log(len(body.names) + 2 * children[body.id] + 1) for body in bodies]
        self.names_of: dict[int, list[int]] = defaultdict(list)
        for number, name in enumerate(self.names):
            self.names_of[name.body].append(number)
        self.by_words: dict[tuple[int, ...], set[int]] = defaultdict(set)
        for name in self.names:
            if not name.beside_parent:
                self.by_words[tuple(sorted(name.words))].add(name.body)
        self.kinds = frozenset(self.number[word] for word in institution_words().kinds if word in self.number)
        self._words_of: dict[int, frozenset[int]] = {}
        self._sorted = sorted(self.number)
        self._expansions: dict[str, tuple[int, ...]] = {}

    def _word(self, text: str) -> int:
        return self.number.setdefault(text, len(self.number))

    def _read_places(self) -> None:
        countries: dict[Words, set[str]] = defaultdict(set)
        for phrase, code in country_phrases().items():
            countries[phrase].add(code)
        for body in self.bodies:
            phrases = {place_phrase(place) for place in body.places} - {()}
            for phrase in phrases:
                if body.country:
                    countries[phrase].add(body.country)
            self.place_phrases.append(frozenset(phrases))
            words = {word for phrase in phrases for word in phrase}
            words.update(word for phrase in _phrases_of(body.country) for word in phrase)
            self.place_words.append(frozenset(self._word(word) for word in words if word not in STOP))
        self.countries_of = {phrase: frozenset(codes) for phrase, codes in countries.items()}

    def _read_names(self, at: int, body: Body) -> None:
        seen: set[tuple[int, ...]] = set()
        of_country = _phrases_of(body.country)
        # "N. I. Lobachevsky State University" is also called without the initials
        bare = [
            (prop, without, language)
            for prop, text, language in body.names
            if (without := _GIVEN.sub("", text)) != text and len(without.split(" (")[0].split()) > 1
        ]
        for prop, text, language in (*body.names, *bare):
            if prop != ACRONYM and _is_vietnamese(text, language):
                self.initials.add(text)
            for kind, written, spelt in _forms(prop, text, language, of_country):
                words = _significant(written)
                numbers = tuple(dict.fromkeys(self._word(word) for word in words))
                if numbers and numbers not in seen:
                    seen.add(numbers)
                    typed = {self._word(word): typed for word, typed in spelt.items()}
                    form = name_key(text).form if kind == PLAIN and not text.isascii() else None
                    self.names.append(
                        Name(at, numbers, kind, text, " ".join(written), typed or None, prop == NAME, form)
                    )
                    self.pairs.update(pairwise(numbers))

    def _read_names_beside_parents(self) -> None:
        """Names of units without their parent's name and their place, as they are called where the parent is named apart."""
        written: dict[int, list[Words]] = defaultdict(list)
        called: dict[int, list[frozenset[int]]] = defaultdict(list)
        for name in self.names:
            written[name.body].append(tuple(name.written.split()))
            called[name.body].append(frozenset(name.words))
        for name in list(self.names):
            parents = [self.by_id[parent] for parent in self.bodies[name.body].parents if parent in self.by_id]
            if name.kind != PLAIN or not parents:
                continue
            phrases = {phrase for parent in parents for phrase in written[parent]} | self.place_phrases[name.body]
            words = _without_phrases(name.written.split(), phrases)
            numbers = tuple(dict.fromkeys(map(self._word, _significant(words))))
            # a place alone ("Berkeley"), a kind alone ("Institute") or what a parent is called names no unit
            own = [number for number in numbers if number not in self.place_words[name.body]]
            of_parent = any(called_so.issuperset(numbers) for parent in parents for called_so in called[parent])
            if len(own) > 1 and numbers != name.words and not of_parent:
                self.names.append(replace(name, words=numbers, written=" ".join(words), beside_parent=True))

    def _weigh(self) -> None:
        bodies_with: Counter[int] = Counter()
        held: dict[int, set[int]] = defaultdict(set)
        for name in self.names:
            held[name.body].update(name.words)
        for words in held.values():
            bodies_with.update(words)
        self.frequency = np.array([bodies_with[word] for word in range(len(self.number))])
        self.unknown = log(self._total)
        self.weights = [
            log(self._total / max(bodies_with[word], self._elsewhere.get(text, 0), 1))
            for text, word in self.number.items()
        ]
        flat = np.fromiter((word for name in self.names for word in name.words), dtype=np.int32)
        owner = np.repeat(np.arange(len(self.names), dtype=np.int32), [len(name.words) for name in self.names])
        order = np.argsort(flat, kind="stable")
        self._postings = owner[order]
        self._starts = np.searchsorted(flat[order], np.arange(len(self.number) + 1))
        rarest = np.full(len(self.names), FREQUENT + 1)
        np.minimum.at(rarest, owner, np.diff(self._starts)[flat])
        self.frequent_names = np.flatnonzero(rarest > FREQUENT).astype(np.int32)
        self.body_of = np.array([name.body for name in self.names], dtype=np.int32)
        self.totals = np.array([sum(self.weights[w] for w in name.words) for name in self.names], dtype=np.float32)

    def is_part(self, body: int, of: int) -> bool:
        """Whether a body is a unit of another one, at any depth."""
        seen: set[int] = set()
        above = [body]
        while above:
            at = above.pop()
            for parent in self.bodies[at].parents:
                number = self.by_id.get(parent)
                if number == of:
                    return True
                if number is not None and number not in seen:
                    seen.add(number)
                    above.append(number)
        return False

    def words_of(self, body: int) -> frozenset[int]:
        """The words of all names of a body."""
        known = self._words_of.get(body)
        if known is None:
            words = (word for name in self.names_of[body] for word in self.names[name].words)
            known = self._words_of[body] = frozenset(words)
        return known

    def having(self, word: int) -> np.ndarray:
        """Numbers of the names that have a word."""
        found: np.ndarray = self._postings[self._starts[word] : self._starts[word + 1]]
        return found

    def beginning(self, prefix: str) -> tuple[int, ...]:
        """Words that begin so and are longer, the most frequent first."""
        known = self._expansions.get(prefix)
        if known is None:
            low, high = bisect_left(self._sorted, prefix), bisect_left(self._sorted, prefix + "\uffff")
            words = [self.number[text] for text in self._sorted[low:high] if len(text) > len(prefix)]
            words.sort(key=lambda word: -int(self.frequency[word]))
            known = self._expansions[prefix] = tuple(words[:_EXPANSIONS])
        return known


@lru_cache(maxsize=50_000)
def place_phrase(text: str) -> Words:
    """Canonical words of a place's name."""
    return tuple(word.text for word in read_text(text).words)


@cache
def country_phrases() -> dict[Words, str]:
    """Canonical words of a country's name → its code."""
    return {place_phrase(" ".join(words)): code for words, code in country_names().items()}


@cache
def _phrases_of(country: str | None) -> frozenset[Words]:
    return frozenset(phrase for phrase, code in country_phrases().items() if code == country)


def _forms(
    prop: str, text: str, language: str | None, of_country: frozenset[Words]
) -> Iterable[tuple[int, list[str], dict[str, str]]]:
    """The forms under which a name is looked for: kind, words, and spelling of those typed with Vietnamese diacritics."""
    read = read_text(text)
    if prop == ACRONYM:
        yield SHORT, _without_country(read, of_country), {}
        return
    words = _without_country(read, of_country)
    spelt = {word.text: word.spelt for word in read.words if word.spelt}
    telling = _significant(words)
    yield (SHORT if len(telling) == 1 and read.words[0].upper else PLAIN), words, spelt
    if _is_vietnamese(text, language):
        yield from ((INITIALS, words, {}) for words in _initials(text))


def _without_phrases(words: list[str], phrases: Iterable[Words]) -> list[str]:
    """Words without phrases at their beginning or end, the longest first; stop words that then stand there go too."""
    ordered = sorted((list(phrase) for phrase in phrases if phrase), key=len, reverse=True)
    changed = True
    while changed and words:
        changed = False
        for phrase in ordered:
            size = len(phrase)
            if size < len(words) and words[:size] == phrase:
                words, changed = words[size:], True
            elif size < len(words) and words[-size:] == phrase:
                words, changed = words[:-size], True
        while words and words[0] in STOP:
            words = words[1:]
        while words and words[-1] in STOP:
            words = words[:-1]
    return words


def _is_vietnamese(text: str, language: str | None) -> bool:
    return language == "vi" or (not text.isascii() and institution_words().is_vietnamese(text, fold(text)))


def _significant(words: list[str]) -> list[str]:
    return [word for word in words if word not in SILENT] or words


def _without_country(read: Text, of_country: frozenset[Words]) -> list[str]:
    """The words, without a last segment that only says the country: "Microsoft (United States)"."""
    last = [word.text for word in read.words if word.segment == read.words[-1].segment] if read.words else []
    words = [word.text for word in read.words]
    return words[: -len(last)] if tuple(last) in of_country and len(last) < len(words) else words


def _initials(text: str) -> Iterable[list[str]]:
    """A Vietnamese name with its first syllables as initials: dhbkhn; dhbk hanoi; dh bach khoa hanoi."""
    syllables = fold(nfc(text)).split()
    if syllables[:1] == ["truong"]:
        syllables = syllables[1:]
    for size in range(2, len(syllables) + 1):
        rest = institution_words().canonical(syllables[size:], True)
        initials = "".join(syllable[0] for syllable in syllables[:size])
        # "bv" is a firm's form elsewhere, and says nothing then
        if initials not in SILENT and (len(initials) > 2 or rest):
            yield [initials, *(word for _, _, words in rest for word in words if word not in STOP)]
