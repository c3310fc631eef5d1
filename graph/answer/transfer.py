"""The main question: which intermediary can bring this technology to which firm, with what rights, and how do we know?"""

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from graph.answer.candidates import Candidates
from graph.answer.case_reading import CaseReading, understand_case
from graph.answer.facts import Contacts, Facts, RouteFacts, broker_facts, contacts, deeds, technology_facts
from graph.answer.gates import Gates, Judged
from graph.answer.gathering import gather
from graph.answer.hops import Ends, Hops, newest_deals
from graph.answer.model import (
    MOST_ROUTES,
    Answer,
    Contact,
    Contribution,
    Counterfactual,
    Excluded,
    Filter,
    Gate,
    Question,
    Ref,
    Route,
)
from graph.answer.narrowing import narrow
from graph.answer.reading import Reading
from graph.answer.score import Scores, score, scored_without, used
from graph.answer.understanding import Understood, understand
from graph.answer.within import EVERYTHING, Within
from graph.answer.wording import said, shared_phrases, told
from graph.statements.cases import Case
from graph.statements.home import today
from graph.views.arrays import day_number

_A_FIRM = 3
"""Routes to one firm or need at most, where several firms are in question: the others are the same story again."""
_EXAMINED = 4
"""Candidates whose gates are examined for each route asked for."""
_EXPLAINED = 10
"""Routes, from the first, for which it is computed what taking statements away would change."""
_COUNTERFACTUALS = 3
"""Of each of them, at most."""
_BESIDE = ThreadPoolExecutor(8, "facts")
"""Asks the property graph while something else is computed."""
BASE_RATE = {"vi": "Mức nền: một tuyến mà chưa biết gì về nó", "en": "Base rate: a route of which nothing is known"}
_NOTHING_WANTED = {
    "vi": "Chưa ghi nhận nhu cầu hay giao dịch nào của doanh nghiệp này; hãy nêu thêm một công nghệ hoặc một nhu cầu",
    "en": "No need and no past deal of this firm is on record; name a technology or a need besides",
}
"""Told where a firm is all that is known, and nothing says what it might look for."""
_NOT_ON_RECORD = {"vi": "Chưa đủ dữ liệu để xét: {feature}", "en": "Too little on record to judge: {feature}"}
_NONE = {"vi": "Không có: {feature}", "en": "None: {feature}"}
"""Said where something was looked for and is not there, as other provinces than one."""


def answer(reading: Reading, question: Question, case: Case | None = None) -> Answer:
    """Answer the main question on one snapshot.

    :param reading: the snapshot that ``known_at`` of the question picks
    :param case: a technology or need of the question that is in nobody's graph, in the place of a text
    :raises AnswerError: where a part of the question is not known
    :raises graph.views.neo4j_connection.GraphError: where the property graph does not answer
    """
    day = question.as_of or today()
    within, filters = narrow(reading, question, day)
    if case is None:
        understood = understand(reading, question, within)
        return _Answering(reading, question, understood, day, within).answer(filters)
    with_case = CaseReading(reading, case)
    said = question.model_copy(update={"text": case.text})
    understood = understand_case(with_case, case, question)
    found = _Answering(with_case, said, understood, day, within, case).answer(filters)
    # the case is named, and not repeated
    return found.model_copy(update={"asked": found.asked | {"text": question.text, "case": case.id}})


@dataclass(slots=True)
class _Chosen:
    """A candidate that is shown: its place among the candidates and among the routes, its ends, and what the gates say."""

    at: int
    rank: int
    ends: Ends
    judged: Judged


class _Answering:
    """One question on its way to an answer."""

    def __init__(
        self,
        reading: Reading,
        question: Question,
        understood: Understood,
        day: str,
        within: Within = EVERYTHING,
        case: Case | None = None,
    ) -> None:
        self._unsaved = {case.kind: case.id} if case else {}
        self.reading, self.question, self.understood, self.day = reading, question, understood, day
        self.language, self.within = question.language, within
        self.weights = reading.ranker.weights
        self.features = {feature.name: feature for feature in used(self.weights)}
        number = day_number(day)
        # the property graph answers while candidates are gathered and scored
        self._asked = [self._beside(understood.asked.technologies)]
        self.candidates: Candidates = gather(reading.ranker, understood.asked, number, within=within)
        if not understood.asked.technologies:
            self._asked.append(self._beside(self.candidates.technology_number.tolist()))
        self.scores: Scores = score(self.candidates)
        self._told: dict[int, tuple[Contribution, ...]] = {}
        self._past: dict[tuple[str, str], str] = {}
        self._explained: dict[int, tuple[Counterfactual, ...]] = {}
        self._sentences: dict[tuple[int, str], str] = {}
        self._described: dict[str, list[str]] = {}
        self._without: dict[tuple[str, frozenset[int]], np.ndarray] = {}
        self.order = np.lexsort((np.arange(len(self.candidates)), -self.scores.log_odds))

    @property
    def _last(self) -> int:
        """The rank of the last route that may be told."""
        return MOST_ROUTES if self.question.route else min(self.question.offset + self.question.limit, MOST_ROUTES)

    def answer(self, filters: tuple[Filter, ...] = ()) -> Answer:
        """The answer.

        :param filters: what the filters of the question did, to be told
        """
        for asked in self._asked:
            asked.result()
        ends = {at: self._ends(at) for at in self._examined()}
        brokers = _BESIDE.submit(broker_facts, self.reading, [end.broker for end in ends.values()])
        technologies = technology_facts(self.reading, [end.technology for end in ends.values() if end.technology])
        facts = RouteFacts(technologies, {})
        gates = Gates(self.reading, facts, self.day, self.language)
        for end in ends.values():
            end.holders = gates.holders(end.technology)
        self._foresee(ends)
        facts.brokers = brokers.result()
        chosen, excluded, passed = self._judged(gates, ends)
        return Answer(
            snapshot=self.reading.views.snapshot,
            as_of=self.day,
            known_at=self.question.known_at,
            asked={
                part: getattr(self.question, part) for part in ("text", "technology", "firm", "need", "intermediary")
            },
            understood=tuple(self.understood.shown),
            filters=filters,
            bridged=tuple(self.understood.described.bridged if self.understood.described else ()),
            missing=(*self.understood.missing, *self._nothing_wanted()),
            routes=tuple(self._routes(chosen, facts, gates)),
            excluded=tuple(excluded[: 5 * self.question.limit]),
            truncated=len(self.candidates) > len(ends) or passed == self._last,
        )

    def _nothing_wanted(self) -> list[str]:
        """What is to be asked for besides a firm of which nobody knows what it looks for."""
        alone = self.understood.asked.firm is not None and self.within.technologies is None
        return [_NOTHING_WANTED[self.language]] if alone and not len(self.candidates.profiles) else []

    def _foresee(self, ends: Mapping[int, Ends]) -> None:
        """Ask for and work out what is told of the routes that are shown unless a gate shuts them out, while intermediaries are asked about."""
        wanted = set(self.question.route)
        likely = [at for at, end in ends.items() if not wanted or end.key in wanted]
        shown = likely if wanted else likely[self.question.offset : self._last]
        asked = self._ask_about([ends[at] for at in shown])
        for at in shown:
            self._contributions(at)
        for at in shown[:_EXPLAINED]:
            self._counterfactuals(at)
        for one in asked:
            one.result()

    def _ask_about(self, ends: Sequence[Ends]) -> "tuple[Future[Contacts], Future[Facts]]":
        """Ask the property graph how bodies are reached, and about their newest deals with each other."""
        bodies = sorted({body for end in ends for body in (end.broker, end.firm, *end.holders)})
        pairs = {(end.broker, other) for end in ends for other in (end.firm, *end.holders)} - self._past.keys()
        self._past |= dict.fromkeys(pairs, "") | newest_deals(self.candidates, pairs)
        past = sorted(set(self._past.values()) - {""})
        return _BESIDE.submit(contacts, self.reading, bodies), _BESIDE.submit(deeds, self.reading, past)

    def _judged(self, gates: Gates, ends: Mapping[int, Ends]) -> tuple[list[_Chosen], list[Excluded], int]:
        """The routes to tell, what a gate shut out, and how many routes got through up to the last that may be told."""
        wanted = set(self.question.route)
        chosen: list[_Chosen] = []
        excluded: list[Excluded] = []
        rank = 0
        for at, end in ends.items():
            judged = gates.judge(end)
            if judged.excluded:
                excluded.append(self._excluded(end, gates.failed(judged)))
            elif rank < self._last:
                rank += 1
                if end.key in wanted if wanted else rank > self.question.offset:
                    chosen.append(_Chosen(at, rank, end, judged))
        return chosen, excluded, rank

    def _beside(self, technologies: Sequence[int]) -> "Future[Facts]":
        """Ask the property graph about technologies, beside what is computed meanwhile."""
        saved = [node for node in map(self._saved, technologies) if node]
        return _BESIDE.submit(technology_facts, self.reading, saved)

    def _saved(self, number: int) -> str | None:
        return self.reading.views.arrays.ids["technology"][number] if number >= 0 else None

    def _examined(self) -> list[int]:
        """The best candidates, not too many for one firm, as many as may be needed after gates shut some out."""
        several = len(np.unique(self.candidates.firm)) > 3
        counts: dict[tuple[int, int], int] = {}
        found: list[int] = []
        for at in self.order:
            side = (int(self.candidates.firm[at]), int(self.candidates.need[at]))
            counts[side] = counts.get(side, 0) + 1
            if not several or counts[side] <= _A_FIRM:
                found.append(int(at))
            if len(found) >= _EXAMINED * self._last:
                break
        return found

    def _ends(self, at: int) -> Ends:
        arrays, c = self.reading.views.arrays, self.candidates
        number = int(c.technology_number[c.technology[at]])
        return Ends(
            technology=arrays.ids["technology"][number] if number >= 0 else self._unsaved.get("technology"),
            holders=[],
            broker=arrays.ids["organisation"][int(c.broker[at])],
            firm=arrays.ids["organisation"][int(c.firm[at])],
            need=arrays.ids["need"][int(c.need[at])] if c.need[at] >= 0 else self._unsaved.get("need"),
        )

    def _technology(self, ends: Ends) -> Ref:
        if ends.technology:
            return self.reading.ref(ends.technology, self.language)
        return Ref(id="", name=self.question.text or "", type="Technology")

    def _excluded(self, ends: Ends, gate: Gate) -> Excluded:
        return Excluded(
            technology=self._technology(ends),
            intermediary=self.reading.ref(ends.broker, self.language),
            firm=self.reading.ref(ends.firm, self.language),
            gate=gate.gate,
            reason=gate.reason,
            basis=gate.basis,
        )

    def _routes(self, chosen: list[_Chosen], facts: RouteFacts, gates: Gates) -> list[Route]:
        # most of it was foreseen
        known, events = self._ask_about([one.ends for one in chosen])
        hops = Hops(self.reading, facts, self._past, events.result(), self.day, self.language)
        routes = []
        for place, one in enumerate(chosen):
            technology = self._technology(one.ends)
            contributions = self._contributions(one.at)
            total = math.fsum(part.value for part in contributions)
            routes.append(
                Route(
                    key=one.ends.key,
                    rank=one.rank,
                    technology=technology,
                    holder=self.reading.ref(one.ends.holders[0], self.language) if one.ends.holders else None,
                    intermediary=self.reading.ref(one.ends.broker, self.language),
                    firm=self.reading.ref(one.ends.firm, self.language),
                    need=self.reading.ref(one.ends.need, self.language) if one.ends.need else None,
                    score=1 / (1 + math.exp(-total)),
                    log_odds=total,
                    score_basis=f"{self.weights.event[self.language]}. {self.weights.basis[self.language]}",
                    contributions=contributions,
                    counterfactuals=self._counterfactuals(one.at) if place < _EXPLAINED else (),
                    hops=hops.of(one.ends, technology),
                    gates=gates.sourced(one.judged),
                    transferable_now=all(gate.state == "pass" for gate in one.judged.gates),
                    contacts=tuple(self._contacts(one.ends, known.result())),
                    next_steps=gates.next_steps(one.judged),
                )
            )
        return routes

    def _contacts(self, ends: Ends, known: Contacts) -> list[Contact]:
        return [
            Contact(
                organization=self.reading.ref(body, self.language),
                kind=kind,
                value=value,
                source=next(iter(self.reading.sources(records, 1)), None),
            )
            for body in dict.fromkeys((ends.broker, *ends.holders, ends.firm))
            for kind, value, records in known.get(body, ())
        ]

    def _contributions(self, at: int) -> tuple[Contribution, ...]:
        """What speaks for and against a candidate."""
        if at not in self._told:
            self._told[at] = self._contributing(at)
        return self._told[at]

    def _contributing(self, at: int) -> tuple[Contribution, ...]:
        found = [
            Contribution(
                feature="base_rate", value=float(self.scores.base[at]), measure=None, reason=BASE_RATE[self.language]
            )
        ]
        for feature in self.features.values():
            if not feature.applies(self.candidates):
                continue
            measure, part = float(self.scores.values[feature.name][at]), float(self.scores.parts[feature.name][at])
            missing = math.isnan(measure)
            found.append(
                Contribution(
                    feature=feature.name,
                    value=part,
                    measure=None if missing else round(measure, 6),
                    reason=self._sentence(at, feature.name, measure)
                    if not missing and (part or measure)
                    else (_NOT_ON_RECORD if missing else _NONE)[self.language].format(
                        feature=feature.label[self.language]
                    ),
                )
            )
        return tuple(sorted(found, key=lambda part: (part.feature != "base_rate", -abs(part.value), part.feature)))

    def _sentence(self, at: int, name: str, value: float) -> str:
        key = (at, name)
        if key not in self._sentences:
            feature = self.features[name]
            facts = dict(feature.facts(self.candidates, at, value))
            if "words" in facts:
                facts["words"] = told(self._phrases(at, facts["words"]), self.language)
            shown = {key: said(fact, self.language) for key, fact in facts.items()}
            self._sentences[key] = feature.sentences[self.language].format(value=said(value, self.language), **shown)
        return self._sentences[key]

    def _phrases(self, at: int, words: Sequence[str]) -> list[str]:
        """The words that technology and need share, as they stand together in the texts of both."""
        ends = self._ends(at)
        own = [self.question.text] if self.question.text else []
        return shared_phrases(self._texts(ends.need) or own, words, self._texts(ends.technology) or own)

    def _texts(self, node: str | None) -> list[str]:
        """What something saved is called and described as."""
        if node is None:
            return []
        if node not in self._described:
            values = self.reading.views.values
            self._described[node] = [text for prop in ("name", "description") for text in values(node, prop)]
        return self._described[node]

    def _counterfactuals(self, at: int) -> tuple[Counterfactual, ...]:
        """For the strongest reasons that rest on statements: the score and rank had these not been stated.

        Reasons that rest on the same statements go together, as they would fall together.
        """
        if at not in self._explained:
            self._explained[at] = self._without_reasons(at)
        return self._explained[at]

    def _without_reasons(self, at: int) -> tuple[Counterfactual, ...]:
        resting: dict[tuple[str, frozenset[int]], list[str]] = {}
        strongest = sorted(self.features.values(), key=lambda feature: -float(self.scores.parts[feature.name][at]))
        for feature in strongest:
            if float(self.scores.parts[feature.name][at]) <= 0:
                break
            table, rows = feature.evidence(self.candidates, at)
            if rows and ((table, rows) in resting or len(resting) < _COUNTERFACTUALS):
                reason = self._sentence(at, feature.name, float(self.scores.values[feature.name][at]))
                resting.setdefault((table, rows), []).append(reason)
        found: list[Counterfactual] = []
        for (table, rows), reasons in resting.items():
            lacking = self._lacking(table, rows)
            without = float(lacking[at])
            rank = 1 + int(np.count_nonzero(lacking > without))
            found.append(Counterfactual(without="; ".join(reasons), log_odds=without, rank=rank))
        return tuple(found)

    def _lacking(self, table: str, rows: frozenset[int]) -> np.ndarray:
        """The log-odds of all candidates, had some rows of a table not been stated."""
        key = (table, rows)
        if key not in self._without:
            self._without[key] = scored_without(self.candidates, self.scores, table, rows)
        return self._without[key]
