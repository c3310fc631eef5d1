"""Patent subclasses proposed for a text, with the words they rest on; and the two evaluations beside their baselines, worked out by hand."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from api.cli import app
from graph.answer.labels import near_labels
from graph.answer.proposing import Proposer
from graph.answer.ranker import Ranker, said_words
from graph.answer.understanding import describe
from graph.evaluate.bm25 import Bm25
from graph.evaluate.linking import GoldRefused
from graph.evaluate.published import Published, publish_alone
from graph.evaluate.search import read_queries
from loaders.reading import open_file

PUMP, FILTER, LOOM = "F04D", "C02F", "D03D"
_WORDS = {
    PUMP: ("impeller", "rotor", "suction", "flow"),
    FILTER: ("membrane", "sludge", "wastewater", "flow"),
    LOOM: ("weft", "warp", "shed", "rotor"),
}


def rows(first: int, each: int, said: dict[str, tuple[str, ...]] = _WORDS) -> list[dict[str, Any]]:
    """Made-up patents: those of one subclass say three of its four words, in turn."""
    found = []
    for cls, words in said.items():
        for at in range(each):
            title = " ".join(word for skip, word in enumerate(words) if skip != at % len(words))
            found.append(
                {
                    "patent_id": str(first + len(found)),
                    "date": date(2018, 1, 1),
                    "title": f"Madeup {title}",
                    "abstract": "",
                    "cpc_subclass": [cls],
                    "firm": ["Example Alpha Works Co., Ltd."],
                    "intermediary": ["Madeup One Agents"],
                }
            )
    return found


def write(path: Path, made: Iterable[dict[str, Any]]) -> Path:
    pq.write_table(pa.Table.from_pylist(list(made)), path)
    return path


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    work = tmp_path_factory.mktemp("proposing")
    return publish_alone("patents", open_file("patents", write(work / "history.parquet", rows(1000, 12))).items, work)


@pytest.fixture(scope="module")
def ranker(published: Published) -> Ranker:
    return Ranker(published.arrays)


@pytest.fixture(scope="module")
def proposer(ranker: Ranker) -> Proposer:
    return Proposer(ranker)


@pytest.mark.parametrize(("text", "cls"), [("weft and warp", LOOM), ("impeller suction", PUMP), ("sludge", FILTER)])
def test_a_text_is_proposed_what_its_words_speak_for(ranker: Ranker, proposer: Proposer, text: str, cls: str) -> None:
    proposals = proposer.propose(ranker.profile_of_text(text, []))
    assert proposals[0].concept == f"scheme/ipc/2024/{cls}"
    assert proposals[0].score > 2 * proposals[1].score
    assert proposals[0].words
    assert {word for word, _ in proposals[0].words} <= set(text.split())
    assert sum(part for _, part in proposals[0].words) == pytest.approx(1.0)
    assert proposals[0].technologies
    assert [(one.concept, one.score) for one in proposals] == proposer.best(ranker.profile_of_text(text, []))


def test_a_word_of_two_subclasses_carries_less(ranker: Ranker, proposer: Proposer) -> None:
    words = dict(proposer.propose(ranker.profile_of_text("impeller rotor", []))[0].words)
    assert words["impeller"] > words.get("rotor", 0.0)


def test_scores_are_parts_of_one(ranker: Ranker, proposer: Proposer) -> None:
    scores = proposer.scores(ranker.profile_of_text("flow of sludge past a rotor", []).words)
    assert scores.shape == (1, 3)
    assert float(scores.sum()) == pytest.approx(1.0, abs=1e-5)
    assert (scores >= 0).all()


def test_nothing_is_proposed_for_a_text_of_unknown_words(ranker: Ranker, proposer: Proposer) -> None:
    assert proposer.propose(ranker.profile_of_text("zzz qqq", [])) == []
    assert proposer.propose(ranker.profile_of_text("", [])) == []


def test_learning_twice_gives_the_same(ranker: Ranker, proposer: Proposer) -> None:
    text = ranker.profile_of_text("suction of sludge", [])
    assert np.array_equal(Proposer(ranker).scores(text.words), proposer.scores(text.words))


def test_nothing_classified_proposes_nothing(tmp_path: Path) -> None:
    bare = [row | {"cpc_subclass": []} for row in rows(1, 2)]
    empty = Ranker(
        publish_alone("patents", open_file("patents", write(tmp_path / "f.parquet", bare)).items, tmp_path).arrays
    )
    assert Proposer(empty).propose(empty.profile_of_text("impeller", [])) == []


def test_a_vietnamese_text_finds_what_is_described_in_english(published: Published, ranker: Ranker) -> None:
    for text in ("màng cho nước thải", "mang cho nuoc thai"):
        (best,), _ = ranker.nearest_technologies(describe(ranker, published.bridge, text).profile, 1)
        said = ranker.technologies.words[[best]].indices
        assert ranker.arrays.ids["word"].index("membrane") in said, text
        hits = published.index.find(text, 1, ("Technology",), bridged=published.bridge.find(text))
        assert "membrane" in hits[0].name
        assert "membrane" not in "".join(hit.name for hit in published.index.find("màng", 5, ("Technology",)))


def test_labels_that_share_words_with_a_text_are_near() -> None:
    assert "scheme/ipc/2024/C02F" in near_labels(said_words("membrane treatment of wastewater"))
    assert near_labels(said_words("zzz")) == {}
    assert near_labels({}) == {}


def test_bm25_puts_rare_words_and_short_texts_first(ranker: Ranker) -> None:
    bm25 = Bm25(ranker)
    nearest = bm25.nearest("rotor impeller", 5)
    said = [{ranker.arrays.ids["word"][at] for at in ranker.technologies.words[[row]].indices} for row in nearest]
    assert all({"rotor", "impeller"} <= words for words in said)
    assert len(bm25.nearest("zzz", 5)) == 0


def test_search_is_evaluated_beside_its_baselines(tmp_path: Path) -> None:
    patents = write(tmp_path / "patents.parquet", rows(1, 20))
    gold = tmp_path / "gold.csv"
    gold.write_text("query,cpc\nmàng,C02F|B01D\nimpeller suction,F04D\n", encoding="utf-8")
    done = CliRunner().invoke(
        app, ["evaluate", "search", "--patents", str(patents), "--gold", str(gold), "--json"], catch_exceptions=False
    )
    found = json.loads(done.stdout)
    assert {"n", "hit@20", "precision@20", "baselines", "words_bridged", "ci95", "seconds"} == set(found)
    assert found["n"] == 2
    assert {"no_bridge", "schemes_alone", "words_alone", "text_search", "bm25", "bm25_bridge"} == set(
        found["baselines"]
    )
    # «màng» is no word of the patents: without the bridge the query finds nothing, and the other one all that say a word of it
    bare = found["baselines"]["bm25"]
    assert (bare["hit@20"], bare["precision@20"]) == (0.5, 0.5)
    assert found["baselines"]["no_bridge"]["hit@20"] == 0.5
    # fifteen of the twenty say membrane; by words alone no others are near
    assert found["baselines"]["words_alone"]["precision@20"] == pytest.approx((15 / 20 + 1) / 2)
    assert (found["hit@20"], found["precision@20"]) == (1.0, 1.0)
    assert found["words_bridged"] == pytest.approx(2 / 3), "màng and suction, impeller isn't in the glossary"


def test_classification_is_evaluated_beside_its_baselines(tmp_path: Path) -> None:
    history = write(tmp_path / "history.parquet", rows(1, 12))
    later = [*rows(5000, 1), *rows(6000, 1, {"G06F": ("impeller", "suction", "flow", "rotor")})]
    done = CliRunner().invoke(
        app,
        [
            "evaluate",
            "classify",
            "--history",
            str(history),
            "--test",
            str(write(tmp_path / "test.parquet", later)),
            "--json",
        ],
        catch_exceptions=False,
    )
    found = json.loads(done.stdout)
    assert found["n"] == 4
    assert (found["hit@1"], found["hit@5"]) == (0.75, 0.75), "no history knows G06F"
    assert found["baselines"]["bm25_neighbour"]["hit@1"] == 0.75
    assert set(found["baselines"]) == {"bm25_neighbour", "bm25_vote"}


@pytest.mark.parametrize("text", ["query\nmàng\n", "query,cpc\nmàng,\n", "query,cpc\n,C02F\n", ""])
def test_a_gold_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "gold.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GoldRefused):
        read_queries(path)


@pytest.mark.parametrize(
    ("name", "count"), [("vietnamese_technology_queries.csv", 100), ("vietnamese_technology_queries_later.csv", 40)]
)
def test_the_questions_that_are_measured_by(name: str, count: int) -> None:
    queries = read_queries(Path(__file__).with_name(name))
    assert len(queries) == count
    assert len({query.text for query in queries}) == count
    assert {code[0] for query in queries for code in query.subclasses} >= set("ABCDEFGH")
    assert sum(query.text.isascii() for query in queries) >= count * 0.12, "some are typed without diacritics"
