"""Damaged and hostile files: what can't be read is refused with line, column and reason, the rest loads, nothing is half a record."""

import csv
import io
import json
import struct
import zipfile
import zlib
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loaders.reading import open_file
from loaders.table_reading import FIELD_LIMIT, FileRefused, file_format, json_objects, read_table
from ontology.statement import Record, Reject

HEADERS = ["symbol", "name", "icbCode", "exchange"]
ROWS = [
    ["AAA", "Công ty cổ phần Đường", "1300", "HSX"],
    ["BBB", "Công ty cổ phần Dương", "2300", "HNX"],
    ["CCC", "Nhựa", "3300", "UPCOM"],
]
HEAD = ",".join(HEADERS) + "\n"


def load(path: Path) -> tuple[list[Record], list[Reject]]:
    items = list(open_file("enterprise", path, "test").items)
    return [i for i in items if isinstance(i, Record)], [i for i in items if isinstance(i, Reject)]


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def names(records: list[Record]) -> dict[str, str]:
    return {record.key: said.value or "" for record in records for said in record.statements if said.property == "name"}


def csv_text(rows: list[list[str]], **options: Any) -> str:
    out = io.StringIO()
    csv.writer(out, **options).writerows(rows)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "7f3a"


EXPECTED = {row[0]: row[1] for row in ROWS}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-16-be-bom"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_encoding_that_marks_itself(file: Path, encoding: str, delimiter: str, newline: str) -> None:
    text = csv_text([HEADERS, *ROWS], delimiter=delimiter, lineterminator=newline)
    raw = (
        ("\ufeff" + text).encode(encoding.removesuffix("-bom")) if encoding.endswith("-bom") else text.encode(encoding)
    )
    records, rejects = load(write(file, raw))
    assert names(records) == EXPECTED
    assert [record.line for record in records] == [2, 3, 4]
    assert rejects == []


@pytest.mark.parametrize("encoding", ["cp1258", "latin-1", "utf-16-le"])
def test_bytes_of_another_encoding_are_refused_by_row_and_column(file: Path, encoding: str) -> None:
    foreign = "DDD,Số é à,1300,HSX".replace("ố", "ô").encode(encoding)
    raw = HEAD.encode() + ",".join(ROWS[0]).encode() + b"\n" + foreign + b"\n" + ",".join(ROWS[1]).encode() + b"\n"
    records, rejects = load(write(file, raw))
    assert names(records) == {"AAA": EXPECTED["AAA"], "BBB": EXPECTED["BBB"]}
    assert len(rejects) == 1
    assert rejects[0].line == 3
    assert rejects[0].field == ("symbol" if encoding == "utf-16-le" else "name")
    assert "NUL" in rejects[0].reason if encoding == "utf-16-le" else "UTF-8" in rejects[0].reason


def test_tcvn3_and_vni_bytes_are_refused(file: Path) -> None:
    tcvn3, vni = b"C\xabng ty c\xe6 ph\xc7n", "Coâng ty coå phaàn".encode("cp1252")
    raw = HEAD.encode() + b"DDD," + tcvn3 + b",1300,HSX\nEEE," + vni + b",1300,HSX\nAAA,Ok,1300,HSX\n"
    records, rejects = load(write(file, raw))
    assert names(records) == {"AAA": "Ok"}
    assert [(reject.line, reject.field) for reject in rejects] == [(2, "name"), (3, "name")]


@pytest.mark.parametrize(
    ("cell", "field", "reason"),
    [
        ("a\x00b", "name", "NUL"),
        ("x" * 10_000_000, "name", "characters"),
        ("x" * (FIELD_LIMIT + 1), "name", "characters"),
    ],
)
def test_a_cell_that_no_text_can_hold(file: Path, cell: str, field: str, reason: str) -> None:
    records, rejects = load(write(file, f"{HEAD}AAA,Một,1300,HSX\nBBB,{cell},1300,HSX\nCCC,Ba,1300,HSX\n"))
    assert set(names(records)) == {"AAA", "CCC"}
    assert [(reject.line, reject.field) for reject in rejects] == [(3, field)]
    assert reason in rejects[0].reason
    assert len(rejects[0].row) <= 200


def test_a_long_cell_within_the_limit_is_kept(file: Path) -> None:
    long = "Đ" * (FIELD_LIMIT // 2)
    records, rejects = load(write(file, f"{HEAD}AAA,{long},1300,HSX\n"))
    assert names(records) == {"AAA": long}
    assert rejects == []


def test_an_unclosed_quotation_mark_costs_its_own_row_only(file: Path) -> None:
    lines = [f"S{at:03},Firm {at},1300,HSX" for at in range(900)]
    lines[10] = 'S010,"Firm 10,1300,HSX'
    lines[500] = 'S500,"Fi"rm 500,1300,HSX'
    lines[899] = 'S899,"Firm 899,1300,HSX'
    records, rejects = load(write(file, HEAD + "\n".join(lines) + "\n"))
    assert len(records) == 897
    assert [(reject.line, "quotation" in reject.reason) for reject in rejects] == [(12, True), (502, True), (901, True)]


def test_quotation_marks_and_line_breaks_that_are_right(file: Path) -> None:
    rows = [["AAA", 'Công ty "Một"\ncủa, Hà Nội', "1300", "HSX"], ["BBB", '"', "1300", "HSX"]]
    records, rejects = load(write(file, HEAD + csv_text(rows)))
    assert names(records) == {"AAA": 'Công ty "Một" của, Hà Nội', "BBB": '"'}
    assert [record.line for record in records] == [2, 4]
    assert rejects == []


def test_a_file_of_open_quotation_marks_ends_soon(file: Path) -> None:
    write(file, HEAD + "\n".join(f'S{at},"open' for at in range(20_000)))
    records, rejects = load(file)
    assert (len(records), len(rejects)) == (0, 20_000)


def test_rows_of_another_width(file: Path) -> None:
    records, rejects = load(
        write(file, f"{HEAD}AAA,Một,1300,HSX\nBBB,Hai\nCCC,Ba,1300,HSX,thêm\n\n\nDDD,Bốn,1300,HSX\n")
    )
    assert set(names(records)) == {"AAA", "DDD"}
    assert [(reject.line, reject.reason) for reject in rejects] == [
        (3, "has 2 cells where the header has 4"),
        (4, "has 5 cells where the header has 4"),
    ]


def test_titles_above_the_header_and_commas_in_a_file_of_semicolons(file: Path) -> None:
    title = "Danh sách, theo Quyết định, ngày 1, tháng 2, năm 2025, của Bộ, về việc, công bố\n\n"
    records, rejects = load(write(file, title + csv_text([HEADERS, *ROWS], delimiter=";")))
    assert names(records) == EXPECTED
    assert [record.line for record in records] == [4, 5, 6]
    assert rejects == []


def test_of_two_columns_with_one_header_the_first_counts(file: Path) -> None:
    records, _ = load(write(file, "symbol,name,icbCode,exchange,Name\nAAA,Một,1300,HSX,Hai\n"))
    assert names(records) == {"AAA": "Một"}
    records, _ = load(write(file, "symbol,name,icbCode,exchange,name\nAAA,Một,1300,HSX,Hai\n"))
    assert names(records) == {"AAA": "Một"}


@pytest.mark.parametrize(
    "text", ["=1+1", "+84 24 3869", "-5", "@SUM(A1)", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0", "<img onerror=x>"]
)
def test_formulas_are_kept_word_for_word(tmp_path: Path, text: str) -> None:
    row = ["AAA", text, "1300", "HSX"]
    files = {
        "csv": write(tmp_path / "a", csv_text([HEADERS, row])),
        "json": write(tmp_path / "b", json.dumps([dict(zip(HEADERS, row, strict=True))])),
        "xlsx": workbook(tmp_path / "c", [HEADERS, row]),
    }
    pq.write_table(pa.Table.from_pylist([dict(zip(HEADERS, row, strict=True))]), tmp_path / "d")
    for form, path in (files | {"parquet": tmp_path / "d"}).items():
        assert file_format(path) == form
        assert names(load(path)[0]) == {"AAA": text}, form


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "   \n",
        "\x00" * 100,
        "<xml/>",
        "PAR1" + "x" * 50,
        "PK\x03\x04" + "x" * 50,
        "{" * 50,
        "[" * 100_000,
        "1" * 6000,
    ],
)
def test_what_is_no_table_is_refused_whole(file: Path, damage: str) -> None:
    with pytest.raises(FileRefused):
        load(write(file, damage))


# JSON


@pytest.mark.parametrize("depth", [50, 800, 2_000, 100_000])
def test_json_nested_deep(file: Path, depth: int) -> None:
    nest = "[" * depth + "]" * depth
    write(
        file,
        f'[{{"symbol": "AAA", "name": "Một", "icbCode": 1, "exchange": {nest}}}, {{"symbol": "BBB", "name": "Hai", "icbCode": 1, "exchange": "H"}}, {nest}]',
    )
    try:
        records, rejects = load(file)
    except FileRefused as refused:
        assert "nested" in str(refused)
    else:
        assert "BBB" in names(records)
        assert len(records) + len(rejects) == 3


def test_json_of_numbers_that_are_too_long_is_refused(file: Path) -> None:
    with pytest.raises(FileRefused, match="no JSON"):
        load(write(file, f'[{{"symbol": "AAA", "name": {"9" * 5000}}}]'))


def test_json_with_half_a_character_or_nul(file: Path) -> None:
    items = [
        '{"symbol": "AAA", "name": "\\ud800 x", "icbCode": "1", "exchange": "H"}',
        '{"symbol": "BBB", "name": "Hai\\u0000", "icbCode": "1", "exchange": "H"}',
        '{"symbol": "CCC", "name": "\\ud83d\\ude00 Ba", "icbCode": "1", "exchange": "H"}',
        '"không phải đối tượng"',
        "null",
    ]
    records, rejects = load(write(file, f"[{','.join(items)}]"))
    assert names(records) == {"CCC": "😀 Ba"}
    assert [(reject.line, reject.field) for reject in rejects] == [(1, "name"), (2, "name"), (4, ""), (5, "")]
    for reject in rejects:
        (reject.reason + reject.row).encode()
    for record in records:
        record.fingerprint()


def test_json_lines_and_a_json_object_around_one_array(file: Path) -> None:
    objects = [dict(zip(HEADERS, row, strict=True)) for row in ROWS]
    for content in (
        "\n".join(json.dumps(o) for o in objects),
        json.dumps({"count": 3, "data": objects}),
        json.dumps(objects),
    ):
        assert names(load(write(file, content))[0]) == EXPECTED
        assert names(load(write(file, "\ufeff" + content))[0]) == EXPECTED
    assert names(load(write(file, json.dumps(objects).encode("utf-16")))[0]) == EXPECTED
    assert json_objects(write(file, '{"a": 1}')) == [{"a": 1}]


# Spreadsheets


def workbook(path: Path, rows: list[list[Any]], title: str = "") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append([title])
        sheet.append([])
    for row in rows:
        sheet.append(row)
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    book.save(path)
    return path


def repack(path: Path, changes: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {item.filename: archive.read(item) for item in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | changes).items():
            archive.writestr(name, content)


def part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


SHEET = "xl/worksheets/sheet1.xml"


def test_a_spreadsheet_with_a_title(file: Path) -> None:
    records, rejects = load(workbook(file, [HEADERS, *ROWS], title="DANH SÁCH"))
    assert names(records) == EXPECTED
    assert [record.line for record in records] == [4, 5, 6]
    assert rejects == []


def test_a_zip_bomb_is_refused_before_it_is_unpacked(file: Path) -> None:
    workbook(file, [HEADERS, *ROWS])
    repack(file, {"xl/media/bomb.xml": b"0" * 100_000_000})
    assert file.stat().st_size < 1_000_000
    with pytest.raises(FileRefused, match="unopened"):
        load(file)


def test_a_part_whose_size_lies_is_refused(file: Path) -> None:
    """The sum is right, the number of bytes is not: a bomb that says it is small."""
    workbook(file, [HEADERS, *ROWS])
    bomb = b"<a>" + b"0" * 30_000_000
    repack(file, {"xl/bomb.xml": bomb})
    raw = bytearray(file.read_bytes())
    size, lie = struct.pack("<I", len(bomb)), struct.pack("<I", 100)
    crc, told = struct.pack("<I", zlib.crc32(bomb)), struct.pack("<I", zlib.crc32(bomb[:100]))
    assert raw.count(size) == 2
    file.write_bytes(bytes(raw).replace(size, lie).replace(crc, told))
    with pytest.raises(FileRefused, match="more than the 100 bytes"):
        load(file)


@pytest.mark.parametrize("reference", ["XFD1048576", "xfd1048576", "A1048576"])
def test_a_cell_in_the_far_corner_does_not_fill_the_memory(file: Path, reference: str) -> None:
    workbook(file, [[*HEADERS, *(f"c{at}" for at in range(40))], *ROWS])
    far = f'<row r="1048576"><c r="{reference}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    repack(file, {SHEET: part(file, SHEET).replace(b"</sheetData>", far.encode())})
    with pytest.raises(FileRefused, match="spreads over"):
        load(file)


@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"])
def test_entities_in_a_part_are_refused(tmp_path: Path, file: Path, name: str) -> None:
    canary = write(tmp_path / "canary", "secret")
    workbook(file, [HEADERS, *ROWS])
    content = part(file, name)
    head, _, rest = content.partition(b"?>") if content.startswith(b"<?xml") else (b"<?xml version='1.0'", b"", content)
    entity = f"?><!DOCTYPE a [<!ENTITY x SYSTEM '{canary.as_uri()}'>]>".encode()
    repack(file, {name: head + entity + rest.replace(b"AAA", b"&x;")})
    with pytest.raises(FileRefused, match="document type"):
        load(file)


def test_an_archive_that_is_no_workbook(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../../x", "y")
    with pytest.raises(FileRefused, match="no workbook"):
        load(file)


def test_damaged_spreadsheets_never_do_worse_than_be_refused(file: Path) -> None:
    workbook(file, [HEADERS, *ROWS])
    whole = file.read_bytes()
    random = Random(8)
    refused = 0
    for at in range(150):
        raw = bytearray(whole)
        if at % 3 == 0:
            raw = raw[: random.randrange(4, len(raw))]
        else:
            for _ in range(random.randint(1, 20)):
                raw[random.randrange(4, len(raw))] = random.randrange(256)
        try:
            load(write(file, bytes(raw)))
        except FileRefused:
            refused += 1
    assert refused > 50


# Parquet and SQL


def test_a_truncated_parquet_file_is_refused(file: Path) -> None:
    table = pa.Table.from_pylist([dict(zip(HEADERS, row, strict=True)) for row in ROWS * 5])
    pq.write_table(table, file)
    whole = file.read_bytes()
    with pytest.raises(FileRefused, match="damaged"):
        load(write(file, whole[:-20]))
    with pytest.raises(FileRefused, match="damaged"):
        load(write(file, whole[:4] + bytes(60) + whole[64:]))


def test_a_dump_is_read_as_text(file: Path) -> None:
    dump = (
        "CREATE TABLE x (a int);\nDROP TABLE firms;\n"
        "INSERT INTO firms (symbol, name, icbCode, exchange) VALUES ('AAA', 'O''Đường', '1300', 'HSX'),\n\n('BBB', 'Hai', '1300', 'HSX'),\n"
        "('CCC', 'thiếu'),\n('AAA', 'O''Đường', '1300', 'HSX');\nINSERT INTO other (x) VALUES (1);\n"
    )
    records, rejects = load(write(file, dump))
    assert names(records) == {"AAA": "O'Đường", "BBB": "Hai"}
    assert [record.line for record in records] == [3, 5, 7]
    assert [(reject.line, reject.reason) for reject in rejects] == [(6, "has 2 values where the table has 4 columns")]


def test_sql_that_nests_deep_is_refused(file: Path) -> None:
    with pytest.raises(FileRefused, match="SQL"):
        load(write(file, "INSERT INTO firms (symbol, name) VALUES (" + "(" * 20_000 + ")" * 20_000 + ");"))


def test_a_table_is_read_once_and_knows_its_size(file: Path) -> None:
    table = read_table(write(file, csv_text([HEADERS, *ROWS])), lambda cells: "symbol" in cells)
    assert (table.format, table.headers, table.size) == ("csv", HEADERS, 3)
    assert len(list(table.rows)) == 3
    assert list(table.rows) == []
