"""What came of introductions, as the API takes and gives it."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.documents import NodeDocument
from graph.statements.outcomes import Result

DeclineReason = Literal[
    "price", "not-ready", "no-fit", "rights-unclear", "terms", "no-capacity", "other-choice", "conflict", "other"
]
_Node = Field(min_length=1, max_length=300, description="An id, an IRI or an exact name.")


class OutcomeForm(BaseModel):
    """What a member tells: a firm was told of a technology by an intermediary, and what it said; or a transfer was signed."""

    model_config = ConfigDict(extra="forbid")

    technology: str = _Node
    intermediary: str = _Node
    firm: str = _Node
    day: date | None = Field(
        None, description="When the firm was told, or the contract was signed; today where left out."
    )
    result: Result | None = Field(None, description="What the firm said; nothing while there is no answer.")
    reason: DeclineReason | None = Field(None, description="Why, where the firm declined.")
    answered: date | None = Field(None, description="When the firm said so; today where left out.")


class ToldDocument(BaseModel):
    """What a member told, as it stands."""

    model_config = ConfigDict(frozen=True)

    technology: NodeDocument
    intermediary: NodeDocument
    firm: NodeDocument
    day: str | None
    result: Result | None
    reason: DeclineReason | None
    answered: str | None
    who: str
    instant: str
    illustrative: bool


class WrittenDocument(BaseModel):
    """What is on disk now; members see it at once."""

    model_config = ConfigDict(frozen=True)

    load: str
    technology: str
    intermediary: str
    firm: str
    result: Result | None


class OutcomesDocument(BaseModel):
    """What members told, the newest first, with counts by result and by reason."""

    model_config = ConfigDict(frozen=True)

    snapshot: str
    outcomes: list[ToldDocument]
    results: dict[str, int]
    reasons: dict[str, int]
    truncated: bool
