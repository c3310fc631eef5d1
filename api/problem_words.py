"""What an error says, in the words of the page: the catalogue holds the messages that visitors meet, any other stays in English."""

import re
from dataclasses import dataclass
from functools import cache

from api.catalogue import Words, catalogue
from graph.answer.wording import quoted
from ontology.model import ontology

_KEYS = "problem."
_BLANK = re.compile(r"\\{(\w+)\\}")
_FIELDS = ("as_of", "known_at")
"""Fields of addresses that forms have under a name of theirs."""
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
    """A message of an error as a page says it, in its language where the catalogue has it."""
    for key, pattern in _patterns():
        if found := pattern.fullmatch(message.rstrip(".")):
            told = words(key, **{name: _blank(name, text, words) for name, text in found.groupdict().items()})
            return Said(_in_english(told, words) if words.language == "en" else told)
    return Said(_in_english(message, words)) if words.language == "en" else Said(message, "en")


def _blank(name: str, text: str, words: Words) -> str:
    """What a blank is filled with, as people say it: kinds, days, reasons, and fields by what the forms call them."""
    if name == "what":
        return _kind(text, words)
    if name == "reason" and f"erased.{text}" in catalogue():
        return words(f"erased.{text}")
    if name == "name" and text in _FIELDS:
        return quoted([words(f"ask.{text}")], words.language)
    return words.day(text) if name == "day" else text


def _in_english(message: str, words: Words) -> str:
    """A message as a sentence of a page: those of the code begin small, have the marks of both languages and call fields by their names."""
    told = re.sub(r"«(.*?)»", r"“\1”", message)
    told = re.sub(rf"\b({'|'.join(_FIELDS)})\b", lambda field: quoted([words(f"ask.{field[1]}")], "en"), told)
    return told[:1].upper() + told[1:]


def _kind(text: str, words: Words) -> str:
    """What a kind of node is called: by the ontology, where the message names one of its classes."""
    name = _KINDS.get(text, text)
    if name not in ontology().classes:
        return text
    label = ontology().label(name, words.language)
    return label[:1].lower() + label[1:]
