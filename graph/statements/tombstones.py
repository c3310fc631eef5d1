"""Tombstones: that something was erased, when and why, and what keeps it from coming back, without saying what it was.

Ids, identifiers and contacts are kept as keyed hashes (HMAC-SHA-256, the key in the same private file): a load is compared with them, and
an old id is answered with the tombstone. Who has file and key can try out whether a guess was erased; nobody can read it off.
"""

import hmac
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

from graph.statements.home import Home, write_durably
from ontology.model import ontology
from ontology.statement import ABOUT, TYPE, Record, Reject, Statement, mention_id
from ontology.text import fold

_FILE = "erased.json"
REASONS = ("request", "consent", "unlawful", "wrong", "order", "other")
"""Why: the person asked, a consent was withdrawn, it should not have been kept, it was wrong, somebody ordered it, else."""
BLANK = "[…]"
"""What stands where something was erased from a text."""
NO_TEXTS = ("contactValue", "identifierValue", "email", "telephone")
"""Properties that are no texts: what they say of somebody else stays."""
_TOKEN = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\d{4}-\d{4}-\d{4}-\d{3}[\dXx]")
"""What in a text may be an address for mail, or an ORCID."""
_CONTACT = "email"
"""The property whose value says by itself whom it is of; a telephone may be that of an office."""
HUSHED = "the row speaks of somebody who was erased here; it is not kept"
"""The reason that is kept of a refused row that would bring somebody back."""
_HASH = 32
"""Hexadecimal digits of a hash."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of something that was erased.

    :param on: the day (ISO date)
    :param reason: a code of :data:`REASONS`
    :param note: the words in which a curator gave the reason, for curators alone
    :param property: where only the values of a property were erased
    :param ids: hashes of the ids that it had; of what it said, where only a property was erased
    :param keys: hashes of identifiers and of addresses for mail that nobody else has, and of what a cell may hold of them
    """

    on: str
    reason: str
    note: str | None
    property: str | None
    ids: frozenset[str] = field(repr=False)
    keys: frozenset[str] = field(repr=False)


class Tombstones:
    """The tombstones of a home."""

    def __init__(self, secret: str, found: Iterable[Tombstone] = ()) -> None:
        self._secret, self.found = secret, tuple(found)
        whole = [one for one in self.found if one.property is None]
        self._ids = {mark: one for one in whole for mark in one.ids}
        self._keys = {mark for one in whole for mark in one.keys}
        self._said = {mark for one in self.found if one.property for mark in one.ids}

    def __len__(self) -> int:
        return len(self.found)

    @property
    def secret(self) -> str:
        return self._secret

    def mark(self, *parts: str) -> str:
        """The keyed hash of something."""
        said = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        return hmac.new(bytes.fromhex(self._secret), said, sha256).hexdigest()[:_HASH]

    def of_id(self, identifier: str) -> str:
        return self.mark("id", identifier)

    def of_key(self, scheme: str, value: str) -> str:
        """The hash of an identifier or a contact, however it is spelled."""
        return self.mark("key", scheme, fold(value))

    def of_text(self, text: str) -> str:
        """The hash of a cell that is a name, a number or an address and nothing else."""
        return self.mark("text", fold(text))

    def of_statement(self, said: Statement) -> str:
        return self.mark("said", said.subject, said.property, said.object or said.value or "")

    def find(self, identifier: str) -> Tombstone | None:
        """The tombstone of an id."""
        return self._ids.get(self.of_id(identifier)) if self._ids else None

    def left_of(self, record: Record, source: str) -> Record:
        """What a record may still say; the record itself where that is all of it.

        Somebody is known again by the mention, or by an identifier or contact that the record gives them.
        """
        gone = self._gone(record.statements)
        left = [self._blanked(said) for said in record.statements if not self._falls(said, gone)]
        if left == record.statements:
            return record
        # how often such a record is read alike is nobody's business
        hidden = mention_id(source, record.key, ABOUT) in gone
        return Record(
            record.key,
            record.line,
            left,
            record.visibility,
            record.owner,
            None if hidden else record.reading,
        )

    def hushed(self, reject: Reject) -> Reject:
        """A refused row without its cells, where one of them is somebody who was erased."""
        if not any(self.of_text(text) in self._keys for _, text in reject.cells if text):
            return reject
        return Reject(reject.line, reject.field, HUSHED)

    def _blanked(self, said: Statement) -> Statement:
        """A statement without the addresses and numbers in its text that were somebody's who was erased."""
        if not said.value or not self._keys or said.property in NO_TEXTS or not _TOKEN.search(said.value):
            return said
        text = _TOKEN.sub(lambda found: BLANK if self.of_text(found[0]) in self._keys else found[0], said.value)
        return said._replace(value=text)

    def _falls(self, said: Statement, gone: set[str]) -> bool:
        if said.subject in gone or said.object in gone:
            return True
        return bool(self._said) and self.of_statement(said) in self._said

    def _gone(self, statements: list[Statement]) -> set[str]:
        """Who was erased, and what stands and falls with them."""
        nodes = {s.subject for s in statements} | {s.object for s in statements if s.object is not None}
        gone = {node for node in nodes if self.of_id(node) in self._ids}
        gone |= set(self._known_again(statements))
        if not gone:
            return gone
        return gone | set(_falling(statements, gone))

    def _known_again(self, statements: list[Statement]) -> Iterator[str]:
        if not self._keys:
            return
        persons = {s.subject for s in statements if s.property == TYPE and s.value == "Person"}
        schemes = {s.subject: s.value or "" for s in statements if s.property == "identifierScheme"}
        values = {s.subject: s.value or "" for s in statements if s.property == "identifierValue"}
        for said in statements:
            if said.subject not in persons:
                continue
            key = None
            if said.property == _CONTACT:
                key = self.of_key(said.property, said.value or "")
            elif said.property == "hasIdentifier" and said.object in schemes:
                key = self.of_key(schemes[said.object], values.get(said.object, ""))
            if key in self._keys:
                yield said.subject


def _falling(statements: list[Statement], gone: set[str]) -> Iterator[str]:
    """Events of those who are gone, and identifiers that nobody else in the record has."""
    known = ontology()
    kinds = {cls.name for cls in known.classes.values() if cls.event} | {"ContactPoint"}
    events = {s.subject for s in statements if s.property == TYPE and s.value in kinds}
    shared = {s.object for s in statements if s.property == "hasIdentifier" and s.subject not in gone}
    for said in statements:
        prop = known.properties.get(said.property)
        if (
            said.object in gone
            and said.subject in events
            and prop
            and (prop.range == "Person" or prop.name == "contactOf")
        ):
            yield said.subject
        elif said.subject in gone and said.property == "hasIdentifier" and said.object and said.object not in shared:
            yield said.object


def read_tombstones(home: Home) -> Tombstones | None:
    """The tombstones of a home; ``None`` where nothing was ever erased."""
    try:
        known = (home.path / _FILE).stat()
    except FileNotFoundError:
        return None
    return _parsed(home.path / _FILE, known.st_mtime_ns, known.st_ino)


@lru_cache(maxsize=2)
def _parsed(path: Path, changed: int, node: int) -> Tombstones:
    """They are asked for with every entity; a file that is replaced is another one."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return Tombstones(content["secret"], [_read(one) for one in content["tombstones"]])


def _read(said: dict[str, Any]) -> Tombstone:
    return Tombstone(**said | {name: frozenset(said[name]) for name in ("ids", "keys")})


def new_tombstones() -> Tombstones:
    """None yet, and a key of their own."""
    return Tombstones(token_hex(32))


def add_tombstone(home: Home, known: Tombstones, tombstone: Tombstone) -> None:
    """Put up one more; whoever calls this holds the lock of the loads.

    :raises OSError: where it can't be written
    """
    found = [*known.found, tombstone]
    content = {
        "secret": known.secret,
        "tombstones": [{**asdict(one), "ids": sorted(one.ids), "keys": sorted(one.keys)} for one in found],
    }
    write_durably(home.path / _FILE, json.dumps(content, ensure_ascii=False), private=True)


def tombstone_of(home: Home, identifier: str) -> Tombstone | None:
    """The tombstone of an id, or ``None`` where nothing of that id was erased."""
    known = read_tombstones(home)
    return known.find(identifier) if known else None
