"""How persons can be reached who agreed to it on record, and nobody else: read from the statements, for members alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.answer.person_consents import agreed, consents_of, open_persons
from graph.statements.home import Home
from ontology.model import CURATOR


@dataclass(frozen=True, slots=True)
class PersonContact:
    """A person's telephone or e-mail: kind, value, the day of the consent, and who says so in which file and when."""

    person: str
    kind: str
    value: str
    consent: str
    source: str
    file: str
    date: str


def person_contacts(home: Home, snapshot: Path, persons: Sequence[str], day: str) -> list[PersonContact]:
    """The contacts of those whose consent counts on a day.

    A consent that a curator stated holds for all contacts of the person, one that a file says for those of the same record.

    :param snapshot: the directory of a publish, whose entities are meant
    :param persons: ids of entities
    """
    if not persons:
        return []
    with open_persons(home, snapshot, persons) as con:
        consents = consents_of(con)
        rows = con.execute(
            """
            SELECT DISTINCT coalesce(e.entity, s.subject) AS person, s.property, s.value, s.record, l.source, l.file, left(l.instant, 10)
            FROM said s LEFT JOIN entities e ON e.subject = s.subject JOIN versions v ON v.record = s.record
            JOIN loads l ON l.load = s.load JOIN wanted w ON w.person = coalesce(e.entity, s.subject)
            WHERE s.property IN ('telephone', 'email') AND v.visibility <> ? AND v.owner IS NULL ORDER BY ALL
            """,
            [CURATOR],
        ).fetchall()
    found = []
    for person, kind, value, record, *said in rows:
        consent = agreed(consents, person, kind, record, day)
        if consent is not None:
            found.append(PersonContact(person, kind, value, consent.given, *said))
    return found
