"""The bundled sample: real public bodies and a made-up economy around them, as the files that offices send.

Of real bodies it says public facts only. Whatever is made up belongs to the made-up "Thành phố Minh Họa (hư cấu)", lies
in files whose source begins with ``minh-hoa/`` and is marked in the column "Minh họa". Every run writes the same bytes.
"""

import csv
from pathlib import Path

from loaders.sample import catalogue, files, market, projects, readiness, rights
from loaders.sample.sheets import SampleFile, Sheet, write
from loaders.sample.texts import TEXTS, families
from loaders.sample.world import build_world

__all__ = ["SampleFile", "sample_sheets", "write_sample"]

_REAL = (
    ("ministry", "co-quan-cong-lap", "sample/public-bodies", "public_bodies.csv"),
    ("ministry", "khu-cong-nghe", "sample/parks", "parks.csv"),
    ("city", "so-lieu-bao-chi-2020", "sample/press-2020", "press_figures.csv"),
)


def sample_sheets() -> list[Sheet]:
    """All tables of the sample, in the order in which they are loaded."""
    world = build_world()
    technologies = catalogue.build_technologies(world)
    early, late = projects.build_tasks(world, technologies)
    holdings = rights.build_holdings(world, technologies, [*early, *late])
    statuses, permits = rights.build_statuses(technologies)
    transfers = market.build_transfers(world, technologies)
    industries: dict[str, list[str]] = {}
    for family in families():
        industries.setdefault(family.field, []).extend(family.industries)
    return [
        *(_real(*spec) for spec in _REAL),
        *files.society(world),
        *files.registers(world, early, late),
        *files.catalogue(
            technologies,
            readiness.build_assessments(world, technologies),
            catalogue.build_patents(technologies),
            rights.build_offers(world, technologies),
            catalogue.build_needs(world),
        ),
        *files.law(world, holdings, statuses, permits),
        *files.steps_to_rights(
            world, rights.build_requests([*early, *late]), rights.build_announcements([*early, *late], technologies)
        ),
        *files.certified(technologies, transfers),
        *files.recognised(world, market.build_recognitions(world), market.build_services(world, industries)),
        *files.trade(
            world,
            transfers,
            market.build_engagements(world, technologies, transfers),
            market.build_appointments(world, [*early, *late]),
        ),
    ]


def write_sample(directory: Path) -> list[SampleFile]:
    """Write the sample's files into a directory and say how each is loaded."""
    directory.mkdir(parents=True, exist_ok=True)
    return [write(sheet, directory) for sheet in sample_sheets()]


def _real(kind: str, name: str, source: str, file: str) -> Sheet:
    with (TEXTS / file).open(encoding="utf-8", newline="") as text:
        headers, *rows = csv.reader(text)
    return Sheet(kind, name, source, headers, rows)
