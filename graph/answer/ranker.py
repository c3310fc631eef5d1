"""Similarities of one snapshot, computed once: technologies and needs as vectors over fields and words.

Field vectors spread over broader concepts (half for each step up) and are weighed by rarity; word vectors are TF-IDF with folded words
(Salton & Buckley 1988). Both are of unit length, so that a product is a cosine.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array

from graph.answer.deals import Deals
from graph.answer.lookups import Lookups
from graph.answer.nearness import Nearness
from graph.answer.weighing import Weights, weights
from graph.views.arrays import NO_DAY, TOWN, Arrays
from graph.views.bridge import LOOKS_ALIKE
from ontology.text import fold, spell

_NEAREST, _GUESSED = 50, 0.5
"""Technologies near in words of which the fields are taken over, and what a field that is guessed counts where one that was named
counts 1."""
HALF_LIFE = 5 * 365.25
"""Days after which a past deal counts half."""
_DECAYS = 8
"""Days and half-lives for which it is kept how much each past deal counts."""

_OF_THINGS = (
    "weights",
    "_above",
    "_field_weight",
    "_word_weight",
    "_word_number",
    "technologies",
    "needs",
    "_near_technologies",
    "_near_needs",
)
"""What a ranker knows of technologies, needs and concepts, whoever supplies, brokers or asks."""
_OF_DEALT = ("_dealt", "dealt_classes", "dealt_people", "dealt_countries", "dealt_towns")
"""What it knows of the technologies that were dealt in."""


def unit_rows(matrix: csr_array) -> csr_array:
    """The rows of a matrix at length one; rows of nothing stay so."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return csr_array(diags_array(scale) @ matrix)


def _nothing(rows: int, columns: int) -> csr_array:
    return csr_array(coo_array((rows, columns), dtype=np.float32))


@dataclass(slots=True)
class Profile:
    """Technologies or needs as vectors: ``fields`` (n × concepts) and ``words`` (n × words), both of unit length.

    ``classes`` (n × concepts) are the fields as stated, ``people`` (n × names of persons) who made it, ``countries`` and ``towns`` where it is from;
    needs have none of the last three.
    """

    fields: csr_array
    words: csr_array
    classes: csr_array
    people: csr_array
    countries: csr_array
    towns: csr_array

    def __len__(self) -> int:
        return int(self.fields.shape[0])

    def rows(self, numbers: np.ndarray) -> "Profile":
        return Profile(*(csr_array(getattr(self, part)[numbers]) for part in Profile.__slots__))


def said_words(text: str, besides: Mapping[str, float] = MappingProxyType({})) -> dict[str, float]:
    """What each word of a text counts, spelled and folded, and each that it says besides; who typed diacritics means them."""
    found = {word: 1 + math.log(count) for word, count in Counter(spell(text).split()).items()}
    alike: dict[str, float] = {}
    for word, counts in found.items():
        if (bare := fold(word)) != word:
            alike[bare] = max(alike.get(bare, 0.0), LOOKS_ALIKE * counts)
    for more in (alike, besides):
        found |= {word: max(found.get(word, 0.0), counts) for word, counts in more.items()}
    return found


class Ranker:
    """The vectors of a snapshot, its past deals, and the weights by which candidates are scored.

    :param weighed: weights, if others than those in use are tried
    """

    def __init__(self, arrays: Arrays, weighed: Weights | None = None) -> None:
        self.arrays, self.weights = arrays, weighed or weights()
        self.deals, self.lookups = Deals(arrays), Lookups(arrays)
        self._decayed: dict[tuple[int, float], np.ndarray] = {}
        self.steps: tuple[int, csr_array, csr_array] | None = None
        """Chances of a walk over the deals that are known on a day, as last asked."""
        self.word_parts: tuple[int, csr_array] | None = None
        """Parts of intermediaries in the first deals of firms by words of their names, of the same deals."""
        technologies = arrays.size("technology")
        self._above = arrays.matrices["concept_above"]
        spread = csr_array(arrays.matrices["technology_fields"] @ self._above)
        bearing = np.asarray((spread > 0).sum(axis=0)).ravel()
        self._field_weight = np.log1p(technologies / (1.0 + bearing)).astype(np.float32)
        documents = technologies + arrays.size("need")
        self._word_weight = np.log1p(documents / (1.0 + arrays.word_df)).astype(np.float32)
        self._word_number = {word: at for at, word in enumerate(arrays.ids["word"])}
        self.technologies = self._profile("technology")
        self.needs = self._profile("need")
        self.offerings = unit_rows(self._weigh_fields(arrays.matrices["offering_fields"]))

    def beside(self, arrays: Arrays) -> "Ranker":
        """The same over arrays in which organisations and their events differ, and neither technologies nor needs nor concepts do."""
        found = object.__new__(Ranker)
        same = [*_OF_THINGS]
        if arrays.tables["deed"] is self.arrays.tables["deed"]:
            same += ["deals", "_decayed", "steps"]
        if arrays.matrices["organisation_grams"] is self.arrays.matrices["organisation_grams"]:
            same += ["_names", "name_words"]
            if "deals" in same:
                same.append("word_parts")
        if arrays.matrices["offering_fields"] is self.arrays.matrices["offering_fields"]:
            same += ["offerings", "offerings_turned"]
        found.__dict__.update({name: self.__dict__[name] for name in same if name in self.__dict__})
        found.arrays, found.lookups = arrays, Lookups(arrays)
        if "deals" not in found.__dict__:
            found.deals, found._decayed, found.steps = Deals(arrays), {}, None
        found.__dict__.setdefault("word_parts", None)
        if "offerings" not in found.__dict__:
            found.offerings = unit_rows(found._weigh_fields(arrays.matrices["offering_fields"]))
        if np.array_equal(found.deals.technologies, self.deals.technologies):
            found.__dict__.update({name: self.__dict__[name] for name in _OF_DEALT if name in self.__dict__})
        return found

    @cached_property
    def _dealt(self) -> Nearness:
        dealt = self.deals.technologies
        return Nearness(csr_array(self.technologies.fields[dealt]), csr_array(self.technologies.words[dealt]))

    @cached_property
    def dealt_classes(self) -> csr_array:
        """Concepts × technologies that were dealt in; what a concept gives is shared among all that have it."""
        found = self.deals.things_of(self.technologies.classes)
        bearing = np.maximum(np.diff(found.indptr), 1)
        return csr_array(diags_array(1.0 / bearing) @ found)

    @cached_property
    def dealt_people(self) -> csr_array:
        """Names of persons × technologies that were dealt in."""
        return self.deals.things_of(self.technologies.people)

    @cached_property
    def dealt_countries(self) -> csr_array:
        """Countries × technologies that were dealt in."""
        return self.deals.things_of(self.technologies.countries)

    @cached_property
    def dealt_towns(self) -> csr_array:
        """Towns × technologies that were dealt in."""
        return self.deals.things_of(self.technologies.towns)

    @cached_property
    def _names(self) -> tuple[csr_array, csr_array]:
        """Organisations as vectors over parts of their names, rare ones counting more, of unit length; and the same turned around."""
        grams = self.arrays.matrices["organisation_grams"]
        bearing = np.maximum(np.asarray(grams.sum(axis=0)).ravel(), 1.0)
        rarity = np.log(max(grams.shape[0], 1) / bearing) ** 1.5
        vectors = unit_rows(csr_array(grams @ diags_array(rarity.astype(np.float32))))
        return vectors, csr_array(vectors.T)

    @property
    def name_vectors(self) -> csr_array:
        """Organisations as vectors over parts of their names, of unit length."""
        return self._names[0]

    @cached_property
    def name_words(self) -> tuple[csr_array, csr_array, np.ndarray]:
        """Which words are in the names of organisations, the same turned around, and how rare each is."""
        grams = self.arrays.matrices["organisation_grams"]
        words = np.array(
            [at for at, gram in enumerate(self.arrays.ids["gram"]) if gram.startswith("=")], dtype=np.int64
        )
        found = csr_array(csr_array(grams.tocsc()[:, words]).astype(np.float64))
        bearing = np.maximum(np.asarray(found.sum(axis=0)).ravel(), 1.0)
        return found, csr_array(found.T), np.log(max(grams.shape[0], 1) / bearing)

    def named_like(self, organisations: np.ndarray) -> csr_array:
        """How much the names of organisations are like those of all: cosines, (given × organisations)."""
        vectors, turned = self._names
        return csr_array(csr_array(vectors[organisations]) @ turned)

    def near_dealt(self, profiles: Profile, least: float) -> csr_array:
        """As :meth:`similarity`, to the technologies that were dealt in, from some least one on: (profiles × things)."""
        return self._dealt.at_least(profiles.fields, profiles.words, least)

    def field_vectors(self, concepts: list[str], stated: csr_array) -> csr_array:
        """Vectors of unit length as those of technologies, for what is stated of others: (rows × concepts given)."""
        numbers = np.array([-1 if (at := self.arrays.number("concept", one)) is None else at for one in concepts])
        known = np.flatnonzero(numbers >= 0)
        places = (known, numbers[known].astype(np.int64))
        shape = (len(concepts), self.arrays.size("concept"))
        as_numbered = csr_array(coo_array((np.ones(len(known), dtype=np.float32), places), shape=shape))
        return unit_rows(self._weigh_fields(csr_array(stated @ as_numbered)))

    def _weigh_fields(self, matrix: csr_array) -> csr_array:
        return csr_array((matrix @ self._above) @ diags_array(self._field_weight))

    def _weigh_words(self, matrix: csr_array) -> csr_array:
        return csr_array(matrix @ diags_array(self._word_weight))

    def _profile(self, kind: str) -> Profile:
        matrices = self.arrays.matrices
        classes = matrices[f"{kind}_fields"]
        return Profile(
            unit_rows(self._weigh_fields(classes)),
            unit_rows(self._weigh_words(matrices[f"{kind}_words"])),
            classes,
            self._stated(kind, "people", "person"),
            self._stated(kind, "countries", "country"),
            self._stated(kind, "towns", "town"),
        )

    def _stated(self, kind: str, what: str, columns: str) -> csr_array:
        """What is stated of each technology; of needs nothing is."""
        found = self.arrays.matrices.get(f"{kind}_{what}")
        if found is None:
            found = _nothing(self.arrays.size(kind), self.arrays.size(columns))
        return found

    def profile_of_text(
        self,
        text: str,
        concepts: list[str],
        people: Iterable[str] = (),
        countries: Iterable[str] = (),
        besides: Mapping[str, float] = MappingProxyType({}),
        towns: Iterable[str] = (),
    ) -> Profile:
        """An unsaved technology or need: its words, the concepts that it was understood to be about, and where known the names of who
        made it, the codes of the countries that it is from, and the towns in the first of them where it was made.

        :param besides: words that it is taken to say besides, and what each counts
        """
        numbers = self._word_number
        counted = {numbers[word]: counts for word, counts in said_words(text, besides).items() if word in numbers}
        words = self._row(counted, len(numbers))
        found = self._found("concept", concepts)
        fields = self._row(found, self.arrays.size("concept"))
        made = self._found("person", map(fold, people))
        countries = list(countries)
        made_in = [f"{fold(town)}{TOWN}{next(iter(countries), '')}" for town in towns]
        return Profile(
            unit_rows(self._weigh_fields(fields)),
            unit_rows(self._weigh_words(words)),
            fields,
            self._row(made, self.arrays.size("person")),
            self._row(self._found("country", countries), self.arrays.size("country")),
            self._row(self._found("town", made_in), self.arrays.size("town")),
        )

    def with_near_fields(self, text: Profile, labelled: Mapping[str, float]) -> Profile:
        """A text that is also taken to be about the fields of the technologies that are nearest in words, for few name what they mean
        as a scheme does (Rocchio 1971, without anybody's judgement), and about concepts with labels near to it.

        :param text: one, as :meth:`profile_of_text` gives it
        :param labelled: these concepts, and what each counts
        """
        nothing = _nothing(len(text), text.fields.shape[1])
        nearest, halves = self._near_technologies.best(nothing, text.words, _NEAREST)
        alike = (4 * halves**2).astype(np.float32)
        near = csr_array((alike, nearest, [0, len(nearest)]), shape=(1, len(self.technologies)))
        numbers = ((self.arrays.number("concept", concept), counts) for concept, counts in labelled.items())
        said = self._row({at: counts for at, counts in numbers if at is not None}, self.arrays.size("concept"))
        fields = text.fields
        for guess in (csr_array(near @ self.technologies.classes), said):
            fields = csr_array(fields + _GUESSED * unit_rows(self._weigh_fields(guess)))
        return replace(text, fields=unit_rows(fields))

    def _found(self, kind: str, nodes: Iterable[str]) -> dict[int, float]:
        return {number: 1.0 for node in nodes if (number := self.arrays.number(kind, node)) is not None}

    @staticmethod
    def _row(counts: dict[int, float], width: int) -> csr_array:
        columns = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        values = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        return csr_array((values, (np.zeros(len(counts), dtype=np.int64), columns)), shape=(1, width))

    def similarity(self, left: Profile, right: Profile) -> np.ndarray:
        """Cosine over fields and words together, (left × right): fields say what it is about, words what it is."""
        found: np.ndarray = (0.5 * (left.fields @ right.fields.T) + 0.5 * (left.words @ right.words.T)).toarray()
        return found

    def nearest_technologies(
        self, profile: Profile, most: int, among: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """The technologies with the highest :meth:`similarity` to any that is asked about, and how near they are.

        :param among: the technologies that count, as a mask
        """
        return self._near_technologies.best(profile.fields, profile.words, most, among)

    def nearest_needs(
        self, profile: Profile, most: int, among: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """The needs with the highest :meth:`similarity` to any technology that is asked about, and how near they are.

        :param among: the needs that count, as a mask
        """
        return self._near_needs.best(profile.fields, profile.words, most, among)

    def wanted(self, profile: Profile) -> np.ndarray:
        """The highest :meth:`similarity` of each technology asked about to any need."""
        return self._near_needs.highest(profile.fields, profile.words)

    @cached_property
    def offerings_turned(self) -> csr_array:
        """Fields of services as columns."""
        return csr_array(self.offerings.T)

    def covered_by(
        self, offerings: np.ndarray, most: int, among: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """The technologies of which the fields are best covered by any of some services, and the highest cosine of each."""
        fields = csr_array(self.offerings[offerings])
        no_words = _nothing(len(offerings), len(self._word_number))
        numbers, halves = self._near_technologies.best(fields, no_words, most, among)
        return numbers, 2 * halves

    @cached_property
    def _near_technologies(self) -> Nearness:
        return Nearness(self.technologies.fields, self.technologies.words)

    @cached_property
    def _near_needs(self) -> Nearness:
        return Nearness(self.needs.fields, self.needs.words)

    def decayed(self, day: int, half_life: float) -> np.ndarray:
        """How much each past deal counts on a day."""
        key = (day, half_life)
        found = self._decayed.get(key)
        if found is None:
            found = self.decay(self.deals.day, day, half_life)
            if len(self._decayed) == _DECAYS:
                self._decayed.clear()
            self._decayed[key] = found
        return found

    def decay(self, days: np.ndarray, day: int, half_life: float = HALF_LIFE) -> np.ndarray:
        """How much past deals count on a day; those after it, and those without a day, count nothing."""
        age = (day - days).astype(np.float64)
        known = (days > NO_DAY) & (age >= 0)
        decayed: np.ndarray = np.where(known, 0.5 ** (np.maximum(age, 0) / half_life), 0.0)
        return decayed
