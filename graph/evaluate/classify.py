"""Proposes the patent subclass of later rows from title and abstract alone, by the service's own code, beside baselines.

Whatever is learned comes from the history. A hit is any of the row's own subclasses. The baselines in the same run: the subclasses of the
best BM25 neighbour (then of the next, until there are enough), and the votes of its twenty best.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from graph.answer.proposing import Proposer
from graph.answer.ranker import Ranker
from graph.evaluate.bm25 import Bm25
from graph.evaluate.bootstrap import interval
from graph.evaluate.published import publish_alone
from graph.evaluate.search import subclasses_of
from ontology.statement import TYPE, Item, Record

TOP = 5
_VOTERS = 20
Row = tuple[str, frozenset[str]]
"""Title and abstract, and the subclasses."""


def read_row(record: Record) -> Row | None:
    """What a test row says of its technology, None where it has no text or no subclass."""
    technologies = {s.subject for s in record.statements if s.property == TYPE and s.value == "Technology"}
    said = [s for s in record.statements if s.subject in technologies]
    text = " ".join(s.value for name in ("name", "description") for s in said if s.property == name and s.value)
    own = frozenset((s.object or "").rsplit("/", 1)[-1][:4] for s in said if s.property == "hasPatentClass")
    return (text, own) if text and own else None


def evaluate_classify(
    kind: str, history: Iterable[Item], test: Iterable[Item], say: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Learn from the history and propose for each test row.

    :param history: records as the loader of ``kind`` gives them, and so ``test``
    :param say: called with a word for each step
    """
    start = perf_counter()
    with TemporaryDirectory() as directory:
        say("load, resolve")
        ranker = Ranker(publish_alone(kind, history, Path(directory)).arrays)
    say("learn")
    ways = _ways(ranker)
    rows = [row for item in test if isinstance(item, Record) and (row := read_row(item)) is not None]
    say(f"{len(rows)} test rows")
    figures = {name: _figures([_hits(way(text), own) for text, own in rows]) for name, way in ways.items()}
    own = figures.pop("ketnoi")
    return {"n": len(rows), **own, "baselines": figures, "seconds": perf_counter() - start}


def _ways(ranker: Ranker) -> dict[str, Callable[[str], list[str]]]:
    proposer = Proposer(ranker)

    def proposed(text: str) -> list[str]:
        best = proposer.best(ranker.profile_of_text(text, []), TOP)
        return [concept.rsplit("/", 1)[-1] for concept, _ in best]

    return {"ketnoi": proposed, **baselines(ranker)}


def baselines(ranker: Ranker) -> dict[str, Callable[[str], list[str]]]:
    """What proposes subclasses for a text without anything of ours: the best neighbour by BM25, and the votes of several."""
    bm25, classes = Bm25(ranker), subclasses_of(ranker)
    often: dict[str, int] = {}
    for own in classes:
        for code in own:
            often[code] = often.get(code, 0) + 1

    def neighbour(text: str) -> list[str]:
        found: dict[str, None] = {}
        for number in bm25.nearest(text, _VOTERS):
            # the file does not say which subclass of a technology is its first: the more common one goes before
            found |= dict.fromkeys(sorted(classes[number], key=lambda code: (-often[code], code)))
        return list(found)[:TOP]

    def vote(text: str) -> list[str]:
        votes: dict[str, int] = {}
        for number in bm25.nearest(text, _VOTERS):
            for code in classes[number]:
                votes[code] = votes.get(code, 0) + 1
        return sorted(votes, key=lambda code: (-votes[code], -often[code], code))[:TOP]

    return {"bm25_neighbour": neighbour, "bm25_vote": vote}


def _hits(proposed: list[str], own: frozenset[str]) -> tuple[bool, bool]:
    return proposed[:1] != [] and proposed[0] in own, not own.isdisjoint(proposed[:TOP])


def _figures(hits: list[tuple[bool, bool]]) -> dict[str, Any]:
    rows = np.array([(*hit, 1.0) for hit in hits], dtype=np.float64).reshape(-1, 3)

    def mean(column: int) -> Callable[[np.ndarray], float]:
        return lambda sums: float(sums[column] / sums[2]) if sums[2] else 0.0

    names = {"hit@1": 0, f"hit@{TOP}": 1}
    return {name: mean(column)(rows.sum(axis=0)) for name, column in names.items()} | {
        "ci95": {name: interval(rows, mean(column)) for name, column in names.items()}
    }
