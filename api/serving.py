"""What the HTTP application reads and writes: the newest snapshot's views, opened once and followed at a switch; and a publisher."""

import logging
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from graph.answer.asking import ask
from graph.answer.model import Answer, Question
from graph.answer.reading import Reading
from graph.answer.transfer import answer
from graph.questions.named import NamedQuestion
from graph.questions.networks import Network, Projection, read_network
from graph.questions.running import Result
from graph.questions.twins import Language
from graph.statements.home import Home
from graph.statements.judgements import correct
from graph.views.engine import Engine
from graph.views.errors import NotReady
from graph.views.neo4j_errors import GraphError
from graph.views.publishing import publish
from graph.views.reading import SnapshotViews

_LOOK = 0.3
"""Seconds after which it is looked up again which snapshot is served."""
_SUPERVISE = 3.0
"""Seconds between looks at whether the property graph still answers."""
_log = logging.getLogger(__name__)


class LiveViews(SnapshotViews):
    """One snapshot's views, and the main question over them."""

    def __init__(self, home: Home, number: int, engine: Engine) -> None:
        super().__init__(home, number)
        self._reading = Reading(self, engine.graph)

    def answer(self, question: Question) -> Answer:
        return answer(self._reading, question)

    def question(self, question: NamedQuestion, given: Mapping[str, Any], on: Language = "cypher") -> Result:
        return ask(self._reading, question, given, on)

    def network(self, projection: Projection, as_of: str) -> Network:
        return read_network(self._reading, projection, date.fromisoformat(as_of))

    def warm(self) -> None:
        """Prepare what the first answer would wait for."""
        _ = self._reading.ranker


class LiveSource:
    """Opens the views of the snapshot that the property graph names, and follows it when it is switched."""

    def __init__(self, home: Home, engine: Engine) -> None:
        self._home, self._engine = home, engine
        self._lock = threading.Lock()
        self._number: int | None = None
        self._views: LiveViews | None = None
        self._looked = 0.0
        self._closing = threading.Event()
        self._supervisor: threading.Thread | None = None

    def current(self) -> LiveViews:
        """The newest snapshot's views.

        :raises NotReady: where nothing is published yet
        :raises graph.views.neo4j_connection.GraphUnavailable: where the property graph does not answer
        """
        with self._lock:
            if self._views is not None and time.monotonic() - self._looked < _LOOK:
                return self._views
            number = self._engine.current()
            if number is None:
                raise NotReady("nothing is published yet; run «ketnoi sample», or load files and run «ketnoi build»")
            if self._views is None or number != self._number:
                self._views, self._number = LiveViews(self._home, number, self._engine), number
            self._looked = time.monotonic()
            return self._views

    def ready(self) -> tuple[bool, str]:
        """Whether questions can be answered, and why not."""
        return self._engine.ready()

    def supervise(self) -> None:
        """Start what answers need, and start the property graph again whenever it is gone, until closed."""
        self._supervisor = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._supervisor.start()

    def _watch(self) -> None:
        while True:
            try:
                self.current().warm()
            except (NotReady, GraphError) as error:
                _log.info("not ready: %s", error)
            except Exception:
                _log.exception("the views could not be opened")
            if self._closing.wait(_SUPERVISE):
                return

    def close(self) -> None:
        self._closing.set()
        if self._supervisor is not None:
            self._supervisor.join(timeout=30)
        self._engine.close()


class Publisher:
    """Writes by forms; each starts a publish, and those that arrive meanwhile share the next."""

    def __init__(self, home: Home, engine: Engine, source: LiveSource) -> None:
        self._home, self._engine, self._source = home, engine, source
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="publish")
        self._waiting = threading.Event()

    def correct(self, entity: str, property: str, value: str, language: str | None, who: str) -> str:
        """Write a curator's value and start a publish; the load's number."""
        page = self._source.current().entity(entity, limit=1)
        types = page.types if page else ("Entity",)
        load = correct(self._home, entity, types, property, value, language, who)
        if not self._waiting.is_set():
            self._waiting.set()
            self._worker.submit(self._publish)
        return load.load

    def _publish(self) -> None:
        self._waiting.clear()
        try:
            publish(self._home, self._engine)
        except Exception:
            # the load is on disk and the next publish shows it; who reads meanwhile sees the old snapshot
            _log.exception("a publish failed")

    def close(self) -> None:
        self._worker.shutdown()
