"""Ranking of experts against gold: figures worked out by hand, files that are refused, and what a small made-up gold gives."""

from math import log2
from pathlib import Path

import numpy as np
import pytest

from graph.answer.expert_index import ExpertIndex, Wanted, stem
from graph.answer.wanting import want
from graph.evaluate.expert_baselines import BASELINES
from graph.evaluate.expert_figures import figures_of, relevant_from
from graph.evaluate.experts import ExpertsRefused, evaluate_experts, read_expert_gold, read_profiles
from graph.views.bridge import Bridge
from ontology.glossary import Entry

PROFILES = [
    ("lan", "membrane filters for brackish water"),
    ("lan", "membranes that filter water of craft villages"),
    ("lan", "a kiln for bricks"),
    ("minh", "membrane filters for brackish water"),
    ("minh", "speech recognition for tonal languages"),
    ("tam", "recognition of handwriting"),
    ("hai", "steel bridges and their bearings"),
]


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_figures_by_hand() -> None:
    # ranked: 7 (grade 5), 1 (not judged), 2 (grade 3), 3 (grade 1); 4 has grade 4 and is not found
    precision_5, precision_10, gain, average = figures_of([7, 1, 2, 3], {7: 5.0, 2: 3.0, 3: 1.0, 4: 4.0}, 3)
    assert (precision_5, precision_10) == (2 / 5, 2 / 10)
    ideal = 5 + 4 / log2(3) + 3 / log2(4) + 1 / log2(5)
    assert gain == pytest.approx((5 + 3 / log2(4) + 1 / log2(5)) / ideal)
    assert average == pytest.approx((1 / 1 + 2 / 3) / 3)


@pytest.mark.parametrize(("highest", "grade"), [(5, 3), (4, 3), (3, 2), (2, 1), (1, 1)])
def test_what_counts_as_relevant_on_other_scales(highest: float, grade: float) -> None:
    assert relevant_from(highest) == grade


@pytest.mark.parametrize(
    ("word", "kept"),
    [("membranes", "membrane"), ("batteries", "battery"), ("glass", "glass"), ("virus", "virus"), ("gas", "gas")],
)
def test_a_plural_is_its_singular(word: str, kept: str) -> None:
    assert stem(word) == kept


def test_whoever_has_more_near_documents_stands_before_whoever_has_one() -> None:
    experts, index = ExpertIndex.of_texts(PROFILES)
    ranked = index.rank(want(index, "membrane water filter", Bridge()))
    assert [experts[at] for at in ranked.order()][:2] == ["lan", "minh"]
    assert float(np.sum(list(ranked.parts.values()), axis=0)[0]) == pytest.approx(ranked.score[0])


def test_a_text_that_two_have_is_one_document_of_both() -> None:
    experts, index = ExpertIndex.of_texts(PROFILES)
    assert index.speaks.shape == (4, 6)
    lan, minh = (set(index.documents_of(experts.index(name)).tolist()) for name in ("lan", "minh"))
    assert len(lan & minh) == 1


def test_a_document_that_does_not_count_speaks_for_nobody() -> None:
    experts, index = ExpertIndex.of_texts(PROFILES)
    handwriting = index.documents_of(experts.index("tam"))
    wanted = Wanted()
    wanted.add("handwriting")
    counted = np.ones(index.words.shape[0])
    counted[handwriting] = 0.0
    assert next(experts[at] for at in index.rank(wanted).order()) == "tam"
    assert not len(index.rank(wanted, counted).order())


@pytest.mark.parametrize("query", ["xử lý nước thải", "cọc khoan nhồi và kết cấu thép", "ket cau thep"])
def test_a_text_in_the_other_language_finds_by_concepts_and_by_the_bridge(query: str) -> None:
    experts, index = ExpertIndex.of_texts([("lan", "wastewater treatment"), ("hai", "bored piles, steel structures")])
    first = experts[index.rank(want(index, query, Bridge())).order()[0]]
    assert first == ("lan" if "nước" in query else "hai")


def test_what_the_bridge_adds_counts_the_less_the_better_the_documents_know_the_words() -> None:
    bridge = Bridge([Entry(("màng lọc",), ("membrane",), "term")])
    _, knows = ExpertIndex.of_texts([("lan", "màng lọc nước"), ("hai", "membrane")])
    _, knows_not = ExpertIndex.of_texts([("lan", "rivers"), ("hai", "membrane")])
    assert want(knows, "màng lọc", bridge, []).words["membrane"] == pytest.approx(0.3)
    assert want(knows_not, "màng lọc", bridge, []).words["membrane"] == pytest.approx(1.0)


def test_reciprocal_ranks_by_hand() -> None:
    """The first document is of Lan and Minh, the second of Lan alone: 1 + 1/2 and 1."""
    experts, index = ExpertIndex.of_texts(
        [("lan", "brackish water"), ("minh", "brackish water"), ("lan", "water of rivers and lakes"), ("hai", "steel")]
    )
    terms = np.array([index.number["brackish"], index.number["water"]])
    scores = BASELINES["reciprocal_rank"](index, (terms, np.ones(2)))
    assert dict(zip(experts, scores.tolist(), strict=True)) == {"lan": 1.5, "minh": 1.0, "hai": 0.0}
    votes = BASELINES["votes"](index, (terms, np.ones(2)))
    assert dict(zip(experts, votes.tolist(), strict=True)) == {"lan": 2.0, "minh": 1.0, "hai": 0.0}


def test_an_evaluation_counts_what_it_leaves_out() -> None:
    gold = {
        "membrane filter": {"lan": 5.0, "minh": 3.0, "hai": 0.0, "nobody": 5.0},
        "bridge": {"hai": 4.0, "lan": 0.0},
        "poetry": {"tam": 1.0},
    }
    found = evaluate_experts(PROFILES, gold)
    assert (found["n"], found["unknown"], found["without_relevant"], found["relevant_from"]) == (2, 1, 1, 3)
    assert found["precision@5"] == pytest.approx((2 / 5 + 1 / 5) / 2)
    assert found["map"] == found["ndcg@10"] == 1.0
    assert found["judged_only"]["map"] == 1.0
    assert set(found["baselines"]) >= {"combsum", "combmnz", "reciprocal_rank", "candidate_model", "propagation"}
    for figures in found["baselines"].values():
        assert {"precision@5", "precision@10", "ndcg@10", "map"} <= set(figures)


def test_a_gold_nobody_of_which_is_known_counts_nothing() -> None:
    found = evaluate_experts(PROFILES, {"bridge": {"stranger": 5.0}})
    assert (found["n"], found["unknown"], found["map"]) == (0, 1, 0.0)


def test_files_are_read_as_given(tmp_path: Path) -> None:
    profiles = write(tmp_path / "p.csv", "text,expert_id", '"a, b",lan', "c,lan", ",minh")
    assert read_profiles(profiles) == [("lan", "a, b"), ("lan", "c")]
    gold = write(tmp_path / "g.csv", "query,expert_id,relevance", "q,lan,2", "q,lan,4", "q,minh,0")
    assert read_expert_gold(gold) == {"q": {"lan": 4.0, "minh": 0.0}}


@pytest.mark.parametrize("grade", ["", "high", "-1", "nan", "inf"])
def test_a_grade_that_is_none_is_refused(tmp_path: Path, grade: str) -> None:
    with pytest.raises(ExpertsRefused, match="line 2"):
        read_expert_gold(write(tmp_path / "g.csv", "query,expert_id,relevance", f"q,lan,{grade}"))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExpertsRefused, match="relevance is missing"):
        read_expert_gold(write(tmp_path / "g.csv", "query,expert_id", "q,lan"))
