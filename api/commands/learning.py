"""learn: what is learned from data, written to a dated file."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from api.commands.evaluating import read_register, there
from api.commands.terminal import CommandError, JsonOption, show
from graph.links.records.parameters import SHIPPED as RECORDS
from graph.links.records.parameters import write_record_parameters
from graph.links.strings.learning import learn as learn_strings
from graph.links.strings.parameters import SHIPPED as STRINGS
from graph.links.strings.parameters import write_parameters


def learn(
    what: Annotated[str, typer.Argument(help="linking")],
    against: Annotated[Path | None, typer.Option(help="A register that «ketnoi load ror» reads.")] = None,
    mentions: Annotated[
        Path | None, typer.Option(help="Parquet of mentions of persons, without or with entity_id.")
    ] = None,
    strings: Annotated[int, typer.Option(min=100, help="How many strings are written to learn from.")] = 6000,
    seed: Annotated[int, typer.Option(help="The same seed and register give the same file.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Directory of the parameters.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Learn parameters without labels and write them to a file of today's date."""
    day = date.today().isoformat()
    if what == "linking" and against is not None:
        bodies = read_register(there(against))
        path = write_parameters(learn_strings(bodies, strings, seed, day), out or STRINGS)
        found: dict[str, Any] = {"file": str(path), "bodies": len(bodies), "strings": strings}
        line = f"learned from {len(bodies)} bodies and {strings} strings written of them: {path}"
    elif what == "linking" and mentions is not None:
        from graph.evaluate.mentions import learn_from_mentions, read_mentions  # Splink is slow to import

        learned = learn_from_mentions(read_mentions(there(mentions)), day)
        path = write_record_parameters(learned, out or RECORDS)
        found = {"file": str(path), "mentions": learned.records, "names": learned.names.total}
        line = f"learned from {learned.records} mentions with {learned.names.total} names: {path}"
    else:
        raise CommandError(
            "what can be learned: «ketnoi learn linking --against FILE» for strings, «ketnoi learn linking --mentions FILE» for persons"
        )
    show(found, as_json, iter([line]))
