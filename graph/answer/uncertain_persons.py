"""Persons as the model of records compares them today: who stands apart and may be one, and what speaks for links that there are."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from graph.answer.compared_records import said_of
from graph.answer.review_pairs import LEAST, Found, Ground, Weights
from graph.links.matching import other_identifier
from graph.links.persons import prepare_records
from graph.links.profiles import read_profiles
from graph.links.records.clustering import CONSIDERED, apart
from graph.links.records.model import predict
from graph.links.records.parameters import read_record_parameters
from graph.links.records.persons import PERSONS

_NONE: frozenset[tuple[str, str]] = frozenset()


class ComparedPersons:
    """All persons of a snapshot, compared.

    :param ground: what the queue is made of
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._learned = read_record_parameters().of(PERSONS)
        self._subjects = prepare_records(ground.con, ground.entity)
        self._pairs = predict(ground.con, PERSONS, self._learned, CONSIDERED)

    def weights(self, later: str, earlier: str) -> Weights:
        """What spoke for two mentions and against them; nothing where they are not compared."""
        ends = sorted((self._number.get(later, -1), self._number.get(earlier, -1)))
        at = self._place.get((ends[0], ends[1]))
        return () if at is None else said_of(PERSONS, self._learned, self._pairs, at)

    def apart(self) -> Iterator[Found]:
        """Persons that stand apart and may be one, save those whom identifiers tell apart."""
        identifiers = self._identifiers()
        entities = [self._ground.entity[subject] for subject in self._subjects]
        best, probability = apart(self._pairs, np.unique(np.array(entities, dtype=str), return_inverse=True)[1])
        for of in np.flatnonzero(probability >= LEAST).tolist():
            at = int(best[of])
            one, other = int(self._pairs.left[at]), int(self._pairs.right[at])
            if not other_identifier(*(identifiers.get(entities[end], _NONE) for end in (one, other))):
                shown = ((self._subjects[other],), (self._subjects[one],))
                why = said_of(PERSONS, self._learned, self._pairs, at, float(probability[of]))
                yield Found(entities[other], entities[one], False, float(probability[of]), why, "", shown)

    @cached_property
    def _number(self) -> dict[str, int]:
        return {subject: at for at, subject in enumerate(self._subjects)}

    @cached_property
    def _place(self) -> dict[tuple[int, int], int]:
        """Numbers of two mentions → the number of their pair."""
        ends = zip(self._pairs.left.tolist(), self._pairs.right.tolist(), strict=True)
        return {pair: at for at, pair in enumerate(ends)}

    def _identifiers(self) -> dict[str, frozenset[tuple[str, str]]]:
        """Person → the identifiers of all mentions."""
        found: dict[str, frozenset[tuple[str, str]]] = {}
        for profile in read_profiles(self._ground.con, "Person"):
            for entity in {self._ground.entity[member] for member in profile.members} if profile.identifiers else ():
                found[entity] = found.get(entity, _NONE) | profile.identifiers
        return found
