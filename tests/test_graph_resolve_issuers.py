"""Who issues what: of two identifiers of one scheme, the one that its register gives is the body's; the other is kept as a claim."""

import duckdb
import pytest

from graph.resolve.table import make_facts, make_table
from ontology.statement import CURATOR_PREFIX

BODY = "body"
Said = tuple[str, str, list[tuple[str, str]]]
"""Source, record, and the identifiers (scheme, value) that the record gives to the one body."""


def resolve(*said: Said) -> duckdb.DuckDBPyConnection:
    """The resolved table of what sources say, each in a load of its own, in that order."""
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE loads (load INTEGER, source VARCHAR, file VARCHAR, licence VARCHAR, instant VARCHAR, kind VARCHAR)"
    )
    con.execute(
        "CREATE TABLE versions (record VARCHAR, key VARCHAR, load INTEGER, line INTEGER, visibility VARCHAR, present BOOLEAN)"
    )
    con.execute(
        "CREATE TABLE said (record VARCHAR, subject VARCHAR, property VARCHAR, object VARCHAR, value VARCHAR, language VARCHAR, "
        "load INTEGER, pos INTEGER)"
    )
    con.execute("CREATE TABLE entities (subject VARCHAR, entity VARCHAR)")
    for load, (source, record, identifiers) in enumerate(said, 1):
        con.execute(
            "INSERT INTO loads VALUES (?, ?, 'f.csv', NULL, '2026-01-01T00:00:00+00:00', 'table')", [load, source]
        )
        con.execute("INSERT INTO versions VALUES (?, ?, ?, 1, 'public', true)", [record, record, load])
        mention = f"{record}/about"
        con.execute("INSERT INTO entities VALUES (?, ?)", [mention, BODY])
        rows: list[tuple[str, str, str | None, str | None]] = [(mention, "type", None, "Enterprise")]
        for scheme, value in identifiers:
            node = f"{record}/{scheme}/{value}"
            con.execute("INSERT INTO entities VALUES (?, ?)", [node, f"{scheme}:{value}"])
            rows += [
                (node, "type", None, "Identifier"),
                (node, "identifierScheme", None, scheme),
                (node, "identifierValue", None, value),
                (mention, "hasIdentifier", node, None),
            ]
        con.executemany(
            "INSERT INTO said VALUES (?, ?, ?, ?, ?, NULL, ?, ?)",
            [
                (record, subject, prop, target, value, load, at)
                for at, (subject, prop, target, value) in enumerate(rows)
            ],
        )
    con.execute("CREATE VIEW all_statements AS SELECT * FROM said")
    make_facts(con)
    make_table(con)
    return con


def identifiers(con: duckdb.DuckDBPyConnection) -> set[str]:
    rows = con.execute("SELECT object FROM resolved WHERE entity = ? AND property = 'hasIdentifier'", [BODY]).fetchall()
    return {row[0] for row in rows}


def claims(con: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """(property, object) of the competing claims about the body."""
    return set(
        con.execute(
            "SELECT p.value, o.object FROM resolved a JOIN resolved p ON p.entity = a.entity AND p.property = 'claimProperty' "
            "JOIN resolved o ON o.entity = a.entity AND o.property = 'claimObject' "
            "WHERE a.property = 'claimAbout' AND a.object = ?",
            [BODY],
        ).fetchall()
    )


GLEIF: Said = ("gleif", "g", [("lei", "506700GE1G29325QX363")])
TYPED: Said = ("enterprise/firms", "f", [("lei", "529900T8BM49AURSDO55"), ("tax-code", "0100109106")])
ROR: Said = ("ror", "r", [("ror", "03yrm5c26"), ("lei", "213800D1EI4B9WTWWD28")])


@pytest.mark.parametrize("order", [(GLEIF, TYPED), (TYPED, GLEIF)])
def test_the_register_goes_before_what_others_typed_whatever_came_last(order: tuple[Said, Said]) -> None:
    con = resolve(*order)
    assert identifiers(con) == {"lei:506700GE1G29325QX363", "tax-code:0100109106"}
    assert claims(con) == {("hasIdentifier", "lei:529900T8BM49AURSDO55")}


def test_a_register_is_believed_about_its_own_identifiers_only() -> None:
    """ROR gives a LEI besides its own id; of the LEI it knows no more than anybody."""
    con = resolve(GLEIF, ROR)
    assert identifiers(con) == {"lei:506700GE1G29325QX363", "ror:03yrm5c26"}
    assert claims(con) == {("hasIdentifier", "lei:213800D1EI4B9WTWWD28")}


def test_where_no_register_spoke_the_newest_counts() -> None:
    first: Said = ("city/firms", "a", [("lei", "213800D1EI4B9WTWWD28")])
    con = resolve(first, TYPED)
    assert identifiers(con) == {"lei:529900T8BM49AURSDO55", "tax-code:0100109106"}
    assert claims(con) == {("hasIdentifier", "lei:213800D1EI4B9WTWWD28")}


def test_a_curator_goes_before_the_register() -> None:
    curator: Said = (f"{CURATOR_PREFIX}lan", "c", [("lei", "529900T8BM49AURSDO55")])
    con = resolve(GLEIF, curator, ("gleif", "g2", GLEIF[2]))
    assert identifiers(con) == {"lei:529900T8BM49AURSDO55"}


def test_schemes_without_an_issuer_bear_several_and_agreement_is_no_contest() -> None:
    branches: Said = ("city/firms", "b", [("tax-code", "0100109106-001"), ("lei", "506700GE1G29325QX363")])
    con = resolve(GLEIF, branches, ("enterprise/firms", "d", [("tax-code", "0100109106")]))
    assert identifiers(con) == {"lei:506700GE1G29325QX363", "tax-code:0100109106-001", "tax-code:0100109106"}
    assert claims(con) == set()
