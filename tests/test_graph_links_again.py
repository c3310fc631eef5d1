"""Linking again looks at what changed and at what that can meet; the links are those that looking at everything gives."""

from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from graph.links import linking, persons
from graph.links.linking import _changed, _records, find_links, link
from graph.links.profiles import read_profiles
from graph.links.records.persons import make_person_records
from graph.statements.home import Home
from graph.statements.load_writing import write_load
from graph.statements.loads import Origin, active, open_statements, withdraw
from ontology.statement import ABOUT, LINKER, Item, Mentions, Record

_NAMES = ("Nguyễn Văn Dụ", "Nguyen Van Du", "Anna B. Muster", "Anna Muster", "Bert Muster", "Trần Thị Ví", "Jo Vi")
_FIRMS = ("Công ty Minh Họa", "Minh Hoa Co., Ltd.", "Viện Ví Dụ", "Vien Vi Du", "Example Motors Inc.", "Example Motors")


def patent(random: Random, source: str, key: str) -> Record:
    """A made-up technology with its right, identifiers, people, firms and a park, some of which other records name too."""
    mentions = Mentions(source, key, 1)
    about = mentions.mention(ABOUT, "Technology")
    mentions.value(about, "name", f"{random.choice(['Màng', 'Sấy', 'Van'])} {random.choice(['lọc', 'lạnh'])}", "vi")
    right = mentions.mention("right", "Patent")
    mentions.edge(right, "protects", about)
    mentions.value(right, "grantedOn", f"20{random.randrange(10, 20)}-01-01")
    for subject, scheme in ((about, "technology-code"), (right, "us-patent")):
        if random.random() < 0.6:
            mentions.identifier(subject, scheme, str(random.randrange(6)))
    for name in random.sample(_NAMES, k=random.randrange(3)):
        person = mentions.mention(f"person/{name}", "Person")
        mentions.value(person, "name", name)
        mentions.edge(about, "inventor", person)
    for name in random.sample(_FIRMS, k=random.randrange(3)):
        body = mentions.mention(f"firm/{name}", random.choice(["Organization", "Enterprise"]))
        mentions.value(body, "name", name)
        if random.random() < 0.3:
            mentions.identifier(body, "tax-code", f"010{random.randrange(3)}")
        if random.random() < 0.3:
            mentions.value(body, "homepage", f"https://{random.choice('ab')}.example/")
    if random.random() < 0.3:
        park = mentions.mention("park", "Park")
        mentions.value(park, "name", random.choice(["Khu Ví Dụ", "Khu Minh Họa"]))
    return mentions.record


def load(home: Home, source: str, items: list[Item], whole: bool) -> str:
    return write_load(home, Origin(source, "test", "test", whole=whole), items).load


def found(con: duckdb.DuckDBPyConnection, since: int, wanted: set[str]) -> dict[str, set[tuple[Any, ...]]]:
    return {record.key: {*record.statements} for record in _records(find_links(con, since), wanted)}


def looking_at_everything(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(linking, "read_profiles", lambda con, root, sharing=None: read_profiles(con, root))
    patch.setattr(persons, "make_person_records", lambda con, names, only=None: make_person_records(con, names))
    classes = linking._classes
    patch.setattr(linking, "_classes", lambda con, changed: classes(con, None))


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.long)])
def test_links_are_those_that_looking_at_everything_gives(tmp_path: Path, seed: int) -> None:
    random, home = Random(seed), Home(tmp_path / "home")
    load(home, "a", [patent(random, "a", str(at)) for at in range(8)], True)
    link(home)
    met, loaded = 0, list[str]()
    for _ in range(4):
        if loaded and random.random() < 0.2:
            withdraw(home, loaded.pop())
        source = random.choice("ab")
        items: list[Item] = [patent(random, source, key) for key in random.sample("01234567", k=random.randint(1, 4))]
        loaded.append(load(home, source, items, random.random() < 0.2))
        since = max(one.number for one in active(home) if one.source == LINKER)
        with open_statements(home, active(home)) as con:
            wanted = _changed(con, since)
            narrow = found(con, since, wanted)
        with open_statements(home, active(home)) as con, pytest.MonkeyPatch.context() as patch:
            looking_at_everything(patch)
            assert narrow == found(con, since, wanted)
        met += len(narrow)
        link(home)
    assert met, "nothing was ever linked, so nothing was tried"


def test_nothing_is_read_of_classes_that_did_not_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, random = Home(tmp_path / "home"), Random(1)
    load(home, "a", [patent(random, "a", str(at)) for at in range(8)], True)
    link(home)
    mentions = Mentions("b", "1", 1)
    mentions.value(mentions.mention(ABOUT, "Organization"), "name", "Viện Ví Dụ")
    load(home, "b", [mentions.record], False)
    read: list[str] = []
    monkeypatch.setattr(
        linking,
        "read_profiles",
        lambda con, root, sharing=None: (read.append(root), read_profiles(con, root, sharing))[1],
    )
    assert link(home) is not None
    assert read == ["Organization"]
