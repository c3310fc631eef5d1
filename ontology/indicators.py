"""Indicators of the strategy to 2030 as data (``indicators.yaml``): definition, target, source, and the question that computes each."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ontology.yaml_reading import read_yaml

Certainty = Literal["v", "s", "g", "m"]
"""How sure a target or figure is: read in the source, from secondary texts, general knowledge, made up with the sample."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Said(_Part):
    """A text in both languages."""

    vi: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def said(self, language: str) -> str:
        """The text in a language."""
        return self.en if language == "en" else self.vi


class Measure(_Part):
    """What of a question's rows is the indicator.

    A ``count`` of the different values of a column, the ``max`` of one, or a ``ratio`` of one column in the rows that have some values.
    """

    kind: Literal["count", "max", "ratio"]
    column: str
    where: Mapping[str, Any] = Field(default_factory=dict)
    numerator: Mapping[str, Any] | None = None
    denominator: Mapping[str, Any] | None = None
    unknown: Mapping[str, Any] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        parts = (self.numerator, self.denominator, self.unknown)
        if (self.kind == "ratio") != all(part is not None for part in parts):
            raise ValueError("a ratio, and nothing else, names numerator, denominator and unknown")
        return self


class Target(_Part):
    """What was aimed at: by which year, by whom (the exact name of the body), stated where."""

    value: float
    by: int = Field(ge=2000, le=2100)
    set_by: str
    certainty: Certainty
    source: Said


class Reported(_Part):
    """A figure that was published elsewhere, for a period: shown beside, never computed with."""

    value: float
    period: str
    certainty: Certainty
    source: Said


class Indicator(_Part):
    """An indicator; ``question`` and ``parameters`` are those of a named question."""

    id: str = Field(pattern=r"^[a-z][a-z-]*$")
    title: Said
    definition: Said
    question: str
    parameters: Mapping[str, Any] = Field(default_factory=dict)
    measure: Measure
    better: Literal["higher", "lower"]
    target: Target | None = None
    reported: Reported | None = None


class Indicators(_Part):
    """All indicators, with the version of the list."""

    version: str
    indicators: tuple[Indicator, ...]


@cache
def indicators() -> Indicators:
    """The indicators that are shipped.

    :raises pydantic.ValidationError: where the file is not as it should be
    """
    text = (Path(__file__).parent / "indicators.yaml").read_text(encoding="utf-8")
    return Indicators.model_validate(read_yaml(text))
