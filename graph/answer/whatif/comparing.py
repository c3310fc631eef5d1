"""Tries scenarios out on one snapshot: the same questions of today and of what would be, by the same code, and what differs."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from graph.answer.asking import ask
from graph.answer.errors import AnswerError
from graph.answer.indicators import Figure, figures
from graph.answer.model import Answer, Question, Route
from graph.answer.reading import Reading
from graph.answer.transfer import answer
from graph.answer.understanding import resolve_nodes
from graph.answer.whatif.applying import apply
from graph.answer.whatif.events import hypothetical_arrays
from graph.answer.whatif.model import Asked, Change, Counts, Gap, IndicatorChange, Outcome, RouteChange, Side
from graph.answer.whatif.reading import HypotheticalReading
from graph.answer.whatif.scenario import Scenario, Supposed, suppose
from graph.answer.whatif.spoken import spoken, touches
from graph.answer.whatif.stating import records
from graph.answer.whatif.store import HypotheticalStore, Slice, TooMuch, terms_in
from graph.answer.whatif.table_slice import filling
from graph.answer.whatif.wording import notes, supposed_in_words
from graph.questions.named import questions
from graph.questions.running import Result
from ontology.indicators import indicators

T = TypeVar("T")
GAPS = "fields_without_broker"
"""The question that tells gaps."""
_OWN = 3
"""Routes of an intermediary that is added, of each question."""
_KEPT = 200
"""Answers of today that are kept: scenarios are tried several times with the same questions."""
Key = tuple[str | None, ...]


class WhatIf:
    """Tries scenarios out on the snapshot of a reading. May be used by several threads."""

    def __init__(self, reading: Reading) -> None:
        self._base = reading
        self._slice = Slice(filling(reading.views))
        store = HypotheticalStore(reading.views.store, self._slice)
        self.today = HypotheticalReading(reading, store, reading.views.arrays, reading.ranker)
        self._kept: OrderedDict[str, Any] = OrderedDict()
        self._lock = threading.Lock()

    def figures(self, as_of: str) -> list[Figure]:
        """The indicators of today's snapshot."""
        named = {GAPS, *(one.question for one in indicators().indicators)}
        texts = [questions()[name].sparql for name in sorted(named)]
        self._slice.hold(set().union(*map(terms_in, texts)))
        for text in texts:
            spoken(text)  # read once here, so that no scenario waits for it
        return figures(self._asked_today, as_of)

    def imagined(self, supposed: Supposed) -> HypotheticalReading:
        """The snapshot as it would be; its ``hypothetical`` is the store with what differs.

        :raises AnswerError: where the scenario changes too much to be tried out
        """
        views = self._base.views
        store = HypotheticalStore(views.store, self._slice)
        try:
            apply(store, records(views, supposed))
        except TooMuch as error:
            raise AnswerError(str(error)) from None
        arrays = hypothetical_arrays(views.arrays, store, supposed)
        ranker = self._base.ranker.beside(arrays)
        return HypotheticalReading(self._base, store, arrays, ranker, self.today, merged=supposed.merged is not None)

    def try_out(self, scenario: Scenario) -> Outcome:
        """What a scenario would change.

        :raises AnswerError: where something in it is unknown, missing or too much
        """
        began = time.perf_counter()
        supposed = suppose(self._base, scenario)
        asked = [(part, node) for part in ("technology", "firm") for node in self._nodes(part, scenario)]
        after = self.imagined(supposed)
        difference = after.hypothetical.difference

        told: dict[str, Result] = {}  # gaps are asked for by themselves, and by an indicator

        def then(name: str, given: Mapping[str, Any]) -> Result:
            # what a question does not speak of can't change its answer
            if not touches(after.hypothetical, questions()[name].sparql):
                return self._asked_today(name, given)
            key = _written(name, given)
            if key not in told:
                told[key] = ask(after, questions()[name], given, "sparql")
            return told[key]

        now = {one.id: one for one in self.figures(supposed.day)}
        return Outcome(
            snapshot=self._base.snapshot,
            as_of=supposed.day,
            scenario=scenario,
            supposed=supposed_in_words(self.today, supposed, scenario.language),
            facts={"added": len(difference.added), "removed": len(difference.removed)},
            notes=notes(self.today, supposed, difference, scenario.language),
            asked=tuple(self._compared(part, node, after, supposed, scenario) for part, node in asked),
            gaps=tuple(self._gaps(then, supposed.day, scenario.language)),
            indicators=tuple(
                IndicatorChange(id=one.id, today=now[one.id], supposed=one) for one in figures(then, supposed.day)
            ),
            seconds=round(time.perf_counter() - began, 3),
        )

    def _nodes(self, part: str, scenario: Scenario) -> list[str]:
        found = [
            node
            for text in getattr(scenario, part)
            for node in resolve_nodes(self._base, part, text, scenario.language)[:1]
        ]
        return list(dict.fromkeys(found))

    def _once(self, key: str, ask_: Callable[[], T]) -> T:
        """An answer of today, computed once."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                known: T = self._kept[key]
                return known
        found = ask_()
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def _asked_today(self, name: str, given: Mapping[str, Any]) -> Result:
        return self._once(_written(name, given), lambda: ask(self.today, questions()[name], given, "sparql"))

    def _compared(
        self, part: Any, node: str, after: HypotheticalReading, supposed: Supposed, scenario: Scenario
    ) -> Asked:
        """The routes of one question on both sides."""
        about = _question(part, node, supposed.day, scenario)
        today = self._once(about.model_dump_json(), lambda: answer(self.today, about))
        meant = supposed.into if node == supposed.merged and supposed.into else node
        then = answer(after, _question(part, meant, supposed.day, scenario))
        through = (
            answer(after, _question(part, meant, supposed.day, scenario, supposed.added)).routes[:_OWN]
            if supposed.added
            else ()
        )
        before, routes = _by_ends(today.routes, supposed), _by_ends(then.routes, supposed)
        shut = {_key(one, supposed): f"{one.gate}: {one.reason}" for one in then.excluded}
        return Asked(
            part=part,
            about=self.today.ref(node, scenario.language),
            today=_counts(today),
            supposed=_counts(then),
            routes=tuple(
                _change(before.get(key), routes.get(key), shut.get(key[:3]))
                for key in dict.fromkeys([*routes, *before])
            ),
            through=tuple(_change(None, route, None) for route in through),
        )

    def _gaps(self, then: Callable[[str, Mapping[str, Any]], Result], day: str, language: str) -> list[Gap]:
        given = {"as_of": day}
        today, after = (
            {row["field"]: row for row in side.rows} for side in (self._asked_today(GAPS, given), then(GAPS, given))
        )
        found = [
            Gap(
                field=self.today.ref(field, language),
                needs=row["needs"],
                firms=row["firms"],
                budget=row["budget"] or 0,
                change="same" if field in today and field in after else "opened" if field in after else "closed",
            )
            for field, row in (today | after).items()
        ]
        return sorted(found, key=lambda gap: (gap.change == "same", -gap.needs, gap.field.id))


def _written(name: str, given: Mapping[str, Any]) -> str:
    return f"{name} {sorted(given.items())}"


def _question(part: str, node: str, day: str, scenario: Scenario, broker: str | None = None) -> Question:
    return Question.model_validate(
        {
            part: node,
            "intermediary": broker,
            "limit": _OWN if broker else scenario.limit,
            "as_of": day,
            "language": scenario.language,
        }
    )


def _key(route: Any, supposed: Supposed) -> Key:
    """A route by its ends; a unit that was merged is the one that it was merged into."""

    def meant(ref: Any) -> str | None:
        node = ref.id if ref else None
        return supposed.into if node is not None and node == supposed.merged else node

    ends = (meant(route.technology), meant(route.intermediary), meant(route.firm))
    return (*ends, meant(route.need)) if isinstance(route, Route) else ends


def _by_ends(routes: Iterable[Route], supposed: Supposed) -> dict[Key, Route]:
    """Routes by their ends; where a merger makes one of two, the better one stands for both."""
    found: dict[Key, Route] = {}
    for route in routes:
        found.setdefault(_key(route, supposed), route)
    return found


def _counts(found: Answer) -> Counts:
    return Counts(
        routes=len(found.routes),
        transferable_now=sum(route.transferable_now for route in found.routes),
        excluded=len(found.excluded),
    )


def _side(route: Route | None) -> Side | None:
    if route is None:
        return None
    return Side(
        rank=route.rank,
        score=route.score,
        log_odds=route.log_odds,
        transferable_now=route.transferable_now,
        gates={gate.gate: gate.state for gate in route.gates},
    )


def _change(today: Route | None, then: Route | None, shut: str | None) -> RouteChange:
    """What becomes of a route; there is one on one side at least."""
    shown = then or today
    assert shown is not None
    left, right = _side(today), _side(then)
    change: Change = "new" if left is None else "gone" if right is None else "same" if left == right else "moved"
    return RouteChange(
        technology=shown.technology,
        intermediary=shown.intermediary,
        firm=shown.firm,
        need=shown.need,
        change=change,
        today=left,
        supposed=right,
        reason=shut if then is None else None,
    )
