"""What a column's header may mean in the ontology: Vietnamese with or without diacritics, abbreviated, or English.

Everything that is known of wordings stands in Turtle: labels and synonyms of properties and classes, short forms, the kinds of
identifier, and the labels of concepts that a column may stand for, such as the roles in a task.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from rdflib import RDFS, Literal

from loaders.formats.header_rows import JOINED
from ontology.model import KN, ontology
from ontology.schemes import schemes
from ontology.text import fold, spell

CLASS, CODE, PROPERTY, IDENTIFIER, CONCEPT = "class", "code", "property", "identifier", "concept"
_IDENTIFIERS = "identifier-scheme/1"
_ROLES = "participation-role/1"
_LANGUAGES = "language/1"
_NAMES = {"ten", "ten goi", "name", "name of", "title", "title of", "ten day du", "full name of"}
"""Words for "name" before or behind what is named."""
_CODES = ("ma {}", "ma so {}", "so hieu {}", "{} code", "{} id", "code of {}")
"""Wordings of a code that an office gives to things of a class."""
_FILLING = {"cua", "cac", "the", "of", "neu", "co", "so", "va", "and", "if", "any"}
_SIZES = {
    **dict.fromkeys(("ty", "ti", "billion", "bn"), 10**9),
    **dict.fromkeys(("trieu", "tr", "trd", "million", "mil"), 10**6),
    **dict.fromkeys(("nghin", "ngan", "thousand", "1000", "1 000", "1000d"), 10**3),
    "": 1,
}
_SIZE = "|".join(sorted(filter(None, _SIZES), key=len, reverse=True))
_MONEY = re.compile(rf"\b({_SIZE}) ?(?:dong|vnd|vn d|d)\b|\b(trd)\b")
"""A unit of money wherever it stands; "hợp đồng" and "công ty" are none."""
_ALONE = re.compile(rf"^(?:don vi(?: tinh)? |dvt |unit |in )?({_SIZE}|)(?: ?(?:dong|vnd|vn d|d|viet nam|usd))*$")
"""All that stands in parentheses, or behind a word for unit."""


@dataclass(frozen=True, slots=True)
class Term:
    """Something that a header may mean: a class whose things it names or numbers, a property, a kind of identifier or a concept."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """A term, how well the header fits it (1 is word for word), and whether the header says that it names things of the class."""

    term: Term
    fit: float
    named: bool = False


@cache
def known_terms() -> Mapping[str, tuple[Term, ...]]:
    """Folded wording → the terms that go by it."""
    known = ontology()
    found: dict[str, dict[Term, None]] = defaultdict(dict)

    def add(text: str, term: Term) -> None:
        found[_long(fold(text))][term] = None
        found[fold(text)][term] = None

    for prop in known.properties.values():
        for text in (_words(prop.name), *prop.labels.values(), *prop.synonyms):
            add(text, Term(PROPERTY, prop.name))
    for cls in known.classes.values():
        for text in (_words(cls.name), *cls.labels.values(), *cls.synonyms):
            add(text, Term(CLASS, cls.name))
            for wording in _CODES:
                add(wording.format(text), Term(CODE, cls.name))
    for concept in schemes().concepts.values():
        if concept.scheme in (_IDENTIFIERS, _ROLES):
            term = Term(IDENTIFIER, concept.code) if concept.scheme == _IDENTIFIERS else Term(CONCEPT, concept.id)
            for text in (*concept.labels.values(), *(text for _, text in concept.synonyms)):
                add(text, term)
    return {text: tuple(terms) for text, terms in found.items() if text}


def _words(name: str) -> str:
    """A term's local name as words: hostedBy is "hosted By"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


@cache
def _short_forms() -> Mapping[str, str]:
    return {fold(short): fold(words) for short, words in ontology().short_forms.items()}


def _long(folded: str) -> str:
    """Folded words with short forms written out."""
    words = f" {folded} "
    for short, long in _short_forms().items():
        words = words.replace(f" {short} ", f" {long} ")
    return words.strip()


def meanings(header: str) -> list[Meaning]:
    """What a header may mean, the best first."""
    found: dict[Term, Meaning] = {}
    for text, weight in _readings(header):
        for meaning in _meanings(text, weight):
            known = found.get(meaning.term)
            if known is None or (meaning.fit, meaning.named) > (known.fit, known.named):
                found[meaning.term] = meaning
    return sorted(found.values(), key=lambda meaning: -meaning.fit)


def _readings(header: str) -> Iterator[tuple[str, float]]:
    """The ways to read a header, folded: whole, without what stands in parentheses, the lower and the upper of two rows."""
    bare = re.sub(r"\([^()]*\)|\[[^\]]*\]", " ", header)
    # one word of an exchange format: maSoThue, tax_code, ten.vi
    bare = re.sub(r"(?<=[a-zà-ỹ])(?=[A-Z])", " ", bare)
    parts = [part for part in bare.split(JOINED) if fold(part)]
    yield fold(" ".join(parts)), 1.0
    yield fold(header), 1.0
    if len(parts) > 1:
        yield fold(parts[-1]), 0.8
        yield fold(parts[0]), 0.5
    first, *rest = re.split(r"\s*[/;,:]\s*|\s+-\s+", bare)
    if rest and fold(first):
        yield fold(first), 0.7


def _meanings(text: str, weight: float) -> Iterator[Meaning]:
    texts = dict.fromkeys((text, _long(text)))
    for words in texts:
        for term in known_terms().get(words, ()):
            yield Meaning(term, weight)
    for words in texts:
        if (named := _without_name(words)) is not None:
            for term in known_terms().get(named, ()):
                yield Meaning(term, weight, named=True)
    long = _long(text)
    for phrase, terms in known_terms().items():
        count = len(phrase.split())
        if count > 1 and f" {phrase} " in f" {long} " and phrase != long:
            rest = [word for word in f" {long} ".replace(f" {phrase} ", " ", 1).split() if word not in _FILLING]
            fit = weight * 0.9 * count / (count + len(rest))
            if fit >= 0.45:
                for term in terms:
                    yield Meaning(term, fit, named=bool(rest) and " ".join(rest) in _NAMES)


def _without_name(words: str) -> str | None:
    """What a header names that says "name of …"; ``None`` where it says no such thing."""
    for name in sorted(_NAMES, key=len, reverse=True):
        if words.startswith(f"{name} "):
            return words.removeprefix(f"{name} ")
        if words.endswith(f" {name}"):
            return words.removesuffix(f" {name}")
    return None


def is_name(header: str) -> bool:
    """Whether a header says "name" and nothing else."""
    return any(text in _NAMES for text, _ in _readings(header))


def language_of(header: str) -> str | None:
    """The language that a header says its texts are in ("Tên tiếng Anh", "Name (English)")."""
    words = f" {fold(header)} "
    for concept in schemes().concepts.values():
        if concept.scheme == _LANGUAGES and any(f" {fold(label)} " in words for label in concept.labels.values()):
            return concept.code
    return None


def without_language(header: str) -> str:
    """A header without the words that say its language."""
    words = f" {fold(header)} "
    for concept in schemes().concepts.values():
        if concept.scheme == _LANGUAGES:
            for label in sorted(concept.labels.values(), key=len, reverse=True):
                words = words.replace(f" {fold(label)} ", " ")
    return re.sub(r"\b(?:bang|in)\s*$", "", words.strip()).strip()


def factor_of(text: str) -> int | None:
    """What one of an amount stands for by a header or title: "Kinh phí (triệu đồng)" is a million; ``None`` where it does not say."""
    if found := _MONEY.search(fold(text)):
        return _SIZES[found[1] or found[2]]
    inside = re.findall(r"[(\[]([^()\[\]]*)[)\]]", text)
    said = re.split(r"(?i)đơn vị(?: tính)?|đvt|\bunit\b", text, maxsplit=1)[1:]
    for part in (*inside, *said):
        if (words := fold(part)) and (found := _ALONE.match(words)):
            return _SIZES[found[1]]
    return None


@cache
def _words_of(language: str) -> frozenset[str]:
    """Words of the ontology's labels and synonyms in a language."""
    graph = ontology().graph
    texts = (text for prop in (RDFS.label, KN.synonym) for _, _, text in graph.triples((None, prop, None)))
    return frozenset(
        word for text in texts if isinstance(text, Literal) and text.language == language for word in fold(text).split()
    )


def is_english(headers: Iterable[str]) -> bool:
    """Whether headers without diacritics are rather English than Vietnamese."""
    words = [word for header in headers for word in next(_readings(header))[0].split()]
    english, vietnamese = _words_of("en"), _words_of("vi")
    return sum(word in english and word not in vietnamese for word in words) > sum(
        word in vietnamese and word not in english for word in words
    )


def is_vietnamese(text: str) -> bool:
    """Whether a text has Vietnamese diacritics."""
    return spell(text) != fold(text)
