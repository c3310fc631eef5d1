"""Which snapshot a command reads: the newest, that of a past day, or a kept one."""

from datetime import date
from typing import Annotated

import typer

from api.commands.terminal import CommandError, steps
from api.looking_back import LookedBack
from api.serving import LiveSource, LiveViews
from graph.statements.home import today

KnownAtOption = Annotated[
    str | None, typer.Option(help="As known at the end of that day in Vietnam (YYYY-MM-DD); default today.")
]
SnapshotOption = Annotated[str | None, typer.Option(help="A kept snapshot, by its id, in place of the newest.")]


def read_day(text: str | None, option: str) -> str | None:
    """A day given as ISO date.

    :raises CommandError: where it is none
    """
    try:
        return date.fromisoformat(text).isoformat() if text else None
    except ValueError:
        raise CommandError(f"{option}: {text} is no day; write it as 2026-12-31") from None


def chosen_views(source: LiveSource, known_at: str | None, snapshot: str | None) -> LiveViews | LookedBack:
    """The views that a command reads. Where those of a past day have to be made first, that is waited for.

    :raises CommandError: where the day is none, or in the future, or both are given
    """
    day = read_day(known_at, "--known-at")
    if day and snapshot:
        raise CommandError("give --known-at or --snapshot, not both")
    if snapshot:
        return source.named(snapshot)
    if not day:
        return source.current()
    if day > today():
        raise CommandError(f"--known-at: {day} is in the future; nobody knows yet what will be known")
    with steps("preparing what was known then"):
        return source.known_at(day, wait=True)
