"""Bearer tokens of the roles member and curator: random, shown once, kept as keyed hashes in a private file."""

import hmac
import json
import secrets
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Literal

from graph.statements.home import Home, HomeError, now, write_durably

Role = Literal["member", "curator"]
ROLES: tuple[Role, ...] = ("member", "curator")
_RANK = {"member": 1, "curator": 2}
_FILE = "tokens.json"
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
class _Kept:
    hash: str
    role: Role
    name: str
    created: str


@dataclass(slots=True)
class _File:
    secret: str
    tokens: list[_Kept] = field(default_factory=list)


def create_token(home: Home, role: Role, name: str) -> str:
    """Make a token for somebody; it can't be read again.

    :raises ValueError: where the role is unknown or the name is empty
    :raises HomeError: where the home can't be written
    """
    if role not in ROLES:
        raise ValueError(f"the role is one of {', '.join(ROLES)}, not «{role}»")
    if not name.strip() or not name.isprintable() or "/" in name:
        raise ValueError("a token is for somebody: give a name, without a slash")
    token = f"ketnoi_{secrets.token_urlsafe(32)}"
    try:
        with home.lock("tokens"):
            kept = _read(home) or _File(secrets.token_hex(32))
            kept.tokens.append(
                _Kept(_hash(kept.secret, token), role, name.strip(), now().isoformat(timespec="seconds"))
            )
            write_durably(home.path / _FILE, json.dumps(asdict(kept), ensure_ascii=False, indent=1), private=True)
    except OSError as error:
        raise HomeError(f"the token was not kept: {error}") from None
    return token


def has_tokens(home: Home) -> bool:
    """Whether anybody could sign in."""
    return (home.path / _FILE).exists()


def check_token(home: Home, token: str) -> Identity | None:
    """Who holds a token. All kept hashes are compared, each in constant time."""
    kept = _read(home)
    if kept is None or not token or len(token) > _LONGEST:
        return None
    mark = _hash(kept.secret, token)
    found: Identity | None = None
    for entry in kept.tokens:
        if hmac.compare_digest(entry.hash, mark):
            found = Identity(entry.name, entry.role)
    return found


def _hash(secret: str, token: str) -> str:
    return hmac.new(bytes.fromhex(secret), token.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def _read(home: Home) -> _File | None:
    path = home.path / _FILE
    if not path.exists():
        return None
    content = home.read_json(path)
    return _File(content["secret"], [_Kept(**entry) for entry in content["tokens"]])
