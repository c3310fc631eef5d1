"""The files of questions: what they say is checked, and a message names the file that is not as it should be."""

from pathlib import Path

import pytest

from graph.questions.errors import BrokenQuestion
from graph.questions.named import questions, read_questions
from graph.questions.texts import by_one_parameter, cypher_names, fill, projected, sparql_names
from tests.question_files import SPARQL, TOML, WORDS, write_question

COMPUTED = '\n[computed]\nvi = "x"\nen = "x"\n'


def test_a_question_is_read(tmp_path: Path) -> None:
    write_question(tmp_path)
    (question,) = read_questions(tmp_path).values()
    assert (question.name, question.number, question.audience) == ("echo", 1, "B")
    assert (question.title.said("vi"), question.title.said("en")) == ("Chữ", "Words")
    assert list(question.columns) == ["name"]
    assert question.parameters["text"].required
    assert question.example == {"text": "x"}


def test_questions_stand_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    write_question(tmp_path, "a", TOML.replace("number = 1", "number = 12"))
    write_question(tmp_path, "b", TOML.replace("number = 1", "number = 3"))
    assert list(read_questions(tmp_path)) == ["b", "a"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("number = 1", 'number = "1"', "number"),
        ("number = 1", "number = 0", "number"),
        ('audience = "B"', 'audience = "D"', "audience"),
        ('audience = "B"', 'audience = "B"\ncolour = "red"', "colour"),
        (f"title = {WORDS}", 'title = {vi = "Chữ"}', "title.en"),
        ('type = "text"\n', 'type = "text"\nhelp = "x"\n', "parameters.text.help"),
        ('type = "text"\n', 'type = "word"\n', "parameters.text.type"),
        ('type = "text"\n', 'type = "id"\n', "names its class"),
        ('type = "text"\n', 'type = "id"\nclass = "Dragon"\n', "no class Dragon"),
        ('type = "text"\n', 'type = "concept"\n', "names its class, a concept its scheme"),
        ('type = "text"\n', 'type = "text"\nclass = "Park"\n', "names its class"),
        ('type = "text"\n', 'type = "text"\noptional = true\ndefault = "x"\n', "not optional"),
        ('type = "text"\n', 'type = "text"\nseveral = true\ndefault = "x"\n', "takes a list"),
        ('type = "text"\n', 'type = "integer"\ndefault = "many"\n', "whole number"),
        ('type = "text"\n', 'type = "day"\ndefault = "2026-02-30"\n', "a day"),
        ("[parameters.text]", "[parameters.on]", "can't be called on"),
        ('order = ["name"]', 'order = ["-age"]', "age, which is no column"),
        ('order = ["name"]', "order = []", "order"),
        ('text = "x"', "", "lacks text"),
        ('text = "x"', 'text = "x"\nage = 3', "age, which is no parameter"),
        ('text = "x"', 'text = ["x"]', "takes a list"),
        ("[example]", f'[columns.age]\ntype = "integer"\nlabel = {WORDS}\n[example]', "selects name"),
        ("[example]", '[picture]\nkind = "map"\n[example]', "picture"),
        ("[example]", '[picture]\nkind = "bar"\nx = "name"\ny = "age"\n[example]', "age, which is no column"),
        ("[example]", f"{COMPUTED}[example]", "before or after"),
        ("[example]", f'{COMPUTED}before = "rank"\n[example]', "gives a parameter"),
        ("[example]", f'{COMPUTED}after = "walk"\ngives = ["a"]\n[example]', "gives a parameter"),
        ("[example]", "[example", "toml"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in TOML
    write_question(tmp_path, toml=TOML.replace(old, new, 1))
    with pytest.raises(BrokenQuestion, match=r"echo\.toml") as refused:
        read_questions(tmp_path)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("cypher", "sparql", "said"),
    [
        ("RETURN $text AS name, $age AS age", SPARQL, "the Cypher uses age"),
        ("RETURN 'no $text' AS name // $text", SPARQL, "the Cypher does not use text"),
        ("RETURN $text AS name", SPARQL.replace("#@ text", "#@ text age"), "the SPARQL uses age"),
        ("RETURN $text AS name", "SELECT ?name { }", "the SPARQL does not use text"),
        ("RETURN $text AS name", SPARQL + " }", "is none"),
        ("RETURN $text AS name", "ASK {\n#@ text\n}", "no SELECT"),
        ("RETURN $text AS name", SPARQL.replace("?name)", "?title)"), "selects title"),
    ],
)
def test_twins_have_to_fit_the_toml(tmp_path: Path, cypher: str, sparql: str, said: str) -> None:
    write_question(tmp_path, cypher=cypher, sparql=sparql)
    with pytest.raises(BrokenQuestion) as refused:
        read_questions(tmp_path)
    assert said in str(refused.value)


@pytest.mark.parametrize("suffix", ["cypher", "rq", "toml"])
def test_a_question_has_all_three_files(tmp_path: Path, suffix: str) -> None:
    write_question(tmp_path)
    (tmp_path / f"echo.{suffix}").unlink()
    with pytest.raises(BrokenQuestion, match="echo"):
        read_questions(tmp_path)


def test_a_query_in_cypher_alone_is_none_of_the_questions(tmp_path: Path) -> None:
    (tmp_path / "contacts.cypher").write_text("RETURN 1", encoding="utf-8")
    assert not read_questions(tmp_path)


def test_no_two_questions_have_one_number(tmp_path: Path) -> None:
    write_question(tmp_path, "a")
    write_question(tmp_path, "b")
    with pytest.raises(BrokenQuestion, match="a and b have the same number"):
        read_questions(tmp_path)


def test_what_a_ranking_takes_the_queries_need_not(tmp_path: Path) -> None:
    toml = TOML.replace("[example]", f'{COMPUTED}before = "rank"\ngives = ["found"]\n[example]')
    write_question(
        tmp_path, toml=toml, cypher="UNWIND $found AS f RETURN f.name AS name", sparql="SELECT ?name {\n#@ found\n}"
    )
    (question,) = read_questions(tmp_path).values()
    assert (question.before, question.gives, question.after) == ("rank", "found", None)


def test_names_are_found_in_code_alone() -> None:
    assert cypher_names("RETURN $a, 'it''s $b', \"$c\", `x` // $d\n /* $e */ + $f_1") == {"a", "f_1"}
    assert sparql_names("#@ a b\n # @ c\n  #@  d  \n?x #@ e\n#@\n") == {"a", "b", "d"}
    assert projected("SELECT ?a (1 AS ?b) { ?a ?p ?o }") == {"a", "b"}


def test_a_query_takes_its_parameters_from_one_map() -> None:
    asked = "RETURN $a, 'it''s $b', \"$c\", [$f_1] // $d\n /* $e */ LIMIT $limit"
    assert (
        by_one_parameter(asked)
        == "RETURN $given.a, 'it''s $b', \"$c\", [$given.f_1] // $d\n /* $e */ LIMIT $given.limit"
    )


def test_every_marker_is_filled() -> None:
    assert fill("{\n  #@ a b\n  { #@\n#@ a\n}}", {"a": "A", "b": "B"}) == "{\nA B\n  { #@\nA\n}}"
    with pytest.raises(KeyError):
        fill("#@ c", {})


def test_the_shipped_questions_are_the_25() -> None:
    assert [question.number for question in questions().values()] == list(range(1, 26))
