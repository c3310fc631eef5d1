"""The ledger of rights: states by dated events, owners, contradictions, parts of the profit, deadlines, steps; and may T be given to F?

The cases are planted; what is expected was worked out from the rules in DOMAIN.md, not from output.
"""

from datetime import date
from typing import Any

import pytest

from graph.answer.errors import AnswerError
from graph.answer.reading import Reading
from graph.answer.rights_ledger import ledger, result_rights
from graph.answer.rights_model import Entry, ResultRights, RightsLedger, RightsQuestion
from graph.policy.profit import novelty_deadline, parts
from tests.planted import Planted, node_id

DAY = "2026-11-24"
ON_REQUEST = "scheme/regime/1/on-request"
OWN, USE = "scheme/power/1/own", "scheme/power/1/use"
IPC, VN, HANOI, SAIGON = (
    "scheme/ipc/2024/C02F", "scheme/place/2025/VN", "scheme/place/2025/VN-HN", "scheme/place/2025/VN-SG",
)  # fmt: skip


def result(key: str, approved: str | None, state: str | None = None, **task: Any) -> dict[str, dict[str, Any]]:
    """A task, its state money, its result and a technology that comes from it, all called after a key."""
    said = {"approvedOn": approved} if approved else {}
    return {
        f"task-{key}": {"a": "STTask", "name": f"Nhiệm vụ {key}", "hostedBy": "@host", **said, **task},
        f"money-{key}": {"a": "Funding", "task": f"@task-{key}", "funder": "@city", "stateMoney": True, "amount": 600},
        f"result-{key}": {
            "a": "ResearchResult", "name": f"Kết quả {key}", "resultOf": f"@task-{key}",
            **({"state": f"scheme/rights-state/1/{state}"} if state else {}),
        },
        f"technology-{key}": {
            "a": "Technology", "name": f"Công nghệ {key}", "embodies": f"@result-{key}", "hasPatentClass": IPC,
        },
        f"status-{key}": {
            "a": "RegulatoryStatus", "statusOf": f"@technology-{key}", "listing": "scheme/listing/1/none", "validFrom": "2020-01-01",
        },
    }  # fmt: skip


def holding(of: str, holder: str, power: str = OWN, **more: Any) -> dict[str, Any]:
    scope = {"territory": VN, "fieldOfUse": IPC}
    said = {"a": "RightsHolding", "over": f"@technology-{of}", "holder": f"@{holder}", "power": power, **scope, **more}
    return {key: value for key, value in said.items() if value is not None}


def bodies() -> dict[str, dict[str, Any]]:
    return {
        "host": {"a": "University", "name": "Trường Ví Dụ", "locatedIn": HANOI},
        "city": {"a": "PublicAuthority", "name": "Sở Ví Dụ"},
        "firm": {"a": "Enterprise", "name": "Công ty Ví Dụ", "locatedIn": HANOI},
        "other": {"a": "Enterprise", "name": "Công ty Khác Ví Dụ", "locatedIn": SAIGON},
        "author": {"a": "Person", "name": "Trần Ví Dụ"},
    }


def graph() -> dict[str, dict[str, Any]]:
    nodes = bodies()
    for key, approved, state in (
        ("undecided", "2025-09-30", None),
        ("asked", "2019-03-01", "requested"),
        ("word", "2019-04-01", "decided-own"),
        ("decided", "2019-05-01", "decided-own"),
        ("lapsed", "2019-06-01", None),
        ("licensed", "2019-07-01", None),
        ("rushed", "2019-08-01", "unassigned"),
        ("vested", "2025-10-01", None),
        ("shared", "2025-12-01", None),
        ("undated", None, None),
        ("twice", "2026-01-05", None),
        ("published", "2019-09-01", "published"),
        ("steps", "2019-10-01", "requested"),
        ("transition", "2023-01-01", None),
    ):
        nodes |= result(key, approved, state)
    nodes["technology-vested"]["inventor"] = "@author"
    nodes["technology-vested"]["firstDisclosure"] = "2026-01-31"
    nodes["technology-decided"]["firstDisclosure"] = "2025-02-28"
    nodes["patent-decided"] = {"a": "Patent", "protects": "@technology-decided", "filedOn": "2025-06-01"}
    nodes["acceptance-vested"] = {"a": "Acceptance", "accepts": "@result-vested", "date": "2026-05-20"}
    nodes["technology-twice"]["firstDisclosure"] = "2026-01-31"
    nodes["told-twice"] = {"a": "ResultAnnouncement", "announces": "@result-twice", "date": "2026-02-20"}
    nodes["patent-transition"] = {"a": "Patent", "protects": "@technology-transition", "grantedOn": "2026-10-01"}
    nodes["acceptance-steps"] = {
        "a": "Acceptance",
        "accepts": "@result-steps",
        "date": "2021-03-03",
        "number": "7/QĐ-NT",
    }
    nodes["asked-steps"] = {
        "a": "RightsRequest", "requestsRightsTo": "@result-steps", "organization": "@host", "power": OWN, "number": "12/CV", "date": "2021-04-04",
    }  # fmt: skip
    nodes["h-steps"] = holding("steps", "host", regime=ON_REQUEST, validFrom="2021-09-09", decisionNumber="5/QĐ")
    nodes["told-steps"] = {
        "a": "ResultAnnouncement", "announces": "@result-steps", "issuedBy": "@city", "number": "3/TB", "date": "2025-12-15",
    }  # fmt: skip
    nodes["technology-steps"]["firstDisclosure"] = "2026-12-01"
    nodes["h-decided"] = holding("decided", "host", share=1.0, regime=ON_REQUEST, validFrom="2021-02-03")
    nodes["h-lapsed"] = holding("lapsed", "host", regime=ON_REQUEST, validFrom="2020-01-01", validUntil="2024-12-31")
    nodes["h-licensed"] = holding("licensed", "host", share=1.0, regime=ON_REQUEST, validFrom="2020-02-01")
    nodes["l-licensed"] = holding("licensed", "other", USE, exclusive=True, territory=SAIGON, validFrom="2022-05-05")
    nodes["deal-rushed"] = {
        "a": "TechnologyTransfer", "number": "HĐ-1", "object": "@technology-rushed", "transferor": "@host",
        "transferee": "@firm", "transferForm": "scheme/transfer-form/1/licence", "signedOn": "2020-06-01", "brokerShare": 0.12, "brokerShareBasis": "agreed",
    }  # fmt: skip
    nodes["private-shared"] = {
        "a": "Funding", "task": "@task-shared", "funder": "@firm", "stateMoney": False, "amount": 200,
    }  # fmt: skip
    nodes["h-twice-1"] = holding("twice", "host", share=0.7)
    nodes["h-twice-2"] = holding("twice", "firm", share=0.4)
    nodes["x-twice-1"] = holding("twice", "firm", USE, exclusive=True, territory=VN)
    nodes["x-twice-2"] = holding("twice", "other", USE, exclusive=True, territory=HANOI)
    nodes["task-private"] = {"a": "STTask", "name": "Nhiệm vụ tư", "approvedOn": "2025-11-01", "hostedBy": "@firm"}
    nodes["money-private"] = {
        "a": "Funding",
        "task": "@task-private",
        "funder": "@firm",
        "stateMoney": False,
        "amount": 5,
    }
    nodes["result-private"] = {"a": "ResearchResult", "name": "Kết quả tư", "resultOf": "@task-private"}
    return nodes


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    with pytest.MonkeyPatch.context() as patch:
        planted = Planted(tmp_path_factory.mktemp("rights"), patch)
        planted.load(graph())
        return planted.reading()


def asked(reading: Reading, **parts: Any) -> RightsLedger:
    return ledger(reading, RightsQuestion.model_validate({"as_of": DAY, "language": "en", "limit": 500} | parts))


def line(reading: Reading, key: str, day: str = DAY) -> Entry:
    return next(one for one in asked(reading, as_of=day).entries if one.result.id == node_id(f"result-{key}"))


def page(reading: Reading, key: str, day: str = DAY) -> ResultRights:
    found = result_rights(reading, node_id(f"result-{key}"), RightsQuestion(as_of=day, language="en"))
    assert found is not None
    return found


STATES: list[tuple[str, str, tuple[str | None, str | None, str]]] = [
    # approved on the last day of the old regime, nothing decided: nobody owns
    ("undecided", DAY, ("unassigned", None, "law")),
    ("asked", DAY, ("requested", None, "register")),
    # the register says decided, no decision is on record: its word, without a day
    ("word", DAY, ("decided-own", None, "register")),
    ("decided", DAY, ("decided-own", "2021-02-03", "event")),
    ("decided", "2021-02-03", ("decided-own", "2021-02-03", "event")),
    # the day before the decision the register's word is explained by it and counts for nothing
    ("decided", "2021-02-02", ("unassigned", None, "law")),
    ("lapsed", "2024-12-31", ("decided-own", "2020-01-01", "event")),
    ("lapsed", "2025-01-01", ("lapsed", "2025-01-01", "event")),
    ("licensed", "2022-05-04", ("decided-own", "2020-02-01", "event")),
    ("licensed", "2022-05-05", ("licensed", "2022-05-05", "event")),
    ("rushed", DAY, ("licensed", "2020-06-01", "event")),
    ("vested", DAY, ("vested", None, "law")),
    ("undated", DAY, (None, None, "none")),
    ("published", DAY, ("published", None, "register")),
]


@pytest.mark.parametrize(("key", "day", "expected"), STATES)
def test_the_state_as_of_a_day(
    reading: Reading, key: str, day: str, expected: tuple[str | None, str | None, str]
) -> None:
    one = line(reading, key, day)
    assert (one.state.code if one.state else None, one.state_since, one.state_basis) == expected


def test_what_was_not_there_yet_and_what_the_state_did_not_pay_is_no_line(reading: Reading) -> None:
    now, then = ({one.result.name for one in asked(reading, as_of=day).entries} for day in (DAY, "2026-05-19"))
    assert "Kết quả tư" not in now
    assert "Kết quả vested" in now - then


def test_the_regime_names_the_provision_in_force_at_the_approval(reading: Reading) -> None:
    old, new = line(reading, "undecided"), line(reading, "vested")
    assert (old.regime, new.regime) == ("on_request", "automatic")
    assert "scheme/law/1/law-93-2025-art-73-3" in {one.id for one in old.regime_basis}
    assert [one.id for one in new.regime_basis] == ["scheme/law/1/law-93-2025-art-25-2"]
    assert {one.certainty for one in new.regime_basis} == {"s"}
    assert line(reading, "undated").regime == "unknown"


def test_owners_have_their_shares(reading: Reading) -> None:
    owners = {one.owner.id: one.share for one in line(reading, "shared").owners}
    assert owners == {node_id("host"): pytest.approx(0.75), node_id("firm"): pytest.approx(0.25)}
    assert {one.owner.id: one.share for one in line(reading, "vested").owners} == {node_id("host"): 1.0}
    assert line(reading, "undecided").owners == ()
    assert not line(reading, "undecided").clear
    assert line(reading, "vested").clear


def test_contradictions_are_flagged_and_settle_nothing(reading: Reading) -> None:
    one = line(reading, "twice")
    kinds = {warning.kind: warning for warning in one.warnings}
    assert set(kinds) == {"shares_exceed_whole", "exclusive_overlap"}
    assert kinds["shares_exceed_whole"].share == pytest.approx(1.1)
    assert {body.id for body in kinds["exclusive_overlap"].bodies} == {node_id("firm"), node_id("other")}
    assert {share.share for share in one.owners} == {None}
    assert [warning.kind for warning in line(reading, "rushed").warnings] == ["licensed_undecided"]
    assert line(reading, "licensed").warnings == ()


def test_events_come_in_their_order_with_their_records(reading: Reading) -> None:
    told = [(event.day, event.kind) for event in page(reading, "decided").events]
    assert told == [
        ("2019-05-01", "approved"),
        ("2021-02-03", "decided"),
        ("2025-02-28", "disclosed"),
        ("2025-06-01", "filed"),
    ]
    assert all(event.sources for event in page(reading, "decided").events)
    assert [event.day for event in page(reading, "decided", "2021-02-03").events] == ["2019-05-01", "2021-02-03"]


def test_powers_say_who_what_where_and_until_when(reading: Reading) -> None:
    powers = {one.holder.id: one for one in page(reading, "licensed").powers if one.holder}
    licence = powers[node_id("other")]
    assert licence.power and (licence.power.code, licence.exclusive, licence.decision) == ("use", True, False)
    assert [one.code for one in licence.territory] == ["VN-SG"]
    assert powers[node_id("host")].decision
    assert not page(reading, "lapsed").powers[0].valid


def test_parts_of_the_profit_are_those_of_the_provisions(reading: Reading) -> None:
    found = {part.party: part for part in page(reading, "vested").profit if "decree" in part.basis.id}
    assert (found["authors"].minimum, found["authors"].basis.id) == (0.3, "scheme/law/1/decree-267-2025-art-34-1")
    assert (found["broker"].minimum, found["broker"].basis.id) == (0.1, "scheme/law/1/decree-267-2025-art-34-2")
    assert [one.id for one in found["authors"].payees] == [node_id("author")]
    assert {part.party for part in page(reading, "decided").profit} == {"broker"}
    # the decree came into force on 14 October 2025
    assert {part.party for part in parts(date(2025, 10, 1), date(2025, 10, 13))} == {"authors"}
    assert list(parts(date(2025, 10, 1), date(2025, 9, 30))) == []


def test_parts_of_the_profit_by_contract_have_their_basis_and_records(reading: Reading) -> None:
    (part,) = page(reading, "rushed").recorded_profit
    assert (part.party, part.share, part.basis, part.day) == ("broker", 0.12, "agreed", "2020-06-01")
    assert part.deal.id == node_id("deal-rushed") and part.sources
    assert page(reading, "rushed", "2020-05-31").recorded_profit == ()


@pytest.mark.parametrize(
    ("disclosed", "design", "deadline"),
    [
        ("2026-01-31", False, "2027-01-31"),
        ("2024-02-29", False, "2025-02-28"),
        ("2026-08-31", True, "2027-02-28"),
        ("2025-12-15", True, "2026-06-15"),
    ],
)
def test_months_of_grace_end_on_the_same_day_or_the_last_of_the_month(
    disclosed: str, design: bool, deadline: str
) -> None:
    last, provision = novelty_deadline(date.fromisoformat(disclosed), design)
    assert last.isoformat() == deadline
    assert provision.grace_months == (6 if design else 12)


def test_a_deadline_counts_only_while_nothing_is_filed(reading: Reading) -> None:
    assert line(reading, "vested").novelty_deadline == "2027-01-31"
    assert line(reading, "decided").novelty_deadline is None
    assert line(reading, "decided", "2025-05-31").novelty_deadline == "2026-02-28"
    (deadline,) = page(reading, "decided").deadlines
    assert (deadline.filed, deadline.basis.id) == (True, "scheme/law/1/law-50-2005-art-60-3")


def test_unclear_rights_have_steps_with_provision_and_document(reading: Reading) -> None:
    first, *_ = page(reading, "undecided").next_steps
    assert "decision on assignment" in first.sentence
    assert first.provision and first.provision.id == "scheme/law/1/law-93-2025-art-73-3"
    assert first.document and "decision" in first.document
    steps = [step.sentence for step in page(reading, "shared").next_steps]
    assert any("consent of the co-owners: Công ty Ví Dụ" in step for step in steps), steps


def test_lines_are_chosen_by_state_host_field_and_regime(reading: Reading) -> None:
    whole = asked(reading)
    assert whole.total == len(whole.entries) == sum(whole.states.values()) == sum(whole.regimes.values()) == 14
    # «licensed» and «rushed», and «twice» whose two exclusive rights of use are licences
    assert whole.states["licensed"] == 3
    assert {one.result.name for one in asked(reading, state="none").entries} == {"Kết quả undated"}
    assert asked(reading, regime="automatic").total == 3
    assert asked(reading, host="Trường Ví Dụ").total == 14
    assert asked(reading, host=node_id("firm")).total == 0
    with pytest.raises(AnswerError, match="no organisation"):
        asked(reading, host="Nobody")
    first, rest = asked(reading, limit=5), asked(reading, limit=500, offset=5)
    assert first.truncated and not rest.truncated
    assert [*first.entries, *rest.entries] == list(whole.entries)


MAY: list[tuple[str, dict[str, Any], tuple[str, str | None, str]]] = [
    ("vested", {}, ("yes", None, "scheme/law/1/law-93-2025-art-25-2")),
    ("vested", {"form": "assignment"}, ("yes", None, "scheme/law/1/law-93-2025-art-25-2")),
    ("vested", {"form": "sublicence", "giver": "host"}, ("no", "right", "scheme/law/1/law-07-2017-art-7-powers")),
    ("undecided", {}, ("unknown", "right", "scheme/law/1/law-93-2025-art-73-3")),
    ("decided", {}, ("yes", None, "scheme/law/1/decree-70-2018-assignment")),
    ("decided", {"as_of": "2021-02-02"}, ("unknown", "right", "scheme/law/1/law-93-2025-art-73-3")),
    ("shared", {}, ("unknown", "consent", "scheme/law/1/law-91-2015-art-218")),
    # the exclusive licence is for another province: nothing in its way in Hanoi, a ban in Ho Chi Minh City
    ("licensed", {}, ("yes", None, "scheme/law/1/law-50-2005-art-143")),
    ("licensed", {"territory": "VN-SG"}, ("no", "exclusive", "scheme/law/1/law-50-2005-art-143")),
    ("licensed", {"territory": "VN-SG", "field": "A61K"}, ("yes", None, "scheme/law/1/law-50-2005-art-143")),
    ("licensed", {"territory": "VN-SG", "as_of": "2022-05-04"}, ("yes", None, "scheme/law/1/law-50-2005-art-143")),
    ("undated", {}, ("unknown", "right", "scheme/law/1/ketnoi-rules-unknown")),
]


@pytest.mark.parametrize(("key", "parts", "expected"), MAY)
def test_may_it_be_given_today(
    reading: Reading, key: str, parts: dict[str, Any], expected: tuple[str, str | None, str]
) -> None:
    given = {name: node_id(value) if name == "giver" else value for name, value in parts.items()}
    told = asked(reading, technology=node_id(f"technology-{key}"), to="Công ty Ví Dụ", **given)
    assert told.may is not None
    answer = told.may.answer
    assert (answer.may, answer.gate) == expected[:2]
    assert expected[2] in {one.id for one in answer.basis}
    assert answer.reason
    assert node_id("host") not in answer.reason + "".join(step.sentence for step in answer.next_steps)
    assert told.total == 1


def test_requests_and_announcements_are_events_with_document_and_records(reading: Reading) -> None:
    told = page(reading, "steps")
    assert [(event.day, event.kind, event.document) for event in told.events] == [
        ("2019-10-01", "approved", None),
        ("2021-03-03", "accepted", "7/QĐ-NT"),
        ("2021-04-04", "requested", "12/CV"),
        ("2021-09-09", "decided", "5/QĐ"),
        ("2025-12-15", "published", "3/TB"),
    ]
    assert all(event.sources for event in told.events)
    to = {event.kind: event.to.id if event.to else None for event in told.events}
    assert (to["requested"], to["decided"], to["published"]) == (node_id("host"), node_id("host"), None)
    states = {day: line(reading, "steps", day) for day in ("2021-04-03", "2021-04-04", "2021-09-09", "2025-12-15")}
    assert {day: (one.state and one.state.code, one.state_document) for day, one in states.items()} == {
        "2021-04-03": ("unassigned", None),
        "2021-04-04": ("requested", "12/CV"),
        "2021-09-09": ("decided-own", "5/QĐ"),
        "2025-12-15": ("published", "3/TB"),
    }
    assert states["2021-04-04"].state_event and states["2021-04-04"].state_event.id == node_id("asked-steps")


def test_the_deadline_runs_from_the_announcement_where_that_came_first(reading: Reading) -> None:
    # announced on 15 December 2025: twelve months later the last day for filing; the disclosure on record came later
    assert line(reading, "steps").novelty_deadline == "2026-12-15"
    assert line(reading, "steps", "2025-12-14").novelty_deadline is None
    (deadline,) = page(reading, "steps").deadlines
    assert (deadline.disclosed, deadline.disclosed_by.id) == ("2025-12-15", node_id("told-steps"))
    # disclosed on 31 January 2026 and announced after that: the disclosure counts
    (deadline,) = page(reading, "twice").deadlines
    assert (deadline.disclosed, deadline.disclosed_by.id) == ("2026-01-31", node_id("technology-twice"))


def test_authors_of_tasks_of_the_transition_have_a_part_of_what_granted_titles_bring(reading: Reading) -> None:
    (authors,) = [part for part in page(reading, "transition").profit if part.party == "authors"]
    assert (authors.minimum, authors.titles_only, authors.state_part_only) == (0.3, True, True)
    assert (authors.basis.id, authors.basis.certainty) == ("scheme/law/1/law-93-2025-art-73-7", "s")
    assert [one.id for one in authors.titles] == [node_id("patent-transition")]
    # granted on 1 October 2026, so not yet the day before; the part itself is by law
    (before,) = [part for part in page(reading, "transition", "2026-09-30").profit if part.party == "authors"]
    assert before.titles == ()
    # the new law came into force on 1 October 2025
    assert [part for part in page(reading, "transition", "2025-09-30").profit if part.party == "authors"] == []
    (now, *_) = [part for part in page(reading, "vested").profit if part.party == "authors"]
    assert not now.titles_only


@pytest.mark.parametrize(
    ("approved", "rules"),
    [
        ("2022-12-31", set()),
        ("2023-01-01", {"law-93-2025-art-73-7"}),
        ("2025-09-30", {"law-93-2025-art-73-7"}),
        ("2025-10-01", {"law-93-2025-art-28-3", "decree-267-2025-art-34-1"}),
    ],
)
def test_the_authors_part_by_the_day_of_approval(approved: str, rules: set[str]) -> None:
    found = [part for part in parts(date.fromisoformat(approved), date(2026, 3, 1)) if part.party == "authors"]
    assert {part.provision.id.removeprefix("scheme/law/1/") for part in found} == rules
    assert {part.minimum for part in found} <= {0.3}
