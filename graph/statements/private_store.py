"""What is no statement and nobody else's business: a small SQLite file of the home, readable by its owner alone.

Statements are append-only files. What a member wants to be told of, and what she was told, changes and is forgotten again, and two
processes must not tell the same twice; that is what transactions are for.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.statements.home import Home, HomeError

_FILE = "notices.sqlite"
_WAIT = 30.0
"""Seconds that a writer waits for another."""
_SCHEMA = """
CREATE TABLE secret (value TEXT NOT NULL);
INSERT INTO secret VALUES (lower(hex(randomblob(32))));
CREATE TABLE watch (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, about TEXT NOT NULL, question TEXT NOT NULL, language TEXT NOT NULL,
    begun TEXT NOT NULL, stopped TEXT, publish INTEGER NOT NULL, load INTEGER NOT NULL, first_ten TEXT NOT NULL,
    trouble TEXT NOT NULL DEFAULT '', address TEXT NOT NULL DEFAULT '', UNIQUE (owner, about, question));
CREATE TABLE seen (
    watch TEXT NOT NULL REFERENCES watch (id) ON DELETE CASCADE, entity TEXT NOT NULL, PRIMARY KEY (watch, entity)) WITHOUT ROWID;
CREATE TABLE notice (
    id INTEGER PRIMARY KEY, watch TEXT NOT NULL REFERENCES watch (id) ON DELETE CASCADE, made TEXT NOT NULL, day TEXT NOT NULL,
    snapshot TEXT NOT NULL, publish INTEGER NOT NULL, news TEXT NOT NULL, read TEXT, UNIQUE (watch, publish));
CREATE TABLE address (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, address TEXT NOT NULL, language TEXT NOT NULL, asked TEXT NOT NULL, confirmed TEXT,
    UNIQUE (owner, address));
CREATE TABLE mail (
    id TEXT PRIMARY KEY, address TEXT NOT NULL REFERENCES address (id) ON DELETE CASCADE,
    notice INTEGER REFERENCES notice (id) ON DELETE CASCADE, state TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    due TEXT NOT NULL, error TEXT NOT NULL DEFAULT '', UNIQUE (address, notice));
PRAGMA user_version = 1;
"""
"""``watch.load`` is the last load that the snapshot of the last look was made of; ``mail.notice`` is null for a mail that asks whether the
address is hers."""


def store_path(home: Home) -> Path:
    """Where it lies; there is none before somebody asks to be told of something."""
    return home.path / _FILE


@contextmanager
def reading(home: Home) -> Iterator[sqlite3.Connection]:
    """A connection to read with.

    :raises HomeError: where it can't be read
    """
    with _opened(home) as con:
        yield con


@contextmanager
def writing(home: Home, overwriting: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection in one transaction: at the end all of it is on disk, after an error nothing.

    :param overwriting: bytes of what is deleted are overwritten, and not only left to be used again
    :raises HomeError: where it can't be written
    """
    with _opened(home) as con:
        if overwriting:
            con.execute("PRAGMA secure_delete = ON")
        con.execute("BEGIN IMMEDIATE")
        try:
            yield con
        except BaseException:
            con.execute("ROLLBACK")
            raise
        con.execute("COMMIT")


@contextmanager
def _opened(home: Home) -> Iterator[sqlite3.Connection]:
    path = store_path(home)
    try:
        # never with a mode that others read; what SQLite puts beside it has the mode of the file
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        con = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
    except (OSError, sqlite3.OperationalError) as error:
        raise HomeError(f"{path.name} can't be opened: {error}") from None
    try:
        con.row_factory = sqlite3.Row
        con.execute("PRAGMA foreign_keys = ON")
        if not _version(con):
            _make(con)
        yield con
    except sqlite3.OperationalError as error:
        raise HomeError(f"{path.name} can't be read or written: {error}") from None
    finally:
        con.close()


def _version(con: sqlite3.Connection) -> int:
    return int(con.execute("PRAGMA user_version").fetchone()[0])


def _make(con: sqlite3.Connection) -> None:
    con.execute("BEGIN IMMEDIATE")
    try:
        if not _version(con):  # another may have been first
            for statement in _SCHEMA.split(";\n"):
                con.execute(statement)
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")
