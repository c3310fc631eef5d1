"""Times what-if on the newest snapshot of a home: each kind of scenario with two technologies and a firm, ten routes each.

``python -m tests.benchmarks.whatif_latency --home DIR [--make ORGANISATIONS]``; the sample, 100,000 organisations as
``tests.benchmarks.transfer_latency`` makes and publishes them, or any number made here, with a market: technologies on offer and needs of
fields and industries, by which gaps are told. Nothing is written and no property graph is asked. Seconds of the processor stand beside those that passed, for a
machine that does other things too.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from graph.answer.reading import StoredReading
from graph.answer.whatif.comparing import WhatIf
from graph.answer.whatif.scenario import Scenario
from graph.statements.home import Home, today
from graph.views.engine import Engine
from graph.views.publishing import publish
from graph.views.reading import SnapshotViews
from tests.benchmarks.synthetic_ecosystem import Size, write_ecosystem


def timed(name: str, call: Callable[[], Any]) -> Any:
    """What a call gives; how long it took is printed."""
    began, spent = time.perf_counter(), time.process_time()
    found = call()
    print(f"{name:<44}{time.perf_counter() - began:>9.2f} s{time.process_time() - spent:>9.2f} s of CPU", flush=True)
    return found


def scenarios(views: SnapshotViews) -> dict[str, dict[str, Any]]:
    """A scenario of each kind, about bodies that have deals."""
    arrays = views.arrays
    brokers = [arrays.ids["organisation"][int(at)] for at in np.unique(arrays.tables["deed"]["broker"])[:3]]
    technologies = arrays.ids["technology"][:20]
    fields = [field for one in technologies for field in views.values(one, "hasField")]
    return {
        "add an intermediary": {"add_field": tuple(dict.fromkeys(fields))[:2], "add_place": "VN-HN"},
        "assign the rights of 20": {"assign": technologies, "assign_to": brokers[0]},
        "close a broker": {"close": brokers[0]},
        "merge two brokers": {"merge": brokers[1], "into": brokers[2]},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--make", type=int, metavar="ORGANISATIONS", help="make the home first, which is not there yet")
    asked_for = parser.parse_args()
    home = Home(asked_for.home)
    if asked_for.make:
        engine = Engine(write_ecosystem(home.path, Size(asked_for.make, market=True)))
        publish(home, engine)
        engine.close()
    newest = max(int(path.name) for path in home.snapshots.iterdir() if path.name.isdigit())
    views = SnapshotViews(home, newest)
    print({kind: len(ids) for kind, ids in views.arrays.ids.items() if kind in ("organisation", "technology", "deed")})
    reading = StoredReading(views)
    timed("ranking is prepared", lambda: reading.ranker)
    whatif = WhatIf(reading)
    day = today()
    timed("indicators of today, once a snapshot", lambda: whatif.figures(day))
    asked = {
        "technology": tuple(views.arrays.ids["technology"][1000:1002] or views.arrays.ids["technology"][:2]),
        "firm": (views.arrays.ids["organisation"][int(views.arrays.tables["need"]["organisation"][0])],),
    }
    for name, said in scenarios(views).items():
        for turn in ("first", "again"):
            scenario = Scenario.model_validate({**said, **asked, "as_of": day})
            timed(f"{name}, {turn}", lambda scenario=scenario: whatif.try_out(scenario))  # type: ignore[misc]


if __name__ == "__main__":
    main()
