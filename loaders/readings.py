"""Readings: a hash of all that a row's statements are made from, by which a row is told that was read alike before.

What a row says is a function of its cells, of the mapping, of the source and of the program: of what the loaders and the ontology are.
So two readings with one hash say the same, and the statements of a row that did not change need not be made to know that.
"""

import platform
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b, sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import loaders
import ontology

_BYTES = 15
"""Of a hash; no two of a hundred million rows meet by chance."""


@cache
def _program() -> str:
    """A hash of what the loaders and the ontology are; where it changed everything is stated anew.

    Python's version counts, since its tables of Unicode fold the names, and so does that of the library that validates rows.
    """
    total = sha256(f"{platform.python_version()} {version('pydantic')}".encode())
    for package in (loaders, ontology):
        (root,) = map(Path, package.__path__)
        for path in sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                total.update(f"\x1e{path.relative_to(root.parent)}\x1f".encode())
                total.update(path.read_bytes())
    return total.hexdigest()


def seed(*parts: str) -> bytes:
    """What the readings of one file have in common: the program, and what is given here."""
    return sha256("\x1f".join((_program(), *parts)).encode()).digest()


def reading_of(common: bytes, cells: Sequence[Any]) -> str:
    """The hash of a row.

    :param common: of :func:`seed`
    :param cells: as the format gave them, in the order of the mapping; texts, numbers and days are written so that no two are alike
    """
    return blake2b(repr(cells).encode("utf-8", "surrogatepass"), key=common, digest_size=_BYTES).hexdigest()
