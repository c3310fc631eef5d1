"""Errors of asking."""

from ontology.errors import Explained


class AnswerError(Explained, ValueError):
    """A question names what is not known, or can't be answered as asked; the message says what to do."""
