"""What came of introductions, as the API takes and gives it."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from api.documents import NodeDocument
from graph.statements.outcomes import SIGNED
from ontology.schemes import schemes

RESULTS = (*schemes().codes("outcome/1"), SIGNED)
REASONS = tuple(schemes().codes("decline-reason/1"))


def _among(codes: Sequence[str], text: str) -> str:
    if text not in codes:
        raise ValueError(f"it is one of {', '.join(codes)}")
    return text


Result = Annotated[
    str, AfterValidator(partial(_among, RESULTS)), WithJsonSchema({"type": "string", "enum": [*RESULTS]})
]
DeclineReason = Annotated[
    str, AfterValidator(partial(_among, REASONS)), WithJsonSchema({"type": "string", "enum": [*REASONS]})
]
_Node = Field(min_length=1, max_length=300, description="An id, an IRI or an exact name.")


class OutcomeForm(BaseModel):
    """What a member tells: a firm was told of a technology by an intermediary, and what it said; or a transfer was signed."""

    model_config = ConfigDict(extra="forbid")

    case: str | None = Field(
        None, max_length=20, description="A case of the desk, by its id, in the place of the technology or of the firm."
    )
    technology: str | None = Field(None, min_length=1, max_length=300, description="An id, an IRI or an exact name.")
    intermediary: str = _Node
    firm: str | None = Field(None, min_length=1, max_length=300, description="An id, an IRI or an exact name.")
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
