"""History and test rows of the transfer evaluation: the history as the service would know it, a test row as an unsaved technology.

The history is loaded, linked, resolved and made into arrays by the code that publishes. Of the test rows only the names of firms and
intermediaries are loaded beside it, so that a name means the body that it is; nothing that they say of each other is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from graph.links.entities import make_entities
from graph.links.linking import link
from graph.resolve.table import make_facts, make_table
from graph.statements.home import Home
from graph.statements.load_writing import write_load
from graph.statements.loads import Origin, active, open_statements
from graph.views.array_building import build
from graph.views.arrays import Arrays, day_number
from graph.views.publishing import load_schemes
from ontology.model import ontology
from ontology.statement import TYPE, Item, Record

_NAMES_SOURCE = "evaluation/names"


@dataclass(frozen=True, slots=True)
class TestRow:
    """What a test row tells of its technology, and its firms and intermediaries as mentions, in the order of the row."""

    text: str
    concepts: tuple[str, ...]
    people: tuple[str, ...]
    countries: tuple[str, ...]
    towns: tuple[str, ...]
    day: int
    firms: tuple[str, ...]
    brokers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """Arrays of the history, and the test rows with their bodies as numbers of organisations.

    ``names`` and ``entities`` count firms and intermediaries: distinct names, and the bodies that these were linked to.
    """

    arrays: Arrays
    rows: list[TestRow]
    bodies: dict[str, int]
    entities: dict[str, dict[str, int]]


def read_row(record: Record) -> TestRow | None:
    """A test row from its record, None where it has no engagement."""
    values: dict[tuple[str, str], list[str]] = {}
    types: dict[str, list[str]] = {}
    for statement in record.statements:
        if statement.property == TYPE:
            types.setdefault(statement.value or "", []).append(statement.subject)
        said = statement.object if statement.object is not None else statement.value
        values.setdefault((statement.subject, statement.property), []).append(said or "")
    technologies, engagements = types.get("Technology", []), types.get("ServiceEngagement", [])
    if not technologies or not engagements:
        return None
    thing = technologies[0]

    def of(subject: str, *properties: str) -> tuple[str, ...]:
        return tuple(said for prop in properties for said in values.get((subject, prop), []))

    days = [day for engagement in engagements for day in of(engagement, "date")]
    if not days:
        return None
    return TestRow(
        text=" ".join(of(thing, "name", "description")),
        concepts=of(thing, "hasField", "hasPatentClass"),
        people=tuple(name for person in of(thing, "inventor") for name in of(person, "name")),
        countries=of(thing, "country"),
        towns=of(thing, "madeIn"),
        day=day_number(days[0]),
        firms=tuple(dict.fromkeys(firm for engagement in engagements for firm in of(engagement, "client"))),
        brokers=tuple(dict.fromkeys(broker for engagement in engagements for broker in of(engagement, "provider"))),
    )


def names_of(record: Record) -> Record:
    """Of a record, what its organisations are called and nothing else."""
    bodies = {
        statement.subject
        for statement in record.statements
        if statement.property == TYPE and ontology().is_a(statement.value or "", "Organization")
    }
    kept = [s for s in record.statements if s.subject in bodies and s.property in (TYPE, "name", "alternativeName")]
    return Record(record.key, record.line, kept)


def load_history(home: Home, kind: str, history: Iterable[Item], test: Iterable[Item], work: Path) -> Loaded:
    """Load history and the names of the test, link, resolve, and make arrays.

    :param home: an empty one
    :param kind: under which both were read
    :param work: an empty directory for the arrays
    :raises graph.statements.home.HomeError: where the disk is full
    """
    load_schemes(home)
    write_load(home, Origin("evaluation/history", kind, "history"), history)
    rows: list[TestRow] = []
    write_load(home, Origin(_NAMES_SOURCE, kind, "names"), _reading(test, rows))
    link(home)
    with open_statements(home, active(home)) as con:
        make_entities(con)
        make_facts(con)
        make_table(con)
        build(con, "resolved", work / "arrays")
        arrays = Arrays(work / "arrays")
        mentions = {mention for row in rows for mention in (*row.firms, *row.brokers)}
        found = con.execute(
            "SELECT subject, entity FROM entities WHERE subject IN (SELECT unnest(?))", [list(mentions)]
        )
        bodies = {subject: arrays.number("organisation", entity) for subject, entity in found.fetchall()}
        counts = {
            end: _counted(con.execute(_COUNT, [edge, asked]).fetchone())
            for end, edge, asked in (
                ("firms", "client", [firm for row in rows for firm in row.firms]),
                ("intermediaries", "provider", [broker for row in rows for broker in row.brokers]),
            )
        }
    return Loaded(arrays, rows, {mention: number for mention, number in bodies.items() if number is not None}, counts)


_COUNT = """
    WITH ends AS (SELECT object AS mention FROM said WHERE property = ? UNION SELECT unnest(?))
    SELECT count(DISTINCT n.value), count(DISTINCT e.entity) FROM ends JOIN entities e ON e.subject = ends.mention
    JOIN said n ON n.subject = ends.mention AND n.property = 'name'
"""


def _counted(row: tuple[int, ...] | None) -> dict[str, int]:
    assert row is not None
    return {"names": row[0], "linked": row[1]}


def _reading(test: Iterable[Item], rows: list[TestRow]) -> Iterator[Item]:
    """The names of test rows; the rows themselves are put aside."""
    for item in test:
        row = read_row(item) if isinstance(item, Record) else None
        if row is not None and isinstance(item, Record):
            rows.append(row)
            yield names_of(item)
