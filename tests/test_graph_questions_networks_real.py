"""The broker–firm network on the real patents: its counts by year are those of a plain count over the file, and it opens in networkx."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import networkx as nx
import pyarrow.parquet as pq
import pytest

from graph.answer.reading import Reading
from graph.questions.network_files import gexf
from graph.questions.networks import Network, projections, read_network
from graph.statements.home import Home
from graph.views.engine import Engine
from graph.views.reading import SnapshotViews
from tests.conftest import ketnoi

pytestmark = [pytest.mark.real, pytest.mark.neo4j, pytest.mark.long]

BROKERS, FIRMS = 5_518, 14_179
"""Names of each kind in the file, as they are written."""
PAIRS = 87_322
"""Pairs of a broker and a firm over all patents; three patents name a firm twice."""


@pytest.fixture(scope="module")
def patents(real: Path) -> Path:
    return real / "patents" / "triads-to-2019.parquet"


@pytest.fixture(scope="module")
def unlinked(patents: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Network, SnapshotViews]]:
    """The network before linking: published without ``ketnoi link``, so that every patent's firm and broker stand by themselves.

    Every patent is loaded, but only the columns that the projection reads.
    """
    directory = tmp_path_factory.mktemp("patents")
    narrow = directory / "patents.parquet"
    pq.write_table(pq.read_table(patents, columns=["patent_id", "title", "date", "firm", "intermediary"]), narrow)
    ketnoi(directory, "load", "patents", str(narrow))
    ketnoi(directory, "publish")
    home = Home(directory)
    engine = Engine(home)
    number = engine.current()
    assert number is not None
    views = SnapshotViews(home, number)
    network = read_network(Reading(views, engine.graph), projections()["broker_firm"], date(2019, 12, 31))
    engine.close()
    yield network, views


def plain_count(patents: Path) -> Counter[int]:
    """Pairs of a broker and a firm of one patent, by the year of the grant."""
    table = pq.read_table(patents, columns=["date", "firm", "intermediary"])
    found: Counter[int] = Counter()
    columns = (table.column(name).to_pylist() for name in ("date", "firm", "intermediary"))
    for day, firms, brokers in zip(*columns, strict=True):
        found[day.year] += len(set(firms)) * len(set(brokers))
    return found


def test_counts_by_year_are_those_of_the_file(unlinked: tuple[Network, SnapshotViews], patents: Path) -> None:
    expected = plain_count(patents)
    assert sum(expected.values()) == PAIRS
    assert {one.year: one.weight for one in unlinked[0].years()} == expected


def test_the_file_opens_in_networkx_with_these_counts(
    unlinked: tuple[Network, SnapshotViews], patents: Path, tmp_path: Path
) -> None:
    network, views = unlinked
    labels = {node: views.name(node, "en") for node in network.nodes()}
    path = tmp_path / "broker_firm.gexf"
    path.write_text("".join(gexf(network, labels, "patents before linking")), encoding="utf-8")
    graph = nx.read_gexf(path)
    found: Counter[int] = Counter()
    for *_, data in graph.edges(data=True):
        found.update({int(start[:4]): weight for weight, start, _ in data["yearly"]})
    assert found == plain_count(patents)
    # before linking every mention is a node of its own, and what can be counted are the names; a doubled space is one space
    columns = pq.read_table(patents, columns=["intermediary", "firm"]).to_pydict()
    written = [{name for row in columns[column] for name in row} for column in ("intermediary", "firm")]
    assert [len(names) for names in written] == [BROKERS, FIRMS]
    for end, names in enumerate(written):
        assert {graph.nodes[pair[end]]["label"] for pair in graph.edges()} == {" ".join(name.split()) for name in names}
