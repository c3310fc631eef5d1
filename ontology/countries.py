"""Names of countries in texts: ``countries.yaml``, folded, with the longest name first."""

from functools import cache
from pathlib import Path

from ontology.text import fold
from ontology.yaml_reading import read_yaml


@cache
def country_names() -> dict[tuple[str, ...], str]:
    """Folded words of a country's name → its code of ISO 3166-1."""
    said: dict[str, list[str]] = read_yaml((Path(__file__).parent / "countries.yaml").read_text(encoding="utf-8"))
    return {tuple(fold(name).split()): code for code, names in said.items() for name in names}


def country_code(text: str) -> str:
    """The code of ISO 3166-1 that a patent office's code means: a third character marks a region, and Japan was once JA.

    :raises ValueError: where it means none
    """
    raw = text.strip().upper()
    code = {"JA": "JP"}.get(raw, raw)[:2]
    if len(raw) > 3 or code not in _codes():
        raise ValueError(f"«{text[:80]}» is no country code")
    return code


@cache
def _codes() -> frozenset[str]:
    return frozenset(country_names().values())
