"""Erasing from the loads: what goes, what stays, what does not come back, and what is said of it. No views are made here."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from api.person_links import ask_for, asked_for, forget_person, make_link, open_link
from graph.answer.erasing import ErasureError, Plan, plan_erasure, put_up
from graph.links.linking import link
from graph.statements.cases import Case, new_key, read_cases, write_case
from graph.statements.claims import claim, read_claims
from graph.statements.home import Home, today
from graph.statements.judgements import correct, judge_pair
from graph.statements.load_writing import write_load
from graph.statements.loads import Load, Origin, loads, withdraw
from graph.statements.scrubbing import begun, finish, scrub
from graph.statements.tombstones import read_tombstones, tombstone_of
from graph.statements.watches import Look, Watches
from loaders.reading import open_file
from ontology.statement import ABOUT, mention_id
from tests.desk import headers_of
from tests.erased_bytes import holding

NAME, MAIL, CALL, ORCID = "Tạ Thị Xóa Thử Nghiệm", "xoa.ta@thunghiem.example", "0912345678", "0000-0002-1825-0097"
WORDS = (NAME, MAIL, "912345678", ORCID, "CG-XOA")
"""Of the person who is erased, all made up."""
NAMESAKE, COLLEAGUE = "CG-TRUNG", "CG-DONG"
EXPERTS = [
    {"Mã chuyên gia": "CG-XOA", "Họ và tên": NAME, "Mã lĩnh vực": "2.7", "Điện thoại": CALL, "Thư điện tử": MAIL,
     "Ngày đồng ý cho liên hệ": "2026-01-15"},
    {"Mã chuyên gia": NAMESAKE, "Họ và tên": "Tạ Thị Khác Thử Nghiệm", "Mã lĩnh vực": "2.2", "Điện thoại": "0987654321"},
    {"Mã chuyên gia": COLLEAGUE, "Họ và tên": "Lê Văn Đồng Thử Nghiệm", "Mã lĩnh vực": "2.7", "Thư điện tử": "dong@thunghiem.example"},
]  # fmt: skip
TECHNOLOGIES = [
    {"Mã công nghệ": "CN-1", "Tên công nghệ": "Màng lọc Thử Nghiệm", "Mã IPC": "C02F", "Mã tác giả": f"CG-XOA;{COLLEAGUE}",
     "Mô tả": f"Màng lọc; hỏi {MAIL} để biết thêm."},
]  # fmt: skip
MEMBERSHIPS = [
    {"Mã chuyên gia": "CG-XOA", "Đơn vị công tác": "Viện Nước Thử Nghiệm", "Chức danh": "nghiên cứu viên", "Từ ngày": "2019-01-01"},
]  # fmt: skip


def take(home: Home, shape: str, kind: str, rows: list[dict[str, str]]) -> Load:
    """Load rows of a shape as an office sends them."""
    import csv

    file = home.path.parent / f"{shape}.csv"
    with file.open("w", encoding="utf-8", newline="") as target:
        table = csv.DictWriter(target, headers_of(shape), restval="")
        table.writeheader()
        table.writerows(rows)
    reading = open_file(kind, file, f"test/{shape}")
    origin = Origin(
        reading.source, kind, reading.shape, file.name, whole=False, found=reading.notes, remembered=reading.remembered
    )
    return write_load(home, origin, reading.items)


def person(code: str = "CG-XOA") -> str:
    return mention_id("test/experts", code, ABOUT)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office's files, a load that was withdrawn, an earlier version, a refused row, judgements, and a case that names the person."""
    home = Home(tmp_path_factory.mktemp("erasing") / "home")
    old = [EXPERTS[0] | {"Thư điện tử": "cu." + MAIL}, *EXPERTS[1:]]
    take(home, "experts", "university", old)
    assert take(home, "experts", "university", EXPERTS).changed == 1
    refused = take(home, "experts", "university", [EXPERTS[0] | {"Ngày đồng ý cho liên hệ": "hôm kia"}])
    assert refused.refused == 1
    take(home, "technologies", "university", TECHNOLOGIES)
    take(home, "memberships", "university", MEMBERSHIPS)
    orcid = take_orcid(home)
    link(home)
    withdraw(home, orcid.load)
    correct(home, person(), ("Person",), "academicTitle", "TS", None, "phutrach")
    judge_pair(home, person(NAMESAKE), person(), False, "phutrach", "two persons")
    case = Case(new_key(), "moigioi", "technology", "Màng lọc", f"Khách là {NAME}, {CALL}.", day=today(), fields=())
    write_case(home, case)
    claim(home, "organisation", "moigioi", f"Hỏi {NAME}, {CALL}.")
    look = Look(1, 1, "{}", frozenset())
    watch = Watches(home).begin("moigioi", "", {"text": f"việc của {NAME}"}, "vi", look)
    news = json.dumps({"fits": [f"tác giả: {NAME}"]}, ensure_ascii=False)
    assert Watches(home).looked(watch, replace(look, publish=2), "s", "2026-11-24", news)
    return home.path


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Home:
    """A copy of that for each test."""
    return Home(Path(shutil.copytree(made, tmp_path / "home")))


def take_orcid(home: Home) -> Load:
    """A record of another source that gives an identifier of the person, which nothing else does."""
    from ontology.statement import Mentions

    mentions = Mentions("test/register", ORCID, 1)
    about = mentions.mention(ABOUT, "Person")
    mentions.value(about, "name", NAME)
    mentions.value(about, "email", MAIL)
    mentions.identifier(about, "orcid", ORCID)
    return write_load(home, Origin("test/register", "orcid", "person"), iter([mentions.record]))


def said(home: Home, words: str = "%") -> list[dict[str, Any]]:
    """All statements of all loads."""
    files = [str(home.loads / load.load / "statements.parquet") for load in loads(home)]
    with duckdb.connect() as con:
        found = con.execute("SELECT * FROM read_parquet(?) WHERE coalesce(value, '') LIKE ?", [files, words])
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def erase(home: Home, *, code: str = "CG-XOA", prop: str | None = None) -> Plan:
    """As the program does, but for the views."""
    plan = plan_erasure(home, person(code), prop)
    put_up(home, plan, "request", "phiếu số 12")
    for one in begun(home):
        scrub(home, one)
    finish(home, begun(home))
    return plan


def test_nothing_of_a_person_is_found_in_any_byte(home: Home) -> None:
    before = {path for path, _ in holding(home.path, WORDS)}
    assert len([path for path in before if path.endswith(".parquet")]) > 8, "else the search would find nothing anyway"
    assert any(path.endswith("rejects.jsonl") for path in before)
    plan = erase(home)
    assert holding(home.path, WORDS) == []
    assert begun(home) == []
    assert plan.statements["Person"] > 5
    assert plan.statements["Membership"] == 5
    # who is not meant is there as before
    names = {row["value"] for row in said(home) if row["property"] == "name"}
    assert {"Tạ Thị Khác Thử Nghiệm", "Lê Văn Đồng Thử Nghiệm", "Viện Nước Thử Nghiệm", "Màng lọc Thử Nghiệm"} <= names
    assert {row["subject"] for row in said(home) if row["property"] == "telephone"} == {person(NAMESAKE)}
    assert {row["property"] for row in said(home) if row["subject"] == person(COLLEAGUE)} >= {
        "name",
        "email",
        "hasField",
    }
    (described,) = [
        row["value"] for row in said(home) if row["property"] == "description" and "Màng lọc;" in row["value"]
    ]
    assert described == "Màng lọc; hỏi […] để biết thêm."
    assert read_cases(home)[0].text == "Khách là […], […]."
    assert read_claims(home).claims[0].note == "Hỏi […], […]."
    assert Watches(home).of("moigioi")[0].question == {"text": "việc của […]"}
    assert Watches(home).notices("moigioi")[0].news == '{"fits": ["tác giả: […]"]}'


def test_the_technology_keeps_its_other_inventor(home: Home) -> None:
    def inventors() -> int:
        return sum(row["property"] == "inventor" for row in said(home))

    assert inventors() == 2
    erase(home)
    assert inventors() == 1


def test_the_same_rows_bring_nobody_back(home: Home) -> None:
    erase(home)
    again = take(home, "experts", "university", EXPERTS)
    assert (again.accepted, again.changed, again.gone) == (3, 0, 0)
    assert any("was left out" in sentence for sentence in again.found)
    # nor does a row that is not the same, under the same code, nor the same person in another table or under an identifier
    changed = take(
        home, "experts", "university", [EXPERTS[0] | {"Học hàm, học vị": "GS"}, EXPERTS[2] | {"Học hàm, học vị": "GS"}]
    )
    assert (changed.accepted, changed.changed) == (2, 1)
    take(home, "technologies", "university", [TECHNOLOGIES[0] | {"Mã công nghệ": "CN-2", "Mô tả": ""}])
    take(home, "memberships", "university", MEMBERSHIPS)
    take_orcid(home)
    refused = take(home, "experts", "university", [EXPERTS[0] | {"Ngày đồng ý cho liên hệ": "hôm kia"}])
    assert refused.refused == 1
    # the text of a record that did not change stays blanked as well
    take(home, "technologies", "university", TECHNOLOGIES)
    assert holding(home.path, WORDS) == []
    assert {row["value"] for row in said(home) if row["property"] == "academicTitle"} == {"GS"}


def test_a_telephone_of_an_office_stays_with_the_others_who_have_it(home: Home) -> None:
    shared = {"Mã chuyên gia": "CG-CHUNG", "Họ và tên": "Võ Thị Chung Thử Nghiệm", "Điện thoại": CALL}
    take(home, "experts", "university", [shared])
    erase(home)
    assert {row["subject"] for row in said(home, "%12345678")} == {person("CG-CHUNG")}
    again = take(home, "experts", "university", [shared | {"Học hàm, học vị": "ThS"}])
    assert (again.changed, again.unchanged) == (1, 0)


def test_somebody_else_with_that_name_is_welcome(home: Home) -> None:
    erase(home)
    other = {"Mã chuyên gia": "CG-KHAC", "Họ và tên": NAME, "Mã lĩnh vực": "1.2", "Điện thoại": CALL}
    assert take(home, "experts", "university", [other]).changed == 1
    assert [row["subject"] for row in said(home, NAME)] == [person("CG-KHAC")]


def test_the_tombstone_says_when_and_why_and_nothing_of_whom(home: Home) -> None:
    technology = mention_id("test/technologies", "CN-1", ABOUT)
    old_ids = {row["subject"] for row in said(home, NAME)}
    assert len(old_ids) > 1
    erase(home)
    for identifier in old_ids:
        stone = tombstone_of(home, identifier)
        assert stone is not None
        assert (stone.reason, stone.property) == ("request", None)
        assert stone.on <= today()
    assert tombstone_of(home, technology) is None
    assert tombstone_of(home, person(NAMESAKE)) is None
    file = home.path / "erased.json"
    assert file.stat().st_mode & 0o077 == 0
    content = json.loads(file.read_text())
    (kept,) = content["tombstones"]
    assert set(kept) == {"on", "reason", "note", "property", "ids", "keys"}
    hashes = [*kept["ids"], *kept["keys"]]
    assert all(len(one) == 32 and int(one, 16) >= 0 for one in hashes)
    assert not set(old_ids) & set(hashes)
    # with another key the same ids would be other hashes
    known = read_tombstones(home)
    assert known is not None
    assert type(known)("00" * 32).of_id(person()) != known.of_id(person())


def test_a_reason_that_names_the_person_is_refused(home: Home) -> None:
    plan = plan_erasure(home, person())
    with pytest.raises(ErasureError, match="names what is to be forgotten"):
        put_up(home, plan, "other", "theo don cua ta thi xoa thu nghiem")
    assert read_tombstones(home) is None
    assert begun(home) == []


def test_what_can_not_be_erased_is_said(home: Home) -> None:
    with pytest.raises(ErasureError, match="is no person"):
        plan_erasure(home, mention_id("test/technologies", "CN-1", ABOUT))
    with pytest.raises(ErasureError, match="no property"):
        plan_erasure(home, person(), "shoeSize")
    with pytest.raises(ErasureError, match="nothing is on record"):
        plan_erasure(home, "AAAAAAAAAAAA")
    erase(home)
    with pytest.raises(ErasureError, match=r"was erased on \d{4}-\d\d-\d\d"):
        plan_erasure(home, person())


def test_places_that_are_not_touched_are_named(home: Home) -> None:
    take(
        home,
        "technologies",
        "university",
        [{"Mã công nghệ": "CN-9", "Tên công nghệ": f"Giải pháp của {NAME}", "Mã IPC": "C02F"}],
    )
    plan = erase(home)
    assert len(plan.staying) == 1
    assert {word for _, word in holding(home.path, WORDS)} == {NAME.casefold()}


def test_one_property_goes_and_its_value_does_not_come_back(home: Home) -> None:
    plan = erase(home, prop="email")
    assert set(plan.statements) == {"Person"}
    mine = {row["property"] for row in said(home) if row["subject"] == person()}
    assert "email" not in mine
    assert {"name", "telephone", "hasField"} <= mine
    assert tombstone_of(home, person()) is None, "the person is not erased"
    take(home, "experts", "university", EXPERTS)
    assert not [row for row in said(home, MAIL) if row["property"] == "email"]
    # another address may be told
    take(home, "experts", "university", [EXPERTS[0] | {"Thư điện tử": "moi@thunghiem.example"}])
    assert [row["subject"] for row in said(home, "moi@%")] == [person()]


def test_an_interrupted_erasure_goes_on_where_it_was(home: Home) -> None:
    plan = plan_erasure(home, person())
    put_up(home, plan, "request")
    (waiting,) = begun(home)
    assert waiting == plan.erasing
    scrub(home, waiting)
    done = {path: path.read_bytes() for path in home.loads.rglob("*") if path.is_file()}
    # killed here: the next publish begins anew
    scrub(home, waiting)
    assert {path: path.read_bytes() for path in home.loads.rglob("*") if path.is_file()} == done
    finish(home, [waiting])
    assert not (home.path / "erasing.json").exists()


def test_a_load_that_was_being_written_meanwhile_is_refused(home: Home) -> None:
    from graph.statements.loads import LoadError
    from ontology.statement import Item, Mentions

    def items() -> "list[Item]":
        put_up(home, plan_erasure(home, person()), "request")
        return [Mentions("test/late", "1", 1).record]

    def lazily() -> "Any":
        yield from items()

    with pytest.raises(LoadError, match="load it again"):
        write_load(home, Origin("test/late", "university", "late"), lazily())


def test_links_and_wishes_of_who_is_erased(home: Home) -> None:
    secret = make_link(home, person(), "phutrach", "2099-01-01")
    ask_for(home, person(), "erasure", f"Xin xóa, {NAME}")
    file = home.path / "persons.json"
    assert secret not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    link_before = open_link(home, secret)
    assert link_before is not None
    assert link_before.person == person()
    assert open_link(home, secret + "x") is None
    plan = erase(home)
    forget_person(home, plan.erasing.mentions, "2026-11-30", "request")
    after = open_link(home, secret)
    assert after is not None
    assert (after.person, after.erased) == (None, "2026-11-30")
    assert [(one.person, one.text, one.answer) for one in asked_for(home)] == [(None, "", "done")]
    assert holding(home.path, WORDS) == []
