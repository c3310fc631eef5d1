"""Names of countries in texts: ``countries.yaml``, folded, with the longest name first."""

from functools import cache
from pathlib import Path

import yaml

from ontology.text import fold


@cache
def country_names() -> dict[tuple[str, ...], str]:
    """Folded words of a country's name → its code of ISO 3166-1."""
    said: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "countries.yaml").read_text(encoding="utf-8"))
    return {tuple(fold(name).split()): code for code, names in said.items() for name in names}
