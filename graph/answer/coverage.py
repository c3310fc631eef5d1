"""What intermediaries cover: services, fields, industries, areas and languages, by their offerings of a day and what is said of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

import numpy as np

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
            narrower = aspect in ("field", "industry") and concept in self.broader(number)
            if other == aspect and (number in above or narrower):
                yield other, number

    def covers(self, body: int, wanted: Place) -> bool:
        """Whether a body covers what is wanted."""
        stated = ((aspect, number) for name, (aspect, _) in _STATED.items() for number in self.concepts(name, body))
        known = [*self._offers.get(body, {}), *stated]
        return any(True for _ in self._matching(wanted, known))

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
