"""Errors of asking named questions."""

from ontology.errors import Explained


class QuestionError(Explained, ValueError):
    """A question can't be answered as it was asked; the message says what to do."""


class BrokenQuestion(RuntimeError):
    """The files of a question contradict each other or the engines; the message names the file."""
