"""What a service does before anybody asks, on a real Neo4j."""

import gc
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import serving
from api.serving import LiveSource
from graph.statements.home import Home
from graph.views.engine import Engine

pytestmark = pytest.mark.neo4j


@pytest.fixture
def source(sample_home: Path) -> Iterator[LiveSource]:
    home, searched = Home(sample_home), gc.get_threshold()
    opened = LiveSource(home, Engine(home))
    yield opened
    opened.close()
    # a service leaves what it holds out of every search for circles; the tests after this one are no service
    gc.unfreeze()
    gc.set_threshold(*searched)


def asked(source: LiveSource) -> set[str]:
    """The technologies about which the property graph was asked."""
    return set(source.current().reading._about.get("technology_rights", {}))


def test_a_large_snapshot_is_asked_all_over_before_visitors_come(
    source: LiveSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "LARGE", 1)
    monkeypatch.setattr(serving, "_REHEARSED", 5)
    technologies = source.current().arrays.ids["technology"]
    source.supervise()
    end = time.monotonic() + 60
    while len(asked(source)) < 5:
        assert time.monotonic() < end
        time.sleep(0.05)
    places = sorted(technologies.index(node) for node in asked(source))
    assert places[0] == 0 and places[-1] > len(technologies) / 2


def test_of_a_small_one_nobody_asks(source: LiveSource) -> None:
    views = source.current()
    source._rehearse(views)
    assert asked(source) == set()
