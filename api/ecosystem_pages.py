"""The pages below /ecosystem: the register as a funnel with the tasks behind each number, reported figures, assignments, due
reports, fields and years. Each shows its definition, its query, and files to take away."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.dependencies import KnownAt, PagesDep, ServicesDep, SnapshotId, ViewsDep, WordsDep, read_day
from api.ecosystem import FIGURES, views_of
from api.ecosystem_links import behind_figure, kept_of, to_reports, to_tasks
from api.ecosystem_presenting import form, funnel_picture, line_keys, lines, million, shade
from api.question_presenting import Cells
from api.questions import FORMS, Day, given_in
from graph.questions.ecosystem.gaps import SIDES
from graph.questions.ecosystem.stages import OF_TASKS, STAGES
from graph.questions.errors import QuestionError
from graph.questions.named import NamedQuestion
from graph.questions.nodes import Node
from graph.questions.running import Result

router = APIRouter(prefix="/ecosystem", include_in_schema=False)

_SHOWN = 100
"""Rows of a list on a page; the files hold more."""
Values = dict[str, Any]
Present = Callable[["Asked", Result], Values]


class Asked:
    """A request for one of the views: by whom, of what, on which days."""

    def __init__(
        self,
        request: Request,
        services: ServicesDep,
        pages: PagesDep,
        views: ViewsDep,
        words: WordsDep,
        as_of: Day = "",
        known_at: KnownAt = None,
        snapshot: SnapshotId = None,
    ) -> None:
        self.request, self.views, self.words, self.as_of, self.chosen = request, views, words, as_of, snapshot
        self.known_at = read_day(known_at, "known_at")
        self.given = given_in(request)
        self.cells = Cells(views, words)
        self._services, self._pages = services, pages

    def page(self, template: str, name: str, present: Present) -> Response:
        """The page of a view, or what is wrong with what was asked."""
        view = self.view(name)
        values: Values = {
            "view": view,
            "filters": form(view, self.given, self.words),
            "as_of": self.as_of,
            "known_at": self.known_at,
            "snapshot": self.views.snapshot,
            "here": "/ecosystem",
            "million": partial(million, self.words),
            "node": self.cells.node,
            "problem": None,
            "result": None,
        }
        try:
            result = self.views.question(view, self.given)
        except QuestionError as error:
            return self._pages.render(self.request, template, 422, **{**values, "problem": str(error)})
        values |= {"result": result, "files": self._files(name, result), **present(self, result)}
        return self._pages.render(self.request, template, **values)

    def view(self, name: str) -> NamedQuestion:
        """The question of a view."""
        return views_of(self._services.questions)[name]

    def kept(self, result: Result) -> Values:
        """Filters and days that lists take over."""
        return kept_of(result.parameters, result.as_of, self.known_at, self.chosen)

    def _files(self, name: str, result: Result) -> list[tuple[str, str]]:
        said = [(key, value) for key, several in self.given.items() if key != "as_of" for value in several if value]
        days = [("as_of", result.as_of), ("known_at", self.known_at), ("snapshot", self.chosen)]
        query = urlencode([*said, *((key, value) for key, value in days if value), ("language", self.words.language)])
        return [(kind, f"/api/ecosystem/{name}.{kind}?{query}") for kind in FORMS]


AskedDep = Annotated[Asked, Depends()]


@router.get("")
def funnel_page(asked: AskedDep) -> Response:
    """The register as a funnel."""
    return asked.page("ecosystem_funnel.html", "funnel", _funnel)


def _funnel(asked: Asked, result: Result) -> Values:
    by = result.parameters["by"]
    grouped: dict[str, Values] = {}
    for row in result.rows:
        if group := row["group"] or row["group_word"]:
            grouped.setdefault(group, {})[row["stage"]] = row
    total = [row for row in result.rows if not row["group"] and not row["group_word"]]
    return {
        "total": total,
        "groups": sorted(grouped.items(), key=lambda item: _group_order(asked, item[0])),
        "group_name": partial(_group_name, asked),
        "by": by,
        "stages": STAGES,
        "of_tasks": OF_TASKS,
        "tasks": partial(to_tasks, asked.kept(result)),
        "picture": funnel_picture(total, asked.words) if total and total[0]["of"] else None,
        "made_up": any(row["illustrative"] for row in total),
    }


def _group_name(asked: Asked, group: str) -> str:
    if group in ("none", "several"):
        return asked.words("eco.group." + group)
    return group if group.isdigit() and len(group) == 4 else asked.cells.node(group).text


def _group_order(asked: Asked, group: str) -> tuple[bool, str]:
    return group in ("none", "several"), group if group.startswith("scheme/") else _group_name(asked, group)


@router.get("/tasks")
def tasks_page(asked: AskedDep) -> Response:
    """The tasks behind a number, each with its course."""
    return asked.page("ecosystem_tasks.html", "course", _tasks)


def _tasks(asked: Asked, result: Result) -> Values:
    tasks = {row["task"]: row["budget"] or 0 for row in result.rows}
    shown = result.rows[:_SHOWN]
    return {
        "rows": shown,
        "documents": _documents(asked, {row[f"{stage}_by"] for row in shown for stage in STAGES} - {None}),
        "shown": _SHOWN,
        "stages": STAGES,
        "found": len(tasks),
        "made_up": any(asked.views.illustrative(task) for task in list(tasks)[:1]),
        "budget": sum(tasks.values()),
        "counted_in": "tasks" if result.parameters["stage"] in OF_TASKS else "results",
    }


def _documents(asked: Asked, events: set[str]) -> Values:
    """The numbers of the documents by which the stages were reached, by event, where they are on record."""
    numbers = asked.views.consistently(lambda reading: {one: Node(reading.store, one).document for one in events})
    return {event: number for event, number in numbers.items() if number}


@router.get("/figures")
def figures_page(asked: AskedDep) -> Response:
    """Reported figures beside what the records give."""
    return asked.page("ecosystem_figures.html", FIGURES, _figures)


def _figures(asked: Asked, result: Result) -> Values:
    kept = {"as_of": result.as_of, "known_at": asked.known_at, "snapshot": asked.chosen}
    leads = partial(behind_figure, asked.views)
    # what was really published stands first
    rows = sorted(result.rows, key=lambda row: asked.views.illustrative(row["observation"]))
    return {
        "rows": [(row, leads(row, kept), _denominator(leads, row, kept)) for row in rows],
        "period": lambda row, end: next(iter(asked.views.values(row["observation"], end)), None),
    }


def _denominator(leads: Callable[..., str | None], row: Mapping[str, Any], kept: Values) -> str | None:
    """The accepted results, where the figure is a share of them."""
    return leads(row, kept, "accepted") if row["reason"] == "lower_bound" else None


@router.get("/assignments")
def assignments_page(asked: AskedDep) -> Response:
    """What policy instruments ask bodies to do."""
    return asked.page("ecosystem_assignments.html", "assignments", _assignments)


def _assignments(_: Asked, result: Result) -> Values:
    return {"rows": result.rows, "late": sum(row["overdue"] is True for row in result.rows)}


@router.get("/reports")
def reports_page(asked: AskedDep) -> Response:
    """Reports on application that are due, received and overdue."""
    return asked.page("ecosystem_reports.html", "reports", _reports)


def _reports(asked: Asked, result: Result) -> Values:
    kept = asked.kept(result)
    days: Values = {name: kept[name] for name in ("as_of", "known_at", "snapshot") if name in kept}
    return {
        "by": result.parameters["by"],
        "rows": result.rows,
        "sums": {name: sum(row[name] for row in result.rows) for name in ("due", "received", "late", "overdue")},
        "reports": partial(to_reports, kept),
        "tasks": partial(to_tasks, kept),
        "sheet": partial(_sheet, days),
    }


def _sheet(days: Values, body: str) -> str:
    """Where the pre-filled sheet of a responsible body is."""
    return f"/api/ecosystem/report-sheet?{urlencode({**days, 'of': body})}"


@router.get("/due")
def due_page(asked: AskedDep) -> Response:
    """The reports one by one."""
    return asked.page("ecosystem_due.html", "due_reports", _due)


def _due(_: Asked, result: Result) -> Values:
    return {"rows": result.rows[:_SHOWN], "shown": _SHOWN}


@router.get("/fields")
def fields_page(asked: AskedDep) -> Response:
    """Fields by supply, demand and brokers."""
    return asked.page("ecosystem_fields.html", "field_gaps", _fields)


def _fields(_: Asked, result: Result) -> Values:
    highest: dict[str, int] = {side: max((row[side] for row in result.rows), default=0) for side in SIDES}
    by_field = sorted(result.rows, key=lambda row: str(row["field"]))
    return {
        "rows": by_field,
        "gaps": [row for row in result.rows if row["missing"]],
        "heat": lambda row, side: shade(row[side], highest[side]),
    }


@router.get("/years")
def years_page(asked: AskedDep) -> Response:
    """What reached each stage in each year."""
    return asked.page("ecosystem_years.html", "years", _years)


def _years(asked: Asked, result: Result) -> Values:
    table: dict[int, dict[str, int]] = {}
    for row in result.rows:
        table.setdefault(row["year"] or 0, {})[row["stage"]] = row["reached"]
    return {
        "table": sorted((item for item in table.items() if item[0]), key=lambda item: item[0]),
        "undated": table.get(0),
        "stages": STAGES,
        "picture": lines(result.rows, asked.words),
        "keys": line_keys(asked.words),
        "tasks": partial(to_tasks, asked.kept(result)),
    }
