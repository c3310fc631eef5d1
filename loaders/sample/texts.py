"""The texts of the sample: families of technologies as templates, read from ``texts/`` and filled with numbers."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

TEXTS = Path(__file__).with_name("texts")
_RANGE = re.compile(r"\{(\d+)-(\d+)\}")
_SENTENCE = re.compile(r"(^|\.\s+)(\w)")


@dataclass(frozen=True, slots=True)
class Family:
    """Technologies of one kind: objects and methods vary, the rest is shared. Pairs are (Vietnamese, English)."""

    id: str
    field: str
    ipc: tuple[str, ...]
    industries: tuple[str, ...]
    objects: tuple[tuple[str, str], ...]
    methods: tuple[tuple[str, str], ...]
    title: tuple[str, str]
    problem: str
    how: str
    effects: tuple[str, ...]
    use: str
    need: tuple[str, str]
    want: str
    sought: bool = True
    offered: bool = True


def read_toml(name: str) -> dict[str, Any]:
    """A data file of the sample."""
    return tomllib.loads((TEXTS / name).read_text(encoding="utf-8"))


def _pairs(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((row[0], row[1]) for row in rows)


def _family(entry: dict[str, Any]) -> Family:
    return Family(
        id=entry.get("id", entry["field"]),
        field=entry["field"],
        ipc=tuple(entry.get("ipc", ())),
        industries=tuple(entry["industries"]),
        objects=_pairs(entry["objects"]),
        methods=_pairs(entry.get("methods", ())),
        title=(entry["title"][0], entry["title"][1]) if "title" in entry else ("", ""),
        problem=entry.get("problem", ""),
        how=entry.get("how", ""),
        effects=tuple(entry.get("effects", ())),
        use=entry.get("use", ""),
        need=(entry["need"][0], entry["need"][1]),
        want=entry["want"],
        sought=entry.get("sought", True),
        offered="title" in entry,
    )


@cache
def families() -> tuple[Family, ...]:
    """Families that are offered."""
    names = sorted(path.name for path in TEXTS.glob("families_*.toml"))
    return tuple(_family(entry) for name in names for entry in read_toml(name)["family"])


@cache
def unserved() -> tuple[Family, ...]:
    """Topics that firms look for and nobody offers."""
    return tuple(_family(entry) for entry in read_toml("unserved.toml")["topic"])


def fill(template: str, rng: Random, **slots: str) -> str:
    """A template with its slots and numbers filled in; every sentence begins with a capital letter."""
    for name, text in slots.items():
        template = template.replace("{" + name + "}", text)
    numbered = _RANGE.sub(lambda found: str(_between(int(found[1]), int(found[2]), rng)), template)
    return capitalised(numbered)


def _between(low: int, high: int, rng: Random) -> int:
    # people write 350, not 347
    step = 50 if high >= 1000 else 10 if high >= 300 else 5 if high >= 100 and low % 5 == 0 else 1
    return low + step * rng.randrange((high - low) // step + 1)


def capitalised(text: str) -> str:
    """The text with a capital letter at each sentence's beginning."""
    return _SENTENCE.sub(lambda found: found[1] + found[2].upper(), text)
