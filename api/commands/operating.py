"""token, export, check."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from api.commands.terminal import CommandError, HomeOption, JsonOption, open_engine, open_home, show
from api.tokens import Role, create_token
from graph.views.checking import check_views
from graph.views.exporting import export_nquads


def token(
    role: Annotated[str, typer.Argument(help="member or curator")],
    name: Annotated[str, typer.Argument()],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a bearer token; it is shown once and kept hashed."""
    if role not in ("member", "curator"):
        raise CommandError("a role is member or curator")
    try:
        made = create_token(open_home(home), cast(Role, role), name)
    except ValueError as error:
        raise CommandError(str(error)) from None
    show({"role": role, "name": name, "token": made}, as_json, iter([made]))


def export(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="nquads")],
    out: Annotated[Path | None, typer.Option(help="A file; else standard output.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the published content to a file: canonical N-Quads, the same bytes for the same content."""
    if form != "nquads":
        raise CommandError("«ketnoi export nquads» is what can be exported so far")
    if as_json and out is None:
        raise CommandError("with --json name the file to write: --out FILE")
    with open_engine(home) as (opened, engine):
        number = engine.current()
        if number is None:
            raise CommandError("nothing is published yet; run «ketnoi build»")
        count = export_nquads(opened, number, out)
    if out is not None:
        show({"quads": count, "out": str(out)}, as_json, iter([f"{count} quads written to {out}"]))


def check(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Prove that property graph, dataset and search agree with the statements."""
    with open_engine(home) as (opened, engine):
        found = check_views(opened, engine)
    show(found, as_json, _checked(found))
    if not found["agree"]:
        raise CommandError("the views do not agree with the statements; «ketnoi publish --rebuild» makes them anew")


def _checked(found: dict[str, Any]) -> Iterator[str]:
    for name, counts in found["views"].items():
        yield f"{name}: " + ", ".join(f"{key} {value}" for key, value in counts.items())
    for difference in found["differences"]:
        yield f"DIFFERS: {difference}"
    yield "all views agree with the statements" if found["agree"] else "the views differ"
