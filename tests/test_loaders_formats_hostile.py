"""Hostile and damaged spreadsheets are refused, or read, and soon."""

import json
import struct
import zipfile
from pathlib import Path
from random import Random

import pytest

from loaders.reading import open_file
from loaders.table_reading import FileRefused, Table, file_format, read_table
from ontology.statement import Record, Reject
from tests.encoded_text import windows_1258
from tests.sheet_files import Area, container, ods_content, write_ods, write_xls, write_xlsx
from tests.task_tables import FLAT, GRID, WRITERS, load


def far(at: str) -> str:
    """The content of an ODS that says with a few bytes that it has very many cells."""
    cell = '<table:table-cell office:value-type="string"{}><text:p>x</text:p></table:table-cell>'
    wide = cell.format(' table:number-columns-repeated="16000"')
    tall = f'<table:table-row table:number-rows-repeated="1000000">{wide}</table:table-row>'
    low = f'<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row><table:table-row>{wide}</table:table-row>'
    row = {"repeated": tall, "below": low}[at]
    return ods_content(GRID).replace("<table:table-row>", row + "<table:table-row>", 1)


@pytest.mark.parametrize("at", ["repeated", "below"])
def test_few_bytes_that_stand_for_many_cells_are_refused(tmp_path: Path, at: str) -> None:
    with pytest.raises(FileRefused, match="spreads over"):
        read_table(write_ods(tmp_path / "x", far(at)), lambda _: True)


def test_a_document_type_in_an_ods_is_refused(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    canary.write_text("secret", encoding="utf-8")
    entity = f'?><!DOCTYPE d [<!ENTITY x SYSTEM "{canary.as_uri()}">]>'
    content = ods_content(GRID).replace("?>", entity, 1).replace("Viện Ví Dụ", "&x;")
    with pytest.raises(FileRefused, match="document type"):
        read_table(write_ods(tmp_path / "x", content), lambda _: True)


def test_an_ods_bomb_is_refused_unopened(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "x", ods_content(GRID))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Pictures/a", b"0" * 100_000_000)
    with pytest.raises(FileRefused, match="unopened"):
        read_table(path, lambda _: True)


@pytest.mark.parametrize("where", ["before", "two lists", "one name twice"])
def test_an_archive_that_readers_may_read_differently_is_refused(tmp_path: Path, where: str) -> None:
    """What was looked through would not be what is read."""
    path = write_xlsx(tmp_path / "x", GRID)
    raw = path.read_bytes()
    if where == "one name twice":
        with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("xl/workbook.xml", "<a/>")
    else:
        path.write_bytes({"before": b"PK\x03\x04" + raw, "two lists": raw + raw}[where])
    with pytest.raises(FileRefused, match="damaged"):
        read_table(path, lambda _: True)


@pytest.mark.parametrize("form", WRITERS)
def test_damaged_spreadsheets_are_refused_or_read(tmp_path: Path, form: str) -> None:
    whole = WRITERS[form](tmp_path / "x", GRID, [(0, 0, 0, 4)]).read_bytes()
    path, random, refused = tmp_path / "y", Random(5), 0
    for at in range(45 if form == "xls" else 120):  # each of these is a process
        raw = bytearray(whole)
        if at % 3 == 0:
            raw = raw[: random.randrange(16, len(raw))]
        else:
            for _ in range(random.randint(1, 30)):
                raw[random.randrange(8, len(raw))] = random.randrange(256)
        path.write_bytes(bytes(raw))
        try:
            list(read_table(path, lambda _: True).rows)
        except FileRefused:
            refused += 1
    assert refused > 8


def test_a_container_without_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for raw in (
        container(b"").replace("Workbook".encode("utf-16-le"), "Document".encode("utf-16-le")),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
    ):
        path.write_bytes(raw)
        assert file_format(path) == "xls"
        with pytest.raises(FileRefused):
            read_table(path, lambda _: True)


def test_many_merged_cells_end_soon(tmp_path: Path) -> None:
    rows = [["Mã số", "Tên nhiệm vụ", "Chủ trì", "Kinh phí"], *([f"NV-{at}", "x", "", 1] for at in range(3_000))]
    merged: list[Area] = [(1, column, 3_000, column) for column in range(4)] * 250
    table: Table = read_table(write_xls(tmp_path / "x", rows, merged), lambda headers: "Mã số" in headers)
    assert sum(1 for _ in table.rows) == 3_000


def test_numbers_beyond_what_a_cell_holds(tmp_path: Path) -> None:
    stream = struct.pack("<d", float("inf"))
    path = write_xls(tmp_path / "x", [["Mã số", "Tên nhiệm vụ", "Chủ trì", "Kinh phí"], ["1", "x", "", float("inf")]])
    assert stream in path.read_bytes()
    found, rejects, _ = load(path, FLAT, tmp_path)
    assert (found, len(rejects)) == ({}, 1)


def test_the_reading_of_a_record_says_nothing_of_how(tmp_path: Path) -> None:
    """The same rows in any format make the same records."""
    marks = set()
    for form, writer in WRITERS.items():
        file = tmp_path / "m.yaml"
        file.write_text(FLAT, encoding="utf-8")
        reading = open_file("city", writer(tmp_path / form, GRID, []), "test", file)
        marks.add(tuple(item.fingerprint() for item in reading.items if isinstance(item, Record)))
    assert len(marks) == 1


SEEDS = {
    "csv": "Mã số;Tên nhiệm vụ;Chủ trì;Kinh phí\nNV-01;Nghiên cứu;Viện Ví Dụ;5\nTổng cộng;;;5\n",
    "json": json.dumps(
        [{"Mã số": "NV-01", "Tên nhiệm vụ": "Nghiên cứu", "Chủ trì": "", "Kinh phí": 5}], ensure_ascii=False
    ),
    "xml": "<ds><nv><ma>NV-01</ma><ten>Nghiên cứu</ten></nv><nv><ma>NV-02</ma></nv></ds>",
    "sql": "INSERT INTO t (ma, ten) VALUES ('NV-01', 'Nghiên cứu'), ('NV-02', 'x');",
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1258-like"])
def test_whatever_the_bytes_are_a_table_is_refused_or_read(tmp_path: Path, seed: str, encoding: str) -> None:
    """Nothing else is ever raised, and each refusal has a place and a reason."""
    whole = SEEDS[seed].encode(encoding) if encoding != "cp1258-like" else windows_1258(SEEDS[seed])
    path, random, read = tmp_path / "x", Random(seed + encoding), 0
    for _ in range(150):
        raw = bytearray(whole)
        for _ in range(random.randint(0, 6)):
            at = random.randrange(len(raw))
            raw[at : at + random.randint(0, 3)] = random.choice(
                [b"", b"\x00", b'"', b"\xff", b"\n", b"<", b"\xe2\xc0", b";;"]
            )
        path.write_bytes(bytes(raw))
        try:
            rows = list(read_table(path, lambda headers: len(headers) > 1, lambda headers: 1).rows)
        except FileRefused as refused:
            assert path.name in str(refused)
        else:
            read += 1
            assert all(row.line >= 1 and (not isinstance(row, Reject) or row.reason) for row in rows)
    assert read > 5
