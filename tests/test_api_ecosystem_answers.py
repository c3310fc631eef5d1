"""What is asked for and answered, on a home of its own: a pre-filled sheet loads again and moves the rate by exactly its rows;
and policy assignments are followed to the successors of their leads."""

import csv
import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from api.tokens import create_token
from graph.statements.home import Home
from tests.answer_pages import all_rows
from tests.conftest import built, copied, free_port, ketnoi, serve

pytestmark = [pytest.mark.neo4j, pytest.mark.long]

HEADERS = [
    "Mã số nhiệm vụ", "Tên nhiệm vụ", "Mã lĩnh vực", "Loại hình", "Cấp", "Chương trình", "Tổ chức chủ trì",
    "Cơ quan phê duyệt", "Ngày đề xuất", "Ngày phê duyệt", "Bắt đầu", "Kết thúc", "Tổng kinh phí (triệu đồng)",
    "Ngân sách nhà nước (triệu đồng)", "Trạng thái", "Ngày nghiệm thu", "Xếp loại", "Mã kết quả", "Tên kết quả",
    "Có khả năng ứng dụng", "Tình trạng giao quyền", "Nơi ứng dụng", "Ngày ứng dụng",
]  # fmt: skip
HOST, OTHER = "Viện Vật liệu Sông Thử", "Trường Đại học Nông nghiệp Đồi Thử"
AS_OF = "2020-06-30"


def task(number: int, host: str, accepted: str, user: str = "") -> list[str]:
    city = "Sở Thử Nghiệm"
    return [
        f"NV{number}", f"Nghiên cứu thử số {number}", "2.5", "Khoa học tự nhiên và công nghệ", "Cấp thành phố", "Chương trình Thử",
        host, city, "05/01/2015", "02/02/2016", "01/03/2016", "31/12/2017", "1000", "1000", "Đã nghiệm thu", accepted, "Đạt",
        f"KQ{number}", f"Kết quả thử số {number}", "có", "Chưa giao quyền", user, "01/04/2018" if user else "",
    ]  # fmt: skip


TASKS = [
    task(1, HOST, "28/02/2018"),
    task(2, HOST, "29/06/2018"),
    task(3, HOST, "30/06/2018"),
    task(4, OTHER, "01/02/2018"),
    task(5, OTHER, "01/02/2018", "Công ty Dùng Thử"),
]
ASSIGNMENTS = [
    ["STT", "Nhóm nhiệm vụ", "Tên nhiệm vụ", "Cơ quan chủ trì", "Kết quả", "Thời gian"],
    ["1", "Nhóm thử", "Việc thử thứ nhất", "Bộ Đường Thủy Thử", "Báo cáo", "Năm 2019"],
    ["2", "Nhóm thử", "Việc thử thứ hai", "Bộ Khí Tượng Thử", "Nghị định", "Năm 2027"],
    ["3", "Nhóm thử", "Việc thử thứ ba", "Bộ Khí Tượng Thử", "Đề án", "Hằng năm"],
]
CHANGES = [
    ["Mã sự kiện", "Nội dung", "Đơn vị cũ", "Đơn vị kế thừa", "Ngày"],
    ["S1", "Hợp nhất", "Bộ Đường Thủy Thử", "Bộ Giao Thông Thử", "01/03/2019"],
    ["S2", "Đổi tên", "Bộ Giao Thông Thử", "Bộ Hạ Tầng Thử", "01/03/2021"],
]


class Installation:
    """A running service over a home of its own."""

    def __init__(self, home: Path, client: httpx.Client) -> None:
        self.client = client
        self._token = create_token(Home(home), "curator", "for tests")

    def view(self, name: str, as_of: str = AS_OF, **parameters: str) -> list[dict[str, Any]]:
        return all_rows(self.client, f"/api/ecosystem/{name}", {"as_of": as_of, **parameters})

    def applied(self, as_of: str = AS_OF) -> tuple[int, int, int, int]:
        row = next(row for row in self.view("funnel", as_of) if row["stage"] == "applied")
        return row["reached"], row["of"], row["not_reached"], row["unknown"]

    def load(self, content: bytes, until: Callable[[], bool]) -> dict[str, Any]:
        """Load answers as a curator, and wait for the publish that shows them."""
        answer = self.client.post(
            "/api/loads",
            files={"file": ("answers.xlsx", content)},
            data={"kind": "city"},
            headers={"authorization": f"Bearer {self._token}"},
        )
        assert answer.status_code in (200, 201), answer.text
        end = time.monotonic() + 240
        while not until():
            assert time.monotonic() < end
            time.sleep(0.5)
        report: dict[str, Any] = answer.json()
        return report


def _write(path: Path, rows: list[list[str]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


@pytest.fixture(scope="module")
def it(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    home = copied(built, tmp_path_factory.mktemp("answers"))
    ketnoi(home, "load", "city", _write(home / "register.csv", [HEADERS, *TASKS]))
    ketnoi(home, "load", "ministry", _write(home / "assignments.csv", ASSIGNMENTS))
    ketnoi(home, "load", "city", _write(home / "changes.csv", CHANGES))
    ketnoi(home, "build")
    port = free_port()
    process = serve(home, port)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
        yield Installation(home, client)
    process.terminate()
    process.wait(timeout=60)


def test_a_day_of_proposal_is_a_stage_of_its_own(it: Installation) -> None:
    (proposed,) = [row for row in it.view("funnel", "2015-06-30") if row["stage"] == "proposed"]
    assert (proposed["reached"], proposed["undated"], proposed["illustrative"]) == (5, 0, False)
    (approved,) = [row for row in it.view("funnel", "2015-06-30") if row["stage"] == "approved"]
    assert (approved["reached"], approved["of"], approved["not_reached"]) == (0, 5, 5)
    by = [row for row in it.view("funnel", by="programme") if row["stage"] == "approved" and row["group"]]
    assert [row["reached"] for row in by] == [5]


def test_assignments_are_followed_and_count_in_no_funnel(it: Installation) -> None:
    def told(as_of: str) -> list[tuple[Any, ...]]:
        return [
            (row["number"], row["deadline"], row["overdue"], len(row["successors"]))
            for row in it.view("assignments", as_of)
        ]

    assert told("2019-02-28") == [("1", "2019-12-31", False, 0), ("2", "2027-12-31", False, 0), ("3", None, None, 0)]
    assert told("2020-01-01") == [("1", "2019-12-31", True, 1), ("2", "2027-12-31", False, 0), ("3", None, None, 0)]
    (middle,), (last,) = (it.view("assignments", day)[0]["successors"] for day in ("2020-01-01", "2022-01-01"))
    names = [it.client.get(f"/api/entities/{one}").json()["name"] for one in (middle, last)]
    assert names == ["Bộ Giao Thông Thử", "Bộ Hạ Tầng Thử"]
    assert [row["number"] for row in it.view("assignments", overdue="true")] == ["1"]
    assert {row["of"] for row in it.view("funnel") if row["stage"] == "proposed"} == {5}


def test_answers_move_the_rate_by_exactly_their_rows(it: Installation) -> None:
    owed = {row["responsible"]: row for row in it.view("reports")}
    host = next(body for body, row in owed.items() if row["accepted"] == 3)
    # 28 February 2018 twice by 30 June 2020, 29 June twice, 30 June once: the second is due that very day
    assert (owed[host]["due"], owed[host]["received"], owed[host]["overdue"]) == (5, 0, 5)
    assert it.applied() == (1, 5, 0, 4)
    sheet = it.client.get("/api/ecosystem/report-sheet", params={"of": host, "as_of": AS_OF})
    book = openpyxl.load_workbook(io.BytesIO(sheet.content))
    page = book.worksheets[0]
    at = {cell.value: cell.column for cell in page[1]}
    asked = [(page.cell(line, at["Mã kết quả"]).value, page.cell(line, at["Kỳ báo cáo"]).value) for line in range(2, 7)]
    assert sorted(asked) == [("KQ1", 1), ("KQ1", 2), ("KQ2", 1), ("KQ2", 2), ("KQ3", 1)]
    assert page.max_row == 6
    assert "Dữ liệu minh họa" not in at
    # who answers reads beside it which results are meant, of which task, until when and by which provision
    meant = list(book["Báo cáo đến hạn"].iter_rows(min_row=2, values_only=True))
    assert [row[:2] for row in meant] == asked
    first = next(row for row in meant if row[:2] == ("KQ1", 1))
    assert first[4] == "28/2/2019" and "Điều 20 khoản 1" in first[5]
    assert all(row[2] and row[3] for row in meant)
    answers = {("KQ1", 2): ("có", "Công ty Dùng Thử"), ("KQ2", 1): ("không", None)}
    for line, key in enumerate(asked, 2):
        if key in answers:
            used, where = answers[key]
            page.cell(line, at["Ngày báo cáo"]).value = "15/06/2020"
            page.cell(line, at["Đã ứng dụng"]).value = used
            page.cell(line, at["Nơi ứng dụng"]).value = where
    filled = io.BytesIO()
    book.save(filled)

    def arrived() -> bool:
        return sum(row["received"] for row in it.view("reports")) == 2

    report = it.load(filled.getvalue(), arrived)
    assert (report["accepted"], report["refused"]) == (5, 0)
    # one of the unknown is applied, one is not; the three rows left empty say nothing
    assert it.applied() == (2, 5, 1, 2)
    (row,) = [row for row in it.view("reports") if row["responsible"] == host]
    assert (row["due"], row["received"], row["late"], row["overdue"]) == (5, 2, 2, 3)
    assert (row["applied"], row["not_applied"], row["unknown"]) == (1, 1, 1)
    # the day before the answers came nothing was received
    assert it.applied("2020-06-14")[2] == 0
    assert sum(row["received"] for row in it.view("reports", "2020-06-14")) == 0
    again = it.client.get("/api/ecosystem/report-sheet", params={"of": host, "as_of": AS_OF})
    assert openpyxl.load_workbook(io.BytesIO(again.content)).worksheets[0].max_row == 1 + 3
    shares = {r["figure"]: r["results"] for r in _question_8(it)}
    assert shares == {"accepted": 5, "applied": 2, "not_applicable": 0, "unused": 1, "unknown": 2}


def _question_8(it: Installation) -> list[dict[str, Any]]:
    answer = it.client.get("/api/questions/results_applied", params={"as_of": AS_OF})
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return rows
