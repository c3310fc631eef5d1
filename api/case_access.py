"""Which cases somebody may open: her own, and curators all. Nobody else is told that there are any."""

from fastapi import HTTPException

from api.tokens import Identity
from graph.statements.cases import Case, read_cases
from graph.statements.home import Home


def visible_cases(home: Home, who: Identity) -> list[Case]:
    """The cases that somebody may open, the newest first."""
    return [case for case in read_cases(home) if case.may_be_seen_by(who.name, who.may("curator"))]


def visible_case(home: Home, identifier: str, who: Identity) -> Case:
    """A case by its id.

    :raises HTTPException: 404 where there is none, or none that they may open
    """
    found = next((case for case in visible_cases(home, who) if case.id == identifier), None)
    if found is None:
        raise HTTPException(404, "There is no such case among yours.")
    return found
