"""The program's commands: each is there, says what it does, and waits for nothing that it does not need."""

import subprocess
import sys
from typing import Any

import pytest
import typer

from api.cli import app

HEAVY = {"fastapi", "neo4j", "numpy", "scipy", "duckdb", "pyarrow", "rdflib", "pyoxigraph", "networkx"}


def commands() -> dict[str, Any]:
    group: Any = typer.main.get_command(app)
    context = typer.Context(group)
    return {name: group.get_command(context, name) for name in group.list_commands(context)}


def listed() -> dict[str, Any]:
    """The commands as the list of all of them shows them."""
    group: Any = typer.main.get_command(app)
    context = typer.Context(group)
    group.format_help(context, context.make_formatter())
    return {name: group.get_command(context, name) for name in group.list_commands(context)}


def test_each_command_does_what_the_list_of_them_says() -> None:
    real, shown = commands(), listed()
    assert list(real) == list(shown) and len(real) > 20
    assert {name: command.help for name, command in real.items()} == {name: one.help for name, one in shown.items()}
    assert all(command.help for command in real.values())


@pytest.mark.parametrize("arguments", [["--help"], ["--version-of-nothing"], []])
def test_the_list_of_commands_imports_none_of_them(arguments: list[str]) -> None:
    code = f"""
import sys
from api.cli import main
sys.argv = ["ketnoi", *{arguments!r}]
try:
    main()
finally:
    sys.stderr.write("imported: " + " ".join(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    imported = set(done.stderr.rpartition("imported: ")[2].split())
    assert "typer" in imported
    assert imported & HEAVY == set()


def test_a_command_that_is_none_is_said_so() -> None:
    code = "import sys; from api.cli import main; sys.argv = ['ketnoi', 'nothing']; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, "No such command 'nothing'" in done.stderr) == (2, True)
