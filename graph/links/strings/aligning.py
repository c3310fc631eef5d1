"""Lays a name over a string: which of its words stand where."""

from dataclasses import dataclass

from graph.links.strings.index import Name, NameIndex
from graph.links.strings.reading import STOP
from graph.links.strings.ready import Reading

_REACH = 8
"""Words: a word of the name that stands farther from its rarest one belongs to something else, unless it is the body's place."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A name over a string.

    ``held`` gives for a word of the name where it stands and how well it is written there; ``near`` are the places that stand
    together, the rarest word's first, ``start`` and ``end`` what they span; ``covered`` are all places that the name takes.
    """

    name: Name
    held: dict[int, tuple[int, float]]
    near: list[int]
    start: int
    end: int
    covered: frozenset[int]


def lay(reading: Reading, name: Name, index: NameIndex) -> Laid | None:
    """Lay a name over a string where it fits best; None where no word of it is there."""
    aligned = _align(reading, name, index)
    if aligned is None:
        return None
    held, near = aligned
    start, end = _widened(reading, held, min(near), max(near) + 1)
    # a word that a name has twice stands in it twice: "Trường Đại học Bách khoa, Đại học Đà Nẵng"
    repeated = (at for at in range(start, end) if reading.numbers[at] in held)
    return Laid(name, held, near, start, end, frozenset((*(at for at, _ in held.values()), *repeated)))


def _align(reading: Reading, name: Name, index: NameIndex) -> tuple[dict[int, tuple[int, float]], list[int]] | None:
    """Word of the name → (place in the string, how well written there); and the places that stand together."""
    words = reading.text.words
    found = _as_meant(reading, name) if reading.initials else reading.found
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


def _widened(reading: Reading, held: dict[int, tuple[int, float]], start: int, end: int) -> tuple[int, int]:
    """The span with the words of the name that stand at its ends once more: "University of Science, University of Examplebridge"."""
    words, taken = reading.text.words, {at for at, _ in held.values()}

    def repeated(at: int) -> bool:
        return reading.numbers[at] in held and at not in taken

    at = start - 1
    while at >= 0 and words[at].segment == words[start].segment and (words[at].text in STOP or repeated(at)):
        start = at if repeated(at) else start
        at -= 1
    at = end
    while at < len(words) and words[at].segment == words[end - 1].segment and (words[at].text in STOP or repeated(at)):
        end = at + 1 if repeated(at) else end
        at += 1
    return start, end


def _as_meant(reading: Reading, name: Name) -> dict[int, list[tuple[int, float]]]:
    """The places of a name's words, where initials stand for one run of its syllables, the longest."""
    own = frozenset(name.words)
    meant = {
        at: max((run for run in meanings if run <= own), key=len, default=frozenset[int]())
        for at, meanings in reading.initials.items()
    }
    found: dict[int, list[tuple[int, float]]] = {}
    for word in name.words:
        spots = [
            (at, quality)
            for at, quality in reading.found.get(word, ())
            if at not in meant or word in meant[at] or reading.numbers[at] == word
        ]
        if spots:
            found[word] = spots
    return found


def _spelled_alike(reading: Reading, name: Name, word: int) -> bool:
    """Whether a word that both typed with Vietnamese diacritics was typed with the same ones."""
    typed = name.spelt.get(word) if name.spelt else None
    if typed is None:
        return True
    spelt = [reading.text.words[at].spelt for at, _ in reading.found[word]]
    return any(other is None or other == typed for other in spelt)
