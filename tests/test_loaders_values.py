"""Cells as Vietnamese offices write them, read into one form, or refused with a reason for the sender."""

from datetime import date, datetime
from random import Random

import pytest

from loaders.amounts import exact
from loaders.bodies import split_bodies, split_title
from loaders.days import read_period_end, read_period_start
from loaders.places import read_place
from loaders.row_values import read_deadline, read_identifier, read_level
from loaders.values import (
    cell_text,
    read_boolean,
    read_date,
    read_double,
    read_integer,
    read_mail,
    read_number,
    read_telephone,
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
        ("tháng 5/2019", "2019-05-31"),
        ("ngày 3 tháng 2 năm 2021", "2021-02-03"),
        ("03/02/2021", "2021-02-03"),
        ("03/02/2021 14:30", "2021-02-03"),
        ("Q3/2020", "2020-09-30"),
        ("Quý III/2020", "2020-09-30"),
        ("quý 1 năm 2020", "2020-03-31"),
        ("44197", "2021-01-01"),
        ("44197.5", "2021-01-01"),
        ("5 March 2019", "2019-03-05"),
        ("5-Mar-2019", "2019-03-05"),
        ("March 5, 2019", "2019-03-05"),
        ("Feb 2024", "2024-02-29"),
    ],
)
def test_days(text: str, day: str) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize("text", ["31/02/2020", "0/2020", "13/2020", "2020-13-01", "00/00/0000"])
def test_days_that_no_calendar_has(text: str) -> None:
    with pytest.raises(ValueError, match="no day of the calendar"):
        read_date(text)


@pytest.mark.parametrize(
    "text", ["Thường xuyên", "", "2020", "hôm qua", "1/1/20", "٣١/١٢/٢٠٢٠x", "Q5/2020", "12345", "99999"]
)
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
        ("quý IV năm 2026", "2026-12-31"),
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
    ("text", "start", "end"),
    [
        ("2019 - 2021", "2019-01-01", "2021-12-31"),
        ("2019-2021", "2019-01-01", "2021-12-31"),
        ("01/2019 - 12/2020", "2019-01-01", "2020-12-31"),
        ("01/2019-02/2020", "2019-01-01", "2020-02-29"),
        ("từ 1/2019 đến 6/2020", "2019-01-01", "2020-06-30"),
        ("Từ ngày 01/03/2019 đến ngày 28/02/2021", "2019-03-01", "2021-02-28"),
        ("tháng 1 năm 2019 đến tháng 12 năm 2020", "2019-01-01", "2020-12-31"),
        ("2019", "2019-01-01", "2019-12-31"),
        ("from 2019 to 2021", "2019-01-01", "2021-12-31"),
    ],
)
def test_periods(text: str, start: str, end: str) -> None:
    assert (read_period_start(text), read_period_end(text)) == (start, end)


@pytest.mark.parametrize("text", ["24 tháng", "", "2021 - 2019", "2019, 2020, 2021", "13/2020 - 14/2020", "năm nay"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match=r"period|begins|calendar"):
        read_period_start(text)


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
        ("500.000 đ", 1, "500000"),
        ("500.000.000đ", 10**6, "500000000"),
        ("500.000 ₫", 10**6, "500000"),
        ("633.092 triệu đồng", 1, "633092000000"),
        ("633.092 tr.đ", 1, "633092000000"),
        ("2 tỷ", 1, "2000000000"),
        ("2 tỉ VNĐ", 1, "2000000000"),
        ("1 tỷ 200 triệu đồng", 1, "1200000000"),
        ("12 nghìn đồng", 10**6, "12000"),
        ("-5", 1, "-5"),
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
    ("text", "match"),
    [
        ("2,5", "whole"),
        ("5 gạo", "unit"),
        ("=SUM(A1)", "number"),
        ("", "number"),
        ("12 nghìn USD", "USD"),
        ("$12,000", "dong"),
        ("2 - 3 tỷ", "one number"),
        ("200 triệu 1 tỷ", "one number"),
        ("khoảng 2 tỷ", "number"),
        ("2 tỷ 300", "one number"),
    ],
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
        ("GS.TSKH.Nguyễn Văn D", "GS.TSKH.", "Nguyễn Văn D"),
        ("PGS, TS Lê Thị E", "PGS, TS", "Lê Thị E"),
        ("PGS-TS. Lê Thị E", "PGS-TS.", "Lê Thị E"),
        ("Th.S Phạm F", "Th.S", "Phạm F"),
        ("ThS.BSCKII. Phạm F", "ThS.BSCKII.", "Phạm F"),
        ("Phó Giáo sư, Tiến sĩ Lê Thị E", "Phó Giáo sư, Tiến sĩ", "Lê Thị E"),
        ("Tiến sĩ Lê Thị E", "Tiến sĩ", "Lê Thị E"),
        ("NGND.GS.TS. Lê Thị E", "NGND.GS.TS.", "Lê Thị E"),
        ("Assoc. Prof. Dr. John Hull", "Assoc. Prof. Dr.", "John Hull"),
        ("John Hull, Ph.D.", "Ph.D.", "John Hull"),
        ("Tsai Ming", "", "Tsai Ming"),
        ("Kiều Sĩ Tiến", "", "Kiều Sĩ Tiến"),
        ("Bác Sĩ", "", "Bác Sĩ"),
    ],
)
def test_titles(cell: str, title: str, name: str) -> None:
    assert split_title(cell) == (title, name)


# Numbers of spreadsheets


@pytest.mark.parametrize("number", [1.234, 633.092, -12.125, 0.5, 2.0, 1e-7, 123456.789, 1e14])
def test_a_number_cell_is_that_number(number: float) -> None:
    """Written as text, 1.234 would be a thousand and more."""
    assert float(read_number(exact(number))) == number


# Identifiers


@pytest.mark.parametrize(
    ("scheme", "text", "value"),
    [
        # 31·0+29·1+23·0+19·0+17·1+13·0+7·9+5·1+3·0 = 114; 114 mod 11 = 4; 10 − 4 = 6
        ("tax-code", "0100109106", "0100109106"),
        ("tax-code", "0100109106-001", "0100109106-001"),
        ("tax-code", "0100109106001", "0100109106-001"),
        ("tax-code", " 0100 109 106 ", "0100109106"),
        ("tax-code", "100109106", "0100109106"),
        # the examples of the registers' own descriptions
        ("orcid", "0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("orcid", "https://orcid.org/0000-0002-1694-233X", "0000-0002-1694-233X"),
        ("orcid", "0000000218250097", "0000-0002-1825-0097"),
        ("ror", "https://ror.org/02mhbdp94", "02mhbdp94"),
        ("ror", "ror.org/03YRM5C26", "03yrm5c26"),
        ("lei", "506700GE1G29325QX363", "506700GE1G29325QX363"),
        ("stock-symbol", "AAA", "AAA"),
    ],
)
def test_identifiers_whose_check_is_right(scheme: str, text: str, value: str) -> None:
    assert read_identifier(scheme, text) == value


@pytest.mark.parametrize(
    ("scheme", "text", "reason"),
    [
        ("tax-code", "0100109107", "check digit"),
        ("tax-code", "0100109107-001", "check digit"),
        ("tax-code", "100109107", "check digit"),
        ("tax-code", "01001091", "ten digits"),
        ("tax-code", "001085012345", "not kept"),
        ("tax-code", "ABC", "ten digits"),
        ("orcid", "0000-0002-1825-0098", "check digit"),
        ("orcid", "0000-0002-1825", "sixteen"),
        ("ror", "02mhbdp95", "check digits"),
        ("ror", "https://ror.org/x", "form"),
        ("lei", "506700GE1G29325QX364", "check digits"),
    ],
)
def test_identifiers_whose_check_is_wrong_say_why(scheme: str, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_identifier(scheme, text)


def test_one_wrong_digit_never_passes() -> None:
    """What check digits are for: each single error is found."""
    for scheme, text in (("tax-code", "0100109106"), ("orcid", "0000-0002-1825-0097"), ("ror", "02mhbdp94")):
        for at, sign in enumerate(text):
            for other in "0123456789":
                if sign.isdigit() and other != sign:
                    with pytest.raises(ValueError, match="«"):
                        read_identifier(scheme, text[:at] + other + text[at + 1 :])


# Telephones, mail, levels, places


@pytest.mark.parametrize(
    "text",
    [
        "+84 24 3869 4242",
        "(04) 38 694 242",
        "0912.345.678",
        "024.38694242 - 024.38694243",
        "84-4-3869 4242 máy lẻ 12",
        "1900 1234",
    ],
)
def test_telephones_are_kept_as_given(text: str) -> None:
    assert read_telephone(text) == text


@pytest.mark.parametrize("text", ["", "12345", "gọi sau", "a@b.vn", "0912345678 (chị Lan)", "9" * 70])
def test_what_is_no_telephone(text: str) -> None:
    with pytest.raises(ValueError, match="telephone"):
        read_telephone(text)


def test_mail() -> None:
    assert read_mail("mailto:lan@vidu.example") == read_mail(" lan@vidu.example ") == "lan@vidu.example"
    for text in ("lan", "lan@", "lan@vidu", "a b@vidu.example", "a@b.vn; c@d.vn", "@vidu.example"):
        with pytest.raises(ValueError, match="mail"):
            read_mail(text)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("TRL 6", "6"),
        ("mức 6", "6"),
        ("TRL6-7", "6"),
        ("TRL 4 đến TRL 6", "4"),
        ("Mức độ sẵn sàng công nghệ 5", "5"),
        ("6/9", "6"),
        ("TRL-8/9", "8"),
        ("Đạt TRL 9", "9"),
        ("cấp độ 3", "3"),
        ("7", "7"),
    ],
)
def test_readiness_as_text(text: str, level: str) -> None:
    assert read_level(text) == level


@pytest.mark.parametrize("text", ["", "TRL", "0", "10", "99", "TRL 10", "TRL 7-6", "cao", "6 7 8"])
def test_what_is_no_readiness(text: str) -> None:
    with pytest.raises(ValueError, match="readiness"):
        read_level(text)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Hà Nội", ["2025/VN-HN"]),
        ("TP. Hà Nội", ["2025/VN-HN"]),
        # before July 2025: the unit itself, and the smallest of today that holds all of it
        ("tỉnh Bình Dương", ["2024/VN-57", "2025/VN-SG"]),
        ("Quận Cầu Giấy", ["2024/005", "2025/VN-HN"]),
        ("quận Cầu Giấy, Hà Nội", ["2024/005", "2025/VN-HN"]),
        ("Q. Cầu Giấy, TP Hà Nội", ["2024/005", "2025/VN-HN"]),
        ("phường Dịch Vọng, quận Cầu Giấy, Hà Nội", ["2024/005", "2025/VN-HN"]),
        # since then
        ("Phường Cầu Giấy", ["2025/00166"]),
        ("Phường Cầu Giấy, Hà Nội", ["2025/00166"]),
        ("Số 1 Đại Cồ Việt, Hà Nội", ["2025/VN-HN"]),
        ("Hàn Quốc", ["2025/KR"]),
    ],
)
def test_places_of_before_and_after_july_2025(text: str, units: list[str]) -> None:
    assert list(read_place(text, "place/2025", within=True)) == [f"scheme/place/{unit}" for unit in units]


def test_a_right_for_an_old_province_is_none_for_the_larger_new_one() -> None:
    assert read_place("Bình Dương", "place/2025") == ("scheme/place/2024/VN-57",)


@pytest.mark.parametrize("text", ["", "Nơi Nào Đó", "Hà Nội, Nơi Nào Đó", "phường Cầu Giấy, Nơi Nào Đó"])
def test_what_is_no_known_place(text: str) -> None:
    with pytest.raises(ValueError, match="place"):
        read_place(text, "place/2025")


def test_a_ward_of_one_province_is_not_looked_for_in_another() -> None:
    assert read_place("Phường Cầu Giấy, Huế", "place/2025") == ("scheme/place/2025/VN-26",)
