"""The mark that a home carries while its property graph is switched to another snapshot.

Neo4j applies a commit piece by piece, so a reader may see some of it before the snapshot's node. A publish therefore counts a number up
before its commit and again after it: while it is odd the graph may be a mixture, and an answer that began and ended on one number is whole.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from graph.statements.home import Home


class Switch:
    """The mark of a home. It is written by whoever holds the home's lock for publishing, and read by all."""

    def __init__(self, home: Home) -> None:
        self._file, self._lock = home.locks / "switch", home.locks / "publish"

    def moment(self) -> int | None:
        """A number that stays while the property graph shows one snapshot, or ``None`` while it is switched."""
        number = self._number()
        return None if number % 2 and self._publishing() else number

    def begin(self) -> None:
        """From here on the graph may be a mixture."""
        number = self._number()
        if number % 2 == 0:
            self._write(number + 1)

    def end(self) -> None:
        """From here on it shows one snapshot again."""
        number = self._number()
        if number % 2:
            self._write(number + 1)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Switch within this."""
        self.begin()
        try:
            yield
        finally:
            self.end()

    def _number(self) -> int:
        try:
            return int(self._file.read_text(encoding="ascii"))
        except FileNotFoundError:
            return 0

    def _write(self, number: int) -> None:
        # not synced: after a crash of the machine nobody reads on, and any number will do
        beside = self._file.with_name(".switch")
        beside.write_text(str(number), encoding="ascii")
        beside.replace(self._file)

    def _publishing(self) -> bool:
        """Whether somebody is at it; who was killed has left the mark behind."""
        with self._lock.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False
