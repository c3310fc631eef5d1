"""Vietnamese strings: initials inside names, units beside their parents, and strangers of a like name.

The bodies here are made up. The strings of the files beside this one were written by hand, each with the registered body that it means
(``id``) and the one that may be linked besides, its parent (``also``), before the linker saw them; they need ROR's Vietnamese records.
"""

import csv
from pathlib import Path

import pytest

from graph.links.strings.bodies import ACRONYM, ALIAS, NAME, Body
from graph.links.strings.initials import Initials
from graph.links.strings.linker import Mention, StringLinker
from graph.links.strings.parameters import read_parameters
from graph.links.strings.reading import read_text
from ontology.institution_words import institution_words
from ontology.text import fold, plain_letters

REAL = Path(__file__).parents[2] / "shared" / "data" / "ror" / "vietnam_records.json"


def body(
    key: str, *names: str, acronym: str = "", parent: str = "", country: str = "VN", place: str = "Hà Nội"
) -> Body:
    said = [(NAME if at == 0 else ALIAS, name, None) for at, name in enumerate(names)]
    said += [(ACRONYM, acronym, None)] if acronym else []
    return Body(key, said, country, [place], [], [parent] if parent else [])


BODIES = [
    body("vd", "Đại học Quốc gia Ví Dụ", "Example National University", acronym="ENU"),
    body(
        "science", "Trường Đại học Khoa học Tự nhiên, Đại học Quốc gia Ví Dụ", "ENU University of Science", parent="vd"
    ),
    body("physics", "Khoa Vật lý Minh Họa", "Faculty of Illustrated Physics", parent="science"),
    body("lab", "Phòng thí nghiệm Vật liệu Minh Họa", parent="science"),
    body("key", "Phòng thí nghiệm trọng điểm Năng lượng Minh Họa", parent="science"),
    body("other", "Trường Đại học Khoa học Tự nhiên Thử Nghiệm", place="Đà Nẵng"),
    body("ministry", "Bộ Nông nghiệp và Phát triển Nông thôn Ví Dụ"),
    body("resources", "Trường Đại học Tài nguyên và Môi trường Ví Dụ"),
    body("centre", "Trung tâm Nghiên cứu Phát triển Tre Minh Họa"),
    body("child1", "Bệnh viện Nhi đồng Minh Họa 1", place="Đà Nẵng"),
    body("abroad", "Faculty of Information Technology", country="CZ", place="Brno"),
    body("fund", "Quỹ Phát triển Tre Quốc gia", acronym="QTREX"),
]


@pytest.fixture(scope="module")
def known() -> StringLinker:
    return StringLinker.of(BODIES, read_parameters())


def link(known: StringLinker, text: str) -> set[str]:
    return {match.body for match in known.link_strings([Mention(text)])[0] if match.linked}


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        ("Trường ĐH TN&MT Ví Dụ", {"resources"}),
        ("Trường ĐHTN&MT Ví Dụ", {"resources"}),
        ("Bộ NN&PTNT Ví Dụ", {"ministry"}),
        ("Bo Nong nghiep va Phat trien nong thon Vi Du", {"ministry"}),
        ("TT NCPT Tre Minh Họa", {"centre"}),
        ("Quỹ QTREX", {"fund"}),
        ("Bệnh viện Nhi đồng Minh Họa 1, Đà Nẵng", {"child1"}),
        ("Bệnh viện Nhi đồng Minh Họa 2, Đà Nẵng", set()),
    ],
)
def test_initials_stand_for_syllables_of_a_name(known: StringLinker, text: str, bodies: set[str]) -> None:
    assert link(known, text) == bodies


@pytest.mark.parametrize(
    ("text", "unit", "beside"),
    [
        # the unit that is known
        ("Khoa Vật lý Minh Họa, Trường ĐH Khoa học Tự nhiên, Đại học Quốc gia Ví Dụ", "physics", {"science", "vd"}),
        ("Phòng thí nghiệm Vật liệu Minh Họa, Trường ĐHKHTN, ĐHQG Ví Dụ", "lab", {"science", "vd"}),
        # else its nearest parent that is: never the namesake in another city, never the faculty abroad
        ("Khoa Hóa học, Trường ĐHKHTN, ĐHQG Ví Dụ", "science", {"vd"}),
        ("Khoa CNTT, Trường Đại học Khoa học Tự nhiên, ĐHQG Ví Dụ", "science", {"vd"}),
        ("Faculty of Information Technology, ENU University of Science, Hanoi, Vietnam", "science", {"vd"}),
        ("Khoa Luật, ĐHQG Ví Dụ", "vd", set()),
        # a key laboratory is a place at an institution
        ("Phòng thí nghiệm trọng điểm Năng lượng Minh Họa, Trường ĐHKHTN, ĐHQG Ví Dụ", "science", {"vd"}),
    ],
)
def test_a_unit_or_its_nearest_known_parent(known: StringLinker, text: str, unit: str, beside: set[str]) -> None:
    linked = link(known, text)
    assert unit in linked
    assert linked <= {unit, *beside}


@pytest.mark.parametrize("alias", ["Trường Tự nhiên", "ENU Science", "Viện Minh Họa", "TNVD"])
@pytest.mark.parametrize(
    "text", ["Khoa Hóa học, Trường ĐHKHTN, ĐHQG Ví Dụ", "ENU University of Science, Hanoi, Vietnam"]
)
def test_another_alias_never_lowers_a_true_match(known: StringLinker, text: str, alias: str) -> None:
    more = [
        Body(b.id, [*b.names, (ALIAS, alias, None)], b.country, b.places, b.hosts, b.parents)
        if b.id == "science"
        else b
        for b in BODIES
    ]
    before, after = (
        next(match for match in linker.link_strings([Mention(text)])[0] if match.body == "science")
        for linker in (known, StringLinker.of(more, read_parameters()))
    )
    assert before.linked
    assert after.linked
    assert after.probability >= before.probability - 1e-9


def test_a_key_laboratory_named_alone_is_linked(known: StringLinker) -> None:
    assert link(known, "Phòng thí nghiệm trọng điểm Năng lượng Minh Họa") == {"key"}


def test_initials_have_the_meanings_of_the_names_that_are_known() -> None:
    words: dict[str, int] = {}
    initials = Initials(lambda word: words.setdefault(word, len(words)))

    def meanings(letters: str) -> set[frozenset[str]]:
        by_number = {number: word for word, number in words.items()}
        return {frozenset(by_number[number] for number in run) for run in initials.meanings(letters)}

    # phrases of institution_words.yaml need no name
    assert meanings("khcn") == {frozenset({"science", "technology"})}
    assert meanings("tremh") == set()
    initials.add("Trường Đại học Luật Minh Họa")
    assert meanings("dhlmh") == {frozenset({"university", "law", "minh", "hoa"})}
    assert meanings("mh") >= {frozenset({"minh", "hoa"})}


def test_a_syllable_of_a_name_is_no_country(known: StringLinker) -> None:
    # "Đức" is Germany where it stands alone
    assert link(known, "Trường ĐH TN&MT Ví Dụ, Thủ Đức") == {"resources"}


def test_diacritics_that_were_typed_decide_what_a_word_is() -> None:
    read = [read_text(f"{word} Khoa học Ví Dụ").words[0].text for word in ("Sở", "Số", "So", "Viện", "Viên")]
    assert read == ["department", "so", "department", "institute", "vien"]


def test_initials_of_firms_do_not_make_their_legal_forms_meet() -> None:
    firms = [body("a", "Công ty Cổ phần Bình Minh Ví Dụ"), body("b", "Công ty TNHH Bình Minh Ví Dụ")]
    linker = StringLinker.of(firms, read_parameters())
    assert link(linker, "CTCP Bình Minh Ví Dụ") == {"a"}
    assert link(linker, "Công ty TNHH BMVD") <= {"b"}
    assert link(linker, "Công ty Cổ phần Hoàng Hôn Ví Dụ") == set()


def test_diacritics_tell_words_apart_beside_initials() -> None:
    institutes = [body("sugar", "Viện Nghiên cứu Mía Đường Ví Dụ"), body("sea", "Viện Nghiên cứu Mía Dương Ví Dụ")]
    linker = StringLinker.of(institutes, read_parameters())
    assert link(linker, "Viện NC Mía Đường Ví Dụ") == {"sugar"}
    assert link(linker, "Viện NC Mía Dương Ví Dụ") == {"sea"}


@pytest.mark.parametrize(
    ("text", "vietnamese"),
    [
        ("Bo Nong nghiep", True),
        ("HV Ngân hàng", True),
        ("Bưu điện", True),
        ("Universität Köln", False),
        ("Università di Bologna", False),
        ("Ministerio de Salud y Educación", False),
    ],
)
def test_a_vietnamese_text_is_told_by_its_vowels_and_phrases(text: str, vietnamese: bool) -> None:
    assert institution_words().is_vietnamese(text, fold(text)) is vietnamese


def test_letters_are_read_as_they_are_typed_without_them() -> None:
    assert plain_letters("Łódź, Tromsø, Þór") == "Lódź, Tromso, Thór"
    assert [word.text for word in read_text("Uniwersytet Łódzki").words] == ["university", "lodzki"]


def test_an_acronym_that_the_string_explains_is_no_other_bodys() -> None:
    bodies = [body("union", "Example Union of Carpenters", acronym="ABC", country="GB", place="Examplebridge")]
    linker = StringLinker.of(bodies, read_parameters())
    assert link(linker, "ABC, Examplebridge, UK") == {"union"}
    assert link(linker, "Academy of Bamboo Culture (ABC), Examplebridge, UK") == set()


def test_a_vietnamese_string_that_says_no_country_speaks_of_vietnam() -> None:
    ministries = [
        body(key, "Ministry of Science and Technology", country=country, place=place)
        for key, country, place in (("here", "VN", "Hà Nội"), ("there", "TH", "Bangkok"), ("elsewhere", "MZ", "Maputo"))
    ]
    linker = StringLinker.of(ministries, read_parameters())
    assert link(linker, "Bộ KH&CN") == {"here"}
    assert link(linker, "Bộ Khoa học và Công nghệ Thái Lan, Bangkok, Thailand") == {"there"}


@pytest.mark.real
@pytest.mark.skipif(not REAL.is_file(), reason="the real records are not beside the project")
@pytest.mark.parametrize(
    ("file", "strings", "at_most_wrong"),
    # the second file was written when the first one's strings had been looked at
    [("vietnamese_affiliations.csv", 126, 4), ("vietnamese_affiliations_later.csv", 30, 4)],
)
def test_strings_written_by_hand_against_the_vietnamese_records(file: str, strings: int, at_most_wrong: int) -> None:
    from api.commands.evaluating import read_register

    linker = StringLinker.of(read_register(REAL), read_parameters())
    with Path(__file__).with_name(file).open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert len(rows) == strings
    wrong = []
    for row in rows:
        wanted, beside = {row["id"]} - {""}, {row["also"]} - {""}
        linked = link(linker, row["name"])
        if not wanted <= linked <= wanted | beside:
            wrong.append(row["name"])
    assert len(wrong) <= at_most_wrong, wrong
