"""Errors of asking."""


class AnswerError(ValueError):
    """A question names what is not known, or can't be answered as asked; the message says what to do."""
