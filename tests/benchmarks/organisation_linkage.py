"""Linking of organisations: the rules, the model, both together as the linker does it, and Splink's own templates, in one run.

Two golds without hands: the half of ROR that the model did not learn from, each body written twice
(:mod:`graph.links.records.organisation_learning`); and Vietnamese universities of three registers, one body by its web site, which the
linkers do not see. Sites move, so the second gold calls wrong what is right: its precision is a floor. Figures are printed, nothing is
asserted. ``python -m tests.benchmarks.organisation_linkage``
"""

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import splink.comparison_library as cl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from splink import Linker, SettingsCreator, block_on
from splink.internals.duckdb.database_api import DuckDBAPI

from api.commands.evaluating import read_register
from graph.evaluate.mentions import compared
from graph.links.matching import Link, organisations
from graph.links.organisations import LINKED, by_records
from graph.links.organisations import compared as pairs_of
from graph.links.profiles import Profile, host_of
from graph.links.records.bodies import joined
from graph.links.records.organisation_learning import learn_organisations, written_twice
from graph.links.records.parameters import OrganizationParameters
from graph.links.strings.bodies import ACRONYM, Body
from graph.statements.loads import connect
from ontology.text import fold

DATA = Path(__file__).parents[3] / "shared" / "data"
Ends = Iterable[tuple[int, int]]


def by_rules(profiles: list[Profile], parameters: OrganizationParameters) -> Ends:
    return _ends(profiles, organisations(profiles))


def by_model(profiles: list[Profile], parameters: OrganizationParameters) -> Ends:
    with connect() as con:
        pairs = pairs_of(con, profiles, parameters)
    sure = pairs.take(np.flatnonzero(pairs.probability >= LINKED))
    return [(int(sure.left[at]), int(sure.right[at])) for at in joined(profiles, sure, ())]


def by_both(profiles: list[Profile], parameters: OrganizationParameters) -> Ends:
    with connect() as con:
        return _ends(profiles, by_records(con, profiles, organisations(profiles), None, parameters))


def by_templates(profiles: list[Profile], parameters: OrganizationParameters) -> Ends:
    """Splink's templates: shared names, town, site and country; blocked by a folded name and by the site; learned as in its tutorial."""
    rows = [
        {
            "unique_id": at,
            "names": sorted({fold(name) for name in profile.names}),
            "place": min(profile.places, default=None),
            "host": min(profile.hosts, default=None),
            "country": profile.country,
        }
        for at, profile in enumerate(profiles)
    ]
    exact = [name for name in ("place", "host", "country") if len({row[name] for row in rows} - {None}) > 1]
    with connect() as con:
        con.register("read", pa.Table.from_pylist(rows))
        con.execute("CREATE TABLE plain AS SELECT * FROM read")
        return _predicted(con, exact)


def _predicted(con: duckdb.DuckDBPyConnection, exact: list[str]) -> Ends:
    by_name = block_on("names", arrays_to_explode=["names"])
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.ArrayIntersectAtSizes("names", [2, 1]),
            *(cl.ExactMatch(name).configure(term_frequency_adjustments=True) for name in exact),
        ],
        blocking_rules_to_generate_predictions=[by_name, *(block_on(name) for name in exact if name == "host")],
    )
    linker = Linker(DuckDBAPI(connection=con).register("plain"), settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match([by_name], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for name in exact[:2]:  # rules over lists can't be trained by
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(name))
    predicted = linker.inference.predict(threshold_match_probability=0.9, warning_mode="never")
    rows: Ends = con.execute(f"SELECT unique_id_l, unique_id_r FROM {predicted.physical_name}").fetchall()
    return rows


WAYS: dict[str, Callable[[list[Profile], OrganizationParameters], Ends]] = {
    "rules": by_rules,
    "model": by_model,
    "rules and model": by_both,
    "Splink's templates": by_templates,
}


def _ends(profiles: list[Profile], links: Iterable[Link]) -> Ends:
    place = {profile.first: at for at, profile in enumerate(profiles)}
    return [(place[link.later], place[link.earlier]) for link in links]


def run(title: str, told: list[tuple[str | None, Profile]], parameters: OrganizationParameters) -> None:
    """Link in every way and print pairwise figures over the profiles whose body is known."""
    profiles = [profile for _, profile in told]
    gold = {f"{at}": body for at, (body, _) in enumerate(told) if body is not None}
    print(f"{title}: {len(profiles):,} records, {len(set(gold.values())):,} bodies known of {len(gold):,}", flush=True)
    for name, way in WAYS.items():
        started = time.perf_counter()
        ends = np.array([*way(profiles, parameters)], dtype=np.int64).reshape(-1, 2)
        seconds = time.perf_counter() - started
        graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(profiles), len(profiles)))
        group = connected_components(graph, directed=False)[1]
        found = compared({one: int(group[int(one)]) for one in gold}, gold)["pairwise"]
        print(
            f"  {name:<18} F1 {found['f1']:.3f} (precision {found['precision']:.3f}, recall {found['recall']:.3f}), {seconds:5.1f} s",
            flush=True,
        )


def universities() -> list[tuple[str | None, Profile]]:
    """Vietnamese universities and institutes of three registers, by the host of their site; hosts that one register has twice are no gold."""
    told: list[tuple[str | None, Profile]] = []

    def add(
        source: str, names: Iterable[str], host: str | None, short: Iterable[str] = (), places: Iterable[str] = ()
    ) -> None:
        at = len(told)
        classes = frozenset({"Organization"})
        told.append(
            (host, Profile([f"{at}"], at, source, tuple(sorted({*names})), classes, country="VN", acronyms=frozenset(short), places=frozenset(places)))
        )  # fmt: skip

    for body in read_register(DATA / "ror/vietnam_records.json"):
        names = {kind: [text for prop, text, _ in body.names if (prop == ACRONYM) is kind] for kind in (False, True)}
        add("ror", names[False], next(iter(body.hosts), None), names[True], body.places)
    for row in json.loads((DATA / "universities/hipo-vietnam.json").read_text(encoding="utf-8")):
        add("hipo", [row["name"]], host_of(row["web_pages"][0]))
    text = (DATA / "universities/university.sql").read_text(encoding="utf-8")
    for name, address, short, site in re.findall(r"\('([^']*)', '([^']*)', '([^']*)', '([^']*)'\)", text):
        place = address.split(",")[-1].replace("TP.", "").strip()
        add("list", [" ".join(name.split())], host_of(site.strip()), [short], [place])
    twice = {host for (_, host), count in Counter((one.source, host) for host, one in told).items() if count > 1}
    return [(None if host in twice else host, profile) for host, profile in told]


def _half(body: Body) -> int:
    return sha256(body.id.encode()).digest()[0] % 2


def main() -> None:
    """Learn from one half of ROR and link the other, then the universities."""
    if not DATA.is_dir():
        print(f"Linking of organisations: skipped, there are no real records in {DATA.name}")
        return
    bodies = read_register(DATA / "ror/all-latest.jsonl.gz")
    started = time.perf_counter()
    parameters = learn_organisations([body for body in bodies if _half(body) == 0], 1, "2026-11-29")
    print(f"learned from half of ROR in {time.perf_counter() - started:.1f} s")
    run("ROR, the other half, written twice", [*written_twice([b for b in bodies if _half(b)], 2)], parameters)
    run("Vietnamese universities by site, unseen", universities(), parameters)


if __name__ == "__main__":
    main()
