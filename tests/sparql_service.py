"""A service over a dataset of a test's own: the whole application, on a port of its own, with limits that a test chooses."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import httpx
import pyoxigraph as ox
import uvicorn

from api.app import create_app
from api.reading import ViewsSource
from api.settings import Settings
from api.workers.pool import Limits
from graph.views.entity import NodeRef
from graph.views.errors import UnknownSnapshot
from graph.views.rdf import Dataset
from tests.conftest import free_port


class Datasets:
    """Views that know nothing but a dataset, which a test may switch."""

    def __init__(self, path: Path) -> None:
        self.served = Dataset("snapshot1", path)
        self.snapshot = "snapshot1"

    def current(self) -> "Datasets":
        return self

    def counts(self) -> dict[str, int]:
        return {"Technology": 3}

    def named(self, snapshot: str) -> "Datasets":
        self.dataset(snapshot)
        return self

    def ref(self, identifier: str, language: str) -> NodeRef:
        return NodeRef(identifier, "", "Entity")

    def illustrative(self, identifier: str) -> bool:
        return False

    def dataset(self, snapshot: str | None) -> Dataset:
        if snapshot not in (None, self.served.snapshot):
            raise UnknownSnapshot("There is no such snapshot.")
        return self.served

    def ready(self) -> tuple[bool, str]:
        return True, ""

    def close(self) -> None: ...


def make_store(path: Path, quads: Iterable[ox.Quad]) -> Path:
    """A dataset on disk that nobody has open."""
    store = ox.Store(str(path))
    store.bulk_extend(quads)
    store.flush()
    del store
    return path


class Service:
    """A running service: ``client`` asks it, ``views`` say what it serves, ``app`` is the application."""

    def __init__(self, url: str, client: httpx.Client, views: Datasets, app: Any) -> None:
        self.url, self.client, self.views, self.app = url, client, views, app

    def ask(self, query: str, accept: str = "application/sparql-results+json", **parameters: Any) -> httpx.Response:
        """A query by GET."""
        return self.client.get("/sparql", params={"query": query, **parameters}, headers={"accept": accept})

    def rows(self, query: str, **parameters: Any) -> list[dict[str, str]]:
        """The rows of a query, plain values."""
        answer = self.ask(query, **parameters)
        assert answer.status_code == 200, answer.text
        return [{name: value["value"] for name, value in row.items()} for row in answer.json()["results"]["bindings"]]

    def workers(self) -> set[int]:
        """The processes that answer queries."""
        pids: set[int] = self.app.state.sparql.pool.pids
        return pids


@contextmanager
def serving(home: Path, dataset: Path, limits: Limits | None = None) -> Iterator[Service]:
    """Serve a dataset, with limits of one's own."""
    views = Datasets(dataset)
    app = create_app(Settings(home=home, rate_limit=0), cast(ViewsSource, views), limits=limits)
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, timeout=60) as client:
            yield Service(url, client, views, app)
    finally:
        server.should_exit = True
        thread.join()
