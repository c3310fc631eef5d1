"""Ranks past deals that the history does not know yet: intermediary, firm, or both, by the service's own code, beside five baselines.

Weights are learned from the history alone. Each test row is asked as a technology that nobody has yet, on its own day; no row knows of
another. Gates are not applied.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from graph.answer.candidates import Candidates
from graph.answer.features import features
from graph.answer.gathering import Asked, gather
from graph.answer.learning import learn
from graph.answer.precedents import Share
from graph.answer.ranker import Ranker
from graph.answer.score import Scores, score
from graph.answer.weighing import Weights
from graph.evaluate.transfer_figures import TOP, Calibration, Stratum, average_rank, tail
from graph.evaluate.transfer_rows import Loaded, TestRow, load_history
from graph.statements.home import Home
from ontology.statement import Item

EVENT = {
    "vi": "bên trung gian này làm việc đó, trong số các ứng viên đã biết trước",
    "en": "this intermediary, among the candidates that were known before, brokers the deal",
}
FIRM_QUESTIONS, PAIR_QUESTIONS = 600, 200
"""Test rows, evenly spaced, that are asked for the firm and for the pair."""
STRATA = ("all", "new_pairs", "new_firms")
TASKS = ("intermediary", "firm", "pair")
Baseline = str | Callable[[Candidates], np.ndarray]
"""A feature by its name, or values of candidates."""


def _product(firm: Share, broker: Share) -> Baseline:
    """The firm's part of some deals, times the intermediary's part of the firm's: the pair's part."""
    return lambda c: firm.values(c) * broker.values(c)


BASELINES: dict[str, dict[str, Baseline]] = {
    "intermediary": {
        "popularity": "popularity",
        "class_popularity": "class_share",
        "text_neighbours": Share("near").values,
        "own_history": "firm_share",
        "pagerank": "walk",
    },
    "firm": {
        "popularity": "client_popularity",
        "class_popularity": "client_class",
        "text_neighbours": "client_near",
        "own_history": Share("own").values,
        "pagerank": "walk",
    },
    "pair": {
        "popularity": _product(Share("everything", end="client"), Share("own")),
        "class_popularity": _product(Share("classes", end="client"), Share("classes", among="own")),
        "text_neighbours": _product(Share("near", end="client"), Share("near", among="own")),
        "own_history": _product(Share("people", end="client"), Share("own")),
        "pagerank": "walk",
    },
}
"""What each task is compared with: one kind of precedent alone."""


@dataclass(slots=True)
class _Task:
    """The figures of one task under one way of ranking."""

    strata: dict[str, Stratum] = field(default_factory=lambda: {name: Stratum() for name in STRATA})

    def figures(self, known: int, in_tail: np.ndarray) -> dict[str, Any]:
        return {name: stratum.figures(known, in_tail) for name, stratum in self.strata.items()}


def evaluate_transfer(
    kind: str, history: Iterable[Item], test: Iterable[Item], say: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Learn from the history and rank each test row.

    :param history: records as the loader of ``kind`` gives them, and so ``test``
    :param say: called with a word for each step
    """
    start = perf_counter()
    with TemporaryDirectory() as directory:
        say("load, link, resolve")
        loaded = load_history(Home(Path(directory) / "home"), kind, history, test, Path(directory))
        say("learn")
        weights = learn(Ranker(loaded.arrays), EVENT, "", say=say)
        found = Evaluation(loaded, weights, say).run()
    return {**found, "seconds": perf_counter() - start}


class Evaluation:
    """One evaluation under way: what the history knows, and what is counted."""

    def __init__(self, loaded: Loaded, weights: Weights, say: Callable[[str], None]) -> None:
        self.loaded, self.weights, self.say = loaded, weights, say
        self.ranker = Ranker(loaded.arrays, weights)
        deals = self.ranker.deals
        size = deals.organisations
        self.brokered = np.bincount(deals.broker, minlength=size)
        self.received = np.bincount(deals.client, minlength=size)
        self.pairs = set(deals.pair.tolist())
        self.calibration = Calibration()
        self.unknown = self.unknown_firms = 0
        self.tasks: dict[str, dict[str, _Task]] = {}

    def run(self) -> dict[str, Any]:
        rows = self.loaded.rows
        self.say(f"{len(rows)} test rows")
        for at, row in enumerate(rows):
            self._intermediary(row)
            if at % 1000 == 999:
                self.say(f"{at + 1} rows")
        self.say("firms")
        self.rank_firms(_sample(rows, FIRM_QUESTIONS))
        self.say("pairs")
        for row in _sample(rows, PAIR_QUESTIONS):
            self._pair(row)
        found = {name: self.said(name, "ketnoi") for name in self.tasks}
        names = sorted({name for ways in self.tasks.values() for name in ways} - {"ketnoi"})
        return {
            **found,
            "unknown": self.unknown,
            "unknown_firms": self.unknown_firms,
            "entities": self.loaded.entities,
            "calibration_error": self.calibration.error(),
            "questions_learned": self.weights.questions,
            "sampled": {"firm": min(len(rows), FIRM_QUESTIONS), "pair": min(len(rows), PAIR_QUESTIONS)},
            "baselines": {
                name: {task: self.said(task, name) for task, ways in self.tasks.items() if name in ways}
                for name in names
            },
        }

    def rank_firms(self, rows: Iterable[TestRow]) -> None:
        """Ask each row for its firm, given technology and intermediary."""
        for row in rows:
            self._firm(row)

    def said(self, task: str, way: str) -> dict[str, Any]:
        """The figures so far of a task under a way of ranking, by stratum."""
        deals = self.received if task == "firm" else self.brokered
        return self.tasks[task][way].figures(int(np.count_nonzero(deals)), tail(deals))

    def profile(self, row: TestRow) -> Any:
        return self.ranker.profile_of_text(row.text, list(row.concepts), row.people, row.countries, towns=row.towns)

    def _numbers(self, mentions: Sequence[str]) -> list[int]:
        return list(dict.fromkeys(self.loaded.bodies[mention] for mention in mentions if mention in self.loaded.bodies))

    def _pair_number(self, broker: int, firm: int) -> int:
        return broker * self.ranker.deals.organisations + firm

    def _intermediary(self, row: TestRow) -> None:
        (firm, *_), brokers = self._numbers(row.firms[:1]), self._numbers(row.brokers)
        known = [broker for broker in brokers if self.brokered[broker]]
        if not known:
            self.unknown += 1
            return
        # whoever owns it beside the firm is known of the technology; whom any of them chose for it is not
        holders = tuple(other for other in self._numbers(row.firms[1:]) if other != firm)
        c = gather(self.ranker, Asked(text=self.profile(row), firm=firm, holders=holders), row.day)
        scores = self._scores("intermediary", c)
        chance = 1 / (1 + np.exp(-scores["ketnoi"]))
        top = np.argsort(-chance, kind="stable")[:TOP]
        self.calibration.add(chance[top], np.isin(c.broker[top], known))
        self._count("intermediary", scores, c.broker, known)
        if not any(self._pair_number(broker, firm) in self.pairs for broker in known):
            self._count("intermediary", scores, c.broker, known, "new_pairs", firm)
        if not self.received[firm]:
            self._count("intermediary", scores, c.broker, known, "new_firms")

    def _firm(self, row: TestRow) -> None:
        firms, brokers = self._numbers(row.firms), self._numbers(row.brokers)
        known = [firm for firm in firms if self.received[firm]]
        broker = next((broker for broker in brokers if self.brokered[broker]), None)
        if broker is None or not known:
            self.unknown_firms += 1
            return
        c = gather(self.ranker, Asked(text=self.profile(row), broker=broker), row.day)
        scores = self._scores("firm", c)
        self._count("firm", scores, c.firm, known)
        if not any(self._pair_number(broker, firm) in self.pairs for firm in known):
            self._count("firm", scores, c.firm, known, "new_pairs", broker)

    def _pair(self, row: TestRow) -> None:
        """A pair that met before is found among those that did; one that never met, among all that did not."""
        firms, brokers = self._numbers(row.firms), self._numbers(row.brokers)
        right = [self._pair_number(b, f) for b in brokers if self.brokered[b] for f in firms if self.received[f]]
        if not right:
            return
        c = gather(self.ranker, Asked(text=self.profile(row)), row.day)
        scores = self._scores("pair", c)
        numbers = c.broker * self.ranker.deals.organisations + c.firm
        possible = int(np.count_nonzero(self.brokered)) * int(np.count_nonzero(self.received))
        self._add("pair", "all", scores, numbers, right, possible, c.broker)
        if not any(number in self.pairs for number in right):
            strange = ~np.isin(numbers, list(self.pairs))
            kept = {way: found[strange] for way, found in scores.items()}
            possible -= len(self.pairs)
            self._add("pair", "new_pairs", kept, numbers[strange], right, possible, c.broker[strange])

    def _scores(self, task: str, c: Candidates) -> dict[str, np.ndarray]:
        found = score(c)
        return {"ketnoi": found.log_odds, **{name: _seen(c, found, way) for name, way in BASELINES[task].items()}}

    def _count(
        self,
        task: str,
        scores: dict[str, np.ndarray],
        numbers: np.ndarray,
        right: Sequence[int],
        stratum: str = "all",
        partner_of: int | None = None,
    ) -> None:
        """Count one question under every way of ranking.

        :param numbers: what each candidate stands for
        :param partner_of: the end whose partners of before are off the list
        """
        deals = self.ranker.deals
        known = self.received if task == "firm" else self.brokered
        possible = int(np.count_nonzero(known))
        if partner_of is not None:
            broker, client = (deals.client, deals.broker) if task == "intermediary" else (deals.broker, deals.client)
            partners = np.unique(client[broker == partner_of])
            kept = ~np.isin(numbers, partners)
            numbers, scores = numbers[kept], {way: found[kept] for way, found in scores.items()}
            possible -= len(partners)
        self._add(task, stratum, scores, numbers, right, possible, numbers)

    def _add(
        self,
        task: str,
        stratum: str,
        scores: dict[str, np.ndarray],
        numbers: np.ndarray,
        right: Sequence[int],
        possible: int,
        shown: np.ndarray,
    ) -> None:
        for way, found in scores.items():
            rank = average_rank(found, np.isin(numbers, right), max(possible - len(numbers), 1))
            first = shown[np.argsort(-found, kind="stable")[:TOP]]
            ways = self.tasks.setdefault(task, {})
            ways.setdefault(way, _Task()).strata[stratum].add(rank, first.tolist())


def _seen(c: Candidates, found: Scores, way: Baseline) -> np.ndarray:
    """The values of a baseline; those of a feature that was scored are there already."""
    if not isinstance(way, str):
        return way(c)
    if way in found.values:
        return found.values[way]
    return next(feature.values(c) for feature in features() if feature.name == way)


def _sample(rows: Sequence[TestRow], most: int) -> list[TestRow]:
    """At most so many rows, evenly spaced."""
    if len(rows) <= most:
        return list(rows)
    return [rows[int(at)] for at in np.linspace(0, len(rows) - 1, most)]
