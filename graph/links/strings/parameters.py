"""What was learned for linking strings: how much each comparison says, and how frequent words are in names of organisations.

Each learning writes a file of its own, named by its day, with the hash of the data that it learned from; the newest counts.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from graph.links.strings.comparing import FEATURES
from ontology.errors import Explained

SHIPPED = Path(__file__).parent / "learned"


@dataclass(frozen=True, slots=True)
class Parameters:
    """Learned parameters.

    ``several`` and ``one`` are log-odds by feature, for names of several words and of one. ``bodies`` is the number of bodies learned
    from, ``words`` how many of them have a word in a name, for the frequent ones; ``data`` is a SHA-256 of their names and places.
    """

    day: str
    data: str
    bodies: int
    strings: int
    seed: int
    threshold: float
    several: dict[str, float]
    one: dict[str, float]
    words: dict[str, int]

    def weights(self) -> np.ndarray:
        """In the order of :meth:`graph.links.strings.comparing.Comparison.vector`."""
        return np.array([table[feature] for table in (self.several, self.one) for feature in FEATURES])


class ParametersMissing(Explained, RuntimeError):
    """There is no file of parameters, or it is of other comparisons than the code's."""


def read_parameters(directory: Path = SHIPPED) -> Parameters:
    """The newest file of a directory.

    :raises ParametersMissing: where there is none, or it has other features than the code
    """
    files = sorted(directory.glob("*.json"))
    if not files:
        raise ParametersMissing(f"no learned parameters in {directory}: run «ketnoi learn linking»")
    found = Parameters(**json.loads(files[-1].read_text(encoding="utf-8")))
    if set(found.several) != set(FEATURES) or set(found.one) != set(FEATURES):
        raise ParametersMissing(f"{files[-1].name} was learned for other comparisons: run «ketnoi learn linking»")
    return found


def write_parameters(parameters: Parameters, directory: Path) -> Path:
    """Write parameters as ``DAY.json``; the same content gives the same bytes."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{parameters.day}.json"
    path.write_text(
        json.dumps(asdict(parameters), ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    return path
