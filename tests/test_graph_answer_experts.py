"""Experts and partners of the sample, held against its files."""

from collections import defaultdict
from pathlib import Path

import httpx
import numpy as np
import pytest

from graph.answer import acquaintance
from graph.answer.coverage import Coverage
from graph.answer.errors import AnswerError
from graph.answer.expert_model import ExpertQuestion, Experts
from graph.answer.experts import find_experts
from graph.answer.partner_model import PartnerQuestion, Partners
from graph.answer.partners import find_partners
from graph.answer.reading import Reading
from graph.views.arrays import day_number
from tests.conftest import SAMPLE_DAY, ketnoi
from tests.sample_files import Row, SampleFiles, day, several

pytestmark = pytest.mark.neo4j


def ask(reading: Reading, **parts: object) -> Experts:
    return find_experts(reading, ExpertQuestion.model_validate({"as_of": SAMPLE_DAY} | parts))


ASPECTS = {
    "field": "technology_fields",
    "industry": "need_industries",
    "area": "organisation_places",
    "language": "organisation_languages",
}
"""Aspect → where concepts of it are found."""


def partners(reading: Reading, **parts: object) -> Partners:
    return find_partners(reading, PartnerQuestion.model_validate({"as_of": SAMPLE_DAY, "limit": 200} | parts))


def holds(row: Row, on: str = SAMPLE_DAY) -> bool:
    return (day(row["Từ ngày"]) or on) <= on <= (day(row["Đến ngày"]) or on)


def test_a_text_finds_those_who_made_what_it_names(sample_reading: Reading, sample_files: SampleFiles) -> None:
    told = [(f"{row['Tên công nghệ']} {row['Mã IPC']}", row["Mã tác giả"]) for row in sample_files.technologies()]
    told += [(f"{row['Tên nhiệm vụ']} {row['Tên kết quả']}", row["Mã chủ nhiệm"]) for row in sample_files.tasks()]
    named = [cell for text, cell in told if "nước thải" in text.casefold() or "C02F" in text]
    codes = {code for cell in named for code in several(cell)}
    made = {sample_files.coded("expert-code", code) for code in codes}
    found = ask(sample_reading, text="xử lý nước thải", limit=10)
    assert len(found.experts) == 10
    assert found.truncated
    assert {one.expert.id for one in found.experts} <= made
    assert [one.score for one in found.experts] == sorted((one.score for one in found.experts), reverse=True)
    for one in found.experts:
        assert sum(reason.value for reason in one.reasons) == pytest.approx(one.score)
        assert one.evidence
        assert all(source.file and source.line for evidence in one.evidence for source in evidence.sources)
        assert all(evidence.sources for evidence in one.evidence)


def test_the_same_is_asked_in_english(sample_reading: Reading) -> None:
    english = ask(sample_reading, text="wastewater treatment", language="en", limit=20)
    vietnamese = ask(sample_reading, text="xử lý nước thải", limit=20)
    both = {one.expert.id for one in english.experts} & {one.expert.id for one in vietnamese.experts}
    assert len(both) >= 10
    assert "nearest to what was asked" in english.experts[0].reasons[0].sentence


def test_those_who_made_a_technology_come_first(sample_reading: Reading, sample_files: SampleFiles) -> None:
    rows = [row for row in sample_files.technologies() if row["Mã tác giả"]][:5]
    for row in rows:
        authors = {sample_files.coded("expert-code", code) for code in several(row["Mã tác giả"])}
        found = ask(sample_reading, technology=row["Mã công nghệ"], limit=len(authors))
        assert {one.expert.id for one in found.experts} == authors, row["Mã công nghệ"]
        assert all("made" in {reason.feature for reason in one.reasons} for one in found.experts)


def test_an_employer_is_that_of_the_day(sample_reading: Reading, sample_files: SampleFiles) -> None:
    stays = sample_files.table("qua-trinh-cong-tac")
    for on in (SAMPLE_DAY, "2019-06-30"):
        found = ask(sample_reading, text="vật liệu mới", as_of=on, limit=30)
        for one in found.experts:
            theirs = {
                sample_files.body(row["Đơn vị công tác"])
                for row in stays
                if sample_files.coded("expert-code", row["Mã chuyên gia"]) == one.expert.id and holds(row, on)
            }
            assert {stay.organization.id for stay in one.employment} == theirs
            assert (one.organization.id if one.organization else None) in (theirs or {None})


def test_a_claim_counts_while_it_is_valid(sample_reading: Reading, sample_files: SampleFiles) -> None:
    row = next(row for row in sample_files.table("khai-bao-chuyen-mon") if row["Đến ngày"])
    expert = sample_files.coded("expert-code", row["Mã chuyên gia"])
    claim = sample_files.numbered("ExpertiseClaim", row["Số khai báo"])
    seen = {}
    for on in (day(row["Đến ngày"]), "2026-11-24"):
        found = ask(sample_reading, text=row["Minh chứng"] + " vật liệu mới", as_of=on, limit=200)
        told = [evidence.about.id for one in found.experts if one.expert.id == expert for evidence in one.evidence]
        seen[on] = claim in told
    assert list(seen.values()) == [True, False]


def test_nothing_that_was_not_known_before_speaks_for_anybody(sample_reading: Reading) -> None:
    found = ask(sample_reading, text="xử lý nước thải", as_of="2018-01-01", limit=50)
    days = [evidence.day for one in found.experts for evidence in one.evidence if evidence.day]
    assert days
    assert max(days) <= "2018-01-01"


def test_a_firm_without_a_name_that_is_known_is_refused(sample_reading: Reading) -> None:
    with pytest.raises(AnswerError, match="no firm is called"):
        ask(sample_reading, firm="Công ty Không Có")


def test_a_firm_is_helped_with_its_needs(sample_reading: Reading, sample_files: SampleFiles) -> None:
    row = sample_files.table("nhu-cau-cong-nghe")[0]
    firm = sample_files.body(row["Doanh nghiệp"])
    needs = [one for one in sample_files.table("nhu-cau-cong-nghe") if one["Doanh nghiệp"] == row["Doanh nghiệp"]]
    found = ask(sample_reading, firm=firm, limit=5)
    assert found.understood[0].id == firm
    assert found.experts
    if len(needs) == 1:
        need = ask(sample_reading, need=sample_files.numbered("TechnologyNeed", row["Mã nhu cầu"]), limit=5)
        assert {one.expert.id for one in need.experts} & {one.expert.id for one in found.experts}


def test_contact_data_of_persons_is_never_shown(sample_client: httpx.Client, sample_files: SampleFiles) -> None:
    answer = sample_client.get("/api/experts", params={"text": "xử lý nước thải", "limit": 200, "as_of": SAMPLE_DAY})
    assert answer.status_code == 200
    document = Experts.model_validate(answer.json())
    assert len(document.experts) > 20
    private = {
        row[column]
        for row in sample_files.table("chuyen-gia")
        for column in ("Điện thoại", "Thư điện tử")
        if row.get(column)
    }
    assert private
    assert not [value for value in private if value in answer.text]


def test_asking_for_nothing_or_by_a_wrong_day_is_a_problem(sample_client: httpx.Client) -> None:
    for address in (
        "/api/experts",
        "/api/experts?text=a&as_of=2026-13-01",
        "/api/experts?firm=Khong+Co+Ai",
        "/api/partners",
        "/api/partners?intermediary=Khong+Co+Ai",
    ):
        answer = sample_client.get(address)
        assert answer.status_code == 422, address
        assert answer.headers["content-type"].startswith("application/problem+json")


def offered(sample_files: SampleFiles) -> dict[str, set[str]]:
    """Intermediary → kinds of service that it offers on the day, by the file."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in sample_files.table("dich-vu-chuyen-giao"):
        if holds(row):
            found[row["Tổ chức cung cấp"]].add(row["Loại dịch vụ"])
    return found


def test_partners_cover_the_services_that_one_lacks(sample_reading: Reading, sample_files: SampleFiles) -> None:
    kinds = offered(sample_files)
    mine = min(kinds, key=lambda name: (len(kinds[name]), name))
    code = sample_files.technologies()[0]["Mã công nghệ"]
    found = partners(sample_reading, intermediary=mine, technology=code)
    lacking = {one.concept.name for one in found.wanted if one.aspect == "service" and not one.covered}
    assert lacking == {one.concept.name for one in found.wanted if one.aspect == "service"} - kinds[mine]
    told = {
        one.intermediary.id: {part.concept.name for part in one.covers if part.aspect == "service"}
        for one in found.partners
    }
    for name, theirs in kinds.items():
        if name != mine and theirs & lacking:
            assert told[str(sample_files.body(name))] == theirs & lacking, name
    assert all(part.sources for one in found.partners for part in one.covers)
    assert sample_files.body(mine) not in told
    assert [one.score for one in found.partners] == sorted((one.score for one in found.partners), reverse=True)
    assert all(0 < one.score <= 1 for one in found.partners)


def test_whoever_is_said_to_know_a_buyer_had_to_do_with_it(sample_reading: Reading, sample_files: SampleFiles) -> None:
    introduced = {
        (sample_files.body(row["Bên môi giới"]), sample_files.body(row["Bên nhận"]))
        for row in sample_files.table("hop-dong-chuyen-giao")
        if row["Bên môi giới"]
    }
    engaged = {
        (sample_files.body(row["Bên cung cấp dịch vụ"]), sample_files.body(client))
        for row in sample_files.table("hop-dong-dich-vu")
        for client in several(row["Khách hàng"])
    }
    kinds = offered(sample_files)
    code = sample_files.technologies()[0]["Mã công nghệ"]
    found = partners(sample_reading, intermediary=min(kinds), technology=code)
    pairs = {(one.intermediary.id, event.firm.id) for one in found.partners for event in one.knows}
    assert pairs
    assert pairs <= introduced | engaged
    known = {one.firm.id for one in found.buyers if one.known}
    assert not {firm for _, firm in pairs} & known
    assert all(event.sources for one in found.partners for event in one.knows)


def test_who_covers_what_is_the_same_of_all_at_once_as_of_each(sample_reading: Reading) -> None:
    coverage, arrays = Coverage(sample_reading, day_number(SAMPLE_DAY)), sample_reading.views.arrays
    bodies = np.array(sorted(coverage.bodies()))
    concepts = {name: set(arrays.matrices[matrix].indices.tolist()) for name, matrix in ASPECTS.items()}
    services = {at for at, one in enumerate(arrays.ids["concept"]) if one.startswith("scheme/service-kind/1/")}
    wanted = [(name, at) for name, several in {**concepts, "service": services}.items() for at in sorted(several)]
    found = coverage.covering(bodies, wanted)  # type: ignore[arg-type]
    expected = [[coverage.covers(int(body), place) for place in wanted] for body in bodies]  # type: ignore[arg-type]
    assert found.tolist() == expected
    assert found.any(axis=0).sum() > 20 and not found.all()


def test_introductions_are_the_same_gone_through_or_looked_up(
    sample_reading: Reading, sample_files: SampleFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = min(offered(sample_files))
    monkeypatch.setattr(acquaintance, "_ONE_BY_ONE", 0)
    gone_through = partners(sample_reading, intermediary=mine)
    monkeypatch.setattr(acquaintance, "_ONE_BY_ONE", 10**6)
    assert partners(sample_reading, intermediary=mine) == gone_through
    assert any(one.knows for one in gone_through.partners)


def test_a_partner_shows_whether_it_may_act(sample_reading: Reading, sample_files: SampleFiles) -> None:
    found = partners(sample_reading, intermediary=min(offered(sample_files)))
    states = {one.gate.state for one in found.partners}
    assert "pass" in states
    assert all(one.gate.gate == "broker" and one.gate.basis for one in found.partners)
    recognised = {sample_files.body(row["Tên tổ chức"]) for row in sample_files.table("cong-nhan-to-chuc-trung-gian")}
    brokering = {
        sample_files.body(row["Tổ chức cung cấp"])
        for row in sample_files.table("dich-vu-chuyen-giao")
        if row["Loại dịch vụ"].startswith(("Môi giới", "Tư vấn"))
    }
    for one in found.partners:
        assert one.gate.state != "pass" or one.intermediary.id in recognised | brokering


def test_warm_contacts_are_tied_to_the_inventors(sample_reading: Reading, sample_files: SampleFiles) -> None:
    stays = sample_files.table("qua-trinh-cong-tac")
    row = next(
        one
        for one in sample_files.technologies()
        if any(
            stay["Mã chuyên gia"] in several(one["Mã tác giả"]) and stay["Đến ngày"] and not holds(stay)
            for stay in stays
        )
    )
    authors = set(several(row["Mã tác giả"]))
    former = {
        sample_files.body(stay["Đơn vị công tác"])
        for stay in stays
        if stay["Mã chuyên gia"] in authors and (day(stay["Đến ngày"]) or SAMPLE_DAY) < SAMPLE_DAY
    }
    found = partners(sample_reading, intermediary=min(offered(sample_files)), technology=row["Mã công nghệ"])
    told = {one.organization.id for one in found.warm_contacts if one.tie == "former_employer"}
    assert told
    assert told <= former
    assert all(one.sources for one in found.warm_contacts)
    buyers = {one.firm.id for one in found.buyers}
    assert all(one.buyer == (one.organization.id in buyers) for one in found.warm_contacts)


def test_pages_show_what_the_api_answers(sample_client: httpx.Client, sample_files: SampleFiles) -> None:
    asked = {"as_of": SAMPLE_DAY, "lang": "en"}
    page = sample_client.get("/experts", params={"q": "wastewater treatment", **asked})
    api = sample_client.get(
        "/api/experts", params={"text": "wastewater treatment", "language": "en", "as_of": SAMPLE_DAY, "limit": 10}
    ).json()
    assert page.status_code == 200
    assert len(api["experts"]) == 10
    for one in api["experts"]:
        assert f"/id/{one['expert']['id']}" in page.text
        assert one["evidence"][0]["sources"][0]["record"] in page.text
    broker = min(offered(sample_files))
    page = sample_client.get("/partners", params={"intermediary": broker, **asked})
    api = sample_client.get("/api/partners", params={"intermediary": broker, "as_of": SAMPLE_DAY, "limit": 10}).json()
    assert page.status_code == 200
    assert api["partners"]
    for one in api["partners"]:
        assert f"/id/{one['intermediary']['id']}" in page.text


def test_pages_say_what_is_not_known_and_open_empty(sample_client: httpx.Client) -> None:
    for address in ("/experts", "/partners"):
        assert sample_client.get(address).status_code == 200
    for address in ("/experts?firm=%3Cimg+onerror%3D1%3E", "/partners?intermediary=%3Cimg+onerror%3D1%3E"):
        page = sample_client.get(address)
        assert page.status_code == 422
        assert "<img onerror" not in page.text
        assert 'role="alert"' in page.text


def test_whoever_asks_for_an_intermediary_is_told_its_partners(
    sample_home: Path, sample_reading: Reading, sample_client: httpx.Client, sample_files: SampleFiles
) -> None:
    mine = min(offered(sample_files))
    found = partners(sample_reading, intermediary=mine)
    said = ketnoi(sample_home, "ask", "--intermediary", mine, "--limit", "1", "--as-of", SAMPLE_DAY).stdout
    listed = said.split("partners who cover what it lacks:\n", 1)[1].splitlines()
    for one, line in zip(found.partners, listed[:5], strict=False):
        assert line.startswith(f"  {one.rank}. {one.intermediary.name}: ")
        assert one.covers[0].concept.name in line
    page = sample_client.get("/", params={"intermediary": mine}, headers={"accept": "text/html"}).text
    address = page.split('href="/partners?intermediary=', 1)[1].split('"', 1)[0]
    assert sample_client.get(f"/partners?intermediary={address}").status_code == 200
