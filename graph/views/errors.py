"""Errors of reading views."""

from collections.abc import Mapping

from ontology.errors import Explained


class NotReady(Explained, RuntimeError):
    """Nothing is published yet; the message says what to do."""


class Preparing(NotReady):
    """What is asked for is being made or computed; whoever asks again later gets it.

    :param what: what it is, in both languages
    :param since: seconds since it was begun
    """

    def __init__(self, message: str, what: Mapping[str, str] | None = None, since: float | None = None) -> None:
        super().__init__(message)
        self.what, self.since = what, since


class NothingKnown(Explained, LookupError):
    """On the day asked for nothing was known yet."""


class UnknownSnapshot(Explained, LookupError):
    """No snapshot of that id is kept."""


class Erased(LookupError):
    """What had this id was erased; the message says when and by which kind of reason, and nothing else."""

    def __init__(self, on: str, reason: str) -> None:
        super().__init__(
            f"What was here was erased on {on} (reason: {reason}). It is kept nowhere in this installation."
        )
        self.on, self.reason = on, reason
