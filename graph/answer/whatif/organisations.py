"""Arrays with an organisation more or one less, in memory: rows are numbered anew, as a build would number them."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import coo_array, csr_array

from graph.views.arrays import Arrays, Table
from ontology.text import fold

ORDER = {
    "holding": ("technology", "organisation", "start"),
    "deed": ("deed", "broker", "client", "technology", "day", "transfer"),
    "offering": ("offering", "organisation", "kind", "start", "until"),
    "recognition": ("organisation", "start", "until", "revoked"),
    "control": ("organisation", "controller"),
}
"""Columns by which a build orders the rows of tables that speak of organisations."""
_BODIES = ("organisation", "broker", "client", "controller")
_OF_BODIES = ("organisation_fields", "organisation_industries", "organisation_places", "organisation_languages")
_PROPERTIES = (("hasField",), ("hasIndustry",), ("locatedIn",), ("worksInLanguage",))
_WORD = re.compile("[^a-z0-9]+")


class HypotheticalArrays(Arrays):
    """Arrays of a snapshot that may be changed: what is changed is this one's own, the rest is the snapshot's.

    :param base: the arrays of the snapshot, which stay as they are
    """

    def __init__(self, base: Arrays) -> None:
        self.matrices, self.tables, self.ids = dict(base.matrices), dict(base.tables), dict(base.ids)
        self._numbers = dict(base._numbers)
        self.word_df = base.word_df

    def listed(self, kind: str, ids: list[str]) -> None:
        """Number the nodes of a kind anew."""
        self.ids[kind] = ids
        self._numbers[kind] = {node: at for at, node in enumerate(ids)}

    def renumber(self, old: np.ndarray, moved: int | None = None) -> None:
        """Give organisations other numbers, or several of them one.

        :param old: by old number, the new one
        :param moved: the old number whose rows come to stand elsewhere; all others keep their order
        """
        for name, table in self.tables.items():
            bodies = [column for column in table.columns if column in _BODIES]
            found = Table(table.columns | {column: _moved(table[column], old) for column in bodies})
            elsewhere = moved is not None and any(bool((table[column] == moved).any()) for column in bodies)
            self.tables[name] = sort(name, found) if elsewhere else found

    def concepts(self, nodes: Sequence[str]) -> list[int]:
        return [number for node in nodes if (number := self.number("concept", node)) is not None]


def sort(name: str, table: Table) -> Table:
    """A table in the order of a build."""
    if name not in ORDER:
        return table
    order = np.lexsort([table[column] for column in reversed(ORDER[name])])
    return Table({column: values[order] for column, values in table.columns.items()})


def _moved(values: np.ndarray, old: np.ndarray) -> np.ndarray:
    """Numbers as they are now; -1 stays what it is."""
    moved: np.ndarray = np.where(values >= 0, old[values], values).astype(values.dtype)
    return moved


def with_rows(matrix: csr_array, at: int, columns: Sequence[int]) -> csr_array:
    """A matrix with one more row, at a place."""
    start = int(matrix.indptr[at])
    found = np.array(sorted(set(columns)), dtype=matrix.indices.dtype)
    return csr_array(
        (
            np.insert(matrix.data, start, np.ones(len(found), dtype=matrix.data.dtype)),
            np.concatenate([matrix.indices[:start], found, matrix.indices[start:]]),
            np.concatenate([matrix.indptr[: at + 1], matrix.indptr[at:] + len(found)]),
        ),
        shape=(matrix.shape[0] + 1, matrix.shape[1]),
    )


def add_organisation(arrays: HypotheticalArrays, node: str, said: Mapping[str, Sequence[str]]) -> None:
    """One organisation more.

    :param said: property → values or concepts
    """
    ids = arrays.ids["organisation"]
    at = bisect_left(ids, node)
    arrays.listed("organisation", [*ids[:at], node, *ids[at:]])
    numbers = np.arange(len(ids))
    arrays.renumber(numbers + (numbers >= at))
    for name, properties in zip(_OF_BODIES, _PROPERTIES, strict=True):
        columns = arrays.concepts([value for prop in properties for value in said.get(prop, ())])
        arrays.matrices[name] = with_rows(arrays.matrices[name], at, columns)
    grams = name_grams([*said.get("name", ()), *said.get("alternativeName", ())])
    _know_grams(arrays, grams)
    columns = [int(arrays.number("gram", gram) or 0) for gram in grams]
    arrays.matrices["organisation_grams"] = with_rows(arrays.matrices["organisation_grams"], at, columns)


def name_grams(names: Sequence[str]) -> set[str]:
    """Words and groups of three letters of names, as :mod:`graph.views.array_building` cuts them."""
    found: set[str] = set()
    for word in {word for name in names for word in _WORD.split(fold(name)) if word}:
        found.add(f"={word}")
        framed = f"^{word}$"
        found |= {framed[at : at + 3] for at in range(len(word))}
    return found


def _know_grams(arrays: HypotheticalArrays, grams: set[str]) -> None:
    """Make columns for parts of names that no other name has."""
    known = arrays.ids["gram"]
    if all(arrays.number("gram", gram) is not None for gram in grams):
        return
    places = [bisect_left(known, gram) for gram in sorted(grams - set(known))]
    numbers = np.arange(len(known))
    moved = numbers + np.searchsorted(places, numbers, side="right")
    every = sorted({*known, *grams})
    arrays.listed("gram", every)
    matrix = arrays.matrices["organisation_grams"]
    arrays.matrices["organisation_grams"] = csr_array(
        (matrix.data, moved[matrix.indices].astype(matrix.indices.dtype), matrix.indptr),
        shape=(matrix.shape[0], len(every)),
    )


def merge_organisations(arrays: HypotheticalArrays, gone: str, stays: str) -> None:
    """One organisation in place of two."""
    left, right = arrays.number("organisation", gone), arrays.number("organisation", stays)
    if left is None or right is None:
        return
    ids = arrays.ids["organisation"]
    numbers = np.arange(len(ids))
    old = numbers - (numbers > left)
    old[left] = old[right]
    arrays.listed("organisation", [*ids[:left], *ids[left + 1 :]])
    arrays.renumber(old, left)
    for name in (*_OF_BODIES, "organisation_grams"):
        matrix = arrays.matrices[name].tocoo()
        both = coo_array((matrix.data, (old[matrix.row], matrix.col)), shape=(len(ids) - 1, matrix.shape[1])).tocsr()
        both.data = np.ones_like(both.data)  # said of both, it is said once
        arrays.matrices[name] = csr_array(both)
