"""The comparing of Vietnamese and English text.

Fold for recall, compare unfolded for precision: "Dai hoc Bach khoa" finds "Đại học Bách khoa", but "đường" and "dương" are
different words once both were typed with diacritics.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_VOWEL_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}

LEGAL_FORMS: dict[str, tuple[str, ...]] = {
    "jsc": (
        "công ty cổ phần",
        "cty cổ phần",
        "cty cp",
        "công ty cp",
        "ctcp",
        "cong ty co phan",
        "cong ty cp",
        "cty co phan",
        "joint stock company",
        "joint-stock company",
        "jsc",
        "j s c",
    ),
    "llc": (
        "công ty trách nhiệm hữu hạn một thành viên",
        "công ty trách nhiệm hữu hạn",
        "công ty tnhh một thành viên",
        "công ty tnhh mtv",
        "công ty tnhh 1tv",
        "công ty tnhh",
        "cty tnhh",
        "cong ty trach nhiem huu han mot thanh vien",
        "cong ty trach nhiem huu han",
        "cong ty tnhh mot thanh vien",
        "cong ty tnhh mtv",
        "cong ty tnhh",
        "tnhh mtv",
        "tnhh",
    ),
    "private": ("doanh nghiệp tư nhân", "dntn", "doanh nghiep tu nhan"),
    "gmbh": ("gesellschaft mit beschrankter haftung", "gmbh & co kg", "gmbh", "mbh"),
    "ag": ("aktiengesellschaft", "ag"),
    "kk": ("kabushiki kaisha", "k k"),
    "bv": ("besloten vennootschap", "b v", "bv", "n v", "nv"),
    "sa": ("societe anonyme", "s a s", "s a", "sas", "s p a", "spa", "s r l", "srl"),
    "ab": ("aktiebolag", "ab", "oy", "a s", "as", "aps"),
    "company": (
        "company limited",
        "co ltd",
        "co limited",
        "pte ltd",
        "pty ltd",
        "limited liability company",
        "limited",
        "incorporated",
        "corporation",
        "company",
        "corp",
        "inc",
        "ltd",
        "llc",
        "co",
        "plc",
        "pty",
        "pte",
    ),
    "partnership": (
        "limited liability partnership",
        "llp",
        "l l p",
        "p c",
        "pc",
        "pllc",
        "p l l c",
        "pa",
        "p a",
        "lp",
        "l p",
    ),
}
"""Families of legal forms, each as phrases. A form is stripped as a phrase, never word by word."""


def nfc(text: str) -> str:
    """Composed Unicode, one space between words, none around."""
    return " ".join((text if text.isascii() else unicodedata.normalize("NFC", text)).split())


class _Characters(dict[int, str | None]):
    """What becomes of each character: itself where it belongs to a word, else a space; a diacritic of its own becomes ``mark``."""

    def __init__(self, mark: str | None) -> None:
        self._mark = mark

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        self[code] = made = (
            self._mark if unicodedata.combining(character) else character if character.isalnum() else " "
        )
        return made


_FOLDED, _SPELLED = _Characters(None), _Characters(" ")


_LETTERS = str.maketrans(
    {
        "ł": "l",
        "Ł": "L",
        "ø": "o",
        "Ø": "O",
        "æ": "ae",
        "Æ": "Ae",
        "œ": "oe",
        "Œ": "Oe",
        "ı": "i",
        "ð": "d",
        "þ": "th",
        "Þ": "Th",
    }
)


def plain_letters(text: str) -> str:
    """Letters that Unicode doesn't take apart, as they are typed on a keyboard without them: "Łódź" is "Lódź", "Tromsø" "Tromso"."""
    return text if text.isascii() else text.translate(_LETTERS)


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """Lower case, without diacritics (đ is d), punctuation as single spaces."""
    bare = text.lower() if text.isascii() else unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join(bare.translate(_FOLDED).split())


@lru_cache(maxsize=200_000)
def spell(text: str) -> str:
    """As :func:`fold`, with the diacritics kept. A syllable's tone goes to its end, so that "hoà" and "hòa" are one spelling."""
    if text.isascii():
        return fold(text)
    composed = unicodedata.normalize("NFC", text.casefold())
    return " ".join(map(_tone_last, composed.translate(_SPELLED).split()))


@lru_cache(maxsize=50_000)
def _tone_last(word: str) -> str:
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word)
    tones = "".join(c for c in parts if c in _VOWEL_TONES)
    return unicodedata.normalize("NFC", "".join(c for c in parts if c not in _VOWEL_TONES)) + tones


def has_diacritics(text: str) -> bool:
    """Whether somebody typed it with Vietnamese diacritics."""
    return spell(text) != fold(text)


def tokens(text: str) -> list[str]:
    """Folded words."""
    return fold(text).split()


_FORM_PATTERNS = [
    (family, re.compile(rf"(?:^|\s){re.escape(phrase)}(?=\s|$)"))
    for family, phrase in sorted(
        ((family, fold(phrase)) for family, phrases in LEGAL_FORMS.items() for phrase in dict.fromkeys(phrases)),
        key=lambda pair: -len(pair[1]),
    )
]
_FORM_HINT = {phrase.split()[0] for phrases in LEGAL_FORMS.values() for phrase in map(fold, phrases)}


@dataclass(frozen=True, slots=True)
class NameKey:
    """What two names of organisations are compared by: the folded core, its spelling, and the family of its legal form."""

    core: str
    spelling: str
    form: str | None
    typed: bool


def _strip(words: list[str], at: int, count: int) -> list[str]:
    return words[:at] + words[at + count :]


@lru_cache(maxsize=200_000)
def name_key(name: str) -> NameKey:
    """Fold a name of an organisation and take its legal form off as a phrase.

    A name that is nothing but a legal form keeps it, so that it can only meet its like.
    """
    name = _PARENTHESES.sub(" ", name) if _PARENTHESES.sub("", name).strip() else name
    folded, spelt = fold(name).split(), spell(name).split()
    aligned = len(folded) == len(spelt)
    form: str | None = None
    if not _FORM_HINT.isdisjoint(folded):
        text = " ".join(folded)
        for family, pattern in _FORM_PATTERNS:
            found = pattern.search(text)
            if found is None:
                continue
            at = len(text[: found.start()].split())
            count = len(found.group().split())
            # a form stands at an end of the name; in its middle the words belong to the name
            if 0 < at < len(folded) - count and family not in ("jsc", "llc"):
                continue
            rest = _strip(folded, at, count)
            if not rest:
                continue
            form = form or family
            folded, spelt = rest, (_strip(spelt, at, count) if aligned else spelt)
            text = " ".join(folded)
    if folded and folded[0] == "the" and len(folded) > 1:
        folded, spelt = folded[1:], spelt[1:] if aligned else spelt
    core, spelling = " ".join(folded), " ".join(spelt)
    return NameKey(core, spelling, form, spelling != core)


_PARENTHESES = re.compile(r"\([^)]*\)")


def same_name(a: NameKey, b: NameKey) -> bool:
    """Whether two keys can be one name: equal when folded, not contradicting in diacritics or legal form."""
    if a.core != b.core or not a.core:
        return False
    if a.typed and b.typed and a.spelling != b.spelling:
        return False
    return a.form is None or b.form is None or a.form == b.form


def syllable_acronym(name: str) -> str:
    """The acronym built from a name's first letters: "Đại học Bách khoa Hà Nội" is DHBKHN."""
    return "".join(word[0] for word in tokens(name)).upper()
