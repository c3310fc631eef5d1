"""``ketnoi question``: the list, and what is said of what can't be asked. Its answers are tried by the documents' commands."""

from pathlib import Path

import pytest

from api.commands.questioning import given_in
from graph.questions.named import questions
from tests.conftest import ketnoi, ketnoi_json


def test_without_a_name_the_questions_are_listed(tmp_path: Path) -> None:
    document = ketnoi_json(tmp_path, "question")
    listed = document["questions"]
    assert isinstance(listed, list)
    assert [one["name"] for one in listed] == list(questions())
    assert all(set(one) >= {"number", "name", "title", "parameters", "example"} for one in listed)
    lines = ketnoi(tmp_path, "question").stdout
    for question in questions().values():
        assert question.name in lines
        assert question.title.en in lines


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing",), "there is no question nothing; «ketnoi question» lists them"),
        (("firms_in_park", "Hòa Lạc"), "write parameters as PARAM=VALUE, not «Hòa Lạc»"),
        (("firms_in_park", "--on", "sql"), "--on is cypher or sparql"),
    ],
)
def test_what_can_not_be_asked_is_one_line_and_a_status(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = ketnoi(tmp_path, "question", *arguments, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"ketnoi: {said}\n"


def test_a_parameter_given_twice_has_two_values() -> None:
    assert given_in(["a=1", "b=x=y", "a=2", "c="]) == {"a": ["1", "2"], "b": ["x=y"], "c": [""]}
