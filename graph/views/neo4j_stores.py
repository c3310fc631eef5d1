"""Neo4j's stores on disk: each a complete home (configuration, data, logs), made empty or by an offline import.

A store that is not yet, or no longer, the current one belongs to whoever holds a lock on its file ``owner``; the
system frees that lock when its holder dies, so what a dead maker left is told apart from what a living one is making.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from graph.views import neo4j_archive, neo4j_process
from graph.views.neo4j_process import Neo4jError

USER = "neo4j"
_ROUNDS = 1024
_REPORT_CHARACTERS = 2000


def new_name() -> str:
    """A name for a store that no other one has had."""
    return secrets.token_hex(6)


def make(stores: Path, name: str) -> Path:
    """Make an empty store with a random password. Returns its directory, which is renamed into place complete."""
    store = stores / name
    beside = stores / f".{name}"
    beside.mkdir(mode=0o700)
    write_private(beside / "secret", secrets.token_urlsafe(24))
    (beside / "owner").touch(mode=0o600)
    beside.rename(store)
    return store


def password(store: Path) -> str:
    """The password of a store. Raises ``Neo4jError`` when it is not there."""
    try:
        return (store / "secret").read_text("ascii")
    except OSError as error:
        raise Neo4jError(
            f"The store {store.name} is damaged ({error}): publish anew with `ketnoi publish --rebuild`"
        ) from error


def prepare(store: Path) -> None:
    """Lay the file that the first password of a store comes from, before its first start; an import deletes the file.

    Neo4j's own tool would take the password on its command line, where everybody on the machine can read it.
    """
    if not (store / "data" / "databases" / "system").exists():
        (store / "data" / "dbms").mkdir(parents=True, exist_ok=True)
        write_private(store / "data" / "dbms" / "auth.ini", _credential(password(store)))


def import_csv(store: Path, files: Path, array_delimiter: str, heap: str) -> None:
    """Run Neo4j's offline import of ``nodes-*.csv`` and ``rels-*.csv`` into an empty store.

    Parameters: ``array_delimiter`` is one character; it separates labels too. ``heap`` as Java writes sizes.
    Raises ``Neo4jError`` with the importer's report.
    """
    nodes, relationships = sorted(files.glob("nodes-*.csv")), sorted(files.glob("rels-*.csv"))
    if not nodes:
        raise Neo4jError(f"There is no nodes-*.csv in {files} to import")
    (store / "conf").mkdir(exist_ok=True)
    (store / "conf" / "neo4j.conf").write_text("db.tx_log.preallocate=false\n", "ascii")
    report = store / "import.report"
    arguments = [
        *("database", "import", "full", "neo4j"),
        # Names alone: a comma or an equals sign in the path of the directory would be read as syntax.
        *(f"--nodes={path.name}" for path in nodes),
        *(f"--relationships={path.name}" for path in relationships),
        "--id-type=string",
        f"--array-delimiter=U+{ord(array_delimiter):04X}",
        "--multiline-fields=true",
        "--multiline-fields-format=v1",
        "--skip-bad-relationships=false",
        "--skip-duplicate-nodes=false",
        "--bad-tolerance=0",
        "--strict=true",  # without it some relationships to missing nodes are kept
        "--legacy-style-quoting=false",
        "--ignore-empty-strings=false",
        f"--report-file={report}",
        "--verbose",  # otherwise it does not say which line was wrong
    ]
    options = (f"-Xmx{heap}", *neo4j_archive.options())
    done = subprocess.run(
        neo4j_process.command(store, neo4j_process.ADMIN, *arguments, options=options),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=files,
        env=neo4j_process.environment(store),
        start_new_session=True,
        check=False,
    )
    if done.returncode:
        found = report.read_text("utf-8", errors="replace") if report.exists() else ""
        said = done.stdout.decode("utf-8", errors="replace")
        raise Neo4jError(f"Neo4j's import failed (status {done.returncode}): {_reasons(found + said)}")


def own(store: Path) -> IO[bytes] | None:
    """Take a store for this process. Returns the open file that holds it, or nothing when a living process has it."""
    file = (store / "owner").open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def remove(store: Path) -> None:
    """Stop whatever works on a store and delete it."""
    for process in neo4j_process.find(store):
        neo4j_process.stop(process, patience=5.0)
    shutil.rmtree(store, ignore_errors=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock on a file, waiting for it; threads and processes alike."""
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write_private(path: Path, text: str) -> None:
    """Write a file of mode 0600 whole, or leave the old one: a reader never sees a part."""
    beside = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _reasons(output: str) -> str:
    """The lines of an importer's output that say why, without its progress and its stack traces; else its end."""
    lines = dict.fromkeys(line.strip() for line in output.splitlines())
    told = "\n".join(line for line in lines if line.startswith("Caused by:") or "Exception:" in line)
    return told[:_REPORT_CHARACTERS] or output[-_REPORT_CHARACTERS:]


def _credential(secret: str) -> str:
    """A line of ``auth.ini``: what Neo4j 5 writes there for its first user."""
    salt = os.urandom(32)
    digest = hashlib.sha256(salt + secret.encode()).digest()
    for _ in range(_ROUNDS - 1):
        digest = hashlib.sha256(digest).digest()
    return f"{USER}:SHA-256,{digest.hex()},{salt.hex()},{_ROUNDS}:\n"
