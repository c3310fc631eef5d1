"""The program ``ketnoi``."""

import sys

import typer

import api.commands.asking as asking
import api.commands.auditing as auditing
import api.commands.erasing as erasing
import api.commands.evaluating as evaluating
import api.commands.harvesting as harvesting
import api.commands.keeping as keeping
import api.commands.learning as learning
import api.commands.loading as loading
import api.commands.notifying as notifying
import api.commands.operating as operating
import api.commands.questioning as questioning
import api.commands.reviewing as reviewing
from api.commands.terminal import CommandError
from graph.answer.erasing import ErasureError
from graph.answer.errors import AnswerError
from graph.evaluate.experts import ExpertsRefused
from graph.evaluate.linking import GoldRefused
from graph.links.strings.parameters import ParametersMissing
from graph.questions.errors import QuestionError
from graph.statements.home import HomeError
from graph.statements.loads import LoadError
from graph.views.errors import NothingKnown, NotReady, UnknownSnapshot
from graph.views.neo4j_connection import GraphError
from loaders.mapping import MappingError
from loaders.table_reading import FileRefused

_EXPECTED = (
    CommandError,
    ErasureError,
    FileRefused,
    MappingError,
    HomeError,
    LoadError,
    GraphError,
    AnswerError,
    QuestionError,
    ExpertsRefused,
    GoldRefused,
    ParametersMissing,
    NotReady,
    NothingKnown,
    UnknownSnapshot,
)
"""Errors whose message says what to do; anything else is a defect and shows where."""

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Ketnoi: which intermediary can bring this technology to which firm, and how do we know?",
)
for command in (
    loading.load,
    loading.withdraw,
    harvesting.harvest,
    loading.inspect,
    loading.link,
    reviewing.review,
    loading.publish,
    loading.build,
    loading.sample,
    asking.ask,
    evaluating.evaluate,
    learning.learn,
    questioning.question,
    operating.serve,
    operating.token,
    notifying.notify,
    operating.export,
    keeping.keep,
    erasing.erase,
    operating.check,
):
    app.command()(command)
app.command("loads")(loading.list_loads)
app.add_typer(auditing.audit, name="audit")


def main() -> None:
    """Run a command; an expected error is one line on standard error and a status other than 0."""
    try:
        app()
    except _EXPECTED as error:
        sys.stderr.write(f"ketnoi: {error}\n")
        sys.exit(1)
