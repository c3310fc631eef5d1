"""Arrays that a difference touches only in names are made again in these parts alone; the rest is shared with the old ones."""

from pathlib import Path
from random import Random

import duckdb
import pytest

from graph.views import counted_words
from graph.views.array_building import build, change
from graph.views.array_files import CountedBeside
from graph.views.arrays import Arrays

_COLUMNS = "entity VARCHAR, property VARCHAR, object VARCHAR, value VARCHAR, language VARCHAR"
Row = tuple[str, str, str | None, str | None]
ROWS: list[Row] = [
    ("t1", "type", None, "Technology"),
    ("t1", "name", None, "Màng lọc Ví Dụ"),
    ("t1", "inventor", "p1", None),
    ("o1", "type", None, "Organization"),
    ("o1", "name", None, "Viện Ví Dụ"),
    ("o2", "type", None, "Organization"),
    ("o2", "name", None, "Công ty Minh Họa"),
    ("p1", "type", None, "Person"),
    ("p1", "name", None, "Trần Văn Dụ"),
]


Named = tuple[str, str, str | None, str | None, str | None]


def _fill(con: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    con.execute(f"CREATE TABLE {table} ({_COLUMNS})")
    if rows:
        con.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?, NULL)", rows)


def _content(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(directory.iterdir())}


@pytest.mark.parametrize(
    ("entity", "name", "made"),
    [
        ("o1", "Viện Ví Dụ Mới", {"gram", "organisation_grams"}),
        ("p1", "Trần Văn Dụ Mới", {"person", "technology_people"}),
    ],
)
def test_a_corrected_name_makes_its_part_again(tmp_path: Path, entity: str, name: str, made: set[str]) -> None:
    with duckdb.connect() as con:
        now = [(e, p, o, name if (e, p) == (entity, "name") else v) for e, p, o, v in ROWS]
        _fill(con, "resolved", ROWS)
        _fill(con, "resolved_now", now)
        _fill(con, "removed", [row for row in ROWS if row not in now])
        _fill(con, "added", [row for row in now if row not in ROWS])
        build(con, "resolved", tmp_path / "old")
        before = _content(tmp_path / "old")
        change(con, "resolved_now", tmp_path / "old", tmp_path / "new")
        build(con, "resolved_now", tmp_path / "anew")
    assert _content(tmp_path / "new") == _content(tmp_path / "anew")
    assert _content(tmp_path / "old") == before
    differing = {file for file, content in _content(tmp_path / "new").items() if content != before[file]}
    parts = {file.split(".")[0].removesuffix("_ids") for file in differing}
    assert parts
    assert parts - {"arrays"} <= made
    table = Path("offer.price.npy")
    assert (tmp_path / "new" / table).samefile(tmp_path / "old" / table)
    assert len(Arrays(tmp_path / "new").ids["organisation"]) == 2


def test_the_order_in_which_facts_are_read_makes_no_other_arrays(tmp_path: Path) -> None:
    deals: list[Row] = []
    for at in range(20):
        deals += [
            (f"d{at:02}", "type", None, "ServiceEngagement"),
            (f"d{at:02}", "provider", "o1", None),
            (f"d{at:02}", "client", "o2", None),
            (f"d{at:02}", "date", None, f"2020-01-{20 - at:02}"),
        ]
    with duckdb.connect() as con:
        _fill(con, "forwards", [*ROWS, *deals])
        _fill(con, "backwards", [*ROWS, *deals][::-1])
        build(con, "forwards", tmp_path / "one")
        build(con, "backwards", tmp_path / "other")
    assert _content(tmp_path / "one") == _content(tmp_path / "other")


def _world(random: Random) -> dict[str, list[Named]]:
    """Made-up nodes with their rows: technologies with inventors, owners and deals, tasks, needs, terms in two languages."""
    said = ("Màng lọc nước", "Sấy lạnh", "màng sấy", "water filter", "drying membrane", "nước thải")
    world: dict[str, list[Named]] = {}

    def node(name: str, cls: str, texts: int, *edges: tuple[str, str]) -> None:
        rows: list[Named] = [(name, "type", None, cls, None)]
        for _ in range(texts):
            words = " ".join(random.choices(said, k=random.randint(1, 3)))
            rows.append((name, random.choice(["name", "description"]), None, words, random.choice(["vi", "en"])))
        world[name] = rows + [(name, prop, target, None, None) for prop, target in edges]

    people, bodies = [f"p{at}" for at in range(5)], [f"o{at}" for at in range(5)]
    for name in people:
        node(name, "Person", 1)
    for name in bodies:
        node(name, "Organization", 1)
    for at in range(12):
        node(f"t{at:02}", "Technology", random.randrange(4), *(("inventor", random.choice(people)) for _ in range(2)))
        node(
            f"d{at:02}", "ServiceEngagement", 0, ("provider", random.choice(bodies)), ("client", random.choice(bodies))
        )
    for at in range(4):
        node(f"k{at}", "STTask", 2)
        node(f"x{at}", "TaskParticipation", 0, ("task", f"k{at}"), ("person", random.choice(people)))
        node(f"n{at}", "TechnologyNeed", 2, ("needOf", random.choice(bodies)))
        node(f"scheme/own/{at}", "Concept", 2)
    return world


def _rows(world: dict[str, list[Named]]) -> list[Named]:
    return sorted({row for rows in world.values() for row in rows}, key=repr)


@pytest.mark.parametrize("seed", range(6))
def test_any_difference_makes_what_a_build_from_nothing_makes(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files of arrays and of what is counted, byte for byte, over several differences one after the other."""
    random = Random(seed)
    monkeypatch.setattr(counted_words, "_MOST", 1.0)
    world = _world(random)
    old: Path | None = None
    for step in range(4):
        before, other = _rows(world), _world(random)
        for name in random.sample(sorted(world), k=random.choice([1, 2, 8])):
            if random.random() < 0.3:
                del world[name]
            elif name in other:
                world[name] = other[name]
        world |= {name: other[name] for name in random.sample(sorted(other), k=random.choice([0, 1, 4]))}
        now = _rows(world)
        new = tmp_path / f"{step}"
        with duckdb.connect() as con:
            for table, rows in (
                ("resolved", before),
                ("resolved_now", now),
                ("removed", [row for row in before if row not in now]),
                ("added", [row for row in now if row not in before]),
            ):
                con.execute(f"CREATE TABLE {table} ({_COLUMNS})")
                if rows:
                    con.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?)", rows)
            if old is None:
                old = tmp_path / "first"
                build(con, "resolved", old / "arrays", CountedBeside(old / "counted"))
            new.mkdir()
            beside = CountedBeside(new / "counted", old / "counted")
            change(con, "resolved_now", old / "arrays", new / "arrays", beside)
            anew = tmp_path / f"{step} anew"
            build(con, "resolved_now", anew / "arrays", CountedBeside(anew / "counted"))
        assert _content(new / "arrays") == _content(anew / "arrays")
        for name in ("described", "expert_document"):
            assert _content(new / "counted" / name) == _content(anew / "counted" / name)
        old = new
