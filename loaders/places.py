"""Places as offices write them, of before and after July 2025: "phường Dịch Vọng, quận Cầu Giấy, Hà Nội", "Bình Dương", "TP. HCM"."""

import re
from functools import lru_cache

from ontology.schemes import schemes
from ontology.text import fold, nfc

_NEW, _OLD = "place/2025", "place/2024"
"""Versions of the list of units: since 1 July 2025, and until the day before."""
PLACES = (_NEW, _OLD)
_KINDS = {"q": "Quận", "p": "Phường", "h": "Huyện", "x": "Xã", "tx": "Thị xã", "tp": "Thành phố", "t": "Tỉnh"}
_KIND = re.compile(r"^(tx|tp|[qphxt])\.\s*(?=\S)", re.IGNORECASE)


@lru_cache(maxsize=10_000)
def read_place(text: str, scheme: str, within: bool = False) -> tuple[str, ...]:
    """The unit that a text names; the smallest one that is known where it names several, the largest last.

    :param scheme: the version that the column means; where it lacks the unit, the other one is asked
    :param within: something small lies there, so that a unit of before July 2025 also says in which unit it lies since
    :raises ValueError: where the text, or the last of its parts, is no known unit
    """
    found = _unit(text, scheme)
    for part in reversed([part for part in re.split(r"\s*[,;]\s*|\s+[-–]\s+", text) if part] if not found else []):
        unit = _unit(part, scheme, found)
        if unit is None and found is None:
            break
        found = unit or found
    if found is None:
        raise ValueError(f"«{text[:80]}» is no known place")
    since = _since(found) if within and scheme == _NEW and found.startswith(f"scheme/{_OLD}/") else None
    return (found, since) if since else (found,)


def _unit(text: str, scheme: str, inside: str | None = None) -> str | None:
    """A unit by name, within another one where such was named behind it."""
    name = _KIND.sub(lambda kind: f"{_KINDS[kind[1].lower()]} ", nfc(text))
    for version in (scheme, *(other for other in PLACES if other != scheme)):
        for spelling in (text, name):
            unit = schemes().find(version, spelling)
            if unit and (inside is None or _lies_in(unit, inside)):
                return unit
    return None


def _lies_in(unit: str, other: str) -> bool:
    """Whether a unit is another one or lies in it, by name, because the two may be of different versions."""
    names = {fold(schemes().label(above, "vi")) for above in schemes().ancestors(unit)}
    return fold(schemes().label(other, "vi")) in names


def _since(old: str) -> str | None:
    """The smallest unit of today that holds all of an old one."""
    above = [schemes().ancestors(unit) for unit in schemes().concepts[old].replaced_by]
    common = [unit for unit in above[0] if all(unit in others for others in above)] if above else []
    return common[0] if common else None
