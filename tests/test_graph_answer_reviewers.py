"""Reviewers without a conflict: one planted expert a conflict, each excluded with its path; and the balance of councils."""

from typing import Any

import pytest

from graph.answer.errors import AnswerError
from graph.answer.reading import Reading
from graph.answer.review_model import Conflict, Reviewers, ReviewQuestion
from graph.answer.reviewers import councils, find_reviewers
from tests.planted import Planted, node_id

DAY, EARLIER = "2026-03-01", "2022-06-01"
ROLE = "scheme/advisory-role/1/"
EXPERTS = (
    "clean", "nowhere", "leader", "employee", "former", "unit", "sister", "colleague", "inventor", "worker", "owner", "author",
)  # fmt: skip


def works(person: str, body: str, since: str = "2015-01-01", until: str | None = None) -> dict[str, Any]:
    said = {"a": "Membership", "member": f"@{person}", "organization": f"@{body}", "validFrom": since}
    return said | ({"validUntil": until} if until else {})


def graph() -> dict[str, dict[str, Any]]:
    nodes: dict[str, dict[str, Any]] = {
        "group": {"a": "Enterprise", "name": "Tập đoàn Ví Dụ"},
        "host": {"a": "University", "name": "Trường Chủ Trì Ví Dụ", "controlledBy": "@group"},
        "lab": {"a": "ResearchInstitute", "name": "Viện trực thuộc Ví Dụ", "unitOf": "@host"},
        "sister-body": {"a": "ResearchInstitute", "name": "Viện cùng tập đoàn Ví Dụ", "controlledBy": "@group"},
        "second": {"a": "Enterprise", "name": "Công ty thứ hai Ví Dụ"},
        "studio": {"a": "Enterprise", "name": "Xưởng Ví Dụ"},
        "elsewhere": {"a": "University", "name": "Trường Khác Ví Dụ"},
        "task": {
            "a": "STTask", "name": "Nghiên cứu xử lý nước thải dệt nhuộm", "hostedBy": "@host", "approvedOn": "2025-11-03",
        },
        "leads": {"a": "TaskParticipation", "task": "@task", "person": "@leader"},
        "result": {"a": "ResearchResult", "name": "Kết quả xử lý nước thải", "resultOf": "@task"},
        "made": {"a": "Technology", "name": "Hệ thống xử lý nước thải dệt nhuộm", "embodies": "@result", "inventor": "@author"},
        "owned": {"a": "RightsHolding", "over": "@made", "holder": "@owner", "power": "scheme/power/1/own"},
        "earlier-task": {"a": "STTask", "name": "Nhiệm vụ trước đây", "hostedBy": "@elsewhere"},
        "earlier-1": {"a": "TaskParticipation", "task": "@earlier-task", "person": "@leader"},
        "earlier-2": {"a": "TaskParticipation", "task": "@earlier-task", "person": "@worker"},
        "together": {"a": "Technology", "name": "Màng lọc nước thải", "inventor": ["@leader", "@inventor"]},
        "m-leader": works("leader", "host"),
        "m-leader-2": works("leader", "second"),
        "m-clean": works("clean", "elsewhere"),
        "m-employee": works("employee", "host"),
        "m-former": works("former", "host", until="2023-12-31"),
        "m-former-2": works("former", "elsewhere", since="2024-01-01"),
        "m-unit": works("unit", "lab"),
        "m-sister": works("sister", "sister-body"),
        "m-colleague": works("colleague", "second"),
        "m-inventor": works("inventor", "elsewhere"),
        "m-worker": works("worker", "elsewhere"),
        "m-owner": works("owner", "elsewhere"),
        "m-author": works("author", "studio"),
        "policy": {"a": "PolicyInstrument", "name": "Quyết định Ví Dụ", "number": "VD"},
        "article": {"a": "LegalProvision", "name": "Điều 1 Ví Dụ", "partOf": "@policy"},
        "a-1": {"a": "Appointment", "about": "@policy", "person": "@clean", "role": f"{ROLE}policy-adviser", "date": EARLIER},
        "a-2": {"a": "Appointment", "about": "@article", "person": "@former", "role": f"{ROLE}reviewer", "date": EARLIER},
        "a-3": {"a": "Appointment", "about": "@policy", "person": "@nowhere", "role": f"{ROLE}reviewer", "date": EARLIER},
        "a-4": {"a": "Appointment", "about": "@policy", "person": "@worker", "role": f"{ROLE}reviewer", "date": DAY},
    }  # fmt: skip
    # a word that stands in every document tells nobody from anybody, so most documents are about something else
    for at, about in enumerate(
        ("đúc hợp kim nhôm", "giống lúa chịu mặn", "vắc xin cho gia cầm", "cảm biến sợi quang") * 12
    ):
        nodes[f"other-{at}"] = {"a": "Person", "name": f"Người khác {at}"}
        nodes[f"thing-{at}"] = {"a": "Technology", "name": f"Quy trình {about} số {at}", "inventor": f"@other-{at}"}
    for key in EXPERTS:
        nodes[key] = {"a": "Person", "name": f"Chuyên gia {key}"}
        nodes[f"work-{key}"] = {"a": "Technology", "name": f"Công nghệ xử lý nước thải {key}", "inventor": f"@{key}"}
    return nodes


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    with pytest.MonkeyPatch.context() as patch:
        planted = Planted(tmp_path_factory.mktemp("reviewers"), patch)
        planted.load(graph())
        return planted.reading()


def asked(reading: Reading, **parts: Any) -> Reviewers:
    return find_reviewers(reading, ReviewQuestion.model_validate({"as_of": DAY, "language": "en", "limit": 20} | parts))


def conflicts(found: Reviewers) -> dict[str, tuple[Conflict, ...]]:
    keys = {node_id(key): key for key in EXPERTS}
    return {keys[one.expert.id]: one.conflicts for one in found.excluded}  # nobody else is ever excluded


def fit(found: Reviewers) -> set[str]:
    keys = {node_id(key): key for key in EXPERTS}
    return {keys[one.expert.expert.id] for one in found.reviewers if one.expert.expert.id in keys}


def test_each_conflict_excludes_its_expert_and_nobody_else_is_excluded(reading: Reading) -> None:
    found = asked(reading, task="Nghiên cứu xử lý nước thải dệt nhuộm")
    assert {key: {one.kind for one in several} for key, several in conflicts(found).items()} == {
        "leader": {"participant"},
        "author": {"participant"},
        "employee": {"employer"},
        "unit": {"family"},
        "sister": {"family"},
        "colleague": {"colleague"},
        "inventor": {"co_inventor"},
        "worker": {"co_worker"},
        "owner": {"owner"},
    }
    assert fit(found) == {"clean", "nowhere", "former"}


def test_the_employer_of_the_day_counts(reading: Reading) -> None:
    then = asked(reading, task=node_id("task"), as_of="2023-12-31")
    after = asked(reading, task=node_id("task"), as_of="2024-01-01")
    assert {one.kind for one in conflicts(then)["former"]} == {"employer"}
    assert "former" in fit(after)


PATHS = {
    "employee": [("employee", "organization", "host"), ("task", "hostedBy", "host")],
    "unit": [("unit", "organization", "lab"), ("lab", "unitOf", "host"), ("task", "hostedBy", "host")],
    "sister": [
        ("sister", "organization", "sister-body"),
        ("sister-body", "controlledBy", "group"),
        ("host", "controlledBy", "group"),
        ("task", "hostedBy", "host"),
    ],
    "colleague": [
        ("colleague", "organization", "second"), ("leader", "organization", "second"), ("task", "person", "leader"),
    ],
    "inventor": [("together", "inventor", "inventor"), ("together", "inventor", "leader"), ("task", "person", "leader")],
    "worker": [("earlier-task", "person", "worker"), ("earlier-task", "person", "leader"), ("task", "person", "leader")],
    "owner": [("made", "holder", "owner")],
    "author": [("made", "inventor", "author")],
}  # fmt: skip


@pytest.mark.parametrize("key", PATHS)
def test_an_exclusion_shows_its_path_of_records(reading: Reading, key: str) -> None:
    (conflict,) = conflicts(asked(reading, task=node_id("task")))[key]
    walked = [(hop.from_.id, hop.relation, hop.to.id) for hop in conflict.path]
    assert walked == [(node_id(start), relation, node_id(end)) for start, relation, end in PATHS[key]]
    assert all(hop.asserted and hop.sources and hop.sources[0].line for hop in conflict.path)
    assert f"Chuyên gia {key}" in conflict.sentence


def test_what_is_not_on_record_is_said(reading: Reading) -> None:
    unchecked = {one.expert.expert.id: one.unchecked for one in asked(reading, task=node_id("task")).reviewers}
    assert unchecked[node_id("nowhere")] == ("employer",)
    assert unchecked[node_id("clean")] == ()


def test_a_text_has_the_parties_that_are_named(reading: Reading) -> None:
    free = asked(reading, text="xử lý nước thải")
    assert free.excluded == free.parties == ()
    found = asked(reading, text="xử lý nước thải", host="Trường Chủ Trì Ví Dụ", people=(node_id("worker"),))
    assert {key: {one.kind for one in several} for key, several in conflicts(found).items()} == {
        "employee": {"employer"},
        "leader": {"employer", "co_worker"},
        "unit": {"family"},
        "sister": {"family"},
        "worker": {"participant"},
        # who works at «elsewhere» on the day works with «worker»
        "clean": {"colleague"},
        "former": {"colleague"},
        "inventor": {"colleague"},
        "owner": {"colleague"},
    }
    for wrong in ({}, {"text": "x", "host": "Nobody"}, {"task": "Nothing"}):
        with pytest.raises(AnswerError):
            asked(reading, **wrong)


def test_reviewers_keep_the_order_of_the_ranking(reading: Reading) -> None:
    found = asked(reading, task=node_id("task"))
    both = [one.expert.rank for one in found.reviewers] + [one.rank for one in found.excluded]
    assert len(set(both)) == len(both)
    # whoever knows the subject stands before those who don't
    assert sorted(both)[: len(EXPERTS)] == list(range(1, len(EXPERTS) + 1))
    assert fit(found) == {"clean", "nowhere", "former"}
    assert [one.expert.rank for one in found.reviewers] == sorted(one.expert.rank for one in found.reviewers)
    first = asked(reading, task=node_id("task"), limit=1)
    assert [one.expert.expert for one in first.reviewers] == [found.reviewers[0].expert.expert]
    assert first.truncated


def test_who_advised_on_a_policy_in_what_role_and_the_balance(reading: Reading) -> None:
    (council,) = councils(reading, "Quyết định Ví Dụ", "2026-02-28", "en").councils
    told = {(one.person.id, one.role.name if one.role else None, one.date) for one in council.members}
    assert told == {
        (node_id("clean"), "Policy adviser", EARLIER),
        (node_id("former"), "Reviewer", EARLIER),
        (node_id("nowhere"), "Reviewer", EARLIER),
    }
    assert council.roles == {"Policy adviser": 1, "Reviewer": 2}
    # in 2022 «former» still worked at the host
    balance = council.balance
    assert {part.of.id: part.count for part in balance.institutions if part.of} == {
        node_id("elsewhere"): 1,
        node_id("host"): 1,
    }
    assert (balance.members, balance.sectors, balance.unknown) == (3, {"University": 2}, 1)
    (later,) = councils(reading, node_id("policy"), DAY, "en").councils
    assert len(later.members) == 4
    assert all(one.sources for one in later.members)


def test_all_policy_instruments_that_somebody_advised_on(reading: Reading) -> None:
    found = councils(reading, None, DAY, "en")
    assert [one.about.id for one in found.councils] == [node_id("policy")]
    assert councils(reading, None, "2020-01-01", "en").total == 0
    (nobody,) = councils(reading, node_id("task"), DAY, "en").councils
    assert nobody.members == ()
    with pytest.raises(AnswerError):
        councils(reading, "Nothing", DAY, "en")
