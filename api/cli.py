"""The program ``ketnoi``. A command is imported when it is called: none waits for what the others need."""

import ast
import importlib
import sys
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from graph.statements.garbage import collector_paused
from ontology.errors import Explained

_COMMANDS = {
    "load": "loading.load",
    "withdraw": "loading.withdraw",
    "harvest": "harvesting.harvest",
    "inspect": "loading.inspect",
    "link": "loading.link",
    "review": "reviewing.review",
    "publish": "loading.publish",
    "build": "loading.build",
    "sample": "loading.sample",
    "ask": "asking.ask",
    "evaluate": "evaluating.evaluate",
    "learn": "learning.learn",
    "question": "questioning.question",
    "serve": "serving.serve",
    "token": "operating.token",
    "notify": "notifying.notify",
    "export": "operating.export",
    "keep": "keeping.keep",
    "erase": "erasing.erase",
    "check": "operating.check",
    "loads": "loading.list_loads",
    "audit": "auditing.audit",
}
"""Command → its function below ``api.commands``, or a group of commands."""


def _imported(name: str) -> Any:
    """A command as Click runs it."""
    module, attribute = _COMMANDS[name].split(".")
    with collector_paused():  # a quarter of the time of an import
        found = getattr(importlib.import_module(f"api.commands.{module}"), attribute)
    if isinstance(found, typer.Typer):
        return typer.main.get_command(found)
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(name)(found)
    return typer.main.get_command(alone)


def _described(name: str) -> str:
    """What a command says of itself, read without importing it: a function's docstring, or a group's ``help``."""
    module, attribute = _COMMANDS[name].split(".")
    parsed = ast.parse((Path(__file__).parent / "commands" / f"{module}.py").read_text(encoding="utf-8"))
    for node in parsed.body:
        if isinstance(node, ast.FunctionDef) and node.name == attribute:
            return ast.get_docstring(node) or ""
        if (
            isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) == attribute
            and isinstance(node.value, ast.Call)
        ):
            return str(next(ast.literal_eval(given.value) for given in node.value.keywords if given.arg == "help"))
    raise LookupError(f"{module} has no {attribute}")


class _Commands(TyperGroup):
    """All commands by their names. Where they are only listed, none is imported."""

    _listing = False

    def list_commands(self, ctx: Any) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in _COMMANDS:
            return None
        return TyperCommand(cmd_name, help=_described(cmd_name)) if self._listing else _imported(cmd_name)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self._listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._listing = False


app = typer.Typer(cls=_Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def ketnoi() -> None:
    """Ketnoi: which intermediary can bring this technology to which firm, and how do we know?"""


def main() -> None:
    """Run a command; an expected error is one line on standard error and a status other than 0."""
    try:
        app()
    except Explained as error:
        sys.stderr.write(f"ketnoi: {error}\n")
        sys.exit(1)
