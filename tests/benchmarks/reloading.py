"""``make bench``: a file that is loaded again, with one row in a hundred changed, beside its first load; and what the least reload costs.

Not a timed test: figures are printed, nothing is asserted. Each step runs in a process of its own, whose imports count; seconds by the
clock and seconds of processor time of the program stand side by side, since other work on the machine lengthens the former. Neo4j runs
already when the file comes again, as it does where the service runs; its start is printed apart, and its processor time is not counted.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.benchmarks.real_load import link_all, publish_all
from tests.conftest import REAL

PATENTS = "patents/triads-to-2019.parquet"
FIELDS = "fields/research_fields_2008.xlsx"
_ONE_IN = 100
Figure = tuple[float, float, float]
"""Seconds by the clock, seconds of processor time, peak memory in MB."""


def next_month(table: pa.Table) -> pa.Table:
    """The patents with one row in a hundred changed: in turn a title, one more inventor, another intermediary, another firm."""
    rows = table.to_pylist()
    for turn, at in enumerate(range(_ONE_IN // 2, len(rows), _ONE_IN)):
        row, other = rows[at], rows[(at + 37) % len(rows)]
        if turn % 4 == 0:
            row["title"] += " (amended)"
        elif turn % 4 == 1:
            row["coinventors"] = [*(row["coinventors"] or []), f"Anna Beispiel{turn}"]
        else:
            name = ("intermediary", "firm")[turn % 2]
            row[name] = other[name]
    return pa.Table.from_pylist(rows, schema=table.schema)


def measured(work: Callable[..., Any], *arguments: Any) -> Figure:
    """Run a function in a fresh process."""
    context = get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=_measure, args=(queue, work, arguments))
    process.start()
    figure: Figure = queue.get()
    process.join()
    return figure


def _measure(queue: Any, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    began, before = time.perf_counter(), time.process_time()
    work(*arguments)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    queue.put((time.perf_counter() - began, time.process_time() - before, memory))


def load_one(home: Path, kind: str, path: Path, source: str | None = None, full: bool = False) -> None:
    """Load one file."""
    from api.commands.loading import load_file
    from graph.statements.home import Home

    load_file(Home(home), kind, path, source, None, full)


def import_program() -> Figure:
    """What a command imports before it does anything, in a process that imported nothing yet."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "import graph.views.engine"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, spent, after.ru_maxrss / 1024


def _print(name: str, figure: Figure) -> None:
    print(f"{name:44} {figure[0]:8.2f} s {figure[1]:8.2f} s of processor {figure[2]:6.0f} MB", flush=True)


def _add_up(figures: list[Figure]) -> Figure:
    return sum(f[0] for f in figures), sum(f[1] for f in figures), max(f[2] for f in figures)


def patents_again(scratch: Path, rows: int | None = None) -> None:
    """The patents, and the patents of next month.

    :param rows: only the first ones
    """
    from graph.statements.home import Home
    from graph.views.engine import Engine

    table = pq.read_table(REAL / PATENTS).slice(0, rows)
    first, again = scratch / "patents.parquet", scratch / "patents-again.parquet"
    pq.write_table(table, first)
    pq.write_table(next_month(table), again)
    home = scratch / "home"
    home.mkdir()
    sums = {}
    for name, path in (("first", first), ("again", again)):
        engine = None
        if name == "again":
            began = time.perf_counter()
            engine = Engine(Home(home))
            engine.current()
            print(f"{'Neo4j, if it does not run':44} {time.perf_counter() - began:8.2f} s")
        steps: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
            "load": (load_one, (home, "patents", path)),
            "link": (link_all, (home,)),
            "publish": (publish_all, (home,)),
        }
        figures = []
        for step, (work, arguments) in steps.items():
            figures.append(measured(work, *arguments))
            _print(f"{table.num_rows} patents, {name}: {step}", figures[-1])
        sums[name] = _add_up(figures)
        _print(f"{table.num_rows} patents, {name}: in all", sums[name])
        if engine is not None:
            engine.close()
    shares = [100 * sums["again"][at] / sums["first"][at] for at in (0, 1)]
    print(
        f"1 % of the rows changed: {shares[0]:.1f} % of the time of the first load, {shares[1]:.1f} % of its processor time"
    )


def small_files_again(scratch: Path) -> None:
    """Small files that did not change: what the least load costs."""
    from loaders.sample import write_sample

    home, files = scratch / "small", scratch / "sample"
    for path in (home, files):
        path.mkdir()
    _print("the program's imports", import_program())
    given = [(item.kind, item.path, item.source, item.full) for item in write_sample(files)]
    if (REAL / FIELDS).is_file():
        given.append(("ministry", REAL / FIELDS, None, False))
    firsts, agains = [], []
    for kind, path, source, full in given:
        once = measured(load_one, home, kind, path, source, full)
        twice = measured(load_one, home, kind, path, source, full)
        firsts.append(once)
        agains.append(twice)
        if path.name == Path(FIELDS).name:
            _print(f"{path.name}, first", once)
            _print(f"{path.name}, again", twice)
    _print(f"{len(given)} small files, each first, the median", sorted(firsts)[len(firsts) // 2])
    _print(f"{len(given)} small files, each again, the median", sorted(agains)[len(agains) // 2])
    link_all(home)
    _print("nothing new: link", measured(link_all, home))


def main(rows: int | None = None) -> None:
    """Run the benchmark.

    :param rows: of the patents, only the first ones
    """
    if not REAL.is_dir():
        print("The real records are not beside the project; there is nothing to measure.")
        return
    for work in (lambda at: patents_again(at, rows), small_files_again):
        with TemporaryDirectory() as scratch:
            work(Path(scratch))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else None)
