"""ask."""

from collections.abc import Iterator
from itertools import chain
from typing import Annotated

import typer
from pydantic import ValidationError

from api.commands.choosing import KnownAtOption, SnapshotOption, chosen_views, read_day
from api.commands.terminal import CommandError, HomeOption, JsonOption, open_engine, show
from api.serving import LiveSource
from graph.answer.model import Answer, Question, Route
from graph.answer.partner_model import PartnerQuestion, Partners

_PARTNERS = 5
"""Partners that are named below the routes of an intermediary."""
_SIGNS = {"pass": "✓", "fail": "✗", "unknown": "?"}


def ask(
    text: Annotated[
        str | None, typer.Argument(help="A technology, a need or a name, in Vietnamese or English.")
    ] = None,
    technology: Annotated[str | None, typer.Option(help="Id, IRI or exact name.")] = None,
    firm: Annotated[str | None, typer.Option(help="Id, IRI or exact name.")] = None,
    need: Annotated[str | None, typer.Option(help="Id, IRI or exact name.")] = None,
    intermediary: Annotated[str | None, typer.Option(help="Id, IRI or exact name.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 10,
    as_of: Annotated[str | None, typer.Option(help="True on that day (YYYY-MM-DD); default today.")] = None,
    known_at: KnownAtOption = None,
    snapshot: SnapshotOption = None,
    language: Annotated[str, typer.Option("--lang", help="vi or en.")] = "vi",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """The main question: which intermediary can bring which technology to which firm, and how do we know?"""
    read_day(as_of, "--as-of")
    try:
        question = Question(
            text=text,
            technology=technology,
            firm=firm,
            need=need,
            intermediary=intermediary,
            limit=limit,
            as_of=as_of,
            known_at=known_at,
            language=language,
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise CommandError(f"{first['loc'][0]}: {first['msg']}") from None
    if not any((text, technology, firm, need, intermediary)):
        raise CommandError("say what to ask about: a text, --technology, --firm, --need or --intermediary")
    helping = None
    with open_engine(home) as (opened, engine):
        views = chosen_views(LiveSource(opened, engine), known_at, snapshot)
        found = views.answer(question)
        if intermediary and not as_json:
            helping = views.partners(
                PartnerQuestion(
                    intermediary=intermediary,
                    technology=technology,
                    limit=_PARTNERS,
                    as_of=as_of,
                    known_at=known_at,
                    language=question.language,
                )
            )
    show(found.model_dump(by_alias=True, mode="json"), as_json, chain(_lines(found), _partners(helping)))


def _partners(found: Partners | None) -> Iterator[str]:
    """Who covers what the intermediary lacks; over HTTP that is an address of its own."""
    if found is None or not found.partners:
        return
    yield ""
    yield "partners who cover what it lacks:"
    for partner in found.partners:
        covers = ", ".join(dict.fromkeys(one.concept.name for one in partner.covers))
        yield f"  {partner.rank}. {partner.intermediary.name}: {covers} ({_SIGNS[partner.gate.state]} {partner.gate.gate})"
    for contact in found.warm_contacts[:_PARTNERS]:
        yield f"  knows the inventors: {contact.organization.name}"


def _lines(answer: Answer) -> Iterator[str]:
    yield f"snapshot {answer.snapshot}, as of {answer.as_of}"
    if answer.understood:
        yield "understood: " + ", ".join(f"{ref.name} [{ref.type}]" for ref in answer.understood)
    if answer.bridged:
        yield "also looked for as: " + "; ".join(f"{one.typed} ≈ {', '.join(one.terms[:3])}" for one in answer.bridged)
    for what in answer.missing:
        yield f"missing: {what}"
    for route in answer.routes:
        yield ""
        yield from _route(route)
    if answer.excluded:
        yield ""
        yield f"excluded ({len(answer.excluded)}):"
        for shut in answer.excluded[:10]:
            broker, firm = shut.intermediary, shut.firm
            yield f"  {broker.name if broker else ''} → {firm.name if firm else ''}: {shut.gate}: {shut.reason}"
    if answer.truncated:
        yield "more routes exist than are shown; raise --limit"


def _route(route: Route) -> Iterator[str]:
    ends = [route.technology, route.holder, route.intermediary, route.firm]
    mark = "  (minh họa / illustrative)" if any(end and end.illustrative for end in ends) else ""
    yield f"{route.rank}. {' → '.join(end.name if end else '?' for end in ends)}{mark}"
    if route.need:
        yield f"   need: {route.need.name}"
    yield f"   log-odds {route.log_odds:+.2f} — {route.score_basis}"
    for part in route.contributions:
        if part.value:
            yield f"     {part.value:+.2f}  {part.reason}"
    gates = "  ".join(f"{_SIGNS[gate.state]} {gate.gate}" for gate in route.gates)
    yield f"   gates: {gates}   transferable now: {'yes' if route.transferable_now else 'no'}"
    for gate in route.gates:
        if gate.state != "pass":
            yield f"     {_SIGNS[gate.state]} {gate.gate}: {gate.reason}"
    for hop in route.hops:
        source = "; ".join(f"{ref.file}:{ref.line} ({ref.source}, {ref.date})" for ref in hop.sources[:2])
        yield f"   {hop.from_.name} —{hop.relation}→ {hop.to.name}{'' if hop.asserted else ' (derived)'}  [{source or 'no record'}]"
    for step in route.next_steps:
        yield f"   next: {step}"
    for contact in route.contacts:
        yield f"   contact: {contact.organization.name}: {contact.kind} {contact.value}"
