"""Search over names and texts with tantivy: folded for recall, spelled for precision.

A word typed without diacritics finds all that look like it; a word typed with them puts the exact ones first.
"""

import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb
import tantivy

from graph.statements.garbage import collector_paused
from graph.views.bridge import BRIDGED, Bridged, expanded
from ontology.model import ontology
from ontology.statement import TYPE
from ontology.text import fold, has_diacritics, nfc, spell

HIDDEN = ("Identifier", "SourceRecord", "Source", "CompetingClaim", "ContactPoint", "ConceptScheme")
"""Classes that nobody looks for by name: they stand on the page of what they belong to."""
_WRITER_HEAP = 128_000_000
_SNIPPET = 300
"""Characters of a text that a hit shows."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A node that was found: its name in a language, its most specific class, the text around what was found, and a score."""

    id: str
    name: str
    type: str
    snippet: str
    score: float


def _schema() -> tantivy.Schema:
    build = tantivy.SchemaBuilder()
    build.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    build.add_text_field("classes", tokenizer_name="whitespace", index_option="basic")
    for field in ("name", "name_spelled", "text"):
        build.add_text_field(field, tokenizer_name="whitespace", index_option="position")
    build.add_text_field("whole", tokenizer_name="raw", index_option="basic")
    # what a hit shows, and nobody searches: class, names in vi, en and other languages, the beginning of the text
    build.add_bytes_field("shown", stored=True, indexed=False)
    return build.build()


@lru_cache(maxsize=1000)
def _kind(classes: str) -> str:
    return most_specific(classes.split(" "))


def most_specific(classes: Iterable[str]) -> str:
    """The class that says most: the one with the most superclasses; of equals the first by name."""
    known = ontology().classes
    return min(classes, key=lambda name: (-len(known[name].ancestors) if name in known else 1, name))


_NAMES = ("name", "alternativeName", "acronym", "notation", "number")
_TEXTS = ("description", "title")
_BETWEEN = "\x1f"
_NAME_BREAK = " \x1e "
"""Between two names of a node, so that no phrase runs from one into the other."""


def _documents(con: duckdb.DuckDBPyConnection, table: str, only: str | None) -> Iterable[tantivy.Document]:
    def joined(condition: str) -> str:
        return f"string_agg(value, chr(31) ORDER BY property, language DESC, value) FILTER ({condition})"

    said = (
        joined(f"property IN {_NAMES}"),
        joined(f"property IN {_TEXTS}"),
        "max(value) FILTER (property = 'name' AND language = 'vi')",
        "max(value) FILTER (property = 'name' AND language = 'en')",
        joined("property = 'name' AND (language IS NULL OR language NOT IN ('vi', 'en'))"),
    )
    cursor = con.execute(
        f"""
        SELECT entity, string_agg(value, ' ') FILTER (property = '{TYPE}') AS classes, {", ".join(said)}
        FROM {table} WHERE property IN {(TYPE, *_NAMES, *_TEXTS)} {f"AND entity IN (SELECT entity FROM {only})" if only else ""}
        GROUP BY entity HAVING classes IS NOT NULL AND count(*) FILTER (property <> '{TYPE}') > 0
        """
    )
    while rows := cursor.fetchmany(5000):
        for entity, classes, names, texts, *shown in rows:
            kind = _kind(classes)
            if kind not in HIDDEN:
                yield _document(entity, kind, classes, names, texts, shown)


def _document(
    entity: str, kind: str, classes: str, names: str | None, texts: str | None, shown: list[str | None]
) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("id", entity)
    document.add_text("classes", classes)
    called = names.split(_BETWEEN) if names else []
    folded = list(map(fold, called))
    document.add_text("name", _NAME_BREAK.join(folded))
    spelled = [spelling for name, bare in zip(called, folded, strict=True) if (spelling := spell(name)) != bare]
    if spelled:
        document.add_text("name_spelled", _NAME_BREAK.join(spelled))
    for bare in folded:
        document.add_text("whole", bare)
    beginning = ""
    if texts:
        document.add_text("text", " ".join(map(fold, texts.split(_BETWEEN))))
        beginning = texts.split(_BETWEEN, 1)[0][:_SNIPPET]
    vi, en, other = (name or "" for name in shown)
    parts = (kind, vi, en, other.split(_BETWEEN, 1)[0], beginning)
    document.add_bytes("shown", _BETWEEN.join(parts).encode())
    return document


def build(con: duckdb.DuckDBPyConnection, table: str, directory: Path) -> None:
    """Index a resolved table in a new directory."""
    directory.mkdir()
    index = tantivy.Index(_schema(), path=str(directory))
    writer = index.writer(heap_size=_WRITER_HEAP, num_threads=1)
    with collector_paused():
        for document in _documents(con, table, None):
            writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def copy_closed(old: Path, new: Path) -> None:
    """A second index with the same content; segments are never changed once written, so they are shared by hard links."""
    new.mkdir()
    for file in old.iterdir():
        if file.suffix == ".json":
            shutil.copy2(file, new / file.name)
        elif not file.name.endswith(".lock"):
            os.link(file, new / file.name)


def change(con: duckdb.DuckDBPyConnection, directory: Path, table: str, entities: str) -> None:
    """Index anew the entities named in a table; those that are gone leave the index."""
    index = tantivy.Index.open(str(directory))
    writer = index.writer(heap_size=_WRITER_HEAP, num_threads=1)
    for (entity,) in con.execute(f"SELECT entity FROM {entities}").fetchall():
        writer.delete_documents_by_term("id", entity)
    for document in _documents(con, table, entities):
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


class Search:
    """An index, opened to read."""

    def __init__(self, directory: Path) -> None:
        self._index = tantivy.Index.open(str(directory))
        self._index.reload()
        self._schema = _schema()

    def find(
        self,
        text: str,
        limit: int = 20,
        classes: Sequence[str] = (),
        language: str = "vi",
        bridged: Sequence[Bridged] = (),
    ) -> list[Hit]:
        """The best hits for a text, at most ``limit``: the more of its words, and the rarer, the better.

        :param classes: only nodes of one of these classes
        :param bridged: phrases of the text that are looked for in the other language too; they count less
        """
        words = fold(text).split()[:40]
        if not words and not classes:
            return []
        if not words:
            return self._listed(limit, classes, language)
        parts: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for word in dict.fromkeys(nfc(text.casefold()).split()[:40]):
            for folded in fold(word).split():
                # who typed the diacritics means them: a word that only looks alike counts little
                weight = 0.5 if has_diacritics(word) else 3.0
                either = [
                    (tantivy.Occur.Should, self._term("name", folded, weight)),
                    (tantivy.Occur.Should, self._term("text", folded, 1.0)),
                ]
                parts.append((tantivy.Occur.Should, tantivy.Query.boolean_query(either)))
            if has_diacritics(word):
                parts.extend(
                    (tantivy.Occur.Should, self._term("name_spelled", part, 6.0)) for part in spell(word).split()
                )
        parts += self._bridged(bridged)
        parts.append((tantivy.Occur.Should, self._term("whole", " ".join(words), 25.0)))
        if len(words) > 1:
            parts.append(
                (
                    tantivy.Occur.Should,
                    tantivy.Query.boost_query(tantivy.Query.phrase_query(self._schema, "name", list(words)), 6.0),
                )
            )
        query = tantivy.Query.boolean_query(parts)
        if classes:
            wanted = [(tantivy.Occur.Should, self._term("classes", name, 0.0)) for name in classes]
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, query), (tantivy.Occur.Must, tantivy.Query.boolean_query(wanted))]
            )
        searcher = self._index.searcher()
        return [
            self._hit(searcher.doc(address), score, language) for score, address in searcher.search(query, limit).hits
        ]

    def _bridged(self, bridged: Sequence[Bridged]) -> Iterable[tuple[tantivy.Occur, tantivy.Query]]:
        """Terms of the other language, word for word, and as phrases."""
        for word, counts in expanded(bridged).items():
            fields = {"name_spelled": 6.0} if has_diacritics(word) else {"name": 3.0, "text": 1.0}
            for field, weight in fields.items():
                yield tantivy.Occur.Should, self._term(field, word, weight * counts)
        for phrase in dict.fromkeys(fold(term) for one in bridged for term in one.terms):
            if len(words := phrase.split()) > 1:
                for field, weight in (("name", 6.0), ("text", 2.0)):
                    query = tantivy.Query.phrase_query(self._schema, field, list(words))
                    yield tantivy.Occur.Should, tantivy.Query.boost_query(query, weight * BRIDGED)

    def _listed(self, limit: int, classes: Sequence[str], language: str) -> list[Hit]:
        """Nodes of some classes, in no particular order."""
        wanted = [(tantivy.Occur.Should, self._term("classes", name, 1.0)) for name in classes]
        searcher = self._index.searcher()
        found = searcher.search(tantivy.Query.boolean_query(wanted), limit).hits
        return sorted(
            (self._hit(searcher.doc(address), 0.0, language) for _, address in found), key=lambda hit: hit.name
        )

    def _term(self, field: str, text: str, weight: float) -> tantivy.Query:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, field, text), weight)

    def _hit(self, document: tantivy.Document, score: float, language: str) -> Hit:
        identifier = str(document.get_first("id"))
        kind, vi, en, other, beginning = bytes(document.get_first("shown") or b"").decode().split(_BETWEEN)
        first = {"vi": vi, "en": en}.get(language, "")
        return Hit(identifier, nfc(first or other or vi or en or identifier), kind, beginning, float(score))
