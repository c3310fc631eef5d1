"""Which firm takes what a research body makes: patents that a research body and a firm own together, ranked by date; and how many such
outcomes learning needs before it beats the documented prior.

The nearest real case of a public holder's technology reaching a firm. For the ranking, and in a home that is thrown away afterwards, the
research body stands where an intermediary stands: it is the partner of the firm's that brought the technology. Features count everything
that was known before; what differs between the ways is how many past co-owned patents the weights were learned from. Figures are printed,
nothing is asserted. ``python -m tests.benchmarks.research_transfer [LAST_DAY_OF_HISTORY]``
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from graph.answer.learning import TooFewDeals, learn
from graph.answer.ranker import Ranker
from graph.answer.told_outcomes import ToldOutcome
from graph.answer.weighing import Weights, weights
from graph.evaluate.transfer import BASELINES, EVENT, Evaluation
from graph.evaluate.transfer_rows import Loaded, load_history
from graph.statements.home import Home
from loaders.reading import open_file
from ontology.institution_words import institution_words
from ontology.text import fold, name_key
from tests.conftest import REAL

PATENTS = REAL / "patents" / "triads-to-2019.parquet"
OUTCOMES: tuple[int | None, ...] = (0, 10, 25, 50, 150, 500, None)
"""Past co-owned patents that are learned from, the newest ones; with none the documented prior ranks, None stands for all."""
_RESEARCH = {
    "university",
    "institute",
    "academy",
    "college",
    "polytechnic",
    "hospital",
    "council",
    "foundation",
    "laboratory",
    "school",
}
_ABOUT = re.compile(
    r"\b(agency for science|centre national|commissariat|fraunhofer|max planck|csir|csiro|cnrs|inserm|riken|kaist|postech|regents|trustees|board of|"
    r"research (?:council|organisation|organization|center|centre|institution))\b"
)
_TRADE = re.compile(
    r"\b(inc|corp|corporation|co|company|ltd|llc|gmbh|ag|kk|kabushiki|kaisha|sa|bv|nv|plc|limited|incorporated|industries)\b"
)


def is_research(name: str) -> bool:
    """Whether a name is a research body's: by the words of institutions, and by no legal form of trade.

    "Semiconductor Energy Laboratory Co., Ltd." is a firm, "Industrial Technology Research Institute" is none.
    """
    folded = fold(name).replace("university corporation", "university")
    if _TRADE.search(folded) or name_key(folded).form:
        return False
    words = {word for _, _, to in institution_words().canonical(folded.split(), vietnamese=False) for word in to}
    return not words.isdisjoint(_RESEARCH) or _ABOUT.search(folded) is not None


def co_owned(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a research body and a firm, with the research bodies where intermediaries stand."""
    found = []
    for row in rows:
        research = [name for name in row["firm"] if is_research(name)]
        firms = [name for name in row["firm"] if not is_research(name)]
        if research and firms:
            found.append(row | {"firm": firms, "intermediary": research, "intermediary_country": []})
    return sorted(found, key=lambda row: (row["date"], row["patent_id"]))


def _written(path: Path, rows: list[dict[str, Any]], schema: pa.Schema) -> Any:
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    return open_file("patents", path).items


def _told(loaded: Loaded) -> list[ToldOutcome]:
    """The deals of the history as outcomes, in the order of days: the firm took it."""
    arrays, deals = loaded.arrays, Ranker(loaded.arrays).deals
    things, bodies = arrays.ids["technology"], arrays.ids["organisation"]
    found = []
    for at in np.argsort(deals.day, kind="stable"):
        ends = things[int(deals.technology[at])], bodies[int(deals.broker[at])], bodies[int(deals.client[at])]
        day = str(np.datetime64(int(deals.day[at]), "D"))
        found.append(ToldOutcome(*ends, day, "accepted", None, None, False, "benchmark", "", True))
    return found


def main(last: str = "2015-12-31") -> None:
    """Learn from what was known by a day and rank what came after it."""
    table = pq.read_table(PATENTS)
    rows = co_owned(table.to_pylist())
    split = date.fromisoformat(last)
    history, test = [row for row in rows if row["date"] <= split], [row for row in rows if row["date"] > split]
    bodies = Counter(name for row in rows for name in row["intermediary"])
    print(
        f"{len(rows)} patents of a research body and a firm ({len(bodies)} names of research bodies), {len(history)} up to {last}, {len(test)} after"
    )
    print("  most often: " + "; ".join(f"{name} {count}" for name, count in bodies.most_common(12)))
    with TemporaryDirectory() as directory:
        work = Path(directory)
        past, later = (
            _written(work / f"{name}.parquet", part, table.schema)
            for name, part in (("past", history), ("later", test))
        )
        loaded = load_history(Home(work / "home"), "patents", past, later, work)
    told = _told(loaded)
    for count in OUTCOMES:
        _said(
            loaded,
            _weights(loaded, told, count),
            f"{len(told) if count is None else count} outcomes" if count != 0 else "documented prior",
        )


def _weights(loaded: Loaded, told: list[ToldOutcome], count: int | None) -> Weights | None:
    if count == 0:
        return weights()
    some = told if count is None else told[-count:]
    try:
        return learn(Ranker(loaded.arrays), EVENT, "", blocks=0, told=some)
    except TooFewDeals:
        return None


def _said(loaded: Loaded, weighed: Weights | None, name: str) -> None:
    if weighed is None:
        print(f"  {name}: too few to learn from")
        return
    evaluation = Evaluation(loaded, weighed, lambda _: None)
    evaluation.rank_firms(loaded.rows)
    if name == "documented prior":
        print(f"  {evaluation.unknown_firms} rows whose firm or research body was not known before are left out")
    ways = ("ketnoi", *(BASELINES["firm"] if name == "documented prior" else ()))
    for way in ways:
        figures = evaluation.said("firm", way)
        said = "; ".join(_stratum(stratum, figures[stratum]) for stratum in ("all", "new_pairs"))
        print(f"  {name if way == 'ketnoi' else way}: {said}", flush=True)


def _stratum(name: str, figures: dict[str, Any]) -> str:
    low, high = figures["ci95"]["mrr"]
    return (
        f"{name.replace('_', ' ')} (n {figures['n']}) MRR {figures['mrr']:.3f} ({low:.3f} to {high:.3f}), HR@1 {figures['hr@1']:.3f}, "
        f"HR@10 {figures['hr@10']:.3f}"
    )


if __name__ == "__main__":
    main(*sys.argv[1:2])
