"""Passwords: hashed by argon2, checked in the same time whether there is such a name or not, and never tried often.

The parameters are those of RFC 9106 for little memory (64 MB), as argon2-cffi has them.
"""

import threading
import time
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.limits import Buckets

SHORTEST, LONGEST = 12, 200
"""Characters of a password."""
_DIFFERENT = 5
"""Different characters that a password has at least."""
_MINUTE = 60.0
_hasher = PasswordHasher()
_at_once = threading.BoundedSemaphore(2)
"""Each hash takes the memory of one; who comes meanwhile waits."""


class WeakPassword(ValueError):
    """A password that is not taken; ``reason`` is the end of a key in the catalogue, below ``password.``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def hashed(password: str, name: str) -> str:
    """What is kept of a new password.

    :param name: whose it is
    :raises WeakPassword: where it is short, or quickly guessed by who knows the name
    """
    text = _normal(password)
    if not SHORTEST <= len(text) <= LONGEST:
        raise WeakPassword("length")
    if len(set(text)) < _DIFFERENT or _normal(name).casefold() in text.casefold():
        raise WeakPassword("guessed")
    with _at_once:
        return _hasher.hash(text)


def is_password(kept: str | None, password: str) -> bool:
    """Whether a password is the one that was kept. Where none was, it takes as long to say no."""
    text = _normal(password[: LONGEST * 2])
    against = _stand_in() if kept is None else kept
    with _at_once:
        try:
            _hasher.verify(against, text)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def _normal(text: str) -> str:
    """Compatibility form, so that a keyboard that puts accents apart types the same password (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", text.encode("utf-8", "replace").decode("utf-8"))


@cache
def _stand_in() -> str:
    return _hasher.hash("nobody's")


class Tries:
    """How often passwords and tokens may be tried: for a name from one address or from anywhere, and for any name from one address.

    Names that nobody has are counted like others. It is kept in memory, by each process for itself.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._near = Buckets(1 / _MINUTE, burst=5)
        self._client = Buckets(1 / 20, burst=30)
        self._name = Buckets(1 / _MINUTE, burst=100)
        # prepared before anybody signs in, or the first unknown name would take twice as long
        _stand_in()

    def wait(self, name: str, client: str, at: float | None = None) -> float:
        """Take a try; 0 where there was one, else the seconds until there is."""
        at = time.monotonic() if at is None else at
        name = name.casefold()
        with self._lock:
            for bucket, key in ((self._near, f"{client} {name}"), (self._client, client), (self._name, name)):
                if wait := bucket.wait(key, at):
                    return wait
        return 0.0

    def forget(self, name: str, client: str) -> None:
        """The password was right: that try does not count, nor those before it from there."""
        name = name.casefold()
        with self._lock:
            self._near.give(f"{client} {name}", self._near.burst)
            self._client.give(client)
            self._name.give(name)
