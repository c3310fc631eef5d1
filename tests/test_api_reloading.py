"""A file that is loaded again: what is read as before is not stated again, and the load is what it would be if it were."""

import csv
import json
import shutil
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest

from api.intake import Intake, open_intake, write_intake
from graph.statements.home import Home
from graph.statements.loads import Load, withdraw
from loaders import readings, tables
from loaders.readings import reading_of, seed

MAPPING = {
    "shape": "trial",
    "kinds": ["enterprise"],
    "title": {"vi": "Thử", "en": "Trial"},
    "key": ["ma"],
    "language": "vi",
    "about": "Technology",
    "columns": {
        "ma": {"headers": ["Mã"], "identifier": "technology-code", "required": True},
        "ten": {"headers": ["Tên công nghệ"], "property": "name", "required": True},
        "don_vi": {"headers": ["Đơn vị"], "property": "about", "class": "Organization", "split": ";"},
        "muc": {"headers": ["Mức"], "property": "description", "pattern": "[a-z ]*"},
        "mat": {"headers": ["Mật"], "visibility": {"Có": "member", "Không": "public"}},
    },
}
HEADERS = ("Mã", "Tên công nghệ", "Đơn vị", "Mức", "Mật")
Rows = list[tuple[str, ...]]


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "trial.yaml"
    path.write_text(json.dumps(MAPPING), encoding="utf-8")
    return path


def load(home: Home, mapping: Path, rows: Rows, full: bool = False, dry_run: bool = False) -> Load:
    path = home.path.parent / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADERS, *rows])
    intake = Intake("enterprise", path, path.name, "sender", mapping, full)
    return write_intake(home, intake, open_intake(intake), dry_run)


def counts(found: Load) -> dict[str, Any]:
    return {key: value for key, value in asdict(found).items() if key not in ("instant", "seconds", "rejects")}


def written(home: Home) -> dict[str, Any]:
    """All that loads hold, but for the instants."""
    found: dict[str, Any] = {}
    for path in sorted(home.loads.glob("*/*")):
        name = str(path.relative_to(home.loads))
        if path.suffix == ".parquet":
            found[name] = pq.read_table(path).to_pylist()
        elif path.name == "rejects.jsonl":
            found[name] = path.read_text(encoding="utf-8")
    return found


def table(random: Random) -> Rows:
    """Rows as offices send them: some again, some with the key of another, some that are refused, in any order."""
    rows = [
        (
            f"CN{random.randrange(8)}",
            random.choice(["Sấy", "Sấy ", "Ép", ""]),
            random.choice(["A", "A; B", "B;A", ""]),
            random.choice(["", "tốt", "fair", "9!"]),
            random.choice(["", "Có", "Không", "?"]),
        )
        for _ in range(random.randrange(12))
    ]
    return rows + random.choices(rows, k=random.randrange(3)) if rows else rows


@pytest.mark.parametrize("seed", range(12))
def test_any_history_is_what_stating_everything_gives(tmp_path: Path, mapping: Path, seed: int) -> None:
    random = Random(seed)
    quick, slow = Home(tmp_path / "quick" / "home"), Home(tmp_path / "slow" / "home")
    rows, loaded, spared = table(random), list[str](), 0
    for _ in range(14):
        if loaded and random.random() < 0.15:
            number = loaded.pop(random.randrange(len(loaded)))
            for home in (quick, slow):
                withdraw(home, number)
            continue
        # next month's file: most of the rows as they were, in another order
        rows = [row for row in rows if random.random() < 0.9] + (table(random) if random.random() < 0.6 else [])
        random.shuffle(rows)
        full, dry_run = random.random() < 0.3, random.random() < 0.2
        shutil.rmtree(slow.path / "readings", ignore_errors=True)
        one, other = (load(home, mapping, rows, full, dry_run) for home in (quick, slow))
        assert counts(one) == counts(other)
        spared += one.unchanged
        if not dry_run:
            loaded.append(one.load)
    assert written(quick) == written(slow)
    assert spared, "nothing was ever read alike, so nothing was tried"


def test_only_what_changed_is_stated(tmp_path: Path, mapping: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stated: list[int] = []
    plain = tables.TableReader._record
    monkeypatch.setattr(tables.TableReader, "_record", lambda self, row: (stated.append(row.line), plain(self, row))[1])
    home = Home(tmp_path / "home")
    rows: Rows = [(f"CN{n}", f"Công nghệ {n}", "", "", "") for n in range(10)]
    load(home, mapping, rows)
    assert len(stated) == 10
    stated.clear()
    # two rows above and a changed one: the others have moved, and say what they said
    again = load(home, mapping, [("CN10", "Mới", "", "", ""), *rows[:5], ("CN5", "Khác", "", "", ""), *rows[6:]])
    assert stated == [2, 8]
    assert (again.changed, again.new, again.unchanged) == (2, 1, 9)
    stated.clear()
    withdraw(home, again.load)
    # what was read in a load that was withdrawn is known, and what it said has to be written anew
    once_more = load(home, mapping, [("CN5", "Khác", "", "", "")])
    assert (stated, once_more.changed) == ([2], 1)


def test_a_part_of_a_source_forgets_nothing_of_the_rest(
    tmp_path: Path, mapping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    rows: Rows = [(f"CN{n}", f"Công nghệ {n}", "", "", "") for n in range(10)]
    load(home, mapping, rows)
    load(home, mapping, [("CN3", "Khác", "", "", "")])
    stated: list[int] = []
    plain = tables.TableReader._record
    monkeypatch.setattr(tables.TableReader, "_record", lambda self, row: (stated.append(row.line), plain(self, row))[1])
    assert load(home, mapping, rows).changed == 1
    assert stated == [5]


def test_another_program_another_mapping_another_source_state_everything(
    tmp_path: Path, mapping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = ["CN1", "Sấy", None, 1, 1.0]
    marks = {reading_of(seed(*parts), cells) for parts in (("m", "a"), ("n", "a"), ("m", "b"), ("m", "a"))}
    monkeypatch.setattr(readings, "_program", lambda: "another")
    marks.add(reading_of(seed("m", "a"), cells))
    assert len(marks) == 4
    common = seed("m", "a")
    near = (["CN1", "Sấy", None, 1, "1.0"], ["CN1", "Sấy", "None", 1, 1.0], ["CN1", "Sấy", None, 1.0, 1], cells[:4])
    assert len({reading_of(common, row) for row in (cells, *near)}) == 5


def test_the_program_is_all_that_loaders_and_ontology_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "loaders"
    (root / "tables").mkdir(parents=True)
    (root / "tables" / "a.yaml").write_text("shape: a", encoding="utf-8")
    monkeypatch.setattr("loaders.__path__", [str(root)])
    program = readings._program.__wrapped__
    before = program()
    assert program() == before
    (root / "tables" / "a.yaml").write_text("shape: b", encoding="utf-8")
    assert program() != before


@pytest.mark.parametrize("content", [b"", b"PAR1", b"nothing of the kind" * 9])
def test_a_damaged_memory_is_no_memory(tmp_path: Path, mapping: Path, content: bytes) -> None:
    home = Home(tmp_path / "home")
    rows: Rows = [("CN1", "Sấy", "A", "", ""), ("CN2", "Ép", "B", "", "")]
    load(home, mapping, rows)
    (kept,) = (home.path / "readings").iterdir()
    kept.write_bytes(content)
    again = load(home, mapping, rows)
    assert (again.unchanged, again.changed) == (2, 0)
    assert kept.read_bytes() != content
