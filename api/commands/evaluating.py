"""evaluate: quality against a gold file, with the baselines in the same run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from api.commands.terminal import CommandError, JsonOption, show, steps
from graph.evaluate.classify import evaluate_classify
from graph.evaluate.expert_figures import NAMES
from graph.evaluate.experts import evaluate_experts, read_expert_gold, read_profiles
from graph.evaluate.linking import evaluate_linking, read_gold
from graph.evaluate.rights import evaluate_rights
from graph.evaluate.search import evaluate_search, read_queries
from graph.evaluate.transfer import STRATA, TASKS, evaluate_transfer
from graph.links.records.parameters import read_record_parameters
from graph.links.strings.bodies import Body, bodies_of
from graph.links.strings.parameters import read_parameters
from loaders.reading import open_file
from ontology.statement import Record

_REGISTER, _DEALS = "ror", "patents"


def evaluate(
    what: Annotated[str, typer.Argument(help="rights, linking, experts, transfer, search or classify")],
    cases: Annotated[Path | None, typer.Option(help="JSON lines of cases (rights).")] = None,
    gold: Annotated[
        Path | None,
        typer.Option(
            help="CSV of name and id (linking), of query, expert_id and relevance (experts), or of query and cpc (search)."
        ),
    ] = None,
    against: Annotated[Path | None, typer.Option(help="A register that «ketnoi load ror» reads (linking).")] = None,
    mentions: Annotated[Path | None, typer.Option(help="Parquet of mentions of persons (linking).")] = None,
    history: Annotated[
        Path | None, typer.Option(help="Past deals that «ketnoi load patents» reads (transfer, classify).")
    ] = None,
    test: Annotated[Path | None, typer.Option(help="Later deals of the same form (transfer, classify).")] = None,
    patents: Annotated[Path | None, typer.Option(help="Patents that «ketnoi load patents» reads (search).")] = None,
    profiles: Annotated[
        Path | None, typer.Option(help="CSV of expert_id and text, many rows an expert (experts).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Quality against a gold file."""
    if what == "rights" and cases is not None:
        found = evaluate_rights(there(cases))
        show(found, as_json, _rights_lines(found))
        if not found["cases"]:
            raise typer.Exit(1)
    elif what == "linking" and gold is not None and against is not None:
        found = evaluate_linking(read_gold(there(gold)), read_register(there(against)), read_parameters())
        show(found, as_json, _linking_lines(found))
    elif what == "linking" and mentions is not None:
        from graph.evaluate.mentions import evaluate_mentions, read_mentions  # Splink is slow to import

        found = evaluate_mentions(read_mentions(there(mentions)), read_record_parameters())
        show(found, as_json, _mentions_lines(found))
    elif what == "experts" and profiles is not None and gold is not None:
        said, judged = read_profiles(there(profiles)), read_expert_gold(there(gold))
        with steps("evaluating") as shown:
            found = evaluate_experts(said, judged, lambda step: shown.update(shown.task_ids[0], description=step))
        show(found, as_json, _expert_lines(found))
    elif what == "transfer" and history is not None and test is not None:
        past, later = open_file(_DEALS, there(history)), open_file(_DEALS, there(test))
        with steps("evaluating") as shown:
            found = evaluate_transfer(
                _DEALS, past.items, later.items, lambda step: shown.update(shown.task_ids[0], description=step)
            )
        show(found, as_json, _transfer_lines(found))
    elif what == "search" and patents is not None and gold is not None:
        queries, read = read_queries(there(gold)), open_file(_DEALS, there(patents))
        with steps("evaluating") as shown:
            found = evaluate_search(
                _DEALS, read.items, queries, lambda step: shown.update(shown.task_ids[0], description=step)
            )
        show(found, as_json, _ways_lines(found))
    elif what == "classify" and history is not None and test is not None:
        past, later = open_file(_DEALS, there(history)), open_file(_DEALS, there(test))
        with steps("evaluating") as shown:
            found = evaluate_classify(
                _DEALS, past.items, later.items, lambda step: shown.update(shown.task_ids[0], description=step)
            )
        show(found, as_json, _ways_lines(found))
    else:
        raise CommandError(
            "what can be evaluated: «ketnoi evaluate rights --cases FILE», «ketnoi evaluate linking --gold FILE --against FILE», "
            "«ketnoi evaluate linking --mentions FILE», «ketnoi evaluate experts --profiles FILE --gold FILE», "
            "«ketnoi evaluate transfer --history FILE --test FILE», «ketnoi evaluate search --patents FILE --gold FILE», "
            "«ketnoi evaluate classify --history FILE --test FILE»"
        )


def there(path: Path) -> Path:
    """The path, if a file is there.

    :raises CommandError: else
    """
    if not path.is_file():
        raise CommandError(f"there is no file {path}")
    return path


def read_register(path: Path) -> list[Body]:
    """The bodies of a register of organisations.

    :raises loaders.table_reading.FileRefused: where the file can't be read as one
    """
    reading = open_file(_REGISTER, path)
    return bodies_of((item for item in reading.items if isinstance(item, Record)), reading.source, _REGISTER)


def _rights_lines(found: dict[str, Any]) -> Iterator[str]:
    yield f"cases {found['n']}, refused {len(found['refused'])}, agree {found['agree']}"
    for case in found["cases"]:
        shares = ", ".join(f"{owner} {share:.3g}" for owner, share in case["shares"].items()) or "not settled"
        differs = " DIFFERS from what is expected" if case["agree"] is False else ""
        yield (
            f"{case['id']}: may {case['may']} ({case['gate'] or '-'}), regime {case['regime']}, shares {shares}, "
            f"registration {case['registration']}: {case['reason']}{differs}"
        )
    for refused in found["refused"]:
        yield f"line {refused['line']} refused: {refused['reason']}"


def _linking_lines(found: dict[str, Any]) -> Iterator[str]:
    yield f"{found['n']} strings against {found['registry']} bodies, parameters of {found['parameters']}"
    for name, figures in {"ketnoi": found, **found["baselines"]}.items():
        low, high = figures["ci95"]["f1"]
        yield (
            f"{name}: precision {figures['precision']:.3f}, recall {figures['recall']:.3f}, F1 {figures['f1']:.3f} ({low:.3f} to {high:.3f}), "
            f"MRR {figures['mrr']:.3f}, NIL {figures['nil_precision']:.3f} / {figures['nil_recall']:.3f}, {figures['per_second']:.0f} a second"
        )
    yield f"{found['named_outright']} of the links that count as wrong go to bodies that the string names outright"


def _mentions_lines(found: dict[str, Any]) -> Iterator[str]:
    yield f"{found['n']} mentions of {found['entities']} persons, parameters of {found['parameters']}, {found['seconds']:.1f} s"
    for name, figures in {"ketnoi": found, **found["baselines"]}.items():
        for measure in ("pairwise", "b_cubed"):
            one = figures[measure]
            yield f"{name}: {measure} precision {one['precision']:.3f}, recall {one['recall']:.3f}, F1 {one['f1']:.3f}"


def _expert_lines(found: dict[str, Any]) -> Iterator[str]:
    yield (
        f"{found['n']} queries, {found['experts']} experts, relevant from grade {found['relevant_from']:g}; who is not judged is not relevant, "
        f"{found['unknown']} judged experts have no profile, {found['without_relevant']} queries have nobody relevant, {found['seconds']:.1f} s"
    )
    for name, figures in {"ketnoi": found, **found["baselines"]}.items():
        low, high = figures["ci95"]["ndcg@10"]
        said = ", ".join(f"{measure} {figures[measure]:.3f}" for measure in NAMES)
        judged = ", ".join(f"{figures['judged_only'][measure]:.3f}" for measure in NAMES)
        yield f"{name}: {said} (nDCG@10 {low:.3f} to {high:.3f}); among the judged {judged}"


def _transfer_lines(found: dict[str, Any]) -> Iterator[str]:
    for task in TASKS:
        yield f"{task}:"
        for name, figures in {"ketnoi": found, **found["baselines"]}.items():
            if task in figures:
                yield f"  {name}: " + "; ".join(_stratum(stratum, figures[task][stratum]) for stratum in STRATA)
    yield f"{found['unknown']} rows whose intermediary the history does not know; calibration error {found['calibration_error']}"


def _stratum(name: str, figures: dict[str, Any]) -> str:
    return (
        f"{name.replace('_', ' ')} (n {figures['n']}) MRR {figures['mrr']:.3f}, HR@1 {figures['hr@1']:.3f}, "
        f"HR@10 {figures['hr@10']:.3f}, nDCG@10 {figures['ndcg@10']:.3f}"
    )


def _ways_lines(found: dict[str, Any]) -> Iterator[str]:
    """Figures of each way with their intervals, the service's first."""
    yield f"n {found['n']}, {found['seconds']:.0f} s"
    for name, figures in {"ketnoi": found, **found["baselines"]}.items():
        said = (
            f"{measure} {figures[measure]:.3f} ({low:.3f} to {high:.3f})"
            for measure, (low, high) in figures["ci95"].items()
        )
        yield f"{name}: {', '.join(said)}"
    if "words_bridged" in found:
        yield f"words of queries that the bridge knows: {found['words_bridged']:.3f}"
