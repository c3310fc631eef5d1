"""Betweenness, cut points, roles, concentration and communities equal plain computations on small random graphs."""

from collections import Counter, deque
from itertools import combinations
from random import Random
from typing import Any

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import csr_array

from graph.questions import analysis, centrality
from graph.questions.analysis import ROLES, betweenness, brokerage_roles, communities, concentration, keystones
from graph.questions.centrality import betweenness_of, estimate
from graph.questions.errors import QuestionError
from graph.questions.named import analyses

GRAPHS = 60
Pair = tuple[str, str]


def random_pairs(seed: int) -> list[Pair]:
    """The ties of a small network, some of it in parts."""
    random = Random(seed)
    nodes = [f"n{number:02d}" for number in range(random.randint(2, 14))]
    density = random.choice([0.1, 0.2, 0.4])
    return [pair for pair in combinations(nodes, 2) if random.random() < density]


def neighbours(pairs: list[Pair]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for left, right in pairs:
        found.setdefault(left, set()).add(right)
        found.setdefault(right, set()).add(left)
    return found


def reached(beside: dict[str, set[str]], start: str, without: str | None = None) -> dict[str, int]:
    """Steps to all nodes that can be reached, walking plainly."""
    steps, queue = {start: 0}, deque([start])
    while queue:
        here = queue.popleft()
        for other in beside.get(here, set()) - {without}:
            if other not in steps:
                steps[other] = steps[here] + 1
                queue.append(other)
    return steps


def paths(beside: dict[str, set[str]], start: str, end: str) -> list[list[str]]:
    """All shortest paths, found by trying each step that comes nearer."""
    far = reached(beside, end)
    if start not in far:
        return []
    found = [[start]]
    for _ in range(far[start]):
        found = [[*path, step] for path in found for step in beside[path[-1]] if far[step] == far[path[-1]] - 1]
    return found


def plain_betweenness(pairs: list[Pair]) -> dict[str, float]:
    """By the definition: of each pair of others, the part of its shortest paths that runs through a node."""
    beside = neighbours(pairs)
    total = dict.fromkeys(beside, 0.0)
    for start, end in combinations(sorted(beside), 2):
        every = paths(beside, start, end)
        for path in every:
            for node in path[1:-1]:
                total[node] += 1 / len(every)
    others = (len(beside) - 1) * (len(beside) - 2) / 2
    return {node: value / others if others else 0.0 for node, value in total.items()}


@pytest.mark.parametrize("seed", range(GRAPHS))
def test_betweenness_is_that_of_its_definition(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = random_pairs(seed)
    expected = plain_betweenness(pairs)
    nodes, values, exact = betweenness_of(pairs)
    assert exact and dict(zip(nodes, values, strict=True)) == pytest.approx(expected)
    if pairs:
        number = {node: at for at, node in enumerate(nodes)}
        network = nx.Graph(pairs)
        matrix = csr_array(nx.to_scipy_sparse_array(network, nodelist=nodes, dtype=float))
        every = estimate(matrix, np.arange(len(nodes)))
        assert {node: every[number[node]] for node in nodes} == pytest.approx(expected)
        monkeypatch.setattr(centrality, "WALKED", 0)
        assert betweenness_of(pairs)[2]
        monkeypatch.setattr(centrality, "EXACT", 0)
        monkeypatch.setattr(centrality, "PIVOTS", len(nodes))
        again, estimated, said = betweenness_of(pairs)
        assert again == nodes and not said
        assert dict(zip(again, estimated, strict=True)) == pytest.approx(expected)
    rows = [{"source": left, "target": right, "broker": True} for left, right in pairs]
    found = betweenness(rows, {})
    assert {row["broker"] for row in found} <= {left for left, _ in pairs}


def test_an_estimate_from_some_nodes_is_near_what_all_give() -> None:
    network = nx.barabasi_albert_graph(600, 2, seed=3)
    matrix = csr_array(nx.to_scipy_sparse_array(network, dtype=float))
    exact = nx.betweenness_centrality(network)
    found = estimate(matrix, np.random.default_rng(1).choice(600, 256, replace=False))
    best = sorted(exact, key=lambda node: -exact[node])[:10]
    assert [exact[node] for node in best] == pytest.approx([found[node] for node in best], rel=0.25)


def plain_keystones(pairs: list[Pair], brokers: set[str], supply: set[str], demand: set[str]) -> dict[str, int]:
    """By taking each broker away and counting the pairs that are still connected."""
    beside = neighbours(pairs)

    def connected(without: str | None, left: set[str], right: set[str]) -> int:
        return sum(
            1
            for one in left
            if one in beside
            for other in reached(beside, one, without)
            if other in right and other != one
        )

    found = {}
    for broker in brokers & beside.keys():
        left, right = supply - {broker}, demand - {broker}
        cut = connected(None, left, right) - connected(broker, left, right)
        if cut:
            found[broker] = cut
    return found


@pytest.mark.parametrize("seed", range(GRAPHS))
def test_cut_points_are_those_whose_removal_cuts(seed: int) -> None:
    pairs, random = random_pairs(seed), Random(1000 + seed)
    nodes = sorted({node for pair in pairs for node in pair})
    supply = {node for node in nodes if random.random() < 0.5}
    demand = {node for node in nodes if random.random() < 0.5}
    rows: list[dict[str, Any]] = [{"source": a, "target": b, "side": "broker"} for a, b in pairs]
    rows += [{"source": node, "target": None, "side": "supply"} for node in supply]
    rows += [{"source": node, "target": None, "side": "demand"} for node in demand]
    # ties to bodies that neither supply nor need are left out of the network
    kept = [pair for pair in pairs if pair[1] in supply | demand]
    expected = plain_keystones(kept, {left for left, _ in kept}, supply, demand)
    assert {row["broker"]: row["pairs"] for row in keystones(rows, {})} == expected


@pytest.mark.parametrize("seed", range(GRAPHS))
def test_roles_are_those_of_a_plain_count(seed: int) -> None:
    random = Random(seed)
    bodies = [f"b{number}" for number in range(6)]
    groups = {body: random.choice(["north", "south", None]) for body in bodies}
    transfers = [
        (f"t{at}", 2020 + at % 2, random.choice(bodies), random.choice([*bodies, None]), random.choice(bodies))
        for at in range(12)
    ]
    rows = [
        {"transfer": name, "year": year, "role": part, "body": body, "group": groups[body]}
        for name, year, *ends in transfers
        for part, body in zip(("transferor", "broker", "transferee"), ends, strict=True)
        if body
    ]
    tied = {(year, giver, taker) for _, year, giver, broker, taker in transfers if broker is None}
    expected: Counter[tuple[int, str, str]] = Counter()
    for year, giver, broker, taker in {one[1:] for one in transfers}:
        if broker is None or broker in (giver, taker) or (year, giver, taker) in tied:
            continue
        a, b, c = groups[giver], groups[broker], groups[taker]
        if None in (a, b, c):
            name = "ungrouped"
        elif a == b == c:
            name = "coordinator"
        elif a == c:
            name = "itinerant"
        elif b == c:
            name = "gatekeeper"
        elif a == b:
            name = "representative"
        else:
            name = "liaison"
        expected[year, broker, name] += 1
    found = {
        (row["year"], row["broker"], name): row[name]
        for row in brokerage_roles(rows, {})
        for name in ROLES
        if row[name]
    }
    assert found == dict(expected)


def deal(name: str, broker: str, year: int = 2024, field: str | None = "f") -> dict[str, Any]:
    return {"deal": name, "broker": broker, "year": year, "field": field}


def test_concentration_by_hand() -> None:
    rows = [deal("1", "a"), deal("2", "a"), deal("3", "b"), deal("4", "c"), deal("5", "a", 2025, None)]
    by_year = {row["year"]: row for row in concentration(rows, {"by": "year"})}
    # shares 2/4, 1/4, 1/4
    assert by_year[2024]["index"] == pytest.approx(0.25 + 0.0625 + 0.0625)
    assert (by_year[2024]["deals"], by_year[2024]["brokers"]) == (4, 3)
    assert (by_year[2024]["largest"], by_year[2024]["share"]) == ("a", 0.5)
    assert by_year[2025]["index"] == 1
    # a deal about two fields counts in each, and once in its year
    both = [*rows, deal("1", "a", 2024, "g")]
    by_field = {row["field"]: row["deals"] for row in concentration(both, {"by": "field"})}
    assert by_field == {"f": 4, "g": 1, None: 1}
    assert {row["year"]: row["deals"] for row in concentration(both, {"by": "year"})} == {2024: 4, 2025: 1}
    assert len(concentration(both, {"by": "both"})) == 3


def test_concentration_of_equals_is_one_over_their_number() -> None:
    for brokers in range(1, 8):
        rows = [deal(str(at), f"b{at}") for at in range(brokers)]
        assert concentration(rows, {"by": "year"})[0]["index"] == pytest.approx(1 / brokers)


def test_two_cliques_with_one_tie_are_two_communities_whatever_the_order() -> None:
    pairs = [*combinations("abcde", 2), *combinations("vwxyz", 2), ("a", "v")]
    rows = [{"source": left, "target": right, "weight": 2} for left, right in pairs]
    found = communities(rows, {})
    assert [sorted(row["members"]) for row in found] == [list("abcde"), list("vwxyz")]
    assert [(row["bodies"], row["ties"], row["weight"], row["outside"]) for row in found] == [(5, 10, 20, 2)] * 2
    Random(5).shuffle(rows)
    assert communities(rows, {}) == found
    assert communities([], {}) == []


def test_too_many_ties_for_communities_are_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "MOST_TIES", 1)
    rows = [{"source": "a", "target": end, "weight": 1} for end in "bc"]
    assert communities(rows[:1], {})
    with pytest.raises(QuestionError, match="give since"):
        communities(rows, {})


def test_the_analyses_that_are_shipped() -> None:
    assert list(analyses()) == ["betweenness", "communities", "concentration"]
