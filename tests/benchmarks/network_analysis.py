"""Times the analyses of the network from a thousand to a hundred thousand bodies.

``python -m tests.benchmarks.network_analysis [--sizes 1000 10000 100000]``. The networks are synthetic: a fiftieth of the bodies are brokers,
drawn for a deal in proportion to the deals that they had; two deals a body; half of the bodies supply, half are in need.
"""

import argparse
import time
from collections.abc import Callable
from random import Random
from typing import Any

from graph.questions.analysis import betweenness, brokerage_roles, communities_of, concentration, keystones

Rows = list[dict[str, Any]]


def deals(size: int, seed: int = 7) -> list[tuple[str, str, str, int]]:
    """Broker, giver, taker and year of each deal."""
    random = Random(seed)
    brokers = [f"b{number:06d}" for number in range(max(2, size // 50))]
    bodies = [f"o{number:06d}" for number in range(size - len(brokers))]
    drawn = list(brokers)
    found = []
    for _ in range(2 * size):
        broker = random.choice(drawn)
        drawn.append(broker)
        giver, taker = random.choice(bodies), random.choice(bodies)
        if giver != taker:
            found.append((broker, giver, taker, random.randint(2016, 2026)))
    return found


def cases(size: int) -> list[tuple[str, Callable[[Rows, dict[str, Any]], Rows], Rows]]:
    """Each analysis with the rows that its query would give."""
    made = deals(size)
    bodies = sorted({body for _, giver, taker, _ in made for body in (giver, taker)})
    ties = [(broker, end) for broker, *ends, _ in made for end in ends]
    sides: Rows = [{"source": broker, "target": end, "side": "broker"} for broker, end in ties]
    sides += [
        {"source": body, "target": None, "side": "supply" if at % 2 else "demand"} for at, body in enumerate(bodies)
    ]
    group = {body: f"g{at % 63}" for at, body in enumerate(sorted({*bodies, *(deal[0] for deal in made)}))}
    parties: Rows = [
        {"transfer": at, "year": deal[3], "role": role, "body": body, "group": group[body]}
        for at, deal in enumerate(made)
        for role, body in zip(("broker", "transferor", "transferee"), deal[:3], strict=True)
    ]
    return [
        ("cut points", keystones, sides),
        ("roles by year", brokerage_roles, parties),
        ("betweenness", betweenness, [{"source": left, "target": right, "broker": True} for left, right in ties]),
        (
            "communities",
            lambda rows, _: communities_of(rows),
            [{"source": left, "target": right, "weight": 1} for left, right in ties],
        ),
        (
            "concentration",
            concentration,
            [
                {"deal": str(at), "broker": deal[0], "year": deal[3], "field": f"f{at % 42}"}
                for at, deal in enumerate(made)
            ],
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    asked = parser.parse_args()
    print(f"{'analysis':<16}{'bodies':>10}{'rows in':>10}{'rows out':>10}{'seconds':>10}{'of CPU':>10}")
    for size in asked.sizes:
        for name, analysis, rows in cases(size):
            began, spent = time.perf_counter(), time.process_time()
            found = analysis(rows, {"by": "both"})
            took, busy = time.perf_counter() - began, time.process_time() - spent
            print(f"{name:<16}{size:>10,}{len(rows):>10,}{len(found):>10,}{took:>10.2f}{busy:>10.2f}", flush=True)


if __name__ == "__main__":
    main()
