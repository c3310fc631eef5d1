"""review: pairs that may be one body and links that are not sure, to be decided."""

import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from api.catalogue import Words
from api.commands.terminal import CommandError, HomeOption, JsonOption, open_engine, show, steps
from api.review_facts import pair_document, reasons_of, sides_of
from graph.answer.review_pairs import Pair
from graph.answer.reviewing import open_pairs
from graph.statements.home import Home
from graph.statements.judgements import judge_pair
from graph.views.reading import SnapshotViews


def review(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Pairs that are listed or asked about.")] = 20,
    same: Annotated[tuple[str, str] | None, typer.Option(help="Two ids that are one body.")] = None,
    different: Annotated[tuple[str, str] | None, typer.Option(help="Two ids that are two bodies.")] = None,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    name: Annotated[str | None, typer.Option("--as", help="Who decides.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List pairs that may be one body and links that are not sure, the most valuable first, or decide them; on a terminal each is asked about."""
    with open_engine(home) as (opened, engine), steps("comparing"):
        number = engine.current()
    if number is None:
        raise CommandError("nothing is published yet; run «ketnoi build»")
    views = SnapshotViews(opened, number)
    if same or different:
        pair = same or different
        assert pair is not None
        load = judge_pair(opened, *pair, same is not None, _who(name), reason).load
        show({"load": load}, as_json, iter([f"load {load}: run «ketnoi build» to show it"]))
        return
    with steps("comparing"):
        pairs = open_pairs(opened, number, views.snapshot)
    shown = pairs[:limit]
    if as_json or not sys.stdin.isatty():
        listed = [pair_document(pair, views, Words("vi")).model_dump() for pair in shown] if as_json else []
        document = {"snapshot": views.snapshot, "waiting": len(pairs), "pairs": listed}
        show(document, as_json, _lines(shown, len(pairs), views))
        return
    _ask(opened, shown, views, _who(name))


def _who(name: str | None) -> str:
    if name is None or not name.strip() or "/" in name or not name.isprintable():
        raise CommandError("a decision is somebody's: say whose with --as NAME")
    return name.strip()


def _described(pair: Pair, views: SnapshotViews) -> Iterator[str]:
    words = Words("en")
    sides = sides_of(pair, views, "vi")
    ends = [f"{end} «{side.node.name}»" for end, side in zip((pair.later, pair.earlier), sides, strict=True)]
    state = words("review.joined") if pair.joined else words("review.apart")
    yield f"{' — '.join(ends)}: {pair.probability:.2f}, {state}"
    for reason in reasons_of(pair, words):
        yield f"    {reason.weight:+.2f}  {reason.text}"
    if pair.written and not pair.reasons:
        yield f"    {pair.written}"
    for end, side in zip((pair.later, pair.earlier), sides, strict=True):
        yield f"    {end}: {words('review.statements', count=side.statements)}"
        for line in side.lines:
            more = f" {words('review.more', count=line.more)}" if line.more else ""
            yield f"        {line.label}: {'; '.join(line.values)}{more}"


def _lines(pairs: list[Pair], waiting: int, views: SnapshotViews) -> Iterator[str]:
    yield f"{waiting} pairs wait"
    for pair in pairs:
        yield from _described(pair, views)


def _ask(home: Home, pairs: list[Pair], views: SnapshotViews, who: str) -> None:
    for pair in pairs:
        for line in _described(pair, views):
            typer.echo(line)
        answer = typer.prompt("one body (y), two (n), later (l), stop (q)", default="l").strip().lower()[:1]
        if answer == "q":
            return
        if answer in ("y", "n"):
            why = typer.prompt("why", default="")
            judge_pair(home, pair.later, pair.earlier, answer == "y", who, why)
    typer.echo("run «ketnoi build» to show what was decided")
