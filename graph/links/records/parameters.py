"""What was learned for linking records, in dated files: see :mod:`graph.links.records.learning`; the newest counts."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from graph.links.records.comparisons import Kind, Learned
from graph.links.records.names import Frequencies
from graph.links.records.titles import TitleWords
from graph.links.records.word_counts import WordCounts
from ontology.errors import Explained

SHIPPED = Path(__file__).parent / "learned"
SHIPPED_ORGANISATIONS = Path(__file__).parent / "learned_organisations"
SHIPPED_TECHNOLOGIES = Path(__file__).parent / "learned_technologies"


class ParametersMissing(Explained, RuntimeError):
    """There is no file of parameters, or it is of other comparisons than the code's."""


@dataclass(frozen=True, slots=True)
class RecordParameters:
    """Parameters of all kinds, with the frequencies of personal names; ``data`` is a SHA-256 of what was learned from."""

    day: str
    data: str
    records: int
    kinds: dict[str, Learned]
    names: Frequencies

    def of(self, kind: Kind) -> Learned:
        """What was learned of a kind.

        :raises ParametersMissing: where it was learned for other comparisons
        """
        found = self.kinds.get(kind.name)
        levels = {comparison.name: len(comparison.levels) for comparison in kind.comparisons}
        if found is None or {name: len(shares) for name, shares in found.m.items()} != levels:
            raise ParametersMissing(f"{self.day}.json was learned for other comparisons: run «ketnoi learn linking»")
        return found


@dataclass(frozen=True, slots=True)
class OrganizationParameters:
    """Parameters of organisations, with the words of their names; ``data`` is a SHA-256 of the bodies that were learned from."""

    day: str
    data: str
    bodies: int
    learned: Learned
    words: WordCounts


@dataclass(frozen=True, slots=True)
class TechnologyParameters:
    """Parameters of technologies, with the words of their titles and in how many technologies a patent class occurs; ``data`` is a
    SHA-256 of the titles that were learned from."""

    day: str
    data: str
    technologies: int
    learned: Learned
    words: TitleWords
    classes: dict[str, int]


def read_record_parameters(directory: Path = SHIPPED) -> RecordParameters:
    """The newest file of a directory.

    :raises ParametersMissing: where there is none
    """
    content = _newest(directory)
    kinds = {name: Learned(**said) for name, said in content.pop("kinds").items()}
    return RecordParameters(**content | {"kinds": kinds, "names": Frequencies(**content["names"])})


def read_organization_parameters(directory: Path = SHIPPED_ORGANISATIONS) -> OrganizationParameters:
    """The newest file of a directory.

    :raises ParametersMissing: where there is none
    """
    content = _newest(directory)
    return OrganizationParameters(
        **content | {"learned": Learned(**content["learned"]), "words": WordCounts(**content["words"])}
    )


def read_technology_parameters(directory: Path = SHIPPED_TECHNOLOGIES) -> TechnologyParameters:
    """The newest file of a directory.

    :raises ParametersMissing: where there is none
    """
    content = _newest(directory)
    return TechnologyParameters(
        **content | {"learned": Learned(**content["learned"]), "words": TitleWords(**content["words"])}
    )


def _newest(directory: Path) -> dict[str, Any]:
    files = sorted(directory.glob("*.json"))
    if not files:
        raise ParametersMissing(f"no learned parameters in {directory}: run «ketnoi learn linking»")
    content: dict[str, Any] = json.loads(files[-1].read_text(encoding="utf-8"))
    return content


def write_record_parameters(
    parameters: RecordParameters | OrganizationParameters | TechnologyParameters, directory: Path
) -> Path:
    """Write parameters as ``DAY.json``; the same content gives the same bytes."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{parameters.day}.json"
    text = json.dumps(asdict(parameters), ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
    return path
