"""What depends on a snapshot alone is computed before anybody asks: in a process of its own, which gives way to visitors."""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.questions.ecosystem import ecosystem_questions
from graph.questions.named import analyses, questions, registers
from graph.questions.networks import projections
from graph.statements.garbage import settle
from graph.statements.home import Home, today
from graph.views.engine import Engine
from graph.views.errors import NotReady
from graph.views.neo4j_connection import Endpoint
from graph.views.neo4j_errors import GraphError, GraphUnavailable

if TYPE_CHECKING:
    from api.serving import LiveViews

LARGE = 50_000
"""Nodes of a snapshot from which it is worth a process; what is smaller is computed while somebody waits."""
_COURTESY = 5
"""By how much the process is nicer than those that answer."""
_log = logging.getLogger(__name__)


class Preparer:
    """Prepares each snapshot that is served, once a day: answers in a process, then in here what can only be held in memory.

    :param endpoint: the property graph's server where one is named
    """

    def __init__(self, home: Home, endpoint: Endpoint | None) -> None:
        self._home, self._endpoint = home, endpoint
        self._begun: tuple[str, str] | None = None
        self._held: tuple[str, str] | None = None
        self._process: BaseProcess | None = None

    def see_to(self, views: "LiveViews") -> None:
        """Go on, where something is to be done; returns at once."""
        wanted = (views.snapshot, today())
        if views.made_of.nodes < LARGE or (self._process is not None and self._process.is_alive()):
            return
        if self._begun != wanted:
            self._begun = wanted
            given = (self._home.path, self._endpoint, views.made_of.number)
            self._process = get_context("spawn").Process(target=prepare, args=given, name="preparing", daemon=True)
            self._process.start()
        elif self._held != wanted:
            self._held = wanted
            threading.Thread(target=_hold, args=(views,), name="holding", daemon=True).start()

    def close(self) -> None:
        """End what is under way: whoever serves next does it."""
        if self._process is not None:
            self._process.terminate()
            self._process.join(timeout=10)


def _hold(views: "LiveViews") -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _COURTESY)
    try:
        views.hold()
        settle()
    except (NotReady, GraphError) as error:
        _log.info("nothing was held in memory: %s", error)


def prepare(home: Path, endpoint: Endpoint | None, number: int) -> None:
    """Compute what pages show of a snapshot to whoever opens them today, and keep it beside the snapshot.

    :param number: of the publish
    """
    from api.serving import LiveSource

    os.nice(_COURTESY)
    opened = Home(home)
    source = LiveSource(opened, Engine(opened, endpoint), preparing=True)
    try:
        # of several processes that serve one home the others find everything done
        with opened.lock("answers"):
            views = source.current()
            views.answers.sweep()
            for name, step in steps(views):
                if source.current().made_of.number != number:
                    return
                _log.info("preparing %s", name)
                try:
                    step()
                except (NotReady, GraphUnavailable, OSError):
                    raise
                except Exception as error:
                    # whoever asks for it is told the same, and the others are prepared all the same
                    _log.warning("%s was not prepared: %s", name, error)
    except (NotReady, GraphError, OSError) as error:
        # visitors wait for it then
        _log.warning("not everything was prepared: %s", error)
    finally:
        source.close()


def steps(views: "LiveViews") -> Iterator[tuple[str, Callable[[], Any]]]:
    """What is prepared, each with its name: first what is asked most."""
    for asked in (ecosystem_questions(), analyses(), questions(), registers()):
        for name, question in asked.items():
            if not any(parameter.required for parameter in question.parameters.values()):
                yield name, partial(views.question, question, {})
    yield "indicators", partial(views.indicators, today())
    for name, projection in projections().items():
        yield name, partial(views.overview, projection, today(), None, None)
