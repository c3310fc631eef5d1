"""Encodings found by what the text then says, and text typed in the fonts of before Unicode: read back as it was written."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from unicodedata import normalize

import openpyxl
import pytest

from loaders.formats.encodings import decode
from loaders.formats.fonts import FONTS, from_tcvn3, from_vni
from loaders.formats.typed_fonts import convert, find_fonts
from loaders.reading import open_file
from ontology.schemes import schemes
from ontology.statement import Record, Reject
from ontology.syllables import is_syllable
from tests.encoded_text import ENCODERS, TCVN3, VNI, accented, tcvn3, vni, windows_1258

TEXT = """Tên công nghệ;Lĩnh vực;Đơn vị chủ trì
Quy trình sản xuất phân bón hữu cơ từ phụ phẩm nông nghiệp;Nông nghiệp;Viện Ví Dụ Một
Thiết bị đo độ mặn của nước;Kỹ thuật điện tử;Trường Đại học Ví Dụ Hai
"""
FRENCH = "Université de Lyon;École supérieure;Société Générale\nInstitut Pasteur à Hô-Chi-Minh-Ville;Français;Métro\n"
GERMAN = "Universität München;Gesellschaft für Technik;Köln\nHochschule Göttingen;Straße;Übung\n"
SPANISH = "Año;Compañía Española;Investigación\nNiño;Señor Núñez;Electrónica\n"


@pytest.mark.parametrize("name", ENCODERS)
@pytest.mark.parametrize("letter", accented())
def test_every_letter_is_read_back(name: str, letter: str) -> None:
    """What TCVN3 can't tell is a toned capital by itself: its small letter comes back."""
    read = {"TCVN3": from_tcvn3, "VNI": from_vni, "windows-1258": lambda text: normalize("NFC", text)}[name]
    raw = ENCODERS[name](letter)
    text = raw.decode("cp1258" if name == "windows-1258" else "cp1252")
    assert read(text) == (letter if name != "TCVN3" or letter in TCVN3 else letter.lower())


def test_there_are_134_letters_and_both_tables_write_them() -> None:
    assert len(accented()) == 134
    assert set(accented()) <= set(VNI)
    assert {letter for letter in accented() if letter.islower()} <= set(TCVN3)
    assert len(set(TCVN3.values())) == len(TCVN3)
    assert len(set(VNI.values())) == len(VNI)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("C«ng nghÖ", "Công nghệ"),
        ("Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam"),
        ("§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"),
        ("CéNG HOµ X· HéI CHñ NGHÜA VIÖT NAM", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("Tr­êng §¹i häc B¸ch khoa Hµ Néi", "Trường Đại học Bách khoa Hà Nội"),
        ("Së Khoa häc vµ C«ng nghÖ", "Sở Khoa học và Công nghệ"),
        ("NguyÔn V¨n ¸nh, 45 m²", "Nguyễn Văn ánh, 45 m²"),
    ],
)
def test_well_known_texts_in_tcvn3(typed: str, said: str) -> None:
    assert from_tcvn3(typed) == said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Coâng ngheä", "Công nghệ"),
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc"),
        ("Thaønh phoá Hoà Chí Minh", "Thành phố Hồ Chí Minh"),
        ("Tröôøng Ñaïi hoïc Kyõ thuaät", "Trường Đại học Kỹ thuật"),
    ],
)
def test_well_known_texts_in_vni(typed: str, said: str) -> None:
    assert from_vni(typed) == said


# Which encoding a file has


@pytest.mark.parametrize("name", ENCODERS)
def test_an_older_encoding_is_found_and_read(name: str) -> None:
    found = decode(ENCODERS[name](TEXT))
    assert found.encoding == name
    assert found.text == TEXT


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (TEXT.encode(), "UTF-8"),
        (TEXT.encode("utf-8-sig"), "UTF-8"),
        (normalize("NFD", TEXT).encode(), "UTF-8"),
        (b"name;field\nAlpha;1\n", "UTF-8"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
        (b"".join(bytes([0, byte]) for byte in b"name;field\r\nAlpha;1\r\n"), "UTF-16"),
    ],
)
def test_unicode_is_told_by_its_form(raw: bytes, name: str) -> None:
    found = decode(raw)
    assert found.encoding == name
    assert normalize("NFC", found.text) in (TEXT, "name;field\nAlpha;1\n", "name;field\r\nAlpha;1\r\n")


@pytest.mark.parametrize("text", [FRENCH, GERMAN, SPANISH])
def test_western_text_is_not_taken_for_vietnamese(text: str) -> None:
    found = decode(text.encode("cp1252"))
    assert (found.encoding, found.text) == ("windows-1252", text)
    assert find_fonts([[cell] for cell in re.split(r"[;\n]", text)]) == [None] * len(re.split(r"[;\n]", text))


def test_what_nobody_can_tell_is_not_guessed() -> None:
    """ "né" is a syllable in three of the encodings."""
    found = decode("ten\nné\n".encode("latin-1"))
    assert found.encoding == "UTF-8"
    assert found.text == "ten\nn\ufffd\n"


HEADERS = ["symbol", "name", "icbCode", "exchange"]
NAMES = ["Công ty cổ phần Đường sắt", "Công ty Nhựa Bình Minh", "Nhà máy Thiết bị điện", "Xí nghiệp Dệt may Hòa Bình"]


def load(path: Path) -> tuple[dict[str, str], list[Reject], str | None]:
    reading = open_file("enterprise", path, "test")
    items = list(reading.items)
    names = {
        item.key: said.value or ""
        for item in items
        if isinstance(item, Record)
        for said in item.statements
        if said.property == "name"
    }
    return names, [item for item in items if isinstance(item, Reject)], reading.encoding


def rows(names: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([HEADERS, *([f"S{at}", name, "1300", "HSX"] for at, name in enumerate(names))])
    return out.getvalue()


@pytest.mark.parametrize("name", ENCODERS)
def test_a_file_in_an_older_encoding_loads_and_says_so(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(ENCODERS[name](rows(NAMES)))
    names, rejects, encoding = load(path)
    assert names == {f"S{at}": text for at, text in enumerate(NAMES)}
    assert rejects == []
    assert encoding == name


@pytest.mark.parametrize("main", [*ENCODERS, "UTF-8"])
@pytest.mark.parametrize("other", [*ENCODERS, "UTF-8"])
def test_rows_in_another_encoding_than_their_file_are_refused_with_their_place(
    tmp_path: Path, main: str, other: str
) -> None:
    if main == other:
        return
    encoders: dict[str, Callable[[str], bytes]] = {**ENCODERS, "UTF-8": str.encode}
    foreign = "Trường Đại học Kỹ thuật"
    path = tmp_path / "x"
    path.write_bytes(
        encoders[main](rows(NAMES)) + b"F1," + encoders[other](foreign) + b",1300,HSX\n" + encoders[main]("Z9,Đủ,1,H\n")
    )
    names, rejects, encoding = load(path)
    assert encoding == main
    assert names == {f"S{at}": text for at, text in enumerate(NAMES)} | {"Z9": "Đủ"}
    assert [(reject.line, reject.field) for reject in rejects] == [(len(NAMES) + 2, "name")]
    assert main in rejects[0].reason


# Cells typed in a font


def sheet(path: Path, grid: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in grid:
        book.active.append(row)
    book.save(path)
    return path


def as_typed(text: str, font: str) -> str:
    return {"TCVN3": tcvn3, "VNI": vni}[font](text).decode("cp1252")


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_cells_of_a_unicode_file_typed_in_a_font(tmp_path: Path, font: str, form: str) -> None:
    """One column was typed in the font, another is Unicode, a third is English."""
    grid = [["symbol", "name", "Tên tiếng Anh", "icbCode", "exchange"]]
    grid += [[f"S{at}", as_typed(name, font), "Bình Minh, tiếng Việt", "1", "HSX"] for at, name in enumerate(NAMES)]
    path = tmp_path / "x"
    if form == "xlsx":
        sheet(path, grid)
    elif form == "csv":
        out = io.StringIO()
        csv.writer(out).writerows(grid)
        path.write_text(out.getvalue(), encoding="utf-8")
    else:
        path.write_text(json.dumps([dict(zip(grid[0], row, strict=True)) for row in grid[1:]]), encoding="utf-8")
    reading = open_file("enterprise", path, "test")
    said = [
        s.value for item in reading.items if isinstance(item, Record) for s in item.statements if s.property == "name"
    ]
    assert said == NAMES
    assert f"typed in a {font} font and converted: name" in reading.notes


@pytest.mark.parametrize("font", FONTS)
def test_headers_typed_in_a_font_are_recognised(tmp_path: Path, font: str) -> None:
    grid = [
        [as_typed(cell, font) for cell in row]
        for row in (
            [
                "Mã công nghệ",
                "Tên công nghệ",
                "Mô tả",
                "Mức TRL",
                "Đơn vị đánh giá",
                "Mã lĩnh vực",
                "Mã IPC",
                "Mã ngành ứng dụng",
            ],
            ["CN1", "Thiết bị đo độ mặn", "Đo nhanh tại ruộng", "7", "Viện Đo lường", "2.2", "G01N", ""],
        )
    ]
    reading = open_file("university", sheet(tmp_path / "x", grid), "test")
    (record,) = reading.items
    assert reading.shape == "technologies"
    assert isinstance(record, Record)
    assert {s.value for s in record.statements if s.property in ("name", "description")} == {
        "Thiết bị đo độ mặn",
        "Đo nhanh tại ruộng",
        "Viện Đo lường",
    }


def test_plain_cells_of_a_typed_column_stay() -> None:
    assert find_fonts([["C«ng nghÖ", "Hµ Néi", "Công ty cổ phần"]]) == ["TCVN3"]
    for cell in ("Công ty cổ phần", "Alpha", "Université de Lyon", "m²", "", None, 3.5):
        assert convert(cell, "TCVN3") == cell
    assert convert("§HBK", "TCVN3") == "ĐHBK"
    assert convert("ÑHBK", "VNI") == "ĐHBK"
    assert convert(["C«ng nghÖ", "Alpha"], "TCVN3") == ["Công nghệ", "Alpha"]


def test_unicode_names_are_never_converted() -> None:
    """Vietnamese names whose letters Latin-1 has, and foreign ones."""
    vietnamese = ["Lê Hùng", "Hoàng Công Thành", "Hà Phú Vân", "Trần Văn Sáng", "Lý Thị Quý", "Đỗ Tân"]
    assert find_fonts([vietnamese, vietnamese[:1], ["José Núñez", "André Gé", "Zoë Müller", "Søren"]]) == [None] * 3


# How often it errs; docs/decisions/0018 states these figures


def sentences() -> list[str]:
    """Vietnamese texts of the project's own schemes."""
    found = {concept.labels.get("vi", "") for concept in schemes().concepts.values()}
    return sorted(text for text in found if len(text.split()) > 2 and not text.isascii())


def share_found(name: str, words: int, trials: int = 300) -> tuple[float, float]:
    """How many of the texts of so many words are read rightly, and how many wrongly; the rest is refused."""
    random = Random(words)
    pool = [word for text in sentences() for word in text.split() if not word.isascii()]
    right = wrong = 0
    for _ in range(trials):
        text = " ".join(random.choices(pool, k=words)) + "\n"
        found = decode(ENCODERS[name](text))
        if found.encoding == name and found.text.lower() == text.lower():
            right += 1
        elif found.encoding != "UTF-8":
            wrong += 1
    return right / trials, wrong / trials


@pytest.mark.parametrize("name", ENCODERS)
def test_from_ten_words_on_the_encoding_is_found_and_never_taken_for_another(name: str) -> None:
    right, wrong = share_found(name, 10)
    assert right >= 0.97
    assert wrong <= 0.01


RIGHT = "nghiêng Đường QUYẾT hoà hòa thuỷ thủy giếng gì quý qúy uỷ khuya yêu Huỳnh"
WRONG = "Université Coâng ngheä ngheọ nghÖ Müller hạc̣ tốtt bcd côngg Trườnga đuờngg cốngh tôt cach hôC"


@pytest.mark.parametrize(
    ("word", "right"),
    [*((word, True) for word in RIGHT.split()), *((word, False) for word in WRONG.split()), ("", False)],
)
def test_syllables(word: str, right: bool) -> None:
    assert is_syllable(word) is right


def test_nearly_all_words_of_the_schemes_are_syllables() -> None:
    words = [word for text in sentences() for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
    assert len(words) > 2_000
    assert sum(map(is_syllable, words)) / len(words) > 0.98


def test_marks_behind_a_letter_become_one_letter() -> None:
    assert decode(windows_1258("Nghiệm thu đề tài khoa học\n")).text == "Nghiệm thu đề tài khoa học\n"
