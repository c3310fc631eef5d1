"""The shapes of the API's answers about what stands around an entity, its history, and what somebody may be typing."""

from pydantic import BaseModel, ConfigDict, Field

from api.documents import NodeDocument, SourceDocument


class _Document(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class NeighbourDocument(_Document):
    """A node beside the entity: ``kind`` is its class in words, ``href`` its page.

    ``count`` edges or events tie them, the ``last`` of which is of that day; ``event`` is the latest. ``state`` says what holds on the day:
    valid, ended, future, or undated where no period is on record.
    """

    node: NodeDocument
    kind: str
    href: str
    illustrative: bool
    count: int
    last: str | None
    state: str
    event: NodeDocument | None
    sources: list[SourceDocument]


class BesideDocument(_Document):
    """The neighbours that one way leads to: ``total`` nodes by ``meetings`` edges or events. ``next`` is the ``from`` of the next page."""

    way: str
    label: str
    total: int
    meetings: int
    neighbours: list[NeighbourDocument]
    next: int | None


class NeighboursDocument(_Document):
    """What stands around an entity on a day. ``unfollowed`` counts edges to it, by property, that were too many to be followed."""

    snapshot: str
    as_of: str
    id: str
    groups: list[BesideDocument]
    unfollowed: dict[str, int]


class SaidDocument(_Document):
    """A value or a target of a property; ``name`` is the target's."""

    property: str
    object: str | None
    name: str | None
    value: str | None
    language: str | None


class VersionDocument(_Document):
    """What one load changed in what one record says: ``state`` is new, changed or gone."""

    load: str
    instant: str
    source: str
    file: str
    line: int
    record: str
    state: str
    added: list[SaidDocument]
    removed: list[SaidDocument]


class LinkDocument(_Document):
    """That two mentions are one body (``same``) or are not: by whom, how probable, and why."""

    load: str
    instant: str
    source: str
    later: str
    later_name: str
    earlier: str
    earlier_name: str
    same: bool
    probability: float | None
    reason: str


class HistoryDocument(_Document):
    """The history of an entity, the newest first: how many ``mentions`` it is made of, versions of records, and links."""

    snapshot: str
    id: str
    mentions: int
    versions_total: int
    versions: list[VersionDocument]
    links_total: int
    links: list[LinkDocument]
    next: int | None = Field(description="The ``from`` of the next page.")


class SuggestionDocument(BaseModel):
    """A node whose name may be what is being typed: ``kind`` is its class in words, ``href`` its page."""

    id: str
    name: str
    type: str
    kind: str
    href: str
    illustrative: bool


class SuggestionsDocument(BaseModel):
    """Suggestions, the best first."""

    snapshot: str
    suggestions: list[SuggestionDocument]
