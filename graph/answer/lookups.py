"""Where the facts of a body, a technology or a need stand in the tables of a snapshot, so that no question reads a table through."""

from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csr_array

from graph.answer.deals import Index
from graph.views.arrays import NO_DAY, Arrays

_TRL = "scheme/trl/"


class Lookups:
    """Indexes over the tables of a snapshot, each made when first asked for."""

    def __init__(self, arrays: Arrays) -> None:
        self._arrays = arrays
        self._industries: dict[str, csr_array] = {}

    def _index(self, table: str, column: str, kind: str) -> Index:
        return Index(self._arrays.tables[table][column], self._arrays.size(kind))

    @cached_property
    def offerings(self) -> Index:
        """Rows of services by who offers them."""
        return self._index("offering", "organisation", "organisation")

    @cached_property
    def controls(self) -> Index:
        """Rows of control by who is controlled."""
        return self._index("control", "organisation", "organisation")

    @cached_property
    def levels(self) -> Index:
        """Rows of assessments by technology."""
        return self._index("level", "technology", "technology")

    @cached_property
    def offers(self) -> Index:
        """Rows of offers by technology."""
        return self._index("offer", "technology", "technology")

    @cached_property
    def owners(self) -> csr_array:
        """Who owns each technology, (technologies and an empty row × organisations), so that −1 stands for one that nobody has."""
        holding = self._arrays.tables["holding"]
        shape = (self._arrays.size("technology") + 1, self._arrays.size("organisation"))
        return coo_array((np.ones(len(holding)), (holding["technology"], holding["organisation"])), shape=shape).tocsr()

    def industries(self, kind: str) -> csr_array:
        """The industries of technologies, organisations or needs with all that are broader, half for each step up: (kind × concepts)."""
        if kind not in self._industries:
            matrices = self._arrays.matrices
            self._industries[kind] = csr_array(matrices[f"{kind}_industries"] @ matrices["concept_above"])
        return self._industries[kind]

    @cached_property
    def readiness(self) -> np.ndarray:
        """The level that each concept stands for; 0 for one that is no level, and at −1."""
        nodes = [*self._arrays.ids["concept"], ""]
        return np.array([int(node.rsplit("/", 1)[-1]) if node.startswith(_TRL) else 0 for node in nodes])

    @cached_property
    def required(self) -> np.ndarray:
        """The level that each need asks for; 0 where it asks for none, and at −1."""
        needs = self._arrays.tables["need"]
        found = np.zeros(self._arrays.size("need") + 1, dtype=np.int64)
        found[needs["need"]] = self.readiness[needs["level"]]
        return found

    @cached_property
    def budgets(self) -> np.ndarray:
        """The budget of each need in VND; −1 where it names none, and at −1."""
        return self._of_needs("budget", -1.0)

    @cached_property
    def posted(self) -> np.ndarray:
        """The day on which each need was posted."""
        return self._of_needs("day", NO_DAY)

    @cached_property
    def deadlines(self) -> np.ndarray:
        """The last day of each need."""
        return self._of_needs("deadline", NO_DAY)

    def last_levels(self, technologies: np.ndarray, day: int, kept: np.ndarray | None = None) -> np.ndarray:
        """The last assessed level of technologies by a day; 0 where there is none, and at −1.

        :param kept: which assessments count; all where nothing is said
        """
        table = self._arrays.tables["level"]
        given, rows = of_some(self.levels, technologies)
        counts = table["day"][rows] <= day
        if kept is not None:
            counts &= kept[rows]
        given, rows = given[counts], rows[counts]
        order = np.argsort(table["day"][rows], kind="stable")
        found = np.zeros(len(technologies), dtype=np.int64)
        found[given[order]] = self.readiness[table["level"][rows[order]]]
        return found

    def lowest_prices(self, technologies: np.ndarray, day: int, kept: np.ndarray | None = None) -> np.ndarray:
        """The lowest current public price of technologies in VND; infinite where there is none, and at −1.

        :param kept: which offers count; all where nothing is said
        """
        table = self._arrays.tables["offer"]
        given, rows = of_some(self.offers, technologies)
        price, start, until = (table[column][rows] for column in ("price", "start", "until"))
        current = (price > 0) & ((start <= NO_DAY) | (start <= day)) & ((until <= NO_DAY) | (until >= day))
        if kept is not None:
            current &= kept[rows]
        found = np.full(len(technologies), np.inf)
        np.minimum.at(found, given[current], price[current].astype(float))
        return found

    def _of_needs(self, column: str, otherwise: float) -> np.ndarray:
        needs = self._arrays.tables["need"]
        found = np.full(self._arrays.size("need") + 1, otherwise)
        # a snapshot that was kept before needs had a day tells none
        if column in needs.columns:
            found[needs["need"]] = needs[column]
        return found


def of_some(index: Index, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As :meth:`Index.of`, where −1 stands for one that has no rows."""
    saved = np.flatnonzero(numbers >= 0)
    given, places = index.of(numbers[saved])
    return saved[given], places
