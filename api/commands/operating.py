"""serve, token, export, check."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, cast

import typer
import uvicorn

from api.app import create_app
from api.commands.terminal import CommandError, HomeOption, JsonOption, endpoint, open_engine, open_home, settings, show
from api.noticing import Noticing
from api.preparing import Preparer
from api.serving import LiveSource
from api.settings import Settings
from api.tokens import Role, create_token
from api.writing import Publisher
from graph.statements.home import Home
from graph.views.checking import check_views
from graph.views.engine import Engine
from graph.views.exporting import export_nquads

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
    uvicorn.run("api.commands.operating:worker", factory=True, host=host, port=port, workers=workers, log_level="info")


def token(
    role: Annotated[str, typer.Argument(help="member or curator")],
    name: Annotated[str, typer.Argument()],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a bearer token; it is shown once and kept hashed."""
    if role not in ("member", "curator"):
        raise CommandError("a role is member or curator")
    try:
        made = create_token(open_home(home), cast(Role, role), name)
    except ValueError as error:
        raise CommandError(str(error)) from None
    show({"role": role, "name": name, "token": made}, as_json, iter([made]))


def export(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="nquads")],
    out: Annotated[Path | None, typer.Option(help="A file; else standard output.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the published content to a file: canonical N-Quads, the same bytes for the same content."""
    if form != "nquads":
        raise CommandError("«ketnoi export nquads» is what can be exported so far")
    if as_json and out is None:
        raise CommandError("with --json name the file to write: --out FILE")
    with open_engine(home) as (opened, engine):
        number = engine.current()
        if number is None:
            raise CommandError("nothing is published yet; run «ketnoi build»")
        count = export_nquads(opened, number, out)
    if out is not None:
        show({"quads": count, "out": str(out)}, as_json, iter([f"{count} quads written to {out}"]))


def check(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Prove that property graph, dataset and search agree with the statements."""
    with open_engine(home) as (opened, engine):
        found = check_views(opened, engine)
    show(found, as_json, _checked(found))
    if not found["agree"]:
        raise CommandError("the views do not agree with the statements; «ketnoi publish --rebuild» makes them anew")


def _checked(found: dict[str, Any]) -> Iterator[str]:
    for name, counts in found["views"].items():
        yield f"{name}: " + ", ".join(f"{key} {value}" for key, value in counts.items())
    for difference in found["differences"]:
        yield f"DIFFERS: {difference}"
    yield "all views agree with the statements" if found["agree"] else "the views differ"
