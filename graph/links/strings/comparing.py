"""Compares a name with a string: what the words that are there, and those that are not, say for and against."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from itertools import pairwise
from math import log

from graph.links.strings.aligning import Laid, lay
from graph.links.strings.index import INITIALS, PLAIN, SHORT, Name, NameIndex
from graph.links.strings.reading import SILENT, STOP
from graph.links.strings.ready import Reading
from graph.links.strings.surroundings import CAP, compare_beside, compare_hosts, compare_places, strange

MEANINGS = {
    "certainty": "what every candidate starts from",
    "evidence": "weight of the words of the name that stand together in the string",
    "thin": "how much less that is than tells a body",
    "outright": "the whole name fills a segment, and is not thin",
    "verbatim": "the words of the name follow each other as in the register",
    "place_evidence": "what of the evidence is the body's own place",
    "only_place": "nothing but the body's place is there",
    "complete": "no word of the name is missing",
    "complete_evidence": "the evidence, where none is missing",
    "crossed": "the name goes over the end of a segment",
    "borrowed": "weight of words that stand in another segment, with strangers between",
    "displaced": "weight of words of place that stand far off",
    "place_apart": "the body's place, which is in its name, stands alone elsewhere",
    "missing": "weight of the words that are missing, places aside",
    "missing_share": "the same as a share of the name",
    "missing_place": "a word of place is missing",
    "missing_kind": "the word that says what kind of body it is is missing",
    "gap": "weight of strangers inside the name",
    "gapped": "there are such",
    "left": "weight of strangers before the name in its segment",
    "led": "there are such",
    "left_unit": "the same, where they name a unit",
    "left_joined": "the same, joined by «and»",
    "right": "weight of strangers behind the name, up to what begins the name of a unit",
    "followed": "there are such",
    "right_unit": "weight of what begins so",
    "right_joined": "weight of what is behind, joined by «and»",
    "whole": "nothing else is in the segments of the name",
    "disorder": "share of neighbouring words that stand the other way round",
    "abbreviated": "weight lost by abbreviations, as a share",
    "country_agrees": "the string says the body's country",
    "country_differs": "the string says other countries only",
    "place_agrees": "the string says the body's town or region",
    "place_differs": "a segment is another place",
    "place_unsaid": "the string says no place",
    "acronym": "the name is an acronym, and in capitals in the string",
    "acronym_lower": "an acronym that is not",
    "acronym_letters": "how many letters it lacks to six, negative",
    "shared_name": "log of how many bodies are called so, in its country where the string says that",
    "host": "an address in the string is at the body's domain",
    "host_differs": "addresses are at other domains only",
    "shown_name": "the name is one that the register shows, no alias",
    "prominence": "log of how many names and units the body has",
    "parent_named": "a parent of the body is named in full beside it",
}
FEATURES = tuple(MEANINGS)
"""What is compared, in the order of the vectors; :meth:`Comparison.vector`."""
WIDTH = 2 * len(FEATURES)
"""Of a vector: a name of one word ("Demos", "MIT") is judged apart from longer ones."""

_TELLING = 2.0
"""Weight of a word that is more than a kind of body, such as "university"."""
_THICK = 8.0
"""Weights of a name below it say little of whose name it is: "Institute of Physics"."""


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


def compare(reading: Reading, name: Name, index: NameIndex) -> Comparison | None:
    """Compare a name with a string; None where no word of it is there, or where it can't be meant."""
    laid = lay(reading, name, index)
    if laid is None or _no_acronym(reading, laid) or _other_form(reading, laid) or _other_number(reading, laid):
        return None
    if name.kind == INITIALS and name.words[0] not in laid.held:
        return None
    gap = sum(strange(reading, index, at, name.body) for at in range(laid.start, laid.end) if at not in laid.covered)
    values = {"certainty": 1.0, "gap": min(CAP, gap), "gapped": float(gap > 0)}
    _compare_words(values, reading, laid, index)
    compare_beside(values, reading, laid, index)
    _compare_form(values, reading, laid, index)
    compare_places(values, reading, laid, index)
    compare_hosts(values, reading, index, name.body)
    _compare_name(values, reading, laid, index)
    return Comparison(name, laid.covered, values)


def _compare_words(values: dict[str, float], reading: Reading, laid: Laid, index: NameIndex) -> None:
    """Weights of the words that are there, by where they are."""
    words, weights, places = reading.text.words, index.weights, index.place_words[laid.name.body]
    own = place = borrowed = displaced = faded = far = 0.0
    missing = [word for word in laid.name.words if word not in laid.held]
    only_places_far = all(word in places for word in missing)
    for word, (at, quality) in laid.held.items():
        weight = weights[word] * quality
        faded += weights[word] - weight
        if at not in laid.near and only_places_far and at in reading.in_whole_places:
            far += weight
        elif at not in laid.near:
            displaced += weight
        elif at in reading.in_whole_places or (word in places and weight >= _TELLING):
            place += weight
        elif values["gapped"] and words[at].segment != words[laid.near[0]].segment:
            borrowed += weight
        else:
            own += weight
    values["evidence"] = min(own + (place if own else 0.0), 2 * CAP)
    values["thin"] = max(0.0, _THICK - values["evidence"])
    values["place_evidence"], values["only_place"] = (min(place, CAP) if own else 0.0), float(not own)
    values["place_apart"] = float(far > 0)
    values["borrowed"], values["displaced"] = min(borrowed, CAP), min(displaced, CAP)
    values["abbreviated"] = faded / max(own + place + borrowed + displaced, 1.0)
    lost, total = (sum(weights[w] for w in some) for some in (set(missing) - places, laid.name.words))
    values["missing"], values["missing_share"] = min(lost, CAP), lost / total if total else 0.0
    values["missing_place"] = float(any(word in places for word in missing))
    values["missing_kind"] = float(not index.kinds.isdisjoint(missing))
    values["complete"] = float(not missing and not borrowed and not displaced)
    values["complete_evidence"] = values["evidence"] * values["complete"]


def _compare_form(values: dict[str, float], reading: Reading, laid: Laid, index: NameIndex) -> None:
    """How the name stands there: in how many segments, alone or not, in which order."""
    words, name = reading.text.words, laid.name
    first, last = words[laid.start].segment, words[laid.end - 1].segment
    values["crossed"] = float(not values["gapped"] and first != last)
    values["whole"] = float(
        all(
            at in laid.covered or word.text in SILENT or (len(name.words) > 1 and word.text.isdigit())
            for at, word in enumerate(words)
            if first <= word.segment <= last
        )
    )
    values["outright"] = values["complete"] * values["whole"] * float(values["evidence"] >= _THICK)
    values["verbatim"] = _verbatim(reading, name.written)
    order = [
        laid.held[word][0]
        for word in name.words
        if word in laid.held and index.weights[word] >= _TELLING and word not in index.place_words[name.body]
    ]
    values["disorder"] = sum(b < a for a, b in pairwise(order)) / max(len(order) - 1, 1)


def _verbatim(reading: Reading, written: str) -> float:
    if f" {written} " in reading.written:
        return 1.0
    # stop words are those of the language in which it is called so: "Università di Bari" is "Université de Bari"
    bare = " ".join(word for word in written.split() if word not in STOP)
    return 0.6 if f" {bare} " in reading.bare else 0.0


def _compare_name(values: dict[str, float], reading: Reading, laid: Laid, index: NameIndex) -> None:
    """What the name and its body are, whatever the string."""
    name, words = laid.name, reading.text.words
    if name.kind != PLAIN and len(name.words) == 1:
        upper = all(words[at].upper for at in laid.covered)
        values["acronym" if upper else "acronym_lower"] = 1.0
        values["acronym_letters"] = min(len(words[laid.start].text), 6) - 6.0
    called_so: Set[int] = index.by_words.get(tuple(sorted(name.words)), frozenset())
    own = index.bodies[name.body].country if values.get("country_agrees") else None
    namesakes = sum(own in (None, index.bodies[body].country) for body in called_so)
    values["shared_name"] = log(max(1, namesakes))
    values["shown_name"] = float(name.shown)
    values["prominence"] = index.prominence[name.body]


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
        if any(apart):
            _among_units(comparison.values)
    return [
        item
        for item in found
        if (item.values.get("parent_named") or not item.name.beside_parent) and not _explained(item, found, reading)
    ]


def _explained(item: Comparison, found: list[Comparison], reading: Reading) -> bool:
    """Whether an acronym abbreviates what the string says before it, and that is not its body: "American Community Schools (ACS)"."""
    if item.name.kind != SHORT or len(item.name.words) > 1 or len(item.covered) > 1:
        return False
    (at,) = item.covered
    words = reading.text.words
    if at == 0 or words[at].segment == words[at - 1].segment:
        return False
    before = [place for place in range(at) if words[place].segment == words[at - 1].segment]
    telling = [place for place in before if words[place].text not in STOP][-len(words[at].text) :]
    if "".join(words[place].text[0] for place in telling) != words[at].text:
        return False
    own = (other for other in found if other.name.body == item.name.body and other is not item)
    return not any(2 * len(other.covered.intersection(telling)) > len(telling) for other in own)


def _among_units(values: dict[str, float]) -> None:
    """Where the parent is named, a name need only tell among its units: "Trường Đại học Kinh tế" is enough."""
    values["parent_named"], values["thin"] = 1.0, 0.0
    values["outright"] = values["complete"] * values["whole"]


def _no_acronym(reading: Reading, laid: Laid) -> bool:
    """Whether an acronym is rather a place's name ("USA") or a code ("PA"): two letters count only where nothing else is said."""
    if len(laid.name.words) > 1 or len(reading.text.words) == 1:
        return False
    if laid.name.kind == PLAIN:
        # "Phoenix" behind a comma is the town, not the firm
        return laid.near[0] in reading.in_whole_places
    return laid.near[0] in reading.in_places or len(reading.text.words[laid.near[0]].text) < 3


def _other_form(reading: Reading, laid: Laid) -> bool:
    """Whether a name and the segment where it stands are of firms with different legal forms."""
    form = reading.text.forms.get(reading.text.words[laid.near[0]].segment)
    return None not in (form, laid.name.form) and laid.name.form != form


def _other_number(reading: Reading, laid: Laid) -> bool:
    """Whether a number stands where the name has another one: "Children's Hospital 2" is not "Children's Hospital 1"."""
    words, own = reading.text.words, laid.name.written.split()
    if not own[-1].isdigit() or any(words[at].text == own[-1] for at in laid.covered) or laid.end == len(words):
        return False
    behind = words[laid.end]
    return behind.segment == words[laid.end - 1].segment and behind.text.isdigit() and len(behind.text) <= len(own[-1])
