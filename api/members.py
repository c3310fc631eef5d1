"""Members: invited by a curator with a link that ends and is used once, with a password of their own, until a curator closes them.

They are kept in one private file, by name; whoever only holds a token of the command line is listed beside them and may be closed too.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from api.passwords import hashed, is_password
from api.tokens import Identity, Role, change_tokens, checked_name, holders
from graph.statements.audit import NOBODY, member, record
from graph.statements.home import Home, HomeError, now, write_durably
from graph.statements.watches import Watches

_FILE = "members.json"
LONGEST_INVITATION = timedelta(days=30)


class MemberError(ValueError):
    """What was asked of a member can't be; ``reason`` is the end of a key in the catalogue, below ``member.problem.``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who may sign in.

    :param since: when they joined, or were given their first token (an instant)
    :param password: what is kept of it; nothing for who has none
    :param token: whether they hold one
    :param from_then: sessions that began before this instant have ended
    :param closed: when a curator closed them (an instant)
    """

    name: str
    role: Role
    since: str
    password: str | None = None
    token: bool = False
    from_then: str = ""
    closed: str | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that was not used yet.

    :param mark: a hash of its secret
    :param by: the curator who made it
    :param until: the instant of its end
    :param renews: for a member who forgot the password
    """

    id: str
    mark: str
    name: str
    role: Role
    by: str
    made: str
    until: str
    renews: bool = False


@dataclass(slots=True)
class _File:
    members: list[Member] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)

    def named(self, name: str) -> Member | None:
        return next((one for one in self.members if one.name == name), None)

    def put(self, changed: Member) -> None:
        self.members = [one for one in self.members if one.name != changed.name] + [changed]


def secret_mark(secret: str) -> str:
    """What is kept of the random secret of a link or a session; it is too long to be guessed, so no key is needed."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def members(home: Home) -> list[Member]:
    """All who may or once might sign in, by name."""
    found = {one.name: one for one in _read(home).members}
    for token in holders(home):
        kept = found.get(token.name)
        found[token.name] = (
            replace(kept, token=True) if kept else Member(token.name, token.role, token.created, token=True)
        )
    return sorted(found.values(), key=lambda one: one.name)


def invitations(home: Home) -> list[Invitation]:
    """The links that may still be used, the newest first."""
    return [one for one in reversed(_read(home).invitations) if one.until > _instant()]


def invite(home: Home, name: str, role: Role, until: datetime, by: Identity) -> str:
    """Invite somebody who has no name here yet; the secret of the link, which can't be read again.

    :param until: the link's end
    :raises MemberError: where the name or the end is none, or the name is somebody's
    :raises HomeError: where the home can't be written
    """
    try:
        name = checked_name(name)
    except ValueError:
        raise MemberError("name") from None
    if any(one.name.casefold() == name.casefold() for one in members(home)):
        raise MemberError("taken")
    return _invite(home, name, role, until, by, renews=False)


def renew(home: Home, name: str, until: datetime, by: Identity) -> str:
    """A link for a member who forgot the password.

    :raises MemberError: where there is no such member with a password
    :raises HomeError: where the home can't be written
    """
    kept = _read(home).named(name)
    if kept is None or kept.closed:
        raise MemberError("unknown")
    return _invite(home, name, kept.role, until, by, renews=True)


def _invite(home: Home, name: str, role: Role, until: datetime, by: Identity, renews: bool) -> str:
    if not now() < until <= now() + LONGEST_INVITATION:
        raise MemberError("until")
    secret = secrets.token_urlsafe(32)
    ends = until.isoformat(timespec="microseconds")
    made = Invitation(secrets.token_hex(4), secret_mark(secret), name, role, by.name, _instant(), ends, renews)
    with _changing(home) as kept:
        record(home, by.name, "member.invited", member(name))
        # a newer link for somebody replaces the older one
        kept.invitations = [one for one in kept.invitations if one.name.casefold() != name.casefold()] + [made]
    return secret


def withdraw_invitation(home: Home, identifier: str, by: Identity) -> None:
    """Let a link lead nowhere from now on.

    :raises HomeError: where the home can't be written
    """
    with _changing(home) as kept:
        for one in kept.invitations:
            if one.id == identifier:
                record(home, by.name, "member.invitation_withdrawn", member(one.name))
        kept.invitations = [one for one in kept.invitations if one.id != identifier]


def invitation(home: Home, secret: str) -> Invitation | None:
    """The invitation of a link, where it may still be used."""
    mark = secret_mark(secret)
    return next((one for one in invitations(home) if secrets.compare_digest(one.mark, mark)), None)


def join(home: Home, secret: str, password: str) -> Identity:
    """Use a link: whom it invites has this password from now on, and the link leads nowhere.

    :raises MemberError: where the link was used, ended or was never given
    :raises api.passwords.WeakPassword: where the password is not taken
    :raises HomeError: where the home can't be written
    """
    invited = invitation(home, secret)
    if invited is None:
        raise MemberError("link")
    made = hashed(password, invited.name)
    with _changing(home) as kept:
        old = kept.named(invited.name)
        taken = not invited.renews and any(one.name == invited.name for one in members(home))
        if invited not in kept.invitations or taken or (old is not None and old.closed):
            raise MemberError("link")
        record(home, NOBODY, "member.password_changed" if old else "member.joined", member(invited.name))
        kept.invitations.remove(invited)
        since, role = (old.since, old.role) if old else (_instant(), invited.role)
        kept.put(Member(invited.name, role, since, made, from_then=_instant()))
    return Identity(invited.name, role)


def check_password(home: Home, name: str, password: str) -> Identity | None:
    """Who has a name and a password. It takes as long where there is no such name, or the member is closed."""
    kept = _read(home).named(_asked(name))
    right = is_password(kept.password if kept and not kept.closed else None, password)
    return Identity(kept.name, kept.role) if kept and right else None


def known(home: Home, name: str) -> str:
    """A name as the subject of an act, where somebody has it; what else was typed in its place may be a secret."""
    kept = _read(home).named(_asked(name))
    return member(kept.name) if kept else ""


def standing(home: Home, name: str, begun: str) -> Identity | None:
    """Who has a session that began at an instant, where the member is not closed and did not end it since."""
    kept = _read(home).named(name)
    return Identity(kept.name, kept.role) if kept and not kept.closed and begun >= kept.from_then else None


def change_password(home: Home, name: str, password: str) -> None:
    """Give a member another password; all sessions of theirs end.

    :raises MemberError: where there is no such member
    :raises api.passwords.WeakPassword: where the password is not taken
    :raises HomeError: where the home can't be written
    """
    made = hashed(password, name)
    with _changing(home) as kept:
        old = _open(kept, name)
        record(home, name, "member.password_changed", member(name))
        kept.put(replace(old, password=made, from_then=_instant()))


def change_role(home: Home, name: str, role: Role, by: Identity) -> None:
    """Give somebody another role, whatever they sign in with; it counts from their next request on.

    :raises MemberError: where there is nobody of that name, or it is who asks
    :raises HomeError: where the home can't be written
    """
    _others(home, name, by)
    with _changing(home) as kept:
        record(home, by.name, "member.role_changed", member(name))
        if role != "curator":
            kept.invitations = [one for one in kept.invitations if one.by != name]
        if old := kept.named(name):
            kept.put(replace(old, role=role))
    change_tokens(home, name, role)


def close(home: Home, name: str, by: Identity) -> None:
    """Let somebody sign in no more: their sessions and tokens end now, and nobody is given the name again.

    :raises MemberError: where there is nobody of that name, or it is who asks
    :raises HomeError: where the home can't be written
    """
    theirs = _others(home, name, by)
    with _changing(home) as kept:
        record(home, by.name, "member.closed", member(name))
        # links to them, and those that they gave away, lead nowhere
        kept.invitations = [one for one in kept.invitations if name not in (one.name, one.by)]
        kept.put(replace(theirs, password=None, token=False, from_then=_instant(), closed=_instant()))
    change_tokens(home, name, None)
    watches = Watches(home)
    for watch in watches.of(name):
        watches.stop(watch.id)


def _others(home: Home, name: str, by: Identity) -> Member:
    found = next((one for one in members(home) if one.name == name and not (one.closed and not one.token)), None)
    if found is None:
        raise MemberError("unknown")
    if name == by.name:
        # so there is always a curator
        raise MemberError("self")
    return found


def _open(kept: _File, name: str) -> Member:
    found = kept.named(name)
    if found is None or found.closed:
        raise MemberError("unknown")
    return found


def _asked(name: str) -> str:
    try:
        return checked_name(name)
    except ValueError:
        return ""


def _instant() -> str:
    return now().isoformat(timespec="microseconds")


def _read(home: Home) -> _File:
    path = home.path / _FILE
    if not path.exists():
        return _File()
    content = home.read_json(path)
    return _File([Member(**one) for one in content["members"]], [Invitation(**one) for one in content["invitations"]])


@contextmanager
def _changing(home: Home) -> Iterator[_File]:
    """The file, to be changed by one at a time; it is written where nothing failed."""
    try:
        with home.lock("members"):
            kept = _read(home)
            kept.invitations = [one for one in kept.invitations if one.until > _instant()]
            yield kept
            write_durably(home.path / _FILE, json.dumps(asdict(kept), ensure_ascii=False, indent=1), private=True)
    except OSError as error:
        raise HomeError(f"the members were not changed: {error}") from None
