"""The named questions as their files say them: title, parameters and columns in a .toml, the query in Cypher and in SPARQL beside it.

What the three files say is checked when they are read, so that a question that can't be asked is never offered.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    ValidationError,
    model_validator,
)

from graph.questions.errors import BrokenQuestion
from graph.questions.parsing import parse
from graph.questions.texts import cypher_names, projected, sparql_names
from ontology.model import ontology

ParameterType = Literal["text", "day", "integer", "number", "boolean", "id", "concept"]
ColumnType = Literal[
    "id", "concept", "text", "integer", "number", "money", "share", "day", "boolean", "ids", "texts"
]  # fmt: skip
Given = StrictBool | StrictInt | StrictFloat | StrictStr
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Order = Annotated[str, Field(pattern=r"^-?[a-z][a-z0-9_]*$")]

AS_OF = "as_of"
"""The day that every question takes without declaring it."""
RESERVED = frozenset({AS_OF, "known_at", "on", "format", "lang", "language", "snapshot", "offset"})
"""Names that addresses and commands use besides a question's own parameters."""

_DIRECTORY = Path(__file__).parent


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Both(_Part):
    """A text in Vietnamese and in English."""

    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def said(self, language: str) -> str:
        """The text in a language."""
        return self.en if language == "en" else self.vi


class Parameter(_Part):
    """A parameter. ``class`` says what an id has to be, ``scheme`` (such as ``place/2025``) where a concept is from."""

    type: ParameterType
    class_: str | None = Field(None, alias="class")
    scheme: str | None = None
    label: Both
    default: Given | tuple[Given, ...] | None = None
    optional: StrictBool = False
    several: StrictBool = False
    words: dict[Name, Both] = Field(default_factory=dict)
    """What its few values are called, where it is one of these."""

    @property
    def required(self) -> bool:
        """Whether a question can't be asked without it."""
        return self.default is None and not self.optional

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.class_ is not None) != (self.type == "id") or (self.scheme is not None) != (self.type == "concept"):
            raise ValueError("an id names its class, a concept its scheme, nothing else either")
        if self.class_ is not None and self.class_ not in ontology().classes:
            raise ValueError(f"the ontology has no class {self.class_}")
        if self.optional and self.default is not None:
            raise ValueError("what has a default is never left out, so it is not optional")
        if self.default is not None:
            self.fits(self.default)
        return self

    def fits(self, given: Given | tuple[Given, ...]) -> None:
        """Check the form of a value: several or one, and each of the type.

        :raises ValueError: where it does not fit
        """
        if isinstance(given, tuple) != self.several:
            raise ValueError("a list is for a parameter that takes several values, and such a one takes a list")
        for one in given if isinstance(given, tuple) else (given,):
            parse(self.type, one)


class Column(_Part):
    """A column of the result. ``words`` are what its codes are called, where it has codes: files keep the codes, pages show the words."""

    type: ColumnType
    label: Both
    words: dict[str, Both] = Field(default_factory=dict)


class Bars(_Part):
    """A bar for each row: ``x`` names it, ``y`` is its length."""

    kind: Literal["bar"]
    x: Name
    y: Name

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are drawn."""
        return self.x, self.y


class Web(_Part):
    """A line from ``source`` to ``target`` for each row, called by ``label``."""

    kind: Literal["network"]
    source: Name
    target: Name
    label: Name | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are drawn."""
        return (self.source, self.target, *((self.label,) if self.label else ()))


class Computed(_Part):
    """What is computed in Python: a ranking ``before``, which gives a parameter, and a function ``after`` over the rows of either query."""

    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)
    before: Name | None = None
    gives: tuple[Name, ...] = Field((), max_length=1)
    after: Name | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.before and not self.after:
            raise ValueError("say what is computed: before or after")
        if bool(self.before) != bool(self.gives):
            raise ValueError("what is computed before gives a parameter, and nothing else does")
        return self

    def said(self, language: str) -> str:
        """The words in a language."""
        return self.en if language == "en" else self.vi


class NamedQuestion(_Part):
    """A question: what it is called, what it takes and gives, and how it is asked in both languages.

    ``deadline`` is how many seconds a query may take; more than the usual where it goes through everything of a kind.
    """

    name: Name
    number: StrictInt = Field(ge=1)
    audience: Literal["A", "B", "C"]
    order: tuple[Order, ...] = Field(min_length=1)
    title: Both
    definition: Both
    parameters: dict[Name, Parameter] = Field(default_factory=dict)
    columns: dict[Name, Column] = Field(min_length=1)
    example: dict[Name, Given | tuple[Given, ...]] = Field(default_factory=dict)
    picture: Bars | Web | None = Field(None, discriminator="kind")
    computed: Computed | None = None
    deadline: StrictInt = Field(20, ge=1, le=120)
    cypher: str = Field(min_length=1)
    sparql: str = Field(min_length=1)

    @property
    def before(self) -> str | None:
        """The ranking that is done first."""
        return self.computed.before if self.computed else None

    @property
    def after(self) -> str | None:
        """The function over the rows of either query."""
        return self.computed.after if self.computed else None

    @property
    def gives(self) -> str | None:
        """The parameter that the ranking gives."""
        return self.computed.gives[0] if self.computed and self.computed.gives else None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if taken := RESERVED & set(self.parameters):
            raise ValueError(f"a parameter can't be called {', '.join(sorted(taken))}")
        named = {key.removeprefix("-") for key in self.order} | set(self.picture.columns if self.picture else ())
        if unknown := named - set(self.columns):
            raise ValueError(f"order and picture name {', '.join(sorted(unknown))}, which is no column")
        self._check_example()
        self._check_twins()
        return self

    def _check_example(self) -> None:
        if unknown := set(self.example) - set(self.parameters) - {AS_OF}:
            raise ValueError(f"the example has {', '.join(sorted(unknown))}, which is no parameter")
        if missing := [name for name, one in self.parameters.items() if one.required and name not in self.example]:
            raise ValueError(f"the example lacks {', '.join(missing)}")
        for name, given in self.example.items():
            if name in self.parameters:
                self.parameters[name].fits(given)

    def _check_twins(self) -> None:
        own = set(self.parameters)
        known = own | {AS_OF} | ({self.gives} if self.gives else set())
        for language, used in (("Cypher", cypher_names(self.cypher)), ("SPARQL", sparql_names(self.sparql))):
            if unknown := used - known:
                raise ValueError(f"the {language} uses {', '.join(sorted(unknown))}, which is no parameter")
            # what a ranking or an analysis takes, the queries need not take too
            if idle := set() if self.computed else own - used:
                raise ValueError(f"the {language} does not use {', '.join(sorted(idle))}")
        selected = projected(self.sparql)
        if not self.after and selected != set(self.columns):
            raise ValueError(f"the SPARQL selects {', '.join(sorted(selected))}; the columns are others")


def read_questions(directory: Path) -> Mapping[str, NamedQuestion]:
    """The questions of a directory by name, in the order of their numbers.

    :raises BrokenQuestion: where a file is not as it should be; the message names it
    """
    if lone := {path.stem for path in directory.glob("*.rq")} - {path.stem for path in directory.glob("*.toml")}:
        raise BrokenQuestion(f"{directory}: {', '.join(sorted(lone))}.rq has no .toml")
    found = sorted((_read(path) for path in directory.glob("*.toml")), key=lambda one: one.number)
    for one, other in pairwise(found):
        if one.number == other.number:
            raise BrokenQuestion(f"{directory}: {one.name} and {other.name} have the same number")
    return MappingProxyType({one.name: one for one in found})


def _read(path: Path) -> NamedQuestion:
    try:
        said: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        # several questions may be computed from the rows of one query
        asked = path.with_name(said.pop("asks", path.stem))
        texts = {
            key: asked.with_suffix(suffix).read_text(encoding="utf-8")
            for key, suffix in (("cypher", ".cypher"), ("sparql", ".rq"))
        }
        return NamedQuestion(name=path.stem, **said, **texts)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(map(str, first["loc"]))
        raise BrokenQuestion(f"{path}: {at}{': ' if at else ''}{first['msg'].removeprefix('Value error, ')}") from None
    except (OSError, TypeError, ValueError) as error:
        raise BrokenQuestion(f"{path}: {error}") from None


@cache
def questions() -> Mapping[str, NamedQuestion]:
    """The questions that are shipped."""
    return read_questions(_DIRECTORY)


@cache
def registers() -> Mapping[str, NamedQuestion]:
    """The registers that are shipped: questions whose answer is a list to look through, none of the competency questions."""
    return read_questions(_DIRECTORY / "registers")


@cache
def analyses() -> Mapping[str, NamedQuestion]:
    """What is computed of the whole network for those who make policy; asked as questions are, and none of the competency questions."""
    return read_questions(_DIRECTORY / "analyses")
