"""What an answer to "who covers what I lack?" is made of. ``/api/partners`` prints it as it stands."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from graph.answer.model import Gate, Ref, SourceRef

Aspect = Literal["service", "field", "industry", "area", "language"]
Tie = Literal["co_owner", "employer", "former_employer"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class PartnerQuestion(_Part):
    """Partners for an intermediary; intermediary and technology are an id, an IRI or an exact name."""

    intermediary: str = Field(min_length=1, max_length=2_000)
    technology: str | None = Field(None, max_length=2_000)
    limit: int = Field(20, ge=1, le=200)
    offset: int = Field(
        0, ge=0, le=100_000, description="Partners of better rank, and buyers before, that are left out."
    )
    as_of: str | None = Field(None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    known_at: str | None = Field(None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    language: Literal["vi", "en"] = "vi"


class Wanted(_Part):
    """Something that is wanted, and whether the intermediary covers it itself."""

    aspect: Aspect
    concept: Ref
    covered: bool


class Covered(_Part):
    """What a partner covers that the intermediary lacks, and the records that say so."""

    aspect: Aspect
    concept: Ref
    sources: tuple[SourceRef, ...]


class Acquaintance(_Part):
    """That a partner knows a buyer: by a past deal, engagement or introduction."""

    firm: Ref
    event: Ref
    day: str | None
    sources: tuple[SourceRef, ...]


class Partner(_Part):
    """Another intermediary. ``score`` is the part of what is lacking that it covers, and of the buyers that it knows, weighed."""

    rank: int
    intermediary: Ref
    score: float
    covers: tuple[Covered, ...]
    knows: tuple[Acquaintance, ...] = Field(
        description="The first of the buyers that it knows and the intermediary does not."
    )
    knows_total: int
    gate: Gate


class WarmContact(_Part):
    """An organisation that knows the technology's people: a co-owner of what an inventor made, or where an inventor works or worked."""

    organization: Ref
    tie: Tie
    through: Ref
    buyer: bool
    sources: tuple[SourceRef, ...]


class Buyer(_Part):
    """A firm that would be asked; ``known`` where the intermediary itself had to do with it."""

    firm: Ref
    known: tuple[Acquaintance, ...]


class Partners(_Part):
    """The answer. ``score_basis`` says what the score is; ``truncated`` that there are more partners or buyers behind these."""

    snapshot: str
    as_of: str
    known_at: str | None
    intermediary: Ref
    technology: Ref | None
    wanted: tuple[Wanted, ...]
    buyers: tuple[Buyer, ...]
    buyers_total: int
    partners: tuple[Partner, ...]
    warm_contacts: tuple[WarmContact, ...]
    score_basis: str
    truncated: bool
