"""harvest."""

from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from api.commands.loading import PRINTED
from api.commands.terminal import CommandError, HomeOption, JsonOption, open_home, show, steps
from graph.statements.home import Home
from graph.statements.load_writing import write_load
from graph.statements.loads import Load, Origin, active
from loaders.cerif.reading import SHAPE, read_found
from loaders.oai_pmh import Harvester, HarvestRefused, newest_records, since

KIND = "cerif"


def harvest_repository(
    home: Home, address: str, chosen: str | None, prefix: str | None, full: bool
) -> tuple[Load, int]:
    """Bring what changed in a repository, or everything, and load it as one load of the repository's own source.

    What the repository took away is gone; with everything of all its sets, so is what it no longer gives.

    :param chosen: the set, where not all are meant
    :return: the load, and how many answers it was made of
    :raises loaders.oai_pmh.HarvestRefused: where the repository can't be harvested
    """
    with TemporaryDirectory(prefix="harvest-", dir=home.path) as directory, steps(f"asking {address}") as progress:
        work, task = Path(directory), progress.task_ids[0]
        harvester = Harvester(address)
        repository = harvester.identify(work)
        format_name = prefix or harvester.cerif_prefix(work)
        request = f"{address}?verb=ListRecords&metadataPrefix={format_name}" + (f"&set={chosen}" if chosen else "")
        begin = None if full else since(_last(home, repository.identifier, request), repository)
        done = harvester.list_records(
            work, format_name, chosen, begin, lambda pages: progress.update(task, description=f"{pages} answers")
        )
        if full and not done.pages:
            raise HarvestRefused(f"{address} gives no record at all; nothing is taken away for that")
        origin = Origin(
            repository.identifier,
            KIND,
            SHAPE,
            request,
            _sha256(done.pages),
            whole=full and chosen is None,
            until=done.until or begin,
        )
        items = read_found(newest_records(done.pages), repository.identifier)
        return write_load(home, origin, items), len(done.pages)


def _last(home: Home, source: str, request: str) -> str | None:
    """The moment up to which the same was asked before, by the loads that count."""
    moments = [load.until for load in active(home) if load.source == source and load.file == request and load.until]
    return moments[-1] if moments else None


def _sha256(pages: list[Path]) -> str:
    total = sha256()
    for path in pages:
        total.update(path.read_bytes())
    return total.hexdigest()


def _summary(load: Load, pages: int) -> Iterator[str]:
    yield f"{load.file}: {pages} answers, load {load.load}, source {load.source}, {load.seconds:.1f} s"
    yield f"  records {load.records} = accepted {load.accepted} + refused {load.refused}"
    yield f"  accepted {load.accepted} = changed {load.changed} (new {load.new}) + unchanged {load.unchanged}; gone {load.gone}"
    if load.rejects:
        yield f"  refused records, each with its reason: {load.rejects}"
    if load.until:
        yield f"  the next harvest goes on from {load.until}"


def harvest(
    url: Annotated[str, typer.Argument(metavar="URL", help="The base address of a repository that speaks OAI-PMH.")],
    chosen: Annotated[str | None, typer.Option("--set", help="Only this set of the repository.")] = None,
    prefix: Annotated[str | None, typer.Option(help="The format to ask for; else its CERIF.")] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Everything, not only what changed since the last time.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Harvest a repository over OAI-PMH: what changed since the last time becomes a load."""
    done, pages = harvest_repository(open_home(home), url, chosen, prefix, full)
    document = {key: value for key, value in asdict(done).items() if key in PRINTED} | {
        "pages": pages,
        "until": done.until,
    }
    show(document, as_json, _summary(done, pages))
    if done.records and not done.accepted:
        raise CommandError(f"{url}: no record was accepted")
