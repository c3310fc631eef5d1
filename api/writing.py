"""Writes what forms and the API send, and publishes it: one publish at a time, in the background."""

import logging
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from api import slow
from api.computing import PAINTED, waiting
from api.erasures import begin_apart
from api.intake import Intake, TakenIn, apart, build, take_in
from api.serving import LiveSource
from graph.statements.audit import record
from graph.statements.cases import Case, forget_case, write_case
from graph.statements.consents import Consent, write_consent
from graph.statements.home import Home
from graph.statements.judgements import correct, judge_pair
from graph.statements.loads import Load, withdraw
from graph.statements.outcomes import Outcome, write_outcome
from graph.views.engine import Engine
from graph.views.errors import Preparing
from graph.views.kept import Kept, keep
from graph.views.neo4j_connection import Endpoint
from graph.views.publishing import publish

_log = logging.getLogger(__name__)


class Publisher:
    """Writes by forms; each starts a publish, and those that arrive meanwhile share the next.

    A correction is published here, at once. A file is read, linked and published in processes of their own.

    :param endpoint: the property graph's server where one is named
    """

    def __init__(self, home: Home, engine: Engine, source: LiveSource, endpoint: Endpoint | None = None) -> None:
        self._home, self._engine, self._source, self._endpoint = home, engine, source, endpoint
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="publish")
        self._waiting = threading.Event()
        self._unlinked = threading.Event()

    def correct(
        self, entity: str, property: str, value: str, language: str | None, who: str, proposal: str | None = None
    ) -> str:
        """Write a curator's value and start a publish; the load's number."""
        page = self._source.current().entity(entity, limit=1)
        types = page.types if page else ("Entity",)
        load = correct(self._home, entity, types, property, value, language, who, proposal)
        self._begin()
        return load.load

    def judge_pair(self, later: str, earlier: str, same: bool, who: str, reason: str) -> Load:
        """Write a curator's decision on two mentions and start a publish."""
        load = judge_pair(self._home, later, earlier, same, who, reason)
        self._begin()
        return load

    def tell(self, outcome: Outcome, who: str) -> Load:
        """Write what a member tells. Nothing public says it, so there is nothing to publish."""
        return write_outcome(self._home, outcome, who)

    def state(self, case: Case, seen: bool) -> Load:
        """Write a case, and start a build where it is public, or was."""
        load = write_case(self._home, case)
        return self._built(load) if case.published or seen else load

    def forget(self, case: Case) -> Load:
        """Take a case away, and start a build where it was public."""
        load = forget_case(self._home, case)
        return self._built(load) if case.published else load

    def agree(self, stated: Iterable[Consent], who: str) -> None:
        """Write consents, or that they were withdrawn. Nothing public says them, so there is nothing to publish."""
        for one in stated:
            record(self._home, who, "consent.withdrawn" if one.withdrawn else "consent.given", one.person)
            write_consent(self._home, one, who)

    def erase(self, person: str, properties: Sequence[str], reason: str, who: str) -> int:
        """Begin to erase a person, or properties of theirs, and start a build that carries it out."""
        going = apart(begin_apart, self._home.path, person, tuple(properties), reason, who)
        self._unlinked.set()
        self._begin()
        return going

    def _built(self, load: Load) -> Load:
        self._unlinked.set()
        self._begin()
        return load

    def take_in(self, intake: Intake, dry_run: bool) -> TakenIn:
        """Load a file and start a build, or only count what it would change."""
        done = apart(take_in, self._home.path, intake, dry_run)
        if not dry_run and done.load.changed + done.load.gone:
            self._unlinked.set()
            self._begin()
        return done

    def withdraw(self, number: str) -> Load:
        """Take a load back and start a build."""
        return self._built(withdraw(self._home, number))

    def keep(self, title: str | None, note: str | None) -> Kept:
        """Keep the newest snapshot, to be cited."""
        return keep(self._home, self._source.current().made_of.number, title, note)

    def begin_to_keep(self, title: str | None, note: str | None) -> str:
        views = self._source.current()

        def work() -> Kept:
            try:
                return keep(self._home, views.made_of.number, title, note)
            except Exception:
                # whoever asked may have gone meanwhile
                _log.exception("the snapshot %s was not kept", views.snapshot)
                raise

        with waiting(PAINTED), suppress(Preparing):
            views.computing.get(("kept",), slow.KEEPING, work)
        return views.snapshot

    def _begin(self) -> None:
        if not self._waiting.is_set():
            self._waiting.set()
            self._worker.submit(self._publish)

    def _publish(self) -> None:
        self._waiting.clear()
        unlinked = self._unlinked.is_set()
        self._unlinked.clear()
        try:
            if unlinked:
                apart(build, self._home.path, self._endpoint)
            else:
                publish(self._home, self._engine)
        except Exception:
            if unlinked:
                self._unlinked.set()
            # the load is on disk and the next publish shows it; who reads meanwhile sees the old snapshot
            _log.exception("a publish failed")

    def close(self) -> None:
        self._worker.shutdown()
