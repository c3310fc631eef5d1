"""What all commands share: where the home is, one JSON document or readable lines, progress, and errors that say what to do."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.settings import Settings
from graph.statements.home import Home
from graph.views.engine import Engine
from graph.views.neo4j_connection import Endpoint
from ontology.errors import Explained

HomeOption = Annotated[
    Path | None, typer.Option("--home", help="The home directory (default: KETNOI_HOME, else ./data).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]

progress_console = Console(stderr=True)


class CommandError(Explained, RuntimeError):
    """A command can't do what was asked; the message says what to do."""


def settings(home: Path | None) -> Settings:
    """The settings of this run.

    :raises CommandError: where the environment holds what can't be understood
    """
    try:
        chosen = Settings()
        return chosen if home is None else chosen.model_copy(update={"home": home})
    except ValidationError as error:
        first = error.errors()[0]
        raise CommandError(f"KETNOI_{str(first['loc'][0]).upper()}: {first['msg']}") from None


def endpoint(chosen: Settings) -> Endpoint | None:
    """The named Neo4j, or ``None`` for one that Ketnoi starts itself."""
    if chosen.neo4j_uri is None:
        return None
    password = chosen.neo4j_password.get_secret_value() if chosen.neo4j_password else ""
    return Endpoint(chosen.neo4j_uri, chosen.neo4j_user, password)


def open_home(home: Path | None) -> Home:
    return Home(settings(home).home)


@contextmanager
def open_engine(home: Path | None) -> Iterator[tuple[Home, Engine]]:
    """The home and its property graph, left again at the end."""
    chosen = settings(home)
    opened = Home(chosen.home)
    engine = Engine(opened, endpoint(chosen))
    try:
        yield opened, engine
    finally:
        engine.close()


def show(document: Any, as_json: bool, lines: Iterator[str]) -> None:
    """Print a document as JSON, or its readable lines."""
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    else:
        for line in lines:
            typer.echo(line)


@contextmanager
def steps(title: str, total: int | None = None) -> Iterator[Progress]:
    """A progress display on standard error, where that is a terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=progress_console, transient=True, disable=not sys.stderr.isatty()) as progress:
        progress.add_task(title, total=total)
        yield progress
