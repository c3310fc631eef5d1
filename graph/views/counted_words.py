"""How often documents have words: counted from their texts, and after a change counted again for those alone whose texts differ.

A document's words are a function of its texts, so one whose texts have the hash that they had keeps its row. What counting again gives
is what counting everything would give, to the byte. Words may be pairs with a blank between; a pair that one document alone has tells
nothing and is no column, but is kept by its hash, since it becomes one as soon as another document has it.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import csr_array

_MOST = 0.25
"""Share of the documents up to which they are counted again; with more everything is counted."""
_PARTS = ("texts", "data", "indices", "indptr", "lonely_marks", "lonely_documents", "lonely_counts")
_VERSION = "version.txt"
Split = Callable[[str], str]
"""From SQL of texts (i, text) to SQL of their words (i, word, n); may make temporary tables on the way."""


@dataclass(frozen=True, slots=True)
class Lonely:
    """Pairs of words that one document has: hash, document, count; in the order of the hashes."""

    marks: np.ndarray
    documents: np.ndarray
    counts: np.ndarray

    def take(self, kept: np.ndarray) -> "Lonely":
        """Those of a mask or of numbers."""
        return Lonely(self.marks[kept], self.documents[kept], self.counts[kept])

    def with_more(self, *others: "Lonely") -> "Lonely":
        """All of several, in order."""
        marks, documents, counts = (
            np.concatenate([getattr(one, name) for one in (self, *others)]) for name in ("marks", "documents", "counts")
        )
        order = np.argsort(marks, kind="stable")
        return Lonely(marks[order], documents[order], counts[order])


@dataclass(frozen=True, slots=True)
class CountedWords:
    """``counts`` (documents × words), both in the order of their texts; ``texts`` is a hash of each document's texts."""

    documents: list[str]
    words: list[str]
    texts: np.ndarray
    counts: csr_array
    lonely: Lonely

    def write(self, directory: Path) -> None:
        """Write into a new directory."""
        directory.mkdir(parents=True)
        (directory / "documents.txt").write_text("\n".join(self.documents), encoding="utf-8")
        (directory / "words.txt").write_text("\n".join(self.words), encoding="utf-8")
        lonely = (self.lonely.marks, self.lonely.documents, self.lonely.counts)
        parts = (self.texts, self.counts.data, self.counts.indices, self.counts.indptr, *lonely)
        for name, part in zip(_PARTS, parts, strict=True):
            np.save(directory / f"{name}.npy", part)
        (directory / _VERSION).write_text(duckdb.__version__, encoding="utf-8")


def read_counted(directory: Path) -> CountedWords | None:
    """What was written; ``None`` where there is nothing, or another engine hashed it."""
    mark = directory / _VERSION
    if not mark.is_file() or mark.read_text(encoding="utf-8") != duckdb.__version__:
        return None
    texts, data, indices, indptr, *lonely = (np.load(directory / f"{name}.npy") for name in _PARTS)
    documents, words = (
        content.split("\n") if (content := (directory / f"{name}.txt").read_text(encoding="utf-8")) else []
        for name in ("documents", "words")
    )
    counts = csr_array((data, indices, indptr), shape=(len(documents), len(words)))
    return CountedWords(documents, words, texts, counts, Lonely(*lonely))


def count_words(
    con: duckdb.DuckDBPyConnection, documents: list[str], texts: str, split: Split, before: CountedWords | None
) -> CountedWords:
    """Count the words of documents.

    :param documents: their ids, in order
    :param texts: SQL of their texts (i, text), where i is the number of a document
    :param before: what was counted earlier, of these or other documents, by the same ``split``
    """
    marks = _marks_of_texts(con, len(documents), texts)
    if before is not None:
        kept = _kept(before, documents, marks)
        if len(documents) - np.count_nonzero(kept >= 0) <= _MOST * len(documents):
            return _Recount(con, before, documents, marks, kept, texts, split).run()
    return _count(con, documents, marks, texts, split)


def _marks_of_texts(con: duckdb.DuckDBPyConnection, size: int, texts: str) -> np.ndarray:
    """A hash of each document's texts, whatever their order."""
    found = con.execute(
        f"SELECT i, (sum(hash(text)::HUGEINT) % 18446744073709551616)::UBIGINT AS mark FROM ({texts}) GROUP BY i"
    ).fetchnumpy()
    marks = np.zeros(size, dtype=np.uint64)
    marks[np.asarray(found["i"], dtype=np.int64)] = np.asarray(found["mark"], dtype=np.uint64)
    return marks


def _kept(before: CountedWords, documents: list[str], marks: np.ndarray) -> np.ndarray:
    """For each document its number of before, where its texts are the same; else -1."""
    numbers = {document: at for at, document in enumerate(before.documents)}
    found = np.fromiter((numbers.get(document, -1) for document in documents), dtype=np.int64, count=len(documents))
    if before.documents:
        found[(found >= 0) & (before.texts[found] != marks)] = -1
    return found


def _matrix(rows: np.ndarray, columns: np.ndarray, counts: np.ndarray, shape: tuple[int, int]) -> csr_array:
    ends = (np.asarray(rows, dtype=np.int32), np.asarray(columns, dtype=np.int32))
    return _canonical(csr_array((np.asarray(counts, dtype=np.float32), ends), shape=shape))


def _canonical(matrix: csr_array) -> csr_array:
    """With one kind of numbers and one order of entries: the same content is the same bytes."""
    matrix.sum_duplicates()
    kind = np.int32 if matrix.nnz < np.iinfo(np.int32).max else np.int64
    parts = (matrix.data.astype(np.float32), matrix.indices.astype(kind), matrix.indptr.astype(kind))
    return csr_array(parts, shape=matrix.shape)


def _lonely(found: dict[str, np.ndarray]) -> Lonely:
    return Lonely(
        np.asarray(found["mark"], dtype=np.uint64),
        np.asarray(found["i"], dtype=np.int32),
        np.asarray(found["n"], dtype=np.float32),
    )


def _count(
    con: duckdb.DuckDBPyConnection, documents: list[str], marks: np.ndarray, texts: str, split: Split
) -> CountedWords:
    """Count everything."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE words_said AS {split(texts)}")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE words_counted AS SELECT word, (row_number() OVER (ORDER BY word) - 1)::INTEGER AS place FROM "
        "(SELECT word FROM words_said GROUP BY word HAVING NOT contains(word, ' ') OR count(*) > 1)"
    )
    words = [word for (word,) in con.execute("SELECT word FROM words_counted ORDER BY place").fetchall()]
    found = con.execute(
        "SELECT s.i, w.place, s.n FROM words_said s JOIN words_counted w ON w.word = s.word"
    ).fetchnumpy()
    lonely = con.execute(
        "SELECT hash(s.word) AS mark, s.i, s.n FROM words_said s WHERE contains(s.word, ' ') AND s.word NOT IN (SELECT word FROM words_counted)"
    ).fetchnumpy()
    counts = _matrix(found["i"], found["place"], found["n"], (len(documents), len(words)))
    return CountedWords(documents, words, marks, counts, _lonely(lonely).with_more())


class _Recount:
    """Counts again the documents whose texts differ.

    :param kept: for each document its number of before, or -1 where it is counted again
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        before: CountedWords,
        documents: list[str],
        marks: np.ndarray,
        kept: np.ndarray,
        texts: str,
        split: Split,
    ) -> None:
        self.con, self.before, self.documents, self.marks, self.kept = con, before, documents, marks, kept
        self._say(texts, split)
        self.standing = before.counts[kept[kept >= 0]]
        number = np.full(len(before.documents), -1, dtype=np.int64)
        number[kept[kept >= 0]] = np.flatnonzero(kept >= 0)
        staying = number[before.lonely.documents] >= 0
        lonely = before.lonely.take(staying)
        self.lonely = Lonely(lonely.marks, number[lonely.documents].astype(np.int32), lonely.counts)

    def _say(self, texts: str, split: Split) -> None:
        """Make ``words_said`` of the documents to be counted, and ``words_told`` of their words in order."""
        fresh = pa.array(np.flatnonzero(self.kept < 0), pa.int32())
        self.con.register("fresh_here", pa.table({"i": fresh}))
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE fresh_texts AS SELECT t.i, t.text FROM ({texts}) t JOIN fresh_here f ON f.i = t.i"
        )
        self.con.unregister("fresh_here")
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE words_said AS {split('SELECT i, text FROM fresh_texts')}")
        self.con.execute(
            "CREATE OR REPLACE TEMP TABLE words_told AS SELECT word, hash(word) AS mark, count(*) AS documents, "
            "(row_number() OVER (ORDER BY word) - 1)::INTEGER AS told FROM words_said GROUP BY word"
        )

    def run(self) -> CountedWords:
        old, told = self.before.words, self.con.execute("FROM words_told ORDER BY told").fetchnumpy()
        words: list[str] = told["word"].tolist() if len(told["word"]) else []
        marks, said_in = np.asarray(told["mark"], dtype=np.uint64), np.asarray(told["documents"], dtype=np.int64)
        place = {word: at for at, word in enumerate(old)}
        column = np.fromiter((place.get(word, -1) for word in words), dtype=np.int64, count=len(words))
        having = np.bincount(self.standing.indices, minlength=len(old)) if old else np.zeros(0, dtype=np.int64)
        having[column[column >= 0]] += said_in[column >= 0]
        stays = (having > 0) & (~_pairs(old) | (having > 1))
        # a pair that was lonely and is said again
        met = self._met(marks, (column < 0) & _pairs(words))
        joins = (column < 0) & (~_pairs(words) | (said_in + (met >= 0) > 1))
        left, came = (
            [old[at] for at in np.flatnonzero(stays).tolist()],
            [words[at] for at in np.flatnonzero(joins).tolist()],
        )
        columns_left, columns_came = _merged(left, came)
        at_old = np.full(len(old), -1, dtype=np.int64)
        at_old[stays] = columns_left
        at_told = np.full(len(words), -1, dtype=np.int64)
        at_told[column >= 0] = at_old[column[column >= 0]]
        at_told[joins] = columns_came
        back = joins & (met >= 0)
        counts = self._counts(at_old, at_told, met[back], at_told[back], len(left) + len(came))
        lonely = self._lonely(met[back], at_old, at_told, having == 1)
        return CountedWords(self.documents, sorted([*left, *came]), self.marks, counts, lonely)

    def _met(self, marks: np.ndarray, asked: np.ndarray) -> np.ndarray:
        """For each word the number of the lonely pair that it is, or -1."""
        found = np.full(len(marks), -1, dtype=np.int64)
        known = self.lonely.marks
        if len(known):
            at = np.minimum(np.searchsorted(known, marks), len(known) - 1)
            found[asked & (known[at] == marks)] = at[asked & (known[at] == marks)]
        return found

    def _counts(
        self, at_old: np.ndarray, at_told: np.ndarray, back: np.ndarray, at_back: np.ndarray, width: int
    ) -> csr_array:
        """The counts of documents that stay, of those that are counted, and of pairs that are lonely no more."""
        shape = (len(self.documents), width)
        standing = self.standing
        columns = at_old[standing.indices] if len(at_old) else standing.indices
        rows = np.repeat(np.flatnonzero(self.kept >= 0), np.diff(standing.indptr))
        inside = columns >= 0
        per_row = np.bincount(rows[inside], minlength=shape[0])
        indptr = np.concatenate([[0], np.cumsum(per_row)])
        stays = csr_array((standing.data[inside], columns[inside].astype(np.int32), indptr), shape=shape)
        said = self.con.execute(
            "SELECT s.i, t.told, s.n FROM words_said s JOIN words_told t ON t.word = s.word"
        ).fetchnumpy()
        to = at_told[np.asarray(said["told"], dtype=np.int64)]
        came = _matrix(
            np.concatenate([np.asarray(said["i"])[to >= 0], self.lonely.documents[back]]),
            np.concatenate([to[to >= 0], at_back]),
            np.concatenate([np.asarray(said["n"])[to >= 0], self.lonely.counts[back]]),
            shape,
        )
        return _canonical(stays + came)

    def _lonely(self, back: np.ndarray, at_old: np.ndarray, at_told: np.ndarray, once: np.ndarray) -> Lonely:
        """The lonely pairs that are left, those that documents which left have made so, and those of the documents that are counted."""
        left = np.ones(len(self.lonely.marks), dtype=bool)
        left[back] = False
        fresh = self.con.execute(
            "SELECT t.mark, s.i, s.n, t.told FROM words_said s JOIN words_told t ON t.word = s.word WHERE contains(s.word, ' ')"
        ).fetchnumpy()
        alone = at_told[np.asarray(fresh.pop("told"), dtype=np.int64)] < 0
        told = _lonely({name: np.asarray(values)[alone] for name, values in fresh.items()})
        return self.lonely.take(left).with_more(self._left_alone((at_old < 0) & once), told)

    def _left_alone(self, columns: np.ndarray) -> Lonely:
        """Entries of pairs that were columns and are none any more; ``columns`` is a mask."""
        entries = np.flatnonzero(columns[self.standing.indices]) if len(columns) else np.zeros(0, dtype=np.int64)
        rows = np.searchsorted(self.standing.indptr, entries, side="right") - 1
        words = pa.array([self.before.words[at] for at in self.standing.indices[entries].tolist()], pa.string())
        self.con.register("left_here", pa.table({"place": np.arange(len(entries)), "word": words}))
        marks = self.con.execute("SELECT hash(word) AS mark FROM left_here ORDER BY place").fetchnumpy()["mark"]
        self.con.unregister("left_here")
        documents = np.flatnonzero(self.kept >= 0)[rows]
        return _lonely({"mark": marks, "i": documents, "n": self.standing.data[entries]})


def _pairs(words: Sequence[str]) -> np.ndarray:
    return np.fromiter((" " in word for word in words), dtype=bool, count=len(words))


def _merged(left: list[str], came: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """The places of two ordered lists in the one that they make together."""
    before = np.fromiter((bisect_left(left, word) for word in came), dtype=np.int64, count=len(came))
    return np.arange(len(left)) + np.searchsorted(before, np.arange(len(left)), side="right"), before + np.arange(
        len(came)
    )
