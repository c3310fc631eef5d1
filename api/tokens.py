"""Bearer tokens of the roles member and curator: random, shown once, kept as keyed hashes in a private file."""

import hmac
import json
import secrets
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Literal

from graph.statements.audit import OPERATOR, member, record
from graph.statements.home import Home, HomeError, now, write_durably
from ontology.text import nfc

Role = Literal["member", "curator"]
ROLES: tuple[Role, ...] = ("member", "curator")
_RANK = {"member": 1, "curator": 2}
_FILE = "tokens.json"
_LONGEST_NAME = 100
_LONGEST = 200
"""Characters of a token that are looked at; a real one has 50."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks: a name and a role."""

    name: str
    role: Role

    def may(self, role: Role) -> bool:
        """Whether the role is held; a curator may whatever a member may."""
        return _RANK[self.role] >= _RANK[role]


@dataclass(slots=True)
class Kept:
    """What is kept of a token: a keyed hash of it, and whose it is since when."""

    hash: str
    role: Role
    name: str
    created: str


@dataclass(slots=True)
class _File:
    secret: str
    tokens: list[Kept] = field(default_factory=list)


def create_token(home: Home, role: Role, name: str) -> str:
    """Make a token for somebody; it can't be read again.

    :raises ValueError: where the role is unknown or the name is empty
    :raises HomeError: where the home can't be written
    """
    if role not in ROLES:
        raise ValueError(f"the role is one of {', '.join(ROLES)}, not «{role}»")
    name = checked_name(name)
    token = f"ketnoi_{secrets.token_urlsafe(32)}"
    made = now().isoformat(timespec="seconds")
    try:
        with home.lock("tokens"):
            kept = _read(home) or _File(secrets.token_hex(32))
            kept.tokens.append(Kept(keyed_hash(kept.secret, token), role, name, made))
            record(home, OPERATOR, "token.made", member(name))
            _write(home, kept)
    except OSError as error:
        raise HomeError(f"the token was not kept: {error}") from None
    return token


def checked_name(name: str) -> str:
    """The name of somebody, as it is kept.

    :raises ValueError: where it is none
    """
    if not name.strip() or not name.strip().isprintable() or "/" in name or len(name) > _LONGEST_NAME:
        raise ValueError(f"give a name of at most {_LONGEST_NAME} characters, without a slash")
    return nfc(name)


def has_tokens(home: Home) -> bool:
    """Whether anybody could sign in."""
    return (home.path / _FILE).exists()


def check_token(home: Home, token: str) -> Identity | None:
    """Who holds a token."""
    mark = token_mark(home, token)
    return holder(home, mark) if mark else None


def token_mark(home: Home, token: str) -> str | None:
    """What is kept of a token, if it is one that could be kept."""
    kept = _read(home)
    return None if kept is None or not token or len(token) > _LONGEST else keyed_hash(kept.secret, token)


def holder(home: Home, mark: str) -> Identity | None:
    """Who holds the token with a mark. All kept hashes are compared, each in constant time."""
    found: Identity | None = None
    for entry in holders(home):
        if hmac.compare_digest(entry.hash, mark):
            found = Identity(entry.name, entry.role)
    return found


def holders(home: Home) -> list[Kept]:
    """Who was given a token, in the order of making."""
    kept = _read(home)
    return kept.tokens if kept else []


def change_tokens(home: Home, name: str, role: Role | None) -> None:
    """Let all tokens of somebody have a role, or none of them count any more.

    :raises HomeError: where the home can't be written
    """
    if not any(entry.name == name for entry in holders(home)):
        return
    try:
        with home.lock("tokens"):
            kept = _read(home) or _File(secrets.token_hex(32))
            theirs = [entry for entry in kept.tokens if entry.name == name]
            for entry in theirs:
                entry.role = role or entry.role
            if role is None:
                kept.tokens = [entry for entry in kept.tokens if entry.name != name]
            _write(home, kept)
    except OSError as error:
        raise HomeError(f"the tokens were not changed: {error}") from None


def keyed_hash(key: str, secret: str) -> str:
    """What is kept of a secret, so that who reads the file can try none out (HMAC-SHA-256).

    :param key: hexadecimal digits
    """
    return hmac.new(bytes.fromhex(key), secret.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def _read(home: Home) -> _File | None:
    path = home.path / _FILE
    if not path.exists():
        return None
    content = home.read_json(path)
    return _File(content["secret"], [Kept(**entry) for entry in content["tokens"]])


def _write(home: Home, kept: _File) -> None:
    write_durably(home.path / _FILE, json.dumps(asdict(kept), ensure_ascii=False, indent=1), private=True)
