"""Similarities of one snapshot, computed once: technologies and needs as vectors over fields and words.

Field vectors spread over broader concepts (half for each step up) and are weighed by rarity; word vectors are TF-IDF with folded words
(Salton & Buckley 1988). Both are of unit length, so that a product is a cosine.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array

from graph.answer.deals import Deals
from graph.answer.weighing import Weights, weights
from graph.views.arrays import NO_DAY, Arrays
from ontology.text import fold, tokens

HALF_LIFE = 5 * 365.25
"""Days after which a past deal counts half."""


def unit_rows(matrix: csr_array) -> csr_array:
    """The rows of a matrix at length one; rows of nothing stay so."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return csr_array(diags_array(scale) @ matrix)


@dataclass(slots=True)
class Profile:
    """Technologies or needs as vectors: ``fields`` (n × concepts) and ``words`` (n × words), both of unit length.

    ``classes`` (n × concepts) are the fields as stated, ``people`` (n × names of persons) who made it, ``countries`` where it is from;
    needs have neither of the last two.
    """

    fields: csr_array
    words: csr_array
    classes: csr_array
    people: csr_array
    countries: csr_array

    def __len__(self) -> int:
        return int(self.fields.shape[0])

    def rows(self, numbers: np.ndarray) -> "Profile":
        return Profile(
            *(csr_array(part[numbers]) for part in (self.fields, self.words, self.classes, self.people, self.countries))
        )


class Ranker:
    """The vectors of a snapshot, its past deals, and the weights by which candidates are scored.

    :param weighed: weights, if others than those in use are tried
    """

    def __init__(self, arrays: Arrays, weighed: Weights | None = None) -> None:
        self.arrays, self.weights = arrays, weighed or weights()
        self.deals = Deals(arrays)
        self.steps: tuple[int, csr_array, csr_array] | None = None
        """Chances of a walk over the deals that are known on a day, as last asked."""
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
        self.near_deeds = self.deals.technology >= 0

    @cached_property
    def _dealt_fields(self) -> csr_array:
        return self.deals.things_of(self.technologies.fields)

    @cached_property
    def _dealt_words(self) -> csr_array:
        return self.deals.things_of(self.technologies.words)

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
    def _names(self) -> tuple[csr_array, csr_array]:
        """Organisations as vectors over parts of their names, rare ones counting more, of unit length; and the same turned around."""
        grams = self.arrays.matrices["organisation_grams"]
        bearing = np.maximum(np.asarray(grams.sum(axis=0)).ravel(), 1.0)
        rarity = np.log(max(grams.shape[0], 1) / bearing) ** 1.5
        vectors = unit_rows(csr_array(grams @ diags_array(rarity.astype(np.float32))))
        return vectors, csr_array(vectors.T)

    def named_like(self, organisations: np.ndarray) -> csr_array:
        """How much the names of organisations are like those of all: cosines, (given × organisations)."""
        vectors, turned = self._names
        return csr_array(csr_array(vectors[organisations]) @ turned)

    def near_dealt(self, profiles: Profile) -> np.ndarray:
        """As :meth:`similarity`, to the technologies that were dealt in: (profiles × things)."""
        found: np.ndarray = 0.5 * (profiles.fields @ self._dealt_fields).toarray()
        found += 0.5 * (profiles.words @ self._dealt_words).toarray()
        return found

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
        )

    def _stated(self, kind: str, what: str, columns: str) -> csr_array:
        """What is stated of each technology; of needs nothing is."""
        found = self.arrays.matrices.get(f"{kind}_{what}")
        if found is None:
            size = (self.arrays.size(kind), self.arrays.size(columns))
            found = csr_array(coo_array(size, dtype=np.float32))
        return found

    def profile_of_text(
        self, text: str, concepts: list[str], people: Iterable[str] = (), countries: Iterable[str] = ()
    ) -> Profile:
        """An unsaved technology or need: its words, the concepts that it was understood to be about, and where known the names of who
        made it and the codes of the countries that it is from."""
        counts: dict[int, int] = {}
        for word in tokens(text):
            number = self._word_number.get(word)
            if number is not None:
                counts[number] = counts.get(number, 0) + 1
        words = self._row(counts, len(self._word_number))
        found = self._found("concept", concepts)
        fields = self._row(found, self.arrays.size("concept"))
        made = self._found("person", map(fold, people))
        return Profile(
            unit_rows(self._weigh_fields(fields)),
            unit_rows(self._weigh_words(words)),
            fields,
            self._row(made, self.arrays.size("person")),
            self._row(self._found("country", countries), self.arrays.size("country")),
        )

    def _found(self, kind: str, nodes: Iterable[str]) -> dict[int, int]:
        return {number: 1 for node in nodes if (number := self.arrays.number(kind, node)) is not None}

    @staticmethod
    def _row(counts: dict[int, int], width: int) -> csr_array:
        columns = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        values = 1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))
        return csr_array((values, (np.zeros(len(counts), dtype=np.int64), columns)), shape=(1, width))

    def similarity(self, left: Profile, right: Profile) -> np.ndarray:
        """Cosine over fields and words together, (left × right): fields say what it is about, words what it is."""
        # the short side is transposed: turning the long one around would cost more than the product
        fields = right.fields @ csr_array(left.fields.T)
        words = right.words @ csr_array(left.words.T)
        found: np.ndarray = (0.5 * fields + 0.5 * words).toarray().T
        return found

    def decay(self, days: np.ndarray, day: int, half_life: float = HALF_LIFE) -> np.ndarray:
        """How much past deals count on a day; those after it, and those without a day, count nothing."""
        age = (day - days).astype(np.float64)
        known = (days > NO_DAY) & (age >= 0)
        decayed: np.ndarray = np.where(known, 0.5 ** (np.maximum(age, 0) / half_life), 0.0)
        return decayed
