"""Writes the Turtle of communes and districts from two data packages: ``python -m ontology.administrative_units``.

``vietnamadminunits`` (codes, names, and which old ward became part of which commune) and ``vietnam-provinces`` (names, as a check) have
to be installed; nothing else in the project needs them. All units of the country go to ``ontology/places``, from where they are loaded
on demand; those of Hanoi also go to the end of ``place.ttl`` and ``place-2024.ttl``, which are loaded at every build.
"""

import json
import re
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from ontology.model import BASE
from ontology.text import nfc, spell

_HERE = Path(__file__).parent
_PACKAGES = ("vietnamadminunits", "vietnam-provinces")
HANOI = "01"
"""Code of Hanoi in the list of the statistics office."""

SHIPPED = {"2025": "place.ttl", "2024": "place-2024.ttl"}
"""Scheme files that hold the provinces by hand, and Hanoi's units behind :data:`MARK`."""

MARK = "#### Units of Hanoi, written by ontology/administrative_units.py"
WHOLE = {"2025": "communes-2025.ttl", "2024": "districts-2024.ttl"}

_ENGLISH = {
    "Phường": "Ward",
    "Xã": "Commune",
    "Đặc khu": "Special Zone",
    "Quận": "Urban District",
    "Huyện": "District",
    "Thị xã": "Town",
    "Thành phố": "City",
}


class Unit(NamedTuple):
    """A commune of 2025 or a district of 2024. ``province`` is the statistical code; ``successors`` are codes of communes."""

    province: str
    code: str
    name: str
    successors: tuple[str, ...] = ()


def english(name: str) -> str:
    """A unit's name without diacritics, its kind behind it: "Phường Ba Đình" is "Ba Dinh Ward"."""
    kind = next(kind for kind in _ENGLISH if name.startswith(f"{kind} "))
    bare = unicodedata.normalize("NFD", name.removeprefix(f"{kind} ").replace("đ", "d").replace("Đ", "D"))
    bare = "".join(c for c in bare if not unicodedata.combining(c))
    return f"{_ENGLISH[kind]} {bare}" if bare.isdigit() else f"{bare} {_ENGLISH[kind]}"


def tidy(name: str) -> str:
    """A unit's name with single spaces, its kind written as elsewhere ("Thành Phố Bắc Kạn" is "Thành phố Bắc Kạn")."""
    text = nfc(name)
    kind = next((kind for kind in _ENGLISH if text.casefold().startswith(f"{kind} ".casefold())), None)
    if kind is None:
        raise ValueError(f"«{name}» begins with no known kind of unit")
    return kind + text[len(kind) :]


def turtle(version_: str, units: Iterable[Unit], provinces: Mapping[str, str]) -> Iterator[str]:
    """One line of Turtle a unit, by code.

    :param version_: of the scheme ``place``
    :param provinces: statistical code of a province → its code in that version of the scheme
    """
    prefix = {"2025": "place", "2024": "old"}[version_]
    for unit in sorted(units, key=lambda unit: unit.code):
        line = (
            f"{prefix}:{unit.code} a skos:Concept, kn:Place ; skos:inScheme <{BASE}scheme/place/{version_}> ; "
            f'skos:notation "{unit.code}" ; skos:prefLabel "{unit.name}"@vi, "{english(unit.name)}"@en ; '
            f'skos:broader {prefix}:{provinces[unit.province]} ; kn:gsoCode "{unit.code}"'
        )
        replaced = ", ".join(f"place:{code}" for code in sorted(unit.successors))
        yield f"{line} ; kn:replacedBy {replaced} .\n" if replaced else f"{line} .\n"


def _data(module: str, name: str) -> Path:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise SystemExit(f"install {' and '.join(_PACKAGES)} first")
    return Path(spec.origin).parent / "data" / name


def _rows(sql: str) -> list[tuple[str, ...]]:
    with sqlite3.connect(_data("vietnamadminunits", "dataset.db")) as con:
        return con.execute(sql).fetchall()


def _read() -> tuple[list[Unit], list[Unit]]:
    """All communes and all districts, these with the communes that took land of them."""
    new = _rows("SELECT provinceCode, wardCode, ward, provinceKey, wardKey FROM admin_units")
    old = _rows(
        "SELECT DISTINCT provinceCode, districtCode, district, provinceKey, districtKey FROM admin_units_legacy"
    )
    codes = {(province, ward): code for _, code, _, province, ward in new}
    successors: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for (province, ward), origins in _origins().items():
        for origin in origins:
            successors[tuple(origin.split("_")[:2])].add(codes[province, ward])
    communes = [Unit(province, code, tidy(name)) for province, code, name, _, _ in new]
    districts = [
        Unit(p, code, tidy(name), tuple(successors[keys])) for p, code, name, *rest in old if (keys := tuple(rest))
    ]
    return communes, districts


def _origins() -> dict[tuple[str, str], list[str]]:
    """(province, commune) → the old wards that it came from, by the package's keys."""
    tables: dict[str, Any] = json.loads(_data("vietnamadminunits", "converter_2025.json").read_text(encoding="utf-8"))
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for province, communes in tables["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, wards in communes.items():
            found[province, commune] += wards
    for province, wards in tables["DICT_PROVINCE_WARD_DIVIDED"].items():
        for ward, parts in wards.items():
            for part in parts:
                found[province, part["newWardKey"]].append(ward)
    return found


def _check_names(communes: Iterable[Unit]) -> None:
    """Both packages have to name the same communes; their codes differ where one follows the decision's draft."""
    other = json.loads(_data("vietnam_provinces", "nested-divisions.json").read_text(encoding="utf-8"))
    named = {(f"{p['code']:02d}", _plain(w["name"])): f"{w['code']:05d}" for p in other for w in p["wards"]}
    mine = {(unit.province, _plain(unit.name)): unit.code for unit in communes}
    if named.keys() != mine.keys():
        raise SystemExit(f"the packages name different communes: {sorted(named.keys() ^ mine.keys())[:20]}")


def _plain(name: str) -> str:
    return spell(re.sub("['’]", "", name))


def _provinces(version_: str) -> dict[str, str]:
    text = (_HERE / "schemes" / SHIPPED[version_]).read_text(encoding="utf-8").split(MARK)[0]
    return {
        gso: code for code, gso in re.findall(r'^\w+:(VN-\w+) a .*?kn:gsoCode "(\d\d)"', text, re.MULTILINE | re.DOTALL)
    }


def _write(version_: str, units: list[Unit]) -> None:
    provinces = _provinces(version_)
    path = _HERE / "schemes" / SHIPPED[version_]
    by_hand = path.read_text(encoding="utf-8").split(MARK)[0].rstrip()
    hanoi = turtle(version_, (unit for unit in units if unit.province == HANOI), provinces)
    path.write_text(f"{by_hand}\n\n{MARK}\n\n{''.join(hanoi)}", encoding="utf-8")
    head = "".join(f"# {line}\n" for line in _about(version_))
    prefixes = "".join(line for line in by_hand.splitlines(keepends=True) if line.startswith("@prefix"))
    whole = f"{head}{prefixes}\n{''.join(turtle(version_, units, provinces))}"
    (_HERE / "places" / WHOLE[version_]).write_text(whole, encoding="utf-8")


def _about(version_: str) -> tuple[str, ...]:
    packages = " and ".join(f"{name} {version(name)}" for name in _PACKAGES)
    what = {
        "2025": "All communes, wards and special zones since 1 July 2025. Codes are those of Decision 19/2025/QĐ-TTg as vietnamadminunits has them;",
        "2024": "All districts until 30 June 2025, each with the communes of 2025 that took land of it.",
    }[version_]
    note = (
        "vietnam-provinces, which follows the draft of that decision, has the same names and another code for 123 of them.",
    )
    return (
        what,
        *(note if version_ == "2025" else ()),
        f"Written by ontology/administrative_units.py from the data packages {packages}.",
        f"Loaded on demand: ketnoi load scheme ontology/places/{WHOLE[version_]}",
    )


def main() -> None:
    """Write all four files."""
    communes, districts = _read()
    _check_names(communes)
    _write("2025", communes)
    _write("2024", districts)


if __name__ == "__main__":
    main()
