"""What stands around a node, on a dataset that is made here; and that a firm with thousands of engagements is told in time and in parts."""

import time
from functools import lru_cache, partial

import pyoxigraph as ox
import pytest

from api.catalogue import Words
from api.entity_parts import MOST_VERSIONS
from api.surroundings import MOST, Surroundings
from graph.views.rdf import iri
from graph.views.reading import SnapshotViews
from graph.views.surroundings import Way, around
from ontology.model import KN, ontology

RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
DAY = ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")
ENGAGEMENTS, CLIENTS = 5_000, 1_200
SECONDS = 3.0
"""For all of a firm with 5,000 engagements; a quiet machine takes a tenth of it."""


class Made(SnapshotViews):
    """Views over a dataset in memory."""

    def __init__(self, store: ox.Store) -> None:
        self.snapshot = "made"
        self.store = store
        self.triples = lru_cache(maxsize=4_000)(self._triples)
        self.name = lru_cache(maxsize=50_000)(self._name)
        self.record = lru_cache(maxsize=20_000)(self._record)
        self._surrounded = lru_cache(maxsize=32)(partial(around, self))


def say(store: ox.Store, node: str, cls: str, **values: str | ox.Literal) -> None:
    """A node of a class with edges to ids and values."""
    subject = ox.NamedNode(iri(node))
    quads = [ox.Quad(subject, RDF_TYPE, ox.NamedNode(f"{KN}{name}")) for name in ontology().classes[cls].types]
    for prop, value in values.items():
        target = value if isinstance(value, ox.Literal) else ox.NamedNode(iri(value))
        quads.append(ox.Quad(subject, ox.NamedNode(f"{KN}{prop}"), target))
    store.extend(quads)


def day(text: str) -> ox.Literal:
    return ox.Literal(text, datatype=DAY)


@pytest.fixture(scope="module")
def firm() -> Made:
    store = ox.Store()
    say(store, "attorney", "Intermediary", name=ox.Literal("Văn phòng Ví Dụ", language="vi"))
    for at in range(CLIENTS):
        say(store, f"client{at}", "Enterprise", name=ox.Literal(f"Công ty Ví Dụ {at}", language="vi"))
    for at in range(ENGAGEMENTS):
        # client 0 is served most often
        client = f"client{0 if at % 101 == 0 else at % CLIENTS}"
        on = day(f"20{10 + at % 15}-03-0{1 + at % 9}")
        say(store, f"deal{at}", "ServiceEngagement", provider="attorney", client=client, date=on)
    return Made(store)


def test_5000_engagements_are_told_in_parts_and_in_time(firm: Made) -> None:
    begun = time.monotonic()
    told = Surroundings(firm, "attorney", Words("vi"), "2026-01-01")
    groups = told.groups(100)
    assert time.monotonic() - begun < SECONDS
    (group,) = groups
    assert group.way == "in.provider.ServiceEngagement.client"
    assert (group.total, group.meetings) == (CLIENTS, ENGAGEMENTS)
    assert group.neighbours[0].node.id == "client0"
    assert group.neighbours[0].count == max(one.count for one in group.neighbours)
    assert len(group.neighbours) == 100
    assert group.next == 100
    assert len(told.around.days) == ENGAGEMENTS
    assert MOST_VERSIONS <= MOST


def test_pages_of_a_group_hold_every_client_once(firm: Made) -> None:
    told = Surroundings(firm, "attorney", Words("en"), "2026-01-01")
    seen: list[str] = []
    for start in range(0, CLIENTS, 100):
        page = told.of("in.provider.ServiceEngagement.client", start, 100)
        assert page is not None
        seen += [one.node.id for one in page.neighbours]
    assert sorted(seen) == sorted(f"client{at}" for at in range(CLIENTS))


def test_what_is_too_much_is_counted(firm: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.views.surroundings.FOLLOWED", 100)
    told = around(firm, "attorney")
    assert sum(map(len, told.ways.values())) == 100
    assert told.unfollowed == {"provider": ENGAGEMENTS - 100}


def test_ends_periods_and_days_of_events() -> None:
    store = ox.Store()
    say(store, "host", "University")
    say(store, "task", "STTask", hostedBy="host", approvedOn=day("2020-02-01"))
    say(store, "result", "ResearchResult", resultOf="task")
    say(store, "accepted", "Acceptance", accepts="result", date=day("2022-05-01"))
    say(
        store,
        "right",
        "RightsHolding",
        holder="host",
        over="result",
        validFrom=day("2022-06-01"),
        validUntil=day("2024-06-01"),
    )
    told = around(Made(store), "host")
    assert {way.key: [one.node for one in met] for way, met in told.ways.items()} == {
        "in.hostedBy": ["task"],
        "in.holder.RightsHolding.over": ["result"],
    }
    (held,) = told.ways[Way("holder", True, "RightsHolding", "over")]
    assert [held.validity.state(on) for on in ("2022-05-31", "2022-06-01", "2024-06-01", "2024-06-02")] == [
        "future",
        "valid",
        "valid",
        "ended",
    ]
    assert [one.day for one in told.days] == ["2020-02-01", "2022-06-01", "2024-06-01"]
    # of a task, what happened to its result is told too: it belongs to it alone
    assert [(one.day, one.node) for one in around(Made(store), "task").days] == [
        ("2020-02-01", "task"),
        ("2022-05-01", "accepted"),
        ("2022-06-01", "right"),
        ("2024-06-01", "right"),
    ]
