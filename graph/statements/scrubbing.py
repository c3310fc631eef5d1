"""Erasing from the loads: the one exception to their being append-only. Whoever calls this holds the home's lock for publishing.

What is to go is written down first, in a private file that is removed once views and kept snapshots are made anew too; so an erasure that
was interrupted is finished by the next publish. Doing it again changes nothing.
"""

import json
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graph.statements.claims import reword
from graph.statements.home import Home, sync_directory, write_durably
from graph.statements.loads import STATEMENTS, Load, loads
from graph.statements.tombstones import BLANK, NO_TEXTS
from graph.statements.watches import Watches
from ontology.statement import ABOUT, Record, Statement, mention_id
from ontology.text import fold, nfc

_FILE = "erasing.json"
_OF_MEMBERS = ("case", "published-case")
"""Kinds of loads whose texts members wrote."""


@dataclass(frozen=True, slots=True)
class Erasing:
    """What is to go.

    :param mentions: of whom everything goes, and what stands and falls with them; or, with ``property``, that property's values
    :param records: the records that say any of it
    :param texts: identifiers and addresses, which are blanked in every text
    :param words: names and telephone numbers, which are blanked in what members wrote and in refused rows
    """

    mentions: tuple[str, ...]
    property: str | None
    records: tuple[str, ...]
    texts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def begin(home: Home, erasing: Erasing) -> None:
    """Write down what is to go; whoever calls this holds the lock of the loads.

    :raises OSError: where it can't be written
    """
    _write(home, [*begun(home), erasing])


def begun(home: Home) -> list[Erasing]:
    """What was begun and is not finished."""
    path = home.path / _FILE
    return [_read(one) for one in home.read_json(path)["erasing"]] if path.exists() else []


def finish(home: Home, done: Iterable[Erasing]) -> None:
    """These are gone from everywhere.

    :raises OSError: where that can't be written
    """
    gone = list(done)
    with home.lock("loads"):
        left = [one for one in begun(home) if one not in gone]
        if left:
            _write(home, left)
        else:
            (home.path / _FILE).unlink(missing_ok=True)
            sync_directory(home.path)


def _read(said: dict[str, Any]) -> Erasing:
    listed: dict[str, Any] = {name: tuple(one) for name, one in said.items() if isinstance(one, list)}
    return Erasing(**said | listed)


def _write(home: Home, erasing: Iterable[Erasing]) -> None:
    content = {"erasing": [asdict(one) for one in erasing]}
    write_durably(home.path / _FILE, json.dumps(content, ensure_ascii=False), private=True)


def scrub(home: Home, erasing: Erasing) -> None:
    """Rewrite the loads without it; withdrawn ones too.

    :raises OSError: where they can't be written
    """
    patterns = _Patterns(erasing)
    with home.lock("loads"):
        found = loads(home)
        for load in found:
            path = home.loads / load.load
            _rewrite(path / "statements.parquet", partial(_statements, erasing=erasing, patterns=patterns, load=load))
            _scrub_report(path, load, patterns)
        spoken = _spoken(home, found, erasing.records)
        for load in found:
            path = home.loads / load.load / "records.parquet"
            _rewrite(path, partial(_records, home=home, load=load, erasing=erasing, spoken=spoken))
    # caches of what rows gave: they hold keys of records
    for path in (home.path / "readings").glob("*"):
        path.unlink(missing_ok=True)
    reword(home, patterns.blanked)
    Watches(home).reword(patterns.blanked)


class _Patterns:
    """What is blanked in texts."""

    def __init__(self, erasing: Erasing) -> None:
        self.texts = _pattern(erasing.texts)
        self.all = _pattern([*erasing.texts, *erasing.words])
        self._folded = [fold(word) for word in (*erasing.texts, *erasing.words) if fold(word)]
        self._digits = [digits[-9:] for word in erasing.words if len(digits := re.sub(r"\D", "", word)) >= 8]

    def blanked(self, text: str) -> str:
        """What a member wrote or was told, without it."""
        return self.all.sub(BLANK, nfc(text)) if self.all and self.all.search(nfc(text)) else text

    def speaks_of(self, text: str) -> bool:
        """Whether a refused row holds any of it, however it is spelled."""
        said, digits = f" {fold(text)} ", re.sub(r"\D", "", text)
        return any(f" {word} " in said for word in self._folded) or any(one in digits for one in self._digits)


def _pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    listed = sorted({re.escape(nfc(word)) for word in words if word}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(listed)})(?!\w)", re.IGNORECASE) if listed else None


def _rewrite(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    """Replace a Parquet file by what ``change`` makes of its table, where that is another."""
    table = pq.read_table(path)
    changed = change(table)
    if changed is table:
        return
    beside = path.with_name(f".{uuid4().hex}")
    try:
        pq.write_table(changed, beside, compression="zstd")
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    sync_directory(path.parent)


def _statements(table: pa.Table, erasing: Erasing, patterns: _Patterns, load: Load) -> pa.Table:
    """What stays of the statements of a load, in their order."""
    whom = pa.array(erasing.mentions, pa.string())
    falls = pc.is_in(table["subject"], value_set=whom)
    if erasing.property is None:
        falls = pc.or_(falls, pc.is_in(table["object"], value_set=whom))
    else:
        falls = pc.and_(falls, pc.equal(table["property"], erasing.property))
    if pc.any(falls).as_py():
        table = table.filter(pc.invert(falls))
    words = (*erasing.texts, *erasing.words) if load.kind in _OF_MEMBERS else erasing.texts
    pattern = patterns.all if load.kind in _OF_MEMBERS else patterns.texts
    found = any(pc.any(pc.match_substring(table["value"], one, ignore_case=True)).as_py() for one in words)
    if pattern is None or not found:
        return table
    values, blanked = table["value"].to_pylist(), False
    for at, (prop, value) in enumerate(zip(table["property"].to_pylist(), values, strict=True)):
        if value and prop not in NO_TEXTS and pattern.search(nfc(value)):
            values[at], blanked = pattern.sub(BLANK, nfc(value)), True
    if not blanked:
        return table
    return table.set_column(table.schema.get_field_index("value"), "value", pa.array(values, pa.string()))


def _spoken(home: Home, found: list[Load], records: Iterable[str]) -> set[str]:
    """Which of these records still say something in any load."""
    listed, spoken = pa.array(list(records), pa.string()), set()
    for load in found:
        column = pq.read_table(home.loads / load.load / "statements.parquet", columns=["record"])["record"]
        spoken.update(column.filter(pc.is_in(column, value_set=listed)).unique().to_pylist())
    return spoken


def _records(table: pa.Table, home: Home, load: Load, erasing: Erasing, spoken: set[str]) -> pa.Table:
    """The records of a load: without those that say nothing any more anywhere, the others with the hash of what they say now."""
    touched = pc.is_in(table["record"], value_set=pa.array(erasing.records, pa.string()))
    if not pc.any(touched).as_py():
        return table
    said = pq.read_table(home.loads / load.load / "statements.parquet", schema=STATEMENTS)
    left: dict[str, list[Statement]] = {}
    for row in said.filter(pc.is_in(said["record"], value_set=pa.array(erasing.records, pa.string()))).to_pylist():
        left.setdefault(row.pop("record"), []).append(Statement(**row))
    gone, rows = set(erasing.mentions) if erasing.property is None else set(), []
    for row, hit in zip(table.to_pylist(), touched.to_pylist(), strict=True):
        if hit and row["record"] not in spoken:
            continue
        if hit and row["present"]:
            record = Record(row["key"], 0, left.get(row["record"], []), row["visibility"], row["owner"])
            row["hash"] = record.fingerprint()
        if hit and mention_id(load.source, row["key"], ABOUT) in gone:
            # a key beginning so is none that anybody is shown
            row["key"] = f"#{row['record']}"
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=table.schema)


def _scrub_report(path: Path, load: Load, patterns: _Patterns) -> None:
    """Blank the rows that a load refused where they speak of it, and the sentences on how its file was read."""
    if load.rejects:
        lines = Path(load.rejects).read_text(encoding="utf-8").splitlines()
        kept = [_blanked(line) if patterns.speaks_of(line) else line for line in lines]
        if kept != lines:
            write_durably(Path(load.rejects), "".join(f"{line}\n" for line in kept))
    pattern, report = patterns.all, path / "load.json"
    if pattern is None:
        return
    content = json.loads(report.read_text(encoding="utf-8"))
    told = {"file": content["file"], "found": content.get("found", [])}
    if pattern.search(nfc(json.dumps(told, ensure_ascii=False))):
        told = {
            "file": pattern.sub(BLANK, nfc(told["file"])),
            "found": [pattern.sub(BLANK, nfc(one)) for one in told["found"]],
        }
        write_durably(report, json.dumps(content | told, ensure_ascii=False, indent=1))


def _blanked(line: str) -> str:
    """A refused row of which line and field are left."""
    said = json.loads(line)
    left = {name: said[name] for name in ("file", "line", "field") if name in said}
    return json.dumps({**left, "reason": BLANK, "row": ""}, ensure_ascii=False)
