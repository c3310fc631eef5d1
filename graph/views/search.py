"""Search over names and texts with tantivy: folded for recall, spelled for precision.

A word typed without diacritics finds all that look like it; a word typed with them puts the exact ones first.
"""

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import duckdb
import tantivy

from graph.statements.garbage import collector_paused
from graph.views.bridge import BRIDGED, Bridged, expanded
from graph.views.errors import NotReady
from graph.views.facets import FACETS, Narrowed, add_facets, counted, facet_columns, facet_properties, index_field
from ontology.model import ROOT, ontology
from ontology.statement import TYPE
from ontology.text import fold, has_diacritics, nfc, spell

HIDDEN = ("Identifier", "SourceRecord", "Source", "CompetingClaim", "ContactPoint", "ConceptScheme")
"""Classes that nobody looks for by name: they stand on the page of what they belong to."""
_WRITER_HEAP = 128_000_000
_WORDS = 40
"""Words of a text that are looked for."""
_LOOKED_AT = 8
"""Names that are put in order for each suggestion that is given."""
_SNIPPET = 300
"""Characters of a text that a hit shows."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what a search finds: how many ``total``, the ``hits`` of the page, and the commonest values of each facet with their counts.

    ``every`` says that each hit has all of the words; where nothing has, those with some of them are given.
    """

    total: int
    hits: "tuple[Hit, ...]"
    facets: Mapping[str, tuple[tuple[str, int], ...]]
    every: bool


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
    for facet in FACETS:
        build.add_text_field(index_field(facet), fast=True, tokenizer_name="raw", index_option="basic")
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
_TOLD = (*(facet for facet, prop in FACETS.items() if prop), "source")
"""Facets in the order of the query's columns."""
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
    wanted = f"AND entity IN (SELECT entity FROM {only})" if only else ""
    cursor = con.execute(
        f"""
        WITH told AS (
            SELECT e.entity, string_agg(DISTINCT l.source, chr(31) ORDER BY l.source) AS sources
            FROM (SELECT entity, unnest(sources) AS record FROM {table} WHERE property = '{TYPE}' AND value = '{ROOT}' {wanted}) e
            JOIN versions v ON v.record = e.record JOIN loads l ON l.load = v.load GROUP BY e.entity
        ), nodes AS (
            SELECT entity, string_agg(value, ' ') FILTER (property = '{TYPE}') AS classes, {", ".join(said)}, {", ".join(facet_columns())}
            FROM {table} WHERE property IN {(TYPE, *_NAMES, *_TEXTS, *facet_properties())} {wanted}
            GROUP BY entity HAVING classes IS NOT NULL AND count(*) FILTER (property <> '{TYPE}' AND value IS NOT NULL) > 0
        )
        SELECT nodes.*, told.sources FROM nodes LEFT JOIN told ON told.entity = nodes.entity
        """
    )
    while rows := cursor.fetchmany(5000):
        for entity, classes, names, texts, vi, en, other, *facets in rows:
            kind = _kind(classes)
            if kind not in HIDDEN:
                document = _document(entity, kind, classes, names, texts, [vi, en, other])
                add_facets(document, classes, dict(zip(_TOLD, facets, strict=True)))
                yield document


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


def changed_nodes(con: duckdb.DuckDBPyConnection) -> str:
    """Make the table of the nodes whose document a difference changes: those whose values changed, and those of a facet's edges."""
    con.execute(
        "CREATE OR REPLACE TABLE searched_nodes AS SELECT entity FROM changed_nodes UNION SELECT entity FROM "
        f"(SELECT entity, property FROM removed UNION ALL SELECT entity, property FROM added) WHERE property IN {tuple(facet_properties())}"
    )
    return "searched_nodes"


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


def _count(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    # tantivy's type stubs leave the attribute out
    count: int | None = getattr(searcher.search(query, 1), "count", None)
    return count or 0


class Search:
    """An index, opened to read."""

    def __init__(self, directory: Path) -> None:
        self._index = tantivy.Index.open(str(directory))
        self._index.reload()
        self._schema = _schema()
        named = {field["name"] for field in json.loads((directory / "meta.json").read_bytes())["schema"]}
        self._faceted = index_field("source") in named

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
        words = fold(text).split()[:_WORDS]
        if not words and not classes:
            return []
        if not words:
            return self._listed(limit, classes, language)
        query = self._ranked(text, words, bridged)
        if classes:
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, query), (tantivy.Occur.Must, self._of_classes(classes, 0.0))]
            )
        return self._hits(query, limit, 0, language)

    def narrow(
        self,
        text: str,
        narrowed: Narrowed,
        limit: int = 20,
        offset: int = 0,
        language: str = "vi",
        bridged: Sequence[Bridged] = (),
    ) -> Found:
        """A page of the hits for a text, narrowed by facets, with what it can be narrowed by further.

        A facet's counts leave its own choice out, so that what else could be chosen is told. Without a text all nodes are found.

        :raises NotReady: where the index was made before there were facets
        """
        if not self._faceted:
            raise NotReady("this snapshot was published before searches could be narrowed; publish anew")
        words = fold(text).split()[:_WORDS]
        ranked = self._ranked(text, words, bridged) if words else tantivy.Query.all_query()
        every = self._every(words, bridged)
        searcher = self._index.searcher()
        strict = narrowed.query(self._schema, every)
        is_every = len(words) < 2 or _count(searcher, strict) > 0
        base = every if is_every else ranked
        both = [(tantivy.Occur.Must, tantivy.Query.const_score_query(base, 0.0)), (tantivy.Occur.Should, ranked)]
        query = narrowed.query(self._schema, tantivy.Query.boolean_query(both))
        facets = {
            facet: counted(searcher, narrowed.query(self._schema, base, besides=facet), facet) for facet in FACETS
        }
        return Found(
            _count(searcher, narrowed.query(self._schema, base)),
            tuple(self._hits(query, limit, offset, language)),
            facets,
            is_every,
        )

    def suggest(self, text: str, limit: int, language: str) -> list[Hit]:
        """Nodes whose name may be what somebody is typing: all words but the last one whole, the last one as far as it goes.

        Those whose name begins so come first, then those whose diacritics are the typed ones, then short names.
        """
        words = fold(text).split()[:_WORDS]
        if not words or not all(word.isalnum() for word in words):
            return []
        parts = [(tantivy.Occur.Must, self._term("name", word, 1.0)) for word in words[:-1]]
        parts.append((tantivy.Occur.Must, self._beginning("name", words[-1])))
        parts.append((tantivy.Occur.Should, tantivy.Query.boost_query(self._beginning("whole", " ".join(words)), 20.0)))
        spelled = spell(text).split()
        if has_diacritics(text) and all(word.isalnum() for word in spelled):
            last = tantivy.Query.boost_query(self._beginning("name_spelled", spelled[-1]), 8.0)
            exact = [(tantivy.Occur.Must, self._term("name_spelled", word, 8.0)) for word in spelled[:-1]]
            parts.append((tantivy.Occur.Should, tantivy.Query.boolean_query([*exact, (tantivy.Occur.Must, last)])))
        hits = self._hits(tantivy.Query.boolean_query(parts), limit * _LOOKED_AT, 0, language)
        return sorted(hits, key=lambda hit: (-round(hit.score), len(hit.name), hit.name))[:limit]

    def _beginning(self, field: str, text: str) -> tantivy.Query:
        """Terms that begin so; letters, digits and spaces mean themselves in a regular expression."""
        return tantivy.Query.regex_query(self._schema, field, f"{text}.*")

    def _every(self, words: Sequence[str], bridged: Sequence[Bridged]) -> tantivy.Query:
        """Nodes with all of the words, or with a whole phrase of the other language."""
        if not words:
            return tantivy.Query.all_query()
        each = [(tantivy.Occur.Must, self._anywhere(word)) for word in dict.fromkeys(words)]
        either = [(tantivy.Occur.Should, tantivy.Query.boolean_query(each))]
        for phrase in dict.fromkeys(fold(term) for one in bridged for term in one.terms):
            parts = phrase.split()
            if len(parts) == 1:
                either.append((tantivy.Occur.Should, self._anywhere(parts[0])))
            elif parts:
                either += [
                    (tantivy.Occur.Should, tantivy.Query.phrase_query(self._schema, field, list(parts)))
                    for field in ("name", "text")
                ]
        return tantivy.Query.boolean_query(either)

    def _anywhere(self, word: str) -> tantivy.Query:
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._term(field, word, 1.0)) for field in ("name", "text")]
        )

    def _ranked(self, text: str, words: Sequence[str], bridged: Sequence[Bridged]) -> tantivy.Query:
        """Nodes with any of the words, those that fit best first."""
        parts: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for word in dict.fromkeys(nfc(text.casefold()).split()[:_WORDS]):
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
            phrase = tantivy.Query.phrase_query(self._schema, "name", list(words))
            parts.append((tantivy.Occur.Should, tantivy.Query.boost_query(phrase, 6.0)))
        return tantivy.Query.boolean_query(parts)

    def _of_classes(self, classes: Sequence[str], weight: float) -> tantivy.Query:
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._term("classes", name, weight)) for name in classes]
        )

    def _hits(self, query: tantivy.Query, limit: int, offset: int, language: str) -> list[Hit]:
        searcher = self._index.searcher()
        return [
            self._hit(searcher.doc(address), score, language)
            for score, address in searcher.search(query, limit, offset=offset).hits
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
        found = self._hits(self._of_classes(classes, 1.0), limit, 0, language)
        return sorted((replace(hit, score=0.0) for hit in found), key=lambda hit: hit.name)

    def _term(self, field: str, text: str, weight: float) -> tantivy.Query:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, field, text), weight)

    def _hit(self, document: tantivy.Document, score: float, language: str) -> Hit:
        identifier = str(document.get_first("id"))
        kind, vi, en, other, beginning = bytes(document.get_first("shown") or b"").decode().split(_BETWEEN)
        first = {"vi": vi, "en": en}.get(language, "")
        return Hit(identifier, nfc(first or other or vi or en or identifier), kind, beginning, float(score))
