"""Every format of tables gives the same table: headers below titles or in two rows, merged cells, footers."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from loaders.table_reading import file_format, read_table
from ontology.statement import Reject
from tests.sheet_files import Area, write_xlsx
from tests.task_tables import EXPECTED, FLAT, GRID, MAPPING, WRITERS, delimited, load


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
    table = read_table(write_xlsx(tmp_path / "x", rows, merged), lambda headers: "Mã số" in headers)
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
    path = write_xlsx(tmp_path / "x.xlsx", [["Bìa"]])
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
