"""Every projection on the sample: the same network from Cypher and from SPARQL, and ties worked out from the sample's own files."""

from collections import Counter
from datetime import date
from itertools import combinations

import pytest

from graph.answer.reading import Reading
from graph.questions.networks import Network, projections, read_network
from tests.conftest import SAMPLE_DAY
from tests.sample_files import SampleFiles, day, several

pytestmark = pytest.mark.neo4j


def of(reading: Reading, name: str, as_of: str = SAMPLE_DAY) -> Network:
    """A projection, which has to be the same from both languages."""
    first, second = (
        read_network(reading, projections()[name], date.fromisoformat(as_of), on="cypher"),
        read_network(reading, projections()[name], date.fromisoformat(as_of), on="sparql"),
    )
    assert first == second
    return first


@pytest.mark.parametrize("as_of", [SAMPLE_DAY, "2019-12-31", "2010-01-01"])
@pytest.mark.parametrize("name", list(projections()))
def test_both_languages_give_the_same_network(sample_reading: Reading, name: str, as_of: str) -> None:
    network = of(sample_reading, name, as_of)
    assert all(tie.year is None or tie.year <= int(as_of[:4]) for tie in network.ties)
    assert bool(network.ties) or as_of == "2010-01-01"


def test_co_owners_are_those_of_the_register(sample_reading: Reading, sample_files: SampleFiles) -> None:
    owners: dict[str, list[tuple[str, str]]] = {}
    for line in sample_files.table("dang-ky-quyen-cong-nghe"):
        if line["Quyền năng"] == "Sở hữu":
            owner, since = sample_files.body(line["Chủ thể quyền"]) or "", day(line["Từ ngày"]) or ""
            owners.setdefault(line["Mã công nghệ"], []).append((owner, since))
    disputed = {row["Mã công nghệ"] for row in sample_files.table("ke-khai-quyen-cong-nghe")}
    expected: Counter[tuple[str, str, int]] = Counter()
    for code, held in owners.items():
        for (one, first), (other, second) in combinations(sorted(held), 2):
            if code not in disputed and one != other:
                expected[one, other, int(max(first, second)[:4])] += 1
    found = {(tie.source, tie.target, tie.year): tie.weight for tie in of(sample_reading, "co_owner").ties}
    assert found == expected
    # rights.CO_OWNED: 35 technologies of two owners
    assert sum(expected.values()) == 35


def test_shared_clients_are_counted_by_year(sample_reading: Reading, sample_files: SampleFiles) -> None:
    served: dict[tuple[str | None, int], set[str]] = {}

    def serve(broker: str, client: str, on: str) -> None:
        key = (sample_files.body(client), int((day(on) or "")[:4]))
        served.setdefault(key, set()).add(sample_files.body(broker) or "")

    for line in sample_files.table("hop-dong-dich-vu"):
        serve(line["Bên cung cấp dịch vụ"], line["Khách hàng"], line["Ngày thực hiện"])
    for line in sample_files.table("hop-dong-chuyen-giao"):
        if line["Bên môi giới"]:
            serve(line["Bên môi giới"], line["Bên nhận"], line["Ngày ký"])
    expected: Counter[tuple[str, str, int]] = Counter()
    for (_, year), brokers in served.items():
        expected.update((one, other, year) for one, other in combinations(sorted(brokers), 2))
    found = {(tie.source, tie.target, tie.year): tie.weight for tie in of(sample_reading, "shared_clients").ties}
    assert found == expected
    assert len(found) > 20


def test_co_inventors_and_experts_by_the_year_in_which_a_technology_is_first_heard_of(
    sample_reading: Reading, sample_files: SampleFiles
) -> None:
    days: dict[str, list[str]] = {}
    for row in sample_files.table("van-bang-bao-ho"):
        days.setdefault(row["Mã công nghệ"], []).extend(filter(None, (day(row["Ngày nộp đơn"]), day(row["Ngày cấp"]))))
    accepted = {row["Mã kết quả"]: day(row["Ngày nghiệm thu"]) for row in sample_files.tasks() if row["Mã kết quả"]}
    pairs: Counter[tuple[str, str, int | None]] = Counter()
    works: Counter[tuple[str, str, int | None]] = Counter()
    for row in sample_files.technologies():
        known = [*days.get(row["Mã công nghệ"], []), day(row["Ngày bộc lộ đầu tiên"]), accepted.get(row["Mã kết quả"])]
        year = min((int(text[:4]) for text in known if text), default=None)
        people = sorted(sample_files.coded("expert-code", code) for code in several(row["Mã tác giả"]))
        pairs.update((one, other, year) for one, other in combinations(people, 2))
        concepts = [f"scheme/ford/2015/{code}" for code in several(row["Mã lĩnh vực"])]
        concepts += [f"scheme/ipc/2024/{code}" for code in several(row["Mã IPC"])]
        works.update((person, concept, year) for person in people for concept in concepts)
    for row in sample_files.tasks():
        person, year = (
            sample_files.coded("expert-code", row["Mã chủ nhiệm"]),
            int((day(row["Ngày phê duyệt"]) or "")[:4]),
        )
        works.update((person, f"scheme/ford/2015/{code}", year) for code in several(row["Mã lĩnh vực"]))
    for row in sample_files.table("khai-bao-chuyen-mon"):
        person = sample_files.coded("expert-code", row["Mã chuyên gia"])
        since = day(row["Từ ngày"])
        works[person, f"scheme/ford/2015/{row['Mã lĩnh vực khai báo']}", int(since[:4]) if since else None] += 1
    for row in sample_files.table("chuyen-gia"):
        person = sample_files.coded("expert-code", row["Mã chuyên gia"])
        works.update((person, f"scheme/ford/2015/{code}", None) for code in several(row["Mã lĩnh vực"]))
    assert {(tie.source, tie.target, tie.year): tie.weight for tie in of(sample_reading, "co_inventor").ties} == pairs
    assert {(tie.source, tie.target, tie.year): tie.weight for tie in of(sample_reading, "expert_field").ties} == works
    assert len(pairs) > 100
