"""From a number of the ecosystem's views to what it was counted from: addresses of the lists behind them."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from api.links import address
from api.reading import Views

_FILTERS = (
    "approved_from",
    "approved_until",
    "level",
    "type",
    "field",
    "field_2008",
    "host",
    "programme",
    "approved_by",
    "approved_in",
    "data",
)
_TYPE = "scheme/task-type/1/"
_LEVEL = "scheme/task-level/1/city"
_SHARE = "results.applied-share"


def to_tasks(kept: Mapping[str, Any], **chosen: Any) -> str:
    """The list of tasks at a stage. ``kept`` are the filters and days of the view that leads there."""
    return f"/ecosystem/tasks?{urlencode(_said({**kept, **chosen}))}"


def to_reports(kept: Mapping[str, Any], **chosen: Any) -> str:
    """The list of reports on application."""
    return f"/ecosystem/due?{urlencode(_said({**kept, **chosen}))}"


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}


def kept_of(parameters: Mapping[str, Any], as_of: str, known_at: str | None, snapshot: str | None) -> dict[str, Any]:
    """What a list takes over from the view that leads to it: filters and days."""
    filters = {name: parameters.get(name) for name in _FILTERS}
    return _said({**filters, "as_of": as_of, "known_at": known_at, "snapshot": snapshot})


def behind_row(view: str, row: Mapping[str, Any], kept: Mapping[str, Any], by: str | None, views: Views) -> str | None:
    """Where a row of a view leads to: the list that it was counted from, else the page of what it is about."""
    match view:
        case "funnel":
            group = row["group_word"] or row["group"]
            grouped = {"by": by, "in_group": group} if group else {}
            return to_tasks(kept, stage=row["stage"], reached="yes", **grouped)
        case "years":
            return to_tasks(kept, stage=row["stage"], reached="yes", in_year=row["year"] or 0)
        case "reports":
            narrowed = {"of": row["responsible"], "year": row["year"], "period": row["period"]}
            return to_reports(kept, **narrowed, passed="true")
        case "figures":
            return behind_figure(views, row, kept)
    about = next((row[name] for name in ("result", "task", "assignment", "field", "place") if row.get(name)), None)
    return address(about) if about else None


def behind_figure(
    views: Views, row: Mapping[str, Any], kept: Mapping[str, Any], stage: str | None = None
) -> str | None:
    """The tasks or results that a reported figure was compared with; None where nothing could be compared.

    :param row: of the question ``reported_figures``
    :param stage: of the results, where the figure is a share: ``accepted`` for its denominator
    """
    if row["counted"] is None:
        return None

    def said(name: str) -> str | None:
        return next(iter(views.values(row["observation"], name)), None)

    number, until, place = said("number") or "", said("validUntil"), said("locatedIn")
    as_of = min(filter(None, (until, kept.get("as_of"))), key=date.fromisoformat)
    narrowed = {
        "level": _LEVEL,
        "approved_from": said("validFrom"),
        "approved_until": as_of,
        "approved_by": row["reporter"],
        "approved_in": None if row["reporter"] else place,
        "data": "illustrative" if views.illustrative(row["observation"]) else "real",
    }
    kind = number.removeprefix("tasks.")
    if number == _SHARE:
        return to_tasks({**kept, **narrowed}, as_of=as_of, stage=stage or "applied", reached="yes")
    typed = {"type": f"{_TYPE}{kind}"} if kind not in ("total", "budget") else {}
    return to_tasks({**kept, **narrowed, **typed}, stage="approved", reached="yes")
