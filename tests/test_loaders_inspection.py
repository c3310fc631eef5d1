"""``ketnoi inspect``: what it says of a file, and proposed mappings that load the file as they are."""

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from loaders.formats.table import Row
from loaders.header_terms import known_terms, meanings
from loaders.inspection import inspect_file
from loaders.mapping import read_mapping
from loaders.proposal import propose, recognised
from loaders.reading import open_file
from ontology.model import ROOT, ontology
from ontology.statement import Record, Reject
from tests.encoded_text import tcvn3, windows_1258
from tests.header_wordings import UNSEEN
from tests.sheet_files import Area, ods_content, write_ods, write_xls

Said = set[tuple[str, str, str]]


def said(record: Record) -> Said:
    """What a record says: (whose, property, value or whom), where who has a name goes by it."""
    names: dict[str, str] = {}
    for s in record.statements:
        if s.property in ("name", "identifierValue", "contactValue"):
            names.setdefault(s.subject, s.value or "")
        elif s.property == "type":
            names.setdefault(f"type {s.subject}", s.value or "")

    def shown(subject: str) -> str:
        return names.get(subject) or names.get(f"type {subject}", subject)

    return {
        (shown(s.subject), s.property, s.value or shown(s.object or ""))
        for s in record.statements
        if s.property != "type"
    }


def load(kind: str, path: Path, tmp_path: Path) -> tuple[list[Record], list[Reject], dict[str, Any]]:
    """The file read by the mapping that is proposed for it, just as it is proposed."""
    proposed = inspect_file(path)
    mapping = tmp_path / "proposed.yaml"
    mapping.write_text(proposed["mapping"], encoding="utf-8")
    read_mapping(mapping)
    items = list(open_file(kind, path, "test", mapping).items)
    records = [item for item in items if isinstance(item, Record)]
    return records, [item for item in items if isinstance(item, Reject)], proposed


def workbook(path: Path, rows: Iterable[list[Any]], merged: Iterable[Area] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([None if cell == "" else cell for cell in row])
    for top, left, bottom, right in merged:
        sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    book.save(path)
    return path


def csv_text(rows: Iterable[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


TASKS: list[list[Any]] = [
    ["DANH MỤC NHIỆM VỤ KHOA HỌC VÀ CÔNG NGHỆ", "", "", "", "", "", "", ""],
    ["Đơn vị tính: triệu đồng", "", "", "", "", "", "", ""],
    ["STT", "Mã số", "Tên nhiệm vụ", "CQ chủ trì", "CNĐT", "TG thực hiện", "Kinh phí", ""],
    ["", "", "", "", "", "", "Tổng số", "NSNN"],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"],
    [1, "NV-01", "Nghiên cứu giống lúa", "Viện Ví Dụ", "TS. Nguyễn Văn Ví Dụ", "01/2019 - 12/2020", 1250.5, 900],
    [2, "NV-02", "Chế tạo máy đo", "Trường Ví Dụ", "PGS.TS. Trần Thị Ví Dụ", "2020-2021", 633.092, 633.092],
    ["Tổng cộng", "", "", "", "", "", 1883.592, 1533.092],
    ["", "", "", "", "", "NGƯỜI LẬP BIỂU", "", ""],
]
TASKS_MERGED: list[Area] = [(2, at, 3, at) for at in range(6)] + [(2, 6, 2, 7), (0, 0, 0, 7)]


@pytest.mark.parametrize("form", ["xlsx", "xls", "ods", "csv"])
def test_a_citys_tasks(tmp_path: Path, form: str) -> None:
    path = tmp_path / "nhiem-vu"
    if form == "csv":
        path.write_text(csv_text(TASKS, ";"), encoding="utf-8")
    elif form == "xls":
        write_xls(path, TASKS, TASKS_MERGED)
    elif form == "ods":
        write_ods(path, ods_content(TASKS, TASKS_MERGED))
    else:
        workbook(path, TASKS, TASKS_MERGED)
    records, rejects, proposed = load("city", path, tmp_path)
    assert rejects == []
    assert [record.key for record in records] == ["NV-01", "NV-02"]
    about = "Nghiên cứu giống lúa"
    assert said(records[0]) == {
        (about, "name", about),
        (about, "hasIdentifier", "NV-01"),
        ("NV-01", "identifierScheme", "task-code"),
        ("NV-01", "identifierValue", "NV-01"),
        (about, "hostedBy", "Viện Ví Dụ"),
        ("Viện Ví Dụ", "name", "Viện Ví Dụ"),
        ("Nguyễn Văn Ví Dụ", "name", "Nguyễn Văn Ví Dụ"),
        ("Nguyễn Văn Ví Dụ", "academicTitle", "TS."),
        ("TaskParticipation", "task", about),
        ("TaskParticipation", "person", "Nguyễn Văn Ví Dụ"),
        ("TaskParticipation", "role", "scheme/participation-role/1/principal-investigator"),
        (about, "startDate", "2019-01-01"),
        (about, "endDate", "2020-12-31"),
        (about, "budget", "1250500000"),
        ("Funding", "task", about),
        ("Funding", "amount", "900000000"),
        ("Funding", "stateMoney", "true"),
    }
    # a number cell keeps its point; in text the point parts thousands, as Vietnamese offices write
    assert ("Chế tạo máy đo", "budget", "633092000000" if form == "csv" else "633092000") in said(records[1])
    mapping = yaml.safe_load(proposed["mapping"])
    assert (mapping["about"], mapping["key"]) == ("STTask", ["Mã số"])
    assert "STT" not in mapping["columns"]
    assert "by this mapping 2 of 2 rows would load" in proposed["found"]


FIRMS = [
    ["TT", "Tên DN", "MST", "Đ/c", "ĐT", "Email", "Website", "Năm thành lập", "Số lao động", "Tỉnh/TP"],
    [
        "1",
        "Công ty Cổ phần Ví Dụ Một",
        "0109999982",
        "Số 1, phố Ví Dụ",
        "024 3869 4242",
        "mot@vidu.example",
        "mot.vidu.example",
        "2012",
        "1.200",
        "Hà Nội",
    ],
    [
        "2",
        "Công ty TNHH Ví Dụ Hai",
        "0109999975",
        "Số 2, đường Thử Nghiệm",
        "+84 912 345 678",
        "hai@vidu.example",
        "",
        "2015",
        "35",
        "Bình Dương",
    ],
]
FIRM_SAID = {
    ("Công ty Cổ phần Ví Dụ Một", "name", "Công ty Cổ phần Ví Dụ Một"),
    ("Công ty Cổ phần Ví Dụ Một", "hasIdentifier", "0109999982"),
    ("0109999982", "identifierScheme", "tax-code"),
    ("0109999982", "identifierValue", "0109999982"),
    ("Công ty Cổ phần Ví Dụ Một", "address", "Số 1, phố Ví Dụ"),
    ("024 3869 4242", "contactKind", "telephone"),
    ("024 3869 4242", "contactValue", "024 3869 4242"),
    ("024 3869 4242", "contactOf", "Công ty Cổ phần Ví Dụ Một"),
    ("mot@vidu.example", "contactKind", "email"),
    ("mot@vidu.example", "contactValue", "mot@vidu.example"),
    ("mot@vidu.example", "contactOf", "Công ty Cổ phần Ví Dụ Một"),
    ("Công ty Cổ phần Ví Dụ Một", "homepage", "http://mot.vidu.example"),
    ("Công ty Cổ phần Ví Dụ Một", "founded", "2012"),
    ("Công ty Cổ phần Ví Dụ Một", "employees", "1200"),
    ("Công ty Cổ phần Ví Dụ Một", "locatedIn", "scheme/place/2025/VN-HN"),
}
SPELLINGS = {
    "abbreviated": FIRMS[0],
    "full": [
        "Số thứ tự",
        "Tên doanh nghiệp",
        "Mã số thuế",
        "Địa chỉ trụ sở",
        "Số điện thoại",
        "Thư điện tử",
        "Trang web",
        "Năm thành lập",
        "Số lượng lao động",
        "Tỉnh, thành phố",
    ],
    "bare": [
        "stt",
        "ten doanh nghiep",
        "ma so thue",
        "dia chi",
        "dien thoai",
        "email",
        "website",
        "nam thanh lap",
        "so lao dong",
        "tinh thanh",
    ],
    "english": [
        "No.",
        "Company name",
        "Tax code",
        "Address",
        "Phone",
        "E-mail",
        "Homepage",
        "Year founded",
        "Number of employees",
        "Province",
    ],
    "capitals": [
        "STT",
        "TÊN CÔNG TY",
        "MÃ SỐ DOANH NGHIỆP",
        "TRỤ SỞ CHÍNH",
        "SỐ ĐIỆN THOẠI",
        "ĐỊA CHỈ EMAIL",
        "ĐỊA CHỈ WEBSITE",
        "NĂM TL",
        "TỔNG SỐ LAO ĐỘNG",
        "ĐỊA PHƯƠNG",
    ],
    "identifiers": [
        "stt",
        "tenCongTy",
        "maSoThue",
        "diaChi",
        "dienThoai",
        "email",
        "website",
        "namThanhLap",
        "soLaoDong",
        "tinhThanh",
    ],
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_firms_in_every_spelling(tmp_path: Path, spelling: str) -> None:
    path = tmp_path / "doanh-nghiep.csv"
    path.write_text(csv_text([SPELLINGS[spelling], *FIRMS[1:]]), encoding="utf-8")
    records, rejects, proposed = load("enterprise", path, tmp_path)
    assert rejects == []
    assert said(records[0]) == FIRM_SAID
    mapping = yaml.safe_load(proposed["mapping"])
    assert mapping["about"] == "Enterprise"
    assert mapping["key"] == [SPELLINGS[spelling][2]]
    assert ("Công ty TNHH Ví Dụ Hai", "locatedIn", "scheme/place/2024/VN-57") in said(records[1])


@pytest.mark.parametrize(("name", "encode"), [("TCVN3", tcvn3), ("windows-1258", windows_1258)])
def test_firms_in_an_older_encoding(tmp_path: Path, name: str, encode: Any) -> None:
    path = tmp_path / "doanh-nghiep.csv"
    path.write_bytes(encode(csv_text(FIRMS)))
    records, rejects, proposed = load("enterprise", path, tmp_path)
    assert rejects == []
    assert said(records[0]) == FIRM_SAID
    assert proposed["found"][0] == f"doanh-nghiep.csv: csv in {name}, 10 columns, about 2 rows"


def test_a_universitys_experts(tmp_path: Path) -> None:
    rows = [
        ["TRƯỜNG ĐẠI HỌC VÍ DỤ", "", "", "", "", ""],
        ["STT", "Họ và tên", "Học hàm, học vị", "Chuyên ngành", "Đơn vị công tác", "ORCID"],
        [1, "Nguyễn Văn Ví Dụ", "PGS.TS.", "2.2; 1.2", "Khoa Điện tử", "0000-0002-1825-0097"],
        [2, "Trần Thị Ví Dụ", "ThS.", "2.2", "Khoa Điện tử", "0000-0002-1694-233X"],
    ]
    records, rejects, proposed = load("university", workbook(tmp_path / "x", rows), tmp_path)
    assert rejects == []
    about = "Nguyễn Văn Ví Dụ"
    assert said(records[0]) == {
        (about, "name", about),
        (about, "academicTitle", "PGS.TS."),
        (about, "hasField", "scheme/ford/2015/2.2"),
        (about, "hasField", "scheme/ford/2015/1.2"),
        (about, "hasIdentifier", "0000-0002-1825-0097"),
        ("0000-0002-1825-0097", "identifierScheme", "orcid"),
        ("0000-0002-1825-0097", "identifierValue", "0000-0002-1825-0097"),
        ("Membership", "member", about),
        ("Membership", "organization", "Khoa Điện tử"),
        ("Khoa Điện tử", "name", "Khoa Điện tử"),
    }
    assert yaml.safe_load(proposed["mapping"])["key"] == ["ORCID"]


def test_a_universitys_technologies_in_xml(tmp_path: Path) -> None:
    path = tmp_path / "cong-nghe.xml"
    path.write_text(
        "<ds><congNghe ma='CN-1'><tenCongNghe>Máy đo độ mặn</tenCongNghe><trl>TRL 7</trl><tacGia>Nguyễn Văn Ví Dụ</tacGia>"
        "<tacGia>Trần Thị Ví Dụ</tacGia><chuSoHuu>Viện Ví Dụ</chuSoHuu><giaChao>2 tỷ</giaChao></congNghe>"
        "<congNghe ma='CN-2'><tenCongNghe>Máy lọc</tenCongNghe><trl>TRL6-7</trl><tacGia>Lê Ví Dụ</tacGia></congNghe></ds>",
        encoding="utf-8",
    )
    records, rejects, _ = load("university", path, tmp_path)
    assert rejects == []
    about = "Máy đo độ mặn"
    assert said(records[0]) >= {
        (about, "name", about),
        ("MaturityAssessment", "assesses", about),
        ("MaturityAssessment", "level", "scheme/trl/1/7"),
        (about, "inventor", "Nguyễn Văn Ví Dụ"),
        (about, "inventor", "Trần Thị Ví Dụ"),
        ("RightsHolding", "holder", "Viện Ví Dụ"),
        ("RightsHolding", "over", about),
        ("RightsHolding", "power", "scheme/power/1/own"),
        ("TechnologyOffer", "offers", about),
        ("TechnologyOffer", "price", "2000000000"),
    }
    assert ("MaturityAssessment", "level", "scheme/trl/1/6") in said(records[1])


def test_a_firms_needs_in_json(tmp_path: Path) -> None:
    path = tmp_path / "nhu-cau.json"
    rows = [
        {
            "Mã nhu cầu": "NC-1",
            "Nhu cầu công nghệ": "Xử lý nước thải",
            "Doanh nghiệp": "Công ty Ví Dụ",
            "TRL yêu cầu": "mức 7",
            "Ngân sách dự kiến": "1 tỷ 500 triệu",
            "Hạn": "Q4/2027",
        },
        {
            "Mã nhu cầu": "NC-2",
            "Nhu cầu công nghệ": "Sấy lạnh",
            "Doanh nghiệp": "Công ty Ví Dụ",
            "TRL yêu cầu": "8",
            "Ngân sách dự kiến": "500.000.000đ",
            "Hạn": "31/12/2026",
        },
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")
    records, rejects, _ = load("enterprise", path, tmp_path)
    assert rejects == []
    assert said(records[0]) >= {
        ("Xử lý nước thải", "name", "Xử lý nước thải"),
        ("Xử lý nước thải", "needOf", "Công ty Ví Dụ"),
        ("Xử lý nước thải", "requiredLevel", "scheme/trl/1/7"),
        ("Xử lý nước thải", "budget", "1500000000"),
        ("Xử lý nước thải", "deadline", "2027-12-31"),
    }
    assert ("Sấy lạnh", "budget", "500000000") in said(records[1])


def test_a_ministrys_universities_in_english(tmp_path: Path) -> None:
    path = tmp_path / "universities.tsv"
    rows = [
        ["No.", "University", "Short name", "Year founded", "Website", "Location"],
        ["1", "Example University of Technology", "EUT", "1956", "https://eut.example", "Hanoi"],
        ["2", "Example Agricultural University", "EAU", "1960", "https://eau.example", "Can Tho"],
    ]
    path.write_text(csv_text(rows, "\t"), encoding="utf-8")
    records, rejects, proposed = load("ministry", path, tmp_path)
    assert rejects == []
    about = "Example University of Technology"
    assert said(records[0]) == {
        (about, "name", about),
        (about, "acronym", "EUT"),
        (about, "founded", "1956"),
        (about, "homepage", "https://eut.example"),
        (about, "locatedIn", "scheme/place/2025/VN-HN"),
    }
    mapping = yaml.safe_load(proposed["mapping"])
    assert (mapping["about"], mapping["language"]) == ("University", "en")
    assert "key" not in mapping
    assert any("no column is a key" in line for line in proposed["found"])


def test_patents_in_xls(tmp_path: Path) -> None:
    rows = [
        ["STT", "Số bằng", "Tên sáng chế", "Chủ sở hữu", "Ngày nộp đơn", "Ngày cấp"],
        [1, "1-0099998", "Máy đo độ mặn", "Viện Ví Dụ; Trường Ví Dụ", 43499.0, "03/02/2021"],
        [2, "1-0099999", "Máy lọc", "Viện Ví Dụ", 43500.0, "ngày 5 tháng 3 năm 2021"],
    ]
    records, rejects, _ = load("city", write_xls(tmp_path / "van-bang.xls", rows), tmp_path)
    assert rejects == []
    about = "Máy đo độ mặn"
    assert said(records[0]) >= {
        (about, "name", about),
        (about, "hasIdentifier", "1-0099998"),
        (about, "filedOn", "2019-02-03"),
        (about, "grantedOn", "2021-02-03"),
        ("RightsHolding", "holder", "Viện Ví Dụ"),
        ("RightsHolding", "holder", "Trường Ví Dụ"),
        ("RightsHolding", "over", about),
    }


# What is not proposed


def proposed(headers: list[str], *rows: list[str], titles: tuple[str, ...] = ()) -> dict[str, Any]:
    table = [Row(at, dict(zip(headers, row, strict=True))) for at, row in enumerate(rows, 2)]
    return propose("bang", headers, table, titles).mapping


def test_two_columns_never_say_the_one_value_of_a_property() -> None:
    mapping = proposed(["Tên công ty", "Địa chỉ", "Địa chỉ trụ sở"], ["Công ty Ví Dụ", "Số 1", "Số 2"])
    assert [spec["property"] for spec in mapping["columns"].values()] == ["name", "address"]
    mapping = proposed(["Tên công ty", "Điện thoại", "Di động"], ["Công ty Ví Dụ", "02438694242", "0912345678"])
    assert [spec.get("contact") for spec in mapping["columns"].values()] == [None, "telephone", "telephone"]


@pytest.mark.parametrize(
    ("codes", "key"), [(["A", "B"], ["Mã công nghệ"]), (["A", "A"], None), (["A", ""], None), (["A", "a"], None)]
)
def test_a_key_is_proposed_only_where_it_is_one(codes: list[str], key: list[str] | None) -> None:
    mapping = proposed(["STT", "Mã công nghệ", "Tên công nghệ"], ["1", codes[0], "Máy đo"], ["2", codes[1], "Máy lọc"])
    assert mapping.get("key") == key


def test_a_column_whose_cells_say_something_else_is_not_proposed() -> None:
    mapping = proposed(["Tên công ty", "Năm thành lập", "MST"], ["Công ty Ví Dụ", "lâu rồi", "chưa có số"])
    assert list(mapping["columns"]) == ["Tên công ty"]


def test_a_birthday_is_no_date_of_ours() -> None:
    mapping = proposed(["Họ và tên", "Ngày sinh", "Số CCCD"], ["Nguyễn Văn Ví Dụ", "01/01/1980", "001080000000"])
    assert list(mapping["columns"]) == ["Họ và tên"]


@pytest.mark.parametrize(
    ("header", "title", "factor"),
    [
        ("Kinh phí (triệu đồng)", "", 10**6),
        ("KP (tr.đ)", "", 10**6),
        ("Tổng kinh phí (tỷ đồng)", "", 10**9),
        ("Kinh phí (nghìn đồng)", "Đơn vị tính: triệu đồng", 10**3),
        ("Kinh phí", "Đơn vị tính: triệu đồng", 10**6),
        ("Kinh phí", "ĐVT: 1000 đ", 10**3),
        ("Kinh phí", "(Đơn vị: Tỷ đồng)", 10**9),
        ("Kinh phí (đồng)", "Đơn vị tính: triệu đồng", 1),
        ("Kinh phí, trđ", "", 10**6),
        ("KP [VNĐ]", "Đơn vị tính: triệu đồng", 1),
        ("Kinh phí", "Các hợp đồng của công ty năm 2021", 1),
        ("Kinh phí", "Đơn vị báo cáo: Sở Ví Dụ", 1),
        ("Budget (million VND)", "", 10**6),
        ("Kinh phí", "", 1),
    ],
)
def test_the_unit_of_amounts_is_read_from_header_or_title(header: str, title: str, factor: int) -> None:
    mapping = proposed(["Tên nhiệm vụ", header], ["Nghiên cứu", "5"], titles=(title,) if title else ())
    assert mapping["columns"][header] == {"property": "budget"} | ({"factor": factor} if factor != 1 else {})


def test_a_name_in_another_language() -> None:
    mapping = proposed(["Tên công nghệ", "Tên tiếng Anh"], ["Máy đo", "Meter"])
    assert mapping["columns"]["Tên tiếng Anh"] == {"property": "name", "language": "en"}


@pytest.mark.parametrize("rows", [[["a", "b"], ["1", "2"]], [["x"], ["y"]], [["Cột một", "Cột hai"], ["p", "q"]]])
def test_a_table_of_which_nothing_is_known_is_told_all_the_same(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "x.csv"
    path.write_text(csv_text(rows), encoding="utf-8")
    found = inspect_file(path)
    assert found["found"][0].startswith("x.csv: csv in UTF-8")
    mapping = tmp_path / "m.yaml"
    mapping.write_text(found["mapping"], encoding="utf-8")
    read_mapping(mapping)


def test_a_header_that_nobody_knows_is_found_below_titles(tmp_path: Path) -> None:
    rows = [
        ["Báo cáo năm 2021", "", ""],
        ["", "", ""],
        ["Cột một", "Cột hai", "Cột ba"],
        ["p", "q", "1"],
        ["r", "s", "2"],
    ]
    found = inspect_file(workbook(tmp_path / "x.xlsx", rows))
    assert [column["header"] for column in found["columns"]] == ["Cột một", "Cột hai", "Cột ba"]
    assert "header in line 3" in found["found"]


# Wordings


def meant(mapping: dict[str, Any], header: str) -> set[str]:
    """The properties and kinds of identifier that a mapping takes from a column."""
    specs = mapping["columns"].get(header) or []
    specs = specs if isinstance(specs, list) else [specs]
    found = {spec.get(key) for spec in specs for key in ("property", "identifier", "contact")}
    for node in mapping.get("nodes", {}).values():
        found |= {prop for prop, target in node["edges"].items() if target == header}
    return found - {None}


NAMES = {
    "STTask": "Tên nhiệm vụ",
    "Enterprise": "Tên doanh nghiệp",
    "Person": "Họ và tên",
    "Technology": "Tên công nghệ",
    "TechnologyNeed": "Tên nhu cầu",
    "Patent": "Tên sáng chế",
}


def test_wordings_that_the_ontology_has_not_are_understood_nine_times_in_ten() -> None:
    """docs/decisions/0018 states the share."""
    right = 0
    for about, header, cell, expected in UNSEEN:
        other = "Cột khác" if expected == "name" and "tiếng" not in header else NAMES[about]
        mapping = proposed([header, other], [cell, "Ví dụ"])
        found = meant(mapping, header)
        right += mapping["about"] == about and (expected in found if expected else not found)
    assert len(UNSEEN) == 81
    assert right / len(UNSEEN) >= 0.9


def test_a_wording_of_two_properties_of_one_class_is_meant_so() -> None:
    """Which of them a column holds would else be decided by chance: these name both ends of a period, or go by the cells."""
    known, both = ontology(), set()
    for text, terms in known_terms().items():
        names = [term.name for term in terms if term.kind == "property"]
        for name in names:
            for other in names:
                domains = known.properties[name].domain, known.properties[other].domain
                if name < other and ROOT not in domains and (known.is_a(*domains) or known.is_a(*reversed(domains))):
                    both.add((text, name, other))
    assert both == set()


def test_headers_are_counted() -> None:
    assert recognised(["STT", "Tên công nghệ", "MST", "", "abc"]) == 2
    assert meanings("abc") == []
    assert [meaning.term.name for meaning in meanings("Mã số thuế")][:1] == ["tax-code"]
