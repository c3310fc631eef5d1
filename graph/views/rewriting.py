"""What follows an erasure once the newest snapshot is made anew: older publishes and past days go, kept snapshots are made anew."""

import gzip
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb

from graph.resolve.snapshots import Snapshot, directory, published, sweep
from graph.statements.home import Home
from graph.statements.loads import connect, loads, open_statements
from graph.statements.scrubbing import Erasing
from graph.views.kept import dump_path, kept_path, kept_snapshots, make_anew
from graph.views.past import PastSnapshots, build_views


def forget_erased(home: Home, current: int, erasing: Sequence[Erasing]) -> None:
    """Take what was erased out of every snapshot but the newest; whoever calls this holds the lock for publishing.

    Who is reading an older publish at this moment may have to ask again.

    :param current: the number of the publish that was made without it
    :raises OSError: where the disk is full
    """
    for number in published(home):
        if number != current:
            shutil.rmtree(directory(home, number), ignore_errors=True)
    sweep(home, current)
    PastSnapshots(home).forget()
    for kept in kept_snapshots(home):
        if any(_speaks(home, kept.snapshot, one) for one in erasing):
            make_anew(home, kept.snapshot, lambda made_of, target: _build(home, made_of, target))


def _speaks(home: Home, snapshot: str, erasing: Erasing) -> bool:
    """Whether a kept snapshot knows a mention that was erased, or a text of it that was blanked."""
    files = [str(path) for path in kept_path(home, snapshot).glob("entities*.parquet")]
    with connect() as con:
        con.execute("CREATE TABLE gone AS SELECT unnest($gone) AS subject", {"gone": list(erasing.mentions)})
        row = con.execute(
            "SELECT count(*) FROM read_parquet($files) SEMI JOIN gone USING (subject)", {"files": files}
        ).fetchone()
    return bool(row and row[0]) or _says(dump_path(home, snapshot), erasing.texts)


def _says(dump: Path, texts: tuple[str, ...]) -> bool:
    wanted = [text.casefold() for text in texts]
    with gzip.open(dump, "rt", encoding="utf-8") as lines:
        return any(text in line.casefold() for line in lines for text in wanted) if wanted else False


def _build(home: Home, made_of: Snapshot, target: Path) -> None:
    counted = [load for load in loads(home) if load.number in made_of.loads]
    work = target.with_name(f"{target.name}-work")
    work.mkdir()
    try:
        with open_statements(home, counted, work) as con:
            build_views(con, target, work, lambda step: None)
    except duckdb.IOException as error:
        raise OSError(str(error)) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
