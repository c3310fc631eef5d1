"""The shapes of what the API says of snapshots."""

from pydantic import BaseModel, ConfigDict


class _Document(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class SourceLicenceDocument(_Document):
    """A source, and the licence of what it says; null where none is stated."""

    source: str
    licence: str | None


class RewrittenDocument(_Document):
    """That something was erased from a kept snapshot: the day, and the SHA-256 that its N-Quads had before."""

    on: str
    sha256: str


class KeptDocument(_Document):
    """A kept snapshot. ``sha256`` and ``bytes`` are those of its canonical N-Quads, uncompressed, as they are since the last of
    ``rewritten``.
    """

    snapshot: str
    iri: str
    title: str | None
    note: str | None
    instant: str
    kept: str
    publish: int
    last_load: int
    nodes: int
    edges: int
    quads: int
    bytes: int
    sha256: str
    parameters: dict[str, str]
    licences: list[SourceLicenceDocument]
    rewritten: list[RewrittenDocument]
    citation: dict[str, str]
    bibtex: str


class PublishedDocument(_Document):
    """A publish: the snapshot that it gave, when, the last load in it, and what it depends on besides the loads."""

    publish: int
    snapshot: str
    instant: str
    last_load: int
    parameters: dict[str, str]


class SnapshotsDocument(_Document):
    """The newest snapshot, those that are kept, and what was published, the latest first."""

    snapshot: str
    kept: list[KeptDocument]
    published: list[PublishedDocument]
