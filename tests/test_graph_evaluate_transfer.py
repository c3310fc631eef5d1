"""The evaluation of the main question on made-up deals: figures worked out by hand, nothing of a test row known to another."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from api.cli import app
from graph.answer.candidates import Candidates
from graph.answer.features import features
from graph.answer.gathering import Asked, gather
from graph.answer.learning import TooFewDeals, learn, past_questions
from graph.answer.ranker import Profile, Ranker
from graph.answer.score import met, score
from graph.answer.told_outcomes import ToldOutcome
from graph.answer.weighing import LEARNED, Card, Shape, Weights, read_weights, weights, write_weights
from graph.evaluate.transfer import EVENT, evaluate_transfer
from graph.evaluate.transfer_figures import Calibration, Stratum, average_rank, gain, tail
from graph.evaluate.transfer_rows import Loaded, load_history
from graph.resolve.snapshots import Snapshot, directory, write_snapshot
from graph.statements.home import Home
from loaders.reading import open_file
from ontology.statement import Item

ALPHA, BETA, GAMMA = "Example Alpha Works Co., Ltd.", "Sample Beta Mills Inc.", "Fictional Gamma Yards"
ONE, TWO, THREE = "Madeup One Agents", "Invented Two Partners", "Pretend Three Office"
MEMBRANE, ENGINE = ("Membrane for waste water", ["C02F"]), ("Rotary engine with valve", ["F02B"])
_NEWCOMERS = [
    f"{first}{last}"
    for first in ("Bo", "Ka", "Lu", "Mi", "No", "Ri")
    for last in ("dan", "fex", "gol", "jum", "pit", "zev")
]
_LISTS = ("cpc_subclass", "coinventors", "firm", "intermediary")


def row(
    number: int, day: date, what: tuple[str, list[str]], firm: str, broker: str, people: str = ""
) -> dict[str, Any]:
    title, classes = what
    return {
        "patent_id": str(number),
        "date": day,
        "filing_date": "",
        "title": title,
        "abstract": f"Made-up technology: {title.lower()}.",
        "cpc_subclass": classes,
        "inventor_country": "JP" if firm == ALPHA else "",
        "inventor_city": "Example Harbour" if firm == ALPHA else "",
        "coinventors": [people] if people else [],
        "firm": [firm],
        "intermediary": [broker],
    }


def history() -> list[dict[str, Any]]:
    """Four years: each month Alpha has a membrane by One, Beta an engine by Two; every sixth month the other way round.

    In the last three years each month a new firm comes, in turn with a membrane by One and an engine by Two.
    """
    found = []
    for month in range(48):
        day = date(2014, 1, 1) + timedelta(days=30 * month)
        swapped = month % 6 == 5
        found.append(row(1000 + month, day, MEMBRANE, ALPHA, TWO if swapped else ONE, "Ann Notreal"))
        found.append(row(2000 + month, day, ENGINE, BETA, ONE if swapped else TWO, "Bob Nobody"))
        found.append(row(3000 + month, day, ENGINE, BETA, TWO))
        if month >= 12:
            what, broker = ((MEMBRANE, ONE), (ENGINE, TWO))[month % 2]
            found.append(row(4000 + month, day, what, f"{_NEWCOMERS[month - 12]} Makebelieve Ltd.", broker))
    return found


def items(path: Path, rows: list[dict[str, Any]]) -> Iterator[Item]:
    texts = [name for name in rows[0] if name not in (*_LISTS, "date")]
    schema = pa.schema(
        [("date", pa.date32()), *((name, pa.string()) for name in texts)]
        + [(name, pa.list_(pa.string())) for name in _LISTS]
    )
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    return open_file("patents", path).items


def loaded(directory: Path, test: list[dict[str, Any]]) -> Loaded:
    directory.mkdir(parents=True, exist_ok=True)
    past, later = items(directory / "history.parquet", history()), items(directory / "test.parquet", test)
    return load_history(Home(directory / "home"), "patents", past, later, directory)


LATER = [
    row(9001, date(2018, 2, 1), MEMBRANE, "EXAMPLE ALPHA WORKS CO LTD", ONE, "Ann Notreal"),
    row(9002, date(2018, 3, 1), ENGINE, GAMMA, TWO, "Bob Nobody"),
    row(9003, date(2018, 4, 1), ENGINE, ALPHA, THREE),
]


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return loaded(tmp_path_factory.mktemp("transfer"), LATER)


@pytest.fixture(scope="module")
def learned(past: Loaded) -> Weights:
    return learn(Ranker(past.arrays), EVENT, "2026-01-01")


def test_ranks_and_gains_by_hand() -> None:
    scores = np.array([0.9, 0.5, 0.5, 0.5, 0.1])
    assert average_rank(scores, np.array([0, 1, 0, 0, 0], bool), 7) == 3.0, "second to fourth are equal: the third"
    assert average_rank(scores, np.array([1, 0, 0, 0, 1], bool), 7) == 1.0, "the best of several right ones counts"
    assert average_rank(scores, np.zeros(5, bool), 7) == 9.0, "among seven behind five: sixth to twelfth"
    assert (gain(1), gain(3), gain(11)) == (1.0, pytest.approx(0.5), 0.0)


def test_the_long_tail_is_whoever_is_not_among_those_that_hold_four_fifths() -> None:
    assert tail(np.array([50, 30, 10, 10, 0])).tolist() == [False, False, True, True, True]


def test_figures_of_a_stratum_by_hand() -> None:
    stratum = Stratum()
    stratum.add(1.0, [0, 1])
    stratum.add(4.0, [0, 2])
    stratum.add(20.0, [0, 1])
    found = stratum.figures(4, np.array([False, False, True, True]))
    assert found["n"] == 3 and found["mrr"] == pytest.approx((1 + 1 / 4 + 1 / 20) / 3)
    assert (found["hr@1"], found["hr@10"]) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert found["ndcg@10"] == pytest.approx((1 + 1 / math.log2(5)) / 3)
    assert (found["coverage"], found["long_tail"]) == (3 / 4, pytest.approx(1 / 6))
    assert found["ci95"]["mrr"][0] <= found["mrr"] <= found["ci95"]["mrr"][1]
    assert Stratum().figures(4, np.zeros(4, bool))["n"] == 0


def test_calibration_error_by_hand() -> None:
    found = Calibration()
    assert found.error() is None
    found.add(np.array([0.25] * 10), np.array([1] * 5 + [0] * 5, bool))
    # ten bins of one each, five off by 0.75 and five by 0.25
    assert found.error() == pytest.approx((5 * 0.75 + 5 * 0.25) / 10)


def test_the_whole_evaluation_by_hand(tmp_path: Path) -> None:
    past, later = items(tmp_path / "h.parquet", history()), items(tmp_path / "t.parquet", LATER)
    found = evaluate_transfer("patents", past, later)
    assert found["unknown"] == 1, "the history does not know the third intermediary"
    assert found["entities"]["firms"] == {"names": 40, "linked": 39}, (
        "two spellings of one firm, another, 36 newcomers, and Gamma"
    )
    assert found["entities"]["intermediaries"] == {"names": 3, "linked": 3}
    task = found["intermediary"]
    assert {name: task[name]["n"] for name in task} == {"all": 2, "new_pairs": 1, "new_firms": 1}
    assert task["all"]["hr@1"] == 1.0, "One for Alpha's membrane, Two for an engine by an inventor of Two"
    # Two has 114 of the 180 deals, One 66: popularity puts One second for the first row, Two first for the second
    assert found["baselines"]["popularity"]["intermediary"]["all"]["mrr"] == pytest.approx((1 / 2 + 1) / 2)
    # Alpha used One for most; Gamma has no history, so both tie: rank 1.5
    own = found["baselines"]["own_history"]["intermediary"]
    assert own["all"]["mrr"] == pytest.approx((1 + 1 / 1.5) / 2)
    assert own["new_firms"]["mrr"] == pytest.approx(1 / 1.5)
    assert set(found["baselines"]) == {"popularity", "class_popularity", "text_neighbours", "own_history", "pagerank"}
    # for the firm, Gamma is unknown, and so is the third row's intermediary
    assert found["unknown_firms"] == 2 and found["firm"]["all"]["n"] == 1 and found["pair"]["all"]["n"] == 1
    assert found["firm"]["all"]["hr@1"] == found["pair"]["all"]["hr@1"] == 1.0
    assert 0 <= found["calibration_error"] <= 1


def test_no_row_of_the_test_knows_of_another(past: Loaded, learned: Weights, tmp_path: Path) -> None:
    """The outcomes of all other rows are exchanged; names are the same. Weights, learned once more, and the first row's scores stay."""
    other = [LATER[0], replace_broker(LATER[1], THREE), replace_broker(LATER[2], TWO)]
    changed = loaded(tmp_path, other)
    assert learn(Ranker(changed.arrays), EVENT, "2026-01-01") == learned
    # ids of bodies that only the test names differ, and with them the order in which numbers are added
    assert asked(changed, learned) == pytest.approx(asked(past, learned), rel=1e-9)


def replace_broker(given: dict[str, Any], broker: str) -> dict[str, Any]:
    return given | {"intermediary": [broker]}


def asked(found: Loaded, by: Weights) -> dict[str, float]:
    ranker = Ranker(found.arrays, by)
    first = found.rows[0]
    profile = ranker.profile_of_text(first.text, list(first.concepts), first.people, first.countries)
    c = gather(ranker, Asked(text=profile, firm=found.bodies[first.firms[0]]), first.day)
    ids = found.arrays.ids["organisation"]
    return {ids[int(broker)]: float(odds) for broker, odds in zip(c.broker, score(c).log_odds, strict=True)}


def test_both_cards_are_learned(learned: Weights) -> None:
    assert learned.kind == LEARNED and learned.strangers is not None and learned.questions > 50


def test_parts_add_up_for_pairs_that_met_and_for_strangers(past: Loaded, learned: Weights) -> None:
    ranker = Ranker(past.arrays, learned)
    row = past.rows[1]
    profile = ranker.profile_of_text(row.text, list(row.concepts), row.people, row.countries)
    c = gather(ranker, Asked(text=profile), row.day)
    found = score(c)
    together = met(c)
    assert together.any() and not together.all()
    total = found.base + np.sum(list(found.parts.values()), axis=0)
    assert np.allclose(total, found.log_odds, atol=1e-12)
    stranger = gather(ranker, Asked(text=profile, firm=past.bodies[row.firms[0]]), row.day)
    assert not met(stranger).any() and learned.strangers is not None
    assert set(score(stranger).base.tolist()) == {learned.strangers.base_rate}


def test_a_past_question_knows_only_what_was_known_a_while_before(past: Loaded) -> None:
    found = past_questions(Ranker(past.arrays))
    # less than 1,095 days before the last: month 11 with three deals, months 12 to 47 with four each
    assert len(found) == 3 + 4 * 36
    last = max(question.day for question in found)
    assert all(0 < question.day - question.known <= 365 and (last - question.known) % 365 == 0 for question in found)


def test_what_members_told_moves_the_next_weights_towards_it(past: Loaded, learned: Weights) -> None:
    """Against the record, where membranes go to Alpha: told of thirty of them by One, Beta agreed each time and Alpha declined."""
    arrays = past.arrays
    ranker = Ranker(arrays, learned)
    deals = ranker.deals
    bodies = {"alpha": past.bodies[past.rows[0].firms[0]]}
    # Beta has twice as many deals as Alpha, and more than anybody
    bodies["beta"] = int(np.bincount(deals.client).argmax())
    one = int(np.bincount(deals.broker[deals.client == bodies["alpha"]]).argmax())
    assert len(set(bodies.values())) == 2
    things = np.unique(deals.technology[(deals.client == bodies["alpha"]) & (deals.broker == one)])[-30:]

    def told(thing: int, firm: str, result: str, reason: str | None) -> ToldOutcome:
        ends = (
            arrays.ids["technology"][thing],
            arrays.ids["organisation"][one],
            arrays.ids["organisation"][bodies[firm]],
        )
        return ToldOutcome(
            *ends, "2018-01-15", result, reason, "2018-01-20", False, "member/anybody", "2018-01-20", False
        )

    heard = [told(int(thing), "beta", "accepted", None) for thing in things]
    heard += [told(int(thing), "alpha", "declined", "price") for thing in things]
    weighed = learn(Ranker(arrays), EVENT, "2026-01-01", told=heard)
    assert weighed.questions == learned.questions + len(things)
    assert weighed.outcomes == learned.outcomes + 2 * len(things)

    def ahead(by: Weights) -> float:
        """How far Alpha stands before Beta for a new membrane by One."""
        asking = Ranker(arrays, by)
        row = past.rows[0]
        text = asking.profile_of_text(row.text, list(row.concepts), row.people, row.countries)
        c = gather(asking, Asked(text=text, broker=one), row.day)
        log_odds = score(c).log_odds
        return float(log_odds[c.firm == bodies["alpha"]].max() - log_odds[c.firm == bodies["beta"]].max())

    assert ahead(learned) > 0
    assert ahead(weighed) < ahead(learned)


def test_taking_deals_away_is_scoring_again(past: Loaded, learned: Weights) -> None:
    ranker = Ranker(past.arrays, learned)
    row = past.rows[0]
    profile = ranker.profile_of_text(row.text, list(row.concepts), row.people, row.countries)
    c = gather(ranker, Asked(text=profile, firm=past.bodies[row.firms[0]]), row.day)
    known = score(c)
    best = int(np.argmax(known.log_odds))
    deals = ranker.deals
    together = np.flatnonzero((deals.broker == c.broker[best]) & (deals.client == c.firm[best]))
    lacking = c.lacking("deed", frozenset(together.tolist()))
    assert met(c)[best] and not met(lacking)[best]
    quick, fresh = score(lacking, known, "deed"), score(lacking)
    assert np.array_equal(quick.log_odds, fresh.log_odds)
    assert quick.base[best] != known.base[best], "what is left are strangers"
    assert quick.values["firm_share"][best] == 0.0 < known.values["firm_share"][best]


def test_weights_come_back_from_their_file(tmp_path: Path, learned: Weights) -> None:
    given = replace(learned, data="0" * 64, basis={"vi": "từ «một» tệp", "en": 'from "one" file'})
    assert read_weights(write_weights(given, tmp_path)) == given
    plain = Weights(LEARNED, "2026-01-02", {"vi": "x", "en": "x"}, {}, -1.5, {"text": Shape((0.0, 1.0), (0.0, 2.0))})
    assert read_weights(write_weights(plain, tmp_path)) == plain


def test_a_shape_is_straight_lines_and_level_outside() -> None:
    shape = Shape((0.0, 1.0, 3.0), (0.0, 2.0, 1.0))
    assert shape(np.array([-5.0, 0.5, 2.0, 9.0, math.nan])).tolist() == [0.0, 1.0, 1.5, 1.0, 0.0]


def test_the_prior_is_in_use_until_there_are_enough_outcomes_of_the_own_domain(tmp_path: Path) -> None:
    shapes = {"text": Shape((0.0, 1.0), (0.0, 1.0))}
    said = {"vi": "x", "en": "x"}
    prior = Weights("prior", "2026-01-01", said, said, -4.0, shapes)
    few = Weights(LEARNED, "2026-02-01", said, said, -4.0, shapes, Card(-5.0, shapes), outcomes=299)
    for one in (prior, few):
        write_weights(one, tmp_path)
    assert weights(tmp_path) == prior
    weights.cache_clear()
    write_weights(replace(few, outcomes=300), tmp_path)
    assert weights(tmp_path).kind == LEARNED
    weights.cache_clear()
    assert weights().kind == "prior", "what is shipped was learned from no outcome of the own domain"


def test_nothing_is_learned_from_nothing(tmp_path: Path) -> None:
    lone = [row(1, date(2015, 1, 1), MEMBRANE, ALPHA, ONE)]
    found = load_history(
        Home(tmp_path / "home"),
        "patents",
        items(tmp_path / "h.parquet", lone),
        items(tmp_path / "t.parquet", lone),
        tmp_path,
    )
    with pytest.raises(TooFewDeals):
        learn(Ranker(found.arrays), EVENT, "2026-01-01")


def test_shares_are_counted_from_the_deals_that_were_known(past: Loaded) -> None:
    """Alpha on 1 July 2016: its deals until then, each halved every year, by the rows of the history themselves."""
    ranker = Ranker(past.arrays)
    day = date(2016, 7, 1)
    number = (day - date(1970, 1, 1)).days
    alpha = past.bodies[past.rows[0].firms[0]]
    brokers = {row.brokers[0]: past.bodies[row.brokers[0]] for row in past.rows[:2]}
    one, two = brokers.values()
    profile = ranker.profile_of_text("Membrane", ["scheme/ipc/2024/C02F"], ["Ann NOTREAL", "Bob Nobody"], ["JP"])
    c = candidates_of(ranker, profile, alpha, [one, two], number)
    counted: dict[str, float] = {ONE: 0.0, TWO: 0.0}
    by_ann: dict[str, float] = {ONE: 0.0, TWO: 0.0}
    by_others: dict[str, float] = {ONE: 0.0, TWO: 0.0}
    for deal in history():
        age = (day - deal["date"]).days / 365.25
        (broker,) = deal["intermediary"]
        if age >= 0 and deal["firm"] == [ALPHA]:
            counted[broker] += 0.5**age
            by_ann[broker] += 0.5 ** (age / 5)
        elif age >= 0 and deal["coinventors"]:
            by_others[broker] += 0.5 ** (age / 5)
    values = {feature.name: feature.values(c) for feature in features()}
    assert values["firm_recent"] == pytest.approx([counted[name] / sum(counted.values()) for name in (ONE, TWO)])
    assert values["people_here"] == pytest.approx([by_ann[name] / sum(by_ann.values()) for name in (ONE, TWO)])
    assert values["people_elsewhere"] == pytest.approx(
        [by_others[name] / sum(by_others.values()) for name in (ONE, TWO)]
    )
    # swapped in the months 5, 11, 17, 23 and 29; day 29 · 30 = 870 of 2014 is 20 May 2016, and month 30 is 19 June
    assert values["firm_count"] == pytest.approx(np.log1p([31 - 5, 5]))
    assert values["last_used"].tolist() == [1.0, 0.5]
    assert values["since_last"][0] == pytest.approx(1 / (1 + (day - date(2016, 6, 19)).days / 365.25))
    assert values["home_class"] == pytest.approx(share_of(day, 2, lambda deal: deal["firm"] == [ALPHA]))
    assert values["popularity"] == pytest.approx(share_of(day, 2, lambda deal: True))
    assert np.isnan(values["client_near"]).all(), "the firm was given"


def share_of(day: date, half_life: float, counts: Callable[[dict[str, Any]], bool]) -> list[float]:
    """The parts of both intermediaries in the deals that count, halved every so many years."""
    found = {ONE: 0.0, TWO: 0.0}
    for deal in history():
        if deal["date"] <= day and counts(deal):
            found[deal["intermediary"][0]] += 0.5 ** ((day - deal["date"]).days / 365.25 / half_life)
    return [found[name] / sum(found.values()) for name in (ONE, TWO)]


def candidates_of(ranker: Ranker, profile: Profile, firm: int, brokers: list[int], day: int) -> Candidates:
    size = len(brokers)
    zeros = np.zeros(size, dtype=np.int64)
    ends = np.array(brokers), np.full(size, firm), np.full(size, -1)
    return Candidates(ranker, profile, np.array([-1]), zeros, *ends, day, firm_given=True)


def test_names_that_are_nearly_alike_are_found(past: Loaded) -> None:
    ranker = Ranker(past.arrays)
    newcomers = [past.arrays.number("organisation", node) for node in past.arrays.ids["organisation"]]
    alike = ranker.named_like(np.array(newcomers)).toarray()
    assert np.diag(alike) == pytest.approx(1.0, abs=1e-5)
    alpha, gamma = (past.bodies[past.rows[at].firms[0]] for at in (0, 1))
    assert alike[alpha, gamma] < 0.35, "two names of different words"
    assert np.count_nonzero(alike[gamma] >= 0.35) == 1, "nobody else is called so"


def test_openings_are_the_first_deals_of_their_pairs(past: Loaded) -> None:
    deals = Ranker(past.arrays).deals
    # each newcomer with one intermediary; Alpha and Beta with both
    assert int(deals.opening.sum()) == 36 + 2 * 2


def test_the_command_learns_from_the_home_and_the_prior_stays(tmp_path: Path) -> None:
    loaded(tmp_path, LATER)
    home = Home(tmp_path / "home")
    published = directory(home, 1)
    published.mkdir()
    copytree(tmp_path / "arrays", published / "arrays")
    nobody = pa.table({name: pa.array([], pa.string()) for name in ("subject", "entity")})
    for name in ("entities", "entities-extra"):
        pq.write_table(nobody, published / f"{name}.parquet")
    write_snapshot(published, Snapshot(1, "ab" * 16, (0, 0), "2026-01-01T00:00:00+00:00", 1, (1,), ()))
    out = tmp_path / "weights"
    out.mkdir()
    answer = CliRunner().invoke(app, ["learn", "transfer", "--home", str(home.path), "--out", str(out), "--json"])
    assert answer.exit_code == 0, answer.output
    said = json.loads(answer.stdout)
    assert (said["outcomes"], said["in_use"]) == (0, False) and said["questions"] > 100
    (path,) = out.iterdir()
    written = read_weights(path)
    assert (written.kind, written.data, written.outcomes) == (LEARNED, "ab" * 16, 0)
    assert set(written.event) == set(written.basis) == {"vi", "en"}
