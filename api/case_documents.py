"""Cases and what is proposed for a text, as the API takes and gives them."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from graph.answer.case_proposals import FIELDS, LEVELS, PATENT_CLASSES, Proposed
from ontology.schemes import schemes

TEXT = 60_000
"""Characters of a case's text."""
PLACES = "place/2025"
POWERS, FORMS = "power/1", "transfer-form/1"
_MOST_MONEY = 10**15


def _concept(scheme: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        found = schemes().concepts.get(text.strip())
        if found is not None and found.scheme == scheme:
            return found.id
        known = schemes().find(scheme, text.strip())
        if known is None:
            raise ValueError(f"it is no code of {scheme}")
        return known

    return read


def _code(scheme: str) -> Callable[[str], str]:
    read = _concept(scheme)
    return lambda text: read(text).rsplit("/", 1)[-1]


def _absent(value: object) -> object:
    """What a form leaves empty is not stated."""
    return None if isinstance(value, str) and not value.strip() else value


Field_ = Annotated[str, AfterValidator(_concept(FIELDS))]
PatentClass = Annotated[str, AfterValidator(_concept(PATENT_CLASSES))]
Place = Annotated[str, AfterValidator(_concept(PLACES))]
Level = Annotated[str, AfterValidator(_code(LEVELS))]
Power = Annotated[str, AfterValidator(_code(POWERS))]
Form = Annotated[str, AfterValidator(_code(FORMS))]
Keyword = Annotated[str, Field(min_length=1, max_length=100)]
Text = Annotated[str | None, Field(max_length=300), BeforeValidator(_absent)]
Money = Annotated[int | None, Field(ge=0, le=_MOST_MONEY), BeforeValidator(_absent)]
Day = Annotated[date | None, BeforeValidator(_absent)]


class RightsForm(BaseModel):
    """What is stated of the rights of who gives the case; what is left out is unknown."""

    model_config = ConfigDict(extra="forbid")

    power: Annotated[Power | None, BeforeValidator(_absent)] = Field(
        None, description="A code of the scheme of powers."
    )
    exclusive: bool = False
    sublicensable: bool = False
    territory: list[Place] = Field([], max_length=40, description="Codes of places.")
    within_classes: bool = Field(False, description="The right holds within the patent classes of the case.")
    until: Day = None


class CaseForm(BaseModel):
    """A case as its owner states it. Concepts by code or by the path of their IRI; who gives it by id, IRI or name."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["technology", "need"] = "technology"
    title: str = Field(min_length=1, max_length=300)
    text: str = Field(min_length=1, max_length=TEXT)
    language: Literal["vi", "en"] = "vi"
    fields: list[Field_] = Field([], max_length=10, description="Fields of research.")
    patent_classes: list[PatentClass] = Field([], max_length=10, description="Subclasses of the IPC.")
    level: Annotated[Level | None, BeforeValidator(_absent)] = Field(
        None, description="Readiness; of a need the least that it asks for."
    )
    keywords: list[Keyword] = Field([], max_length=20)
    party: Text = Field(None, description="Whose technology or need it is.")
    intermediary: Text = Field(None, description="The intermediary that acts; one that is on record.")
    mandate: Annotated[str | None, Field(max_length=2_000), BeforeValidator(_absent)] = Field(
        None, description="By whose order, and how far it goes; never published."
    )
    rights: RightsForm = RightsForm()
    forms: list[Form] = Field([], max_length=5, description="Forms of transfer.")
    price: Money = Field(None, description="Asked, or the budget of a need; VND.")
    floor_price: Money = Field(
        None, description="The lowest; VND; for curators alone, also when the case is published."
    )
    region: list[Place] = Field([], max_length=40)
    deadline: Day = Field(None, description="Of a need.")


class PublishForm(BaseModel):
    """Whether everybody may see a case."""

    model_config = ConfigDict(extra="forbid")

    published: bool


class RightsDocument(BaseModel):
    """What is stated of the rights."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    power: str | None
    exclusive: bool
    sublicensable: bool
    territory: list[str]
    fields: bool
    until: str | None


class CaseDocument(BaseModel):
    """A case. ``id`` is also the id of the technology or need, once it is published and the next publish is done."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    owner: str
    published: bool
    kind: Literal["technology", "need"]
    title: str
    text: str
    language: str
    fields: list[str]
    patent_classes: list[str]
    level: str | None
    keywords: list[str]
    party: str | None
    party_name: str | None
    broker: str | None
    mandate: str | None
    rights: RightsDocument
    forms: list[str]
    price: int | None
    floor_price: int | None
    region: list[str]
    deadline: str | None
    day: str
    illustrative: bool


class FiguresDocument(BaseModel):
    """A broker's own figures: of her introductions, by what became of them."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    introductions: int
    waiting: int
    overdue: int
    closed: int
    accepted: int
    days_to_answer: float | None
    success_rate: float | None
    reasons: dict[str, int]


class CasesDocument(BaseModel):
    """The cases that who asks may open, the newest first, and the own figures."""

    model_config = ConfigDict(frozen=True)

    cases: list[CaseDocument]
    figures: FiguresDocument


class ProposedDocument(BaseModel):
    """A proposal, how much speaks for it (0 to 1; 0 where only a label does), and the words of the text that it rests on."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    value: str
    label: str
    score: float
    words: list[str]


class ProposalsDocument(BaseModel):
    """What is proposed for a text; nothing of it is kept. ``text`` is what was read of a document."""

    model_config = ConfigDict(frozen=True)

    snapshot: str
    title: str
    text: str
    language: str
    fields: list[ProposedDocument]
    patent_classes: list[ProposedDocument]
    levels: list[ProposedDocument]
    keywords: list[ProposedDocument]


def proposed(one: Proposed, language: str) -> ProposedDocument:
    """A proposal with its label."""
    return ProposedDocument(
        value=one.value, label=schemes().label(one.value, language), score=one.score, words=list(one.words)
    )
