"""Sessions of the pages: they end when who signed in signs out, is away long, or after a working day, and with what they began with.

Kept are hashes of their secrets, in a private file, so that all processes know of an end at once.
"""

import json
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from api.members import secret_mark, standing
from api.tokens import Identity, holder
from graph.statements.home import Home, HomeError, now, write_durably

_FILE = "sessions.json"
IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)
"""How long nothing may be asked, and how long a session lasts whatever is asked."""
_SEEN = timedelta(minutes=1)
"""How exactly it is kept when something was asked last."""
_EACH = 20
"""Sessions of one name; one more ends the oldest."""
PREFIX = "session_"
_LONGEST_SECRET = 200


@dataclass(frozen=True, slots=True)
class Session:
    """What is kept of a session.

    :param mark: a hash of its secret
    :param begun: an instant, as is ``seen``, when something was asked last
    :param token: what is kept of the token that it began with, if it was one
    """

    mark: str
    name: str
    begun: str
    seen: str
    token: str | None = None

    def lasts(self, at: datetime) -> bool:
        """Whether it has not ended by itself."""
        begun, seen = datetime.fromisoformat(self.begun), datetime.fromisoformat(self.seen)
        return at < begun + LONGEST and at < seen + IDLE


def begin(home: Home, name: str, token: str | None = None) -> str:
    """Begin a session; its secret.

    :param token: what is kept of the token that was given, where it was one
    :raises HomeError: where the home can't be written
    """
    secret = PREFIX + secrets.token_urlsafe(32)
    instant = _instant(now())
    try:
        with home.lock("sessions"):
            kept = [one for one in _read(home) if one.lasts(now())]
            theirs = [one for one in kept if one.name == name][-_EACH + 1 :]
            kept = [one for one in kept if one.name != name or one in theirs]
            _write(home, [*kept, Session(secret_mark(secret), name, instant, instant, token)])
    except OSError as error:
        raise HomeError(f"the session was not kept: {error}") from None
    return secret


def session_of(home: Home, secret: str, at: datetime | None = None) -> Identity | None:
    """Whose session it is, with the role that they have now; nobody's where it ended. That it was asked for is kept."""
    at = at or now()
    mark = secret_mark(secret[:_LONGEST_SECRET])
    found = next((one for one in _read(home) if one.mark == mark), None)
    if found is None or not found.lasts(at):
        return None
    who = holder(home, found.token) if found.token else standing(home, found.name, found.begun)
    if who is not None and at > datetime.fromisoformat(found.seen) + _SEEN:
        # a full disk ends sessions early, and nothing else
        with suppress(OSError), home.lock("sessions"):
            _write(home, [replace(one, seen=_instant(at)) if one.mark == mark else one for one in _read(home)])
    return who


def end(home: Home, secret: str) -> None:
    """End a session.

    :raises HomeError: where the home can't be written
    """
    mark = secret_mark(secret[:_LONGEST_SECRET])
    try:
        with home.lock("sessions"):
            _write(home, [one for one in _read(home) if one.mark != mark])
    except OSError as error:
        raise HomeError(f"the session was not ended: {error}") from None


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def _read(home: Home) -> list[Session]:
    path = home.path / _FILE
    return [Session(**one) for one in home.read_json(path)["sessions"]] if path.exists() else []


def _write(home: Home, sessions: list[Session]) -> None:
    content = json.dumps({"sessions": [asdict(one) for one in sessions]}, ensure_ascii=False)
    write_durably(home.path / _FILE, content, private=True)
