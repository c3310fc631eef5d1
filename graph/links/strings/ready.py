"""Makes a string ready to be compared: which words of the index stand where, and which countries and places it says."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from graph.links.strings.index import NameIndex, Words, country_phrases
from graph.links.strings.reading import STOP, Text, Word


@dataclass(slots=True)
class Reading:
    """A string made ready: ``found`` gives for a word of the index the places where it stands and how well it is written there;
    ``initials`` the sets of words for which the one place may stand; ``bare`` is what is ``written`` without stop words,
    ``spoken`` the country that the string's language tells."""

    text: Text
    found: dict[int, list[tuple[int, float]]]
    numbers: list[int]
    countries: list[tuple[int, int, frozenset[str]]]
    places: list[tuple[int, int, Words]]
    whole_places: list[Words]
    in_whole_places: frozenset[int]
    in_places: frozenset[int]
    place_at: dict[int, Words]
    written: str
    bare: str
    country: str | None = None
    initials: dict[int, tuple[frozenset[int], ...]] = field(default_factory=dict)
    spoken: str | None = None


_SYLLABLE = 4
"""Letters of a country's name that is one Vietnamese syllable, at most."""


def make_ready(text: Text, index: NameIndex, country: str | None = None) -> Reading:
    """Look the string's words up in the index, with other ways of writing them."""
    found: dict[int, list[tuple[int, float]]] = {}
    words = text.words
    numbers = [-1] * len(words)
    for at in range(len(words)):
        for number, quality in _readings(words, at, index):
            if quality == 1.0:
                numbers[at] = number
            found.setdefault(number, []).append((at, quality))
    initials = _initials(text, index)
    for at, meanings in initials.items():
        for number in frozenset().union(*meanings):
            if numbers[at] != number:
                found.setdefault(number, []).append((at, 1.0))
    countries, places, whole = _where(text, index)
    return Reading(
        text,
        found,
        numbers,
        countries,
        places,
        [phrase for _, _, phrase in whole],
        frozenset(at for start, end, _ in whole for at in range(start, end)),
        frozenset(at for start, end, _ in places for at in range(start, end)),
        {at: phrase for start, end, phrase in places for at in range(start, end)},
        " ".join(("", *(word.text for word in words), "")),
        " ".join(("", *(word.text for word in words if word.text not in STOP), "")),
        country,
        initials,
        "VN" if text.vietnamese else None,
    )


def _initials(text: Text, index: NameIndex) -> dict[int, tuple[frozenset[int], ...]]:
    """Place → the sets of words that what stands there may be the initials of, in a Vietnamese string."""
    if not text.vietnamese:
        return {}
    return {
        at: meanings
        for at, word in enumerate(text.words)
        if not word.replaced
        and (word.upper or word.text not in index.number)
        and (meanings := index.initials.meanings(word.text))
    }


def _readings(words: list[Word], at: int, index: NameIndex) -> Iterator[tuple[int, float]]:
    word = words[at]
    number = index.number.get(word.text)
    known = number is not None and index.frequency[number] > 0
    if known and number is not None and word.text not in STOP:
        yield number, 1.0
    for other in word.others:
        if (meant := index.number.get(other)) is not None:
            yield meant, 0.95
    following = words[at + 1] if at + 1 < len(words) and words[at + 1].segment == word.segment else None
    if following is not None and (joined := index.number.get(word.text + following.text)) is not None:
        yield joined, 0.95
    if len(word.text) >= 5:
        for cut in range(2, len(word.text) - 1):
            left, right = index.number.get(word.text[:cut]), index.number.get(word.text[cut:])
            if left is not None and right is not None and (left, right) in index.pairs:
                yield left, 0.95
                yield right, 0.95
                break
    if (word.dotted or not known) and 3 <= len(word.text) <= 14 and word.text.isalpha() and not word.upper:
        for expansion in index.beginning(word.text):
            yield expansion, 0.9


def _where(
    text: Text, index: NameIndex
) -> tuple[list[tuple[int, int, frozenset[str]]], list[tuple[int, int, Words]], list[tuple[int, int, Words]]]:
    """Countries, places, and places that fill a segment."""
    countries: list[tuple[int, int, frozenset[str]]] = []
    places: list[tuple[int, int, Words]] = []
    whole: list[tuple[int, int, Words]] = []
    words = text.words
    texts = [word.text for word in words]
    at = 0
    while at < len(words):
        for size in range(min(5, len(words) - at), 0, -1):
            phrase = tuple(texts[at : at + size])
            codes = index.countries_of.get(phrase)
            if codes is not None and words[at].segment == words[at + size - 1].segment:
                places.append((at, at + size, phrase))
                fills = _fills(words, at, at + size)
                if fills:
                    whole.append((at, at + size, phrase))
                # one syllable is a part of many Vietnamese names: "Đức" is Germany, "Thủ Đức" is not
                syllable = text.vietnamese and size == 1 and len(phrase[0]) <= _SYLLABLE
                if fills or (phrase in country_phrases() and not syllable):
                    countries.append((at, at + size, codes))
                break
        else:
            size = 1
        at += size
    return countries, places, whole


def _fills(words: list[Word], start: int, end: int) -> bool:
    segment = words[start].segment
    return all(start <= at < end or word.segment != segment or word.text.isdigit() for at, word in enumerate(words))
