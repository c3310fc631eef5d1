"""What an answer to "which experts can help?" is made of. ``/api/experts`` prints it as it stands."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from graph.answer.model import Ref, SourceRef

Kind = Literal["claim", "technology", "task", "appointment", "list"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class ExpertQuestion(_Part):
    """Experts for what is given; technology, need and firm are an id, an IRI or an exact name, ``text`` is free."""

    text: str | None = Field(None, max_length=2_000)
    technology: str | None = Field(None, max_length=2_000)
    need: str | None = Field(None, max_length=2_000)
    firm: str | None = Field(None, max_length=2_000)
    limit: int = Field(20, ge=1, le=200)
    offset: int = Field(0, ge=0, le=100_000, description="Those of better rank that are left out.")
    as_of: str | None = Field(None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    known_at: str | None = Field(None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    language: Literal["vi", "en"] = "vi"


class Reason(_Part):
    """A part of the score: ``value`` is what it adds, relative to the expert who has most of it; the parts add up to the score."""

    feature: str
    value: float
    sentence: str


class Evidence(_Part):
    """Something on record that speaks for an expert; ``similarity`` is relative to the nearest of all, ``day`` its beginning."""

    kind: Kind
    about: Ref
    day: str | None
    similarity: float
    sources: tuple[SourceRef, ...]


class Employment(_Part):
    """Where an expert works on the day asked for; ``valid`` is the period as text, where one is known."""

    organization: Ref
    role: Ref | None
    valid: str | None
    sources: tuple[SourceRef, ...]


class Expert(_Part):
    """A person who may help. ``organization`` is the newest of ``employment``, null where none is on record for that day."""

    rank: int
    expert: Ref
    organization: Ref | None
    employment: tuple[Employment, ...]
    score: float
    reasons: tuple[Reason, ...]
    evidence: tuple[Evidence, ...]


class Experts(_Part):
    """The answer. ``missing`` names what was not understood; ``score_basis`` says what the score is."""

    snapshot: str
    as_of: str
    known_at: str | None
    asked: dict[str, str | None]
    understood: tuple[Ref, ...] = ()
    missing: tuple[str, ...] = ()
    score_basis: str
    experts: tuple[Expert, ...]
    truncated: bool
