"""What speaks for whom, out of a small made-up table; and which differences make it anew."""

from pathlib import Path

import duckdb
import numpy as np
import pytest

from graph.views.array_building import build, change
from graph.views.arrays import NO_DAY
from graph.views.errors import NotReady
from graph.views.expert_arrays import KINDS, ExpertArrays, read

Row = tuple[str, str, str | None, str | None]
FORD = "scheme/ford/2015"
ROWS: list[Row] = [
    ("p1", "type", None, "Person"),
    ("p1", "name", None, "Trần Ví Dụ"),
    ("p2", "type", None, "Person"),
    ("p2", "hasField", f"{FORD}/2.5", None),
    ("o1", "type", None, "Organization"),
    ("o1", "name", None, "Viện Ví Dụ"),
    ("t1", "type", None, "Technology"),
    ("t1", "name", None, "Màng lọc nước"),
    ("t1", "inventor", "p1", None),
    ("t1", "inventor", "p2", None),
    ("t1", "hasField", f"{FORD}/2.7", None),
    ("r1", "type", None, "IPRight"),
    ("r1", "protects", "t1", None),
    ("r1", "grantedOn", None, "1970-01-11"),
    ("k1", "type", None, "STTask"),
    ("k1", "name", None, "Nghiên cứu màng"),
    ("k1", "approvedOn", None, "1970-01-03"),
    ("q1", "type", None, "ResearchResult"),
    ("q1", "resultOf", "k1", None),
    ("q1", "name", None, "Quy trình lọc"),
    ("x1", "type", None, "TaskParticipation"),
    ("x1", "task", "k1", None),
    ("x1", "person", "p1", None),
    ("c1", "type", None, "ExpertiseClaim"),
    ("c1", "person", "p2", None),
    ("c1", "hasField", f"{FORD}/2.5", None),
    ("c1", "description", None, "Bài báo"),
    ("c1", "validFrom", None, "1970-01-02"),
    ("c1", "validUntil", None, "1970-01-21"),
    ("a1", "type", None, "Appointment"),
    ("a1", "person", "p1", None),
    ("a1", "about", "k1", None),
    ("a1", "date", None, "1970-01-05"),
]


def fill(con: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    con.execute(
        f"CREATE TABLE {table} (entity VARCHAR, property VARCHAR, object VARCHAR, value VARCHAR, language VARCHAR)"
    )
    if rows:
        con.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?, NULL)", rows)


@pytest.fixture
def arrays(tmp_path: Path) -> ExpertArrays:
    with duckdb.connect() as con:
        fill(con, "resolved", ROWS)
        build(con, "resolved", tmp_path / "arrays")
    return read(tmp_path / "arrays")


def test_what_speaks_for_whom(arrays: ExpertArrays) -> None:
    rows, columns = arrays.speaks.nonzero()
    found = {(arrays.experts[r], KINDS[arrays.kind[c]], arrays.nodes[c]) for r, c in zip(rows, columns, strict=True)}
    assert found == {
        ("p1", "technology", "t1"),
        ("p2", "technology", "t1"),
        ("p1", "task", "k1"),
        ("p1", "appointment", "a1"),
        ("p2", "claim", "c1"),
        ("p2", "list", "p2"),
    }


def test_words_of_a_task_are_those_of_its_results_too_and_nobody_is_a_word(arrays: ExpertArrays) -> None:
    at = next(number for number, node in enumerate(arrays.nodes) if node == "k1")
    words = {arrays.vocabulary[column] for column in arrays.words[[at]].tocoo().col}
    assert words >= {"nghien", "cuu", "mang", "quy", "trinh", "loc"}
    assert "tran" not in arrays.vocabulary


def test_two_words_side_by_side_count_where_two_documents_have_them(arrays: ExpertArrays) -> None:
    pairs = {word for word in arrays.vocabulary if " " in word}
    # of the task and of the appointment about it; the words of the technology's name stand nowhere else
    assert pairs == {"nghien cuu", "cuu mang"}


def test_fields_and_days(arrays: ExpertArrays) -> None:
    said = {
        node: (
            sorted(arrays.concepts[column] for column in arrays.fields[[at]].tocoo().col),
            int(arrays.start[at]),
            int(arrays.until[at]),
        )
        for at, node in enumerate(arrays.nodes)
    }
    assert said["t1"] == ([f"{FORD}/2.7"], 10, NO_DAY)
    assert said["k1"] == ([], 2, NO_DAY)
    assert said["a1"] == ([], 4, NO_DAY)
    assert said["c1"] == ([f"{FORD}/2.5"], 1, 20)
    assert said["p2"] == ([f"{FORD}/2.5"], NO_DAY, NO_DAY)


@pytest.mark.parametrize(
    ("row", "value", "anew"),
    [
        (("c1", "description"), "Sách", True),
        (("k1", "approvedOn"), "1970-01-04", True),
        (("q1", "name"), "Quy trình sấy", True),
        (("p1", "name"), "Trần Văn Ví Dụ", False),
        (("o1", "name"), "Viện Minh Họa", False),
    ],
)
def test_a_difference_makes_anew_what_it_touches(tmp_path: Path, row: tuple[str, str], value: str, anew: bool) -> None:
    now = [(e, p, o, value if (e, p) == row else v) for e, p, o, v in ROWS]
    with duckdb.connect() as con:
        fill(con, "resolved", ROWS)
        fill(con, "resolved_now", now)
        fill(con, "removed", [one for one in ROWS if one not in now])
        fill(con, "added", [one for one in now if one not in ROWS])
        build(con, "resolved", tmp_path / "old")
        change(con, "resolved_now", tmp_path / "old", tmp_path / "new")
        build(con, "resolved_now", tmp_path / "anew")
    new, whole = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("new", "anew"))
    assert new == whole
    assert (tmp_path / "new" / "experts.json").samefile(tmp_path / "old" / "experts.json") is not anew


def test_arrays_from_before_there_were_experts_are_made_at_the_next_publish(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        fill(con, "resolved", ROWS)
        fill(con, "removed", [])
        fill(con, "added", [])
        build(con, "resolved", tmp_path / "old")
        (tmp_path / "old" / "experts.json").unlink()
        with pytest.raises(NotReady, match="publish"):
            read(tmp_path / "old")
        change(con, "resolved", tmp_path / "old", tmp_path / "new")
    assert np.array_equal(read(tmp_path / "new").experts, ["p1", "p2"])
