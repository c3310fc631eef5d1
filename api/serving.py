"""What the HTTP application reads: the newest snapshot's views, opened once and followed at a switch."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from functools import cached_property, partial
from typing import Any, TypeVar

from pydantic import TypeAdapter

from api import slow
from api.computing import Computing, KeptAnswers, Key, waits
from api.looking_back import LookedBack, LookingBack
from api.preparing import LARGE, Preparer
from api.tokens import has_tokens
from graph.answer.asking import ask, prepare
from graph.answer.case_proposals import Proposals, propose
from graph.answer.expert_model import ExpertQuestion, Experts
from graph.answer.experts import find_experts
from graph.answer.indicators import Figure
from graph.answer.model import Answer, Question
from graph.answer.partner_model import PartnerQuestion, Partners
from graph.answer.partners import find_partners
from graph.answer.reading import Reading
from graph.answer.reconciling import Reconciler
from graph.answer.transfer import answer
from graph.answer.whatif.comparing import WhatIf
from graph.answer.whatif.model import Outcome as Tried
from graph.answer.whatif.scenario import Scenario
from graph.questions.communities import Overview, overview
from graph.questions.named import NamedQuestion
from graph.questions.networks import Network, Projection, read_network
from graph.questions.running import Prepared, Result, alone
from graph.questions.twins import Language, Rows
from graph.statements.cases import Case
from graph.statements.garbage import settle
from graph.statements.home import Home, today
from graph.views.engine import Engine
from graph.views.errors import NotReady, UnknownSnapshot
from graph.views.history import History
from graph.views.neo4j_errors import GraphError
from graph.views.rdf import Dataset
from graph.views.reading import SnapshotViews
from graph.views.surroundings import Around
from graph.views.switching import Switch

T = TypeVar("T")

_SWITCHED = 20.0
"""Seconds that an answer from the property graph waits for a switch, or is run again after one."""
_SUPERVISE = 3.0
"""Seconds between looks at whether the property graph still answers."""
_USUAL = 20
"""Seconds that a question may take which asks for little; what may take longer goes through everything of a kind."""
_REHEARSED = 100
"""Technologies about which a large snapshot is asked before visitors come."""
_SWITCHING = "the property graph is being switched to a newer snapshot; ask again in a moment"
_log = logging.getLogger(__name__)


class _Switched(NotReady):
    """What was being computed would have been of two snapshots."""


class LiveViews(SnapshotViews):
    """One snapshot's views; what the property graph has to say is asked so that it is of the same snapshot."""

    def __init__(self, home: Home, number: int, engine: Engine, source: "LiveSource") -> None:
        super().__init__(home, number)
        self.reading = Reading(self, engine.graph)
        self._source = source
        self.answers = KeptAnswers(self.path / slow.ANSWERS)
        self.computing = Computing(self.answers, source.preparing)

    def answer(self, question: Question, case: Case | None = None) -> Answer:
        self._source.computed(("ranker",), slow.RANKER, lambda views: views.reading.ranker)
        return self._source.consistently(lambda views: answer(views.reading, question, case))

    def propose(self, text: str) -> Proposals:
        return propose(self.reading, text)

    def experts(self, question: ExpertQuestion) -> Experts:
        return find_experts(self.reading, question)

    def partners(self, question: PartnerQuestion) -> Partners:
        key = ("partners", today(), question.model_dump_json())
        return self._source.computed(key, slow.PARTNERS, lambda views: find_partners(views.reading, question))

    def question(self, question: NamedQuestion, given: Mapping[str, Any], on: Language = "cypher") -> Result:
        if question.deadline <= _USUAL and waits() and not self._source.preparing:
            return self._source.consistently(lambda views: ask(views.reading, question, given, on))
        key = slow.key_of(question, given, on, self)
        what = slow.said(question)

        def asked(views: LiveViews) -> Result:
            def shared(query: Key, ask: Callable[[], Rows]) -> Rows:
                return views.computing.get(("rows", *query), what, ask, slow.ROWS)

            return ask(views.reading, question, given, on, shared if slow.shares(question) else alone)

        return self._source.computed(key, what, asked, slow.RESULT)

    def prepared(self, question: NamedQuestion, given: Mapping[str, Any]) -> Prepared:
        return prepare(self.reading, question, given)

    def consistently(self, ask: Callable[[Reading], T]) -> T:
        return self._source.consistently(lambda views: ask(views.reading))

    def computed(self, key: Key, what: Mapping[str, str], ask: Callable[[Reading], T]) -> T:
        return self._source.computed(key, what, lambda views: ask(views.reading))

    def network(self, projection: Projection, as_of: str) -> Network:
        day = date.fromisoformat(as_of)
        ties = self._source.computed(
            ("network", projection.name, projection.cypher, as_of),
            projection.title,
            lambda views: read_network(views.reading, projection, day).ties,
            slow.TIES,
        )
        return Network(projection, ties)

    def overview(self, projection: Projection, as_of: str, since: int | None, until: int | None) -> Overview:
        key = ("overview", projection.name, projection.cypher, as_of, str(since), str(until))
        return self._source.computed(
            key,
            projection.title,
            lambda views: overview(views.network(projection, as_of).between(since, until)),
            slow.OVERVIEW,
        )

    @cached_property
    def whatif(self) -> WhatIf:
        return WhatIf(self.reading)

    def try_out(self, scenario: Scenario) -> Tried:
        key = ("whatif", today(), scenario.model_dump_json())
        return self._source.computed(key, slow.WHATIF, lambda views: views.whatif.try_out(scenario))

    def indicators(self, as_of: str) -> list[Figure]:
        return self._source.computed(
            ("indicators", as_of), slow.INDICATORS, lambda views: views.whatif.figures(as_of), slow.FIGURES
        )

    def around(self, identifier: str) -> Around:
        if waits():
            return super().around(identifier)
        key = ("around", identifier)
        return self.computing.get(key, slow.SURROUNDINGS, lambda: super(LiveViews, self).around(identifier))

    def history(self, identifier: str, offset: int = 0, limit: int = 50) -> History:
        if waits():
            return super().history(identifier, offset, limit)
        key = ("history", identifier, str(offset), str(limit))
        return self.computing.get(key, slow.HISTORY, lambda: super(LiveViews, self).history(identifier, offset, limit))

    def hold(self) -> None:
        """Hold in memory what scenarios are tried out on, and the answers of today that they are compared with."""
        self.whatif.figures(today())

    @cached_property
    def reconciler(self) -> Reconciler:
        return Reconciler(self)

    def warm(self) -> None:
        """Prepare what the first answer would wait for."""
        self.computing.get(("ranker",), slow.RANKER, lambda: self.reading.ranker)
        with suppress(NotReady):  # published before there were arrays for experts
            _ = self.reading.experts
        if has_tokens(self._home):
            # somebody may have a case
            _ = (self.reading.proposer, self.reading.field_proposer)


class LiveSource:
    """Opens the views of the snapshot that the property graph names, and follows it when it is switched.

    :param preparing: keep what is computed beside the snapshot
    :param preparer: has that done before anybody asks
    """

    def __init__(self, home: Home, engine: Engine, preparing: bool = False, preparer: Preparer | None = None) -> None:
        self._preparer = preparer
        self._home, self._engine, self.preparing = home, engine, preparing
        self._switch = Switch(home)
        self._lock = threading.Lock()
        self._moment: int | None = None
        self._views: LiveViews | None = None
        self._back = LookingBack(home)
        self._closing = threading.Event()
        self._supervisor: threading.Thread | None = None

    def current(self) -> LiveViews:
        """The newest snapshot's views; while it is switched the old one's.

        :raises NotReady: where nothing is published yet
        :raises graph.views.neo4j_connection.GraphUnavailable: where the property graph does not answer
        """
        return self._at(self._switch.moment())

    def known_at(self, day: str, wait: bool = False) -> LiveViews | LookedBack:
        """The snapshot of what was known up to the end of a day in Vietnam; the newest, where nothing was loaded since.

        :param wait: make it where there is none yet, instead of beginning to
        :raises Preparing: where it has to be made first
        :raises graph.views.errors.NothingKnown: where nothing was known on that day
        :raises NotReady: where nothing is published yet
        """
        current = self.current()
        if day >= today() or self._back.loads_of(day) == current.made_of.loads:
            return current
        return self._back.made(day) if wait else self._back.known_at(day)

    def named(self, snapshot: str) -> LiveViews | LookedBack:
        """A snapshot by its id.

        :raises UnknownSnapshot: where it is neither kept nor the newest
        """
        try:
            return self._back.kept(snapshot)
        except UnknownSnapshot:
            current = self.current()
            if current.snapshot != snapshot:
                raise
            return current

    def _at(self, moment: int | None) -> LiveViews:
        with self._lock:
            if self._views is not None and moment in (None, self._moment):
                return self._views
            number = self._engine.current()
            if number is None:
                raise NotReady("nothing is published yet; run «ketnoi sample», or load files and run «ketnoi build»")
            if self._views is None or number != self._views.made_of.number:
                self._views = LiveViews(self._home, number, self._engine, self)
            self._moment = moment
            return self._views

    def consistently(self, ask: Callable[[LiveViews], T]) -> T:
        """What ``ask`` returns, which reads one snapshot's views and the property graph: run again when it was switched meanwhile.

        :raises NotReady: where the switch takes long, or one follows the other
        """
        return self._of_one_moment(lambda views, moment: self._unswitched(ask, views, moment))

    def computed(
        self, key: Key, what: Mapping[str, str], ask: Callable[[LiveViews], T], kind: TypeAdapter[T] | None = None
    ) -> T:
        """What ``ask`` returns, computed once of a snapshot and kept, see :meth:`Computing.get`.

        :raises Preparing: where it takes longer than is waited
        :raises NotReady: where the switch takes long, or one follows the other
        """
        return self._of_one_moment(
            lambda views, moment: views.computing.get(key, what, partial(self._unswitched, ask, views, moment), kind)
        )

    def _of_one_moment(self, attempt: Callable[[LiveViews, int], T]) -> T:
        """What an attempt returns; it is made anew when the snapshot was switched meanwhile."""
        deadline = time.monotonic() + _SWITCHED
        while time.monotonic() < deadline:
            moment = self._switch.moment()
            if moment is None:
                time.sleep(0.01)
                continue
            with suppress(_Switched):
                return attempt(self._at(moment), moment)
        raise NotReady(_SWITCHING)

    def _unswitched(self, ask: Callable[[LiveViews], T], views: LiveViews, moment: int) -> T:
        """Of this snapshot, or not at all: what is kept is never of the next one.

        :raises _Switched: where it would be of two
        """
        try:
            found = ask(views)
        except GraphError:
            if self._switch.moment() == moment:
                raise
            raise _Switched("the snapshot was switched") from None
        if self._switch.moment() != moment:
            raise _Switched("the snapshot was switched")
        return found

    def dataset(self, snapshot: str | None) -> Dataset:
        """The dataset of the newest snapshot, or of one by its id.

        :raises UnknownSnapshot: where it is neither kept nor the newest
        """
        return self.current().dataset if snapshot is None else self.named(snapshot).dataset

    def ready(self) -> tuple[bool, str]:
        """Whether questions can be answered, and why not."""
        return self._engine.ready()

    def supervise(self) -> None:
        """Start what answers need, and start the property graph again whenever it is gone, until closed."""
        self._supervisor = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._supervisor.start()

    def _watch(self) -> None:
        settled = ""
        while True:
            try:
                self._engine.current()  # starts a server that is gone
                views = self.current()
                views.warm()
                if views.snapshot != settled:
                    self._rehearse(views)
                    settle()
                    settled = views.snapshot
                if self._preparer:
                    self._preparer.see_to(views)
            except (NotReady, GraphError) as error:
                _log.info("not ready: %s", error)
            except Exception:
                _log.exception("the views could not be opened")
            if self._closing.wait(_SUPERVISE):
                return

    def _rehearse(self, views: LiveViews) -> None:
        """Ask the main question of a large snapshot about some technologies all over it.

        The first answers read much for the first time, and the property graph plans its queries and compiles what it does often: the first
        visitor waited for two seconds, and a few of the next for a fifth of one.
        """
        if views.made_of.nodes < LARGE:
            return
        technologies = views.arrays.ids["technology"]
        for node in technologies[:: max(1, len(technologies) // _REHEARSED)]:
            if self._closing.is_set():
                return
            views.answer(Question(technology=node))

    def close(self) -> None:
        self._closing.set()
        if self._supervisor is not None:
            self._supervisor.join(timeout=30)
        if self._preparer:
            self._preparer.close()
        self._back.close()
        self._engine.close()
