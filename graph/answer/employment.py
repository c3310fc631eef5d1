"""Where a person works on a day, by the memberships on record."""

from collections.abc import Callable

from graph.answer.expert_model import Employment
from graph.answer.hops import period, valid
from graph.answer.reading import Reading

Stay = dict[str, str | None]
"""First and last day of a membership, as ``from`` and ``until``."""


def employment(reading: Reading, person: str, day: str, language: str) -> tuple[Employment, ...]:
    """The memberships of a person that are valid on a day, that which began last first."""
    return stays(reading, person, language, lambda event: valid(event, day))


def former(reading: Reading, person: str, day: str, language: str) -> tuple[Employment, ...]:
    """The memberships of a person that ended before a day, that which began last first."""
    return stays(reading, person, language, lambda event: event["until"] is not None and str(event["until"]) < day)


def stays(reading: Reading, person: str, language: str, wanted: Callable[[Stay], bool]) -> tuple[Employment, ...]:
    """The memberships of a person that are wanted."""
    views = reading.views
    found: list[tuple[str, str, Employment]] = []
    for node in views.subjects("member", person):
        event: Stay = {
            "from": next(iter(views.values(node, "validFrom")), None),
            "until": next(iter(views.values(node, "validUntil")), None),
        }
        body = next(iter(views.values(node, "organization")), None)
        if body is None or not wanted(event):
            continue
        role = next(iter(views.values(node, "role")), None)
        one = Employment(
            organization=reading.ref(body, language),
            role=reading.ref(role, language) if role else None,
            valid=period(event),
            sources=reading.stated(node, "organization", body),
        )
        found.append((event["from"] or "", node, one))
    return tuple(one for _, _, one in sorted(found, key=lambda row: row[:2], reverse=True))
