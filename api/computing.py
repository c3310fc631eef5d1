"""What takes long of one snapshot: computed once, whoever asks for it, and kept; who does not wait is told that it is being computed."""

import json
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from graph.statements.home import today, write_durably
from graph.views.errors import Preparing

T = TypeVar("T")
Key = tuple[str, ...]
"""What is computed, by all that it depends on besides the snapshot."""
PAINTED = 0.3
"""Seconds that a page waits for what is being computed: with all that comes before and after, it is painted within one."""
_MOST, _MOST_ROWS = 256, 200_000
"""Answers of a snapshot that are kept in memory, and rows in all of them; the one that was asked for longest ago goes first."""
_FAILED = 30.0
"""Seconds for which an error is told to those who ask again; then it is tried again."""
_AT_ONCE, _TURN = 3, 20.0
"""Answers that are computed at a time for those who do not wait, and seconds that one waits for its turn."""
_MADE_OF = {".py", ".cypher", ".rq", ".toml", ".ttl", ".yaml", ".csv"}
_free = threading.BoundedSemaphore(_AT_ONCE)
_log = logging.getLogger(__name__)
_patience: ContextVar[float | None] = ContextVar("patience", default=None)


@contextmanager
def waiting(seconds: float | None) -> Iterator[None]:
    """How long an answer is waited for in here; without a number until it is there."""
    token = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(token)


class _Begun:
    """An answer that is being computed, or is there."""

    def __init__(self) -> None:
        self.future: Future[Any] = Future()
        self.since = time.monotonic()

    @property
    def stale(self) -> bool:
        """Whether it failed, and so long ago that it is tried again."""
        return self._failed and time.monotonic() - self.since > _FAILED

    @property
    def rows(self) -> int:
        """How large it is, as far as that is known; 0 where it is small."""
        if not self.future.done() or self._failed:
            return 0
        found = self.future.result()
        held = [
            found,
            *(getattr(found, name, ()) for name in ("rows", "changes")),
            getattr(getattr(found, "divided", None), "weights", ()),
        ]
        return max((len(one) for one in held if isinstance(one, list | tuple | dict)), default=0)

    @property
    def _failed(self) -> bool:
        return self.future.done() and self.future.exception() is not None


class Computing:
    """Answers of one snapshot, each computed once. May be used by several threads.

    :param kept: answers that were prepared
    :param preparing: whether what is computed is to be kept there
    """

    def __init__(self, kept: "KeptAnswers | None" = None, preparing: bool = False) -> None:
        self._kept, self._preparing = kept, preparing
        self._lock = threading.Lock()
        self._begun: OrderedDict[Key, _Begun] = OrderedDict()

    def get(
        self, key: Key, what: Mapping[str, str], compute: Callable[[], T], kind: "TypeAdapter[T] | None" = None
    ) -> T:
        """An answer: computed here, or by another thread where nobody waits for it; waited for where somebody computes it already.

        :param what: what it is, in both languages
        :param kind: how it is written, where it may have been prepared
        :raises Preparing: where it takes longer than is waited
        """
        mine, begun = self._of(key)
        seconds = _patience.get()
        if mine:
            work = partial(self._compute, begun, key, compute, kind)
            if seconds is None:
                work()
            else:
                threading.Thread(target=_in_turn, args=(work,), name="computing", daemon=True).start()
        if seconds is not None and not _arrived(begun.future, seconds):
            since = time.monotonic() - begun.since
            raise Preparing(f"«{what['en']}» is being computed; ask again in a moment", what, since)
        try:
            found: T = begun.future.result()
        except BaseException:
            # it was told; whoever asks next tries again
            with self._lock:
                if self._begun.get(key) is begun:
                    del self._begun[key]
            raise
        return found

    def _of(self, key: Key) -> tuple[bool, _Begun]:
        """What is begun, and whether it is to be computed by whoever asks."""
        with self._lock:
            begun = self._begun.get(key)
            mine = begun is None or begun.stale
            if begun is None or mine:
                begun = self._begun[key] = _Begun()
            self._begun.move_to_end(key)
            rows = sum(one.rows for one in self._begun.values()) if mine else 0
            while len(self._begun) > _MOST or (rows > _MOST_ROWS and len(self._begun) > 1):
                _, gone = self._begun.popitem(last=False)
                rows -= gone.rows
            return mine, begun

    def _compute(self, begun: _Begun, key: Key, compute: Callable[[], T], kind: "TypeAdapter[T] | None") -> None:
        try:
            found = self._kept.read(key, kind) if self._kept and kind else None
            if found is None:
                with waiting(None):
                    found = compute()
                if self._preparing and self._kept and kind:
                    self._kept.write(key, kind, found)
        except BaseException as error:
            begun.since = time.monotonic()
            begun.future.set_exception(error)
        else:
            begun.future.set_result(found)


def _in_turn(work: Callable[[], None]) -> None:
    # what waits for another answer in here holds a place: nobody waits for one for ever
    had = _free.acquire(timeout=_TURN)
    try:
        work()
    finally:
        if had:
            _free.release()


def waits() -> bool:
    """Whether whoever asks waits until an answer is there."""
    return _patience.get() is None


def _arrived(future: Future[Any], seconds: float) -> bool:
    try:
        future.exception(seconds)
    except TimeoutError:
        return False
    return True


class KeptAnswers:
    """Answers that were prepared of a snapshot, a file each, read by whichever process serves it.

    :param directory: goes with the snapshot
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def _path(self, key: Key) -> Path:
        said = sha256(json.dumps([_program(), *key]).encode()).hexdigest()
        return self._directory / f"{today()}-{said[:32]}.json"

    def read(self, key: Key, kind: TypeAdapter[T]) -> T | None:
        """What was prepared today; ``None`` where nothing was."""
        try:
            return kind.validate_json(self._path(key).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            _log.warning("a prepared answer can't be read: %s", type(error).__name__)
            return None

    def write(self, key: Key, kind: TypeAdapter[T], found: T) -> None:
        """Keep an answer.

        :raises OSError: where the disk is full, or the snapshot is gone
        """
        self._directory.mkdir(exist_ok=True)
        write_durably(self._path(key), kind.dump_json(found).decode())

    def sweep(self) -> None:
        """Take away what was prepared on other days."""
        for path in self._directory.glob("*.json"):
            if not path.name.startswith(today()):
                path.unlink(missing_ok=True)


@cache
def _program() -> str:
    """What the program that computes is made of: what another version prepared is not its answer."""
    found = sha256()
    for package in ("graph", "ontology"):
        root = Path(str(files(package)))
        for path in sorted(one for one in root.rglob("*") if one.suffix in _MADE_OF):
            found.update(path.read_bytes())
    return found.hexdigest()
