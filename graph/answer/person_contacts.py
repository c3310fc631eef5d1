"""How persons can be reached who agreed to it on record, and nobody else: read from the statements, for members alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from graph.resolve.difference import attach_entities
from graph.statements.home import Home
from graph.statements.loads import active, open_statements
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
    """The contacts of those who had agreed by a day; each is read from the record that the consent stands in.

    :param snapshot: the directory of a publish, whose entities are meant
    :param persons: ids of entities
    """
    if not persons:
        return []
    con = open_statements(home, active(home))
    attach_entities(con, snapshot, "entities")
    con.register("wanted", pa.table({"person": pa.array(sorted(set(persons)), pa.string())}))
    rows = con.execute(
        """
        WITH said_of AS (
            SELECT coalesce(e.entity, s.subject) AS person, s.property, s.value, s.record, s.load FROM said s
            LEFT JOIN entities e ON e.subject = s.subject JOIN versions v ON v.record = s.record
            WHERE s.property IN ('telephone', 'email', 'contactConsentOn') AND v.visibility <> ? AND v.owner IS NULL
        )
        SELECT DISTINCT c.person, c.property, c.value, a.value, l.source, l.file, left(l.instant, 10)
        FROM said_of c JOIN said_of a ON a.record = c.record AND a.person = c.person AND a.property = 'contactConsentOn'
        JOIN wanted w ON w.person = c.person JOIN loads l ON l.load = c.load
        WHERE c.property <> 'contactConsentOn' AND a.value <= ? ORDER BY ALL
        """,
        [CURATOR, day],
    ).fetchall()
    con.close()
    return [PersonContact(*row) for row in rows]
