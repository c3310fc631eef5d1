"""Cells as Vietnamese offices write them, read into one form, or refused with a reason for the sender."""

from datetime import date, datetime
from random import Random

import pytest

from loaders.bodies import split_bodies, split_title
from loaders.row_values import read_deadline
from loaders.values import (
    cell_text,
    read_boolean,
    read_date,
    read_double,
    read_integer,
    read_number,
    read_text,
    read_uri,
    read_year,
)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-12-31", "2020-12-31"),
        ("2020-1-5", "2020-01-05"),
        ("2020-12-31T10:00:00", "2020-12-31"),
        ("31/12/2020", "2020-12-31"),
        ("31.12.2020", "2020-12-31"),
        ("1-2-2020", "2020-02-01"),
        ("ngày 5 tháng 3 năm 2019", "2019-03-05"),
        ("Ngày 05/03/2019", "2019-03-05"),
        ("6/2025", "2025-06-30"),
        ("12/2025", "2025-12-31"),
        ("Tháng 10/2025", "2025-10-31"),
        ("tháng 2 năm 2024", "2024-02-29"),
    ],
)
def test_days(text: str, day: str) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize("text", ["31/02/2020", "0/2020", "13/2020", "2020-13-01", "00/00/0000"])
def test_days_that_no_calendar_has(text: str) -> None:
    with pytest.raises(ValueError, match="no day of the calendar"):
        read_date(text)


@pytest.mark.parametrize("text", ["Thường xuyên", "", "2020", "hôm qua", "1/1/20", "٣١/١٢/٢٠٢٠x"])
def test_what_is_no_day_says_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match="31/12/2020"):
        read_date(text)


def test_every_day_is_read_back_in_every_form() -> None:
    random = Random(2)
    for _ in range(300):
        day = date.fromordinal(random.randint(date(1900, 1, 1).toordinal(), date(2099, 12, 31).toordinal()))
        d, m, y = day.day, day.month, day.year
        for text in (
            f"{d}/{m}/{y}",
            f"{d:02}.{m:02}.{y}",
            f"ngày {d} tháng {m} năm {y}",
            day.isoformat(),
            f"{day.isoformat()} 07:00",
        ):
            assert read_date(text) == day.isoformat()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Quý II/2025", "2025-06-30"),
        ("quý IV năm 2026", None),
        ("2025", "2025-12-31"),
        ("2025 - 2026", "2026-12-31"),
        ("Năm 2027", "2027-12-31"),
        ("6/2025", "2025-06-30"),
        ("Thường xuyên", None),
        ("Hằng năm", None),
    ],
)
def test_deadlines(text: str, day: str | None) -> None:
    if day is None:
        with pytest.raises(ValueError, match="day"):
            read_deadline(text)
    else:
        assert read_deadline(text) == day


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("633.092", "633092"),
        ("633,092", "633092"),
        ("1.234.567", "1234567"),
        ("633.092,5", "633092.5"),
        ("633,092.5", "633092.5"),
        ("0,5", "0.5"),
        ("1 500", "1500"),
        ("1\u00a0500", "1500"),
        ("-7", "-7"),
        ("12,34", "12.34"),
    ],
)
def test_numbers(text: str, number: str) -> None:
    assert str(read_number(text)) == number


@pytest.mark.parametrize("text", ["", "mười", "1e999", "NaN", "Infinity", "9" * 30, "1..2", "--1"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="number"):
        read_number(text)


@pytest.mark.parametrize(
    ("text", "factor", "dong"),
    [
        ("633.092", 10**6, "633092000000"),
        ("1,5 tỷ", 1, "1500000000"),
        ("1,5 tỷ đồng", 10**6, "1500000000"),
        ("850 triệu", 1, "850000000"),
        ("850 triệu VND", 1, "850000000"),
        ("500.000 đ", 1, None),
        ("1.200.000 đồng", 10**6, "1200000"),
        ("2,5", 10**6, "2500000"),
        ("0", 1, "0"),
    ],
)
def test_amounts_in_dong(text: str, factor: int, dong: str | None) -> None:
    if dong is None:
        with pytest.raises(ValueError, match="unit"):
            read_integer(text, factor)
    else:
        assert read_integer(text, factor) == dong


@pytest.mark.parametrize(
    ("text", "match"), [("2,5", "whole"), ("5 gạo", "unit"), ("=SUM(A1)", "number"), ("", "number")]
)
def test_what_is_no_amount(text: str, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        read_integer(text, 1)


def test_vietnamese_and_english_separators_agree() -> None:
    random = Random(4)
    for _ in range(300):
        whole, tenth = random.randrange(10**3, 10**12), random.randrange(1, 10)
        vietnamese = f"{whole:,}".replace(",", ".") + f",{tenth}"
        assert read_number(vietnamese) == read_number(f"{whole:,}.{tenth}")
        assert read_integer(f"{whole:,}".replace(",", "."), 1) == str(whole)


def test_shares_flags_and_years() -> None:
    assert read_double("30 %") == "0.3"
    assert read_double("0,25") == "0.25"
    for word in ("Có", "x", "TRUE", "1", "đúng"):
        assert read_boolean(word) == "true"
    for word in ("Không", "false", "0", "chưa"):
        assert read_boolean(word) == "false"
    with pytest.raises(ValueError, match="neither yes nor no"):
        read_boolean("có lẽ")
    assert read_year("1982") == read_year(" 1982.0 ") == "1982"
    with pytest.raises(ValueError, match="no year"):
        read_year("82")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://ump.edu.vn/", "https://ump.edu.vn/"),
        ("\thttps://ajc.hcma.vn/", "https://ajc.hcma.vn/"),
        ("www.vnu.edu.vn", "http://www.vnu.edu.vn"),
        ("HTTP://A.VN", "HTTP://A.VN"),
        ("a.vn/đường", "http://a.vn/đường"),
    ],
)
def test_web_addresses(text: str, address: str) -> None:
    assert read_uri(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "JAVASCRIPT:alert(1)",
        "java\nscript:alert(1)",
        "ftp://a.vn",
        "file:///etc/passwd",
        "Null",
        "http://",
        "http://a",
        "http://a.vn/<script>",
        'http://a.vn/"onx',
        "https://a.vn/" + "a" * 1_000_000,
        "mailto:a@b.vn",
    ],
)
def test_what_may_never_become_a_link(text: str) -> None:
    with pytest.raises(ValueError, match="no web address"):
        read_uri(text)


@pytest.mark.parametrize(
    "text", ["=1+1", "+84 24", "-x", "@cmd", "Robby' WITH true MATCH (n) DETACH DELETE n //", "<img onerror=x>"]
)
def test_texts_are_kept_word_for_word(text: str) -> None:
    assert read_text(text) == text


def test_cells_as_text() -> None:
    cells = [None, True, 3.0, 2.5, datetime(2020, 1, 2), datetime(2020, 1, 2, 3, 4), date(2020, 1, 2), "x", 7, 1e300]
    assert list(map(cell_text, cells)) == [
        "",
        "true",
        "3",
        "2.5",
        "2020-01-02",
        "2020-01-02T03:04:00",
        "2020-01-02",
        "x",
        "7",
        "1e+300",
    ]


@pytest.mark.parametrize(
    ("cell", "bodies"),
    [
        ("Bộ Tài chính", ["Bộ Tài chính"]),
        ("VTV, VOV, TTXVN", ["VTV", "VOV", "TTXVN"]),
        ("Ban Tuyên giáo Trung ương; các bộ, ngành, địa phương; VTV, VOV", ["Ban Tuyên giáo Trung ương", "VTV", "VOV"]),
        ("Bộ Văn hóa, Thể thao và Du lịch", ["Bộ Văn hóa, Thể thao và Du lịch"]),
        ("Bộ Văn hóa, Thể thao và Du lịch, Bộ Y tế", ["Bộ Văn hóa, Thể thao và Du lịch", "Bộ Y tế"]),
        ("Bộ Khoa học và Công nghệ và Bộ Y tế", ["Bộ Khoa học và Công nghệ", "Bộ Y tế"]),
        ("Bộ Y tế; Bộ Y tế", ["Bộ Y tế"]),
        ("Các bộ, ngành", []),
        ("", []),
        (";;, ;", []),
        ("- Bộ Y tế\n- Ủy ban nhân dân Hà Nội", ["Bộ Y tế", "Ủy ban nhân dân Hà Nội"]),
        ("Bộ Khoa học\nvà Công nghệ", ["Bộ Khoa học và Công nghệ"]),
    ],
)
def test_bodies_of_a_cell(cell: str, bodies: list[str]) -> None:
    assert split_bodies(cell) == bodies


def test_one_body_more_in_front_changes_no_other() -> None:
    random = Random(6)
    names = [
        "Bộ Tài chính",
        "Bộ Văn hóa, Thể thao và Du lịch",
        "Sở Y tế",
        "Ban Cơ yếu Chính phủ",
        "Hội Tin học",
        "Viện Toán học",
    ]
    for _ in range(200):
        some = random.sample(names, k=random.randint(1, 4))
        sign = random.choice(["; ", ", ", "\n"])
        assert split_bodies(sign.join(some)) == some
        assert split_bodies(f"Cục Mới; {sign.join(some)}") == ["Cục Mới", *some]


@pytest.mark.parametrize(
    ("cell", "title", "name"),
    [
        ("PGS.TS. Nguyễn Văn A", "PGS.TS.", "Nguyễn Văn A"),
        ("TS Trần B", "TS", "Trần B"),
        ("Nguyễn Văn C", "", "Nguyễn Văn C"),
        ("GS", "", "GS"),
        ("Tsuruoka Takashi", "", "Tsuruoka Takashi"),
        ("Mr. John R. Hull", "Mr.", "John R. Hull"),
    ],
)
def test_titles(cell: str, title: str, name: str) -> None:
    assert split_title(cell) == (title, name)
