"""Due reports over many acceptance dates: five due days, none after year five, and overdue with received making up what was due."""

from calendar import isleap, monthrange
from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from graph.policy.law import law
from graph.questions.ecosystem.reporting import after_months, count_reports, due_days, list_reports
from tests.course_rows import Row, accepted_task, fact, report

FIRST, LAST = date(2008, 1, 1), date(2040, 12, 31)
ACCEPTED = [FIRST + timedelta(days=n) for n in range(0, (LAST - FIRST).days, 7)]
"""1,722 acceptance dates over 33 years, every day of the week's shift and all the ends of months among them."""
LEAPS = [date(2012, 2, 29), date(2016, 2, 29), date(2096, 2, 29)]


def anniversary(day: date, years: int) -> date:
    """The same day years later, written without the code's own arithmetic; 29 February becomes 28 where there is none."""
    there = day.year + years
    return date(there, 2, 28) if (day.month, day.day) == (2, 29) and not isleap(there) else day.replace(year=there)


@pytest.mark.parametrize("accepted", [*ACCEPTED[::40], *LEAPS], ids=str)
def test_five_due_days_a_year_apart_and_none_after_year_five(accepted: date) -> None:
    assert due_days(accepted, 12, 60) == [anniversary(accepted, years) for years in range(1, 6)]


def test_of_every_acceptance_date() -> None:
    for accepted in ACCEPTED:
        days = due_days(accepted, 12, 60)
        assert len(days) == 5
        assert sorted(set(days)) == days
        assert days[0] > accepted
        assert days[-1] == anniversary(accepted, 5)


def test_29_february_comes_back_to_itself() -> None:
    found = due_days(date(2016, 2, 29), 12, 60)
    assert [day.isoformat() for day in found] == ["2017-02-28", "2018-02-28", "2019-02-28", "2020-02-29", "2021-02-28"]


@pytest.mark.parametrize("months", [1, 6, 11, 12, 18, 120])
def test_months_keep_the_day_or_take_the_last(months: int) -> None:
    for day in ACCEPTED:
        later = after_months(day, months)
        assert (later.year - day.year) * 12 + later.month - day.month == months
        assert later.day == min(day.day, monthrange(later.year, later.month)[1])


def test_how_often_and_how_long_is_data() -> None:
    assert due_days(date(2020, 1, 31), 6, 18) == [date(2020, 7, 31), date(2021, 1, 31), date(2021, 7, 31)]
    assert due_days(date(2020, 1, 31), 0, 60) == []
    provision = law().provision("application-report")
    assert (provision.id, provision.certainty) == ("scheme/law/1/circular-14-2014-art-20-1", "s")
    told = [*accepted_task("t", "2018-05-02")[:-1], fact("t", "duty", result="t-r", event="t-a", every=6, lasting=12)]
    assert len(list_reports(told, {"as_of": date(2030, 1, 1)})) == 2
    assert list_reports(told[:-1], {"as_of": date(2030, 1, 1)}) == []


def random_rows(rng: Random, tasks: int = 30) -> list[Row]:
    rows: list[Row] = []
    for number in range(tasks):
        accepted = FIRST + timedelta(days=rng.randrange(3_000))
        rows += accepted_task(f"t{number:02d}", accepted.isoformat(), host=f"host-{number % 4}")
        for period in range(1, 6):
            if rng.random() < 0.5:
                received = anniversary(accepted, period) + timedelta(days=rng.randrange(-200, 300))
                rows.append(report(f"t{number:02d}", period, received.isoformat(), rng.random() < 0.5))
    return rows


@pytest.mark.parametrize("seed", range(20))
def test_overdue_and_received_make_up_what_was_due_in_every_year_and_group(seed: int) -> None:
    rng = Random(seed)
    rows = random_rows(rng)
    as_of = FIRST + timedelta(days=rng.randrange(6_000))
    one_by_one = list_reports(rows, {"as_of": as_of})
    for by in ("year", "period", "responsible"):
        counted = count_reports(rows, {"as_of": as_of, "by": by})
        for row in counted:
            assert row["received"] + row["overdue"] == row["due"]
            assert row["late"] <= row["received"]
        due = Counter(
            {"year": int(r["due_on"][:4]), "period": r["period"], "responsible": r["responsible"]}[by]
            for r in one_by_one
            if r["due_on"] < as_of.isoformat()
        )
        assert {row[by]: row["due"] for row in counted if row["due"]} == due
        assert sum(row["overdue"] for row in counted) == sum(
            r["received_on"] is None and r["due_on"] < as_of.isoformat() for r in one_by_one
        )


def states(rows: list[Row], as_of: date) -> list[str]:
    return [row["state"] for row in list_reports(rows, {"as_of": as_of})]


def test_states_on_the_day_itself_and_the_days_beside_it() -> None:
    rows = [*accepted_task("t", "2018-05-02"), report("t", 2, "2020-05-02"), report("t", 3, "2021-05-03")]
    assert states(rows, date(2019, 5, 2)) == ["upcoming"] * 5
    assert states(rows, date(2019, 5, 3)) == ["overdue", *["upcoming"] * 4]
    # a report that came later is not known of on the day before it came
    assert states(rows, date(2021, 5, 3))[:4] == ["overdue", "received", "late", "upcoming"]
    assert states(rows, date(2020, 5, 1))[1] == "upcoming"
    assert states(rows, date(2030, 1, 1)) == ["overdue", "received", "late", "overdue", "overdue"]


def test_a_result_that_was_not_accepted_by_the_day_has_no_report_due() -> None:
    rows = accepted_task("t", "2018-05-02")
    assert list_reports(rows, {"as_of": date(2018, 5, 1)}) == []
    failed = accepted_task("t", "2018-05-02", grade="scheme/acceptance-grade/1/fail")
    assert list_reports(failed, {"as_of": date(2030, 1, 1)}) == []


def test_who_was_last_assigned_the_rights_reports_in_place_of_the_host() -> None:
    rows = accepted_task("t", "2018-05-02")
    for day, who in (("2019-01-01", "first"), ("2020-01-01", "second")):
        rows.append(fact("t", "decision", result="t-r", event=f"d-{who}", day=day, what="own", who=who))

    def bodies(on: date) -> set[str]:
        return {row["responsible"] for row in list_reports(rows, {"as_of": on})}

    assert bodies(date(2018, 12, 31)) == {"host"}
    assert bodies(date(2019, 12, 31)) == {"first"}
    assert bodies(date(2020, 1, 1)) == {"second"}


def test_what_is_known_of_use_by_responsible_body() -> None:
    rows = [*accepted_task("a", "2018-05-02"), *accepted_task("b", "2018-05-02", applicable=False)]
    rows += [*accepted_task("c", "2018-05-02"), report("c", 1, "2019-05-02", False)]
    rows += [*accepted_task("d", "2018-05-02"), fact("d", "application", result="d-r", event="u", day="2019-01-01")]
    (row,) = count_reports(rows, {"as_of": date(2020, 1, 1)})
    assert (row["accepted"], row["applied"], row["not_applied"], row["unknown"]) == (4, 1, 2, 1)
