"""The patent subclass that a case is proposed, on patents that were never loaded: for how many is one of their own among the first five.

Everything up to a day is learned from; of the patents after it 2,000 with a subclass are drawn by a seed, and their title and abstract are
pasted as a case is: through the same function as the desk's, with its bridge, and without a proposal that rests on no word of the text.
Beside it in the same run, on the same patents: the subclasses of the best BM25 neighbour (then of the next), and the votes of its twenty
best. Intervals are bootstrapped over patents, of the difference too. Figures are printed, nothing is asserted.
``python -m tests.benchmarks.case_classes [LAST_DAY_OF_HISTORY [SEED]]``
"""

import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from types import SimpleNamespace

import duckdb
import numpy as np

from graph.answer.case_proposals import propose
from graph.answer.proposing import FIELD, Proposer
from graph.answer.ranker import Ranker
from graph.evaluate.bootstrap import interval
from graph.evaluate.classify import TOP, Row, baselines, read_row
from graph.evaluate.published import publish_alone
from loaders.reading import open_file
from ontology.statement import Record
from tests.conftest import REAL

PATENTS = REAL / "patents" / "triads-to-2019.parquet"
DRAWN, SEED = 2_000, 20261130
Way = Callable[[str], list[str]]


def rows_after(path: Path, seed: int) -> list[Row]:
    """Patents drawn from a file, as what is pasted and what is right."""
    items = open_file("patents", path).items
    rows = [row for item in items if isinstance(item, Record) and (row := read_row(item)) is not None]
    return random.Random(seed).sample(rows, min(DRAWN, len(rows)))


def ways(directory: Path, history: Path) -> Iterator[tuple[str, Way]]:
    """As a case is proposed, and the baselines."""
    published = publish_alone("patents", open_file("patents", history).items, directory)
    ranker = Ranker(published.arrays)
    reading = SimpleNamespace(
        ranker=ranker,
        proposer=Proposer(ranker),
        field_proposer=Proposer(ranker, FIELD),
        views=SimpleNamespace(bridge=published.bridge),
    )

    def proposed(text: str) -> list[str]:
        found = propose(reading, text)  # type: ignore[arg-type]
        return [one.value.rsplit("/", 1)[-1] for one in found.patent_classes]

    yield "as a case is proposed", proposed
    yield from baselines(ranker).items()


def main(last_day: str = "2018-12-31", seed: int = SEED) -> None:
    if not PATENTS.exists():
        print("case classes: the patents are not beside the project")
        return
    begun = perf_counter()
    with TemporaryDirectory() as work:
        parts = {name: Path(work) / f"{name}.parquet" for name in ("history", "later")}
        for name, sign in (("history", "<="), ("later", ">")):
            chosen = f"SELECT * FROM read_parquet('{PATENTS}') WHERE date {sign} DATE '{last_day}'"
            duckdb.execute(f"COPY ({chosen} ORDER BY date, patent_id) TO '{parts[name]}' (FORMAT parquet)")
        rows = rows_after(parts["later"], seed)
        hits: dict[str, np.ndarray] = {}
        for name, way in ways(Path(work), parts["history"]):
            hits[name] = np.array([not own.isdisjoint(way(text)[:TOP]) for text, own in rows], dtype=np.float64)
    print(
        f"case classes: learned from patents up to {last_day}, {len(rows)} later ones with a subclass drawn by seed {seed}"
    )
    case = hits["as a case is proposed"]
    for name, hit in hits.items():
        low, high = interval(hit[:, np.newaxis], lambda sums: float(sums[0]) / len(rows))
        more = interval((case - hit)[:, np.newaxis], lambda sums: float(sums[0]) / len(rows))
        beside = "" if hit is case else f"; a case's {case.mean() - hit.mean():+.3f} ({more[0]:+.3f} to {more[1]:+.3f})"
        print(f"  {name:24} {int(hit.sum())} of {len(rows)}: {hit.mean():.3f} (95 % {low:.3f} to {high:.3f}){beside}")
    print(f"  {perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    given = sys.argv[1:]
    main(*given[:1], seed=int(given[1]) if len(given) > 1 else SEED)
