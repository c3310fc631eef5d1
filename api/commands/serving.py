"""serve."""

import sys
from typing import Annotated, Any

import typer
import uvicorn

from api.app import create_app
from api.commands.terminal import HomeOption, endpoint, settings
from api.noticing import Noticing
from api.preparing import Preparer
from api.serving import LiveSource
from api.settings import Settings
from api.writing import Publisher
from graph.statements.home import Home
from graph.views.engine import Engine

_SWITCH = 0.0005
"""Seconds that a thread computes before another one that waits gets its turn: a tenth of Python's own. What the property graph says is read
beside what is computed, and each piece of it waited for that long: a fifth of the time of an answer at 100,000 organisations."""


def application(chosen: Settings) -> Any:
    """The application over a home, as it is served."""
    sys.setswitchinterval(_SWITCH)
    home = Home(chosen.home)
    named = endpoint(chosen)
    engine = Engine(home, named)
    source = LiveSource(home, engine, preparer=Preparer(home, named))
    source.supervise()
    noticing = Noticing(home, source, chosen)
    noticing.start()
    publisher = Publisher(home, engine, source, named)
    return create_app(chosen, source, publisher, graph=engine.source, noticing=noticing)


def worker() -> Any:
    """The application of one of several worker processes; its settings come from the environment."""
    return application(Settings())


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes.")] = 1,
    home: HomeOption = None,
) -> None:
    """Serve the pages and the API."""
    import os

    chosen = settings(home)
    if workers == 1:
        uvicorn.run(application(chosen), host=host, port=port, log_level="info", timeout_graceful_shutdown=10)
        return
    os.environ["KETNOI_HOME"] = str(chosen.home)
    os.environ["WEB_CONCURRENCY"] = str(workers)  # each process then runs its share of the queries
    uvicorn.run("api.commands.serving:worker", factory=True, host=host, port=port, workers=workers, log_level="info")
