"""Compares a name with a string: which words of the name stand where in the string, and what that says for and against."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import log

from graph.links.strings.index import PLAIN, Name, NameIndex, Words, country_phrases
from graph.links.strings.reading import CONJUNCTIONS, SILENT, STOP, Text, Word
from ontology.institution_words import institution_words

FEATURES = (
    "certainty",
    "evidence",
    "thin",
    "outright",
    "verbatim",
    "place_evidence",
    "only_place",
    "complete",
    "complete_evidence",
    "crossed",
    "borrowed",
    "displaced",
    "missing",
    "missing_share",
    "missing_place",
    "gap",
    "gapped",
    "left",
    "led",
    "left_unit",
    "left_joined",
    "right",
    "followed",
    "right_unit",
    "right_joined",
    "whole",
    "disorder",
    "abbreviated",
    "country_agrees",
    "country_differs",
    "place_agrees",
    "place_differs",
    "place_unsaid",
    "acronym",
    "acronym_lower",
    "acronym_letters",
    "shared_name",
    "host",
    "host_differs",
    "shown_name",
    "prominence",
    "parent_named",
)
"""What is compared, in the order of the vectors; :func:`Comparison.vector`."""

WIDTH = 2 * len(FEATURES)
"""Of a vector: a name of one word ("Demos", "MIT") is judged apart from longer ones."""

_REACH = 8
"""Words: a word of the name that stands farther from its rarest one belongs to something else, unless it is the body's place."""
_PARTS = frozenset({"college", "school", "institute", "center", "hospital", "academy", "campus"})
"""Words that begin the name of a body or of a part of one."""
_TELLING = 2.0
"""Weight of a word that is more than a kind of body, such as "university"."""
_THICK = 8.0
"""Weights of a name below it say little of whose name it is: "Institute of Physics"."""
_CAP = 12.0
"""Weights above it say no more: a stranger is a stranger."""


@dataclass(slots=True)
class Reading:
    """A string made ready: ``found`` gives for a word of the index the places where it stands and how well it is written there."""

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
    country: str | None = None


@dataclass(slots=True)
class Comparison:
    """One name of one body against a string: the words that it covers, and the values of :data:`FEATURES`."""

    name: Name
    covered: frozenset[int]
    values: dict[str, float] = field(default_factory=dict)

    def vector(self) -> list[float]:
        """The values in the order of :data:`FEATURES`, for names of several words first, then for those of one."""
        values = [self.values.get(feature, 0.0) for feature in FEATURES]
        apart = [0.0] * len(FEATURES)
        return [*apart, *values] if len(self.name.words) == 1 else [*values, *apart]


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
    countries, places, whole = _where(words, index)
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
        country,
    )


def _readings(words: list[Word], at: int, index: NameIndex) -> Iterator[tuple[int, float]]:
    word = words[at]
    number = index.number.get(word.text)
    known = number is not None and index.frequency[number] > 0
    if known and number is not None and word.text not in STOP:
        yield number, 1.0
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
    words: list[Word], index: NameIndex
) -> tuple[list[tuple[int, int, frozenset[str]]], list[tuple[int, int, Words]], list[tuple[int, int, Words]]]:
    """Countries, places, and places that fill a segment."""
    countries: list[tuple[int, int, frozenset[str]]] = []
    places: list[tuple[int, int, Words]] = []
    whole: list[tuple[int, int, Words]] = []
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
                if fills or phrase in country_phrases():
                    countries.append((at, at + size, codes))
                break
        else:
            size = 1
        at += size
    return countries, places, whole


def _fills(words: list[Word], start: int, end: int) -> bool:
    segment = words[start].segment
    return all(start <= at < end or word.segment != segment or word.text.isdigit() for at, word in enumerate(words))


def compare(reading: Reading, name: Name, index: NameIndex) -> Comparison | None:
    """Lay a name over a string where it fits best; None where no word of it is there."""
    aligned = _align(reading, name, index)
    if aligned is None or _no_acronym(reading, name, aligned[1]) or _other_form(reading, name, aligned[1]):
        return None
    held, near = aligned
    words, weights = reading.text.words, index.weights
    places = index.place_words[name.body]
    start, end = min(near), max(near) + 1
    covered = frozenset(at for at, _ in held.values())
    values: dict[str, float] = {"certainty": 1.0}
    gap = sum(_strange(reading, index, at, name.body) for at in range(start, end) if at not in covered)
    own = place = borrowed = displaced = 0.0
    for word, (at, quality) in held.items():
        weight = weights[word] * quality
        if at not in near:
            displaced += weight
        elif at in reading.in_whole_places or (word in places and weight >= _TELLING):
            place += weight
        elif gap and words[at].segment != words[near[0]].segment:
            borrowed += weight
        else:
            own += weight
    missing = [word for word in name.words if word not in held]
    lost = sum(weights[word] for word in missing if word not in places)
    matched, total = own + place + borrowed + displaced, sum(weights[word] for word in name.words)
    values["evidence"] = min(own + (place if own else 0.0), 2 * _CAP)
    values["place_evidence"], values["only_place"] = (min(place, _CAP) if own else 0.0), float(not own)
    values["complete"] = float(not missing and not borrowed and not displaced)
    values["complete_evidence"] = values["evidence"] * values["complete"]
    values["borrowed"], values["displaced"] = min(borrowed, _CAP), min(displaced, _CAP)
    values["crossed"] = float(not gap and words[start].segment != words[end - 1].segment)
    values["missing"], values["missing_share"] = min(lost, _CAP), lost / total if total else 0.0
    values["missing_place"] = float(any(word in places for word in missing))
    values["abbreviated"] = sum(weights[word] * (1 - quality) for word, (_, quality) in held.items()) / max(
        matched, 1.0
    )
    values["gap"], values["gapped"] = min(_CAP, gap), float(gap > 0)
    _compare_beside(values, reading, index, start, end, covered, name.body)
    values["whole"] = float(
        all(
            at in covered or word.text in SILENT or (len(name.words) > 1 and word.text.isdigit())
            for at, word in enumerate(words)
            if words[start].segment <= word.segment <= words[end - 1].segment
        )
    )
    values["thin"] = max(0.0, _THICK - values["evidence"])
    values["outright"] = values["complete"] * values["whole"] * float(values["evidence"] >= _THICK)
    values["verbatim"] = float(f" {name.written} " in reading.written)
    order = [held[word][0] for word in name.words if word in held and weights[word] >= _TELLING and word not in places]
    values["disorder"] = sum(b < a for a, b in pairwise(order)) / max(len(order) - 1, 1)
    _compare_places(values, reading, index, name.body, start, end)
    if name.kind != PLAIN and len(name.words) == 1:
        upper = all(words[at].upper for at in covered)
        values["acronym" if upper else "acronym_lower"] = 1.0
        values["acronym_letters"] = min(len(words[start].text), 6) - 6.0
    values["shared_name"] = log(len(index.by_words[tuple(sorted(name.words))]))
    _compare_hosts(values, reading, index, name.body)
    values["shown_name"] = float(name.shown)
    values["prominence"] = index.prominence[name.body]
    return Comparison(name, covered, values)


def compare_all(reading: Reading, names: Iterable[Name], index: NameIndex) -> list[Comparison]:
    """Compare names with a string, and say of each whether a parent of its body is named in full beside it."""
    found = [comparison for name in names if (comparison := compare(reading, name, index)) is not None]
    named: dict[int, list[frozenset[int]]] = {}
    for comparison in found:
        if comparison.values["complete"] and not comparison.values["gapped"]:
            named.setdefault(comparison.name.body, []).append(comparison.covered)
    for comparison in found:
        parents = (index.by_id.get(parent, -1) for parent in index.bodies[comparison.name.body].parents)
        apart = (covered.isdisjoint(comparison.covered) for parent in parents for covered in named.get(parent, ()))
        comparison.values["parent_named"] = float(any(apart))
    return found


def _no_acronym(reading: Reading, name: Name, near: list[int]) -> bool:
    """Whether an acronym is rather a place's name ("USA") or a code ("PA"): two letters count only where nothing else is said."""
    if name.kind == PLAIN or len(name.words) > 1:
        return False
    if len(reading.text.words) == 1:
        return False
    return near[0] in reading.in_places or len(reading.text.words[near[0]].text) < 3


def _other_form(reading: Reading, name: Name, near: list[int]) -> bool:
    """Whether a name and the segment where it stands are of firms with different legal forms."""
    form = reading.text.forms.get(reading.text.words[near[0]].segment)
    return name.form is not None and form is not None and name.form != form


def _compare_hosts(values: dict[str, float], reading: Reading, index: NameIndex, body: int) -> None:
    own = index.bodies[body].hosts
    if own and reading.text.hosts:
        same = any(host == mine or host.endswith(f".{mine}") for host in reading.text.hosts for mine in own)
        values["host" if same else "host_differs"] = 1.0


def _align(reading: Reading, name: Name, index: NameIndex) -> tuple[dict[int, tuple[int, float]], list[int]] | None:
    """Word of the name → (place in the string, how well written there); and the places that stand together."""
    found, words = reading.found, reading.text.words
    places = index.place_words[name.body]
    present = [word for word in name.words if word in found and _spelled_alike(reading, name, word)]
    if not present:
        return None
    own = [word for word in present if word not in places] or present
    anchor = max(own, key=lambda word: (index.weights[word], -len(found[word])))
    best: tuple[float, dict[int, tuple[int, float]], list[int]] | None = None
    for at, quality in found[anchor]:
        held, near, score = {anchor: (at, quality)}, [at], 0.0
        for word in present:
            if word == anchor:
                continue
            options = found[word]
            spot = min(
                options,
                key=lambda spot: abs(spot[0] - at) + 4 * abs(words[spot[0]].segment - words[at].segment) - spot[1],
            )
            distance = abs(spot[0] - at) + 4 * abs(words[spot[0]].segment - words[at].segment)
            if distance <= _REACH + len(name.words):
                held[word] = spot
                near.append(spot[0])
                score += index.weights[word] - 0.05 * distance
            elif word in places:
                held[word] = spot
                score += index.weights[word] - 1
        if best is None or score > best[0]:
            best = (score, held, near)
    assert best is not None
    return best[1], best[2]


def _spelled_alike(reading: Reading, name: Name, word: int) -> bool:
    """Whether a word that both typed with Vietnamese diacritics was typed with the same ones."""
    typed = name.spelt.get(word) if name.spelt else None
    if typed is None:
        return True
    spelt = [reading.text.words[at].spelt for at, _ in reading.found[word]]
    return any(other is None or other == typed for other in spelt)


def _strange(reading: Reading, index: NameIndex, at: int, body: int) -> float:
    """What an uncovered word weighs: nothing where it is a stop word, a number or the body's own place."""
    word = reading.text.words[at]
    if word.text in SILENT or word.text.isdigit() or len(word.text) == 1:
        return 0.0
    place = reading.place_at.get(at)
    if place is not None and (
        place in index.place_phrases[body] or country_phrases().get(place) == index.bodies[body].country
    ):
        return 0.0
    number = index.number.get(word.text)
    return index.unknown if number is None else index.weights[number]


def _compare_beside(
    values: dict[str, float],
    reading: Reading,
    index: NameIndex,
    start: int,
    end: int,
    covered: frozenset[int],
    body: int,
) -> None:
    """Weights of what stands before and behind the name in its segments: the name of a part of the body, or of another body."""
    words = reading.text.words
    parts = institution_words().units | _PARTS

    def weigh(places: list[int]) -> float:
        return min(_CAP, sum(_strange(reading, index, at, body) for at in places if at not in covered))

    before = [at for at in range(start) if words[at].segment == words[start].segment]
    left = weigh(before)
    if before and words[before[-1]].text in CONJUNCTIONS:
        values["left_joined"] = left
    elif any(words[at].text in parts for at in before):
        values["left_unit"] = left
    else:
        values["left"], values["led"] = left, float(left > 0)
    behind = [at for at in range(end, len(words)) if words[at].segment == words[end - 1].segment]
    if behind and words[behind[0]].text in CONJUNCTIONS:
        values["right_joined"] = weigh(behind)
        return
    unit = next((at for at in behind if words[at].text in parts), len(words))
    right = weigh([at for at in behind if at < unit])
    values["right"], values["followed"] = right, float(right > 0)
    values["right_unit"] = weigh([at for at in behind if at >= unit])


def _compare_places(
    values: dict[str, float], reading: Reading, index: NameIndex, body: int, start: int, end: int
) -> None:
    own = index.bodies[body].country
    said = [codes for first, last, codes in reading.countries if not (start <= first and last <= end)]
    if reading.country:
        said.append(frozenset({reading.country}))
    if own and said:
        agree = any(own in codes for codes in said)
        values["country_agrees" if agree else "country_differs"] = 1.0
    if not said and not reading.whole_places:
        values["place_unsaid"] = 1.0
    phrases = index.place_phrases[body]
    if phrases and reading.places:
        outside = [phrase for first, last, phrase in reading.places if not (start <= first and last <= end)]
        if not phrases.isdisjoint(outside):
            values["place_agrees"] = 1.0
        elif any(phrase not in country_phrases() for phrase in reading.whole_places if phrase in outside):
            inside = {phrase for first, last, phrase in reading.places if start <= first and last <= end}
            values["place_differs"] = float(phrases.isdisjoint(inside))
