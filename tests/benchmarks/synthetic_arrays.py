"""Arrays of a made-up ecosystem of any size, written as a publish would write them, so that ranking alone can be measured at sizes whose
publishing takes hours. How things hang together is as in :mod:`tests.benchmarks.synthetic_ecosystem`.
"""

import json
from pathlib import Path

import numpy as np
from scipy.sparse import coo_array

from graph.views.arrays import NO_DAY, day_number
from tests.benchmarks.synthetic_ecosystem import Size

_CONCEPTS, _SECTIONS, _WORDS = 720, 80, 40_000
_FIRST, _LAST = day_number("2008-01-01"), day_number("2026-01-01")


class _Writer:
    """Writes arrays into a directory and keeps the list of them."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True)
        self.directory = directory
        self.sizes: dict[str, int] = {}
        self.shapes: dict[str, tuple[int, int]] = {}

    def ids(self, kind: str, size: int) -> None:
        self.sizes[kind] = size
        name = "words" if kind == "word" else kind if kind.endswith("_ids") else f"{kind}_ids"
        (self.directory / f"{name}.txt").write_text("\n".join(f"{kind[:3]}{at:09d}" for at in range(size)))

    def columns(self, table: str, **columns: np.ndarray) -> None:
        for name, values in columns.items():
            np.save(self.directory / f"{table}.{name}.npy", values)

    def matrix(self, name: str, rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> None:
        found = coo_array((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape).tocsr()
        found.data[:] = 1.0
        self.shapes[name] = shape
        for part in ("data", "indices", "indptr"):
            np.save(self.directory / f"{name}.{part}.npy", getattr(found, part))

    def close(self) -> None:
        (self.directory / "arrays.json").write_text(json.dumps({"sizes": self.sizes, "matrices": self.shapes}))


def write_arrays(directory: Path, size: Size, seed: int = 11) -> None:
    """Write the arrays of an ecosystem of that size into a new directory."""
    random = np.random.default_rng(seed)
    out = _Writer(directory)
    bodies, things, needs, deals = size.organisations, size.technologies, size.needs, size.deals
    kinds = {"technology": things, "organisation": bodies, "need": needs, "concept": _CONCEPTS, "word": _WORDS}
    kinds |= {"person": 1, "country": 1, "gram": 1, "deed_ids": deals, "offering_ids": size.intermediaries}
    for kind, count in kinds.items():
        out.ids(kind, count)
    concept = np.arange(_CONCEPTS)
    out.matrix(
        "concept_above", np.tile(concept, 2), np.concatenate([concept, concept % _SECTIONS]), (_CONCEPTS, _CONCEPTS)
    )
    topic = random.integers(_SECTIONS, _CONCEPTS, things)
    wanted = random.integers(_SECTIONS, _CONCEPTS, needs)
    for name, count, own in (("technology", things, topic), ("need", needs, wanted)):
        out.matrix(f"{name}_fields", np.arange(count), own, (count, _CONCEPTS))
        out.matrix(f"{name}_industries", np.array([], dtype=int), np.array([], dtype=int), (count, _CONCEPTS))
        row = np.repeat(np.arange(count), 8)
        common = np.minimum(random.zipf(1.3, 8 * count) - 1, _WORDS - 1)
        near = (own[row] * 37 + random.integers(0, 60, 8 * count)) % _WORDS
        word = np.where(random.random(8 * count) < 0.5, near, common)
        out.matrix(f"{name}_words", row, word, (count, _WORDS))
        if name == "technology":
            np.save(out.directory / "word_df.npy", np.bincount(word, minlength=_WORDS).astype(np.int32))
    nothing = np.array([], dtype=int)
    for name, width in (("people", 1), ("countries", 1)):
        out.matrix(f"technology_{name}", nothing, nothing, (things, width))
    for name in ("fields", "languages"):
        out.matrix(f"organisation_{name}", nothing, nothing, (bodies, _CONCEPTS))
    for name in ("industries", "places"):
        out.matrix(
            f"organisation_{name}", np.arange(bodies), random.integers(0, _SECTIONS, bodies), (bodies, _CONCEPTS)
        )
    out.matrix("organisation_grams", np.arange(bodies), np.zeros(bodies, dtype=int), (bodies, 1))
    brokers = np.arange(size.intermediaries)
    for name in ("fields", "areas", "industries"):
        out.matrix(f"offering_{name}", brokers, random.integers(0, _CONCEPTS, len(brokers)), (len(brokers), _CONCEPTS))
    never = np.full(len(brokers), NO_DAY)
    out.columns(
        "offering", offering=brokers, organisation=brokers, kind=np.zeros_like(brokers), start=never, until=never
    )
    out.columns("recognition", organisation=brokers, start=never, until=never, revoked=never)
    firms = random.integers(size.intermediaries, bodies, things)
    out.columns("holding", technology=np.arange(things), organisation=firms, start=np.full(things, NO_DAY))
    out.columns(
        "deed",
        deed=np.arange(deals),
        broker=(size.intermediaries * random.random(deals) ** 2.5).astype(int),
        client=random.integers(size.intermediaries, bodies, deals),
        technology=random.integers(0, things, deals),
        day=random.integers(_FIRST, _LAST, deals),
        transfer=np.zeros(deals, dtype=int),
    )
    unknown = np.full(needs, NO_DAY)
    out.columns(
        "need",
        need=np.arange(needs),
        organisation=random.integers(size.intermediaries, bodies, needs),
        level=np.full(needs, -1),
        budget=random.integers(1, 90, needs) * 10**8,
        deadline=unknown,
        day=unknown,
    )
    out.columns("level", technology=nothing, level=nothing, day=nothing)
    out.columns("offer", technology=nothing, price=nothing, start=nothing, until=nothing)
    out.columns("control", organisation=nothing, controller=nothing)
    out.close()
