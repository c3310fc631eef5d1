"""Persons as records: columns made of what each mention's record says, and how two of them are compared.

Names shared by many say little, so beside the name and how frequent it is the model reads the surroundings: who else is named in the
record, which organisations, where, which fields, which words of its title, and when.
"""

from string import Template

import duckdb
import pyarrow as pa

from graph.links.records.comparisons import Block, Comparison, Kind, Level, either_empty, shared
from graph.links.records.frequencies import count_names
from graph.links.records.names import Frequencies, read_name

_RARE_NAME = 0.02
"""Namesakes below which a shared co-worker's name says that it is the same co-worker."""
_SMALL = 100
"""Persons up to which an organisation is small: two of one name there are hardly ever two persons."""
_RARE_WORD, _FEW = 0.01, 5
"""Share of the titles, and number of them, up to which a word tells what one is about."""

_GAP = "greatest(greatest(first_year_l, first_year_r) - least(last_year_l, last_year_r), 0)"

PERSONS = Kind(
    name="person",
    table="person_records",
    comparisons=(
        Comparison(
            "name",
            "given_l IS NULL OR given_r IS NULL",
            (
                Level("given_l = given_r OR given_sorted_l = given_sorted_r", "same name"),
                Level("first_l = first_r AND (initials_l = '' OR initials_r = '')", "same name but for middle names"),
                Level(
                    "first_l = first_r AND (starts_with(initials_l, initials_r) OR starts_with(initials_r, initials_l))",
                    "same first name, middle names that agree",
                ),
                Level("first_l = first_r", ""),
                Level("length(given_l) = 1 OR length(given_r) = 1", "initial that agrees"),
                Level("starts_with(given_l, given_r) OR starts_with(given_r, given_l)", "part of the name"),
                Level("jaro_winkler_similarity(given_l, given_r) > 0.92", "similar name"),
                Level("ELSE", ""),
            ),
        ),
        Comparison(
            "rarity",
            "namesakes_l IS NULL OR namesakes_r IS NULL",
            (
                Level("greatest(namesakes_l, namesakes_r) < 0.002", "very rare name"),
                Level("greatest(namesakes_l, namesakes_r) < 0.01", "rare name"),
                Level("greatest(namesakes_l, namesakes_r) < 0.05", ""),
                Level("greatest(namesakes_l, namesakes_r) < 0.2", ""),
                Level("ELSE", ""),
            ),
        ),
        Comparison(
            "coworkers",
            either_empty("coworkers"),
            (
                Level(shared("coworkers", 2), "two shared co-workers and more"),
                Level(shared("rare_coworkers"), "a shared co-worker of a rare name"),
                Level(shared("coworkers"), "a shared co-worker"),
                Level("ELSE", ""),
            ),
        ),
        Comparison(
            "organisations",
            either_empty("organisations"),
            (
                Level(shared("small_organisations"), "the same organisation, a small one"),
                Level(shared("organisations"), "the same organisation"),
                Level(shared("organisation_words"), "organisations of one first word"),
                Level("ELSE", ""),
            ),
        ),
        Comparison(
            "place",
            either_empty("countries"),
            (
                Level(shared("cities"), "the same town"),
                Level(shared("countries"), "the same country"),
                Level("ELSE", ""),
            ),
        ),
        Comparison(
            "fields",
            either_empty("broad_fields"),
            (
                Level(shared("fields", 3), "three shared fields and more"),
                Level(shared("fields"), "a shared field"),
                Level(shared("broad_fields"), "a shared broad field"),
                Level("ELSE", ""),
            ),
        ),
        Comparison(
            "words",
            either_empty("words"),
            (
                Level(shared("words", 2), "two rare words of the titles and more"),
                Level(shared("words"), "a rare word of the titles"),
                Level("ELSE", ""),
            ),
        ),
        Comparison(
            "years",
            "first_year_l IS NULL OR first_year_r IS NULL",
            (
                Level(f"{_GAP} <= 1", "at one time"),
                Level(f"{_GAP} <= 5", ""),
                Level(f"{_GAP} <= 15", ""),
                Level(f"{_GAP} <= 30", ""),
                Level("ELSE", ""),
            ),
        ),
    ),
    blocks=(
        Block(("family", "given_sorted")),
        Block(("family", "given")),
        # "Robert Smith" and "Robert J. Smith", "Robert J. Smith" and "Robert James Smith"
        Block(("family", "first"), where="(l.initials = '') <> (r.initials = '')"),
        Block(("family", "first", "initials"), where="(l.shortened OR r.shortened)"),
        Block(("family", "initial"), sharing="coworkers"),
    ),
    never="l.spelling <> r.spelling",
    learned_in="family_and_initial",
)

MENTIONS = pa.schema(
    [
        ("number", pa.int64()),
        ("name", pa.string()),
        ("family_name", pa.string()),
        ("people", pa.list_(pa.string())),
        ("organisations", pa.list_(pa.string())),
        ("organisation_words", pa.list_(pa.string())),
        ("cities", pa.list_(pa.string())),
        ("countries", pa.list_(pa.string())),
        ("fields", pa.list_(pa.string())),
        ("broad_fields", pa.list_(pa.string())),
        ("words", pa.list_(pa.string())),
        ("first_year", pa.int32()),
        ("last_year", pa.int32()),
    ]
)
"""Columns of ``person_mentions``: a number, the earlier mention's the lesser; a name as written (``family_name`` where it is
known apart), and what stands around it."""


def make_person_records(con: duckdb.DuckDBPyConnection, frequencies: Frequencies, only: str | None = None) -> None:
    """Make ``person_records`` of the table ``person_mentions``; mentions that are no full name are left out.

    :param con: with ``person_mentions`` in the columns of :data:`MENTIONS`
    :param frequencies: how frequent names are elsewhere; those that are mentioned count besides
    :param only: a table of numbers of mentions; records are then made of those alone that one of them is compared with
    """
    _read_names(con, frequencies.with_counts(count_names(con)))
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE rare_words AS
        SELECT word FROM (SELECT unnest(words) AS word FROM person_mentions)
        GROUP BY word HAVING count(*) BETWEEN 2 AND greatest({_FEW}, {_RARE_WORD} * (SELECT count(*) FROM person_mentions));
        CREATE OR REPLACE TEMP TABLE small_organisations AS
        SELECT organisation FROM (
            SELECT unnest(m.organisations) AS organisation, n.whole FROM person_mentions m
            JOIN read_names n ON n.name = m.name AND n.family_name IS NOT DISTINCT FROM m.family_name
        ) GROUP BY organisation HAVING count(DISTINCT whole) <= {_SMALL};
        CREATE OR REPLACE TEMP TABLE spellings AS
        SELECT family, given_sorted FROM read_names WHERE spelled <> '' GROUP BY ALL HAVING count(DISTINCT spelled) > 1;
        """
    )
    _choose_compared(con, only)
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE around AS
        WITH people AS (
            SELECT number, list_sort(list(DISTINCT whole)) AS coworkers, list_sort(list(DISTINCT whole) FILTER (namesakes < {_RARE_NAME})) AS rare
            FROM (SELECT number, unnest(people) AS name FROM compared_persons) p JOIN read_names n ON n.name = p.name AND n.family_name IS NULL
            GROUP BY number
        ), told AS (
            SELECT number, list_sort(list(DISTINCT word)) AS words FROM (SELECT number, unnest(words) AS word FROM compared_persons)
            JOIN rare_words USING (word) GROUP BY number
        ), small AS (
            SELECT number, list_sort(list(DISTINCT organisation)) AS organisations
            FROM (SELECT number, unnest(organisations) AS organisation FROM compared_persons) JOIN small_organisations USING (organisation)
            GROUP BY number
        )
        SELECT m.number, coalesce(p.coworkers, []) AS coworkers, coalesce(p.rare, []) AS rare_coworkers, coalesce(t.words, []) AS words,
            coalesce(s.organisations, []) AS small_organisations
        FROM compared_persons m LEFT JOIN people p USING (number) LEFT JOIN told t USING (number) LEFT JOIN small s USING (number)
        """
    )
    query = """
        CREATE OR REPLACE TABLE person_records AS
        SELECT m.number, n.family, n.given, n.given_sorted, n.first, n.initials, left(n.given, 1) AS initial,
            n.initials <> '' AND length(n.given) = length(n.first) + length(n.initials) AS shortened,
            n.family || ' ' || left(n.given, 1) AS family_and_initial, n.namesakes,
            -- where spellings tell persons apart, who was typed without diacritics is none of them
            CASE WHEN s.family IS NULL THEN NULL ELSE n.spelled END AS spelling,
            $coworkers, $rare_coworkers, $organisations, $small_organisations, $organisation_words, $cities, $countries, $fields,
            $broad_fields, $words, m.first_year, m.last_year
        FROM compared_persons m JOIN around a USING (number)
        JOIN read_names n ON n.name = m.name AND n.family_name IS NOT DISTINCT FROM m.family_name
        LEFT JOIN spellings s ON s.family = n.family AND s.given_sorted = n.given_sorted
        """
    con.execute(Template(query).substitute({**_LISTS, **{name: _hashed(f"m.{name}", name) for name in _SAID}}))


def _choose_compared(con: duckdb.DuckDBPyConnection, only: str | None) -> None:
    """Make ``compared_persons``: all mentions, or those that are equal to one of ``only`` in what all blocks ask for."""
    if only is None:
        con.execute("CREATE OR REPLACE TEMP VIEW compared_persons AS SELECT * FROM person_mentions")
        return
    (shared_column,) = set.intersection(*({*block.columns} for block in PERSONS.blocks))
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE asked_families AS
        SELECT DISTINCT n.{shared_column} FROM person_mentions m JOIN {only} USING (number)
        JOIN read_names n ON n.name = m.name AND n.family_name IS NOT DISTINCT FROM m.family_name;
        DROP VIEW IF EXISTS compared_persons;
        CREATE OR REPLACE TEMP TABLE compared_persons AS
        SELECT m.* FROM person_mentions m JOIN read_names n ON n.name = m.name AND n.family_name IS NOT DISTINCT FROM m.family_name
        WHERE n.{shared_column} IN (FROM asked_families)
        """
    )


_SAID = ("organisations", "organisation_words", "cities", "countries", "fields", "broad_fields")


def _hashed(column: str, name: str) -> str:
    """A list of texts as numbers: what two lists share is found several times as fast."""
    return f"list_transform({column}, lambda item: hash(item)) AS {name}"


_LISTS = {
    **{
        name: _hashed(f"list_filter(a.{name}, lambda whole: whole <> n.whole)", name)
        for name in ("coworkers", "rare_coworkers")
    },
    **{name: _hashed(f"a.{name}", name) for name in ("small_organisations", "words")},
}


_PARTS = ("family", "given", "given_sorted", "first", "initials", "spelled", "whole")


def _read_names(con: duckdb.DuckDBPyConnection, frequencies: Frequencies) -> None:
    """Make ``read_names``: each name that occurs, in parts."""
    rows = con.execute(
        "SELECT DISTINCT name, family_name FROM person_mentions UNION SELECT DISTINCT unnest(people), NULL FROM person_mentions ORDER BY ALL"
    ).fetchall()
    found = [
        (text, family, *(getattr(name, part) for part in _PARTS), frequencies.namesakes(name))
        for text, family in rows
        if (name := read_name(text, family)) is not None
    ]
    columns = list(zip(*found, strict=True)) or [()] * 10
    texts = ("name", "family_name", *_PARTS)
    table = pa.table(
        {name: pa.array(columns[at], pa.string()) for at, name in enumerate(texts)}
        | {"namesakes": pa.array(columns[9], pa.float64())}
    )
    con.register("read_names_here", table)
    con.execute("CREATE OR REPLACE TEMP TABLE read_names AS SELECT * FROM read_names_here")
    con.unregister("read_names_here")
