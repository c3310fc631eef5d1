"""Weak links of the review queue: which links hang together what, on homes without a graph. All bodies are made up."""

from pathlib import Path

import pytest

from api.catalogue import catalogue
from graph.answer.review_pairs import Found, Ground, value_of
from graph.answer.weak_links import weak_links
from graph.links.entities import make_entities
from graph.links.records.comparisons import Kind
from graph.links.records.organisations import ORGANISATIONS
from graph.links.records.persons import PERSONS
from graph.links.records.technology_comparisons import TECHNOLOGIES
from graph.statements.home import Home
from graph.statements.load_writing import write_load
from graph.statements.loads import Origin, active, open_statements
from ontology.statement import (
    ABOUT,
    CURATOR_PREFIX,
    DIFFERENT_FROM,
    LINKER,
    SAME_AS,
    Mentions,
    Record,
    Statement,
    mention_id,
)


def body(key: str) -> str:
    return mention_id("a", key, ABOUT)


def bodies(home: Home, *keys: str) -> None:
    """Made-up bodies, the first with one name, the second with two, and so on."""
    records = []
    for at, key in enumerate(keys, 1):
        said = Mentions("a", key, at)
        about = said.mention(ABOUT, "Organization")
        for name in range(at):
            said.value(about, "alternativeName", f"Ví Dụ {key} {name}")
        records.append(said.record)
    write_load(home, Origin("a", "enterprise", "made up"), iter(records))


def links(home: Home, source: str, prop: str, *said: tuple[str, str, float]) -> None:
    records = [
        Record(f"{later} {earlier}", 1, [Statement(body(later), prop, body(earlier), probability=p, reason="a rule")])
        for later, earlier, p in said
    ]
    write_load(home, Origin(source, "links", "links"), iter(records))


def found(home: Home) -> dict[tuple[str, str], Found]:
    """Weak links by the keys of their ends."""
    con = open_statements(home, active(home))
    try:
        make_entities(con)
        keys = {body(key): key for key in "abcdef"}
        ground = Ground(con)
        weak = [*weak_links(ground, lambda later, earlier: (("made up", 1.5),))]
        for pair in ground.weighed(weak):
            assert (pair.joined, pair.written, pair.reasons) == (True, "a rule", (("made up", 1.5),))
        return {(keys[one.later], keys[one.earlier]): one for one in weak}
    finally:
        con.close()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_a_link_is_asked_about_with_what_it_alone_holds_together(home: Home) -> None:
    """a – b is sure, c – b is weak, d hangs on c: the link parts {c, d} from {b, a}."""
    bodies(home, "a", "b", "c", "d")
    links(home, LINKER, SAME_AS, ("b", "a", 0.95), ("c", "b", 0.6), ("d", "c", 0.99))
    ((ends, one),) = found(home).items()
    assert ends == ("c", "b") and one.probability == 0.6
    assert one.mentions == ((body("c"), body("d")), (body("b"), body("a")))


def test_what_hangs_on_a_pair_is_what_is_said_of_the_lesser_side(home: Home) -> None:
    bodies(home, "a", "b", "c", "d")
    links(home, LINKER, SAME_AS, ("b", "a", 0.95), ("c", "b", 0.6), ("d", "c", 0.99))
    con = open_statements(home, active(home))
    make_entities(con)
    ground = Ground(con)
    (pair,) = ground.weighed(weak_links(ground, lambda later, earlier: ()))
    con.close()
    # a type each, and one name to four: (3 + 1) + (4 + 1) of {c, d}, (2 + 1) + (1 + 1) of {b, a}
    assert [side.statements for side in pair.sides] == [9, 5]
    assert pair.value == round(value_of(0.6, 5), 4)
    assert [len(side.records) for side in pair.sides] == [2, 2]


def test_a_side_of_which_nothing_is_said_any_more_is_not_asked(home: Home) -> None:
    bodies(home, "a", "b", "c")
    links(home, LINKER, SAME_AS, ("b", "a", 0.95), ("c", "b", 0.6))
    said = Mentions("a", "a", 1)
    said.mention(ABOUT, "Organization")
    write_load(home, Origin("a", "enterprise", "made up", whole=True), iter([said.record]))
    con = open_statements(home, active(home))
    make_entities(con)
    ground = Ground(con)
    weak = [*weak_links(ground, lambda later, earlier: ())]
    assert len(weak) == 1 and ground.weighed(weak) == []
    con.close()


def test_a_link_beside_a_surer_way_is_not_asked(home: Home) -> None:
    bodies(home, "a", "b", "c")
    links(home, LINKER, SAME_AS, ("b", "a", 0.95), ("c", "b", 0.96), ("c", "a", 0.6))
    assert not found(home)


def test_of_a_ring_of_weak_links_the_weakest_is_not_asked(home: Home) -> None:
    bodies(home, "a", "b", "c")
    links(home, LINKER, SAME_AS, ("b", "a", 0.7), ("c", "b", 0.8), ("c", "a", 0.6))
    assert {*found(home)} == {("b", "a"), ("c", "b")}


def test_a_sure_link_and_a_corrected_one_are_not_asked(home: Home) -> None:
    bodies(home, "a", "b", "c")
    links(home, LINKER, SAME_AS, ("b", "a", 0.9), ("c", "b", 0.99))
    assert not found(home)


@pytest.mark.parametrize("prop", [SAME_AS, DIFFERENT_FROM])
def test_what_a_curator_confirmed_or_parted_is_not_asked(home: Home, prop: str) -> None:
    bodies(home, "a", "b", "c")
    links(home, LINKER, SAME_AS, ("b", "a", 0.6), ("c", "b", 0.95))
    assert {*found(home)} == {("b", "a")}
    links(home, f"{CURATOR_PREFIX}lan", prop, ("b", "a", 1.0))
    assert not found(home)


def test_uncertain_pairs_come_first_and_those_on_which_more_hangs() -> None:
    assert value_of(0.55, 10) > value_of(0.75, 10) > value_of(0.95, 10)
    assert value_of(0.6, 1_000) > value_of(0.6, 10)


@pytest.mark.parametrize(
    ("kind", "count", "besides"),
    [(PERSONS, 36, {"prior", "groups"}), (ORGANISATIONS, 18, {"prior"}), (TECHNOLOGIES, 27, {"prior", "groups"})],
)
def test_each_level_of_each_comparison_has_words(kind: Kind, count: int, besides: set[str]) -> None:
    levels = [(one.name, at) for one in kind.comparisons for at in range(len(one.levels))]
    assert len(levels) == count
    said = {f"compare.{kind.name}.{name}.{level}" for name, level in levels}
    said |= {f"compare.{kind.name}.{name}" for name in besides}
    assert said == {key for key in catalogue() if key.startswith(f"compare.{kind.name}.")}
