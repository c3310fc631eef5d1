"""What may be in an answer, as numbers: what filters let through (:mod:`graph.answer.narrowing`)."""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, slots=True)
class Within:
    """Technologies and organisations, as firms and as intermediaries, that may be in an answer; None lets everything through."""

    technologies: np.ndarray | None = None
    firms: np.ndarray | None = None
    brokers: np.ndarray | None = None

    def also(self, end: str, passing: np.ndarray) -> "Within":
        """What passes one filter more."""
        before: np.ndarray | None = getattr(self, end)
        return replace(self, **{end: passing if before is None else before & passing})


EVERYTHING = Within()


def only(allowed: np.ndarray | None, numbers: np.ndarray) -> np.ndarray:
    """The numbers that are let through, in their order; −1, which stands for what is not saved, passes no filter."""
    if allowed is None:
        return numbers
    found: np.ndarray = numbers[(numbers >= 0) & allowed[numbers]]
    return found


def weighed(allowed: np.ndarray | None, scores: np.ndarray) -> np.ndarray:
    """Scores of all nodes of a kind, nothing for those that are not let through."""
    return scores if allowed is None else scores * allowed
