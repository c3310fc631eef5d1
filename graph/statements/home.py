"""The home: one directory that holds everything an installation knows."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

from ontology.errors import Explained

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Days are Vietnam's."""


class HomeError(Explained, RuntimeError):
    """The home can't be written, or holds what this version does not understand; the message says what to do."""


def now() -> datetime:
    """The instant, in UTC."""
    return datetime.now(UTC)


def day_of(instant: datetime) -> str:
    """The day in Vietnam of an instant, as an ISO date."""
    return instant.astimezone(VIETNAM).date().isoformat()


def today() -> str:
    """Today in Vietnam, as an ISO date."""
    return day_of(now())


def end_of_day(day: str) -> datetime:
    """The last instant of a day in Vietnam, in UTC.

    :param day: an ISO date
    """
    next_day = datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), VIETNAM)
    return (next_day - timedelta.resolution).astimezone(UTC)


def write_durably(path: Path, content: str, private: bool = False) -> None:
    """Write a small file so that after a crash the old or the new content is there, whole.

    :param private: nobody else reads it, not for an instant
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.unlink(missing_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Make renames inside a directory survive a crash."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Home:
    """Paths and locks of an installation.

    :param path: the directory; it is made where there is none
    :raises HomeError: where it can't be made
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        try:
            for part in (self.loads, self.snapshots, self.past, self.kept, self.locks):
                part.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HomeError(f"{self.path} can't be used as home: {error}") from None

    @property
    def loads(self) -> Path:
        return self.path / "loads"

    @property
    def snapshots(self) -> Path:
        return self.path / "snapshots"

    @property
    def past(self) -> Path:
        """Snapshots of past days, made when asked for; each may go at any time."""
        return self.path / "past"

    @property
    def kept(self) -> Path:
        """Snapshots that are kept to be cited."""
        return self.path / "kept"

    @property
    def locks(self) -> Path:
        return self.path / "locks"

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold a lock of the home; the kernel frees it when the process dies."""
        with (self.locks / name).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def locked(self, name: str) -> bool:
        """Whether somebody holds a lock of the home now."""
        try:
            with (self.locks / name).open("r") as file:
                # shared: several who only look are not in each other's way
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def read_json(self, path: Path) -> dict[str, Any]:
        """A JSON object of the home."""
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return content
