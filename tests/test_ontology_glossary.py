"""The shipped glossary: general terms, each once, in the form in which a curator loads more."""

import csv
from pathlib import Path

import pytest

from loaders.reading import open_file
from ontology.glossary import GLOSSARY, glossary
from ontology.statement import Record
from ontology.syllables import is_bare_syllable, is_syllable
from ontology.text import fold, spell

TOGETHER = frozenset(
    ("và", "là", "của", "các", "những", "một", "được", "bị", "cho", "với", "trong", "này", "đó", "thì", "mà")
)
"""Words that a sentence is held together by; as terms they would be found in every text."""


def test_each_term_stands_once_and_is_said_in_both_languages() -> None:
    entries = glossary()
    assert len(entries) > 1000
    terms = [spell(text) for entry in entries for text in entry.vi]
    assert len(terms) == len(set(terms))
    assert all(entry.vi and entry.en and all(map(str.strip, (*entry.vi, *entry.en))) for entry in entries)
    assert not set(map(spell, TOGETHER)) & set(terms)


def test_all_sections_of_the_classification_are_spoken_of() -> None:
    """One everyday word of each section, none of which is in a question that is measured by."""
    known = {text for entry in glossary() for text in entry.en}
    assert {
        "tractor",
        "centrifuge",
        "polymer",
        "loom",
        "bulldozer",
        "boiler",
        "microscope",
        "transformer",
        "biomass",
    } <= known


def test_english_is_written_without_diacritics_and_vietnamese_with() -> None:
    entries = glossary()
    assert all(text == fold(text) or text.isascii() for entry in entries for text in entry.en)
    marked = sum(spell(entry.vi[0]) != fold(entry.vi[0]) for entry in entries)
    assert marked > 0.85 * len(entries), "the others are loan words and syllables without a mark"


def test_it_loads_as_a_curators_file_would() -> None:
    reading = open_file("scheme", GLOSSARY)
    items = list(reading.items)
    assert reading.shape == "glossary"
    assert len(items) == len(glossary())
    assert all(isinstance(item, Record) for item in items)


def test_the_golden_row_of_a_glossary(tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [
                ("Tiếng Việt", "Tiếng Anh", "Từ tiếng Việt khác", "Từ tiếng Anh khác"),
                ("bể MBR", "membrane bioreactor", "bể sinh học màng; bể màng", "MBR tank"),
            ]
        )
    (record,) = open_file("scheme", path).items
    assert isinstance(record, Record)
    assert {(s.property, s.value, s.language) for s in record.statements} == {
        ("type", "Concept", None),
        ("name", "bể MBR", "vi"),
        ("name", "membrane bioreactor", "en"),
        ("alternativeName", "bể sinh học màng", "vi"),
        ("alternativeName", "bể màng", "vi"),
        ("alternativeName", "MBR tank", "en"),
    }


@pytest.mark.parametrize("word", ["mang", "nghieng", "gin", "duong", "in", "may", "quay", "thuyen"])
def test_a_syllable_without_its_marks(word: str) -> None:
    assert is_bare_syllable(word)


@pytest.mark.parametrize("word", ["membrane", "water", "pump", "steel", "film", "fibre", "b", ""])
def test_what_is_no_syllable_without_its_marks(word: str) -> None:
    assert not is_bare_syllable(word)


def test_a_syllable_stays_one_when_its_marks_go() -> None:
    syllables = {
        part for entry in glossary() for text in entry.vi for part in text.lower().split() if is_syllable(part)
    }
    assert len(syllables) > 500
    assert not [part for part in syllables if not is_bare_syllable(fold(part))]
