"""Technologies in the review queue: who is asked, with what reasons, and what is said of both sides. All bodies are made up."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.answer.review_pairs import LEAST, Ground, Pair
from graph.answer.uncertain_technologies import uncertain_technologies
from graph.links.entities import make_entities
from graph.links.linking import link
from graph.statements.home import Home
from graph.statements.loads import active, open_statements
from tests.test_graph_links_technologies import PEOPLE, TITLE, WORDED, about, listed, load

OTHER = TITLE.replace("đông trùng hạ thảo", "linh chi đỏ")
"""Another technology of the team, which differs in its object alone."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def asked(home: Home) -> Iterator[Pair]:
    link(home)
    con = open_statements(home, active(home))
    make_entities(con)
    ground = Ground(con)
    try:
        yield from ground.weighed(uncertain_technologies(ground))
    finally:
        ground.close()


def test_what_differs_in_its_object_alone_is_asked_with_reasons_that_add_up(home: Home) -> None:
    load(home, "vien", listed("vien", "1", TITLE, inventors=PEOPLE))
    load(home, "san", listed("san", "7", OTHER, inventors=PEOPLE))
    (pair,) = asked(home)
    assert (pair.later, pair.earlier, pair.joined) == (about("san", "7"), about("vien", "1"), False)
    assert LEAST <= pair.probability < 1
    odds = sum(weight for _, weight in pair.reasons)
    assert 1 / (1 + math.exp(-odds)) == pytest.approx(pair.probability, abs=0.02)
    said = {name.rpartition(".")[0]: name for name, _ in pair.reasons}
    assert said["technology.who"] == "technology.who.0" and said["technology.title"] != "technology.title.0"
    assert all(side.statements and side.records for side in pair.sides)


def test_of_two_that_fit_as_well_each_is_half_as_probable(home: Home) -> None:
    load(home, "vien", listed("vien", "1", TITLE, inventors=PEOPLE))
    load(home, "san", *(listed("san", key, WORDED, inventors=PEOPLE) for key in "78"))
    pairs = [*asked(home)]
    assert {(pair.later, pair.earlier) for pair in pairs} == {(about("san", key), about("vien", "1")) for key in "78"}
    for pair in pairs:
        assert pair.probability == pytest.approx(0.5, abs=0.01)
        assert "technology.groups" in dict(pair.reasons)


def test_who_is_linked_or_of_one_list_is_not_asked(home: Home) -> None:
    load(home, "vien", listed("vien", "1", TITLE, inventors=PEOPLE), listed("vien", "2", OTHER, inventors=PEOPLE))
    assert not [*asked(home)]
    load(home, "san", listed("san", "7", WORDED, inventors=PEOPLE))
    assert (about("san", "7"), about("vien", "1")) not in {(pair.later, pair.earlier) for pair in asked(home)}
