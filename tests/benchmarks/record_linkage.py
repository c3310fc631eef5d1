"""Linking of persons: how time and memory grow with the number of mentions, and Splink's own templates beside ours.

The mentions are synthetic and said to be: persons with frequent and rare names, co-workers, organisations, fields, towns and years,
each written in one to six mentions with slips. Not a timed test: figures are printed, nothing is asserted.
``python -m tests.benchmarks.record_linkage [SIZE …]``
"""

import random
import resource
import sys
import time
from collections.abc import Iterator
from multiprocessing import get_context
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import splink.comparison_library as cl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from splink import Linker, SettingsCreator, block_on
from splink.internals.duckdb.database_api import DuckDBAPI

from graph.evaluate.mentions import compared, link_mentions, person_mentions
from graph.links.records.parameters import read_record_parameters
from graph.statements.loads import connect

SIZES = (100_000, 300_000, 1_000_000)
BESIDE = 100_000
"""Mentions on which Splink's templates run beside ours."""
_SYLLABLES = [
    a + b + c
    for a in "bcdghklmnprstv"
    for b in ("a", "e", "i", "o", "u", "ai", "oa")
    for c in ("", "n", "m", "ng", "t")
]


def mentions(size: int, seed: int = 7) -> pa.Table:
    """Synthetic mentions in the form that ``evaluate linking --mentions`` reads, about ``size`` of them."""
    rng = random.Random(seed)
    family = [f"{first.capitalize()}{second}" for first in _SYLLABLES for second in rng.sample(_SYLLABLES, 4)]
    weights = [1 / (rank + 3) for rank in range(len(family))]
    rows: list[dict[str, Any]] = []
    team: list[str] = []
    place: dict[str, Any] = {}
    while len(rows) < size:
        if len(rows) % 40 == 0 or not team:
            place = {
                "town": rng.choice(_SYLLABLES) + rng.choice(_SYLLABLES),
                "body": f"{rng.choice(family)} {rng.choice(family)} Works Ltd.",
            }
            place["field"] = rng.choice("ABCDEFGH") + f"{rng.randrange(1, 99):02d}" + rng.choice("BCDFGHJKL")
            team = [_full(rng, family, weights) for _ in range(6)]
        rows.extend(_person(rng, len(rows), _full(rng, family, weights), team, place))
    columns = {name: [row[name] for row in rows[:size]] for name in rows[0]}
    return pa.table(columns)


def _full(rng: random.Random, family: list[str], weights: list[float]) -> str:
    given = " ".join(rng.choice(_SYLLABLES).capitalize() for _ in range(rng.choice((1, 1, 2))))
    return f"{given} {rng.choices(family, weights)[0]}"


def _person(
    rng: random.Random, number: int, name: str, team: list[str], place: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    given, _, family = name.rpartition(" ")
    year = rng.randrange(1980, 2018)
    for at in range(rng.choice((1, 2, 3, 3, 4, 6))):
        written = given if rng.random() > 0.06 else f"{given.split()[0]} {rng.choice('abcdeghk')}."
        yield {
            "mention_id": f"synthetic-{number + at}",
            "given": written,
            "family": family,
            "city": place["town"] if rng.random() < 0.8 else "",
            "country": "VN",
            "organizations": [place["body"]]
            if rng.random() < 0.9
            else [f"{rng.choice(_SYLLABLES)} {rng.choice(_SYLLABLES)} Inc."],
            "coinventors": rng.sample(team, rng.randrange(0, 3)),
            "cpc": [f"{place['field']}{rng.randrange(1, 9)}/00"],
            "title": " ".join(rng.choices(_SYLLABLES, k=5)),
            "date": f"{year + rng.randrange(0, 6)}-01-01",
            "entity_id": f"synthetic-person-{number}",
        }


def run(size: int) -> None:
    """Link one size in this process and print what it took."""
    table = mentions(size)
    gold = dict(zip(table["mention_id"].to_pylist(), table["entity_id"].to_pylist(), strict=True))
    started = time.perf_counter()
    found = link_mentions(table, read_record_parameters())
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    figures = compared(found, gold)["pairwise"]
    print(
        f"{size:>9,} mentions: {seconds:6.1f} s, {size / seconds:8,.0f} a second, peak {peak / 2**10:6,.0f} MB (with the synthetic rows), "
        f"F1 {figures['f1']:.3f} (precision {figures['precision']:.3f}, recall {figures['recall']:.3f})",
        flush=True,
    )


def beside(size: int) -> None:
    """Splink's templates on the same records: names, town and organisation, blocked by the folded name, learned as in its tutorial."""
    table = mentions(size)
    gold = dict(zip(table["mention_id"].to_pylist(), table["entity_id"].to_pylist(), strict=True))
    ids = table["mention_id"].to_pylist()
    started = time.perf_counter()
    with connect() as con:
        rows = person_mentions(table)
        con.register("read", rows)
        con.execute(
            "CREATE TABLE plain AS SELECT number AS unique_id, lower(name) AS given, lower(family_name) AS family, cities[1] AS city, "
            "organisations[1] AS organisation FROM read"
        )
        found = _components(len(ids), _by_templates(con))
    seconds = time.perf_counter() - started
    figures = compared({one: int(group) for one, group in zip(ids, found, strict=True)}, gold)["pairwise"]
    print(
        f"Splink's templates, {size:,} mentions: {seconds:.1f} s, F1 {figures['f1']:.3f} (precision {figures['precision']:.3f}, "
        f"recall {figures['recall']:.3f})",
        flush=True,
    )


def _by_templates(con: duckdb.DuckDBPyConnection) -> tuple[np.ndarray, np.ndarray]:
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("given"),
            cl.NameComparison("family"),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.ExactMatch("organisation").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[block_on("given", "family")],
    )
    linker = Linker(DuckDBAPI(connection=con).register("plain"), settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("given", "family", "organisation")], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("given", "family"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("organisation"))
    predicted = linker.inference.predict(threshold_match_probability=0.9, warning_mode="never")
    pairs = con.execute(f"SELECT unique_id_l, unique_id_r FROM {predicted.physical_name}").fetchnumpy()
    return np.asarray(pairs["unique_id_l"]), np.asarray(pairs["unique_id_r"])


def _components(size: int, pairs: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    graph = coo_array((np.ones(len(pairs[0])), pairs), shape=(size, size))
    labels: np.ndarray = connected_components(graph, directed=False)[1]
    return labels


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Each size in a process of its own, so that its peak of memory is its own."""
    print("Linking of persons (synthetic mentions)")
    context = get_context("spawn")
    for target, size in [(run, size) for size in sizes] + [(beside, min(BESIDE, *sizes))]:
        process = context.Process(target=target, args=(size,))
        process.start()
        process.join()


if __name__ == "__main__":
    main(tuple(int(text) for text in sys.argv[1:]) or SIZES)
