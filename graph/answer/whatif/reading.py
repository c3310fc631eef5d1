"""A snapshot as it would be, read like any other: names and facts from the changed dataset, ranking on the changed arrays."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, cast

import pyoxigraph as ox

from graph.answer.ranker import Ranker
from graph.answer.reading import Reading, StoredReading
from graph.answer.whatif.store import HypotheticalStore
from graph.views.arrays import Arrays
from graph.views.reading import SnapshotViews


class HypotheticalViews(SnapshotViews):
    """The views of a snapshot with another dataset and other arrays. Search is the snapshot's: what is supposed is not found by name."""

    def __init__(self, base: SnapshotViews, store: HypotheticalStore, arrays: Arrays) -> None:
        self._home, self._path = base._home, base._path
        self.made_of, self.snapshot, self.index = base.made_of, base.snapshot, base.index
        # it is read by the same calls, and by no other
        self.store = cast(ox.Store, store)
        self.__dict__ |= {"arrays": arrays, "bridge": base.bridge}
        self.triples = lru_cache(maxsize=_KEPT)(self._triples)
        self.name = lru_cache(maxsize=_KEPT)(self._name)
        self.record = lru_cache(maxsize=_KEPT)(self._record)


class HypotheticalReading(StoredReading):
    """A snapshot as it would be; what the property graph would say is read from the dataset, as of a past snapshot.

    :param today: the same with an empty difference, which is asked about nodes that are as they were
    :param merged: whether a body became another one, which is seen from further away than what stands beside it
    """

    def __init__(
        self,
        base: Reading,
        store: HypotheticalStore,
        arrays: Arrays,
        ranker: Ranker,
        today: "HypotheticalReading | None" = None,
        merged: bool = False,
    ) -> None:
        super().__init__(HypotheticalViews(base.views, store, arrays))
        self.hypothetical, self._today, self._merged = store, today, merged
        self._differing = store.around() if today else set()
        self.__dict__["ranker"] = ranker

    def about(self, question: str, parameter: str, nodes: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        if self._today is None or (self._merged and question in _SEES_FURTHER):
            return super().about(question, parameter, nodes)
        wanted = set(nodes)
        found = super().about(question, parameter, wanted & self._differing)
        return found | self._today.about(question, parameter, wanted - self._differing)


_SEES_FURTHER = frozenset({"technology_rights"})
"""Questions about nodes that tell more than what stands beside these: of a technology also the tasks of a unit from which it came."""
_KEPT = 4_000
"""Nodes of which a scenario's views keep what is said."""
