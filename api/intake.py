"""Takes files in: the one way for the command line, the API and the forms."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from graph.links.linking import link
from graph.statements.consents import SOURCE as CONSENTS
from graph.statements.home import Home, HomeError
from graph.statements.load_writing import write_load
from graph.statements.loads import Load, Origin
from graph.views.engine import Engine
from graph.views.neo4j_connection import Endpoint
from graph.views.publishing import publish
from loaders.reading import Reading, open_file
from loaders.table_reading import FileRefused
from ontology.schemes import SCHEMES_SOURCE
from ontology.statement import CURATOR_PREFIX, LINKER

T = TypeVar("T")
_OWN = (CURATOR_PREFIX, LINKER, SCHEMES_SOURCE, CONSENTS)
"""Sources of what curators, the linker and the program itself say, and of consents."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What is to be taken in.

    ``name`` is what the sender calls the file; ``source`` who sends it, where that is not said by the file's shape; ``mapping`` a file
    to read a table by; ``full`` says that the file is everything that its source has; ``sender`` is who gave it by a form.
    """

    kind: str
    path: Path
    name: str
    source: str | None = None
    mapping: Path | None = None
    full: bool = False
    sender: str | None = None


def open_intake(intake: Intake) -> Reading:
    """Recognise a file and open it.

    :raises FileRefused: where it can't be read, or nobody can tell whose it is
    :raises loaders.mapping.MappingError: where the mapping is not right
    """
    reading = open_file(intake.kind, intake.path, intake.source, intake.mapping)
    # whoever could send in the name of a curator or the linker could decide what only they may
    if reading.source.startswith(_OWN):
        raise FileRefused(f"{intake.name}: the source {reading.source[:100]} is none that sends files; name the sender")
    if (intake.full or reading.whole) and intake.source is None and not reading.one_issuer:
        why = "--full says so" if intake.full else "its rows have no key, so it is always taken whole"
        raise FileRefused(
            f"{intake.name} would replace everything that its source has ({why}): name the sender with --source ID"
        )
    return reading


def write_intake(
    home: Home,
    intake: Intake,
    reading: Reading,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Load:
    """Write what was opened as a load, or only count what it would change; see :func:`graph.statements.load_writing.write_load`."""
    whole = intake.full or reading.whole
    origin = Origin(
        reading.source,
        intake.kind,
        reading.shape,
        intake.name,
        _sha256(intake.path),
        reading.licence,
        whole,
        reading.notes,
        intake.sender,
        remembered=reading.remembered,
    )
    return write_load(home, origin, reading.items, dry_run, progress)


def _sha256(path: Path) -> str:
    total = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            total.update(block)
    return total.hexdigest()


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A load, or what it would be; ``left_aside`` are headers that the shape has no use for."""

    load: Load
    left_aside: tuple[str, ...]


def take_in(home: Path, intake: Intake, dry_run: bool) -> TakenIn:
    """Open and write."""
    reading = open_intake(intake)
    return TakenIn(write_intake(Home(home), intake, reading, dry_run), reading.left_aside)


def build(home: Path, endpoint: Endpoint | None) -> None:
    """Link, then publish."""
    opened = Home(home)
    link(opened)
    engine = Engine(opened, endpoint)
    try:
        publish(opened, engine)
    finally:
        engine.close()


def apart(work: Callable[..., T], *given: Any) -> T:
    """Run something heavy in a process of its own: a large file costs the service neither its memory nor its time to answer.

    :raises HomeError: where the process was ended
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(work, *given).result()
        except BrokenProcessPool:
            raise HomeError(
                "the work was ended from outside, or there was not enough memory; nothing was changed"
            ) from None
