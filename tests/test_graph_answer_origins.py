"""Where a technology was made and who owns it besides, on made-up deals: figures worked out by hand."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graph.evaluate.transfer
from graph.answer.candidates import Candidates
from graph.answer.features import Feature, features
from graph.answer.gathering import Asked, gather
from graph.answer.past_questions import PastQuestion
from graph.answer.ranker import Ranker
from graph.answer.weighing import LEARNED, Weights
from graph.answer.whatif.organisations import HypotheticalArrays, merge_organisations
from graph.evaluate.transfer import EVENT, Evaluation
from graph.evaluate.transfer_rows import Loaded, load_history
from graph.statements.home import Home
from graph.views.arrays import day_number
from loaders.row_values import read_town
from tests.test_graph_evaluate_transfer import ENGINE, MEMBRANE, items, row

OFFICE, CHAMBERS, DESK = "Quillby Fernhollow Office", "Madeup Sandpiper Chambers", "Pretend Three Desk"
ALPHA, DELTA, EPSILON, ZETA = (
    "Example Alpha Works",
    "Delta Madeup Mills",
    "Epsilon Invented Yards",
    "Zeta Fictional Forge",
)
EARLY, LATE, ASKED = date(2016, 3, 1), date(2017, 3, 1), date(2018, 3, 1)


def made(one: dict[str, Any], town: str, country: str, *besides: str) -> dict[str, Any]:
    return one | {"inventor_city": town, "inventor_country": country, "firm": [*one["firm"], *besides]}


PAST = [
    made(row(1, EARLY, ENGINE, DELTA, OFFICE), "Ví Dụ", "VN"),
    # no first deal any more
    made(row(2, LATE, MEMBRANE, DELTA, OFFICE), "Vi Du", "VN"),
    made(row(3, LATE, MEMBRANE, EPSILON, CHAMBERS), "VÍ DỤ,", "VN"),
    # of the same name, elsewhere
    made(row(4, LATE, MEMBRANE, ZETA, DESK), "Ví Dụ", "LA"),
    # where a person lives is not read
    made(row(5, LATE, MEMBRANE, ZETA, CHAMBERS), "12 Ví Dụ", "VN"),
    made(row(6, EARLY, ENGINE, ZETA, DESK), "Elsewhere", "VN", EPSILON),
]
TEST = [
    made(row(90 + at, ASKED, MEMBRANE, ALPHA, one), "ví dụ", "VN", EPSILON)
    for at, one in enumerate((OFFICE, CHAMBERS, DESK))
]
BY_NAME: dict[str, Feature] = {feature.name: feature for feature in features()}


def faded(day: date, half_life: float = 2.0) -> float:
    return float(0.5 ** ((ASKED - day).days / (365.25 * half_life)))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    directory: Path = tmp_path_factory.mktemp("origins")
    before, later = items(directory / "h.parquet", PAST), items(directory / "t.parquet", TEST)
    return load_history(Home(directory / "home"), "patents", before, later, directory)


def asked(found: Loaded, *holders: str) -> Candidates:
    """The office, the chambers and the desk, in this order, for the firm of a test row."""
    ranker, this = Ranker(found.arrays), found.rows[0]
    brokers = np.array([found.bodies[one.brokers[0]] for one in found.rows])
    bodies = dict(zip((ALPHA, EPSILON), (found.bodies[firm] for firm in this.firms), strict=True))
    profile = ranker.profile_of_text(this.text, list(this.concepts), this.people, this.countries, towns=this.towns)
    zeros = np.zeros(len(brokers), dtype=np.int64)
    firm, owners = zeros + bodies[ALPHA], tuple(bodies[one] for one in holders)
    return Candidates(
        ranker, profile, np.array([-1]), zeros, brokers, firm, zeros - 1, this.day, firm_given=True, holders=owners
    )


def test_a_town_is_read_and_an_address_is_not(found: Loaded) -> None:
    assert read_town(" Ví  Dụ, ") == "Ví Dụ"
    for address in ("12 Ví Dụ", "Ví Dụ 10000", "", ",", "Ví Dụ " * 20):
        with pytest.raises(ValueError, match="is no town"):
            read_town(address)
    assert sorted(found.arrays.ids["town"]) == ["elsewhere, VN", "vi du, LA", "vi du, VN"]


def test_deals_about_technologies_made_in_the_same_town(found: Loaded) -> None:
    c = asked(found)
    share, openings = BY_NAME["town_share"], BY_NAME["town_openings"]
    early, late = faded(EARLY), faded(LATE)
    whole = early + 2 * late
    assert share.values(c) == pytest.approx([(early + late) / whole, late / whole, 0.0])
    first = [early / (early + late), late / (early + late), 0.0]
    assert openings.values(c) == pytest.approx(first)
    quick, quicker = faded(EARLY, 0.25), faded(LATE, 0.25)
    last = quick + quicker
    assert BY_NAME["town_recent"].values(c) == pytest.approx([quick / last, quicker / last, 0.0])
    table, rows = openings.evidence(c, 0)
    assert table == "deed" and [c.ranker.deals.day[one] for one in rows] == [day_number(str(EARLY))]
    assert openings.facts(c, 0, first[0]) == {"count": 1, "last": str(EARLY), "share": round(100 * first[0])}
    assert openings.values(c.lacking("deed", rows)) == pytest.approx([0.5, 0.5, 0.0]), (
        "the second deal is the first then"
    )


def test_arrays_that_were_built_before_towns_were_read_tell_none(found: Loaded) -> None:
    older = HypotheticalArrays(found.arrays)
    del older.matrices["technology_towns"], older.ids["town"], older._numbers["town"]
    ranker, this = Ranker(older, Weights(LEARNED, "2026-01-01", EVENT, {}, 0.0, {})), found.rows[0]
    text = ranker.profile_of_text(this.text, list(this.concepts), this.people, this.countries, towns=this.towns)
    c = gather(ranker, Asked(text=text, firm=found.bodies[this.firms[0]]), this.day)
    assert len(c) and not BY_NAME["town_share"].values(c).any()


def test_what_is_supposed_of_organisations_keeps_the_towns_and_counts_other_owners(found: Loaded) -> None:
    """Epsilon and Zeta are one body in the overlay: whoever owns a technology with either of them is known by both their deals."""
    base = asked(found, EPSILON)
    ids, deals = found.arrays.ids["organisation"], base.ranker.deals
    epsilon = base.holders[0]
    zeta = int(
        np.setdiff1d(deals.client[np.isin(deals.technology, deals.technology[deals.client == epsilon])], [epsilon])[0]
    )
    merged = HypotheticalArrays(found.arrays)
    merge_organisations(merged, ids[zeta], ids[epsilon])
    beside, anew = base.ranker.beside(merged), Ranker(merged)
    numbers = {
        old: merged.number("organisation", ids[old]) for old in (*base.broker.tolist(), epsilon, int(base.firm[0]))
    }
    values = []
    for ranker in (beside, anew):
        c = Candidates(
            ranker,
            ranker.technologies.rows(np.array([0])),
            np.array([-1]),
            base.technology,
            np.array([numbers[one] for one in base.broker.tolist()]),
            np.full(3, numbers[int(base.firm[0])]),
            base.need,
            base.day,
            holders=(int(numbers[epsilon] or 0),),
        )
        values.append([BY_NAME[name].values(c).tolist() for name in ("holder_share", "town_share", "town_near")])
    assert values[0] == values[1]
    early, late = faded(EARLY), faded(LATE)
    # Epsilon's two and Zeta's three; the shared deal of the desk is two rows of one client
    chambers, desk = 2 * late, late + 2 * early
    assert values[0][0] == pytest.approx([0.0, chambers / (chambers + desk), desk / (chambers + desk)])


def test_near_technologies_of_the_town(found: Loaded) -> None:
    """Of what was made there, an engine is not near to a membrane."""
    c = asked(found)
    assert BY_NAME["town_near"].values(c) == pytest.approx([0.0, 1.0, 0.0])
    assert len(BY_NAME["town_near"].evidence(c, 1)[1]) == 1


def test_whom_those_who_own_it_besides_used(found: Loaded) -> None:
    feature = BY_NAME["holder_share"]
    assert feature.values(asked(found)).tolist() == [0.0, 0.0, 0.0], "nobody is known to own it"
    c = asked(found, EPSILON)
    early, late = faded(EARLY), faded(LATE)
    expected = [0.0, late / (early + late), early / (early + late)]
    assert feature.values(c) == pytest.approx(expected)
    rows = feature.evidence(c, 1)[1]
    assert feature.facts(c, 1, expected[1]) == {"count": 1, "last": str(LATE), "share": round(100 * expected[1])}
    assert feature.values(c.lacking("deed", rows)) == pytest.approx([0.0, 0.0, 1.0])


def test_a_technology_on_record_has_its_owners_and_is_no_precedent_of_itself(found: Loaded) -> None:
    c = asked(found)
    deals = c.ranker.deals
    (shared,) = [one for one in np.unique(deals.technology).tolist() if np.count_nonzero(deals.technology == one) == 2]
    saved = Candidates(
        c.ranker,
        c.ranker.technologies.rows(np.array([shared])),
        np.array([shared]),
        c.technology,
        c.broker,
        c.firm,
        c.need,
        c.day,
    )
    # of Zeta's and Epsilon's deals that are not about it: the chambers had two, the desk one
    assert BY_NAME["holder_share"].values(saved) == pytest.approx([0.0, 2 / 3, 1 / 3])


def test_owners_besides_bring_candidates(found: Loaded) -> None:
    ranker, this = Ranker(found.arrays, Weights(LEARNED, "2026-01-01", EVENT, {}, 0.0, {})), found.rows[0]
    # of a text that is like nothing and from nowhere, long after everything has faded
    text = ranker.profile_of_text("qwertyuiop", [])
    firm, owner = (found.bodies[one] for one in this.firms)
    brokers = set(gather(ranker, Asked(text=text, firm=firm, holders=(owner,)), this.day).broker.tolist())
    assert {found.bodies[one.brokers[0]] for one in found.rows[1:]} <= brokers


def test_a_past_question_knows_who_owns_it_besides_only_where_the_client_is_given(found: Loaded) -> None:
    ranker = Ranker(found.arrays)
    deals = ranker.deals
    (thing,) = [one for one in np.unique(deals.technology).tolist() if np.count_nonzero(deals.technology == one) == 2]
    both = np.unique(deals.client[deals.technology == thing]).tolist()
    broker = int(deals.broker[deals.technology == thing][0])
    day = int(deals.day[deals.technology == thing][0])
    question = PastQuestion(thing, both[0], day, day - 1, (broker,), tuple(both), transfer=False)
    assert question.candidates(ranker, firm=both[0]).holders == (both[1],)
    assert question.candidates(ranker, broker=broker).holders == (), "else the answer were told"


def test_a_test_row_tells_who_owns_it_besides_where_the_intermediary_is_asked(
    found: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[bool, tuple[int, ...]]] = []

    def seen(ranker: Ranker, question: Asked, day: int) -> Candidates:
        told.append((question.firm is not None, question.holders))
        return gather(ranker, question, day)

    monkeypatch.setattr(graph.evaluate.transfer, "gather", seen)
    Evaluation(found, Weights(LEARNED, "2026-01-01", EVENT, {}, 0.0, {}), lambda _: None).run()
    owner = found.bodies[found.rows[0].firms[1]]
    assert set(told) == {(True, (owner,)), (False, ())}
