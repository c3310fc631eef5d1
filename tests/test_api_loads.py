"""Loading over HTTP and by the pages, on a real home: tried dry, loaded, reported, corrected, taken back; and only by a curator."""

import csv
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from api.refused_files import LINE, REASON
from api.tokens import ROLES, create_token
from graph.statements.home import Home
from tests.conftest import built, copied, free_port, serve

pytestmark = pytest.mark.neo4j

HEADERS = [
    "Mã doanh nghiệp",
    "Tên doanh nghiệp",
    "Tên tiếng Anh",
    "MST",
    "Mã ngành",
    "Địa chỉ",
    "Năm thành lập",
    "Số lao động",
]
FIRMS = [
    ["DN1", "Công ty Cổ phần Sao Mai Thử", "Sao Mai Test JSC", "", "62", "1 phố Thử, Hà Nội", "2001", "12"],
    ["DN2", "Công ty TNHH Bình Minh Thử", "", "", "62", "=1+1", "2002", "15"],
    ["DN3", "", "", "", "62", "3 phố Thử", "2003", "20"],
    ["DN4", "Công ty TNHH Hoàng Hôn Thử", "", "", "62", "", "năm ngoái", "rất nhiều"],
]  # fmt: skip


def as_csv(rows: list[list[str]], headers: list[str] = HEADERS) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([headers, *rows])
    return text.getvalue().encode()


class Installation:
    """A running service over a home of its own."""

    def __init__(self, home: Path, client: httpx.Client) -> None:
        self.home, self.client = Home(home), client
        self.tokens = {role: create_token(self.home, role, f"{role} for tests") for role in ROLES}

    def post(self, content: bytes, name: str = "firms.csv", role: str = "curator", **fields: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.tokens[role]}"} if role else {}
        files: dict[str, Any] = {"file": (name, content)}
        if "mapping" in fields:
            files["mapping"] = ("mapping.yaml", fields.pop("mapping").encode())
        return self.client.post("/api/loads", files=files, data={"kind": "enterprise", **fields}, headers=headers)

    def get(self, path: str, **params: str) -> httpx.Response:
        return self.client.get(path, params=params, headers={"authorization": f"Bearer {self.tokens['curator']}"})

    def found(self, text: str) -> list[str]:
        answer = self.client.get("/api/search", params={"q": text, "class": "Organization"})
        return [hit["name"] for hit in answer.json().get("hits", [])]

    def until(self, text: str, there: bool) -> None:
        """Wait for what a build brings or takes."""
        end = time.monotonic() + 90
        while (text in self.found(text)) != there:
            assert time.monotonic() < end
            time.sleep(0.2)


@pytest.fixture(scope="module")
def it(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    home = copied(built, tmp_path_factory.mktemp("loads"))
    port = free_port()
    process = serve(home, port)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        yield Installation(home, client)
    process.terminate()
    process.wait(timeout=60)


MAPPING = """
shape: x
kinds: [enterprise]
title: {vi: x, en: x}
about: Enterprise
columns: {Tên: {property: name, required: true}}
"""
COUNTS = ("records", "accepted", "refused", "changed", "new", "unchanged", "gone")


def counts(answer: httpx.Response) -> tuple[int, ...]:
    assert answer.status_code == 201, answer.text
    said = answer.json()
    return tuple(said[name] for name in COUNTS)


def test_what_a_dry_run_counts_the_load_does_and_the_pages_show_it(it: Installation) -> None:
    assert counts(it.post(as_csv(FIRMS), dry_run="true", source="clerk/one")) == (4, 2, 2, 2, 2, 0, 0)
    assert not [one for one in it.client.get("/api/loads").json()["loads"] if one["source"] == "clerk/one"]
    done = it.post(as_csv(FIRMS), source="clerk/one")
    assert counts(done) == (4, 2, 2, 2, 2, 0, 0)
    it.until("Công ty Cổ phần Sao Mai Thử", True)
    next_month = [FIRMS[0], [*FIRMS[1][:5], "2 phố Khác", *FIRMS[1][6:]], ["DN5", "Công ty Mới Thử", *[""] * 6]]
    tried = it.post(as_csv(next_month), source="clerk/one", full="true", dry_run="true")
    assert counts(tried) == (3, 3, 0, 2, 1, 1, 0)
    assert counts(it.post(as_csv(next_month), source="clerk/one", full="true")) == (3, 3, 0, 2, 1, 1, 0)
    assert counts(it.post(as_csv(next_month[1:]), source="clerk/one", full="true", dry_run="true")) == (
        2,
        2,
        0,
        0,
        0,
        2,
        1,
    )


def test_a_report_says_what_was_refused_and_why(it: Installation) -> None:
    number = it.post(as_csv(FIRMS), source="clerk/two").json()["load"]
    said = it.get(f"/api/loads/{number}").json()
    assert [(one["line"], [fault["field"] for fault in one["faults"]]) for one in said["rejects"]] == [
        (4, ["Tên doanh nghiệp"]),
        (5, ["Năm thành lập", "Số lao động"]),
    ]
    assert said["rejects"][1]["cells"] == dict(zip(HEADERS, FIRMS[3], strict=True))
    assert "năm ngoái" in said["rejects"][1]["faults"][0]["reason"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_refused_rows_corrected_in_their_file_are_taken(it: Installation, form: str) -> None:
    source = f"clerk/corrected-{form}"
    number = it.post(as_csv(FIRMS), source=source).json()["load"]
    file = it.get(f"/api/loads/{number}/refused", format=form)
    assert f"refused-{number}.{form}" in file.headers["content-disposition"]
    rows = _rows(file.content, form)
    assert rows[0] == [*HEADERS, LINE, REASON]
    assert [row[:8] for row in rows[1:]] == FIRMS[2:]
    assert [row[8] for row in rows[1:]] == ["4", "5"]
    rows[1][1], rows[2][6], rows[2][7] = "Công ty Ba Thử", "2004", "7"
    again = it.post(as_csv(rows[1:], rows[0]), source=source)
    assert counts(again) == (2, 2, 0, 2, 2, 0, 0)
    assert again.json()["left_aside"] == [LINE, REASON]


def _rows(content: bytes, form: str) -> list[list[str]]:
    if form == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_refused_cells_are_coloured_and_no_formula_is_made(it: Installation) -> None:
    rows = [["DN9", "=HYPERLINK(1)", *[""] * 4, "=2+2", "5"]]
    number = it.post(as_csv(rows), source="clerk/formula").json()["load"]
    book = openpyxl.load_workbook(io.BytesIO(it.get(f"/api/loads/{number}/refused", format="xlsx").content))
    sheet = book.active
    assert sheet is not None
    kinds = {cell.coordinate: (cell.data_type, cell.value) for cell in sheet[2] if cell.value}
    assert kinds["B2"] == ("s", "=HYPERLINK(1)")
    assert kinds["G2"] == ("s", "=2+2")
    coloured = [cell.coordinate for cell in sheet[2] if cell.fill.fill_type == "solid"]
    assert coloured == ["G2"]
    text = it.get(f"/api/loads/{number}/refused").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text and "'=2+2" in text


def test_a_load_is_taken_back(it: Installation) -> None:
    name = "Công ty TNHH Rút Lại Thử"
    number = it.post(as_csv([["DN1", name, *[""] * 6]]), source="clerk/back").json()["load"]
    it.until(name, True)
    headers = {"authorization": f"Bearer {it.tokens['curator']}"}
    assert it.client.post(f"/api/loads/{number}/withdraw", headers=headers).status_code == 202
    it.until(name, False)
    assert it.client.post(f"/api/loads/{number}/withdraw", headers=headers).status_code == 409
    assert it.client.post("/api/loads/999999/withdraw", headers=headers).status_code == 404
    assert it.client.post("/api/loads/..%2f1/withdraw", headers=headers).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "fields", "status", "said"),
    [
        ("../../x.csv", as_csv(FIRMS), {}, 422, "path"),
        ("..\\x.csv", as_csv(FIRMS), {}, 422, "path"),
        ("x.csv", as_csv(FIRMS), {"kind": "nothing"}, 422, "kind is one of"),
        ("x.csv", as_csv(FIRMS), {"source": "curator/somebody"}, 422, "source"),
        ("x.csv", as_csv(FIRMS), {"source": "ketnoi/linker"}, 422, "source"),
        ("x.csv", as_csv([["1", "2"]], ["Một", "Hai"]), {}, 422, "ketnoi inspect"),
        ("x.csv", b"", {}, 422, "empty"),
        ("x.csv", as_csv(FIRMS), {"mapping": "shape: [", "source": "a"}, 422, "mapping.yaml"),
        ("x.csv", as_csv([["N"]], ["Tên"]), {"mapping": f"source: curator/other{MAPPING}"}, 422, "source"),
        ("x.csv", as_csv([["N"]], ["Tên"]), {"mapping": f"source: ketnoi/linker{MAPPING}"}, 422, "source"),
    ],
)
def test_what_can_not_be_loaded_is_refused_with_the_reason(
    it: Installation, name: str, content: bytes, fields: dict[str, str], status: int, said: str
) -> None:
    before = sorted(path.name for path in it.home.loads.iterdir())
    answer = it.post(content, name, **fields)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert said in answer.json()["detail"]
    assert sorted(path.name for path in it.home.loads.iterdir()) == before


def test_only_a_curator_loads_and_reads_reports(it: Installation) -> None:
    for role, status in (("", 401), ("member", 403)):
        assert it.post(as_csv(FIRMS), role=role).status_code == status
        headers = {"authorization": f"Bearer {it.tokens[role]}"} if role else {}
        for path in ("/api/loads/000001", "/api/loads/000001/refused"):
            assert it.client.get(path, headers=headers).status_code == status
        assert it.client.post("/api/loads/000001/withdraw", headers=headers).status_code == status
    for path in ("/loads/000001", "/loads/files/abc", "/loads/000001/refused.csv"):
        assert it.client.get(path).status_code == 403
    assert it.client.post("/loads/files", files={"file": ("x.csv", b"x")}).status_code == 403


def test_a_body_that_is_no_form_or_too_large_is_refused(it: Installation) -> None:
    headers = {"authorization": f"Bearer {it.tokens['curator']}"}
    assert it.client.post("/api/loads", json={}, headers=headers).status_code == 415
    assert it.client.post("/api/loads", data={"kind": "city"}, headers=headers).status_code == 415
    head = {**headers, "content-type": "multipart/form-data; boundary=x"}
    assert it.client.post("/api/loads", content=b"nothing", headers=head).status_code == 400

    def endless() -> Iterator[bytes]:
        yield b'--x\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\n'
        for _ in range(210):
            yield b"y" * 1_048_576

    answer = it.client.post("/api/loads", content=endless(), headers=head)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


def test_the_template_of_a_shape_loads_filled_in(it: Installation) -> None:
    file = it.client.get("/loads/templates/firms.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    assert {"Mã doanh nghiệp", "Tên doanh nghiệp", "Địa bàn"} <= set(headers)
    assert "Dữ liệu minh họa" not in headers
    offered = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    place = openpyxl.utils.get_column_letter(headers.index("Địa bàn") + 1)
    assert offered[f"{place}2:{place}5000"].startswith(f"lists!${place}$1:${place}$")
    choices = [row[0] for row in book["lists"][f"{place}1:{place}40"] if row[0].value]
    for at, header in enumerate(headers, 1):
        value = {"Mã doanh nghiệp": "M1", "Tên doanh nghiệp": "Công ty Mẫu Thử", "Địa bàn": choices[3].value}.get(
            header
        )
        sheet.cell(2, at).value = value
    filled = io.BytesIO()
    book.save(filled)
    assert counts(it.post(filled.getvalue(), "mau.xlsx", source="clerk/template")) == (1, 1, 0, 1, 1, 0, 0)


def test_dropped_files_are_their_senders_alone(it: Installation) -> None:
    with httpx.Client(base_url=str(it.client.base_url), timeout=60) as browser:
        _sign_in(browser, it.tokens["curator"])
        token = _token(browser.get("/loads").text)
        sent = browser.post("/loads/files", files={"file": ("a b.csv", as_csv(FIRMS))}, data={"form_token": token})
        assert sent.status_code == 303
        page = browser.get(sent.headers["location"]).text
        assert "a b.csv" in page
        assert (
            browser.post("/loads/files", files={"file": ("x.csv", b"x")}, data={"form_token": "y"}).status_code == 403
        )
    other = create_token(it.home, "curator", "another")
    with httpx.Client(base_url=str(it.client.base_url), timeout=60) as browser:
        _sign_in(browser, other)
        assert browser.get(sent.headers["location"]).status_code == 404
    kept = it.home.path / "uploads"
    assert kept.stat().st_mode & 0o077 == 0
    assert [json.loads(path.read_text())["name"] for path in kept.glob("*/upload.json")] == ["a b.csv"]


def _token(page: str) -> str:
    return page.split('name="form_token" value="', 1)[1].split('"', 1)[0]


def _sign_in(browser: httpx.Client, token: str) -> None:
    page = browser.get("/sign-in").text
    assert browser.post("/sign-in", data={"token": token, "form_token": _token(page)}).status_code == 303
