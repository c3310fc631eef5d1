"""Rows as the query ``course`` gives them, written down by tests for tasks that they make up."""

from typing import Any

Row = dict[str, Any]
COLUMNS = ("result", "event", "day", "what", "who", "place", "effect", "flag", "amount", "every", "lasting")


def fact(task: str, kind: str, **said: Any) -> Row:
    """One row; what is not said is null."""
    return {"task": task, "kind": kind, **dict.fromkeys(COLUMNS), "event": task, **said}


def accepted_task(task: str, accepted: str, **said: Any) -> list[Row]:
    """A real task with one result that was accepted on a day, for which reports are due every 12 months for 60."""
    result, acceptance = f"{task}-r", f"{task}-a"
    common = {"result": result, "event": acceptance, "day": accepted}
    return [
        fact(task, "task", flag=False, amount=1_000_000),
        fact(task, "approvedOn", day="2015-01-05"),
        fact(task, "startDate", day="2015-02-02"),
        fact(task, "host", what=said.get("host", "host")),
        fact(task, "result", result=result, event=result, what=said.get("state"), flag=said.get("applicable")),
        fact(task, "acceptance", **common, what=said.get("grade", "scheme/acceptance-grade/1/good")),
        fact(task, "duty", **common, what="scheme/law/1/duty", every=12, lasting=60),
    ]


def report(task: str, period: int, day: str | None, applied: bool = True) -> Row:
    """A report that was received."""
    event = f"{task}-report-{period}"
    return fact(task, "report", result=f"{task}-r", event=event, day=day, amount=period, flag=applied)
