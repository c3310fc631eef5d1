"""What-if on the sample: each kind of scenario gives what really loading its statements and publishing them gives."""

from collections.abc import Iterator
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import pytest

from graph.answer.asking import ask
from graph.answer.errors import AnswerError
from graph.answer.indicators import figures
from graph.answer.model import Answer, Question
from graph.answer.reading import Reading, StoredReading
from graph.answer.transfer import answer
from graph.answer.whatif.comparing import GAPS, WhatIf
from graph.answer.whatif.scenario import MOST_RESULTS, SOURCE, Scenario, suppose
from graph.answer.whatif.spoken import spoken, touches
from graph.answer.whatif.stating import records
from graph.answer.whatif.store import Slice, terms_in
from graph.questions.named import questions
from graph.statements.home import Home
from graph.statements.load_writing import write_load
from graph.statements.loads import Origin, withdraw
from graph.views.arrays import Arrays
from graph.views.engine import Engine
from graph.views.publishing import publish
from graph.views.reading import SnapshotViews
from ontology.indicators import indicators
from ontology.statement import ABOUT, mention_id
from tests.conftest import copied, sample

pytestmark = pytest.mark.neo4j
DAY = "2026-11-24"


class World:
    """A copy of the sample that is written to, and what a test asks of it."""

    def __init__(self, home: Home, engine: Engine) -> None:
        self.home, self.engine = home, engine
        self.whatif = WhatIf(self.reading())
        self.base = self.whatif.today

    def reading(self) -> Reading:
        """The snapshot that the property graph shows."""
        number = self.engine.current()
        assert number is not None
        return Reading(SnapshotViews(self.home, number), self.engine.graph)

    def rows(self, question: str, **given: Any) -> list[dict[str, Any]]:
        return ask(self.base, questions()[question], {"as_of": DAY, **given}, "sparql").rows

    def routes(self, part: str, node: str) -> Answer:
        return answer(self.base, _question(part, node))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    path = copied(sample, tmp_path_factory.mktemp("whatif"))
    engine = Engine(Home(path))
    try:
        yield World(Home(path), engine)
    finally:
        engine.close()


def _question(part: str, node: str) -> Question:
    return Question.model_validate({part: node, "as_of": DAY, "limit": 20})


def _wanted(world: World) -> str:
    """A firm with a need in a field that has no broker."""
    need = world.rows(GAPS)[0]["need_ids"][0]
    return world.base.views.values(need, "needOf")[0]


def _undecided(world: World) -> list[str]:
    """Results under the regime on request for which nothing was decided, and of which a technology came."""
    rows = world.rows("regime_of_results")
    found = [row["result"] for row in rows if row["regime"].endswith("/on-request") and row["decided"] is None]
    return [one for one in found if world.base.views.subjects("embodies", one)]


def _co_owners(world: World) -> tuple[str, str, str]:
    """A technology, and two bodies that own it together."""
    table = world.base.views.arrays.tables["holding"]
    ids, technologies = (world.base.views.arrays.ids[kind] for kind in ("organisation", "technology"))
    for number in np.unique(table["technology"]):
        holders = np.unique(table["organisation"][table["technology"] == number])
        if len(holders) == 2:
            return technologies[int(number)], ids[int(holders[0])], ids[int(holders[1])]
    raise AssertionError("the sample has no technology with two owners")


def _cut_point_and_firm(world: World) -> tuple[str, str]:
    """A broker without whom supply and demand are cut, and a firm whose needs come to be asked for in its city when the two are one."""
    broker = world.rows("keystone_intermediaries")[0]["broker"]
    today = {name: world.rows(name) for name in ASKED_WHOLE}
    numbers = np.unique(world.base.views.arrays.tables["need"]["organisation"])
    for firm in (world.base.views.arrays.ids["organisation"][int(number)] for number in numbers):
        if firm == broker:
            continue
        after = world.whatif.imagined(suppose(world.base, Scenario(as_of=DAY, merge=broker, into=firm)))
        if all(ask(after, questions()[name], {"as_of": DAY}, "sparql").rows != rows for name, rows in today.items()):
            return broker, firm
    raise AssertionError("no merger changes both what removal cuts and what nobody asks for")


def scenario(world: World, kind: str) -> tuple[Scenario, list[tuple[str, str]]]:
    """A scenario of a kind, and the questions by which it shows."""
    firm = _wanted(world)
    best = world.routes("firm", firm).routes
    technology = best[0].technology.id
    asked = [("firm", firm), ("technology", technology)]
    said: dict[str, Any] = {}
    if kind == "add":
        gaps = [row["field"] for row in world.rows(GAPS)]
        said = {"add_field": gaps[:2], "add_service": ["brokerage", "consulting"], "add_place": "VN-HN"}
        name = "Trung tâm Giả Định"
        said["add_name"] = name
        asked.append(("intermediary", mention_id(SOURCE, f"add/{name}", ABOUT)))
    elif kind in ("assign own", "assign use"):
        results = _undecided(world)[:20]
        task = world.base.views.values(results[0], "resultOf")[0]
        host = world.base.views.values(task, "hostedBy")[0]
        said = {"assign": results, "assign_to": host, "assign_power": kind.split()[1]}
        asked = [("technology", node) for one in results[:2] for node in world.base.views.subjects("embodies", one)]
    elif kind == "close":
        said = {"close": best[0].intermediary.id}  # type: ignore[union-attr]
    elif kind == "merge brokers":
        named = dict.fromkeys(route.intermediary.id for route in best if route.intermediary)
        said = dict(zip(("merge", "into"), named, strict=False))
    elif kind == "merge owners":
        technology, *owners = _co_owners(world)
        said = dict(zip(("merge", "into"), owners, strict=True))
        asked = [("firm", firm), ("technology", technology)]
    elif kind == "merge a cut point":
        said = dict(zip(("merge", "into"), _cut_point_and_firm(world), strict=True))
    return Scenario(as_of=DAY, **said), asked


KINDS = ("add", "assign own", "assign use", "close", "merge brokers", "merge owners", "merge a cut point")
ASKED_WHOLE = ("keystone_intermediaries", "supply_without_demand")
"""Questions that go through the whole network, or everything on offer."""


def seen(found: Answer) -> list[tuple[Any, ...]]:
    """What is compared of an answer's routes."""
    return [
        (
            route.technology.id,
            route.holder.id if route.holder else None,
            route.intermediary.id if route.intermediary else None,
            route.firm.id if route.firm else None,
            route.need.id if route.need else None,
            round(route.log_odds, 6),
            tuple((gate.gate, gate.state) for gate in route.gates),
            route.transferable_now,
        )
        for route in found.routes
    ]


def shut(found: Answer) -> set[tuple[Any, ...]]:
    return {(one.technology.id, one.intermediary and one.intermediary.id, one.gate) for one in found.excluded}


def assert_alike(supposed: Arrays, built: Arrays) -> None:
    """All that ranking reads is as a build made it, numbers and order included."""
    for kind in ("organisation", "technology", "need", "concept", "offering", "deed", "gram", "word"):
        assert supposed.ids[kind] == built.ids[kind], kind
    assert supposed.matrices.keys() == built.matrices.keys()
    for name, matrix in built.matrices.items():
        assert supposed.matrices[name].shape == matrix.shape, name
        assert abs(supposed.matrices[name] - matrix).sum() == pytest.approx(0, abs=1e-6), name
    for name, table in built.tables.items():
        assert supposed.tables[name].columns.keys() == table.columns.keys(), name
        for column, values in table.columns.items():
            assert np.array_equal(supposed.tables[name][column], values), f"{name}.{column}"


@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, marks=[pytest.mark.long] if kind in ("assign use", "merge brokers") else []) for kind in KINDS],
)
def test_a_scenario_gives_what_loading_it_gives(world: World, kind: str) -> None:
    said, asked = scenario(world, kind)
    choices = [said]
    if said.merge:
        # which id survives depends on which was loaded first, and is no part of what is supposed
        choices.append(said.model_copy(update={"merge": said.into, "into": said.merge}))
    found = [suppose(world.base, one) for one in choices]
    written = records(world.base.views, found[0])
    today = world.whatif.figures(DAY)
    before = [seen(world.routes(*one)) if world.base.views.types(one[1]) else [] for one in asked]
    load = write_load(world.home, Origin(SOURCE, "judgement", "whatif"), iter(written))
    try:
        publish(world.home, world.engine)
        real = world.reading()
        kept = next(one for one in found if one.into is None or real.views.types(one.into))
        imagined = world.whatif.imagined(kept)
        assert_alike(imagined.views.arrays, real.views.arrays)
        after = []
        for part, node in asked:
            supposed, loaded = answer(imagined, _question(part, node)), answer(real, _question(part, node))
            assert seen(supposed) == seen(loaded), part
            assert shut(supposed) == shut(loaded), part
            after.append(seen(supposed))

        def then(name: str, given: Any) -> Any:
            return ask(imagined, questions()[name], given, "sparql")

        def really(name: str, given: Any) -> Any:
            return ask(real, questions()[name], given, "cypher")

        for name in (GAPS, *ASKED_WHOLE):
            assert then(name, {"as_of": DAY}).rows == really(name, {"as_of": DAY}).rows, name
            if kind == "merge a cut point" and name != GAPS:
                assert really(name, {"as_of": DAY}).rows != world.rows(name), name
        assert figures(then, DAY) == figures(really, DAY)
        outcome = world.whatif.try_out(choices[found.index(kept)])
        assert [one.supposed for one in outcome.indicators] == figures(really, DAY), "unaffected ones are left as today"
        # a right of use leaves whoever may license as they were
        assert (after != before) == (kind != "assign use")
        # no indicator counts owners
        assert (figures(really, DAY) != today) == (kind != "merge owners")
    finally:
        withdraw(world.home, load.load)
        publish(world.home, world.engine)


def test_a_question_that_is_not_asked_again_would_have_said_the_same(world: World) -> None:
    """Mergers of bodies that deal, need and own, and of any others."""
    tables, ids = world.base.views.arrays.tables, world.base.views.arrays.ids["organisation"]
    columns = (("deed", "broker"), ("need", "organisation"), ("holding", "organisation"))
    bodies = [ids[int(at)] for table, column in columns for at in np.unique(tables[table][column])[:8] if at >= 0]
    random = Random(3)
    bodies += random.sample(ids, 16)
    random.shuffle(bodies)
    named = {one.question: one.parameters for one in indicators().indicators}
    spared, again = set(), set()
    for gone, stays in pairwise(bodies):
        if gone == stays:
            continue
        after = world.whatif.imagined(suppose(world.base, Scenario(as_of=DAY, merge=gone, into=stays)))
        for name, parameters in named.items():
            if touches(after.hypothetical, questions()[name].sparql):
                again.add(name)
            else:
                spared.add(name)
                asked = ask(after, questions()[name], {**parameters, "as_of": DAY}, "sparql").rows
                assert asked == world.rows(name, **parameters), (name, gone, stays)
    assert set(ASKED_WHOLE) <= spared & again


@pytest.mark.parametrize("kind", ["merge brokers", "merge owners", "merge a cut point", "close", "assign own"])
def test_what_is_left_as_today_is_what_reading_it_anew_says(world: World, kind: str) -> None:
    """Gate facts of nodes beside which nothing differs come from today's snapshot."""
    after = world.whatif.imagined(suppose(world.base, scenario(world, kind)[0]))
    arrays = world.base.views.arrays
    for question, parameter, nodes in (
        ("broker_standing", "organisations", arrays.ids["organisation"]),
        ("contacts", "organisations", arrays.ids["organisation"]),
        ("related_deeds", "events", arrays.ids["deed"]),
        ("technology_rights", "technologies", arrays.ids["technology"][::5]),
    ):
        told = after.about(question, parameter, nodes)
        assert told == StoredReading.about(after, question, parameter, nodes), question


def test_nothing_is_written(world: World) -> None:
    def content() -> dict[str, tuple[int, int]]:
        return {
            str(file.relative_to(world.home.path)): (file.stat().st_size, file.stat().st_mtime_ns)
            for part in (world.home.loads, world.home.snapshots)
            for file in part.rglob("*")
            if file.is_file()
        }

    before, snapshot = content(), world.reading().snapshot
    for kind in KINDS:
        said, _ = scenario(world, kind)
        assert world.whatif.try_out(said).hypothetical
    assert content() == before
    assert world.reading().snapshot == snapshot


def test_a_scenario_leaves_the_next_one_alone(world: World) -> None:
    today = figures(lambda name, given: ask(world.base, questions()[name], given, "sparql"), DAY)
    first, _ = scenario(world, "add")
    again = world.whatif.try_out(first)
    for kind in KINDS[1:]:
        world.whatif.try_out(scenario(world, kind)[0])
    fresh = WhatIf(world.reading())
    assert fresh.try_out(first).model_dump(exclude={"seconds"}) == again.model_dump(exclude={"seconds"})
    assert fresh.figures(DAY) == today


def test_side_by_side(world: World) -> None:
    said, asked = scenario(world, "close")
    outcome = world.whatif.try_out(said.model_copy(update={"firm": (asked[0][1],)}))
    (one,) = outcome.asked
    gone = [route for route in one.routes if route.intermediary and route.intermediary.id == said.close]
    assert gone and all(route.change == "gone" and route.supposed is None for route in gone)
    assert all(route.reason and route.reason.startswith("broker: ") for route in gone)
    assert {route.today.rank for route in one.routes if route.today} == set(range(1, one.today.routes + 1))
    assert {route.supposed.rank for route in one.routes if route.supposed} == set(range(1, one.supposed.routes + 1))

    said, asked = scenario(world, "add")
    outcome = world.whatif.try_out(said.model_copy(update={"firm": (asked[0][1],)}))
    (one,) = outcome.asked
    assert one.through and {route.intermediary.name for route in one.through if route.intermediary} == {said.add_name}
    closed = {gap.field.id for gap in outcome.gaps if gap.change == "closed"}
    assert closed == set(said.add_field)
    assert not [gap for gap in outcome.gaps if gap.change == "opened"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, "suppose something"),
        ({"add_place": "VN-HN"}, "add_field"),
        ({"add_field": ["no such field"]}, "add_field"),
        ({"add_field": ["2.5"], "add_service": ["singing"]}, "add_service"),
        ({"assign": ["nobody's result"], "assign_to": "x"}, "assign"),
        ({"assign": ["x"]}, "assign_to and assign go together|no result"),
        ({"merge": "x"}, "no organisation|go together"),
        ({"close": "no such broker"}, "close: no organisation"),
    ],
)
def test_refusals_name_the_part(world: World, said: dict[str, Any], reason: str) -> None:
    with pytest.raises(AnswerError, match=reason):
        world.whatif.try_out(Scenario(as_of=DAY, **said))


def test_a_unit_is_not_merged_into_itself_nor_a_firm_closed(world: World) -> None:
    firm = _wanted(world)
    with pytest.raises(AnswerError, match="one body already"):
        world.whatif.try_out(Scenario(as_of=DAY, merge=firm, into=firm))
    with pytest.raises(AnswerError, match="no intermediary"):
        world.whatif.try_out(Scenario(as_of=DAY, close=firm))


def test_a_scenario_is_bounded() -> None:
    with pytest.raises(ValueError, match="at most 50"):
        Scenario(assign=tuple(str(at) for at in range(MOST_RESULTS + 1)), assign_to="x")
    with pytest.raises(ValueError, match="Extra inputs"):
        Scenario.model_validate({"drop": "everything"})


def test_the_questions_that_are_tried_out_name_all_that_they_read() -> None:
    """A scenario is tried out on the part of the dataset that a query names; a variable in place of a property would read more."""
    for name in {GAPS, *(one.question for one in indicators().indicators)}:
        sparql = questions()[name].sparql
        assert terms_in(sparql)
        found = spoken(sparql)
        assert found.classes | {read.property for read in found.reads} == terms_in(sparql), name


def test_a_slice_answers_as_the_whole_store(world: World) -> None:
    reading = world.reading()
    part = WhatIf(StoredReading(reading.views))
    for one in indicators().indicators:
        given = {**one.parameters, "as_of": DAY}
        whole = ask(StoredReading(reading.views), questions()[one.question], given, "sparql").rows
        assert ask(part.today, questions()[one.question], given, "sparql").rows == whole, one.id
    assert isinstance(part._slice, Slice)
