"""Sentences for people, in Vietnamese and English, from one catalogue; worded at the end from a key and values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from graph.policy.law import Language, Provision
from ontology.yaml_reading import read_yaml


@dataclass(frozen=True, slots=True)
class Word:
    """A value that is itself a key of the catalogue."""

    key: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence of the catalogue with its values: texts, days, shares (0–1), words, several of them.

    ``provision`` is what it cites, in brackets after it.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    provision: Provision | None = None

    def say(self, language: Language) -> str:
        """The sentence in a language.

        :raises KeyError: where the catalogue lacks the key
        """
        words = {name: _worded(value, language) for name, value in self.values.items()}
        sentence = catalogue()[self.key][language].format(**words)
        if self.provision is None:
            return sentence
        # a name that ends in brackets would stand in brackets twice
        name = re.sub(r" \(([^()]+)\)$", r": \1", self.provision.name(language))
        return f"{sentence.rstrip('.')} ({name})."


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Key → language → sentence."""
    text = Path(__file__).with_name("sentences.yaml").read_text(encoding="utf-8")
    return MappingProxyType(read_yaml(text))


def document_of(step: Phrase, language: Language) -> str | None:
    """The document that a step needs or leaves behind; None where it is none in particular."""
    found = catalogue().get(f"document.{step.key.removeprefix('step.')}")
    return found[language] if found else None


def _worded(value: object, language: Language) -> str:
    if isinstance(value, Word):
        return catalogue()[value.key][language]
    if isinstance(value, date):
        return f"{value.day}/{value.month}/{value.year}" if language == "vi" else f"{value.day} {value:%b} {value.year}"
    if isinstance(value, float):
        number = f"{value * 100:g}"
        return number.replace(".", ",") + "%" if language == "vi" else number + " %"
    if isinstance(value, tuple):
        return ", ".join(_worded(part, language) for part in value)
    return str(value)
