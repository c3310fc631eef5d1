"""Arrays for ranking: sparse matrices and columns over technologies, organisations and needs; :mod:`graph.views.array_building` makes them.

Nothing in them depends on the day on which they were built: they hold days and counts, and whoever asks weighs them by the day of the
question. Rows are numbered in the order of the nodes' ids.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

NO_DAY = -1_000_000
"""A day that is not on record; days are counted from 1970-01-01."""

TOWN = ", "
"""What stands between a town and the code of its country, where towns are numbered."""


def day_number(day: str) -> int:
    """An ISO date as the arrays count days: from 1970-01-01."""
    return (date.fromisoformat(day) - date(1970, 1, 1)).days


@dataclass(slots=True)
class Table:
    """Columns of facts of one kind, all of one length."""

    columns: dict[str, np.ndarray]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))


class Arrays:
    """The arrays of a publish, opened to read.

    ``ids`` are the nodes by kind (technology, organisation, need, concept …); ``number`` finds a node's row. Matrices have shape
    (rows of the kind, concepts or words); tables hold row numbers, -1 where something is not on record.
    """

    def __init__(self, directory: Path) -> None:
        content = json.loads((directory / "arrays.json").read_text(encoding="utf-8"))
        self._directory = directory
        self.matrices: dict[str, csr_array] = {
            name: self._matrix(name, tuple(shape)) for name, shape in content["matrices"].items()
        }
        self.ids: dict[str, list[str]] = {}
        for kind, size in content["sizes"].items():
            path = directory / (
                "words.txt" if kind == "word" else f"{kind}.txt" if kind.endswith("_ids") else f"{kind}_ids.txt"
            )
            self.ids[kind.removesuffix("_ids")] = path.read_text(encoding="utf-8").split("\n") if size else []
        self._numbers = {kind: {node: at for at, node in enumerate(ids)} for kind, ids in self.ids.items()}
        self.tables = {
            name: self._table(name)
            for name in ("holding", "deed", "offering", "recognition", "need", "level", "offer", "control")
        }
        self.word_df = np.load(directory / "word_df.npy")

    def _matrix(self, name: str, shape: Sequence[int]) -> csr_array:
        data, indices, indptr = (
            np.load(self._directory / f"{name}.{part}.npy") for part in ("data", "indices", "indptr")
        )
        rows, columns = shape
        return csr_array((data, indices, indptr), shape=(rows, columns))

    def _table(self, name: str) -> Table:
        paths = sorted(self._directory.glob(f"{name}.*.npy"))
        return Table({path.name.split(".")[1]: np.load(path) for path in paths})

    def number(self, kind: str, node: str) -> int | None:
        """The row of a node, or ``None`` where it is none of that kind."""
        return self._numbers.get(kind, {}).get(node)

    def size(self, kind: str) -> int:
        """How many there are of a kind; none of one that arrays built earlier don't know."""
        return len(self.ids.get(kind, ()))
