"""The bundled sample: the same bytes every time, the promised numbers, and nothing made up said of a real body."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from loaders.reading import open_file
from loaders.sample import SampleFile, write_sample
from loaders.sample.world import tax_code
from ontology.schemes import schemes
from ontology.statement import TYPE, Record, Reject, is_concept
from ontology.text import fold, has_diacritics

REAL = ("sample/public-bodies", "sample/parks", "sample/press-2020")
COUNTS = {
    "co-quan-cong-lap": 60,
    "truong-vien": 12,
    "doanh-nghiep": 300,
    "danh-ba-to-chuc-trung-gian": 40,
    "chuyen-gia": 400,
    "nhiem-vu-khcn-2016-2020": 350,
    "nhiem-vu-khcn-2021-2026": 40,
    "nhu-cau-cong-nghe": 200,
    "hop-dong-chuyen-giao": 150,
    "hop-dong-dich-vu": 250,
}


class Loaded(NamedTuple):
    """A file of the sample as the loader reads it."""

    file: SampleFile
    records: list[Record]
    rejects: list[Reject]
    left_aside: tuple[str, ...]

    def of(self, cls: str) -> Iterator[tuple[str, Record]]:
        """The mentions of a class."""
        for record in self.records:
            for said in record.statements:
                if said.property == TYPE and said.value == cls:
                    yield said.subject, record


def values(record: Record, prop: str, subject: str | None = None) -> list[str]:
    return [s.value or s.object or "" for s in record.statements if s.property == prop and subject in (None, s.subject)]


def types(record: Record) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for said in record.statements:
        if said.property == TYPE and said.value:
            found.setdefault(said.subject, set()).add(said.value)
    return found


def _load(directory: Path) -> dict[str, Loaded]:
    found = {}
    for file in write_sample(directory):
        reading = open_file(file.kind, file.path, file.source)
        items = list(reading.items)
        records = [item for item in items if isinstance(item, Record)]
        rejects = [item for item in items if isinstance(item, Reject)]
        found[file.path.stem] = Loaded(file, records, rejects, reading.left_aside)
    return found


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Loaded]:
    return _load(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def made_up(sample: dict[str, Loaded]) -> list[Record]:
    return [record for loaded in sample.values() if loaded.file.source not in REAL for record in loaded.records]


@pytest.fixture(scope="module")
def real(sample: dict[str, Loaded]) -> list[Record]:
    return [record for loaded in sample.values() if loaded.file.source in REAL for record in loaded.records]


def test_every_run_writes_the_same_bytes(tmp_path: Path) -> None:
    first = {file.path.name: file.path.read_bytes() for file in write_sample(tmp_path / "first")}
    second = {file.path.name: file.path.read_bytes() for file in write_sample(tmp_path / "second")}
    assert first == second
    assert {name.rsplit(".", 1)[1] for name in first} == {"csv", "xlsx"}


def test_every_file_is_read_whole(sample: dict[str, Loaded]) -> None:
    assert {name: loaded.rejects for name, loaded in sample.items() if loaded.rejects} == {}
    assert {name: loaded.left_aside for name, loaded in sample.items() if loaded.left_aside} == {}
    assert len({loaded.file.source for loaded in sample.values()}) == len(sample)


@pytest.mark.parametrize(("name", "count"), COUNTS.items())
def test_numbers(sample: dict[str, Loaded], name: str, count: int) -> None:
    assert len({record.key for record in sample[name].records}) == count


def test_five_hundred_technologies(sample: dict[str, Loaded]) -> None:
    keys = [r.key for name in ("cong-nghe-truong-vien", "cong-nghe-doanh-nghiep") for r in sample[name].records]
    assert len(keys) == len(set(keys)) == 500


def test_register_by_type_and_level(sample: dict[str, Loaded]) -> None:
    records = sample["nhiem-vu-khcn-2016-2020"].records
    kinds = Counter(kind.rsplit("/", 1)[1] for r in records for kind in values(r, "taskType"))
    assert kinds == {"natural-st": 214, "social": 85, "trial-production": 51}
    years = {values(r, "approvedOn")[0][:4] for r in records}
    assert years == {"2016", "2017", "2018", "2019", "2020"}
    for record in records:
        subject = next(s for s, classes in types(record).items() if "STTask" in classes)
        parts = sum(int(v) for s, c in types(record).items() if "Funding" in c for v in values(record, "amount", s))
        assert int(values(record, "budget", subject)[0]) == parts


def test_days_around_the_change_of_law(sample: dict[str, Loaded]) -> None:
    days = sorted(values(r, "approvedOn")[0] for r in sample["nhiem-vu-khcn-2021-2026"].records)
    assert sum(day >= "2025-10-01" for day in days) == 12
    assert {"2025-09-30", "2025-10-01"} <= set(days)
    assert days[0] >= "2021" and days[-1] <= "2026-12-31"


def _figures(loaded: Loaded) -> dict[str, float]:
    return {values(r, "number")[0]: float(values(r, "observedValue")[0]) for r in loaded.records}


def test_press_figures_are_those_of_the_press(sample: dict[str, Loaded]) -> None:
    figures = _figures(sample["so-lieu-bao-chi-2020"])
    assert figures["tasks.total"] == 346
    assert [figures[f"tasks.{kind}"] for kind in ("natural-st", "social", "trial-production")] == [212, 84, 50]
    assert figures["tasks.budget"] == 633_092


def test_the_made_up_report_differs_as_planted(sample: dict[str, Loaded]) -> None:
    figures = _figures(sample["bao-cao-tong-hop-2020"])
    city = {
        r.key: r for r in sample["nhiem-vu-khcn-2016-2020"].records if "scheme/task-level/1/city" in values(r, "level")
    }
    assert figures["tasks.total"] == len(city) - 2
    last = {}
    for key in sorted(city, key=lambda key: key.rsplit(".", 1)[1]):
        last[values(city[key], "taskType")[0].rsplit("/", 1)[1]] = city[key]
    left_out = [last["natural-st"], last["trial-production"]]
    counted = [r for r in city.values() if r not in left_out]
    budget = sum(int(values(r, "budget")[0]) for r in counted) // 1_000_000
    assert figures["tasks.budget"] == budget - 250


def test_every_made_up_row_is_marked(made_up: list[Record]) -> None:
    unmarked = Counter[str]()
    for record in made_up:
        marked = {s.subject for s in record.statements if s.property == "illustrative" and s.value == "true"}
        for subject, classes in types(record).items():
            if subject not in marked:
                unmarked.update(classes)
    # a park is real; identifiers and contact points are marked by whom they belong to
    assert set(unmarked) <= {"Park", "Identifier", "ContactPoint"}


def test_nothing_made_up_is_said_of_a_real_body(made_up: list[Record], real: list[Record]) -> None:
    names = {fold(v) for r in real for p in ("name", "alternativeName", "acronym") for v in values(r, p)}
    assert len(names) > 100
    for record in made_up:
        for said in record.statements:
            if said.property not in ("name", "alternativeName", "acronym") or fold(said.value or "") not in names:
                continue
            assert types(record)[said.subject] == {"Park"}
            about = [s for s in record.statements if s.subject == said.subject]
            assert {s.property for s in about} == {TYPE, "name"}


def test_of_real_bodies_public_facts_only(real: list[Record]) -> None:
    allowed = {TYPE, "name", "acronym", "homepage", "founded", "unitOf", "locatedIn", "kind", "description", "number"}
    allowed |= {
        "hasIdentifier",
        "identifierScheme",
        "identifierValue",
        "measure",
        "measureUnit",
        "observedValue",
        "validFrom",
    }
    assert {s.property for record in real for s in record.statements} <= allowed
    classes = {name for record in real for found in types(record).values() for name in found}
    assert not classes & {"Person", "Enterprise", "Intermediary", "STTask", "Technology"}


def test_the_made_up_city_has_no_territory(sample: dict[str, Loaded]) -> None:
    for record in sample["co-quan-thanh-pho-minh-hoa"].records:
        assert "(hư cấu)" in record.key
        assert values(record, "locatedIn") == []


def test_tax_codes(sample: dict[str, Loaded]) -> None:
    codes = [values(r, "identifierValue")[0] for r in sample["doanh-nghiep"].records if values(r, "identifierValue")]
    assert len(codes) == len(set(codes)) == 296
    for code in codes:
        weighted = sum(w * int(d) for w, d in zip((31, 29, 23, 19, 17, 13, 7, 5, 3), code, strict=False))
        assert (weighted + int(code[9])) % 11 == 10
        assert code.startswith("99")
    lacking = [number for number in range(1100) if tax_code(number) is None]
    assert len(lacking) == 100


def test_every_kind_of_intermediary_is_recognised(sample: dict[str, Loaded]) -> None:
    records = sample["cong-nhan-to-chuc-trung-gian"].records
    known = {c.id for c in schemes().concepts.values() if c.scheme == "intermediary-kind/2014"}
    assert {kind for r in records for kind in values(r, "kind")} == known
    assert any(values(r, "revokedOn") for r in records)
    today = "2026-11-01"
    expired = [r for r in records if any(until < today for until in values(r, "validUntil"))]
    assert expired and len(expired) < len(records) / 3


def test_texts_read_like_texts(sample: dict[str, Loaded]) -> None:
    titles = []
    for name in ("cong-nghe-truong-vien", "cong-nghe-doanh-nghiep", "nhu-cau-cong-nghe"):
        for record in sample[name].records:
            names = {s.language: s.value or "" for s in record.statements if s.property == "name"}
            text = values(record, "description")[0]
            assert has_diacritics(names["vi"]) and has_diacritics(text)
            assert not has_diacritics(names["en"])
            assert len(text) > (80 if name == "nhu-cau-cong-nghe" else 200)
            assert text.endswith(".") and text[0].isupper()
            assert not set("{}") & set(names["vi"] + names["en"] + text)
            titles.append((name, names["vi"]))
    technologies = [title for name, title in titles if name != "nhu-cau-cong-nghe"]
    assert len(technologies) == len(set(technologies))


@pytest.mark.parametrize("scheme", ["technology-code", "task-code", "expert-code", "result-code"])
def test_codes_lead_somewhere(sample: dict[str, Loaded], scheme: str) -> None:
    home = {
        "technology-code": "Technology",
        "task-code": "STTask",
        "expert-code": "Person",
        "result-code": "ResearchResult",
    }
    named, meant = set(), set()
    for loaded in sample.values():
        for record in loaded.records:
            classes = types(record)
            node = {s.subject: s.value for s in record.statements if s.property == "identifierValue"}
            kind = {s.subject: s.value for s in record.statements if s.property == "identifierScheme"}
            titled = {s.subject for s in record.statements if s.property in ("name", "description")}
            for said in record.statements:
                if said.property == "hasIdentifier" and kind[said.object or ""] == scheme:
                    assert home[scheme] in classes[said.subject]
                    meant.add(node[said.object or ""])
                    if said.subject in titled:
                        named.add(node[said.object or ""])
    assert meant == named != set()


def test_rights_of_many_sorts(sample: dict[str, Loaded]) -> None:
    records = sample["dang-ky-quyen-cong-nghe"].records
    known = {code for r in records for code in values(r, "identifierValue")}
    assert len(known) < 480
    shares = {values(r, "share")[0] for r in records if values(r, "share")}
    assert {"1.0", "0.6", "0.4"} <= shares
    exclusive = [r for r in records if values(r, "exclusive") == ["true"]]
    assert {values(r, "validUntil")[0] > "2026-11-01" for r in exclusive} == {True, False}
    assert any("VN-SG" in territory for r in exclusive for territory in values(r, "territory"))
    assert any(values(r, "consentsTo") for r in records)
    assert any(not values(r, "territory") for r in records)
    listings = Counter(v.rsplit("/", 1)[1] for r in sample["doi-chieu-danh-muc"].records for v in values(r, "listing"))
    assert listings["prohibited"] == 3 and listings["restricted"] == 12 and sum(listings.values()) < 500
    assert 0 < len(sample["giay-phep-chuyen-giao"].records) < listings["restricted"]


def test_a_university_disputes_what_nobody_else_holds(sample: dict[str, Loaded]) -> None:
    def holders(name: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for r in sample[name].records:
            holder = values(r, "name", values(r, "holder")[0])[0]
            found.setdefault(values(r, "identifierValue")[0], []).append(holder)
        return found

    register, declared = holders("dang-ky-quyen-cong-nghe"), holders("ke-khai-quyen-cong-nghe")
    assert len(declared) == 4
    for technology, claimants in declared.items():
        assert len(register[technology]) == len(claimants) == 1
        assert register[technology] != claimants


def test_needs_without_broker_and_offers_without_need(sample: dict[str, Loaded]) -> None:
    needed = {f for r in sample["nhu-cau-cong-nghe"].records for f in values(r, "hasField")}
    served = {f for r in sample["dich-vu-chuyen-giao"].records for f in values(r, "hasField")}
    made = {
        f
        for n in ("cong-nghe-truong-vien", "cong-nghe-doanh-nghiep")
        for r in sample[n].records
        for f in values(r, "hasField")
    }
    assert {"scheme/ford/2015/4.3", "scheme/ford/2015/1.4"} <= needed - served - made
    assert "scheme/ford/2015/1.3" in made - needed


def test_confidential_needs_and_private_contacts(sample: dict[str, Loaded]) -> None:
    marks = Counter(record.visibility for record in sample["nhu-cau-cong-nghe"].records)
    assert marks == {"public": 188, "curator": 12}
    assert all(v.endswith(".example") for r in sample["chuyen-gia"].records for v in values(r, "email"))
    assert any(values(r, "telephone") for r in sample["chuyen-gia"].records)


def test_transfers_follow_the_catalogue(sample: dict[str, Loaded]) -> None:
    brokered = [r for r in sample["hop-dong-chuyen-giao"].records if values(r, "broker")]
    assert 120 < len(brokered) < 150
    assert all(date(2016, 1, 1) <= date.fromisoformat(values(r, "signedOn")[0]) <= date(2026, 9, 30) for r in brokered)
    assert all(not is_concept(values(r, "transferor")[0]) for r in brokered)
