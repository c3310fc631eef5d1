"""A lawyer's table: cases in the form of the contract, each with the answer that DOMAIN.md's rules give and the provision behind it.

The answers were written from the rules before the program was asked. Beside them, properties that hold for any case: shares never
exceed one, no two exclusive holdings overlap unseen, and a day's answer depends on no later decision.
"""

import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from graph.evaluate.rights import evaluate_rights
from graph.policy.case import Case, Holding
from graph.policy.consistency import WHOLE, excess, exclusive_clashes
from graph.policy.rights import decide

BEFORE, CHANGE, AFTER = "2025-09-30", "2025-10-01", "2025-10-02"
TODAY = "2026-03-01"
STATE = {"by": "city", "state": True, "amount": 600}
FIRM = {"by": "firm", "state": False, "amount": 400}
OWN = {"holder": "owner", "power": "own", "territory": "VN", "field": "A61K"}
USE = {"holder": "user", "power": "use", "territory": "VN", "field": "A61K"}
EXCLUSIVE = {**USE, "holder": "licensee", "exclusive": True}
CROSSING = {"cross_border": True}

VESTING, OLD = "law-93-2025-art-25-2", "law-93-2025-art-73-3"
DECISION, POWERS, SCOPE = "decree-70-2018-assignment", "law-07-2017-art-7-powers", "law-07-2017-art-7-scope"
LISTS, RESTRICTED, PROHIBITED, PERMIT = (
    "decree-76-2018-lists", "law-07-2017-art-10", "law-07-2017-art-11", "law-07-2017-art-29",
)  # fmt: skip
BAN, CO_OWNERS, REGISTER, UNKNOWN = (
    "law-50-2005-art-143", "law-91-2015-art-218", "law-07-2017-art-31", "ketnoi-rules-unknown",
)  # fmt: skip


def task(approved: str | None, **more: Any) -> dict[str, Any]:
    """A result of a task that the state paid, hosted by the host, who would give it."""
    return {"approved": approved, "host": "host", "funding": [STATE], "ask": {"from": "host"}, **more}


def owned(**more: Any) -> dict[str, Any]:
    """A technology that its owner holds by record."""
    return {"holdings": [OWN], **more}


def decided(power: str, since: str | None = "2024-01-01", approved: str = BEFORE, **more: Any) -> dict[str, Any]:
    return task(approved, decisions=[{"to": "host", "power": power, "on": since}], **more)


def banned(**more: Any) -> dict[str, Any]:
    return {"holdings": [OWN, {**EXCLUSIVE, **more}]}


YES = {"may": "yes", "gate": None}


def no(gate: str) -> dict[str, Any]:
    return {"may": "no", "gate": gate}


def open_(gate: str) -> dict[str, Any]:
    return {"may": "unknown", "gate": gate}


# what the case is, its difference from the plain one, the answer expected, the provision that it rests on
# fmt: off
TABLE: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    # the regime follows from the day of approval: the day before the change, on it, after it
    ("approved the day before", task(BEFORE), {**open_("right"), "regime": "on_request", "shares": {}}, OLD),
    ("approved on the day", task(CHANGE), {**YES, "regime": "automatic", "shares": {"host": 1}}, VESTING),
    ("approved the day after", task(AFTER), {**YES, "regime": "automatic", "shares": {"host": 1}}, VESTING),
    ("approved long before", task("2016-05-04"), {**open_("right"), "regime": "on_request"}, DECISION),
    ("approval not on record", task(None), {**open_("right"), "regime": "unknown", "shares": {}}, UNKNOWN),
    ("approval not on record, but owned by record", task(None, holdings=[{**OWN, "holder": "host"}]), {**YES, "regime": "unknown"}, POWERS),
    # shares of who paid
    ("co-funded, no consent", task(CHANGE, funding=[STATE, FIRM]), {**open_("consent"), "shares": {"host": 0.6, "firm": 0.4}}, CO_OWNERS),
    ("co-funded, consent given", task(CHANGE, funding=[STATE, FIRM], consents=["firm"]), {**YES, "shares": {"host": 0.6, "firm": 0.4}}, VESTING),
    ("co-funded, the firm gives, the host agreed", task(CHANGE, funding=[STATE, FIRM], consents=["host"], ask={"from": "firm"}), YES, VESTING),
    ("three funders",
     task(CHANGE, funding=[STATE, FIRM, {**FIRM, "by": "fund", "amount": 1000}]), {**open_("consent"), "shares": {"host": 0.3, "firm": 0.2, "fund": 0.5}},
     CO_OWNERS),
    ("the host paid besides the state", task(CHANGE, funding=[STATE, {**FIRM, "by": "host"}]), {**YES, "shares": {"host": 1}}, VESTING),
    ("a firm paid all", task(CHANGE, funding=[FIRM]), {**no("right"), "shares": {"firm": 1}}, VESTING),
    ("amounts not on record",
     task(CHANGE, funding=[{"by": "city", "state": True}, {"by": "firm", "state": False}]), {**open_("consent"), "shares": {}},
     CO_OWNERS),
    ("nobody knows who paid", task(CHANGE, funding=None), {**open_("right"), "shares": {}}, UNKNOWN),
    ("the state's authority owns nothing by paying", task(CHANGE, ask={"from": "city"}), no("right"), VESTING),
    ("a recorded owner replaces the law", task(CHANGE, holdings=[OWN]), {**no("right"), "regime": "automatic"}, POWERS),
    ("a recorded owner whose right has ended does not",
     task(CHANGE, holdings=[{**OWN, "until": "2026-02-28"}]), {**YES, "shares": {"host": 1}},
     VESTING),
    ("recorded shares of more than the whole settle nothing",
     task(CHANGE, holdings=[{**OWN, "holder": "host", "share": 0.8}, {**OWN, "share": 0.5}]), {**open_("consent"), "shares": {}},
     CO_OWNERS),
    # decisions of the old regime
    ("decided: ownership", decided("own"), {**YES, "shares": {"host": 1}}, DECISION),
    ("decided: use, which can't be passed on", decided("use"), no("right"), POWERS),
    ("decided on the very day", decided("own", TODAY), YES, DECISION),
    ("decided tomorrow", decided("own", "2026-03-02"), open_("right"), OLD),
    ("assignment by who owns by decision", decided("own", ask={"from": "host", "form": "assignment"}), YES, DECISION),
    # powers and forms
    ("assignment by the owner", owned(ask={"form": "assignment"}), YES, POWERS),
    ("assignment by who may only transfer", {"holdings": [{**OWN, "power": "transfer"}], "ask": {"form": "assignment"}}, no("right"), POWERS),
    ("licence by who may transfer", {"holdings": [{**OWN, "power": "transfer"}]}, YES, POWERS),
    ("sublicence without power", {"holdings": [OWN, USE], "ask": {"from": "user", "form": "sublicence"}}, no("right"), POWERS),
    ("sublicence with power", {"holdings": [USE | {"sublicensable": True}], "ask": {"from": "user", "form": "sublicence"}}, YES, POWERS),
    ("sublicence, the power has ended",
     {"holdings": [USE | {"sublicensable": True, "until": "2026-02-28"}], "ask": {"from": "user", "form": "sublicence"}}, no("right"),
     POWERS),
    ("a manager gives nothing", {"holdings": [{**OWN, "power": "manage"}]}, no("right"), POWERS),
    # scope
    ("another territory than held", owned(ask={"territory": "LA"}), no("right"), SCOPE),
    ("all of the country, held for a province", {"holdings": [{**OWN, "territory": "VN-HN"}], "ask": {"territory": "VN"}}, no("right"), SCOPE),
    ("another field than held", owned(ask={"field": "C02F"}), no("right"), SCOPE),
    ("the territory held is not on record", {"holdings": [{**OWN, "territory": None}]}, open_("right"), UNKNOWN),
    ("the field asked is not said", owned(ask={"field": None}), open_("right"), UNKNOWN),
    # exclusive rights of others
    ("an exclusive licence in the way", banned(), no("exclusive"), BAN),
    ("exclusive for another territory", banned(territory="VN-SG"), YES, BAN),
    ("exclusive for another field of use", banned(field="C02F"), YES, BAN),
    ("exclusive, ended yesterday", banned(until="2026-02-28"), YES, BAN),
    ("exclusive, ends today", banned(until=TODAY), no("exclusive"), BAN),
    ("exclusive from tomorrow", banned(**{"from": "2026-03-02"}), YES, BAN),
    ("exclusive, territory not on record", banned(territory=None), open_("exclusive"), BAN),
    ("the host owns by law, another holds it exclusively", task(CHANGE, holdings=[EXCLUSIVE]), no("exclusive"), BAN),
    # lists and permits
    ("not compared with the lists", owned(listed=None), open_("law"), LISTS),
    ("prohibited", owned(listed="prohibited"), no("law"), PROHIBITED),
    ("restricted, no permit on record", owned(listed="restricted"), no("law"), RESTRICTED),
    ("restricted, permit valid today", owned(listed="restricted", permit={"from": TODAY, "until": TODAY}), YES, PERMIT),
    ("restricted, permit ended yesterday", owned(listed="restricted", permit={"until": "2026-02-28"}), no("law"), PERMIT),
    # authors, registration
    ("authors unknown stop nothing", task(CHANGE, authors=None), YES, VESTING),
    ("domestic with state money", task(CHANGE), {**YES, "registration": "required"}, REGISTER),
    ("domestic with state money and certificate", task(CHANGE, certificate=True), {**YES, "registration": "not_required"}, REGISTER),
    ("cross-border, the certificate is no excuse",
     task(CHANGE, certificate=True, ask={"from": "host", **CROSSING}), {**YES, "registration": "required"},
     REGISTER),
    ("cross-border without state money", owned(funding=[FIRM], ask=CROSSING), {**YES, "registration": "required"}, REGISTER),
    ("domestic, private money", owned(funding=[FIRM]), {**YES, "registration": "not_required"}, REGISTER),
    ("domestic, funding unknown", owned(), {**YES, "registration": "unknown"}, REGISTER),
    ("domestic, funding unknown, certificate", owned(certificate=True), {**YES, "registration": "not_required"}, REGISTER),
    # a no wins over an unknown, an unknown over a yes
    ("prohibited wins over undecided", task(BEFORE, listed="prohibited"), no("law"), PROHIBITED),
    ("a ban wins over not assessed", {**banned(), "listed": None}, no("exclusive"), BAN),
]
# fmt: on


def written(changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    plain = {
        "from": "owner",
        "to": "taker",
        "form": "licence",
        "cross_border": False,
        "territory": "VN-HN",
        "field": "A61K",
    }
    return {"on": TODAY, "listed": "none", **changes, "ask": plain | changes.get("ask", {}), **more}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    file: Path = tmp_path_factory.mktemp("table") / "cases.jsonl"
    lines = [written(changes, id=what, expected=expected) for what, changes, expected, _ in TABLE]
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    found: dict[str, Any] = evaluate_rights(file)
    return found


def test_the_table_is_whole_and_all_of_it_agrees(answers: dict[str, Any]) -> None:
    assert len({what for what, *_ in TABLE}) == len(TABLE) == 58
    disagreeing = [(case["id"], case["may"], case["gate"]) for case in answers["cases"] if not case["agree"]]
    assert (answers["n"], answers["agree"], disagreeing) == (58, 58, [])


TRANSITION, AUTHORS, PLAIN = "Điều 73 khoản 7", "Điều 28 khoản 3", "phần lợi nhuận của họ, nếu có"
LEAST = "ít nhất 30% lợi nhuận sau thuế của phần do ngân sách chi"
# what the case is, the case, what the step about the authors has to say and to name, what it may not; nothing: no such step
# fmt: off
AUTHORS_TABLE: list[tuple[str, dict[str, Any], tuple[str, ...], tuple[str, ...]]] = [
    # the transition is for tasks from 1 January 2023 on, and only for what granted titles bring
    ("approved the day before the transition", decided("own", approved="2022-12-31"), (PLAIN,), (TRANSITION, AUTHORS, "30%")),
    ("approved on the first day of the transition", decided("own", approved="2023-01-01"), (TRANSITION, LEAST, "văn bằng bảo hộ đã cấp"), (AUTHORS,)),
    ("approved the day after", decided("own", approved="2023-01-02"), (TRANSITION, LEAST), (AUTHORS,)),
    ("approved on the last day of the transition", decided("own", approved=BEFORE), (TRANSITION, LEAST), (AUTHORS,)),
    ("approved on the first day of the new law", task(CHANGE), (AUTHORS, LEAST), (TRANSITION, "văn bằng bảo hộ")),
    ("approved the day after that", task(AFTER), (AUTHORS, LEAST), (TRANSITION, "văn bằng bảo hộ")),
    # asked of the day before the new law, of its first day
    ("asked before the new law", decided("own", "2024-01-01", approved="2023-06-01", on=BEFORE), (PLAIN,), (TRANSITION, "30%")),
    ("asked on the first day of the new law", decided("own", "2024-01-01", approved="2023-06-01", on=CHANGE), (TRANSITION, LEAST), ()),
    # the part is of what the state's money made; authors who are known can be paid
    ("no state money", decided("own", approved="2023-06-01", funding=[FIRM]), (), ("tác giả",)),
    ("funding not on record", decided("own", approved="2023-06-01", funding=None), (PLAIN,), (TRANSITION,)),
    ("authors known", decided("own", approved="2023-06-01", authors=["A"]), (), ("tác giả",)),
    ("approval not on record", task(None, holdings=[{**OWN, "holder": "host"}]), (PLAIN,), (TRANSITION, AUTHORS)),
    # unknown authors stop nothing, and are asked for while the rights are undecided, too
    ("undecided", task("2023-06-01"), (TRANSITION, LEAST), ()),
    # where the answer is no there is nothing to divide
    ("prohibited", decided("own", approved="2023-06-01", listed="prohibited"), (), ("tác giả",)),
]
# fmt: on


@pytest.mark.parametrize(("what", "changes", "says", "never"), AUTHORS_TABLE)
def test_the_authors_part_by_the_day_of_approval(
    what: str, changes: dict[str, Any], says: tuple[str, ...], never: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(json.dumps(written(changes, id=what), ensure_ascii=False), encoding="utf-8")
    (case,) = evaluate_rights(file)["cases"]
    about = [step for step in case["next_steps"] if "tác giả" in step]
    assert len(about) == bool(says)
    assert all(part in step for step in about for part in says)
    assert not any(part in step for step in case["next_steps"] for part in never)


@pytest.mark.parametrize(("what", "provision"), [(what, provision) for what, _, _, provision in TABLE])
def test_each_answer_names_its_provision(answers: dict[str, Any], what: str, provision: str) -> None:
    case = next(case for case in answers["cases"] if case["id"] == what)
    assert f"scheme/law/1/{provision}" in {item["id"] for item in case["basis"]}


def test_shares_of_more_than_the_whole_are_a_step_to_clear_up() -> None:
    halves = [{**OWN, "holder": "host", "share": 0.8}, {**OWN, "share": 0.5}]
    over = decide(Case.model_validate(written(task(CHANGE, holdings=halves), id=1)), "en")
    assert over.shares == {}
    (step,) = [step for step in over.next_steps if "add up" in step]
    assert "host, owner" in step and "130 %" in step
    halves[0]["share"] = 0.5
    whole = decide(Case.model_validate(written(task(CHANGE, holdings=halves), id=1)), "en")
    assert whole.shares == {"host": 0.5, "owner": 0.5}
    assert not any("add up" in step for step in whole.next_steps)


def test_a_form_that_is_null_is_a_licence() -> None:
    asked = written(owned(ask={"form": None}), id=1)
    assert decide(Case.model_validate(asked), "en") == decide(Case.model_validate(written(owned(), id=1)), "en")


# properties, over cases drawn at random

BODIES = ("host", "firm", "fund", "licensee")
PLACES, FIELDS = ("VN", "VN-HN", "VN-SG", "LA", "*"), ("A61", "A61K", "C02F", "*")


def drawn(rng: random.Random) -> dict[str, Any]:
    """Any case of the form of the contract."""

    def day() -> str | None:
        chosen = date(2025, 9, 25) + timedelta(days=rng.randrange(200))
        return chosen.isoformat() if rng.random() < 0.6 else None

    def codes(of: tuple[str, ...]) -> list[str] | None:
        return rng.sample(of, rng.randint(1, 2)) if rng.random() < 0.9 else None

    holdings = [
        {
            "holder": rng.choice(BODIES), "power": rng.choice(("own", "own", "use", "transfer")),
            "share": rng.choice((None, 0.3, 0.5, 0.7, 1.0)), "exclusive": rng.random() < 0.3, "sublicensable": rng.random() < 0.3,
            "territory": codes(PLACES), "field": codes(FIELDS), "from": day(), "until": None,
        }
        for _ in range(rng.randrange(5))
    ]  # fmt: skip
    funding = [
        {
            "by": rng.choice(BODIES),
            "state": rng.choice((True, False, None)),
            "amount": rng.choice((None, 0, 1, 250, 1e12)),
        }
        for _ in range(rng.randrange(4))
    ]
    decisions = [
        {"to": rng.choice(BODIES), "power": rng.choice(("own", "use")), "on": day()} for _ in range(rng.randrange(3))
    ]
    return {
        "id": 1, "on": day() or TODAY, "approved": day(), "host": rng.choice((*BODIES, None)), "funding": funding,
        "decisions": decisions, "holdings": holdings, "listed": rng.choice(("none", "restricted", None)),
        "ask": {"from": rng.choice(BODIES), "territory": rng.choice(PLACES), "field": rng.choice(FIELDS)},
    }  # fmt: skip


def test_shares_never_exceed_one() -> None:
    rng, several = random.Random(15), 0
    for _ in range(3_000):
        shares = decide(Case.model_validate(drawn(rng)), "en").shares
        several += len(shares) > 1
        assert all(0 <= share <= 1 for share in shares.values())
        assert sum(shares.values()) <= WHOLE
    assert several > 100


def _points() -> list[tuple[str, str]]:
    return [
        (place, symbol) for place in ("VN-HN", "VN-SG", "VN-DN", "LA") for symbol in ("A61K", "A61B", "C02F", "G01")
    ]


def _holds_at(held: Holding, place: str, symbol: str) -> bool:
    """Whether a holding is for a point, by the words of the rules alone: a place or what it begins, * everything."""
    inside = held.territory is None or any(
        code in ("*", place) or place.startswith(f"{code}-") for code in held.territory
    )
    return inside and (held.field is None or any(code == "*" or symbol.startswith(code) for code in held.field))


def test_no_excess_of_shares_and_no_overlap_of_exclusive_holdings_is_unseen() -> None:
    """Held against a plain count at points of territory and field."""
    rng, exceeding, overlapping = random.Random(51), 0, 0
    for _ in range(3_000):
        case = Case.model_validate(drawn(rng))
        holdings = [held for held in case.holdings or () if held.holds(case.on)]
        sums = [_sum_at(holdings, place, symbol) for place, symbol in _points()]
        if max(sums, default=0) > WHOLE:
            exceeding += 1
            assert excess(case.holdings or (), case.on) is not None
        seen = {clash.holders for clash in exclusive_clashes(case.holdings or (), case.on)}
        exclusive = [held for held in holdings if held.exclusive]
        for place, symbol in _points():
            here = {held.holder for held in exclusive if _holds_at(held, place, symbol)}
            pairs = {(one, other) for one in here for other in here if one < other}
            overlapping += len(pairs)
            assert pairs <= seen
    assert exceeding > 100
    assert overlapping > 100


def _sum_at(holdings: list[Holding], place: str, symbol: str) -> float:
    shares: dict[str, float] = {}
    for held in holdings:
        if held.power == "own" and held.share is not None and _holds_at(held, place, symbol):
            shares[held.holder] = max(held.share, shares.get(held.holder, 0.0))
    return sum(shares.values())


def test_a_day_s_answer_depends_on_no_decision_taken_after_it() -> None:
    rng, dropped = random.Random(2026), 0
    for _ in range(3_000):
        whole = drawn(rng)
        on = whole["on"]
        then = whole | {
            "decisions": [one for one in whole["decisions"] if one["on"] is None or one["on"] <= on],
        }
        dropped += len(whole["decisions"]) - len(then["decisions"])
        assert decide(Case.model_validate(whole), "en") == decide(Case.model_validate(then), "en")
    assert dropped > 100
