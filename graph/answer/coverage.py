"""What intermediaries cover: services, fields, industries, areas and languages, by their offerings of a day and what is said of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csr_array

from graph.answer.model import SourceRef
from graph.answer.partner_model import Aspect
from graph.answer.reading import Reading
from graph.views.arrays import NO_DAY

_OFFERED: dict[str, Aspect] = {
    "offering_fields": "field",
    "offering_industries": "industry",
    "offering_areas": "area",
}
_STATED: dict[str, tuple[Aspect, str]] = {
    "organisation_fields": ("field", "hasField"),
    "organisation_industries": ("industry", "hasIndustry"),
    "organisation_places": ("area", "locatedIn"),
    "organisation_languages": ("language", "worksInLanguage"),
}
_NARROWER_TOO: tuple[Aspect, ...] = ("field", "industry")
"""Aspects that a specialist of a part of the wanted covers too."""
Place = tuple[Aspect, int]
"""An aspect, and a concept by number."""


class Coverage:
    """Who covers what on a day.

    A concept is covered by whoever covers it, a broader one (Vietnam covers Hanoi), or, for fields and industries, a narrower one (a
    specialist of part of the field).
    """

    def __init__(self, reading: Reading, day: int) -> None:
        self.reading, self.arrays = reading, reading.views.arrays
        offerings = self.arrays.tables["offering"]
        start, until = offerings["start"], offerings["until"]
        self._current = np.flatnonzero(((start <= NO_DAY) | (start <= day)) & ((until <= NO_DAY) | (until >= day)))

    @cached_property
    def _offers(self) -> dict[int, dict[Place, set[int]]]:
        """Body → what its offerings of the day cover → these offerings."""
        found: dict[int, dict[Place, set[int]]] = defaultdict(lambda: defaultdict(set))
        table = self.arrays.tables["offering"]
        for row in self._current:
            body, offering = int(table["organisation"][row]), int(table["offering"][row])
            if table["kind"][row] >= 0:
                found[body]["service", int(table["kind"][row])].add(offering)
            for name, aspect in _OFFERED.items():
                for concept in self.concepts(name, offering):
                    found[body][aspect, concept].add(offering)
        return found

    def concepts(self, matrix: str, row: int) -> list[int]:
        """The concepts of a row of a matrix."""
        found = self.arrays.matrices[matrix]
        return [int(concept) for concept in found.indices[found.indptr[row] : found.indptr[row + 1]]]

    def bodies(self) -> set[int]:
        """Who offers anything on the day."""
        return set(self._offers)

    def broader(self, concept: int) -> set[int]:
        """A concept and all that are broader."""
        return set(self.concepts("concept_above", concept))

    def _matching(self, wanted: Place, known: Iterable[Place]) -> Iterator[Place]:
        aspect, concept = wanted
        above = self.broader(concept)
        for other, number in known:
            narrower = aspect in _NARROWER_TOO and concept in self.broader(number)
            if other == aspect and (number in above or narrower):
                yield other, number

    def covers(self, body: int, wanted: Place) -> bool:
        """Whether a body covers what is wanted."""
        stated = ((aspect, number) for name, (aspect, _) in _STATED.items() for number in self.concepts(name, body))
        known = [*self._offers.get(body, {}), *stated]
        return any(True for _ in self._matching(wanted, known))

    def covering(self, bodies: np.ndarray, wanted: Sequence[Place]) -> np.ndarray:
        """Which of some bodies cover which of what is wanted, as :meth:`covers` says of one: a row a body, a column a place."""
        found = np.zeros((len(bodies), len(wanted)), dtype=bool)
        above = csr_array(self.arrays.matrices["concept_above"] > 0)
        for aspect in dict.fromkeys(aspect for aspect, _ in wanted):
            columns = [at for at, (other, _) in enumerate(wanted) if other == aspect]
            concepts = np.array([wanted[at][1] for at in columns])
            matching = above[concepts]
            if aspect in _NARROWER_TOO:
                matching = matching + above[:, concepts].T
            found[:, columns] = ((self._covered(aspect)[bodies] @ csr_array(matching).T) > 0).toarray()
        return found

    def _covered(self, aspect: Aspect) -> csr_array:
        """The concepts of an aspect that each body covers, by its offerings of the day and by what is said of it."""
        offered = [(body, concept) for body, places in self._offers.items() for one, concept in places if one == aspect]
        rows, columns = np.array(offered, dtype=np.int64).reshape(-1, 2).T
        shape = (self.arrays.size("organisation"), self.arrays.size("concept"))
        covered = csr_array(coo_array((np.ones(len(rows), dtype=np.int32), (rows, columns)), shape=shape))
        for name, (other, _) in _STATED.items():
            if other == aspect:
                covered = covered + csr_array(self.arrays.matrices[name] > 0).astype(np.int32)
        return csr_array(covered)

    def sources(self, body: int, wanted: Place) -> tuple[SourceRef, ...]:
        """The records that say that a body covers what is wanted."""
        node = self.arrays.ids["organisation"][body]
        found: dict[SourceRef, None] = {}
        offers = self._offers.get(body, {})
        for place in self._matching(wanted, offers):
            for offering in sorted(offers[place]):
                found.update(
                    dict.fromkeys(self.reading.stated(self.arrays.ids["offering"][offering], "provider", node))
                )
        for name, (aspect, prop) in _STATED.items():
            stated = [(aspect, number) for number in self.concepts(name, body)]
            for _, number in self._matching(wanted, stated):
                concept = self.arrays.ids["concept"][number]
                found.update(dict.fromkeys(self.reading.stated(node, prop, concept)))
        return tuple(found)[:5]
