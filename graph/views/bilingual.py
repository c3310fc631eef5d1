"""What a resolved table says in two languages: labels of concepts, and pairs of phrases that titles of things have in common.

Pairs are learned from entities with a name in each language: phrases that stand in nearly the same titles mean the same (Dice's
coefficient); the strongest pairs first, and no phrase in two of them (competitive linking, Melamed 2000).
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import numpy as np
from scipy.sparse import csr_array

from ontology.glossary import Entry
from ontology.text import fold, nfc

BRIDGE_FILE = "bridge.json"
TERM, TITLES, SCHEME = "term", "titles", "scheme"
_MOST_TITLES = 50_000
_LONGEST_VI, _LONGEST_EN = 4, 3
"""Words of a phrase that is learned."""
_SEEN, _DICE = 3, 0.7
"""Titles that a pair has to stand in, and how nearly these have to be all of either phrase."""
_WORD = re.compile(r"\w+")
_BETWEEN = "\x1f"
_FUNCTION_WORDS = frozenset(
    (
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "of",
        "on",
        "or",
        "the",
        "to",
        "using",
        "with",
    )
)


def write_bridge(con: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    """Write what a table says in two languages."""
    entries = [*_concepts(con, table), *learn_pairs(_titles(con, table))]
    path.write_text(
        json.dumps([[e.source, e.node, e.vi, e.en] for e in entries], ensure_ascii=False, separators=(",", ":")),
        encoding="utf-8",
    )


def read_bridge(directory: Path) -> list[Entry]:
    """What was written beside the arrays; nothing where they are older than it."""
    path = directory / BRIDGE_FILE
    rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return [Entry(tuple(vi), tuple(en), source, node) for source, node, vi, en in rows]


def _concepts(con: duckdb.DuckDBPyConnection, table: str) -> Iterator[Entry]:
    """Concepts with labels in both languages, but places, which names are looked up for."""

    def labels(language: str) -> str:
        return (
            "string_agg(DISTINCT CASE property WHEN 'name' THEN '0' ELSE '1' END || value, chr(31) ORDER BY "
            f"CASE property WHEN 'name' THEN '0' ELSE '1' END || value) FILTER (language = '{language}')"
        )

    rows = con.execute(
        f"""
        SELECT entity, {labels("vi")} AS vi, {labels("en")} AS en FROM {table}
        WHERE property IN ('name', 'alternativeName')
        AND entity IN (SELECT entity FROM {table} WHERE property = 'type' AND value = 'Concept')
        AND entity NOT IN (SELECT entity FROM {table} WHERE property = 'type' AND value = 'Place')
        GROUP BY entity HAVING vi IS NOT NULL AND en IS NOT NULL ORDER BY entity
        """
    ).fetchall()
    for entity, vi, en in rows:
        source = SCHEME if entity.startswith("scheme/") else TERM
        yield Entry(_listed(vi), _listed(en), source, entity)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(label[1:] for label in text.split(_BETWEEN))


def _titles(con: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    """Names of one entity in both languages; names of persons and places mean nothing else."""
    return con.execute(
        f"""
        SELECT min(value) FILTER (language = 'vi') AS vi, min(value) FILTER (language = 'en') AS en FROM {table}
        WHERE property = 'name' AND entity NOT IN (
            SELECT entity FROM {table} WHERE property = 'type' AND value IN ('Concept', 'ConceptScheme', 'Person'))
        GROUP BY entity HAVING vi IS NOT NULL AND en IS NOT NULL ORDER BY entity LIMIT {_MOST_TITLES}
        """
    ).fetchall()


def learn_pairs(titles: Iterable[tuple[str, str]]) -> Iterator[Entry]:
    """Phrases that mean the same, by titles in Vietnamese and English; the strongest pairs first."""
    vi: list[set[str]] = []
    en: list[set[str]] = []
    for vietnamese, english in titles:
        vi.append(_phrases(_WORD.findall(nfc(vietnamese).lower()), _LONGEST_VI))
        en.append(
            {
                phrase
                for phrase in _phrases(fold(english).split(), _LONGEST_EN)
                if _FUNCTION_WORDS.isdisjoint((phrase.split()[0], phrase.split()[-1]))
            }
        )
    left, right = _Phrases(vi), _Phrases(en)
    if not left.phrases or not right.phrases:
        return
    together = (left.matrix.T @ right.matrix).tocoo()
    dice = 2 * together.data / (left.counts[together.row] + right.counts[together.col])
    kept = (together.data >= _SEEN) & (dice >= _DICE)
    pairs = [
        (-score, -(len(left.phrases[v].split()) + len(right.phrases[e].split())), left.phrases[v], right.phrases[e])
        for score, v, e in zip(dice[kept], together.row[kept], together.col[kept], strict=True)
    ]
    taken: set[tuple[str, str]] = set()
    for _, _, vietnamese, english in sorted(pairs):
        ends = {("vi", vietnamese), ("en", english)}
        # a name that is the same in both languages says nothing
        if taken.isdisjoint(ends) and fold(vietnamese) != english:
            taken |= ends
            yield Entry((vietnamese,), (english,), TITLES)


def _phrases(words: list[str], longest: int) -> set[str]:
    return {
        " ".join(words[at : at + length])
        for length in range(1, longest + 1)
        for at in range(len(words) - length + 1)
        if not "".join(words[at : at + length]).isdigit()
    }


class _Phrases:
    """The phrases of titles that are seen often enough, and which titles have which."""

    def __init__(self, titles: list[set[str]]) -> None:
        seen = Counter(phrase for title in titles for phrase in title)
        self.phrases = sorted(phrase for phrase, count in seen.items() if count >= _SEEN)
        self.counts = np.array([seen[phrase] for phrase in self.phrases], dtype=np.int64)
        number = {phrase: at for at, phrase in enumerate(self.phrases)}
        found = [[number[phrase] for phrase in sorted(title) if phrase in number] for title in titles]
        starts = np.cumsum([0, *map(len, found)])
        columns = np.fromiter((at for title in found for at in title), dtype=np.int64)
        self.matrix = csr_array(
            (np.ones(len(columns), dtype=np.int32), columns, starts), shape=(len(titles), len(self.phrases))
        )
