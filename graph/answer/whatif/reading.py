"""A snapshot as it would be, read like any other: names and facts from the changed dataset, ranking on the changed arrays."""

from functools import lru_cache
from typing import cast

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
    """A snapshot as it would be; what the property graph would say is read from the dataset, as of a past snapshot."""

    def __init__(self, base: Reading, store: HypotheticalStore, arrays: Arrays, ranker: Ranker) -> None:
        super().__init__(HypotheticalViews(base.views, store, arrays))
        self.hypothetical = store
        self.__dict__["ranker"] = ranker


_KEPT = 4_000
"""Nodes of which a scenario's views keep what is said."""
