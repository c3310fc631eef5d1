"""The guard before Neo4j: what only reads passes, everything else is refused with its place, and nothing is left to chance."""

import random
import time

import pytest

from api.cypher.errors import NotAllowed, NotCypher, QueryProblem, TooLong
from api.cypher.guard import MAX_CHARACTERS, checked
from graph.questions.named import questions
from tests.cypher_texts import BROKEN, FORBIDDEN, READING

WORDS = """
MATCH OPTIONAL WITH UNWIND RETURN CALL FINISH ORDER BY SKIP LIMIT UNION WHERE YIELD
CREATE MERGE SET DELETE DETACH REMOVE FOREACH LOAD CSV FROM SHOW USERS TERMINATE TRANSACTIONS USE DROP INDEX
AND OR NOT IN IS AS CASE WHEN THEN ELSE END DISTINCT EXISTS COUNT COLLECT NULL
n m x count db dbms . labels listConfig $p 'a' 1 `q` /*c*/ ( ( ) ) { } [ ] , : = | + - * > < ;
"""


def test_as_many_texts_are_tried_as_were_written() -> None:
    assert (len(READING), len(FORBIDDEN), len(BROKEN)) == (61, 73, 28)
    assert len({*READING, *FORBIDDEN, *BROKEN}) == 61 + 73 + 28


@pytest.mark.parametrize("query", READING)
def test_what_reads_passes(query: str) -> None:
    assert checked(query)


@pytest.mark.parametrize("name", questions())
def test_the_named_questions_pass(name: str) -> None:
    assert checked(questions()[name].cypher)


@pytest.mark.parametrize("query", FORBIDDEN)
def test_what_does_not_read_is_refused(query: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        checked(query)
    assert refused.value.place is not None


@pytest.mark.parametrize("query", BROKEN)
def test_what_is_not_understood_is_refused(query: str) -> None:
    with pytest.raises(NotCypher):
        checked(query)


@pytest.mark.parametrize(
    ("query", "line", "column", "said"),
    [
        ("CREATE (n)", 1, 1, "This address only reads; CREATE writes (line 1, column 1)."),
        ("MATCH (n)\nWHERE n.x\n  set n.x = 1", 3, 3, "This address only reads; SET writes (line 3, column 3)."),
        ("RETURN 'ế', 1 CALL apoc.x()", 1, 20, "The procedure apoc.x may not be called (line 1, column 20)."),
        ("RETURN '\\u00e9\\u00e9', apoc.x()", 1, 24, "The function apoc.x may not be called (line 1, column 24)."),
        ("RETURN 1,\n\n  foo(2)", 3, 3, "The function foo may not be called (line 3, column 3)."),
        ("RETURN 1\n; RETURN 2", 2, 1, "One statement at a time (line 2, column 1)."),
        ("RETURN \n'abc", 2, 1, "A string does not end, or holds an unknown escape (line 2, column 1)."),
    ],
)
def test_the_place_is_named(query: str, line: int, column: int, said: str) -> None:
    with pytest.raises(QueryProblem) as refused:
        checked(query)
    assert str(refused.value) == said
    assert refused.value.place is not None
    assert (refused.value.place.line, refused.value.place.column) == (line, column)


def test_the_engine_gets_no_comments_and_no_escapes() -> None:
    assert checked("RETURN /* a\nb */ '/*' // c") == "RETURN     \n     '/*'     "
    assert checked("RETURN '\\ud83d\\ude00' AS t\\u00ean") == "RETURN '😀' AS tên"


def test_half_a_character_is_refused() -> None:
    for query in ("RETURN '\\ud83d'", "RETURN '\ud83d'"):
        with pytest.raises(NotCypher):
            checked(query)


def nested(before: str, core: str, after: str, times: int) -> str:
    return f"RETURN {before * times}{core}{after * times} AS x"


TOO_MUCH = {
    "parentheses": nested("(", "1", ")", 5_000),
    "brackets": nested("[", "1", "]", 5_000),
    "open braces": "RETURN " + "{a:" * 5_000,
    "open subqueries": "CALL {" * 5_000,
    "calls": nested("abs(", "1", ")", 200),
    "negations": nested("NOT ", "true", "", 200),
    "sums": "RETURN " + "+".join("1" * 500),
    "texts": "RETURN " + "||".join(["'a'"] * 500),
    "keys": "RETURN n" + ".a" * 200,
    "indexes": "RETURN n" + "[0]" * 200,
    "minus": "RETURN " + "- " * 200 + "1",
    "cases in their subjects": nested("CASE ", "1", " WHEN 1 THEN 1 END", 14),
    "wide cases in their subjects": nested("CASE ", "1", " WHEN 1 THEN 1 WHEN 2 THEN 2 WHEN 3 THEN 3 END", 8),
    "nested EXISTS": "MATCH (n) RETURN " + "EXISTS { MATCH (n) WHERE " * 20 + "true" + " }" * 20,
    "nested COUNT": nested("COUNT { RETURN ", "1", " AS y }", 20),
    "OR": "MATCH (n) WHERE " + " OR ".join(["n.x = 1"] * 2_000) + " RETURN n",
    "AND": "MATCH (n) WHERE " + " AND ".join(["n.x = 1"] * 400) + " RETURN n",
    "XOR": "RETURN " + " XOR ".join(["true"] * 20),
    "pairs of labels": "MATCH (n:" + "&".join(f"(A{at}|B{at})" for at in range(20)) + ") RETURN n",
    "pairs of labels apart": "".join(f"MATCH (n:A{at}|B{at}) " for at in range(20)) + "RETURN n",
    "negated pairs of labels": "MATCH (n:" + "&".join(f"!(A{at}&B{at})" for at in range(12)) + ") RETURN n",
    "pairs of label tests": "MATCH (n) WHERE " + " AND ".join(f"(n:A{at} OR n:B{at})" for at in range(20)) + " RETURN n",
    "negated pairs of label tests": "MATCH (n) WHERE " + " AND ".join(f"NOT (n:A{at} AND n:B{at})" for at in range(20)) + " RETURN n",
    "hops": "MATCH (n)" + "-->()" * 60 + " RETURN n",
    "clauses": "WITH 1 AS x " * 200 + "RETURN x",
    "items": "RETURN [" + ",".join(["1"] * 12_000) + "]",
    "a long case": "RETURN CASE " + "+".join("1" * 60) + " WHEN 1 THEN 2" * 200 + " END",
}  # fmt: skip


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_is_too_much_to_plan_is_refused_at_once(name: str) -> None:
    began = time.perf_counter()
    with pytest.raises(NotCypher) as refused:
        checked(TOO_MUCH[name])
    assert time.perf_counter() - began < 1
    assert refused.value.place is not None


def test_a_long_query_is_refused_unread() -> None:
    with pytest.raises(TooLong):
        checked("RETURN '" + "x" * MAX_CHARACTERS + "'")


def test_what_people_write_is_not_too_much() -> None:
    checked("MATCH (n) WHERE n.id IN [" + ",".join(f"'{at}'" for at in range(2_000)) + "] RETURN n")
    checked("MATCH (n) WHERE " + " OR ".join(f"n.x = {at}" for at in range(90)) + " RETURN n")
    checked("MATCH (n)-[:" + "|".join(f"TYPE{at}" for at in range(90)) + "]->(m) RETURN n")
    checked("MATCH (n:" + "|".join(f"Label{at}" for at in range(90)) + ") RETURN n")
    checked("RETURN " + "[" * 40 + "]" * 40)
    checked("RETURN " + " + ".join(f"n.x{at}" for at in range(60)))
    checked("RETURN {" + ", ".join(f"key{at}: n.value{at}" for at in range(500)) + "}")


def soups(count: int) -> list[str]:
    """Words of Cypher in any order."""
    chance, words = random.Random(11), WORDS.split()
    return [" ".join(chance.choices(words, k=chance.randint(1, 14))) for _ in range(count)]


def test_of_words_in_any_order_none_that_forbids_itself_is_passed() -> None:
    """Two words that only a forbidden clause has beside each other are never passed, however they are surrounded."""
    pairs = (
        "SHOW USERS",
        "LOAD CSV",
        "TERMINATE TRANSACTIONS",
        "DROP INDEX",
        "CALL dbms",
        "DETACH DELETE",
        "SET n",
        "DELETE m",
    )
    passed = []
    for soup in (
        f"{left} {pair} {right}" for pair in pairs for left, right in zip(soups(500), soups(500)[::-1], strict=True)
    ):
        try:
            checked(soup)
            passed.append(soup)
        except QueryProblem:
            pass
    assert [soup for soup in passed if "`" not in soup] == []


def test_a_word_more_in_what_reads_is_no_way_in() -> None:
    """A forbidden clause put between any two words of what reads is refused, wherever it is put."""
    tried = 0
    for query in READING:
        for at in (at for at, sign in enumerate(query) if sign == " "):
            for clause in ("SHOW USERS", "CALL dbms.listConfig()", "LOAD CSV FROM 'x' AS y", "DETACH DELETE n"):
                text = f"{query[:at]} {clause} {query[at:]}"
                inside = any(open_ in query[:at] for open_ in ("'", '"', "`", "//", "/*"))
                if inside:
                    continue
                tried += 1
                with pytest.raises(QueryProblem):
                    checked(text)
    assert tried > 1_000
