"""Binding: text to values by type, defaults, names to ids, codes to concepts; and what is refused with a sentence that says why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph.questions.binding import MOST_VALUES, bind
from graph.questions.errors import QuestionError
from graph.questions.named import NamedQuestion, read_questions
from graph.questions.parsing import parse
from graph.statements.home import today
from ontology.model import BASE
from ontology.text import fold
from tests.question_files import WORDS, write_question

HOA_LAC, OLD, OTHER, FIRM = "a" * 12, "b" * 12, "c" * 12, "d" * 12


@dataclass(frozen=True)
class Hit:
    id: str
    name: str


class Book:
    """Names of a handful of nodes. A search finds whatever shares a word."""

    nodes: Mapping[str, tuple[str, str]] = {
        HOA_LAC: ("Park", "Khu công nghệ cao Hòa Lạc"),
        OTHER: ("Park", "Khu phần mềm"),
        "e" * 12: ("Park", "Khu phần mềm"),
        FIRM: ("Enterprise", "Khu công nghệ cao Hòa Lạc"),
        "scheme/ford/2015/2.5": ("Concept", "Kỹ thuật vật liệu"),
        "scheme/ford/2015/new": ("Concept", "Lĩnh vực mới"),
        "scheme/trl/1/7": ("Concept", "TRL 7"),
    }

    def types(self, identifier: str) -> Sequence[str]:
        return [self.nodes[identifier][0]] if identifier in self.nodes else []

    def values(self, identifier: str, prop: str) -> Sequence[str]:
        return [self.nodes[identifier][1]] if prop == "name" and identifier in self.nodes else []

    def redirect(self, identifier: str) -> str | None:
        return HOA_LAC if identifier == OLD else None

    def search(self, text: str, limit: int = 20, classes: Sequence[str] = (), language: str = "vi") -> Iterable[Hit]:
        words = set(fold(text).split())
        for identifier, (cls, name) in self.nodes.items():
            if cls in classes and words & set(fold(name).split()):
                yield Hit(identifier, name)


def question_with(directory: Path, parameters: str) -> NamedQuestion:
    """A question with these parameters, of which its queries use none."""
    toml = f"""
number = 1
audience = "A"
order = ["name"]
title = {WORDS}
definition = {WORDS}
{parameters.replace("LABEL", f"label = {WORDS}")}
[columns.name]
type = "text"
label = {WORDS}
[computed]
vi = "x"
en = "x"
after = "keystones"
[example]
"""
    write_question(directory, toml=toml, cypher="RETURN 1 AS name", sparql="SELECT ?name { }")
    return read_questions(directory)["echo"]


PARKS = '[parameters.park]\ntype = "id"\nclass = "Park"\ndefault = "Khu công nghệ cao Hòa Lạc"\nLABEL'
FIELDS = '[parameters.field]\ntype = "concept"\nscheme = "ford/2015"\nseveral = true\ndefault = ["2.5"]\nLABEL'
SINCE = '[parameters.since]\ntype = "integer"\noptional = true\nLABEL'


@pytest.fixture
def question(tmp_path: Path) -> NamedQuestion:
    return question_with(tmp_path, f"{PARKS}\n{FIELDS}\n{SINCE}")


def bound(question: NamedQuestion, **given: Any) -> dict[str, Any]:
    return bind(question, given, Book())


def refused(question: NamedQuestion, **given: Any) -> str:
    with pytest.raises(QuestionError) as error:
        bound(question, **given)
    return str(error.value)


def test_defaults_are_bound_as_if_they_were_given(question: NamedQuestion) -> None:
    assert bound(question) == {
        "park": HOA_LAC,
        "field": ("scheme/ford/2015/2.5",),
        "since": None,
        "as_of": date.fromisoformat(today()),
    }


@pytest.mark.parametrize(
    "text",
    ["Khu công nghệ cao Hòa Lạc", "khu cong nghe cao hoa lac", HOA_LAC, f"{BASE}id/{HOA_LAC}", OLD, f" {HOA_LAC} "],
)
def test_a_node_is_meant_by_name_id_iri_or_the_id_that_it_had(question: NamedQuestion, text: str) -> None:
    assert bound(question, park=text)["park"] == HOA_LAC


@pytest.mark.parametrize(
    "text", ["2.5", "Kỹ thuật vật liệu", "scheme/ford/2015/2.5", f"{BASE}scheme/ford/2015/2.5", "materials engineering"]
)
def test_a_concept_is_meant_by_code_name_id_or_iri(question: NamedQuestion, text: str) -> None:
    assert bound(question, field=[text])["field"] == ("scheme/ford/2015/2.5",)


def test_a_concept_of_a_scheme_that_was_loaded_is_found_by_its_code(question: NamedQuestion) -> None:
    assert bound(question, field="new")["field"] == ("scheme/ford/2015/new",)


def test_a_value_given_twice_counts_once(question: NamedQuestion) -> None:
    assert bound(question, field=["2.5", "new", "Kỹ thuật vật liệu"])["field"] == (
        "scheme/ford/2015/2.5",
        "scheme/ford/2015/new",
    )


def test_empty_fields_of_a_form_are_left_out(question: NamedQuestion) -> None:
    given = bound(question, park=[""], field=["", " "], since=[""], as_of=[""])
    assert given == bound(question)


def test_numbers_and_days_are_read(question: NamedQuestion) -> None:
    given = bound(question, since=["2016"], as_of=["2026-07-01"])
    assert (given["since"], given["as_of"]) == (2016, date(2026, 7, 1))
    assert bound(question, since=2016, as_of=date(2026, 7, 1)) == given


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"parc": "x"}, "echo takes park, field, since, as_of"),
        ({"park": "Khu công nghệ Hòa Lạc"}, f"near are «Khu công nghệ cao Hòa Lạc» ({HOA_LAC})"),
        ({"park": "Khu công nghề cao Hòa Lạc"}, "no Park is called so"),
        ({"park": "zzz"}, "search for it first"),
        ({"park": FIRM}, "no Park is called so"),
        ({"park": "Khu phần mềm"}, f"several of class Park are called so; give the id of one: «Khu phần mềm» ({OTHER})"),
        ({"park": [HOA_LAC, OTHER]}, "park: give one value"),
        ({"park": "x" * 2_001}, "park: give an id, an IRI or an exact name"),
        ({"field": "scheme/trl/1/7"}, "the scheme ford/2015 has no such concept"),
        ({"field": "9.9"}, "the scheme ford/2015 has no such concept"),
        ({"field": "2.5/../../x y"}, "the scheme ford/2015 has no such concept"),
        ({"field": ["2.5"] * (MOST_VALUES + 1)}, "field: give at most 100 values"),
        ({"since": "many"}, "since: give a whole number such as 7"),
        ({"since": True}, "since: give a whole number such as 7"),
        ({"as_of": "yesterday"}, "as_of: give a day such as 2026-12-31"),
    ],
)  # fmt: skip
def test_what_can_not_be_bound_is_refused_with_what_to_do(
    question: NamedQuestion, given: dict[str, Any], said: str
) -> None:
    assert said in refused(question, **given)


def test_what_was_given_is_not_repeated(question: NamedQuestion) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    for given in ({"park": nasty}, {"field": nasty}, {"since": nasty}, {"as_of": nasty}, {nasty: "x"}):
        assert "<img" not in refused(question, **given)


def test_a_required_parameter_is_asked_for(tmp_path: Path) -> None:
    required = '[parameters.park]\ntype = "id"\nclass = "Park"\nLABEL'
    toml = question_with(tmp_path, required.replace("LABEL", 'default = "x"\nLABEL'))
    lacking = toml.model_copy(
        update={"parameters": {"park": toml.parameters["park"].model_copy(update={"default": None})}}
    )
    assert refused(lacking) == "echo needs park: Words (a Park)"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "-7", -7), ("integer", "+7", 7), ("number", "0.5", 0.5), ("number", "1e3", 1000.0), ("boolean", "True", True),
        ("boolean", "false", False), ("day", "2024-02-29", date(2024, 2, 29)), ("text", " x ", "x"),
    ],
)  # fmt: skip
def test_text_is_read_by_its_type(kind: str, text: str, value: object) -> None:
    found = parse(kind, text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("integer", "7.0"), ("integer", "٧"), ("integer", "1" * 19), ("integer", "1_000"), ("integer", 7.0), ("integer", 10**18),
        ("number", "nan"), ("number", "inf"), ("number", "x"), ("number", False), ("boolean", "yes"), ("boolean", 1),
        ("day", "2026-02-30"), ("day", "20260701"), ("day", "2026-W27-3"), ("day", "2026-07-01T00:00:00"), ("text", ""), ("text", 7),
    ],
)  # fmt: skip
def test_what_is_not_of_a_type_is_refused(kind: str, given: object) -> None:
    with pytest.raises(ValueError, match="give "):
        parse(kind, given)
