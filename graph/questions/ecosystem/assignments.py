"""Policy assignments followed: lead, product, deadline, whether it has passed, and who follows a lead that was reorganised."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from graph.questions.twins import Rows


def follow_assignments(rows: Sequence[Mapping[str, Any]], parameters: Mapping[str, Any]) -> Rows:
    """A row for each assignment.

    ``successors`` are those at the end of the chain of reorganisations that had taken place by the day, of each lead that has any;
    one without a day on record counts. ``overdue``: the deadline lies before the day; whether the product was handed in is on no record.
    """
    as_of = parameters["as_of"].isoformat()
    leads: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    followed: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["kind"] in ("lead", "co_lead"):
            leads[row["node"]][row["kind"]].append(row["body"])
        elif row["kind"] == "change" and (row["day"] or "")[:10] <= as_of:
            followed[row["node"]].add(row["body"])
    found = []
    for row in rows:
        if row["kind"] == "assignment":
            own = leads[row["node"]]["lead"]
            deadline = row["day"][:10] if row["day"] else None
            found.append(
                {
                    "assignment": row["node"],
                    "number": row["number"],
                    "position": int(row["number"]) if row["number"] and row["number"].isdigit() else None,
                    "leads": own,
                    "lead_stated": row["stated"],
                    "successors": sorted({last for lead in own for last in _last(lead, followed)} - set(own)),
                    "co_leads": leads[row["node"]]["co_lead"],
                    "product": row["product"],
                    "timing": row["timing"],
                    "deadline": deadline,
                    "overdue": None if deadline is None else deadline < as_of,
                }
            )
    only = parameters.get("overdue")
    return [row for row in found if only is None or row["overdue"] is only]


def _last(body: str, followed: Mapping[str, set[str]]) -> set[str]:
    """Who stands at the end of the chain that begins with a body; itself where nobody follows."""
    ends, seen, waiting = set(), {body}, [body]
    while waiting:
        here = waiting.pop()
        new = followed.get(here, set()) - seen
        if not followed.get(here):
            ends.add(here)
        seen |= new
        waiting += new
    return ends


ANALYSES = {"follow_assignments": follow_assignments}
"""By the name that a question gives under ``after``."""
