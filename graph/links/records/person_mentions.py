"""Mentions of persons with what stands around them in their records, out of the statements.

A record is what was said together: a task with its host and its people, a patent with its inventors and firms. Who left his record is
read as he was last spoken of.
"""

from collections.abc import Iterable, Mapping

import duckdb
import pyarrow as pa
from rdflib import XSD

from graph.links.profiles import classes_below
from graph.links.records.family_words import family_word
from graph.statements.folding import folded
from ontology.model import ontology

_DATES = frozenset({str(XSD.date), str(XSD.gYear)})
_WORD = 3
"""Letters from which a word of a title counts."""
_ABOUT = ("hasField", "hasPatentClass")


def make_person_mentions(con: duckdb.DuckDBPyConnection, standing: Mapping[str, str]) -> None:
    """Make ``person_mentions``, see :data:`graph.links.records.persons.MENTIONS`, and ``numbered_persons(number, subject)``.

    :param con: over the statements, see :func:`graph.statements.loads.open_statements`
    :param standing: mention of an organisation → the one that stands for it
    """
    persons, bodies = (classes_below(root) for root in ("Person", "Organization"))
    con.register("standing_here", pa.table({"body": list(standing), "stands": list(standing.values())}, _TEXTS))
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE last_spoken AS
        SELECT subject, any_value(record) AS record, max(load) AS load FROM all_statements
        WHERE property = 'type' AND value IN ({persons}) GROUP BY subject;
        CREATE OR REPLACE TEMP TABLE numbered_persons AS
        SELECT row_number() OVER (ORDER BY f.rank, subject) - 1 AS number, subject, l.record, l.load
        FROM last_spoken l JOIN founded f USING (subject);
        CREATE OR REPLACE TEMP TABLE around_persons AS
        SELECT s.* FROM all_statements s JOIN (SELECT DISTINCT record, load FROM last_spoken) USING (record, load)
        WHERE s.property IN ({_listed(("type", "name", "provider", *_ABOUT, *_date_properties()))});
        CREATE OR REPLACE TEMP TABLE record_organisations AS
        SELECT DISTINCT s.record, s.load, s.subject, coalesce(g.stands, s.subject) AS organisation
        FROM around_persons s LEFT JOIN standing_here g ON g.body = s.subject
        -- who brings a thing to others is no place where its people work
        WHERE s.property = 'type' AND s.value IN ({bodies})
            AND s.subject NOT IN (SELECT object FROM around_persons WHERE property = 'provider');
        """
    )
    _name_families(con)
    dates, about = _listed(_date_properties()), _listed(_ABOUT)
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE person_mentions AS
        WITH named AS (
            SELECT p.number, p.record, p.load, min(s.value) AS name FROM numbered_persons p
            JOIN around_persons s ON s.subject = p.subject AND s.load = p.load AND s.property = 'name' GROUP BY ALL
        ), people AS (
            SELECT record, load, list_sort(list(DISTINCT name)) AS people FROM named GROUP BY ALL
        ), organisations AS (
            SELECT record, load, list_sort(list(DISTINCT organisation)) AS organisations FROM record_organisations GROUP BY ALL
        ), families AS (
            SELECT o.record, o.load, list_sort(list(DISTINCT f.word)) AS words FROM record_organisations o
            JOIN family_words f USING (subject) GROUP BY ALL
        ), fields AS (
            SELECT record, load, list_sort(list(DISTINCT object)) AS fields FROM around_persons WHERE property IN ({about}) GROUP BY ALL
        ), titles AS (
            SELECT record, load, list_sort(list(DISTINCT word)) AS words FROM (
                SELECT s.record, s.load, unnest(regexp_extract_all(
                    {folded("s.value")}, '[a-z0-9]{{{_WORD},}}')) AS word
                FROM around_persons s WHERE s.property = 'name' AND s.subject NOT IN (
                    SELECT subject FROM around_persons WHERE property = 'type' AND value IN ({persons}, {bodies}))
            ) GROUP BY ALL
        ), years AS (
            SELECT record, load, min(year)::INTEGER AS first_year, max(year)::INTEGER AS last_year FROM (
                SELECT record, load, try_cast(left(value, 4) AS INTEGER) AS year FROM around_persons WHERE property IN ({dates})
            ) GROUP BY ALL
        )
        SELECT n.number, n.name, NULL::VARCHAR AS family_name, p.people, coalesce(o.organisations, []) AS organisations,
            coalesce(w.words, []) AS organisation_words, []::VARCHAR[] AS cities, []::VARCHAR[] AS countries,
            []::VARCHAR[] AS fields, coalesce(f.fields, []) AS broad_fields, coalesce(t.words, []) AS words, y.first_year, y.last_year
        FROM named n JOIN people p USING (record, load) LEFT JOIN organisations o USING (record, load)
        LEFT JOIN families w USING (record, load) LEFT JOIN fields f USING (record, load)
        LEFT JOIN titles t USING (record, load) LEFT JOIN years y USING (record, load)
        """
    )
    con.unregister("standing_here")


def _date_properties() -> tuple[str, ...]:
    return tuple(prop.name for prop in ontology().properties.values() if prop.datatype in _DATES)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


_TEXTS = pa.schema([("body", pa.string()), ("stands", pa.string())])


def _name_families(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``family_words(subject, word)`` of the organisations of ``record_organisations``."""
    rows = con.execute(
        "SELECT DISTINCT s.subject, s.value FROM around_persons s JOIN record_organisations o USING (record, load, subject) "
        "WHERE s.property = 'name' ORDER BY ALL"
    ).fetchall()
    told = [(subject, word) for subject, name in rows if (word := family_word(name))]
    schema = pa.schema([("subject", pa.string()), ("word", pa.string())])
    table = pa.table([[row[0] for row in told], [row[1] for row in told]], schema=schema)
    con.register("told_words", table)
    con.execute("CREATE OR REPLACE TEMP TABLE family_words AS SELECT * FROM told_words")
    con.unregister("told_words")
