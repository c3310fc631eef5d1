"""Past deals of a snapshot with their indexes: who brokered which technology for which client, and when."""

from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from graph.views.arrays import NO_DAY, Arrays


class Index:
    """The places at which each number stands in a column.

    :param column: numbers from 0, or -1 for none
    :param size: how many numbers there are
    """

    def __init__(self, column: np.ndarray, size: int) -> None:
        self._places = np.argsort(column, kind="stable")
        self._start = np.searchsorted(column[self._places], np.arange(size + 1))

    def of(self, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Places of several numbers.

        :return: for each place found, which of the numbers given (their order) it is of, and the place
        """
        numbers = np.asarray(numbers, dtype=np.int64)
        counts = self._start[numbers + 1] - self._start[numbers]
        given = np.repeat(np.arange(len(numbers)), counts)
        offsets = np.arange(len(given)) - np.repeat(np.cumsum(counts) - counts, counts)
        return given, self._places[np.repeat(self._start[numbers], counts) + offsets]


class Deals:
    """The deals of a snapshot as columns of one length.

    ``thing`` points into ``technologies``, those that were dealt in, or is -1.
    """

    def __init__(self, arrays: Arrays) -> None:
        table = arrays.tables["deed"]
        self.broker, self.client, self.day = table["broker"], table["client"], table["day"]
        self.technology = table["technology"]
        self.transfer = table["transfer"]
        self.organisations = arrays.size("organisation")
        known = self.technology >= 0
        self.technologies, places = np.unique(self.technology[known], return_inverse=True)
        self.thing = np.full(len(table), -1, dtype=np.int64)
        self.thing[known] = places

    def __len__(self) -> int:
        return len(self.day)

    @cached_property
    def newest(self) -> int:
        """The day of the newest deal."""
        return int(self.day.max(initial=NO_DAY))

    @cached_property
    def served(self) -> np.ndarray:
        """A number for each technology and client that had a deal, each once."""
        known = self.technology >= 0
        return np.unique(self.technology[known].astype(np.int64) * self.organisations + self.client[known])

    def were_served(self, technology: np.ndarray, client: np.ndarray) -> np.ndarray:
        """Whether each technology reached each client before, in one deal or another; −1 is a technology that nobody has yet."""
        asked = technology.astype(np.int64) * self.organisations + client
        place = np.minimum(np.searchsorted(self.served, asked), max(len(self.served) - 1, 0))
        found: np.ndarray = (technology >= 0) & (self.served[place] == asked if len(self.served) else False)
        return found

    @cached_property
    def by_client(self) -> Index:
        return Index(self.client, self.organisations)

    @cached_property
    def by_broker(self) -> Index:
        return Index(self.broker, self.organisations)

    @cached_property
    def by_thing(self) -> Index:
        return Index(self.thing, len(self.technologies))

    @cached_property
    def pair(self) -> np.ndarray:
        """A number for each deal's broker and client together."""
        found: np.ndarray = self.broker.astype(np.int64) * self.organisations + self.client
        return found

    @cached_property
    def opening(self) -> np.ndarray:
        """Which deals were the first between their broker and their client."""
        return self.openings(np.ones(len(self), dtype=bool))

    def openings(self, kept: np.ndarray) -> np.ndarray:
        """Which deals are the first between their broker and their client, among those that are kept."""
        dated = np.flatnonzero(kept & (self.day > NO_DAY))
        order = dated[np.argsort(self.day[dated], kind="stable")]
        found = np.zeros(len(self), dtype=bool)
        found[order[np.unique(self.pair[order], return_index=True)[1]]] = True
        return found

    @cached_property
    def left(self) -> np.ndarray:
        """As :meth:`left_for`, among all deals."""
        return self.left_for(np.ones(len(self), dtype=bool))

    @cached_property
    def by_left(self) -> Index:
        return Index(self.left, self.organisations)

    def left_for(self, kept: np.ndarray) -> np.ndarray:
        """For the first deal of each pair, among those that are kept, whom the client had used last before it; -1 for the others."""
        dated = np.flatnonzero(kept & (self.day > NO_DAY))
        order = dated[np.lexsort((self.day[dated], self.client[dated]))]
        before, after = order[:-1], order[1:]
        moved = (self.client[before] == self.client[after]) & self.openings(kept)[after]
        found = np.full(len(self), -1, dtype=np.int64)
        found[after[moved]] = self.broker[before[moved]]
        return found

    def things_of(self, matrix: csr_array) -> csr_array:
        """The rows of the technologies that were dealt in, turned around: (columns × things)."""
        return csr_array(matrix[self.technologies].T)
