"""Errors of reading views."""


class NotReady(RuntimeError):
    """Nothing is published yet; the message says what to do."""


class Preparing(NotReady):
    """A snapshot of the past is being made; whoever asks again later gets it."""


class NothingKnown(LookupError):
    """On the day asked for nothing was known yet."""


class UnknownSnapshot(LookupError):
    """No snapshot of that id is kept."""


class Erased(LookupError):
    """What had this id was erased; the message says when and by which kind of reason, and nothing else."""

    def __init__(self, on: str, reason: str) -> None:
        super().__init__(
            f"What was here was erased on {on} (reason: {reason}). It is kept nowhere in this installation."
        )
        self.on, self.reason = on, reason
