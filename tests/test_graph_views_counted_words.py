"""Words are counted again only of documents whose texts differ, and what comes out is what counting everything gives, to the byte."""

from pathlib import Path
from random import Random

import duckdb
import pytest

from graph.resolve.snapshots import COUNTED, directory, sweep
from graph.statements.home import Home
from graph.views import counted_words
from graph.views.counted_words import CountedWords, count_words, read_counted

Texts = dict[str, list[str]]
"""The texts of documents."""
WORDS = [f"w{at}" for at in range(14)]


def split(texts: str) -> str:
    return (
        f"WITH said AS (SELECT i, string_split(text, ' ') AS words FROM ({texts})), told AS (SELECT i, unnest(words) AS word FROM said "
        "UNION ALL SELECT i, unnest(list_transform(range(1, len(words)), lambda k: words[k] || ' ' || words[k + 1])) FROM said) "
        "SELECT i, word, count(*)::FLOAT AS n FROM told WHERE word <> '' GROUP BY ALL"
    )


def counted(texts: Texts, before: CountedWords | None = None) -> CountedWords:
    documents = sorted(texts)
    rows = [(at, text) for at, document in enumerate(documents) for text in texts[document]]
    with duckdb.connect() as con:
        con.execute("CREATE TABLE texts (i INTEGER, text VARCHAR)")
        if rows:
            con.executemany("INSERT INTO texts VALUES (?, ?)", rows)
        return count_words(con, documents, "SELECT * FROM texts", split, before)


def a_text(random: Random) -> str:
    return " ".join(random.choices(WORDS, k=random.randrange(7)))


def content(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


@pytest.mark.parametrize("seed", range(25))
def test_any_history_is_counted_as_at_once(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(seed)
    monkeypatch.setattr(counted_words, "_MOST", 1.0)
    texts: Texts = {
        f"d{at:02}": [a_text(random) for _ in range(random.randrange(3))] for at in range(random.randrange(25))
    }
    before = counted(texts)
    for step in range(6):
        for document in random.sample(sorted(texts), k=random.randint(0, len(texts) // 3)):
            if random.random() < 0.4:
                del texts[document]
            else:
                texts[document] = [a_text(random) for _ in range(random.randrange(3))]
        for _ in range(random.randrange(4)):
            texts[f"d{random.randrange(99):02}"] = [a_text(random)]
        shuffled = {document: random.sample(said, k=len(said)) for document, said in texts.items()}
        before = counted(shuffled, before)
        before.write(tmp_path / f"{step}")
        counted(texts).write(tmp_path / f"{step} at once")
        assert content(tmp_path / f"{step}") == content(tmp_path / f"{step} at once")
        read = read_counted(tmp_path / f"{step}")
        assert read is not None
        before = read


def test_a_pair_that_two_documents_have_is_a_column_and_one_that_is_alone_is_none() -> None:
    alone = counted({"a": ["x y"], "b": ["z"]})
    assert alone.words == ["x", "y", "z"]
    assert alone.lonely.documents.tolist() == [0]
    together = counted({"a": ["x y"], "b": ["z"], "c": ["x y x y"]}, alone)
    assert together.words == ["x", "x y", "y", "z"]
    assert together.counts.toarray().tolist() == [[1, 1, 1, 0], [0, 0, 0, 1], [2, 2, 2, 0]]
    parted = counted({"b": ["z"], "c": ["x y x y"]}, together)
    assert parted.words == ["x", "y", "z"]
    assert sorted(parted.lonely.counts.tolist()) == [1.0, 2.0]


def test_only_documents_whose_texts_differ_are_split(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: Texts = {f"d{at}": [f"x{at} y"] for at in range(10)}
    before = counted(texts)
    seen: list[int] = []
    plain = counted_words._Recount._say

    def watched(self: counted_words._Recount, texts: str, split: counted_words.Split) -> None:
        plain(self, texts, split)
        seen.extend(i for (i,) in self.con.execute("SELECT DISTINCT i FROM words_said ORDER BY i").fetchall())

    monkeypatch.setattr(counted_words._Recount, "_say", watched)
    counted(texts | {"d3": ["x3 z"]}, before)
    assert seen == [3]
    counted({document: ["new"] for document in texts}, before)
    assert seen == [3], "where most differ everything is counted"


def test_counts_of_another_engine_are_not_gone_on_from(tmp_path: Path) -> None:
    counted({"a": ["x"]}).write(tmp_path / "one")
    assert read_counted(tmp_path / "one") is not None
    (tmp_path / "one" / "version.txt").write_text("0.0.1", encoding="utf-8")
    assert read_counted(tmp_path / "one") is None
    assert read_counted(tmp_path / "none") is None


def test_only_the_newest_publish_keeps_its_counts(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    for number in (1, 2, 3):
        counted({"a": ["x"]}).write(directory(home, number) / COUNTED / "described")
    sweep(home, 3)
    assert [(directory(home, number) / COUNTED).exists() for number in (1, 2, 3)] == [False, False, True]
