"""The Neo4j that Ketnoi runs itself: one a home, shared by all processes that use it, stopped by the last of them.

``HOME/neo4j/server.json`` names the current store and where its server is found. Renaming a new one over it is how a
store is switched, so every process sees the old store or the new one. Who holds a shared lock on ``HOME/neo4j/users``
is a user; the system frees the lock of a process that is killed, so users are never miscounted. What starts, stops or
switches does so under an exclusive lock on ``HOME/neo4j/lock``.
"""

from __future__ import annotations

import atexit
import fcntl
import logging
import os
import shutil
import threading
import time
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psutil

from graph.views import neo4j_process, neo4j_stores
from graph.views.neo4j_connection import Endpoint
from graph.views.neo4j_process import Neo4jError, Neo4jSettings
from graph.views.neo4j_record import Server, ServerFile

# How long a running server may take to answer when it is adopted or doubted, before it is started anew.
_PATIENCE = 10.0
_log = logging.getLogger(__name__)


class OwnNeo4j:
    """The Neo4j of one home, as one process uses it. Threads may share it; a forked child makes its own.

    Parameters: ``home`` is KETNOI_HOME; ``settings`` count when a server is started by this process.
    """

    def __init__(self, home: Path, settings: Neo4jSettings | None = None) -> None:
        self._root = home.resolve() / "neo4j"
        self._stores = self._root / "stores"
        self._file = ServerFile(self._root / "server.json")
        self._settings = settings or Neo4jSettings()
        self._thread = threading.RLock()
        self._user: IO[bytes] | None = None
        self._owned: dict[str, IO[bytes]] = {}
        self._seen: tuple[tuple[int, int], Server, psutil.Process] | None = None
        self._pid = os.getpid()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def endpoint(self, doubted: bool = False) -> Endpoint:
        """Where the server is, which is started when none runs. Cheap when nothing changed.

        Parameters: ``doubted`` when a connection has just failed: then the server must answer again soon or is started
        anew.
        Raises ``Neo4jError`` when it cannot be started, ``neo4j_jars.JarsError`` when its jars are missing or wrong.
        """
        with self._thread:
            if not doubted and (seen := self._unchanged()):
                return seen.endpoint
            with self._locked():
                if self._join():
                    self._sweep()
                server = self._file.read()
                return (self._adopted(server) or self._started(server)).endpoint

    def alive(self) -> bool:
        """Whether the current store's server runs and answers. Starts nothing and waits for nobody."""
        server = self._file.read()
        return bool(server and self._process(server.store, server.pid) and neo4j_process.speaks_bolt(server.port))

    def restart(self) -> Endpoint:
        """Stop the server, if it runs, and start it. Raises as ``endpoint`` does."""
        with self._thread, self._locked():
            self._join()
            self._stop()
            return self._started(self._file.read()).endpoint

    def has_room(self) -> bool:
        """Whether the disk has room for a transaction and for the next start."""
        try:
            return shutil.disk_usage(self._root).free >= self._settings.reserve
        except FileNotFoundError:
            return True

    def mend(self, endpoint: Endpoint) -> None:
        """Start a server anew whose database gave up, as after a full disk; nothing when somebody has done so already.

        Raises as ``endpoint`` does, and ``Neo4jError`` while the disk is full.
        """
        with self._thread, self._locked():
            self._join()
            server = self._file.read()
            if server and server.endpoint == endpoint:
                if not self.has_room():
                    raise Neo4jError("Neo4j gave up on a full disk and is started anew when there is room")
                self._stop(patience=1.0)
                self._started(server)

    def current_store(self) -> str | None:
        """The name of the store that is served, or nothing in a home that never had one."""
        server = self._file.read()
        return server.store if server else None

    def import_store(self, csv_dir: Path, array_delimiter: str = "\x1f") -> str:
        """Import files into a new store that is not served yet.

        Parameters: ``csv_dir`` holds ``nodes-*.csv`` and ``rels-*.csv``, comma-separated UTF-8, each with a header
        line of its own as neo4j-admin reads it (``:ID``, ``:LABEL``, ``:START_ID``, ``:END_ID``, ``:TYPE``,
        ``name:type``); ids are text; quoted fields may span lines. ``array_delimiter`` separates array elements and
        labels.
        Returns the store's name for ``start_beside`` and then ``switch``, or ``discard``, in this process; when the
        process dies before, the store is swept. Raises ``Neo4jError`` with the importer's report; then nothing is left.
        """
        with self._thread, self._locked():
            store = neo4j_stores.make(self._stores, neo4j_stores.new_name())
            owner = neo4j_stores.own(store)
            assert owner is not None, "a new store has no other owner: sweeping waits for the lock that is held here"
            self._owned[store.name] = owner
        try:
            neo4j_stores.import_csv(store, csv_dir.resolve(), array_delimiter, self._settings.heap_max)
        except BaseException:
            self.discard(store.name)
            raise
        return store.name

    def start_beside(self, store: str) -> Endpoint:
        """Start a second server on a store that this process imported; the current one goes on. Returns its endpoint.

        Raises ``Neo4jError`` when it cannot be started.
        """
        if store not in self._owned:
            raise Neo4jError(f"The store {store} was not made by this process: import it first")
        with self._locked():
            self._join()
        return self._start(self._stores / store).endpoint

    def switch(self, store: str, grace: float = 2.0) -> Endpoint:
        """Make a store the current one: the commit. Afterwards the old server is stopped and its store deleted.

        Parameters: ``store`` was started by ``start_beside``; ``grace`` is how long, in seconds, running queries may
        go on.
        Returns the new endpoint. Raises ``Neo4jError`` when the store has no living server; then nothing has changed.
        """
        with self._thread, self._locked():
            old = self.current_store()
            process = self._process(store) if store in self._owned else None
            port = neo4j_process.port(process) if process else None
            if process is None or port is None or not neo4j_process.speaks_bolt(port):
                raise Neo4jError(f"The store {store} has no server that answers: call start_beside first")
            server = Server(store, neo4j_stores.password(self._stores / store), process.pid, port)
            self._write(server, process)
            self._owned.pop(store).close()
        if old is not None and old != store:
            time.sleep(grace)
            neo4j_stores.remove(self._stores / old)
        return server.endpoint

    def discard(self, store: str) -> None:
        """Stop and delete a store that this process made and did not switch to."""
        with self._thread:
            owner = self._owned.pop(store, None)
        if owner is not None:
            neo4j_stores.remove(self._stores / store)
            owner.close()

    def sweep(self) -> list[str]:
        """Delete every store that is not current and that no living process is making; stop what runs on it.

        Returns their names.
        """
        with self._thread, self._locked():
            return self._sweep()

    def release(self) -> None:
        """Leave. The last user stops the server. May be called twice; ``endpoint`` joins again."""
        if self._pid != os.getpid():
            return  # a forked child's copy: the locks are its parent's
        for store in list(self._owned):
            self.discard(store)
        with self._thread:
            if self._user is None:
                return
            with self._locked(), self._user as user:
                self._user = self._seen = None
                atexit.unregister(self.release)
                try:
                    fcntl.flock(user, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    # Others use it. A child forked from here holds a copy of the open file, so closing would not do.
                    fcntl.flock(user, fcntl.LOCK_UN)
                else:
                    self._stop()

    # Below, whoever calls holds the home's lock, but for _unchanged, _process and _start.

    def _locked(self) -> AbstractContextManager[None]:
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)  # mkdir gives the mode to the last one only
        self._stores.mkdir(exist_ok=True)
        return neo4j_stores.locked(self._root / "lock")

    def _join(self) -> bool:
        """Become a user. Returns whether that is new."""
        if self._user is not None:
            return False
        user = (self._root / "users").open("ab")
        fcntl.flock(user, fcntl.LOCK_SH)
        self._user = user
        atexit.register(self.release)
        return True

    def _unchanged(self) -> Server | None:
        """The server as it was last seen, when its file is the same and its process lives."""
        if self._seen is None or self._seen[0] != self._file.stamp() or not neo4j_process.is_alive(self._seen[2]):
            return None
        return self._seen[1]

    def _write(self, server: Server, process: psutil.Process | None = None) -> None:
        self._file.write(server)
        self._seen = (self._file.stamp(), server, process) if process else None

    def _process(self, name: str, pid: int = 0) -> psutil.Process | None:
        """The living server on a store: the one with the number that was written down, else whichever is found."""
        store = self._stores / name
        found = (process.pid for process in neo4j_process.find(store))
        return next(filter(None, (neo4j_process.at(number, store) for number in chain((pid,), found))), None)

    def _adopted(self, server: Server | None) -> Server | None:
        """The running server, whoever started it, once it answers; one that does not answer is ended."""
        if server is None or (process := self._process(server.store, server.pid)) is None:
            return None
        try:
            # No port was written down: its starter was killed while it started.
            patience = _PATIENCE if server.port else self._settings.start_timeout
            port = neo4j_process.wait_for_bolt(process, self._stores / server.store, patience)
        except Neo4jError as error:
            _log.warning("A Neo4j that does not answer is started anew: %s", error)
            neo4j_process.stop(process, patience=1.0)
            return None
        adopted = replace(server, pid=process.pid, port=port)
        if adopted == server:
            self._seen = (self._file.stamp(), server, process)
        else:
            self._write(adopted, process)
        return adopted

    def _started(self, server: Server | None) -> Server:
        """A new server on the current store, or on an empty one in a new home."""
        if server is None or not (self._stores / server.store).is_dir():
            store = neo4j_stores.make(self._stores, neo4j_stores.new_name())
            server = Server(store.name, neo4j_stores.password(store))
        # Written before as well: whoever comes after a kill finds the store, and by it the process.
        self._write(replace(server, pid=0, port=0))
        return self._start(self._stores / server.store, current=True)

    def _start(self, store: Path, current: bool = False) -> Server:
        neo4j_stores.prepare(store)
        process = neo4j_process.spawn(store, self._settings)
        try:
            port = neo4j_process.wait_for_bolt(process, store, self._settings.start_timeout)
            server = Server(store.name, neo4j_stores.password(store), process.pid, port)
            if current:
                self._write(server, process)
        except BaseException:
            neo4j_process.stop(process, patience=1.0)
            raise
        return server

    def _stop(self, patience: float = 20.0) -> None:
        server = self._file.read()
        if server and (process := self._process(server.store, server.pid)):
            neo4j_process.stop(process, patience)

    def _sweep(self) -> list[str]:
        swept = []
        current = self.current_store()
        for store in list(self._stores.iterdir()):
            if store.name != current and store.is_dir() and (owner := neo4j_stores.own(store)):
                with owner:
                    neo4j_stores.remove(store)
                swept.append(store.name)
        return swept
