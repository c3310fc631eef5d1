"""Questions 16 to 19, 22 and 23 on the sample: what is ranked and computed, against the sample's own files and the main answer."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable

import pytest

from graph.answer.model import Question
from graph.answer.ranked_questions import rank_similar
from graph.answer.reading import Reading
from graph.answer.transfer import answer
from tests.conftest import SAMPLE_DAY as DAY
from tests.conftest import Asked
from tests.sample_files import Row, SampleFiles, day, million, several

pytestmark = pytest.mark.neo4j

BROKERING = ("Môi giới chuyển giao công nghệ", "Tư vấn chuyển giao công nghệ")
TECHNOLOGY, FIRM, NEED = "MH-CN-0001", "Công ty Cổ phần Thực phẩm Zenfyr", "MH-NC-0001"


def holds(row: Row, on: str, since: str = "Từ ngày", until: str = "Đến ngày") -> bool:
    """Whether a line is valid on a day, both ends included, a missing one open."""
    return (day(row[since]) or on) <= on <= (day(row[until]) or on)


def numbers(sample_files: SampleFiles, cls: str, rows: Iterable[Row], column: str) -> list[str]:
    return sorted(sample_files.numbered(cls, row[column]) for row in rows)


# 16


def test_intermediaries_come_in_the_order_of_the_main_answer(asked: Asked, sample_reading: Reading) -> None:
    question = Question(technology=TECHNOLOGY, firm=FIRM, limit=200, as_of=DAY)
    found = answer(sample_reading, question)
    best: dict[str, float] = {}
    for route in found.routes:
        assert route.intermediary is not None
        best.setdefault(route.intermediary.id, route.score)
    shut_out = {one.intermediary.id for one in found.excluded if one.intermediary}
    rows = asked("intermediaries_for_transfer", technology=TECHNOLOGY, firm=FIRM, limit=100)
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    ranked = [(row["intermediary"], row["score"]) for row in rows if row["intermediary"] not in shut_out]
    assert ranked == [(broker, pytest.approx(score, abs=1e-6)) for broker, score in best.items()]
    assert shut_out & {row["intermediary"] for row in rows}
    assert len(ranked) > 10


def test_facts_of_the_gates_are_those_of_the_files(asked: Asked, sample_files: SampleFiles) -> None:
    rows = asked("intermediaries_for_transfer", technology=TECHNOLOGY, firm=FIRM, limit=100)
    owner = sample_files.body("Trường Đại học Nông nghiệp Lam Huyễn")
    known = {sample_files.body(row["Tên tổ chức"]): row for row in sample_files.table("danh-ba-to-chuc-trung-gian")}
    acts, services = sample_files.table("cong-nhan-to-chuc-trung-gian"), sample_files.table("dich-vu-chuyen-giao")
    for row in rows:
        entry = known[row["intermediary"]]
        own = [act for act in acts if act["Tên tổ chức"] == entry["Tên tổ chức"]]
        revoked = [act for act in own if act["Ngày thu hồi"] and (day(act["Ngày thu hồi"]) or "") <= DAY]
        valid = [act for act in own if holds(act, DAY, "Ngày cấp", "Hiệu lực đến") and act not in revoked]
        ended = [act for act in own if (day(act["Hiệu lực đến"]) or DAY) < DAY]
        offered = [
            service
            for service in services
            if service["Tổ chức cung cấp"] == entry["Tên tổ chức"]
            and service["Loại dịch vụ"] in BROKERING
            and holds(service, DAY)
        ]
        ties = {sample_files.body(entry[column]) for column in ("Trực thuộc", "Chịu kiểm soát của")} - {None}
        assert row["owners"] == [owner]
        assert row["listing"] == ["scheme/listing/1/none"]
        assert (row["exclusive"], row["permits"]) == ([], [])
        assert row["recognised"] == numbers(sample_files, "Recognition", valid, "Số quyết định")
        assert row["lapsed"] == numbers(
            sample_files, "Recognition", {**{id(a): a for a in ended + revoked}}.values(), "Số quyết định"
        )
        assert row["offering"] == numbers(sample_files, "ServiceOffering", offered, "Mã dịch vụ")
        assert set(row["controllers"]) == ties
    assert any(row["lapsed"] for row in rows)


def test_hops_worked_by_hand(asked: Asked, sample_files: SampleFiles) -> None:
    # all contracts between the promotion centre Mộng Điền and the university, and none with the firm
    rows = asked("intermediaries_for_transfer", technology=TECHNOLOGY, firm=FIRM, limit=100)
    centre = sample_files.body("Trung tâm Xúc tiến chuyển giao công nghệ Mộng Điền")
    (row,) = [row for row in rows if row["intermediary"] == centre]
    deals = ("MH-HĐ-2016-005", "MH-HĐ-2024-123")
    assert row["with_owner"] == sorted(sample_files.numbered("TechnologyTransfer", number) for number in deals)
    assert row["with_firm"] == []
    earlier = asked("intermediaries_for_transfer", "2024-12-11", technology=TECHNOLOGY, firm=FIRM, limit=100)
    (row,) = [row for row in earlier if row["intermediary"] == centre]
    assert row["with_owner"] == [sample_files.numbered("TechnologyTransfer", "MH-HĐ-2016-005")]


def test_an_exclusive_power_of_somebody_else_is_named(asked: Asked, sample_files: SampleFiles) -> None:
    register = sample_files.table("dang-ky-quyen-cong-nghe")
    line = next(
        row
        for row in register
        if row["Độc quyền"] == "có"
        and row["Lãnh thổ" if "Lãnh thổ" in row else "Phạm vi lãnh thổ"] == "Việt Nam"
        and holds(row, DAY)
    )
    rows = asked("intermediaries_for_transfer", technology=line["Mã công nghệ"], firm=FIRM, limit=3)
    expected = [sample_files.numbered("RightsHolding", line["Mã đăng ký"])]
    assert [row["exclusive"] for row in rows] == [expected] * 3


# 17


def newest_trl(sample_files: SampleFiles) -> dict[str, int]:
    """Technology → TRL of its newest assessment; of two of one day the higher."""
    said: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in sample_files.technologies():
        said[row["Mã công nghệ"]].append(
            (day(row["Ngày đánh giá TRL"]) or "", int(row["TRL"] if "TRL" in row else row["Mức TRL"]))
        )
    for row in sample_files.table("phieu-danh-gia-trl"):
        said[row["Mã công nghệ"]].append((day(row["Ngày lập phiếu"]) or "", int(row["Kết quả đánh giá TRL"])))
    return {code: max(levels)[1] for code, levels in said.items()}


@pytest.mark.parametrize("need", [NEED, "MH-NC-0008"])
def test_offers_for_a_need(asked: Asked, sample_files: SampleFiles, sample_reading: Reading, need: str) -> None:
    (wanted,) = [row for row in sample_files.table("nhu-cau-cong-nghe") if row["Mã nhu cầu"] == need]
    budget, level = million(wanted["Ngân sách (triệu đồng)"]), int(wanted["TRL yêu cầu"])
    reached = newest_trl(sample_files)
    offers = {
        sample_files.numbered("TechnologyOffer", row["Mã chào bán"]): row
        for row in sample_files.table("chao-ban-cong-nghe")
        if holds(row, DAY)
    }
    found = asked("offers_for_need", need=need, limit=20)
    assert len({row["technology"] for row in found}) == 20
    for row in found:
        line = offers[row["offer"]]
        code, price = line["Mã công nghệ"], million(line["Giá (triệu đồng)"]) or None
        assert row["technology"] == sample_files.coded("technology-code", code)
        assert row["offered_by"] == sample_files.body(line["Bên chào bán"])
        assert row["until"] == day(line["Đến ngày"])
        assert (row["price"], row["within_budget"]) == (price, None if price is None else price <= budget)
        assert (row["trl"], row["ready"]) == (f"scheme/trl/1/{reached[code]}", reached[code] >= level)
        assert len(row["forms"]) == len(several(line["Hình thức chuyển giao"]))
    routes = answer(sample_reading, Question(need=need, limit=200, as_of=DAY)).routes
    best = {route.technology.id: route.score for route in reversed(routes)}
    compared = [(row["score"], best[row["technology"]]) for row in found if row["technology"] in best]
    # a technology all of whose routes a gate shut out, or that fails the need's TRL, is ranked here and no route there
    assert all(score >= route - 1e-6 for score, route in compared)
    assert [row["score"] for row in found] == sorted((row["score"] for row in found), reverse=True)
    assert len(compared) > 3


# 18


def test_brokers_of_similar_technology_in_an_industry(
    asked: Asked, sample_files: SampleFiles, sample_reading: Reading
) -> None:
    industries = {
        sample_files.body(row["Tên doanh nghiệp"]): row["Mã ngành VSIC"] for row in sample_files.table("doanh-nghiep")
    }
    technology = sample_files.coded("technology-code", "MH-CN-0217")
    near = {one["technology"]: one for one in rank_similar(sample_reading, {"technology": technology, "limit": 50})}
    assert near[technology]["rank"] == 1
    expected: dict[str | None, list[tuple[int, str]]] = defaultdict(list)
    for line in sample_files.table("hop-dong-chuyen-giao"):
        similar = near.get(sample_files.coded("technology-code", line["Mã công nghệ"]))
        if similar and line["Bên môi giới"] and industries.get(sample_files.body(line["Bên nhận"])) == "10":
            number = sample_files.numbered("TechnologyTransfer", line["Số hợp đồng"])
            expected[sample_files.body(line["Bên môi giới"])].append((similar["rank"], number))
    found = asked("brokers_of_similar", technology="MH-CN-0217", industry="10")
    assert {row["broker"]: (row["transfers"], row["nearest"], row["transfer_ids"]) for row in found} == {
        broker: (len(deals), min(deals)[0], sorted(number for _, number in deals)) for broker, deals in expected.items()
    }
    # by hand: of this very technology to a food maker on 2/9/2022
    incubator = sample_files.body("Vườn ươm nông nghiệp Lúa Thoại Trường Đại học Nông nghiệp Lam Huyễn")
    assert (found[0]["broker"], found[0]["similarity"], found[0]["latest"]) == (incubator, 1.0, "2022-09-02")
    assert found[0]["firms"] == [sample_files.body("Công ty Cổ phần Thực phẩm Fizdun")]


# 19


def test_a_path_worked_by_hand(asked: Asked, sample_files: SampleFiles) -> None:
    # Tuzzor had a service of the exchange Hạc Thoại on 13/9/2024, the university one on 20/8/2025, and owns the technology
    tuzzor, exchange = (
        sample_files.body("Công ty TNHH Phần mềm Tuzzor"),
        sample_files.body("Sàn Giao dịch công nghệ Hạc Thoại"),
    )
    university = sample_files.body("Trường Đại học Nông nghiệp Lam Huyễn")
    rows = asked("path_of_trust", firm=tuzzor, technology=TECHNOLOGY)
    assert [(row["step"], row["source"], row["target"], row["relation"], row["day"]) for row in rows] == [
        (1, tuzzor, exchange, "engagement", "2024-09-13"),
        (2, exchange, university, "engagement", "2025-08-20"),
        (3, university, sample_files.coded("technology-code", TECHNOLOGY), "owner", "2014-09-10"),
    ]
    assert rows[0]["event"] == sample_files.numbered("ServiceEngagement", "MH-DVHĐ-109")
    assert asked("path_of_trust", "2024-09-12", firm=tuzzor, technology=TECHNOLOGY) == []


def test_a_path_ends_with_the_owner_by_law_where_no_register_says_one(asked: Asked, sample_files: SampleFiles) -> None:
    new = {
        row["Mã kết quả"]: row
        for row in sample_files.tasks()
        if row["Mã kết quả"] and (day(row["Ngày phê duyệt"]) or "") >= "2025-10-01"
    }
    owned = {
        row["Mã công nghệ"] for row in sample_files.table("dang-ky-quyen-cong-nghe") if row["Quyền năng"] == "Sở hữu"
    }
    lines = [
        row for row in sample_files.technologies() if row["Mã kết quả"] in new and row["Mã công nghệ"] not in owned
    ]
    assert lines
    for line in lines:
        task = new[line["Mã kết quả"]]
        host, technology = (
            sample_files.body(task["Tổ chức chủ trì"]),
            sample_files.coded("technology-code", line["Mã công nghệ"]),
        )
        (row,) = asked("path_of_trust", firm=host, technology=technology)
        assert (row["source"], row["target"], row["relation"], row["day"]) == (
            host,
            technology,
            "ownerByLaw",
            day(task["Ngày phê duyệt"]),
        )


# 22


def ties(sample_files: SampleFiles, since: str) -> tuple[set[tuple[str, str]], set[str], set[str], set[str]]:
    """Who is tied to whom since a day, and who supplies, needs and brokers."""
    offers = [row for row in sample_files.table("chao-ban-cong-nghe") if holds(row, DAY)]
    needs = [
        row
        for row in sample_files.table("nhu-cau-cong-nghe")
        if row["Bảo mật"] == "không" and (day(row["Hạn"]) or DAY) >= DAY
    ]
    supply = {sample_files.body(row["Bên chào bán"]) or "" for row in offers}
    demand = {sample_files.body(row["Doanh nghiệp"]) or "" for row in needs}
    brokered = [(row["Bên môi giới"], row["Bên chào bán"]) for row in offers]
    brokered += [
        (row["Bên cung cấp dịch vụ"], row["Khách hàng"])
        for row in sample_files.table("hop-dong-dich-vu")
        if since <= (day(row["Ngày thực hiện"]) or "")
    ]
    direct = []
    for row in sample_files.table("hop-dong-chuyen-giao"):
        if since <= (day(row["Ngày ký"]) or ""):
            giver, taker, broker = row["Bên giao"], row["Bên nhận"], row["Bên môi giới"]
            brokered += [(broker, giver), (broker, taker)]
            direct += [] if broker else [(giver, taker)]
    ids = [(sample_files.body(a), sample_files.body(b)) for a, b in brokered if a]
    pairs = {(a, b) for a, b in ids if a and b in supply | demand}
    across = {
        (a, b)
        for a, b in ((sample_files.body(a), sample_files.body(b)) for a, b in direct)
        if a in supply and b in demand
    }
    return {(a, b) for a, b in pairs | across if a and b}, supply, demand, {a for a, _ in pairs}


def connected(
    edges: set[tuple[str, str]], supply: set[str], demand: set[str], without: str | None
) -> set[tuple[str, str]]:
    """Pairs of supplier and firm with a path, found by walking from every supplier."""
    beside: dict[str, set[str]] = defaultdict(set)
    for a, b in edges:
        if without not in (a, b):
            beside[a].add(b)
            beside[b].add(a)
    found = set()
    for start in (supply & set(beside)) - {without}:
        seen, queue = {start}, deque([start])
        while queue:
            for node in beside[queue.popleft()] - seen:
                seen.add(node)
                queue.append(node)
        found |= {(start, end) for end in seen & demand if end != start}
    return found


@pytest.mark.parametrize("since", ["2023-01-01", "2026-01-01"])
def test_keystones_are_found_by_taking_each_away(asked: Asked, sample_files: SampleFiles, since: str) -> None:
    edges, supply, demand, brokers = ties(sample_files, since)
    pairs = connected(edges, supply, demand, None)
    expected = {}
    for broker in brokers:
        others = {pair for pair in pairs if broker not in pair}
        cut = len(others - connected(edges, supply, demand, broker))
        if cut:
            beside = {b if a == broker else a for a, b in edges if broker in (a, b)}
            expected[broker] = (cut, round(cut / len(pairs), 12), len(beside & supply), len(beside & demand))
    found = asked("keystone_intermediaries", since=since)
    assert {row["broker"]: (row["pairs"], row["share"], row["suppliers"], row["firms"]) for row in found} == expected
    assert [row["pairs"] for row in found] == sorted((cut for cut, *_ in expected.values()), reverse=True)
    assert len(found) > 5


# 23

ROLES = {
    # whether giver and broker, broker and taker, giver and taker are of one group
    (True, True, True): "coordinator",
    (False, False, True): "itinerant",
    (False, True, False): "gatekeeper",
    (True, False, False): "representative",
    (False, False, False): "liaison",
}


@pytest.mark.parametrize("grouping", ["place", "kind"])
@pytest.mark.parametrize("as_of", [DAY, "2019-12-31"])
def test_roles_of_brokers_by_year(asked: Asked, sample_files: SampleFiles, grouping: str, as_of: str) -> None:
    homes = {row["Tên đơn vị"] for row in sample_files.table("truong-vien")}
    firms = {row["Tên doanh nghiệp"] for row in sample_files.table("doanh-nghiep")}
    group: dict[str | None, str] = {}
    tables = (
        ("truong-vien", "Tên đơn vị"),
        ("doanh-nghiep", "Tên doanh nghiệp"),
        ("danh-ba-to-chuc-trung-gian", "Tên tổ chức"),
    )
    for table, name in tables:
        for row in sample_files.table(table):
            parent = row.get("Trực thuộc") or row.get("Chịu kiểm soát của") or row[name]
            kind = "research" if parent in homes else "enterprise" if parent in firms else "intermediary"
            group[sample_files.body(row[name])] = row["Địa bàn"] if grouping == "place" else kind
    triples, tied = set(), set()
    for line in sample_files.table("hop-dong-chuyen-giao"):
        signed = day(line["Ngày ký"]) or ""
        if signed <= as_of:
            giver, broker, taker = (
                sample_files.body(line[column]) for column in ("Bên giao", "Bên môi giới", "Bên nhận")
            )
            if broker:
                triples.add((int(signed[:4]), giver, broker, taker))
            else:
                tied.add((int(signed[:4]), giver, taker))
    expected: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for year, giver, broker, taker in triples:
        if (year, giver, taker) not in tied:
            a, b, c = group.get(giver), group.get(broker), group.get(taker)
            role = "ungrouped" if None in (a, b, c) else ROLES[a == b, b == c, a == c]
            expected[year, broker][role] += 1
    found = asked("brokerage_roles", as_of, grouping=grouping)
    names = (*ROLES.values(), "ungrouped")
    assert {(row["year"], row["broker"]): {name: row[name] for name in names if row[name]} for row in found} == expected
    assert [row["year"] for row in found] == sorted(row["year"] for row in found)
