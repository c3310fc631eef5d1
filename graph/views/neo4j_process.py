"""Neo4j's Java processes: how one is configured, started, found again, asked whether it answers, and stopped.

A process is recognised by the store in its command line (``-Dketnoi.store=…``), so one that nobody remembers, because
its starter was killed, is found as well as any other.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from graph.views import neo4j_archive, neo4j_jars

SERVER = "org.neo4j.server.CommunityEntryPoint"
ADMIN = "org.neo4j.cli.AdminTool"
_MARK = "-Dketnoi.store="
_JAVA_OPTIONS = "KETNOI_NEO4J_JAVA_OPTIONS"
_PASSED_ON = ("HOME", "PATH", "TMPDIR", "TZ")  # JAVA_TOOL_OPTIONS, CLASSPATH and NEO4J_* would change what runs
_HELLO = bytes.fromhex("6060b017") + bytes.fromhex("00000405") + bytes(12)  # Bolt's magic and one proposed version

# Popen warns when it is forgotten while its child runs; a server outlives the object that started it.
_children: dict[int, subprocess.Popen[bytes]] = {}
_children_lock = threading.Lock()


class Neo4jError(Exception):
    """Neo4j could not be started, imported into or switched. The message ends with what its log says."""


@dataclass(frozen=True)
class Neo4jSettings:
    """What of Neo4j's configuration is ours to choose.

    Parameters: ``heap_initial``, ``heap_max``, ``page_cache`` and ``transaction_memory`` as Neo4j writes sizes;
    ``answer_memory`` likewise, for answers on their way: one value is written whole, in a buffer that is copied as it
    grows and that no time-out interrupts, so the size of it is what ends a list of a billion numbers;
    ``transaction_timeout`` is the longest that any transaction may take, in seconds; ``keep_alive`` is how often, in
    seconds, the server says that it still works on an answer (a driver that hears nothing for twice as long gives up);
    ``reserve`` is how many bytes of the disk are left free (a database that cannot write its log gives up altogether);
    ``start_timeout`` in seconds, long enough for the recovery of a large store; ``more`` are further settings by their
    names.
    """

    heap_initial: str = "512m"
    heap_max: str = "1g"
    page_cache: str = "256m"
    transaction_memory: str = "512m"
    answer_memory: str = "128m"
    transaction_timeout: int = 120
    keep_alive: int = 5
    start_timeout: float = 180.0
    reserve: int = 256 * 2**20
    more: Mapping[str, str] = field(default_factory=dict)

    def configuration(self) -> str:
        """The text of ``neo4j.conf``."""
        settings = {
            "server.default_listen_address": "127.0.0.1",
            "server.bolt.enabled": "true",
            "server.bolt.listen_address": "127.0.0.1:0",  # the system picks, so nobody can take it in between
            "server.http.enabled": "false",
            "server.https.enabled": "false",
            "dbms.usage_report.enabled": "false",
            "server.memory.heap.initial_size": self.heap_initial,
            "server.memory.heap.max_size": self.heap_max,
            "server.memory.pagecache.size": self.page_cache,
            "db.transaction.timeout": f"{self.transaction_timeout}s",
            "db.memory.transaction.max": self.transaction_memory,
            "dbms.security.allow_csv_import_from_file_urls": "false",
            "internal.dbms.cypher_ip_blocklist": "0.0.0.0/0,::/0",
            "db.logs.query.enabled": "OFF",
            "db.logs.query.parameter_logging_enabled": "false",
            # The statements are the truth: of the transaction log only what a recovery needs is kept.
            "db.tx_log.rotation.size": "16m",
            "db.tx_log.rotation.retention_policy": "keep_none",
            "db.tx_log.preallocate": "false",
            "server.bolt.connection_keep_alive": f"{self.keep_alive}s",
            "server.bolt.connection_keep_alive_probes": "2",
            "server.bolt.connection_keep_alive_streaming_scheduling_interval": f"{self.keep_alive}s",
            # With their defaults a stop takes 12 s, 11 of them waiting for nobody after the databases are closed.
            "internal.dbms.bolt.netty_server_shutdown_quiet_period": "0",
            "internal.dbms.bolt.netty_server_shutdown_timeout": "1",
            "internal.server.bolt.connection_shutdown_wait_time": "1s",
            "internal.server.bolt.thread_pool_shutdown_wait_time": "1s",
            **self.more,
        }
        return "".join(f"{name}={value}\n" for name, value in settings.items())


def environment(store: Path) -> dict[str, str]:
    """The environment of Neo4j's processes: nothing that changes Java, UTF-8 for names of files."""
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**passed, "LC_ALL": "C.UTF-8", "NEO4J_HOME": str(store), "NEO4J_CONF": str(store / "conf")}


def command(store: Path, main_class: str, *arguments: str, options: tuple[str, ...] = ()) -> list[str]:
    """The command line of one of Neo4j's programs on a store; what ``KETNOI_NEO4J_JAVA_OPTIONS`` says comes after ``options``.

    Raises ``neo4j_jars.JarsError`` when the jars are missing or not those of the lock.
    """
    opened = ("java.base/java.nio", "java.base/sun.nio.ch", "java.base/java.lang")
    return [
        str(neo4j_jars.java()),
        *options,
        *os.environ.get(_JAVA_OPTIONS, "").split(),
        _MARK + str(store),
        "-Dfile.encoding=UTF-8",
        "-Djava.net.preferIPv4Stack=true",
        "-XX:+UseG1GC",
        "-XX:+PerfDisableSharedMem",
        *(f"--add-opens={package}=ALL-UNNAMED" for package in opened),
        "-cp",
        neo4j_jars.classpath(),
        main_class,
        *arguments,
    ]


def spawn(store: Path, settings: Neo4jSettings, options: tuple[str, ...] | None = None) -> psutil.Process:
    """Start a server on a store; it goes on without us. Its output goes to ``logs/console.log`` in the store.

    Parameters: ``options`` for Java replace the shared archive of classes that makes the start quick.
    """
    (store / "conf").mkdir(exist_ok=True)
    configuration = store / "conf" / "neo4j.conf"
    if (
        not configuration.exists() or configuration.read_text("utf-8") != settings.configuration()
    ):  # the disk may be full
        configuration.write_text(settings.configuration(), "utf-8")
    (store / "logs").mkdir(exist_ok=True)
    memory = (
        f"-Xms{settings.heap_initial}",
        f"-Xmx{settings.heap_max}",
        f"-XX:MaxDirectMemorySize={settings.answer_memory}",
    )
    arguments = (f"--home-dir={store}", f"--config-dir={store / 'conf'}", "--console-mode")
    options = neo4j_archive.options() if options is None else options
    with (store / "logs" / "console.log").open("wb") as console:
        child = subprocess.Popen(
            command(store, SERVER, *arguments, options=(*memory, *options)),
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
            cwd=store,
            env=environment(store),
            start_new_session=True,  # a Ctrl-C meant for us does not reach it
        )
    with _children_lock:
        _children[child.pid] = child
    return psutil.Process(child.pid)


def is_alive(process: psutil.Process) -> bool:
    """Whether this very process (not another one with its number) still runs."""
    with _children_lock:
        if child := _children.get(process.pid):
            if child.poll() is None:
                return True
            del _children[process.pid]  # its end is taken note of, so it is no zombie
            return False
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def find(store: Path) -> Iterator[psutil.Process]:
    """All living processes on a store: its servers, and an import into it."""
    for process in psutil.process_iter():
        if belongs(process, store):
            yield process


def at(pid: int, store: Path, main_class: str = SERVER) -> psutil.Process | None:
    """The server with this number, when it lives and is one of ours on this store."""
    try:
        process = psutil.Process(pid)
        return process if belongs(process, store) and main_class in process.cmdline() else None
    except (psutil.Error, ValueError):
        return None


def belongs(process: psutil.Process, store: Path) -> bool:
    """Whether a process is ours and works on this store."""
    try:
        return process.uids().real == os.getuid() and _MARK + str(store) in process.cmdline() and is_alive(process)
    except psutil.Error:
        return False


def port(process: psutil.Process) -> int | None:
    """The loopback port that a server listens on, once it does."""
    try:
        listening = [c.laddr for c in process.net_connections("tcp") if c.status == psutil.CONN_LISTEN]
    except psutil.Error:
        return None
    return listening[0].port if listening else None


def speaks_bolt(number: int, host: str = "127.0.0.1", timeout: float = 1.0, hello: bool = True) -> bool:
    """Whether a Bolt server answers at a port: a handshake; without ``hello``, whether something listens."""
    try:
        with socket.create_connection((host, number), timeout) as connection:
            if hello:
                connection.sendall(_HELLO)
            return not hello or len(connection.recv(4)) == 4
    except OSError:
        return False


def wait_for_bolt(process: psutil.Process, store: Path, timeout: float) -> int:
    """Wait until a server answers. Returns its port.

    Raises ``Neo4jError`` with the end of its log when it ends or the time runs out.
    """
    deadline = time.monotonic() + timeout
    while is_alive(process):
        if (number := port(process)) and speaks_bolt(number):
            return number
        if time.monotonic() > deadline:
            raise Neo4jError(f"Neo4j did not answer within {timeout:.0f} s. Its log ends:\n{log_tail(store)}")
        time.sleep(0.1)
    raise Neo4jError(f"Neo4j ended while it started. Its log ends:\n{log_tail(store)}")


def stop(process: psutil.Process, patience: float = 20.0) -> None:
    """End a process: asked first, killed when it does not go within ``patience`` seconds."""
    for number, wait in ((signal.SIGTERM, patience), (signal.SIGKILL, 10.0)):
        deadline = time.monotonic() + wait
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            return
        while is_alive(process):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        else:
            return


def log_tail(store: Path, lines: int = 15) -> str:
    """The last lines that a server wrote to its console."""
    try:
        text = (store / "logs" / "console.log").read_text("utf-8", errors="replace")
    except OSError as error:
        return f"(no log: {error})"
    return "\n".join(text.splitlines()[-lines:])
