"""Introductions and signed transfers as they stand today, those that members alone may see included."""

from dataclasses import dataclass
from pathlib import Path

from graph.resolve.difference import attach_entities
from graph.statements.home import Home
from graph.statements.loads import active, open_statements
from graph.statements.outcomes import KIND, SIGNED
from ontology.model import PUBLIC


@dataclass(frozen=True, slots=True)
class ToldOutcome:
    """What came of bringing a technology to a firm. Ends are entities of a snapshot; see :class:`graph.statements.outcomes.Outcome`.

    ``source`` says who told it, ``instant`` when; ``public`` whether everybody may see it; ``owner`` who alone may, beside curators;
    ``first_answered`` when the firm said anything at all, whatever it said later.
    """

    technology: str
    intermediary: str
    firm: str
    day: str | None
    result: str | None
    reason: str | None
    answered: str | None
    illustrative: bool
    source: str
    instant: str
    public: bool
    owner: str | None = None
    first_answered: str | None = None

    @property
    def who(self) -> str:
        """The name of who told it."""
        return self.source.split("/", 1)[-1]


def told_by_members(home: Home, snapshot: Path, reader: str, curator: bool = False) -> list[ToldOutcome]:
    """What members told, as far as one of them may see it, the newest first.

    :param snapshot: the directory of a publish, whose entities are meant
    :param reader: the name of who asks
    """
    seen = [
        one for one in _told(home, snapshot, members_alone=True) if curator or one.owner is None or one.owner == reader
    ]
    return sorted(seen, key=lambda one: (one.instant, one.technology), reverse=True)


def all_told(home: Home, snapshot: Path) -> list[ToldOutcome]:
    """What anybody told that is no deal of the public graph, in the order of days, to learn from."""
    found = [one for one in _told(home, snapshot, members_alone=False) if not (one.public and one.result == SIGNED)]
    return sorted(found, key=lambda one: (one.day or "", one.technology, one.intermediary, one.firm))


def _told(home: Home, snapshot: Path, members_alone: bool) -> list[ToldOutcome]:
    counted = [load for load in active(home) if not members_alone or load.kind == KIND]
    if not counted:
        return []
    con = open_statements(home, counted)
    attach_entities(con, snapshot, "entities")

    def value(*names: str) -> str:
        listed = ", ".join(f"'{name}'" for name in names)
        return f"min(coalesce(o.entity, s.object, s.value)) FILTER (s.property IN ({listed}))"

    def code(name: str) -> str:
        return f"min(split_part(s.object, '/', -1)) FILTER (s.property = '{name}')"

    rows = con.execute(
        f"""
        WITH events AS (
            SELECT subject, any_value(value) AS class FROM said
            WHERE property = 'type' AND value IN ('Introduction', 'TechnologyTransfer') GROUP BY subject
        ), firsts AS (
            SELECT subject, min(value) AS answered FROM all_statements WHERE property = 'answeredOn' GROUP BY subject
        )
        SELECT {value("introduces", "object")}, {value("broker")}, {value("introducedTo", "transferee")}, {value("date", "signedOn")},
            CASE e.class WHEN 'TechnologyTransfer' THEN '{SIGNED}' ELSE {code("outcome")} END, {code("declineReason")},
            {value("answeredOn")}, coalesce(bool_or(s.value = 'true') FILTER (s.property = 'illustrative'), false),
            any_value(l.source), max(l.instant), bool_and(v.visibility = '{PUBLIC}'), any_value(v.owner), any_value(f.answered)
        FROM said s JOIN events e ON e.subject = s.subject JOIN loads l ON l.load = s.load JOIN versions v ON v.record = s.record
        LEFT JOIN entities o ON o.subject = s.object LEFT JOIN firsts f ON f.subject = s.subject
        {f"WHERE v.visibility <> '{PUBLIC}'" if members_alone else ""}
        GROUP BY s.subject, e.class
        """
    ).fetchall()
    con.close()
    return [ToldOutcome(*row) for row in rows if None not in row[:3]]
