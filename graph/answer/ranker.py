"""Similarities of one snapshot, computed once: technologies and needs as vectors over fields and words.

Field vectors spread over broader concepts (half for each step up) and are weighed by rarity; word vectors are TF-IDF with folded words
(Salton & Buckley 1988). Both are of unit length, so that a product is a cosine.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, diags_array

from graph.views.arrays import Arrays
from ontology.text import tokens

HALF_LIFE = 5 * 365.25
"""Days after which a past deal counts half."""


def unit_rows(matrix: csr_array) -> csr_array:
    """The rows of a matrix at length one; rows of nothing stay so."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return csr_array(diags_array(scale) @ matrix)


@dataclass(slots=True)
class Profile:
    """Technologies or needs as vectors: ``fields`` (n × concepts) and ``words`` (n × words), both of unit length."""

    fields: csr_array
    words: csr_array

    def __len__(self) -> int:
        return int(self.fields.shape[0])

    def rows(self, numbers: np.ndarray) -> "Profile":
        return Profile(csr_array(self.fields[numbers]), csr_array(self.words[numbers]))


class Ranker:
    """The vectors of a snapshot."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
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
        deeds = arrays.tables["deed"]
        self.near_deeds = deeds["technology"] >= 0

    def _weigh_fields(self, matrix: csr_array) -> csr_array:
        return csr_array((matrix @ self._above) @ diags_array(self._field_weight))

    def _weigh_words(self, matrix: csr_array) -> csr_array:
        return csr_array(matrix @ diags_array(self._word_weight))

    def _profile(self, kind: str) -> Profile:
        matrices = self.arrays.matrices
        return Profile(
            unit_rows(self._weigh_fields(matrices[f"{kind}_fields"])),
            unit_rows(self._weigh_words(matrices[f"{kind}_words"])),
        )

    def profile_of_text(self, text: str, concepts: list[str]) -> Profile:
        """An unsaved technology or need: its words, and the concepts that it was understood to be about."""
        counts: dict[int, int] = {}
        for word in tokens(text):
            number = self._word_number.get(word)
            if number is not None:
                counts[number] = counts.get(number, 0) + 1
        words = self._row(counts, len(self._word_number))
        found = {number: 1 for concept in concepts if (number := self.arrays.number("concept", concept)) is not None}
        fields = self._row(found, self.arrays.size("concept"))
        return Profile(unit_rows(self._weigh_fields(fields)), unit_rows(self._weigh_words(words)))

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

    def decay(self, days: np.ndarray, day: int) -> np.ndarray:
        """How much past deals count on a day; those after it, and those without a day, count nothing."""
        age = (day - days).astype(np.float64)
        known = (days > Arrays.NO_DAY) & (age >= 0)
        decayed: np.ndarray = np.where(known, 0.5 ** (np.maximum(age, 0) / HALF_LIFE), 0.0)
        return decayed
