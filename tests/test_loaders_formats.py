"""Every format gives the same table: headers below titles or in two rows, merged cells, footers; and hostile files are refused."""

import csv
import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loaders.reading import Reading, open_file
from loaders.table_reading import FIELD_LIMIT, FileRefused, Table, file_format, read_table
from ontology.statement import Record, Reject
from tests.encoded_text import windows_1258
from tests.sheet_files import Area, container, ods_content, write_ods, write_xls

MAPPING = """
shape: trial
kinds: [city]
title: {vi: Thử, en: Trial}
key: [ma]
language: vi
about: STTask
columns:
  ma: {headers: [Mã số], identifier: task-code, required: true}
  ten: {headers: [Tên nhiệm vụ], property: name, required: true}
  chu_tri: {headers: [Chủ trì], property: hostedBy, class: Organization}
  kinh_phi: {headers: ["Kinh phí – Tổng số", Tổng số], property: budget, factor: 1000000}
"""
GRID: list[list[Any]] = [
    ["ỦY BAN NHÂN DÂN", "", "", "", ""],
    ["DANH MỤC NHIỆM VỤ NĂM 2021", "", "", "", ""],
    ["", "", "", "", ""],
    ["TT", "Mã số", "Tên nhiệm vụ", "Chủ trì", "Kinh phí"],
    ["(1)", "(2)", "(3)", "(4)", "(5)"],
    [1, "NV-01", "Nghiên cứu giống lúa", "Viện Ví Dụ", 500],
    [2, "NV-02", "Chế tạo máy đo", "Viện Ví Dụ", 1250.5],
    ["Tổng cộng", "", "", "", 1750.5],
    ["", "", "", "", ""],
    ["Ghi chú: kinh phí tính đến ngày 30 tháng 6 năm 2021", "", "", "", ""],
    ["", "", "", "NGƯỜI LẬP BIỂU", ""],
    ["", "", "", "Nguyễn Văn Ví Dụ", ""],
]
FLAT = MAPPING.replace('"Kinh phí – Tổng số", Tổng số', "Kinh phí")


def xlsx(path: Path, rows: list[list[Any]], merged: list[Area] | None = None) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([None if cell == "" else cell for cell in row])
    for top, left, bottom, right in merged or []:
        sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    book.save(path)
    return path


def delimited(path: Path, rows: list[list[Any]], delimiter: str = ",") -> Path:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


WRITERS: dict[str, Callable[[Path, list[list[Any]], list[Area]], Path]] = {
    "xlsx": xlsx,
    "xls": write_xls,
    "ods": lambda path, rows, merged: write_ods(path, ods_content(rows, merged)),
}


def load(path: Path, mapping: str, tmp_path: Path) -> tuple[dict[str, dict[str, str]], list[Reject], Reading]:
    """What each record says: by its key, names and amounts by property; the refused; the reading."""
    file = tmp_path / "mapping.yaml"
    file.write_text(mapping, encoding="utf-8")
    reading = open_file("city", path, "test", file)
    found: dict[str, dict[str, str]] = {}
    rejects = []
    for item in reading.items:
        if isinstance(item, Reject):
            rejects.append(item)
        else:
            about = item.statements[0].subject
            names = {s.subject: s.value or "" for s in item.statements if s.property == "name"}
            found[item.key] = {"line": str(item.line)} | {
                s.property: s.value or names.get(s.object or "", "")
                for s in item.statements
                if s.subject == about and s.property in ("name", "budget", "hostedBy")
            }
    return found, rejects, reading


EXPECTED = {
    "NV-01": {"line": "6", "name": "Nghiên cứu giống lúa", "hostedBy": "Viện Ví Dụ", "budget": "500000000"},
    "NV-02": {"line": "7", "name": "Chế tạo máy đo", "hostedBy": "Viện Ví Dụ", "budget": "1250500000"},
}


@pytest.mark.parametrize("form", WRITERS)
def test_titles_numbers_of_columns_and_footer_of_a_spreadsheet(tmp_path: Path, form: str) -> None:
    path = WRITERS[form](tmp_path / "x", GRID, [(0, 0, 0, 4), (1, 0, 1, 4)])
    assert file_format(path) == form
    found, rejects, reading = load(path, FLAT, tmp_path)
    assert found == EXPECTED
    assert rejects == []
    assert reading.notes[0] == form
    assert "header in line 4" in reading.notes
    assert "a row that numbers the columns is left aside" in reading.notes
    assert "footer from line 8 on is left aside: Tổng cộng" in reading.notes


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_same_in_delimited_text(tmp_path: Path, delimiter: str) -> None:
    path = delimited(tmp_path / "x", GRID, delimiter)
    found, rejects, reading = load(path, FLAT, tmp_path)
    assert found == EXPECTED
    assert rejects == []
    assert reading.notes[0] == "csv in UTF-8"
    assert "footer from line 8 on is left aside: Tổng cộng" in reading.notes


def test_a_footer_of_fewer_cells_than_the_table_has(tmp_path: Path) -> None:
    path = delimited(tmp_path / "x", [*GRID[3:7], ["Tổng cộng", "1.750,5"], ["Người lập biểu"], ["Nguyễn Văn Ví Dụ"]])
    found, rejects, _ = load(path, FLAT, tmp_path)
    assert set(found) == set(EXPECTED)
    assert rejects == []


TWO_ROWS: list[list[Any]] = [
    ["TT", "Mã số", "Tên nhiệm vụ", "Đơn vị", "", "Kinh phí", ""],
    ["", "", "", "Chủ trì", "Phối hợp", "Tổng số", "NSNN"],
    ["1", "2", "3", "4", "5", "6", "7"],
    [1, "NV-01", "Nghiên cứu giống lúa", "Viện Ví Dụ", "Trường Ví Dụ", 500, 400],
    [2, "NV-02", "Chế tạo máy đo", "Viện Ví Dụ", "", 1250.5, 1000],
]
TWO_ROWS_MERGED: list[Area] = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 0, 4), (0, 5, 0, 6)]


@pytest.mark.parametrize("form", [*WRITERS, "csv"])
def test_a_header_of_two_rows(tmp_path: Path, form: str) -> None:
    path = tmp_path / "x"
    if form == "csv":
        delimited(path, TWO_ROWS)
    else:
        WRITERS[form](path, TWO_ROWS, TWO_ROWS_MERGED)
    mapping = MAPPING.replace("[Chủ trì]", '["Đơn vị – Chủ trì"]')
    found, rejects, reading = load(path, mapping, tmp_path)
    assert found == {
        "NV-01": EXPECTED["NV-01"] | {"line": "4"},
        "NV-02": EXPECTED["NV-02"] | {"line": "5"},
    }
    assert rejects == []
    assert "header in lines 1 to 2" in reading.notes
    # a mapping that knows the lower headers alone reads it too, as they differ
    lower = MAPPING.replace('"Kinh phí – Tổng số", ', "")
    assert load(path, lower, tmp_path)[0] == found


def test_a_header_of_three_rows(tmp_path: Path) -> None:
    rows = [
        ["Mã số", "Tên nhiệm vụ", "Kinh phí", "", ""],
        ["", "", "Tổng số", "Trong đó", ""],
        ["", "", "", "NSNN", "Khác"],
        ["NV-01", "Nghiên cứu", 5, 4, 1],
    ]
    merged: list[Area] = [(0, 0, 2, 0), (0, 1, 2, 1), (0, 2, 0, 4), (1, 2, 2, 2), (1, 3, 1, 4)]
    table = read_table(xlsx(tmp_path / "x", rows, merged), lambda headers: "Mã số" in headers)
    assert table.headers == [
        "Mã số",
        "Tên nhiệm vụ",
        "Kinh phí – Tổng số",
        "Kinh phí – Trong đó – NSNN",
        "Kinh phí – Trong đó – Khác",
    ]
    (row,) = table.rows
    assert not isinstance(row, Reject)
    assert row.line == 4
    assert list(row.cells.values()) == ["NV-01", "Nghiên cứu", 5, 4, 1]


def test_a_row_below_the_header_is_not_taken_for_its_second_row(tmp_path: Path) -> None:
    """Where nothing says that cells are merged, a sparse first row of data must stay one."""
    rows = [["Mã số", "Tên nhiệm vụ", "", "Chủ trì", "Kinh phí"], ["NV-01", "Nghiên cứu", "", "", "5"]]
    found, _, _ = load(delimited(tmp_path / "x", rows), FLAT, tmp_path)
    assert set(found) == {"NV-01"}


@pytest.mark.parametrize("form", WRITERS)
def test_merged_cells_of_the_body_count_for_each_of_their_rows(tmp_path: Path, form: str) -> None:
    rows: list[list[Any]] = [
        ["Mã số", "Tên nhiệm vụ", "Chủ trì", "Kinh phí"],
        ["I. Lĩnh vực nông nghiệp", "", "", ""],
        ["NV-01", "Nghiên cứu giống lúa", "Viện Ví Dụ", 500],
        ["NV-02", "Chế tạo máy đo", "", 1250.5],
    ]
    path = WRITERS[form](tmp_path / "x", rows, [(1, 0, 1, 3), (2, 2, 3, 2)])
    found, rejects, reading = load(path, FLAT, tmp_path)
    assert found == {"NV-01": EXPECTED["NV-01"] | {"line": "3"}, "NV-02": EXPECTED["NV-02"] | {"line": "4"}}
    assert rejects == []
    assert "merged cells: 1 values count for each of their rows" in reading.notes
    assert "headings among the rows are left aside: lines 2" in reading.notes


def test_totals_between_the_rows_are_left_aside_and_said(tmp_path: Path) -> None:
    rows = [
        ["Mã số", "Tên nhiệm vụ", "Chủ trì", "Kinh phí"],
        ["NV-01", "Nghiên cứu", "", "5"],
        ["Cộng", "", "", "5"],
        ["NV-02", "Chế tạo", "", "7"],
        ["Total", "Chế tạo", "", "7"],
        ["NV-03", "Cộng đồng", "", "7"],
    ]
    found, rejects, reading = load(delimited(tmp_path / "x", rows), FLAT, tmp_path)
    assert set(found) == {"NV-01", "NV-02", "NV-03", "Total"}
    assert rejects == []
    assert "a row of totals is left aside: line 3, Cộng" in reading.notes


@pytest.mark.parametrize("form", [*WRITERS, "csv"])
def test_headings_among_counted_rows_are_left_aside_and_said(tmp_path: Path, form: str) -> None:
    """With sums or without; they are no tasks."""
    rows: list[list[Any]] = [
        ["TT", "Mã số", "Tên nhiệm vụ", "Chủ trì", "Kinh phí"],
        ["I", "", "Lĩnh vực nông nghiệp", "", ""],
        [1, "NV-01", "Nghiên cứu giống lúa", "Viện Ví Dụ", 500],
        ["II", "", "Lĩnh vực công nghiệp", "", 1250.5],
        [2, "NV-02", "Chế tạo máy đo", "Viện Ví Dụ", "1.250,5"],
    ]
    path = tmp_path / "x"
    if form == "csv":
        delimited(path, rows)
    else:
        WRITERS[form](path, rows, [])
    found, rejects, reading = load(path, FLAT, tmp_path)
    assert found == {"NV-01": EXPECTED["NV-01"] | {"line": "3"}, "NV-02": EXPECTED["NV-02"] | {"line": "5"}}
    assert rejects == []
    assert "a heading is left aside: line 4, Lĩnh vực công nghiệp" in reading.notes


def test_rows_whose_own_code_looks_like_a_heading_stay(tmp_path: Path) -> None:
    """Nothing counts them, so a code of one letter is a code."""
    rows = [
        ["Mã số", "Tên nhiệm vụ", "Chủ trì", "Kinh phí"],
        ["AB", "Nghiên cứu", "Viện", "5"],
        ["C", "Chế tạo", "", ""],
    ]
    found, _, _ = load(delimited(tmp_path / "x", rows), FLAT, tmp_path)
    assert set(found) == {"AB", "C"}


@pytest.mark.parametrize(
    "last",
    [
        ["NV-09", "", "", ""],
        ["", "Nghiên cứu", "", ""],
        ["Nguồn lợi biển", "Nghiên cứu nguồn lợi", "Viện Ví Dụ", "5"],
        ["Cộng đồng", "Nghiên cứu cộng đồng", "Viện Ví Dụ", "5"],
    ],
)
def test_a_sparse_or_strange_last_row_is_no_footer(tmp_path: Path, last: list[str]) -> None:
    rows = [["Mã số", "Tên nhiệm vụ", "Chủ trì", "Kinh phí"], ["NV-01", "Nghiên cứu", "", "5"], last]
    found, rejects, _ = load(delimited(tmp_path / "x", rows), FLAT, tmp_path)
    assert len(found) + len(rejects) == 2


@pytest.mark.parametrize("form", [*WRITERS, "csv"])
def test_rows_of_a_table_with_many_empty_columns_are_no_footer(tmp_path: Path, form: str) -> None:
    """All its rows are sparse, and a subtotal stands among them."""
    rows: list[list[Any]] = [["Mã số", "Tên nhiệm vụ", "Chủ trì", "Kinh phí", "A", "B", "C", "D"]]
    rows += [[f"KT-0{at}", "Nghiên cứu", "", "5", "", "", "", ""] for at in (1, 2)]
    rows += [["Cộng", "", "", "10", "", "", "", ""]]
    rows += [[f"TM-0{at}", "Ghi chú: thử", "", "5", "", "", "", ""] for at in (3, 4)]
    path = tmp_path / "x"
    if form == "csv":
        delimited(path, rows)
    else:
        WRITERS[form](path, rows, [])
    found, rejects, _ = load(path, FLAT, tmp_path)
    assert list(found) == ["KT-01", "KT-02", "TM-03", "TM-04"]
    assert rejects == []


def test_a_line_inside_the_last_cell_is_no_footer(tmp_path: Path) -> None:
    rows = [
        ["Mã số", "Tên nhiệm vụ", "Chủ trì", "Kinh phí"],
        ["NV-01", "Nghiên cứu\nGhi chú: thử\nTổng cộng\nx", "", "5"],
    ]
    found, rejects, reading = load(delimited(tmp_path / "x", rows), FLAT, tmp_path)
    assert found["NV-01"]["name"] == "Nghiên cứu Ghi chú: thử Tổng cộng x"
    assert rejects == []
    assert not [note for note in reading.notes if "footer" in note]


def test_delimiters_behind_the_last_column_are_no_cells(tmp_path: Path) -> None:
    rows = [
        ["Mã số", "Tên nhiệm vụ", "Chủ trì", "Kinh phí"],
        ["NV-01", "Nghiên cứu", "", "5", "", " "],
        ["NV-02", "x", "", "5", "y"],
    ]
    found, rejects, _ = load(delimited(tmp_path / "x", rows), FLAT, tmp_path)
    assert set(found) == {"NV-01"}
    assert [reject.reason for reject in rejects] == ["has 5 cells where the header has 4"]


def test_sheets_that_are_not_read_are_said(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "x.xlsx", [["Bìa"]])
    book = openpyxl.load_workbook(path)
    for title in ("Danh mục", "Phụ lục"):
        sheet = book.create_sheet(title)
        for row in GRID[3:]:
            sheet.append(row)
    book.save(path)
    found, _, reading = load(path, FLAT, tmp_path)
    assert set(found) == set(EXPECTED)
    assert reading.notes[:3] == ["xlsx", "sheet Danh mục", "other sheets are left aside: Sheet, Phụ lục"]


def test_a_row_of_one_and_two_is_data(tmp_path: Path) -> None:
    mapping = FLAT.replace("  chu_tri: {headers: [Chủ trì], property: hostedBy, class: Organization}\n", "")
    mapping = mapping.replace("  kinh_phi: {headers: [Kinh phí], property: budget, factor: 1000000}\n", "")
    found, _, _ = load(delimited(tmp_path / "x", [["Mã số", "Tên nhiệm vụ"], ["1", "2"]]), mapping, tmp_path)
    assert set(found) == {"1"}


# XML


def test_xml_records_with_attributes_and_nested_elements(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text(
        """<?xml version="1.0" encoding="UTF-8"?>
<danhSach xmlns="http://vidu.example/ns" nam="2021">
  <thongTin><donVi>Sở Ví Dụ</donVi></thongTin>
  <cacNhiemVu>
    <nhiemVu ma="NV-01"><ten ngonNgu="vi">Nghiên cứu</ten><chuTri><ten>Viện Ví Dụ</ten></chuTri>
      <phoiHop><ten>Trường Một</ten></phoiHop><phoiHop><ten>Trường Hai</ten></phoiHop></nhiemVu>
    <nhiemVu ma="NV-02"><ten ngonNgu="vi">Chế &amp; tạo</ten><trong/></nhiemVu>
  </cacNhiemVu>
</danhSach>""",
        encoding="utf-8",
    )
    assert file_format(path) == "xml"
    table = read_table(path, lambda _: False)
    assert table.headers == ["ma", "ten", "ten.ngonNgu", "chuTri.ten", "phoiHop.ten"]
    rows = list(table.rows)
    assert [(row.line, row.cells) for row in rows if not isinstance(row, Reject)] == [
        (
            5,
            {
                "ma": "NV-01",
                "ten": "Nghiên cứu",
                "ten.ngonNgu": "vi",
                "chuTri.ten": "Viện Ví Dụ",
                "phoiHop.ten": ["Trường Một", "Trường Hai"],
            },
        ),
        (7, {"ma": "NV-02", "ten": "Chế & tạo", "ten.ngonNgu": "vi"}),
    ]
    assert table.notes[0] == "each danhSach/cacNhiemVu/nhiemVu is a record"


def test_one_record_with_parts_that_repeat_is_one(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("<ds><nv><ma>1</ma><tv><ten>A</ten></tv><tv><ten>B</ten></tv></nv></ds>", encoding="utf-8")
    (row,) = read_table(path, lambda _: False).rows
    assert not isinstance(row, Reject)
    assert row.cells == {"ma": "1", "tv.ten": ["A", "B"]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1258", "iso-8859-1"])
def test_xml_in_the_encoding_that_it_declares(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x"
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<ds><nv><ma>1</ma><ten>Lê Công</ten></nv><nv><ma>2</ma><ten>x</ten></nv></ds>'
    path.write_bytes(text.encode(encoding))
    table = read_table(path, lambda _: False)
    assert [row.cells["ten"] for row in table.rows if not isinstance(row, Reject)] == ["Lê Công", "x"]
    assert table.encoding == encoding.upper()


def test_xml_loads_by_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "x"
    items = "".join(
        f"<nv><maSo>NV-0{at}</maSo><tenNhiemVu>{name}</tenNhiemVu><chuTri>Viện Ví Dụ</chuTri><kinhPhi>{money}</kinhPhi></nv>"
        for at, name, money in ((1, "Nghiên cứu giống lúa", "500"), (2, "Chế tạo máy đo", "1.250,5"))
    )
    path.write_text(f"<ds>\n{items}\n</ds>", encoding="utf-8")
    mapping = (
        FLAT.replace("Mã số", "maSo")
        .replace("Tên nhiệm vụ", "tenNhiemVu")
        .replace("[Chủ trì]", "[chuTri]")
        .replace("[Kinh phí]", "[kinhPhi]")
    )
    found, rejects, _ = load(path, mapping, tmp_path)
    assert found == {key: row | {"line": "2"} for key, row in EXPECTED.items()}
    assert rejects == []


BOMB = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 12))


@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a0 "x">' + BOMB + "]><d><r><a>&a11;</a></r></d>",
        '<!DOCTYPE d [<!ENTITY x SYSTEM "CANARY">]><d><r><a>&x;</a></r><r><a>1</a></r></d>',
        '<!DOCTYPE d SYSTEM "CANARY"><d><r><a>1</a></r></d>',
        '<!DOCTYPE d [<!ENTITY % x SYSTEM "CANARY"> %x;]><d><r><a>1</a></r></d>',
        "<d><r><a>&x;</a></r></d>",
        "<d><r><a>1</a></r>",
        "<d><r a=1/></d>",
        "<d>" * 5_000 + "</d>" * 5_000,
        "<d>" + "".join(f"<a{at}/>" for at in range(11_000)) + "</d>",
        "<d>text only</d>",
        "<d><a>1</a>\x00</d>",
        '<?xml version="1.0" encoding="no-such"?><d><r><a>1</a></r></d>',
        "<!DOCTYPE html><html><body><table><tr><td>1</td></tr></table></body></html>",
    ],
)
def test_hostile_and_damaged_xml_is_refused(tmp_path: Path, text: str) -> None:
    canary = tmp_path / "canary"
    canary.write_text("secret", encoding="utf-8")
    path = tmp_path / "x"
    path.write_text(text.replace("CANARY", canary.as_uri()), encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        read_table(path, lambda _: True)
    assert "secret" not in str(refused.value)


def test_a_long_text_in_xml_costs_its_record_only(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text(f"<d><r><a>{'x' * (FIELD_LIMIT + 1)}</a></r>\n<r><a>1</a></r></d>", encoding="utf-8")
    first, second = read_table(path, lambda _: True).rows
    assert isinstance(first, Reject)
    assert (first.line, first.field) == (1, "a")
    assert not isinstance(second, Reject)


# JSON lines, nested objects, Parquet


def test_a_damaged_line_of_json_lines_costs_itself(tmp_path: Path) -> None:
    lines = [{"Mã số": f"NV-0{at}", "Tên nhiệm vụ": "Nghiên cứu", "Chủ trì": "", "Kinh phí": at} for at in (1, 2, 3)]
    texts = [json.dumps(line, ensure_ascii=False) for line in lines]
    path = tmp_path / "x"
    path.write_text("\n".join([texts[0], texts[1][:-5], "", texts[2], "[" * 100_000, "3"]) + "\n", encoding="utf-8")
    found, rejects, _ = load(path, FLAT, tmp_path)
    assert {key: row["line"] for key, row in found.items()} == {"NV-01": "1", "NV-03": "4"}
    assert [reject.line for reject in rejects] == [2, 5, 6]


NESTED = [
    {
        "Mã số": "NV-01",
        "ten": {"vi": "Nghiên cứu", "en": "Research"},
        "tv": [{"ten": "A"}, {"ten": "B"}],
        "x": ["1", "2"],
    }
]
NESTED_CELLS = {"Mã số": "NV-01", "ten.vi": "Nghiên cứu", "ten.en": "Research", "tv.ten": ["A", "B"], "x": ["1", "2"]}


@pytest.mark.parametrize("form", ["json", "jsonl", "parquet"])
def test_nested_objects_get_dotted_headers(tmp_path: Path, form: str) -> None:
    path = tmp_path / "x"
    if form == "parquet":
        pq.write_table(pa.Table.from_pylist(NESTED * 2), path)
    else:
        path.write_text(
            "\n".join(json.dumps(item) for item in NESTED * 2) if form == "jsonl" else json.dumps(NESTED),
            encoding="utf-8",
        )
    table = read_table(path, lambda _: True)
    assert (table.format, table.headers) == (form, list(NESTED_CELLS))
    table.wanted = ["ten.vi"]
    rows = list(table.rows)
    assert rows
    assert all(not isinstance(row, Reject) and row.cells == NESTED_CELLS for row in rows)


# Hostile spreadsheets


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
    path = xlsx(tmp_path / "x", GRID)
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
