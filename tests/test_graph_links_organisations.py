"""Linking of organisations as records: what is compared, what forbids, and what the model finds beside rules. All bodies are made up."""

from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from graph.links.matching import Link, organisations
from graph.links.organisations import LIKELY, LINKED, by_records, compared
from graph.links.profiles import Profile
from graph.links.records.bodies import excludes
from graph.links.records.organisation_learning import learn_organisations, written_twice
from graph.links.records.organisations import ORGANISATIONS, canonical_words, count_words
from graph.links.records.parameters import read_organization_parameters, write_record_parameters
from graph.links.strings.bodies import ACRONYM, ALIAS, NAME, Body
from graph.statements.loads import connect
from ontology.text import name_key

_numbers = count()


def profile(*names: str, **said: Any) -> Profile:
    """A profile with one mention, in a source of its own."""
    at = next(_numbers)
    lists = {key: frozenset(value) for key, value in said.items() if isinstance(value, (list, set))}
    return Profile([f"m{at}"], at, f"s{at}", names, said.pop("classes", frozenset({"Organization"})), **(said | lists))


def probability(*profiles: Profile) -> float:
    """How probable it is that the first two of some profiles are one body; 0 where they are not compared."""
    with connect() as con:
        pairs = compared(con, [*profiles], read_organization_parameters())
    found = pairs.probability[(pairs.left == 0) & (pairs.right == 1)]
    return float(found[0]) if len(found) else 0.0


def linked(*profiles: Profile, rules: bool = False) -> bool:
    """Whether the model, beside the rules where asked, links the first two."""
    told = [*organisations([*profiles])] if rules else []
    with connect() as con:
        found = [*by_records(con, [*profiles], told, None, read_organization_parameters())]
    ends = {frozenset((link.later, link.earlier)) for link in found}
    return frozenset((profiles[0].first, profiles[1].first)) in ends


HANOI: dict[str, Any] = {"places": ["Hà Nội"], "country": "VN"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Trường Đại học Bách nghệ Zyxquen", "University of Bách nghệ Zyxquen"),
        ("Zyxquen University of Science", "Trường Đại học Khoa học Zyxquen"),
        ("Viện Khoa học Zyxquen", "Zyxquen Institute of Science"),
        ("Trường ĐH Khoa học Zyxquen", "University of Science, Zyxquen"),
    ],
)
def test_words_in_another_order_or_language_are_one_name(one: str, other: str) -> None:
    assert linked(profile(one, **HANOI), profile(other, **HANOI))


def test_proper_names_keep_their_order() -> None:
    """ "Minh Anh" and "Anh Minh" are two firms, whatever place they share."""
    one, other = (profile(f"Công ty TNHH {name}", **HANOI) for name in ("Zyxminh Qpoanh", "Qpoanh Zyxminh"))
    assert probability(one, other) < LINKED
    assert not linked(one, other)


def test_a_short_form_is_made_of_syllables() -> None:
    name = "Trường Đại học Khoa học Thử nghiệm Zyxquen"  # ĐHKHTNZ without "Trường"
    alone = probability(profile(name, **HANOI), profile("ĐHKHTNZ", **HANOI))
    assert alone > probability(profile(name, **HANOI), profile("ĐHKTHNX", **HANOI))
    english = profile("Zyxquen University of Science and Technology", **HANOI)
    assert probability(english, profile("ZUST", **HANOI)) > probability(english, profile("ZUXT", **HANOI))


FORBIDDEN: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"identifiers": {("tax-code", "1")}}, {"identifiers": {("tax-code", "2")}}),
    ({"identifiers": {("ror", "a"), ("isni", "1")}}, {"identifiers": {("ror", "b"), ("isni", "1")}}),
    ({"country": "VN"}, {"country": "LA"}),
    ({"classes": frozenset({"Ministry"})}, {"classes": frozenset({"Enterprise"})}),
]


@pytest.mark.parametrize(("mine", "theirs"), FORBIDDEN)
def test_what_forbids_is_not_traded(mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Everything else is shared: an order of words, a site, a place."""
    shared: dict[str, Any] = {"hosts": {"zyxquen.example"}, "places": {"Hà Nội"}}
    one = profile("Viện Khoa học Zyxquen", **shared | mine)
    other = profile("Zyxquen Institute of Science", **shared | theirs)
    assert excludes(one, other)
    assert not linked(one, other)
    assert linked(profile("Viện Khoa học Zyxquen", **shared), profile("Zyxquen Institute of Science", **shared))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Công ty Cổ phần Zyxquen", "Công ty TNHH Zyxquen"),
        ("Viện nghiên cứu Đường Zyxquen", "Viện nghiên cứu Dương Zyxquen"),
        ("Viện Zyxquen Đường", "Viện Dương Zyxquen"),
        ("Học viện Zyxquen khu vực I", "Học viện Zyxquen khu vực II"),
        ("Trường Cao đẳng Zyxquen số 17", "Trường Cao đẳng Zyxquen số 18"),
    ],
)
def test_names_that_are_never_one(one: str, other: str) -> None:
    shared: dict[str, Any] = {"hosts": {"zyxquen.example"}, "places": {"Hà Nội"}, "acronyms": {"ZQXYZ"}}
    assert excludes(profile(one), profile(other))
    assert not linked(profile(one, **shared), profile(other, **shared))


def test_what_one_source_describes_as_two_are_two() -> None:
    """A register has a record for each; a cell with nothing but a name may name one of them in other words."""
    one = profile("Viện Khoa học Zyxquen", **HANOI, hosts={"zyxquen.example"})
    other = replace(profile("Zyxquen Institute of Science", **HANOI, hosts={"zyxquen.example"}), source=one.source)
    assert not linked(one, other)
    assert linked(one, replace(other, source="another"))
    named = profile("Toyoqua Zyxson Co., Ltd.")
    assert linked(named, replace(profile("TOYOQUA ZYXSON CO.,LTD."), source=named.source))


def test_two_that_exclude_each_other_do_not_meet_by_a_third() -> None:
    """The first has a tax code, the second another; the third has none and could be either."""
    same: dict[str, Any] = {"places": {"Hà Nội"}, "hosts": {"zyxquen.example"}}
    one = profile("Viện Khoa học Zyxquen", identifiers={("tax-code", "1")}, **same)
    two = profile("Zyxquen Science Institute", identifiers={("tax-code", "2")}, **same)
    third = profile("Zyxquen Institute of Science", **same)
    with connect() as con:
        found = [*by_records(con, [one, two, third], [], None, read_organization_parameters())]
    assert len(found) == 1 and third.first in (found[0].later, found[0].earlier)


@pytest.mark.parametrize("more", ["Zyxquen", "Học viện Abc", "Công ty TNHH Abc", "ABCDE", "Institute of Science"])
def test_an_alias_more_never_lowers_a_match(more: str) -> None:
    one, other = profile("Viện Khoa học Zyxquen", **HANOI), profile("Zyxquen Institute of Science", **HANOI)
    before = probability(one, other)
    assert before >= LINKED
    for first, second in (
        (profile(*one.names, more, **HANOI), other),
        (one, profile(*other.names, more, **HANOI)),
        (profile(*one.names, **HANOI, acronyms={"ABCDE"}), other),
        (profile(*one.names, **HANOI, hosts={"abc.example"}), profile(*other.names, **HANOI, hosts={"xyz.example"})),
    ):
        assert probability(first, second) >= before
        assert linked(first, second)


def test_typed_without_diacritics_it_may_be_either_so_it_is_neither() -> None:
    plain = profile("Vien nghien cuu Duong Zyxquen")
    one, other = profile("Viện nghiên cứu Đường Zyxquen"), profile("Viện nghiên cứu Dương Zyxquen")
    assert probability(plain, one) > probability(plain, one, other)


def test_a_link_by_name_stands_but_is_doubted_where_the_places_differ() -> None:
    one, other = profile("Trường Đại học Kinh tế", places={"Hà Nội"}), profile("Trường Đại học Kinh tế", places={"Huế"})
    (rule,) = organisations([one, other])
    with connect() as con:
        (link,) = by_records(con, [one, other], [rule], None, read_organization_parameters())
    assert rule.probability == 0.95 and link.probability < LIKELY
    assert link.reason == rule.reason
    near = profile("Trường Đại học Kinh tế", places={"Hà Nội"})
    (same,) = organisations([one, near])
    with connect() as con:
        assert [*by_records(con, [one, near], [same], None, read_organization_parameters())] == [same]


def test_who_did_not_change_is_not_decided_anew() -> None:
    one, other = profile("Viện Khoa học Zyxquen", **HANOI), profile("Zyxquen Institute of Science", **HANOI)
    kept = [Link(other.first, one.first, 0.95, "of before")]
    with connect() as con:
        parameters = read_organization_parameters()
        assert [*by_records(con, [one, other], kept, set(), parameters)] == kept
        (found,) = by_records(con, [one, other], [], {other.first}, parameters)
    assert (found.later, found.earlier) == (other.first, one.first) and found.probability >= LINKED


def test_words_are_counted_and_places_are_told_apart() -> None:
    said = [profile(f"Viện Khoa học Zyx{at}", places=["Thị xã Mẫu"]) for at in range(20)]
    counts = count_words(said)
    assert counts.total == 20
    assert counts.is_rare("abc") and counts.is_place("mau") and not counts.is_rare("mau")
    assert canonical_words(name_key("Viện Khoa học Zyx").core, "Viện Khoa học Zyx") == ("institute", "science", "zyx")


def _body(at: int) -> Body:
    names = [(NAME, f"Viện Khoa học Zyx{at}", "vi"), (ALIAS, f"Zyx{at} Institute", "en"), (ACRONYM, f"VKZ{at}", None)]
    return Body(f"b{at}", names, "VN", ["Hà Nội"], [f"zyx{at}.example"])


BODIES = [_body(at) for at in range(40)]


def test_each_body_is_written_twice_and_nothing_is_made_up() -> None:
    written = written_twice(BODIES, 3)
    assert sorted(body for body, _ in written) == sorted(body.id for body in BODIES for _ in range(2))
    known = {body.id: {name_key(text).core for _, text, _ in body.names} for body in BODIES}
    for body, said in written:
        assert said.names and {name_key(name).core for name in said.names} <= known[body]
    assert written_twice(BODIES, 3) == written != written_twice(BODIES, 4)


def test_what_is_learned_is_written_and_read_again(tmp_path: Path) -> None:
    learned = learn_organisations(BODIES, 1, "2026-01-01")
    assert learned.bodies == 40
    assert {name: len(shares) for name, shares in learned.learned.m.items()} == {
        one.name: len(one.levels) for one in ORGANISATIONS.comparisons
    }
    write_record_parameters(learned, tmp_path)
    assert read_organization_parameters(tmp_path) == learned


def test_what_is_shipped_fits_the_comparisons() -> None:
    learned = read_organization_parameters().learned
    for one in ORGANISATIONS.comparisons:
        assert len(learned.m[one.name]) == len(learned.u[one.name]) == len(one.levels)
