"""The jars of Neo4j: compared with the lock, fetched beside and renamed into place, refused on any difference."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import pytest

from graph.views import neo4j_jars
from graph.views.neo4j_jars import Jar, JarsError


@pytest.fixture
def registry() -> dict[str, bytes]:
    """What the registry serves: coordinate to content."""
    return {"org.neo4j:neo4j-a:1": b"one", "org.neo4j:neo4j-b:2:linux": b"two"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, registry: dict[str, bytes]) -> Path:
    """A place for jars with a lock of two, and a registry (the outer boundary) that is this machine's memory."""
    lock = tmp_path / "neo4j.lock"
    lock.write_text("".join(f"{name} {hashlib.sha256(data).hexdigest()}\n" for name, data in registry.items()), "utf-8")
    locked = neo4j_jars.read_lock(lock)

    def fetch(jars: Iterable[Jar], folder: Path, repository: Path) -> None:
        folder.mkdir()
        for jar in jars:
            (folder / jar.file).write_bytes(registry[jar.coordinate])

    monkeypatch.setattr(neo4j_jars, "directory", lambda: tmp_path / "share" / "jars")
    monkeypatch.setattr(neo4j_jars, "read_lock", lambda: locked)
    monkeypatch.setattr(neo4j_jars, "_fetch", fetch)
    return tmp_path / "share" / "jars"


def test_a_set_up_brings_the_jars_of_the_lock_once(place: Path) -> None:
    assert neo4j_jars.setup()
    assert {path.name for path in place.iterdir()} == {"neo4j-a-1.jar", "neo4j-b-2-linux.jar"}
    assert not neo4j_jars.setup()
    assert [path.name for path in place.parent.iterdir()] == ["jars"], "nothing is left beside"


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("neo4j-a-1.jar", b"evil", "neo4j-a-1.jar has another sum"),
        ("neo4j-a-1.jar", None, "neo4j-a-1.jar is missing"),
        ("more.jar", b"", "more.jar is not in the lock"),
    ],
)
def test_a_difference_is_refused_and_mended_by_a_set_up(
    place: Path, file: str, content: bytes | None, told: str
) -> None:
    neo4j_jars.setup()
    if content is None:
        (place / file).unlink()
    else:
        (place / file).write_bytes(content)
    with pytest.raises(JarsError, match=rf"{told}.*make setup"):
        neo4j_jars.verify(place, neo4j_jars.read_lock())
    assert neo4j_jars.setup()
    neo4j_jars.verify(place, neo4j_jars.read_lock())


def test_what_the_registry_serves_otherwise_is_not_taken(place: Path, registry: dict[str, bytes]) -> None:
    registry["org.neo4j:neo4j-a:1"] = b"evil"
    with pytest.raises(JarsError, match="--write-lock"):
        neo4j_jars.setup()
    assert not place.exists()
    assert list(place.parent.iterdir()) == []


@pytest.mark.parametrize("text", ["", "one two three\n", "g:a:1 ff\ng:a:1 ff\n"])
def test_a_lock_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "neo4j.lock").write_text(text, "utf-8")
    with pytest.raises(JarsError, match="restore"):
        neo4j_jars.read_lock(tmp_path / "neo4j.lock")


def test_the_committed_lock_names_neo4j_and_no_address() -> None:
    jars = neo4j_jars.read_lock()
    names = {jar.coordinate for jar in jars}
    assert {f"{group}:{name}:{neo4j_jars.VERSION}" for group, name in neo4j_jars.ROOTS} <= names
    assert len(jars) > 200
    assert all(len(jar.sha256) == 64 for jar in jars)
    assert "/" not in neo4j_jars.LOCK.read_text("utf-8")


def test_a_network_error_is_tried_again_and_then_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    answers: list[Exception | str] = [OSError("reset"), RuntimeError("503"), "there"]

    def answer() -> str:
        said = answers.pop(0)
        if isinstance(said, Exception):
            raise said
        return said

    assert neo4j_jars._retried(answer, "a jar") == "there"
    answers[:] = [OSError("reset")] * 9
    with pytest.raises(JarsError, match=r"a jar: reset.*make setup"):
        neo4j_jars._retried(answer, "a jar")
