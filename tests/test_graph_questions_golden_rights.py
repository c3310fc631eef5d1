"""Questions 12 and 13 on the sample: who may license, and under which regime results are owned, as the files have it and as the policy says."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph.answer.facts import RouteFacts, technology_facts
from graph.answer.gates import Gates
from graph.answer.hops import Ends
from graph.answer.reading import Reading
from graph.questions.named import questions
from graph.questions.rows import tidy
from graph.questions.running import run
from graph.questions.twins import ask_cypher
from tests.sample_files import Published, Row, SampleFiles, day, million, published, several

pytestmark = pytest.mark.neo4j

DAY = "2026-11-24"
NEW_LAW = "2025-10-01"
POWERS = {"Sở hữu": "scheme/power/1/own", "Sử dụng": "scheme/power/1/use"}
PLACES = {"Việt Nam": "VN", "Hà Nội": "VN-HN", "Thành phố Hồ Chí Minh": "VN-SG"}
STATES = {
    "Đã giao quyền sở hữu": "scheme/rights-state/1/decided-own",
    "Đã giao quyền sử dụng": "scheme/rights-state/1/decided-use",
    "Đã đề nghị giao quyền": "scheme/rights-state/1/requested",
    "Chưa giao quyền": "scheme/rights-state/1/unassigned",
}
PROVISIONS = {
    "on-request": ["scheme/law/1/decree-70-2018-assignment", "scheme/law/1/law-93-2025-art-73-3"],
    "automatic": ["scheme/law/1/law-93-2025-art-25-2"],
}
NOTHING: dict[str, Any] = {
    **dict.fromkeys(("holder", "power", "share", "exclusive", "consents", "valid_from", "valid_until")),
    "territory": [],
    "field_of_use": [],
}

Rows = list[dict[str, Any]]
Ask = Callable[..., Rows]


@pytest.fixture(scope="module")
def sample(sample_home: Path) -> Iterator[Published]:
    with published(sample_home) as opened:
        yield opened


@pytest.fixture(params=["cypher", "sparql"])
def ask(request: pytest.FixtureRequest, sample: Published) -> Ask:
    def asked(question: str, as_of: str = DAY, **parameters: object) -> Rows:
        return run(questions()[question], {"as_of": as_of} | parameters, sample, on=request.param).rows

    return asked


def plain(rows: Rows) -> list[str]:
    """Rows in an order of their own, shares as people write them."""
    told = [row | {"share": None if row["share"] is None else f"{row['share']:.9f}"} for row in rows]
    return sorted(repr(sorted(row.items())) for row in told)


class Rights:
    """What the files say about the rights over each technology, put together by hand."""

    def __init__(self, files: SampleFiles) -> None:
        self.files = files
        self.tasks = {row["Mã kết quả"]: row for row in files.tasks() if row["Mã kết quả"]}
        self.lines: dict[str, list[Row]] = {}
        for line in (*files.table("dang-ky-quyen-cong-nghe"), *files.table("ke-khai-quyen-cong-nghe")):
            self.lines.setdefault(line["Mã công nghệ"], []).append(line)
        self.disputed = {line["Mã công nghệ"] for line in files.table("ke-khai-quyen-cong-nghe")}

    def of(self, technology: Row, on: str) -> Rows:
        """The rows that question 12 has to give."""
        code, task = technology["Mã công nghệ"], self.tasks.get(technology["Mã kết quả"])
        lines = self.lines.get(code, [])
        begun = [line for line in lines if (day(line["Từ ngày"]) or on) <= on]
        valid = [line for line in begun if (day(line["Đến ngày"]) or on) >= on]
        decided = any(line["Chế độ"] for line in begun)
        regime = "" if task is None else "automatic" if (day(task["Ngày phê duyệt"]) or "") >= NEW_LAW else "on-request"
        undecided = regime == "on-request" and not decided
        owned = [line for line in valid if line["Quyền năng"] == "Sở hữu"]
        rows = []
        for line in owned:
            standing = "claims" if code in self.disputed else "unknown" if undecided else "may"
            basis = "undecided" if undecided else "decision" if line["Chế độ"] else "record"
            rows.append(self._line(line) | {"standing": standing, "basis": basis})
        for line in valid:
            if line not in owned and line["Độc quyền"] == "có":
                rows.append(self._line(line) | {"standing": "bans_others", "basis": "record"})
        by_law = self._by_law(task) if task and regime == "automatic" and not owned else []
        if not owned and not by_law:
            basis = "undecided" if undecided else "use_only" if decided else "none_valid" if lines else "not_on_record"
            rows.append(NOTHING | {"standing": "nobody", "basis": basis})
        return [*rows, *by_law]

    def _line(self, line: Row) -> dict[str, Any]:
        mine = [other for other in self.lines[line["Mã công nghệ"]] if other["Chủ thể quyền"] == line["Chủ thể quyền"]]
        share = line["Tỷ lệ"].removesuffix(" %")
        return {
            "holder": self.files.body(line["Chủ thể quyền"]),
            "power": POWERS[line["Quyền năng"]],
            "share": int(share) / 100 if share else None,
            "exclusive": line["Độc quyền"] == "có",
            "consents": any(other["Đồng ý chuyển giao"] for other in mine),
            "territory": [f"scheme/place/2025/{PLACES[name]}" for name in several(line["Phạm vi lãnh thổ"])],
            "field_of_use": sorted(f"scheme/ipc/2024/{code}" for code in several(line["Mã IPC sử dụng"])),
            "valid_from": day(line["Từ ngày"]),
            "valid_until": day(line["Đến ngày"]),
        }

    def _by_law(self, task: Row) -> Rows:
        """The state's part is the host's, the rest is the partner's."""
        state, own = (million(task[f"{name} (triệu đồng)"]) for name in ("Ngân sách nhà nước", "Vốn đối ứng"))
        paid = [(task["Tổ chức chủ trì"], state), (task["Bên đối ứng"], own)]
        common = {"standing": "may", "basis": "law", "power": POWERS["Sở hữu"], "exclusive": False, "consents": False}
        return [
            NOTHING | common | {"holder": self.files.body(name), "share": part / (state + own)}
            for name, part in paid
            if part
        ]

    def chosen(self, every: int) -> list[Row]:
        """One technology in so many, and all whose rights are disputed, licensed, or the host's by law."""
        technologies = self.files.technologies()
        special = [row for row in technologies if len(self.lines.get(row["Mã công nghệ"], [])) > 1]
        new = {code for code, task in self.tasks.items() if (day(task["Ngày phê duyệt"]) or "") >= NEW_LAW}
        by_law = [row for row in technologies if row["Mã kết quả"] in new]
        return list({row["Mã công nghệ"]: row for row in (*technologies[::every], *special, *by_law)}.values())


@pytest.mark.parametrize(("as_of", "every"), [(DAY, 6), ("2024-06-30", 20), ("2018-01-15", 20)])
def test_who_may_license_technologies(ask: Ask, sample: Published, as_of: str, every: int) -> None:
    rights = Rights(sample.files)
    chosen = rights.chosen(every)
    assert len(chosen) > 100
    seen = set()
    for technology in chosen:
        identifier = sample.files.numbered("Technology", technology["Mã công nghệ"])
        found = ask("who_may_license", as_of, technology=identifier)
        assert plain(found) == plain(rights.of(technology, as_of)), technology["Mã công nghệ"]
        seen |= {(row["standing"], row["basis"]) for row in found}
    planted = {("may", "record"), ("may", "decision"), ("nobody", "undecided"), ("nobody", "not_on_record")}
    if as_of == DAY:
        planted |= {("may", "law"), ("claims", "record"), ("bans_others", "record"), ("nobody", "use_only")}
        assert seen == planted
    assert seen >= planted - {("may", "decision")}


def test_an_exclusive_licence_elsewhere(ask: Ask, sample: Published) -> None:
    # a drone of a university; a firm holds the exclusive use in Ho Chi Minh City until the middle of 2029
    found = ask("who_may_license", technology="MH-CN-0058")
    assert [(row["standing"], row["power"].rsplit("/", 1)[1], row["exclusive"]) for row in found] == [
        ("may", "own", False),
        ("bans_others", "use", True),
    ]
    assert found[1]["territory"] == ["scheme/place/2025/VN-SG"] and found[1]["valid_until"] == "2029-06-30"
    assert [row["standing"] for row in ask("who_may_license", "2029-07-01", technology="MH-CN-0058")] == ["may"]


def _right(rows: Rows) -> str:
    """What the gate of right has to say of a licence for all of Viet Nam by the first owner, from the facts alone."""
    owners = [row for row in rows if row["standing"] == "may"]
    if any(row["standing"] == "bans_others" for row in rows) and owners:
        return "fail"
    if not owners or any(row["standing"] != "may" for row in rows):
        return "unknown"
    recorded = [row for row in owners if row["basis"] == "record"]
    if any(row["territory"] and "scheme/place/2025/VN" not in row["territory"] for row in recorded):
        return "fail"
    if any(not row["territory"] or not row["field_of_use"] for row in recorded):
        return "unknown"
    return "pass" if len(owners) == 1 else "several"


def test_the_facts_agree_with_the_gates_of_the_policy(sample: Published) -> None:
    # one twin is enough: that the other gives the same rows is tried above
    question = questions()["who_may_license"]
    identifiers = [sample.files.numbered("Technology", row["Mã công nghệ"]) for row in sample.files.technologies()]
    reading = Reading(sample.views, sample.graph)
    gates = Gates(reading, RouteFacts(technology_facts(reading, identifiers), {}), DAY, "en")
    compared: dict[str, int] = {}
    for identifier in identifiers:
        asked = {"technology": identifier, "as_of": date.fromisoformat(DAY)}
        rows = tidy(question, ask_cypher(sample.graph, question.cypher, asked))
        holders = gates.holders(identifier)
        assert set(holders) == {row["holder"] for row in rows if row["standing"] in ("may", "claims")}
        # a taker of whom no place is on record is asked for as the whole country
        judged = gates.judge(Ends(identifier, holders, "broker", "taker", None))
        found = next(gate.state for gate in judged.gates if gate.gate == "right")
        state = _right(rows)
        compared[state] = compared.get(state, 0) + 1
        if state == "several":
            others = [row["consents"] for row in rows if row["holder"] != holders[0]]
            state = "pass" if all(others) else "unknown"
        assert found == state, (identifier, rows)
    assert set(compared) == {"pass", "fail", "unknown", "several"} and sum(compared.values()) == 500


@pytest.mark.parametrize("as_of", [DAY, "2021-03-31"])
def test_regime_of_results(ask: Ask, sample: Published, as_of: str) -> None:
    files, rights = sample.files, Rights(sample.files)
    made = {row["Mã kết quả"]: row["Mã công nghệ"] for row in files.technologies() if row["Mã kết quả"]}
    expected: Rows = []
    for result, task in rights.tasks.items():
        approved = str(day(task["Ngày phê duyệt"]))
        regime = "automatic" if approved >= NEW_LAW else "on-request"
        common = {
            "result": files.coded("result-code", result),
            "task": files.numbered("STTask", task["Mã số nhiệm vụ"]),
            "approved_on": approved,
            "regime": f"scheme/regime/1/{regime}",
            "provisions": PROVISIONS[regime],
            "host": files.body(task["Tổ chức chủ trì"]),
            "other_funders": [files.body(task["Bên đối ứng"])] if task["Bên đối ứng"] else [],
            "state": STATES.get(task["Tình trạng giao quyền"]),
        }
        lines = [line for line in rights.lines.get(made.get(result, ""), []) if line["Chế độ"]]
        decisions = [line for line in lines if (day(line["Từ ngày"]) or "") <= as_of]
        for line in decisions:
            facts = {"decided": POWERS[line["Quyền năng"]], "decided_to": files.body(line["Chủ thể quyền"])}
            expected.append(common | facts | {"decided_on": day(line["Từ ngày"])})
        if not decisions:
            expected.append(common | dict.fromkeys(("decided", "decided_to", "decided_on")))
    found = ask("regime_of_results", as_of)
    assert sorted(repr(sorted(row.items())) for row in found) == sorted(repr(sorted(row.items())) for row in expected)
    assert {row["regime"].rsplit("/", 1)[1] for row in found} == {"automatic", "on-request"}
    assert {bool(row["decided"]) for row in found if row["regime"].endswith("on-request")} == {True, False}
    # the sample has a task approved on the first day of the new law; none of the day before has a result yet
    assert min(row["approved_on"] for row in found if row["regime"].endswith("automatic")) == NEW_LAW
    one = next(row for row in found if row["regime"].endswith("automatic"))
    assert ask("regime_of_results", as_of, only_result=one["result"]) == [one]
