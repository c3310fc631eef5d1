"""One published sample for all tests that only read, on a real Neo4j; and homes of their own for those that write."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest

from graph.answer.asking import ask as answered
from graph.answer.reading import Reading
from graph.questions.named import questions
from graph.statements.home import Home
from graph.views.engine import Engine
from graph.views.reading import SnapshotViews
from tests.sample_files import SampleFiles

Asked = Callable[..., list[dict[str, Any]]]
"""Asks a named question of the sample: name, day and parameters to rows."""
SAMPLE_DAY = "2026-11-24"
"""The day on which questions about the sample are asked where a test names no other."""

REAL = Path(__file__).parents[2] / "shared" / "data"
"""Real records beside the project; tests that read them are skipped where there are none."""


def pytest_configure() -> None:
    """Each of the many servers of the tests lives for seconds, in which Java's second compiler costs more than it gains. Benchmarks use this
    module too, and run Neo4j as users do.
    """
    os.environ["KETNOI_NEO4J_JAVA_OPTIONS"] = "-XX:TieredStopAtLevel=1"


def ketnoi(home: Path, *arguments: str, check: bool = True, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the program as its user does."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("ketnoi")), *arguments],
        env=os.environ | {"KETNOI_HOME": str(home)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if check and done.returncode:
        raise AssertionError(f"ketnoi {' '.join(arguments)}: status {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def ketnoi_json(home: Path, *arguments: str) -> dict[str, object]:
    """Run the program with --json."""
    content: dict[str, object] = json.loads(ketnoi(home, *arguments, "--json").stdout)
    return content


_MADE = TemporaryDirectory(prefix="ketnoi-homes-")


@cache
def _made(how: Callable[[Path], object]) -> Path:
    home = Path(_MADE.name) / how.__name__
    home.mkdir()
    how(home)
    return home


def copied(how: Callable[[Path], object], home: Path) -> Path:
    """A home as ``how`` makes it, made once and copied, since a first publish takes many seconds; nothing runs over what is copied."""
    shutil.copytree(_made(how), home, dirs_exist_ok=True)
    return home


def sample(home: Path) -> object:
    """Make the sample, load it and publish it."""
    return ketnoi(home, "sample")


def built(home: Path) -> object:
    """Publish what is shipped and nothing else."""
    return ketnoi(home, "build")


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample, loaded and published. Tests must not write to it but by the forms of the pages."""
    return copied(sample, tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def sample_reading(sample_home: Path) -> Iterator[Reading]:
    """The published sample as questions and answers read it."""
    home = Home(sample_home)
    engine = Engine(home)
    number = engine.current()
    assert number is not None
    yield Reading(SnapshotViews(home, number), engine.graph)
    engine.close()


@pytest.fixture(scope="session")
def sample_files(sample_home: Path, sample_reading: Reading) -> SampleFiles:
    """The sample's own files, and which id stands for which line."""
    return SampleFiles(sample_home, sample_reading.graph)


@pytest.fixture(params=["cypher", "sparql"])
def asked(request: pytest.FixtureRequest, sample_reading: Reading) -> Asked:
    """Named questions, asked in either language."""

    def rows(question: str, as_of: str = SAMPLE_DAY, **parameters: object) -> list[dict[str, Any]]:
        found = answered(sample_reading, questions()[question], {"as_of": as_of} | parameters, on=request.param)
        assert not found.truncated
        return found.rows

    return rows


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def serve(home: Path, port: int) -> "subprocess.Popen[bytes]":
    """Start the service and wait until it is ready."""
    log = (home / "serve.log").open("wb")
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("ketnoi")), "serve", "--port", str(port)],
        env=os.environ | {"KETNOI_HOME": str(home)},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    log.close()
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=10).status_code == 200:
                return process
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    process.kill()
    raise AssertionError((home / "serve.log").read_text())


@pytest.fixture(scope="session")
def sample_url(sample_home: Path) -> Iterator[str]:
    """The address of a service over the sample."""
    port = free_port()
    process = serve(sample_home, port)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=60)


@pytest.fixture(scope="session")
def sample_client(sample_url: str) -> Iterator[httpx.Client]:
    """A client of the service over the sample."""
    with httpx.Client(base_url=sample_url, timeout=60) as client:
        # it keeps no cookies: the language that one test asks for would be that of the next
        client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        yield client


@pytest.fixture(scope="session")
def real() -> Path:
    """The real records."""
    if not REAL.is_dir():
        pytest.skip("the real records are not beside the project")
    return REAL
