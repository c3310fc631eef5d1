"""The comparing of Vietnamese text: fold for recall, spell for precision, legal forms as phrases."""

import unicodedata
from random import Random

import pytest

from ontology.text import LEGAL_FORMS, fold, has_diacritics, name_key, nfc, same_name, spell, syllable_acronym, tokens

LETTERS = "aáàảãạăắằẳẵặâấầẩẫậeéèẻẽẹêếềểễệiíìỉĩịoóòỏõọôốồổỗộơớờởỡợuúùủũụưứừửữựyýỳỷỹỵdđbcghklmnpqrstvx"


def random_text(random: Random) -> str:
    word = "".join
    return " ".join(
        word(random.choice((str.lower, str.upper))(c) for c in random.choices(LETTERS, k=random.randint(1, 6)))
        for _ in range(4)
    )


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đại học Bách khoa Hà Nội", "dai hoc bach khoa ha noi"),
        ("  ĐƯỜNG\u00a0dương  ", "duong duong"),
        ("Viện KH&CN - Việt Nam (VAST)", "vien kh cn viet nam vast"),
        ("snake_case", "snake case"),
        ("Straße", "strasse"),
        ("", ""),
        ("!!!", ""),
        ("東京 Kabushiki", "東京 kabushiki"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert tokens(text) == folded.split()


def test_folding_is_the_same_however_the_text_is_composed_or_cased() -> None:
    random = Random(1)
    for _ in range(400):
        text = random_text(random)
        for other in (unicodedata.normalize("NFD", text), text.upper(), text.lower(), f"  {text}. "):
            assert fold(other) == fold(text)
            assert spell(other) == spell(text)
        assert fold(fold(text)) == fold(text)
        assert fold(spell(text).translate(dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323")))) == fold(text)
        assert fold(text).isascii()


def test_ascii_and_other_text_are_read_alike() -> None:
    for text in ("Co., Ltd.", "A_B", "x  y", "TNHH-MTV"):
        assert spell(text) == fold(text) == fold(f"{text}đ")[:-1].strip()


def test_duong_and_duong_are_two_words_that_fold_to_one() -> None:
    assert fold("đường") == fold("dương") == "duong"
    assert spell("đường") != spell("dương")
    assert has_diacritics("đường")
    assert not has_diacritics("duong")


@pytest.mark.parametrize(("one", "other"), [("hoà", "hòa"), ("Thuỷ", "Thủy"), ("UỶ BAN", "Ủy ban"), ("khoẻ", "khỏe")])
def test_the_two_ways_to_set_a_tone_are_one_spelling(one: str, other: str) -> None:
    assert spell(one) == spell(other)


def test_nfc_keeps_everything_but_spaces() -> None:
    assert nfc(" Đại\t học\n Huế ") == "Đại học Huế"
    assert nfc(unicodedata.normalize("NFD", "Huế")) == "Huế"


@pytest.mark.parametrize(
    ("name", "core", "form"),
    [
        ("Công ty Cổ phần Nhựa An Phát Xanh", "nhua an phat xanh", "jsc"),
        ("CTCP 32", "32", "jsc"),
        ("Công ty TNHH MTV Cấp nước", "cap nuoc", "llc"),
        ("CÔNG TY TNHH SCHNEIDER ELECTRIC IT VIỆT NAM", "schneider electric it viet nam", "llc"),
        ("Canon Kabushiki Kaisha", "canon", "kk"),
        ("Kabushiki Kaisha Toshiba", "toshiba", "kk"),
        ("Samsung Electronics Co., Ltd.", "samsung electronics", "company"),
        ("The Yokohama Rubber Co., Ltd.", "yokohama rubber", "company"),
        ("Siemens Aktiengesellschaft", "siemens", "ag"),
        ("Tập đoàn Alpha (Việt Nam)", "tap doan alpha", None),
        ("Đại học Cổ phần", "dai hoc co phan", None),
        ("Coca Company Store", "coca company store", None),
    ],
)
def test_legal_forms_come_off_as_phrases(name: str, core: str, form: str | None) -> None:
    key = name_key(name)
    assert (key.core, key.form) == (core, form)


def test_a_name_that_is_a_legal_form_keeps_it() -> None:
    for phrases in LEGAL_FORMS.values():
        for phrase in phrases:
            assert name_key(phrase).core, phrase


def test_every_phrase_of_a_form_is_taken_off_whole() -> None:
    for phrases in LEGAL_FORMS.values():
        for phrase in phrases:
            assert name_key(f"{phrase} Zyxquaint").core == "zyxquaint", phrase


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Công ty Cổ phần A", "Công ty Cổ phần B", False),
        ("Công ty Cổ phần A", "CTCP A", True),
        ("Công ty Cổ phần A", "Công ty TNHH A", False),
        ("Công ty Cổ phần A", "A", True),
        ("Công ty Cổ phần Đường", "Công ty Cổ phần Dương", False),
        ("Công ty Cổ phần Đường", "Cong ty Co phan Duong", True),
        ("???", "!!!", False),
    ],
)
def test_same_name(one: str, other: str, same: bool) -> None:
    assert same_name(name_key(one), name_key(other)) is same
    assert same_name(name_key(other), name_key(one)) is same


def test_acronym_of_syllables() -> None:
    assert syllable_acronym("Đại học Bách khoa Hà Nội") == "DHBKHN"
