"""The shape of a case: what is left out says nothing, what the shape does not know is refused with its place."""

from typing import Any

import pytest
from pydantic import ValidationError

from graph.policy.case import Case, problem

ASK = {"from": "O", "to": "T"}
HOLDING = {"holder": "O", "power": "own"}


def case(**changes: Any) -> Case:
    return Case.model_validate({"id": "x", "on": "2026-03-01", "ask": ASK, **changes})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"approvd": "2026-01-01"}, ["approvd: unknown key", "approved"]),
        ({"holdings": [{**HOLDING, "fild": 1}]}, ["holdings.0.fild: unknown key", "sublicensable"]),
        ({"ask": {**ASK, "form": "loan"}}, ["ask.form", "licence"]),
        ({"on": "soon"}, ["on: "]),
        ({"funding": [{"amount": -1}]}, ["funding.0.amount"]),
        ({"holdings": [{**HOLDING, "share": 1.5}]}, ["holdings.0.share"]),
    ],
)
def test_what_is_no_case_is_refused_with_its_place(changes: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(ValidationError) as caught:
        case(**changes)
    assert all(word in problem(caught.value) for word in words)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("VN-HN", ("VN-HN",)),
        (["VN", " vn-hn "], ("VN", "VN-HN")),
        ("*", ("*",)),
        (["A61K 31/00"], ("A61K31/00",)),
        ([], None),
        ([" "], None),
        (None, None),
    ],
)
def test_one_code_or_several_are_read_alike(written: Any, read: tuple[str, ...] | None) -> None:
    (held,) = case(holdings=[{**HOLDING, "territory": written, "field": written}]).holdings or ()
    assert held.territory == held.field == read


def test_a_form_left_out_means_a_licence() -> None:
    assert case().ask.form == "licence"


def test_a_case_is_written_as_the_contract_names_its_keys() -> None:
    said = case(holdings=[{**HOLDING, "from": "2026-01-01"}]).model_dump(mode="json", by_alias=True)
    assert said["holdings"][0]["from"] == "2026-01-01" and said["ask"]["from"] == "O"
    assert case(**said) == case(holdings=[{**HOLDING, "from": "2026-01-01"}])
