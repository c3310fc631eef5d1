"""Builds the arrays for ranking out of the resolved table, and builds again what a difference touches of them.

Rows are numbered in the order of the nodes' ids, columns of facts are in a fixed order: the same table gives the same arrays.
"""

import json
import os
import shutil
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from graph.statements.folding import folded
from graph.views import expert_arrays
from graph.views.array_facts import FactTables
from graph.views.array_files import CountedBeside
from graph.views.arrays import TOWN
from graph.views.bilingual import BRIDGE_FILE, write_bridge
from ontology.text import has_diacritics, spell

_KINDS = {"technology": "Technology", "organisation": "Organization", "need": "TechnologyNeed"}
_WORD = "[^a-z0-9]+"

_EDGES = {
    # matrix → (kind of row, properties)
    "technology_fields": ("technology", ("hasField", "hasPatentClass")),
    "technology_industries": ("technology", ("targetIndustry",)),
    "need_fields": ("need", ("hasField", "hasPatentClass")),
    "need_industries": ("need", ("targetIndustry", "hasIndustry")),
    "organisation_fields": ("organisation", ("hasField",)),
    "organisation_industries": ("organisation", ("hasIndustry",)),
    "organisation_places": ("organisation", ("locatedIn",)),
    "organisation_languages": ("organisation", ("worksInLanguage",)),
}
_READ = {
    "type",
    "name",
    "alternativeName",
    "description",
    "keyword",
    "holder",
    "over",
    "power",
    "provider",
    "client",
    "object",
    "date",
    "signedOn",
    "transferor",
    "transferee",
    "broker",
    "serviceKind",
    "area",
    "validFrom",
    "validUntil",
    "revokedOn",
    "kind",
    "needOf",
    "requiredLevel",
    "budget",
    "deadline",
    "assesses",
    "level",
    "offers",
    "price",
    "controlledBy",
    "unitOf",
    "broader",
    "locatedInPark",
    "illustrative",
    "inventor",
    "country",
    "madeIn",
} | {name for _, names in _EDGES.values() for name in names}
"""Properties that the arrays read: a difference in others leaves them as they are."""
_CLASSES = (
    "'Technology', 'Organization', 'TechnologyNeed', 'Concept', 'RightsHolding', 'ServiceEngagement', 'TechnologyTransfer', "
    "'ServiceOffering', 'Recognition', 'MaturityAssessment', 'TechnologyOffer', 'Person'"
)
"""Classes whose nodes the arrays read."""


class _Builder(FactTables):
    """Builds the arrays of one table into a directory.

    ``bridge`` is the file of what is said in two languages, where an older one still holds.
    """

    bridge: Path | None = None

    def run(self) -> None:
        self.directory.mkdir(parents=True)
        self._prepare()
        self._concepts()
        for name, (kind, properties) in _EDGES.items():
            self._concept_matrix(name, kind, properties)
        self._words()
        self._people()
        self._countries()
        self._towns()
        self._names()
        self.facts()
        self._bridge()
        self._list()

    def rename(self, classes: set[str]) -> None:
        """Build again, in a directory of linked files, the parts that names of some classes make; all nodes are the same."""
        content = json.loads((self.directory / "arrays.json").read_text(encoding="utf-8"))
        self.sizes, self.matrices = content["sizes"], content["matrices"]
        self._prepare()
        if "Person" in classes:
            self._people()
        if "Organization" in classes:
            self._names()
        self._bridge()
        self._list()

    def _list(self) -> None:
        """Write what there is, by size."""
        text = json.dumps({"sizes": self.sizes, "matrices": self.matrices})
        self.file("arrays.json").write_text(text, encoding="utf-8")

    def _bridge(self) -> None:
        """What is said in two languages; names of all classes make it."""
        if self.bridge is not None:
            os.link(self.bridge, self.file(BRIDGE_FILE))
        else:
            write_bridge(self.con, self.table, self.file(BRIDGE_FILE))

    def _prepare(self) -> None:
        """Make the tables that all parts are read from, and number the nodes."""
        con = self.con
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE typed AS SELECT entity, value AS class FROM {self.table} WHERE property = 'type' "
            f"AND value IN ({_CLASSES})"
        )
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE edges AS SELECT entity, property, object FROM {self.table} WHERE object IS NOT NULL "
            f"AND property IN ({', '.join(repr(name) for name in sorted(_READ))})"
        )
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE vals AS SELECT entity, property, value FROM {self.table} WHERE object IS NULL AND property IN "
            "('date', 'signedOn', 'validFrom', 'validUntil', 'revokedOn', 'budget', 'deadline', 'price', 'illustrative', 'country', 'madeIn')"
        )
        for kind, cls in _KINDS.items():
            con.execute(
                f"CREATE OR REPLACE TEMP TABLE {kind} AS SELECT entity, (row_number() OVER (ORDER BY entity) - 1)::INTEGER AS i "
                f"FROM (SELECT DISTINCT entity FROM typed WHERE class = '{cls}')"
            )
            ids = [row[0] for row in con.execute(f"SELECT entity FROM {kind} ORDER BY i").fetchall()]
            self.sizes[kind] = len(ids)
            self.text(f"{kind}_ids", ids)

    def _concepts(self) -> None:
        self.con.execute(
            "CREATE OR REPLACE TEMP TABLE concept AS SELECT entity, (row_number() OVER (ORDER BY entity) - 1)::INTEGER AS i FROM "
            "(SELECT DISTINCT object AS entity FROM edges WHERE starts_with(object, 'scheme/') UNION SELECT DISTINCT entity FROM typed "
            "WHERE class = 'Concept')"
        )
        ids = [row[0] for row in self.con.execute("SELECT entity FROM concept ORDER BY i").fetchall()]
        self.sizes["concept"] = len(ids)
        self.text("concept_ids", ids)
        # a concept and what is broader, with the number of steps between
        self.con.execute(
            """
            CREATE OR REPLACE TEMP TABLE above AS
            WITH RECURSIVE up(entity, ancestor, steps) AS (
                SELECT entity, entity, 0 FROM concept
                UNION SELECT u.entity, e.object, u.steps + 1 FROM up u JOIN edges e ON e.entity = u.ancestor AND e.property = 'broader'
                WHERE u.steps < 6
            ) SELECT entity, ancestor, min(steps) AS steps FROM up GROUP BY ALL
            """
        )
        self.matrix(
            "concept_above",
            "concept",
            "concept",
            "SELECT c.i, d.i, 0.5 ** a.steps FROM above a JOIN concept c ON "
            "c.entity = a.entity JOIN concept d ON d.entity = a.ancestor",
        )

    def _concept_matrix(self, name: str, kind: str, properties: tuple[str, ...]) -> None:
        listed = ", ".join(f"'{prop}'" for prop in properties)
        self.matrix(
            name,
            kind,
            "concept",
            f"SELECT k.i, c.i, 1.0 AS v FROM edges e JOIN {kind} k ON k.entity = e.entity "
            f"JOIN concept c ON c.entity = e.object WHERE e.property IN ({listed})",
        )

    def _words(self) -> None:
        """Words of names, descriptions and keywords, folded, and beside that as they are spelled where they have diacritics; words that half of
        all have say nothing and are left out."""
        con = self.con
        con.execute(
            "CREATE OR REPLACE TEMP TABLE described AS SELECT entity, (row_number() OVER (ORDER BY entity) - 1)::INTEGER AS i FROM "
            "(SELECT entity FROM technology UNION SELECT entity FROM need)"
        )
        documents = [entity for (entity,) in con.execute("SELECT entity FROM described ORDER BY i").fetchall()]
        texts = (
            f"SELECT d.i, r.value AS text FROM {self.table} r JOIN described d ON d.entity = r.entity "
            "WHERE r.property IN ('name', 'description', 'alternativeName', 'keyword')"
        )
        found = self.counted_words("described", documents, texts, self._split)
        document_count = np.bincount(found.counts.indices, minlength=len(found.words)).astype(np.int32)
        told = np.flatnonzero(document_count <= 20 + 0.5 * np.count_nonzero(np.diff(found.counts.indptr)))
        self.sizes["word"] = len(told)
        self.text("words", [found.words[at] for at in told.tolist()])
        self.save("word_df", document_count[told])
        for kind in ("technology", "need"):
            rows = con.execute(f"SELECT d.i FROM {kind} k JOIN described d USING (entity) ORDER BY k.i").fetchnumpy()[
                "i"
            ]
            matrix = found.counts[np.asarray(rows, dtype=np.int64)][:, told]
            matrix.data = (1 + np.log(matrix.data.astype(np.float64))).astype(np.float32)
            matrix.sum_duplicates()
            self.sparse(f"{kind}_words", matrix)

    def _split(self, texts: str) -> str:
        """The words of texts, each document's with how often it has them."""
        con = self.con
        # a text is longer in bytes than in characters where some have diacritics
        con.execute(
            "CREATE OR REPLACE TEMP TABLE marked AS SELECT i, "
            rf"unnest(string_split_regex(lower(nfc_normalize(text)), '[^\p{{L}}\p{{N}}]+')) AS word FROM ({texts}) "
            "WHERE strlen(text) > length(text)"
        )
        written = con.execute(
            "SELECT DISTINCT word FROM marked WHERE strlen(word) > length(word) ORDER BY word"
        ).fetchall()
        words = [word for (word,) in written if has_diacritics(word)]
        spelled = pa.array(map(spell, words), pa.string())
        con.register("spelling", pa.table({"word": pa.array(words, pa.string()), "spelled": spelled}))
        return f"""
            SELECT i, word, count(*)::FLOAT AS n FROM (
                SELECT i, unnest(string_split_regex({folded("text")}, '{_WORD}')) AS word FROM ({texts})
                UNION ALL SELECT i, spelled FROM marked JOIN spelling USING (word)
            ) WHERE length(word) > 1 GROUP BY ALL
            """

    def _people(self) -> None:
        """Who made a technology, by folded name: persons of one name at several firms are not linked, and may be one all the same."""
        con = self.con
        con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE made_by AS
            SELECT DISTINCT t.i AS technology, trim(regexp_replace({folded("n.value")}, '{_WORD}', ' ', 'g')) AS person
            FROM edges e JOIN technology t ON t.entity = e.entity
            JOIN {self.table} n ON n.entity = e.object AND n.property = 'name' WHERE e.property = 'inventor'
            """
        )
        self.listed("person", "SELECT DISTINCT person FROM made_by WHERE contains(person, ' ')")
        self.matrix(
            "technology_people",
            "technology",
            "person",
            "SELECT m.technology, p.i, 1.0 AS v FROM made_by m JOIN person p ON p.entity = m.person",
        )

    def _countries(self) -> None:
        """The country that a technology is from."""
        self.listed(
            "country",
            "SELECT DISTINCT v.value FROM vals v JOIN technology t USING (entity) WHERE v.property = 'country'",
        )
        self.matrix(
            "technology_countries",
            "technology",
            "country",
            "SELECT t.i, c.i, 1.0 AS v FROM vals x JOIN technology t ON t.entity = x.entity JOIN country c ON c.entity = x.value "
            "WHERE x.property = 'country'",
        )

    def _towns(self) -> None:
        """The town where a technology was made, by folded name with the country: towns of one name are in many countries."""
        con = self.con
        con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE made_in AS
            SELECT DISTINCT t.i AS technology,
                trim(regexp_replace({folded("v.value")}, '{_WORD}', ' ', 'g')) || '{TOWN}' || coalesce(c.value, '') AS town
            FROM vals v JOIN technology t USING (entity)
            LEFT JOIN vals c ON c.entity = v.entity AND c.property = 'country' WHERE v.property = 'madeIn'
            """
        )
        self.listed("town", "SELECT DISTINCT town FROM made_in")
        self.matrix(
            "technology_towns",
            "technology",
            "town",
            "SELECT m.technology, w.i, 1.0 AS v FROM made_in m JOIN town w ON w.entity = m.town",
        )

    def _names(self) -> None:
        """Words and groups of three letters in the names of organisations: what tells names that are nearly alike."""
        con = self.con
        con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE name_grams AS
            WITH words AS (
                SELECT DISTINCT o.i AS organisation, unnest(string_split_regex({folded("n.value")}, '{_WORD}')) AS word
                FROM {self.table} n JOIN organisation o ON o.entity = n.entity WHERE n.property IN ('name', 'alternativeName')
            )
            SELECT DISTINCT organisation, gram FROM (
                SELECT organisation, '=' || word AS gram FROM words WHERE word <> ''
                UNION ALL SELECT organisation, substr('^' || word || '$', place::INTEGER, 3)
                FROM words, unnest(range(1, length(word) + 1)) AS places(place) WHERE word <> ''
            )
            """
        )
        self.listed("gram", "SELECT DISTINCT gram FROM name_grams")
        self.matrix(
            "organisation_grams",
            "organisation",
            "gram",
            "SELECT n.organisation, g.i, 1.0 AS v FROM name_grams n JOIN gram g ON g.entity = n.gram",
        )


def build(con: duckdb.DuckDBPyConnection, table: str, directory: Path, counted: CountedBeside | None = None) -> None:
    """Build the arrays of a resolved table in a new directory.

    :param counted: where counts of words are kept for a later change, and where older ones stand
    """
    _Builder(con, table, directory, counted).run()
    expert_arrays.build(con, table, directory, counted)


_NAMES = frozenset({"Organization", "Person", "Concept"})
"""Classes whose names make a part of their own: what is corrected most often, and terms of a glossary."""


def change(
    con: duckdb.DuckDBPyConnection, table: str, old: Path, new: Path, counted: CountedBeside | None = None
) -> None:
    """Build again what a difference touches; the rest is shared with the old arrays.

    :param con: with the tables ``removed`` and ``added`` of :mod:`graph.resolve.difference`
    :param counted: as of :func:`build`
    """
    triple = "entity, property, object, value, language"
    names = "property IN ('name', 'alternativeName', 'description')"
    listed = ", ".join(f"'{name}'" for name in sorted(_READ))
    named = ", ".join(f"'{name}'" for name in ("Technology", "TechnologyNeed", *sorted(_NAMES)))
    touched = {
        part
        for (part,) in con.execute(
            f"""
            WITH differing AS (
                (SELECT {triple} FROM removed EXCEPT SELECT {triple} FROM added) UNION ALL
                (SELECT {triple} FROM added EXCEPT SELECT {triple} FROM removed)
            )
            SELECT DISTINCT t.value FROM differing d JOIN resolved t ON t.entity = d.entity AND t.property = 'type' AND t.value IN ({named})
            WHERE d.{names} UNION ALL
            SELECT DISTINCT 'all' FROM differing
            WHERE property IN ({listed}) AND NOT {names} AND (property <> 'type' OR value IN ({_CLASSES}))
            """
        ).fetchall()
    }
    made = _Builder(con, table, new, counted)
    if touched and (old / BRIDGE_FILE).is_file() and not _bridge_stale(con):
        made.bridge = old / BRIDGE_FILE
    if touched - _NAMES:
        made.run()
        expert_arrays.build(con, table, new, counted)
        return
    new.mkdir()
    for file in old.iterdir():
        os.link(file, new / file.name)
    if touched:
        made.rename(touched)
    stale = expert_arrays.stale(con, new)
    if stale:
        expert_arrays.build(con, table, new, counted)
    if counted and counted.old:
        for name in ("described",) if stale else ("described", "expert_document"):
            if (counted.old / name).is_dir():
                shutil.copytree(counted.old / name, counted.new / name, copy_function=os.link)


def _bridge_stale(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether a difference touches what is said in two languages: a name or a class of what has names in both, or had.

    :param con: with the tables ``removed``, ``added`` and ``resolved`` of :mod:`graph.resolve.difference`
    """
    names = "property IN ('name', 'alternativeName')"
    row = con.execute(
        f"""
        WITH differing AS (
            SELECT entity FROM removed WHERE property = 'type' OR {names} UNION SELECT entity FROM added WHERE property = 'type' OR {names}
        ), named AS (
            SELECT entity, language FROM resolved WHERE {names} UNION SELECT entity, language FROM removed WHERE {names}
            UNION SELECT entity, language FROM added WHERE {names}
        )
        SELECT EXISTS (SELECT entity FROM named WHERE entity IN (FROM differing) AND language IN ('vi', 'en')
            GROUP BY entity HAVING count(DISTINCT language) = 2)
        """
    ).fetchone()
    return row is not None and bool(row[0])
