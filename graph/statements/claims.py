"""What somebody says of an organisation that she says she speaks for, until a curator has decided: claims, and corrections proposed.

Both wait in one private file. A claim that was accepted lets a member propose; a correction that was accepted is a curator's
judgement from then on (see :mod:`graph.statements.judgements`), and only then anything public says it.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Literal

from graph.statements.audit import record
from graph.statements.home import Home, HomeError, now, write_durably

_FILE = "claims.json"
WAITING_MOST = 50
"""Claims and corrections of one member that may wait at a time."""

State = Literal["waiting", "accepted", "refused"]


class ClaimError(ValueError):
    """What was asked of a claim or a correction can't be; ``reason`` is the end of a key in the catalogue, below ``claim.problem.``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody says that she speaks for an organisation.

    :param organization: the id of an entity
    :param who: a member's name
    :param note: how a curator can find out
    :param made: an instant, as is ``decided``
    :param by: the curator who decided
    :param answer: what the curator says to it
    """

    id: str
    organization: str
    who: str
    note: str
    made: str
    state: State = "waiting"
    by: str | None = None
    decided: str | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value that who speaks for an organisation says is right.

    :param organization: the id of an entity
    :param load: what states it, where it was accepted
    :param note: where a curator can look it up
    """

    id: str
    organization: str
    who: str
    property: str
    value: str
    language: str | None
    note: str
    made: str
    state: State = "waiting"
    by: str | None = None
    decided: str | None = None
    answer: str = ""
    load: str | None = None


@dataclass(slots=True)
class Kept:
    """All claims and proposals, in the order in which they were made."""

    claims: list[Claim] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)

    def seen_by(self, name: str, curator: bool) -> "Kept":
        """What somebody may see: her own, a curator all; the newest first."""
        return Kept(
            [one for one in reversed(self.claims) if curator or one.who == name],
            [one for one in reversed(self.proposals) if curator or one.who == name],
        )

    def claim_of(self, who: str, organizations: set[str]) -> Claim | None:
        """The last claim of a member to one of these, which are one organisation by its ids."""
        theirs = [one for one in self.claims if one.who == who and one.organization in organizations]
        return theirs[-1] if theirs else None


def claim(home: Home, organization: str, who: str, note: str) -> Claim:
    """Say that a member speaks for an organisation; it waits for a curator.

    :raises ClaimError: where she said so before and was not refused, or too much waits
    :raises HomeError: where the home can't be written
    """
    made = Claim(secrets.token_hex(6), organization, who, note, _instant())
    with _changing(home) as kept:
        last = kept.claim_of(who, {organization})
        if last is not None and last.state != "refused":
            raise ClaimError("again")
        _check_waiting(kept, who)
        record(home, who, "claim.made", f"{made.id}/{organization}")
        kept.claims.append(made)
    return made


def propose(
    home: Home, organization: str, who: str, prop: str, value: str, language: str | None, note: str
) -> Proposal:
    """Propose a value; it waits for a curator. Whether the member speaks for the organisation is asked before.

    :raises ClaimError: where the same waits already, or too much does
    :raises HomeError: where the home can't be written
    """
    made = Proposal(secrets.token_hex(6), organization, who, prop, value, language, note, _instant())
    with _changing(home) as kept:
        if any(
            (one.state, one.organization, one.property, one.value, one.language)
            == ("waiting", organization, prop, value, language)
            for one in kept.proposals
        ):
            raise ClaimError("again")
        _check_waiting(kept, who)
        record(home, who, "correction.proposed", f"{made.id}/{organization}/{prop}")
        kept.proposals.append(made)
    return made


def decide_claim(home: Home, identifier: str, accepted: bool, by: str, answer: str = "") -> Claim:
    """Accept or refuse a claim; one that was accepted may be refused later, and what its member proposed is refused with it.

    :raises ClaimError: where there is none, or it was decided so before
    :raises HomeError: where the home can't be written
    """
    with _changing(home) as kept:
        found = next((one for one in kept.claims if one.id == identifier), None)
        if found is None:
            raise ClaimError("unknown")
        if found.state == "refused" or (found.state == "accepted" and accepted):
            raise ClaimError("decided")
        act = "claim.accepted" if accepted else "claim.refused"
        record(home, by, act, f"{identifier}/{found.organization}")
        state: State = "accepted" if accepted else "refused"
        done = replace(found, state=state, by=by, decided=_instant(), answer=answer)
        kept.claims = [done if one.id == identifier else one for one in kept.claims]
        if not accepted:
            kept.proposals = [
                replace(one, state="refused", by=by, decided=_instant())
                if (one.state, one.who, one.organization) == ("waiting", found.who, found.organization)
                else one
                for one in kept.proposals
            ]
    return done


def decide_proposal(
    home: Home, identifier: str, by: str, answer: str = "", state_it: Callable[[Proposal], str] | None = None
) -> Proposal:
    """Accept a correction by stating it, or refuse it. Where the machine stops between both, it waits still and is stated again.

    :param state_it: writes it as a curator's judgement and gives the number of the load; without it the correction is refused
    :raises ClaimError: where there is none, or it was decided before
    :raises HomeError: where the home can't be written
    """
    with _changing(home) as kept:
        found = next((one for one in kept.proposals if one.id == identifier), None)
        if found is None:
            raise ClaimError("unknown")
        if found.state != "waiting":
            raise ClaimError("decided")
        act = "correction.accepted" if state_it else "correction.refused"
        record(home, by, act, f"{identifier}/{found.organization}/{found.property}")
        load = state_it(found) if state_it else None
        state: State = "accepted" if state_it else "refused"
        done = replace(found, state=state, by=by, decided=_instant(), answer=answer, load=load)
        kept.proposals = [done if one.id == identifier else one for one in kept.proposals]
    return done


def read_claims(home: Home) -> Kept:
    """All claims and proposals as they stand."""
    path = home.path / _FILE
    if not path.exists():
        return Kept()
    content = home.read_json(path)
    return Kept([Claim(**one) for one in content["claims"]], [Proposal(**one) for one in content["proposals"]])


def reword(home: Home, change: Callable[[str], str]) -> None:
    """Change what members and curators wrote by the way.

    :raises HomeError: where it can't be written
    """
    if not (home.path / _FILE).exists():
        return
    with _changing(home) as kept:
        kept.claims = [replace(one, note=change(one.note), answer=change(one.answer)) for one in kept.claims]
        kept.proposals = [
            replace(one, value=change(one.value), note=change(one.note), answer=change(one.answer))
            for one in kept.proposals
        ]


def _check_waiting(kept: Kept, who: str) -> None:
    states = [one.state for one in kept.claims if one.who == who] + [
        one.state for one in kept.proposals if one.who == who
    ]
    if states.count("waiting") >= WAITING_MOST:
        raise ClaimError("many")


def _instant() -> str:
    return now().isoformat(timespec="milliseconds")


@contextmanager
def _changing(home: Home) -> Iterator[Kept]:
    """What is kept, to be changed by one at a time; it is written where nothing failed."""
    try:
        with home.lock("claims"):
            kept = read_claims(home)
            yield kept
            write_durably(home.path / _FILE, json.dumps(asdict(kept), ensure_ascii=False, indent=1), private=True)
    except OSError as error:
        raise HomeError(f"it was not kept: {error}") from None
