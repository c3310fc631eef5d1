"""erase."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from api.commands.terminal import CommandError, HomeOption, JsonOption, open_engine, open_home, show, steps
from api.erasures import begin_erasure
from graph.answer.erasing import Plan, left_elsewhere, plan_erasure
from graph.statements.audit import OPERATOR
from graph.statements.tombstones import REASONS
from graph.views.publishing import publish
from ontology.model import BASE


def erase(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="The id or IRI of a person, or of anything with PROPERTY.")
    ],
    prop: Annotated[str | None, typer.Argument(metavar="PROPERTY", help="Only the values of this property.")] = None,
    reason: Annotated[
        str, typer.Option(help=f"Why: {', '.join(REASONS)}; or in words that don't name the person.")
    ] = REASONS[0],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Erase a person, or a property's values, from all that is kept here: loads, views, past and kept snapshots. It can't be undone."""
    code, note = (reason, None) if reason in REASONS else ("other", reason)
    opened = open_home(home)
    with steps("looking for it"):
        plan = plan_erasure(opened, identifier.removeprefix(BASE).removeprefix("id/"), prop)
        elsewhere = left_elsewhere(opened, plan)
    if not plan.statements:
        raise CommandError(f"{plan.entity} has no {prop} on record")
    said = _document(plan, elsewhere)
    if dry_run:
        show({"dry_run": True, **said}, as_json, _lines(plan, elsewhere, "would go"))
        return
    with open_engine(home) as (_, engine), steps("erasing") as shown:
        stone = begin_erasure(opened, plan, code, note, OPERATOR)
        done = publish(opened, engine, progress=lambda step: shown.update(shown.task_ids[0], description=step))
    said |= {"on": stone.on, "reason": stone.reason, "snapshot": done.snapshot}
    show(said, as_json, _lines(plan, elsewhere, "went"))


def _document(plan: Plan, elsewhere: list[str]) -> dict[str, Any]:
    return {
        "entity": plan.entity,
        "property": plan.property,
        "statements": plan.statements,
        "records": plan.records,
        "loads": plan.loads,
        "not_touched": {"records": list(plan.staying), "files": elsewhere},
    }


def _lines(plan: Plan, elsewhere: list[str], verb: str) -> Iterator[str]:
    counts = ", ".join(f"{name} {count}" for name, count in plan.statements.items())
    yield f"{plan.entity}: {sum(plan.statements.values())} statements {verb} ({counts}), of {plan.records} records in {plan.loads} loads"
    for record in plan.staying[:20]:
        yield f"  not touched: record/{record} holds such a name or number in a text, or as that of somebody else; look at it"
    for file in elsewhere:
        yield f"  not touched: {file} in the home, a file that was loaded; delete it, or what it says"
    yield "  not touched: backups, exports and files outside the home, and logs of the server that you run"
