"""Features of the score, one file each: values for all candidates at once, the statements behind one value, and its sentence.

A feature module has ``NAME``; ``READS``, the tables whose rows it counts; ``values(candidates)``, an array with NaN where nothing is on
record; ``evidence(candidates, at)``, the rows of a table behind one value; and ``SENTENCES`` and ``facts(candidates, at, value)``, which
say it to people. ``OF_ENDS = True`` says that a row counts only for candidates that have one of its ends (a need that is the candidate's,
a deal of its intermediary or its firm), so that taking it away leaves the others as they are; a share of a whole can't say so.
``WHOLE = True`` says that the evidence is all that is on record of an end, so that without it nothing is on record.
``without(candidates, some, rows, seen)`` gives, where it is quicker than computing them anew, the values of some candidates had rows not
been stated, from the values that were seen.
``applies(candidates)`` says whether it has anything to say on a question at all. To add one: write the file, give it a weight in
``weights/`` or let it be learned; a feature that the weights in use don't name is not computed.
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple

import numpy as np

from graph.answer.candidates import Candidates


class Feature(NamedTuple):
    """A feature as the score uses it."""

    name: str
    reads: tuple[str, ...]
    values: Callable[[Candidates], np.ndarray]
    evidence: Callable[[Candidates, int], tuple[str, frozenset[int]]]
    facts: Callable[[Candidates, int, float], Mapping[str, Any]]
    sentences: Mapping[str, str]
    label: Mapping[str, str]
    of_ends: bool
    whole: bool
    without: Callable[[Candidates, np.ndarray, np.ndarray, np.ndarray], np.ndarray] | None
    applies: Callable[[Candidates], bool]


@cache
def features() -> tuple[Feature, ...]:
    """All features, by name."""
    found = []
    for info in sorted(iter_modules(__path__), key=lambda info: info.name):
        module = import_module(f"{__name__}.{info.name}")
        found.append(
            Feature(
                module.NAME,
                module.READS,
                module.values,
                module.evidence,
                module.facts,
                module.SENTENCES,
                module.LABEL,
                getattr(module, "OF_ENDS", False),
                getattr(module, "WHOLE", False),
                getattr(module, "without", None),
                getattr(module, "applies", lambda _: True),
            )
        )
    return tuple(found)
