"""The indicators of the strategy: each names a question that there is, and no target of the real city was made up."""

import pytest
from pydantic import ValidationError

from graph.answer.indicators import figure, target_of
from graph.questions.named import questions
from graph.questions.running import Result
from ontology.indicators import Indicator, Measure, indicators

MADE_UP = "(hư cấu)"


@pytest.mark.parametrize("indicator", indicators().indicators, ids=lambda one: one.id)
def test_an_indicator_is_computed_from_what_its_question_gives(indicator: Indicator) -> None:
    asked = questions()[indicator.question]
    measure = indicator.measure
    conditions = [measure.where, measure.numerator or {}, measure.denominator or {}, measure.unknown or {}]
    assert {measure.column, *(name for where in conditions for name in where)} <= set(asked.columns)
    assert set(indicator.parameters) <= set(asked.parameters)


def test_targets_are_those_of_the_made_up_city() -> None:
    targets = [one.target for one in indicators().indicators if one.target]
    assert targets
    assert all(one.certainty == "m" and MADE_UP in one.set_by for one in targets)
    assert len({one.id for one in indicators().indicators}) == len(indicators().indicators)


class Nobody:
    """Names of a graph in which nobody is called anything."""

    def types(self, identifier: str) -> list[str]:
        return []

    def values(self, identifier: str, prop: str) -> list[str]:
        return []

    def redirect(self, identifier: str) -> None:
        return None

    def search(self, *_: object, **__: object) -> list[object]:
        return []


def test_a_target_of_somebody_else_is_not_shown() -> None:
    for one in indicators().indicators:
        assert target_of(one, Nobody()) is None  # type: ignore[arg-type]


def _result(rows: list[dict[str, object]]) -> Result:
    return Result(("a",), rows, {}, {}, False, "s", "2026-01-01")


def _indicator(**measure: object) -> Indicator:
    said = indicators().indicators[0].model_dump()
    return Indicator.model_validate({**said, "measure": measure})


def test_figures_by_hand() -> None:
    rows: list[dict[str, object]] = [
        {"a": "x", "kind": "good", "n": 3},
        {"a": "x", "kind": "bad", "n": 1},
        {"a": "y", "kind": None, "n": None},
    ]
    assert figure(_indicator(kind="count", column="a"), _result(rows)).value == 2
    assert figure(_indicator(kind="count", column="a", where={"kind": None}), _result(rows)).value == 1
    assert figure(_indicator(kind="max", column="n"), _result(rows)).value == 3
    assert figure(_indicator(kind="max", column="n"), _result([])).value is None
    ratio = _indicator(
        kind="ratio", column="n", numerator={"kind": "good"}, denominator={"a": "x"}, unknown={"kind": None}
    )
    found = figure(ratio, _result(rows))
    assert (found.value, found.numerator, found.denominator, found.unknown) == (0.75, 3, 4, 0)
    assert figure(ratio, _result([])).value is None


def test_a_ratio_without_its_unknown_is_refused() -> None:
    with pytest.raises(ValidationError, match="numerator, denominator and unknown"):
        Measure(kind="ratio", column="n", numerator={}, denominator={})
