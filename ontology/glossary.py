"""General technical terms in Vietnamese and English: ``glossary.csv``, in the form in which a curator loads more of them.

The terms were written class by class in the order of the International Patent Classification, for everybody's use; what one house calls
its own things belongs into a file of its own (``ketnoi load scheme FILE``).
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

GLOSSARY = Path(__file__).parent / "glossary.csv"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in two languages: how it is called in each, the usual word first. ``node`` is what says so, where it is a node."""

    vi: tuple[str, ...]
    en: tuple[str, ...]
    source: str
    node: str = ""


@cache
def glossary() -> tuple[Entry, ...]:
    """The shipped terms."""
    with GLOSSARY.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert len(header) == 4
    return tuple(Entry(_words(vi, more_vi), _words(en, more_en), "glossary") for vi, en, more_vi, more_en in rows)


def _words(first: str, others: str) -> tuple[str, ...]:
    return (first, *(text for other in others.split(";") if (text := other.strip())))
