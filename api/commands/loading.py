"""load, withdraw, inspect, link, publish, build, sample."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from api.commands.terminal import CommandError, HomeOption, JsonOption, open_engine, open_home, show, steps
from api.intake import Intake, open_intake, write_intake
from graph.links.linking import link as link_mentions
from graph.resolve.snapshots import Snapshot
from graph.statements.home import Home
from graph.statements.loads import Load, loads
from graph.statements.loads import withdraw as withdraw_load
from graph.views.publishing import publish as publish_views
from loaders.inspection import inspect_file
from loaders.reading import KINDS
from loaders.sample import write_sample

PRINTED = (
    "load",
    "source",
    "shape",
    "records",
    "accepted",
    "refused",
    "changed",
    "new",
    "unchanged",
    "gone",
    "seconds",
    "rejects",
    "found",
)


def load_file(
    home: Home,
    kind: str,
    path: Path,
    source: str | None = None,
    mapping: Path | None = None,
    full: bool = False,
    dry_run: bool = False,
) -> tuple[Load, tuple[str, ...]]:
    """Load one file; the load and the headers that were left aside.

    :raises FileRefused: where it can't be read, or nobody can tell whose it is
    """
    intake = Intake(kind, path, path.name, source, mapping, full)
    reading = open_intake(intake)
    with steps(f"{path.name} ({reading.shape})", reading.size) as progress:
        task = progress.task_ids[0]
        load = write_intake(home, intake, reading, dry_run, lambda count: progress.update(task, completed=count))
    return load, reading.left_aside


def _summary(load: Load, left_aside: tuple[str, ...]) -> Iterator[str]:
    yield f"{load.file}: load {load.load}, source {load.source}, read as {load.shape}, {load.seconds:.1f} s"
    yield f"  records {load.records} = accepted {load.accepted} + refused {load.refused}"
    yield f"  accepted {load.accepted} = changed {load.changed} (new {load.new}) + unchanged {load.unchanged}; gone {load.gone}"
    if load.found:
        yield f"  found: {'; '.join(load.found)}"
    if load.rejects:
        yield f"  refused rows, each with its reason: {load.rejects}"
    if left_aside:
        yield f"  columns left aside: {', '.join(left_aside)}"


def load(
    kind: Annotated[str, typer.Argument(help=f"One of: {', '.join(KINDS)}.")],
    file: Annotated[Path, typer.Argument(help="The file; its shape is found by its content.")],
    source: Annotated[str | None, typer.Option(help="Who sends it.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="A mapping (YAML) to read the table by.")] = None,
    full: Annotated[bool, typer.Option("--full", help="The file is everything that its source has.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would change, and change nothing.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load a file: its records become statements; rows that can't be read are refused one by one."""
    if kind not in KINDS:
        raise CommandError(f"there is no KIND {kind}; choose one of {', '.join(KINDS)}")
    done, left_aside = load_file(open_home(home), kind, file, source, mapping, full, dry_run)
    document = {key: value for key, value in asdict(done).items() if key in PRINTED} | {"left_aside": list(left_aside)}
    show(document, as_json, _summary(done, left_aside))
    if done.records and not done.accepted:
        raise CommandError(f"{file.name}: no record was accepted")


def withdraw(
    number: Annotated[str, typer.Argument(metavar="LOAD", help="The load's number.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a load back: its records say again what they said before it."""
    done = withdraw_load(open_home(home), number)
    show(
        {"load": done.load, "withdrawn": done.withdrawn},
        as_json,
        iter([f"load {done.load} is withdrawn; run «ketnoi build» to show it"]),
    )


def list_loads(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the loads."""
    found = loads(open_home(home))
    lines = (
        f"{load.load}  {load.instant[:19]}  {load.source:32}  {load.file}  {load.accepted} records{'  withdrawn' if load.withdrawn else ''}"
        for load in found
    )
    show({"loads": [asdict(load) for load in found]}, as_json, lines)


def inspect(file: Annotated[Path, typer.Argument()], as_json: JsonOption = False) -> None:
    """Say what is in a file, and propose a mapping from its headers."""
    if not file.is_file():
        raise CommandError(f"there is no file {file}")
    found = inspect_file(file)
    show(
        found,
        as_json,
        iter([*(f"# {line}" for line in found["found"]), *(["", found["mapping"]] if found["mapping"] else [])]),
    )


def link(
    full: Annotated[bool, typer.Option("--full", help="Decide everything anew.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find which mentions are one body."""
    with steps("linking"):
        done = link_mentions(open_home(home), full)
    document: dict[str, Any] = {
        "links": done.accepted if done else 0,
        "changed": done.changed if done else 0,
        "load": done.load if done else None,
    }
    show(
        document,
        as_json,
        iter([f"linked {document['links']} mentions to earlier ones" if done else "nothing new to link"]),
    )


def _publish(home: Path | None, rebuild: bool) -> Snapshot:
    with open_engine(home) as (opened, engine), steps("publishing") as progress:
        task = progress.task_ids[0]
        return publish_views(
            opened, engine, rebuild, lambda step: progress.update(task, description=f"publishing: {step}")
        )


def _published(snapshot: Snapshot) -> Iterator[str]:
    yield f"snapshot {snapshot.snapshot}: {snapshot.nodes} nodes, {snapshot.edges} edges (publish {snapshot.number})"


def publish(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make all views from nothing.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring property graph, dataset, search and arrays to what the statements say now."""
    snapshot = _publish(home, rebuild)
    show(snapshot.node(), as_json, _published(snapshot))


def build(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Link, then publish."""
    with steps("linking"):
        done = link_mentions(open_home(home))
    snapshot = _publish(home, False)
    document = snapshot.node() | {"links": done.changed if done else 0}
    show(document, as_json, iter([f"links {document['links']}", *_published(snapshot)]))


def sample(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Make the illustrative sample, load it and publish it."""
    opened = open_home(home)
    directory = opened.path / "sample"
    directory.mkdir(exist_ok=True)
    done = []
    for item in write_sample(directory):
        load_done, left_aside = load_file(opened, item.kind, item.path, item.source, None, item.full)
        done.append(asdict(load_done))
        if not as_json:
            for line in _summary(load_done, left_aside):
                typer.echo(line)
    with steps("linking"):
        links = link_mentions(opened)
    snapshot = _publish(home, False)
    document = {"loads": done, "links": links.changed if links else 0} | snapshot.node()
    total = {key: sum(item[key] for item in done) for key in ("records", "accepted", "refused")}
    lines = [
        f"in all: records {total['records']} = accepted {total['accepted']} + refused {total['refused']}; links {document['links']}"
    ]
    show(document, as_json, iter([*lines, *_published(snapshot)]))
