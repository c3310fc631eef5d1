"""Snapshots other than the newest, for requests: of a past day, made in the background when first asked for, and kept ones."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from api import slow
from api.computing import Computing, Key
from graph.answer.asking import ask, prepare
from graph.answer.case_proposals import Proposals, propose
from graph.answer.expert_model import ExpertQuestion, Experts
from graph.answer.experts import find_experts
from graph.answer.indicators import Figure
from graph.answer.model import Answer, Question
from graph.answer.partner_model import PartnerQuestion, Partners
from graph.answer.partners import find_partners
from graph.answer.reading import Reading, StoredReading
from graph.answer.reconciling import Reconciler
from graph.answer.transfer import answer
from graph.answer.whatif.comparing import WhatIf
from graph.answer.whatif.model import Outcome as Tried
from graph.answer.whatif.scenario import Scenario
from graph.questions.communities import Overview, overview
from graph.questions.named import NamedQuestion
from graph.questions.networks import Network, Projection, read_network
from graph.questions.running import Prepared, Result
from graph.questions.twins import Language
from graph.statements.cases import Case
from graph.statements.home import Home, today
from graph.views.errors import Preparing
from graph.views.kept import kept_path
from graph.views.past import PastSnapshots
from graph.views.reading import StoredViews

T = TypeVar("T")
_OPEN = 5
"""Snapshots that stay open; the one that was asked for longest ago is closed first."""
_WAITING = 4
"""Days whose snapshots are being made or wait to be; who asks for more is told to come again."""
_log = logging.getLogger(__name__)


class LookedBack(StoredViews):
    """The views of a snapshot other than the newest; what the property graph would say is read from its dataset."""

    def __init__(self, home: Home, path: Path) -> None:
        super().__init__(home, path)
        self.reading = StoredReading(self)
        self.computing = Computing()

    @cached_property
    def reconciler(self) -> Reconciler:
        return Reconciler(self)

    def answer(self, question: Question, case: Case | None = None) -> Answer:
        return answer(self.reading, question, case)

    def propose(self, text: str) -> Proposals:
        return propose(self.reading, text)

    def experts(self, question: ExpertQuestion) -> Experts:
        return find_experts(self.reading, question)

    def partners(self, question: PartnerQuestion) -> Partners:
        key = ("partners", today(), question.model_dump_json())
        return self.computing.get(key, slow.PARTNERS, lambda: find_partners(self.reading, question))

    def question(self, question: NamedQuestion, given: Mapping[str, Any], on: Language = "sparql") -> Result:
        """The answer to a named question, in SPARQL whatever language is asked for."""
        key = slow.key_of(question, given, "sparql", self)
        return self.computing.get(key, slow.said(question), lambda: ask(self.reading, question, given, "sparql"))

    def prepared(self, question: NamedQuestion, given: Mapping[str, Any]) -> Prepared:
        return prepare(self.reading, question, given)

    def consistently(self, ask: Callable[[Reading], T]) -> T:
        return ask(self.reading)

    def computed(self, key: Key, what: Mapping[str, str], ask: Callable[[Reading], T]) -> T:
        return self.computing.get(key, what, lambda: ask(self.reading))

    def network(self, projection: Projection, as_of: str) -> Network:
        day = date.fromisoformat(as_of)
        return self.computing.get(
            ("network", projection.name, as_of),
            projection.title,
            lambda: read_network(self.reading, projection, day, "sparql"),
        )

    def overview(self, projection: Projection, as_of: str, since: int | None, until: int | None) -> Overview:
        key = ("overview", projection.name, as_of, str(since), str(until))
        return self.computing.get(
            key, projection.title, lambda: overview(self.network(projection, as_of).between(since, until))
        )

    @cached_property
    def whatif(self) -> WhatIf:
        return WhatIf(self.reading)

    def try_out(self, scenario: Scenario) -> Tried:
        key = ("whatif", today(), scenario.model_dump_json())
        return self.computing.get(key, slow.WHATIF, lambda: self.whatif.try_out(scenario))

    def indicators(self, as_of: str) -> list[Figure]:
        return self.computing.get(("indicators", as_of), slow.INDICATORS, lambda: self.whatif.figures(as_of))


class LookingBack:
    """Opens snapshots of past days and kept ones. What it gives out may be used by several threads."""

    def __init__(self, home: Home) -> None:
        self._home, self._past = home, PastSnapshots(home)
        self._lock = threading.Lock()
        self._open: OrderedDict[Path, LookedBack] = OrderedDict()
        self._making: dict[str, Future[None]] = {}
        self._maker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="past")

    def loads_of(self, day: str) -> tuple[int, ...]:
        """Numbers of the loads that counted at the end of a past day.

        :raises graph.views.errors.NothingKnown: where there are none
        """
        return self._past.loads_of(day)

    def known_at(self, day: str) -> LookedBack:
        """The snapshot of a past day.

        :raises Preparing: where it has to be made first, which is begun
        :raises graph.views.errors.NothingKnown: where nothing was known on that day
        """
        path = self._past.find(day)
        if path is None:
            self._begin(day)
            raise Preparing(f"the snapshot of {day} is being prepared; ask again in a moment")
        return self._opened(path)

    def made(self, day: str, progress: Callable[[str], None] | None = None) -> LookedBack:
        """The snapshot of a past day, waiting for it where it has to be made first."""
        return self._opened(self._past.make(day, progress))

    def kept(self, snapshot: str) -> LookedBack:
        """A kept snapshot.

        :raises graph.views.errors.UnknownSnapshot: where none of that id is kept
        """
        return self._opened(kept_path(self._home, snapshot))

    def _opened(self, path: Path) -> LookedBack:
        with self._lock:
            if path not in self._open:
                self._open[path] = LookedBack(self._home, path)
            self._open.move_to_end(path)
            while len(self._open) > _OPEN:
                self._open.popitem(last=False)
            return self._open[path]

    def _begin(self, day: str) -> None:
        with self._lock:
            self._making = {one: making for one, making in self._making.items() if not making.done()}
            if day not in self._making and len(self._making) < _WAITING:
                self._making[day] = self._maker.submit(self._make, day)

    def _make(self, day: str) -> None:
        try:
            self._past.make(day)
        except Exception:
            # whoever asks again begins it again
            _log.exception("the snapshot of %s was not made", day)

    def close(self) -> None:
        """Finish what is being made, and nothing that waits."""
        self._maker.shutdown(cancel_futures=True)
