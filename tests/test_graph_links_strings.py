"""Strings to organisations: what Vietnamese and English affiliations mean, and what they must not be taken for.

The bodies are real universities with public facts, and made-up ones.
"""

from collections.abc import Iterable
from pathlib import Path

import pytest

from graph.links.strings.bodies import ACRONYM, ALIAS, NAME, Body
from graph.links.strings.linker import Match, Mention, StringLinker
from graph.links.strings.parameters import ParametersMissing, read_parameters, write_parameters
from graph.links.strings.reading import read_text

HANOI = ["Hà Nội", "Hanoi"]


def body(
    key: str, *names: str, acronym: str = "", parent: str = "", country: str = "VN", place: str = "", site: str = ""
) -> Body:
    said = [(NAME if at == 0 else ALIAS, name, None) for at, name in enumerate(names)]
    if acronym:
        said.append((ACRONYM, acronym, None))
    places = [place] if place else list(HANOI) if country == "VN" else []
    return Body(key, said, country, places, [site] if site else [], [parent] if parent else [])


BODIES = [
    body(
        "hust",
        "Đại học Bách khoa Hà Nội",
        "Hanoi University of Science and Technology",
        acronym="HUST",
        site="hust.edu.vn",
    ),
    body("vnu", "Đại học Quốc gia Hà Nội", "Vietnam National University, Hanoi", acronym="VNU"),
    body(
        "uet", "Trường Đại học Công nghệ", "VNU University of Engineering and Technology", acronym="UET", parent="vnu"
    ),
    body("ueb", "Trường Đại học Kinh tế", "VNU University of Economics and Business", parent="vnu"),
    body("neu", "Trường Đại học Kinh tế Quốc dân", "National Economics University", acronym="NEU"),
    body("law", "Trường Đại học Luật Hà Nội", "Hanoi Law University"),
    body("a", "Công ty Cổ phần Ánh Dương Ví Dụ"),
    body("b", "Công ty Cổ phần Bình Minh Ví Dụ"),
    body("c", "Công ty TNHH Thép Minh Họa"),
    body("d", "Công ty Cổ phần Thép Minh Họa"),
    body("duong", "Viện Nghiên cứu Mía Đường Ví Dụ"),
    body("sea", "Viện Nghiên cứu Mía Dương Ví Dụ"),
    body("york", "University of Examplebridge", country="GB", place="Examplebridge"),
    body("ohio", "University of Examplebridge", country="US", place="Columbus"),
]


def linker(bodies: Iterable[Body] = BODIES) -> StringLinker:
    return StringLinker.of(list(bodies), read_parameters())


@pytest.fixture(scope="module")
def known() -> StringLinker:
    return linker()


def link(known: StringLinker, text: str, country: str | None = None) -> set[str]:
    return {match.body for match in known.link_strings([Mention(text, country)])[0] if match.linked}


@pytest.mark.parametrize(
    "text",
    [
        "Đại học Bách khoa Hà Nội",
        "Dai hoc Bach khoa Ha Noi",
        "Trường Đại học Bách khoa Hà Nội, Số 1 Đại Cồ Việt, Hà Nội",
        "ĐẠI HỌC BÁCH KHOA HÀ NỘI",
        "ĐHBKHN",
        "ĐHBK Hà Nội",
        "ĐH Bách khoa Hà Nội",
        "Viện Cơ khí, Trường ĐH Bách khoa Hà Nội",
        "School of Electrical Engineering, Hanoi University of Science and Technology, Hanoi, Vietnam",
        "Hanoi Univ. of Sci. & Technol., Hanoi, Viet Nam",
        "HUST, Hanoi, Vietnam",
        "University of Science and Technology Hanoi",
    ],
)
def test_one_university_however_it_is_written(known: StringLinker, text: str) -> None:
    assert link(known, text) == {"hust"}


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        ("Trường Đại học Công nghệ, Đại học Quốc gia Hà Nội", {"uet", "vnu"}),
        ("Khoa Công nghệ Thông tin, Trường ĐH Công nghệ, ĐHQGHN", {"uet", "vnu"}),
        # a unit that is not known: the nearest parent that is, and no stranger of a like name
        ("Khoa Các khoa học liên ngành, Đại học Quốc gia Hà Nội", {"vnu"}),
        ("Trường Đại học Kinh tế Quốc dân, Hà Nội", {"neu"}),
    ],
)
def test_units_and_their_parents(known: StringLinker, text: str, bodies: set[str]) -> None:
    assert link(known, text) == bodies


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hà Nội",
        "Việt Nam",
        "Công ty Cổ phần",
        "Đại học",
        "Công ty Cổ phần Hoàng Hôn Ví Dụ",
        "Trường Đại học Thủy sản Minh Họa, Cà Mau",
        "Department of Physics, University of Nowhere-on-Sea, Nowhere, France",
    ],
)
def test_a_body_that_is_not_known_is_nobody(known: StringLinker, text: str) -> None:
    assert link(known, text) == set()


def test_firms_do_not_meet_by_their_legal_form(known: StringLinker) -> None:
    assert link(known, "Công ty Cổ phần Ánh Dương Ví Dụ") == {"a"}
    assert link(known, "CTCP Bình Minh Ví Dụ") == {"b"}
    assert link(known, "Công ty cổ phần Trăng Non") == set()


def test_another_legal_form_is_another_firm(known: StringLinker) -> None:
    assert link(known, "Công ty TNHH Thép Minh Họa") == {"c"}
    assert link(known, "Công ty Cổ phần Thép Minh Họa") == {"d"}


def test_diacritics_that_were_typed_tell_words_apart(known: StringLinker) -> None:
    assert link(known, "Viện Nghiên cứu Mía Đường Ví Dụ") == {"duong"}
    assert link(known, "Viện Nghiên cứu Mía Dương Ví Dụ") == {"sea"}
    either = known.link_strings([Mention("Vien Nghien cuu Mia Duong Vi Du")])[0]
    assert {match.body for match in either[:2]} == {"duong", "sea"}
    assert either[0].probability == pytest.approx(either[1].probability)


def test_places_tell_namesakes_apart(known: StringLinker) -> None:
    assert link(known, "Dept. of Chemistry, Univ. of Examplebridge, Examplebridge, UK") == {"york"}
    assert link(known, "University of Examplebridge, Columbus, United States") == {"ohio"}
    assert link(known, "University of Examplebridge", "US") == {"ohio"}
    assert link(known, "University of Examplebridge", "GB") == {"york"}


def test_the_domain_of_an_address_counts(known: StringLinker) -> None:
    text = "Bach khoa Hanoi, e-mail: an@soict.{}"
    with_own, with_other = (
        known.link_strings([Mention(text.format(host))])[0] for host in ("hust.edu.vn", "example.org")
    )
    assert _of(with_own, "hust").probability > _of(with_other, "hust").probability


def _of(found: list[Match], key: str) -> Match:
    return next(match for match in found if match.body == key)


def test_what_a_match_says_adds_up_to_its_odds(known: StringLinker) -> None:
    (best, *_) = known.link_strings([Mention("National Economics University, Hanoi")])[0]
    assert (best.body, best.name, best.linked, best.outright) == ("neu", "National Economics University", True, True)
    assert {feature for feature, _ in best.contributions} >= {"evidence", "outright", "place_agrees"}
    # alone, its probability is that of its log-odds; what others take makes it smaller
    total = sum(value for _, value in best.contributions)
    assert best.probability <= 1 / (1 + 2.718281828459045**-total) + 1e-9


STRINGS = [
    "Đại học Bách khoa Hà Nội",
    "ĐHBK Hà Nội",
    "Khoa Luật, Trường Đại học Luật Hà Nội",
    "National Economics University, Hanoi, Vietnam",
    "Công ty Cổ phần Ánh Dương Ví Dụ, Hà Nội",
    "University of Examplebridge, Examplebridge, UK",
]
ALIASES = ["Polytechnic of Illustration", "ABCXYZ", "Trường Minh Họa", "Hanoi Example College", "Viện Ví Dụ"]


@pytest.mark.parametrize("alias", ALIASES)
@pytest.mark.parametrize("text", STRINGS)
def test_another_alias_never_lowers_a_true_match(known: StringLinker, text: str, alias: str) -> None:
    (before,) = [match for match in known.link_strings([Mention(text)])[0] if match.linked]
    more = [
        Body(b.id, [*b.names, (ALIAS, alias, None)], b.country, b.places, b.hosts, b.parents)
        if b.id == before.body
        else b
        for b in BODIES
    ]
    (after,) = [match for match in linker(more).link_strings([Mention(text)])[0] if match.linked]
    assert after.body == before.body
    assert after.probability >= before.probability - 1e-9


def test_a_string_is_read_in_canonical_words() -> None:
    read = read_text("Dept. of Phys., Univ. di Hà Nội; R&D Centre, U.S.A. – mail: a@b.vn")
    assert [(word.text, word.segment) for word in read.words if word.segment < 4] == [
        ("department", 0),
        ("of", 0),
        ("phys", 0),
        ("university", 1),
        ("di", 1),
        ("hanoi", 1),
        ("rd", 2),
        ("center", 2),
        ("usa", 3),
    ]
    assert read.hosts == {"b.vn"}


def test_parameters_are_of_the_codes_comparisons(tmp_path: Path) -> None:
    with pytest.raises(ParametersMissing, match="ketnoi learn linking"):
        read_parameters(tmp_path)
    parameters = read_parameters()
    write_parameters(parameters, tmp_path)
    assert read_parameters(tmp_path) == parameters
    text = (tmp_path / f"{parameters.day}.json").read_text(encoding="utf-8")
    (tmp_path / f"{parameters.day}.json").write_text(text.replace('"evidence"', '"elegance"'), encoding="utf-8")
    with pytest.raises(ParametersMissing, match="other comparisons"):
        read_parameters(tmp_path)
