"""A service over a home's graph with limits of a test's own, in this process, and what its Neo4j does meanwhile."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import uvicorn

from api.app import create_app
from api.serving import LiveSource
from api.settings import Settings
from api.workers.pool import Limits
from graph.statements.home import Home
from graph.views.engine import Engine
from tests.conftest import free_port


class CypherService:
    """A running service: ``client`` asks it, ``app`` is the application, ``neo4j`` the process of its engine."""

    def __init__(self, url: str, client: httpx.Client, app: Any, neo4j: psutil.Process) -> None:
        self.url, self.client, self.app, self.neo4j = url, client, app, neo4j

    def ask(self, query: str, **fields: Any) -> httpx.Response:
        """A query, as JSON."""
        return self.client.post("/cypher", json={"query": query, **fields})

    def rows(self, query: str, **params: Any) -> list[list[Any]]:
        """The rows of a query that is answered."""
        answer = self.ask(query, params=params)
        assert answer.status_code == 200, answer.text
        rows: list[list[Any]] = answer.json()["rows"]
        return rows

    def busy(self, seconds: float = 0.5) -> float:
        """Share of a processor that Neo4j and the workers take."""

        def used() -> float:
            total = sum(self.neo4j.cpu_times()[:2])
            for pid in self.app.state.cypher.pool.pids:
                try:
                    total += sum(psutil.Process(pid).cpu_times()[:2])
                except psutil.NoSuchProcess:
                    continue
            return total

        before, began = used(), time.monotonic()
        time.sleep(seconds)
        return (used() - before) / (time.monotonic() - began)


def until(reached: Callable[[], bool], seconds: float) -> None:
    """Wait for something that must come."""
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.02)


@contextmanager
def serving(home: Path, limits: Limits) -> Iterator[CypherService]:
    """Serve a home's graph."""
    engine = Engine(Home(home))
    engine.source.endpoint()
    pid = json.loads((home / "neo4j" / "server.json").read_text(encoding="utf-8"))["pid"]
    source = LiveSource(Home(home), engine)
    app = create_app(Settings(home=home, rate_limit=0), source, graph=engine.source, limits=limits)
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started, 30)
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, timeout=60) as client:
            yield CypherService(url, client, app, psutil.Process(pid))
    finally:
        server.should_exit = True
        thread.join()
