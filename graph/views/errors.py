"""Errors of reading views."""


class NotReady(RuntimeError):
    """Nothing is published yet; the message says what to do."""


class Preparing(NotReady):
    """A snapshot of the past is being made; whoever asks again later gets it."""


class NothingKnown(LookupError):
    """On the day asked for nothing was known yet."""


class UnknownSnapshot(LookupError):
    """No snapshot of that id is kept."""
