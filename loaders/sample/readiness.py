"""Later assessments of technologies: the catalogue knows one of each, and readiness changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from loaders.sample.catalogue import Technology
from loaders.sample.world import World

ASSESSED_AGAIN = 30
_LAST = date(2026, 10, 20)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a body found a technology's readiness to be."""

    code: str
    technology: Technology
    trl: int
    on: date
    assessor: str


def build_assessments(world: World, technologies: Sequence[Technology]) -> list[Assessment]:
    """Every third one went down, the others up; of the first there is a second sheet of the same day that says less."""
    evaluators = [item.name for item in world.intermediaries if "evaluation" in item.services]
    found: list[Assessment] = []

    def add(technology: Technology, trl: int, on: date) -> None:
        code = f"MH-TRL-{len(found) + 1:02d}"
        found.append(Assessment(code, technology, trl, on, evaluators[len(found) % len(evaluators)]))

    for at, technology in enumerate(technologies[5::16][:ASSESSED_AGAIN]):
        on = min(technology.trl_date + timedelta(days=300 + 20 * at), _LAST)
        trl = technology.trl - 1 if at % 3 == 2 else min(technology.trl + 1, 9)
        add(technology, trl, on)
        if at == 0:
            add(technology, trl - 2, on)
    return found
