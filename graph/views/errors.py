"""Errors of reading views."""


class NotReady(RuntimeError):
    """Nothing is published yet; the message says what to do."""
