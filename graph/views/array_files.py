"""Writes arrays that DuckDB computes: lists of nodes, sparse matrices, columns; always into files of their own."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from scipy.sparse import csr_array

from graph.views.counted_words import CountedWords, Split, count_words, read_counted


@dataclass(frozen=True, slots=True)
class CountedBeside:
    """Where counts of words are written to, and where older ones stand, if there are any; both are directories."""

    new: Path
    old: Path | None = None


class ArrayWriter:
    """Writes into one directory; ``sizes`` and ``matrices`` keep account of what there is.

    :param table: the resolved table that is read
    :param counted: where counts of words stand from which a later change goes on
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, table: str, directory: Path, counted: "CountedBeside | None" = None
    ) -> None:
        self.con, self.table, self.directory, self.counted = con, table, directory, counted
        self.ids: dict[str, list[str]] = {}
        self.sizes: dict[str, int] = {}
        self.matrices: dict[str, tuple[int, int]] = {}

    def file(self, name: str) -> Path:
        """Where to write a file: never into one that is shared with older arrays."""
        path = self.directory / name
        path.unlink(missing_ok=True)
        return path

    def text(self, name: str, values: list[str]) -> None:
        """A list of ids or words, one a line."""
        self.file(f"{name}.txt").write_text("\n".join(values), encoding="utf-8")

    def save(self, name: str, array: Any) -> None:
        """An array."""
        np.save(self.file(f"{name}.npy"), np.ascontiguousarray(array))

    def listed(self, kind: str, query: str) -> None:
        """Number what a query of one column gives, in a temporary table ``kind`` (entity, i)."""
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE {kind} AS SELECT entity, (row_number() OVER (ORDER BY entity) - 1)::INTEGER AS i "
            f"FROM ({query}) AS found(entity)"
        )
        ids = [row[0] for row in self.con.execute(f"SELECT entity FROM {kind} ORDER BY i").fetchall()]
        self.ids[kind], self.sizes[kind] = ids, len(ids)
        self.text(f"{kind}_ids", ids)

    def matrix(self, name: str, rows: str, columns: str, query: str) -> None:
        """A sparse matrix of what a query gives as row, column and value."""
        found = self.con.execute(query).fetchnumpy()
        row, column, value = (np.asarray(found[key]) for key in found)
        shape = (self.sizes[rows], self.sizes[columns])
        matrix = csr_array((value.astype(np.float32), (row.astype(np.int64), column.astype(np.int64))), shape=shape)
        matrix.sum_duplicates()
        self.sparse(name, matrix)

    def counted_words(self, name: str, documents: list[str], texts: str, split: Split) -> CountedWords:
        """Count the words of documents, of those alone whose texts differ where older counts stand; see :func:`count_words`."""
        beside = self.counted
        before = read_counted(beside.old / name) if beside and beside.old else None
        found = count_words(self.con, documents, texts, split, before)
        if beside:
            found.write(beside.new / name)
        return found

    def sparse(self, name: str, matrix: csr_array) -> None:
        """A sparse matrix, as it is."""
        rows, columns = matrix.shape
        self.matrices[name] = (rows, columns)
        for part in ("data", "indices", "indptr"):
            self.save(f"{name}.{part}", getattr(matrix, part))

    def columns(self, name: str, query: str) -> None:
        """Columns of a query as arrays ``name.column``, in one order whatever the engine's."""
        found = self.con.execute(f"SELECT * FROM ({query}) ORDER BY ALL").fetchnumpy()
        for column, values in found.items():
            array = np.ma.filled(np.ma.asarray(values), -1)
            self.save(f"{name}.{column}", array)
