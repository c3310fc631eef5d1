"""Questions 14 and 15 on the sample: duties of transfers and novelty deadlines, worked out from the sample's own files."""

from calendar import isleap
from collections import Counter
from datetime import date
from typing import Any

import pyoxigraph as ox
import pytest

from graph.answer.reading import Reading
from graph.policy.case import Case
from graph.policy.rights import examine, registration
from graph.questions.named import questions
from graph.questions.twins import sparql_as_run
from ontology.model import BASE
from tests.conftest import SAMPLE_DAY as DAY
from tests.conftest import Asked
from tests.sample_files import Row, SampleFiles, day, million

pytestmark = pytest.mark.neo4j

LISTINGS = {
    "Hạn chế chuyển giao": "restricted",
    "Cấm chuyển giao": "prohibited",
    "Khuyến khích chuyển giao": "encouraged",
    "Không thuộc danh mục": "none",
}
ABROAD = {"Nhật Bản": "JP", "Hàn Quốc": "KR", "Đức": "DE", "Singapore": "SG"}
ART_31 = "scheme/law/1/law-07-2017-art-31"
GRACE = "scheme/law/1/law-50-2005-art-60-3"


def holds(row: Row, on: str, since: str = "Từ ngày", until: str = "Đến ngày") -> bool:
    """Whether a line is valid on a day, both ends included, a missing one open."""
    return (day(row[since]) or on) <= on <= (day(row[until]) or on)


def by(rows: list[Row], column: str) -> dict[str, Row]:
    """Rows by a column in which no value stands twice."""
    found = {row[column]: row for row in rows}
    assert len(found) == len(rows)
    return found


# 14


def countries(sample_files: SampleFiles) -> dict[str, str]:
    """Body → country, by the place that the lists of firms and institutions give."""
    firms = [(row["Tên doanh nghiệp"], row["Địa bàn"]) for row in sample_files.table("doanh-nghiep")]
    homes = [(row["Tên đơn vị"], row["Địa bàn"]) for row in sample_files.table("truong-vien")]
    return {name: ABROAD.get(place, "VN") for name, place in [*firms, *homes]}


def state_money(sample_files: SampleFiles) -> dict[str, bool]:
    """Technology → True where it comes from the result of a task that the state paid for."""
    paid = {
        row["Mã kết quả"]
        for row in sample_files.tasks()
        if row["Mã kết quả"] and million(row["Ngân sách nhà nước (triệu đồng)"])
    }
    return {row["Mã công nghệ"]: True for row in sample_files.technologies() if row["Mã kết quả"] in paid}


def certified(sample_files: SampleFiles) -> set[str]:
    """Technologies from results with a registration certificate."""
    results = {row["Mã kết quả"] for row in sample_files.table("chung-nhan-ket-qua")}
    return {row["Mã công nghệ"] for row in sample_files.technologies() if row["Mã kết quả"] in results}


def listed(sample_files: SampleFiles, on: str) -> dict[str, str]:
    rows = [row for row in sample_files.table("doi-chieu-danh-muc") if (day(row["Ngày đối chiếu"]) or "") <= on]
    return {code: LISTINGS[row["Danh mục"]] for code, row in by(rows, "Mã công nghệ").items()}


def permitted(sample_files: SampleFiles, on: str) -> set[str]:
    rows = sample_files.table("giay-phep-chuyen-giao")
    return {row["Mã công nghệ"] for row in rows if holds(row, on, "Ngày cấp", "Hiệu lực đến")}


def duty(crosses: bool, money: bool | None, has_certificate: bool) -> str:
    """Article 31 as the table of rules in the domain says it."""
    if crosses:
        return "required"
    if has_certificate:
        return "not_required"
    return "unknown" if money is None else "required"


@pytest.mark.parametrize("as_of", [DAY, "2025-06-30"])
def test_duties_of_transfers(asked: Asked, sample_files: SampleFiles, as_of: str) -> None:
    place, money, certificates = countries(sample_files), state_money(sample_files), certified(sample_files)
    listings, permits = listed(sample_files, as_of), permitted(sample_files, as_of)
    found = {row["transfer"]: row for row in asked("transfer_duties", as_of)}
    signed = [line for line in sample_files.table("hop-dong-chuyen-giao") if (day(line["Ngày ký"]) or "") <= as_of]
    assert set(found) == {sample_files.numbered("TechnologyTransfer", line["Số hợp đồng"]) for line in signed}
    duties: Counter[str] = Counter()
    for line in signed:
        row, code = found[sample_files.numbered("TechnologyTransfer", line["Số hợp đồng"])], line["Mã công nghệ"]
        listing = listings.get(code)
        permit = {"restricted": "held" if code in permits else "required", "prohibited": "prohibited", None: "unknown"}
        assert row["technology"] == sample_files.coded("technology-code", code)
        assert row["signed_on"] == day(line["Ngày ký"])
        assert (row["state_money"], row["certificate"]) == (money.get(code), code in certificates)
        assert row["listing"] == (listing and f"scheme/listing/1/{listing}")
        assert row["permit"] == permit.get(listing, "not_required")
        assert ART_31 in row["basis"]
        # a party that is spelt otherwise is found by linking, which is tried elsewhere
        if line["Bên giao"] in place and line["Bên nhận"] in place:
            crosses = place[line["Bên giao"]] != place[line["Bên nhận"]]
            assert row["cross_border"] is crosses
            assert row["registration"] == duty(crosses, money.get(code), code in certificates)
            duties[row["registration"]] += 1
    assert len(duties) == 3
    assert duties.total() > 0.8 * len(signed)


def _transfer(asked: Asked, sample_files: SampleFiles, number: str, as_of: str = DAY) -> dict[str, Any]:
    (row,) = asked("transfer_duties", as_of, transfer=sample_files.numbered("TechnologyTransfer", number))
    return row


def test_duties_worked_by_hand(asked: Asked, sample_files: SampleFiles) -> None:
    # to Singapore, of a result with a certificate: the certificate does not excuse it
    abroad = _transfer(asked, sample_files, "MH-HĐ-2026-150")
    assert (abroad["cross_border"], abroad["state_money"], abroad["certificate"]) == (True, True, True)
    assert (abroad["registration"], abroad["permit"]) == ("required", "not_required")
    assert abroad["basis"] == [ART_31]
    # the same technology at home: the certificate does
    at_home = _transfer(asked, sample_files, "MH-HĐ-2022-086")
    assert (at_home["cross_border"], at_home["registration"]) == (False, "not_required")
    # restricted since 10/8/2023, with a permit from 15/1/2024 to 31/12/2025
    states = {on: _transfer(asked, sample_files, "MH-HĐ-2024-118", on)["permit"] for on in ("2025-12-31", "2026-01-01")}
    assert states == {"2025-12-31": "held", "2026-01-01": "required"}
    basis = set(_transfer(asked, sample_files, "MH-HĐ-2024-118")["basis"])
    assert {ART_31, "scheme/law/1/law-07-2017-art-10", "scheme/law/1/law-07-2017-art-29"} <= basis
    # before the law was in force there is no rule to go by
    old = _transfer(asked, sample_files, "MH-HĐ-2016-002", "2018-06-30")
    assert (old["registration"], old["basis"]) == ("unknown", [])


def test_duties_are_those_of_the_rules_of_rights(asked: Asked) -> None:
    permit = {"yes": {"held", "not_required"}, "no": {"prohibited", "required"}, "unknown": {"unknown"}}
    seen: Counter[tuple[str, str]] = Counter()
    for row in asked("transfer_duties"):
        funding = None if row["state_money"] is None else [{"by": "x", "state": row["state_money"], "amount": 1}]
        case = Case.model_validate(
            {
                "id": row["transfer"],
                "on": DAY,
                "funding": funding,
                "certificate": row["certificate"] or None,
                "listed": row["listing"] and row["listing"].rsplit("/", 1)[1],
                "permit": {} if row["permit"] == "held" else None,
                "ask": {"from": "x", "cross_border": row["cross_border"]},
            }
        )
        assert registration(case) == row["registration"]
        law = examine(case)[0]
        assert law.gate == "law"
        assert row["permit"] in permit[law.state]
        seen[row["registration"], law.state] += 1
    assert seen.total() == 150
    assert len(seen) > 4


# 15


def a_year_after(text: str) -> str:
    """The patent provision's twelve months; a 29 February has its last day on the 28th."""
    then = date.fromisoformat(text)
    leaps = (then.month, then.day) == (2, 29) and not isleap(then.year + 1)
    return then.replace(year=then.year + 1, day=28 if leaps else then.day).isoformat()


@pytest.mark.parametrize(("as_of", "within"), [(DAY, 365), (DAY, 60), ("2026-11-14", 365), ("2022-03-01", 365)])
def test_novelty_deadlines(asked: Asked, sample_files: SampleFiles, as_of: str, within: int) -> None:
    titles = {
        row["Mã công nghệ"]
        for row in sample_files.table("van-bang-bao-ho")
        if (day(row["Ngày nộp đơn"]) or "") <= as_of
    }
    hosts = {row["Mã kết quả"]: row["Tổ chức chủ trì"] for row in sample_files.tasks() if row["Mã kết quả"]}
    announced = {row["Mã kết quả"]: day(row["Ngày công bố"]) for row in sample_files.table("cong-bo-ket-qua")}
    expected, named = set(), dict[str, str]()
    for row in sample_files.technologies():
        # what was announced is public: the earlier of the two days counts
        shown = [one for one in (day(row["Ngày bộc lộ đầu tiên"]), announced.get(row["Mã kết quả"])) if one]
        disclosed = min(shown, default=None)
        if disclosed and disclosed <= as_of and row["Mã kết quả"] and row["Mã công nghệ"] not in titles:
            deadline = a_year_after(disclosed)
            left = (date.fromisoformat(deadline) - date.fromisoformat(as_of)).days
            if 0 <= left <= within:
                result = sample_files.coded("result-code", row["Mã kết quả"])
                technology = sample_files.coded("technology-code", row["Mã công nghệ"])
                expected.add((deadline, result, technology, disclosed, left, GRACE))
                named[result] = hosts[row["Mã kết quả"]]
    found = asked("novelty_deadlines", as_of, within=within)
    columns = ("deadline", "result", "technology", "disclosed", "days_left", "provision")
    assert [tuple(row[name] for name in columns) for row in found] == sorted(expected)
    assert expected
    full = {row["Tên đơn vị"] for row in sample_files.table("truong-vien")}
    # a host that the register calls by its acronym alone is a matter of linking
    said = {row["result"]: row["host"] for row in found if named[row["result"]] in full}
    assert said == {result: sample_files.body(name) for result, name in named.items() if name in full}
    assert len(said) > 0.8 * len(found)


def test_novelty_deadlines_worked_by_hand(asked: Asked, sample_files: SampleFiles) -> None:
    def of(code: str, as_of: str) -> list[tuple[str, int]]:
        technology = sample_files.coded("technology-code", code)
        rows = [row for row in asked("novelty_deadlines", as_of) if row["technology"] == technology]
        return [(row["deadline"], row["days_left"]) for row in rows]

    # disclosed on 12/12/2025: six days of November and twelve of December are left
    assert of("MH-CN-0093", DAY) == [("2026-12-12", 18)]
    # disclosed on 14/11/2025: its last day counts, the next one does not
    assert of("MH-CN-0453", "2026-11-14") == [("2026-11-14", 0)]
    assert of("MH-CN-0453", "2026-11-15") == []
    # never disclosed, but announced with its result KQ.MH.2026.534 on 30/7/2026: not before that day
    (code,) = [row["Mã công nghệ"] for row in sample_files.technologies() if row["Mã kết quả"] == "KQ.MH.2026.534"]
    assert of(code, "2026-07-29") == []
    assert of(code, "2026-07-30") == [("2027-07-30", 365)]


@pytest.mark.parametrize("months", [6, 12, 18])
@pytest.mark.parametrize("as_of", ["2023-12-31", "2024-02-29", "2024-03-01"])
def test_both_languages_add_months_and_count_days_alike(sample_reading: Reading, months: int, as_of: str) -> None:
    """Against Python's calendar: the same day so many months later, or the last of a shorter month."""
    days = [date(2023, 8, 28).toordinal() + at for at in range(200)] + [
        date(2022, 2, 28).toordinal(),
        date(2022, 8, 31).toordinal(),
    ]
    disclosed = [str(date.fromordinal(at)) for at in days if date.fromordinal(at) <= date.fromisoformat(as_of)]
    store = ox.Store()
    turtle = f"""PREFIX kn: <{BASE}ontology#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
        <x:p> a kn:LegalProvision ; kn:rule "patent-grace" ; kn:graceMonths {months} . <x:r> a kn:ResearchResult ."""
    for text in disclosed:
        turtle += f'<x:{text}> a kn:Technology ; kn:embodies <x:r> ; kn:firstDisclosure "{text}"^^xsd:date .'
    store.load(turtle.encode(), format=ox.RdfFormat.TURTLE)
    written = {
        "as_of": f'VALUES ?as_of {{ "{as_of}"^^<http://www.w3.org/2001/XMLSchema#date> }}',
        "within": "VALUES ?within { 9999 }",
    }
    solutions: Any = store.query(sparql_as_run(questions()["novelty_deadlines"].sparql, written))
    sparql = {(row["disclosed"].value, row["deadline"].value, int(row["days_left"].value)) for row in solutions}
    query = (
        "UNWIND $disclosed AS text WITH text, date(text) + duration({months: $months}) AS deadline WHERE deadline >= date($as_of) "
        "RETURN text, toString(deadline), duration.inDays(date($as_of), deadline).days"
    )
    cypher = sample_reading.graph.read(query, {"disclosed": disclosed, "months": months, "as_of": as_of})[1]
    expected = set()
    for text in disclosed:
        first = date.fromisoformat(text)
        year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
        last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - date(year, month + 1, 1)).days
        deadline = date(year, month + 1, min(first.day, last))
        if deadline >= date.fromisoformat(as_of):
            expected.add((text, str(deadline), (deadline - date.fromisoformat(as_of)).days))
    assert len(expected) > 100
    assert sparql == expected
    assert set(cypher) == expected
