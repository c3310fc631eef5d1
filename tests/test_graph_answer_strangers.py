"""What speaks for an intermediary that the firm never used, on made-up deals: figures worked out by hand."""

import math
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from graph.answer.candidates import Candidates
from graph.answer.features import Feature, features
from graph.answer.gathering import Asked, gather
from graph.answer.past_questions import BLOCK, BLOCKS, opening_questions, past_questions
from graph.answer.ranker import Ranker
from graph.answer.score import score
from graph.answer.weighing import Weights
from graph.evaluate.transfer_rows import Loaded, load_history
from graph.statements.home import Home
from tests.test_graph_evaluate_transfer import ENGINE, MEMBRANE, history, items, learned, past, row

__all__ = ["learned", "past"]

OLD, RENAMED, OTHER = "Quillby Fernhollow Office", "Quillby Fernhollow Successors Chambers", "Pretend Three Desk"
ALPHA, RIVERTOWN = "Example Alpha Works", "Rivertown Sample Lamps"
SPRING, WINTER, ASKED = date(2015, 3, 2), date(2017, 1, 9), date(2018, 2, 1)
PAST = [
    row(1, SPRING, MEMBRANE, ALPHA, OLD),
    row(2, SPRING, MEMBRANE, "Delta Madeup Mills", OLD),
    row(3, SPRING, MEMBRANE, "Epsilon Invented Yards", OLD),
    row(4, SPRING, ENGINE, "Zeta Fictional Forge", OLD),
    row(5, WINTER, MEMBRANE, "Delta Madeup Mills", RENAMED),
    row(6, WINTER, ENGINE, "Epsilon Invented Yards", RENAMED),
    row(7, WINTER, ENGINE, "Zeta Fictional Forge", OTHER),
    row(8, WINTER, ENGINE, "Rivertown Notreal Pumps", OTHER),
    # no opening, and after it nobody was left
    row(9, date(2017, 6, 1), ENGINE, "Zeta Fictional Forge", OTHER),
]
TEST = [row(91, ASKED, MEMBRANE, ALPHA, RENAMED), row(92, ASKED, ENGINE, RIVERTOWN, OTHER)]
BY_NAME: dict[str, Feature] = {feature.name: feature for feature in features()}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    directory: Path = tmp_path_factory.mktemp("strangers")
    before, later = items(directory / "h.parquet", PAST), items(directory / "t.parquet", TEST)
    return load_history(Home(directory / "home"), "patents", before, later, directory)


def asked(found: Loaded, at: int) -> Candidates:
    """Both intermediaries of the test for the firm of one of its rows."""
    ranker, this = Ranker(found.arrays), found.rows[at]
    brokers = np.array([found.bodies[one.brokers[0]] for one in found.rows])
    profile = ranker.profile_of_text(this.text, list(this.concepts), this.people, this.countries)
    firm = np.full(2, found.bodies[this.firms[0]])
    zeros = np.zeros(2, dtype=np.int64)
    return Candidates(ranker, profile, np.array([-1]), zeros, brokers, firm, zeros - 1, this.day, firm_given=True)


def test_whom_clients_of_the_firms_intermediary_turned_to(found: Loaded) -> None:
    c, feature = asked(found, 0), BY_NAME["succession"]
    deals = c.ranker.deals
    assert np.count_nonzero(deals.left >= 0) == 3, "Delta, Epsilon and Zeta left; the pumps had nobody before"
    assert feature.values(c) == pytest.approx([2 / 3, 1 / 3])
    table, rows = feature.evidence(c, 0)
    assert table == "deed" and len(rows) == 2
    assert feature.facts(c, 0, 2 / 3) == {"count": 2, "last": str(WINTER), "share": 67}
    assert feature.values(c.lacking("deed", rows)) == pytest.approx([0.0, 1.0]), "only Zeta's move is left"
    stay = frozenset(np.flatnonzero((deals.day < c.day - 900) & (deals.client != c.firm[0])).tolist())
    assert feature.values(c.lacking("deed", stay)).tolist() == [0.0, 0.0], "who had nobody before left nobody"


def test_a_name_like_that_of_one_that_was_used(found: Loaded) -> None:
    c, feature = asked(found, 0), BY_NAME["used_alike"]
    values = feature.values(c)
    used = int(c.ranker.deals.broker[np.flatnonzero(c.ranker.deals.client == c.firm[0])[0]])
    alike = c.ranker.named_like(np.array([used])).toarray()[0]
    assert values == pytest.approx(alike[c.broker]) and values[0] > 3 * values[1], "two words in common, and none"
    rows = feature.evidence(c, 0)[1]
    assert [int(c.ranker.deals.client[one]) for one in rows] == [c.firm[0]], "the one deal with the old name"
    assert feature.facts(c, 0, values[0]) == {"count": 1, "last": str(SPRING)}
    assert feature.values(c.lacking("deed", rows)).tolist() == [0.0, 0.0]
    newcomer = asked(found, 1)
    assert feature.values(newcomer).tolist() == [0.0, 0.0] and not feature.evidence(newcomer, 0)[1]


def test_words_that_the_firms_name_shares_with_others(found: Loaded) -> None:
    """Only «Rivertown» is in the name of a firm with a first deal: one, halved every three years, with two added."""
    c, feature = asked(found, 1), BY_NAME["name_words"]
    names = {one["firm"][0] for one in (*PAST, *TEST)} | {one["intermediary"][0] for one in (*PAST, *TEST)}
    bearing = Counter(word for name in names for word in set(name.lower().split()))
    rarity = {word: math.log(len(names) / bearing[word]) for word in RIVERTOWN.lower().split()}
    newest = max(one["date"] for one in PAST)
    counted = 0.5 ** ((newest - WINTER).days / 365.25 / 3)
    expected = rarity["rivertown"] * counted / (counted + 2) / sum(rarity.values())
    assert feature.values(c) == pytest.approx([0.0, expected])
    rows = feature.evidence(c, 1)[1]
    assert feature.facts(c, 1, expected) == {"count": 1, "last": str(WINTER)} and len(rows) == 1
    assert feature.values(c.lacking("deed", rows)).tolist() == [0.0, 0.0]
    assert not feature.evidence(c, 0)[1]


def test_recent_first_deals_fade_within_quarters(past: Loaded) -> None:
    """Of the newcomers, all from nowhere, and of Alpha, from Japan, only Alpha's two first deals are at home."""
    ranker, this = Ranker(past.arrays), past.rows[0]
    profile = ranker.profile_of_text(this.text, list(this.concepts), this.people, ["JP"])
    c = gather(ranker, Asked(text=profile, firm=past.bodies[this.firms[0]]), this.day)
    # One in month 0, Two in month 5, 150 days later
    one = next(at for at, broker in enumerate(c.broker) if broker == past.bodies[this.brokers[0]])
    later = 0.5 ** (-150 / (365.25 / 4))
    values = BY_NAME["home_recent"].values(c)
    assert values[one] == pytest.approx(1 / (1 + later)) and values.sum() == pytest.approx(1.0)


def test_questions_won_by_strangers_are_those_of_pairs_that_nobody_knew(past: Loaded) -> None:
    ranker = Ranker(past.arrays)
    rows = history()
    last = max(one["date"] for one in rows)
    met: dict[tuple[str, str], date] = {}
    for one in rows:
        met.setdefault((one["firm"][0], one["intermediary"][0]), one["date"])
    expected = 0
    for one in rows:
        age = (last - one["date"]).days
        known = BLOCK * (age // BLOCK + 1)
        first = (last - met[one["firm"][0], one["intermediary"][0]]).days
        expected += age < (BLOCKS + 2) * BLOCK and first < known
    every = opening_questions(ranker, [])
    assert len(every) == expected > 36, "all newcomers, and what Alpha and Beta did in the first year"
    recent = past_questions(ranker)
    other = opening_questions(ranker, recent)
    assert not {one.technology for one in other} & {one.technology for one in recent}
    assert len(opening_questions(ranker, [], most=5)) == 5


def test_what_is_learned_scores_strangers_by_what_speaks_for_them(past: Loaded, learned: Weights) -> None:
    assert learned.strangers is not None
    assert {"home_recent", "name_words"} <= set(learned.strangers.features)
    ranker, this = Ranker(past.arrays, learned), past.rows[1]
    profile = ranker.profile_of_text(this.text, list(this.concepts), this.people, this.countries)
    c = gather(ranker, Asked(text=profile, firm=past.bodies[this.firms[0]]), this.day)
    scored = score(c)
    assert np.allclose(scored.base + np.sum(list(scored.parts.values()), axis=0), scored.log_odds, atol=1e-12)
