"""The trial of identity: a real file, "next month" of it, and what both must say by a reading that is not the loaders' own.

``FILES`` lists how each real file is read, changed and written here: plainly, by the standard library. A row's *tag* is what tells
it from the others for whoever looks at the file; a row that was changed keeps its tag, so that the trial knows who is who.
"""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from graph.links.entities import make_entities
from graph.links.linking import link
from graph.statements.home import Home
from graph.statements.load_writing import write_load
from graph.statements.loads import Load, Origin, active, open_statements
from loaders.reading import open_file

DATA = Path(__file__).parents[2] / "shared" / "data"
NO_DATA = "the real records are not beside the checkout"
PATENTS_TAKEN = 3000

Row = dict[str, Any]
Body = tuple[str, str, str]
"""A row's tag, the property that places a body in it, and the body's name."""


@dataclass(frozen=True)
class RealFile:
    """How one real file is read and written here.

    ``tag`` tells its rows apart; ``spelled`` are the columns in which a spelling is corrected; ``bodies`` gives the bodies of a row by
    property, as far as a plain reading can tell; ``cells`` are the columns that name bodies (column → property); ``several`` says how a
    cell with one more body in front of the others looks; ``identifier`` is the scheme by which a record's mention is recognised,
    else ``found_by`` its properties; ``in_key`` says that a corrected spelling changes the record's key.
    """

    path: str
    kind: str
    read: Callable[[Path], list[Row]]
    write: Callable[[Path, list[Row], list[str], bool], None]
    tag: Callable[[Row], str]
    records: int
    full: bool
    identifier: str | None = None
    found_by: tuple[str, ...] = ()
    spelled: tuple[str, ...] = ()
    cells: dict[str, str] = field(default_factory=dict)
    bodies: Callable[[Row], dict[str, list[str]]] = lambda row: {}
    several: Callable[[Any, str], Any] | None = None
    replaced: Callable[[Any, str], Any] = lambda cell, body: body
    new_bodies: tuple[str, str, str] = ("", "", "")
    in_key: bool = False
    title_row: bool = False
    concepts: bool = False

    @property
    def file(self) -> Path:
        return DATA / self.path


@dataclass
class Changes:
    """What next month changes, by the tag of the row. No row is changed twice."""

    respelled: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    preceded: dict[str, tuple[str, str]] = field(default_factory=dict)
    replaced: dict[str, tuple[str, Any, str]] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    tags: dict[str, str] = field(default_factory=dict)
    """Tag of this month → tag of next month, of the rows that stay."""


def next_month(real: RealFile, rows: list[Row], seed: int = 10) -> tuple[list[Row], list[str], Changes]:
    """Next month's rows, their columns, and what was changed. The same for the same seed."""
    random = Random(seed)
    tagged = [(real.tag(row), deepcopy(row)) for row in rows]
    count = max(1, len(tagged) // 100)
    free = list(dict.fromkeys(tag for tag, _ in tagged))
    random.shuffle(free)
    by_tag = dict(reversed(tagged))
    changes = Changes()

    def take(wanted: Callable[[Row], Any]) -> Iterator[tuple[str, Row]]:
        found = [tag for tag in free if wanted(by_tag[tag])][:count]
        for tag in found:
            free.remove(tag)
            yield tag, by_tag[tag]

    for column in real.spelled:
        for tag, row in take(
            lambda row, column=column: _misspelled(row[column]) and (column not in real.cells or _is_one(row[column]))
        ):  # type: ignore[misc]
            cell = row[column]
            old = cell[0] if isinstance(cell, list) else cell
            new = _misspelled(cell)
            assert new is not None
            row[column] = [new, *cell[1:]] if isinstance(cell, list) else new
            changes.respelled[tag] = (column, old, new)
    one, other, third = real.new_bodies
    for column in real.cells:
        if real.several:
            for at, (tag, row) in enumerate(take(lambda row, column=column: _is_several(row[column]))):  # type: ignore[misc]
                name = one if at % 2 else other
                row[column] = real.several(row[column], name)
                changes.preceded[tag] = (column, name)
        for tag, row in take(lambda row, column=column: _is_one(row[column])):  # type: ignore[misc]
            changes.replaced[tag] = (column, row[column], third)
            row[column] = real.replaced(row[column], third)
    for tag, _ in take(lambda row: not row.get("_kept")):
        changes.dropped.add(tag)
    changes.tags = {tag: real.tag(row) for tag, row in by_tag.items() if tag not in changes.dropped}
    following = [by_tag[tag] for tag in changes.tags]
    random.shuffle(following)
    columns = columns_of(rows)
    columns[0], columns[-1] = columns[-1], columns[0]
    return following, columns, changes


def columns_of(rows: list[Row]) -> list[str]:
    """The file's columns, those of the trial's own left out."""
    return [column for column in dict.fromkeys(column for row in rows for column in row) if not column.startswith("_")]


def _misspelled(cell: Any) -> str | None:
    """The text with two neighbouring letters of its longest word swapped; ``None`` where it is too short to tell from another name."""
    text = cell[0] if isinstance(cell, list) and len(cell) == 1 else cell
    if not isinstance(text, str) or len(text) < 20:
        return None
    word = max(re.findall(r"[^\W\d_]+", text), key=len)
    at = next((at for at in range(1, len(word) - 1) if plain(word[at]) != plain(word[at + 1])), None)
    if at is None or len(word) < 4:
        return None
    return text.replace(word, word[:at] + word[at + 1] + word[at] + word[at + 2 :], 1)


def _is_several(cell: Any) -> bool:
    return len(cell) > 1 if isinstance(cell, list) else "," in (cell or "")


def _is_one(cell: Any) -> bool:
    if isinstance(cell, list):
        return len(cell) == 1
    return bool(cell) and not re.search(r"[,;\n]| và ", cell) and not re.match(r"(?i)các|bộ, |địa phương", cell)


_LETTERS = ["aáàảãạăắằẳẵặâấầẩẫậ", "eéèẻẽẹêếềểễệ", "iíìỉĩị", "oóòỏõọôốồổỗộơớờởỡợ", "uúùủũụưứừửữự", "yýỳỷỹỵ", "dđ"]
_PLAIN = {letter: group[0] for group in _LETTERS for letter in group}


def plain(text: str) -> str:
    """Lower case without Vietnamese diacritics, punctuation as spaces: the trial's own folding, by a table of letters."""
    from unicodedata import combining, normalize

    letters = "".join(_PLAIN.get(c, c) for c in normalize("NFC", text).lower())
    bare = "".join(c for c in normalize("NFD", letters) if not combining(c))
    return " ".join(re.sub(r"[\W_]+", " ", bare).split())


def squeezed(text: Any) -> str:
    return " ".join(str(text).split())


# How each file is read and written


def _read_csv(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write_csv(path: Path, rows: list[Row], columns: list[str], title: bool) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        if title:
            file.write("PHỤ LỤC" + "," * (len(columns) - 1) + "\r\n\r\n")
        writer.writeheader()
        writer.writerows(rows)


def _read_json(path: Path) -> list[Row]:
    rows: list[Row] = json.loads(path.read_text(encoding="utf-8"))
    return rows


def _write_json(path: Path, rows: list[Row], columns: list[str], title: bool) -> None:
    ordered = [{column: row[column] for column in columns if column in row} for row in rows]
    path.write_text(json.dumps(ordered, ensure_ascii=False), encoding="utf-8")


_SQL_COLUMNS = ["school_name", "address", "abbrevia", "website"]
_SQL_ROW = re.compile(r"\(" + r",\s*".join([r"'((?:[^']|'')*)'"] * 4) + r"\)")


def _read_sql(path: Path) -> list[Row]:
    found = _SQL_ROW.findall(path.read_text(encoding="utf-8"))
    return [dict(zip(_SQL_COLUMNS, (cell.replace("''", "'") for cell in cells), strict=True)) for cells in found]


def _write_sql(path: Path, rows: list[Row], columns: list[str], title: bool) -> None:
    def literal(text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    values = ",\n\n".join("(" + ", ".join(literal(row[column]) for column in columns) + ")" for row in rows)
    head = "-- Danh sách trường, tháng sau\n" if title else ""
    path.write_text(f"{head}\nINSERT INTO school ({', '.join(columns)}) VALUES {values};\n", encoding="utf-8")


def _read_tree(path: Path) -> list[Row]:
    """The tree as rows: where a concept stands, its code and name; only leaves may leave it."""
    rows: list[Row] = []

    def walk(node: Row, level: int, above: tuple[str, ...]) -> None:
        for code, child in (node.get(f"level{level}") or {}).items():
            rest = {key: value for key, value in child.items() if not key.startswith("level")}
            rows.append(rest | {"_path": (*above, code), "_kept": level < 3})
            walk(child, level + 1, (*above, code))

    walk(json.loads(path.read_text(encoding="utf-8"))["vhdata"]["research-fields"], 1, ())
    return rows


def _write_tree(path: Path, rows: list[Row], columns: list[str], title: bool) -> None:
    tree: Row = {}
    for row in sorted(rows, key=lambda row: len(row["_path"])):
        node = tree
        for level, code in enumerate(row["_path"], 1):
            node = node.setdefault(f"level{level}", {}).setdefault(code, {})
        node.update({key: row[key] for key in columns if key in row})
    path.write_text(json.dumps({"vhdata": {"research-fields": tree}}), encoding="utf-8")


def _read_patents(path: Path) -> list[Row]:
    rows: list[Row] = next(pq.ParquetFile(path).iter_batches(PATENTS_TAKEN)).to_pylist()
    return rows


def _write_patents(path: Path, rows: list[Row], columns: list[str], title: bool) -> None:
    pq.write_table(pa.Table.from_pylist(rows).select(columns), path)


def _ror_parent(row: Row) -> list[str]:
    return [r["id"] for r in row.get("relationships") or [] if r["type"].lower() == "parent"]


def _ror_rows(path: Path) -> list[Row]:
    """ROR records with two columns of the trial's own: the display name, and the parents."""
    rows = _read_json(path)
    for row in rows:
        row["_name"] = (
            row["name"] if "name" in row else next(n["value"] for n in row["names"] if "ror_display" in n["types"])
        )
        row["_parents"] = [[i, "Parent of the trial"] for i in _ror_parent(row)]
        row["_was"] = deepcopy((row["_name"], row["_parents"]))
    return rows


def _write_ror(path: Path, rows: list[Row], columns: list[str], title: bool) -> None:
    rows = deepcopy(rows)
    for row in rows:
        name, parents = row["_was"]
        if row["_name"] != name:
            if "name" in row:
                row["name"] = row["_name"]
            else:
                next(n for n in row["names"] if "ror_display" in n["types"])["value"] = row["_name"]
        if row["_parents"] != parents:
            others = [r for r in row["relationships"] if r["type"].lower() != "parent"]
            row["relationships"] = [
                {"type": "Parent", "id": i, "label": label} for i, label in row["_parents"]
            ] + others
    _write_json(path, rows, columns, title)


FILES = (
    RealFile(
        "ministry/nq03-tasks.csv",
        "ministry",
        _read_csv,
        _write_csv,
        lambda row: str(row["tt"]),
        140,
        full=False,
        found_by=("number",),
        spelled=("ten_nhiem_vu", "co_quan_chu_tri"),
        title_row=True,
        cells={"co_quan_chu_tri": "lead", "co_quan_phoi_hop": "coLead"},
        bodies=lambda row: {
            prop: [squeezed(row[column])] if _is_one(row[column]) else []
            for column, prop in (("co_quan_chu_tri", "lead"), ("co_quan_phoi_hop", "coLead"))
        },
        several=lambda cell, body: f"{body}; {cell}",
        new_bodies=("Viện Thử nghiệm Danh tính", "Ban Tháng Sau", "Cục Thay thế Mới"),
    ),
    RealFile(
        "fields/research-fields-2008.json",
        "ministry",
        _read_tree,
        _write_tree,
        lambda row: row["full-code"],
        6 + 46 + 322 + 1,
        full=True,
        found_by=("notation",),
        spelled=("name",),
        concepts=True,
    ),
    RealFile(
        "universities/university.sql",
        "university",
        _read_sql,
        _write_sql,
        lambda row: "|".join(plain(row[column]).removesuffix("null") for column in _SQL_COLUMNS),
        361,
        full=True,
        found_by=("name", "address", "acronym", "homepage"),
        spelled=("school_name",),
        in_key=True,
        title_row=True,
    ),
    RealFile(
        "universities/hipo-vietnam.json",
        "university",
        _read_json,
        _write_json,
        lambda row: row["domains"][-1],
        58,
        full=True,
        found_by=("domain",),
        spelled=("name",),
        cells={"domains": "domain"},
        several=lambda cell, body: [body, *cell],
        replaced=lambda cell, body: [body],
        new_bodies=("", "moi.edu.vn", "khac.edu.vn"),
        in_key=True,
    ),
    RealFile(
        "vnu-units/units.json",
        "university",
        _read_json,
        _write_json,
        lambda row: row["guid"],
        41,
        full=True,
        identifier="vnu-unit",
        spelled=("tenDonVi",),
        cells={"guidDonViCha": "unitOf"},
        bodies=lambda row: {"unitOf": [row["guidDonViCha"]] if row["guidDonViCha"] else []},
        new_bodies=("", "", "00000000-0000-4000-8000-000000000010"),
    ),
    RealFile(
        "enterprises/stockData.csv",
        "enterprise",
        _read_csv,
        _write_csv,
        lambda row: row["symbol"],
        1655,
        full=True,
        identifier="stock-symbol",
        spelled=("name",),
        title_row=True,
    ),
    RealFile(
        "enterprises/gleif-vietnam.csv",
        "gleif",
        _read_csv,
        _write_csv,
        lambda row: row["LEI"],
        76,
        full=True,
        identifier="lei",
        spelled=("Entity.LegalName",),
        title_row=True,
    ),
    RealFile(
        "ror/vietnam_records.json",
        "ror",
        _ror_rows,
        _write_ror,
        lambda row: row["id"].rsplit("/", 1)[-1],
        194,
        full=True,
        identifier="ror",
        spelled=("_name",),
        cells={"_parents": "unitOf"},
        bodies=lambda row: {"unitOf": [i.rsplit("/", 1)[-1] for i, _ in row["_parents"]]},
        several=lambda cell, body: [[body, "Parent that is new"], *cell],
        replaced=lambda cell, body: [[body, "Parent that replaces"]],
        new_bodies=("https://ror.org/0new00001", "https://ror.org/0new00002", "https://ror.org/0new00003"),
    ),
    RealFile(
        "patents/triads-to-2019.parquet",
        "patents",
        _read_patents,
        _write_patents,
        lambda row: row["patent_id"],
        PATENTS_TAKEN,
        full=False,
        identifier="us-patent",
        spelled=("title", "firm", "intermediary"),
        cells={"firm": "holder", "intermediary": "provider", "coinventors": "inventor"},
        bodies=lambda row: {
            prop: list(dict.fromkeys(map(squeezed, row[column])))
            for column, prop in (("firm", "holder"), ("intermediary", "provider"), ("coinventors", "inventor"))
        },
        several=lambda cell, body: [body, *cell],
        replaced=lambda cell, body: [body],
        new_bodies=("Zyxquaint Identity Laboratories", "Kwyjibo Manufacturing Works", "Vantablack Unheard Holdings"),
    ),
)


# What the statements say, told apart by what the file says


@dataclass
class Seen:
    """After a load and a linking: the entity of each record by tag, of each body, and the records that are present."""

    records: dict[str, str]
    bodies: dict[Body, str]
    present: int
    mentions: set[str]
    record_ids: set[str]


def load_and_link(home: Home, real: RealFile, path: Path, source: str | None = None, linked: bool = True) -> Load:
    """Load a file as ``ketnoi load`` does, then link what came."""
    reading = open_file(real.kind, path, source)
    origin = Origin(reading.source, real.kind, reading.shape, path.name, whole=reading.whole or real.full)
    load = write_load(home, origin, reading.items)
    if linked:
        link(home)
    return load


def see(home: Home, real: RealFile, source: str | None = None) -> Seen:
    """What the statements say now of a source, as entities."""
    con = open_statements(home, active(home))
    try:
        make_entities(con)
        entity = dict(con.execute("SELECT subject, entity FROM entities").fetchall())
        wanted = "l.source = ?" if source else "l.source NOT LIKE 'ketnoi/%' AND ? IS NULL"
        said = con.execute(
            f"SELECT s.record, s.subject, s.property, s.object, s.value FROM said s JOIN loads l USING (load) WHERE {wanted} ORDER BY s.load, s.pos",
            [source],
        ).fetchall()
    finally:
        con.close()
    by_record: dict[str, list[tuple[str, str, str | None, str | None]]] = defaultdict(list)
    for record, *rest in said:
        by_record[record].append(tuple(rest))  # type: ignore[arg-type]
    seen = Seen({}, {}, len(by_record), {subject for _, subject, *_ in said}, set(by_record))
    for statements in by_record.values():
        _see_record(real, statements, entity, seen)
    return seen


def _see_record(
    real: RealFile, said: list[tuple[str, str, str | None, str | None]], entity: dict[str, str], seen: Seen
) -> None:
    about = said[0][0]
    values: dict[tuple[str, str], list[str]] = defaultdict(list)
    for subject, prop, target, value in said:
        values[subject, prop].append(target or value or "")
    if real.identifier:
        codes = {
            s: values[s, "identifierValue"][0]
            for s in (s for s, p, *_ in said if p == "identifierScheme")
            if values[s, "identifierScheme"] == [real.identifier]
        }
        owned = [(s, codes[t]) for s, p, t, _ in said if p == "hasIdentifier" and t in codes]
        tag = next((code for owner, code in owned if owner == about), owned[0][1])
    elif real.found_by == ("domain",):
        tag = values[about, "domain"][-1]
    else:
        tag = "|".join(
            plain("".join(values[about, prop])) if real.in_key else "".join(values[about, prop])
            for prop in real.found_by
        )
    seen.records[tag] = entity.get(about, about)
    for _, prop, target, _ in said:
        if target and prop in real.cells.values():
            codes_of = [values[node, "identifierValue"][0] for node in values[target, "hasIdentifier"]]
            name = (codes_of or values[target, "name"])[0]
            seen.bodies[tag, prop, name] = entity.get(target, target)


def expected_bodies(real: RealFile, rows: Iterable[Row]) -> set[Body]:
    """The bodies that the file's rows name, by the trial's own reading."""
    return {(real.tag(row), prop, name) for row in rows for prop, names in real.bodies(row).items() for name in names}
