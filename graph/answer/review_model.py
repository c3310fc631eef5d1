"""Who may review a proposal, who is excluded and by which path of records; and how councils are made up. The API prints it as it stands."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from graph.answer.expert_model import Employment, Expert
from graph.answer.model import Hop, Ref, SourceRef

ConflictKind = Literal["participant", "employer", "family", "colleague", "co_inventor", "co_worker", "owner"]
"""Takes part in it; works at a party; at a unit, parent or sibling by control of one; with a person of it; made something with one;
worked on another task with one; owns what comes of it."""
Text = Field(None, max_length=2_000)
_DAY = r"^\d{4}-\d{2}-\d{2}$"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class ReviewQuestion(_Part):
    """Who may review a task (an id, an IRI or an exact name), or a text by ``host`` (an organisation) and ``people``.

    ``as_of`` is the day of the review, today where left out: employers of that day count.
    """

    task: str | None = Text
    text: str | None = Text
    host: str | None = Text
    people: tuple[str, ...] = Field((), max_length=20)
    limit: int = Field(10, ge=1, le=20)
    as_of: str | None = Field(None, pattern=_DAY)
    known_at: str | None = Field(None, pattern=_DAY)
    language: Literal["vi", "en"] = "vi"


class Conflict(_Part):
    """A conflict with what leads from the expert to the proposal, each hop with the records that state it."""

    kind: ConflictKind
    sentence: str
    path: tuple[Hop, ...]


class Excluded(_Part):
    """An expert who may not review, with every conflict that was found."""

    expert: Ref
    rank: int
    conflicts: tuple[Conflict, ...]


class Reviewer(_Part):
    """An expert in whose way the graph finds nothing. ``unchecked`` names what is not on record and could hide a conflict."""

    expert: Expert
    unchecked: tuple[Literal["employer"], ...]


class Part(_Part):
    """A part of a group: how many of its members, each counted once where they have one institution."""

    of: Ref | None
    count: int


class Balance(_Part):
    """How a group is made up: by institution, by sector (the class of the institution), and how many of neither on record."""

    members: int
    institutions: tuple[Part, ...]
    sectors: dict[str, int]
    unknown: int


class Reviewers(_Part):
    """The answer. ``parties`` are the bodies and persons of the proposal that conflicts were looked for with."""

    snapshot: str
    as_of: str
    known_at: str | None
    task: Ref | None
    parties: tuple[Ref, ...]
    reviewers: tuple[Reviewer, ...]
    excluded: tuple[Excluded, ...]
    balance: Balance
    missing: tuple[str, ...]
    score_basis: str
    truncated: bool


class Member(_Part):
    """An appointment: who, in what role, when, and where the person worked on that day."""

    person: Ref
    role: Ref | None
    date: str | None
    number: str | None
    employment: tuple[Employment, ...]
    sources: tuple[SourceRef, ...]


class Council(_Part):
    """Those appointed to advise on or review one policy instrument or task, by the day."""

    about: Ref
    roles: dict[str, int]
    members: tuple[Member, ...]
    balance: Balance


class Councils(_Part):
    """The councils, the largest first; ``total`` of them."""

    snapshot: str
    as_of: str
    known_at: str | None
    total: int
    councils: tuple[Council, ...]
    truncated: bool
