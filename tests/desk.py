"""A small city of its own for tests of the desk: technologies, firms that need something, intermediaries, and who may sign in."""

import csv
from pathlib import Path

import httpx

from api.intake import Intake, open_intake, write_intake
from api.tokens import Role, create_token
from graph.statements.home import Home
from loaders.mapping import shipped_mappings
from tests.conftest import built, copied, ketnoi_json

HOLDER, FIRM, BROKER = "Viện Nước Thử Nghiệm", "Công ty Nuôi tôm Thử Nghiệm", "Trung tâm Kết nối Thử Nghiệm"
NOT_CONSENTED, CONSENTED = ("912345777", "khongdongy@thunghiem.example"), "lienhe.levan@thunghiem.example"
"""Contacts of persons: of one who agreed to nothing, and of one who did."""
TEXT = (
    "Màng lọc nước lợ công suất nhỏ cho hộ nuôi trồng thủy sản. Thiết bị dùng màng để khử mặn và xử lý nước thải, "
    "đã thử nghiệm tại hai trang trại."
)
OTHERS = [
    {"Mã công nghệ": f"CN-{number}", "Tên công nghệ": f"{name} Thử Nghiệm", "Mã IPC": ipc, "Mã lĩnh vực": field, "Mô tả": told}
    for number, (name, ipc, field, told) in enumerate((
        ("Hệ thống khử mặn nước lợ", "C02F", "2.7", "Thẩm thấu ngược để khử mặn nước lợ, xử lý nước thải ao nuôi."),
        ("Giống lúa chịu mặn", "A01H", "4.1", "Giống lúa ngắn ngày, chịu mặn và hạn."),
        ("Máy sấy nông sản", "F26B", "2.3", "Máy sấy bơm nhiệt cho trái cây và hạt."),
        ("Phần mềm quản lý kho", "G06Q", "1.2", "Phần mềm theo dõi hàng hóa bằng mã vạch."),
        ("Vật liệu cách nhiệt", "C04B", "2.5", "Tấm cách nhiệt từ tro bay và sợi."),
        ("Thuốc thử chẩn đoán", "G01N", "3.1", "Bộ kit phát hiện nhanh vi khuẩn."),
    ), 3)
]  # fmt: skip
"""Technologies of other fields, so that words tell some from others."""
TABLES = {
    "technologies": ("university", [
        {"Mã công nghệ": "CN-1", "Tên công nghệ": "Màng lọc nước thải Thử Nghiệm", "Mã IPC": "C02F", "Mã lĩnh vực": "2.7",
         "Mô tả": "Màng lọc để xử lý nước thải và khử mặn nước lợ.", "Mã tác giả": "CG-1;CG-2"},
        {"Mã công nghệ": "CN-2", "Tên công nghệ": "Cảm biến đo Thử Nghiệm", "Mã IPC": "G01N", "Mã lĩnh vực": "2.2", "Mô tả": "Cảm biến đo độ mặn."},
        *OTHERS]),
    "firms": ("enterprise", [
        {"Mã doanh nghiệp": "1", "Tên doanh nghiệp": FIRM}, {"Mã doanh nghiệp": "2", "Tên doanh nghiệp": "Công ty Đo Thử Nghiệm"}]),
    "technology-needs": ("enterprise", [
        {"Mã nhu cầu": "NC-1", "Tên nhu cầu": "Tìm màng lọc nước lợ để xử lý nước thải", "Doanh nghiệp": FIRM, "Mã lĩnh vực": "2.7"}]),
    "intermediaries": ("city", [{"Tên tổ chức": BROKER, "Loại hình": "trung tâm giao dịch công nghệ"}]),
    "service-offerings": ("city", [
        {"Mã dịch vụ": "DV-1", "Tổ chức cung cấp": BROKER, "Loại dịch vụ": "môi giới", "Mã lĩnh vực": "2.7"}]),
    "experts": ("university", [
        {"Mã chuyên gia": "CG-1", "Họ và tên": "Trần Thị Thử Nghiệm", "Mã lĩnh vực": "2.7", "Điện thoại": "0912345777",
         "Thư điện tử": "khongdongy@thunghiem.example"},
        {"Mã chuyên gia": "CG-2", "Họ và tên": "Lê Văn Thử Nghiệm", "Mã lĩnh vực": "2.7", "Thư điện tử": CONSENTED,
         "Ngày đồng ý cho liên hệ": "2026-01-15"}]),
    "rights-register": ("city", [
        {"Mã đăng ký": "Q-1", "Mã công nghệ": "CN-1", "Chủ thể quyền": HOLDER, "Quyền năng": "sở hữu"}]),
}  # fmt: skip


def headers_of(shape: str) -> list[str]:
    """The first header of each column of a shape."""
    (mapping,) = (one for one in shipped_mappings() if one.shape == shape)
    specs = [
        spec for specs in mapping.columns.values() for spec in (specs if isinstance(specs, tuple | list) else [specs])
    ]
    return list(dict.fromkeys(spec.headers[0] for spec in specs if spec.headers))


def load(home: Path, shape: str, kind: str, rows: list[dict[str, str]], sender: str = "test") -> None:
    """Load rows of a shape."""
    file = home / f"{shape}.csv"
    headers = headers_of(shape)
    with file.open("w", encoding="utf-8", newline="") as target:
        table = csv.DictWriter(target, headers, restval="")
        table.writeheader()
        made_up = {"Dữ liệu minh họa": "có"} if "Dữ liệu minh họa" in headers else {}
        table.writerows(row | made_up for row in rows)
    intake = Intake(kind, file, file.name, f"{sender}/{shape}")
    # as «ketnoi load» does, without a process for each table
    assert write_intake(Home(home), intake, open_intake(intake)).refused == 0


def small_city(home: Path) -> None:
    """A home where it is loaded and published."""
    copied(_small_city, home)


def _small_city(home: Path) -> None:
    copied(built, home)
    for shape, (kind, rows) in TABLES.items():
        load(home, shape, kind, rows)
    ketnoi_json(home, "build")


def token(home: Path, role: Role, name: str) -> str:
    """A token for somebody."""
    return create_token(Home(home), role, name)


def bearer(url: str, secret: str | None) -> httpx.Client:
    """A client of the API."""
    headers = {"authorization": f"Bearer {secret}"} if secret else {}
    return httpx.Client(base_url=url, timeout=60, headers=headers)


def form_token(page: str) -> str:
    """The token of the forms on a page."""
    return page.split('name="form_token" value="')[1].split('"')[0]


def signed_in(url: str, secret: str) -> httpx.Client:
    """A browser that is signed in."""
    browser = httpx.Client(base_url=url, timeout=60, follow_redirects=True)
    browser.get("/sign-in")
    browser.post("/sign-in", data={"token": secret, "form_token": form_token(browser.get("/sign-in").text)})
    return browser
