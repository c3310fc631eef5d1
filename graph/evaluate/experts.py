"""Ranking of experts against graded gold, by the index and the words that the service asks, with the baselines in the same run."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from graph.answer.expert_index import ExpertIndex, stem
from graph.answer.wanting import want
from graph.evaluate.expert_baselines import BASELINES, Asked
from graph.evaluate.expert_figures import figures_of, relevant_from, summary
from graph.views.bridge import Bridge
from ontology.errors import Explained
from ontology.text import tokens

_LONGEST = 10_000_000
"""Characters that a cell may have."""
_LOT = 20261129
Gold = dict[str, dict[str, float]]
"""Query → expert → grade."""


class ExpertsRefused(Explained, ValueError):
    """A file without the columns or grades that it needs."""


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_LONGEST)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        headers = [header.strip() for header in reader.fieldnames or []]
        reader.fieldnames = headers
        if missing := [name for name in columns if name not in headers]:
            raise ExpertsRefused(f"{path.name} needs the columns {', '.join(columns)}; {', '.join(missing)} is missing")
        for row in reader:
            yield reader.line_num, [(row[name] or "").strip() for name in columns]


def read_profiles(path: Path) -> list[tuple[str, str]]:
    """Read a CSV with ``expert_id`` and ``text``, many rows an expert.

    :raises ExpertsRefused: where a column is missing
    :raises OSError: where the file can't be read
    """
    return [(expert, text) for _, (expert, text) in _rows(path, ("expert_id", "text")) if expert and text]


def read_expert_gold(path: Path) -> Gold:
    """Read a CSV with ``query``, ``expert_id`` and ``relevance``; of a pair given twice the higher grade counts.

    :raises ExpertsRefused: where a column is missing, or a grade is no number from 0
    :raises OSError: where the file can't be read
    """
    gold: Gold = {}
    for line, (query, expert, grade) in _rows(path, ("query", "expert_id", "relevance")):
        try:
            value = float(grade)
        except ValueError:
            value = -1.0
        if not 0 <= value < float("inf"):
            raise ExpertsRefused(f"{path.name}, line {line}: relevance «{grade[:40]}» is no number from 0")
        judged = gold.setdefault(query, {})
        judged[expert] = max(value, judged.get(expert, 0.0))
    return gold


@dataclass(slots=True)
class _Figures:
    """Figures by query: with all experts, and with those alone who were judged for it."""

    all: list[tuple[float, ...]] = field(default_factory=list)
    judged: list[tuple[float, ...]] = field(default_factory=list)

    def add(self, order: np.ndarray, grades: Mapping[int, float], threshold: float) -> None:
        ranked = [int(number) for number in order]
        self.all.append(figures_of(ranked, grades, threshold))
        self.judged.append(figures_of([number for number in ranked if number in grades], grades, threshold))

    def summary(self) -> dict[str, Any]:
        return {**summary(self.all), "judged_only": summary(self.judged)}


def evaluate_experts(
    profiles: Sequence[tuple[str, str]], gold: Gold, say: Callable[[str], None] = lambda step: None
) -> dict[str, Any]:
    """Rank the experts of the profiles for each query.

    An expert counts as relevant from grade 3 on (``relevant_from``; where no grade is above 3, from the middle of the scale on); nDCG
    takes the grades as they are. A pair without a grade counts as not relevant; ``judged_only`` are the figures of lists from which
    such experts were taken. Experts without a profile are dropped from the gold (``unknown``), then queries without a relevant expert
    (``without_relevant``).
    """
    begun = perf_counter()
    say("reading profiles")
    experts, index = ExpertIndex.of_texts(profiles)
    number = {expert: at for at, expert in enumerate(experts)}
    threshold = relevant_from(max((grade for judged in gold.values() for grade in judged.values()), default=0.0))
    bridge = Bridge()
    ours, baselines = _Figures(), {name: _Figures() for name in BASELINES}
    unknown = without = 0
    for at, (query, judged) in enumerate(gold.items(), 1):
        grades = {number[expert]: grade for expert, grade in judged.items() if expert in number}
        unknown += len(judged) - len(grades)
        if not any(grade >= threshold > 0 for grade in grades.values()):
            without += 1
            continue
        say(f"query {at} of {len(gold)}")
        ours.add(_order(index.rank(want(index, query, bridge)).score), grades, threshold)
        asked = _asked(index, query)
        for name, baseline in BASELINES.items():
            baselines[name].add(_order(baseline(index, asked)), grades, threshold)
    return {
        "n": len(ours.all),
        **ours.summary(),
        "baselines": {name: figures.summary() for name, figures in baselines.items()},
        "experts": len(experts),
        "relevant_from": threshold,
        "unknown": unknown,
        "without_relevant": without,
        "seconds": perf_counter() - begun,
    }


def _asked(index: ExpertIndex, query: str) -> Asked:
    known = [index.number[word] for word in map(stem, tokens(query)) if word in index.number]
    terms, counts = np.unique(np.array(known, dtype=np.int64), return_counts=True)
    return terms, counts.astype(np.float64)


def _order(scores: np.ndarray) -> np.ndarray:
    """Who has a score, the best first; those of one score as drawn by lot, always the same, for a file's order may tell."""
    lot = np.random.default_rng(_LOT).permutation(len(scores))
    order = np.lexsort((lot, -scores))
    found: np.ndarray = order[scores[order] > 0]
    return found
