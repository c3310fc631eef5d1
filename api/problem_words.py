"""What an error says, in the words of the page: the catalogue holds the messages that visitors meet, any other stays in English."""

import re
from dataclasses import dataclass
from functools import cache

from api.catalogue import Words, catalogue
from ontology.model import ontology

_KEYS = "problem."
_BLANK = re.compile(r"\\{(\w+)\\}")
_KINDS = {
    "technology": "Technology",
    "firm": "Enterprise",
    "need": "TechnologyNeed",
    "intermediary": "Intermediary",
    "organisation": "Organization",
}
"""What messages call the kinds of nodes where they don't name the class."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message for people; ``language`` is the one that it is in, where that is not the page's."""

    text: str
    language: str | None = None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Key → the English message with its blanks as a pattern; a parameter's name may stand before it."""
    return tuple(
        (key, re.compile(r"(?:\w+: )?" + _BLANK.sub(r"(?P<\1>.+?)", re.escape(said["en"]))))
        for key, said in catalogue().items()
        if key.startswith(_KEYS)
    )


def problem_said(message: str, words: Words) -> Said:
    """A message of an error in the language of the page, where the catalogue has it."""
    if words.language == "en":
        return Said(_in_english(message))
    for key, pattern in _patterns():
        if found := pattern.fullmatch(message.rstrip(".")):
            blanks = {name: _kind(text, words) if name == "what" else text for name, text in found.groupdict().items()}
            return Said(words(key, **blanks))
    return Said(message, "en")


def _in_english(message: str) -> str:
    """A message as a sentence of a page: its code has marks and small letters for both languages. One that begins with a parameter's
    name keeps it."""
    told = re.sub(r"«(.*?)»", r"“\1”", message)
    first = re.match(r"[a-z]+(?=[ ,])", told)
    return told[:1].upper() + told[1:] if first else told


def _kind(text: str, words: Words) -> str:
    """What a kind of node is called: by the ontology, where the message names one of its classes."""
    name = _KINDS.get(text, text)
    if name not in ontology().classes:
        return text
    label = ontology().label(name, words.language)
    return label[:1].lower() + label[1:]
