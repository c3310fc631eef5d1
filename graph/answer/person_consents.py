"""Which consents of persons are on record, in files and as curators stated them, and which of them count on a day.

A file says a day on which somebody agreed (``contactConsentOn``), in the record that holds the contact. A withdrawal ends whatever was
agreed to up to its day, so a file that is loaded again brings nothing back; who agrees again later does so with a later day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from graph.resolve.difference import attach_entities
from graph.statements.consents import KIND, PURPOSES, Consent, parted
from graph.statements.home import Home
from graph.statements.loads import active, open_statements
from ontology.model import CURATOR

_MARK = "file/"
"""How the keys of consents begin that a file says."""
_OF_FILES = "contact"
"""What a file's day of consent is for: telephone and e-mail."""


@dataclass(frozen=True, slots=True)
class ConsentOnRecord:
    """A consent with where it is from; ``record`` is set where a file says it, ``withdrawn`` also by a later withdrawal."""

    consent: Consent
    source: str
    file: str
    date: str
    sender: str | None
    record: str | None = None

    @property
    def mark(self) -> bool:
        """Whether it only says that what a file says was withdrawn."""
        return self.record is None and self.consent.key.startswith(_MARK) and self.consent.key.count("/") == 1


def open_persons(home: Home, snapshot: Path, persons: Iterable[str]) -> duckdb.DuckDBPyConnection:
    """The statements that count, with ``entities`` of a publish and ``wanted(person)``.

    :param snapshot: the directory of a publish, whose entities are meant
    :param persons: ids of entities
    """
    con = open_statements(home, active(home))
    attach_entities(con, snapshot, "entities")
    con.execute("CREATE TABLE senders (load INTEGER, sender VARCHAR)")
    told = [(load.number, load.sender) for load in active(home) if load.kind == KIND]
    if told:
        con.executemany("INSERT INTO senders VALUES (?, ?)", told)
    wanted = pa.table({"person": pa.array(sorted(set(persons)), pa.string())})
    con.register("wanted_persons", wanted)
    con.execute("CREATE TABLE wanted AS SELECT person FROM wanted_persons")
    return con


def consents_of(con: duckdb.DuckDBPyConnection) -> list[ConsentOnRecord]:
    """All consents of the wanted persons, the newest first.

    :param con: as of :func:`open_persons`
    """
    stated = [_stated(row) for row in con.execute(_STATED, [KIND]).fetchall()]
    rows = con.execute(_IN_FILES, [CURATOR]).fetchall()
    found = [*stated, *(_in_file(row, [one.consent for one in stated]) for row in rows)]
    return sorted(found, key=lambda one: (one.consent.given, one.date, one.consent.key), reverse=True)


def consents_on_record(home: Home, snapshot: Path, person: str) -> list[ConsentOnRecord]:
    """All consents of a person, the newest first."""
    with open_persons(home, snapshot, [person]) as con:
        return consents_of(con)


_STATED = """
    SELECT any_value(v.key), p.entity, any_value(split_part(s.object, '/', -1)) FILTER (s.property = 'consentPurpose'),
        any_value(s.value) FILTER (s.property = 'validFrom'), any_value(s.value) FILTER (s.property = 'consentMeans'),
        any_value(s.value) FILTER (s.property = 'validUntil'), any_value(s.value) FILTER (s.property = 'withdrawnOn'),
        any_value(l.source), any_value(l.file), left(any_value(l.instant), 10), any_value(n.sender)
    FROM said s JOIN loads l ON l.load = s.load JOIN versions v ON v.record = s.record LEFT JOIN senders n ON n.load = s.load
    JOIN (
        SELECT c.subject, coalesce(e.entity, c.object) AS entity FROM said c LEFT JOIN entities e ON e.subject = c.object
        WHERE c.property = 'consentOf'
    ) p ON p.subject = s.subject JOIN wanted w ON w.person = p.entity
    WHERE l.kind = ? GROUP BY s.subject, p.entity
"""
_IN_FILES = """
    SELECT DISTINCT coalesce(e.entity, s.subject), s.value, s.record, l.source, l.file, left(l.instant, 10)
    FROM said s LEFT JOIN entities e ON e.subject = s.subject JOIN versions v ON v.record = s.record JOIN loads l ON l.load = s.load
    JOIN wanted w ON w.person = coalesce(e.entity, s.subject)
    WHERE s.property = 'contactConsentOn' AND v.visibility <> ? AND v.owner IS NULL
"""


def _stated(row: Sequence[str | None]) -> ConsentOnRecord:
    key, person, purpose, given, means, until, withdrawn, source, file, day, sender = row
    consent = Consent(
        str(key), str(person), purpose if purpose in PURPOSES else _OF_FILES, given or "", means or "", until, withdrawn
    )
    return ConsentOnRecord(consent, str(source), file or "", str(day), sender)


def _in_file(row: Sequence[str], stated: Sequence[Consent]) -> ConsentOnRecord:
    person, given, record, source, file, day = row
    ended = [
        one.withdrawn
        for one in stated
        if one.person == person and one.withdrawn is not None and given <= one.withdrawn and one.purpose == _OF_FILES
    ]
    consent = Consent(f"{_MARK}{record}", person, _OF_FILES, given, "", None, min(ended, default=None))
    return ConsentOnRecord(consent, source, file, day, None, record)


def agreed(found: Iterable[ConsentOnRecord], person: str, kind: str, record: str, day: str) -> Consent | None:
    """The consent that lets members see a contact on a day, or ``None``: the one that counts longest.

    :param kind: ``telephone`` or ``email``
    :param record: the record that holds the contact; what a file says was agreed to holds for the same record alone
    """
    found = [one for one in found if one.consent.person == person]
    ended = [
        one.consent.withdrawn
        for one in found
        if one.record is None and one.consent.withdrawn and one.consent.withdrawn <= day and kind in one.consent.kinds
    ]
    last = max(ended, default="")
    counting = [
        one.consent
        for one in found
        if kind in one.consent.kinds
        and one.consent.stands(day)
        and (one.record is None or (one.record == record and one.consent.given > last))
    ]
    return max(counting, key=lambda one: (one.until or "9999", one.given, one.key), default=None)


def withdrawing(found: Iterable[ConsentOnRecord], person: str, key: str, day: str) -> list[Consent]:
    """The records to write where a person withdraws one of these consents.

    What it lets members see is withdrawn from every other consent too: else the contact would stay where it was.

    :param key: of the consent that is withdrawn
    :raises LookupError: where the person has no such consent that counts
    """
    found = [one for one in found if one.consent.person == person and one.consent.stands(day)]
    meant = next((one.consent for one in found if one.consent.key == key), None)
    if meant is None:
        raise LookupError(key)
    made: list[Consent] = []
    for one in found:
        made += parted(one.consent, meant.kinds, day)
    return made
