"""Arrays for finding experts: what speaks for a person, as documents with their words, fields and days.

A document is a technology that a person made, a task that a person works on, a claim of expertise, an appointment, or the list that gives
a person's fields. The arrays stand beside those of :mod:`graph.views.arrays` and are made and read apart from them: a claim that was
added makes no ranking of technologies anew.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
import numpy as np
from scipy.sparse import csr_array

from graph.statements.folding import folded
from graph.views.array_files import ArrayWriter, CountedBeside
from graph.views.arrays import NO_DAY
from graph.views.errors import NotReady

KINDS: tuple[Literal["claim", "technology", "task", "appointment", "list"], ...] = (
    "claim",
    "technology",
    "task",
    "appointment",
    "list",
)
"""What a document can be; ``kind`` of the arrays counts from 0 in this order."""
_WORD = "[^a-z0-9]+"
_EDGES = ("person", "task", "about", "resultOf", "inventor", "hasField", "hasPatentClass", "protects")
_VALUES = ("validFrom", "validUntil", "date", "approvedOn", "firstDisclosure", "grantedOn")
_TEXTS = ("name", "alternativeName", "description")
_CLASSES = (
    "Person",
    "Technology",
    "IPRight",
    "STTask",
    "ResearchResult",
    "TaskParticipation",
    "ExpertiseClaim",
    "Appointment",
    "PolicyInstrument",
)
_LIST = "experts.json"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


_SPEAKS = """
    SELECT 0 AS kind, c.entity AS node, e.object AS person, c.entity AS of FROM expert_typed c
    JOIN expert_edges e ON e.entity = c.entity AND e.property = 'person' WHERE c.class = 'ExpertiseClaim'
    UNION ALL SELECT 1, t.entity, e.object, t.entity FROM expert_typed t
    JOIN expert_edges e ON e.entity = t.entity AND e.property = 'inventor' WHERE t.class = 'Technology'
    UNION ALL SELECT 2, k.object, e.object, k.object FROM expert_typed p
    JOIN expert_edges k ON k.entity = p.entity AND k.property = 'task'
    JOIN expert_edges e ON e.entity = p.entity AND e.property = 'person' WHERE p.class = 'TaskParticipation'
    UNION ALL SELECT 3, a.entity, e.object, b.object FROM expert_typed a
    JOIN expert_edges e ON e.entity = a.entity AND e.property = 'person'
    JOIN expert_edges b ON b.entity = a.entity AND b.property = 'about' WHERE a.class = 'Appointment'
    UNION ALL SELECT DISTINCT 4, p.entity, p.entity, p.entity FROM expert_typed p
    JOIN expert_edges f ON f.entity = p.entity AND f.property = 'hasField' WHERE p.class = 'Person'
"""
"""Document (kind and node), the person for whom it speaks, and the node whose fields it has."""
_TOLD = """
    SELECT DISTINCT d.i, s.of AS teller FROM speaks s JOIN expert_document d ON d.entity = s.document WHERE s.kind < 4
    UNION SELECT d.i, r.entity FROM speaks s JOIN expert_document d ON d.entity = s.document
    JOIN expert_edges r ON r.property = 'resultOf' AND r.object = s.of WHERE s.kind = 2
    UNION SELECT d.i, s.node FROM speaks s JOIN expert_document d ON d.entity = s.document WHERE s.kind = 3
"""
"""Document and the nodes whose words it has: of a task the results too. What a person is called says nothing of what the person knows."""
_DAYS = """
    SELECT d.i, d.entity[1:1]::TINYINT AS kind,
    coalesce(date_diff('day', DATE '1970-01-01', least(
        min(v.value) FILTER (v.property IN ('date', 'validFrom', 'approvedOn', 'firstDisclosure')), min(g.value))::DATE), {none})::INTEGER AS start,
    coalesce(date_diff('day', DATE '1970-01-01', (min(v.value) FILTER (v.property = 'validUntil' AND s.kind = 0))::DATE), {none})::INTEGER AS until
    FROM expert_document d JOIN speaks s ON s.document = d.entity
    LEFT JOIN expert_days v ON v.entity = s.node AND s.kind < 4
    LEFT JOIN expert_edges p ON p.property = 'protects' AND p.object = s.node AND s.kind = 1
    LEFT JOIN expert_days g ON g.entity = p.entity AND g.property = 'grantedOn'
    GROUP BY d.i, d.entity
"""


class _Builder(ArrayWriter):
    """Builds the arrays for finding experts out of one table."""

    def run(self) -> None:
        con = self.con
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE expert_typed AS SELECT entity, value AS class FROM {self.table} "
            f"WHERE property = 'type' AND value IN ({_listed(_CLASSES)})"
        )
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE expert_edges AS SELECT entity, property, object FROM {self.table} "
            f"WHERE object IS NOT NULL AND property IN ({_listed(_EDGES)})"
        )
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE expert_days AS SELECT entity, property, value FROM {self.table} "
            f"WHERE object IS NULL AND property IN ({_listed(_VALUES)})"
        )
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE speaks AS SELECT *, kind || '/' || node AS document FROM ({_SPEAKS}) WHERE person IN "
            "(SELECT entity FROM expert_typed WHERE class = 'Person')"
        )
        self.listed("expert", "SELECT DISTINCT person FROM speaks")
        self.listed("expert_document", "SELECT DISTINCT document FROM speaks")
        self.matrix(
            "expert_documents",
            "expert",
            "expert_document",
            "SELECT DISTINCT e.i, d.i, 1.0 AS v FROM speaks s JOIN expert e ON e.entity = s.person "
            "JOIN expert_document d ON d.entity = s.document",
        )
        self.columns("expert_document", _DAYS.format(none=NO_DAY))
        self._words()
        self._fields()
        text = json.dumps({"sizes": self.sizes, "matrices": self.matrices})
        self.file(_LIST).write_text(text, encoding="utf-8")

    def _words(self) -> None:
        """How often a document has a word, or two words side by side, where more than one document has these."""
        texts = (
            f"SELECT t.i, r.value AS text FROM ({_TOLD}) t JOIN {self.table} r ON r.entity = t.teller "
            f"AND r.property IN ({_listed(_TEXTS)})"
        )
        found = self.counted_words("expert_document", self.ids["expert_document"], texts, _split)
        self.sizes["expert_word"] = len(found.words)
        self.text("expert_word_ids", found.words)
        self.sparse("expert_document_words", found.counts)

    def _fields(self) -> None:
        fields = (
            "SELECT DISTINCT d.i, f.object AS concept FROM speaks s JOIN expert_document d ON d.entity = s.document "
            "JOIN expert_edges f ON f.entity = s.of AND f.property IN ('hasField', 'hasPatentClass')"
        )
        self.listed("expert_concept", f"SELECT DISTINCT concept FROM ({fields})")
        self.matrix(
            "expert_document_fields",
            "expert_document",
            "expert_concept",
            f"SELECT f.i, c.i, 1.0 AS v FROM ({fields}) f JOIN expert_concept c ON c.entity = f.concept",
        )


def _split(texts: str) -> str:
    """The words of texts and the pairs that stand side by side, each document's with how often it has them."""
    return f"""
        WITH split AS (
            SELECT i, list_filter(string_split_regex({folded("text")}, '{_WORD}'), lambda x: x <> '') AS words FROM ({texts})
        ), told AS (
            SELECT i, unnest(words) AS word FROM split UNION ALL
            SELECT i, unnest(list_transform(range(1, len(words)), lambda k: words[k] || ' ' || words[k + 1])) FROM split
        )
        SELECT i, word, count(*)::FLOAT AS n FROM told GROUP BY ALL
        """


def build(con: duckdb.DuckDBPyConnection, table: str, directory: Path, counted: CountedBeside | None = None) -> None:
    """Build the arrays for finding experts in a directory that there is.

    :param counted: where counts of words are kept for a later change, and where older ones stand
    """
    _Builder(con, table, directory, counted).run()


def stale(con: duckdb.DuckDBPyConnection, directory: Path) -> bool:
    """Whether a difference touches the arrays of a directory, or it has none.

    :param con: with the tables ``removed`` and ``added`` of :mod:`graph.resolve.difference`, and ``resolved``, the older table
    """
    if not (directory / _LIST).is_file():
        return True
    triple = "entity, property, object, value, language"
    row = con.execute(
        f"""
        WITH differing AS (
            (SELECT {triple} FROM removed EXCEPT SELECT {triple} FROM added) UNION ALL
            (SELECT {triple} FROM added EXCEPT SELECT {triple} FROM removed)
        )
        SELECT count(*) FROM differing d WHERE d.property IN ({_listed(_EDGES + _VALUES)})
        OR (d.property = 'type' AND d.value IN ({_listed(_CLASSES)}))
        OR (d.property IN ({_listed(_TEXTS)}) AND EXISTS (FROM resolved t WHERE t.entity = d.entity AND t.property = 'type'
            AND t.value IN ({_listed(tuple(name for name in _CLASSES if name != "Person"))})))
        """
    ).fetchone()
    return row is not None and row[0] > 0


@dataclass(frozen=True, slots=True)
class ExpertArrays:
    """What speaks for whom: ``speaks`` (experts × documents), ``words`` (documents × words and pairs of words, counts), ``fields`` (documents × concepts).

    ``kind``, ``start`` and ``until`` are of the documents; days count from 1970-01-01 and are ``NO_DAY`` where none is on record.
    """

    experts: list[str]
    nodes: list[str]
    vocabulary: list[str]
    concepts: list[str]
    speaks: csr_array
    words: csr_array
    fields: csr_array
    kind: np.ndarray
    start: np.ndarray
    until: np.ndarray


def read(directory: Path) -> ExpertArrays:
    """Open the arrays of a publish.

    :raises NotReady: where it was published before there were any
    """
    if not (directory / _LIST).is_file():
        raise NotReady("this snapshot was published before experts could be ranked; run «ketnoi publish --rebuild»")
    content = json.loads((directory / _LIST).read_text(encoding="utf-8"))

    def ids(kind: str) -> list[str]:
        found = (directory / f"{kind}_ids.txt").read_text(encoding="utf-8")
        return found.split("\n") if content["sizes"][kind] else []

    def matrix(name: str) -> csr_array:
        data, indices, indptr = (np.load(directory / f"{name}.{part}.npy") for part in ("data", "indices", "indptr"))
        rows, columns = content["matrices"][name]
        return csr_array((data, indices, indptr), shape=(rows, columns))

    return ExpertArrays(
        experts=ids("expert"),
        nodes=[document.split("/", 1)[1] for document in ids("expert_document")],
        vocabulary=ids("expert_word"),
        concepts=ids("expert_concept"),
        speaks=matrix("expert_documents"),
        words=matrix("expert_document_words"),
        fields=matrix("expert_document_fields"),
        kind=np.load(directory / "expert_document.kind.npy"),
        start=np.load(directory / "expert_document.start.npy"),
        until=np.load(directory / "expert_document.until.npy"),
    )
