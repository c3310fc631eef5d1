"""Arrays that a difference touches only in names are made again in these parts alone; the rest is shared with the old ones."""

from pathlib import Path

import duckdb
import pytest

from graph.views.array_building import build, change
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
