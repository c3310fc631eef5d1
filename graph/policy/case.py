"""A case of rights: what is on record about one result or technology, and what is asked.

The shape is that of the contract. A key left out, or null, means that nothing is on record; a key that the
shape does not know is refused.
"""

from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from graph.policy.law import within

Form = Literal["assignment", "licence", "sublicence"]
Power = Literal["own", "use", "manage", "register", "transfer"]
Listing = Literal["none", "encouraged", "restricted", "prohibited"]

ANY = "*"
"""Every territory, or every field."""


def _codes(value: Any) -> Any:
    """One code or several, in capitals and without spaces; an empty list says as little as none."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list | tuple) and all(isinstance(code, str) for code in value):
        return tuple(found for code in value if (found := "".join(code.split()).upper())) or None
    return value


Codes = Annotated[tuple[str, ...] | None, BeforeValidator(_codes)]
Name = Annotated[str, Field(min_length=1)]
Asked = Annotated[Form, BeforeValidator(lambda form: "licence" if form is None else form)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False)


class Period(_Part):
    """Days, inclusive at both ends; a missing end is open. A period without ends, ``{}``, is always."""

    from_: date | None = Field(default=None, validation_alias="from", serialization_alias="from")
    until: date | None = None

    def holds(self, on: date) -> bool:
        return within(on, self.from_, self.until)


class Contribution(_Part):
    """Money for the task: who paid, whether it is the state's, how much."""

    by: Name | None = None
    state: bool | None = None
    amount: float | None = Field(default=None, ge=0, le=1e20)


class Decision(_Part):
    """An authority's decision on a result; without a day it counts from ever."""

    to: Name
    power: Literal["own", "use"]
    on: date | None = None


class Holding(Period):
    """Somebody's power over the technology. ``exclusive`` and ``sublicensable`` left out mean false."""

    holder: Name
    power: Power
    share: float | None = Field(default=None, ge=0, le=1)
    exclusive: bool | None = None
    sublicensable: bool | None = None
    territory: Codes = None
    field: Codes = None


class Ask(_Part):
    """What is asked: may ``from`` give this to ``to``? A form left out means a licence, as in the main question."""

    from_: Name = Field(validation_alias="from", serialization_alias="from")
    to: Name | None = None
    form: Asked = "licence"
    cross_border: bool | None = None
    territory: Codes = None
    field: Codes = None


class Case(_Part):
    """A case. ``expected`` holds any keys of the answer; only an evaluation reads it."""

    id: str | int
    on: date
    approved: date | None = None
    host: Name | None = None
    funding: tuple[Contribution, ...] | None = None
    authors: tuple[Name, ...] | None = None
    decisions: tuple[Decision, ...] | None = None
    consents: tuple[Name, ...] | None = None
    holdings: tuple[Holding, ...] | None = None
    listed: Listing | None = None
    permit: Period | None = None
    certificate: bool | None = None
    ask: Ask
    expected: dict[str, Any] | None = None

    def contributions(self) -> tuple[Contribution, ...]:
        """Who paid anything: a contribution of nothing owns nothing and makes no state money."""
        return tuple(item for item in self.funding or () if item.amount != 0)

    def decided(self) -> tuple[Decision, ...]:
        """The decisions taken up to the day of the question."""
        return tuple(item for item in self.decisions or () if item.on is None or item.on <= self.on)


def problem(error: ValidationError) -> str:
    """What is wrong with a case, one clause a fault, for the one who wrote it."""
    return "; ".join(_fault(item["loc"], item["type"], item["msg"]) for item in error.errors(include_url=False))


def _fault(path: tuple[int | str, ...], kind: str, message: str) -> str:
    if not path:
        return message
    where = ".".join(map(str, path))
    if kind != "extra_forbidden":
        return f"{where}: {message}"
    keys = ", ".join(str(item.validation_alias or name) for name, item in _model(path[:-1]).model_fields.items())
    return f"{where}: unknown key; the keys here are {keys}"


def _model(path: tuple[int | str, ...]) -> type[BaseModel]:
    """The part of a case that a path leads to."""
    model: type[BaseModel] = Case
    for step in path:
        if isinstance(step, str):
            model = _models(model.model_fields[step].annotation)[0]
    return model


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models(part)]
