"""audit."""

from typing import Annotated

import typer

from api.commands.terminal import CommandError, HomeOption, JsonOption, open_home, show
from graph.statements.audit import Verified
from graph.statements.audit import verify as verify_log

audit = typer.Typer(no_args_is_help=True, help="The log of acts on private data.")


@audit.callback()
def _group() -> None:
    """The log of acts on private data."""


@audit.command()
def verify(
    noted: Annotated[
        str | None,
        typer.Option(help="A hash that was noted elsewhere after an earlier run; the log must still hold it."),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove that no line of the audit log was edited, removed, put in, moved or cut off; status 1 and the line where one was."""
    found = verify_log(open_home(home), noted)
    said = {"lines": found.lines, "hash": found.hash, "broken": found.broken, "reason": found.reason}
    show(said, as_json, iter([_told(found)]))
    if found.broken is not None:
        raise CommandError(f"the audit log is broken at line {found.broken}: {found.reason}")


def _told(found: Verified) -> str:
    return f"{found.lines} lines fit; the last hash is {found.hash}"
