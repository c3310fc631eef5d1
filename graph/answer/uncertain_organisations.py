"""Organisations as the model of records compares them today: who stands apart and may be one, and what speaks for links that there are."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from graph.answer.compared_records import said_of
from graph.answer.review_pairs import LEAST, Found, Ground, Weights
from graph.links.matching import other_identifier
from graph.links.organisations import compared
from graph.links.profiles import read_profiles
from graph.links.records.bodies import excludes
from graph.links.records.organisations import ORGANISATIONS
from graph.links.records.parameters import read_organization_parameters


class ComparedOrganisations:
    """All organisations of a snapshot, compared.

    :param ground: what the queue is made of
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        parameters = read_organization_parameters()
        self._learned = parameters.learned
        self._profiles = read_profiles(ground.con, "Organization")
        self._pairs = compared(ground.con, self._profiles, parameters)

    def weights(self, later: str, earlier: str) -> Weights:
        """What spoke for two mentions and against them; nothing where they are not compared."""
        ends = sorted((self._place.get(later, -1), self._place.get(earlier, -1)))
        at = self._number.get((ends[0], ends[1]))
        return () if at is None else said_of(ORGANISATIONS, self._learned, self._pairs, at)

    def apart(self) -> Iterator[Found]:
        """Organisations that stand apart and may be one, save those of which something forbids it."""
        identifiers: dict[str, frozenset[tuple[str, str]]] = defaultdict(frozenset)
        for profile in self._profiles:
            identifiers[self._entity(profile.first)] |= profile.identifiers
        seen: set[frozenset[str]] = set()
        for at in np.argsort(-self._pairs.probability, kind="stable").tolist():
            probability = float(self._pairs.probability[at])
            if probability < LEAST:
                return
            one, other = (self._profiles[int(end[at])] for end in (self._pairs.left, self._pairs.right))
            ends = (self._entity(other.first), self._entity(one.first))
            if ends[0] == ends[1] or frozenset(ends) in seen:
                continue
            seen.add(frozenset(ends))
            if not excludes(one, other) and not other_identifier(identifiers[ends[0]], identifiers[ends[1]]):
                why = said_of(ORGANISATIONS, self._learned, self._pairs, at)
                yield Found(ends[0], ends[1], False, probability, why, "", ((other.first,), (one.first,)))

    def _entity(self, mention: str) -> str:
        return self._ground.entity.get(mention, mention)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {member: at for at, profile in enumerate(self._profiles) for member in profile.members}

    @cached_property
    def _number(self) -> dict[tuple[int, int], int]:
        """Places of two profiles → the number of their pair."""
        ends = zip(self._pairs.left.tolist(), self._pairs.right.tolist(), strict=True)
        return {pair: at for at, pair in enumerate(ends)}
