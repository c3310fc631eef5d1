"""Networks as files: what was put in is read back by networkx and the csv module, names escaped, bytes the same every time."""

import csv
import io
from pathlib import Path
from random import Random

import networkx as nx
import pytest

from graph.questions.network_files import WRITERS
from graph.questions.networks import Network, Projection, YearCount, network_of, projections

NASTY = '<img src=x onerror="alert(1)">&"\'\x07'
NAMES = {"a": "Trung tâm Ảnh", "b": NASTY, "c": "=1+1", "d": "dòng\r\nmới"}
ROWS = [
    {"source": "a", "target": "b", "year": 2020, "weight": 3},
    {"source": "a", "target": "b", "year": 2022, "weight": 1},
    {"source": "a", "target": "b", "year": None, "weight": 5},
    {"source": "a", "target": "c", "year": 2020, "weight": 2},
    {"source": "c", "target": "d", "year": None, "weight": 4},
]


def _projection(directed: bool) -> Projection:
    words = {"vi": "x", "en": "x"}
    return Projection("x", 1, directed, "Entity", "Entity", words, words, "", "")


def _network(directed: bool = True) -> Network:
    return network_of(_projection(directed), ROWS)


def _file(kind: str, network: Network) -> str:
    return "".join(WRITERS[kind](network, NAMES, f"note {NASTY}"))


def test_counts_by_year() -> None:
    assert _network().years() == [
        YearCount(2020, ties=2, weight=5, sources=1, targets=2),
        YearCount(2022, ties=1, weight=1, sources=1, targets=1),
        YearCount(None, ties=2, weight=9, sources=2, targets=2),
    ]
    assert _network().nodes() == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("since", "until", "weights"),
    [
        (None, None, [3, 1, 5, 2, 4]),
        (2020, None, [3, 1, 2]),
        (2021, None, [1]),
        (None, 2020, [3, 2]),
        (2020, 2022, [3, 1, 2]),
        (2021, 2021, []),
    ],
)
def test_years_are_inclusive_and_leave_out_the_undated(
    since: int | None, until: int | None, weights: list[int]
) -> None:
    assert [tie.weight for tie in _network().between(since, until).ties] == weights


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_the_same_network_gives_the_same_bytes_whatever_the_order_of_rows(kind: str) -> None:
    shuffled = Random(1).sample(ROWS, len(ROWS))
    assert shuffled != ROWS
    assert _file(kind, network_of(_projection(True), shuffled)) == _file(kind, _network())


def test_the_edge_list_neutralises_formulas_and_keeps_the_rest_word_for_word() -> None:
    rows = list(csv.reader(io.StringIO(_file("csv", _network()), newline="")))
    assert rows == [
        ["source", "source_name", "target", "target_name", "year", "weight"],
        ["a", "Trung tâm Ảnh", "b", NASTY, "2020", "3"],
        ["a", "Trung tâm Ảnh", "b", NASTY, "2022", "1"],
        ["a", "Trung tâm Ảnh", "b", NASTY, "", "5"],
        ["a", "Trung tâm Ảnh", "c", "'=1+1", "2020", "2"],
        ["c", "'=1+1", "d", "dòng\r\nmới", "", "4"],
    ]


@pytest.mark.parametrize("directed", [True, False])
def test_gexf_opens_in_networkx_with_a_weight_and_a_spell_for_each_year(tmp_path: Path, directed: bool) -> None:
    path = tmp_path / "x.gexf"
    path.write_text(_file("gexf", _network(directed)), encoding="utf-8", newline="")
    graph = nx.read_gexf(path)
    assert graph.is_directed() is directed
    assert not graph.is_multigraph()
    assert {node: data["label"] for node, data in graph.nodes(data=True)} == {
        **NAMES,
        "b": NASTY.replace("\x07", "\ufffd"),
        "d": "dòng\r\nmới",
    }
    year = {2020: ("2020-01-01", "2020-12-31"), 2022: ("2022-01-01", "2022-12-31")}
    first = graph.edges["a", "b"]
    assert (first["weight"], first["undated"]) == (9, 5)
    assert first["yearly"] == [(3, *year[2020]), (1, *year[2022])]
    assert first["spells"] == [year[2020], year[2022]]
    assert graph.edges["a", "c"]["yearly"] == [(2, *year[2020])]
    assert "spells" not in graph.edges["c", "d"]


@pytest.mark.parametrize("directed", [True, False])
def test_graphml_opens_in_networkx_with_an_edge_for_each_year(tmp_path: Path, directed: bool) -> None:
    path = tmp_path / "x.graphml"
    path.write_text(_file("graphml", _network(directed)), encoding="utf-8", newline="")
    graph = nx.read_graphml(path)
    assert graph.is_directed() is directed
    assert graph.nodes["b"]["name"] == NASTY.replace("\x07", "\ufffd")
    found = {(*sorted((a, b)), data.get("year"), data["weight"]) for a, b, data in graph.edges(data=True)}
    assert found == {(row["source"], row["target"], row["year"], row["weight"]) for row in ROWS}


def test_the_projections_are_those_of_the_contract_each_said_in_both_languages() -> None:
    assert list(projections()) == ["broker_firm", "co_owner", "co_inventor", "shared_clients", "expert_field"]
    for one in projections().values():
        assert set(one.title) == set(one.definition) == {"vi", "en"}
        assert "$as_of" in one.cypher
        assert "#@ as_of" in one.sparql
