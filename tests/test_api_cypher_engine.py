"""The guard beside Neo4j's own parser: what passes is planned as reading, and the engine refuses the rest as well."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import neo4j
import pytest

from api.cypher import words
from api.cypher.errors import QueryProblem
from api.cypher.guard import checked
from graph.statements.home import Home
from graph.views.engine import Engine
from graph.views.neo4j_connection import open_driver
from tests.cypher_texts import FORBIDDEN, GUARD_ALONE, READING

pytestmark = pytest.mark.neo4j
PARAMS = {"id": "x", "odd name": 1, "1": 2, "rows": [{"id": "x"}]}


@pytest.fixture(scope="module")
def driver(sample_home: Path) -> Iterator[neo4j.Driver]:
    engine = Engine(Home(sample_home))
    with open_driver(engine.source.endpoint()) as opened:
        yield opened
    engine.close()


def planned(driver: neo4j.Driver, query: str) -> neo4j.ResultSummary:
    """How the engine would run a query."""
    text: Any = f"EXPLAIN {query}"
    with driver.session(default_access_mode=neo4j.READ_ACCESS) as session:
        return session.run(neo4j.Query(text, timeout=20), PARAMS).consume()


@pytest.mark.parametrize("query", READING)
def test_what_passes_is_planned_as_reading(driver: neo4j.Driver, query: str) -> None:
    assert planned(driver, checked(query)).query_type == "r"


def test_functions_and_procedures_are_the_engines(driver: neo4j.Driver) -> None:
    def names(what: str) -> set[str]:
        text: Any = f"SHOW {what} YIELD name RETURN toLower(name)"
        with driver.session(default_access_mode=neo4j.READ_ACCESS) as session:
            return {record[0] for record in session.run(text)}

    functions, procedures = names("FUNCTIONS"), names("PROCEDURES")
    paths, later = {"shortestpath", "allshortestpaths"}, {"cosh", "coth", "sinh", "tanh"}
    assert functions - words.FUNCTIONS == {"file", "linenumber", "graph.byname", "graph.byelementid"}
    assert words.FUNCTIONS - functions == paths | later
    assert procedures >= words.PROCEDURES


def soup(chance: random.Random) -> str:
    """A query that is nearly one: words of queries, some of them from others."""
    pool = [word for text in (*READING, *FORBIDDEN) for word in text.split()]
    base = chance.choice(READING).split()
    for _ in range(chance.randint(1, 3)):
        base.insert(chance.randint(0, len(base)), chance.choice(pool))
    return " ".join(base)


def test_of_a_thousand_texts_those_that_pass_never_write(driver: neo4j.Driver) -> None:
    chance = random.Random(3)
    passed = []
    while len(passed) < 1_000:
        text = soup(chance)
        try:
            passed.append(checked(text))
        except QueryProblem:
            continue
    kinds = set()
    for text in passed:
        try:
            summary = planned(driver, text)
        except neo4j.exceptions.ClientError:
            continue
        kinds.add(summary.query_type)
        assert summary.query_type == "r", text
        assert "procedure call" not in str(summary.plan).lower() or "db." in text
    assert kinds == {"r"}


@pytest.mark.parametrize("query", [query for query in FORBIDDEN if query not in GUARD_ALONE])
def test_the_engine_refuses_it_too(driver: neo4j.Driver, query: str) -> None:
    """Whatever the guard might miss; the others are why there is a guard."""
    text: Any = query
    with driver.session(default_access_mode=neo4j.READ_ACCESS) as session, pytest.raises(neo4j.exceptions.Neo4jError):
        session.run(neo4j.Query(text, timeout=10)).consume()


def test_what_only_the_guard_refuses_is_among_the_texts() -> None:
    assert set(FORBIDDEN) > GUARD_ALONE
    assert len(GUARD_ALONE) == 15
