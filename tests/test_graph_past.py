"""What was known up to a past day: last loads of then, withdrawn ones, gone records and links of then; and how long it stays on disk."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.links.linking import link
from graph.resolve.snapshots import snapshot_in
from graph.statements import load_writing, loads
from graph.statements.home import Home, end_of_day
from graph.statements.load_writing import write_load
from graph.statements.loads import Origin, active, withdraw
from graph.views.errors import NothingKnown
from graph.views.past import PastSnapshots, loads_known
from graph.views.publishing import load_schemes
from graph.views.reading import StoredViews
from ontology.model import KN
from ontology.statement import ABOUT, Mentions, Record

NAMES = ("Công ty Cổ phần Thép Sông Xanh", "Công ty Cổ phần Thép Sông Biếc")


class World:
    """A home whose clock is set by hand."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = Home(path)
        self._clock = datetime(2026, 3, 1, tzinfo=UTC)
        for writing in (load_writing, loads):
            monkeypatch.setattr(writing, "now", lambda: self._clock)

    def at(self, instant: str) -> None:
        """Set the clock, in UTC."""
        self._clock = datetime.fromisoformat(instant).replace(tzinfo=UTC)

    def load(self, firms: dict[str, tuple[str, int]], whole: bool = False, source: str = "register") -> str:
        """Load firms by key: name and number of employees."""
        records: list[Record] = []
        for line, (key, (name, employees)) in enumerate(firms.items(), 2):
            mentions = Mentions(source, key, line)
            about = mentions.mention(ABOUT, "Enterprise")
            mentions.value(about, "name", name, "vi")
            mentions.value(about, "employees", str(employees))
            mentions.value(about, "number", key)
            records.append(mentions.record)
        origin = Origin(source, "enterprise", "firms", "firms.csv", "0" * 64, "CC-BY-4.0", whole)
        return write_load(self.home, origin, iter(records)).load

    def known(self, day: str) -> dict[str, tuple[str, int]]:
        """What was known of firms on a day: key → name and employees."""
        store = StoredViews(self.home, PastSnapshots(self.home).make(day)).store
        rows = store.query(
            f"PREFIX kn: <{KN}> SELECT ?key ?name ?count {{ ?firm a kn:Enterprise ; kn:number ?key ; kn:name ?name ; kn:employees ?count }}"
        )
        assert isinstance(rows, ox.QuerySolutions)
        return {row["key"].value: (row["name"].value, int(row["count"].value)) for row in rows}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    yield World(tmp_path / "home", monkeypatch)


def test_a_record_is_what_its_last_load_up_to_that_day_said(world: World) -> None:
    world.at("2026-03-02T03:00:00")
    world.load({"A": ("Thép A", 10), "B": ("Thép B", 20)})
    world.at("2026-03-04T03:00:00")
    world.load({"A": ("Thép A", 11)})
    world.at("2026-03-04T05:00:00")
    world.load({"A": ("Thép A", 12)})
    assert world.known("2026-03-02") == world.known("2026-03-03") == {"A": ("Thép A", 10), "B": ("Thép B", 20)}
    assert world.known("2026-03-04") == {"A": ("Thép A", 12), "B": ("Thép B", 20)}


def test_a_day_ends_in_vietnam(world: World) -> None:
    # midnight in Vietnam is 17:00 of the day before in UTC
    assert end_of_day("2026-03-02").isoformat() == "2026-03-02T16:59:59.999999+00:00"
    world.at("2026-03-02T16:59:59")
    world.load({"A": ("Thép A", 10)})
    world.at("2026-03-02T17:00:00")
    world.load({"A": ("Thép A", 11)})
    assert world.known("2026-03-02") == {"A": ("Thép A", 10)}
    assert world.known("2026-03-03") == {"A": ("Thép A", 11)}


def test_a_load_counts_from_its_day_until_it_is_withdrawn(world: World) -> None:
    world.at("2026-03-02T03:00:00")
    world.load({"A": ("Thép A", 10)})
    world.at("2026-03-03T03:00:00")
    later = world.load({"A": ("Thép A", 99)})
    world.at("2026-03-05T03:00:00")
    withdraw(world.home, later)
    assert world.known("2026-03-02") == {"A": ("Thép A", 10)}
    assert world.known("2026-03-03") == world.known("2026-03-04") == {"A": ("Thép A", 99)}
    assert world.known("2026-03-05") == {"A": ("Thép A", 10)}


def test_a_record_that_left_its_source_was_there_before(world: World) -> None:
    world.at("2026-03-02T03:00:00")
    world.load({"A": ("Thép A", 10), "B": ("Thép B", 20)}, whole=True)
    world.at("2026-03-04T03:00:00")
    world.load({"A": ("Thép A", 10)}, whole=True)
    assert world.known("2026-03-03") == {"A": ("Thép A", 10), "B": ("Thép B", 20)}
    assert world.known("2026-03-04") == {"A": ("Thép A", 10)}


def test_links_that_were_made_later_do_not_count(world: World) -> None:
    world.at("2026-03-02T03:00:00")
    world.load({"A": (NAMES[0], 10)}, source="one")
    world.load({"A": (NAMES[0], 10)}, source="other")
    world.at("2026-03-04T03:00:00")
    linked = link(world.home)
    assert linked and linked.changed == 1

    def bodies(day: str) -> int:
        return StoredViews(world.home, PastSnapshots(world.home).make(day)).counts()["Enterprise"]

    assert bodies("2026-03-03") == 2
    assert bodies("2026-03-04") == 1


def test_schemes_of_then_count_and_the_first_ones_before_there_were_any(world: World) -> None:
    world.at("2026-03-02T03:00:00")
    world.load({"A": ("Thép A", 10)})
    world.at("2026-03-04T03:00:00")
    load_schemes(world.home)
    assert [load.load for load in active(world.home, end_of_day("2026-03-02"))] == ["000001"]
    assert [load.load for load in loads_known(world.home, "2026-03-02")] == ["000001", "000002"]
    assert StoredViews(world.home, PastSnapshots(world.home).make("2026-03-02")).counts()["Concept"] > 100


def test_schemes_alone_are_no_knowledge(world: World) -> None:
    with pytest.raises(NothingKnown, match="2026-03-01"):
        PastSnapshots(world.home).find("2026-03-01")
    world.at("2026-03-02T03:00:00")
    load_schemes(world.home)
    world.at("2026-03-04T03:00:00")
    world.load({"A": ("Thép A", 10)})
    for day in ("2026-03-01", "2026-03-02", "2026-03-03"):
        with pytest.raises(NothingKnown, match=day):
            PastSnapshots(world.home).make(day)
    assert world.known("2026-03-04") == {"A": ("Thép A", 10)}


def _spread(world: World, days: range) -> Callable[[int], str]:
    """Another load on each of some days of March 2026; the function that names them."""

    def name(day: int) -> str:
        return f"2026-03-{day:02}"

    for day in days:
        world.at(f"{name(day)}T03:00:00")
        world.load({"A": ("Thép A", day)})
    return name


def test_days_with_the_same_loads_share_a_snapshot_and_the_longest_unasked_goes(world: World) -> None:
    name = _spread(world, range(2, 7))
    past = PastSnapshots(world.home, most=3)
    made = {day: past.make(name(day)) for day in (2, 3, 4)}
    assert len(set(made.values())) == 3
    for at, day in enumerate((3, 4, 2)):
        os.utime(made[day], (at, at))
    assert past.find(name(3)) == made[3], "asking is use"
    assert past.make(name(5)).is_dir()
    assert [day for day in (2, 3, 4, 5) if past.find(name(day))] == [2, 3, 5]
    assert past.make(name(6)) == past.find(name(7)) == past.find(name(30))
    assert len(list(world.home.past.iterdir())) == 3


def test_what_a_crash_left_is_swept_and_all_can_be_forgotten(world: World) -> None:
    name = _spread(world, range(2, 4))
    left = world.home.past / ".left"
    left.mkdir()
    past = PastSnapshots(world.home)
    path = past.make(name(2))
    assert not left.exists() and not list(world.home.past.glob(".*"))
    assert snapshot_in(path).loads == (1,)
    past.forget()
    assert past.find(name(2)) is None and list(world.home.past.iterdir()) == []
    assert past.make(name(2)) == path
