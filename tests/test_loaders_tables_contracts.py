"""Golden rows of the registers around a transfer: what one row of each says, without the ids."""

import csv
from pathlib import Path
from typing import Any

import pytest

from loaders.reading import open_file
from ontology.statement import ABOUT, Record, Reject, mention_id

Row = dict[str, str]


def read(path: Path, kind: str, row: Row) -> tuple[str, Record | Reject]:
    """The shape that a file of one row is read as, and its record."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    reading = open_file(kind, path, "office")
    (item,) = reading.items
    return reading.shape, item


def said(record: Record | Reject, key: str) -> set[tuple[str, str]]:
    """(property, value, or name or identifier of the other end) of what the row is about."""
    assert isinstance(record, Record), record
    about = mention_id("office", key, ABOUT)
    called: dict[str | None, Any] = {}
    for s in record.statements:
        if s.property in ("name", "identifierValue", "number") and s.subject != about:
            called[s.subject] = s.value
    called |= {
        s.subject: called.get(s.object)
        for s in record.statements
        if s.property == "hasIdentifier" and s.subject != about
    }
    return {
        (s.property, s.value or called.get(s.object) or s.object or "")
        for s in record.statements
        if s.subject == about and s.property != "type"
    }


def test_a_contract_in_the_register(tmp_path: Path) -> None:
    row = {
        "Số hợp đồng": "HĐ-07",
        "Số đăng ký chuyển giao": "ĐK-12",
        "Ngày đăng ký chuyển giao": "20/3/2026",
        "Cơ quan đăng ký": "Sở Ví Dụ",
        "Mã công nghệ": "CN-1",
        "Bên giao": "Viện Ví Dụ",
        "Bên nhận": "Công ty Ví Dụ",
        "Bên môi giới": "Sàn Ví Dụ",
        "Hình thức chuyển giao": "Li-xăng",
        "Phạm vi lãnh thổ": "Hà Nội",
        "Văn bằng chuyển kèm": "1-0001; 1-0002",
        "Giá trị (triệu đồng)": "1500",
        "Phương thức thanh toán": "Trả kỳ vụ; Trả một lần",
        "Phần của bên môi giới": "10%",
        "Căn cứ phần của bên môi giới": "theo luật",
        "Phần của tác giả": "30%",
        "Ngày ký": "1/3/2026",
        "Ngày có hiệu lực": "20/3/2026",
    }
    shape, record = read(tmp_path / "so.csv", "city", row)
    assert shape == "transfer-register"
    assert said(record, "HĐ-07") == {
        ("number", "HĐ-07"),
        ("object", "CN-1"),
        ("transferor", "Viện Ví Dụ"),
        ("transferee", "Công ty Ví Dụ"),
        ("broker", "Sàn Ví Dụ"),
        ("transferForm", "scheme/transfer-form/1/licence"),
        ("territory", "scheme/place/2025/VN-HN"),
        ("conveys", "1-0001"),
        ("conveys", "1-0002"),
        ("price", "1500000000"),
        ("paymentMethod", "scheme/payment-method/1/royalty"),
        ("paymentMethod", "scheme/payment-method/1/lump-sum"),
        ("brokerShare", "0.1"),
        ("brokerShareBasis", "statutory"),
        ("authorsShare", "0.3"),
        ("signedOn", "2026-03-01"),
        ("effectiveOn", "2026-03-20"),
    }
    assert isinstance(record, Record)
    (registration,) = (s.subject for s in record.statements if s.property == "registers")
    assert {(s.property, s.value) for s in record.statements if s.subject == registration and s.value} == {
        ("type", "TransferRegistration"),
        ("number", "ĐK-12"),
        ("date", "2026-03-20"),
    }


def test_a_plain_list_of_transfers_is_no_register(tmp_path: Path) -> None:
    row = {
        "Số hợp đồng": "HĐ-07",
        "Mã công nghệ": "CN-1",
        "Bên giao": "A",
        "Bên nhận": "B",
        "Bên môi giới": "C",
        "Ngày ký": "1/3/2026",
    }
    assert read(tmp_path / "hd.csv", "city", row)[0] == "technology-transfers"


def test_an_introduction(tmp_path: Path) -> None:
    row = {
        "Số phiếu giới thiệu": "GT-1",
        "Tổ chức giới thiệu": "Sàn Ví Dụ",
        "Mã công nghệ": "CN-1",
        "Doanh nghiệp được giới thiệu": "Công ty Ví Dụ",
        "Ngày giới thiệu": "2/4/2026",
        "Kết quả kết nối": "Từ chối",
        "Lý do từ chối": "Giá cao",
    }
    shape, record = read(tmp_path / "gt.csv", "city", row)
    assert shape == "introductions"
    assert said(record, "GT-1") == {
        ("number", "GT-1"),
        ("broker", "Sàn Ví Dụ"),
        ("introduces", "CN-1"),
        ("introducedTo", "Công ty Ví Dụ"),
        ("date", "2026-04-02"),
        ("outcome", "scheme/outcome/1/declined"),
        ("declineReason", "scheme/decline-reason/1/price"),
    }


@pytest.mark.parametrize(
    ("words", "cls", "kind"),
    [
        ("Sáng chế", "Patent", "patent"),
        ("Giải pháp hữu ích", "UtilitySolution", "utility-solution"),
        ("Kiểu dáng công nghiệp", "IndustrialDesign", "industrial-design"),
        ("Thiết kế bố trí", "LayoutDesign", "layout-design"),
        ("Giống cây trồng", "PlantVariety", "plant-variety"),
        ("Quyền tác giả", "Copyright", "copyright"),
        ("Bí mật kinh doanh", "TradeSecret", "trade-secret"),
        ("Nhãn hiệu", "Trademark", "trademark"),
    ],
)
def test_a_title_is_of_its_class_and_kind(tmp_path: Path, words: str, cls: str, kind: str) -> None:
    row = {"Số văn bằng": "1-0001", "Loại văn bằng": words, "Mã công nghệ": "CN-1", "Ngày nộp đơn": "3/2/2024"}
    shape, record = read(tmp_path / "vb.csv", "university", row)
    assert shape == "protection-titles"
    assert isinstance(record, Record)
    about = mention_id("office", "1-0001", ABOUT)
    assert cls in {s.value for s in record.statements if s.subject == about and s.property == "type"}
    assert ("kind", f"scheme/right-kind/1/{kind}") in said(record, "1-0001")


def test_consent_lists_changes_and_partners(tmp_path: Path) -> None:
    expert = {
        "Mã chuyên gia": "CG-1",
        "Họ và tên": "Nguyễn Văn Ví Dụ",
        "Mã lĩnh vực": "2.5",
        "Điện thoại": "024 0000 0001",
        "Ngày đồng ý cho liên hệ": "5/1/2026",
    }
    assert ("contactConsentOn", "2026-01-05") in said(read(tmp_path / "cg.csv", "university", expert)[1], "CG-1")
    status = {
        "Mã công nghệ": "CN-1",
        "Danh mục": "Hạn chế chuyển giao",
        "Ngày đối chiếu": "5/1/2026",
        "Mục trong danh mục": "II.4",
        "Văn bản ban hành danh mục": "Nghị định Ví Dụ",
    }
    listed = said(read(tmp_path / "dm.csv", "city", status)[1], "CN-1")
    assert {("listItem", "II.4"), ("underInstrument", "Nghị định Ví Dụ")} <= listed
    change = {
        "Mã sự kiện": "S-1",
        "Loại hình sắp xếp": "Sáp nhập",
        "Đơn vị cũ": "Viện A",
        "Đơn vị kế thừa": "Viện B",
        "Ngày": "1/7/2026",
    }
    assert ("kind", "scheme/change-kind/1/merger") in said(read(tmp_path / "sx.csv", "city", change)[1], "S-1")
