"""Which cases somebody may open: her own, and curators all. Nobody else is told that there are any. Opening one is written down."""

from fastapi import HTTPException

from api.tokens import Identity
from graph.statements.audit import record
from graph.statements.cases import Case, read_cases
from graph.statements.home import Home


def visible_cases(home: Home, who: Identity) -> list[Case]:
    """The cases that somebody may open, the newest first."""
    return [case for case in read_cases(home) if case.may_be_seen_by(who.name, who.may("curator"))]


def visible_case(home: Home, identifier: str, who: Identity) -> Case:
    """A case by its id, which is opened by that.

    :raises HTTPException: 404 where there is none, or none that they may open
    :raises graph.statements.home.HomeError: where that can't be written down
    """
    found = next((case for case in visible_cases(home, who) if case.id == identifier), None)
    if found is None:
        raise HTTPException(404, "There is no such case among yours.")
    record(home, who.name, "case.opened", found.id)
    return found
