"""Claims to speak for an organisation and corrections proposed by who does, as the API takes and gives them."""

from pydantic import BaseModel, ConfigDict, Field

from api.documents import Judgement, NodeDocument
from graph.statements.claims import State

NOTE = 500
"""Characters of a note or of an answer."""


class ClaimForm(BaseModel):
    """Somebody says that she speaks for an organisation."""

    model_config = ConfigDict(extra="forbid")

    organization: str = Field(min_length=1, max_length=300, description="An id or an IRI.")
    note: str = Field("", max_length=NOTE, description="How a curator can find out; nobody else reads it.")


class CorrectionForm(Judgement):
    """A value that who speaks for an organisation says is right."""

    note: str = Field("", max_length=NOTE, description="Where a curator can look it up; nobody else reads it.")


class DecisionForm(BaseModel):
    """What a curator decides."""

    model_config = ConfigDict(extra="forbid")

    accepted: bool
    answer: str = Field("", max_length=NOTE, description="What the member is told.")


class ClaimDocument(BaseModel):
    """A claim as it stands: waiting, accepted or refused, by whom and when."""

    model_config = ConfigDict(frozen=True)

    id: str
    organization: NodeDocument
    who: str
    note: str
    made: str
    state: State
    by: str | None
    decided: str | None
    answer: str


class CorrectionDocument(ClaimDocument):
    """A proposed correction as it stands; ``load`` states it, where it was accepted, and is seen after the publish that it started."""

    property: str
    value: str
    language: str | None
    load: str | None


class ClaimsDocument(BaseModel):
    """Claims and proposed corrections, the newest first."""

    model_config = ConfigDict(frozen=True)

    claims: list[ClaimDocument]
    corrections: list[CorrectionDocument]
