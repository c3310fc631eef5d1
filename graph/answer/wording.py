"""How figures and words are put to people: days and numbers in their language, shared words as phrases of the text."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ontology.syllables import is_syllable
from ontology.text import fold

_DAY = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SMALL = 0.1
"""Below it a figure has a third digit."""
_MOST_PHRASES = 4
ODD_WORDS = {"vi": "vài từ riêng lẻ", "en": "a few single words"}
"""Said where what is shared makes no phrase."""
_MARKS = {"vi": "«{}»", "en": "“{}”"}
_OTHERS = {"vi": "{words} (lời tiếng Anh)", "en": "{words} (Vietnamese words)"}
"""Said where only words of the other language are shared."""
_SHORT = 4
"""Letters below which one word alone tells nothing."""


def said(fact: Any, language: str) -> Any:
    """A fact as people write it: 2 000 000 as 2.000.000 and 0.58 as 0,58 in Vietnamese, 2026-05-09 as 9/5/2026 or 9 May 2026."""
    if isinstance(fact, dict):
        return fact[language]
    if isinstance(fact, bool) or not isinstance(fact, int | float | str):
        return fact
    if isinstance(fact, float):
        text = f"{fact:.2f}" if fact == 0 or abs(fact) >= _SMALL else f"{fact:.3f}"
        return text.replace(".", ",") if language == "vi" else text
    if isinstance(fact, int):
        grouped = f"{fact:,}"
        return grouped.replace(",", ".") if language == "vi" else grouped
    found = _DAY.match(fact)
    if not found:
        return fact
    year, month, day = (int(part) for part in found.groups())
    return f"{day}/{month}/{year}" if language == "vi" else f"{day} {_MONTHS[month - 1]} {year}"


def dated(sentences: dict[str, str], day: int) -> dict[str, str]:
    """Sentences by language with a day put in them.

    :param day: counted from 1970-01-01
    """
    written = str(np.datetime64(day, "D"))
    return {language: sentence.format(day=said(written, language)) for language, sentence in sentences.items()}


_JOINING = re.compile(
    "và|hoặc|của|cho|với|bằng|từ|để|trong|trên|tại|theo|về|các|những|một|là|có|được|do|bị|đến|ở|như|khi|này|đó|không|"
    "and|or|of|for|with|by|from|to|in|on|at|the|a|an|is|are|as|its|their|this|that|using",
    re.IGNORECASE,
)
"""Words that join others: a phrase neither begins nor ends with them."""
_WHOLE = frozenset({"theo dõi", "từ tính", "từ trường", "bằng chứng"})
"""Words whose first syllable joins others where it stands alone."""


def _telling(run: list[str]) -> list[str]:
    """A run of words without what joins it to others; nothing where one Vietnamese syllable is left, as that is part of a word."""
    first, last = 0, len(run)
    while first < last and _JOINING.fullmatch(run[first]) and " ".join(run[first : first + 2]).lower() not in _WHOLE:
        first += 1
    while last > first and _JOINING.fullmatch(run[last - 1]):
        last -= 1
    rest = run[first:last]
    return [] if len(rest) == 1 and (is_syllable(rest[0]) or len(rest[0]) < _SHORT) else rest


def telling_runs(text: str) -> Iterator[list[str]]:
    """The runs of a text's words between signs and words that join others, in its order.

    >>> list(telling_runs("màng lọc nước lợ cho hộ nuôi tôm, 2026"))
    [['màng', 'lọc', 'nước', 'lợ'], ['hộ', 'nuôi', 'tôm']]
    """
    for clause in re.split(r"[^\w\s-]+|\n", text):
        run: list[str] = []
        for word in [*re.findall(r"[\w-]+", clause), ""]:
            if word and not word.isdigit() and not _JOINING.fullmatch(word):
                run.append(word)
                continue
            if run := _telling(run):
                yield run
            run = []


def of_language(phrases: Sequence[str], language: str) -> list[str]:
    """Those of some phrases that are not plainly of the other language.

    >>> of_language(["bún đậu", "wastewater", "CNC spindles", "pin lithium", "LoRaWAN"], "vi")
    ['bún đậu', 'pin lithium', 'LoRaWAN']
    """
    if language != "vi":
        return [phrase for phrase in phrases if phrase.isascii()]
    return [phrase for phrase in phrases if not _plainly_english(phrase)]


def _plainly_english(phrase: str) -> bool:
    """Whether fewer than half of a phrase's small words are Vietnamese syllables; of «the» and «on» nobody knows."""
    small = [word for word in re.findall(r"\w+", phrase) if word.islower()]
    return phrase.isascii() and 2 * sum(map(is_syllable, small)) < len(small)


def quoted(texts: Sequence[str], language: str, between: str = ", ") -> str:
    """Texts in the marks of a language, one after the other.

    >>> quoted(["wastewater", "tofu"], "en")
    '“wastewater”, “tofu”'
    """
    return between.join(_MARKS[language].format(text) for text in texts)


def told(phrases: Sequence[str], language: str) -> str:
    """Shared phrases as a sentence names them: those of its language, else those of the other one, which it says; else that none stands together.

    >>> told(["dữ liệu"], "en")
    '“dữ liệu” (Vietnamese words)'
    """
    if not phrases:
        return ODD_WORDS[language]
    own = of_language(phrases, language)
    return quoted(own, language) if own else _OTHERS[language].format(words=quoted(phrases, language))


def shared_phrases(texts: Sequence[str], words: Sequence[str], beside: Sequence[str] = ()) -> list[str]:
    """The longest runs of a text's words that are all among some folded words, the longest first, at most four; none that is only a syllable, or
    words that join others.

    :param beside: texts that share these words: a run has to stand in one of them too, and grows to all that stands together in both,
        as a part of a compound says nothing, and two syllables may come from two compounds

    >>> shared_phrases(["Xử lý nước thải lò mổ"], ["xu", "ly", "nuoc", "thai"])
    ['Xử lý nước thải']
    >>> shared_phrases(["Tìm sản phẩm thay kháng sinh"], ["pham", "sinh"], ["Chế phẩm sinh học thay thế kháng sinh"])
    ['kháng sinh']
    """
    wanted = set(words)
    runs: dict[str, str] = {}
    for run in _standing_in_both(texts, beside, wanted) if beside else _among(texts, wanted):
        if run := _telling(run):
            runs.setdefault(fold(" ".join(run)), " ".join(run))
    kept: list[str] = []
    for folded in sorted(runs, key=lambda key: (-len(key.split()), list(runs).index(key))):
        if not any(f" {folded} " in f" {fold(other)} " for other in kept):
            kept.append(runs[folded])
    return kept[:_MOST_PHRASES]


def _among(texts: Sequence[str], wanted: set[str]) -> Iterator[list[str]]:
    """The runs of words that are all among some folded ones."""
    for clause in (clause for text in texts for clause in _clauses(text)):
        run: list[str] = []
        for word in [*clause, ""]:
            if word and fold(word) in wanted:
                run.append(word)
                continue
            yield run
            run = []


def _standing_in_both(texts: Sequence[str], beside: Sequence[str], wanted: set[str]) -> Iterator[list[str]]:
    """The longest runs of words, within a clause, that stand in other texts too and have some of the words asked for."""
    clauses = [f" {' '.join(map(fold, clause))} " for text in beside for clause in _clauses(text)]
    for text in texts:
        for clause in _clauses(text):
            folded, reached = [fold(word) for word in clause], 0
            for start in range(len(clause)):
                end = start
                while end < len(clause) and any(f" {' '.join(folded[start : end + 1])} " in other for other in clauses):
                    end += 1
                if end > reached and wanted.intersection(folded[start:end]):
                    yield clause[start:end]
                reached = max(reached, end)


def _clauses(text: str) -> list[list[str]]:
    """The words between signs."""
    return [words for clause in re.split(r"[^\w\s-]+|\n", text) if (words := re.findall(r"\w+", clause))]
