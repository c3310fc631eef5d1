"""XML, JSON lines, nested objects and Parquet are read record by record; hostile and damaged ones are refused."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loaders.table_reading import FIELD_LIMIT, FileRefused, file_format, read_table
from ontology.statement import Reject
from tests.task_tables import EXPECTED, FLAT, load


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
