"""Reads a string as words in segments: cleaned, folded, in canonical words, with what was typed kept beside."""

import re
from dataclasses import dataclass, field

from ontology.institution_words import institution_words
from ontology.text import fold, name_key, nfc, plain_letters, spell

STOP = frozenset(
    [
        "of",
        "the",
        "and",
        "for",
        "in",
        "at",
        "on",
        "an",
        "de",
        "la",
        "le",
        "les",
        "du",
        "des",
        "der",
        "die",
        "das",
        "und",
        "fur",
        "et",
        "en",
        "e",
        "y",
        "del",
        "della",
        "delle",
        "di",
        "do",
        "da",
        "dos",
        "das",
        "degli",
        "dei",
        "och",
        "og",
        "il",
        "el",
        "los",
        "las",
        "von",
        "van",
        "to",
        "with",
        "und",
        "zu",
        "im",
        "am",
        "auf",
        "aux",
        "au",
        "l",
        "d",
        "s",
    ]
)
"""Words that say nothing of whose name it is."""
CONJUNCTIONS = frozenset({"and", "und", "et", "e", "y", "og", "och", "en"})
SILENT = STOP | frozenset(
    [
        "company",
        "corporation",
        "ltd",
        "limited",
        "inc",
        "incorporated",
        "llc",
        "gmbh",
        "ag",
        "plc",
        "sa",
        "spa",
        "srl",
        "bv",
        "nv",
        "kk",
        "jsc",
        "ltda",
        "pvt",
        "pte",
        "pty",
        "group",
        "holding",
        "ev",
    ]
)
"""These, and what only says the legal form of a firm."""

_MARK = re.compile(r"#[A-Z]{1,4}#")  # control characters as some exports write them
_MAIL = re.compile(r"[\w.+{}-]+\s?@\s?([\w-]+(?:\.[\w-]+)+)")
_SITE = re.compile(r"(?:https?://|www\.)([\w-]+(?:\.[\w-]+)+)\S*", re.IGNORECASE)
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}(?=[\W]|$)|\b(?:[^\W\d_]\.){2,}[^\W\d_]?\b")
_AMPERSAND = re.compile(r"\b([A-ZĐ]{1,2})\s?&\s?([A-ZĐ])\b|\b([A-ZĐ]{2,6})&([A-ZĐ]{1,6})\b")
"""Initials joined by an ampersand: "R & D", "A&M", "KH&CN", "NN&PTNT"."""
_APOSTROPHES = frozenset("'’`´‘")
_APOSTROPHE = re.compile("['’`´‘]")
_ELISION = re.compile(r"\b(l|d|dell|dall|nell|all|sull|qu)['’`´‘]", re.IGNORECASE)
_MARKS = r"\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e00-\u0e7f"
_WORD = re.compile(rf"[^\W_][\w{_MARKS}]*(?:['’`´‘][^\W_]+)*")
_BREAK = re.compile(r"[,;:|()\[\]{}/\n\t•·]|\s[-–—]+\s|—")
_SENTENCE = 5
"""Letters: a full stop behind a word as long as this ends a segment, behind a shorter one it may be an abbreviation."""


@dataclass(frozen=True, slots=True)
class Word:
    """A canonical word, and how it was typed: ``spelt`` where that had Vietnamese diacritics and no canonical word replaced it;
    ``others`` are words that the abbreviation may stand for besides."""

    text: str
    segment: int
    spelt: str | None = None
    dotted: bool = False
    upper: bool = False
    replaced: bool = False
    others: tuple[str, ...] = ()


@dataclass(slots=True)
class Text:
    """A string as it is compared; ``hosts`` are the domains of addresses in it, ``forms`` the legal forms of firms by segment."""

    words: list[Word] = field(default_factory=list)
    hosts: frozenset[str] = frozenset()
    forms: dict[int, str] = field(default_factory=dict)
    vietnamese: bool = False


@dataclass(slots=True)
class _Raw:
    folded: str
    spelt: str
    dotted: bool
    upper: bool


def read_text(text: str) -> Text:
    """Words of a string or a name."""
    text, hosts = _without_addresses(plain_letters(nfc(text)))
    if "." in text:
        text = _INITIALS.sub(lambda found: re.sub(r"[.\s]", "", found.group()) + " ", text)
    if "&" in text:
        text = _AMPERSAND.sub(r"\1\2\3\4", text).replace("&", " and ")
    if not _APOSTROPHES.isdisjoint(text):
        text = _ELISION.sub(r"\1 ", text)
    segments = _segments(text)
    folded = fold(text)
    vietnamese = institution_words().is_vietnamese(text, folded)
    words = [word for number, raw in enumerate(segments) for word in _words(raw, number, vietnamese)]
    forms = {
        number: form
        for number, raw in enumerate(segments)
        if vietnamese and (form := name_key(" ".join(item.spelt for item in raw)).form) is not None
    }
    return Text(words, hosts, forms, vietnamese)


def _without_addresses(text: str) -> tuple[str, frozenset[str]]:
    """The text without e-mail and web addresses, and their hosts."""
    if "#" in text:
        text = _MARK.sub(" ; ", text)
    hosts: list[str] = []
    for mark, pattern in (("@", _MAIL), (".", _SITE)):
        if mark in text and (found := pattern.findall(text)):
            hosts += found
            text = pattern.sub(" ; ", text)
    return text, frozenset(host.lower().removeprefix("www.") for host in hosts)


def _segments(text: str) -> list[list[_Raw]]:
    segments: list[list[_Raw]] = [[]]
    end = 0
    for found in _WORD.finditer(text):
        between, word = text[end : found.start()], found.group()
        previous = segments[-1][-1] if segments[-1] else None
        ended = previous is not None and "." in between[:1] and len(previous.folded) >= _SENTENCE and word[0].isupper()
        if previous is not None and (_BREAK.search(between) or (ended and text[found.start() - 1].isspace())):
            segments.append([])
        end = found.end()
        folded = fold(word) if _APOSTROPHES.isdisjoint(word) else fold(_APOSTROPHE.sub("", word))
        if folded:
            segments[-1].append(
                _Raw(folded, spell(word), text[end : end + 1] == ".", len(word) > 1 and word.upper() == word)
            )
    return [segment for segment in segments if segment]


def _only_school(word: _Raw, following: _Raw | None) -> bool:
    """Whether a word is the «Trường» of initials that say which kind of school: "Trường ĐHKHTN"."""
    return (
        word.folded == "truong" and following is not None and following.upper and following.folded[:2] in ("dh", "cd")
    )


def _words(raw: list[_Raw], segment: int, vietnamese: bool) -> list[Word]:
    words: list[Word] = []
    if vietnamese:
        raw = [item for item, following in zip(raw, [*raw[1:], None], strict=True) if not _only_school(item, following)]
    folded, spelt = [item.folded for item in raw], [item.spelt for item in raw]
    for at, size, canonical in institution_words().canonical(folded, vietnamese, spelt):
        first = raw[at]
        replaced = size > 1 or len(canonical) > 1 or not first.folded.startswith(canonical[0])
        for text in canonical:
            typed = first.spelt if vietnamese and not replaced and first.spelt != first.folded else None
            others = institution_words().ambiguous.get(first.folded, ()) if size == 1 else ()
            words.append(Word(text, segment, typed, first.dotted and size == 1, first.upper, replaced, others))
    return words
