"""What is said of statements that are taken away is what scoring without them gives, on synthetic arrays where bodies dealt often."""

import numpy as np
import pytest

from graph.answer.candidates import Candidates
from graph.answer.gathering import Asked, gather
from graph.answer.ranker import Ranker
from graph.answer.score import Scores, score, scored_without, used
from graph.views.arrays import Arrays, day_number
from tests.benchmarks.synthetic_arrays import write_arrays
from tests.benchmarks.synthetic_ecosystem import Size

DAY = day_number("2026-06-01")
SIZE = Size(300)
"""So few bodies that pairs have several deals, and intermediaries worked for owners."""


@pytest.fixture(scope="module")
def ranker(tmp_path_factory: pytest.TempPathFactory) -> Ranker:
    path = tmp_path_factory.mktemp("synthetic") / "arrays"
    write_arrays(path, SIZE)
    return Ranker(Arrays(path))


ASKED = {
    "technology": Asked(technologies=[7]),
    "need": Asked(need=3),
    "firm": Asked(firm=SIZE.intermediaries + 11),
    "intermediary": Asked(broker=1),
}


def anew(candidates: Candidates, table: str, rows: frozenset[int]) -> np.ndarray:
    """The log-odds without some rows, from nothing."""
    without = candidates.lacking(table, rows)
    for kept in ("near", "owned", "covered", "similar_dealt"):
        without.__dict__.pop(kept, None)
    return score(without).log_odds


def told(candidates: Candidates, known: Scores, table: str, rows: frozenset[int]) -> bool:
    """Whether the short way gives what scoring anew gives; whether anything changed is told."""
    fresh = anew(candidates, table, rows)
    assert np.allclose(scored_without(candidates, known, table, rows), fresh, atol=1e-9)
    return not np.allclose(fresh, known.log_odds)


@pytest.mark.parametrize("direction", ASKED)
def test_the_evidence_of_a_reason_is_taken_away_exactly(ranker: Ranker, direction: str) -> None:
    candidates = gather(ranker, ASKED[direction], DAY)
    known = score(candidates)
    changed = {feature.name: 0 for feature in used(ranker.weights)}
    for at in np.argsort(-known.log_odds)[:40]:
        for feature in used(ranker.weights):
            table, rows = feature.evidence(candidates, int(at))
            if rows and known.parts[feature.name][at] > 0:
                changed[feature.name] += told(candidates, known, table, rows)
    assert changed["acquaintance"] and changed["track_record"]
    # a firm that asks, or is found by what it dealt in, has a history
    assert changed["firm_history"] or direction in ("need", "intermediary")


@pytest.mark.parametrize("direction", ASKED)
def test_any_deals_are_taken_away_exactly(ranker: Ranker, direction: str) -> None:
    candidates = gather(ranker, ASKED[direction], DAY)
    known = score(candidates)
    random = np.random.default_rng(5)
    changed = 0
    for count in (1, 2, 7, 60, len(ranker.deals)):
        for _ in range(4):
            rows = frozenset(random.choice(len(ranker.deals), count, replace=False).tolist())
            changed += told(candidates, known, "deed", rows)
    assert changed >= 8


def test_an_intermediarys_work_for_an_owner_is_taken_away_exactly(ranker: Ranker) -> None:
    ties = 0
    for number in range(60):
        candidates = gather(ranker, Asked(technologies=[number]), DAY)
        known = score(candidates)
        at = int(np.argmax(known.parts["holder_tie"]))
        rows = next(one for one in used(ranker.weights) if one.name == "holder_tie").evidence(candidates, at)[1]
        if rows:
            assert told(candidates, known, "deed", rows)
            ties += 1
    assert ties >= 10
