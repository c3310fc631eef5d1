"""The unit of everything that Ketnoi knows: what a source record says of a mention.

A *mention* is one body or thing as one record speaks of it. Its id is a hash of source, record key and role, so that the same
record of next month speaks of the same mention, wherever its row or column has moved.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from ontology.identifiers import canonical
from ontology.model import PUBLIC

ABOUT = "about"
"""The role of the body that a record is about."""

TYPE = "type"
SAME_AS, DIFFERENT_FROM = "sameAs", "differentFrom"
LINKER = "ketnoi/linker"
CURATOR_PREFIX = "curator/"
MEMBER_PREFIX = "member/"

_SEPARATOR = "\x1f"


def _digest(*parts: str) -> str:
    # 12 letters and digits, about 71 bits: no two of a hundred million mentions meet by chance, and the engines keep texts of up to
    # 12 bytes without a pointer, which halves the memory of a publish
    return b64encode(blake2b(_SEPARATOR.join(parts).encode(), digest_size=9).digest(), b"Aa").decode()


def record_id(source: str, key: str) -> str:
    """The id of a source record: 12 letters and digits."""
    return _digest("record", source, key)


def mention_id(source: str, key: str, role: str) -> str:
    """The id of a mention: 12 letters and digits. It doubles as the id of the entity that the mention founds."""
    return _digest("mention", source, key, role)


def concept_path(scheme: str, code: str) -> str:
    """A concept's id, which is also the path of its IRI: ``scheme/trl/1/7``. ``scheme`` holds name and version: ``trl/1``."""
    return f"scheme/{scheme}/{code}"


def is_concept(identifier: str) -> bool:
    return identifier.startswith("scheme/")


class Statement(NamedTuple):
    """Subject, property, and either an ``object`` (a mention or a concept) or a ``value`` in canonical lexical form.

    Of a ``type`` the value is the class's name. Only links have a ``probability`` and a ``reason``.
    """

    subject: str
    property: str
    object: str | None = None
    value: str | None = None
    language: str | None = None
    probability: float | None = None
    reason: str | None = None


@dataclass(slots=True)
class Record:
    """What one row or object of a file says, replaced as a whole by its next version.

    ``line`` is its line in the file (1 is the first), or its ordinal where the format has no lines. ``reading`` is a hash of all
    that its statements were made from, where its loader gives one: what is read alike says the same.
    """

    key: str
    line: int
    statements: list[Statement] = field(default_factory=list)
    visibility: str = PUBLIC
    owner: str | None = None
    reading: str | None = field(default=None, compare=False)
    _fingerprint: str | None = field(default=None, init=False, repr=False, compare=False)

    def fingerprint(self) -> str:
        """A hash of what the record says, whatever the order and the line; asked once the record is complete."""
        if self._fingerprint is None:
            said = sorted(
                f"{s.subject}\x1f{s.property}\x1f{s.object or ''}\x1f{s.value or ''}\x1f{s.language or ''}\x1f{s.probability or ''}\x1f{s.reason or ''}"
                for s in self.statements
            )
            self._fingerprint = _digest(self.visibility, self.owner or "", *said)
        return self._fingerprint

    def stated(self) -> "Record":
        """The record with its statements."""
        return self


class Remembered(NamedTuple):
    """What one reading gave before: the key of a record, and the fingerprint of what it says."""

    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ReadBefore:
    """A record that was read alike before, so that what it says is known; its statements are made only if somebody needs them."""

    line: int
    reading: str
    known: Remembered
    state: Callable[[], Record]

    @property
    def key(self) -> str:
        return self.known.key

    def fingerprint(self) -> str:
        """As of :class:`Record`."""
        return self.known.fingerprint

    def stated(self) -> Record:
        """The record with its statements."""
        return self.state()


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that was not taken, and why; ``reason`` is a sentence for the one who sent the file.

    ``row`` shows what was refused; ``cells`` are all cells of a table's row, as (header, text) in the file's order; ``others`` are
    further fields of it with their reasons.
    """

    line: int
    field: str
    reason: str
    row: str = ""
    cells: tuple[tuple[str, str], ...] = ()
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """A record that its source says it has taken away."""

    key: str


Item = Record | ReadBefore | Reject | Gone


class Mentions:
    """Mints the mentions of one record and gathers its statements."""

    __slots__ = ("_key", "_source", "record")

    def __init__(self, source: str, key: str, line: int) -> None:
        self._source, self._key = source, key
        self.record = Record(key, line)

    def mention(self, role: str, cls: str) -> str:
        """The id of the mention in a role; that it is of a class is stated."""
        subject = mention_id(self._source, self._key, role)
        self.record.statements.append(Statement(subject, TYPE, None, cls))
        return subject

    def value(self, subject: str, prop: str, value: str | None, language: str | None = None) -> None:
        """State a value; nothing is stated of an empty one."""
        if value:
            self.record.statements.append(Statement(subject, prop, None, value, language))

    def edge(self, subject: str, prop: str, target: str) -> None:
        """State an edge to a mention or a concept."""
        self.record.statements.append(Statement(subject, prop, target))

    def identifier(self, subject: str, scheme: str, value: str) -> None:
        """State that a body has an identifier, itself a node with scheme and value."""
        value = canonical(scheme, value)
        node = self.mention(f"identifier/{scheme}/{value}", "Identifier")
        self.value(node, "identifierScheme", scheme)
        self.value(node, "identifierValue", value)
        self.edge(subject, "hasIdentifier", node)

    def contact(self, subject: str, kind: str, value: str) -> None:
        """State a public contact point of an organisation; ``kind`` is email, telephone or page."""
        node = self.mention(f"contact/{subject}/{kind}/{value}", "ContactPoint")
        self.value(node, "contactKind", kind)
        self.value(node, "contactValue", value)
        self.edge(node, "contactOf", subject)


def unique(statements: list[Statement]) -> Iterator[Statement]:
    """The statements in their order, each once."""
    return iter(dict.fromkeys(statements))
