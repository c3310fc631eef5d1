"""What the documents say is true: their commands are run, their files exist, and nothing that there is goes unmentioned."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import typer
from starlette.routing import Match

from api.app import create_app
from api.cli import app as program
from api.reading import ViewsSource
from api.settings import Settings
from loaders.reading import KINDS, open_file
from tests.conftest import free_port, serve

ROOT = Path(__file__).parents[1]
LEAST = {"README.md": 18, "docs/http.md": 13, "CONTRIBUTING.md": 7}
"""Documents whose commands are run, with the fewest commands that each must have."""
RUN = tuple(LEAST)
DOCUMENTS = sorted(
    str(path.relative_to(ROOT))
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/decisions/*.md"))
)
SERVED = "http://127.0.0.1:8000"
"""Where the documents let the service answer."""
_FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"`([\w.-]+\.(?:csv|yaml|jsonl))`")
_FILES = {"csv": ".csv", "yaml": ".yaml", "json": ".jsonl"}


@dataclass
class Step:
    """A command, and the lines that it is said to print."""

    command: str
    shown: list[str] = field(default_factory=list)


@dataclass
class Block:
    """A fenced block of commands; ``own`` ones write, so they get a home of their own."""

    document: str
    line: int
    own: bool
    steps: list[Step]


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def blocks(document: str) -> list[Block]:
    text, found = text_of(document), []
    for fence in _FENCE.finditer(text):
        if fence[1].split()[:1] != ["console"]:
            continue
        steps: list[Step] = []
        for line in fence[2].splitlines():
            if line.startswith("$ "):
                steps.append(Step(line[2:]))
            elif line.strip():
                steps[-1].shown.append(line)
        found.append(Block(document, text.count("\n", 0, fence.start()) + 1, "own" in fence[1].split(), steps))
    return found


def files(document: str) -> dict[str, str]:
    """Name → content of the files that a document shows; a file's name is the last one before its block."""
    text, found = text_of(document), {}
    for fence in _FENCE.finditer(text):
        suffix = _FILES.get(fence[1])
        names = [name for name in _NAMED.findall(text[: fence.start()]) if suffix and name.endswith(suffix)]
        if names:
            found[names[-1]] = fence[2]
    return found


def not_yet() -> str:
    return text_of("README.md").split("\n## Not yet\n")[1].split("\n## ")[0]


class Ground:
    """Where commands are run: a directory with the document's files, a home, and a service over it."""

    def __init__(self, directory: Path, home: Path, url: str | None = None) -> None:
        self.directory, self.home, self.url = directory, home, url
        self.token = ""
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, command: str) -> str:
        words = shlex.split(command.replace("$TOKEN", self.token))
        if words[0] == "make":
            assert re.search(rf"^{re.escape(words[1])}:", text_of("Makefile"), re.MULTILINE), command
            return ""
        if words[0] == "curl":
            return self._curl(words[1:])
        assert words[0] == "ketnoi", f"nobody knows how to run «{command}»"
        done = subprocess.run(
            [str(Path(sys.executable).with_name("ketnoi")), *words[1:]],
            cwd=self.directory,
            env=os.environ | {"KETNOI_HOME": str(self.home)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        if words[1] == "token":
            self.token = done.stdout.strip()
        return done.stdout

    def _curl(self, words: list[str]) -> str:
        address, headers, body = "", {}, None
        options = iter(words)
        for word in options:
            if word == "-H":
                name, _, value = next(options).partition(": ")
                headers[name] = value
            elif word == "-d":
                body = next(options)
            elif word != "-s":
                address = word
        assert address.startswith(f"{SERVED}/"), address
        if self.url is None:
            port = free_port()
            self._process = serve(self.home, port)
            self.url = f"http://127.0.0.1:{port}"
        method = "GET" if body is None else "POST"
        if body is not None:
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")  # as curl does
        answer = httpx.request(method, address.replace(SERVED, self.url), headers=headers, content=body, timeout=60)
        assert answer.status_code < 500 and answer.status_code != 404, answer.text
        return answer.text

    def close(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=60)


@pytest.fixture(scope="module")
def own_homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Ground]]:
    """Homes for what writes, one a document."""
    grounds: dict[str, Ground] = {}
    for document in RUN:
        directory = tmp_path_factory.mktemp("docs")
        grounds[document] = Ground(directory, directory / "home")
        _lay(grounds[document], document)
    yield grounds
    for ground in grounds.values():
        ground.close()


def _lay(ground: Ground, document: str) -> None:
    for name, content in files(document).items():
        (ground.directory / name).write_text(content, encoding="utf-8")


def _pattern(line: str) -> str:
    parts = [r"\s+".join(map(re.escape, part.split())) for part in line.split("…")]
    return r"\s*" + r".*".join(part and rf"\s*{part}\s*" for part in parts) + r"\s*"


def _told(step: Step, printed: str) -> None:
    """Every shown line is found in what was printed, in that order."""
    rest = iter(printed.splitlines())
    for shown in step.shown:
        pattern = re.compile(_pattern(shown))
        assert any(pattern.fullmatch(line) for line in rest), f"«{shown}» is not what is printed:\n{printed[:3000]}"


SAMPLE = [block for document in RUN for block in blocks(document) if not block.own]
OWN = {document: [block for block in blocks(document) if block.own] for document in RUN}


@pytest.mark.neo4j
@pytest.mark.parametrize("block", SAMPLE, ids=lambda block: f"{block.document}:{block.line}")
def test_commands_over_the_sample(block: Block, sample_home: Path, sample_url: str, tmp_path: Path) -> None:
    ground = Ground(tmp_path, sample_home, sample_url)
    _lay(ground, block.document)
    for step in block.steps:
        _told(step, ground.run(step.command))


@pytest.mark.neo4j
@pytest.mark.parametrize("document", [document for document in RUN if OWN[document]])
def test_commands_that_write(document: str, own_homes: dict[str, Ground]) -> None:
    for block in OWN[document]:
        for step in block.steps:
            _told(step, own_homes[document].run(step.command))


@pytest.mark.parametrize("document", RUN)
def test_commands_are_found(document: str) -> None:
    assert sum(len(block.steps) for block in blocks(document)) >= LEAST[document]
    assert text_of(document).count("```") % 2 == 0


def test_the_golden_row_of_the_worked_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _lay(Ground(tmp_path, tmp_path), "CONTRIBUTING.md")
    monkeypatch.chdir(tmp_path)
    (code,) = (fence[2] for fence in _FENCE.finditer(text_of("CONTRIBUTING.md")) if fence[1] == "python")
    names: dict[str, Any] = {"open_file": open_file, "Path": Path}
    exec(compile(code, "CONTRIBUTING.md", "exec"), names)
    names["test_a_laboratory"]()


def test_every_setting_is_documented_with_its_default_and_no_other() -> None:
    readme = text_of("README.md")
    known = {f"KETNOI_{name.upper()}": entry.default for name, entry in Settings.model_fields.items()}
    for name, default in known.items():
        written = (
            "none" if default is None else f"`{default:g}`" if isinstance(default, float | int) else f"`{default}`"
        )
        assert f"| `{name}` | {written} |" in readme
    of_compose = set(re.findall(r"KETNOI_[A-Z0-9_]+", text_of("docker-compose.yml")))
    for document in DOCUMENTS:
        assert set(re.findall(r"KETNOI_[A-Z0-9_]*[A-Z0-9]", text_of(document))) <= set(known) | of_compose


def _commands() -> set[str]:
    group = cast(Any, typer.main.get_command(program))
    return set(group.list_commands(typer.Context(group)))


def test_every_command_is_mentioned_and_no_other() -> None:
    said = {name for document in RUN for name in re.findall(r"(?:`|\$ |ketnoi )ketnoi ([a-z]+)", text_of(document))}
    lacking = set(re.findall(r"`ketnoi ([a-z]+)[^`]*`", not_yet())) - {"export"}
    assert _commands() <= said
    assert said - _commands() == lacking


def test_every_kind_is_mentioned() -> None:
    for kind in KINDS:
        assert f"`{kind}`" in text_of("README.md")


@pytest.fixture
def application(tmp_path: Path) -> Any:
    return create_app(Settings(home=tmp_path), cast(ViewsSource, None))


def _answered(application: Any, path: str) -> bool:
    scope = {"type": "http", "path": re.sub(r"\{\w+\}", "x", path), "root_path": "", "headers": []}
    return any(
        route.matches(scope | {"method": method})[0] == Match.FULL
        for route in application.routes
        for method in ("GET", "POST")
    )


def test_every_address_is_mentioned(application: Any) -> None:
    said = text_of("README.md") + text_of("docs/http.md")
    described = set(application.openapi()["paths"])
    routes = {re.sub(r":\w+\}", "}", route.path) for route in application.routes if getattr(route, "path", None)}
    assert len(described) >= 6
    for path in described | routes:
        assert re.search(rf"[`\s]{re.escape(path)}[`?\s]", said), path


def test_addresses_that_are_mentioned_are_answered(application: Any) -> None:
    paths = set(re.findall(r"`(/[^`?\s]*)`", text_of("docs/http.md"))) - {"/api", "/static"}
    assert len(paths) > 15
    assert [path for path in sorted(paths) if not _answered(application, path)] == []


def test_what_is_not_yet_there_is_not_there(application: Any) -> None:
    missing = re.findall(r"`(/[^`]*)`", not_yet())
    assert missing
    assert [path for path in missing if _answered(application, path)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_to_files(document: str) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", text_of(document))
    for link in links:
        if not link.startswith("http"):
            assert ((ROOT / document).parent / link.partition("#")[0]).exists(), link


def test_the_picture_is_small() -> None:
    picture = (ROOT / "docs" / "ask.png").read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(picture) < 300_000


def test_the_licence_is_whole_and_neo4j_is_told_apart() -> None:
    licence = text_of("LICENSE")
    assert "Version 2.0, January 2004" in licence and "END OF TERMS AND CONDITIONS" in licence
    assert "version 3" in text_of("NOTICE") and "graph/views/neo4j.lock" in text_of("NOTICE")


def test_a_worked_case_is_one_line_of_json() -> None:
    (line,) = files("README.md")["cases.jsonl"].splitlines()
    assert json.loads(line)["id"] == "c1"
