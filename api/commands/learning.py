"""learn: what is learned from data, written to a dated file."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api.commands.evaluating import read_register, there
from api.commands.terminal import CommandError, JsonOption, show
from graph.links.strings.learning import learn as learn_strings
from graph.links.strings.parameters import SHIPPED, write_parameters


def learn(
    what: Annotated[str, typer.Argument(help="linking")],
    against: Annotated[Path | None, typer.Option(help="A register that «ketnoi load ror» reads.")] = None,
    strings: Annotated[int, typer.Option(min=100, help="How many strings are written to learn from.")] = 6000,
    seed: Annotated[int, typer.Option(help="The same seed and register give the same file.")] = 1,
    out: Annotated[Path, typer.Option(help="Directory of the parameters.")] = SHIPPED,
    as_json: JsonOption = False,
) -> None:
    """Learn parameters from a register alone and write them to a file of today's date."""
    if what != "linking" or against is None:
        raise CommandError("what can be learned: «ketnoi learn linking --against FILE»")
    bodies = read_register(there(against))
    path = write_parameters(learn_strings(bodies, strings, seed, date.today().isoformat()), out)
    found = {"file": str(path), "bodies": len(bodies), "strings": strings}
    show(found, as_json, iter([f"learned from {len(bodies)} bodies and {strings} strings written of them: {path}"]))
