"""learn: what is learned from data, written to a dated file."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api.commands.evaluating import read_register, there
from api.commands.terminal import CommandError, HomeOption, JsonOption, open_home, show, steps
from graph.answer.learning import TooFewDeals
from graph.answer.learning import learn as learn_weights
from graph.answer.ranker import Ranker
from graph.answer.told_outcomes import all_told
from graph.answer.weighing import ENOUGH, write_weights
from graph.answer.weighing import SHIPPED as SHIPPED_WEIGHTS
from graph.links.records.parameters import SHIPPED as RECORDS
from graph.links.records.parameters import SHIPPED_ORGANISATIONS as ORGANISATIONS
from graph.links.records.parameters import SHIPPED_TECHNOLOGIES as TECHNOLOGIES
from graph.links.records.parameters import write_record_parameters
from graph.links.strings.bodies import Body
from graph.links.strings.learning import learn as learn_strings
from graph.links.strings.parameters import SHIPPED as STRINGS
from graph.links.strings.parameters import write_parameters
from graph.resolve.snapshots import directory, published, read_snapshot
from graph.statements.home import Home, today
from graph.views.arrays import Arrays

_EVENT = {
    "vi": "trong các bên trung gian được xét, bên này thực hiện việc đưa công nghệ tới doanh nghiệp",
    "en": "among the intermediaries considered, this one brokers the deal that brings the technology to the firm",
}
_YEARS = 10


def learn(
    what: Annotated[str, typer.Argument(help="linking or transfer")],
    against: Annotated[Path | None, typer.Option(help="A register that «ketnoi load ror» reads (linking).")] = None,
    mentions: Annotated[Path | None, typer.Option(help="Parquet of mentions of persons (linking).")] = None,
    technologies: Annotated[
        Path | None, typer.Option(help="Parquet of patents that «ketnoi load patents» reads (linking).")
    ] = None,
    strings: Annotated[int, typer.Option(min=100, help="How many strings are written to learn from (linking).")] = 6000,
    seed: Annotated[int, typer.Option(help="The same seed and register give the same file (linking).")] = 1,
    out: Annotated[Path | None, typer.Option(help="Directory of what is learned; by default where it is read.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Learn what a dated file keeps: linking without labels, the weights of the score from the home's past deals."""
    day = date.today().isoformat()
    if what == "linking" and against is not None:
        bodies = read_register(there(against))
        path = write_parameters(learn_strings(bodies, strings, seed, day), out or STRINGS)
        records = _learn_organisations(bodies, seed, day, out and out / "organisations")
        found = {"file": str(path), "bodies": len(bodies), "strings": strings, "records": str(records)}
        lines = [f"learned from {len(bodies)} bodies and {strings} strings written of them: {path}"]
        show(found, as_json, iter([*lines, f"and from the same bodies as records, each written twice: {records}"]))
    elif what == "linking" and mentions is not None:
        _learn_persons(mentions, day, out or RECORDS, as_json)
    elif what == "linking" and technologies is not None:
        _learn_technologies(technologies, seed, day, out or TECHNOLOGIES, as_json)
    elif what == "transfer":
        _learn_transfer(open_home(home), out or SHIPPED_WEIGHTS, as_json)
    else:
        raise CommandError(
            "what can be learned: «ketnoi learn linking --against FILE» for strings, «ketnoi learn linking --mentions FILE» for "
            "persons, «ketnoi learn linking --technologies FILE» for technologies, «ketnoi learn transfer»"
        )


def _learn_organisations(bodies: list[Body], seed: int, day: str, out: Path | None) -> Path:
    from graph.links.records.organisation_learning import learn_organisations  # Splink is slow to import

    return write_record_parameters(learn_organisations(bodies, seed, day), out or ORGANISATIONS)


def _learn_persons(mentions: Path, day: str, out: Path, as_json: bool) -> None:
    from graph.evaluate.mentions import learn_from_mentions, read_mentions  # Splink is slow to import

    learned = learn_from_mentions(read_mentions(there(mentions)), day)
    path = write_record_parameters(learned, out)
    found = {"file": str(path), "mentions": learned.records, "names": learned.names.total}
    show(found, as_json, iter([f"learned from {learned.records} mentions with {learned.names.total} names: {path}"]))


def _learn_technologies(patents: Path, seed: int, day: str, out: Path, as_json: bool) -> None:
    # Splink is slow to import
    from graph.links.records.technology_learning import learn_technologies, read_patents

    learned = learn_technologies(read_patents(there(patents)), seed, day)
    path = write_record_parameters(learned, out)
    found = {"file": str(path), "technologies": learned.technologies, "words": len(learned.words.words)}
    show(found, as_json, iter([f"learned from {learned.technologies} patents, each listed twice: {path}"]))


def _learn_transfer(home: Home, out: Path, as_json: bool) -> None:
    """Weights from the past deals of the newest snapshot on disk."""
    numbers = published(home)
    snapshot = read_snapshot(home, numbers[-1]) if numbers else None
    if snapshot is None:
        raise CommandError("nothing is published in this home; run «ketnoi build»")
    path = directory(home, snapshot.number)
    ranker = Ranker(Arrays(path / "arrays"))
    try:
        with steps("learning") as shown:
            weights = learn_weights(
                ranker,
                _EVENT,
                today(),
                snapshot.snapshot,
                _YEARS,
                all_told(home, path),
                lambda step: shown.update(shown.task_ids[0], description=step),
            )
    except TooFewDeals as error:
        raise CommandError(str(error)) from None
    file = write_weights(weights, out)
    used = weights.outcomes >= ENOUGH
    found = {"file": str(file), "questions": weights.questions, "outcomes": weights.outcomes, "in_use": used}
    fate = "they are in use from the next start on" if used else f"the prior stays in use until there are {ENOUGH}"
    show(
        found,
        as_json,
        iter(
            [
                f"learned from {weights.questions} past deals and {weights.outcomes} outcomes of the own domain: {file}; {fate}"
            ]
        ),
    )
