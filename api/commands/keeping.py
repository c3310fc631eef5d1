"""keep."""

from typing import Annotated

import typer

from api.catalogue import Words
from api.citing import citation
from api.commands.terminal import CommandError, HomeOption, JsonOption, open_engine, show, steps
from api.snapshots import document
from graph.views.kept import keep as keep_snapshot


def keep(
    title: Annotated[str | None, typer.Option(help="What it is called; else its day.")] = None,
    note: Annotated[str | None, typer.Option(help="Why it is kept.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep the newest snapshot, to be cited and asked after later publishes."""
    with open_engine(home) as (opened, engine), steps("keeping"):
        number = engine.current()
        if number is None:
            raise CommandError("nothing is published yet; run «ketnoi build»")
        kept = keep_snapshot(opened, number, title, note)
    lines = (citation(kept, Words(language)) for language in ("vi", "en"))
    show(document(kept).model_dump(mode="json"), as_json, iter([f"snapshot {kept.snapshot} is kept", *lines]))
