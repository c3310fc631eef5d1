"""Linking of technologies: as the linker does it, by the exact title, and by Splink's own templates, in one run.

The gold is synthetic with real wording, see :mod:`tests.benchmarks.technology_listings`; its patents are those that the model did not
learn from. Then all real patents are taken for the lists of two offices that know no numbers: whatever is linked is two patents, and the
least sure ones are printed to be read. Figures are printed, nothing is asserted. ``python -m tests.benchmarks.technology_linkage``
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import sha256

import duckdb
import numpy as np
import pyarrow as pa
import splink.comparison_library as cl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from splink import Linker, SettingsCreator, block_on
from splink.internals.duckdb.database_api import DuckDBAPI

from graph.evaluate.mentions import compared
from graph.links.records.comparisons import reasons
from graph.links.records.parameters import TechnologyParameters
from graph.links.records.technologies import Described
from graph.links.records.technology_comparisons import TECHNOLOGIES
from graph.links.records.technology_learning import learn_technologies, read_patents
from graph.links.technologies import compared as pairs_of
from graph.links.technologies import joined
from graph.statements.loads import connect
from ontology.text import fold
from tests.benchmarks.organisation_linkage import DATA
from tests.benchmarks.technology_listings import distinct, listed_twice, vietnamese

Ends = Iterable[tuple[int, int]]
PATENTS, LARGE = 10_000, 52_000
ALONE = 0.8
"""Share of the technologies that one list alone has, as most have between two offices: where the true one is absent, mistakes are made."""
READ = 12
"""Mistaken links that are printed."""


def by_linker(told: list[Described], parameters: TechnologyParameters) -> Ends:
    with connect() as con:
        pairs = pairs_of(con, told, parameters)
    return [(int(pairs.left[at]), int(pairs.right[at])) for at in joined(told, pairs)]


def by_title(told: list[Described], parameters: TechnologyParameters) -> Ends:
    """The same folded title in another list."""
    return _equal(told, lambda one: [(fold(title),) for title in one.titles])


def by_title_and_holder(told: list[Described], parameters: TechnologyParameters) -> Ends:
    """The same folded title and a shared holder."""
    return _equal(told, lambda one: [(fold(title), holder) for title in one.titles for holder in one.holders])


def _equal(told: list[Described], keys: Callable[[Described], Iterable[tuple[str, ...]]]) -> Ends:
    sharing: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, one in enumerate(told):
        for key in keys(one):
            sharing[key].append(at)
    return [
        (a, b)
        for several in sharing.values()
        for place, a in enumerate(several)
        for b in several[:place]
        if told[a].sources.isdisjoint(told[b].sources)
    ]


def by_templates(told: list[Described], parameters: TechnologyParameters) -> Ends:
    """Splink's templates: title, holder, class and inventors; blocked by the title and by holder and class; learned as in its tutorial."""
    rows = [
        {
            "unique_id": at,
            "list": min(one.sources),
            "title": fold(one.titles[0]),
            "holder": min(one.holders, default=None),
            "class": min(one.classes, default=None),
            "inventors": sorted(map(fold, one.inventors)) or None,
        }
        for at, one in enumerate(told)
    ]
    with connect() as con:
        con.register("read", pa.Table.from_pylist(rows))
        con.execute("CREATE TABLE plain AS SELECT * FROM read")
        return _predicted(con)


def _predicted(con: duckdb.DuckDBPyConnection) -> Ends:
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("title", [0.92, 0.8]),
            *(cl.ExactMatch(name).configure(term_frequency_adjustments=True) for name in ("holder", "class")),
            cl.ArrayIntersectAtSizes("inventors", [2, 1]),
        ],
        blocking_rules_to_generate_predictions=[block_on("title"), block_on("holder", "class")],
    )
    linker = Linker(DuckDBAPI(connection=con).register("plain"), settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match([block_on("title", "holder")], recall=0.4)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("title"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("holder", "class"))
    predicted = linker.inference.predict(threshold_match_probability=0.9, warning_mode="never")
    rows: Ends = con.execute(
        f"SELECT unique_id_l, unique_id_r FROM {predicted.physical_name} p JOIN plain a ON a.unique_id = unique_id_l "
        "JOIN plain b ON b.unique_id = unique_id_r WHERE a.list <> b.list"
    ).fetchall()
    return rows


WAYS: dict[str, Callable[[list[Described], TechnologyParameters], Ends]] = {
    "exact title": by_title,
    "exact title and holder": by_title_and_holder,
    "Splink's templates": by_templates,
    "the linker": by_linker,
}


def run(
    title: str, listed: list[tuple[str, Described]], parameters: TechnologyParameters, ways: Iterable[str] = WAYS
) -> None:
    """Link in every way and print pairwise figures."""
    told = [one for _, one in listed]
    gold = {f"{at}": first for at, (first, _) in enumerate(listed)}
    print(f"{title}: {len(told):,} descriptions of {len({*gold.values()}):,} technologies", flush=True)
    for name in ways:
        started = time.perf_counter()
        ends = np.array([*WAYS[name](told, parameters)], dtype=np.int64).reshape(-1, 2)
        seconds = time.perf_counter() - started
        graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(told), len(told)))
        group = connected_components(graph, directed=False)[1]
        found = compared({one: int(group[int(one)]) for one in gold}, gold)["pairwise"]
        print(
            f"  {name:<22} F1 {found['f1']:.3f} (precision {found['precision']:.3f}, recall {found['recall']:.3f}), {seconds:5.1f} s",
            flush=True,
        )


def read_least_sure(patents: list[Described], parameters: TechnologyParameters) -> None:
    """All patents as lists of two offices without numbers: how many are linked, and the least sure of them."""
    told = [
        replace(one, sources=frozenset({f"office {_half(one)}"}), rights=frozenset[tuple[str, str]]())
        for one in patents
    ]
    started = time.perf_counter()
    with connect() as con:
        pairs = pairs_of(con, told, parameters)
    links = np.array([*joined(told, pairs)], dtype=np.int64)
    seconds = time.perf_counter() - started
    other = np.array(
        [at for at in links if fold(told[pairs.left[at]].titles[0]) != fold(told[pairs.right[at]].titles[0])],
        dtype=np.int64,
    )
    print(
        f"Real patents in two lists without numbers: {len(told):,}, {len(links):,} links, {len(other):,} of them of other titles, "
        f"{seconds:.1f} s; the least sure of these:"
    )
    for at in other[np.argsort(pairs.probability[other])][:READ].tolist():
        one, other = told[int(pairs.left[at])], told[int(pairs.right[at])]
        print(f"  {pairs.probability[at]:.3f} {one.titles[0]!r} | {other.titles[0]!r}")
        print(
            f"        {sorted(one.holders)} | {sorted(other.holders)}: {reasons(TECHNOLOGIES, pairs.outcomes[at].tolist())}"
        )


def _half(one: Described) -> int:
    return sha256(one.first.encode()).digest()[0] % 2


def main() -> None:
    """Learn from one half of the patents; link Vietnamese titles, the other half, and all of them."""
    if not DATA.is_dir():
        print(f"Linking of technologies: skipped, there are no real records in {DATA.name}")
        return
    patents = read_patents(DATA / "patents/triads-to-2019.parquet")
    started = time.perf_counter()
    parameters = learn_technologies([one for one in patents if _half(one) == 0], 1, "2026-11-30")
    print(f"learned from half of the patents in {time.perf_counter() - started:.1f} s")
    unseen = distinct(one for one in patents if _half(one))[:PATENTS]
    for alone in (0.1, ALONE):
        shared = f"{1 - alone:.0%} in both lists"
        run(f"Vietnamese titles, {shared}", listed_twice(vietnamese(3), 4, alone), parameters)
        run(f"Patents that were not learned from, {shared}", listed_twice(unseen, 5, alone), parameters)
    read_least_sure(patents, parameters)
    run("Patents, for the time", listed_twice(distinct(patents)[:LARGE], 6), parameters, ("exact title", "the linker"))


if __name__ == "__main__":
    main()
