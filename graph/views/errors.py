"""Errors of reading views."""


class NotReady(RuntimeError):
    """Nothing is published yet; the message says what to do."""


class UnknownSnapshot(LookupError):
    """No snapshot of that id is kept."""
