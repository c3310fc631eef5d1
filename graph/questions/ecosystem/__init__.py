"""What policymakers ask of the whole: named questions beside the 25, below ``/ecosystem``, and what is computed from their rows.

Tasks, their reports and their years are read by one query, ``course``, so that a figure and the list behind it can't differ.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from graph.questions.named import NamedQuestion, read_questions


@cache
def ecosystem_questions() -> Mapping[str, NamedQuestion]:
    """The questions of this directory by name, in the order of their numbers."""
    return read_questions(Path(__file__).parent)
