"""What a string says around a name, against the body that has it: strangers beside it, countries, places and addresses."""

from graph.links.strings.aligning import Laid
from graph.links.strings.index import Name, NameIndex, country_phrases
from graph.links.strings.reading import CONJUNCTIONS, SILENT
from graph.links.strings.ready import Reading
from ontology.institution_words import institution_words

_PARTS = frozenset({"college", "school", "institute", "center", "hospital", "academy", "campus"})
"""Words that begin the name of a body or of a part of one."""
_RARE = 6.0
"""Weight of a word that fewer than one body in four hundred has."""
CAP = 12.0
"""Weights above it say no more: a stranger is a stranger."""


def is_common(name: Name, index: NameIndex) -> bool:
    """Whether many bodies have each word of a name: "Faculty of Information Technology"."""
    return all(index.weights[word] < _RARE for word in name.words)


def _compare_language(values: dict[str, float], same: bool, common: bool) -> None:
    """A string that says no country speaks of the one of its language: a name of common words is that country's, no other's."""
    if same:
        values["country_agrees"] = 1.0
    elif common:
        values["country_differs"] = 1.0


def compare_hosts(values: dict[str, float], reading: Reading, index: NameIndex, body: int) -> None:
    own = index.bodies[body].hosts
    if own and reading.text.hosts:
        same = any(host == mine or host.endswith(f".{mine}") for host in reading.text.hosts for mine in own)
        values["host" if same else "host_differs"] = 1.0


def strange(reading: Reading, index: NameIndex, at: int, body: int) -> float:
    """What an uncovered word weighs: nothing where it is a stop word, a number, the body's own place or in another name of it."""
    word = reading.text.words[at]
    if word.text in SILENT or word.text.isdigit() or len(word.text) == 1:
        return 0.0
    place = reading.place_at.get(at)
    if place is not None and (
        place in index.place_phrases[body] or country_phrases().get(place) == index.bodies[body].country
    ):
        return 0.0
    number = index.number.get(word.text)
    if number is None:
        return index.unknown
    return 0.0 if number in index.words_of(body) else index.weights[number]


def compare_beside(values: dict[str, float], reading: Reading, laid: Laid, index: NameIndex) -> None:
    """Weights of what stands before and behind the name in its segments: the name of a part of the body, or of another body."""
    words = reading.text.words
    parts = institution_words().units | _PARTS

    def weigh(places: list[int]) -> float:
        strangers = (strange(reading, index, at, laid.name.body) for at in places if at not in laid.covered)
        return min(CAP, sum(strangers))

    before = [at for at in range(laid.start) if words[at].segment == words[laid.start].segment]
    left = weigh(before)
    if before and words[before[-1]].text in CONJUNCTIONS:
        values["left_joined"] = left
    elif any(words[at].text in parts for at in before):
        values["left_unit"] = left
    else:
        values["left"], values["led"] = left, float(left > 0)
    behind = [at for at in range(laid.end, len(words)) if words[at].segment == words[laid.end - 1].segment]
    if behind and words[behind[0]].text in CONJUNCTIONS:
        values["right_joined"] = weigh(behind)
        return
    unit = next((at for at in behind if words[at].text in parts), len(words))
    right = weigh([at for at in behind if at < unit])
    values["right"], values["followed"] = right, float(right > 0)
    values["right_unit"] = weigh([at for at in behind if at >= unit])


def compare_places(values: dict[str, float], reading: Reading, laid: Laid, index: NameIndex) -> None:
    """Countries and places that the string says outside the name, against those of the body."""
    body = laid.name.body

    def outside(first: int, last: int) -> bool:
        return not (laid.start <= first and last <= laid.end)

    own = index.bodies[body].country
    said = [codes for first, last, codes in reading.countries if outside(first, last)]
    if reading.country:
        said.append(frozenset({reading.country}))
    phrases = index.place_phrases[body]
    elsewhere = {phrase for first, last, phrase in reading.places if outside(first, last)}
    if any(own in codes for codes in said):
        values["country_agrees"] = 1.0
    elif (
        own
        and said
        and (reading.country or phrases.isdisjoint(elsewhere) or not elsewhere.isdisjoint(country_phrases()))
    ):
        # a town of another country may be called like a state's short form: "Redmond, WA"
        values["country_differs"] = 1.0
    if own and reading.spoken and not said:
        _compare_language(values, own == reading.spoken, is_common(laid.name, index))
    if not said and not reading.whole_places:
        values["place_unsaid"] = 1.0
    if not phrases.isdisjoint(elsewhere):
        values["place_agrees"] = 1.0
    elif phrases and any(phrase in elsewhere and phrase not in country_phrases() for phrase in reading.whole_places):
        inside = {phrase for first, last, phrase in reading.places if not outside(first, last)}
        values["place_differs"] = float(phrases.isdisjoint(inside))
