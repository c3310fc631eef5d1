"""The program's commands: each is there, says what it does, and waits for nothing that it does not need."""

import re
import subprocess
import sys
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from api.cli import app

HEAVY = {"fastapi", "neo4j", "numpy", "scipy", "duckdb", "pyarrow", "rdflib", "pyoxigraph", "networkx"}


def letters(text: str) -> str:
    """A text without spaces and frames: lines are broken where they end on a terminal."""
    return re.sub(r"[\s│╭╮╰╯─]+", "", text)


def test_each_command_does_what_the_list_of_them_says() -> None:
    group: Any = typer.main.get_command(app)
    context = typer.Context(group)
    commands = {name: group.get_command(context, name) for name in group.list_commands(context)}
    listed = letters(CliRunner().invoke(app, ["--help"]).output)
    assert len(commands) > 20
    for name, command in commands.items():
        assert letters(name + command.help) in listed


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
