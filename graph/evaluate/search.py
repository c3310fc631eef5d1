"""Finds technologies by texts of which the patent subclasses meant are known, by the service's own code, beside baselines.

A text is understood and compared with the technologies as a question is. The baselines in the same run: without the bridge (its own words
alone), with the labels of schemes alone, by words without the technologies' classes, the text search of the service, and BM25.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from graph.answer.ranker import Profile, Ranker
from graph.answer.understanding import concepts_in, describe
from graph.evaluate.bm25 import Bm25
from graph.evaluate.bootstrap import interval
from graph.evaluate.linking import GoldRefused
from graph.evaluate.published import Published, publish_alone
from graph.views.bridge import expanded
from ontology.statement import Item
from ontology.text import tokens

TOP = 20


@dataclass(frozen=True, slots=True)
class Query:
    """A text, and the subclasses that it means."""

    text: str
    subclasses: frozenset[str]


def read_queries(path: Path) -> list[Query]:
    """A CSV with the columns query and cpc; several subclasses are separated by «|».

    :raises GoldRefused: where it has not these columns, or a row is empty
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not {"query", "cpc"} <= set(reader.fieldnames or ()):
            raise GoldRefused(f"{path.name} has not the columns query and cpc")
        found = [
            Query(
                (row["query"] or "").strip(),
                frozenset(code.strip().upper() for code in (row["cpc"] or "").split("|") if code.strip()),
            )
            for row in reader
        ]
    if empty := [at for at, query in enumerate(found, 2) if not query.text or not query.subclasses]:
        raise GoldRefused(f"{path.name}: row {empty[0]} has no query or no subclass")
    return found


def evaluate_search(
    kind: str, patents: Iterable[Item], queries: Sequence[Query], say: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Look for each text among the patents.

    :param patents: records as the loader of ``kind`` gives them
    :param say: called with a word for each step
    """
    start = perf_counter()
    with TemporaryDirectory() as directory:
        say("load, resolve, index")
        published = publish_alone(kind, patents, Path(directory))
        say(f"{len(queries)} queries")
        found = _Search(published).run(queries)
    return {**found, "seconds": perf_counter() - start}


class _Search:
    """What was published, and the ways of finding in it."""

    def __init__(self, published: Published) -> None:
        self.ranker, self.bridge, self.index = Ranker(published.arrays), published.bridge, published.index
        self.bm25 = Bm25(self.ranker)
        self.number = {node: at for at, node in enumerate(published.arrays.ids["technology"])}
        self.subclasses = subclasses_of(self.ranker)
        self.ways: dict[str, Callable[[str], Iterable[int]]] = {
            "ketnoi": lambda text: self._nearest(describe(self.ranker, self.bridge, text).profile),
            "no_bridge": lambda text: self._nearest(self.ranker.profile_of_text(text, [])),
            "schemes_alone": lambda text: self._nearest(self.ranker.profile_of_text(text, concepts_in(text))),
            "words_alone": lambda text: self._nearest(
                self.ranker.profile_of_text(text, [], besides=expanded(self.bridge.find(text)))
            ),
            "text_search": self._searched,
            "bm25": lambda text: self.bm25.nearest(text, TOP).tolist(),
            "bm25_bridge": lambda text: self.bm25.nearest(self._translated(text), TOP).tolist(),
        }

    def run(self, queries: Sequence[Query]) -> dict[str, Any]:
        figures = {}
        for name, way in self.ways.items():
            right = [[bool(self.subclasses[at] & query.subclasses) for at in way(query.text)] for query in queries]
            rows = np.array([[any(hits), sum(hits) / TOP, 1.0] for hits in right]).reshape(-1, 3)
            figures[name] = _figures(rows)
        own = figures.pop("ketnoi")
        covered = [self._covered(query.text) for query in queries]
        words = sum(count for _, count in covered)
        return {
            "n": len(queries),
            **own,
            "words_bridged": sum(count for count, _ in covered) / words if words else 0.0,
            "baselines": figures,
        }

    def _nearest(self, profile: Profile) -> list[int]:
        return [int(at) for at in self.ranker.nearest_technologies(profile, TOP)[0]]

    def _searched(self, text: str) -> list[int]:
        hits = self.index.find(text, TOP, ("Technology",), bridged=self.bridge.find(text))
        return [self.number[hit.id] for hit in hits]

    def _translated(self, text: str) -> str:
        return " ".join((text, *(term for one in self.bridge.find(text) for term in one.terms)))

    def _covered(self, text: str) -> tuple[int, int]:
        return sum(len(tokens(one.typed)) for one in self.bridge.find(text)), len(tokens(text))


def subclasses_of(ranker: Ranker) -> list[frozenset[str]]:
    """The subclasses of each technology."""
    codes = [concept.rsplit("/", 1)[-1][:4] for concept in ranker.arrays.ids["concept"]]
    classes = ranker.technologies.classes
    return [
        frozenset(codes[at] for at in classes.indices[first:last])
        for first, last in zip(classes.indptr[:-1], classes.indptr[1:], strict=True)
    ]


def _figures(rows: np.ndarray) -> dict[str, Any]:
    """Means over queries; fewer than twenty found count as twenty."""

    def mean(column: int) -> Callable[[np.ndarray], float]:
        return lambda sums: float(sums[column] / sums[2]) if sums[2] else 0.0

    names = {f"hit@{TOP}": 0, f"precision@{TOP}": 1}
    return {name: mean(column)(rows.sum(axis=0)) for name, column in names.items()} | {
        "ci95": {name: interval(rows, mean(column)) for name, column in names.items()}
    }
